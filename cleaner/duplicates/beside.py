"""Texts of some documents beside each other: how much they share and what is lost if one goes, pair by pair.

By kernels where there are many texts, else in plain Python; either path gives the same, and the kernels leave to the
other one the pairs of which they are not sure.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from cleaner.compiled import on, usable
from cleaner.duplicates.measure import measure
from cleaner.duplicates.sketch import COMPILED, SIZE
from cleaner.duplicates.verify import Evidence
from cleaner.duplicates.wording import Text
from cleaner.packed import Room

if TYPE_CHECKING:
    from cleaner.duplicates.verdicts import Verdicts

NEAR = (1, 2)
"""Jaccard from which two documents count as found. Copies of one article scraped twice have a median of .82 and reach
down to .5; pairs of different articles on one event stay below .3."""
INSIDE = (4, 5)
"""Share of the shorter text's shingles in the longer one from which two documents count as found,"""
INSIDE_TOKENS = 20
"""if the shorter one has so many tokens: less is a caption, a notice or a headline."""
HELD = 400_000
"""Tokens of the texts that are held at a time: about 100 MB as `Text`."""
SAID = ("", "near", "version", "address")
"""What the kernels say of a pair: nothing where they are not sure."""
LETTERS = 6
"""Characters of a token and the blank behind it, about."""

Pairs = npt.NDArray[np.int64]


def is_found(shared: int, one: int, other: int) -> bool:
    """Whether two documents share enough to be looked at: of so many shingles, by those of the one and of the other."""
    shorter = min(one, other)
    inside = shared * INSIDE[1] >= shorter * INSIDE[0] and shorter > INSIDE_TOKENS - SIZE
    return inside or shared * NEAR[1] >= (one + other - shared) * NEAR[0]


def pays(sizes: Pairs, pairs: Pairs) -> bool:
    """Whether the texts of pairs are so many that kernels pay, by the tokens of each document."""
    return on() or (int(sizes[np.unique(pairs)].sum()) * LETTERS >= COMPILED and usable())


def slices(pairs: Pairs, sizes: Pairs) -> Iterator[tuple[int, int]]:
    """Cut a list of pairs between documents, the second of each pair, so that a slice has about HELD tokens."""
    borders = np.flatnonzero(np.diff(pairs[:, 1], prepend=-1, append=-1)).tolist()
    start = held = 0
    seen: set[int] = set()
    for begin, end in pairwise(borders):
        if held > HELD:
            yield start, begin
            start, held, seen = begin, 0, set()
        for pair in pairs[begin:end].tolist():
            for place in pair:
                if place not in seen:
                    seen.add(place)
                    held += int(sizes[place])
    if start < len(pairs):
        yield start, len(pairs)


class Beside:
    """The texts of the documents of some pairs, named by their places.

    What was brought beside each other in the same `room` before is written over.
    """

    def __init__(self, documents: Pairs, texts: Sequence[str], *, compiled: bool, room: Room | None = None) -> None:
        self._room = room or Room()
        self._documents = documents
        self._texts = texts
        self._ready: dict[int, Text] = {}
        self.verdicts: Verdicts | None = None
        self.said: Pairs = np.empty(0, np.int64)
        self._batch = None
        if compiled:
            from cleaner.duplicates.kernel import Batch

            self._batch = Batch(texts, self._room)

    def found(self, pairs: Pairs) -> Pairs:
        """The pairs that are alike, with what they share: place, place, shared, shingles of the one and the other."""
        counts = measure(self._batch or self._texts, np.searchsorted(self._documents, pairs))
        shared, left, right = counts.T
        shorter = np.minimum(left, right)
        alike = shared * NEAR[1] >= (left + right - shared) * NEAR[0]
        inside = (shared * INSIDE[1] >= shorter * INSIDE[0]) & (shorter > INSIDE_TOKENS - SIZE)
        found: Pairs = np.column_stack([pairs, counts])[alike | inside]
        self.said = np.zeros(len(found), np.int64)
        return found

    def judge(self, pairs: Pairs, gone: bytearray | None = None) -> None:
        """Compare pairs of (survivor, document) at once, if there are kernels for it.

        With `gone`, which tells of each place whether the document there goes, a document goes for the first survivor
        that stays and lacks nothing of it: nothing is said of its other pairs, nor of those of survivors that go.
        """
        if self._batch and len(pairs):
            from cleaner.duplicates.verdicts import Verdicts

            self._pairs = pairs
            going = None if gone is None else np.frombuffer(gone, np.uint8)[self._documents]
            self.verdicts = Verdicts(self._batch, np.searchsorted(self._documents, pairs), self._room, going)
            self.said = self.verdicts.relations()

    def relation(self, number: int) -> str:
        """What the kernels are sure of about a pair: near, version, address (which has no evidence), or nothing."""
        return SAID[int(self.said[number])]

    def evidence(self, number: int) -> tuple[Evidence, tuple[str, ...]]:
        """The evidence about a pair of which they are sure, and the document's title if the survivor has another."""
        assert self.verdicts
        evidence = self.verdicts[number]
        assert evidence, "only where they are sure"
        return evidence, (self._title(int(self._pairs[number, 1])),) if self.verdicts.other_title(number) else ()

    def _title(self, place: int) -> str:
        """The first line of a text that can be seen."""
        lines = self._texts[int(np.searchsorted(self._documents, place))].split("\n")
        return next(line for line in lines if line and not line.isspace())

    def text(self, place: int) -> Text:
        """A text prepared for comparison."""
        if place not in self._ready:
            self._ready[place] = Text(self._texts[int(np.searchsorted(self._documents, place))])
        return self._ready[place]
