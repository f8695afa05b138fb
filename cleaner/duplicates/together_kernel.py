"""Documents that share what others have, compiled: those stand together that do, without all of them being sorted.

Most documents share a band with nobody. A table that has a place for each hash, more or less, tells which: only the
others are moved, each group of them at once.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from cleaner.compiled import borrower, inlined, inner
from cleaner.duplicates.candidates_kernel import SPREAD
from cleaner.duplicates.mix_kernel import mixed

Keys = npt.NDArray[np.uint64]
Words = npt.NDArray[np.uint32]
Number = Any
_U = np.uint64
_ALONE = np.uint32(0xFFFFFFFF)
"""Stands in the table where no two documents are."""


@inlined
def _at(key: Number, bits: Number) -> Number:
    """Where in the table the documents are that have the hash of a key."""
    return ((key >> bits) * SPREAD) >> (_U(64) - bits)


@inner
def _count(slots: Words, bits: Number, table: Words, keys: Keys) -> Number:
    """Write the keys of all documents, and into the table where those begin that are not alone; gives how many."""
    table[:] = 0
    for n in range(keys.size):
        value = _U(slots[0, n]) << _U(32)
        for k in range(1, slots.shape[0]):
            value = mixed(value ^ _U(slots[k, n]))
        keys[n] = value >> bits << bits | _U(n)
    for n in range(keys.size):
        table[_at(keys[n], bits)] += np.uint32(1)
    several = np.uint32(0)
    for at in range(table.size):
        many = table[at]
        table[at] = several if many > 1 else _ALONE
        several += many if many > 1 else np.uint32(0)
    return several


@borrower
def gather(slots: Words, bits: Number, table: Words, some: Keys, keys: Keys) -> Number:
    """Write the keys of `candidates.Together` whose hash several documents have; gives how many.

    Of a hash they stand together, in the order of documents. `slots` has a row for each slot and a column for each
    document, `table` has a place for each number of so many bits, `some` and `keys` one for each document.
    """
    bits = _U(bits)
    several = np.int64(_count(slots, bits, table, keys))
    for n in range(keys.size):
        at = _at(keys[n], bits)
        to = table[at]
        if to != _ALONE:
            some[to] = keys[n]
            table[at] = to + np.uint32(1)
    written: Number = 0
    start: Number = 0
    while start < several:
        end = np.int64(table[_at(some[start], bits)])
        while end - start > 1:
            key, begun, left = some[start], written, start
            for n in range(start, end):
                if some[n] >> bits == key >> bits:
                    keys[written] = some[n]
                    written += 1
                else:
                    some[left] = some[n]
                    left += 1
            if written == begun + 1:
                written = begun
            end = left
        start = np.int64(table[_at(some[start], bits)])
    return written
