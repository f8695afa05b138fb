"""A writer of an index beside readers, and one that is killed at any point: all see the old or the new state, whole."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cleaner.duplicates import index_store
from cleaner.duplicates.index_store import DiskStore, write
from tests.conftest import HERE
from tests.test_index_store import entry, signatures, state

EACH = 20
"""Documents that one transaction adds; it replaces as many and removes one."""

WRITER = """
import sys
from pathlib import Path
from cleaner.duplicates import index_store
from tests.test_index_crash import put
index_store.IN_MEMORY = 30
for step in range(int(sys.argv[2]), 10**9):
    put(Path(sys.argv[1]), step)
    print(step, flush=True)
"""


def put(folder: Path, step: int) -> None:
    """One transaction: new documents, the last one's again with other texts, and one that goes."""
    with write(folder) as writer:
        for number in range(step - 1, step + 1):
            seeds = range(number * EACH, (number + 1) * EACH)
            versions = [n + (number < step) * 10**6 for n in seeds]
            writer.add([entry(f"d{n}", v) for n, v in zip(seeds, versions, strict=True)], signatures(*versions))
        writer.remove([f"d{(step - 1) * EACH}"])


def expected(step: int) -> dict[str, int]:
    """The documents after a transaction and the line of each, which tells its version."""
    return {
        f"d{n}": n + 1 + 10**6 * (n < step * EACH) for n in range((step + 1) * EACH) if n % EACH or n >= step * EACH
    }


def lines(folder: Path) -> dict[str, int]:
    return {name: found.line for name, (found, _) in state(folder).items()}


def begin(folder: Path) -> None:
    """An index as it is after transaction 0, which had nothing to replace."""
    with write(folder, fresh=True) as writer:
        writer.add([entry(f"d{n}", n) for n in range(EACH)], signatures(*range(EACH)))
    assert lines(folder) == expected(0)


def die_at(folder: Path, operation: int) -> None:
    """Transaction 1 by a process that kills itself before the n-th operation on a file of the index."""
    left = operation

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal left
        if (
            event.split(".", maxsplit=1)[0] in ("open", "os", "sqlite3")
            and arguments
            and str(folder) in str(arguments[0])
        ):
            left -= 1
            if left < 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)
    put(folder, 1)


def every_operation(folder: Path) -> None:
    """Let a child die before each operation in turn, until one lives to the end; run in a process without threads."""
    index_store.IN_MEMORY = 30
    for operation in range(100):
        begin(folder)
        child = os.fork()
        if not child:
            die_at(folder, operation)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        found = lines(folder)
        assert found in (expected(0), expected(1)), operation
        if status == 0:
            break
        assert os.WTERMSIG(status) == signal.SIGKILL, status
        put(folder, 1)  # after the new state too, since then nothing changes
        assert lines(folder) == expected(1)
        assert len(list(folder.iterdir())) == 1 + len(DiskStore(folder).segments), "nothing is left of the dead"
    assert found == expected(1)
    assert operation > 10


def test_killed_before_every_file_operation(tmp_path: Path) -> None:
    script = f"from pathlib import Path; from tests.test_index_crash import *; every_operation(Path({str(tmp_path / 'x')!r}))"
    done = subprocess.run([sys.executable, "-c", script], cwd=HERE, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_readers_beside_a_writer_see_whole_states(tmp_path: Path) -> None:
    folder = tmp_path / "x"
    begin(folder)
    command = [sys.executable, "-c", WRITER, str(folder), "1"]
    with subprocess.Popen(command, cwd=HERE, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout
        writer.stdout.readline()
        seen: list[int] = []
        while len(set(seen)) < 5:
            found = lines(folder)
            seen.append(max(int(name[1:]) for name in found) // EACH)
            assert found == expected(seen[-1])
        writer.kill()
    assert seen == sorted(seen)


def killed_at_random(folder: Path, times: int) -> None:
    """Kill a process that writes one transaction after the other; another one goes on where it was."""
    begin(folder)
    rng = random.Random(times)
    step = 0
    for _ in range(times):
        command = [sys.executable, "-c", WRITER, str(folder), str(step + 1)]
        with subprocess.Popen(command, cwd=HERE, stdout=subprocess.PIPE, text=True) as writer:
            assert writer.stdout
            told = int(writer.stdout.readline())
            time.sleep(rng.random() * 0.2)
            writer.kill()
            told = max([told, *map(int, writer.stdout.read().split())])
        found = lines(folder)
        step = told if found == expected(told) else told + 1
        assert found == expected(step)


def test_killed_at_random_points(tmp_path: Path) -> None:
    killed_at_random(tmp_path / "x", 5)


@pytest.mark.long
def test_killed_at_random_points_many_times(tmp_path: Path) -> None:
    killed_at_random(tmp_path / "x", 200)
