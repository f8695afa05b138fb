"""What was found about documents, as tasks hand it on, and what of it holds when all of it is known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import BytesIO
from itertools import repeat
from sys import intern
from typing import Any, NamedTuple

from cleaner.duplicates.finding import Entry, Finding, chosen, finding_of, values_of
from cleaner.duplicates.survivors import Policy
from cleaner.rows import dumped, loaded
from cleaner.store import Box, Store

WORDS = frozenset({"hunks", "contradictions"})
"""What of a finding only its row says."""


class Verdict(NamedTuple):
    """A finding of `cluster`, and where the document lies that it is about.

    An `open` one holds only where the survivor stays, about which another portion decides; then it has as values what
    decides which copy stays, which tells when the finding comes to be decided.
    """

    finding: Finding
    box: str
    row: int
    source: str
    open: list[Any] | None = None


def note(box: Box, verdict: Verdict) -> None:
    """Put a verdict into the box of its task: what decides into `found`, and its row of duplicates.jsonl into `rows`.

    Most of a row are words that differ: it is written where they are at hand, and nobody behind reads it again.
    """
    box.add("found", dumped([values_of(verdict.finding, WORDS), *verdict[1:]]))
    box.add("rows", dumped(verdict.finding.row()))


def decided(
    store: Store, boxes: Sequence[str], policy: Policy, *, rows: bool = False
) -> Iterator[tuple[Verdict, bytes]]:
    """What holds of what was found: open findings are decided best document first, as all others were.

    Those of one document stand together in a box, its best survivor first. As there may be as many as documents, they
    are given one by one; without their words, but each beside its row where `rows` are asked for.
    """
    gone: set[str] = set()
    waiting: dict[str, list[tuple[Verdict, bytes]]] = {}
    for (values, box, number, source, waits), row in _noted(store, boxes, rows=rows):
        verdict = Verdict(finding_of(values), intern(box), number, intern(source), waits)
        if waits:
            waiting.setdefault(verdict.finding.id, []).append((verdict, row))
            continue
        if verdict.finding.goes:
            gone.add(verdict.finding.id)
        yield verdict, row
    rank = policy.order()
    for key in sorted(waiting, key=lambda key: rank(Entry(*(waiting[key][0][0].open or ())))):
        here = chosen((told, told[0].finding) for told in waiting[key] if told[0].finding.instead not in gone)
        yield from (told for told, _ in here)
        gone.update(finding.id for _, finding in here if finding.goes)


def _noted(store: Store, boxes: Sequence[str], *, rows: bool) -> Iterator[tuple[list[Any], bytes]]:
    """What `note` put into boxes."""
    for box in boxes:
        found = loaded(BytesIO(store.read(box, "found")))
        yield from zip(found, BytesIO(store.read(box, "rows")) if rows else repeat(b""), strict=rows)
