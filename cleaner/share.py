"""The task that looks for sentences which documents share that stay: only when it is known which go.

Its box holds `shared`, a row of JSON for each that is told, and `cut`, one for each that goes: box and row of its
document, its first character, and why.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from cleaner.compared import Compared, Staged
from cleaner.duplicates.finding import finding_of
from cleaner.duplicates.survivors import Policy
from cleaner.engine import Report
from cleaner.pair import Verdict
from cleaner.recurring import given_ids
from cleaner.rows import dumped
from cleaner.store import Box, Store


def share(store: Store, name: str, staged: Staged, found: Sequence[str], policy: Policy) -> Report:
    """Find shared sentences into the box `name`. `found` are the boxes of `pair` and of `compare`."""
    if store.has(name):
        return store.report(name)
    compared = Compared(store, staged, given_ids(store, found[0], len(staged)))
    with store.box(name) as box:
        if len(compared.entries) > 1:
            _look(store, box, compared, found, policy)
    return store.report(name)


def _look(store: Store, box: Box, compared: Compared, found: Sequence[str], policy: Policy) -> None:
    from cleaner.duplicates.sharing import Asked, recurring, related, repeats

    entries = compared.entries
    ids = [entry.id for entry in entries]
    place_of = {key: place for place, key in enumerate(ids)}
    lines = [line for name in found for line in store.read(name, "found").splitlines()]
    findings = [finding_of(Verdict(*json.loads(line)).finding) for line in lines]
    gone = {place_of[finding.id] for finding in findings if finding.goes}
    rank = policy.order()
    rows = recurring(compared.passages)
    ranked = sorted(set(rows["document"].tolist()) - gone, key=lambda n: rank(entries[n]))
    groups = related(len(entries), [(place_of[f.id], place_of[f.instead]) for f in findings])
    frozen = frozenset(place_of[key] for key in policy.frozen if key in place_of)
    sentences = 0
    for told in repeats(rows, Asked(ranked, groups, compared.texts, policy.sentences == "first", frozen)):
        if told.goes:
            staged, row, _ = compared.place(told.document)
            box.add("cut", dumped([staged, row, told.start, f"the same sentence stands in {ids[told.first]}"]))
        if told.listed:
            box.add("shared", dumped(told.row(ids)))
        sentences += told.listed and not told.goes
    box.report = {"sentences": sentences}
