"""What is told about all documents without comparing their texts: ids that occur again, notices, exact copies, ranks.

One task, which holds no text and no sketch. The box that it fills holds

    renamed  a JSON object for each shard that has any: its number, and row -> new id
    sources  a JSON object: how many documents of each source take part
    found    a verdict for each exact copy and each notice, as `note` writes it, with its row in `rows`
    ranks    for each document its rank, best first
    counts   of each shard the number of its documents, of 64 bits

and of those that may be alike to others, which are known by their place in that order from here on,

    places   for each document its place; `Width.none` where it has none
    ranked   for each place the number of the document
    sizes    for each place its tokens, of 32 bits

Numbers of documents are as wide as so many need. The report counts the documents, the new ids and the places.
"""

from __future__ import annotations

import json
from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from zlib import crc32

from cleaner.compared import Compared, Staged
from cleaner.duplicates.finding import Entry, Finding, Notice
from cleaner.duplicates.ranking import Names, Ranking
from cleaner.duplicates.survivors import Policy
from cleaner.engine import Report
from cleaner.recurring import recurring
from cleaner.rows import dumped
from cleaner.store import Store
from cleaner.verdict import Verdict, note

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from cleaner.duplicates.ordinals import Numbers, Width

    Integers = npt.NDArray[np.int64]

TOGETHER = 50_000
"""Short documents that are looked at together, as notices."""


def order(store: Store, name: str, staged: Staged, policy: Policy) -> Report:
    """Fill the box `name`."""
    if store.has(name):
        return store.report(name)
    with store.box(name) as box:
        given = recurring(store, [staging for staging, _ in staged])
        for number, ids in enumerate(given):
            if ids:
                box.add("renamed", dumped({"shard": number, "ids": ids}))
        codes = sorted({code for staging, _ in staged for code in store.report(staging)["codes"]})
        known = _Known(Compared(store, staged, given), policy)
        box.add("sources", json.dumps(known.count(), sort_keys=True).encode())
        counts = {"renamed": sum(map(len, given)), "documents": len(known.compared), "places": 0}
        box.report = {**counts, "codes": codes}
        if len(known.compared) > 1:
            found = _Order(store, known, frozenset(codes), policy)
            for verdict in found.verdicts():
                note(box, verdict)
            box.add("counts", array("Q", known.compared.counts).tobytes())
            for part, numbers in found.columns().items():
                box.add(part, numbers.tobytes())
            box.report["places"] = len(found.taking)
    return store.report(name)


def width_in(store: Store, ordered: str) -> Width:
    """How the numbers of documents and pairs of places are written from the box `ordered` on."""
    from cleaner.duplicates.ordinals import width

    return width(store.report(ordered)["documents"])


def numbers_in(store: Store, ordered: str, part: str) -> Numbers:
    """The `ranks`, `places` or `ranked` of the box `ordered`."""
    import numpy as np

    return np.frombuffer(store.read(ordered, part), width_in(store, ordered).number)


class _Known:
    """What is held of each document: its rank, where it lies, its source, and what a short one is compared by."""

    def __init__(self, compared: Compared, policy: Policy) -> None:
        self.compared = compared
        self.ranking = Ranking(policy)
        self.rows, self.sources, self.hashes = array("I"), array("I"), array("Q")
        self.bodies, self.addresses = Names(), Names()
        names: dict[str, int] = {}
        for row, entry in compared.entries():
            self.ranking.add(entry)
            self.rows.append(row)
            self.sources.append(names.setdefault(entry.source, len(names)))
            body, address = entry.notice or ("", "")
            self.hashes.append(hash_of(entry.source, body) if body else 0)
            self.bodies.add(body)
            self.addresses.add(address)
        self.names = list(names)
        self.lie = [compared.shares(shard) for shard in range(len(compared.staged))]

    def count(self) -> Counter[str]:
        """How many documents there are of each source."""
        return Counter({self.names[number]: count for number, count in Counter(self.sources).items()})

    @property
    def ids(self) -> Names:
        """The ids by the numbers of the documents."""
        return self.ranking.ids

    def verdict(self, finding: Finding, number: int) -> Verdict:
        """A finding about a document."""
        box, _ = self.compared.staged[self.compared.shard_of(number)]
        return Verdict(finding, box, self.rows[number], self.names[self.sources[number]])

    def entry(self, number: int) -> Entry:
        """What a document is compared by as a notice."""
        body = self.bodies[number]
        notice = Notice(body, self.addresses[number]) if body else None
        return Entry(self.ids[number], source=self.names[self.sources[number]], notice=notice)

    def texts(self, numbers: Sequence[int]) -> list[str]:
        """The texts of some documents."""
        shards = [self.compared.shard_of(number) for number in numbers]
        asked = zip(numbers, shards, strict=True)
        return self.compared.published([(shard, *self.lie[shard].at(self.rows[number])) for number, shard in asked])


