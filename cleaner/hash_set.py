"""A set of 62-bit hashes, for kernels: open addressing in a power of two of slots, so that a look-up touches one place.

A free slot holds -1. Some slots must be free.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from cleaner.compiled import borrower

Array = np.ndarray[Any, Any]


@borrower
def has(slots: Array, value: int) -> bool:
    """Whether a hash is in the set."""
    mask = len(slots) - 1
    slot = (value ^ (value >> 29)) & mask
    while slots[slot] >= 0:
        if slots[slot] == value:
            return True
        slot = (slot + 1) & mask
    return False
