"""The columns of lines once more, compiled: the same whole numbers, at about a nanosecond a character.

`tests/test_classify.py` holds them equal to the plain ones on arbitrary text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from cleaner.codes import codes
from cleaner.compiled import borrower, kernel
from cleaner.line_alone_kernel import PADDING, SHOWN
from cleaner.line_echo_kernel import echo
from cleaner.line_features import BITS, OWN, PROSE, USUAL, WORDS, packed_any
from cleaner.line_marks_kernel import KINDS as SPACES
from cleaner.line_rows_kernel import WIDTH, rows_of
from cleaner.line_speech_kernel import kinds_in
from cleaner.line_table_kernel import blank
from cleaner.line_words import KINDS
from cleaner.segment import paragraphs

Array = np.ndarray[Any, Any]
_KINDS = len(KINDS)
_COPIES = OWN.index("copies")
_OWN = len(OWN)
_USUAL = np.array([(OWN.index(name), usual) for name, usual in USUAL.items()], dtype=np.int64)
_NO_KINDS = np.zeros((0, _KINDS), dtype=np.int64)


class Known(NamedTuple):
    """The lines of a text that have a visible character, each by itself.

    `text` holds its characters, `shown` one byte for each. `bounds` says where a line starts and ends, and its number
    among all; `columns` holds `OWN`, as far as it comes from the line alone, and `LOST`; `hashes` those of content
    words, from `borders[n]` on of line n.
    """

    text: Array
    shown: Array
    bounds: Array
    columns: Array
    hashes: Array
    borders: Array


class Beside(NamedTuple):
    """What the columns take from elsewhere: how often each line is there, and words of other alphabets by kind."""

    copies: Array
    kinds: Array


def _nothing() -> Known:
    none = np.zeros((3, 0), dtype=np.int64)
    columns = np.zeros((0, WIDTH), dtype=np.int32)
    return Known(codes(""), np.zeros(PADDING, dtype=np.uint8), none, columns, none[0].copy(), none.sum(axis=1)[:1])


class _Last:
    """The text judged last, and the table of words that its rows were read with."""

    known: tuple[Array | None, Known] = None, _nothing()


def known_of(text: str, lines: int, words: Array) -> tuple[Known, Beside]:
    """Each by itself those of the lines of a text, so many, that have a visible character."""
    table, before = _Last.known
    if table is not words:
        before = _nothing()
    characters = codes(text)
    *found, copies, unsure, alien = rows_of(characters, lines, SHOWN, SPACES, words, tuple(before[1:]))
    known = Known(characters, *found)
    _Last.known = words, known
    if unsure:
        shown = paragraphs(text).texts
        often = Counter(shown)
        copies = np.array([often[line] for line in shown], dtype=np.int64)
    return known, Beside(copies, _kinds(paragraphs(text).texts) if alien else _NO_KINDS)


def _kinds(lines: Sequence[str]) -> Array:
    """How many words of each kind lines in another alphabet have."""
    packed = map(packed_any, lines)
    return np.array([[one >> BITS * k & (1 << BITS) - 1 for k in range(_KINDS)] for one in packed], dtype=np.int64)


def own_table(text: str, words: Array) -> Array:
    """As `line_features.own`: the columns `OWN` of all lines, laid as `line_table_kernel` says."""
    known, beside = known_of(text, text.count("\n") + 1, words)
    return table_of(known, beside)


@kernel
def table_of(known: Known, beside: Beside) -> Array:
    """The columns `OWN` of all lines, and room for the others."""
    total = len(known.columns)
    table = blank(total)
    for n in range(total):
        for k in range(_OWN):
            table[n, k] = known.columns[n, k]
        table[n, _COPIES] = min(beside.copies[n], 8)
    for n in range(len(beside.kinds)):
        kinds_in(beside.kinds[n], table[n])
    for k in range(len(_USUAL)):
        _relate(table[:total], _USUAL[k, 0], _USUAL[k, 1])
    echo(known.hashes, known.borders, table)
    return table


@borrower
def _relate(table: Array, column: int, usual: int) -> None:
    """As `line_features._relate`, for one column."""
    spoken = 0
    total = 0
    for n in range(len(table)):
        if table[n, PROSE]:
            spoken += table[n, WORDS]
            total += table[n, column] * table[n, WORDS]
    average = total // spoken if spoken else usual
    for n in range(len(table)):
        table[n, column] -= average
