"""Formats of corpus files: what goes in comes out, is proven, and comes back."""

from __future__ import annotations

import contextlib
import datetime as dt
import gzip
import json
import re
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.config import Config
from cleaner.corpus import CorpusError, read
from cleaner.formats import FormatError, shape, tables
from cleaner.formats.files import lines, write
from cleaner.proof import verify_run
from cleaner.publish import check_folders, publish
from cleaner.records import Fields
from cleaner.restore import undo_run
from cleaner.run import run
from tests.conftest import tree

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


NAMES = ["a.jsonl", "a.ndjson", "a.jsonl.gz", "a.ndjson.zst", "a.parquet"]
TABLES = ["a.csv", "a.tsv", "a.csv.gz"]
CELLS = [{**{key: str(value) for key, value in row.items()}, "note": 'a "b",\tc\n'} for row in ROWS]
COLUMNS = {"columns": list(CELLS[0])}


def test_names_say_the_format() -> None:
    known = {"a.jsonl.gz": "jsonl", "a.csv": "csv", "a.tab": "tsv", "x/y.md": "text", "a.b.ndjson.zst": "jsonl"}
    assert {name: found.format.name for name in known if (found := shape(name))} == known
    for name in ("a.txt.gz", ".jsonl", "a.zip", "a.gz", "a"):
        assert shape(name) is None, name


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


@pytest.mark.parametrize("to", ["jsonl", "jsonl.gz", "jsonl.zst", "parquet"])
def test_other_formats_can_be_asked_for(to: str, tmp_path: Path) -> None:
    written(tmp_path / "raw" / "a.jsonl.gz")
    turned = [{"tags": 1.50, "more": {"b": 1, "a": [None]}, **row} for row in ROWS]
    written(tmp_path / "raw" / "deep" / "b.jsonl", [*ROWS, *turned])
    for name in ("one.txt", "two.md"):
        (tmp_path / "raw" / name).write_text("He stood once morest the wall of Ulm, said the mayor.\n" + name)
    made(tmp_path / "raw", tmp_path / "clean", to=to, select=("SUB", "PUN"), max_dropped_share=1.0)
    assert texts(tmp_path / "clean" / f"a.{to}") == CLEANED
    assert texts(tmp_path / "clean" / "deep" / f"b.{to}") == CLEANED * 2
    assert rows_of(tmp_path / "clean" / "deep" / f"b.{to}")[3]["more"] == {"b": 1, "a": [None]}
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


@pytest.mark.parametrize("name", TABLES)
def test_a_table_comes_out_as_a_table_and_comes_back(name: str, tmp_path: Path) -> None:
    source = written(tmp_path / "raw" / name, CELLS, COLUMNS)
    made(tmp_path / "raw", tmp_path / "clean")
    assert texts(tmp_path / "clean" / name) == CLEANED
    for row, after in zip(CELLS, rows_of(tmp_path / "clean" / name), strict=True):
        assert {**after, "text": ""} == {**row, "text": ""}
    assert verify_run(tmp_path / "raw", tmp_path / "clean") == []
    undo_run(tmp_path / "clean", tmp_path / "undone")
    assert (tmp_path / "undone" / name).read_bytes() == source.read_bytes()


anything = st.text(st.characters(codec="utf-8"))


@given(st.data(), st.sampled_from([",", "\t"]), st.sampled_from(["\n", "\r\n"]))
def test_every_table_is_read_as_it_was_written(data: st.DataObject, delimiter: str, end: str) -> None:
    columns = data.draw(st.lists(anything, min_size=1, max_size=4, unique=True))
    rows = data.draw(st.lists(st.lists(anything, min_size=len(columns), max_size=len(columns)), max_size=5))
    head = {"columns": columns, "delimiter": delimiter, "end": end}
    file = BytesIO()
    tables.write(file, head, dumped([dict(zip(columns, row, strict=True)) for row in rows]))
    found: dict[str, Any] = {"delimiter": delimiter}
    again = tables.read(BytesIO(file.getvalue()), found)
    assert [list(json.loads(line).values()) for line in again] == rows
    assert found == head


