"""Texts with every letter and its accent in one character (NFC), many at once: nearly all are so as they are.

A text is in NFC if each of its characters is, if none of them is a mark that could stand in another order, and if none
can grow together with the one before it (Unicode Standard Annex 15, section 9). A kernel asks a table for that; a text
with any other character is asked about in plain Python.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

from cleaner.compiled import borrower
from cleaner.packed import Packed
from cleaner.segment import composed, composing
from cleaner.words_of_bytes import HIGH, load, point

Bytes = npt.NDArray[np.uint8]
Flags = npt.NDArray[np.bool_]
Integers = npt.NDArray[np.int64]

LATIN = 0x300
"""All characters before it are in NFC and grow together with none before them."""
LIMIT = 0x10000
"""The table ends here: about what lies behind it plain Python is asked, but for pictures."""
PICTURES = 0x1F300, 0x1FB00
"""Emoji and their like: none has a canonical decomposition."""


@cache
def unsettled() -> Flags:
    """For every character of the first plane whether a text that has it may not be in NFC."""
    table = np.zeros(LIMIT, np.bool_)
    table[list(map(ord, composing()))] = True
    return table


@borrower
def doubtful(data: Bytes, borders: Integers, table: Flags, out: Flags) -> None:
    """Write for each text whether plain Python must look: it has a character that the table does not settle."""
    for n in range(borders.size - 1):
        at, end = borders[n], borders[n + 1]
        found = False
        while at < end and not found:
            if not load(data, at) & HIGH:
                at += 8
                continue
            code, width = point(data, at)
            if code >= LATIN:
                found = table[code] if code < LIMIT else not PICTURES[0] <= code < PICTURES[1]
            at += width
        out[n] = found


def in_nfc(packed: Packed) -> tuple[Packed, Flags]:
    """Texts in NFC, and which of them are as they were."""
    unchanged = np.ones(len(packed), np.bool_)
    asked = np.empty(len(packed), np.bool_)
    doubtful(packed.data, packed.borders, unsettled(), asked)
    fresh: dict[int, bytes] = {}
    for n in np.flatnonzero(asked).tolist():
        text = packed[n]
        normal = composed(text)
        if normal is not text and normal != text:
            fresh[n] = normal.encode("utf-8")
            unchanged[n] = False
    return (packed.with_texts(fresh) if fresh else packed), unchanged
