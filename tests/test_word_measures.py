"""The kernels measure words as plain Python does."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner import compiled
from cleaner.english_words import known_chunks, words
from cleaner.word_measures import again_plain, measured, plain

if not compiled.usable():
    pytest.skip("numba does not work here", allow_module_level=True)

from cleaner import word_table

TABLE = word_table.WordTable()
TEXTS = [
    json.loads(line)["text"] for line in Path(__file__).with_name("parity.jsonl").read_text("utf-8").split("\n") if line
]
PARTS = [
    "the",
    "of",
    "and",
    "Mr.",
    "don't",
    "x",
    "y",
    "...",
    "\u00a0",
    "\u3000",
    "\n",
    "  ",
    "他。",
    "12",
    "#",
    "\U0001f600",
    "é",
    ",",
    ".",
    "(",
    '"',
    "”",
    "'em",
    "cannot",
    "Calif.",
    "8)",
    "NATO.",
    "über.",
    "ab c",
    "a bc",
    "\ud800",
]
SIZES = (2, 5, 10)


def same(table: word_table.WordTable, text: str) -> None:
    assert table.measured(text) == plain(text)
    assert table.again(text, SIZES) == [again_plain(words(text), size) for size in SIZES]


@settings(deadline=None)  # the first call compiles
@given(
    st.one_of(
        st.text(),
        st.lists(st.sampled_from(PARTS), max_size=60).map(" ".join),
        st.lists(st.sampled_from(PARTS)).map("".join),
        st.text("aZé3.,:)(\"'’”“-–sS8 "),
    )
)
def test_kernels_measure_as_plain_python_does(text: str) -> None:
    same(TABLE, text)


def test_on_whole_texts() -> None:
    for text in TEXTS:
        same(TABLE, text)


@pytest.mark.parametrize(
    "around", ["", "(", ")", ".", ",", '"', '(")', "“.", "x", "1", "-", "-.", "'s", "’s,", "’", "«»"]
)
def test_every_character_and_every_known_chunk_beside_marks(around: str) -> None:
    """One chunk each: letters of every alphabet, digits, marks, and what the list cuts in its own way."""
    head, tail = around[:1], around[1:]
    chunks = [chr(code) for code in range(0x3010) if not chr(code).isspace()] + list(known_chunks())
    for part in (
        f"{head}{{}}{tail}",
        f"{head}{{}}",
        f"{{}}{head}",
        f"{head}a{{}}{head}",
        f"b{{}}{tail}",
        "{}-b",
        "3-{}",
    ):
        same(TABLE, " ".join(part.format(chunk) for chunk in chunks))


def test_a_full_table_starts_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(word_table, "MOST", 40)
    small = word_table.WordTable()
    assert [small.measured(text) for text in TEXTS] == [plain(text) for text in TEXTS]
    assert small.at.size < 2_000


def test_the_kernels_serve_where_there_is_much_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled, "on", lambda: True)
    assert measured("The mayor of the town, and the town.") == plain("The mayor of the town, and the town.")
