"""Duplicates, compiled: from the UTF-8 of a batch to token hashes, signatures and shared shingles.

The definitions stand elsewhere and in plain Python: tokens and folding in `segment`, hashes in `shingle`, signatures in
`datasketch.MinHash`. Nothing here may differ from them by a bit. No object per word is made: that alone costs more than
everything here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from cleaner.characters import tables
from cleaner.compiled import borrower, kernel
from cleaner.duplicates import shingle
from cleaner.duplicates.composing import in_nfc
from cleaner.packed import PADDING, Packed
from cleaner.words_of_bytes import HIGH, first, load, point, store, token_bytes

Bytes = npt.NDArray[np.uint8]
Words = npt.NDArray[np.uint32]
Hashes = npt.NDArray[np.uint64]
Integers = npt.NDArray[np.int64]
Number = Any

LETTER, MARK, ALONE = 1, 2, 3
"""Kinds of characters; those that begin a token are odd."""
_A, _B, _P = np.uint64(shingle.A), np.uint64(shingle.B), np.uint64(shingle.P)
_P5 = np.uint64(pow(shingle.P, 5, 1 << 64))
_U = np.uint64

GROWTH = 10
"""Folding one character gives at most so many times its bytes."""


@cache
def character_table() -> tuple[Words, Bytes]:
    """For every code point: kind in the lowest 2 bits, then 1 bit "folds", 5 bits length and 24 bits place in a pool.

    The pool holds the UTF-8 of what characters are folded to.
    """
    table = np.zeros(0x110000, np.uint32)
    content = tables()
    for kind, name in ((LETTER, "letters"), (MARK, "marks"), (ALONE, "alone")):
        for lowest, highest in content[name]:
            table[lowest : highest + 1] = kind
    pool = bytearray()
    for character, folded in content["folds"].items():
        written = folded.encode("utf-8")
        table[ord(character)] |= 4 | len(written) << 3 | len(pool) << 8
        pool += written
    return table, np.frombuffer(bytes(pool) + bytes(32), np.uint8)


@cache
def ascii_table() -> Bytes:
    """For every ASCII byte: what it is folded to, 0 for nothing, with the highest bit set if it belongs to a token."""
    table, pool = character_table()
    found = np.zeros(128, np.uint8)
    for code in range(128):
        entry = int(table[code])
        length, place = entry >> 3 & 31, entry >> 8
        folded = (int(pool[place]) if length else 0) if entry & 4 else code
        found[code] = folded | (0x80 if entry & 3 else 0)
    return found


@borrower
def _token(value: np.uint64, chunk: np.uint64, length: int) -> np.uint64:
    """The hash of a token whose whole words went into `value` and whose last bytes are in `chunk`."""
    if length & 7:
        value = (value ^ chunk) * _A
        value ^= value >> _U(32)
    value = (value ^ _U(length)) * _B
    return value ^ (value >> _U(29))


@borrower
def _plain_token(data: Bytes, at: Number, end: Number, folded: Bytes, out: Number) -> tuple[Number, np.uint64]:
    """Fold and hash the ASCII letters and digits from a place on; gives how many there are, and the hash so far."""
    value = _U(0)
    size = 0
    while True:
        word = load(data, at + size)
        alnum, low = token_bytes(word)
        many = min(first(~alnum & HIGH), end - at - size)
        store(folded, out + size, low)
        size += many
        if many < 8:
            return size, _token(value, low & ((_U(1) << _U(8 * many)) - _U(1)), size)
        value = (value ^ low) * _A
        value ^= value >> _U(32)


@borrower
def _letter(
    data: Bytes, at: Number, width: Number, entry: np.uint32, pool: Bytes, folded: Bytes, out: Number
) -> Number:
    """Fold one character; gives the end of what was written."""
    if not entry & np.uint32(4):
        for k in range(at, at + width):
            folded[out + k - at] = data[k]
        return out + width
    source = np.int64(entry >> np.uint32(8))
    length = np.int64((entry >> np.uint32(3)) & np.uint32(31))
    for k in range(length):
        folded[out + k] = pool[source + k]
    return out + length


@borrower
def _hashed(folded: Bytes, start: Number, end: Number) -> np.uint64:
    """The hash of a token by its folded bytes."""
    value = chunk = _U(0)
    for k in range(start, end):
        chunk |= _U(folded[k]) << _U(8 * ((k - start) & 7))
        if (k - start) & 7 == 7:
            value = (value ^ chunk) * _A
            value ^= value >> _U(32)
            chunk = _U(0)
    return _token(value, chunk, end - start)


@borrower
def _any_token(
    data: Bytes, at: Number, end: Number, table: Words, pool: Bytes, folded: Bytes, out: Number
) -> tuple[Number, Number, np.uint64]:
    """Fold the token or the sign at a place: where it ends, where its folded bytes do, and the hash of a token."""
    code, width = point(data, at)
    entry = table[code]
    kind = entry & np.uint32(3)
    begun = out
    out = _letter(data, at, width, entry, pool, folded, out)
    at += width
    if not kind & np.uint32(LETTER):
        return at, out, _U(0)
    while at < end:
        code, width = point(data, at)
        entry = table[code]
        more = entry & np.uint32(3)
        if more != MARK and (more != LETTER or kind == ALONE):
            break
        out = _letter(data, at, width, entry, pool, folded, out)
        at += width
    return at, out, _hashed(folded, begun, out)


@kernel
def scan(
    data: Bytes, starts: Integers, quick: Bytes, table: Words, pool: Bytes, folded: Bytes, hashes: Hashes
) -> tuple[Integers, Integers]:
    """Fold texts and hash their tokens. `data[starts[n]:starts[n+1]]` is valid UTF-8 in NFC, PADDING follows the last.

    `folded` gets what exact copies share; it is GROWTH times as long as `data`, or as long if all is ASCII, and
    PADDING. `hashes`, as long as `data`, gets one hash per token. Gives where each text begins in them.
    """
    count = starts.size - 1
    folded_starts, token_starts = np.empty(count + 1, np.int64), np.empty(count + 1, np.int64)
    out: Number = 0
    tokens = 0
    for n in range(count):
        folded_starts[n], token_starts[n] = out, tokens
        at, end = starts[n], starts[n + 1]
        while at < end:
            byte = data[at]
            if byte < 0x80 and not quick[byte] & 0x80:
                folded[out] = quick[byte]
                out += quick[byte] != 0
                at += 1
                continue
            if byte < 0x80:
                size, value = _plain_token(data, at, end, folded, out)
                if at + size == end or data[at + size] < 0x80:
                    hashes[tokens] = value
                    tokens += 1
                    at += size
                    out += size
                    continue
            begun = at
            at, out, value = _any_token(data, at, end, table, pool, folded, out)
            if value or table[point(data, begun)[0]] & np.uint32(LETTER):
                hashes[tokens] = value
                tokens += 1
    folded_starts[count], token_starts[count] = out, tokens
    return folded_starts, token_starts


@borrower
def _mix32(value: np.uint32) -> np.uint32:
    value = np.uint32(value ^ (value >> np.uint32(16)))
    value = np.uint32(value * np.uint32(0x85EBCA6B))
    value = np.uint32(value ^ (value >> np.uint32(13)))
    value = np.uint32(value * np.uint32(0xC2B2AE35))
    return np.uint32(value ^ (value >> np.uint32(16)))


@borrower
def _mix64(value: np.uint64) -> np.uint64:
    value = (value ^ (value >> _U(33))) * _A
    value = (value ^ (value >> _U(33))) * _B
    return value ^ (value >> _U(33))


@borrower
def _shingles(hashes: Hashes, start: int, end: int, size: int, out: Hashes) -> int:
    """The shingles of one text's tokens, in order; gives how many."""
    if end <= start:
        return 0
    value = _U(0)
    for at in range(start, min(start + size, end)):
        value = value * _P + hashes[at]
    out[0] = _mix64(value)
    for at in range(start + size, end):
        value = value * _P + hashes[at] - hashes[at - size] * _P5
        out[at - start - size + 1] = _mix64(value)
    return max(1, end - start - size + 1)


