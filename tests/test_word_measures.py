"""The kernels measure words as plain Python does."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner import compiled
from cleaner.word_measures import measured, plain

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
]


@settings(deadline=None)  # the first call compiles
@given(
    st.one_of(
        st.text(),
        st.lists(st.sampled_from(PARTS), max_size=60).map(" ".join),
        st.lists(st.sampled_from(PARTS)).map("".join),
    )
)
def test_kernels_measure_as_plain_python_does(text: str) -> None:
    assert TABLE.measured(text) == plain(text)


def test_on_whole_texts() -> None:
    assert [TABLE.measured(text) for text in TEXTS] == [plain(text) for text in TEXTS]


def test_a_full_table_starts_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(word_table, "MOST", 40)
    small = word_table.WordTable()
    assert [small.measured(text) for text in TEXTS] == [plain(text) for text in TEXTS]
    assert small.at.size < 2_000


def test_the_kernels_serve_where_there_is_much_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled, "on", lambda: True)
    assert measured("The mayor of the town, and the town.") == plain("The mayor of the town, and the town.")
