"""What only the whole corpus can tell, and few texts: ids that occur again, notices, exact copies, who may be alike.

One task reads what the shards left; what may be alike is divided into portions of whole groups, so that any number of
workers can compare them (compare.py). The box that it fills holds

    renamed       a JSON object for each shard that has any: its number, and row -> new id
    sources       a JSON object: how many documents of each source take part
    found         a row of JSON for each exact copy and each notice: `Verdict`
    documents-N   a row of JSON for each document of portion N, best first: `Member`
    pairs-N       pairs of these by their place among them, the better one first: two 64-bit numbers each
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import astuple
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple
from zlib import crc32

from cleaner.compared import Compared, Staged
from cleaner.duplicates.survivors import Policy
from cleaner.engine import Report
from cleaner.groups import groups
from cleaner.recurring import recurring
from cleaner.rows import dumped
from cleaner.store import Box, Store

if TYPE_CHECKING:
    from cleaner.duplicates.cluster import Grouped

PORTION = 50_000
"""Tokens of the documents of a portion, about: a second or so of comparing them word by word."""


class Verdict(NamedTuple):
    """A finding of `cluster` as values, and where the document lies that it is about."""

    finding: list[Any]
    box: str
    row: int
    source: str


def pair(store: Store, name: str, staged: Staged, policy: Policy) -> Report:
    """Find who may be alike into the box `name`. The report counts the new ids, and the portions by their digests."""
    if store.has(name):
        return store.report(name)
    with store.box(name) as box:
        given = recurring(store, [staging for staging, _ in staged])
        for number, ids in enumerate(given):
            if ids:
                box.add("renamed", dumped({"shard": number, "ids": ids}))
        compared = Compared(store, staged, given)
        box.add("sources", json.dumps(Counter(entry.source for entry in compared.entries), sort_keys=True).encode())
        codes = sorted({code for staging, _ in staged for code in store.report(staging)["codes"]})
        box.report = {"renamed": sum(map(len, given)), "codes": codes, "portions": 0, "groups": {}}
        if len(compared.entries) > 1:
            from cleaner.duplicates.cluster import group

            found = group(compared.entries, compared.sketches(), compared.texts, frozenset(codes), policy)
            place_of = {entry.id: at for at, entry in enumerate(compared.entries)}
            for finding in found.findings:
                at = place_of[finding.id]
                box.add("found", dumped(Verdict(list(astuple(finding)), *compared.place(at))))
            box.report["portions"] = _divide(box, compared, found)
            box.report["groups"] = groups(found, compared)
    return store.report(name)


def _divide(box: Box, compared: Compared, found: Grouped) -> int:
    """Write the portions; returns how many there are."""
    import numpy as np

    number = 0
    for number, (start, end) in enumerate(_portions(compared, found), 1):
        pairs = found.pairs[start:end]
        documents = np.unique(pairs)
        for place in documents.tolist():
            member = compared.member(found.ranked[place], int(found.sizes[place]))
            box.add(f"documents-{number - 1}", dumped(member))
        box.add(f"pairs-{number - 1}", np.searchsorted(documents, pairs).astype("<i8").tobytes())
    return number


def _portions(compared: Compared, found: Grouped) -> Iterator[tuple[int, int]]:
    """Where to cut the pairs: between groups, where the name of a document says so, about every PORTION of tokens.

    So another group more or less changes the portions nearby only, and the others need not be compared again.
    """
    borders = found.borders.tolist()
    start = held = 0
    for begin, end in pairwise(borders):
        members = {place for pair in found.pairs[begin:end].tolist() for place in pair}
        weight = sum(int(found.sizes[place]) for place in members)
        held += weight
        first = compared.entries[found.ranked[min(members)]].id
        may_end = crc32(first.encode("utf-8", "surrogatepass")) * PORTION < weight << 33  # once in half a portion
        if held >= 2 * PORTION or (held >= PORTION // 2 and may_end):
            yield start, end
            start, held = end, 0
    if start < len(found.pairs):
        yield start, len(found.pairs)
