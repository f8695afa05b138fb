"""The columns of lines once more, compiled: the same whole numbers, at about a nanosecond a character.

`tests/test_classify.py` holds them equal to the plain ones on arbitrary text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from cleaner.codes import codes
from cleaner.compiled import inner, kernel
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
NO_KINDS = np.zeros((0, _KINDS), dtype=np.int64)


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


Before = tuple[Array, ...]
"""What is taken over of the text judged before: `Known` but for its characters."""


def nothing() -> Before:
    """That there is no text before."""
    none = np.zeros((3, 0), dtype=np.int64)
    rows = np.zeros((0, WIDTH), dtype=np.int32)
    return np.zeros(PADDING, dtype=np.uint8), none, rows, none[0].copy(), none.sum(axis=1)[:1]


def beside_of(text: str, copies: Array, unsure: bool, alien: bool) -> Beside:
    """How often each line is there, counted again where a kernel is unsure; and words of another alphabet, if it is."""
    lines = paragraphs(text).texts
    if unsure:
        often = Counter(lines)
        copies = np.array([often[line] for line in lines], dtype=np.int64)
    return Beside(copies, _kinds(lines) if alien else NO_KINDS)


def _kinds(lines: Sequence[str]) -> Array:
    """How many words of each kind lines in another alphabet have."""
    packed = map(packed_any, lines)
    found = [[one >> BITS * k & (1 << BITS) - 1 for k in range(_KINDS)] for one in packed]
    return np.array(found, dtype=np.int64).reshape(len(lines), _KINDS)


def own_table(text: str, words: Array) -> Array:
    """As `line_features.own`: the columns `OWN` of all lines, laid as `line_table_kernel` says."""
    characters = codes(text)
    *found, copies, unsure, alien = rows_of(characters, text.count("\n") + 1, SHOWN, SPACES, words, nothing())
    return table_of(Known(characters, *found), beside_of(text, copies, unsure, alien))


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


@inner
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
