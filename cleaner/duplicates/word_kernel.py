"""The words of many texts, compiled: what `wording.Text` finds in ordinary ones, as hashes with places and properties.

A text is ordinary when each of its characters is in `word_table`, no mark of it is an entity or damaged, and no word
is longer than LONGEST. Nothing is said about other texts. Places are in bytes of UTF-8.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from cleaner.compiled import borrower, inner
from cleaner.duplicates import word_table as known
from cleaner.duplicates.plain_word_kernel import REACH, look_up, read_window
from cleaner.duplicates.sign_kernel import read_signs
from cleaner.segment import PROSE_LETTERS, PROSE_WORDS
from cleaner.words_of_bytes import point

Bytes = npt.NDArray[np.uint8]
Integers = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint64]
Shorts = npt.NDArray[np.uint16]
Words = npt.NDArray[np.void]
Number = Any
"""A whole number, of Python or of numpy: kernels do not tell them apart."""

WORD = np.dtype(
    [
        ("key", "<u8"),
        ("bare", "<u8"),
        ("stump", "<u8"),
        ("start", "<i4"),
        ("end", "<i4"),
        ("sizes", "<u4"),
        ("flags", "<u4"),
    ]
)
"""A word: what it is compared by, the same without apostrophes, what stands before an apostrophe, its place in the
bytes of its text, the lengths of the three in 8 bits each, and what it is (`word_table`)."""

_U = np.uint64
_BASE = _U(known.BASE)
_LETTER, _DIGIT, _UPPER, _MARK, _SPACE = known.LETTER, known.DIGIT, known.UPPER, known.MARK, known.SPACE
_SIGN, _ODD, _LOOSE, _LIMIT, _LONGEST = (
    known.SIGN,
    known.ODD,
    known.LOOSE,
    known.LIMIT,
    known.LONGEST,
)
_DENIES, _TAIL, _FIGURE, _ALPHA, _NAME, _LOWER, _FOREIGN, _TORN, _NUMBER = (
    known.DENIES,
    known.TAIL,
    known.FIGURE,
    known.ALPHA,
    known.NAME,
    known.LOWER,
    known.FOREIGN,
    known.TORN,
    known.NUMBER,
)
_ALNUM, _UNCASED, _ALONE = _LETTER | _DIGIT, known.UNCASED, known.ALONE
_EURO, _BROKEN, _AMPERSAND = 0x20AC, 0xE2, 0x26


@inner
def _kind(data: Bytes, at: Number, end: Number, kinds: Shorts) -> Number:
    """What the character at a place is, nothing behind the end."""
    if at >= end:
        return 0
    code, _ = point(data, at)
    return np.int64(kinds[code]) if code < _LIMIT else _ODD


@inner
def _low(data: Bytes, at: Number, end: Number) -> Number:
    """An ASCII letter at a place, in lower case."""
    if at >= end:
        return 0
    code = np.int64(data[at])
    return code | 0x20 if 0x41 <= code <= 0x5A else code


@inner
def _tail(data: Bytes, at: Number, end: Number, kinds: Shorts, last: Number) -> Number:
    """Whether what stands behind an apostrophe hangs on the word before it, which ends with the letter `last`."""
    one, two = _low(data, at, end), _low(data, at + 1, end)
    if not _kind(data, at + 1, end, kinds) & _ALNUM:
        return one == 0x73 or one == 0x6D or one == 0x64 or (one == 0x74 and last == 0x6E)
    if _kind(data, at + 2, end, kinds) & _ALNUM:
        return False
    return (one == 0x6C and two == 0x6C) or (two == 0x65 and (one == 0x72 or one == 0x76))


@inner
def _thousands(data: Bytes, at: Number, end: Number, kinds: Shorts) -> Number:
    """Whether exactly three digits stand at a place."""
    if at + 3 > end:
        return False
    for k in range(at, at + 3):
        if not 0x30 <= data[k] <= 0x39:
            return False
    return not _kind(data, at + 3, end, kinds) & _ALNUM


@inner
def _is_entity(data: Bytes, at: Number, end: Number) -> bool:
    """Whether what stands behind an ampersand may be the name of a character."""
    for k in range(at, min(end, at + 8)):
        if data[k] == 0x3B:
            return bool(k > at)
        if not (data[k] == 0x23 or 0x30 <= data[k] <= 0x39 or 0x61 <= (data[k] | 0x20) <= 0x7A):
            return False
    return False


@inner
def _read(
    data: Bytes, begin: Number, end: Number, kinds: Shorts, folds: Shorts, special: Words, words: Words, at: Number
) -> tuple[Number, Number]:
    """The words of one text into `words[at:]`; gives their number, -1 if it is not ordinary, and the signs met."""
    begun = at
    place = begin
    signs = 0
    before: Number = 0
    while place < end:
        if place + REACH <= data.size:
            start = place
            place, at, sign = read_window(data, place, begin, end, special, words, at)
            signs += sign
            if place > start:
                before = np.int64(data[place - 1])
                continue
        code, width = point(data, place)
        if code >= _LIMIT:
            return -1, 0
        kind = np.int64(kinds[code])
        if kind & _ODD or (code == _AMPERSAND and _is_entity(data, place + 1, end)):
            return -1, 0
        if not kind & _ALNUM:
            if kind & _LOOSE and kinds[before] & _ALNUM:
                return -1, 0
            signs += (kind & _SIGN) != 0
            if code == _EURO and before == _BROKEN:
                return -1, 0
            before = code
            place += width
            continue
        start = place
        key = bare = stump = _U(0)
        size = bares = stumps = marks = commas = digits = points = 0
        flags = np.int64(0)
        shape: Number = 0
        last: Number = 0
        initial = kind
        while True:
            if kind & _ALNUM:
                if (kind | initial) & _ALONE and place > start and last:
                    break
                last = np.int64(folds[code])
                key = key * _BASE + _U(last)
                bare = bare * _BASE + _U(last)
                size += 1
                bares += 1
                digits += (kind & _DIGIT) != 0
                shape |= kind
                if kind & _LETTER and not kind & (_UPPER | _UNCASED):
                    flags |= _LOWER
                if code >= 0x80:
                    flags |= _FOREIGN
                before = code
                place += width
            else:
                joined = 0
                after = place + width
                if code == 0x2E:
                    joined = 0x30 <= last <= 0x39 and after < end and 0x30 <= data[after] <= 0x39
                    points += joined
                elif code == 0x2C:
                    joined = 0x30 <= last <= 0x39 and _thousands(data, after, end, kinds)
                    commas += joined
                elif kind & _MARK and last and not 0x30 <= last <= 0x39:
                    many = False
                    while _kind(data, after, end, kinds) & _MARK:
                        after += point(data, after)[1]
                        many = True
                    joined = _tail(data, after, end, kinds, last)
                    if joined and many:
                        return -1, 0
                    if joined:
                        marks += 1
                        stump, stumps = key, size
                        code = 0x27
                if not joined:
                    break
                key = key * _BASE + _U(code)
                if code != 0x27 and code != 0x2C:
                    bare = bare * _BASE + _U(code)
                    bares += 1
                size += 1
                last = 0
                place = after
            if place >= end:
                break
            code, width = point(data, place)
            if code >= _LIMIT:
                return -1, 0
            kind = np.int64(kinds[code])
            if kind & _ODD:
                return -1, 0
        if size > _LONGEST or marks > 1 or (marks and commas):
            return -1, 0
        if commas and (points or shape & _LETTER):
            bare, bares = key, size
        elif commas:
            key, size = bare, bares
        if not marks:
            stump, stumps = key, size
        else:
            flags |= _TORN
            if last == 0x74:
                flags |= _DENIES
        if digits:
            flags |= _FIGURE
        elif not marks:
            flags |= _ALPHA
        if initial & _DIGIT:
            flags |= _NUMBER
        if shape & _UPPER:
            flags &= ~_LOWER
        if initial & _UPPER and not digits and size > 2:
            flags |= _NAME
        words[at]["key"] = key
        words[at]["bare"] = bare
        words[at]["stump"] = stump
        words[at]["start"] = start - begin
        words[at]["end"] = place - begin
        words[at]["sizes"] = size | bares << 8 | stumps << 16
        words[at]["flags"] = flags
        look_up(words, special, at)
        at += 1
    return at - begun, signs


@inner
def _title(data: Bytes, begin: Number, end: Number, kinds: Shorts) -> Number:
    """The tokens of the first line that can be seen if it is a title, 0 if it is prose."""
    start = begin
    while start < end and kinds[point(data, start)[0]] & _SPACE:
        start += point(data, start)[1]
    while start > begin and data[start - 1] != 0x0A:
        start -= 1
    stop = start
    characters = blanks = tokens = 0
    inside: Number = 0
    plain = True
    while stop < end and data[stop] != 0x0A:
        code, width = point(data, stop)
        blanks += code == 0x20
        characters += 1
        plain = plain and width == 1
        alone = kinds[code] & _ALONE
        tokens += alone != 0 or (not inside and (kinds[code] & _ALNUM) != 0)
        inside = 0 if alone else kinds[code] & _ALNUM
        stop += width
    enough = blanks + 1 >= PROSE_WORDS or (not plain and tokens >= 2 * PROSE_WORDS)
    if characters >= PROSE_LETTERS and enough and ends_like_prose(data, start, stop, kinds):
        return 0
    return tokens


@borrower
def ends_like_prose(data: Bytes, begin: Number, end: Number, kinds: Shorts) -> bool:
    """Whether a line ends in a stop, quotes and brackets behind it allowed, and is not cut off."""
    while end > begin and kinds[point(data, start_before(data, end))[0]] & _SPACE:
        end = start_before(data, end)
    last = end
    while last > begin and kinds[point(data, start_before(data, last))[0]] & known.CLOSES:
        last = start_before(data, last)
    if last == begin or not kinds[point(data, start_before(data, last))[0]] & known.STOP:
        return False
    if end - begin >= 3 and data[end - 1] == 0x2E and data[end - 2] == 0x2E and data[end - 3] == 0x2E:
        return False
    if data[end - 1] != 0x5D:
        return True
    dots = end - 5 >= begin and data[end - 2] == 0x2E and data[end - 3] == 0x2E and data[end - 4] == 0x2E
    ellipsis = end - 5 >= begin and point(data, end - 4)[0] == 0x2026
    return not ((dots or ellipsis) and data[end - 5] == 0x5B)


@inner
def start_before(data: Bytes, end: Number) -> Number:
    """Where the character before a place begins."""
    end -= 1
    while data[end] & 0xC0 == 0x80:
        end -= 1
    return end


@borrower
def read_words(
    data: Bytes,
    borders: Integers,
    wanted: npt.NDArray[np.bool_],
    kinds: Shorts,
    folds: Shorts,
    special: Words,
    words: Words,
    starts: Integers,
    facts: Integers,
    marks: Integers,
) -> None:
    """The words of some texts, `data[borders[n]:borders[n + 1]]`, into `words[starts[n]:starts[n + 1]]`.

    `words` has room for half as many as there are bytes, and one for each text. `facts` gets a row per text: whether it
    is ordinary, the tokens of its title, and how many different signs `marks[n]` has got.
    """
    at = 0
    for n in range(borders.size - 1):
        starts[n] = at
        facts[n, 0] = facts[n, 1] = facts[n, 2] = 0
        begin, end = borders[n], borders[n + 1]
        if not wanted[n]:
            continue
        count, signs = _read(data, begin, end, kinds, folds, special, words, at)
        if count < 0:
            continue
        found = read_signs(data, begin, end, kinds, marks[n]) if signs else 0
        if found < 0:
            continue
        facts[n, 0] = 1
        facts[n, 1] = _title(data, begin, end, kinds)
        facts[n, 2] = found
        at += count
    starts[borders.size - 1] = at
