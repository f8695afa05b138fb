"""Many texts as one array of bytes: what kernels read, without an object for each text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate, pairwise
from typing import Any, overload

import numpy as np
import numpy.typing as npt

Bytes = npt.NDArray[np.uint8]
Integers = npt.NDArray[np.int64]
PADDING = 8
"""Bytes behind the last text, so that kernels may read eight at a time."""


class Packed(Sequence[str]):
    """Texts as UTF-8, one behind the other: `data[borders[n]:borders[n + 1]]` is the n-th one; PADDING follows."""

    def __init__(self, data: Bytes, borders: Integers) -> None:
        self.data, self.borders = data, borders

    @classmethod
    def of(cls, texts: Sequence[str]) -> Packed:
        """Pack texts, or give them as they are if they are packed."""
        return texts if isinstance(texts, Packed) else cls.joined([text.encode("utf-8") for text in texts])

    @classmethod
    def joined(cls, written: Sequence[bytes | memoryview]) -> Packed:
        """Pack texts that are UTF-8 already.

        The array can be written to, as all others that kernels read: they would be compiled once more for it.
        """
        borders = np.fromiter(accumulate(map(len, written), initial=0), np.int64, len(written) + 1)
        return cls(np.frombuffer(bytearray().join([*written, bytes(PADDING)]), np.uint8), borders)

    def with_texts(self, written: Mapping[int, bytes]) -> Packed:
        """The same texts, but for some that are written anew, by their numbers in order."""
        sizes = np.diff(self.borders)
        parts: list[bytes | memoryview] = []
        at = int(self.borders[0])
        for number, text in written.items():
            start, end = self.borders[number : number + 2].tolist()
            parts += [self.data.data[at:start], text]
            sizes[number] = len(text)
            at = end
        parts += [self.data.data[at : int(self.borders[-1])], bytes(PADDING)]
        borders = np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes)])
        return Packed(np.frombuffer(bytearray().join(parts), np.uint8), borders)

    def __len__(self) -> int:
        return len(self.borders) - 1

    @overload
    def __getitem__(self, number: int) -> str: ...
    @overload
    def __getitem__(self, number: slice) -> Packed: ...
    def __getitem__(self, number: int | slice) -> str | Packed:
        """A text, or some of them that follow one another."""
        if isinstance(number, slice):
            start, stop, _ = number.indices(len(self))
            first, last = self.borders[[start, max(start, stop)]].tolist()
            return Packed(self.data[first : last + PADDING], self.borders[start : max(start, stop) + 1] - first)
        if not 0 <= number < len(self):
            raise IndexError(number)
        return str(self.written(number), "utf-8")

    def written(self, number: int) -> memoryview:
        """The bytes of a text."""
        start, end = self.borders[number : number + 2].tolist()
        return self.data.data[start:end]

    @property
    def characters(self) -> int:
        """Bytes of all texts."""
        return int(self.borders[-1] - self.borders[0])

    def slices(self, most: int) -> list[tuple[int, int]]:
        """Cut the texts so that a slice has about `most` bytes, one text at least."""
        numbers = np.searchsorted(self.borders, np.arange(self.borders[0] + most, self.borders[-1], most))
        cuts = np.unique(np.concatenate([[0], numbers, [len(self)]])).tolist()
        return list(pairwise(cuts))


class Reused:
    """An array of one type that is asked for again and again: the system takes its time to clear memory each time."""

    def __init__(self, kind: npt.DTypeLike) -> None:
        self._array: npt.NDArray[Any] = np.empty(0, kind)

    def __call__(self, size: int) -> npt.NDArray[Any]:
        """So many numbers, whatever they are; what was given before is written over."""
        if len(self._array) < size:
            self._array = np.empty(size, self._array.dtype)
        return self._array[:size]


class Room:
    """Arrays that the tokens of texts are written into, again and again, and the rows of their words."""

    def __init__(self) -> None:
        self.folded, self.hashes, self.words = Reused(np.uint8), Reused(np.uint64), Reused(np.uint8)
