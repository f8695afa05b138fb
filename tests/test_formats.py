"""Formats of corpus files: what goes in comes out, is proven, and comes back."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from cleaner.config import Config
from cleaner.corpus import CorpusError, read
from cleaner.formats.files import lines, write
from cleaner.publish import check_folders, publish
from cleaner.restore import undo_run, verify_run
from cleaner.run import run

ROWS: list[dict[str, Any]] = [
    {"id": "one", "text": "He stood once morest the wall .", "n": 1.5, "tags": ["a", {"b": None}]},
    {"id": "two", "text": "Nothing is wrong.", "n": None, "tags": []},
    {"id": "three", "text": "Straße, 東京, \U0001f600.\nA second line.", "n": -3, "tags": None},
]
CLEANED = ["He stood against the wall.", *(row["text"] for row in ROWS[1:])]


def dumped(rows: list[dict[str, Any]]) -> list[bytes]:
    return [json.dumps(row, ensure_ascii=False).encode() for row in rows]


def written(path: Path, rows: list[dict[str, Any]] = ROWS, head: dict[str, Any] | None = None) -> Path:
    """A file of records in the format that its name says."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write(file, path.name, head or {}, dumped(rows))
    return path


def rows_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in lines(path, path.name, {}) if line]


def made(raw: Path, clean: Path, **settings: Any) -> None:
    """What `cleaner run` does."""
    check_folders(raw, clean)
    publish(run(raw, Config(**settings), target=clean), clean)


def texts(path: Path) -> list[str]:
    return [record.text for record in read(path.parent, path.name)]


NAMES = ["a.jsonl", "a.ndjson", "a.jsonl.gz", "a.ndjson.zst"]


@pytest.mark.parametrize("name", NAMES)
def test_a_file_comes_out_in_its_own_format_is_proven_and_comes_back(name: str, tmp_path: Path) -> None:
    source = written(tmp_path / "raw" / name)
    made(tmp_path / "raw", tmp_path / "clean")
    assert texts(tmp_path / "clean" / name) == CLEANED
    for row, after in zip(ROWS, rows_of(tmp_path / "clean" / name), strict=True):
        assert {**after, "text": ""} == {**row, "text": ""}
    assert verify_run(tmp_path / "raw", tmp_path / "clean") == []
    undo_run(tmp_path / "clean", tmp_path / "undone")
    assert rows_of(tmp_path / "undone" / name) == rows_of(source)
    before = (tmp_path / "clean" / name).read_bytes()
    made(tmp_path / "raw", tmp_path / "clean")
    assert (tmp_path / "clean" / name).read_bytes() == before


