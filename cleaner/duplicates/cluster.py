"""Which documents go because another one survives for them, with the evidence for each.

Found loosely, verified exactly: two documents are found when their sets of five-token shingles have a Jaccard
similarity of one half or more, or when four fifths of the shorter one stand in the other. Documents are walked best
first; one is removed only against a survivor that was kept and that verifies it, so no chain of small differences
removes a document that nothing kept resembles.

A caller brings a light entry and a row (`sketch`) for every document, and texts only of those that are hit, some at a
time: a corpus is never held in memory for this.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from cleaner.compiled import on
from cleaner.duplicates.beside import SAID, Beside, pays, slices
from cleaner.duplicates.candidates import candidate_pairs
from cleaner.duplicates.decided import NUMBERS, Decided, Table
from cleaner.duplicates.finding import VERSIONS, Entry, Finding, TextsOf, inherit
from cleaner.duplicates.forest import roots
from cleaner.duplicates.notices import NOTICE, set_apart
from cleaner.duplicates.sketch import SIZE, Rows
from cleaner.duplicates.survivors import DEFAULT_POLICY, Policy
from cleaner.duplicates.verify import Evidence, compare, overlap
from cleaner.duplicates.wording import Text
from cleaner.packed import Room
from cleaner.segment import is_prose, paragraphs, tokens

SIMILAR = (4, 5)
"""Jaccard from which DUP005 takes a document for a copy without looking at what differs."""
_SAID = np.array([NUMBERS.get(said, -1) for said in (*SAID, "similar")])
"""Relations by what the kernels say."""
RULES = {"near": "DUP002", "version": "DUP003"}
"""The rules that tell of what texts were compared for."""
Pairs = npt.NDArray[np.int64]


def find_duplicates(
    entries: Sequence[Entry],
    rows: Rows,
    texts_of: TextsOf,
    codes: frozenset[str],
    policy: Policy = DEFAULT_POLICY,
    ranked: Sequence[int] | None = None,
) -> list[Finding]:
    """Decide over a set of documents; the answer does not depend on their order. `codes` are the rules switched on.

    `ranked` are the places of the documents by the order of the policy, for a caller who has them.
    """
    found = group(entries, rows, texts_of, codes, policy, ranked)

    def texts(places: Sequence[int]) -> Sequence[str]:
        return texts_of([found.ranked[place] for place in places])

    law = Law(codes, policy, entries, found.ranked)
    findings = [*found.findings, *(finding for finding, _ in judge(law, found.sizes, found.pairs, texts))]
    return sorted(inherit(findings), key=lambda f: (f.id, f.instead))


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


def group(
    entries: Sequence[Entry],
    rows: Rows,
    texts_of: TextsOf,
    codes: frozenset[str],
    policy: Policy,
    ranked: Sequence[int] | None = None,
) -> Grouped:
    """Find notices and exact copies, and loosely whatever may be alike. Texts are asked for of notices only."""
    if ranked is None:
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


@dataclass(slots=True)
class Fates:
    """What is known of documents by their places: 1 for those that go, and those that another task decides about."""

    gone: bytearray
    unsure: set[int] = field(default_factory=set)


def judge(
    law: Law, sizes: Pairs, pairs: Pairs, texts: TextsOf, elsewhere: Iterable[int] = ()
) -> Iterator[tuple[Finding, bool]]:
    """Decide about the pairs of documents: near copies and versions. Places count in the `ranked` of the law.

    All pairs of a document with better ones stand in `pairs`, in the order of the documents. Those `elsewhere` are
    decided about in other pairs: what depends on them is given with False, and holds of those that stay.
    """
    for beside, decided in decisions(law, sizes, [pairs], texts, elsewhere):
        for one in decided:
            yield told(one, beside, law.entry(one.document).id, law.entry(one.survivor).id), one.sure


def decisions(
    law: Law, sizes: Pairs, portions: Iterable[Pairs], texts: TextsOf, elsewhere: Iterable[int] = ()
) -> Iterator[tuple[Beside, Sequence[Decided]]]:
    """The same, some at a time, as what was decided and the texts it is about: they hold until the next are asked for.

    All pairs of a document with better ones stand in one portion.
    """
    fates, room = Fates(bytearray(len(sizes)), set(elsewhere)), Room()
    for pairs in portions:
        compiled = pays(sizes, pairs)
        for start, end in slices(pairs, sizes):
            asked = np.unique(pairs[start:end])
            beside = Beside(asked, texts(asked.tolist()), compiled=compiled, room=room)
            found = beside.found(pairs[start:end])
            if law.codes & {"DUP002", "DUP003"}:
                lazily = "DUP002" in law.codes and law.is_plain and not fates.unsure
                beside.judge(found[:, :2], fates.gone if lazily else None)
            yield from ((beside, decided) for decided in _decide(found, beside, law, fates))


def told(one: Decided, beside: Beside, document: str, survivor: str) -> Finding:
    """What was decided as a finding about two documents of these ids."""
    if one.finding:
        return replace(one.finding, id=document, instead=survivor, dropped=one.dropped)
    similarity = one.shared, one.united, one.contained
    if one.relation == "similar":
        return Finding(document, survivor, "similar", *similarity)
    return replace(_finding(document, survivor, similarity, *beside.evidence(one.number)), dropped=one.dropped)


def _exact(
    entries: Sequence[Entry], rows: Rows, ranked: Sequence[int], findings: list[Finding], policy: Policy
) -> list[int]:
    """Copies that differ in nothing but case, quotes and spaces go; gives the documents that are left, best first."""
    gone: set[int] = set()
    for place, survivor in copies(rows["exact"], rows["tokens"], ranked).tolist():
        if entries[place].id not in policy.frozen:
            gone.add(place)
            count = shingles_of(int(rows["tokens"][place]))
            findings.append(Finding(entries[place].id, entries[survivor].id, "exact", count, count, count))
    return [place for place in ranked if place not in gone]


def copies(digests: npt.NDArray[np.uint64], tokens: npt.NDArray[np.uint32], ranked: Sequence[int] | Pairs) -> Pairs:
    """Documents and the best ones with the same digest, as pairs of places; those without a token have no copies."""
    order = np.asarray(ranked, np.int64)
    order = order[tokens[order] > 0]
    order = order[repeated(digests[order, 0])]
    _, first, which = np.unique(digests[order], axis=0, return_index=True, return_inverse=True)
    survivors = order[first][which.ravel()]
    found: Pairs = np.column_stack([order, survivors])[order != survivors]
    return found


def shingles_of(tokens: int) -> int:
    """The shingles of so many tokens."""
    return max(1, tokens - SIZE + 1)


def repeated(values: npt.NDArray[np.uint64]) -> npt.NDArray[np.bool_]:
    """Which numbers are there more than once."""
    ordered = np.sort(values)
    return np.isin(values, ordered[1:][ordered[1:] == ordered[:-1]])


@dataclass(frozen=True, slots=True)
class Law:
    """What decides about pairs: the rules switched on, the policy, and the places of the documents, best first."""

    codes: frozenset[str]
    policy: Policy
    entries: Sequence[Entry]
    ranked: Sequence[int] | Pairs

    @property
    def is_plain(self) -> bool:
        """Whether dates decide nothing, and no document stays whatever comes."""
        return not self.policy.frozen and self.policy.versions != "latest"

    def entry(self, document: int) -> Entry:
        """A document by its place in the order."""
        return self.entries[self.ranked[document]]

    def frozen(self, document: int) -> bool:
        """Whether a document stays whatever comes."""
        return bool(self.policy.frozen) and self.entry(document).id in self.policy.frozen

    def drops(self, survivor: int, document: int, relation: str) -> bool:
        """Whether a version goes because the survivor is later."""
        if self.policy.versions != "latest" or relation != "version" or "DUP003" not in self.codes:
            return False
        return self.policy.supersedes(self.entry(survivor), self.entry(document))


def by_component(pairs: Pairs) -> tuple[Pairs, Pairs]:
    """Pairs in the order of the groups that hang together, of each group those of its best document first.

    With it the borders of the groups: where each begins, and the end of the last one.
    """
    if not len(pairs):
        return pairs, np.zeros(1, np.int64)
    left, right = pairs[:, 0], pairs[:, 1]
    root = roots(int(pairs.max()) + 1, [pairs])[left].astype(np.int64)
    order = np.lexsort((left, right, root))
    return pairs[order], np.flatnonzero(np.diff(root[order], prepend=-1, append=-1))


def _decide(pairs: Pairs, beside: Beside, law: Law, fates: Fates) -> Iterator[Sequence[Decided]]:
    """Walk the documents of some pairs, best first, and decide about each.

    All better documents were walked before, or are decided about elsewhere.
    """
    left, right, shared, one, other = pairs.T
    order = np.lexsort((left, right))
    numbers = np.arange(len(pairs))
    found = np.column_stack([left, shared, one + other - shared, np.minimum(one, other), right, numbers])[order]
    if not law.is_plain or fates.unsure or not on():
        yield list(_decide_each(found, beside, law, fates))
        return
    start = 0
    while start < len(found):
        decided, start = _decide_quickly(found, start, beside, law, fates)
        yield decided
        end = start + int(np.searchsorted(found[start:, 4], found[start, 4], "right")) if start < len(found) else start
        yield list(_decide_each(found[start:end], beside, law, fates))
        start = end


def _decide_quickly(found: Pairs, start: int, beside: Beside, law: Law, fates: Fates) -> tuple[Table, int]:
    """The same by a kernel, from a row on: what was decided, and the row of a document that is left to plain Python."""
    from cleaner.duplicates.fate_kernel import decide

    above, below = SIMILAR if "DUP005" in law.codes else (0, 0)
    out, gone = np.empty((len(found), 2), np.int64), np.frombuffer(fates.gone, np.uint8)
    asked = "DUP002" in law.codes, "DUP003" in law.codes
    end, count = decide(found, start, beside.said, above, below, *asked, gone, out)
    survivors, *shares, documents, numbers = found[out[:count, 0]].T
    relations = _SAID[out[:count, 1]]
    return Table(np.column_stack([survivors, documents, relations, *shares, numbers])), end


def _decide_each(found: Pairs, beside: Beside, law: Law, fates: Fates) -> Iterator[Decided]:
    """The same in plain Python: rows of survivor, shared, united, contained, document and number of the pair."""
    rows, right = found.tolist(), found[:, 4]
    borders = np.flatnonzero(np.diff(right, prepend=-1, append=-1))
    for document, (start, end) in zip(right[borders[:-1]].tolist(), pairwise(borders.tolist()), strict=True):
        kept = [row for row in rows[start:end] if not fates.gone[row[0]]]
        decided = [] if law.frozen(document) else list(_judge(document, kept, beside, law, fates.unsure))
        going = [one for one in decided if one.goes]
        sure = fates.unsure.isdisjoint([one.survivor for one in decided])
        fates.unsure.discard(document)
        if not fates.unsure.issuperset([one.survivor for one in going]):
            fates.gone[document] = 1
        elif going:
            fates.unsure.add(document)
        if sure:
            yield from going[:1] or decided[:VERSIONS]
        else:
            yield from (one._replace(sure=False) for one in decided)


def _judge(
    document: int,
    survivors: Sequence[Sequence[int]],
    beside: Beside,
    law: Law,
    unsure: Collection[int],
) -> Iterator[Decided]:
    """What is decided beside each survivor, best first, as far as one that surely stays and for which it goes."""
    if "DUP005" in law.codes:
        for survivor, shared, united, contained, _, number in survivors:
            if shared * SIMILAR[1] >= united * SIMILAR[0]:
                yield Decided(survivor, document, "similar", shared, united, contained, number)
                if survivor not in unsure:
                    return
    if not law.codes & {"DUP002", "DUP003"}:
        return
    for survivor, shared, united, contained, _, number in survivors:
        relation, finding = beside.relation(number), None
        if not relation:
            finding = weigh("", "", beside.text(document), beside.text(survivor), (shared, united, contained))
            relation = finding.relation
        decided = Decided(survivor, document, relation, shared, max(united, 1), max(contained, 1), number, finding)
        if law.drops(survivor, document, relation):
            decided = decided._replace(dropped=True)
        elif RULES.get(relation) not in law.codes:
            continue
        yield decided
        if decided.goes and survivor not in unsure:
            return


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


def weigh(document: str, survivor: str, removed: Text, kept: Text, similarity: Sequence[int] | None = None) -> Finding:
    """All the evidence about one document and one that may survive for it.

    `similarity` are the shingles that both have, that either has, and those of the one that has fewer.
    """
    if similarity is None:
        shingles = removed.shingles(), kept.shingles()
        similarity = *overlap(*shingles), min(map(len, shingles))
    other_title = _other_title(removed, kept)
    address = bool(other_title) and _one_notice(removed, kept)
    return _finding(document, survivor, similarity, compare(removed, kept), other_title, address=address)


def _finding(
    document: str,
    survivor: str,
    similarity: Sequence[int],
    evidence: Evidence,
    other_title: tuple[str, ...] = (),
    *,
    address: bool = False,
) -> Finding:
    shared, united, contained = similarity
    relation = "near" if evidence.removable and not other_title else "version"
    return Finding(
        document,
        survivor,
        "address" if address else relation,
        shared,
        max(united, 1),
        max(contained, 1),
        evidence.hunks,
        evidence.contradictions + other_title,
        evidence.extra,
    )
