"""Large corpora: cut into shards, staged on disk, by several processes, interrupted and taken up again."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest

from cleaner.config import Config
from cleaner.corpus import CorpusError, find_inputs
from cleaner.plan import cut
from cleaner.proof import verify_run
from cleaner.publish import publish
from cleaner.restore import undo_run
from cleaner.run import run
from cleaner.store import Folder, Memory
from cleaner.unpack import Sources
from tests.conftest import HERE, to_publish, tree

SHARD = 1 << 15
PLACES = ("bridge", "school", "harbour", "station", "museum", "market", "library", "theatre")


def article(number: int) -> str:
    """Different texts, some of which occur again in another place, with something to mend in each third."""
    pick = random.Random(number)
    sentences = []
    for _ in range(12):
        one, other = pick.sample(PLACES, 2)
        sentences.append(
            f"The {one} of town {pick.randrange(10**6)} was closed for {pick.randrange(2, 99)} days , and the {other} "
            f"stood {'once morest' if number % 3 == 0 else 'beside'} it."
        )
    return " ".join(sentences)


@pytest.fixture(scope="module")
def raw(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus of some 30 shards: a large file of records, small ones, and text files; copies and ids that recur."""
    folder = tmp_path_factory.mktemp("corpus") / "raw"
    (folder / "texts").mkdir(parents=True)
    numbers = [n % 180 for n in range(200)]
    lines = [json.dumps({"id": n % 150, "text": article(n), "n": 1.50}) for n in numbers]
    lines[7:7] = ["", "{broken"]
    (folder / "large.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / "small.jsonl").write_text(json.dumps({"text": article(3)}), encoding="utf-8")
    (folder / "empty.jsonl").write_bytes(b"\n")
    for n in range(60):
        (folder / "texts" / f"{n}.txt").write_text(article(170 + n) + "\n", encoding="utf-8")
    return folder


@pytest.fixture(autouse=True)
def small_shards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cleaner.run.SHARD", SHARD)


def made(raw: Path, clean: Path, workers: int = 1) -> dict[str, bytes]:
    """What a run puts into a folder; its work is no part of that."""
    publish(run(raw, Config(), target=clean, workers=workers), clean)
    return result(clean)


def result(clean: Path) -> dict[str, bytes]:
    return {name: data for name, data in tree(clean).items() if not name.startswith(".cleaner/work/")}


def test_pieces_are_whole_lines_in_order(raw: Path) -> None:
    inputs = find_inputs(raw)
    shards = cut(Sources(raw, Memory()), inputs.files, SHARD)
    assert len(shards) > 10
    for path in inputs.files:
        pieces = [piece for shard in shards for piece in shard if piece.path == path]
        data = (raw / path).read_bytes()
        assert [piece.start for piece in pieces[1:]] == [piece.stop for piece in pieces[:-1]]
        assert (pieces[0].start, pieces[-1].stop) == (0, len(data))
        assert all(data[piece.stop - 1 : piece.stop] == b"\n" for piece in pieces[:-1])


def test_appended_lines_move_no_cut(raw: Path, tmp_path: Path) -> None:
    data = (raw / "large.jsonl").read_bytes()
    (tmp_path / "large.jsonl").write_bytes(data + data[: 2 * SHARD])
    before, after = (cut(Sources(folder, Memory()), ["large.jsonl"], SHARD) for folder in (raw, tmp_path))
    assert after[: len(before) - 1] == before[:-1]


def test_shards_and_workers_change_no_byte(raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one = made(raw, tmp_path / "one")
    assert one == made(raw, tmp_path / "two", workers=2)
    assert verify_run(raw, tmp_path / "one") == []
    monkeypatch.setattr("cleaner.run.SHARD", 1 << 30)
    whole = to_publish(run(raw, Config()))
    assert whole == {name: data for name, data in one.items() if not name.startswith(".cleaner/")}


def test_the_raw_files_come_back(raw: Path, tmp_path: Path) -> None:
    made(raw, tmp_path / "clean")
    undo_run(tmp_path / "clean", tmp_path / "undone")
    before, after = tree(raw), tree(tmp_path / "undone")
    assert after.keys() == before.keys()
    for name, data in before.items():
        if name.endswith(".txt"):
            assert after[name] == data
        else:
            assert [line for line in data.splitlines() if line] == after[name].splitlines()


def test_a_flipped_byte_is_found_in_its_shard(raw: Path, tmp_path: Path) -> None:
    made(raw, clean := tmp_path / "clean")
    files = [path for path in sorted(clean.rglob("*")) if path.is_file() and "work" not in path.parts]
    for path in random.Random(1).sample([path for path in files if path.stat().st_size], 25):
        data = path.read_bytes()
        at = len(data) // 2
        path.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
        assert verify_run(raw, clean), path
        path.write_bytes(data)
    assert verify_run(raw, clean) == []


PROGRAM = (
    f"import cleaner.run, cleaner.cli\ncleaner.run.SHARD = {SHARD}\nif __name__ == '__main__': cleaner.cli.main()\n"
)


def started(path: Path, *args: object, program: str = PROGRAM) -> subprocess.Popen[bytes]:
    environment = os.environ | {"PYTHONPATH": str(HERE)}
    path.write_text(program)
    command = [sys.executable, str(path), *map(str, args)]
    return subprocess.Popen(
        command,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509  # else a suite in the background passes on that Ctrl-C is ignored
    )


def test_killed_at_any_moment_the_same_command_finishes(raw: Path, tmp_path: Path) -> None:
    expected = made(raw, tmp_path / "expected")
    args = ("run", raw, tmp_path / "clean", "--workers", "2")
    pick = random.Random(5)
    for _ in range(5):
        process = started(tmp_path / "program.py", *args)
        try:
            process.wait(pick.uniform(0.5, 2.5))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
    last = started(tmp_path / "program.py", *args)
    _, said = last.communicate()
    assert last.returncode == 0, said
    assert result(tmp_path / "clean") == expected


def count_tasks(monkeypatch: pytest.MonkeyPatch, task: str = "stage") -> list[str]:
    """The names of the boxes that a task fills from here on."""
    filled: list[str] = []
    box = Folder.box

    def counting(store: Folder, name: str) -> Any:
        filled.extend([name] if name.startswith(task) else [])
        return box(store, name)

    monkeypatch.setattr(Folder, "box", counting)
    return filled


def test_a_second_run_with_nothing_new_does_nothing(raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made(raw, clean := tmp_path / "clean")
    filled = count_tasks(monkeypatch)
    before = {path: path.stat().st_mtime_ns for path in clean.rglob("*") if path.is_file() and "work" not in path.parts}
    outcome = run(raw, Config(), target=clean)
    assert outcome.standing
    assert outcome.totals.documents == run(raw, Config()).totals.documents
    assert not publish(outcome, clean)
    assert {path: path.stat().st_mtime_ns for path in before} == before
    filled.clear()
    (clean / "texts" / "50.txt").unlink()
    assert made(raw, clean)["texts/50.txt"]
    assert filled == []


@pytest.mark.parametrize("change", ["a new file", "appended lines", "a removed file", "a changed file"])
def test_only_what_is_new_is_cleaned(change: str, raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copytree(raw, source := tmp_path / "raw")
    made(source, tmp_path / "clean")
    if change == "a new file":
        (source / "new.txt").write_text(article(5) + "\n")
    elif change == "appended lines":
        with (source / "large.jsonl").open("a") as file:
            file.write(json.dumps({"id": "late", "text": article(900)}) + "\n")
    elif change == "a removed file":
        (source / "texts" / "30.txt").unlink()
    else:
        (source / "texts" / "30.txt").write_text(article(31) + "\n")
    filled = count_tasks(monkeypatch)
    again = made(source, tmp_path / "clean")
    assert len(filled) <= 3
    assert again == made(source, tmp_path / "fresh")


def test_only_what_a_new_document_may_be_like_is_compared_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cleaner.portions.PORTION", 500)
    (source := tmp_path / "raw").mkdir()
    for n in range(60):
        (source / f"{n}.txt").write_text(article(n) + "\n")
        (source / f"{n}-again.txt").write_text(article(n).replace("days", "weeks", 1) + "\n")
    filled = count_tasks(monkeypatch, "compare")
    made(source, tmp_path / "clean")
    portions = len(filled)
    assert portions > 20
    filled.clear()
    (source / "zz.txt").write_text(article(15).replace("town", "city", 1) + "\n")
    again = made(source, tmp_path / "clean")
    assert 1 <= len(filled) <= portions // 5
    assert again == made(source, tmp_path / "fresh")


@pytest.mark.parametrize("journal", ["script", "counts"])
def test_a_smaller_journal_says_what_it_cannot_do(journal: str, raw: Path, tmp_path: Path) -> None:
    publish(run(raw, Config(journal=journal), target=tmp_path / "clean"), tmp_path / "clean")
    if journal == "counts":
        assert "nothing can be proven" in verify_run(raw, tmp_path / "clean")[0]
    else:
        assert verify_run(raw, tmp_path / "clean") == []
        undo_run(tmp_path / "clean", tmp_path / "undone", raw)
    with pytest.raises(CorpusError, match=journal):
        undo_run(tmp_path / "clean", tmp_path / "nothing")
    assert not (tmp_path / "nothing").exists()


def test_a_full_disk_publishes_nothing_and_the_run_goes_on_later(raw: Path, tmp_path: Path) -> None:
    expected = made(raw, tmp_path / "expected")
    limited = PROGRAM.replace(
        "if __name__", f"import resource\nresource.setrlimit(resource.RLIMIT_FSIZE, ({SHARD}, -1))\nif __name__"
    )
    full = started(tmp_path / "limited.py", "run", raw, tmp_path / "clean", program=limited)
    _, said = full.communicate()
    assert full.returncode == 2, said
    assert b"File too large" in said
    assert len(said.splitlines()) == 1
    assert result(tmp_path / "clean") == {}
    again = started(tmp_path / "program.py", "run", raw, tmp_path / "clean")
    again.communicate()
    assert result(tmp_path / "clean") == expected
