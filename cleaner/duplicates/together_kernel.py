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


FINER = 2
"""Bits more than places have that tell whether a hash is there twice."""


@inlined
def _at(key: Number, bits: Number, finer: Number) -> Number:
    """Where in the table the documents are that have the hash of a key, or in one that has more bits."""
    return ((key >> bits) * SPREAD) >> (_U(64) - bits - finer)


@inner
def _write_keys(slots: Words, bits: Number, keys: Keys) -> None:
    """Write the keys of all documents."""
    for n in range(keys.size):
        value = _U(slots[0, n]) << _U(32)
        for k in range(1, slots.shape[0]):
            value = mixed(value ^ _U(slots[k, n]))
        keys[n] = value >> bits << bits | _U(n)


@inner
def _leave_out(keys: Keys, bits: Number, seen: Keys) -> Number:
    """Leave out most keys whose hash no other document has; gives how many stay.

    Most documents share nothing, and bits tell so: they are in the cache where a table is not.
    """
    seen[:] = _U(0)
    for n in range(keys.size):
        place = _at(keys[n], bits, _U(FINER))
        bit = _U(1) << (place & _U(63))
        seen[place >> _U(6), 1] |= seen[place >> _U(6), 0] & bit
        seen[place >> _U(6), 0] |= bit
    stay: Number = 0
    for n in range(keys.size):
        place = _at(keys[n], bits, _U(FINER))
        keys[stay] = keys[n]
        stay += np.int64(seen[place >> _U(6), 1] >> (place & _U(63)) & _U(1))
    return stay


@inner
def _count(keys: Keys, bits: Number, table: Words) -> Number:
    """Write into the table where those begin that are not alone; gives how many they are."""
    table[:] = 0
    for n in range(keys.size):
        table[_at(keys[n], bits, _U(0))] += np.uint32(1)
    several = np.uint32(0)
    for at in range(table.size):
        many = table[at]
        table[at] = several if many > 1 else _ALONE
        several += many if many > 1 else np.uint32(0)
    return several


@borrower
def gather(slots: Words, bits: Number, seen: Keys, table: Words, some: Keys, keys: Keys) -> Number:
    """Write the keys of `candidates.Together` whose hash several documents have; gives how many.

    Of a hash they stand together, in the order of documents. `slots` has a row for each slot and a column for each
    document, `table` has a place for each number of so many bits, `some` and `keys` one for each document, `seen` two
    bits for each place of a table of `FINER` more bits.
    """
    bits = _U(bits)
    _write_keys(slots, bits, keys)
    stay = _leave_out(keys, bits, seen)
    several = np.int64(_count(keys[:stay], bits, table))
    for n in range(stay):
        at = _at(keys[n], bits, _U(0))
        to = table[at]
        if to != _ALONE:
            some[to] = keys[n]
            table[at] = to + np.uint32(1)
    written: Number = 0
    start: Number = 0
    while start < several:
        end = np.int64(table[_at(some[start], bits, _U(0))])
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
        start = np.int64(table[_at(some[start], bits, _U(0))])
    return written
