"""The task of a portion: bring the texts of documents that may be alike, and decide which of them go.

Its box holds `found`, a row of JSON for each pair found alike: a `Verdict` of pair.py.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import astuple

from cleaner import compiled
from cleaner.compared import Member, texts_of
from cleaner.duplicates.finding import Entry
from cleaner.duplicates.survivors import Policy
from cleaner.engine import Report
from cleaner.pair import Verdict
from cleaner.rows import dumped
from cleaner.store import Store


def compare(store: Store, name: str, paired: str, number: int, policy: Policy) -> Report:
    """Compare the documents of portion `number` of the box `paired`, into the box `name`."""
    if store.has(name):
        return store.report(name)
    import numpy as np

    from cleaner.duplicates.cluster import Law, judge

    members = [Member(*json.loads(line)) for line in store.read(paired, f"documents-{number}").splitlines()]
    pairs = np.frombuffer(store.read(paired, f"pairs-{number}"), "<i8").reshape(-1, 2)
    documents = [Entry(m.id, m.leftovers, m.prose, m.date, m.source) for m in members]
    sizes = np.array([member.tokens for member in members], np.int64)

    def texts(places: Sequence[int]) -> list[str]:
        return texts_of(store, [members[place] for place in places])

    compiled.expect(sum(member.size for member in members))
    codes = frozenset(store.report(paired)["codes"])
    law = Law(codes, policy, documents, range(len(documents)))
    findings = sorted(judge(law, sizes, pairs, texts), key=lambda f: (f.id, f.instead))
    at = {member.id: member for member in members}
    with store.box(name) as box:
        for finding in findings:
            member = at[finding.id]
            box.add("found", dumped(Verdict(list(astuple(finding)), member.box, member.row, member.source)))
    return store.report(name)
