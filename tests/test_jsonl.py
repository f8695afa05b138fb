"""A JSONL file read by kernels is the file read by `json`."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cleaner import jsonl
from cleaner.compiled import usable
from cleaner.duplicates import finding
from cleaner.duplicates.finding import prose_length, prose_lengths
from cleaner.duplicates.survivors import DEFAULT_POLICY
from cleaner.jsonl import Lines, parsed
from cleaner.packed import Packed
from tests.test_duplicates import STORY

pytestmark = pytest.mark.skipif(not usable(), reason="numba does not work here")

VALUE = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=12), st.lists(st.integers(), max_size=2)
)
MEMBERS = st.dictionaries(
    st.one_of(st.sampled_from(["id", "text", "date", "url", "idx", 'a"b']), st.text(max_size=4)), VALUE, max_size=6
)
TEXT = st.one_of(
    st.text(max_size=60),
    st.lists(st.sampled_from(["x" * 63, "word ", "\n", '"', "\\", "é", "\x1f"]), max_size=12).map("".join),
)
DOCUMENT = st.fixed_dictionaries({"id": st.text(max_size=12), "text": TEXT})
RECORD = st.builds(lambda document, more, escaped: (document | more, escaped), DOCUMENT, MEMBERS, st.booleans())
LINE = st.one_of(
    RECORD.map(lambda both: json.dumps(both[0], ensure_ascii=both[1]).encode("utf-8", "surrogatepass")),
    st.binary(max_size=30).map(lambda line: line.replace(b"\n", b"")),
    st.sampled_from(
        [
            rb'{"id": "a", "text": "b\u00e9\ud83d\ude00\n\t\"\\\/"}',
            rb'{"id": "a", "text": "half \ud83d"}',
            rb'{"id": "a", "text": "half \ude00\ud83d"}',
            rb'{"id": "a", "text": "b", "id": "c"}',
            rb'{"id": "a", "text": "b", "date": null, "date": "2024-01-02"}',
            rb'{"id": "a", "text": "b", "date": 2024}',
            rb'{"i\u0064": "a", "text": "b"}',
            rb'{"id": "\u0061", "text": "b"}',
            rb'{"id": "a", "text": "b", "n": 01}',
            rb'{"id": "a", "text": "b", "n": -1.5e+07, "m": NaN}',
            rb'{"id": "a", "text": "b", "n": -1.5e+07, "m": true, "o": {"p": []}}',
            b' {"id" : "a","text":\t"b"} \r',
            b'{"id": "a", "text": "b"} x',
            b'{"id": "a", "text": "b",}',
            b'{"id": "a", "text": "tab\t"}',
            b'{"id": "", "text": "b"}',
            b'{"text": "b"}',
            b"\xef\xbb\xbf" + b'{"id": "a", "text": "b"}',
            b'{"id": "a", "text": "\xff"}',
            b'{"id": "a", "text": "b"',
            b"{",
            b"",
            b"[]",
        ]
    ),
)


def told(data: bytes) -> list[tuple[object, ...]]:
    """What is read of some lines."""
    part = parsed(data, "name", 7)
    rows = []
    for n, row in enumerate(part.table.tolist()):
        start, end = row[jsonl.DATE], row[jsonl.DATE_END]
        date = data[start:end].decode() if start >= 0 else part.dates.get(n, "")
        place = (row[jsonl.LINE], row[jsonl.LINE_END], row[jsonl.PROSE], row[jsonl.NUMBER])
        rows.append((part.ids[n], date, part.texts[n], *place))
    return [*rows, (part.lines,)]


@settings(max_examples=500, deadline=None)
@given(st.lists(LINE, max_size=6), st.sampled_from([b"\n", b""]))
@example([b'{"id": "a", "text": "b"}'], b"")
@example([b"", b""], b"\n")
def test_lines_are_read_alike(lines: list[bytes], end: bytes) -> None:
    data = b"\n".join(lines) + end
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jsonl, "on", lambda: False)
        plain = told(data)
        patch.setattr(jsonl, "on", lambda: True)
        assert told(data) == plain


def test_more_lines_are_read_than_there_is_room_for_at_a_time() -> None:
    count = jsonl.LINES + 1
    part = parsed(b'{"id": "a", "text": "b"}\n\n' * count, "name", 0)
    assert part.lines == 2 * count
    assert list(part.texts) == ["b"] * count
    assert part.table[:, jsonl.NUMBER].tolist() == list(range(1, 2 * count, 2))


PROSE = st.lists(
    st.sampled_from(
        ["word", "Wörter", "a", "and so on it goes", ".", "...", "[...]", "”", "\u00a0", "中国人", "\n", "。", "़"]
    ),
    max_size=60,
).map(" ".join)


@settings(max_examples=300, deadline=None)
@given(st.lists(PROSE, max_size=4))
@example(["x " * 30 + "end.\u3000", "\u201cx\u201d " * 12 + "end.\u201d"])
def test_prose_is_measured_alike(texts: list[str]) -> None:
    plain = prose_lengths(texts)
    assert plain == [prose_length(text) for text in texts]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(finding, "on", lambda: True)
        assert prose_lengths(texts) == prose_lengths(Packed.of(texts)) == plain


IDS = [
    ["a", "b", "c"],
    ["a", "a", "a"],
    ["a", "a@in.jsonl:3", "a"],
    ["x", "a", "a@in.jsonl:2", "a", "x", "a@in.jsonl:2"],
]


@pytest.mark.parametrize("ids", IDS)
@pytest.mark.parametrize("compiled", [False, True])
def test_every_document_has_an_id_of_its_own(
    ids: list[str], compiled: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jsonl, "on", lambda: compiled)
    monkeypatch.setattr(jsonl, "AT_ONCE", 40)
    path = tmp_path / "in.jsonl"
    texts = [f"{STORY} {n}" for n in range(len(ids))]
    path.write_text("".join(json.dumps({"id": key, "text": text}) + "\n" for key, text in zip(ids, texts, strict=True)))
    with path.open("rb") as file:
        lines = Lines(file, "in.jsonl", tmp_path)
        keys = [entry.id for entry in lines]
        assert list(lines.texts(range(len(ids)))) == texts
        assert b"".join(lines.without([])) == path.read_bytes()
        kept = b"".join(lines.without([0, len(ids) - 1])).splitlines()
        ranked = lines.ranked()
    assert len(set(keys)) == len(ids)
    assert keys[0] == ids[0]
    assert len(kept) == len(ids) - 2
    assert [keys[n] for n in ranked] == sorted(keys)
    assert lines.signed.tokens.min() > 50


DATED = st.fixed_dictionaries(
    {
        "id": st.text(min_size=1, max_size=3),
        "text": st.sampled_from([STORY, "", "Short.", STORY * 2]),
        "date": st.sampled_from(["2024-01-02", "2023-01-02T10:00", "1999", "", None, "\u0662024-01-02"]),
    }
)


@settings(max_examples=100, deadline=None)
@given(st.lists(DATED, min_size=1, max_size=8), st.booleans())
def test_documents_are_ranked_as_by_the_policy(records: list[dict[str, str]], compiled: bool) -> None:
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        path = Path(folder) / "in.jsonl"
        path.write_text("".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records), "utf-8")
        patch.setattr(jsonl, "on", lambda: compiled)
        with path.open("rb") as file:
            lines = Lines(file, "in.jsonl", Path(folder))
            rank = DEFAULT_POLICY.order()
            assert lines.ranked() == sorted(range(len(lines)), key=lambda n: rank(lines[n]))
