"""Where two long sequences of hashes differ, compiled: cut at runs that both have once, as `align.hunks` does it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from cleaner.compiled import borrower, inlined, inner
from cleaner.duplicates.align import MOST, RUN, WHOLE
from cleaner.duplicates.align_kernel import Bits, Hashes, Integers, Number, differences, slots

_U = np.uint64
_FACTOR = _U(0x9E3779B97F4A7C15)


class Cuts(NamedTuple):
    """Where the cuts are found: runs by their hashes and where they stand, and series of places that keep an order."""

    runs: Hashes
    places: Integers
    matched: Integers
    before: Integers
    tails: Integers
    ends: Integers
    some: Integers


def cuts(longest: int) -> Cuts:
    """Room to cut two sequences of up to so many words; none if they are aligned whole."""
    many = longest if longest > WHOLE else 1
    size = slots(many)
    matched, before, tails, ends = np.empty((4, many + 1), np.int64)
    return Cuts(
        np.empty(size, np.uint64),
        np.empty((size, 2), np.int64),
        matched,
        before,
        tails,
        ends,
        np.empty((2 * many + 2, 4), np.int64),
    )


@borrower
def hunks(left: Hashes, right: Hashes, bits: Bits, cuts: Cuts, out: Integers) -> Number:
    """Write the differences, a row (a, b, c, d) each, into `out`, neighbouring ones joined; gives their number."""
    if max(left.size, right.size) <= WHOLE:
        return differences(left, right, bits, out)
    count = at = to = 0
    for n in range(_anchors(left, right, cuts) + 1):
        anchor = cuts.before[n]
        a, c = (anchor, cuts.matched[anchor]) if anchor >= 0 else (left.size, right.size)
        if (a - at) * (c - to) > MOST:
            found = 1
            cuts.some[0, 0], cuts.some[0, 1], cuts.some[0, 2], cuts.some[0, 3] = 0, a - at, 0, c - to
        else:
            found = differences(left[at:a], right[to:c], bits, cuts.some)
        for h in range(found):
            first, second = cuts.some[h, 0] + at, cuts.some[h, 2] + to
            if not count or out[count - 1, 1] != first or out[count - 1, 3] != second:
                out[count, 0], out[count, 2] = first, second
                count += 1
            out[count - 1, 1], out[count - 1, 3] = cuts.some[h, 1] + at, cuts.some[h, 3] + to
        at, to = a, c
    return count


@inlined
def _run(sequence: Hashes, at: Number) -> Number:
    value: Number = _U(0)
    for n in range(at, at + RUN):
        value = (value ^ sequence[n]) * _FACTOR
        value ^= value >> _U(29)
    return value


@inlined
def _slot(cuts: Cuts, mask: np.uint64, value: Number) -> Number:
    """Where a run is in the table, or would be: there its place is -1."""
    at = (value >> _U(20)) & mask
    while cuts.places[at, 0] != -1 and cuts.runs[at] != value:
        at = (at + _U(1)) & mask
    return at


@inner
def _match(left: Hashes, right: Hashes, cuts: Cuts) -> None:
    """Write for each place of the left sequence where the right one has its run, -1 if not both have it once."""
    size = slots(max(left.size, right.size))
    mask = _U(size - 1)
    cuts.places[:size] = -1
    for n in range(left.size - RUN + 1):
        value = _run(left, n)
        at = _slot(cuts, mask, value)
        cuts.places[at, 0] = n if cuts.places[at, 0] == -1 else -2
        cuts.runs[at] = value
        cuts.matched[n] = -1
    for n in range(right.size - RUN + 1):
        value = _run(right, n)
        at = _slot(cuts, mask, value)
        if cuts.places[at, 0] >= 0:
            cuts.places[at, 1] = n if cuts.places[at, 1] == -1 else -2
    for at in range(size):
        if cuts.places[at, 0] >= 0 and cuts.places[at, 1] >= 0:
            cuts.matched[cuts.places[at, 0]] = cuts.places[at, 1]


@inner
def _anchors(left: Hashes, right: Hashes, cuts: Cuts) -> Number:
    """The longest series of runs that keeps its order (patience sorting): its places of the left sequence, then -1.

    They come into `before`; gives how many there are.
    """
    _match(left, right, cuts)
    size = 0
    for n in range(left.size - RUN + 1):
        place = cuts.matched[n]
        if place < 0:
            continue
        low, high = 0, size
        while low < high:
            middle = (low + high) // 2
            if cuts.tails[middle] < place:
                low = middle + 1
            else:
                high = middle
        cuts.before[n] = cuts.ends[low - 1] if low else -1
        cuts.tails[low], cuts.ends[low] = place, n
        size = max(size, low + 1)
    at = cuts.ends[size - 1] if size else -1
    for n in range(size - 1, -1, -1):
        cuts.tails[n] = at
        at = cuts.before[at]
    for n in range(size):
        cuts.before[n] = cuts.tails[n]
    cuts.before[size] = -1
    return size