@pytest.mark.parametrize(
    ("table", "reasons"),
    [
        ("text,n\none,1\ntwo\nthree,3\n", ["1 fields in the row at line 3, of 2 columns"]),
        ('text,n\n"one,1\ntwo,2\n', ["unexpected end of data, in the row that begins at line 2"]),
        ('text,n\n"one"x,1\ntwo,2\n', ["',' expected after '\"', in the row that begins at line 2"]),
        ('text,n\n"a\nb",1\n"c"d,2\ne,3\n', ["',' expected after '\"', in the row that begins at line 4"]),
        ("text,n\none,1\n\udcffo,2\n", ["not valid UTF-8 in the row at line 3"]),
    ],
)
def test_a_broken_row_is_told_and_the_next_ones_are_read(table: str, reasons: list[str], tmp_path: Path) -> None:
    data = table.encode("utf-8", "surrogateescape")
    (tmp_path / "a.csv").write_bytes(data)
    found = list(read(tmp_path, "a.csv"))
    assert [record.problem for record in found if record.problem] == reasons
    assert [record.text for record in found][-1] in ("two", "three", "e", "one", "")
    head: dict[str, Any] = {}
    file = BytesIO()
    tables.write(file, head, list(tables.read(BytesIO(data), head)))
    assert file.getvalue() == data


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("text,text\na,b\n", "two columns have the name 'text'"),
        ('"text,n\na,b\n', "its first line names no columns"),
        ("title,body_text\na,b\n", "no field 'text'; did you mean 'body_text'?"),
    ],
)
def test_what_is_no_table_stops_the_run(table: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "a.csv").write_text(table)
    with pytest.raises(CorpusError, match=re.escape(said)):
        made(tmp_path / "raw", tmp_path / "clean")


def test_quotes_that_never_close_cost_no_more_than_a_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cleaner.formats.tables.WASTED", 10_000)
    (tmp_path / "a.csv").write_text('text\n"x\n' + "y\n" * 20_000)
    found = list(read(tmp_path, "a.csv"))
    assert len(found) == 1
    assert "quotes were open too often" in found[0].problem


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz", "a.csv", "a.parquet"])
def test_what_the_rules_find_out_is_added_under_one_key(name: str, tmp_path: Path) -> None:
    page = "date 2024-03-21\nThe town of Ulm opened its bridge on Friday, said its mayor."
    rows = [{"id": "1", "text": page, "by": "é"}, {"id": "2", "text": "Nothing is wrong here.", "by": ""}]
    source = written(tmp_path / "raw" / name, rows, {"columns": list(rows[0])})
    made(tmp_path / "raw", tmp_path / "clean", metadata_key="found", ignore=("LNG",))
    after = rows_of(tmp_path / "clean" / name)
    assert "2024-03-21" in str(after[0]["found"])
    assert not after[1].get("found")
    assert verify_run(tmp_path / "raw", tmp_path / "clean") == []
    undo_run(tmp_path / "clean", tmp_path / "undone")
    assert rows_of(tmp_path / "undone" / name) == rows_of(source) == rows


def test_a_key_that_a_record_has_already_is_refused(tmp_path: Path) -> None:
    written(tmp_path / "raw" / "a.jsonl", [{"text": "The town of Ulm opened its bridge on Friday.", "found": 1}])
    with pytest.raises(CorpusError, match=r"a\.jsonl:1: has a field 'found' already; choose another --metadata-key"):
        made(tmp_path / "raw", tmp_path / "clean", metadata_key="found")


