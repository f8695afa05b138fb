"""What was found about documents, as tasks hand it on, and what of it holds when all of it is known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import BytesIO
from sys import intern
from typing import Any, NamedTuple

from cleaner.duplicates.finding import Entry, Finding, chosen, finding_of
from cleaner.duplicates.survivors import Policy
from cleaner.rows import loaded
from cleaner.store import Store


class Verdict(NamedTuple):
    """A finding of `cluster` as values, and where the document lies that it is about.

    An `open` one holds only where the survivor stays, about which another portion decides; then it has as values what
    decides which copy stays, which tells when the finding comes to be decided.
    """

    finding: list[Any]
    box: str
    row: int
    source: str
    open: list[Any] | None = None


Told = list[tuple[Verdict, Finding]]


def decided(store: Store, boxes: Sequence[str], policy: Policy) -> Iterator[tuple[Verdict, Finding]]:
    """What holds of what was found: open findings are decided best document first, as all others were.

    Those of one document stand together in a box, its best survivor first. As there may be as many as documents, they
    are given one by one, and verdicts come without the values of their findings.
    """
    gone: set[str] = set()
    waiting: dict[str, Told] = {}
    for values, box, row, source, *waits in _rows(store, boxes):
        verdict, finding = Verdict([], intern(box), row, intern(source), *waits), finding_of(values)
        if verdict.open:
            waiting.setdefault(finding.id, []).append((verdict, finding))
            continue
        if finding.goes:
            gone.add(finding.id)
        yield verdict, finding
    rank = policy.order()
    for key in sorted(waiting, key=lambda key: rank(Entry(*(waiting[key][0][0].open or ())))):
        here = chosen((verdict, finding) for verdict, finding in waiting[key] if finding.instead not in gone)
        yield from here
        gone.update(finding.id for _, finding in here if finding.goes)


def _rows(store: Store, boxes: Sequence[str]) -> Iterator[list[Any]]:
    for box in boxes:
        yield from loaded(BytesIO(store.read(box, "found")))
