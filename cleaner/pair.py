"""What only the whole corpus can tell, and few texts: ids that occur again, notices, exact copies, who may be alike.

One task reads what the shards left; what may be alike is divided into portions, so that any number of workers can
compare them (compare.py). A portion holds whole groups where these are small; a large one is cut between documents, and
what hangs on a document of another portion is decided when all are compared (settle.py). The box that it fills holds

    renamed    a JSON object for each shard that has any: its number, and row -> new id
    sources    a JSON object: how many documents of each source take part
    found      a row of JSON for each exact copy and each notice: `Verdict`
    documents  of each portion a row of JSON for each document, best first: `Member`
    pairs      of each portion the pairs of these by their place among them, the better one first: two 64-bit
               numbers each
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple
from zlib import crc32

from cleaner.compared import Compared, Staged
from cleaner.corpus import digest
from cleaner.duplicates.finding import values_of
from cleaner.duplicates.survivors import Policy
from cleaner.engine import Report
from cleaner.groups import groups
from cleaner.recurring import recurring
from cleaner.rows import dumped
from cleaner.store import Box, Store

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from cleaner.duplicates.cluster import Grouped

    Integers = npt.NDArray[np.int64]

PORTION = 50_000
"""Tokens of the documents of a portion, about: a second or so of comparing them word by word."""


PAIRS = 5_000
"""Pairs of a portion, about, where documents are short and meet many others."""


class Verdict(NamedTuple):
    """A finding of `cluster` as values, and where the document lies that it is about.

    One that is `open` holds only where the survivor stays, about which another portion decides.
    """

    finding: list[Any]
    box: str
    row: int
    source: str
    open: list[Any] | None = None
    """What decides which copy stays, as values: it says when the finding comes to be decided."""


class Portion(NamedTuple):
    """Where the documents and the pairs of a portion lie, in bytes, and the digest of both."""

    documents: tuple[int, int]
    pairs: tuple[int, int]
    digest: str


def pair(store: Store, name: str, staged: Staged, policy: Policy) -> Report:
    """Find who may be alike into the box `name`. The report counts the new ids, and lists the portions."""
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
        box.report = {"renamed": sum(map(len, given)), "codes": codes, "portions": [], "groups": {}}
        if len(compared.entries) > 1:
            from cleaner.duplicates.cluster import group

            found = group(compared.entries, compared.sketches(), compared.texts, frozenset(codes), policy)
            place_of = {entry.id: at for at, entry in enumerate(compared.entries)}
            for finding in found.findings:
                at = place_of[finding.id]
                box.add("found", dumped(Verdict(values_of(finding), *compared.place(at))))
            box.report["portions"] = _divide(box, compared, found, policy)
            box.report["groups"] = groups(found, compared)
    return store.report(name)


def _divide(box: Box, compared: Compared, found: Grouped, policy: Policy) -> list[Portion]:
    """Write the portions; returns where they lie."""
    import numpy as np

    cuts = list(_portions(compared, found))
    decided_in = np.full(len(found.sizes), -1, np.int64)
    for number, (start, end) in enumerate(cuts):
        decided_in[found.pairs[start:end, 1]] = number
    portions: list[Portion] = []
    documents_at = pairs_at = 0
    for number, (start, end) in enumerate(cuts):
        pairs = found.pairs[start:end]
        places = np.unique(pairs)
        elsewhere = (decided_in[places] != number) & (decided_in[places] >= 0)
        rows = b"".join(
            dumped(compared.member(found.ranked[place], int(found.sizes[place]), policy, elsewhere=other))
            for place, other in zip(places.tolist(), elsewhere.tolist(), strict=True)
        )
        numbers = np.searchsorted(places, pairs).astype("<i8").tobytes()
        box.add("documents", rows)
        box.add("pairs", numbers)
        portions.append(Portion((documents_at, len(rows)), (pairs_at, len(numbers)), digest(rows + numbers)))
        documents_at, pairs_at = documents_at + len(rows), pairs_at + len(numbers)
    return portions


def _portions(compared: Compared, found: Grouped) -> Iterator[tuple[int, int]]:
    """Where to cut the pairs, about every PORTION of tokens: between groups, where the name of a document says so.

    So another group more or less changes the portions nearby only, and the others need not be compared again. A group
    that is larger than some portions is cut inside.
    """
    weights = _weights(found)
    start = held = 0
    for begin, end in pairwise(found.borders.tolist()):
        weight = int(weights[end] - weights[begin])
        held += weight
        first = compared.entries[found.ranked[int(found.pairs[begin, 0])]].id
        may_end = crc32(first.encode("utf-8", "surrogatepass")) * PORTION < weight << 33  # once in half a portion
        if held >= 2 * PORTION or (held >= PORTION // 2 and may_end):
            yield from _inside(found, weights, start, end)
            start, held = end, 0
    if start < len(found.pairs):
        yield from _inside(found, weights, start, len(found.pairs))


def _weights(found: Grouped) -> Integers:
    """The tokens of the documents that stand in the first pairs, each counted where it comes first."""
    import numpy as np

    places, first = np.unique(found.pairs, return_index=True)
    weights = np.zeros(len(found.pairs) + 1, np.int64)
    np.add.at(weights, first // 2 + 1, found.sizes[places])
    return np.cumsum(weights)


def _inside(found: Grouped, weights: Integers, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Cut a stretch of pairs that is too heavy, or too long, between documents."""
    import numpy as np

    parts = max(int(weights[end] - weights[start]) // (2 * PORTION), (end - start) // PAIRS)
    if parts > 1:
        right = found.pairs[start:end, 1]
        begins = np.flatnonzero(right[1:] != right[:-1]) + start + 1
        load = weights[begins] - weights[start] + (begins - start) * (2 * PORTION // PAIRS)
        total = int(weights[end] - weights[start]) + (end - start) * (2 * PORTION // PAIRS)
        cuts = np.searchsorted(load, [total * part // parts for part in range(1, parts)])
        for cut in np.unique(begins[np.minimum(cuts, len(begins) - 1)]).tolist() if len(begins) else ():
            yield start, cut
            start = cut
    yield start, end
