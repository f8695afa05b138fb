"""Which lines the phrase tables may know, compiled: short lines are folded and looked up by their hashes.

What it names is more than what is known, never less: the phrase tables themselves decide. Lines with characters that
fold in company (accents by themselves, ligatures, scripts of the East) are left to the plain look.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable
from typing import Any

import numpy as np

from cleaner.compiled import kernel
from cleaner.line_marks_kernel import codes
from cleaner.phrases import LONGEST, MARKS
from cleaner.segment import fold

Array = np.ndarray[Any, Any]
Table = tuple[Array, Array, Array, Array, Array, Array, Array]
"""Hashes of the phrases and of the prefixes; the characters that clues of less than three begin with; the first of the
others (or -1) by the hash of three characters, and for each the next of its chain; their characters, and where each of
them starts."""

ASKED, UNSURE = 1, 2
_FOLDED = 0x2200
_ALONE = 0xFFFF
"""Stands for a character that does not fold into one character by itself."""
_LATIN, _GREEK, _MARKED, _PUNCTUATION = 0x300, 0x370, 0x530, 0x2010
_HEADS = 1 << 12
_LONG = 160
"""No phrase has more characters."""
_PRIME = 0x100000001B3
_BASIS = 0x4BF29CE484222325 & ((1 << 62) - 1)
_MASK = (1 << 62) - 1


def _folds() -> Array:
    """What each character folds into; of three dots, the last."""
    table = np.full(_FOLDED, _ALONE, dtype=np.uint16)
    for code in (*range(_LATIN), *range(_GREEK, _MARKED), *range(_PUNCTUATION, _FOLDED)):
        character = chr(code)
        if character.isspace():
            table[code] = 32
            continue
        folded = fold(character)
        steady = len(folded) == 1 and fold(folded) == folded and ord(folded) < _FOLDED
        if steady and unicodedata.category(character)[0] != "M":
            table[code] = ord(folded)
    table[0x2026] = 46
    return table


_FOLDS = _folds()
_MARKS = np.zeros(_FOLDED, dtype=np.bool_)
_MARKS[[ord(mark) for mark in MARKS]] = True


def _hash_of(phrase: str) -> int:
    value = _BASIS
    for character in phrase:
        value = ((value ^ ord(character)) * _PRIME) & _MASK
    return value


def _hashes(phrases: Iterable[str]) -> Array:
    """Hashes in a power of two of slots, at least half of them empty (-1)."""
    values = [_hash_of(phrase) for phrase in phrases]
    slots = np.full(1 << (2 * len(values)).bit_length(), -1, dtype=np.int64)
    for value in values:
        slot = (value ^ (value >> 29)) & (len(slots) - 1)
        while slots[slot] >= 0:
            slot = (slot + 1) & (len(slots) - 1)
        slots[slot] = value
    return slots


def _head(one: int, two: int, three: int) -> int:
    return (one ^ two << 3 ^ three << 6) & (_HEADS - 1)


def table(phrases: Collection[str], prefixes: Iterable[str], clues: Iterable[str]) -> Table:
    """Keys of phrases and prefixes, and the strings of which one must stand in a line that fits a template."""
    assert max(map(len, phrases)) <= _LONG
    known = [clue for clue in clues if max(map(ord, clue)) < _FOLDED]
    short = np.zeros(_FOLDED, dtype=np.bool_)
    short[[ord(clue[0]) for clue in known if len(clue) < 3]] = True
    known = [clue for clue in known if len(clue) > 2]
    first = np.full(_HEADS, -1, dtype=np.int32)
    following = np.full(len(known), -1, dtype=np.int32)
    for number, clue in enumerate(known):
        head = _head(*map(ord, clue[:3]))
        following[number], first[head] = first[head], number
    starts = np.zeros(len(known) + 1, dtype=np.int64)
    np.cumsum([len(clue) for clue in known], out=starts[1:])
    letters = np.array([ord(character) for clue in known for character in clue], dtype=np.uint16)
    return _hashes(phrases), _hashes(prefixes), short, first, following, letters, starts


def look(text: str, count: int, known: Table) -> bytes:
    """For each of the `count` lines of a text whether it may be known (`ASKED`), or is left to the plain look."""
    found = np.zeros(count, dtype=np.uint8)
    _ask(codes(text), _FOLDS, _MARKS, *known, found)
    return found.tobytes()


@kernel
def _ask(
    text: Array, folds: Array, marks: Array, phrases: Array, prefixes: Array, short: Array, first: Array,
    following: Array, letters: Array, starts: Array, found: Array,
) -> None:  # fmt: skip
    line = np.empty(3 * LONGEST + 2, dtype=np.uint16)
    begin = 0
    for n in range(len(found)):
        end = begin
        while end < len(text) and text[end] != 10:
            end += 1
        if 0 < end - begin <= LONGEST:
            size = _fold(text[begin:end], folds, line)
            if size < 0:
                found[n] = UNSURE
            elif _has_phrase(line, size, marks, phrases, prefixes) or _has_clue(
                line, size, short, first, following, letters, starts
            ):
                found[n] = ASKED
        begin = end + 1


@kernel
def _fold(text: Array, folds: Array, line: Array) -> int:
    """Write the folded text and two blanks behind it; gives its length, -1 where a character is not folded alone."""
    size = 0
    blank = True
    for code in text:
        if code == 0x2026:
            line[size] = line[size + 1] = 46
            size += 2
        folded = folds[code] if code < _FOLDED else _ALONE
        if folded == _ALONE:
            return -1
        if folded != 32 or not blank:
            line[size] = folded
            size += 1
        blank = folded == 32
    size -= blank and size > 0
    line[size] = line[size + 1] = 32
    return size


@kernel
def _has_phrase(line: Array, size: int, marks: Array, phrases: Array, prefixes: Array) -> bool:
    """Whether the line without its marks is a phrase or nothing, or begins with a phrase and a stop, or a prefix."""
    begin, end = 0, size
    while begin < end and marks[line[begin]]:
        begin += 1
    while end > begin and marks[line[end - 1]]:
        end -= 1
    if begin == end or _has(phrases, line, begin, end, marks):
        return True
    prefixed = False
    for at in range(begin, end):
        code = line[at]
        if not prefixed and (code == 58 or code == 124 or code == 62 or code == 0x2192):
            prefixed = True
            if _has(prefixes, line, begin, at, marks):
                return True
        if (
            (code == 46 or code == 33 or code == 63)
            and line[at + 1] == 32
            and _has(phrases, line, begin, at + 1, marks)
        ):
            return True
    return False


@kernel
def _has(slots: Array, line: Array, begin: int, end: int, marks: Array) -> bool:
    """Whether a part of the line is in a table, without the marks at its end."""
    while end > begin and marks[line[end - 1]]:
        end -= 1
    if end - begin > _LONG:
        return False
    value = _BASIS
    for at in range(begin, end):
        value = ((value ^ line[at]) * _PRIME) & _MASK
    mask = len(slots) - 1
    slot = (value ^ (value >> 29)) & mask
    while slots[slot] >= 0:
        if slots[slot] == value:
            return True
        slot = (slot + 1) & mask
    return False


@kernel
def _has_clue(
    line: Array, size: int, short: Array, first: Array, following: Array, letters: Array, starts: Array
) -> bool:
    """Whether a clue stands in the line, blanks behind it included, or a character that a short clue begins with."""
    for at in range(size):
        if short[line[at]]:
            return True
        head = (np.uint32(line[at]) ^ np.uint32(line[at + 1]) << 3 ^ np.uint32(line[at + 2]) << 6) & (_HEADS - 1)
        clue = first[head]
        while clue >= 0:
            offset = 0
            length = starts[clue + 1] - starts[clue]
            while offset < length and at + offset < size + 1 and line[at + offset] == letters[starts[clue] + offset]:
                offset += 1
            if offset == length:
                return True
            clue = following[clue]
    return False
