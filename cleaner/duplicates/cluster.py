"""Which documents go because another one survives for them, with the evidence for each.

Found loosely, verified exactly: two documents are found when their sets of five-token shingles have a Jaccard
similarity of one half or more, or when four fifths of the shorter one stand in the other. Documents are walked best
first; one is removed only against a survivor that was kept and that verifies it, so no chain of small differences
removes a document that nothing kept resembles.

A caller brings a light entry and a row (`sketch`) for every document, and texts only of those that are hit, some at a
time: a corpus is never held in memory for this.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from cleaner.duplicates.candidates import candidate_pairs
from cleaner.duplicates.finding import Entry, Finding, TextsOf
from cleaner.duplicates.measure import measure
from cleaner.duplicates.notices import NOTICE, set_apart
from cleaner.duplicates.sketch import SIZE, Rows
from cleaner.duplicates.survivors import DEFAULT_POLICY, Policy
from cleaner.duplicates.verify import compare, overlap
from cleaner.duplicates.wording import Text
from cleaner.segment import is_prose, paragraphs, tokens

NEAR = (1, 2)
"""Jaccard from which two documents count as found. Copies of one article scraped twice have a median of .82 and reach
down to .5; pairs of different articles on one event stay below .3."""
SIMILAR = (4, 5)
"""Jaccard from which DUP005 takes a document for a copy without looking at what differs."""
INSIDE = (4, 5)
"""Share of the shorter text's shingles in the longer one from which two documents count as found,"""
INSIDE_TOKENS = 20
"""if the shorter one has so many tokens: less is a caption, a notice or a headline."""
VERSIONS = 20
"""Versions listed for one document at most, best survivor first."""
MEASURED = 4_000_000
"""Tokens of the texts that are held at a time while pairs are measured: about 25 MB."""
ALIGNED = 400_000
"""Tokens of the texts that are held at a time while pairs are aligned: about 100 MB as `Text`."""

Pairs = npt.NDArray[np.int64]


def find_duplicates(
    entries: Sequence[Entry], rows: Rows, texts_of: TextsOf, codes: frozenset[str], policy: Policy = DEFAULT_POLICY
) -> list[Finding]:
    """Decide over a set of documents; the answer does not depend on their order. `codes` are the rules switched on."""
    found = group(entries, rows, texts_of, codes, policy)

    def texts(places: Sequence[int]) -> Sequence[str]:
        return texts_of([found.ranked[place] for place in places])

    documents = [entries[place] for place in found.ranked]
    findings = [*found.findings, *judge(documents, found.sizes, found.pairs, texts, codes, policy)]
    survivors = {f.id: f.instead for f in findings if f.goes and f.relation != "exact"}
    return sorted((f.inherited(survivors) for f in findings), key=lambda f: (f.id, f.instead))


@dataclass(frozen=True, slots=True)
class Grouped:
    """What is told without comparing texts: notices and exact copies, and which other documents may be alike.

    `ranked` are the places of these among the entries, best first, and `sizes` their tokens. `pairs` name them by their
    place in `ranked`, the better one first; groups that hang together stand one after the other, cut at `borders`.
    """

    findings: list[Finding]
    ranked: Sequence[int]
    sizes: Pairs
    pairs: Pairs
    borders: Pairs


def group(entries: Sequence[Entry], rows: Rows, texts_of: TextsOf, codes: frozenset[str], policy: Policy) -> Grouped:
    """Find notices and exact copies, and loosely whatever may be alike. Texts are asked for of notices only."""
    rank = policy.order()
    ranked = sorted(range(len(entries)), key=lambda place: rank(entries[place]))
    findings: list[Finding] = []
    if "DUP006" in codes:
        ranked, findings = set_apart(entries, rows, ranked, texts_of, policy, whole="DUP001" in codes)
    if "DUP001" in codes:
        ranked = _exact(entries, rows, ranked, findings, policy)
    asked = codes & {"DUP002", "DUP003", "DUP005"}
    pairs, borders = by_component(candidate_pairs(rows, ranked) if asked else np.empty((0, 2), np.int64))
    return Grouped(findings, ranked, rows["tokens"][ranked].astype(np.int64), pairs, borders)


