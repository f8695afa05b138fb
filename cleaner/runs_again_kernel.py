"""The runs of words of a text, and which of them may stand there twice, compiled: few are then counted.

Every run is put into a set that may take one for another, but never forgets one (Bloom, "Space/Time Trade-offs in Hash
Coding with Allowable Errors", 1970): three bits in one word of 64, of which there is one for every eight characters.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from cleaner.compiled import inner
from cleaner.line_marks_kernel import line_end
from cleaner.runs import LONGISH, RUN
from cleaner.segment import CLOSING, FINAL
from cleaner.words_of_bytes import lowest
from cleaner.words_of_codes import blanks, low_bytes

Array = np.ndarray[Any, Any]
_U = np.uint64
_ONE, _FULL = _U(1), _U(0xFFFFFFFFFFFFFFFF)
_A, _B, _P = _U(0xFF51AFD7ED558CCD), _U(0xC4CEB9FE1A85EC53), 0x9E3779B97F4A7C15
_BASE, _OLDEST = _U(_P), _U(pow(_P, RUN, 1 << 64))
_SMALL = _U(0x2020202020202020)
"""Set in every byte, so that a letter is like its capital, and some signs like others."""
assert {mark for mark in CLOSING if mark.isascii()} == set("\"')*]"), "the kernel spells them out"
assert {mark for mark in FINAL if mark.isascii()} == set("!.?"), "the kernel spells them out"
assert RUN <= 8, "the hashes of so many words are kept"


@inner
def is_blank(code: int) -> bool:
    """Whether a character, or a byte, is a blank of ASCII."""
    return code == 32 or 9 <= code <= 13


@inner
def may_be_prose(text: Array, start: int, end: int) -> bool:
    """Whether a line may be one that `runs.is_prose_like` takes: where other characters than ASCII decide, it may.

    The text is characters of 16 bits, or UTF-8.
    """
    if end - start < LONGISH:
        return False
    last = end - 1
    while last >= start and (is_blank(text[last]) or 28 <= text[last] <= 31):
        last -= 1
    while last >= start and (text[last] in (34, 39, 41, 42, 93)):
        last -= 1
    return bool(last >= start and (text[last] >= 128 or text[last] in (33, 46, 63)))


@inner
def _hash(text: Array, start: int, end: int) -> Any:
    """A hash of a word, as far as its length and the low bytes of its first eight characters tell."""
    size = end - start
    value = (low_bytes(text, start) | _SMALL) & (_FULL >> _U(64 - 8 * min(8, size)))
    value = (value ^ _U(size)) * _A
    return value ^ (value >> _U(32))


@inner
def _stood(seen: Array, value: np.uint64) -> bool:
    """Whether a run may have been put into a set before; now it is."""
    value = (value ^ (value >> _U(32))) * _B
    value ^= value >> _U(29)
    bits = _ONE << (value & _U(63)) | _ONE << (value >> _U(6) & _U(63)) | _ONE << (value >> _U(12) & _U(63))
    slot = (value >> _U(18)) & _U(len(seen) - 1)
    before = seen[slot]
    seen[slot] = before | bits
    return bool(before & bits == bits)


@inner
def _note_line(
    text: Array, start: int, end: int, seen: Array, recent: Array, begun: Array, runs: Array, starts: Array,
    again: Array, count: int, stood: int,
) -> tuple[int, int]:  # fmt: skip
    """Note the runs of a line behind `count` others, and which may have stood before, behind `stood` others.

    `recent` and `begun` have room for the hashes of the last eight words, and for where they begin.
    """
    words = 0
    run = _U(0)
    recent[:] = 0
    at = start
    while at < end:
        rest = ~blanks(text, at)
        if end - at < 64:
            rest &= (_ONE << _U(end - at)) - _ONE
        ahead = 64
        while rest:
            low = lowest(rest)
            behind = low + lowest(~(rest >> _U(low)))
            if behind >= 64 and low:
                ahead = low  # the word is looked at again, from its beginning
                break
            if behind >= 64:
                behind = ahead = _word_end(text, at, end) - at
            word = _hash(text, at + low, at + behind)
            run = run * _BASE + word - recent[(words - RUN) & 7] * _OLDEST
            recent[words & 7], begun[words & 7] = word, at + low
            words += 1
            if words >= RUN:
                runs[count], starts[count] = run, begun[(words - RUN) & 7]
                again[stood] = count
                stood += _stood(seen, run)
                count += 1
            if behind >= 64:
                break
            rest = rest >> _U(behind) << _U(behind)
        at += ahead
    return count, stood


@inner
def _word_end(text: Array, at: int, end: int) -> int:
    """Where a word ends that a place stands in, of a line that ends at `end`."""
    while at < end:
        found = blanks(text, at)
        if found:
            return int(min(at + lowest(found), end))
        at += 64
    return end


@inner
def noted(
    text: Array, least: int, seen: Array, runs: Array, places: Array, again: Array, recent: Array, begun: Array
) -> tuple[int, int, int]:
    """Note the hash of each run of the lines that may be prose, and its line and where it begins in rows of `places`.

    `again` is for the numbers of those that may have stood before. Gives how many runs, how many of these, and how many
    lines there are; nothing where no line has `least` runs that may have stood before: of two lines that share so many
    the later one holds each again. `seen` are zeros, for a power of two of words.
    """
    lines, starts = places
    count = stood = line = 0
    enough = False
    end = -1
    while end < len(text):
        start = end + 1
        end = line_end(text, start)
        if may_be_prose(text, start, end):
            first, before = count, stood
            count, stood = _note_line(text, start, end, seen, recent, begun, runs, starts, again, count, stood)
            lines[first:count] = line
            enough |= stood - before >= least
        line += 1
    return (count, stood, line) if enough else (0, 0, 0)
