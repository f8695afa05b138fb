"""Signs that belong to a number or a letter, compiled: what `wording.Text.marked` finds in ordinary texts."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from cleaner.compiled import inlined, inner
from cleaner.duplicates import word_table as known
from cleaner.words_of_bytes import classes, lowest, point, standing

Bytes = npt.NDArray[np.uint8]
Integers = npt.NDArray[np.int64]
Shorts = npt.NDArray[np.uint16]
Number = Any

_SPACE, _SIGN, _ALNUM = known.SPACE, known.SIGN, known.LETTER | known.DIGIT
_TOGETHER = 64
ROOM = 64
"""Different signs of a text; one with more is not ordinary."""


@inner
def _spaces(data: Bytes, at: Number, end: Number, kinds: Shorts) -> Number:
    """Where a blank at a place ends."""
    if at < end:
        code, width = point(data, at)
        if kinds[code] & _SPACE:
            return at + width
    return at


@inner
def _mark_at(data: Bytes, at: Number, end: Number, kinds: Shorts, before: Number) -> tuple[Number, Number]:
    """A sign that belongs to a number or a letter, and where it ends: `wording.MARKED` at one place."""
    code, width = point(data, at)
    after = at + width
    if kinds[code] & _SIGN and not (code == 0x25 or code == 0xB0 or code == 0x2B or code == 0x23 or _is_minus(code)):
        digit = _spaces(data, after, end, kinds)
        if digit < end and 0x30 <= data[digit] <= 0x39:
            return code | np.int64(data[digit]) << 14, digit + 1
    if 0x30 <= code <= 0x39:
        sign = _spaces(data, after, end, kinds)
        if sign < end:
            other, wide = point(data, sign)
            if kinds[other] & _SIGN and not (other == 0x2B or other == 0x23 or _is_minus(other)):
                return code | other << 14, sign + wide
    free = not (kinds[before] & _ALNUM or before == 0x5F)
    if free and 0x41 <= code & 0xDF <= 0x5A and code < 0x80:
        if _is_plus(data, after, end):
            found = code | np.int64(data[after]) << 14
            after += 1
            if _is_plus(data, after, end):
                found |= np.int64(1 + (data[after] == 0x23)) << 28
                after += 1
            return found, after
    elif free and _is_minus(code) and before != 0x2D and after < end and 0x30 <= data[after] <= 0x39:
        return code | np.int64(data[after]) << 14, after + 1
    return 0, after


@inner
def _is_plus(data: Bytes, at: Number, end: Number) -> Number:
    """Whether a plus or a number sign stands at a place."""
    return at < end and (data[at] == 0x2B or data[at] == 0x23)


@inner
def _is_minus(code: Number) -> Number:
    return code == 0x2D or code == 0x2212


@inlined
def _before_sign(data: Bytes, at: Number) -> Number:
    """How many of 64 bytes are before the first one that may be a sign: one of ASCII, or what is not ASCII."""
    foreign = classes(data, at)[1]
    of_letters = standing(data, at, np.uint8(0x23)) | standing(data, at, np.uint8(0x2B))
    of_numbers = standing(data, at, np.uint8(0x24)) | standing(data, at, np.uint8(0x25))
    return lowest(foreign | of_letters | of_numbers | standing(data, at, np.uint8(0x2D)))


@inner
def read_signs(data: Bytes, begin: Number, end: Number, kinds: Shorts, marks: Integers) -> Number:
    """Write the different signs of a text into `marks`; gives how many, -1 if there is no room for them.

    A digit and a blank may stand before a sign: what is farther from any is passed over.
    """
    count, place = 0, begin
    before: Number = 0x20
    while place < end:
        far = _before_sign(data, place) if place + _TOGETHER <= data.size else 0
        if far > 2:
            place += far - 2
            before = np.int64(data[place - 1])
            continue
        code, _ = point(data, place)
        found, after = _mark_at(data, place, end, kinds, before)
        before = code
        if found:
            before = np.int64(data[after - 1])
            for k in range(count):
                if marks[k] == found:
                    break
            else:
                if count == ROOM:
                    return -1
                marks[count] = found
                count += 1
        place = after
    return count
