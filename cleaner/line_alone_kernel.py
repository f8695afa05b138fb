"""What a line shows by its characters, compiled: `line_features` for all lines of a text at once.

What is counted is told by a bit for each character, 64 at a time, so that hardly any is looked at by itself.
`line_speech_kernel` reads the words.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from cleaner.compiled import inner, kernel
from cleaner.line_features import CLASSES, ENDS, LINKS, LONG, OWN, PLAIN, PROSE_WORDS, STARTS
from cleaner.words_of_bytes import SEVERAL, count_bits, lowest, standing

Array = np.ndarray[Any, Any]
_U = np.uint64
_ALL = _U(0xFFFFFFFFFFFFFFFF)
PADDING = 72
"""Bytes behind the shown text: it is read 64 bytes at a time, and words by eight."""
LOST = len(OWN)
"""Behind the columns, in a row of its own: how many letters of a line cannot be shown."""
(
    _CHARS, _END, _START, _COMMAS, _CAPITALS, _UPPER, _DIGITS, _SENTENCES, _JOINTS, _LINKS, _QUESTIONS, _EXCLAIMS,
    _QUOTES, _DATES, _LETTERS, _FOREIGN, _BRACKETS, _PROSE,
) = (
    OWN.index(name)
    for name in (
        "chars", "end", "start", "commas", "capitals", "upper", "digits", "sentences", "joints", "links", "questions",
        "exclaims", "quotes", "dates", "letters", "foreign", "brackets", "prose",
    )
)  # fmt: skip


def _by_byte(table: Mapping[int, int]) -> Array:
    found = np.zeros(256, dtype=np.int64)
    for byte, value in table.items():
        found[byte] = value
    return found


_END_OF, _START_OF = _by_byte(ENDS), _by_byte(STARTS)
_COUNTED = np.array([ord(code) for code in 'aA0?,|Q!"('], dtype=np.uint8)
"""Classes of which the characters are counted, in the order of the first signs."""
(
    _SIGN_SMALL, _SIGN_UPPER, _SIGN_DIGIT, _SIGN_FOREIGN, _SIGN_COMMA, _SIGN_JOINT, _SIGN_Q, _SIGN_EXCLAIM, _SIGN_QUOTE,
    _SIGN_BRACKET, _SIGN_AT, _SIGN_RAISED, _SIGN_SENTENCE, _SIGN_DATE, _SIGN_LINK, _SIGN_TWICE,
) = range(SEVERAL)  # fmt: skip
_SIGNS = SEVERAL
assert LINKS == (b"://", b"www.", b".com", b".org", b".net", b"@"), "the kernel spells them out"


def _shown() -> Array:
    """What each character is shown as, in one byte."""
    one = np.full(1 << 16, ord("?"), dtype=np.uint8)
    one[:256] = np.arange(256)
    for mark, cousin in PLAIN:
        one[ord(mark)] = ord(cousin)
    return one


SHOWN = _shown()
assert [at for at in range(128) if SHOWN[at] != at] == [63], "the kernel asks nothing else of ASCII"
_CLASS_OF = np.frombuffer(CLASSES, dtype=np.uint8)


@kernel
def classed(text: Array) -> tuple[Array, Array]:
    """The characters of a shown text as classes, and in small letters."""
    classes, lowered = np.empty(len(text), dtype=np.uint8), np.empty(len(text), dtype=np.uint8)
    for at in range(len(text)):
        classes[at] = _CLASS_OF[text[at]]
    for at in range(len(text)):  # many at once, since no table is asked
        code = classes[at]
        letter = text[at] + np.uint8(32 if code == 65 else 0)
        lowered[at] = letter if code == 65 or code == 97 else 63 if code == 63 else 32
    return classes, lowered


@inner
def _is_final(code: int) -> bool:
    return code == 46 or code == 33 or code == 81


@inner
def _dotted(classes: Array, first: int, at: int) -> bool:
    return bool(at - 2 >= first and classes[at] == 46 and classes[at - 1] == 46 and classes[at - 2] == 46)


@inner
def _end_of(classes: Array, first: int, last: int, ends: Array) -> int:
    """As `line_features._end`."""
    if _dotted(classes, first, last):
        return 0
    at = last
    while at >= first and (classes[at] == 34 or classes[at] == 40 or classes[at] == 124):
        at -= 1
    if at >= first and _is_final(classes[at]) and not _dotted(classes, first, at):
        return int(ends[classes[at]])
    return int(ends[classes[last]])


@kernel
def shapes(text: Array, classes: Array, bounds: Array, table: Array) -> None:
    """Fill the columns that come from characters; `bounds` holds where the lines start and end."""
    signs = _signs(text, classes)
    counts = np.empty(_SIGNS, dtype=np.int64)
    for n in range(len(table)):
        first, last = bounds[0, n], bounds[1, n] - 1
        while first <= last and classes[first] == 32:
            first += 1
        while last >= first and classes[last] == 32:
            last -= 1
        counts[:] = 0
        _count(signs, first, last, counts)
        row = table[n]
        _fill(counts, max(1, last - first + 1), row)
        row[_END] = _END_OF[126] if first > last else _end_of(classes, first, last, _END_OF)
        row[_START] = _START_OF[126] if first > last else _START_OF[classes[first]]


@kernel
def _signs(text: Array, classes: Array) -> Array:
    """A bit for each character, in a row for 64 of them, for everything that is counted."""
    words = (len(classes) - PADDING) // 64 + 1
    signs = np.zeros((words + 1, _SIGNS), dtype=np.uint64)
    blank, dot = np.empty((2, words + 1), dtype=np.uint64)
    blank[words], dot[words] = _ALL, _U(0)
    for n in range(words):
        at = n * 64
        blank[n], dot[n] = standing(classes, at, np.uint8(32)), standing(classes, at, np.uint8(46))
        for sign in range(len(_COUNTED)):
            signs[n, sign] = standing(classes, at, _COUNTED[sign])
        signs[n, _SIGN_AT] = standing(text, at, np.uint8(64))
    began, dotted, webbed = _U(1), _U(0), _U(0)
    for n in range(words):
        follows = blank[n] >> _U(1) | blank[n + 1] << _U(63)
        stops = (
            dot[n] | signs[n, _SIGN_Q] | signs[n, _SIGN_EXCLAIM] | (signs[n, _SIGN_QUOTE] & (dot[n] << _U(1) | dotted))
        )
        signs[n, _SIGN_SENTENCE] = stops & follows
        signs[n, _SIGN_RAISED] = signs[n, _SIGN_UPPER] & (blank[n] << _U(1) | began)
        digit, more = signs[n, _SIGN_DIGIT], signs[n + 1, _SIGN_DIGIT]
        _dates(text, n, digit & (digit >> _U(2) | more << _U(62)) & (digit >> _U(3) | more << _U(61)), signs)
        web = standing(text, n * 64, np.uint8(119))
        marks = standing(text, n * 64, np.uint8(58))
        _links(text, n, (dot[n] | marks) & ~follows | dot[n] & (web << _U(1) | webbed), signs)
        began, dotted, webbed = blank[n] >> _U(63), dot[n] >> _U(63), web >> _U(63)
    return signs


@inner
def _dates(text: Array, word: int, left: np.uint64, signs: Array) -> None:
    """Mark where dates begin among these digits, behind which one other stands and then two digits."""
    while left:
        at = lowest(left)
        signs[word, _SIGN_DATE] |= _U(_is_date(text, 64 * word + at)) << _U(at)
        left &= left - _U(1)


@inner
def _links(text: Array, word: int, left: np.uint64, signs: Array) -> None:
    """Mark what only an address has among these dots and colons; it may end and begin at one: "www.com"."""
    while left:
        at = lowest(left)
        found = _link_marks(text, 64 * word + at)
        signs[word, _SIGN_LINK] |= _U(found > 0) << _U(at)
        signs[word, _SIGN_TWICE] |= _U(found > 1) << _U(at)
        left &= left - _U(1)


@inner
def _count(signs: Array, first: int, last: int, counts: Array) -> None:
    """Count the bits from a character to another; at the last one no sentence ends that is followed by another."""
    for n in range(first >> 6, (last >> 6) + 1):
        mask = _ALL
        if n == first >> 6:
            mask <<= _U(first & 63)
        if n == last >> 6:
            mask &= _ALL >> _U(63 - (last & 63))
            counts[_SIGN_SENTENCE] -= np.int64(signs[n, _SIGN_SENTENCE] >> _U(last & 63) & _U(1))
        count_bits(signs, n * _SIGNS, mask, counts)


@inner
def _fill(counts: Array, chars: int, row: Array) -> None:
    """Fill the columns of a line of so many characters that are counts."""
    foreign, upper = counts[_SIGN_FOREIGN], counts[_SIGN_UPPER]
    letters = counts[_SIGN_SMALL] + upper + foreign
    row[_CHARS] = min(chars, LONG)
    row[_COMMAS] = min(counts[_SIGN_COMMA], 30)
    row[_CAPITALS] = counts[_SIGN_RAISED]
    row[_UPPER] = upper * 1000 // max(letters, 1)
    row[_DIGITS] = counts[_SIGN_DIGIT] * 1000 // chars
    row[_SENTENCES] = min(counts[_SIGN_SENTENCE], 20)
    row[_JOINTS] = min(counts[_SIGN_JOINT], 20)
    row[_QUESTIONS] = min(counts[_SIGN_Q], 5)
    row[_EXCLAIMS] = min(counts[_SIGN_EXCLAIM], 5)
    row[_QUOTES] = min(counts[_SIGN_QUOTE], 20)
    row[_LETTERS] = letters * 1000 // chars
    row[_FOREIGN] = foreign * 1000 // chars
    row[_BRACKETS] = min(counts[_SIGN_BRACKET], 10)
    row[_PROSE] = 2 * foreign > chars and chars >= 2 * PROSE_WORDS
    row[_LINKS] = min(counts[_SIGN_AT] + counts[_SIGN_LINK] + counts[_SIGN_TWICE], 5)
    row[_DATES] = min(counts[_SIGN_DATE], 5)
    row[LOST] = foreign


@inner
def _link_marks(text: Array, at: int) -> int:
    """How much of what only an address has begins here, or ends here: "www."."""
    if text[at] == 58:
        return int(text[at + 1] == 47 and text[at + 2] == 47)
    found = int(at >= 3 and text[at - 1] == 119 and text[at - 2] == 119 and text[at - 3] == 119)
    one, two, three = text[at + 1], text[at + 2], text[at + 3]
    if one == 99:
        found += two == 111 and three == 109
    elif one == 110:
        found += two == 101 and three == 116
    elif one == 111:
        found += two == 114 and three == 103
    return found


@inner
def _is_digit(code: int) -> bool:
    return 48 <= code <= 57


@inner
def _is_date(text: Array, at: int) -> bool:
    if at + 3 >= len(text) or not (_is_digit(text[at + 2]) and _is_digit(text[at + 3])):
        return False
    one, two = text[at], text[at + 1]
    if (one == 49 or one == 50) and (two == 48 or two == 57):
        return True
    return bool(two == 58 or two == 46 or two == 47)