parquet = pytest.importorskip("cleaner.formats.parquet")
pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")
KINDS = {
    "i8": (pa.int8(), [1, None, -3]),
    "u64": (pa.uint64(), [1 << 63, 0, None]),
    "f32": (pa.float32(), [0.1, None, float("inf")]),
    "f16": (pa.float16(), [1.5, None, 2.0]),
    "day": (pa.date32(), [dt.date(2024, 3, 21), None, dt.date(1, 1, 1)]),
    "ns": (pa.timestamp("ns"), [1_700_000_000_123_456_789, None, 0]),
    "zoned": (pa.timestamp("us", "Europe/Berlin"), [1_700_000_000_123_456, None, 0]),
    "time": (pa.time64("us"), [dt.time(1, 2, 3, 4), None, dt.time()]),
    "span": (pa.duration("ms"), [1, None, -1]),
    "money": (pa.decimal128(12, 3), [Decimal("1.500"), None, Decimal("-0.001")]),
    "bytes": (pa.binary(), [b"\0\xff", None, b""]),
    "fixed": (pa.binary(2), [b"\0\xff", None, b"ab"]),
    "long": (pa.large_string(), ["a", None, ""]),
    "kind": (pa.dictionary(pa.int8(), pa.string()), ["a", None, "a"]),
    "list": (pa.list_(pa.timestamp("s")), [[0, None], None, []]),
    "deep": (pa.struct({"a": pa.list_(pa.binary()), "b": pa.decimal128(4, 1)}), [{"a": [b"x"], "b": None}, None, {"a": None, "b": Decimal("1.5")}]),
    "when": (pa.struct({"a": pa.timestamp("ms"), "b": pa.date32()}), [{"a": None, "b": None}, None, {"a": 0, "b": dt.date(2024, 1, 1)}]),
    "map": (pa.map_(pa.string(), pa.date32()), [[("a", dt.date(2024, 1, 1))], None, []]),
    "null": (pa.null(), [None, None, None]),
}  # fmt: skip


def test_parquet_keeps_every_type(tmp_path: Path) -> None:
    columns = {name: pa.array(values, kind) for name, (kind, values) in KINDS.items()}
    given = [row["text"] for row in ROWS]
    table = pa.table({"id": pa.array(["1", "2", "3"]), "text": pa.array(given), **columns})
    (tmp_path / "raw").mkdir()
    pq.write_table(table, tmp_path / "raw" / "a.parquet")
    source = pq.read_table(tmp_path / "raw" / "a.parquet")
    made(tmp_path / "raw", tmp_path / "clean")
    clean = pq.read_table(tmp_path / "clean" / "a.parquet")
    assert clean.schema.equals(source.schema, check_metadata=True)
    assert clean.column("text").to_pylist() == CLEANED
    assert clean.drop_columns("text").equals(source.drop_columns("text"))
    assert verify_run(tmp_path / "raw", tmp_path / "clean") == []
    undo_run(tmp_path / "clean", tmp_path / "undone")
    assert pq.read_table(tmp_path / "undone" / "a.parquet").equals(source)
    made(tmp_path / "raw", tmp_path / "lines", to="jsonl")
    assert rows_of(tmp_path / "lines" / "a.jsonl")[0]["day"] == "2024-03-21"


