"""What a corpus holds, in numbers: documents by length, language, source and date, and what rules say of them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from cleaner.corpus import find_inputs, read, unique
from cleaner.language import UNKNOWN
from cleaner.records import Fields, Record
from cleaner.segment import words

if TYPE_CHECKING:
    from cleaner.run import Progress

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
class Statistics:
    """A corpus in numbers. Texts are measured as they came in, tokens are those of `segment`.

    `documents` counts by what a run would do with them; `lengths` are tokens of a document (each quantile is the length
    of some document, no mean of two), and `histogram` counts documents by them. `duplicates` counts documents that
    repeat another one, and pairs of versions.
    """

    title: str
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

    def values(self) -> dict[str, Any]:
        """The same as JSON values."""
        return asdict(self)


def measure(
    title: str,
    manifest: Iterable[Mapping[str, Any]],
    duplicates: Iterable[Mapping[str, Any]],
    records: Iterable[Record],
    names: Mapping[str, str],
) -> Statistics:
    """Count what a run tells (its manifest and duplicates) and what its records are. `names` are those of rules."""
    rows = {row["id"]: row for row in manifest}
    sizes: list[int] = []
    characters = 0
    parts: dict[str, dict[str, list[int]]] = {"languages": {}, "sources": {}, "dates": {}}
    for record in records:
        row = rows[record.id]
        if row["status"] == "quarantined":
            continue
        size = len(words(record.text))
        sizes.append(size)
        characters += len(record.text)
        facts = {**record.meta, **row["metadata"]}
        told = {
            "languages": str(facts.get("language", UNKNOWN)),
            "sources": record.source or source(record, facts),
            "dates": year(facts),
        }
        for kind, name in told.items():
            parts[kind].setdefault(name, []).append(size)
    relations = Counter(str(row["relation"]) for row in duplicates)
    shares = {kind: [Share(name, len(s), sum(s)) for name, s in found.items()] for kind, found in parts.items()}
    status = Counter(str(row["status"]) for row in rows.values())
    return Statistics(
        title,
        {name: status[name] for name in ("kept", "dropped", "quarantined")},
        characters,
        sum(sizes),
        quantiles(sizes),
        histogram(sizes),
        sorted(shares["languages"], key=_largest_first),
        sorted(shares["sources"], key=_largest_first),
        sorted(shares["dates"], key=lambda share: (share.name == UNTOLD, share.name)),
        {name: relations[name] for name in ("exact", "near", "version")},
        rule_counts(rows.values(), names),
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


def rule_counts(rows: Iterable[Mapping[str, Any]], names: Mapping[str, str]) -> list[RuleCount]:
    """What each rule did and saw in all documents, by code."""
    changes: Counter[str] = Counter()
    findings: Counter[str] = Counter()
    documents: Counter[str] = Counter()
    for row in rows:
        counts = row["counts"]
        changes.update(counts["changes"])
        findings.update(counts["findings"])
        documents.update({*counts["changes"], *counts["findings"]})
    return [
        RuleCount(code, names.get(code, ""), changes[code], findings[code], documents[code])
        for code in sorted(documents)
    ]


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


def statistics(
    path: Path,
    names: Mapping[str, str],
    folders: tuple[Path, ...] = (),
    progress: Progress | None = None,
    **given: Any,
) -> Statistics:
    """Read a corpus and count; what the rules would do is found by doing it. Raises CorpusError, ConfigError."""
    from cleaner.config import load_config
    from cleaner.journal import duplicates, load
    from cleaner.publish import publish
    from cleaner.run import run

    with TemporaryDirectory(prefix="cleaner-") as folder:
        result = Path(folder) / "clean"
        config = replace(load_config(path, **given), journal="counts")
        publish(run(path, config, target=result, folders=folders, progress=progress), result)
        return measure(
            path.resolve().name, load(result).manifest, duplicates(result), _records(path, config.fields()), names
        )


def _records(path: Path, asked: Fields) -> Iterator[Record]:
    inputs = find_inputs(path)
    return unique(record for file in inputs.files for record in read(inputs.root, file, asked))
