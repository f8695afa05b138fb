"""The lines of a text and what each shows by itself, where lines that stood in the text before are not read again.

A document that changed is judged again, and most of its lines are as they were: a row of columns is taken over from the
text judged last when the line is the same, character by character.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from cleaner.codes import WIDE
from cleaner.compiled import inner, kernel
from cleaner.line_alone_kernel import LOST, PADDING, classed, shapes
from cleaner.line_features import OWN
from cleaner.line_marks_kernel import SPACE
from cleaner.line_speech_kernel import speech
from cleaner.words_of_bytes import load, lowest, squeezed, standing

Array = np.ndarray[Any, Any]
WIDTH = len(OWN) + 1
"""Columns of a row: `OWN`, and behind them `LOST`."""
AHEAD = 1000
"""So many lines further down a line is looked for in the text before: what was removed is hardly ever longer."""
STRANGE = 20
"""When so many lines are none of the text before, it is another document."""
MISTAKEN = 10_000
"""So many pairs of lines that are shown alike, and are not, are looked at."""
_U = np.uint64
_BASIS, _FACTOR = _U(0x4BF29CE484222325), _U(0x9E3779B97F4A7C15)
_LENGTHS = 1 << 10


@kernel
def _shown(text: Array, shown: Array) -> Array:
    """A text with one byte for each character, and `PADDING` blanks behind it."""
    found = np.empty(len(text) + PADDING, dtype=np.uint8)
    whole = len(text) & ~63
    asked = shown[63]
    for block in range(0, whole, 64):
        if squeezed(text, block, found):
            for at in range(block, block + 64):
                found[at] = found[at] if found[at] != 63 else asked
        else:
            for at in range(block, block + 64):
                found[at] = shown[text[at]]
    for at in range(whole, len(text)):
        found[at] = shown[text[at]]
    found[len(text) :] = 32
    return found


@inner
def _lines_of(text: Array, shown: Array, kinds: Array, bounds: Array) -> int:
    """Fill in where each line with a visible character starts and ends, and its number among all. Gives how many."""
    count = number = first = block = 0
    ends = standing(shown, 0, np.uint8(10))
    while first <= len(text):
        while not ends and (block + 1) << 6 < len(text):
            block += 1
            ends = standing(shown, block << 6, np.uint8(10))
        end = (block << 6) + lowest(ends) if ends else len(text)
        ends &= ends - _U(1)
        at = first
        while at < end and kinds[text[at]] & SPACE:
            at += 1
        if at < end:
            bounds[0, count], bounds[1, count], bounds[2, count] = first, end, number
            count += 1
        first = end + 1
        number += 1
    return count


@inner
def _same(one: Array, first: int, other: Array, begin: int, size: int) -> bool:
    """Whether two stretches of `size` bytes are the same; eight bytes are behind each."""
    at = 0
    while at + 8 <= size:
        if load(one, first + at) != load(other, begin + at):
            return False
        at += 8
    return at == size or not (load(one, first + at) ^ load(other, begin + at)) << _U(64 - 8 * (size - at))


@kernel
def _aligned(shown: Array, bounds: Array, before: Array, known: Array) -> tuple[Array, int]:
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
            if known[1, at] - begin == size and _same(shown, first, before, begin, size):
                found[n] = at
                place = at + 1
                fresh -= size + 1
                break
    return found, fresh


@kernel
def _read(shown: Array, bounds: Array, words: Array) -> tuple[Array, Array, Array]:
    """The rows of lines by themselves, the hashes of their content words, and where those of each line begin."""
    rows = np.zeros((bounds.shape[1], WIDTH), dtype=np.int32)
    hashes = np.empty(len(shown) // 2 + 2, dtype=np.int64)
    borders = np.empty(bounds.shape[1] + 1, dtype=np.int64)
    classes, lowered = classed(shown)
    shapes(shown, classes, bounds, rows)
    speech(lowered, bounds, words, rows, hashes, borders)
    return rows, hashes[: borders[-1]].copy(), borders


@kernel
def _fresh(shown: Array, bounds: Array, origin: Array, size: int) -> tuple[Array, Array]:
    """The lines that are none of the text before, as a text of so many characters."""
    part = np.full(size + PADDING, 32, dtype=np.uint8)
    places = np.empty((3, len(origin)), dtype=np.int64)
    at = count = 0
    for n in range(len(origin)):
        if origin[n] < 0:
            places[0, count] = at
            for place in range(bounds[0, n], bounds[1, n]):
                part[at] = shown[place]
                at += 1
            places[1, count] = at
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


@inner
def _put(out: Array, at: int, hashes: Array, borders: Array, line: int) -> int:
    """Add the hashes of a line."""
    for word in range(borders[line], borders[line + 1]):
        out[at] = hashes[word]
        at += 1
    return at


@inner
def _hashed(shown: Array, begin: int, end: int) -> np.uint64:
    value = _BASIS
    for at in range(begin, end, 8):
        part = load(shown, at)
        if end - at < 8:
            part <<= _U(64 - 8 * (end - at))
        value = (value ^ part) * _FACTOR
        value ^= value >> _U(29)
    return value


@kernel
def _sizes(bounds: Array) -> tuple[Array, bool]:
    """How many lines are as long as each."""
    lengths = np.zeros(_LENGTHS, dtype=np.int64)
    found = (bounds[1] - bounds[0]) & (_LENGTHS - 1)
    several = False
    for n in range(len(found)):
        lengths[found[n]] += 1
        several |= lengths[found[n]] > 1
    for n in range(len(found)):
        found[n] = lengths[found[n]]
    return found, several


@kernel
def copies_of(text: Array, shown: Array, bounds: Array) -> tuple[Array, bool]:
    """How many lines each line is the same as, itself too; and whether that is unsure.

    It is where characters beyond `WIDE` may differ, or so many lines are shown alike that finding out takes too long.
    """
    total = bounds.shape[1]
    copies = np.ones(total, dtype=np.int64)
    as_long, several = _sizes(bounds)
    if not several:
        return copies, False
    size = 16
    while size < 2 * total:
        size *= 2
    slots = np.full(size, -1, dtype=np.int64)
    hashes = np.zeros(total, dtype=np.uint64)
    first_of = np.arange(total)
    unsure = False
    mistaken = 0
    for n in range(total):
        if as_long[n] < 2:
            continue
        first, length = bounds[0, n], bounds[1, n] - bounds[0, n]
        hashes[n] = _hashed(shown, first, first + length)
        slot = np.int64(hashes[n] >> _U(3)) & (size - 1)
        while slots[slot] >= 0:
            begin = bounds[0, slots[slot]]
            alike = hashes[slots[slot]] == hashes[n] and bounds[1, slots[slot]] - begin == length
            if alike and _same(shown, first, shown, begin, length):
                if _is_same(text, first, begin, length):
                    break
                mistaken += 1
            slot = (slot + 1) & (size - 1)
        if mistaken > MISTAKEN:
            return copies, True
        if slots[slot] < 0:
            slots[slot] = n
            continue
        first_of[n] = slots[slot]
        copies[slots[slot]] += 1
        for at in range(first, first + length):
            unsure |= text[at] == WIDE
    for n in range(total):
        copies[n] = copies[first_of[n]]
    return copies, unsure


@inner
def _is_same(text: Array, one: int, other: int, size: int) -> bool:
    """Whether two stretches of a text are the same."""
    for at in range(size):  # noqa: SIM110  (numba has no all())
        if text[one + at] != text[other + at]:
            return False
    return True


@kernel
def rows_of(
    text: Array, lines: int, table: Array, kinds: Array, words: Array, before: tuple[Array, ...]
) -> tuple[Array, Array, Array, Array, Array, Array, bool, bool]:
    """The rows of a text of so many lines: as shown, bounds, columns, hashes of content words, where each line's begin.

    Then how many lines each is the same as; whether that is unsure, and whether the text is in another alphabet.
    """
    shown = _shown(text, table)
    every = np.empty((3, lines), dtype=np.int64)
    bounds = every[:, : _lines_of(text, shown, kinds, every)].copy()
    origin, fresh = _aligned(shown, bounds, before[0], before[1])
    if 2 * fresh > len(text):
        rows, hashes, borders = _read(shown, bounds, words)
    else:
        part, places = _fresh(shown, bounds, origin, fresh)
        rows, hashes, borders = _merged(origin, before[2:], _read(part, places, words))
    copies, unsure = copies_of(text, shown, bounds)
    letters, lost = -1, 0
    for n in range(bounds.shape[1]):  # np.sum would have numba load what it knows of products
        letters += bounds[1, n] - bounds[0, n] + 1
        lost += rows[n, LOST]
    return shown, bounds, rows, hashes, borders, copies, unsure, 5 * lost > letters
