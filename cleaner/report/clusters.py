"""Duplicates for a person: clusters under their survivors, and two documents with all the evidence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cleaner.report.terminal import one_line, quote

MOST = 5
"""Differences shown of a version; duplicates.jsonl has all."""
CROWD = 10
"""Members shown of a crowd of one short text."""

GOES = {"version": "goes: it is of an earlier day", "address": "goes"}
"""What is said of a document that goes although its relation is one of those that stay."""

VERDICTS = {
    "version": "stays: it is a version, or another text",
    "address": "stays: it is one short text, such as a notice, under another title",
}


def clusters(rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Findings by survivor: what goes for it, and what only resembles it."""
    survivors: dict[str, list[Mapping[str, Any]]] = {}
    for row in (row for row in rows if row["relation"] != "sentence"):
        survivors.setdefault(row.get("crowd", row["instead"]), []).append(row)
    for survivor, members in sorted(survivors.items()):
        yield one_line(survivor)
        crowd = [row for row in members if row["relation"] == "address"]
        crowd.sort(key=lambda row: "dropped" in row)  # what stays tells more
        told = [row for row in crowd if "sample" in row]
        yield from (f"  one text under {row['addresses']:,} addresses: {quote(row['sample'])}" for row in told)
        for row in [row for row in members if row["relation"] != "address"] + crowd[:CROWD]:
            yield from _member(row)
        if len(crowd) > CROWD:
            yield f"  ... and {len(crowd) - CROWD:,} more under other addresses"


def shared(rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Sentences that several documents share, each with the documents, the one that has it first in front."""
    repeated: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for row in (row for row in rows if row["relation"] == "sentence"):
        repeated.setdefault((row["instead"], row["text"]), []).append(row)
    for (first, text), members in sorted(repeated.items(), key=lambda item: (-item[1][0]["documents"], item[0])):
        yield f"{quote(text)} in {members[0]['documents']:,} documents"
        yield one_line(f"  first    {first}")
        for row in members[:CROWD]:
            goes = ", goes" if row.get("removed") else ""
            yield one_line(f"  {'also' if row['jaccard'] == 1 else 'nearly':<9}{row['id']}{goes}")
            if row["jaccard"] < 1:
                yield from (f"           {quote(own)}" for own, _ in row["hunks"])
        if len(members) > CROWD:
            yield f"  ... and {members[0]['documents'] - 1 - CROWD:,} more"


def _member(row: Mapping[str, Any]) -> Iterator[str]:
    """A document under its survivor. Copies go; of what only resembles it, it is said whether it goes."""
    goes = f", {GOES[row['relation']]}" if row.get("dropped") else ""
    yield one_line(f"  {row['relation']:<9}{row['id']}  Jaccard {row['jaccard']:.2f}{goes}")
    if row["relation"] in GOES:
        for removed, kept in row["hunks"][:MOST]:
            yield f"           {quote(removed)} | {quote(kept)}"


def evidence(one: str, other: str, row: Mapping[str, Any]) -> Iterator[str]:
    """Why one document may or may not go for the other."""
    shared, united, contained = row["shingles"]
    yield one_line(f"{one} against {other}")
    yield f"  runs of five words: {shared:,} shared of {united:,}: Jaccard {row['jaccard']:.4f}"
    yield f"  containment in the longer one: {shared:,} of {contained:,}: {row['containment']:.4f}"
    if row["contradictions"]:
        yield f"  says something else: {', '.join(quote(word) for word in row['contradictions'])}"
    else:  # words that only one has are counted where nothing is said otherwise
        yield f"  words that the other does not have: {row['extra']:,}"
    for removed, kept in row["hunks"]:
        yield f"  {quote(removed)} | {quote(kept)}"
    verdict = VERDICTS.get(row["relation"], "can go, nothing is lost")
    yield one_line(f"  {one} {verdict}")
