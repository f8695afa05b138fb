"""Findings as rows of JSON, compiled: what `Finding.row` gives, written from the places of the compiled comparison.

A row is left to Python where words have to be folded or signs are told, or a share lies just between two figures.
"""

from __future__ import annotations

import numpy as np

from cleaner.compiled import inlined, inner, kernel
from cleaner.duplicates.glue_kernel import NO, YES
from cleaner.duplicates.verify_kernel import KEY, NUMBER, SIGN
from cleaner.duplicates.word_kernel import Bytes, Integers, Number
from cleaner.words_of_bytes import below, equal, first, load, store

DOCUMENT, SURVIVOR, RELATION, SHARED, UNITED, CONTAINED, PAIR = range(7)
"""Columns of what is told: two documents by their numbers among the ids, the number of the relation, the shingles that
are compared, and the pair among the verdicts, -1 for none."""
COLUMNS = 7
ROOM = 400
"""Bytes that a row takes at most beside its ids, contradictions and hunks."""
MOST = 6
"""Bytes that JSON needs at most for one byte."""
_U = np.uint64
_PLACES = 10_000


def _bytes(text: str) -> Bytes:
    return np.frombuffer(text.encode(), np.uint8)


_ID, _INSTEAD, _RELATION = _bytes('{"id": '), _bytes(', "instead": '), _bytes(', "relation": "')
_JACCARD, _CONTAINMENT = _bytes('", "jaccard": '), _bytes(', "containment": ')
_SHINGLES, _EXTRA = _bytes(', "shingles": ['), _bytes('], "extra": ')
_CONTRADICTIONS, _HUNKS, _END = _bytes(', "contradictions": ['), _bytes('], "hunks": ['), _bytes("]}\n")
_NEXT = _bytes(", ")
_HEX = _bytes("0123456789abcdef")
_SHORT = np.zeros(0x80, np.uint8)
for _code, _letter in ((0x22, '"'), (0x5C, "\\"), (0x08, "b"), (0x09, "t"), (0x0A, "n"), (0x0C, "f"), (0x0D, "r")):
    _SHORT[_code] = ord(_letter)


@inlined
def _put(out: Bytes, at: Number, text: Bytes) -> Number:
    """Write some bytes; gives where the next ones go, as all kernels here."""
    for k in range(text.size):
        out[at + k] = text[k]
    return at + text.size


@inner
def _escape(out: Bytes, at: Number, byte: Number) -> Number:
    out[at] = 0x5C
    if _SHORT[byte]:
        out[at + 1] = _SHORT[byte]
        return at + 2
    out[at + 1], out[at + 2], out[at + 3] = 0x75, 0x30, 0x30
    out[at + 4], out[at + 5] = _HEX[byte >> 4], _HEX[byte & 15]
    return at + 6


@inner
def _string(out: Bytes, at: Number, data: Bytes, place: Number, end: Number) -> Number:
    """Write a part of a text as a string of JSON."""
    out[at] = 0x22
    at += 1
    while place < end:
        word = load(data, place)
        store(out, at, word)
        found = equal(word, _U(0x22)) | equal(word, _U(0x5C)) | below(word, _U(0x20))
        plain = min(first(found), end - place)
        place += plain
        at += plain
        if plain < 8 and place < end:
            at = _escape(out, at, data[place])
            place += 1
    out[at] = 0x22
    return at + 1


@inner
def _number(out: Bytes, at: Number, value: Number) -> Number:
    """Write a number that is not negative."""
    size = 1
    rest = value // 10
    while rest:
        rest //= 10
        size += 1
    for k in range(size):
        out[at + size - 1 - k] = 0x30 + value % 10
        value //= 10
    return at + size


@inner
def _share(out: Bytes, at: Number, part: Number, whole: Number) -> Number:
    """Write a share rounded to four places, as Python shows it; -1 if it lies just between two."""
    doubled = 2 * _PLACES * part + whole
    if doubled % (2 * whole) == 0:
        return -1
    value = doubled // (2 * whole)
    out[at], out[at + 1] = 0x30 + value // _PLACES, 0x2E
    value %= _PLACES
    size = 4
    while size > 1 and value % 10 == 0:
        value //= 10
        size -= 1
    for k in range(size):
        out[at + 1 + size - k] = 0x30 + value % 10
        value //= 10
    return at + 2 + size