@kernel
def sign(hashes: Hashes, starts: Integers, size: int, a: Words, b: Words, signatures: Words) -> None:
    """MinHash signatures of texts by their token hashes: `min((a * mix(h) + b) mod 2^32)` for every permutation.

    Four shingles a pass, so that the inner loop becomes vector instructions. `signatures` has a row per text.
    """
    longest = 1
    for n in range(starts.size - 1):
        longest = max(longest, starts[n + 1] - starts[n])
    out = np.empty(longest, np.uint64)
    for n in range(starts.size - 1):
        count = _shingles(hashes, starts[n], starts[n + 1], size, out)
        row = signatures[n]
        if count:
            row[:] = np.uint32(0xFFFFFFFF)
        for at in range(0, count, 4):
            h0 = _mix32(np.uint32(out[at] >> _U(32)))
            h1 = _mix32(np.uint32(out[min(at + 1, count - 1)] >> _U(32)))
            h2 = _mix32(np.uint32(out[min(at + 2, count - 1)] >> _U(32)))
            h3 = _mix32(np.uint32(out[min(at + 3, count - 1)] >> _U(32)))
            for p in range(a.size):
                x0 = np.uint32(np.uint32(a[p] * h0) + b[p])
                x1 = np.uint32(np.uint32(a[p] * h1) + b[p])
                x2 = np.uint32(np.uint32(a[p] * h2) + b[p])
                x3 = np.uint32(np.uint32(a[p] * h3) + b[p])
                row[p] = min(row[p], x0, x1, x2, x3)


