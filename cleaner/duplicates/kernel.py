"""Duplicates, compiled: from the UTF-8 of a batch to token hashes, signatures and shared shingles.

The definitions stand elsewhere and in plain Python: tokens and folding in `segment`, hashes in `shingle`, signatures in
`datasketch.MinHash`. Nothing here may differ from them by a bit. No object per word is made: that alone costs more than
everything here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from cleaner.characters import tables
from cleaner.compiled import kernel
from cleaner.duplicates import shingle
from cleaner.segment import composed

Bytes = npt.NDArray[np.uint8]
Words = npt.NDArray[np.uint32]
Hashes = npt.NDArray[np.uint64]
Integers = npt.NDArray[np.int64]

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
        for first, last in content[name]:
            table[first : last + 1] = kind
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
    for point in range(128):
        entry = int(table[point])
        length, place = entry >> 3 & 31, entry >> 8
        folded = (int(pool[place]) if length else 0) if entry & 4 else point
        found[point] = folded | (0x80 if entry & 3 else 0)
    return found


@kernel
def _token(value: np.uint64, chunk: np.uint64, length: int) -> np.uint64:
    """The hash of a token whose whole words went into `value` and whose last bytes are in `chunk`."""
    if length & 7:
        value = (value ^ chunk) * _A
        value ^= value >> _U(32)
    value = (value ^ _U(length)) * _B
    return value ^ (value >> _U(29))


@kernel
def scan(
    data: Bytes, starts: Integers, quick: Bytes, table: Words, pool: Bytes, folded: Bytes, hashes: Hashes
) -> tuple[Integers, Integers]:
    """Fold texts and hash their tokens. `data[starts[n]:starts[n+1]]` is valid UTF-8 in NFC.

    `folded` gets what exact copies share; it is GROWTH times as long as `data`, or as long if all is ASCII, and a byte
    more. `hashes`, as long as `data`, gets one hash per token. Gives where each text begins in them.
    """
    count = starts.size - 1
    folded_starts, token_starts = np.empty(count + 1, np.int64), np.empty(count + 1, np.int64)
    out = tokens = began = 0
    inside = np.uint32(0)  # 0 between tokens, else the kind of the letter that began this one
    value = chunk = shift = _U(0)
    for n in range(count):
        folded_starts[n], token_starts[n] = out, tokens
        at, end = starts[n], starts[n + 1]
        while at < end:
            first = data[at]
            if first < 0x80:
                at += 1
                byte = quick[first]
                if byte & 0x80 and inside == LETTER:
                    byte &= 0x7F
                    folded[out] = byte
                    out += 1
                    chunk |= _U(byte) << shift
                    shift += _U(8)
                    if shift == _U(64):
                        value = (value ^ chunk) * _A
                        value ^= value >> _U(32)
                        chunk = shift = _U(0)
                    continue
                if inside:
                    hashes[tokens] = _token(value, chunk, out - began)
                    tokens += 1
                    inside = np.uint32(0)
                if byte & 0x80:
                    byte &= 0x7F
                    began = out
                    inside = np.uint32(LETTER)
                    value, chunk, shift = _U(0), _U(byte), _U(8)
                folded[out] = byte
                out += byte != 0
                continue
            if first < 0xE0:
                point = np.uint32(first & 0x1F) << np.uint32(6) | np.uint32(data[at + 1] & 0x3F)
                width = 2
            elif first < 0xF0:
                point = np.uint32(first & 0x0F) << np.uint32(12) | np.uint32(data[at + 1] & 0x3F) << np.uint32(6)
                point |= np.uint32(data[at + 2] & 0x3F)
                width = 3
            else:
                point = np.uint32(first & 0x07) << np.uint32(18) | np.uint32(data[at + 1] & 0x3F) << np.uint32(12)
                point |= np.uint32(data[at + 2] & 0x3F) << np.uint32(6) | np.uint32(data[at + 3] & 0x3F)
                width = 4
            entry = table[point]
            kind = entry & np.uint32(3)
            if inside and kind != MARK and (kind != LETTER or inside == ALONE):
                hashes[tokens] = _token(value, chunk, out - began)
                tokens += 1
                inside = np.uint32(0)
            if not inside and kind & np.uint32(LETTER):
                began = out
                inside = kind
                value = chunk = shift = _U(0)
            first_byte = out
            if entry & np.uint32(4):
                source = np.int64(entry >> np.uint32(8))
                for k in range(source, source + np.int64((entry >> np.uint32(3)) & np.uint32(31))):
                    folded[out] = pool[k]
                    out += 1
            else:
                for k in range(at, at + width):
                    folded[out] = data[k]
                    out += 1
            at += width
            if inside:
                for k in range(first_byte, out):
                    chunk |= _U(folded[k]) << shift
                    shift += _U(8)
                    if shift == _U(64):
                        value = (value ^ chunk) * _A
                        value ^= value >> _U(32)
                        chunk = shift = _U(0)
        if inside:
            hashes[tokens] = _token(value, chunk, out - began)
            tokens += 1
            inside = np.uint32(0)
    folded_starts[count], token_starts[count] = out, tokens
    return folded_starts, token_starts


@kernel
def _mix32(value: np.uint32) -> np.uint32:
    value = np.uint32(value ^ (value >> np.uint32(16)))
    value = np.uint32(value * np.uint32(0x85EBCA6B))
    value = np.uint32(value ^ (value >> np.uint32(13)))
    value = np.uint32(value * np.uint32(0xC2B2AE35))
    return np.uint32(value ^ (value >> np.uint32(16)))


@kernel
def _mix64(value: np.uint64) -> np.uint64:
    value = (value ^ (value >> _U(33))) * _A
    value = (value ^ (value >> _U(33))) * _B
    return value ^ (value >> _U(33))


@kernel
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

    `data[borders[n]:borders[n + 1]]` is its UTF-8, in NFC; `unchanged` tells of which texts it is so as they were.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        in_nfc = list(map(composed, texts))
        self.unchanged = np.fromiter(map(str.__eq__, in_nfc, texts), np.bool_, len(texts))
        written = [text.encode("utf-8") for text in in_nfc]
        borders = np.zeros(len(written) + 1, np.int64)
        np.cumsum([len(text) for text in written], out=borders[1:])
        joined = b"".join(written)
        self.data, self.borders = np.frombuffer(joined, np.uint8), borders
        self._folded = np.empty(len(joined) * (1 if joined.isascii() else GROWTH) + 1, np.uint8)
        hashes = np.empty(len(joined) + 1, np.uint64)
        tables = (ascii_table(), *character_table())
        self._borders, self.starts = scan(self.data, borders, *tables, self._folded, hashes)
        self.hashes = hashes[: self.starts[-1]]

    def compared(self) -> Iterator[memoryview]:
        """What exact copies share, of every text, as UTF-8."""
        view = self._folded.data
        borders = self._borders.tolist()
        return (view[start:end] for start, end in pairwise(borders))
