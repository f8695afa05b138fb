"""Which documents hang together, and the portions in which they are compared, for any number of workers (compare.py).

One task, after all pairs are known. It holds union-find over the places of documents, 4 or 8 bytes each, into which
forests come one by one, and some more numbers for each document; pairs and what is known of documents are brought some
groups at a time. A portion holds whole groups where these are small; a large one is cut between documents, and what
hangs on a document of another portion is decided when all are compared (settle.py). The box that it fills holds

    documents  of each portion a row of JSON for each document, best first: `Member`
    pairs      of each portion the pairs of these by their place among them, the better one first: two 64-bit
               numbers each
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from cleaner import compiled
from cleaner.compared import Compared, Member, Staged
from cleaner.corpus import digest
from cleaner.duplicates.survivors import Policy
from cleaner.engine import Report
from cleaner.groups import told
from cleaner.order import numbers_in, width_in
from cleaner.portions import Portion, portions
from cleaner.recurring import given_ids
from cleaner.rows import dumped
from cleaner.store import Box, Store

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from cleaner.duplicates.ordinals import Integers, Packed

AT_ONCE, PASSES = 1_000_000, 20
"""Pairs that are sorted into portions at a time at least, a document counting as BESIDE; and how often all pairs are
read at most."""
BESIDE = 4


def join(
    store: Store, name: str, ordered: str, paired: Sequence[str], united: Sequence[str], staged: Staged, policy: Policy
) -> Report:
    """Fill the box `name` from those of `order`, `pair` and `unite`. The report lists portions and tells of groups."""
    if store.has(name):
        return store.report(name)
    with store.box(name) as box:
        box.report = {"portions": [], "groups": {}}
        if united:
            compared = Compared(store, staged, given_ids(store, ordered, len(staged)))
            found = _Groups(store, ordered, united)
            crowds = [crowd for one in paired for crowd in store.report(one)["crowds"]]
            box.report["portions"] = _divide(box, found, compared, policy)
            box.report["groups"] = told(found.roots, found.ranked, crowds, compared)
    return store.report(name)


class _Groups:
    """What is held of each document that has a place: the root of its group, and how it is divided."""

    def __init__(self, store: Store, ordered: str, united: Sequence[str]) -> None:
        import numpy as np

        from cleaner.duplicates.forest import roots
        from cleaner.duplicates.ordinals import first, rows

        self.store, self.united = store, united
        self.pair = width_in(store, ordered).pair
        self.ranked = numbers_in(store, ordered, "ranked")
        self.sizes = np.frombuffer(store.read(ordered, "sizes"), "<u4")
        compiled.expect(self.sizes.nbytes)
        self.roots = roots(len(self.ranked), map(rows, self._read("forest")))
        self.loads = np.zeros(len(self.ranked), np.uint32)
        """Pairs of each document with better ones."""
        for keys in self._read("pairs"):
            worse, counts = np.unique(first(keys), return_counts=True)
            self.loads[worse] += counts.astype(np.uint32)

    def _read(self, part: str) -> Iterator[Packed]:
        import numpy as np

        for box in self.united:
            yield np.frombuffer(self.store.read(box, part), self.pair)

    def some(self) -> Iterator[tuple[Integers, Integers]]:
        """All pairs, some groups at a time, or some documents of a large one: the better place first.

        They stand in the order of the groups, of each group those of its best document first. With them the borders of
        the groups: where each begins, and the end of the last one.
        """
        import numpy as np

        from cleaner.duplicates.ordinals import first, rows

        passes = self._passes()
        for number in range(1, int(passes.max(initial=0)) + 1):
            found = np.concatenate([keys[passes[first(keys)] == number] for keys in self._read("pairs")])
            pairs = rows(found)[:, ::-1]
            if len(pairs):
                root = self.roots[pairs[:, 0]].astype(np.int64)
                order = np.lexsort((pairs[:, 0], pairs[:, 1], root))
                yield pairs[order], np.flatnonzero(np.diff(root[order], prepend=-1, append=-1))

    def _passes(self) -> npt.NDArray[np.uint32]:
        """For each document in which pass its pairs come, from 1 on; 0 where it has none with better ones."""
        import numpy as np

        documents = np.flatnonzero(self.loads)
        documents = documents[np.argsort(self.roots[documents], kind="stable")]
        ends = np.cumsum(self.loads[documents] + np.uint32(BESIDE), dtype=np.int64)
        _, group, lengths = np.unique(self.roots[documents], return_inverse=True, return_counts=True)
        last = ends[np.cumsum(lengths) - 1]
        before = np.concatenate([[0], last])[group]
        limit = max(AT_ONCE, int(ends.max(initial=0)) // PASSES)
        passes = np.zeros(len(self.loads), np.uint32)
        passes[documents] = np.where(last[group] - before <= limit, before, ends) // limit + 1
        return passes


def _divide(box: Box, found: _Groups, compared: Compared, policy: Policy) -> list[Portion]:
    """Write the portions; returns where they lie."""
    import numpy as np

    written: list[Portion] = []
    documents_at = pairs_at = 0
    for pairs, borders in found.some():
        places = np.unique(pairs)
        members = _members(found, compared, places, policy)
        ids = {place: member.id for place, member in members.items()}
        for start, end in portions(pairs, borders, found.sizes, ids):
            rows, numbers = _portion(pairs[start:end], members, found.loads)
            box.add("documents", rows)
            box.add("pairs", numbers)
            written.append(Portion((documents_at, len(rows)), (pairs_at, len(numbers)), digest(rows + numbers)))
            documents_at, pairs_at = documents_at + len(rows), pairs_at + len(numbers)
    return written


def _members(found: _Groups, compared: Compared, places: Integers, policy: Policy) -> dict[int, Member]:
    """The documents at some places."""
    members = compared.members(found.ranked[places].tolist())
    return {
        place: member._replace(tokens=int(found.sizes[place]), frozen=member.id in policy.frozen)
        for place, member in zip(places.tolist(), members, strict=True)
    }


def _portion(pairs: Integers, members: dict[int, Member], loads: Any) -> tuple[bytes, bytes]:
    """The documents of some pairs, and the pairs by their places among these.

    About a document that has better ones, but in no pair of these, another portion decides.
    """
    import numpy as np

    places = np.unique(pairs)
    elsewhere = (loads[places] > 0) & ~np.isin(places, pairs[:, 1])
    rows = b"".join(
        dumped(members[place]._replace(elsewhere=other))
        for place, other in zip(places.tolist(), elsewhere.tolist(), strict=True)
    )
    return rows, np.searchsorted(places, pairs).astype("<i8").tobytes()
