"""Which words of a line the article uses elsewhere, compiled: `line_echo` over hashes of words."""

from __future__ import annotations

from typing import Any

import numpy as np

from cleaner.compiled import inner, kernel
from cleaner.line_echo import AHEAD, ECHO
from cleaner.line_features import OWN, PROSE

Array = np.ndarray[Any, Any]
_CONTENT, _SHARED, _BEFORE, _AFTER, _REST, _START, _NEXT = (OWN.index(name) for name in ECHO)


@kernel
def _places(hashes: Array) -> Array:
    """For each word the place of its first occurrence."""
    content = len(hashes)
    size = 16
    while size < 4 * content:  # so wide that hardly two words look at one slot
        size *= 2
    mask = size - 1
    slots = np.full(size, -1, dtype=np.int32)
    place = np.empty(content, dtype=np.int32)
    for word in range(content):
        value = hashes[word]
        slot = (value ^ (value >> 29)) & mask
        first = slots[slot]
        first = word if first < 0 else first  # chosen, not asked: whether a word is there again cannot be guessed
        while hashes[first] != value:
            slot = (slot + 1) & mask
            first = slots[slot]
            first = word if first < 0 else first
        slots[slot] = first
        place[word] = first
    return place


@inner
def _share(part: int, whole: int) -> int:
    return part * 1000 // whole if whole else -1


@kernel
def echo(hashes: Array, borders: Array, table: Array) -> None:
    """Fill the columns `ECHO`. Line n has the words from `borders[n]` on, and in the column `content` their number."""
    total = len(borders) - 1
    content = len(hashes)
    place = _places(hashes)
    found = np.zeros((content, 3), dtype=np.int32)
    """Of each word: how many lines of prose have it, and the first and the last of these, counted from 1."""
    for n in range(total):
        if table[n, PROSE]:
            for word in range(borders[n], borders[n + 1]):
                at = place[word]
                lines, first, last = found[at, 0], found[at, 1], found[at, 2]
                found[at, 0] = lines + (last != n + 1)
                found[at, 1] = first if lines else n + 1
                found[at, 2] = n + 1
    steps = np.zeros((total + 2, 3), dtype=np.int64)
    for n in range(total):
        count, prose = table[n, _CONTENT], table[n, PROSE]
        shared, before, after = 0, 0, 0
        for word in range(borders[n], borders[n + 1]):
            at = place[word]
            lines, first, last = found[at, 0], found[at, 1], found[at, 2]
            shared += lines > prose
            above = (first > 0) & (first <= n)  # added without a branch, which would be guessed wrong too often
            below = last > n + 1
            before += above
            after += below
            steps[first, 0] += above
            steps[max(first, n - AHEAD), 1] += above
            steps[max(0, last - 1), 2] -= below
        steps[n + 1, 0] -= before
        steps[n + 1, 1] -= before
        steps[n, 2] += after
        table[n, _SHARED], table[n, _BEFORE] = _share(shared, count), _share(before, count)
        table[n, _AFTER] = _share(after, count)
    _running(steps, content, total, table)


@inner
def _running(steps: Array, content: int, total: int, table: Array) -> None:
    """Fill the columns that are counted over several lines, and cap the count of content words."""
    rest, ahead, start, passed, coming = 0, 0, 0, 0, 0
    for n in range(min(total, AHEAD)):
        coming += table[n, _CONTENT]
    for n in range(total):
        count = table[n, _CONTENT]
        rest += steps[n, 0]
        ahead += steps[n, 1]
        start += steps[n, 2]
        if n + AHEAD < total:
            coming += table[n + AHEAD, _CONTENT]
        table[n, _REST] = _share(rest, content - passed)
        table[n, _NEXT] = _share(ahead, coming)
        passed += count
        coming -= count
        table[n, _START] = _share(start, passed)
    for n in range(total):
        table[n, _CONTENT] = min(table[n, _CONTENT], 60)
