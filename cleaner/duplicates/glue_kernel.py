"""Whether a passage of one text is a passage of another one, damaged: `verify.is_damage` and its kin, compiled.

Answers are YES and NO, and UNSURE where there is no room to find out.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from cleaner.compiled import borrower, inlined, inner
from cleaner.duplicates import verify, wording
from cleaner.duplicates import word_table as known
from cleaner.duplicates.align_kernel import slots
from cleaner.duplicates.word_kernel import Bytes, Hashes, Number, Shorts, Words, start_before
from cleaner.words_of_bytes import point

NO, YES, UNSURE = 0, 1, -1
_U = np.uint64
Flags = npt.NDArray[np.bool_]
LETTERS = 4_000
"""Letters of a passage that may have lost some to an encoding."""
_ALNUM = known.LETTER | known.DIGIT
_POWERS = known.powers()
_MOVED, _SLIP = wording.MOVED, verify.SLIP
_DENIES, _FIGURE, _ALPHA, _FOREIGN, _TORN = known.DENIES, known.FIGURE, known.ALPHA, known.FOREIGN, known.TORN


class Side(NamedTuple):
    """One of two texts: its bytes, its words, glued ones taken apart, the same as they are, and what letters are."""

    data: Bytes
    words: Words
    whole: Words
    kinds: Shorts
    folds: Shorts
    bases: Bytes


class Scratch(NamedTuple):
    """Where letters are laid side by side: those of a passage, of a part of another one, and where parts end."""

    rest: Bytes
    part: Bytes
    ends: Flags
    fresh: Flags


def scratch() -> Scratch:
    """Room for passages of some thousand letters; of longer ones nothing is said."""
    rest, part = np.empty(LETTERS, np.uint8), np.empty(LETTERS, np.uint8)
    return Scratch(rest, part, np.empty(LETTERS + 1, np.bool_), np.empty(LETTERS + 1, np.bool_))


@inner
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


@inner
def has_thousands(data: Bytes, start: Number, end: Number) -> bool:
    """Whether a word is digits and commas: then it is compared without the commas."""
    others = 0
    for k in range(start, end):
        others += not (0x30 <= data[k] <= 0x39 or data[k] == 0x2C)
    return others == 0


@inner
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


@inner
def _denied(side: Side, first: Number, last: Number) -> np.uint64:
    """The hash of all words of a passage that deny, in order."""
    found = _U(0)
    for n in range(first, last):
        if side.words[n]["flags"] & _DENIES:
            found = (found ^ side.words[n]["key"]) * _U(known.BASE) + _U(1)
    return found


@inner
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
def is_damage(left: Side, a: Number, b: Number, right: Side, c: Number, d: Number) -> Number:
    """Whether two passages are one, glued, split, without its apostrophes or its accents."""
    if _figures(left, a, b) != _figures(right, c, d):
        return NO
    alike = _joined(left, a, b, True) == _joined(right, c, d, True)
    if alike and _has(left, a, b, known.GLUED):
        return YES
    if _denied(left, a, b) != _denied(right, c, d):
        return NO
    if alike or _joined(left, a, b, False) == _joined(right, c, d, False):
        return YES
    if _has(left, a, b, _FOREIGN) or _has(right, c, d, _FOREIGN):
        return _is_unaccented(left, a, b, right, c, d)
    return NO


@inner
def _has(side: Side, first: Number, last: Number, flag: Number) -> bool:
    """Whether one of some words is of a kind."""
    found = np.uint32(0)
    for n in range(first, last):
        found |= side.words[n]["flags"]
    return bool(found & np.uint32(flag))


@inner
def _bare_letters(side: Side, first: Number, last: Number, bases: Bytes) -> tuple[np.uint64, Number, np.uint64]:
    """The hash and the length of what is ASCII in a passage, and the hash of what is when accents are taken off."""
    kept = based = _U(0)
    size: Number = 0
    for n in range(first, last):
        word = side.words[n]
        if not word["flags"] & np.uint32(_FOREIGN):
            letters = np.int64(word["sizes"] >> np.uint32(8)) & 0xFF
            kept = kept * _POWERS[letters] + word["bare"]
            based = based * _POWERS[letters] + word["bare"]
            size += letters
            continue
        at = np.int64(word["start"])
        while at < word["end"]:
            code, width = point(side.data, at)
            at += width
            letter = np.int64(side.folds[code]) if side.kinds[code] & _ALNUM else code
            if letter >= 0x80:
                base = _U(bases[letter]) if side.kinds[code] & _ALNUM else _U(0)
                based = based * _U(known.BASE) + base if base else based
            elif not side.kinds[code] & known.MARK:
                kept = kept * _U(known.BASE) + _U(letter)
                based = based * _U(known.BASE) + _U(letter)
                size += 1
    return kept, size, based


@inner
def _is_unaccented(left: Side, a: Number, b: Number, right: Side, c: Number, d: Number) -> Number:
    """Whether two passages are equal but for accents, or for a minority of letters: `verify.is_unaccented`."""
    kept, size, based = _bare_letters(left, a, b, left.bases)
    other, others, bare = _bare_letters(right, c, d, right.bases)
    if 2 * min(size, others) < max(_joined(left, a, b, False)[1], _joined(right, c, d, False)[1]):
        return NO
    return YES if kept == other or based == bare else NO


@inner
def _letters(side: Side, first: Number, last: Number, out: Bytes) -> Number:
    """Write the letters and digits of words as they are compared; how many, -1 if one is not ASCII, -2 if unsure."""
    count = 0
    for n in range(first, last):
        begun = count
        word = side.words[n]
        at = np.int64(word["start"])
        points = 0
        while at < word["end"]:
            code, width = point(side.data, at)
            at += width
            points += code == 0x2E
            if side.kinds[code] & _ALNUM:
                letter = np.int64(side.folds[code])
                if letter >= 0x80:
                    return -1
                if count + 1 >= out.size:
                    return -2
                out[count] = letter
                count += 1
        missing = (np.int64(word["sizes"] >> np.uint32(8)) & 0xFF) - points - (count - begun)
        if missing:
            if missing != 1 or word["flags"] & np.uint32(known.GLUED) or not word["flags"] & np.uint32(_DENIES):
                return -2
            out[count] = 0x74  # "isn" is compared as "isn't"
            count += 1
    return count


@inner
def _ends_with(rest: Bytes, end: Number, tail: Bytes, size: Number, most: Number) -> bool:
    """Whether some letters go on at a place as the last ones of a part do."""
    same = 0
    while same < most and end + most <= size and rest[end + same] == tail[tail.size - most + same]:
        same += 1
    return bool(same == most)


@borrower
def is_rest(left: Side, a: Number, b: Number, right: Side, c: Number, d: Number, scratch: Scratch) -> Number:
    """Whether a passage is another one that lost letters where an encoding failed: `verify._Comparison._is_rest`."""
    data, begin, end = right.data, np.int64(right.words[c]["start"]), np.int64(right.words[d - 1]["end"])
    characters = foreign = 0
    for k in range(begin, end):
        characters += data[k] & 0xC0 != 0x80
        foreign += data[k] >= 0x80
    size: Number = 0
    for n in range(a, b):
        size += np.int64(left.words[n]["sizes"]) & 0xFF
    if not foreign or 3 * size < characters:
        return NO
    if _figures(left, a, b) != _figures(right, c, d) or _denied(left, a, b) != _denied(right, c, d):
        return NO
    count = _letters(left, a, b, scratch.rest)
    if count < 0:
        return NO if count == -1 else UNSURE
    ends, fresh = scratch.ends, scratch.fresh
    ends[: count + 1] = False
    first, letters = True, 0
    while begin <= end:
        if begin < end and data[begin] < 0x80:
            byte = np.int64(data[begin])
            begin += 1
            if right.kinds[byte] & _ALNUM:
                if letters == scratch.part.size:
                    return UNSURE
                scratch.part[letters] = right.folds[byte]
                letters += 1
            continue
        part = scratch.part[:letters]
        if first:
            if not _ends_with(scratch.rest, 0, part, count, letters):
                return NO
            ends[letters] = True
        else:
            fresh[: count + 1] = False
            found = False
            for at in range(count + 1):
                for most in range(letters + 1 if ends[at] else 0):
                    if _ends_with(scratch.rest, at, part, count, most):
                        fresh[at + most] = found = True
            if not found:
                return NO
            for at in range(count + 1):
                ends[at] = fresh[at]
        first, letters = False, 0
        begin += point(data, begin)[1] if begin < end else 1
    return YES if ends[count] else NO


@inner
def may_be_slip(left: Side, n: Number, right: Side, m: Number) -> bool:
    """Whether two words of five letters or more differ by one letter that is not the first."""
    one, other = left.words[n], right.words[m]
    if not one["flags"] & other["flags"] & _ALPHA or (one["flags"] | other["flags"]) & _TORN:
        return False
    long, short = np.int64(one["sizes"]) & 0xFF, np.int64(other["sizes"]) & 0xFF
    if min(long, short) < _SLIP or abs(long - short) > 1:
        return False
    least, most = min(long, short), max(long, short)
    before = behind = 0
    at, to = np.int64(one["start"]), np.int64(other["start"])
    while before < least:
        code, width = point(left.data, at)
        letter, wide = point(right.data, to)
        if left.folds[code] != right.folds[letter]:
            break
        before, at, to = before + 1, at + width, to + wide
    at, to = np.int64(one["end"]), np.int64(other["end"])
    while behind < least:
        at, to = start_before(left.data, at), start_before(right.data, to)
        if left.folds[point(left.data, at)[0]] != right.folds[point(right.data, to)[0]]:
            break
        behind += 1
    return bool(before > 0 and before + behind >= most - 1)


@inlined
def _run(words: Words, first: Number) -> np.uint64:
    """The hash of a run of words by which a moved passage is known."""
    value = _U(0)
    for n in range(first, first + _MOVED):
        value = (value ^ words[n]["key"]) * _U(known.BASE)
        value ^= value >> _U(29)
    return value | _U(1)


@inner
def add_runs(side: Side, table: Hashes) -> None:
    """Put the runs of words of a text into a table."""
    size = slots(side.whole.size)
    mask = _U(size - 1)
    table[:size] = 0
    for n in range(side.whole.size - _MOVED + 1):
        value = _run(side.whole, n)
        at = (value >> _U(20)) & mask
        while table[at] and table[at] != value:
            at = (at + _U(1)) & mask
        table[at] = value


@inner
def has_run(side: Side, other: Side, first: Number) -> bool:
    """Whether a text has a run of words of another one: the twin of a table of its runs, for one of them."""
    words, wanted = side.whole, other.words[first]["key"]
    for at in range(words.size - _MOVED + 1):
        if words[at]["key"] == wanted:
            same = 1
            while same < _MOVED and words[at + same]["key"] == other.words[first + same]["key"]:
                same += 1
            if same == _MOVED:
                return True
    return False


@inner
def stands_elsewhere(left: Side, a: Number, b: Number, right: Side, table: Hashes) -> bool:
    """Whether a text has a passage at another place; `table` are its runs of words."""
    mask = _U(slots(right.whole.size) - 1)
    for n in range(a, b - _MOVED + 1):
        value = _run(left.words, n)
        at = (value >> _U(20)) & mask
        while table[at] and table[at] != value:
            at = (at + _U(1)) & mask
        if not table[at]:
            return False
    return bool(b - a >= _MOVED)
