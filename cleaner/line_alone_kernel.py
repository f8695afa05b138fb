"""What a line shows by its characters, compiled: `line_features` for all lines of a text at once.

Most characters are small letters and blanks, and nothing is asked of them one by one: a bit for each tells where the
others stand. `line_speech_kernel` reads the words.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from cleaner.compiled import borrower, kernel
from cleaner.line_features import CLASSES, ENDS, LINKS, LONG, LOWERED, OWN, PLAIN, PROSE_WORDS, STARTS
from cleaner.words_of_bytes import bits, lowest, standing

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
assert LINKS == (b"://", b"www.", b".com", b".org", b".net", b"@"), "the kernel spells them out"


def _shown() -> Array:
    """What each character is shown as, in one byte."""
    one = np.full(1 << 16, ord("?"), dtype=np.uint8)
    one[:256] = np.arange(256)
    for mark, cousin in PLAIN:
        one[ord(mark)] = ord(cousin)
    return one


SHOWN = _shown()
_CLASS_OF, _LOWER_OF = np.frombuffer(CLASSES, dtype=np.uint8), np.frombuffer(LOWERED, dtype=np.uint8)


@kernel
def classed(text: Array) -> tuple[Array, Array]:
    """The characters of a shown text as classes, and in small letters."""
    classes, lowered = np.empty(len(text), dtype=np.uint8), np.empty(len(text), dtype=np.uint8)
    for at in range(len(text)):
        classes[at], lowered[at] = _CLASS_OF[text[at]], _LOWER_OF[text[at]]
    return classes, lowered


@borrower
def _is_final(code: int) -> bool:
    return code == 46 or code == 33 or code == 81


@borrower
def _dotted(classes: Array, first: int, at: int) -> bool:
    return bool(at - 2 >= first and classes[at] == 46 and classes[at - 1] == 46 and classes[at - 2] == 46)


@borrower
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
    """Fill the columns that come from characters; `bounds` holds where the lines start and end.

    A bit for each character tells small letters, capitals, capitals behind a blank, and what is looked at one by one.
    """
    words = (len(classes) - PADDING) // 64 + 1
    signs = np.empty((words, 4), dtype=np.uint64)
    behind = _U(1)
    for n in range(words):
        blank = standing(classes, n * 64, np.uint8(32))
        signs[n, 0] = standing(classes, n * 64, np.uint8(97))
        signs[n, 1] = standing(classes, n * 64, np.uint8(65))
        signs[n, 2] = signs[n, 1] & (blank << _U(1) | behind)
        signs[n, 3] = ~(signs[n, 0] | signs[n, 1] | blank)
        behind = blank >> _U(63)
    counts = np.zeros(128, dtype=np.int64)
    for n in range(len(table)):
        first, last = bounds[0, n], bounds[1, n] - 1
        while first <= last and classes[first] == 32:
            first += 1
        while last >= first and classes[last] == 32:
            last -= 1
        _shape(text, classes, first, last, signs, counts, table[n])


@borrower
def _shape(text: Array, classes: Array, first: int, last: int, signs: Array, counts: Array, row: Array) -> None:
    """Fill the columns of the line from `first` to `last`, neither of them a blank unless all of it is."""
    bare = first > last
    chars = 1 if bare else last - first + 1
    counts[:] = 0
    letters = upper = raised = sentences = addresses = dates = 0
    for n in range(first >> 6, (last >> 6) + 1):
        mask = _ALL
        if n == first >> 6:
            mask <<= _U(first & 63)
        if n == last >> 6:
            mask &= _ALL >> _U(63 - (last & 63))
        letters += bits(signs[n, 0] & mask)
        upper += bits(signs[n, 1] & mask)
        raised += bits(signs[n, 2] & mask)
        left = signs[n, 3] & mask
        while left:
            at = (n << 6) + lowest(left)
            left &= left - _U(1)
            code = classes[at]
            counts[code] += 1
            if code == 48:
                dates += _is_date(text, at)
            else:
                sentences += _ends_sentence(classes, first, last, at)
                if _may_link(text[at]):
                    addresses += _link_marks(text, at)
    letters += upper + counts[63]
    row[_CHARS] = min(chars, LONG)
    row[_END] = _END_OF[126] if bare else _end_of(classes, first, last, _END_OF)
    row[_START] = _START_OF[126] if bare else _START_OF[classes[first]]
    row[_COMMAS] = min(counts[44], 30)
    row[_CAPITALS] = raised
    row[_UPPER] = upper * 1000 // max(letters, 1)
    row[_DIGITS] = counts[48] * 1000 // chars
    row[_SENTENCES] = min(sentences, 20)
    row[_JOINTS] = min(counts[124], 20)
    row[_QUESTIONS] = min(counts[81], 5)
    row[_EXCLAIMS] = min(counts[33], 5)
    row[_QUOTES] = min(counts[34], 20)
    row[_LETTERS] = letters * 1000 // chars
    row[_FOREIGN] = counts[63] * 1000 // chars
    row[_BRACKETS] = min(counts[40], 10)
    row[_PROSE] = 2 * counts[63] > chars and chars >= 2 * PROSE_WORDS
    row[_LINKS], row[_DATES] = min(addresses, 5), min(dates, 5)
    row[LOST] = counts[63]


@borrower
def _ends_sentence(classes: Array, first: int, last: int, at: int) -> bool:
    """Whether a stop, or the quote behind a full stop, stands here and a blank behind it."""
    if at >= last or classes[at + 1] != 32:
        return False
    return _is_final(classes[at]) or bool(classes[at] == 34 and at > first and classes[at - 1] == 46)


@borrower
def _may_link(code: int) -> bool:
    return code == 64 or code == 58 or code == 46


@borrower
def _link_marks(text: Array, at: int) -> int:
    """How much of what only an address has begins here, or ends here: "www."."""
    if text[at] == 64:
        return 1
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


@borrower
def _is_digit(code: int) -> bool:
    return 48 <= code <= 57


@borrower
def _is_date(text: Array, at: int) -> bool:
    if at + 3 >= len(text) or not (_is_digit(text[at + 2]) and _is_digit(text[at + 3])):
        return False
    one, two = text[at], text[at + 1]
    if (one == 49 or one == 50) and (two == 48 or two == 57):
        return True
    return bool(two == 58 or two == 46 or two == 47)