def hash_of(source: str, body: str) -> int:
    """What documents share that are one notice, and few others; never 0."""
    return (int(body[:15], 16) ^ crc32(source.encode("utf-8", "surrogatepass")) << 24) | 1


class _Order:
    """The documents, best first, while notices and exact copies are taken out."""

    def __init__(self, store: Store, known: _Known, codes: frozenset[str], policy: Policy) -> None:
        import numpy as np

        self.known, self.codes, self.policy = known, codes, policy
        self.ranked: Integers = known.ranking.best_first()
        self.taking = self.ranked
        boxes = [box for box, _ in known.compared.staged]
        heads = [_head(store, *shard) for shard in zip(boxes, known.compared.counts, strict=True)]
        self.exact = np.concatenate([exact for exact, _ in heads])
        self.tokens = np.concatenate([tokens for _, tokens in heads])

    def verdicts(self) -> Iterator[Verdict]:
        """What is found; when all is, `taking` are the documents that may be alike to others."""
        if "DUP006" in self.codes:
            yield from self._notices()
        if "DUP001" in self.codes:
            yield from self._copies()
        asked = self.codes & {"DUP002", "DUP003", "DUP005"}
        self.taking = self.taking[self.tokens[self.taking] > 0] if asked else self.taking[:0]

    def columns(self) -> dict[str, Any]:
        """The parts of the box by number and by place."""
        import numpy as np

        from cleaner.duplicates.ordinals import width

        written = width(len(self.ranked))
        ranks = np.empty(len(self.ranked), written.number)
        ranks[self.ranked] = np.arange(len(self.ranked), dtype=written.number)
        places = np.full(len(self.ranked), written.none, written.number)
        places[self.taking] = np.arange(len(self.taking), dtype=written.number)
        ranked, sizes = self.taking.astype(written.number), self.tokens[self.taking].astype("<u4", copy=False)
        return {"ranks": ranks, "places": places, "ranked": ranked, "sizes": sizes}

    def _notices(self) -> Iterator[Verdict]:
        """Set those apart that are one short text under many addresses. All that may be is looked at, and no more."""
        import numpy as np

        from cleaner.duplicates.notices import ADDRESSES, set_apart

        hashes = np.frombuffer(self.known.hashes, np.uint64)[self.ranked]
        values, counts = np.unique(hashes[hashes > 0], return_counts=True)
        perhaps = np.flatnonzero(np.isin(hashes, values[counts >= ADDRESSES]))
        perhaps = perhaps[np.argsort(hashes[perhaps], kind="stable")]
        begins = np.flatnonzero(np.diff(hashes[perhaps], prepend=np.uint64(0)))
        cuts = begins[np.flatnonzero(np.diff(begins // TOGETHER, prepend=-1))].tolist()
        gone = np.zeros(len(self.ranked), np.bool_)
        for start, end in pairwise([*cuts, len(perhaps)]):
            some = self.ranked[np.sort(perhaps[start:end])]
            rows = np.zeros(len(some), [("exact", "<u8", (2,))])
            rows["exact"] = self.exact[some]
            numbers = some.tolist()

            def texts(places: Sequence[int], numbers: list[int] = numbers) -> list[str]:
                return self.known.texts([numbers[place] for place in places])

            entries = [self.known.entry(number) for number in numbers]
            whole = "DUP001" in self.codes
            left, findings = set_apart(entries, rows, range(len(some)), texts, self.policy, whole=whole)
            number_of = {entry.id: number for entry, number in zip(entries, numbers, strict=True)}
            yield from (self.known.verdict(finding, number_of[finding.id]) for finding in findings)
            gone[some] = True
            gone[some[left]] = False
        self.taking = self.taking[~gone[self.taking]]

    def _copies(self) -> Iterator[Verdict]:
        """Copies that differ in nothing but case, quotes and spaces go, each for the best one."""
        import numpy as np

        from cleaner.duplicates.cluster import copies, shingles_of

        gone = np.zeros(len(self.ranked), np.bool_)
        for number, survivor in copies(self.exact, self.tokens, self.taking).tolist():
            key = self.known.ids[number]
            if key not in self.policy.frozen:
                gone[number] = True
                count = shingles_of(int(self.tokens[number]))
                finding = Finding(key, self.known.ids[survivor], "exact", count, count, count)
                yield self.known.verdict(finding, number)
        self.taking = self.taking[~gone[self.taking]]


def _head(store: Store, box: str, count: int) -> tuple[Any, Any]:
    """The digests and the tokens of the documents of a shard."""
    import numpy as np

    from cleaner.duplicates.sketch import slots_at

    data = store.slice(box, "sketch", 0, slots_at(count, 0)) if count else b""
    return np.frombuffer(data, "<u8", 2 * count).reshape(count, 2), np.frombuffer(data, "<u4", count, 16 * count)
