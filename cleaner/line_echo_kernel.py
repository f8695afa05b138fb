"""Which words of a line the article uses elsewhere, compiled: `line_echo` over hashes of words."""

from __future__ import annotations

from typing import Any

import numpy as np

from cleaner.compiled import kernel
from cleaner.line_echo import AHEAD, ECHO
from cleaner.line_features import OWN, PROSE

Array = np.ndarray[Any, Any]
_CONTENT, _SHARED, _BEFORE, _AFTER, _REST, _START, _NEXT = (OWN.index(name) for name in ECHO)


@kernel
def _places(hashes: Array) -> Array:
    """For each word the place of its first occurrence."""
    content = len(hashes)
    size = 16
    while size < 2 * content:
        size *= 2
    mask = size - 1
    slots = np.full(size, -1, dtype=np.int32)
    place = np.empty(content, dtype=np.int32)
    for word in range(content):
        value = hashes[word]
        slot = (value ^ (value >> 29)) & mask
        while slots[slot] >= 0 and hashes[slots[slot]] != value:
            slot = (slot + 1) & mask
        if slots[slot] < 0:
            slots[slot] = word
        place[word] = slots[slot]
    return place


@kernel
def _share(part: int, whole: int) -> int:
    return part * 1000 // whole if whole else -1


@kernel
def echo(hashes: Array, borders: Array, table: Array) -> None:
    """Fill the columns `ECHO`. Line n has the words from `borders[n]` on, and in the column `content` their number."""
    total = len(table)
    content = len(hashes)
    place = _places(hashes)
    lines = np.zeros(content, dtype=np.int32)
    first = np.full(content, total, dtype=np.int32)
    last = np.full(content, -1, dtype=np.int32)
    for n in range(total):
        if table[n, PROSE]:
            for word in range(borders[n], borders[n + 1]):
                at = place[word]
                if last[at] != n:
                    lines[at] += 1
                    first[at] = min(first[at], n)
                    last[at] = n
    steps = np.zeros((total + 2, 3), dtype=np.int64)
    word = 0
    for n in range(total):
        count = table[n, _CONTENT]
        shared, before, after = 0, 0, 0
        for _ in range(count):
            at = place[word]
            shared += lines[at] > table[n, PROSE]
            if first[at] < n:
                before += 1
                steps[first[at] + 1, 0] += 1
                steps[n + 1, 0] -= 1
                steps[max(first[at] + 1, n - AHEAD), 1] += 1
                steps[n + 1, 1] -= 1
            if last[at] > n:
                after += 1
                steps[n, 2] += 1
                steps[last[at], 2] -= 1
            word += 1
        table[n, _SHARED], table[n, _BEFORE] = _share(shared, count), _share(before, count)
        table[n, _AFTER] = _share(after, count)
    _running(steps, content, table)


@kernel
def _running(steps: Array, content: int, table: Array) -> None:
    """Fill the columns that are counted over several lines, and cap the count of content words."""
    total = len(table)
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
