"""Where compiled code keeps the columns of lines: one stretch of memory each, with room beside it.

A neighbour's column is the same numbers some lines further down, so it is not written: it is read from there. What lies
beside the first and the last line says that no line is there.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from cleaner.compiled import inner, kernel
from cleaner.line_context import AROUND, HELD, LIES

Array = np.ndarray[Any, Any]
EDGE = max(AROUND)
"""So many lines that are none lie behind the last one; those before the first are behind the last of another column."""
AHEAD = 32
"""So many lines may be read at once, from any line on."""
_HELD, _SCORE = len(HELD), HELD.index("score")
_NO_LINE, _NO_SCORE = -1, 0
SMALLEST, LARGEST = 1 << 15, (1 << 15) - 1


@kernel
def blank(total: int) -> Array:
    """An array with a row for each of so many lines, and `EDGE` more, in Fortran order: its columns are `HELD`."""
    size = total + EDGE
    room = np.empty(EDGE + _HELD * size + AHEAD + EDGE, dtype=np.int32)
    room[:EDGE] = _NO_LINE
    table = room[EDGE : EDGE + _HELD * size].reshape((_HELD, size)).T
    table[total:] = _NO_LINE
    table[total:, _SCORE - 1] = _NO_SCORE
    table[total:, _SCORE] = _NO_SCORE
    return table


@kernel
def narrow(table: Array) -> Array:
    """The same columns in 16 bits: a number beyond these is the last one that fits."""
    size = len(table)
    room = np.empty(EDGE + _HELD * size + AHEAD + EDGE, dtype=np.int16)
    room[:EDGE] = _NO_LINE
    small = room[EDGE : EDGE + _HELD * size].reshape((_HELD, size)).T
    narrow_columns(table, small, 0, _SCORE)
    return small


@inner
def narrow_columns(table: Array, small: Array, first: int, end: int) -> None:
    """Fill in some columns of what `narrow` gives, which holds those of the first model."""
    for column in range(first, end):
        for n in range(len(table)):
            small[n, column] = max(-SMALLEST, min(LARGEST, table[n, column]))


def columns(table: Array, names: Sequence[str]) -> Array:
    """Columns of both models by name, a row per line: as the plain twins give them."""
    total = len(table) - EDGE
    flat = np.concatenate([np.full(EDGE, _NO_LINE), table.T.ravel()])
    starts = [EDGE + column * len(table) + down for column, down in map(LIES.__getitem__, names)]
    return np.stack([flat[start : start + total] for start in starts], axis=1)
