"""What only the whole corpus can tell, and few texts: ids that occur again, notices, exact copies, who may be alike.

One task reads what the shards left; what may be alike is divided into portions of whole groups, so that any number of
workers can compare them (compare.py). The box that it fills holds

    renamed       a JSON object for each shard that has any: its number, and row -> new id
    sources       a JSON object: how many documents of each source take part
    found         a row of JSON for each exact copy and each notice: `Verdict`
    documents-N   a row of JSON for each document of portion N, best first: `Member`
    pairs-N       pairs of these by their place among them, the better one first: two 64-bit numbers each
"""

from __future__ import annotations

import json
from array import array
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import astuple
from itertools import accumulate, pairwise
from sys import intern
from typing import TYPE_CHECKING, Any, NamedTuple
from zlib import crc32

from cleaner.corpus import text_of
from cleaner.duplicates.finding import Entry as Candidate
from cleaner.duplicates.finding import Notice
from cleaner.duplicates.survivors import Policy
from cleaner.engine import Report
from cleaner.plan import Shard
from cleaner.recurring import Given, recurring
from cleaner.rows import dumped
from cleaner.stage import Entry
from cleaner.store import Box, Store

if TYPE_CHECKING:
    from cleaner.duplicates.cluster import Grouped
    from cleaner.duplicates.sketch import Rows

Staged = Sequence[tuple[str, Shard]]
"""The boxes of the shards, in order."""

PORTION = 50_000
"""Tokens of the documents of a portion, about: a second or so of comparing them word by word."""


class Member(NamedTuple):
    """A document of a portion: where it lies, its tokens, and what decides which copy stays.

    `box` and `row` name it, `start` and `size` are the bytes of its share of `out`.
    """

    box: str
    row: int
    start: int
    size: int
    path: str
    tokens: int
    id: str
    leftovers: int
    prose: int
    date: str
    source: str


def text(store: Store, member: Member) -> str:
    """Its text as it would be published."""
    return text_of(member.path, store.slice(member.box, "out", member.start, member.size))


class Verdict(NamedTuple):
    """A finding of `cluster` as values, and where the document lies that it is about."""

    finding: list[Any]
    box: str
    row: int
    source: str


def pair(store: Store, name: str, staged: Staged, policy: Policy) -> Report:
    """Find who may be alike into the box `name`. The report counts the new ids, and the portions by their digests."""
    if store.has(name):
        return store.report(name)
    with store.box(name) as box:
        given = recurring(store, [staging for staging, _ in staged])
        for number, ids in enumerate(given):
            if ids:
                box.add("renamed", dumped({"shard": number, "ids": ids}))
        compared = _Compared(store, staged, given)
        box.add("sources", json.dumps(Counter(entry.source for entry in compared.entries), sort_keys=True).encode())
        codes = sorted({code for staging, _ in staged for code in store.report(staging)["codes"]})
        box.report = {"renamed": sum(map(len, given)), "codes": codes, "portions": 0}
        if len(compared.entries) > 1:
            from cleaner.duplicates.cluster import group

            found = group(compared.entries, compared.sketches(), compared.texts, frozenset(codes), policy)
            place_of = {entry.id: at for at, entry in enumerate(compared.entries)}
            for finding in found.findings:
                at = place_of[finding.id]
                box.add("found", dumped(Verdict(list(astuple(finding)), *compared.place(at))))
            box.report["portions"] = _divide(box, compared, found)
    return store.report(name)


def _divide(box: Box, compared: _Compared, found: Grouped) -> int:
    """Write the portions; returns how many there are."""
    import numpy as np

    number = 0
    for number, (start, end) in enumerate(_portions(compared, found), 1):
        pairs = found.pairs[start:end]
        documents = np.unique(pairs)
        for place in documents.tolist():
            member = compared.member(found.ranked[place], int(found.sizes[place]))
            box.add(f"documents-{number - 1}", dumped(member))
        box.add(f"pairs-{number - 1}", np.searchsorted(documents, pairs).astype("<i8").tobytes())
    return number


def _portions(compared: _Compared, found: Grouped) -> Iterator[tuple[int, int]]:
    """Where to cut the pairs: between groups, where the name of a document says so, about every PORTION of tokens.

    So another group more or less changes the portions nearby only, and the others need not be compared again.
    """
    borders = found.borders.tolist()
    start = held = 0
    for begin, end in pairwise(borders):
        members = {place for pair in found.pairs[begin:end].tolist() for place in pair}
        weight = sum(int(found.sizes[place]) for place in members)
        held += weight
        first = compared.entries[found.ranked[min(members)]].id
        may_end = crc32(first.encode("utf-8", "surrogatepass")) * PORTION < weight << 33  # once in half a portion
        if held >= 2 * PORTION or (held >= PORTION // 2 and may_end):
            yield start, end
            start, held = end, 0
    if start < len(found.pairs):
        yield start, len(found.pairs)


class _Compared:
    """The documents that take part in the search for duplicates."""

    def __init__(self, store: Store, staged: Staged, given: Given) -> None:
        self.store, self.staged = store, staged
        self.entries: list[Candidate] = []
        self.numbers = array("L")
        self.rows = array("L")
        self.starts: list[array[int]] = []
        self.ends: list[list[int]] = []
        for number, (box, _) in enumerate(staged):
            sizes = array("Q", store.read(box, "index"))[:: len(Entry._fields)]
            self.starts.append(array("Q", accumulate(sizes, initial=0)))
            self.ends.append(list(accumulate(store.report(box)["rows"])))
            for line in store.read(box, "candidates").splitlines():
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

    def texts(self, places: Sequence[int]) -> list[str]:
        """The texts of some of them."""
        return [text(self.store, self.member(place, 0)) for place in places]

    def place(self, at: int) -> tuple[str, int, str]:
        """The box and the row of one of them, and its source."""
        return self.staged[self.numbers[at]][0], self.rows[at], self.entries[at].source

    def member(self, at: int, tokens: int) -> Member:
        """One of them, as who compares it needs it."""
        number, row, entry = self.numbers[at], self.rows[at], self.entries[at]
        box, shard = self.staged[number]
        start, end = self.starts[number][row : row + 2]
        path = shard[bisect_right(self.ends[number], row)].path
        deciding = (entry.id, entry.leftovers, entry.prose, entry.date, entry.source)
        return Member(box, row, start, end - start, path, tokens, *deciding)
