"""What a glance at a line tells, compiled: a line is read from its end, and from its head only as far as needed.

Only of short lines that are sought all characters may be.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Any, NamedTuple
from unicodedata import category

import numpy as np

from cleaner.codes import codes
from cleaner.compiled import borrower, inner
from cleaner.line_marks import ENDED, PROSE, SEVERAL, Sought
from cleaner.segment import CLOSING, CUT, FINAL, PROSE_LETTERS, PROSE_WORDS
from cleaner.words_of_bytes import bits, lowest
from cleaner.words_of_codes import line_feeds

Array = np.ndarray[Any, Any]
SPACE, _CLOSING, _FINAL, DIGIT, _LETTER = 1, 2, 4, 8, 16

_ALONE_FROM = 0x0E00
"""From here on a letter may be a token by itself."""


def _kinds() -> Array:
    found = np.zeros(1 << 16, dtype=np.uint8)
    found[[code for code in range(0x3001) if chr(code).isspace()]] = SPACE
    for kind, characters in ((_CLOSING, CLOSING), (_FINAL, FINAL)):
        found[[ord(character) for character in characters]] |= kind
    found[np.fromiter(map(str.isdecimal, map(chr, range(1 << 16))), np.bool_, 1 << 16)] |= DIGIT
    found[[code for code in range(128, _ALONE_FROM) if category(chr(code)) in ("Ll", "Lo", "Lu")]] |= _LETTER
    return found


KINDS = _kinds()
assert CUT == ("...", "[...]", "[\u2026]"), "the kernel spells them out"


class Glance(NamedTuple):
    """What a glance tells of the lines of a text, for each: its marks, where it starts, whether it is not blank."""

    marks: bytes
    starts: Array
    filled: bytes


@lru_cache(maxsize=4)
def glance(text: str) -> Glance:
    """What a glance tells of the lines of a text; those marked `SEVERAL` are left to be judged."""
    characters = codes(text)
    found = np.zeros((2, _count(characters)), dtype=np.uint8)
    starts = np.empty(found.shape[1], dtype=np.int32)
    _glance(characters, KINDS, found, starts)
    return Glance(found[0].tobytes(), starts, found[1].tobytes())


@borrower
def _count(text: Array) -> int:
    """How many lines a text has."""
    found = 1
    for at in range(0, len(text), 64):
        found += bits(line_feeds(text, at))  # nothing but zeros is behind the text
    return found


@borrower
def _glance(text: Array, kinds: Array, found: Array, starts: Array) -> None:
    first = 0
    for n in range(len(starts)):
        starts[n] = at = first
        end = line_end(text, first)
        while at < end and kinds[text[at]] & SPACE:
            at += 1
        if at < end:
            found[1, n] = 1
            if _ends_like_prose(text, first, end, kinds):
                found[0, n] = _prose(text, first, end, kinds) if end - first >= PROSE_LETTERS else ENDED
        first = end + 1


_ALONE, _THREE, _HOLDS = 1, 2, 4
"""What a line begins with, a character or three (by their hash), and what it holds."""


def short_lines(text: str, sought: Sought, but: range) -> Sequence[int]:
    """As `line_marks.short_lines`."""
    starts = glance(text).starts
    found = np.empty(len(starts), dtype=np.int32)
    count = _short(codes(text), KINDS, starts, but.start, but.stop, sought.longest, _seeking(sought), sought.row, found)
    numbers: list[int] = found[:count].tolist()
    return numbers


def _hash_of(one: int, two: int, three: int) -> int:
    """Three ASCII characters as a number of 16 bits, small letters and capitals alike."""
    return (one | 32) ^ (two | 32) << 5 ^ (three | 32) << 9


_three = borrower(_hash_of)


@cache
def _seeking(sought: Sought) -> Array:
    """By character, or by the hash of three: what makes a line one that is sought."""
    table = np.zeros(1 << 16, dtype=np.uint8)
    table[[ord(character) for character in sought.holds]] |= _HOLDS
    for begin in sought.begins:
        if len(begin) == 1:
            table[ord(begin)] |= _ALONE
        else:
            table[_hash_of(*map(ord, begin))] |= _THREE
    return table


@borrower
def _short(
    text: Array,
    kinds: Array,
    starts: Array,
    skipped: int,
    until: int,
    longest: int,
    table: Array,
    row: int,
    found: Array,
) -> int:
    """Write the numbers of the lines that are sought; gives how many there are."""
    count = 0
    for n in range(len(starts)):
        first = starts[n]
        end = starts[n + 1] - 1 if n + 1 < len(starts) else len(text)
        if skipped <= n < until:
            continue
        while first < end and kinds[text[first]] & SPACE:
            first += 1
        while first < end and kinds[text[end - 1]] & SPACE:
            end -= 1
        if first < end <= first + longest and _is_sought(text, first, end, table, row):
            found[count] = n
            count += 1
    return count


@inner
def _is_sought(text: Array, first: int, end: int, table: Array, row: int) -> bool:
    one = text[first]
    two, three = text[first + 1] if first + 1 < end else 32, text[first + 2] if first + 2 < end else 32
    if one | two | three > 127 or table[one] & _ALONE or table[_three(one, two, three)] & _THREE:
        return True
    left = row
    for at in range(first, end):
        left = left - 1 if table[text[at]] & _HOLDS else row
        if not left:
            return True
    return False


@inner
def line_end(text: Array, at: int) -> int:
    """Where the line ends that a place stands in."""
    size = len(text)
    while at < size:
        found = line_feeds(text, at)
        if found:
            return int(min(at + lowest(found), size))
        at += 64
    return size


@inner
def _prose(text: Array, first: int, end: int, kinds: Array) -> int:
    """The marks of a long line that ends like a sentence.

    Of one with few blanks the tokens count. They are at most as many as here: each begins behind a character that is
    no part of one, and only from U+0E00 on a letter may be one by itself, and end another. They are at least as many as
    letters of Chinese and Hiragana, each of which is one.
    """
    blanks = 0
    for at in range(first, end):
        blanks += text[at] == 32
        if blanks + 1 >= PROSE_WORDS:
            return PROSE | ENDED
    most, least, plain = 1, 0, True
    for at in range(first, end):
        code = text[at]
        if code >= 128:
            plain = False
            if code < _ALONE_FROM or 0x2000 <= code < 0x2070:
                most += not kinds[code] & _LETTER
            else:
                most += 2
            least += 0x4E00 <= code <= 0x9FFF or 0x3041 <= code <= 0x3096
        else:
            most += not (48 <= code <= 57 or 65 <= (code & 0xDF) <= 90)
    if least >= 2 * PROSE_WORDS:
        return PROSE | ENDED
    return ENDED if plain or most < 2 * PROSE_WORDS else SEVERAL | ENDED


@inner
def _ends_like_prose(text: Array, first: int, end: int, kinds: Array) -> bool:
    """As `segment.ends_like_prose`."""
    last = end - 1
    while last >= first and kinds[text[last]] & SPACE:
        last -= 1
    at = last
    while at >= first and kinds[text[at]] & _CLOSING:
        at -= 1
    if at < first or not kinds[text[at]] & _FINAL:
        return False
    if text[last] == 93:
        return not (_dots(text, first, last - 1, 91) or _is(text, first, last - 1, 0x2026, 91))
    return not _dots(text, first, last, 0)


@inner
def _is(text: Array, first: int, at: int, code: int, before: int) -> bool:
    """Whether a character stands at a place, and another before it."""
    return bool(at - 1 >= first and text[at] == code and text[at - 1] == before)


@inner
def _dots(text: Array, first: int, at: int, before: int) -> bool:
    """Whether three dots end at a place, and a character stands before them, if one is named."""
    for place in range(at - 2, at + 1):
        if place < first or text[place] != 46:
            return False
    return bool(before == 0 or (at - 3 >= first and text[at - 3] == before))
