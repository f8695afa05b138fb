"""The questions of cleaner/word_measures.py, compiled.

A word is a row of four numbers: a polynomial hash of its characters, its length, the power of the base that puts it
behind another word, and its kind. Words are told apart by these 64 bits: two different ones in a text of a million
words share a hash with odds of one in thirty million.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleaner.compiled import kernel

Ints = NDArray[np.int64]
Codes = NDArray[np.uint32]

BLANK, LETTER, DIGIT, OPEN, CLOSE, STOP, STOPPED, HYPHEN = 1, 2, 4, 8, 16, 32, 64, 128
"""Classes of characters. A chunk of letters or digits is one word, and marks around it are words of their own: an OPEN
one before it, a CLOSE one behind it, a STOP behind a CLOSE one, a digit or a letter that is STOPPED."""
WHOLE, APART = 1, 2
"""What the list says of a chunk: it is one word, or several."""
HASH, SIZE, POWER, KIND = 0, 1, 2, 3
"""The numbers of a word. KIND has bit 0 for more than marks, bit 1 for a letter, from bit 2 on the stop words."""
_BASE = 0x2545F4914F6CDD1D
_SPREAD = 0x9E3779B97F4A7C15


@kernel
def _slot(value: int, mask: int) -> int:
    mixed = np.uint64(value)
    mixed = (mixed ^ (mixed >> np.uint64(32))) * np.uint64(_SPREAD)
    return int(np.int64(mixed >> np.uint64(24))) & mask


@kernel
def _hash(codes: Codes, start: int, end: int) -> tuple[int, int]:
    """The hash of some characters, and the power for them."""
    value, power = np.int64(0), np.int64(1)
    for at in range(start, end):
        value = value * _BASE + np.int64(codes[at]) + 1
        power = power * _BASE
    return int(value), int(power)


@kernel
def hashes(codes: Codes, starts: Ints, rows: Ints) -> None:
    """Fill in hash, length and power of words that stand one after the other."""
    for row in range(starts.size - 1):
        rows[row, 0], rows[row, 2] = _hash(codes, starts[row], starts[row + 1])
        rows[row, 1] = starts[row + 1] - starts[row]


@kernel
def enter(values: Ints, number: int, step: int, keys: Ints, contents: Any) -> None:
    """Put numbers above 0, each a step more than the one before, under hashes into a table that has room."""
    mask = contents.size - 1
    for n in range(len(values)):
        slot = _slot(values[n], mask)
        while contents[slot] != 0:
            slot = (slot + 1) & mask
        keys[slot] = values[n]
        contents[slot] = number + n * step


@kernel
def _known(value: int, keys: Ints, contents: Any) -> int:
    """What a table says of a hash, 0 for nothing."""
    mask = contents.size - 1
    slot = _slot(value, mask)
    while contents[slot] != 0:
        if keys[slot] == value:
            return int(contents[slot])
        slot = (slot + 1) & mask
    return 0


@kernel
def _learnt(codes: Codes, start: int, end: int, value: int, table: Any) -> int:
    """The number of a chunk in the table of those that Python cut, -1 if it is not there."""
    keys, contents, pool, at = table
    mask = contents.size - 1
    slot = _slot(value, mask)
    while contents[slot] != 0:
        if keys[slot] == value:
            number = contents[slot] - 1
            first = at[number]
            same = at[number + 1] - first == end - start
            for k in range(end - start if same else 0):
                same = same and pool[first + k] == codes[start + k]
            if same:
                return int(number)
        slot = (slot + 1) & mask
    return -1


@kernel
def _word(words: Ints, count: int, codes: Codes, start: int, end: int, kind: int) -> int:
    words[count, 0], words[count, 2] = _hash(codes, start, end)
    words[count, 1], words[count, 3] = end - start, kind
    return count + 1


@kernel
def _body(codes: Codes, start: int, end: int, classes: Any, stops: Ints, words: Ints, count: int) -> tuple[int, int]:
    """Write the word of letters, or that ends in digits, at the start of a stretch; gives its end, or the start."""
    at = start
    letter = digit = False
    while at < end and classes[codes[at]] & (LETTER | DIGIT):
        letter = letter or classes[codes[at]] & LETTER != 0
        digit = digit or classes[codes[at]] & DIGIT != 0
        at += 1
    if at == start or (letter and digit and classes[codes[at - 1]] & LETTER):
        return start, count
    value, power = _hash(codes, start, at)
    kind = 3 if letter else 1
    if at - start <= 4:
        for n in range(stops.size):
            kind |= (stops[n] == value) << (n + 2)
    words[count, 0], words[count, 1], words[count, 2], words[count, 3] = value, at - start, power, kind
    return at, count + 1


@kernel
def _parts(codes: Codes, start: int, end: int, classes: Any, kinds: Any, stops: Ints, words: Ints, before: int) -> int:
    """Write the words of a simple chunk; gives how many words there are then, -1 where it is not that simple.

    Simple are marks, letters or digits, perhaps others behind a hyphen, perhaps a genitive s, and marks.
    """
    at, count = start, before
    while at < end and at < start + 2 and classes[codes[at]] & OPEN:
        count = _word(words, count, codes, at, at + 1, kinds[codes[at]])
        at += 1
    begin = at
    at, count = _body(codes, at, end, classes, stops, words, count)
    if at == begin:
        return -1
    while at < end - 1 and classes[codes[at]] & HYPHEN and classes[codes[at + 1]] & LETTER:
        count = _word(words, count, codes, at, at + 1, kinds[codes[at]])
        begin = at + 1
        at, count = _body(codes, begin, end, classes, stops, words, count)
        if at == begin:
            return -1
    if at < end - 1 and codes[at] in (0x27, 0x2019) and codes[at + 1] in (0x53, 0x73):
        if at < end - 2 and not classes[codes[at + 2]] & (CLOSE | STOP):
            return -1
        count = _word(words, count, codes, at, at + 2, 3)
        at += 2
    if end - at > 3:
        return -1
    while at < end:
        mark = classes[codes[at]]
        if not mark & (CLOSE | STOP) or (mark & STOP and not classes[codes[at - 1]] & (DIGIT | STOPPED | CLOSE)):
            return -1
        count = _word(words, count, codes, at, at + 1, kinds[codes[at]])
        at += 1
    return count


@kernel
def _is_listed(words: Ints, first: int, last: int, keys: Ints, contents: Any) -> bool:
    """Whether some words, or a run of them put together, are cut as a list tells."""
    for one in range(first, last):
        value = np.int64(0)
        for other in range(one, last):
            value = value * words[other, 2] + words[other, 0]
            if _known(int(value), keys, contents) > (WHOLE if one == other else 0):
                return True
    return False


@kernel
def cut(
    codes: Codes, classes: Any, kinds: Any, known: Any, stops: Ints, table: Any, flat: Any, words: Ints, lost: Ints
) -> tuple[int, int]:
    """Write the words of a text; returns their number and that of the chunks that nobody cut yet.

    `codes` are its characters, whose classes end with the one for 0x3001 and all behind it. `table` is (keys, contents,
    characters, begins) of the chunks that Python cut, whose words `flat` holds as (begins, rows); `known` is (keys,
    contents) of the list of chunks that are not cut by their marks. `stops` are the hashes of stop words, `kinds` those
    of marks. Into `lost` go begin and end of each chunk that is neither simple nor in the table.
    """
    first_row, rows = flat
    known_keys, known_contents = known
    count = missing = 0
    position, size = 0, codes.size
    while position < size:
        if classes[min(codes[position], 0x3001)] & BLANK:
            position += 1
            continue
        start = position
        value, power, kind = np.int64(0), np.int64(1), LETTER
        wide = False
        while position < size:
            code = codes[position]
            sort = classes[min(code, 0x3001)]
            if sort & BLANK:
                break
            wide = wide or code >= 0x3001
            kind &= sort
            value = value * _BASE + np.int64(code) + 1
            power = power * _BASE
            position += 1
        if kind and _known(int(value), known_keys, known_contents) <= WHOLE:  # nothing but letters
            kind = 3
            for n in range(stops.size if position - start <= 4 else 0):
                kind |= (stops[n] == value) << (n + 2)
            words[count, 0], words[count, 1], words[count, 2], words[count, 3] = value, position - start, power, kind
            count += 1
            continue
        after = -1 if wide else _parts(codes, start, position, classes, kinds, stops, words, count)
        if after >= 0 and not _is_listed(words, count, after, known_keys, known_contents):
            count = after
            continue
        number = _learnt(codes, start, position, int(value), table)
        if number < 0:
            lost[2 * missing], lost[2 * missing + 1] = start, position
            missing += 1
            continue
        for row in range(first_row[number], first_row[number + 1]):
            words[count] = rows[row]
            count += 1
    return count, missing


@kernel
def _equal(words: Ints, one: int, other: int, size: int) -> bool:
    for k in range(size):  # noqa: SIM110  the compiler knows loops
        if words[one + k, 0] != words[other + k, 0]:
            return False
    return True


@kernel
def _run(words: Ints, at: int, size: int) -> int:
    """A hash of a phrase as its words, one by one."""
    value = np.int64(size)
    for k in range(size):
        value = value * _BASE + (words[at + k, 0] ^ (words[at + k, 0] >> 31))
    return int(value)


@kernel
def _commonest(words: Ints, count: int, size: int, slots: Ints, counts: Ints) -> tuple[int, int]:
    mask = slots.size - 1
    slots[:] = 0
    best = where = 0
    for at in range(count - size + 1):
        slot = _slot(_run(words, at, size), mask)
        while slots[slot] != 0 and not _equal(words, slots[slot] - 1, at, size):
            slot = (slot + 1) & mask
        if slots[slot] == 0:
            slots[slot] = at + 1
            counts[at] = 0
        first = slots[slot] - 1
        counts[first] += 1
        if counts[first] > best or (counts[first] == best and first < where):
            best, where = counts[first], first
    characters = size - 1
    for k in range(size if best else 0):
        characters += words[where + k, 1]
    return best, characters if best else 0


@kernel
def _covered(words: Ints, count: int, size: int, slots: Ints) -> int:
    mask = slots.size - 1
    slots[:] = 0
    characters = until = 0
    for at in range(count - size + 1):
        slot = _slot(_run(words, at, size), mask)
        while slots[slot] != 0 and not _equal(words, slots[slot] - 1, at, size):
            slot = (slot + 1) & mask
        if slots[slot] == 0:
            slots[slot] = at + 1
            continue
        for k in range(max(at, until), at + size):
            characters += words[k, 1]
        until = at + size
    return characters


@kernel
def summed(words: Ints, count: int, phrases: Ints, run: int, slots: Ints, counts: Ints, found: Ints) -> None:
    """Write the numbers of cleaner.word_measures.Measures, in its order, those of `phrases` flat."""
    found[:] = 0
    found[0] = count
    stops = 0
    for k in range(count):
        kind = words[k, 3]
        found[1] += kind & 1
        found[2] += words[k, 1] * (kind & 1)
        found[3] += (kind >> 1) & 1
        stops |= kind >> 2
    while stops:
        found[4] += stops & 1
        stops >>= 1
    for n in range(phrases.size):
        found[5 + 2 * n], found[6 + 2 * n] = _commonest(words, count, phrases[n], slots, counts)
    found[5 + 2 * phrases.size] = _covered(words, count, run, slots)


@kernel
def again(words: Ints, count: int, size: int, slots: Ints, keys: Ints) -> int:
    """As cleaner.word_measures.again_plain: phrases are equal by their joined characters."""
    mask = slots.size - 1
    slots[:] = 0
    characters = at = 0
    while at <= count - size:
        value, length = np.int64(0), 0
        for k in range(at, at + size):
            value = value * words[k, 2] + words[k, 0]
            length += words[k, 1]
        slot = _slot(int(value), mask)
        while slots[slot] != 0 and keys[slot] != value:
            slot = (slot + 1) & mask
        if slots[slot] != 0:
            characters += length
            at += size
        else:
            slots[slot], keys[slot] = 1, value
            at += 1
    return characters
