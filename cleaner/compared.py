"""The documents that take part in the search for duplicates; what is known of them lies in the staged boxes.

They are known by their number, in the order of the shards. Nothing of them is held but how many each shard has.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate
from sys import intern
from typing import TYPE_CHECKING, Any, NamedTuple

from cleaner.corpus import text_of
from cleaner.duplicates.finding import Entry as Candidate
from cleaner.duplicates.finding import Notice
from cleaner.plan import Shard
from cleaner.records import Fields
from cleaner.recurring import Given
from cleaner.rows import loaded
from cleaner.stage import Entry
from cleaner.store import Store

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

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


class Shares:
    """Where the texts of a shard lie: of each of its rows where it begins in `out`, its bytes, and its piece."""

    def __init__(self, sizes: Sequence[int], rows: Sequence[int]) -> None:
        self.starts = array("Q", accumulate(sizes, initial=0))
        self.ends = list(accumulate(rows))

    def at(self, row: int) -> tuple[int, int, int]:
        """Of a row where it begins, its bytes, and the number of its piece."""
        start, end = self.starts[row : row + 2]
        return start, end - start, bisect_right(self.ends, row)


class Compared:
    """The documents that take part in the search for duplicates."""

    def __init__(self, store: Store, staged: Staged, given: Given) -> None:
        self.store, self.staged, self.given = store, staged, given
        self.counts = [int(store.report(box)["compared"]) for box, _ in staged]
        self.before = list(accumulate(self.counts, initial=0))

    def __len__(self) -> int:
        """How many there are."""
        return self.before[-1]

    def entries(self) -> Iterator[tuple[int, Candidate]]:
        """Each with its row in its shard, one after the other."""
        for shard in range(len(self.staged)):
            for values in loaded(self._lines(shard)):
                yield self._entry(shard, values)

    def ids(self) -> Iterator[str]:
        """The id of each, one after the other."""
        for shard, given in enumerate(self.given):
            for row, key, *_ in loaded(self._lines(shard)):
                yield given.get(row, key)

    def members(self, numbers: Sequence[int]) -> list[Member]:
        """Where the texts of some of them lie, and what decides about them. Each shard is read once that has any."""
        found: dict[int, Member] = {}
        wanted: dict[int, list[int]] = {}
        for number in sorted(set(numbers)):
            wanted.setdefault(self.shard_of(number), []).append(number)
        for shard, here in wanted.items():
            box, pieces = self.staged[shard]
            lines = self._lines(shard)
            lie = self.shares(shard)
            asked = loaded(lines[number - self.before[shard]] for number in here)
            for number, values in zip(here, asked, strict=True):
                row, entry = self._entry(shard, values)
                start, size, piece = lie.at(row)
                deciding = (entry.id, entry.leftovers, entry.prose, entry.date, entry.source)
                place = (box, row, start, size, pieces[piece].path, pieces[piece].out)
                found[number] = Member(*place, 0, *deciding, frozen=False, elsewhere=False)
        return [found[number] for number in numbers]

    def shares(self, shard: int) -> Shares:
        """Where the texts of a shard lie."""
        box, _ = self.staged[shard]
        return Shares(array("Q", self.store.read(box, "index"))[:: len(Entry._fields)], self.store.report(box)["rows"])

    def published(self, asked: Sequence[tuple[int, int, int, int]]) -> list[str]:
        """Texts as they would be published, by the number of the shard and `Shares.at`."""
        found = self.store.slices([(self.staged[shard][0], "out", start, size) for shard, start, size, _ in asked])
        pieces = [self.staged[shard][1][piece] for shard, *_, piece in asked]
        return [text_of(data, Fields(*piece.out)) for piece, data in zip(pieces, found, strict=True)]

    def shard_of(self, number: int) -> int:
        """The number of the shard that one of them lies in."""
        return bisect_right(self.before, number) - 1

    @property
    def passage(self) -> np.dtype[Any]:
        """The row of a sentence, which names the document by its number."""
        from cleaner.duplicates.ordinals import width
        from cleaner.duplicates.passages import rows_by

        return rows_by(width(len(self)).number)

    def passages(self) -> Iterator[npt.NDArray[np.void]]:
        """The rows of their sentences, those of each shard."""
        import numpy as np

        from cleaner.duplicates.passages import ROW

        kind = self.passage
        for (box, _), before in zip(self.staged, self.before[:-1], strict=True):
            rows = np.frombuffer(self.store.read(box, "passages"), ROW).astype(kind)
            rows["document"] += before
            yield rows

    def _lines(self, shard: int) -> list[bytes]:
        return self.store.read(self.staged[shard][0], "candidates").splitlines()

    def _entry(self, shard: int, values: list[Any]) -> tuple[int, Candidate]:
        row, key, leftovers, prose, date, source, *short = values
        notice = Notice(*short) if short else None
        known = self.given[shard].get(row, key)
        return row, Candidate(known, leftovers, prose, intern(date), intern(source), notice)
