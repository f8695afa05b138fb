"""Words of ASCII letters and digits alone, most of all words, compiled: 64 bytes are looked at together.

What hangs together with a mark, a point or a letter that is not ASCII is left to `word_kernel`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from cleaner.compiled import inlined
from cleaner.duplicates import word_table as known
from cleaner.words_of_bytes import classes, load, lowest, standing, weighed

Bytes = npt.NDArray[np.uint8]
Words = npt.NDArray[np.void]
Number = Any

_U = np.uint64
_POWERS = known.powers()
_WEIGHTS = np.ascontiguousarray(_POWERS[7::-1])
"""What each of eight letters counts for in their hash."""
_SPECIAL = known.special_bits()
_FIGURE, _ALPHA, _NAME, _LOWER, _TORN, _NUMBER = (
    known.FIGURE,
    known.ALPHA,
    known.NAME,
    known.LOWER,
    known.TORN,
    known.NUMBER,
)
_LONGEST = known.LONGEST
_TOGETHER = 64
REACH = _TOGETHER + 8
"""Bytes from a place on that are read: words begin up to the last one of those that are looked at."""
_SMALL, _LETTERS, _LAST = _U(0x2020202020202020), _U(0x4040404040404040), _U(1 << 63)
"""The bits that tell small letters from capitals, and letters from digits; the last of 64 bytes."""


@inlined
def look_up(word: Words, special: Words, at: Number) -> None:
    """Look up a word that ended in the lists."""
    key = word[at]["key"]
    if not _SPECIAL[(key >> _U(26)) & _U(255)] & (_U(1) << ((key >> _U(20)) & _U(63))):
        return
    if word[at]["sizes"] & 0xFF > 12 or word[at]["flags"] & np.uint32(_FIGURE | _TORN):
        return
    mask = _U(special.size - 1)
    slot = (word[at]["key"] >> _U(20)) & mask
    while special[slot]["key"] != 0:
        if special[slot]["key"] == word[at]["key"]:
            word[at]["key"] = special[slot]["said"]
            word[at]["bare"] = special[slot]["bare"]
            word[at]["stump"] = special[slot]["stump"]
            word[at]["sizes"] = special[slot]["sizes"]
            word[at]["flags"] |= special[slot]["flags"]
            return
        slot = (slot + _U(1)) & mask


@inlined
def _plain_word(data: Bytes, at: Number, size: Number, words: Words, n: Number) -> None:
    """Write down a word of so many ASCII letters and digits, all but its place."""
    key = capitals = letters = figures = _U(0)
    initial, left = data[at], size
    while left > 0:
        raw, above = load(data, at), _U(64 - 8 * min(left, 8))
        key = key * _POWERS[min(left, 8)] + weighed((raw | _SMALL) << above, _WEIGHTS)
        capitals |= ~raw << above
        letters |= raw << above
        figures |= (~raw & _LETTERS) << above
        at, left = at + 8, left - 8
    flags: Number = _FIGURE if figures else _ALPHA
    if initial < 0x3A:
        flags |= _NUMBER
    elif initial < 0x5B and size > 2 and not figures:
        flags |= _NAME
    if letters & _LETTERS and not capitals & _SMALL:
        flags |= _LOWER
    word = words[n]
    word["key"] = word["bare"] = word["stump"] = key
    word["sizes"], word["flags"] = size | size << 8 | size << 16, flags


@inlined
def _up_to(size: Number) -> np.uint64:
    """Bits for so many of 64 bytes."""
    return ~_U(0) >> _U(64 - size) if size else _U(0)


@inlined
def _has_sign(data: Bytes, at: Number, size: Number, whole: np.uint64) -> bool:
    """Whether a sign that may belong to a number or a letter is among up to 64 bytes, `whole` of which make words.

    A plus belongs to the letter before it, and a minus, which is no hyphen, to the digit behind it.
    """
    signs = standing(data, at, np.uint8(0x24)) | standing(data, at, np.uint8(0x25))
    signs |= (standing(data, at, np.uint8(0x23)) | standing(data, at, np.uint8(0x2B))) & (whole << _U(1) | _U(1))
    signs |= standing(data, at, np.uint8(0x2D)) & ~(whole << _U(1)) & (whole >> _U(1) | _LAST)
    return bool(signs & _up_to(size) != 0)


@inlined
def read_window(
    data: Bytes, at: Number, begin: Number, end: Number, special: Words, words: Words, n: Number
) -> tuple[Number, Number, bool]:
    """Read the words of up to 64 bytes, as far as they are ASCII and hang together with nothing behind them.

    Gives where to go on, the number of the next word, and whether there may be a sign.
    """
    inside = _up_to(min(_TOGETHER, end - at))
    whole, foreign = classes(data, at)
    whole &= inside
    marks = standing(data, at, np.uint8(0x27)) | standing(data, at, np.uint8(0x3F)) | standing(data, at, np.uint8(0x60))
    joints = marks | standing(data, at, np.uint8(0x2E)) | standing(data, at, np.uint8(0x2C))
    joints &= whole << _U(1) & (((whole | marks | foreign) & inside) >> _U(1) | _LAST)
    size = min(_TOGETHER, end - at, lowest(foreign | joints | standing(data, at, np.uint8(0x26))))
    begins, ends = whole & ~(whole << _U(1)), ~whole & (whole << _U(1))
    while begins:
        start, stop = lowest(begins), lowest(ends)
        if (stop >= size and (start >= size or at + stop < end)) or stop - start > _LONGEST:
            size = min(size, start)
            break
        _plain_word(data, at + start, stop - start, words, n)
        words[n]["start"], words[n]["end"] = at + start - begin, at + stop - begin
        look_up(words, special, n)
        n += 1
        begins &= begins - _U(1)
        ends &= ends - _U(1)
    return at + size, n, _has_sign(data, at, size, whole)
