"""Pairs of documents that met, packed, met again and again: each once, in the order they are decided in.

What is more than may be held waits in a file without a name, and comes back in portions.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO, Self

import numpy as np

from cleaner.duplicates.forest import roots
from cleaner.duplicates.ordinals import Integers, Packed, begins, first, halves, once, packed, rows, width
from cleaner.duplicates.signed import lengthen

MERGE = 1 << 22
"""Pairs that are gathered before doubles are dropped: 32 MB."""
AT_ONCE = 1 << 20
"""Pairs that are unpacked at a time: 16 MB."""


class Met:
    """Pairs that met, of `count` places, the better one above.

    With a `folder` for the file no more than `held` of them, and MERGE, are in memory.
    """

    def __init__(self, count: int, folder: Path | None = None, held: int = 0) -> None:
        self._count, self._folder, self._held = count, folder, held
        self.kind = width(count).pair
        self._pairs: Packed = np.empty(0, self.kind)
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
            self._pairs = np.empty(0, self.kind)
            self._once = 0

    def _merge(self) -> None:
        """Put the pairs in order, each once."""
        self._pairs = once(self._pairs)
        self._once = len(self._pairs)

    def whole(self) -> Packed:
        """All pairs in order, each once."""
        self._merge()
        return self._pairs

    def portions(self) -> Iterator[Integers]:
        """All pairs, shape (n, 2) each: groups that hang together one after the other.

        Of each group those of its best document come first; all pairs of a document with better ones are in one
        portion.
        """
        root = roots(self._count, map(rows, self._some()))
        order = np.argsort(root, kind="stable")
        number = np.empty(self._count, np.uint64)
        number[order] = np.arange(self._count, dtype=np.uint64)
        for start, end in self._cuts(number):
            keys = self._numbered(number, start, end)
            yield from _unpacked(once(keys), order)

    def _numbered(self, number: Packed, start: int, end: int) -> Packed:
        """The pairs with the number of the second place above, where this is in a range. What is held is given away."""
        if self._file:
            found: Packed = np.empty(0, self.kind)
            for some in self._some():
                keys = _turned(some, number)
                second = first(keys)
                lengthen(found, keys[(second >= start) & (second < end)])
            return found
        pairs, self._pairs = self._pairs, np.empty(0, self.kind)
        for at in range(0, len(pairs), AT_ONCE):
            pairs[at : at + AT_ONCE] = _turned(pairs[at : at + AT_ONCE], number)
        return pairs

    def _some(self) -> Iterator[Packed]:
        """The pairs, some at a time; one may come twice."""
        if self._file:
            self._file.seek(0)
            while data := self._file.read(self.kind.itemsize * AT_ONCE):
                yield np.frombuffer(data, self.kind)
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
    return packed(number[right], number[left], pairs.dtype)


def _unpacked(keys: Packed, order: Integers) -> Iterator[Integers]:
    """Pairs of places from sorted keys, the second one above; cut between the second ones."""
    start = 0
    while start < len(keys):
        end = start + AT_ONCE
        if end < len(keys):
            end = int(begins(keys, first(keys[end : end + 1]))[0])
        if end <= start:
            end = int(begins(keys, first(keys[start : start + 1]) + np.uint64(1))[0])
        right, left = halves(keys[start:end])
        yield np.stack([order[left], order[right]], axis=1)
        start = end
