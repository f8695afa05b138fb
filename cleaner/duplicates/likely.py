"""Which candidate pairs can be alike at all, by their signatures: no text is brought for the others.

Two texts that share a sentence meet in some band by chance, and where thousands share it these are most of all pairs.
Of 128 slots two texts of Jaccard j agree in 128 j on average, so a pair with few agreements shares too little.
A pair that would be found goes with a probability below 1 in 10,000, which is less than what the bands miss.
"""

from __future__ import annotations

from functools import cache
from math import comb

import numpy as np
import numpy.typing as npt

from cleaner.compiled import on, usable
from cleaner.duplicates.bands import PERMUTATIONS
from cleaner.duplicates.signed import Marks

RISK = 10_000
"""Once in so many pairs that are just alike enough, one is left out."""
STEPS, LONGEST = 8, 20
"""Quotients of lengths are told in eighths, up to twenty to one."""
REPEATED = (3, 2)
"""A text has up to so many times fewer shingles than its tokens tell, as passages are repeated."""
AT_ONCE = 1 << 13
"""Pairs whose marks are brought beside each other at a time: few enough to stay in the cache."""
COMPILED = 1 << 18
"""Pairs from which on a kernel pays for its start."""

Integers = npt.NDArray[np.int64]


def likely(
    tokens: Integers, marks: Marks, documents: Integers, left: Integers, right: Integers
) -> npt.NDArray[np.bool_]:
    """For each pair of places in `documents` whether these may be alike; `tokens` are by places, `marks` by numbers."""
    one, other = tokens[left], tokens[right]
    quotient = np.maximum(one, other) * STEPS // np.maximum(np.minimum(one, other), 1)
    least = np.array(least_agreements(), np.int64)[np.minimum(quotient, STEPS * LONGEST) - STEPS]
    found: npt.NDArray[np.bool_] = agreements(marks, documents[left], documents[right]) >= least
    return found


def agreements(marks: Marks, left: Integers, right: Integers) -> Integers:
    """In how many slots the signatures of each pair agree, as far as their marks tell."""
    if not (on() or (len(left) >= COMPILED and usable())):
        return agreements_plain(marks, left, right)
    from cleaner.duplicates import likely_kernel

    return likely_kernel.agreements(marks, left, right)


def agreements_plain(marks: Marks, left: Integers, right: Integers) -> Integers:
    """The same by numpy."""
    found = np.empty(len(left), np.int64)
    slots = marks.view(np.uint8)
    for at in range(0, len(left), AT_ONCE):
        some = slice(at, at + AT_ONCE)
        found[some] = (slots[left[some]] == slots[right[some]]).sum(axis=1)
    return found


@cache
def least_agreements() -> tuple[int, ...]:
    """For each quotient of lengths, in eighths from one on, how many slots of two texts that are alike must agree.

    Alike means a Jaccard of one half, or four fifths of the shorter text in one `quotient` times as long: a Jaccard of
    .8 / (.2 + quotient), and less where texts repeat themselves.
    """
    return tuple(_least(*_similarity(eighths)) for eighths in range(STEPS, STEPS * LONGEST + 1))


def _similarity(eighths: int) -> tuple[int, int]:
    """The least Jaccard of two texts that are alike, as a fraction. The quotient stands for all up to the next."""
    more, of = REPEATED
    above, below = 8 * STEPS * of, 2 * STEPS * of + 10 * (eighths + 1) * more
    return (above, below) if 2 * above < below else (1, 2)


def _least(above: int, below: int) -> int:
    """The least number of agreements that is met or passed but once in RISK, of slots that agree above / below each."""
    total = 0
    for count in range(PERMUTATIONS):
        total += comb(PERMUTATIONS, count) * above**count * (below - above) ** (PERMUTATIONS - count)
        if total * RISK > below**PERMUTATIONS:
            return count
    return PERMUTATIONS
