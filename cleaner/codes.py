"""The characters of a text as numbers of 16 bits: what kernels read."""

from __future__ import annotations

from functools import lru_cache
from sys import getsizeof
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
WIDE = 0xFFFF
"""Stands for every character beyond U+FFFE: no kernel asks more of these."""
PADDING = 64
"""Numbers behind the last one, so that kernels may look at many at once."""
_PADDED = "\0" * PADDING


def numbers(text: str) -> Array:
    """A number for each character. Behind the array lie PADDING numbers more, which are zero."""
    padded = text + _PADDED
    if getsizeof(padded) < 4 * len(padded):  # else one character may be beyond U+FFFF, and all are kept in four bytes
        data = padded.encode("utf-16-le", "surrogatepass")
        if len(data) == 2 * len(padded):
            return np.frombuffer(data, dtype=np.uint16)[:-PADDING]
    wide = np.frombuffer(padded.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    found = np.minimum(wide, WIDE).astype(np.uint16)[:-PADDING]
    found.flags.writeable = False  # as above, or kernels would be compiled once more for it
    return found


codes = lru_cache(maxsize=4)(numbers)
"""The same, kept for the next kernel that reads this text."""