def judge(
    documents: Sequence[Entry], sizes: Pairs, pairs: Pairs, texts: TextsOf, codes: frozenset[str], policy: Policy
) -> Iterator[Finding]:
    """Decide about the pairs of whole groups: near copies and versions. `documents` stand best first."""
    law = _Law(codes, policy, documents)
    pairs, borders = by_component(_measured(pairs, sizes, texts))
    for start, end in _batches(pairs, borders, sizes, ALIGNED):
        shelf = _Shelf(texts, sizes, pairs[start:end])
        for left, right, finding in _decide(pairs[start:end], shelf, law):
            yield replace(finding, id=documents[right].id, instead=documents[left].id)


def _exact(
    entries: Sequence[Entry], rows: Rows, ranked: Sequence[int], findings: list[Finding], policy: Policy
) -> list[int]:
    """Copies that differ in nothing but case, quotes and spaces go; gives the documents that are left, best first."""
    first: dict[bytes, int] = {}
    left: list[int] = []
    for place in ranked:
        size = int(rows["tokens"][place])
        survivor = first.setdefault(rows["exact"][place].tobytes(), place) if size else place
        if survivor == place or entries[place].id in policy.frozen:
            left.append(place)
        else:
            count = max(1, size - SIZE + 1)
            findings.append(Finding(entries[place].id, entries[survivor].id, "exact", count, count, count))
    return left


@dataclass(frozen=True, slots=True)
class _Law:
    """What decides about pairs: the rules switched on, the policy, and the documents, best first."""

    codes: frozenset[str]
    policy: Policy
    documents: Sequence[Entry]

    def frozen(self, document: int) -> bool:
        return self.documents[document].id in self.policy.frozen

    def drops(self, survivor: int, document: int, finding: Finding) -> bool:
        """Whether a version goes because the survivor is later."""
        older = self.policy.supersedes(self.documents[survivor], self.documents[document])
        return older and finding.relation == "version" and "DUP003" in self.codes


def _measured(pairs: Pairs, sizes: Pairs, texts: TextsOf) -> Pairs:
    """The pairs that are found, with what they share: place, place, shared, shingles of the one and of the other."""
    found = [np.empty((0, 5), np.int64)]
    borders = np.flatnonzero(np.diff(pairs[:, 0], prepend=-1, append=-1))
    for start, end in _batches(pairs, borders, sizes, MEASURED):
        batch = pairs[start:end]
        documents = np.unique(batch)
        counts = measure(texts(documents.tolist()), np.searchsorted(documents, batch))
        shared, left, right = counts.T
        shorter = np.minimum(left, right)
        alike = shared * NEAR[1] >= (left + right - shared) * NEAR[0]
        inside = (shared * INSIDE[1] >= shorter * INSIDE[0]) & (shorter > INSIDE_TOKENS - SIZE)
        found.append(np.column_stack([batch, counts])[alike | inside])
    return np.concatenate(found)


def by_component(pairs: Pairs) -> tuple[Pairs, Pairs]:
    """Pairs, named by the first two columns, in the order of the groups that hang together.

    With it the borders of the groups: where each begins, and the end of the last one.
    """
    if not len(pairs):
        return pairs, np.zeros(1, np.int64)
    left, right = pairs[:, 0], pairs[:, 1]
    label = np.arange(int(pairs[:, :2].max()) + 1)
    while True:
        least = np.minimum(label[left], label[right])
        if (label[left] == label[right]).all():
            order = np.lexsort((right, left, least))
            return pairs[order], np.flatnonzero(np.diff(least[order], prepend=-1, append=-1))
        np.minimum.at(label, left, least)
        np.minimum.at(label, right, least)
        label = label[label]


def _batches(pairs: Pairs, borders: Pairs, sizes: Pairs, most: int) -> Iterator[tuple[int, int]]:
    """Cut a list of pairs at some of its borders, so that the documents of a batch have about `most` tokens."""
    start = held = 0
    seen: set[int] = set()
    for begin, end in pairwise(borders.tolist()):
        if held > most:
            yield start, begin
            start, held, seen = begin, 0, set()
        fresh = set(pairs[begin:end, :2].ravel().tolist()) - seen
        seen |= fresh
        held += sum(sizes[place] for place in fresh)
    if start < len(pairs):
        yield start, len(pairs)


