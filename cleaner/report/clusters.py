"""Duplicates for a person: clusters under their survivors, and two documents with all the evidence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cleaner.report.terminal import one_line, quote

MOST = 5
"""Differences shown of a version; duplicates.jsonl has all."""

VERDICTS = {
    "version": "stays: it is a version, or another text",
    "address": "stays: it is one short text, such as a notice, under another title",
}


def clusters(rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Findings by survivor: what goes for it, and what only resembles it."""
    survivors: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        survivors.setdefault(row["instead"], []).append(row)
    for survivor, members in sorted(survivors.items()):
        yield one_line(survivor)
        for row in members:
            yield one_line(f"  {row['relation']:<8}{row['id']}  Jaccard {row['jaccard']:.2f}")
            if row["relation"] == "version":
                for removed, kept in row["hunks"][:MOST]:
                    yield f"          {quote(removed)} | {quote(kept)}"


def evidence(one: str, other: str, row: Mapping[str, Any]) -> Iterator[str]:
    """Why one document may or may not go for the other."""
    shared, united, contained = row["shingles"]
    yield one_line(f"{one} against {other}")
    yield f"  runs of five words: {shared:,} shared of {united:,}: Jaccard {row['jaccard']:.4f}"
    yield f"  containment in the longer one: {shared:,} of {contained:,}: {row['containment']:.4f}"
    if row["contradictions"]:
        yield f"  says something else: {', '.join(quote(word) for word in row['contradictions'])}"
    yield f"  words that the other does not have: {row['extra']:,}"
    for removed, kept in row["hunks"]:
        yield f"  {quote(removed)} | {quote(kept)}"
    verdict = VERDICTS.get(row["relation"], "can go, nothing is lost")
    yield one_line(f"  {one} {verdict}")
