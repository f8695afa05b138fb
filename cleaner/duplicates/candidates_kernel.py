"""Pairs of documents that share a key, compiled: what `candidates` finds in groups, without an array for each step."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from cleaner.compiled import borrower, inlined
from cleaner.duplicates.likely_kernel import agreement

Keys = npt.NDArray[np.uint64]
Integers = npt.NDArray[np.int64]
Number = Any
_U = np.uint64
SPREAD = _U(0x9E3779B97F4A7C15)
"""2^64 by the golden ratio: the upper bits of products with it are spread evenly (Knuth, volume 3, section 6.4)."""
NEAR = 8
"""Places at which a pair may be remembered, beside each other: a line of the cache."""


@inlined
def _end_of_group(keys: Keys, bits: Number, start: Number) -> Number:
    """Where the keys end whose hash is that of the key at `start`."""
    end = start + 1
    while end < keys.size and keys[end] >> _U(bits) == keys[start] >> _U(bits):
        end += 1
    return end


@inlined
def _place(keys: Keys, places: Keys, bits: Number, n: Number) -> Number:
    """The place of the document whose key is the n-th."""
    return keys[n] & ((_U(1) << _U(bits)) - _U(1)) if bits else places[n]


@inlined
def _write(out: Keys, count: Number, one: Number, other: Number) -> None:
    """Write a pair of places as it is packed (ordinals.py)."""
    if out.shape[1] == 1:
        out[count, 0] = one << _U(32) | other
    else:
        out[count, 0] = one
        out[count, 1] = other


@inlined
def _slot(written: Keys, pair: Number) -> Number:
    """Where it is remembered of a pair how often it was written; another pair may be there.

    Were there one place for it alone, half of the pairs would take turns with another one, and be weighed again at
    every anchor.
    """
    near = (pair * SPREAD) >> _U(40) & _U(written.shape[0] - NEAR)
    for at in range(near, near + _U(NEAR)):
        if written[at] >> _U(1) == pair or not written[at]:
            return at
    return near + (pair & _U(NEAR - 1))


@borrower
def pair_groups(
    keys: Keys,
    places: Keys,
    bits: Number,
    start: Number,
    crowd: Number,
    stars: Number,
    marks: Keys,
    documents: Integers,
    tokens: Integers,
    least: Number,
    inside: bool,
    out: Keys,
) -> tuple[Number, Number]:
    """Write the pairs of each group of equal keys into `out` until it is full: how many, and where to go on.

    `keys`, `places` and `bits` are those of `candidates.Together`. Of a group of more than `crowd` each goes with the
    best `stars` and the next `stars`. Only pairs are written of which `least` values agree, or with `inside`
    as many as tell that half of one text is in the other. Nothing is written and `start` is given back where the first
    group has no room.
    """
    count = 0
    while start < keys.size:
        end = _end_of_group(keys, bits, start)
        size = end - start
        crowded = size > crowd
        if count + size * (2 * stars if crowded else size) > len(out):
            return count, start
        for n in range(start, end):
            one = _place(keys, places, bits, n)
            for m in range(n + 1, end):
                if crowded and n - start >= stars and m - n > stars:
                    break
                other = _place(keys, places, bits, m)
                agree = agreement(marks, documents[one], documents[other])
                both, fewer = tokens[one] + tokens[other], min(tokens[one], tokens[other])
                if agree >= least or (inside and 2 * agree * both >= (8 * marks.shape[1] + agree) * fewer):
                    _write(out, count, one, other)
                    count += 1
        start = end
    return count, start


@borrower
def pair_rare(
    keys: Keys,
    places: Keys,
    bits: Number,
    start: Number,
    rare: Number,
    tokens: Integers,
    longer: Number,
    shorter: Number,
    marks: Keys,
    documents: Integers,
    least: Integers,
    steps: Number,
    written: Keys,
    out: Keys,
) -> tuple[Number, Number]:
    """The same for groups of at most `rare`, and pairs whose lengths differ by more than `longer` to `shorter`.

    With `least`, which has for each quotient of lengths in `steps` how many values must agree, only those that may be
    alike: the twin of `likely.likely`. A pair that was written twice, as far as `written` remembers, is not written a
    third time: documents that are alike share dozens of anchors. It has pairs by a hash of them, below each a bit that
    tells whether it was written twice: a power of two of them from NEAR up to 2^24, or none, as it must where places
    have more than 31 bits.
    """
    count = 0
    while start < keys.size:
        end = _end_of_group(keys, bits, start)
        if end - start <= rare:
            if count + rare * rare > len(out):
                return count, start
            for n in range(start, end):
                one = _place(keys, places, bits, n)
                for m in range(n + 1, end):
                    other = _place(keys, places, bits, m)
                    few, many = min(tokens[one], tokens[other]), max(tokens[one], tokens[other])
                    if many * shorter <= few * longer:
                        continue
                    once, at, pair = False, _U(0), one << _U(32) | other
                    if written.size:
                        at = _slot(written, pair)
                        once = written[at] >> _U(1) == pair
                        if once and written[at] & _U(1):
                            continue
                    if least.size and not once:
                        quotient = min(many * steps // max(few, 1) - steps, least.size - 1)
                        if agreement(marks, documents[one], documents[other]) < least[quotient]:
                            continue
                    if written.size:
                        written[at] = pair << _U(1) | _U(once)
                    _write(out, count, one, other)
                    count += 1
        start = end
    return count, start
