"""The columns of lines once more, compiled: the same whole numbers, at about a nanosecond a character.

`tests/test_classify.py` holds them equal to the plain ones on arbitrary text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from cleaner.compiled import kernel
from cleaner.line_alone_kernel import PADDING, SHOWN, shapes, shown_as, speech
from cleaner.line_context import COLUMNS
from cleaner.line_echo_kernel import echo
from cleaner.line_features import BITS, OWN, PROSE, USUAL, WORDS, packed_any
from cleaner.line_marks_kernel import codes
from cleaner.line_words import KINDS

Array = np.ndarray[Any, Any]
_KINDS = len(KINDS)
_COPIES = OWN.index("copies")
_USUAL = np.array([(OWN.index(name), usual) for name, usual in USUAL.items()], dtype=np.int64)


def own_table(lines: Sequence[str], words: tuple[Array, Array]) -> Array:
    """As `line_features.own`, a row per line in an array with room for all columns of the first model.

    It is in Fortran order: what reads a column of many lines reads one stretch of memory.
    """
    text = codes("\n".join(lines))
    shown = np.empty((3, len(text) + PADDING), dtype=np.uint8)
    starts = np.zeros(len(lines) + 1, dtype=np.int64)
    foreign = shown_as(text, SHOWN, shown, starts)
    table = np.zeros((len(COLUMNS), len(lines)), dtype=np.int32).T
    alien = 5 * foreign > len(text)
    kind = np.zeros((len(lines) if alien else 0, _KINDS), dtype=np.int64)
    if alien:
        for n, line in enumerate(lines):
            packed = packed_any(line)
            kind[n] = [packed >> BITS * k & (1 << BITS) - 1 for k in range(_KINDS)]
    _fill(shown, starts, words[0], words[1], kind, table)
    copies = Counter(lines)
    table[:, _COPIES] = [min(copies[line], 8) for line in lines] if len(copies) < len(lines) else 1
    return table


@kernel
def _fill(shown: Array, starts: Array, slots: Array, values: Array, alien: Array, table: Array) -> None:
    """Fill the columns `OWN` but for the copies."""
    most = shown.shape[1] // 4 + 2
    hashes, owner = np.empty(most, dtype=np.int64), np.empty(most, dtype=np.int32)
    shapes(shown[0], shown[1], starts, table)
    content = speech(shown[2], starts, slots, values, alien, table, hashes, owner)
    for k in range(len(_USUAL)):
        _relate(table, _USUAL[k, 0], _USUAL[k, 1])
    echo(hashes[:content], owner[:content], table)


@kernel
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
