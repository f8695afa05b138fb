"""Which documents go and for which survivors, compiled: `cluster._decide` where no date, no record and no portion does.

It stops at a document about which something has to be read in plain Python.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from cleaner.compiled import borrower, inner
from cleaner.duplicates.finding import VERSIONS
from cleaner.duplicates.verify_kernel import NEAR, UNCLEAR, VERSION

Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.uint8]
Number = Any
SIMILAR = 4
"""Said of a pair, beside what `judge_pairs` says: so much is shared that nothing is read."""
SURVIVOR, SHARED, UNITED, DOCUMENT, PAIR = 0, 1, 2, 4, 5
"""Columns of what is found of a pair; PAIR is its number in what is said of pairs."""


@inner
def _similar(found: Integers, start: Number, end: Number, above: Number, below: Number, gone: Flags) -> Number:
    """The first survivor of a document that is similar; `end` if there is none."""
    for n in range(start, end):
        if not gone[found[n, SURVIVOR]] and found[n, SHARED] * below >= found[n, UNITED] * above:
            return n
    return end


@inner
def _compared(
    found: Integers, start: Number, end: Number, said: Integers, near: bool, version: bool, gone: Flags, out: Integers
) -> tuple[Number, bool]:
    """Write what is told of a document that was compared: how many rows, and whether it goes; -1 where it is unclear.

    One that goes has one row.
    """
    count = 0
    for n in range(start, end):
        if gone[found[n, SURVIVOR]]:
            continue
        relation = said[found[n, PAIR]]
        if relation == UNCLEAR:
            return -1, False
        if relation == NEAR and near:
            out[0, 0], out[0, 1] = n, NEAR
            return 1, True
        if relation == VERSION and version and count < VERSIONS:
            out[count, 0], out[count, 1] = n, VERSION
            count += 1
    return count, False


@borrower
def decide(
    found: Integers,
    start: Number,
    said: Integers,
    above: Number,
    below: Number,
    near: bool,
    version: bool,
    gone: Flags,
    out: Integers,
) -> tuple[Number, Number]:
    """Decide about documents from row `start` of `found` on; gives the row to go on at, and how many are in `out`.

    The rows of a document stand together, best survivor first. `above` / `below` is the Jaccard from which one is
    similar, `below` 0 where that is not asked; `near` and `version` tell whether these relations are. `gone` is told of
    each document that goes. `out` gets the row of a pair and what it is.
    """
    count = 0
    while start < found.shape[0]:
        document, end = found[start, DOCUMENT], start + 1
        while end < found.shape[0] and found[end, DOCUMENT] == document:
            end += 1
        first = _similar(found, start, end, above, below, gone) if below else end
        if first < end:
            out[count, 0], out[count, 1] = first, SIMILAR
            count += 1
            gone[document] = 1
        elif near or version:
            more, goes = _compared(found, start, end, said, near, version, gone, out[count:])
            if more < 0:
                return start, count
            count += more
            if goes:
                gone[document] = 1
        start = end
    return start, count