class _Shelf:
    """The texts of a batch, prepared for comparison; of a batch that is too large the last ones that were asked for."""

    def __init__(self, texts: TextsOf, sizes: Pairs, pairs: Pairs) -> None:
        self.texts = texts
        self.sizes = sizes
        self.held = 0
        self.ready: dict[int, Text] = {}
        self.documents = np.unique(pairs[:, :2]).tolist()
        self.waiting: dict[int, str] = {}

    def __getitem__(self, place: int) -> Text:
        if place not in self.ready:
            while self.ready and self.held > 2 * ALIGNED:
                self.held -= int(self.sizes[oldest := next(iter(self.ready))])
                del self.ready[oldest]
            self.ready[place] = Text(self._bring(place))
            self.held += int(self.sizes[place])
        return self.ready[place]

    def _bring(self, place: int) -> str:
        if not self.waiting and int(self.sizes[self.documents].sum()) <= 2 * ALIGNED:
            self.waiting = dict(zip(self.documents, self.texts(self.documents), strict=True))
        return self.waiting[place] if self.waiting else self.texts([place])[0]


def _decide(pairs: Pairs, shelf: _Shelf, law: _Law) -> Iterator[tuple[int, int, Finding]]:
    """Walk the documents of some whole groups, best first: survivor, document and what was found about them."""
    better: dict[int, list[tuple[int, int, int, int]]] = defaultdict(list)
    for left, right, shared, one, other in pairs.tolist():
        better[right].append((left, shared, one + other - shared, min(one, other)))
    gone: set[int] = set()
    for document in sorted(better):
        kept = [found for found in sorted(better[document]) if found[0] not in gone]
        decided = [] if law.frozen(document) else list(_judge(document, kept, shelf, law))
        if any(finding.goes for _, finding in decided):
            gone.add(document)
        yield from ((survivor, document, finding) for survivor, finding in decided)


def _judge(
    document: int, survivors: Sequence[tuple[int, int, int, int]], shelf: _Shelf, law: _Law
) -> Iterator[tuple[int, Finding]]:
    """The one finding for which a document goes, or those versions of it that are kept. Best survivor first."""
    if "DUP005" in law.codes:
        for survivor, shared, united, contained in survivors:
            if shared * SIMILAR[1] >= united * SIMILAR[0]:
                yield survivor, Finding("", "", "similar", shared, united, contained)
                return
    if not law.codes & {"DUP002", "DUP003"}:
        return
    versions: list[tuple[int, Finding]] = []
    for survivor, shared, united, _ in survivors:
        finding = weigh("", "", shelf[document], shelf[survivor], (shared, united))
        if finding.relation == "near" and "DUP002" in law.codes:
            yield survivor, finding
            return
        if law.drops(survivor, document, finding):
            yield survivor, replace(finding, dropped=True)
            return
        if finding.relation == "version" and "DUP003" in law.codes and len(versions) < VERSIONS:
            versions.append((survivor, finding))
    yield from versions


def _other_title(removed: Text, survivor: Text) -> tuple[str, ...]:
    """The first line of a text when it is a title of which less than half of the words stand in the other text.

    Two articles behind one paywall are the same notice under two titles.
    """
    first = next(iter(paragraphs(removed.text)), None)
    if first is None or is_prose(first.text):
        return ()
    words = set(tokens(first.text))
    return () if 2 * len(words & survivor.vocabulary) >= len(words) else (first.text,)


def _one_notice(removed: Text, survivor: Text) -> bool:
    """Whether two documents are the same short text under titles that have little to do with each other.

    They tell no story that could have versions, and neither may go for the other: what differs is all they say.
    """
    bodies = [tokens("\n".join(span.text for span in paragraphs(text.text)[1:])) for text in (removed, survivor)]
    return (
        0 < len(bodies[0]) <= NOTICE
        and bodies[0] == bodies[1]
        and bool(_other_title(removed, survivor) and _other_title(survivor, removed))
    )


def weigh(
    document: str, survivor: str, removed: Text, kept: Text, similarity: tuple[int, int] | None = None
) -> Finding:
    """All the evidence about one document and one that may survive for it."""
    shingles = removed.shingles(), kept.shingles()
    shared, united = similarity or overlap(*shingles)
    evidence = compare(removed, kept)
    other_title = _other_title(removed, kept)
    relation = "near" if evidence.removable and not other_title else "version"
    return Finding(
        document,
        survivor,
        "address" if other_title and _one_notice(removed, kept) else relation,
        shared,
        max(united, 1),
        max(min(map(len, shingles)), 1),
        tuple((hunk.removed, hunk.survivor) for hunk in evidence.hunks),
        evidence.contradictions + other_title,
        evidence.extra,
    )
