"""What a line shows by itself, compiled: `line_features` for all lines of a text at once.

Most characters are small letters and blanks, and nothing is asked of them one by one: a bit for each tells where the
others stand, and where words begin and end. Words are hashed eight bytes at a time.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from cleaner.compiled import kernel
from cleaner.line_features import (
    BITS,
    CLASSES,
    ENDS,
    FINAL,
    LINKS,
    LONG,
    LOWERED,
    OWN,
    PLAIN,
    PROSE_WORDS,
    READ,
    SPOKEN,
    STARTS,
    kinds,
)
from cleaner.line_words import KINDS
from cleaner.words_of_bytes import bits, equal, load, lowest, standing

Array = np.ndarray[Any, Any]
_U = np.uint64
_ALL = _U(0xFFFFFFFFFFFFFFFF)
_BASIS = _U(0x4BF29CE484222325)
_FACTOR = _U(0x9E3779B97F4A7C15)
PADDING = 72
"""Bytes behind the shown text: it is read 64 bytes at a time, and words by eight."""
LOST = len(OWN)
"""Behind the columns, in a row of its own: how many letters of a line cannot be shown."""
_KINDS = len(KINDS)
_AT = {name: number for number, name in enumerate(OWN)}
(
    _CHARS, _WORDS, _STOP, _STOPS, _END, _START, _COMMAS, _CAPITALS, _UPPER, _DIGITS, _SENTENCES, _JOINTS, _LINKS,
    _QUESTIONS, _EXCLAIMS, _QUOTES, _DATES, _LETTERS, _FOREIGN, _BRACKETS, _FIRST_KIND, _LEXICAL, _FIRST, _PROSE,
    _CONTENT,
) = (
    _AT[name]
    for name in (
        "chars", "words", "stop", "stops", "end", "start", "commas", "capitals", "upper", "digits", "sentences",
        "joints", "links", "questions", "exclaims", "quotes", "dates", "letters", "foreign", "brackets",
        next(iter(KINDS)), "lexical", "first", "prose", "content",
    )
)  # fmt: skip


def _by_byte(table: Mapping[int, int]) -> Array:
    found = np.zeros(256, dtype=np.int64)
    for byte, value in table.items():
        found[byte] = value
    return found


_END_OF, _START_OF = _by_byte(ENDS), _by_byte(STARTS)
_LINK_BYTES = np.frombuffer(b"".join(mark.ljust(4, b"\0") for mark in LINKS), dtype=np.uint8).reshape(-1, 4)


def _shown_as() -> Array:
    """What each character is shown as: itself in one byte, its class, its small letter."""
    one = np.full(1 << 16, ord("?"), dtype=np.uint8)
    one[:256] = np.arange(256)
    for mark, cousin in PLAIN:
        one[ord(mark)] = ord(cousin)
    return np.stack([one, np.frombuffer(CLASSES, dtype=np.uint8)[one], np.frombuffer(LOWERED, dtype=np.uint8)[one]])


SHOWN = _shown_as()


def words_table(lexicon: Mapping[bytes, int]) -> Array:
    """The words of all kinds: in each slot a hash (-1 is empty), the kind of the word, from 1, and its weight."""
    latin, _ = kinds()
    slots = np.zeros((1 << (3 * len(latin)).bit_length(), 3), dtype=np.int64)
    slots[:, 0] = -1
    for word, unit in latin.items():
        value = _hash_of(word)
        slot = (value ^ (value >> 29)) & (len(slots) - 1)
        while slots[slot, 0] >= 0:
            slot = (slot + 1) & (len(slots) - 1)
        slots[slot] = value, (unit.bit_length() + BITS - 1) // BITS, lexicon.get(word, 0)
    return slots


def _hash_of(word: bytes) -> int:
    """As `_hashed`."""
    every = int(_ALL)
    value = int(_BASIS)
    for at in range(0, len(word), 8):
        value = (value ^ int.from_bytes(word[at : at + 8], "little")) * int(_FACTOR) & every
        value ^= value >> 29
    return value >> 1


@kernel
def _hashed(text: Array, begin: int, end: int) -> int:
    """A word as a number below 2**63; two words share one by chance only."""
    value = _BASIS
    for at in range(begin, end, 8):
        part = load(text, at)
        left = end - at
        if left < 8:
            part &= (_U(1) << _U(8 * left)) - _U(1)
        value = (value ^ part) * _FACTOR
        value ^= value >> _U(29)
    return int(value >> _U(1))


@kernel
def shown_as(text: Array, shown: Array, found: Array) -> None:
    """Fill in the text as one byte a character, as classes and in small letters; each ends in `PADDING` blanks."""
    size = len(text)
    for at in range(size):
        code = text[at]
        found[0, at] = shown[0, code]
        found[1, at] = shown[1, code]
        found[2, at] = shown[2, code]
    found[:, size:] = 32


@kernel
def _is_final(code: int) -> bool:
    return code == 46 or code == 33 or code == 81


@kernel
def _dotted(classes: Array, first: int, at: int) -> bool:
    return bool(at - 2 >= first and classes[at] == 46 and classes[at - 1] == 46 and classes[at - 2] == 46)


@kernel
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
    words = (len(classes) - PADDING) // 64 + 1
    small, telling = np.empty(words, dtype=np.uint64), np.empty(words, dtype=np.uint64)
    for n in range(words):
        small[n] = standing(classes, n * 64, np.uint8(97))
        telling[n] = ~(small[n] | standing(classes, n * 64, np.uint8(32)))
    counts = np.zeros(128, dtype=np.int64)
    for n in range(len(table)):
        first, last = bounds[0, n], bounds[1, n] - 1
        while first <= last and classes[first] == 32:
            first += 1
        while last >= first and classes[last] == 32:
            last -= 1
        _shape(text, classes, first, last, small, telling, counts, table[n])


@kernel
def _shape(
    text: Array, classes: Array, first: int, last: int, small: Array, telling: Array, counts: Array, row: Array
) -> None:
    """Fill the columns of the line from `first` to `last`, neither of them a blank unless all of it is."""
    bare = first > last
    chars = 1 if bare else last - first + 1
    counts[:] = 0
    letters = raised = sentences = addresses = dates = 0
    for n in range(first >> 6, (last >> 6) + 1):
        mask = _ALL
        if n == first >> 6:
            mask <<= _U(first & 63)
        if n == last >> 6:
            mask &= _ALL >> _U(63 - (last & 63))
        letters += bits(small[n] & mask)
        left = telling[n] & mask
        while left:
            at = (n << 6) + lowest(left)
            left &= left - _U(1)
            code = classes[at]
            counts[code] += 1
            if code == 65:
                raised += at == first or classes[at - 1] == 32
            elif code == 48:
                dates += _is_date(text, at)
            else:
                sentences += _ends_sentence(classes, first, last, at)
                if _may_link(text[at]):
                    addresses += _link_marks(text, at, _LINK_BYTES)
    letters += counts[65] + counts[63]
    row[_CHARS] = min(chars, LONG)
    row[_END] = _END_OF[126] if bare else _end_of(classes, first, last, _END_OF)
    row[_START] = _START_OF[126] if bare else _START_OF[classes[first]]
    row[_COMMAS] = min(counts[44], 30)
    row[_CAPITALS] = raised
    row[_UPPER] = counts[65] * 1000 // max(letters, 1)
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


@kernel
def _ends_sentence(classes: Array, first: int, last: int, at: int) -> bool:
    """Whether a stop, or the quote behind a full stop, stands here and a blank behind it."""
    if at >= last or classes[at + 1] != 32:
        return False
    return _is_final(classes[at]) or bool(classes[at] == 34 and at > first and classes[at - 1] == 46)


@kernel
def _may_link(code: int) -> bool:
    return code == 64 or code == 58 or code == 46


@kernel
def _link_marks(text: Array, at: int, links: Array) -> int:
    """How much of what only an address has begins here, or ends here: "www."."""
    found = 0
    if text[at] == 46 and at >= 3 and text[at - 1] == 119 and text[at - 2] == 119 and text[at - 3] == 119:
        found = 1
    for k in range(len(links)):
        offset = 0
        while offset < 4 and links[k, offset] and at + offset < len(text) and text[at + offset] == links[k, offset]:
            offset += 1
        found += offset == 4 or (offset and links[k, offset] == 0)
    return found


@kernel
def _is_digit(code: int) -> bool:
    return 48 <= code <= 57


@kernel
def _is_date(text: Array, at: int) -> bool:
    if at + 3 >= len(text) or not (_is_digit(text[at + 2]) and _is_digit(text[at + 3])):
        return False
    one, two = text[at], text[at + 1]
    if (one == 49 or one == 50) and (two == 48 or two == 57):
        return True
    return bool(two == 58 or two == 46 or two == 47)


@kernel
def speech(lowered: Array, bounds: Array, slots: Array, table: Array, hashes: Array, borders: Array) -> None:
    """Fill the columns that come from words, the hashes of content words, and where in these each line begins."""
    content = 0
    kind = np.zeros(_KINDS + 1, dtype=np.int64)
    mask = len(slots) - 1
    for n in range(len(table)):
        row = table[n]
        kind[:] = 0
        total = lexical = row[_FIRST] = 0
        borders[n] = content
        end = bounds[1, n]
        block = bounds[0, n] >> 6
        spoken = ~standing(lowered, block << 6, np.uint8(32)) & (_ALL << _U(bounds[0, n] & 63))
        while True:
            while not spoken and (block + 1) << 6 < end:
                block += 1
                spoken = ~standing(lowered, block << 6, np.uint8(32))
            begin = (block << 6) + lowest(spoken)
            if not spoken or begin >= end:
                break
            silent = ~spoken & (_ALL << _U(begin & 63))
            while not silent:
                block += 1
                spoken = ~standing(lowered, block << 6, np.uint8(32))
                silent = ~spoken
            at = (block << 6) + lowest(silent)
            spoken &= _ALL << _U(at & 63)
            value = _hashed(lowered, begin, at)
            slot = (value ^ (value >> 29)) & mask
            while slots[slot, 0] >= 0 and slots[slot, 0] != value:
                slot = (slot + 1) & mask
            if slots[slot, 0] == value:
                if total < READ:
                    kind[slots[slot, 1]] += 1
                if total < SPOKEN:
                    lexical += slots[slot, 2]
                if total == 0:
                    row[_FIRST] = slots[slot, 1]
            elif at - begin > 3 and not _is_unsure(lowered, begin, at):
                hashes[content] = value
                content += 1
            total += 1
        row[_WORDS] = min(total, 400)
        row[_CAPITALS] = row[_CAPITALS] * 1000 // max(1, row[_WORDS])
        row[_LEXICAL] = lexical
        row[_PROSE] = row[_END] >= FINAL and (row[_WORDS] >= PROSE_WORDS or row[_PROSE] > 0)
        row[_CONTENT] = content - borders[n]
        kinds_in(kind[1:], row)
    borders[len(table)] = content


@kernel
def kinds_in(kind: Array, row: Array) -> None:
    """Fill the columns that count the words of each kind."""
    looked = max(1, min(row[_WORDS], READ))
    stops = kind[_KINDS - 1]
    row[_STOP] = min(stops * 1000 // looked, 1000)
    row[_STOPS] = min(stops, 60)
    for k in range(_KINDS - 1):
        row[_FIRST_KIND + k] = min(kind[k], 15)


@kernel
def _is_unsure(text: Array, begin: int, end: int) -> bool:
    """Whether a word holds a letter that cannot be shown."""
    for at in range(begin, end, 8):
        found = equal(load(text, at), _U(63))
        if found and at + (lowest(found) >> 3) < end:
            return True
    return False
