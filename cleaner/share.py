"""Which sentences documents may share that stay, when it is known which go: divided, for any number of workers.

The box holds, of each portion (quote.py), `documents`, a row of JSON for each: `Member`; `sentences`, a row of fixed
width for each; and `pairs` of these by their number, the earlier one first: two 64-bit numbers each.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from cleaner.compared import Compared, Staged
from cleaner.corpus import digest
from cleaner.duplicates.survivors import Policy
from cleaner.engine import Report
from cleaner.order import numbers_in
from cleaner.recurring import given_ids
from cleaner.rows import dumped
from cleaner.store import Box, Store
from cleaner.verdict import decided

if TYPE_CHECKING:
    import numpy.typing as npt

PORTION = 20_000
"""Pairs of sentences of a portion: about a second of comparing them."""
AT_ONCE = 10
"""Portions whose documents are looked up together: each time all shards are read that have any."""


class Quoted(NamedTuple):
    """Where the documents, the sentences and the pairs of a portion lie, in bytes, and the digest of all."""

    documents: tuple[int, int]
    sentences: tuple[int, int]
    pairs: tuple[int, int]
    digest: str


def share(store: Store, name: str, staged: Staged, recurred: str, found: Sequence[str], policy: Policy) -> Report:
    """Find who may share sentences into the box `name`, of those in the box `recurred`. The report lists the portions.

    `found` are the boxes of `order`, `join` and `compare`.
    """
    if store.has(name):
        return store.report(name)
    compared = Compared(store, staged, given_ids(store, found[0], len(staged)))
    with store.box(name) as box:
        box.report = {"portions": list(_look(store, box, compared, recurred, found, policy))}
    return store.report(name)


def _look(
    store: Store, box: Box, compared: Compared, recurred: str, found: Sequence[str], policy: Policy
) -> Iterator[Quoted]:
    if len(compared) < 2:
        return
    import numpy as np

    from cleaner.duplicates.cluster import by_component
    from cleaner.duplicates.sharing import related, sought

    told = (verdict.finding for verdict, _ in decided(store, found, policy))
    findings = [(finding.id, finding.instead, finding.goes) for finding in told]
    asked = {key for one, other, _ in findings for key in (one, other)}
    number_of = {key: n for n, key in enumerate(compared.ids()) if key in asked} if asked else {}
    gone = {number_of[key] for key, _, goes in findings if goes}
    alike = [(number_of[key], number_of[instead]) for key, instead, _ in findings]
    rows = np.frombuffer(store.read(recurred, "rows"), compared.passage)
    ranks = numbers_in(store, found[0], "ranks")
    ranked = sorted(set(rows["document"].tolist()) - gone, key=ranks.__getitem__)
    rows, pairs = sought(rows, ranked, related(len(compared), alike))
    pairs, borders = by_component(pairs)
    at = [0, 0, 0]
    for parts in _written(compared, rows, pairs, list(_portions(borders.tolist()))):
        for part, data in zip(("documents", "sentences", "pairs"), parts, strict=True):
            box.add(part, data)
        documents, sentences, numbers = [(start, len(data)) for start, data in zip(at, parts, strict=True)]
        yield Quoted(documents, sentences, numbers, digest(b"".join(parts)))
        at = [start + len(data) for start, data in zip(at, parts, strict=True)]


def _portions(borders: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Whole groups of sentences, some together."""
    start = 0
    for border in borders[1:]:
        if border - start >= PORTION:
            yield start, border
            start = border
    if start < borders[-1]:
        yield start, borders[-1]


def _written(
    compared: Compared, rows: Any, pairs: npt.NDArray[Any], spans: Sequence[tuple[int, int]]
) -> Iterator[tuple[bytes, bytes, bytes]]:
    """The documents, the sentences and the pairs of each portion, by their places in it."""
    import numpy as np

    for at in range(0, len(spans), AT_ONCE):
        some = spans[at : at + AT_ONCE]
        documents = np.unique(rows["document"][pairs[some[0][0] : some[-1][1]]]).tolist()
        described = dict(zip(documents, map(dumped, compared.members(documents)), strict=True))
        for start, end in some:
            yield _portion(described, rows, pairs[start:end])


def _portion(described: Mapping[int, bytes], rows: Any, pairs: npt.NDArray[Any]) -> tuple[bytes, bytes, bytes]:
    """The same of one portion; of each document the row is given."""
    import numpy as np

    from cleaner.duplicates.passages import ROW

    numbers = np.unique(pairs)
    places, local = np.unique(rows["document"][numbers], return_inverse=True)
    sentences = rows[numbers].astype(ROW)
    sentences["document"] = local
    ordered = np.searchsorted(numbers, pairs[np.lexsort((pairs[:, 0], pairs[:, 1]))])
    return b"".join(map(described.__getitem__, places.tolist())), sentences.tobytes(), ordered.astype("<i8").tobytes()
