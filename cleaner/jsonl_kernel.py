"""Lines of JSON, compiled: where the id, the date and the text of each line stand, and the text without escapes.

Only what is usual is read: an object without nested ones, its keys without escapes, `id` a string that is not empty and
has no escape, `text` a string, `date` a string without escapes if it is there. Any other line is left to `json`. What
is said of a usual line is what `json.loads` says.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from cleaner.compiled import borrower, inlined, inner
from cleaner.words_of_bytes import below, below_of, equal, first, load, lowest, moved, standing, store

Bytes = npt.NDArray[np.uint8]
Integers = npt.NDArray[np.int64]
Number = Any
_U = np.uint64
_QUOTE, _ESCAPE, _BLANK = _U(0x22), _U(0x5C), _U(0x20)

START, END, ID, ID_END, DATE, DATE_END, TEXT, TEXT_END = range(8)
"""Columns of what is told of a line: where it begins and ends, its id and its date in the lines, its text in `out`. A
line that is not usual has -1 for its text; one without a date has none there."""
COLUMNS = 8
_OTHER, _NAMED_ID, _NAMED_DATE, _NAMED_TEXT = range(4)
_TOGETHER = 64
_DIGITS_MOST = 1_000
"""Digits of a number from which on a line is not usual: Python reads no longer ones than 4,300."""


@inner
def _blanks(data: Bytes, at: Number, end: Number) -> Number:
    """Where the next byte that is no blank stands."""
    while at < end and (data[at] == 0x20 or data[at] == 0x09 or data[at] == 0x0D):
        at += 1
    return at


@inner
def _string(data: Bytes, at: Number, end: Number) -> Number:
    """Where the string that begins behind a quotation mark ends, if it has no escape; else -1."""
    while at < end:
        word = load(data, at)
        found = equal(word, _QUOTE) | equal(word, _ESCAPE) | below(word, _BLANK)
        if found:
            at += first(found)
            return at if at < end and data[at] == 0x22 else -1
        at += 8
    return -1


@inner
def _skip_string(data: Bytes, at: Number, end: Number) -> Number:
    """Where the string that begins behind a quotation mark ends; -1 if it is none."""
    while at < end:
        word = load(data, at)
        found = equal(word, _QUOTE) | equal(word, _ESCAPE) | below(word, _BLANK)
        if not found:
            at += 8
            continue
        at += first(found)
        if at >= end or data[at] < 0x20:
            return -1
        if data[at] == 0x22:
            return at
        code, at = _escaped(data, at + 1, end)
        if code < 0:
            return -1
    return -1


@inner
def _hex(data: Bytes, at: Number, end: Number) -> Number:
    """The number of four hexadecimal digits; -1 if they are none."""
    if at + 4 > end:
        return -1
    code: Number = 0
    for k in range(at, at + 4):
        byte = np.int64(data[k])
        low = byte | 0x20
        if 0x30 <= byte <= 0x39:
            code = code << 4 | (byte - 0x30)
        elif 0x61 <= low <= 0x66:
            code = code << 4 | (low - 0x57)
        else:
            return -1
    return code


@inner
def _escaped(data: Bytes, at: Number, end: Number) -> tuple[Number, Number]:
    """The code point that is written behind a backslash, -1 if it is none or half of one; and where it ends."""
    if at >= end:
        return -1, at
    byte = data[at]
    if byte == 0x22 or byte == 0x5C or byte == 0x2F:
        return np.int64(byte), at + 1
    if byte == 0x6E:
        return 0x0A, at + 1
    if byte == 0x74:
        return 0x09, at + 1
    if byte == 0x72:
        return 0x0D, at + 1
    if byte == 0x62:
        return 0x08, at + 1
    if byte == 0x66:
        return 0x0C, at + 1
    if byte != 0x75:
        return -1, at
    code = _hex(data, at + 1, end)
    at += 5
    if 0xD800 <= code < 0xDC00 and at + 6 <= end and data[at] == 0x5C and data[at + 1] == 0x75:
        low = _hex(data, at + 2, end)
        if 0xDC00 <= low < 0xE000:
            return 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00), at + 6
    if 0xD800 <= code < 0xE000:
        return -1, at
    return code, at


@inner
def _put(out: Bytes, to: Number, code: Number) -> Number:
    """Write a code point as UTF-8; gives where the next one goes."""
    if code < 0x80:
        out[to] = code
        return to + 1
    if code < 0x800:
        out[to], out[to + 1] = 0xC0 | code >> 6, 0x80 | code & 0x3F
        return to + 2
    if code < 0x10000:
        out[to], out[to + 1], out[to + 2] = 0xE0 | code >> 12, 0x80 | code >> 6 & 0x3F, 0x80 | code & 0x3F
        return to + 3
    out[to], out[to + 1] = 0xF0 | code >> 18, 0x80 | code >> 12 & 0x3F
    out[to + 2], out[to + 3] = 0x80 | code >> 6 & 0x3F, 0x80 | code & 0x3F
    return to + 4


@inlined
def _copy_plain(data: Bytes, at: Number, out: Bytes, to: Number) -> tuple[Number, bool]:
    """Copy up to 64 bytes as far as they stand for themselves: how many, and whether that ended with one of them."""
    if at + _TOGETHER <= data.size and to + _TOGETHER <= out.size:
        moved(data, at, out, to)
        ends = standing(data, at, np.uint8(0x22)) | standing(data, at, np.uint8(0x5C))
        ends |= below_of(data, at, np.uint8(0x20))
        return lowest(ends), ends != _U(0)
    word = load(data, at)
    store(out, to, word)
    found = equal(word, _QUOTE) | equal(word, _ESCAPE) | below(word, _BLANK)
    return first(found), found != _U(0)


@inlined
def _to_line_end(data: Bytes, at: Number) -> tuple[Number, bool]:
    """Look for the end of a line among up to 64 bytes: how many are before it, and whether it is there."""
    if at + _TOGETHER <= data.size:
        ends = standing(data, at, np.uint8(0x0A))
        return lowest(ends), ends != _U(0)
    found = equal(load(data, at), _U(0x0A))
    return first(found), found != _U(0)


@inner
def _text(data: Bytes, at: Number, end: Number, out: Bytes, to: Number) -> tuple[Number, Number]:
    """Copy the string that begins behind a quotation mark: where it ends, -1 if it is none, and where the copy does."""
    while at < end:
        plain, ended = _copy_plain(data, at, out, to)
        at += plain
        to += plain
        if not ended:
            continue
        if at >= end or data[at] < 0x20:
            return -1, to
        if data[at] == 0x22:
            return at, to
        code, at = _escaped(data, at + 1, end)
        if code < 0:
            return -1, to
        to = _put(out, to, code)
    return -1, to


@inner
def _digits(data: Bytes, at: Number, end: Number) -> Number:
    while at < end and 0x30 <= data[at] <= 0x39:
        at += 1
    return at


@inner
def _number(data: Bytes, at: Number, end: Number) -> Number:
    """Where a number ends; -1 if it is none."""
    begin = at
    at += data[at] == 0x2D
    whole = at
    at = _digits(data, at, end)
    if at == whole or (data[whole] == 0x30 and at > whole + 1):
        return -1
    if at < end and data[at] == 0x2E:
        behind = at + 1
        at = _digits(data, behind, end)
        if at == behind:
            return -1
    if at < end and data[at] | 0x20 == 0x65:
        at += 1
        at += at < end and (data[at] == 0x2B or data[at] == 0x2D)
        behind = at
        at = _digits(data, behind, end)
        if at == behind:
            return -1
    return at if at - begin < _DIGITS_MOST else -1


@inner
def _literal(data: Bytes, at: Number, end: Number) -> Number:
    """Where true, false or null ends; -1 if it is none of them."""
    if at + 4 > end:
        return -1
    word = load(data, at) & _U(0xFFFFFFFF)
    if word == _U(0x65757274) or word == _U(0x6C6C756E):
        return at + 4
    return at + 5 if word == _U(0x736C6166) and at + 5 <= end and data[at + 4] == 0x65 else -1


@inner
def _name(data: Bytes, at: Number, size: Number) -> Number:
    """Which of the members that are wanted a key names."""
    word = load(data, at)
    if size == 2 and word & _U(0xFFFF) == _U(0x6469):
        return _NAMED_ID
    if size == 4 and word & _U(0xFFFFFFFF) == _U(0x74786574):
        return _NAMED_TEXT
    if size == 4 and word & _U(0xFFFFFFFF) == _U(0x65746164):
        return _NAMED_DATE
    return _OTHER


@inner
def _member(data: Bytes, at: Number, end: Number, out: Bytes, to: Number, row: Integers) -> tuple[Number, Number]:
    """Read a key and its value: where they end, -1 if they are not usual, and the end of what was copied."""
    if at >= end or data[at] != 0x22:
        return -1, to
    stop = _string(data, at + 1, end)
    if stop < 0:
        return -1, to
    name = _name(data, at + 1, stop - at - 1)
    at = _blanks(data, stop + 1, end)
    if at >= end or data[at] != 0x3A:
        return -1, to
    at = _blanks(data, at + 1, end)
    if at >= end or (name != _OTHER and row[2 * name] >= 0):
        return -1, to
    if data[at] != 0x22:
        if name in (_NAMED_ID, _NAMED_TEXT) or (name == _NAMED_DATE and data[at] != 0x6E):
            return -1, to
        return (_number(data, at, end) if data[at] == 0x2D or data[at] < 0x3A else _literal(data, at, end)), to
    if name == _NAMED_TEXT:
        stop, until = _text(data, at + 1, end, out, to)
        row[TEXT], row[TEXT_END] = to, until
        to = until
    elif name == _OTHER:
        stop = _skip_string(data, at + 1, end)
    else:
        stop = _string(data, at + 1, end)
        row[2 * name], row[2 * name + 1] = at + 1, stop
    return (stop + 1 if stop >= 0 else -1), to


@inner
def _line(data: Bytes, at: Number, end: Number, out: Bytes, to: Number, row: Integers) -> Number:
    """Read one line into `row`; gives the end of what was copied, -1 if it is not usual."""
    at = _blanks(data, at, end)
    if at >= end or data[at] != 0x7B:
        return -1
    at = _blanks(data, at + 1, end)
    while True:
        at, to = _member(data, at, end, out, to, row)
        if at < 0:
            return -1
        at = _blanks(data, at, end)
        if at >= end:
            return -1
        if data[at] == 0x7D:
            break
        if data[at] != 0x2C:
            return -1
        at = _blanks(data, at + 1, end)
    usual = row[TEXT] >= 0 and row[ID_END] > row[ID] >= 0 and _blanks(data, at + 1, end) == end
    return to if usual else -1


@borrower
def read_lines(data: Bytes, at: Number, size: Number, out: Bytes, to: Number, rows: Integers) -> tuple[Number, ...]:
    """Read lines of `data[at:size]` into `rows` as far as there are any, and their texts into `out[to:]`.

    Gives how many lines were read, and where to go on in both. Both arrays of bytes have PADDING; `out` is as long as
    `data`. The lines are valid UTF-8.
    """
    count = 0
    while at < size and count < rows.shape[0]:
        end, found = at, False
        while end < size and not found:
            many, found = _to_line_end(data, end)
            end += many
        end = min(end, size)
        row = rows[count]
        row[:] = -1
        done = _line(data, at, end, out, to, row)
        if done < 0:
            row[:] = -1
        else:
            to = done
        row[START], row[END] = at, min(end + 1, size)
        at = end + 1
        count += 1
    return count, at, to
