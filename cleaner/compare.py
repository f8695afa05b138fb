"""The task of a portion: bring the texts of documents that may be alike, and decide which of them go.

Its box holds a `Verdict` for each pair found alike, as `note` writes it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from cleaner import compiled
from cleaner.compared import Member, texts_of
from cleaner.duplicates.finding import values_of
from cleaner.duplicates.survivors import Policy
from cleaner.engine import Report
from cleaner.portions import Portion
from cleaner.rows import loaded
from cleaner.store import Store
from cleaner.verdict import Verdict, note


def compare(store: Store, name: str, paired: str, portion: Portion, codes: Sequence[str], policy: Policy) -> Report:
    """Compare the documents of a portion of the box `paired` by the rules `codes`, into the box `name`."""
    if store.has(name):
        return store.report(name)
    import numpy as np

    from cleaner.duplicates.cluster import Law, judge

    described = store.slice(paired, "documents", *portion.documents).splitlines()
    members = [Member(*values) for values in loaded(described)]
    pairs = np.frombuffer(store.slice(paired, "pairs", *portion.pairs), "<i8").reshape(-1, 2)
    sizes = np.array([member.tokens for member in members], np.int64)
    elsewhere = [place for place, member in enumerate(members) if member.elsewhere]

    def texts(places: Sequence[int]) -> list[str]:
        return texts_of(store, [members[place] for place in places])

    compiled.expect(sum(member.size for member in members))
    policy = replace(policy, frozen=frozenset(member.id for member in members if member.frozen))
    law = Law(frozenset(codes), policy, [member.attributes() for member in members], range(len(members)))
    at = {member.id: member for member in members}
    with store.box(name) as box:
        for finding, sure in judge(law, sizes, pairs, texts, elsewhere):
            member = at[finding.id]
            waits = None if sure else values_of(member.attributes())
            note(box, Verdict(finding, member.box, member.row, member.source, waits))
    return store.report(name)
