"""What a corpus holds, in numbers: documents by length, language, source and date, and what rules say of them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cleaner.language import UNKNOWN
from cleaner.records import Record
from cleaner.segment import words

UNTOLD = "not told"
"""What stands for a source or date that nothing tells."""
QUANTILES = {"shortest": 0, "p10": 10, "median": 50, "p90": 90, "longest": 100}
"""Lengths that are told, by the share in percent of the sorted documents at which they stand."""


@dataclass(frozen=True, slots=True)
class Share:
    """A part of the corpus, such as a language: how many documents it has and how many tokens they have."""

    name: str
    documents: int
    tokens: int


@dataclass(frozen=True, slots=True)
class LengthClass:
    """Documents of at least so many tokens, and fewer than twice as many."""

    least: int
    documents: int


@dataclass(frozen=True, slots=True)
class RuleCount:
    """A rule: changes it would make, findings it would report, documents in which it has either."""

    code: str
    name: str
    changes: int
    findings: int
    documents: int


@dataclass(frozen=True, slots=True)
class Corpus:
    """A path that was counted: `texts` are "as read" from sources, or "as published" by a run whose record it holds."""

    path: str
    texts: str
    documents: int


@dataclass(frozen=True, slots=True)
class Statistics:
    """Corpora in numbers.

    Texts of sources are measured as they came in, those of the result of a run as it published them, without what it
    left out; tokens are those of `segment`.
    `documents` counts by what a run would do with them; `lengths` are tokens of a document (each quantile is the length
    of some document, no mean of two), and `histogram` counts documents by them. `duplicates` counts documents that
    repeat another one, pairs of versions, documents that are one more address of a short text, and shared sentences.
    """

    corpora: Sequence[Corpus]
    documents: Mapping[str, int]
    characters: int
    tokens: int
    lengths: Mapping[str, int]
    histogram: Sequence[LengthClass]
    languages: Sequence[Share]
    sources: Sequence[Share]
    dates: Sequence[Share]
    duplicates: Mapping[str, int]
    rules: Sequence[RuleCount]

    @property
    def title(self) -> str:
        """The paths by name, the first three of many."""
        names = [Path(corpus.path).resolve().name or corpus.path for corpus in self.corpora]
        more = f" and {len(names) - 3:,} more" if len(names) > 3 else ""
        return f"{', '.join(names[:3])}{more}"

    def values(self) -> dict[str, Any]:
        """The same as JSON values."""
        return asdict(self)


class Tally:
    """Counts documents one after the other."""

    def __init__(self) -> None:
        self.status: Counter[str] = Counter()
        self.changes: Counter[str] = Counter()
        self.findings: Counter[str] = Counter()
        self.touched: Counter[str] = Counter()
        self.relations: Counter[str] = Counter()
        self.sizes: list[int] = []
        self.characters = 0
        self.parts: dict[str, dict[str, list[int]]] = {"languages": {}, "sources": {}, "dates": {}}

    def add(self, row: Mapping[str, Any], record: Record | None) -> None:
        """A row of a manifest, and the document with the text to measure; without one only the row counts."""
        counts = row["counts"]
        self.status[str(row["status"])] += 1
        self.changes.update(counts["changes"])
        self.findings.update(counts["findings"])
        self.touched.update({*counts["changes"], *counts["findings"]})
        if record is None:
            return
        size = len(words(record.text))
        self.sizes.append(size)
        self.characters += len(record.text)
        facts = {**record.meta, **row["metadata"]}
        told = {
            "languages": str(facts.get("language", UNKNOWN)),
            "sources": record.source or source(record, facts),
            "dates": year(facts),
        }
        for kind, name in told.items():
            self.parts[kind].setdefault(name, []).append(size)

    def alike(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Rows of evidence about pairs."""
        self.relations.update(str(row["relation"]) for row in rows)

    def statistics(self, corpora: Sequence[Corpus], names: Mapping[str, str]) -> Statistics:
        """What was counted. `names` are those of rules."""
        shares = {
            kind: [Share(name, len(s), sum(s)) for name, s in found.items()] for kind, found in self.parts.items()
        }
        return Statistics(
            corpora,
            {name: self.status[name] for name in ("kept", "dropped", "quarantined")},
            self.characters,
            sum(self.sizes),
            quantiles(self.sizes),
            histogram(self.sizes),
            sorted(shares["languages"], key=_largest_first),
            sorted(shares["sources"], key=_largest_first),
            sorted(shares["dates"], key=lambda share: (share.name == UNTOLD, share.name)),
            {name: self.relations[name] for name in ("exact", "near", "version", "address", "sentence")},
            [
                RuleCount(code, names.get(code, ""), self.changes[code], self.findings[code], self.touched[code])
                for code in sorted(self.touched)
            ],
        )


def _largest_first(share: Share) -> tuple[int, str]:
    return -share.documents, share.name


def quantiles(sizes: Sequence[int]) -> dict[str, int]:
    """Sizes at some shares of the sorted list, by name; none for no sizes."""
    ordered = sorted(sizes)
    return {name: ordered[(len(ordered) - 1) * share // 100] for name, share in QUANTILES.items() if ordered}


def histogram(sizes: Iterable[int]) -> list[LengthClass]:
    """How many sizes lie in [0, 1), [1, 2), [2, 4), [4, 8) and so on, from the first to the last class that has any."""
    counts = Counter(size.bit_length() for size in sizes)
    classes = range(min(counts, default=0), max(counts, default=-1) + 1)
    return [LengthClass(1 << n - 1 if n else 0, counts[n]) for n in classes]


_SOURCES = ("source", "site", "domain", "publisher")
_DATES = ("date", "published", "date_published", "publish_date", "date_publish")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


def source(record: Record, facts: Mapping[str, Any]) -> str:
    """Where a document comes from, as its fields, the host of its address, or its folder tell."""
    for key in _SOURCES:
        if isinstance(facts.get(key), str) and facts[key].strip():
            return str(facts[key]).strip()
    if isinstance(facts.get("url"), str):
        try:
            host = urlsplit(facts["url"]).hostname
        except ValueError:
            host = None
        if host:
            return str(host).removeprefix("www.")
    folder, slash, _ = record.path.rpartition("/")
    return folder if slash else UNTOLD


def year(facts: Mapping[str, Any]) -> str:
    """The year of a document, as its fields tell."""
    for key in _DATES:
        found = _YEAR.search(str(facts.get(key, "")))
        if found:
            return found[0]
    return UNTOLD
