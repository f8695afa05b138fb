"""Duplicates, compiled: from the UTF-8 of a batch to token hashes, signatures and shared shingles.

The definitions stand elsewhere and in plain Python: tokens and folding in `segment`, hashes in `shingle`, signatures in
`datasketch.MinHash`. Nothing here may differ from them by a bit. No object per word is made: that alone costs more than
everything here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from cleaner.compiled import borrower, inlined, inner, kernel
from cleaner.duplicates import shingle
from cleaner.duplicates.composing import in_nfc
from cleaner.duplicates.mix_kernel import mixed
from cleaner.duplicates.scan_kernel import GROWTH, ascii_table, character_table, scan
from cleaner.packed import PADDING, Packed, Room
from cleaner.words_of_bytes import load

Bytes = npt.NDArray[np.uint8]
Words = npt.NDArray[np.uint32]
Hashes = npt.NDArray[np.uint64]
Integers = npt.NDArray[np.int64]
Number = Any

_A, _B, _P = np.uint64(shingle.A), np.uint64(shingle.B), np.uint64(shingle.P)
_U = np.uint64


@inlined
def _mix32(value: np.uint32) -> np.uint32:
    value = np.uint32(value ^ (value >> np.uint32(16)))
    value = np.uint32(value * np.uint32(0x85EBCA6B))
    value = np.uint32(value ^ (value >> np.uint32(13)))
    value = np.uint32(value * np.uint32(0xC2B2AE35))
    return np.uint32(value ^ (value >> np.uint32(16)))


@inner
def _shingles(hashes: Hashes, start: int, end: int, size: int, out: Hashes) -> int:
    """The shingles of one text's tokens, in order; gives how many.

    All of them are made token by token: to make each of the one before it takes twice as long.
    """
    if end <= start:
        return 0
    size = min(size, end - start)
    found = out[: end - start - size + 1]
    for n in range(found.size):
        found[n] = _U(0)
    for k in range(size):
        more = hashes[start + k : start + k + found.size]
        for n in range(found.size):
            found[n] = found[n] * _P + more[n]
    for n in range(found.size):
        found[n] = mixed(found[n])
    return found.size


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


@borrower
def mark(folded: Bytes, borders: Integers, out: Hashes) -> None:
    """Write for each text a number that those share of which the same is compared: the twin of `sketch.mark`."""
    for n in range(borders.size - 1):
        begin, size = borders[n], borders[n + 1] - borders[n]
        whole = size // 8
        value = _U(size)
        for k in range(whole):
            value += mixed(load(folded, begin + 8 * k) ^ (_U(k) * _P))
        if size & 7:
            left = load(folded, begin + 8 * whole) & ((_U(1) << _U(8 * (size & 7))) - _U(1))
            value += mixed(left ^ (_U(whole) * _P))
        out[n] = value


class Batch:
    """Texts folded and cut into tokens: `hashes[starts[n]:starts[n + 1]]` are the hashes of the tokens of text n.

    `packed` are the texts in NFC; `unchanged` tells which of them are so as they were. What was read into the same
    `room` before is written over.
    """

    def __init__(self, texts: Sequence[str], room: Room | None = None) -> None:
        room = room or Room()
        self.packed, self.unchanged = in_nfc(Packed.of(texts))
        size = self.packed.characters
        data, borders = self.packed.data, self.packed.borders
        ascii_only = not size or int(data[:size].max()) < 0x80
        self._folded = room.folded(size * (1 if ascii_only else GROWTH) + PADDING)
        hashes = room.hashes(size + 1)
        self._borders, self.starts = np.empty((2, len(borders)), np.int64)
        tables = (ascii_table(), *character_table())
        scan(data, borders, *tables, self._folded, hashes, self._borders, self.starts)
        self.hashes = hashes[: self.starts[-1]]

    def marks(self) -> Hashes:
        """A number for every text that those share of which the same is compared."""
        found = np.empty(len(self.starts) - 1, np.uint64)
        mark(self._folded, self._borders, found)
        return found

    def compared(self) -> Iterator[memoryview]:
        """What exact copies share, of every text, as UTF-8."""
        view = self._folded.data
        borders = self._borders.tolist()
        return (view[start:end] for start, end in pairwise(borders))
