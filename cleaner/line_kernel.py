"""The columns and scores of lines once more, compiled: the same whole numbers, at a few nanoseconds a character.

`tests/test_classify.py` holds them equal to the plain ones on arbitrary text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from cleaner.compiled import kernel
from cleaner.line_context import COLUMNS
from cleaner.line_echo_kernel import echo
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
    USUAL,
    kinds,
    packed_any,
)
from cleaner.line_marks_kernel import codes
from cleaner.line_words import KINDS

Array = np.ndarray[Any, Any]
_PRIME = 0x100000001B3
_BASIS = 0x4BF29CE484222325 & ((1 << 62) - 1)
_MASK = (1 << 62) - 1
_KINDS = len(KINDS)
_AT = {name: number for number, name in enumerate(OWN)}
(
    _CHARS, _WORDS, _STOP, _STOPS, _END, _START, _COMMAS, _CAPITALS, _UPPER, _DIGITS, _SENTENCES, _JOINTS, _LINKS,
    _QUESTIONS, _EXCLAIMS, _QUOTES, _DATES, _COPIES, _LETTERS, _FOREIGN, _BRACKETS, _FIRST_KIND, _LEXICAL, _FIRST,
    _PROSE, _CONTENT,
) = (
    _AT[name]
    for name in (
        "chars", "words", "stop", "stops", "end", "start", "commas", "capitals", "upper", "digits", "sentences",
        "joints", "links", "questions", "exclaims", "quotes", "dates", "copies", "letters", "foreign", "brackets",
        next(iter(KINDS)), "lexical", "first", "prose", "content",
    )
)  # fmt: skip


def _by_byte(table: Mapping[int, int]) -> Array:
    found = np.zeros(256, dtype=np.int64)
    for byte, value in table.items():
        found[byte] = value
    return found


_END_OF, _START_OF = _by_byte(ENDS), _by_byte(STARTS)
_USUAL = np.array([(_AT[name], usual) for name, usual in USUAL.items()], dtype=np.int64)
_LINK_BYTES = np.frombuffer(b"".join(mark.ljust(4, b"\0") for mark in LINKS), dtype=np.uint8).reshape(-1, 4)


def _shown_as() -> Array:
    """What each character is shown as: itself in one byte, its class, its small letter."""
    one = np.full(1 << 16, ord("?"), dtype=np.uint8)
    one[:256] = np.arange(256)
    for mark, cousin in PLAIN:
        one[ord(mark)] = ord(cousin)
    return np.stack([one, np.frombuffer(CLASSES, dtype=np.uint8)[one], np.frombuffer(LOWERED, dtype=np.uint8)[one]])


_SHOWN = _shown_as()


def words_table(lexicon: Mapping[bytes, int]) -> tuple[Array, Array]:
    """The words of all kinds: hashes in slots (-1 is empty), and beside each its kind, from 1, and its weight."""
    latin, _ = kinds()
    slots = np.full(1 << (3 * len(latin)).bit_length(), -1, dtype=np.int64)
    values = np.zeros((len(slots), 2), dtype=np.int64)
    for word, unit in latin.items():
        value = _hash_of(word)
        slot = (value ^ (value >> 29)) & (len(slots) - 1)
        while slots[slot] >= 0:
            slot = (slot + 1) & (len(slots) - 1)
        slots[slot] = value
        values[slot] = (unit.bit_length() + BITS - 1) // BITS, lexicon.get(word, 0)
    return slots, values


def _hash_of(word: bytes) -> int:
    value = _BASIS
    for byte in word:
        value = ((value ^ byte) * _PRIME) & _MASK
    return value


def own_table(lines: Sequence[str], words: tuple[Array, Array]) -> Array:
    """As `line_features.own`, a row per line in an array with room for all columns of the first model.

    It is in Fortran order: what reads a column of many lines reads one stretch of memory.
    """
    text = codes("\n".join(lines))
    shown = np.empty((3, len(text) + 1), dtype=np.uint8)
    starts = np.zeros(len(lines) + 1, dtype=np.int64)
    foreign = _shown(text, _SHOWN, shown, starts)
    table = np.zeros((len(COLUMNS), len(lines)), dtype=np.int32).T
    alien = 5 * foreign > len(text)
    kind = np.zeros((len(lines) if alien else 0, _KINDS), dtype=np.int64)
    if alien:
        for n, line in enumerate(lines):
            packed = packed_any(line)
            kind[n] = [packed >> BITS * k & (1 << BITS) - 1 for k in range(_KINDS)]
    _shapes(shown[0], shown[1], starts, _END_OF, _START_OF, _LINK_BYTES, table)
    _speech(shown[2], starts, words[0], words[1], kind, _USUAL, table)
    copies = Counter(lines)
    table[:, _COPIES] = [min(copies[line], 8) for line in lines] if len(copies) < len(lines) else 1
    return table


@kernel
def _shown(text: Array, shown: Array, found: Array, starts: Array) -> int:
    """Fill in the text as one byte a character, as classes and in small letters, and where the lines start.

    Each ends in a byte more. Gives the number of letters that cannot be shown.
    """
    size = len(text)
    line = foreign = 0
    for at in range(size):
        code = text[at]
        code = code if code < shown.shape[1] else np.uint32(shown.shape[1] - 1)
        found[0, at] = shown[0, code]
        found[1, at] = shown[1, code]
        found[2, at] = shown[2, code]
        foreign += shown[1, code] == 63
        if code == 10:
            line += 1
            starts[line] = at + 1
    found[:, size] = 32
    starts[line + 1] = size + 1
    return foreign


@kernel
def _dotted(classes: Array, first: int, at: int) -> bool:
    return bool(at - 2 >= first and classes[at] == 46 and classes[at - 1] == 46 and classes[at - 2] == 46)


@kernel
def _is_final(code: int) -> bool:
    return code == 46 or code == 33 or code == 81


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
def _shapes(text: Array, classes: Array, starts: Array, ends: Array, begins: Array, links: Array, table: Array) -> None:
    """Fill the columns that come from characters. The arrays hold one byte more than the text."""
    counts = np.zeros(128, dtype=np.int64)
    for n in range(len(starts) - 1):
        row = table[n]
        first, last = starts[n], starts[n + 1] - 2
        while first <= last and classes[first] == 32:
            first += 1
        while last >= first and classes[last] == 32:
            last -= 1
        bare = first > last
        chars = 1 if bare else last - first + 1
        counts[:] = 0
        small = raised = marks = addresses = dates = 0
        for at in range(first, last + 1):
            code = classes[at]
            if code == 97:
                small += 1
                continue
            counts[code] += 1
            if code == 65:
                raised += at == first or classes[at - 1] == 32
            elif code == 32:
                marks += _ends_sentence(classes, first, at)
            elif code == 48:
                dates += _is_date(text, at)
            elif _may_link(text[at]):
                addresses += _link_marks(text, at, links)
        letters = counts[65] + small + counts[63]
        row[_CHARS] = min(chars, LONG)
        row[_END] = ends[126] if bare else _end_of(classes, first, last, ends)
        row[_START] = begins[126] if bare else begins[classes[first]]
        row[_COMMAS] = min(counts[44], 30)
        row[_CAPITALS] = raised
        row[_UPPER] = counts[65] * 1000 // max(letters, 1)
        row[_DIGITS] = counts[48] * 1000 // chars
        row[_SENTENCES] = min(marks, 20)
        row[_JOINTS] = min(counts[124], 20)
        row[_QUESTIONS] = min(counts[81], 5)
        row[_EXCLAIMS] = min(counts[33], 5)
        row[_QUOTES] = min(counts[34], 20)
        row[_LETTERS] = letters * 1000 // chars
        row[_FOREIGN] = counts[63] * 1000 // chars
        row[_BRACKETS] = min(counts[40], 10)
        row[_PROSE] = 2 * counts[63] > chars and chars >= 2 * PROSE_WORDS
        row[_LINKS], row[_DATES] = min(addresses, 5), min(dates, 5)


@kernel
def _ends_sentence(classes: Array, first: int, at: int) -> bool:
    """Whether a stop, or a full stop and a quote, stands before the blank at a place."""
    if at <= first:
        return False
    before = classes[at - 1]
    return _is_final(before) or bool(before == 34 and at - 2 >= first and classes[at - 2] == 46)


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
def _speech(
    lowered: Array, starts: Array, slots: Array, values: Array, alien: Array, usual: Array, table: Array
) -> None:
    """Fill the columns that come from words."""
    most = len(lowered) // 4 + 2
    hashes, owner = np.empty(most, dtype=np.int64), np.empty(most, dtype=np.int32)
    content = 0
    kind = np.zeros(_KINDS + 1, dtype=np.int64)
    mask = len(slots) - 1
    for n in range(len(starts) - 1):
        row = table[n]
        kind[:] = 0
        total = 0
        lexical = 0
        mine = content
        at, end = starts[n], starts[n + 1] - 1
        while at < end:
            if lowered[at] == 32:
                at += 1
                continue
            value = _BASIS
            begin = at
            unsure = False
            while at < end and lowered[at] != 32:
                value = ((value ^ lowered[at]) * _PRIME) & _MASK
                unsure |= lowered[at] == 63
                at += 1
            slot = (value ^ (value >> 29)) & mask
            while slots[slot] >= 0 and slots[slot] != value:
                slot = (slot + 1) & mask
            known = slots[slot] == value
            if known:
                if total < READ:
                    kind[values[slot, 0]] += 1
                if total < SPOKEN:
                    lexical += values[slot, 1]
                if total == 0:
                    row[_FIRST] = values[slot, 0]
            elif at - begin > 3 and not unsure:
                hashes[content], owner[content] = value, n
                content += 1
            total += 1
        if len(alien):
            kind[1:] = alien[n]
        looked = max(1, min(total, READ))
        stops = kind[_KINDS]
        row[_WORDS] = min(total, 400)
        row[_CAPITALS] = row[_CAPITALS] * 1000 // max(1, row[_WORDS])
        row[_STOP] = min(stops * 1000 // looked, 1000)
        row[_STOPS] = min(stops, 60)
        for k in range(_KINDS - 1):
            row[_FIRST_KIND + k] = min(kind[k + 1], 15)
        row[_LEXICAL] = lexical
        row[_PROSE] = row[_END] >= FINAL and (row[_WORDS] >= PROSE_WORDS or row[_PROSE] > 0)
        row[_CONTENT] = content - mine
    for k in range(len(usual)):
        _relate(table, usual[k, 0], usual[k, 1])
    echo(hashes[:content], owner[:content], table)


@kernel
def _relate(table: Array, column: int, usual: int) -> None:
    """As `line_features._relate`, for one column."""
    spoken = 0
    total = 0
    for n in range(len(table)):
        if table[n, _PROSE]:
            spoken += table[n, _WORDS]
            total += table[n, column] * table[n, _WORDS]
    average = total // spoken if spoken else usual
    for n in range(len(table)):
        table[n, column] -= average
