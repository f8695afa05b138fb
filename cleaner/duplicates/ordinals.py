"""Documents by number, and pairs of them: as narrow as their count allows. The only room that knows how wide they are.

Below NARROW documents a number takes 4 bytes, and a pair is one number of 8, one document above, the other below. From
there on a number takes 8 bytes and a pair is a record of two. Both kinds of pairs sort, compare and are looked up
alike, first by what is above, so whoever has pairs need not ask which they are.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Integers = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.uint32] | npt.NDArray[np.uint64]
Packed = npt.NDArray[Any]
"""Pairs of documents, one row each, whatever their width."""

NARROW = (1 << 32) - 1
"""Documents from which on 32 bits do not tell all of them apart and one that is none."""
_HALF = np.uint64(32)
_BELOW = np.uint64(0xFFFFFFFF)


class Width(NamedTuple):
    """How numbers and pairs of a corpus are written."""

    number: np.dtype[Any]
    pair: np.dtype[Any]

    @property
    def none(self) -> int:
        """The number that no document has."""
        return (1 << 8 * self.number.itemsize) - 1


_NARROW = Width(np.dtype("<u4"), np.dtype("<u8"))
_WIDE = Width(np.dtype("<u8"), np.dtype([("above", "<u8"), ("below", "<u8")]))


def width(count: int) -> Width:
    """That of a corpus of so many documents."""
    return _NARROW if count < NARROW else _WIDE


def is_wide(count: int) -> bool:
    """Whether two numbers of so many documents have no room in 64 bits."""
    return width(count) is _WIDE


def numbered(count: int) -> Numbers:
    """A number for each of so many documents."""
    return np.arange(count, dtype=width(count).number)


def packed(above: npt.NDArray[Any], below: npt.NDArray[Any], kind: np.dtype[Any]) -> Packed:
    """Two numbers each as a pair; `kind` is that of pairs in `Width`."""
    if kind.names:
        found: Packed = np.empty(len(above), kind)
        found["above"], found["below"] = above, below
        return found
    return above.astype(np.uint64, copy=False) << _HALF | below.astype(np.uint64, copy=False)


def first(pairs: Packed) -> npt.NDArray[np.uint64]:
    """The numbers that stand above."""
    found: npt.NDArray[np.uint64] = pairs["above"] if pairs.dtype.names else pairs >> _HALF
    return found


def halves(pairs: Packed) -> tuple[Integers, Integers]:
    """Both numbers of each pair, that above in front."""
    below = pairs["below"] if pairs.dtype.names else pairs & _BELOW
    return first(pairs).astype(np.int64), below.astype(np.int64)


def rows(pairs: Packed) -> Integers:
    """The same, shape (n, 2)."""
    return np.stack(halves(pairs), axis=1)


def turned(pairs: Packed) -> Packed:
    """Pairs with the other number above, in order."""
    found = packed(*halves(pairs)[::-1], pairs.dtype) if pairs.dtype.names else pairs >> _HALF | pairs << _HALF
    found.sort()
    return found


def once(pairs: Packed) -> Packed:
    """Pairs in order, each once; what is given is put in order where it is."""
    pairs.sort()
    if not len(pairs):
        return pairs
    fresh = np.ones(len(pairs), np.bool_)
    fresh[1:] = pairs[1:] != pairs[:-1]
    return pairs if fresh.all() else pairs[fresh]


def again(pairs: Packed) -> Packed:
    """The pairs that are there more than once, in order."""
    pairs.sort()
    return once(pairs[1:][pairs[1:] == pairs[:-1]])


def begins(pairs: Packed, numbers: npt.NDArray[Any]) -> Integers:
    """Where in ordered pairs those begin that have one of some numbers above, or would."""
    asked = packed(numbers, np.zeros(len(numbers), np.uint64), pairs.dtype)
    return np.searchsorted(pairs, asked)


def words(pairs: Packed) -> npt.NDArray[np.uint64]:
    """The memory of pairs, for kernels that fill it: shape (n, 1) where they are narrow, (n, 2) where they are wide."""
    return pairs.view(np.uint64).reshape(len(pairs), pairs.dtype.itemsize // 8)
