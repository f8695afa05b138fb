"""What pairs are looked for by: the signatures of many documents slot by slot, and a byte of each value.

A signature has 512 bytes. A band asks for three slots of all documents, so signatures lie in a file by slot, and of
each document only the lowest bytes of its values are held: two values that differ have the same one once in 256 times,
so signatures seem to agree in a third of a value more than they do, and no pair is missed by it.
"""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO, Protocol, Self

import numpy as np
import numpy.typing as npt

from cleaner.duplicates.bands import PERMUTATIONS
from cleaner.duplicates.sketch import Rows

Words = npt.NDArray[np.uint32]
Marks = npt.NDArray[np.uint64]
"""The lowest bytes of the values of signatures, eight in a number: shape (documents, MARKS)."""
MARKS = PERMUTATIONS // 8
BLOCK = 1 << 14
"""Signatures that are put into the file at a time: 8 MB."""
HELD = 7
"""Blocks that are held until more come: files of 100,000 documents and less need no second one."""


class Signed(Protocol):
    """Documents by their numbers: their tokens, the marks of their signatures, and some slots of all of them."""

    @property
    def tokens(self) -> Words:
        """How many each document has."""

    @property
    def marks(self) -> Marks:
        """Those of each signature."""

    def slots(self, first: int, end: int) -> Words:
        """Values of all signatures: shape (end - first, documents)."""


def marks_of(signatures: Words) -> Marks:
    """The lowest byte of every value."""
    found: Marks = np.ascontiguousarray(signatures.astype(np.uint8)).view(np.uint64)
    return found


class SignedRows:
    """Rows of `sketch` as signed documents."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self.tokens: Words = rows["tokens"]
        self.marks: Marks = np.empty((len(rows), MARKS), np.uint64)
        for at in range(0, len(rows), BLOCK):
            self.marks[at : at + BLOCK] = marks_of(rows["signature"][at : at + BLOCK])

    def slots(self, first: int, end: int) -> Words:
        """Values of all signatures, by slot."""
        return np.ascontiguousarray(self._rows["signature"][:, first:end].T)


class SignedFile:
    """Signed documents that come some at a time: of many 132 bytes each are held, the rest is in a file without a name.

    The file is made in `folder` once there are more than HELD blocks of BLOCK documents, and is gone when this is
    closed, or the process is.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file: BinaryIO | None = None
        self._written = 0
        self._held: list[Words] = []
        self._last: Words = np.empty((PERMUTATIONS, BLOCK), np.uint32)
        self._filled = 0
        self.tokens: Words = np.empty(0, np.uint32)
        self.marks: Marks = np.empty((0, MARKS), np.uint64)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Forget the signatures."""
        if self._file:
            self._file.close()
        self._file = None
        self._held.clear()
        self._last, self.marks = np.empty((PERMUTATIONS, 0), np.uint32), np.empty((0, MARKS), np.uint64)

    def add(self, tokens: Words, signatures: Words) -> None:
        """Add some documents. Raises OSError where the file cannot be written."""
        lengthen(self.tokens, tokens)
        lengthen(self.marks, marks_of(signatures))
        at = 0
        while at < len(signatures):
            some = signatures[at : at + BLOCK - self._filled]
            self._last[:, self._filled : self._filled + len(some)] = some.T
            self._filled += len(some)
            at += len(some)
            if self._filled == BLOCK:
                self._put_away()

    def _put_away(self) -> None:
        """Hold the last block; the first one of too many goes into the file."""
        self._held.append(self._last)
        self._filled = 0
        if len(self._held) <= HELD:
            self._last = np.empty((PERMUTATIONS, BLOCK), np.uint32)
            return
        self._last = self._held.pop(0)
        self._file = self._file or TemporaryFile(dir=self._folder)  # noqa: SIM115  (closed by `close`)
        self._file.write(self._last.data)
        self._written += 1

    def slots(self, first: int, end: int) -> Words:
        """Values of all signatures, by slot."""
        found = np.empty((end - first, len(self.tokens)), np.uint32)
        if self._file:
            self._file.flush()
            width = 4 * BLOCK
            for number in range(self._written):
                at = (number * PERMUTATIONS + first) * width
                data = os.pread(self._file.fileno(), (end - first) * width, at)
                found[:, number * BLOCK : (number + 1) * BLOCK] = np.frombuffer(data, "<u4").reshape(-1, BLOCK)
        for number, block in enumerate((*self._held, self._last[:, : self._filled]), self._written):
            found[:, number * BLOCK : (number + 1) * BLOCK] = block[first:end]
        return found


def lengthen(rows: npt.NDArray[np.generic], more: npt.NDArray[np.generic]) -> None:
    """Lengthen an array in its place, so that it is never held twice."""
    rows.resize((len(rows) + len(more), *rows.shape[1:]), refcheck=False)
    rows[len(rows) - len(more) :] = more
