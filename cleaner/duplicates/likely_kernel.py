"""Agreements of signatures, compiled: the twin of `likely.agreements_plain`."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from cleaner.compiled import inlined, kernel

Integers = npt.NDArray[np.int64]
Marks = npt.NDArray[np.uint64]
Number = Any
_U = np.uint64
_SEVEN = _U(0x7F7F7F7F7F7F7F7F)
_ONES = _U(0x0101010101010101)


@inlined
def agreement(marks: Marks, one: Number, other: Number) -> Number:
    """In how many bytes the marks of two documents agree, of 255 at most.

    Of the exclusive or of eight bytes, the highest bit of each becomes 0 where it is all 0, and 1 elsewhere.
    """
    lanes = _U(0)
    for k in range(marks.shape[1]):
        differ = marks[one, k] ^ marks[other, k]
        differ |= ((differ & _SEVEN) + _SEVEN) | _SEVEN
        lanes += (~differ) >> _U(7)
    return np.int64((lanes * _ONES) >> _U(56))


@kernel
def agreements(marks: Marks, left: Integers, right: Integers) -> Integers:
    """In how many bytes the marks of each pair agree."""
    found = np.empty(len(left), np.int64)
    for pair in range(len(left)):
        found[pair] = agreement(marks, left[pair], right[pair])
    return found
