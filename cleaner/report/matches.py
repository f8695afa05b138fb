"""What an index knows about new sources, for a person: each source, and under it the documents that it resembles."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cleaner.report.clusters import MOST
from cleaner.report.terminal import one_line, quote


def matches(where: str, rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """A source and its matches, best first; of versions with what differs: the source's words | the corpus's."""
    yield one_line(where)
    for row in rows:
        yield one_line(f"  {row['relation']:<8}{row['path']}  {_similarity(row)}")
        if row["relation"] == "version":
            for mine, theirs in row["hunks"][:MOST]:
                yield f"          {quote(mine)} | {quote(theirs)}"


def _similarity(row: Mapping[str, Any]) -> str:
    if row["evidence"] == "estimated":
        return f"Jaccard about {row['jaccard']:.2f}, estimated: its text is not where it was"
    return f"Jaccard {row['jaccard']:.2f}, verified" if row["evidence"] == "verified" else "same text, by its digest"
