"""Which lines the phrase tables may know, compiled: short lines are folded and looked up by their hashes.

What it names is more than what is known, never less: the phrase tables themselves decide. Lines with characters that
fold in company (accents by themselves, ligatures, scripts of the East) are left to the plain look.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable
from typing import Any

import numpy as np

from cleaner.codes import codes
from cleaner.compiled import kernel
from cleaner.hash_set import has
from cleaner.phrases import LONGEST, MARKS
from cleaner.segment import fold

Array = np.ndarray[Any, Any]
Table = tuple[Array, Array, Array, Array, Array]
"""Hints, by a character or the hash of three; hashes of phrases and prefixes; the first clue (or -1) by the hash of its
first four characters, of a shorter one by its first character behind all hashes; for each clue the next of its chain,
where its characters start and end; these characters. Few arrays on purpose: each costs a call seven arguments."""

ASKED, UNSURE = 1, 2
_FOLDED = 0x2800
_ALONE = 0xFFFF
"""Stands for a character that does not fold into one character by itself."""
_LATIN, _GREEK, _MARKED, _PUNCTUATION = 0x300, 0x370, 0x530, 0x2010
_HEADS = 1 << 13
_HINTS = 1 << 16
_BRIEF, _OPENS, _FITS, _CLUE = 1, 2, 4, 8
"""A character begins a phrase or prefix of less than three; three characters begin a longer one; they do, and it has
this length; a character begins a clue of less than four."""
_PREFIX = 1
"""What the hash of a prefix starts with beside that of a phrase."""
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


def _hash_of(phrase: str, start: int) -> int:
    value = _BASIS ^ start
    for character in phrase:
        value = ((value ^ ord(character)) * _PRIME) & _MASK
    return value


def _hashes(phrases: Iterable[str], prefixes: Iterable[str]) -> Array:
    """Hashes in a power of two of slots, at least half of them empty (-1)."""
    values = [*(_hash_of(phrase, 0) for phrase in phrases), *(_hash_of(prefix, _PREFIX) for prefix in prefixes)]
    slots = np.full(1 << (2 * len(values)).bit_length(), -1, dtype=np.int64)
    for value in values:
        slot = (value ^ (value >> 29)) & (len(slots) - 1)
        while slots[slot] >= 0:
            slot = (slot + 1) & (len(slots) - 1)
        slots[slot] = value
    return slots


@kernel
def _head(one: int, two: int, three: int, four: int) -> int:
    return ((one ^ two << 5 ^ three << 10 ^ four << 15) * 0x9E5 >> 8) & (_HEADS - 1)


@kernel
def _opener(one: int, two: int, three: int) -> int:
    return (one ^ two << 5 ^ three << 10) & (_HINTS - 1)


@kernel
def _fitting(opener: int, length: int) -> int:
    return (opener ^ length * 0x9E5) & (_HINTS - 1)


def _hinted(strings: Iterable[str], clues: Iterable[str]) -> Array:
    """What spares most lines all other questions: what phrases and prefixes begin with, and how long they are then."""
    hints = np.zeros(_HINTS, dtype=np.uint8)
    for string in strings:
        begin = [ord(character) for character in string[:3]]
        if len(begin) < 3:
            hints[begin[0]] |= _BRIEF
        elif max(begin) < _FOLDED:
            opener = _opener(*begin)
            hints[opener] |= _OPENS
            hints[_fitting(opener, len(string))] |= _FITS
    for clue in clues:
        hints[ord(clue[0])] |= _CLUE
    return hints


def table(phrases: Collection[str], prefixes: Collection[str], clues: Iterable[str]) -> Table:
    """Keys of phrases and prefixes, and the strings of which one must stand in a line that fits a template."""
    assert max(map(len, phrases)) <= _LONG
    known = [clue for clue in clues if max(map(ord, clue)) < _FOLDED]
    hints = _hinted((*phrases, *prefixes), [clue for clue in known if len(clue) < 4])
    first = np.full(_HEADS + _FOLDED, -1, dtype=np.int16)
    chains = np.full((len(known), 3), -1, dtype=np.int32)
    end = 0
    for number, clue in enumerate(known):
        head = _head(*map(ord, clue[:4])) if len(clue) > 3 else _HEADS + ord(clue[0])
        chains[number] = first[head], end, end + len(clue)
        first[head] = number
        end += len(clue)
    letters = np.array([ord(character) for clue in known for character in clue], dtype=np.uint16)
    return hints, _hashes(phrases, prefixes), first, chains, letters


def look(text: str, count: int, known: Table) -> bytes:
    """For each of the `count` lines of a text whether it may be known (`ASKED`), or is left to the plain look."""
    found = np.zeros(count, dtype=np.uint8)
    _ask(codes(text), *known, found)
    return found.tobytes()


@kernel
def _ask(text: Array, hints: Array, hashes: Array, first: Array, chains: Array, letters: Array, found: Array) -> None:
    line = np.empty(3 * LONGEST + 3, dtype=np.uint16)
    begin = 0
    for n in range(len(found)):
        end = begin
        while end < len(text) and text[end] != 10:
            end += 1
        if 0 < end - begin <= LONGEST:
            size = _fold(text, begin, end, line)
            if size < 0:
                found[n] = UNSURE
            elif _has_phrase(line, size, hints, hashes) or _has_clue(line, size, hints, first, chains, letters):
                found[n] = ASKED
        begin = end + 1


@kernel
def _fold(text: Array, begin: int, end: int, line: Array) -> int:
    """Write the folded text and three blanks behind it; gives its length, -1 where a character is not folded alone."""
    size = 0
    blank = True
    for at in range(begin, end):
        code = text[at]
        if code == 0x2026:
            line[size] = line[size + 1] = 46
            size += 2
        folded = _FOLDS[code] if code < _FOLDED else _ALONE
        if folded == _ALONE:
            return -1
        if folded != 32 or not blank:
            line[size] = folded
            size += 1
        blank = folded == 32
    size -= blank and size > 0
    line[size] = line[size + 1] = line[size + 2] = 32
    return size


@kernel
def _has_phrase(line: Array, size: int, hints: Array, hashes: Array) -> bool:
    """Whether the line without its marks is a phrase or nothing, or begins with a phrase and a stop, or a prefix."""
    begin, end = 0, size
    while begin < end and _MARKS[line[begin]]:
        begin += 1
    opener = _opener(int(line[begin]), int(line[begin + 1]), int(line[begin + 2]))
    if begin < end and not (hints[line[begin]] & _BRIEF or hints[opener] & _OPENS):
        return False
    while end > begin and _MARKS[line[end - 1]]:
        end -= 1
    if begin == end or _has(hashes, 0, hints, opener, line, begin, end):
        return True
    prefixed = False
    for at in range(begin, end):
        code = line[at]
        if not prefixed and (code == 58 or code == 124 or code == 62 or code == 0x2192):
            prefixed = True
            if _has(hashes, _PREFIX, hints, opener, line, begin, at):
                return True
        stops = code == 46 or code == 33 or code == 63
        if stops and line[at + 1] == 32 and _has(hashes, 0, hints, opener, line, begin, at + 1):
            return True
    return False


@kernel
def _has(slots: Array, start: int, hints: Array, opener: int, line: Array, begin: int, end: int) -> bool:
    """Whether a part of the line is in a table, without the marks at its end."""
    while end > begin and _MARKS[line[end - 1]]:
        end -= 1
    if end - begin > _LONG or (end - begin > 2 and not hints[_fitting(opener, end - begin)] & _FITS):
        return False
    value = _BASIS ^ start
    for at in range(begin, end):
        value = ((value ^ line[at]) * _PRIME) & _MASK
    return has(slots, value)


@kernel
def _has_clue(line: Array, size: int, hints: Array, first: Array, chains: Array, letters: Array) -> bool:
    """Whether a clue stands in the line, blanks behind it included."""
    two, three, four = int(line[0]), int(line[1]), int(line[2])
    for at in range(size):
        one, two, three, four = two, three, four, int(line[at + 3])
        clue = first[_head(one, two, three, four)]
        if clue >= 0 and _stands(clue, line, size, at, chains, letters):
            return True
        if hints[one] & _CLUE and _stands(first[_HEADS + one], line, size, at, chains, letters):
            return True
    return False


@kernel
def _stands(clue: int, line: Array, size: int, at: int, chains: Array, letters: Array) -> bool:
    """Whether a clue of a chain stands at a place of the line."""
    while clue >= 0:
        start, end = chains[clue, 1], chains[clue, 2]
        shift = at - start
        place = start
        while place < end and place + shift <= size and line[place + shift] == letters[place]:
            place += 1
        if place == end:
            return True
        clue = chains[clue, 0]
    return False
