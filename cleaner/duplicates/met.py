"""Pairs of documents that met, packed into 64 bits, met again and again: each once, in the order they are decided in.

What is more than may be held waits in a file without a name, and comes back in portions.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO, Self

import numpy as np
import numpy.typing as npt

from cleaner.duplicates.forest import roots
from cleaner.duplicates.signed import lengthen

Integers = npt.NDArray[np.int64]
Packed = npt.NDArray[np.uint64]
"""Two places in a number, the better one above."""

MERGE = 1 << 22
"""Pairs that are gathered before doubles are dropped: 32 MB."""
AT_ONCE = 1 << 20
"""Pairs that are unpacked at a time: 16 MB."""
_HALF = np.uint64(32)
_BELOW = np.uint64(0xFFFFFFFF)


def packed(one: Packed, other: Packed) -> Packed:
    """Two places each in a number."""
    found: Packed = one << _HALF | other
    return found


def halves(pairs: Packed) -> tuple[Integers, Integers]:
    """The two places of packed pairs."""
    return (pairs >> _HALF).astype(np.int64), (pairs & _BELOW).astype(np.int64)


class Met:
    """Pairs that met. With a `folder` for the file no more than `held` of them, and MERGE, are in memory."""

    def __init__(self, folder: Path | None = None, held: int = 0) -> None:
        self._folder, self._held = folder, held
        self._pairs: Packed = np.empty(0, np.uint64)
        self._once = 0
        self._file: BinaryIO | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._file:
            self._file.close()

    def add(self, pairs: Packed) -> None:
        """Note pairs. Raises OSError where the file cannot be written."""
        lengthen(self._pairs, pairs)
        if len(self._pairs) - self._once > max(MERGE, self._once):
            self._merge()
        if self._folder and len(self._pairs) > self._held:
            self._file = self._file or TemporaryFile(dir=self._folder)  # noqa: SIM115  (closed by __exit__)
            self._file.write(self._pairs.data)
            self._pairs = np.empty(0, np.uint64)
            self._once = 0

    def _merge(self) -> None:
        """Put the pairs in order, each once."""
        self._pairs = once(self._pairs)
        self._once = len(self._pairs)

    def whole(self) -> Packed:
        """All pairs in order, each once."""
        self._merge()
        return self._pairs

    def portions(self, count: int) -> Iterator[Integers]:
        """All pairs of `count` places, shape (n, 2) each: groups that hang together one after the other.

        Of each group those of its best document come first; all pairs of a document with better ones are in one
        portion.
        """
        root = roots(count, (np.stack(halves(some), axis=1) for some in self._some()))
        order = np.argsort(root, kind="stable")
        number = np.empty(count, np.uint64)
        number[order] = np.arange(count, dtype=np.uint64)
        for first, end in self._cuts(number):
            keys = self._numbered(number, first, end)
            yield from _unpacked(once(keys), order)

    def _numbered(self, number: Packed, first: int, end: int) -> Packed:
        """The pairs with the number of the second place above, where this is in a range. What is held is given away."""
        if self._file:
            found = np.empty(0, np.uint64)
            for some in self._some():
                keys = _turned(some, number)
                second = keys >> _HALF
                lengthen(found, keys[(second >= first) & (second < end)])
            return found
        pairs, self._pairs = self._pairs, np.empty(0, np.uint64)
        for at in range(0, len(pairs), AT_ONCE):
            pairs[at : at + AT_ONCE] = _turned(pairs[at : at + AT_ONCE], number)
        return pairs

    def _some(self) -> Iterator[Packed]:
        """The pairs, some at a time; one may come twice."""
        if self._file:
            self._file.seek(0)
            while data := self._file.read(8 * AT_ONCE):
                yield np.frombuffer(data, np.uint64)
        for at in range(0, len(self._pairs), AT_ONCE):
            yield self._pairs[at : at + AT_ONCE]

    def _cuts(self, number: Packed) -> list[tuple[int, int]]:
        """Cut the documents, by their numbers, so that the pairs of each cut with better ones may be held."""
        if not self._file:
            return [(0, len(number))]
        counts = np.zeros(len(number) + 1, np.int64)
        for some in self._some():
            numbers, more = np.unique(number[halves(some)[1]], return_counts=True)
            counts[numbers.astype(np.int64) + 1] += more
        met = np.cumsum(counts)
        asked = np.searchsorted(met, np.arange(self._held, met[-1], self._held))
        cuts = np.unique([0, *asked.tolist(), len(number)]).tolist()
        return list(pairwise(cuts))


def _turned(pairs: Packed, number: Packed) -> Packed:
    """Pairs by the numbers of their places, that of the second one above."""
    left, right = halves(pairs)
    return packed(number[right], number[left])


def once(pairs: Packed) -> Packed:
    """Pairs in order, each once; what is given is put in order where it is."""
    pairs.sort()
    if not len(pairs):
        return pairs
    fresh = np.empty(len(pairs), np.bool_)
    fresh[0] = True
    np.not_equal(pairs[1:], pairs[:-1], out=fresh[1:])
    return pairs if fresh.all() else pairs[fresh]


def again(pairs: Packed) -> Packed:
    """The pairs that are there more than once, in order."""
    pairs.sort()
    return once(pairs[1:][pairs[1:] == pairs[:-1]])


def _unpacked(keys: Packed, order: Integers) -> Iterator[Integers]:
    """Pairs of places from sorted keys, the second one above; cut between the second ones."""
    start = 0
    while start < len(keys):
        end = start + AT_ONCE
        if end < len(keys):
            end = int(np.searchsorted(keys, (keys[end] >> _HALF) << _HALF))
        if end <= start:
            end = int(np.searchsorted(keys, ((keys[start] >> _HALF) + np.uint64(1)) << _HALF))
        right, left = halves(keys[start:end])
        yield np.stack([order[left], order[right]], axis=1)
        start = end
