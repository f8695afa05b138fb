"""Whether two texts stand under different titles, compiled: `cluster._other_title` and `cluster._one_notice`."""

from __future__ import annotations

from cleaner.compiled import borrower, inner
from cleaner.duplicates.glue_kernel import NO, UNSURE, YES
from cleaner.duplicates.notices import NOTICE
from cleaner.duplicates.word_kernel import Hashes, Integers, Number

NOTICES = 2
"""Said of the titles of two texts: they are one short notice under two titles, and nobody's copy."""


@borrower
def other_title(facts: Integers, hashes: Hashes, starts: Integers, gone: Number, kept: Number) -> Number:
    """Whether a text that may go has another title than the survivor: less than half of it stands there.

    NOTICES where both have another title above the same few words, UNSURE where a text is not ordinary.
    """
    if not facts[gone, 0] or not facts[kept, 0]:
        return UNSURE
    if not _is_other_title(facts, hashes, starts, gone, kept):
        return NO
    body, other = starts[gone] + facts[gone, 1], starts[kept] + facts[kept, 1]
    size = starts[gone + 1] - body
    if not 0 < size <= NOTICE or size != starts[kept + 1] - other:
        return YES
    for n in range(size):
        if hashes[body + n] != hashes[other + n]:
            return YES
    return NOTICES if _is_other_title(facts, hashes, starts, kept, gone) else YES


@inner
def _is_other_title(facts: Integers, hashes: Hashes, starts: Integers, one: Number, other: Number) -> bool:
    """Whether less than half of the words of a title stand in the other text."""
    first, last = starts[one], starts[one] + facts[one, 1]
    different = found = 0
    for n in range(first, last):
        if 2 * found >= last - first or 2 * (found + last - n) < different:
            break  # the words that are left cannot tell otherwise
        again = False
        for m in range(first, n):
            again = again or hashes[m] == hashes[n]
        if again:
            continue
        different += 1
        there = starts[other] + n - first  # where the same title has it
        if there < starts[other + 1] and hashes[there] == hashes[n]:
            found += 1
            continue
        times = 0  # counted to the end, which takes less than to stop at the first
        for m in range(starts[other], starts[other + 1]):
            times += hashes[m] == hashes[n]
        found += times > 0
    return bool(2 * found < different)
