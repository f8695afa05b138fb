"""Whether a passage of one text is a passage of another one, damaged: `verify.is_damage` and its kin, compiled.

Answers are YES and NO, and UNSURE where letters that are not ASCII play a part, or a list of words would be needed.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from cleaner.compiled import borrower
from cleaner.duplicates import verify, wording
from cleaner.duplicates import word_table as known
from cleaner.duplicates.align_kernel import slots
from cleaner.duplicates.word_kernel import Bytes, Hashes, Integers, Number, Words

NO, YES, UNSURE = 0, 1, -1
_U = np.uint64
_POWERS = known.powers()
_MOVED, _SLIP = wording.MOVED, verify.SLIP
_DENIES, _FIGURE, _ALPHA, _FOREIGN, _TORN = known.DENIES, known.FIGURE, known.ALPHA, known.FOREIGN, known.TORN


class Side(NamedTuple):
    """One of two texts: its bytes and its words."""

    data: Bytes
    words: Words


@borrower
def digits_at(data: Bytes, at: Number, end: Number, thousands: bool) -> tuple[np.uint64, Number]:
    """The hash of the next run of digits of a word, 0 if there is none, and where it ends."""
    while at < end and not 0x30 <= data[at] <= 0x39:
        at += 1
    value = _U(0)
    while at < end and (0x30 <= data[at] <= 0x39 or (thousands and data[at] == 0x2C)):
        if data[at] != 0x2C:
            value = value * _U(known.BASE) + _U(data[at])
        at += 1
    return value, at


@borrower
def has_thousands(data: Bytes, start: Number, end: Number) -> bool:
    """Whether a word is digits and commas: then it is compared without the commas."""
    others = 0
    for k in range(start, end):
        others += not (0x30 <= data[k] <= 0x39 or data[k] == 0x2C)
    return others == 0


@borrower
def _figures(side: Side, first: Number, last: Number) -> np.uint64:
    """The hash of all runs of digits of a passage, in order."""
    found = _U(0)
    for n in range(first, last):
        if side.words[n]["flags"] & _FIGURE:
            at, end = np.int64(side.words[n]["start"]), np.int64(side.words[n]["end"])
            thousands = has_thousands(side.data, at, end)
            while at < end:
                value, at = digits_at(side.data, at, end, thousands)
                if value:
                    found = (found ^ value) * _U(known.BASE) + _U(1)
    return found


@borrower
def _denied(side: Side, first: Number, last: Number) -> np.uint64:
    """The hash of all words of a passage that deny, in order."""
    found = _U(0)
    for n in range(first, last):
        if side.words[n]["flags"] & _DENIES:
            found = (found ^ side.words[n]["key"]) * _U(known.BASE) + _U(1)
    return found


@borrower
def _joined(side: Side, first: Number, last: Number, stumps: bool) -> tuple[np.uint64, Number]:
    """The hash and the length of a passage without blanks and apostrophes, or without what stands behind these too."""
    value = _U(0)
    size: Number = 0
    for n in range(first, last):
        letters = np.int64(side.words[n]["sizes"] >> np.uint32(16 if stumps else 8)) & 0xFF
        value = value * _POWERS[letters] + (side.words[n]["stump"] if stumps else side.words[n]["bare"])
        size += letters
    return value, size


@borrower
def is_damage(left: Side, a: Number, b: Number, right: Side, c: Number, d: Number, rest: bool) -> Number:
    """Whether two passages are one, glued, split or without its apostrophes; with `rest` lost letters are unsure."""
    if _figures(left, a, b) != _figures(right, c, d) or _denied(left, a, b) != _denied(right, c, d):
        return NO
    if _joined(left, a, b, False) == _joined(right, c, d, False):
        return YES
    if _joined(left, a, b, True) == _joined(right, c, d, True):
        return YES
    for n in range(a, b):
        if left.words[n]["flags"] & _FOREIGN:
            return UNSURE
    for n in range(c, d):
        if right.words[n]["flags"] & _FOREIGN:
            return UNSURE
    if rest:
        for k in range(right.words[c]["start"], right.words[d - 1]["end"]):
            if right.data[k] >= 0x80:
                return UNSURE
    return NO


@borrower
def may_be_slip(left: Side, n: Number, right: Side, m: Number) -> Number:
    """Whether two words of five letters or more differ by one letter that is not the first."""
    one, other = left.words[n], right.words[m]
    if not one["flags"] & other["flags"] & _ALPHA or (one["flags"] | other["flags"]) & _TORN:
        return False
    long, short = np.int64(one["sizes"]) & 0xFF, np.int64(other["sizes"]) & 0xFF
    if min(long, short) < _SLIP or abs(long - short) > 1:
        return False
    if (one["flags"] | other["flags"]) & _FOREIGN:
        return True
    begin, start = np.int64(one["start"]), np.int64(other["start"])
    least, most = min(long, short), max(long, short)
    before = behind = 0
    while before < least and left.data[begin + before] | 0x20 == right.data[start + before] | 0x20:
        before += 1
    while (
        behind < least and left.data[begin + long - 1 - behind] | 0x20 == right.data[start + short - 1 - behind] | 0x20
    ):
        behind += 1
    return before > 0 and before + behind >= most - 1


@borrower
def may_be_glued(side: Side, places: Integers, first: Number, last: Number, other: Side, table: Hashes) -> bool:
    """Whether one of some words of a text is two neighbours of the other one, glued.

    The words are those of the hunks: columns `first` to `last` of `places`. `table` is room to look them up.
    """
    count = 0
    for h in range(places.shape[0]):
        count += places[h, last] - places[h, first]
    if not count:
        return False
    size = slots(2 * count)
    mask = _U(size - 1)
    table[:size] = 0
    for h in range(places.shape[0]):
        for n in range(places[h, first], places[h, last]):
            key = side.words[n]["key"] | _U(1)
            at = (key >> _U(20)) & mask
            while table[at] and table[at] != key:
                at = (at + _U(1)) & mask
            table[at] = key
    for n in range(other.words.size - 1):
        one, next_one = other.words[n], other.words[n + 1]
        key = one["key"] * _POWERS[np.int64(next_one["sizes"]) & 0xFF] + next_one["key"] | _U(1)
        at = (key >> _U(20)) & mask
        while table[at]:
            if table[at] == key:
                return True
            at = (at + _U(1)) & mask
        if (one["flags"] | next_one["flags"]) & _TORN:
            key = one["stump"] * _POWERS[np.int64(next_one["sizes"]) >> 16 & 0xFF] + next_one["stump"] | _U(1)
            at = (key >> _U(20)) & mask
            while table[at]:
                if table[at] == key:
                    return True
                at = (at + _U(1)) & mask
    return False


@borrower
def _run(side: Side, first: Number) -> np.uint64:
    """The hash of a run of words by which a moved passage is known."""
    value = _U(0)
    for n in range(first, first + _MOVED):
        value = (value ^ side.words[n]["key"]) * _U(known.BASE)
        value ^= value >> _U(29)
    return value | _U(1)


@borrower
def stands_elsewhere(left: Side, a: Number, b: Number, right: Side, table: Hashes) -> bool:
    """Whether a text has a passage at another place; `table` is room to look runs of words up."""
    if b - a < _MOVED or right.words.size < _MOVED:
        return False
    size = slots(right.words.size)
    mask = _U(size - 1)
    table[:size] = 0
    for n in range(right.words.size - _MOVED + 1):
        value = _run(right, n)
        at = (value >> _U(20)) & mask
        while table[at] and table[at] != value:
            at = (at + _U(1)) & mask
        table[at] = value
    for n in range(a, b - _MOVED + 1):
        value = _run(left, n)
        at = (value >> _U(20)) & mask
        while table[at] and table[at] != value:
            at = (at + _U(1)) & mask
        if not table[at]:
            return False
    return True