@kernel
def distinct(hashes: Hashes, starts: Integers, size: int) -> tuple[Hashes, Integers]:
    """The different shingles of every text, behind one another, and where each text begins."""
    count = starts.size - 1
    longest = 1
    for n in range(count):
        longest = max(longest, starts[n + 1] - starts[n])
    room = 16
    while room < 2 * longest:
        room *= 2
    mask = _U(room - 1)
    values, stamps = np.empty(room, np.uint64), np.zeros(room, np.int32)
    one = np.empty(longest, np.uint64)
    out = np.empty(hashes.size + 1, np.uint64)
    begins = np.zeros(count + 1, np.int64)
    total = 0
    for n in range(count):
        begins[n] = total
        for k in range(_shingles(hashes, starts[n], starts[n + 1], size, one)):
            at = one[k] & mask
            while stamps[at] == n + 1 and values[at] != one[k]:
                at = (at + _U(1)) & mask
            if stamps[at] != n + 1:
                stamps[at] = n + 1
                values[at] = one[k]
                out[total] = one[k]
                total += 1
    begins[count] = total
    return out[:total], begins


@kernel
def shared(values: Hashes, begins: Integers, pairs: Integers, out: Integers) -> None:
    """For pairs of texts, the left ones in order: elements of both sets, of the left, of the right, into `out`."""
    longest = 1
    for n in range(begins.size - 1):
        longest = max(longest, begins[n + 1] - begins[n])
    room = 16
    while room < 2 * longest:
        room *= 2
    mask = _U(room - 1)
    table, stamps = np.empty(room, np.uint64), np.zeros(room, np.int64)
    held = -1
    for n in range(pairs.shape[0]):
        left, right = pairs[n, 0], pairs[n, 1]
        if left != held:
            held = left
            for k in range(begins[left], begins[left + 1]):
                at = values[k] & mask
                while stamps[at] == n + 1:
                    at = (at + _U(1)) & mask
                stamps[at] = n + 1
                table[at] = values[k]
            stamp = n + 1
        both = 0
        for k in range(begins[right], begins[right + 1]):
            at = values[k] & mask
            while stamps[at] == stamp and table[at] != values[k]:
                at = (at + _U(1)) & mask
            both += stamps[at] == stamp
        out[n, 0] = both
        out[n, 1] = begins[left + 1] - begins[left]
        out[n, 2] = begins[right + 1] - begins[right]


class Batch:
    """Texts folded and cut into tokens: `hashes[starts[n]:starts[n + 1]]` are the hashes of the tokens of text n.

    `packed` are the texts in NFC; `unchanged` tells which of them are so as they were.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        self.packed, self.unchanged = in_nfc(Packed.of(texts))
        size = self.packed.characters
        data = self.packed.data
        ascii_only = not size or int(data[:size].max()) < 0x80
        self._folded = np.empty(size * (1 if ascii_only else GROWTH) + PADDING, np.uint8)
        hashes = np.empty(size + 1, np.uint64)
        tables = (ascii_table(), *character_table())
        self._borders, self.starts = scan(data, self.packed.borders, *tables, self._folded, hashes)
        self.hashes = hashes[: self.starts[-1]]

    def compared(self) -> Iterator[memoryview]:
        """What exact copies share, of every text, as UTF-8."""
        view = self._folded.data
        borders = self._borders.tolist()
        return (view[start:end] for start, end in pairwise(borders))
