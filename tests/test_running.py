"""What may happen to a run: another run beside it, workers that die, no memory, no room, no right to write, Ctrl-C."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.loopback import processes, stat_of
from cleaner.corpus import CorpusError
from cleaner.lock import alone
from tests.conftest import Cleaner
from tests.test_corpora import PROGRAM, made, raw, result, small_shards, started

__all__ = ["raw", "small_shards"]

SLOW = "import cleaner.records, time\ntold = cleaner.records._members\ncleaner.records._members = {}\n"
"""What goes before the program to make reading a record slow or fatal, in every worker."""
SLEEPS = SLOW.format("lambda line: (time.sleep(0.02), told(line))[1]") + PROGRAM


@pytest.fixture(scope="module")
def expected(raw: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What an undisturbed run makes of the corpus."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("cleaner.run.SHARD", 1 << 15)
        return made(raw, tmp_path_factory.mktemp("expected") / "clean")


def children(parent: int) -> Iterator[int]:
    """The processes that a process started."""
    for pid in processes():
        if (fields := stat_of(pid)) and int(fields[1]) == parent and fields[0] != "Z":
            yield pid


def wait_for(what: object, seconds: float = 60) -> None:
    """Wait until something callable is true."""
    end = time.monotonic() + seconds
    while not what():  # type: ignore[operator]
        assert time.monotonic() < end
        time.sleep(0.02)


def finished(process: subprocess.Popen[bytes]) -> str:
    """What a process said on standard error, once it has ended well."""
    said = process.communicate(timeout=120)[1].decode()
    assert process.returncode == 0, said
    return said


def staged(clean: Path) -> list[Path]:
    return list((clean / ".cleaner" / "work").glob("stage-*[0-9a-f]"))


def test_a_second_run_into_one_folder_is_refused(cleaner: Cleaner, tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "a.txt").write_text("A line of text that stands here.\n")
    with alone(tmp_path / "clean"):
        done = cleaner("run", "raw", "clean")
        assert done.returncode == 2
        assert "another run is at work here (process" in done.stderr
        with pytest.raises(CorpusError, match=f"process {os.getpid()} on"), alone(tmp_path / "clean"):
            pass
        assert cleaner("run", "raw", "clean", "--dry-run").returncode == 0
    assert not (tmp_path / "clean").exists()
    assert cleaner("run", "raw", "clean").returncode == 0
    assert not (tmp_path / "clean" / ".cleaner" / "work").exists()


def test_the_lock_of_a_dead_run_is_nobodys(raw: Path, tmp_path: Path, expected: dict[str, bytes]) -> None:
    process = started(tmp_path / "slow.py", "run", raw, tmp_path / "clean", "--workers", "1", program=SLEEPS)
    lock = tmp_path / "clean" / ".cleaner" / "work" / "lock"
    wait_for(lambda: lock.is_file() and f"process {process.pid} on" in lock.read_text())
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    assert lock.is_file()
    finished(started(tmp_path / "program.py", "run", raw, tmp_path / "clean", "--workers", "1"))
    assert not lock.exists()
    assert result(tmp_path / "clean") == expected


def test_killed_workers_are_replaced(raw: Path, tmp_path: Path, expected: dict[str, bytes]) -> None:
    process = started(tmp_path / "slow.py", "run", raw, tmp_path / "clean", "--workers", "2", program=SLEEPS)
    pick = random.Random(2)
    for count in (1, 4, 8):
        wait_for(lambda count=count: len(staged(tmp_path / "clean")) >= count)
        os.kill(pick.choice(list(children(process.pid))), signal.SIGKILL)  # a worker, or the tracker of resources
    finished(process)
    assert result(tmp_path / "clean") == expected


@pytest.mark.parametrize(
    ("fate", "said"),
    [
        (
            "lambda line: os.kill(os.getpid(), 9) if parent_process() else told(line)",
            "worker processes are killed again and again",
        ),
        ("lambda line: [0] * (1 << 60) if parent_process() else told(line)", "not enough memory"),
    ],
)
def test_what_no_worker_survives_ends_the_run(
    fate: str, said: str, raw: Path, tmp_path: Path, expected: dict[str, bytes]
) -> None:
    program = "import os\nfrom multiprocessing import parent_process\n" + SLOW.format(fate) + PROGRAM
    process = started(tmp_path / "fatal.py", "run", raw, tmp_path / "clean", "--workers", "2", program=program)
    _, told = process.communicate(timeout=120)
    assert process.returncode == 2, told
    assert said in told.decode()
    assert "nothing was published" in told.decode()
    assert result(tmp_path / "clean") == {}
    finished(started(tmp_path / "program.py", "run", raw, tmp_path / "clean"))
    assert result(tmp_path / "clean") == expected


def test_an_interrupted_run_says_how_to_go_on(raw: Path, tmp_path: Path, expected: dict[str, bytes]) -> None:
    process = started(tmp_path / "slow.py", "run", raw, tmp_path / "clean", "--workers", "2", program=SLEEPS)
    wait_for(lambda: len(staged(tmp_path / "clean")) >= 3)
    workers = list(children(process.pid))
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does
    _, said = process.communicate(timeout=30)
    assert process.returncode == 130
    assert said.decode().strip() == "cleaner: interrupted; run the same command again to finish"
    wait_for(lambda: not any(Path(f"/proc/{worker}").exists() for worker in workers), 10)
    done = set(staged(tmp_path / "clean"))
    finished(started(tmp_path / "program.py", "run", raw, tmp_path / "clean"))
    assert done <= set(staged(tmp_path / "clean"))
    assert result(tmp_path / "clean") == expected


def test_no_right_to_write_is_said_and_mended(raw: Path, tmp_path: Path, expected: dict[str, bytes]) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may write anywhere")
    (work := tmp_path / "clean" / ".cleaner" / "work").mkdir(parents=True)
    work.chmod(0o500)
    process = started(tmp_path / "program.py", "run", raw, tmp_path / "clean")
    _, said = process.communicate(timeout=60)
    work.chmod(0o700)
    assert process.returncode == 2
    assert b"Permission denied" in said
    finished(started(tmp_path / "program.py", "run", raw, tmp_path / "clean"))
    assert result(tmp_path / "clean") == expected