def test_a_column_that_would_not_come_back_is_refused(tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    column = pa.array([(1, 2, 3)], pa.month_day_nano_interval())
    with pa.OSFile(str(tmp_path / "raw" / "a.parquet"), "wb") as file, contextlib.suppress(pa.ArrowException):
        pq.write_table(pa.table({"text": ["a"], "t": pa.array([1], pa.int64())}), file)
    with pytest.raises(FormatError, match="'t' has the type"):
        parquet._outward(column, pa.field("t", column.type))


values = st.recursive(
    st.none() | st.booleans() | st.integers(-(1 << 80), 1 << 80) | st.floats(allow_nan=False) | anything,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(anything, inner, max_size=3),
    max_leaves=5,
)


@given(st.lists(st.dictionaries(st.sampled_from(["a", "b", "c", "é"]), values), max_size=6))
def test_any_records_can_be_written_as_parquet(rows: list[dict[str, Any]]) -> None:
    rows = [{"text": "", **row} for row in rows]
    file = BytesIO()
    parquet.write(file, {}, dumped(rows))
    assert [json.loads(line) for line in parquet.read(BytesIO(file.getvalue()), {})] == rows


def test_a_corrupt_parquet_file_is_quarantined(tmp_path: Path) -> None:
    source = written(tmp_path / "raw" / "a.parquet")
    (tmp_path / "raw" / "b.parquet").write_bytes(source.read_bytes()[:-30])
    data = bytearray((written(tmp_path / "raw" / "c.parquet")).read_bytes())
    data[4:40] = b"\xff" * 36
    (tmp_path / "raw" / "c.parquet").write_bytes(data)
    outcome = run(tmp_path / "raw", Config(), target=tmp_path / "clean")
    assert outcome.totals.status == {"kept": 3, "quarantined": 2}


IDS = ["1", "a b/c", "../../up", "A", "a", "é" * 300, "con:1", ".hidden", "x" * 300, "\0"]


def test_records_can_become_text_files(tmp_path: Path) -> None:
    rows = [{"id": key, "text": f"He stood once morest wall {n} of the town.", "n": n} for n, key in enumerate(IDS)]
    written(tmp_path / "raw" / "a.jsonl.gz", rows)
    (tmp_path / "raw" / "b.md").write_text("He stood once morest the wall.\n")
    settings = {"to": "txt", "select": ("SUB",), "max_dropped_share": 1.0}
    made(tmp_path / "raw", tmp_path / "clean", **settings)
    files = [path for path in (tmp_path / "clean").rglob("*.*") if ".cleaner" not in path.parts and path.is_file()]
    assert len({path.name.casefold() for path in files}) == len(IDS) + 1
    assert all("against" in path.read_text() for path in files)
    assert (tmp_path / "clean" / "a" / "1.txt").is_file()
    assert verify_run(tmp_path / "raw", tmp_path / "clean") == []
    made(tmp_path / "raw", tmp_path / "clean", **settings)
    undo_run(tmp_path / "clean", tmp_path / "undone", tmp_path / "raw")
    assert rows_of(tmp_path / "undone" / "a.jsonl.gz") == rows
    (tmp_path / "clean" / "a" / "1.txt").write_text("changed\n")
    assert verify_run(tmp_path / "raw", tmp_path / "clean")
    with pytest.raises(CorpusError, match="was changed since the last run"):
        made(tmp_path / "raw", tmp_path / "clean", **settings)


@pytest.mark.parametrize("to", ["", "jsonl", "jsonl.zst", "parquet", "txt"])
def test_a_second_run_knows_its_files_and_another_format_replaces_them(to: str, tmp_path: Path) -> None:
    written(tmp_path / "raw" / "a.csv", CELLS, COLUMNS)
    (tmp_path / "raw" / "b.txt").write_text("He stood once morest the wall of Ulm.\n")
    for _ in range(2):
        made(tmp_path / "raw", tmp_path / "clean", to=to)
    assert verify_run(tmp_path / "raw", tmp_path / "clean") == []
    made(tmp_path / "raw", tmp_path / "clean")
    assert sorted(tree(tmp_path / "clean").keys() & {"a.csv", "b.txt"}) == ["a.csv", "b.txt"]
    assert {name for name in tree(tmp_path / "clean") if not name.startswith(".cleaner")} == {"a.csv", "b.txt"}


@pytest.mark.parametrize("name", [*NAMES[2:], *TABLES])
def test_duplicates_are_taken_out_of_any_file_of_records(name: str, tmp_path: Path) -> None:
    from cleaner.dedup import dedup

    rows = [
        {**CELLS[n % 2], "story": f"The town of Ulm opened bridge {n % 2} on Friday.", "key": str(n)} for n in range(4)
    ]
    source = written(tmp_path / name, rows, {"columns": list(rows[0])})
    done = dedup(source, tmp_path / f"kept.{name}", frozenset({"DUP001"}), asked=Fields("story", "key"))
    assert (done.documents, done.kept) == (4, 2)
    assert rows_of(tmp_path / f"kept.{name}") == rows[:2]


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
