"""Words that were glued together taken apart as another text has them, compiled: `wording.mended` for two texts.

Only a word that stands in a difference can be one, since the other text does not have it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from cleaner.compiled import borrower, inlined, inner
from cleaner.duplicates import word_table as known
from cleaner.duplicates.align_kernel import slots
from cleaner.duplicates.glue_kernel import Side, has_thousands
from cleaner.duplicates.plain_word_kernel import look_up
from cleaner.duplicates.word_kernel import WORD, Bytes, Hashes, Integers, Number, Words
from cleaner.words_of_bytes import point

_U = np.uint64
_POWERS = known.powers()
_NONE, _KNOWN = -1, -2
_BITS = 64
"""Numbers of 64 bits each."""


class Halves(NamedTuple):
    """What a text may have glued: words by their hashes, and where the two words begin that each may be.

    The first column of `places` is for words that only lost the blank between them, -2 if the other text has the word;
    the second one for those that lost too what hung on their halves. `bits` tells of most words that none is there.
    `words` gets the words when these are taken apart, `origins` the number that each had before; `counts` says how many
    there are then, and how many are in the table.
    """

    keys: Hashes
    bits: Hashes
    places: Integers
    words: Words
    origins: Integers
    counts: Integers


class Mending(NamedTuple):
    """Where words are taken apart, of the removed text and of the survivor; and words of lists."""

    left: Halves
    right: Halves
    special: Words


def mending(longest: int) -> Mending:
    """Room for texts of fewer than so many words."""
    return Mending(_halves(longest), _halves(longest), known.special_words())


def _halves(longest: int) -> Halves:
    size = slots(2 * longest)
    keys, places = np.empty(size, np.uint64), np.empty((size, 2), np.int64)
    bits = np.empty(_BITS, np.uint64)
    return Halves(keys, bits, places, np.empty(longest, WORD), np.empty(longest, np.int64), np.zeros(2, np.int64))


@inlined
def _slot(keys: Hashes, mask: np.uint64, key: np.uint64) -> Number:
    """Where a word is in the table, or would be."""
    at = (key >> _U(20)) & mask
    while keys[at] and keys[at] != key:
        at = (at + _U(1)) & mask
    return at


@inlined
def _size(halves: Halves) -> Number:
    """The size of the table: nearly all words that are looked up are not in it."""
    return slots(2 * halves.counts[1])


@borrower
def glued(left: Side, right: Side, hunks: Integers, mending: Mending) -> bool:
    """Whether some words of either text are two neighbours of the other one; which, is noted in `mending`."""
    one = _glued(left, hunks, 0, right, mending.left)
    other = _glued(right, hunks, 2, left, mending.right)
    return one or other


@inner
def _glued(side: Side, hunks: Integers, first: Number, other: Side, halves: Halves) -> bool:
    """Whether some words of the hunks, which stand there from column `first` on, are neighbours of the other text."""
    count = 0
    for h in range(hunks.shape[0]):
        count += hunks[h, first + 1] - hunks[h, first]
    halves.counts[0], halves.counts[1] = 0, count
    if not count:
        return False
    mask = _U(_size(halves) - 1)
    halves.keys[: _size(halves)] = 0
    halves.bits[:] = 0
    for h in range(hunks.shape[0]):
        for n in range(hunks[h, first], hunks[h, first + 1]):
            key = side.words[n]["key"]
            at = _slot(halves.keys, mask, key)
            halves.keys[at] = key
            halves.places[at, 0] = halves.places[at, 1] = _NONE
            halves.bits[_word(key)] |= _bit(key)
    if not _may_be_glued(other.words, halves.keys, halves.bits, mask):
        halves.counts[1] = 0
        return False
    _note_neighbours(other.data, other.words, halves.keys, halves.places, mask)
    found = False
    for at in range(_size(halves)):
        if halves.keys[at]:
            found = found or _place(halves, at) >= 0
    return found


@inlined
def _word(key: np.uint64) -> np.uint64:
    """Which of the words of `bits` tells of a key."""
    return (key >> _U(26)) & _U(_BITS - 1)


@inlined
def _bit(key: np.uint64) -> np.uint64:
    """Which bit of it."""
    return _U(1) << ((key >> _U(20)) & _U(63))


@inner
def _may_be_glued(words: Words, keys: Hashes, bits: Hashes, mask: np.uint64) -> bool:
    """Whether two neighbours make a word of a table. Hardly ever they do, which some bits tell at once."""
    for n in range(words.size - 1):
        sizes = np.int64(words[n + 1]["sizes"])
        both = words[n]["key"] * _POWERS[sizes & 0xFF] + words[n + 1]["key"]
        if bits[_word(both)] & _bit(both) and keys[_slot(keys, mask, both)]:
            return True
        if (words[n]["flags"] | words[n + 1]["flags"]) & np.uint32(known.TORN):
            both = words[n]["stump"] * _POWERS[sizes >> 16 & 0xFF] + words[n + 1]["stump"]
            if keys[_slot(keys, mask, both)]:
                return True
    return False


@inner
def _note_neighbours(data: Bytes, words: Words, keys: Hashes, places: Integers, mask: np.uint64) -> None:
    """Note for words of a table two neighbours that they may be: the last ones, or the first ones that lost more.

    It is given arrays alone: to hand on whole texts takes longer.
    """
    for n in range(words.size):
        key = words[n]["key"]
        at = _slot(keys, mask, key)
        if keys[at]:
            places[at, 0] = _KNOWN
        if n + 1 == words.size:
            break
        sizes = np.int64(words[n + 1]["sizes"])
        at = _slot(keys, mask, key * _POWERS[sizes & 0xFF] + words[n + 1]["key"])
        if keys[at] and places[at, 0] != _KNOWN and not _is_number(data, words, n):
            places[at, 0] = n
        if not (words[n]["flags"] | words[n + 1]["flags"]) & np.uint32(known.TORN):
            continue
        at = _slot(keys, mask, words[n]["stump"] * _POWERS[sizes >> 16 & 0xFF] + words[n + 1]["stump"])
        if keys[at] and places[at, 1] == _NONE:
            places[at, 1] = n


@inner
def _is_number(data: Bytes, words: Words, n: Number) -> bool:
    """Whether a word and the one behind it are both digits, in whose middle nobody sees a blank."""
    one, other = words[n], words[n + 1]
    first = has_thousands(data, np.int64(one["start"]), np.int64(one["end"]))
    return first and has_thousands(data, np.int64(other["start"]), np.int64(other["end"]))


@inlined
def _place(halves: Halves, at: Number) -> Number:
    """Where the two words begin that a word of the table is; negative if it is none."""
    return halves.places[at, 1] if halves.places[at, 0] == _NONE else halves.places[at, 0]


@inner
def mend(left: Side, right: Side, mending: Mending) -> tuple[Side, Side]:
    """Both texts with their glued words taken apart, without any word where that is left to the plain path."""
    _take_apart(left, right, mending.left, mending.special, True)
    _take_apart(right, left, mending.right, mending.special, False)
    return _mended(left, mending.left), _mended(right, mending.right)


@inner
def _mended(side: Side, halves: Halves) -> Side:
    words = halves.words[: halves.counts[0]]
    return Side(side.data, words, side.whole, side.kinds, side.folds, side.bases)


@inner
def _take_apart(side: Side, other: Side, halves: Halves, special: Words, restore: bool) -> None:
    """Write the words of a text into `halves`, glued ones as two; with `restore` as the other text has them."""
    mask = _U(_size(halves) - 1)
    count = 0
    for n in range(side.words.size):
        word = side.words[n]
        place = _NONE
        if halves.counts[1]:
            at = _slot(halves.keys, mask, word["key"])
            place = _place(halves, at) if halves.keys[at] else _NONE
        if count + 2 >= halves.words.size or (place >= 0 and _is_foreign(side, n, other, place)):
            halves.counts[0] = 0
            return
        halves.origins[count] = n
        if place < 0:
            _copy(word, halves.words, count)
            count += 1
            continue
        one, next_one = other.words[place], other.words[place + 1]
        whole = one["key"] * _POWERS[np.int64(next_one["sizes"]) & 0xFF] + next_one["key"] == word["key"]
        middle = np.int64(word["start"]) + (np.int64(one["sizes"]) >> 16 & 0xFF)
        _half(side, one, np.int64(word["start"]), middle, restore or whole, special, halves.words, count)
        _half(side, next_one, middle, np.int64(word["end"]), restore or whole, special, halves.words, count + 1)
        halves.origins[count + 1] = n
        count += 2
    halves.counts[0] = count


@inner
def _is_foreign(side: Side, n: Number, other: Side, place: Number) -> bool:
    """Whether a glued word or one of those it is has a letter that is not ASCII."""
    flags = side.words[n]["flags"] | other.words[place]["flags"] | other.words[place + 1]["flags"]
    return bool(flags & np.uint32(known.FOREIGN))


@inner
def _copy(word: Words, words: Words, at: Number) -> None:
    to = words[at]
    to["key"], to["bare"], to["stump"] = word["key"], word["bare"], word["stump"]
    to["start"], to["end"], to["sizes"], to["flags"] = word["start"], word["end"], word["sizes"], word["flags"]


@inner
def _half(
    side: Side, said: Words, start: Number, end: Number, whole: bool, special: Words, words: Words, at: Number
) -> None:
    """Write a half of a glued word as the other text says it, or without what hung on it there."""
    _copy(said, words, at)
    word = words[at]
    word["start"], word["end"] = start, end
    flags = np.int64(said["flags"])
    if not whole and flags & known.TORN:
        size = np.int64(said["sizes"]) >> 16 & 0xFF
        word["key"] = word["bare"] = said["stump"]
        word["sizes"] = size | size << 8 | size << 16
        flags &= known.FIGURE | known.NUMBER
        if not flags & known.FIGURE:
            flags |= known.ALPHA
    flags &= ~(known.NAME | known.LOWER)
    if end - start > 2 and side.kinds[point(side.data, start)[0]] & known.UPPER and not flags & known.FIGURE:
        flags |= known.NAME
    word["flags"] = flags | known.GLUED
    if not whole:
        look_up(words, special, at)


@borrower
def spread(side: Side, halves: Halves, numbers: Integers) -> None:
    """Bring what is known of the words of a text, a number each, to its words as they are taken apart."""
    if side.words.size != side.whole.size:
        for n in range(side.words.size - 1, -1, -1):
            numbers[n] = numbers[halves.origins[n]]
