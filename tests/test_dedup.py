"""One JSONL file without its duplicates: the same survivors as a run, and every line as it was."""

from __future__ import annotations

import json
from collections.abc import Sequence
from errno import ENOSPC
from pathlib import Path

import numpy as np
import pytest

from bench.synthetic import block
from cleaner import jsonl
from cleaner.config import Config
from cleaner.corpus import CorpusError
from cleaner.dedup import dedup
from cleaner.duplicates.sketch import Signatures, signatures
from cleaner.memory import pairs_held
from cleaner.packed import Room
from cleaner.publish import publish
from cleaner.run import run
from tests.conftest import Cleaner, tree
from tests.test_duplicates import STORY

ALIGNED = frozenset({"DUP001", "DUP002", "DUP003"})
LINES = [
    json.dumps({"id": "a", "text": STORY, "date": "2024-01-02"}),
    '{"text" : ' + json.dumps(STORY.upper()) + ', "id":"b" }',
    '{"id": "broken',
    json.dumps({"id": "c", "text": STORY.replace("12 million", "19 million"), "url": "https://example.com/c"}),
    json.dumps({"id": "a", "text": "Another text under an id that is taken."}),
    json.dumps({"text": "A text without an id."}),
    json.dumps({"id": 7, "text": STORY + " Share this."}),
    json.dumps({"id": "e", "text": ""}),
    '{"id": "half", "text": "a lone \\ud800 half"}',
    json.dumps({"id": "no text", "body": STORY}),
]


def written(folder: Path, lines: list[str], end: str = "\n") -> Path:
    source = folder / "in.jsonl"
    source.write_bytes("\n".join(lines).encode() + end.encode())
    return source


@pytest.mark.parametrize("end", ["\n", ""])
def test_lines_stay_as_they_were(tmp_path: Path, end: str) -> None:
    source, target = written(tmp_path, LINES, end), tmp_path / "out.jsonl"
    done = dedup(source, target, ALIGNED)
    kept = target.read_bytes().decode().splitlines()
    assert kept == [line for line in LINES if line in kept]
    assert len(kept) == len(LINES) - 2
    assert (done.documents, done.kept, done.unread) == (8, 6, 2)
    rows = [json.loads(line) for line in (tmp_path / "out.jsonl.duplicates.jsonl").read_text().splitlines()]
    assert {row["relation"] for row in rows} == {"near", "version"}, "the copy of a near copy is one itself"
    removed = {row["id"] for row in rows if row["relation"] != "version"}
    assert len(removed) == 2
    assert all(row["instead"] not in removed for row in rows)


def test_the_survivors_are_those_of_a_run(tmp_path: Path) -> None:
    lines = [line for line in LINES if "broken" not in line and "no text" not in line and '"text": ""' not in line]
    source = written(tmp_path, lines)
    dedup(source, tmp_path / "out.jsonl", ALIGNED)
    publish(run(source, Config(select=("DUP",))), tmp_path / "clean")
    ran = (tmp_path / "clean" / "in.jsonl").read_text().splitlines()
    assert sorted((tmp_path / "out.jsonl").read_text().splitlines()) == sorted(ran)


def test_what_cannot_be_done_is_said_and_nothing_is_written(tmp_path: Path, cleaner: Cleaner) -> None:
    source = written(tmp_path, LINES)
    (tmp_path / "empty.jsonl").touch()
    for one, other, words in (
        (source, source, "is the source itself"),
        (tmp_path / "empty.jsonl", tmp_path / "out.jsonl", "is empty"),
        (tmp_path / "missing.jsonl", tmp_path / "out.jsonl", "missing.jsonl"),
        (source, tmp_path / "nowhere" / "out.jsonl", "nowhere"),
    ):
        with pytest.raises(CorpusError, match=words):
            dedup(one, other, ALIGNED)
        assert cleaner("dedup", one, other).returncode == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["empty.jsonl", "in.jsonl"]


def test_the_command_says_what_it_did(tmp_path: Path, cleaner: Cleaner) -> None:
    written(tmp_path, LINES)
    said = cleaner("dedup", "in.jsonl", "out.jsonl")
    assert said.returncode == 0, said.stderr
    assert "8 documents: 6 kept; 2 near" in said.stdout
    assert "2 lines without a text copied as they are" in said.stdout


@pytest.mark.parametrize(
    ("source", "target", "said"),
    [
        ("b.duplicates.jsonl", "b", "is the source itself"),
        ("a.jsonl", "a.jsonl", "is the source itself"),
        ("a.jsonl", "folder", "folder: is no file"),
        ("a.jsonl", "other", "other.duplicates.jsonl: is no file"),
        ("a.jsonl", "no/where.jsonl", "no: no such folder"),
        ("folder", "out.jsonl", "folder: is a folder"),
        ("missing.jsonl", "out.jsonl", "missing.jsonl: no such file"),
    ],
)
def test_what_cannot_be_written_is_refused_first(
    source: str, target: str, said: str, cleaner: Cleaner, tmp_path: Path
) -> None:
    for name in ("a.jsonl", "b.duplicates.jsonl"):
        (tmp_path / name).write_text(json.dumps({"id": "a", "text": STORY}) + "\n")
    (tmp_path / "folder").mkdir()
    (tmp_path / "other.duplicates.jsonl").mkdir()
    before = tree(tmp_path)
    done = cleaner("dedup", source, target)
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1), done.stderr
    assert said in done.stderr
    assert tree(tmp_path) == before


