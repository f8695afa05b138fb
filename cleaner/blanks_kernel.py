"""Blanks at the ends of lines, and empty lines, compiled: only the line feeds of a text are looked at."""

from __future__ import annotations

from typing import Any

import numpy as np

from cleaner.blanks import Blanks
from cleaner.codes import codes
from cleaner.compiled import borrower, inner
from cleaner.line_marks_kernel import KINDS, SPACE
from cleaner.words_of_bytes import lowest
from cleaner.words_of_codes import line_feeds

Array = np.ndarray[Any, Any]
_ONE = np.uint64(1)


@inner
def _is_blank(text: Array, at: int, kinds: Array) -> bool:
    """Whether a blank other than a line feed stands at a place."""
    return bool(at >= 0 and text[at] != 10 and kinds[text[at]] & SPACE)


@borrower
def _found(text: Array, kinds: Array) -> tuple[bool, bool, bool]:
    size = len(text)
    trailing = _is_blank(text, size - 1, kinds)
    outside = size > 0 and (text[0] == 10 or text[size - 1] == 10)
    several = False
    for start in range(0, size, 64):
        ends = line_feeds(text, start)
        while ends:
            at = start + lowest(ends)
            trailing |= _is_blank(text, at - 1, kinds)
            several |= at + 2 < size and text[at + 1] == 10 and text[at + 2] == 10
            ends &= ends - _ONE
    return trailing, outside, several


def found(text: str) -> Blanks:
    """As `blanks.blanks`."""
    return Blanks(*_found(codes(text), KINDS))