@inner
def _equal(data: Bytes, one: Number, end: Number, other: Number, stop: Number) -> bool:
    """Whether two parts of a text are the same."""
    different = end - one != stop - other
    for k in range(0 if different else end - one):
        different = different or data[one + k] != data[other + k]
    return not different


@inner
def _comes_before(data: Bytes, one: Number, end: Number, other: Number, stop: Number) -> bool:
    """Whether a part of a text stands before another one in the order of bytes."""
    while one < end and other < stop and data[one] == data[other]:
        one, other = one + 1, other + 1
    return bool(other < stop and (one == end or data[one] < data[other]))


@inner
def _is_folded(data: Bytes, start: Number, end: Number) -> bool:
    """Whether a word is compared as it is written: small ASCII letters, digits and points, and no verb that denies."""
    plain = True
    for k in range(start, end):
        plain = plain and (0x30 <= data[k] <= 0x39 or 0x61 <= data[k] <= 0x7A or data[k] == 0x2E)
    return bool(plain and data[end - 1] != 0x6E and data[end - 1] != 0x74)


@inner
def _put_in_order(data: Bytes, begins: Integers, events: Integers, first: Number) -> bool:
    """Put in order the words that were noted together with one, if all are compared as they are written."""
    end = first
    while end < events.shape[0] and events[end, 1] == events[first, 1] and events[end, 4] == events[first, 4]:
        begin = begins[events[end, 0]]
        if not _is_folded(data, begin + events[end, 2], begin + events[end, 3]):
            return False
        end += 1
    for last in range(first + 1, end):
        for n in range(last, first, -1):
            one, other = begins[events[n, 0]], begins[events[n - 1, 0]]
            start, stop = events[n, 2] + one, events[n, 3] + one
            if not _comes_before(data, start, stop, events[n - 1, 2] + other, events[n - 1, 3] + other):
                break
            for k in range(4):
                events[n, k], events[n - 1, k] = events[n - 1, k], events[n, k]
    return True


@inner
def _contradictions(out: Bytes, at: Number, data: Bytes, begins: Integers, events: Integers) -> Number:
    """Write each different contradiction once; -1 if some have to be folded. What is told in order is put in order."""
    written = 0
    for n in range(events.shape[0]):
        kind = events[n, 1]
        begun = not n or kind != events[n - 1, 1] or events[n, 4] != events[n - 1, 4]
        if kind == SIGN or (kind in (NUMBER, KEY) and begun and not _put_in_order(data, begins, events, n)):
            return -1
        side, start, end = events[n, 0], events[n, 2], events[n, 3]
        again = False
        for m in range(n):
            one = begins[events[m, 0]]
            if _equal(data, begins[side] + start, begins[side] + end, one + events[m, 2], one + events[m, 3]):
                again = True
                break
        if again:
            continue
        if written:
            at = _put(out, at, _NEXT)
        at = _string(out, at, data, begins[side] + start, begins[side] + end)
        written += 1
    return at


@inner
def _title(data: Bytes, begin: Number, end: Number) -> tuple[Number, Number]:
    """Where the first line of a text that can be seen begins and ends; -1 twice if a blank may be another than ASCII.

    The text is `data[begin:end]`.
    """
    start = begin
    while start < end and (data[start] == 0x20 or 0x09 <= data[start] <= 0x0D or 0x1C <= data[start] <= 0x1F):
        start += 1
    if start == end or data[start] >= 0x80:
        return -1, -1
    stop = start
    while start > begin and data[start - 1] != 0x0A:
        start -= 1
    while stop < end and data[stop] != 0x0A:
        stop += 1
    return start, stop


@inner
def _hunks(out: Bytes, at: Number, data: Bytes, begins: Integers, hunks: Integers) -> Number:
    for n in range(hunks.shape[0]):
        if n:
            at = _put(out, at, _NEXT)
        out[at] = 0x5B
        at += 1
        for side in range(2):
            if side:
                at = _put(out, at, _NEXT)
            start, end = hunks[n, 2 * side], hunks[n, 2 * side + 1]
            if start < 0:
                start = end = 0
            at = _string(out, at, data, begins[side] + start, begins[side] + end)
        out[at] = 0x5D
        at += 1
    return at