def test_an_id_that_a_renamed_one_would_take_loses_no_document(tmp_path: Path) -> None:
    texts = {"x": STORY, "a@in.jsonl:4": "A text that stands once.", "a": "Another one that does."}
    lines = [json.dumps({"id": key, "text": text}) for key, text in texts.items()]
    source = written(tmp_path, [*lines, json.dumps({"id": "a", "text": STORY})])
    assert dedup(source, tmp_path / "out.jsonl", ALIGNED).kept == 3
    assert set(lines[1:]) < set((tmp_path / "out.jsonl").read_text().splitlines())


@pytest.mark.parametrize("codes", [ALIGNED, frozenset({"DUP001", "DUP005"})])
def test_what_is_held_decides_nothing(codes: frozenset[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = block(0, 200, mean=40).texts
    source = written(tmp_path, [json.dumps({"id": str(n), "text": text}) for n, text in enumerate(texts)])
    found = []
    for held, at_once in ((10**6, 1 << 22), (3, 20)):
        monkeypatch.setattr("cleaner.dedup.pairs_held", lambda *_, held=held: held)
        monkeypatch.setattr("cleaner.duplicates.met.MERGE", at_once)
        monkeypatch.setattr("cleaner.duplicates.met.AT_ONCE", at_once)
        monkeypatch.setattr("cleaner.duplicates.signed.BLOCK", at_once)
        dedup(source, tmp_path / "out.jsonl", codes)
        found.append([path.read_bytes() for path in sorted(tmp_path.glob("out.jsonl*"))])
    assert len(found[0][1].splitlines()) > 3
    assert found[0] == found[1]


@pytest.mark.parametrize(
    ("memory", "said"),
    [
        ("lots", "memory = 'lots': must be a size such as 500MB or 2GB"),
        ("100MB", "memory = '100MB': a run needs 460MB"),
        ("460MB", "memory = '460MB': 1,000,000 documents need 874MB"),
    ],
)
def test_memory_that_does_not_suffice_is_refused(memory: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        pairs_held(memory, 1_000_000)


def test_memory_is_a_setting_of_the_command(tmp_path: Path, cleaner: Cleaner) -> None:
    written(tmp_path, LINES)
    assert cleaner("dedup", "in.jsonl", "out.jsonl", "--memory", "500MB").returncode == 0
    done = cleaner("dedup", "in.jsonl", "other.jsonl", "--memory", "5MB")
    assert done.returncode == 2
    assert "memory = '5MB': a run needs" in done.stderr
    assert not (tmp_path / "other.jsonl").exists()


def test_a_full_disk_is_told_and_nothing_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = written(tmp_path, LINES)

    class Full:
        def __init__(self, **_: object) -> None:
            raise OSError(ENOSPC, "No space left on device")

    monkeypatch.setattr("cleaner.duplicates.signed.BLOCK", 2)
    monkeypatch.setattr("cleaner.duplicates.signed.HELD", 0)
    monkeypatch.setattr("cleaner.duplicates.signed.TemporaryFile", Full)
    with pytest.raises(CorpusError, match=r"cannot be written \(No space left"):
        dedup(source, tmp_path / "out.jsonl", ALIGNED)
    assert [path.name for path in tmp_path.iterdir()] == ["in.jsonl"]


def test_what_shares_a_mark_is_no_copy_for_that(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = written(tmp_path, LINES)
    told = dedup(source, tmp_path / "told.jsonl", ALIGNED)

    def alike(texts: Sequence[str], room: Room) -> Signatures:
        found = signatures(texts, room)
        return found._replace(marks=found.marks * np.uint64(0))

    monkeypatch.setattr(jsonl, "signatures", alike)
    assert dedup(source, tmp_path / "out.jsonl", ALIGNED) == told
    assert (tmp_path / "out.jsonl").read_bytes() == (tmp_path / "told.jsonl").read_bytes()


@pytest.mark.parametrize("piece", [1, 50, 700])
def test_lines_are_copied_in_pieces(piece: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = written(tmp_path, LINES)
    dedup(source, tmp_path / "told.jsonl", ALIGNED)
    monkeypatch.setattr(jsonl, "COPIED", piece)
    monkeypatch.setattr(jsonl, "AT_ONCE", piece)
    dedup(source, tmp_path / "out.jsonl", ALIGNED)
    assert (tmp_path / "out.jsonl").read_bytes() == (tmp_path / "told.jsonl").read_bytes()
