"""The documents that take part in the search for duplicates; their texts lie in the staged boxes."""

from __future__ import annotations

import json
from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate
from sys import intern
from typing import TYPE_CHECKING, NamedTuple

from cleaner.corpus import text_of
from cleaner.duplicates.finding import Entry as Candidate
from cleaner.duplicates.finding import Notice
from cleaner.duplicates.survivors import DEFAULT_POLICY, Policy
from cleaner.plan import Shard
from cleaner.records import Fields
from cleaner.recurring import Given
from cleaner.stage import Entry
from cleaner.store import Store

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from cleaner.duplicates.sketch import Rows

Staged = Sequence[tuple[str, Shard]]
"""The boxes of the shards, in order."""


class Member(NamedTuple):
    """A document of a portion: where it lies, its tokens, and what decides which copy stays.

    `box` and `row` name it, `start` and `size` are the bytes of its share of `out`, `fields` those of what
    is published. A `frozen` one stays whatever comes; about one `elsewhere` another portion decides.
    """

    box: str
    row: int
    start: int
    size: int
    path: str
    fields: tuple[str, str, str]
    tokens: int
    id: str
    leftovers: int
    prose: int
    date: str
    source: str
    frozen: bool
    elsewhere: bool

    def attributes(self) -> Candidate:
        """What decides which copy stays."""
        return Candidate(self.id, self.leftovers, self.prose, self.date, self.source)


def texts_of(store: Store, members: Sequence[Member]) -> list[str]:
    """Their texts as they would be published."""
    found = store.slices([(member.box, "out", member.start, member.size) for member in members])
    return [text_of(data, Fields(*m.fields)) for m, data in zip(members, found, strict=True)]


class Compared:
    """The documents that take part in the search for duplicates."""

    def __init__(self, store: Store, staged: Staged, given: Given) -> None:
        self.store, self.staged = store, staged
        self.entries: list[Candidate] = []
        self.numbers = array("L")
        self.rows = array("L")
        self.starts: list[array[int]] = []
        self.ends: list[list[int]] = []
        self.counts: list[int] = []
        for number, (box, _) in enumerate(staged):
            sizes = array("Q", store.read(box, "index"))[:: len(Entry._fields)]
            self.starts.append(array("Q", accumulate(sizes, initial=0)))
            self.ends.append(list(accumulate(store.report(box)["rows"])))
            lines = store.read(box, "candidates").splitlines()
            self.counts.append(len(lines))
            for line in lines:
                row, key, leftovers, prose, date, source, *short = json.loads(line)
                known = given[number].get(row, key)
                notice = Notice(*short) if short else None
                self.entries.append(Candidate(known, leftovers, prose, intern(date), intern(source), notice))
                self.numbers.append(number)
                self.rows.append(row)

    def sketches(self) -> Rows:
        """The rows of all of them."""
        import numpy as np

        from cleaner.duplicates.sketch import ROW

        return np.frombuffer(b"".join(self.store.read(box, "sketch") for box, _ in self.staged), ROW)

    def passages(self) -> Iterator[npt.NDArray[np.void]]:
        """The rows of their sentences, those of each shard; they name the documents by their place."""
        import numpy as np

        from cleaner.duplicates.passages import ROW

        before = 0
        for (box, _), taking_part in zip(self.staged, self.counts, strict=True):
            rows = np.frombuffer(self.store.read(box, "passages"), ROW).copy()
            rows["document"] += before
            yield rows
            before += taking_part

    def texts(self, places: Sequence[int]) -> list[str]:
        """The texts of some of them."""
        members = [self.member(place, 0, DEFAULT_POLICY, elsewhere=False) for place in places]
        return texts_of(self.store, members)

    def place(self, at: int) -> tuple[str, int, str]:
        """The box and the row of one of them, and its source."""
        return self.staged[self.numbers[at]][0], self.rows[at], self.entries[at].source

    def member(self, at: int, tokens: int, policy: Policy, *, elsewhere: bool) -> Member:
        """One of them, as who compares it needs it."""
        number, row, entry = self.numbers[at], self.rows[at], self.entries[at]
        box, shard = self.staged[number]
        start, end = self.starts[number][row : row + 2]
        piece = shard[bisect_right(self.ends[number], row)]
        deciding = (entry.id, entry.leftovers, entry.prose, entry.date, entry.source)
        return Member(
            box, row, start, end - start, piece.path, piece.out, tokens, *deciding, entry.id in policy.frozen, elsewhere
        )
