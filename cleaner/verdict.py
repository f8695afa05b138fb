"""What was found about documents, as tasks hand it on, and what of it holds when all of it is known."""

from __future__ import annotations

import json
from collections.abc import Sequence
from sys import intern
from typing import Any, NamedTuple

from cleaner.duplicates.finding import Entry, Finding, chosen, finding_of
from cleaner.duplicates.survivors import Policy
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


def decided(store: Store, boxes: Sequence[str], policy: Policy) -> Told:
    """What holds of what was found: open findings are decided best document first, as all others were.

    Those of one document stand together in a box, its best survivor first. Verdicts come without the values of their
    findings: all are held at once, and need not be held twice.
    """
    rows = (json.loads(line) for box in boxes for line in store.read(box, "found").splitlines())
    found: Told = []
    waiting: dict[str, Told] = {}
    for values, box, row, source, *waits in rows:
        verdict = Verdict([], intern(box), row, intern(source), *waits)  # there are as many as pairs found alike
        finding = finding_of(values)
        (waiting.setdefault(finding.id, []) if verdict.open else found).append((verdict, finding))
    gone = {finding.id for _, finding in found if finding.goes} if waiting else set()
    rank = policy.order()
    for key in sorted(waiting, key=lambda key: rank(Entry(*(waiting[key][0][0].open or ())))):
        here = chosen((verdict, finding) for verdict, finding in waiting[key] if finding.instead not in gone)
        found += here
        gone.update(finding.id for _, finding in here if finding.goes)
    return found
