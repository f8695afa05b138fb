"""Blanks at the ends of lines, and empty lines, compiled: only the line feeds of a text are looked at."""

from __future__ import annotations

from typing import Any

import numpy as np

from cleaner.blanks import Blanks
from cleaner.codes import BEHIND, written
from cleaner.compiled import borrower
from cleaner.words_of_bytes import lowest, standing

Array = np.ndarray[Any, Any]
_U = np.uint64


@borrower
def _is_blank(text: Array, at: int) -> bool:
    """Whether a blank other than a line feed ends before a place of UTF-8: whatever `str.isspace` takes for one."""
    last = text[at - 1] if at else 0
    if last < 128:
        return bool(last == 32 or 28 <= last <= 31 or (9 <= last <= 13 and last != 10))
    second, third = text[at - 2], text[at - 3] if at > 2 else 0
    if second == 0xC2:
        return bool(last == 0x85 or last == 0xA0)
    if second == 0x80:
        general = last <= 0x8A or last == 0xA8 or last == 0xA9 or last == 0xAF
        return bool((third == 0xE2 and general) or (third == 0xE3 and last == 0x80))
    return bool(
        (third == 0xE2 and second == 0x81 and last == 0x9F) or (third == 0xE1 and second == 0x9A and last == 0x80)
    )


@borrower
def _found(text: Array) -> tuple[bool, bool]:
    size = len(text) - BEHIND
    trailing = _is_blank(text, size)
    empty = size > 0 and (text[0] == 10 or text[size - 1] == 10)
    for start in range(0, size, 64):
        ends = standing(text, start, np.uint8(10))
        while ends:
            at = start + lowest(ends)
            trailing |= _is_blank(text, at)
            empty |= text[at + 1] == 10 and text[at + 2] == 10
            ends &= ends - _U(1)
    return trailing, empty


def found(text: str) -> Blanks:
    """As `blanks.blanks`."""
    return Blanks(*_found(written(text)))
