"""Runs of words that stand twice in a text, compiled.

Runs are told apart by 64-bit hashes. Two different runs with one hash would make two passages be compared that need not
be, or one pair fewer be found; among a million runs the odds are one in forty million.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from cleaner.compiled import kernel
from cleaner.runs import RUN
from cleaner.words_of_bytes import PADDING, below, first, load, token_bytes

Array = np.ndarray[Any, Any]
_U = np.uint64
_A, _B, _P = _U(0xFF51AFD7ED558CCD), _U(0xC4CEB9FE1A85EC53), 0x9E3779B97F4A7C15
_POWERS = np.array([pow(_P, power, 1 << 64) for power in range(RUN)], dtype=np.uint64)


@kernel
def _is_blank(byte: int) -> bool:
    return byte == 32 or 9 <= byte <= 13


@kernel
def _words(text: Array, values: Array, lines: Array) -> int:
    """Fill in the hash and the line of every word of a text, which PADDING follows."""
    count = 0
    line = 0
    at = 0
    size = len(text) - PADDING
    while at < size:
        if _is_blank(text[at]):
            line += text[at] == 10
            at += 1
            continue
        begun = at
        value = _U(0)
        while at < size and not _is_blank(text[at]):
            word = load(text, at)
            many = min(max(1, first(below(word, _U(33)))), size - at)
            small = token_bytes(word)[1]
            if many < 8:
                small &= (_U(1) << _U(8 * many)) - _U(1)
            value = (value ^ small) * _A
            value ^= value >> _U(32)
            at += many
        value = (value ^ _U(at - begun)) * _B
        values[count] = value ^ (value >> _U(29))
        lines[count] = line
        count += 1
    return count


@kernel
def _repeated(values: Array, lines: Array, count: int, slots: Array, keys: Array, owners: Array, again: Array) -> int:
    """Note for every word the first place of the run that begins there (-1: none does), and which of these recur.

    `slots` is a table of a power of two of places, filled with -1. Gives how often a run stands again.
    """
    mask = _U(len(slots) - 1)
    repeats = 0
    for at in range(count):
        owners[at] = -1
        again[at] = False
        if at + RUN > count or lines[at] != lines[at + RUN - 1]:
            continue
        key = _U(0)
        for offset in range(RUN):
            key += values[at + offset] * _POWERS[offset]
        key = (key ^ (key >> _U(33))) * _A
        key ^= key >> _U(32)
        slot = key & mask
        while slots[slot] >= 0 and keys[slots[slot]] != key:
            slot = (slot + _U(1)) & mask
        if slots[slot] < 0:
            slots[slot] = at
            keys[at] = key
        else:
            repeats += 1
            again[slots[slot]] = True
        owners[at] = slots[slot]
    return repeats


def repeated_runs(data: bytes, least: int = 1) -> list[tuple[int, int]]:
    """As `runs.repeated_runs_plain` of the lines of bytes; nothing where runs recur less than `least` times in all."""
    text = np.frombuffer(data + bytes(PADDING), dtype=np.uint8)
    most = len(data) // 2 + 1
    values, lines = np.empty(most, dtype=np.uint64), np.empty(most, dtype=np.int32)
    count = _words(text, values, lines)
    slots = np.full(1 << (2 * count).bit_length(), -1, dtype=np.int32)
    keys, owners = np.empty(count, dtype=np.uint64), np.empty(count, dtype=np.int32)
    again = np.empty(count, dtype=np.bool_)
    if _repeated(values, lines, count, slots, keys, owners, again) < least:
        return []
    places = np.flatnonzero(again[owners] & (owners >= 0))
    return list(zip(owners[places].tolist(), lines[places].tolist(), strict=True))
