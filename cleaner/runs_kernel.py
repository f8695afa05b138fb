"""Runs of words that stand twice in a text, compiled.

Runs are told apart by 62-bit hashes. Two different runs with one hash would make two passages be compared that need not
be, or one pair fewer be found; among a million runs the odds are one in ten million.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from cleaner.compiled import kernel
from cleaner.runs import RUN

Array = np.ndarray[Any, Any]
_PRIME = 0x100000001B3
_SECOND = 0x2545F4914F6CDD1D & ((1 << 62) - 1)
_BASIS = 0x4BF29CE484222325 & ((1 << 62) - 1)
_MASK = (1 << 62) - 1
_OFTEN = -2


@kernel
def _words(text: Array, values: Array, lines: Array) -> int:
    """Fill in the hash and the line of every word."""
    count = 0
    line = 0
    at = 0
    size = len(text)
    while at < size:
        if text[at] == 10:
            line += 1
        if text[at] <= 32 and (text[at] == 32 or 9 <= text[at] <= 13):
            at += 1
            continue
        value = _BASIS
        while at < size and not (text[at] <= 32 and (text[at] == 32 or 9 <= text[at] <= 13)):
            byte = text[at]
            if 65 <= byte <= 90:
                byte |= 32
            value = ((value ^ byte) * _PRIME) & _MASK
            at += 1
        values[count] = value ^ (value >> 31)
        lines[count] = line
        count += 1
    return count


@kernel
def _repeated(values: Array, lines: Array, count: int, slots: Array, keys: Array, second: Array) -> int:
    """Note in `second` the word at which each run stands again; -1 is never, -2 more than once. Gives the repeats."""
    mask = len(slots) - 1
    repeats = 0
    for at in range(count - RUN + 1):
        if lines[at] != lines[at + RUN - 1]:
            continue
        key = 0
        for offset in range(RUN):
            key = ((key ^ values[at + offset]) * _SECOND) & _MASK
            key ^= key >> 29
        slot = key & mask
        while slots[slot] >= 0 and keys[slots[slot]] != key:
            slot = (slot + 1) & mask
        first = slots[slot]
        if first < 0:
            slots[slot] = at
            keys[at] = key
        else:
            repeats += 1
            second[first] = at if second[first] == -1 else _OFTEN
    return repeats


def shared_runs(data: bytes) -> list[tuple[int, int]]:
    """As `runs.shared_runs_plain`."""
    most = len(data) // 2 + 1
    values, lines = np.empty(most, dtype=np.int64), np.empty(most, dtype=np.int32)
    count = _words(np.frombuffer(data, dtype=np.uint8), values, lines)
    slots = np.full(1 << (2 * count).bit_length(), -1, dtype=np.int32)
    keys = np.empty(max(1, count), dtype=np.int64)
    second = np.full(max(1, count), -1, dtype=np.int32)
    if not _repeated(values, lines, count, slots, keys, second):
        return []
    first = np.flatnonzero(second >= 0)
    return list(zip(lines[first].tolist(), lines[second[first]].tolist(), strict=True))
