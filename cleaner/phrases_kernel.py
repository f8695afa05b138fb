"""Which lines the phrase tables may know, compiled: short lines are folded and looked up by their hashes.

What it names is more than what is known, never less: the phrase tables themselves decide. Lines with characters that
fold in company (accents by themselves, ligatures, letters of syllables) are left to the plain look.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable
from typing import Any

import numpy as np

from cleaner.codes import codes
from cleaner.compiled import borrower, inner, kernel
from cleaner.hash_set import has
from cleaner.line_marks_kernel import glance
from cleaner.phrases import LONGEST, MARKS, NOTICE
from cleaner.segment import fold
from cleaner.words_of_bytes import load, lowest
from cleaner.words_of_codes import blanks, small

Array = np.ndarray[Any, Any]
Table = tuple[Array, Array, Array, Array, Array, Array]
"""Hints, by a character or the hash of a word or two; hashes of phrases and prefixes; a bit for the hash of the first
four characters of a clue, and behind these, by the hash of one to four characters, the beginnings that are these; by
fewer bits of that hash the first clue (or -1), of a shorter one by its first character behind all hashes; for each clue
the next of its chain, where its characters start and end, and with which beginnings it counts; these characters. Few
arrays on purpose: each costs a call seven arguments."""

_SIGNS, _KANA, _IDEOGRAPHS, _SYLLABLES = (0x2010, 0x2800), (0x3000, 0x3100), (0x4E00, 0xA000), (0xAC00, 0xD7A4)
_WIDE = 0xFF01, 0xFF5F
_FOLDED = _WIDE[1]
_ALONE = 0xFFFF
"""Stands for a character that does not fold into one character by itself."""
_LATIN, _GREEK, _MARKED = 0x300, 0x370, 0x530
_HEADS = 1 << 13
_BITS, _LEAD, _HEADED = 1 << 10, 4, 11
"""Numbers of bits for clues; characters of a beginning that are told, and bits of their hash."""
_ANY, _SHORT, _BEGUN = 0, 1, 2
"""Bits of beginnings: that of every line, that of one as short as a notice, and the first of those that are named."""
_HINTS = 1 << 16
_SINGLE, _DOUBLE, _FITS, _CLUE = 1, 2, 4, 8
"""A word is all of a phrase or prefix; two words begin one; one that begins with a word has this length; a character
begins a clue of less than four. Words are what stands between marks."""
_PREFIX = 1
"""What the hash of a prefix starts with beside that of a phrase."""
_LONG = 160
"""No phrase has more characters."""
_PRIME = 0x100000001B3
_BASIS = 0x4BF29CE484222325 & ((1 << 62) - 1)
_MASK = (1 << 62) - 1
_U = np.uint64
_MIXED, _LEADING = 0x9E3779B97F4A7C15, 0xD6E8FEB86659FD93
_MIX = _U(_MIXED)


def _folds() -> Array:
    """What each character folds into; of three dots, the last."""
    table = np.full(_FOLDED, _ALONE, dtype=np.uint16)
    for code in (*range(_LATIN), *range(_GREEK, _MARKED), *range(*_SIGNS), *range(*_KANA), *range(*_WIDE)):
        character = chr(code)
        if character.isspace():
            table[code] = 32
            continue
        folded = fold(character)
        steady = len(folded) == 1 and fold(folded) == folded and ord(folded) < _FOLDED
        if steady and unicodedata.category(character)[0] != "M":
            table[code] = ord(folded)
    table[0x2026] = 46
    for first, end in (_IDEOGRAPHS, _SYLLABLES):  # all of these are folded already, which asking each would show late
        table[first:end] = range(first, end)
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


@borrower
def _worded(word: int) -> int:
    """The place of the hint of a word, or two, with this hash."""
    return (word ^ word >> 16 ^ word >> 32) & (_HINTS - 1)


@borrower
def _fitting(word: int, length: int) -> int:
    return _worded(word ^ length * 0x9E5)


_WORD = re.compile(f"[^{re.escape(MARKS)}]+")


def _hinted(strings: Iterable[str], clues: Iterable[str]) -> Array:
    """What spares most lines all other questions: what phrases and prefixes begin with, and how long they are then."""
    hints = np.zeros(_HINTS, dtype=np.uint8)
    for string in strings:
        first, *others = _WORD.findall(string)
        word = _hash_of(first, 0)
        hints[_fitting(word, len(string))] |= _FITS
        if others:
            hints[_worded(_hash_of(" " + others[0], word ^ _BASIS))] |= _DOUBLE
        else:
            hints[_worded(word)] |= _SINGLE
    for clue in clues:
        hints[ord(clue[0])] |= _CLUE
    return hints


def table(
    phrases: Collection[str],
    prefixes: Collection[str],
    templates: Iterable[tuple[str, tuple[str, ...]]],
    notices: Iterable[str],
) -> Table:
    """Keys of phrases and prefixes; clues, of which one must stand in a line that fits a template, and how it begins.

    Then the clues of notices.
    """
    assert max(map(len, phrases)) <= _LONG
    clues, opening = _counting(templates)
    for clue in notices:
        clues[clue] = clues.get(clue, 0) | 1 << _SHORT
    known = [clue for clue in clues if max(map(ord, clue)) < _FOLDED]
    hints = _hinted((*phrases, *prefixes), [clue for clue in known if len(clue) < 4])
    heads = np.zeros(_BITS, dtype=np.uint64)
    first = np.full(_HEADS + _FOLDED, -1, dtype=np.int16)
    chains = np.full((len(known), 4), -1, dtype=np.int64)
    end = 0
    for number, clue in enumerate(known):
        head = _HEADS + ord(clue[0])
        if len(clue) > 3:
            word = int.from_bytes(clue[:4].encode("utf-16-le"), "little")
            place = (word * _MIXED & (1 << 64) - 1) >> 48
            heads[place >> 6] |= _U(1 << (place & 63))
            head = place >> 3
        chains[number] = first[head], end, end + len(clue), clues[clue]
        first[head] = number
        end += len(clue)
    letters = np.array([ord(character) for clue in known for character in clue], dtype=np.uint16)
    return hints, _hashes(phrases, prefixes), np.concatenate([heads, opening]), first, chains, letters


def _counting(templates: Iterable[tuple[str, tuple[str, ...]]]) -> tuple[dict[str, int], Array]:
    """For each clue with which beginnings of a line it counts, a bit for each; and these bits by the hashes of those.

    Beginnings are told by up to four characters.
    """
    numbers: dict[tuple[str, ...], int] = {(): _ANY}
    clues: dict[str, int] = {}
    for clue, begins in templates:
        clues[clue] = clues.get(clue, 0) | 1 << numbers.setdefault(begins, len(numbers) - 1 + _BEGUN)
    assert max(numbers.values()) < 63, "a bit for each"
    found = np.zeros(1 << _HEADED, dtype=np.uint64)
    for begins, number in numbers.items():
        for lead in {begin[:_LEAD].encode("utf-16-le") for begin in begins}:
            found[_headed(int.from_bytes(lead.rjust(2 * _LEAD, b"\0"), "little"))] |= _U(1 << number)
    return clues, found


def _headed(lead: int) -> int:
    """The place of the beginnings that are these characters, as the highest ones of four."""
    return (lead * _LEADING & (1 << 64) - 1) >> (64 - _HEADED)


def look(text: str, known: Table) -> tuple[list[int], list[int]]:
    """The numbers of the lines of a text that may be known, and of those that are left to the plain look."""
    starts = glance(text).starts
    found = np.empty((2, len(starts)), dtype=np.int32)
    asked, unsure = _ask(codes(text), starts, *known, found)
    return found[0, :asked].tolist(), found[1, :unsure].tolist()


@kernel
def _ask(
    text: Array,
    starts: Array,
    hints: Array,
    hashes: Array,
    heads: Array,
    first: Array,
    chains: Array,
    letters: Array,
    found: Array,
) -> tuple[int, int]:
    """Write the lines that may be known into the first row, those left to the plain look into the second."""
    line = np.empty(3 * LONGEST + 64, dtype=np.uint16)
    asked = unsure = 0
    for n in range(len(starts)):
        begin = starts[n]
        end = starts[n + 1] - 1 if n + 1 < len(starts) else len(text)
        if 0 < end - begin <= LONGEST:
            size = _fold(text, begin, end, line)
            if size < 0:
                found[1, unsure] = n
                unsure += 1
            elif _is_known(line, size, hints, hashes, heads, first, chains, letters):
                found[0, asked] = n
                asked += 1
    return asked, unsure


@inner
def _is_known(
    line: Array, size: int, hints: Array, hashes: Array, heads: Array, first: Array, chains: Array, letters: Array
) -> bool:
    """Whether a folded line may be known, or is nothing but marks."""
    begin, end = 0, size
    while begin < end and _MARKS[line[begin]]:
        begin += 1
    while end > begin and _MARKS[line[end - 1]]:
        end -= 1
    if begin == end or _has_phrase(line, begin, end, size, hints, hashes):
        return True
    begun = _begun(line, begin, heads)
    if end - begin > NOTICE:
        begun &= ~(1 << _SHORT)
    return _has_clue(line, size, begun, hints, heads, first, chains, letters)


@inner
def _begun(line: Array, begin: int, heads: Array) -> Any:
    """The beginnings that a line may have, a bit for each."""
    found = _U(1 << _ANY | 1 << _SHORT)
    four = load(line, begin)
    for size in range(1, _LEAD + 1):
        lead = four << _U(16 * (_LEAD - size))
        found |= heads[_U(_BITS) + (lead * _U(_LEADING) >> _U(64 - _HEADED))]
    return np.int64(found)


@inner
def _fold(text: Array, begin: int, end: int, line: Array) -> int:
    """Write the folded text and three blanks behind it; gives its length, -1 where a character is not folded alone."""
    size = 0
    blank = True
    at = begin
    while at < end:
        spaces = blanks(text, at)
        odd = small(text, at, line, size) | spaces & (spaces << _U(1) | _U(blank))
        many = min(lowest(odd), end - at)
        if many:
            size += many
            at += many
            blank = line[size - 1] == 32
            continue
        code = text[at]
        at += 1
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


@inner
def _word(line: Array, at: int, size: int, value: int) -> tuple[int, int]:
    """Where the word at a place ends, and its hash, which starts with a value."""
    while at < size and not _MARKS[line[at]]:
        value = ((value ^ line[at]) * _PRIME) & _MASK
        at += 1
    return at, value


@inner
def _begins(line: Array, size: int, hints: Array, word: int, until: int) -> bool:
    """Whether a phrase or prefix may begin the line, whose first word has this hash and end."""
    at = until
    ended = line[at - 1] == 33 or line[at - 1] == 63
    while at < size and _MARKS[line[at]]:
        ended |= line[at] != 32
        at += 1
    if (ended or at == size) and hints[_worded(word)] & _SINGLE:
        return True
    value = ((word ^ 32) * _PRIME) & _MASK
    return at < size and hints[_worded(_word(line, at, size, value)[1])] & _DOUBLE != 0


@inner
def _has_phrase(line: Array, begin: int, end: int, size: int, hints: Array, hashes: Array) -> bool:
    """Whether what stands between the marks is a phrase, or begins with a phrase and a stop, or with a prefix."""
    until, opener = _word(line, begin, size, _BASIS)
    if not _begins(line, size, hints, opener, until):
        return False
    if _has(hashes, 0, hints, opener, line, begin, end):
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


@inner
def _has(slots: Array, start: int, hints: Array, opener: int, line: Array, begin: int, end: int) -> bool:
    """Whether a part of the line is in a table, without the marks at its end."""
    while end > begin and _MARKS[line[end - 1]]:
        end -= 1
    if end - begin > _LONG or not hints[_fitting(opener, end - begin)] & _FITS:
        return False
    value = _BASIS ^ start
    for at in range(begin, end):
        value = ((value ^ line[at]) * _PRIME) & _MASK
    return has(slots, value)


@inner
def _has_clue(
    line: Array, size: int, begun: int, hints: Array, heads: Array, first: Array, chains: Array, letters: Array
) -> bool:
    """Whether a clue stands in the line, blanks behind it included, that counts in one with these beginnings."""
    for at in range(size):
        place = load(line, at) * _MIX >> _U(48)
        bit = heads[place >> _U(6)] >> (place & _U(63)) & _U(1)
        if bit and _stands(first[place >> _U(3)], line, size, at, begun, chains, letters):
            return True
        if hints[line[at]] & _CLUE and _stands(first[_HEADS + line[at]], line, size, at, begun, chains, letters):
            return True
    return False


@inner
def _stands(clue: int, line: Array, size: int, at: int, begun: int, chains: Array, letters: Array) -> bool:
    """Whether a clue of a chain that counts here stands at a place of the line."""
    while clue >= 0:
        start, end = chains[clue, 1], chains[clue, 2]
        shift = at - start
        place = start if chains[clue, 3] & begun else end + 1
        while place < end and place + shift <= size and line[place + shift] == letters[place]:
            place += 1
        if place == end:
            return True
        clue = chains[clue, 0]
    return False