@pytest.mark.parametrize("name", NAMES)
def test_many_shards_change_nothing(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [{"id": n, "text": f"Town {n} stood once morest town {n + 1} ."} for n in range(300)]
    written(tmp_path / "raw" / name, rows)
    made(tmp_path / "raw", tmp_path / "one")
    monkeypatch.setattr("cleaner.run.SHARD", 2000)
    monkeypatch.setattr("cleaner.run.HELD", 0)
    made(tmp_path / "raw", tmp_path / "many")
    assert rows_of(tmp_path / "one" / name) == rows_of(tmp_path / "many" / name)
    assert verify_run(tmp_path / "raw", tmp_path / "many") == []
    undo_run(tmp_path / "many", tmp_path / "undone")
    assert rows_of(tmp_path / "undone" / name) == rows
    outcome = run(tmp_path / "raw", Config(), target=tmp_path / "many")
    assert outcome.standing


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_lines_in_another_encoding_come_back_in_it(encoding: str, tmp_path: Path) -> None:
    source = written(tmp_path / "raw" / "a.jsonl", head={"encoding": encoding})
    made(tmp_path / "raw", tmp_path / "clean")
    assert texts(tmp_path / "clean" / "a.jsonl") == CLEANED
    assert (tmp_path / "clean" / "a.jsonl").read_bytes().startswith(b"{")
    assert verify_run(tmp_path / "raw", tmp_path / "clean") == []
    undo_run(tmp_path / "clean", tmp_path / "undone")
    assert (tmp_path / "undone" / "a.jsonl").read_bytes() == source.read_bytes()


@pytest.mark.parametrize(
    ("fields", "asked", "text", "key"),
    [
        ({"text": "T", "id": "1"}, {}, "T", "1"),
        ({"content": "T", "doc_id": 7}, {}, "T", "7"),
        ({"body": "T", "url": "https://example.org/1"}, {}, "T", "https://example.org/1"),
        ({"text": "T"}, {}, "T", "a.jsonl:1"),
        ({"text": "T", "id": None}, {}, "T", "a.jsonl:1"),
        ({"text": "no", "story": "T", "key": "1", "id": "no"}, {"text_field": "story", "id_field": "key"}, "T", "1"),
    ],
)
def test_fields_are_found_or_chosen(
    fields: dict[str, Any], asked: dict[str, Any], text: str, key: str, tmp_path: Path
) -> None:
    path = written(tmp_path / "a.jsonl", [fields])
    (record,) = read(tmp_path, path.name, Config(**asked).fields())
    assert (record.text, record.id) == (text, key)


@pytest.mark.parametrize(
    ("fields", "asked", "said"),
    [
        ({"contents": "T"}, {}, "no field 'text'; did you mean 'contents'? Its fields are 'contents'"),
        ({"titel": "T"}, {"text_field": "title"}, "no field 'title'; did you mean 'titel'?"),
        ({"content": "T"}, {"text_field": "text"}, "no field 'text'; did you mean 'content'?"),
        ({"text": "T", "key": 1}, {"id_field": "kye"}, "no field 'kye'; did you mean 'key'?"),
        ({"text": "T"}, {"source_field": "site"}, "no field 'site'"),
        ({"text": 3}, {}, "no field 'text'"),
    ],
)
def test_a_field_that_is_not_there_stops_the_run_before_it_begins(
    fields: dict[str, Any], asked: dict[str, str], said: str, tmp_path: Path
) -> None:
    written(tmp_path / "raw" / "a.jsonl", [fields])
    with pytest.raises(CorpusError) as error:
        made(tmp_path / "raw", tmp_path / "clean", **asked)
    assert said in str(error.value)
    assert not (tmp_path / "clean").exists()


def test_the_source_field_says_where_a_document_is_from(tmp_path: Path) -> None:
    written(tmp_path / "a.jsonl", [{"text": "T", "paper": "Example Daily", "url": "https://example.org/1"}])
    (record,) = read(tmp_path, "a.jsonl", Config(source_field="paper").fields())
    assert record.source == "Example Daily"


@pytest.mark.parametrize("to", ["jsonl", "jsonl.gz", "jsonl.zst"])
def test_other_formats_can_be_asked_for(to: str, tmp_path: Path) -> None:
    written(tmp_path / "raw" / "a.jsonl.gz")
    written(tmp_path / "raw" / "deep" / "b.jsonl")
    for name in ("one.txt", "two.md"):
        (tmp_path / "raw" / name).write_text("He stood once morest the wall of Ulm, said the mayor.\n" + name)
    made(tmp_path / "raw", tmp_path / "clean", to=to, select=("SUB", "PUN"))
    assert texts(tmp_path / "clean" / f"a.{to}") == CLEANED
    assert texts(tmp_path / "clean" / "deep" / f"b.{to}") == CLEANED
    together = rows_of(tmp_path / "clean" / f"documents.{to}")
    assert [row["id"] for row in together] == ["one.txt", "two.md"]
    assert "against the wall of Ulm" in together[0]["text"]
    assert verify_run(tmp_path / "raw", tmp_path / "clean") == []
    with pytest.raises(CorpusError, match="--raw"):
        undo_run(tmp_path / "clean", tmp_path / "undone")
    undo_run(tmp_path / "clean", tmp_path / "undone", tmp_path / "raw")
    assert (tmp_path / "undone" / "one.txt").read_bytes() == (tmp_path / "raw" / "one.txt").read_bytes()
    assert rows_of(tmp_path / "undone" / "a.jsonl.gz") == ROWS


def test_two_files_that_would_be_one_are_refused(tmp_path: Path) -> None:
    written(tmp_path / "raw" / "a.jsonl")
    written(tmp_path / "raw" / "a.jsonl.gz")
    with pytest.raises(CorpusError, match=r"a\.jsonl and a\.jsonl\.gz would both be a\.jsonl\.zst"):
        made(tmp_path / "raw", tmp_path / "clean", to="jsonl.zst")


@pytest.mark.parametrize("name", [name for name in NAMES if name.endswith(("gz", "zst"))])
def test_a_file_that_was_cut_off_is_read_as_far_as_it_goes(name: str, tmp_path: Path) -> None:
    rows = [
        {"id": str(n), "text": f"Town {n} has {'and '.join(str(n * m * m % 9973) for m in range(60))}."}
        for n in range(1000)
    ]
    path = written(tmp_path / "raw" / name, rows)
    path.write_bytes(path.read_bytes()[:-20])
    written(tmp_path / "raw" / "b.jsonl", [{"id": "b", "text": "Something else altogether stands here."}])
    outcome = run(tmp_path / "raw", Config(select=("SUB",)), target=tmp_path / "clean")
    publish(outcome, tmp_path / "clean")
    assert outcome.totals.status["quarantined"] == 1
    assert outcome.totals.status["kept"] > 1
    reason = json.loads((tmp_path / "clean" / ".cleaner" / "quarantine.jsonl").read_text().splitlines()[0])["reason"]
    assert reason.startswith("cut off after ")
    assert verify_run(tmp_path / "raw", tmp_path / "clean") == []
    undo_run(tmp_path / "clean", tmp_path / "undone")
    found = [record for record in read(tmp_path / "undone", name) if not record.problem]
    assert [record.id for record in found] == [row["id"] for row in rows[: len(found)]]


@pytest.mark.parametrize("name", [name for name in NAMES if name.endswith(("gz", "zst"))])
def test_nothing_is_taken_of_a_file_whose_checksum_is_wrong(name: str, tmp_path: Path) -> None:
    path = written(tmp_path / "raw" / name, [{"id": str(n), "text": f"Town {n * n % 9973}."} for n in range(1500)])
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 255
    path.write_bytes(data)
    outcome = run(tmp_path / "raw", Config(), target=tmp_path / "clean")
    assert outcome.totals.status == {"quarantined": 1}
    publish(outcome, tmp_path / "clean")
    assert verify_run(tmp_path / "raw", tmp_path / "clean") == []


def test_what_is_no_compressed_file_is_quarantined(tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    for name in ("a.jsonl.gz", "b.jsonl.zst"):
        (tmp_path / "raw" / name).write_bytes(b"this was never compressed")
    outcome = run(tmp_path / "raw", Config(), target=tmp_path / "clean")
    assert outcome.totals.status == {"quarantined": 2}


def test_a_compressed_bomb_is_left_at_its_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cleaner.formats.packing.FREE", 1 << 20)
    bomb = b'{"text": "' + b" " * (64 << 20) + b'"}\n'
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(bomb * 2, 9))
    (record,) = read(tmp_path, "a.jsonl.gz")
    assert "times as large" in record.problem


def test_a_record_that_is_too_large_is_told_and_not_held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cleaner.formats.lines.LARGEST", 1000)
    rows = [{"text": "x" * 1001}, {"text": "short"}, {"text": "y" * 3_000_000}]
    written(tmp_path / "a.jsonl.gz", rows)
    assert [record.problem for record in read(tmp_path, "a.jsonl.gz")] == ["larger than 64 MB", "", "larger than 64 MB"]


def test_a_file_of_which_every_record_goes_comes_back(tmp_path: Path) -> None:
    raw, clean, back = tmp_path / "raw", tmp_path / "clean", tmp_path / "back"
    raw.mkdir()
    row = json.dumps({"id": "a", "text": "The council of the town voted on Monday to close the old bridge."}) + "\n"
    (raw / "a.jsonl").write_text(row)
    (raw / "b.jsonl.gz").write_bytes(gzip.compress(row.encode()))
    publish(run(raw, Config(), target=clean), clean)
    assert verify_run(raw, clean) == []
    undo_run(clean, back)
    assert gzip.decompress((back / "b.jsonl.gz").read_bytes()) == row.encode()
