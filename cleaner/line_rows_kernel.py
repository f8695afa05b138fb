"""The lines of a text and what each shows by itself, where lines that stood in the text before are not read again.

A document that changed is judged again, and most of its lines are as they were: a row of columns is taken over from the
text judged last when the line is the same, character by character.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from cleaner.codes import WIDE
from cleaner.compiled import kernel
from cleaner.line_alone_kernel import LOST, PADDING, shapes, shown_as, speech
from cleaner.line_features import OWN
from cleaner.line_marks_kernel import SPACE
from cleaner.words_of_bytes import load

Array = np.ndarray[Any, Any]
WIDTH = len(OWN) + 1
"""Columns of a row: `OWN`, and behind them `LOST`."""
AHEAD = 1000
"""So many lines further down a line is looked for in the text before: what was removed is hardly ever longer."""
STRANGE = 20
"""When so many lines are none of the text before, it is another document."""
_U = np.uint64
_BASIS, _FACTOR = _U(0x4BF29CE484222325), _U(0x9E3779B97F4A7C15)
_LENGTHS = 1 << 10


@kernel
def lines_of(text: Array, kinds: Array, bounds: Array) -> int:
    """Fill in where each line with a visible character starts and ends, and its number among all. Gives how many."""
    count = first = number = 0
    size = len(text)
    while first <= size:
        end = first
        while end < size and text[end] != 10:
            end += 1
        at = first
        while at < end and kinds[text[at]] & SPACE:
            at += 1
        if at < end:
            bounds[0, count], bounds[1, count], bounds[2, count] = first, end, number
            count += 1
        first = end + 1
        number += 1
    return count


@kernel
def _same(one: Array, first: int, other: Array, begin: int, size: int) -> bool:
    """Whether two stretches of `size` characters are the same."""
    at = 0
    while at + 4 <= size:
        if load(one, first + at) != load(other, begin + at):
            return False
        at += 4
    while at < size:
        if one[first + at] != other[begin + at]:
            return False
        at += 1
    return True


@kernel
def _aligned(text: Array, bounds: Array, before: Array, known: Array) -> tuple[Array, int]:
    """Which line of the text before each line is, or -1; and how many characters are in lines that are none."""
    found = np.full(bounds.shape[1], -1, dtype=np.int64)
    fresh = place = 0
    for n in range(len(found)):
        first, size = bounds[0, n], bounds[1, n] - bounds[0, n]
        fresh += size + 1
        if not place and n >= STRANGE:
            continue
        for at in range(place, min(place + AHEAD, known.shape[1])):
            begin = known[0, at]
            if known[1, at] - begin == size and _same(text, first, before, begin, size):
                found[n] = at
                place = at + 1
                fresh -= size + 1
                break
    return found, fresh


@kernel
def _read(seen: Array, bounds: Array, words: Array) -> tuple[Array, Array, Array]:
    """The rows of lines by themselves, the hashes of their content words, and where those of each line begin."""
    rows = np.zeros((bounds.shape[1], WIDTH), dtype=np.int32)
    hashes = np.empty(seen.shape[1] // 4 + 2, dtype=np.int64)
    borders = np.empty(bounds.shape[1] + 1, dtype=np.int64)
    shapes(seen[0], seen[1], bounds, rows)
    speech(seen[2], bounds, words, rows, hashes, borders)
    return rows, hashes[: borders[-1]].copy(), borders


@kernel
def _fresh(text: Array, bounds: Array, origin: Array, size: int) -> tuple[Array, Array]:
    """The lines that are none of the text before, as a text of so many characters."""
    part = np.empty(size, dtype=np.uint16)
    places = np.empty((3, len(origin)), dtype=np.int64)
    at = count = 0
    for n in range(len(origin)):
        if origin[n] < 0:
            places[0, count] = at
            for place in range(bounds[0, n], bounds[1, n]):
                part[at] = text[place]
                at += 1
            places[1, count] = at
            part[at] = 10
            at += 1
            count += 1
    return part, places[:, :count].copy()


@kernel
def _merged(origin: Array, old: tuple[Array, ...], read: tuple[Array, ...]) -> tuple[Array, Array, Array]:
    """The rows of all lines, of those that stood in the text before and of those that were read."""
    rows = np.empty((len(origin), WIDTH), dtype=np.int32)
    borders = np.empty(len(origin) + 1, dtype=np.int64)
    hashes = np.empty(len(old[1]) + len(read[1]), dtype=np.int64)
    line = at = 0
    for n in range(len(origin)):
        borders[n] = at
        if origin[n] >= 0:
            rows[n] = old[0][origin[n]]
            at = _put(hashes, at, old[1], old[2], origin[n])
        else:
            rows[n] = read[0][line]
            at = _put(hashes, at, read[1], read[2], line)
            line += 1
    borders[-1] = at
    return rows, hashes[:at].copy(), borders


@kernel
def _put(out: Array, at: int, hashes: Array, borders: Array, line: int) -> int:
    """Add the hashes of a line."""
    for word in range(borders[line], borders[line + 1]):
        out[at] = hashes[word]
        at += 1
    return at


@kernel
def _hashed(text: Array, begin: int, end: int) -> np.uint64:
    value = _BASIS
    at = begin
    while at + 4 <= end:
        value = (value ^ load(text, at)) * _FACTOR
        value ^= value >> _U(29)
        at += 4
    while at < end:
        value = (value ^ _U(text[at])) * _FACTOR
        value ^= value >> _U(29)
        at += 1
    return value


@kernel
def copies_of(text: Array, bounds: Array) -> tuple[Array, bool]:
    """How many lines each line is the same as, itself too; and whether some may differ in characters beyond `WIDE`."""
    total = bounds.shape[1]
    found = np.ones(total, dtype=np.int64)
    lengths = np.zeros(_LENGTHS, dtype=np.int64)
    several = 0
    for n in range(total):
        length = (bounds[1, n] - bounds[0, n]) & (_LENGTHS - 1)
        lengths[length] += 1
        several += lengths[length] == 2
    if not several:
        return found, False
    size = 16
    while size < 2 * total:
        size *= 2
    slots = np.full(size, -1, dtype=np.int64)
    hashes = np.zeros(total, dtype=np.uint64)
    model = np.empty(total, dtype=np.int64)
    for n in range(total):
        model[n] = n
        first, length = bounds[0, n], bounds[1, n] - bounds[0, n]
        if lengths[length & (_LENGTHS - 1)] < 2:
            continue
        hashes[n] = _hashed(text, first, first + length)
        slot = np.int64(hashes[n] >> _U(3)) & (size - 1)
        while slots[slot] >= 0:
            at = slots[slot]
            alike = hashes[at] == hashes[n] and bounds[1, at] - bounds[0, at] == length
            if alike and _same(text, first, text, bounds[0, at], length):
                break
            slot = (slot + 1) & (size - 1)
        if slots[slot] < 0:
            slots[slot] = n
        else:
            model[n] = slots[slot]
            found[model[n]] += 1
    wide = False
    for n in range(total):
        found[n] = found[model[n]]
        if found[n] > 1:
            for at in range(bounds[0, n], bounds[1, n]):
                wide |= text[at] == WIDE
    return found, wide


@kernel
def rows_of(
    text: Array, lines: int, shown: Array, kinds: Array, words: Array, before: tuple[Array, ...]
) -> tuple[Array, Array, Array, Array, Array, bool, bool]:
    """The rows of a text of so many lines: bounds, columns, hashes of content words, and where each line's begin.

    Then how many lines each is the same as; whether that is unsure, and whether the text is in another alphabet.
    """
    every = np.empty((3, lines), dtype=np.int64)
    bounds = every[:, : lines_of(text, kinds, every)].copy()
    origin, fresh = _aligned(text, bounds, before[0], before[1])
    if 2 * fresh > len(text):
        seen = np.empty((3, len(text) + PADDING), dtype=np.uint8)
        shown_as(text, shown, seen)
        rows, hashes, borders = _read(seen, bounds, words)
    else:
        part, places = _fresh(text, bounds, origin, fresh)
        seen = np.empty((3, len(part) + PADDING), dtype=np.uint8)
        shown_as(part, shown, seen)
        rows, hashes, borders = _merged(origin, before[2:], _read(seen, places, words))
    copies, unsure = copies_of(text, bounds)
    letters = np.sum(bounds[1] - bounds[0] + 1) - 1
    return bounds, rows, hashes, borders, copies, unsure, 5 * np.sum(rows[:, LOST]) > letters
