"""Duplicates for a person: clusters under their survivors, and two documents with all the evidence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from cleaner.report.terminal import one_line, quote

if TYPE_CHECKING:
    from cleaner.why import Weighed

MOST = 5
"""Differences shown of a version; duplicates.jsonl has all."""
CROWD = 10
"""Members shown of a crowd of one short text."""

GOES = {"version": "goes: it is of an earlier day", "address": "goes"}
"""What is said of a document that goes although its relation is one of those that stay."""

VERDICTS = {
    "version": "stays: it is a version",
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


def evidence(found: Weighed) -> Iterator[str]:
    """What two documents share, where they differ, and whether one may go for the other."""
    row, back = found.rows
    shared, united, contained = row["shingles"]
    yield one_line(f"{found.one} | {found.other}")
    yield f"  runs of five words: {shared:,} shared of {united:,}: Jaccard {row['jaccard']:.4f}"
    yield f"  containment in the longer one: {shared:,} of {contained:,}: {row['containment']:.4f}"
    for name, (left, right) in (("numbers", found.numbers), ("capitalised words", found.names)):
        if left or right:
            yield one_line(f"  {name} of only one: {', '.join(left) or 'none'} | {', '.join(right) or 'none'}")
    if row["hunks"]:
        yield "  where they differ:"
    for one, other in row["hunks"]:
        yield f"    {quote(one)} | {quote(other)}"
    if not found.alike:
        yield "  both stay: they share too little to be copies or versions of one another"
        return
    for key, one in ((found.one, row), (found.other, back)):
        yield one_line(f"  {key} {VERDICTS.get(one['relation'], 'can go, nothing is lost')}{_alone(one)}")


def _alone(row: Mapping[str, Any]) -> str:
    """What a document says that the other one does not."""
    said = [quote(word) for word in row["contradictions"]]
    if said:
        more = f" and {len(said) - MOST:,} things more" if len(said) > MOST else ""
        return f"; it alone says {', '.join(said[:MOST])}{more}"
    return f"; {row['extra']:,} of its words are not in the other" if row["extra"] else ""