@inner
def _needed(told: Integers, id_borders: Integers, hunks: Integers, events: Integers) -> Number:
    """Bytes that a row takes at most."""
    one, other = told[DOCUMENT], told[SURVIVOR]
    size = id_borders[one + 1] - id_borders[one] + id_borders[other + 1] - id_borders[other]
    for n in range(hunks.shape[0]):
        size += hunks[n, 1] - hunks[n, 0] + hunks[n, 3] - hunks[n, 2] + 10
    for n in range(events.shape[0]):
        size += abs(events[n, 3] - events[n, 2]) + 4
    return MOST * size + ROOM


@kernel
def write_rows(
    data: Bytes,
    borders: Integers,
    ids: Bytes,
    id_borders: Integers,
    relations: Bytes,
    relation_borders: Integers,
    pairs: Integers,
    verdicts: Integers,
    hunks: Integers,
    events: Integers,
    told: Integers,
    out: Bytes,
    places: Integers,
) -> Number:
    """Write the rows of what is told until `out` is full; gives how many were written or left to Python.

    `pairs`, `verdicts`, `hunks` and `events` are those of `judge_pairs`; the bytes of texts and ids have PADDING.
    `places` gets for each row where it begins, where its id ends, and where it ends itself: where it begins if it is
    left to Python.
    """
    begins = np.zeros(2, np.int64)
    none = np.zeros((0, 5), np.int64)
    at: Number = 0
    for n in range(told.shape[0]):
        row, number = told[n], told[n, PAIR]
        some, said, extra, title = none, none, np.int64(0), np.int64(0)
        if number >= 0:
            begins[0], begins[1] = borders[pairs[number, 1]], borders[pairs[number, 0]]
            start, noted = (verdicts[number - 1, 2], verdicts[number - 1, 3]) if number else (np.int64(0), np.int64(0))
            some, said = hunks[start : verdicts[number, 2]], events[noted : verdicts[number, 3]]
            extra, title = verdicts[number, 1], verdicts[number, 4]
        heading, stop = np.int64(-1), np.int64(-1)
        if title == YES:
            heading, stop = _title(data, begins[0], borders[pairs[number, 1] + 1])
        if out.size - at < _needed(row, id_borders, some, said) + MOST * (stop - heading):
            return n
        places[n] = at
        done = _put(out, at, _ID)
        done = _string(out, done, ids, id_borders[row[DOCUMENT]], id_borders[row[DOCUMENT] + 1])
        places[n, 1] = done
        done = _put(out, done, _INSTEAD)
        done = _string(out, done, ids, id_borders[row[SURVIVOR]], id_borders[row[SURVIVOR] + 1])
        done = _put(out, done, _RELATION)
        for k in range(relation_borders[row[RELATION]], relation_borders[row[RELATION] + 1]):
            out[done] = relations[k]
            done += 1
        done = _put(out, done, _JACCARD)
        done = _share(out, done, row[SHARED], row[UNITED])
        if done < 0 or (title != NO and heading < 0):
            continue
        done = _put(out, done, _CONTAINMENT)
        done = _share(out, done, row[SHARED], row[CONTAINED])
        if done < 0:
            continue
        done = _number(out, _put(out, done, _SHINGLES), row[SHARED])
        done = _number(out, _put(out, done, _NEXT), row[UNITED])
        done = _number(out, _put(out, done, _NEXT), row[CONTAINED])
        done = _number(out, _put(out, done, _EXTRA), extra)
        first_one = _put(out, done, _CONTRADICTIONS)
        done = _contradictions(out, first_one, data, begins, said)
        if done < 0:
            continue
        if heading >= 0:
            done = _string(out, done if done == first_one else _put(out, done, _NEXT), data, heading, stop)
        done = _hunks(out, _put(out, done, _HUNKS), data, begins, some)
        at = _put(out, done, _END)
        places[n, 2] = at
    return told.shape[0]
