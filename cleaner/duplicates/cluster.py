"""Which documents go because another one survives for them, with the evidence for each.

Found loosely, verified exactly: two documents are near when their sets of five-token shingles have a Jaccard similarity
of one half or more. Documents are walked best first; one is removed only against a survivor that was kept and that
verifies it, so no chain of small differences removes a document that nothing kept resembles.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from cleaner.duplicates.sketch import candidates
from cleaner.duplicates.verify import compare, overlap
from cleaner.duplicates.wording import Text
from cleaner.segment import fold, is_prose, lines, paragraphs, tokens

NEAR = (1, 2)
"""Jaccard from which two documents count as found. Copies of one article scraped twice have a median of .82 and reach
down to .5; pairs of different articles on one event stay below .3."""


VERSIONS = 20
"""Versions listed for one document at most, best survivor first."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A cleaned document. Survivors are chosen by fewest leftover findings, most prose, earliest date, least id."""

    id: str
    text: str
    leftovers: int = 0
    date: str = ""

    @property
    def rank(self) -> tuple[int, int, str, str]:
        """The strict total order in which survivors are chosen, best first."""
        prose = sum(len(line.text) for line in lines(self.text) if is_prose(line.text))
        return self.leftovers, -prose, self.date or "9999", self.id


@dataclass(frozen=True, slots=True)
class Finding:
    """Two documents found alike. `exact` and `near` ones are removed; a `version` says something else and is kept."""

    id: str
    instead: str
    relation: str
    shared: int
    united: int
    contained: int
    hunks: tuple[tuple[str, str], ...] = ()
    contradictions: tuple[str, ...] = ()
    extra: int = 0

    def row(self) -> dict[str, Any]:
        """The finding as JSON values; similarities as exact fractions beside the rounded figure."""
        return {
            "id": self.id,
            "instead": self.instead,
            "relation": self.relation,
            "jaccard": round(self.shared / self.united, 4),
            "containment": round(self.shared / self.contained, 4),
            "shingles": [self.shared, self.united, self.contained],
            "extra": self.extra,
            "contradictions": list(self.contradictions),
            "hunks": [list(hunk) for hunk in self.hunks],
        }


def find_duplicates(documents: Iterable[Candidate], codes: frozenset[str]) -> list[Finding]:
    """Decide over a set of documents; the answer does not depend on their order. `codes` are the rules switched on."""
    ranked = sorted(documents, key=lambda d: d.rank)
    texts = {d.id: Text(d.text) for d in ranked}
    findings: list[Finding] = []
    removed = _exact(ranked, texts, findings) if "DUP001" in codes else set()
    if codes & {"DUP002", "DUP003"}:
        left = [d for d in ranked if d.id not in removed]
        findings += _near(left, texts, codes)
    findings = [replace(f, instead=_survivor(f.instead, findings)) if f.relation == "exact" else f for f in findings]
    return sorted(findings, key=lambda f: (f.id, f.instead))


def _survivor(key: str, findings: Sequence[Finding]) -> str:
    """Who is kept in the end, when the survivor of an exact copy goes itself for a near one."""
    return next((f.instead for f in findings if f.id == key and f.relation == "near"), key)


def _exact(ranked: Sequence[Candidate], texts: dict[str, Text], findings: list[Finding]) -> set[str]:
    """Copies that differ in nothing but case, quotes and spaces."""
    first: dict[str, str] = {}
    removed: set[str] = set()
    for document in ranked:
        key = exact_key(document.text)
        survivor = first.setdefault(key, document.id) if texts[document.id].tokens else document.id
        if survivor != document.id:
            size = len(texts[document.id].shingles())
            findings.append(Finding(document.id, survivor, "exact", size, size, size))
            removed.add(document.id)
    return removed


_UNCOMPARED = str.maketrans("", "", "\"' ")


def exact_key(text: str) -> str:
    """What exact copies share: the folded text without quotes and spaces. Signs such as $ and % count."""
    return fold(text).translate(_UNCOMPARED)


def _near(ranked: Sequence[Candidate], texts: dict[str, Text], codes: frozenset[str]) -> list[Finding]:
    shingles = {d.id: texts[d.id].shingles() for d in ranked}
    neighbours: dict[str, dict[str, tuple[int, int]]] = defaultdict(dict)
    for one, other in candidates(shingles):
        shared, united = overlap(shingles[one], shingles[other])
        if shared * NEAR[1] >= united * NEAR[0]:
            neighbours[one][other] = neighbours[other][one] = shared, united
    findings: list[Finding] = []
    kept: set[str] = set()
    place = {document.id: n for n, document in enumerate(ranked)}
    for document in ranked:
        survivors = sorted((key for key in neighbours[document.id] if key in kept), key=place.__getitem__)
        decided = _against(document.id, survivors, neighbours, texts)
        gone = next((f for f in decided if f.relation == "near"), None)
        if gone and "DUP002" in codes:
            findings.append(gone)
            continue
        kept.add(document.id)
        if "DUP003" in codes:
            findings += [f for f in decided if f.relation == "version"][:VERSIONS]
    return findings


def _other_title(removed: Text, survivor: Text) -> tuple[str, ...]:
    """The first line of a text when it is a title of which less than half of the words stand in the other text.

    Two articles behind one paywall are the same notice under two titles.
    """
    first = next(iter(paragraphs(removed.text)), None)
    if first is None or is_prose(first.text):
        return ()
    words = set(tokens(first.text))
    return () if 2 * len(words & survivor.vocabulary) >= len(words) else (first.text,)


def _against(
    document: str,
    survivors: Sequence[str],
    neighbours: dict[str, dict[str, tuple[int, int]]],
    texts: dict[str, Text],
) -> list[Finding]:
    """One document against each survivor it resembles, best survivor first."""
    return [
        weigh(document, survivor, texts[document], texts[survivor], neighbours[document][survivor])
        for survivor in survivors
    ]


def weigh(
    document: str, survivor: str, removed: Text, kept: Text, similarity: tuple[int, int] | None = None
) -> Finding:
    """All the evidence about one document and one that may survive for it."""
    shingles = removed.shingles(), kept.shingles()
    shared, united = similarity or overlap(*shingles)
    evidence = compare(removed, kept)
    other_title = _other_title(removed, kept)
    return Finding(
        document,
        survivor,
        "near" if evidence.removable and not other_title else "version",
        shared,
        max(united, 1),
        max(min(map(len, shingles)), 1),
        tuple((hunk.removed, hunk.survivor) for hunk in evidence.hunks),
        evidence.contradictions + other_title,
        evidence.extra,
    )
