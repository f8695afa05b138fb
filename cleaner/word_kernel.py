"""The questions of cleaner/word_measures.py, compiled: words are numbers from a table of the chunks seen so far."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cleaner.compiled import kernel

Ints = NDArray[np.int64]
Codes = NDArray[np.uint32]


@kernel
def scanned(codes: Codes, blank: NDArray[np.bool_], pool: Codes, at: Ints, slots: Ints, found: Ints) -> int:
    """Find the chunks of a text in the table; returns their number.

    `codes` are its characters, `blank` tells for each below 0x3001 whether it separates chunks. A chunk with the number
    n is `pool[at[n]:at[n + 1]]`; `slots` is a hash table of numbers plus one. Into `found` go three numbers for each
    chunk: where it begins and ends, and its number, -1 where the table lacks it.
    """
    mask = slots.size - 1
    count = 0
    position = 0
    size = codes.size
    while position < size:
        code = codes[position]
        if code < blank.size and blank[code]:
            position += 1
            continue
        start = position
        value = np.uint64(14695981039346656037)
        while position < size:
            code = codes[position]
            if code < blank.size and blank[code]:
                break
            value = (value ^ np.uint64(code)) * np.uint64(1099511628211)
            position += 1
        value ^= value >> np.uint64(29)
        slot = np.int64(value & np.uint64(mask))
        number = np.int64(-1)
        while slots[slot] != 0:
            other = slots[slot] - 1
            first = at[other]
            if at[other + 1] - first == position - start:
                same = True
                for k in range(position - start):
                    if pool[first + k] != codes[start + k]:
                        same = False
                        break
                if same:
                    number = other
                    break
            slot = (slot + 1) & mask
        found[3 * count] = start
        found[3 * count + 1] = position
        found[3 * count + 2] = number
        count += 1
    return count


@kernel
def placed(pool: Codes, at: Ints, slots: Ints, number: int) -> None:
    """Enter the chunk of a number into the hash table."""
    mask = slots.size - 1
    value = np.uint64(14695981039346656037)
    for k in range(at[number], at[number + 1]):
        value = (value ^ np.uint64(pool[k])) * np.uint64(1099511628211)
    value ^= value >> np.uint64(29)
    slot = np.int64(value & np.uint64(mask))
    while slots[slot] != 0:
        slot = (slot + 1) & mask
    slots[slot] = number + 1


@kernel
def spelled(found: Ints, count: int, first: Ints, flat: Ints, words: Ints) -> int:
    """Write the words of the chunks one after the other; a chunk n has `flat[first[n]:first[n + 1]]`."""
    total = 0
    for chunk in range(count):
        number = found[3 * chunk + 2]
        for k in range(first[number], first[number + 1]):
            if total < words.size:
                words[total] = flat[k]
            total += 1
    return total


@kernel
def counted(words: Ints, lengths: Ints, kinds: Ints) -> tuple[int, int, int, int]:
    """Words that are more than marks, their characters, words with a letter, and the set of stop words as bits."""
    proper = characters = lettered = stops = 0
    for k in range(words.size):
        kind = kinds[words[k]]
        if kind & 1:
            proper += 1
            characters += lengths[words[k]]
        if kind & 2:
            lettered += 1
        stops |= kind >> 2
    return proper, characters, lettered, stops


@kernel
def _equal(words: Ints, one: int, other: int, size: int) -> bool:
    for k in range(size):  # noqa: SIM110  the compiler knows loops
        if words[one + k] != words[other + k]:
            return False
    return True


@kernel
def _hashed(words: Ints, at: int, size: int) -> int:
    value = np.uint64(0x9E3779B97F4A7C15)
    for k in range(size):
        value = (value ^ np.uint64(words[at + k])) * np.uint64(0xFF51AFD7ED558CCD)
        value ^= value >> np.uint64(32)
    return int(np.int64(value >> np.uint64(1)))


@kernel
def commonest(words: Ints, lengths: Ints, size: int, slots: Ints, counts: Ints) -> tuple[int, int]:
    """How often the commonest phrase stands, the first of several, and the characters of one with its blanks."""
    mask = slots.size - 1
    slots[:] = 0
    for at in range(words.size - size + 1):
        slot = _hashed(words, at, size) & mask
        while slots[slot] != 0 and not _equal(words, slots[slot] - 1, at, size):
            slot = (slot + 1) & mask
        if slots[slot] == 0:
            slots[slot] = at + 1
            counts[at] = 0
        counts[slots[slot] - 1] += 1
        if slots[slot] - 1 != at:
            counts[at] = 0
    best = 0
    where = 0
    for at in range(words.size - size + 1):
        if counts[at] > best:
            best = counts[at]
            where = at
    characters = size - 1
    for k in range(size):
        characters += lengths[words[where + k]] if best else 0
    return best, characters


@kernel
def covered(words: Ints, lengths: Ints, size: int, slots: Ints) -> int:
    """The characters of all words that stand in a phrase that stood before."""
    mask = slots.size - 1
    slots[:] = 0
    characters = 0
    until = 0
    for at in range(words.size - size + 1):
        slot = _hashed(words, at, size) & mask
        while slots[slot] != 0 and not _equal(words, slots[slot] - 1, at, size):
            slot = (slot + 1) & mask
        if slots[slot] == 0:
            slots[slot] = at + 1
            continue
        for k in range(max(at, until), at + size):
            characters += lengths[words[k]]
        until = at + size
    return characters
