"""Pairs of documents that share a key, compiled: what `candidates` finds in groups, without an array for each step."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from cleaner.compiled import borrower
from cleaner.duplicates.likely_kernel import agreement

Keys = npt.NDArray[np.uint64]
Integers = npt.NDArray[np.int64]
Number = Any
_U = np.uint64


@borrower
def _end_of_group(keys: Keys, bits: Number, start: Number) -> Number:
    """Where the keys end whose hash is that of the key at `start`."""
    end = start + 1
    while end < keys.size and keys[end] >> _U(bits) == keys[start] >> _U(bits):
        end += 1
    return end


@borrower
def pair_groups(
    keys: Keys,
    bits: Number,
    start: Number,
    crowd: Number,
    stars: Number,
    marks: Keys,
    documents: Integers,
    tokens: Integers,
    least: Number,
    out: Keys,
) -> tuple[Number, Number]:
    """Write the pairs of each group of equal keys into `out` until it is full: how many, and where to go on.

    `keys` are sorted: a hash above, in the lowest `bits` the place of a document in `documents`. Of a group of more
    than `crowd` each goes with the best `stars` and the next `stars`. Only pairs are written of which `least` values
    agree, or as many as tell that half of one text is in the other.
    """
    mask = (_U(1) << _U(bits)) - _U(1)
    count = 0
    while start < keys.size:
        end = _end_of_group(keys, bits, start)
        size = end - start
        crowded = size > crowd
        if count + size * (2 * stars if crowded else size) > out.size:
            return count, start
        for n in range(start, end):
            one = keys[n] & mask
            for m in range(n + 1, end):
                if crowded and n - start >= stars and m - n > stars:
                    break
                other = keys[m] & mask
                agree = agreement(marks, documents[one], documents[other])
                both, fewer = tokens[one] + tokens[other], min(tokens[one], tokens[other])
                if agree >= least or 2 * agree * both >= (8 * marks.shape[1] + agree) * fewer:
                    out[count] = one << _U(32) | other
                    count += 1
        start = end
    return count, start


@borrower
def pair_rare(
    keys: Keys, bits: Number, start: Number, rare: Number, tokens: Integers, longer: Number, shorter: Number, out: Keys
) -> tuple[Number, Number]:
    """The same for groups of at most `rare`, and pairs whose lengths differ by more than `longer` to `shorter`."""
    mask = (_U(1) << _U(bits)) - _U(1)
    count = 0
    while start < keys.size:
        end = _end_of_group(keys, bits, start)
        if end - start <= rare:
            if count + rare * rare > out.size:
                return count, start
            for n in range(start, end):
                one = keys[n] & mask
                for m in range(n + 1, end):
                    other = keys[m] & mask
                    few, many = min(tokens[one], tokens[other]), max(tokens[one], tokens[other])
                    if many * shorter > few * longer:
                        out[count] = one << _U(32) | other
                        count += 1
        start = end
    return count, start
