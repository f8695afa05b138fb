"""Pairs that tasks found by different bands, united: a task for a stretch of documents, the worse ones of their pairs.

Its box holds, packed as `pair` leaves them, sorted,

    pairs   all pairs of these documents that may be alike, each once
    forest  as few of them as make the same groups: the root above, a document below
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from cleaner import compiled
from cleaner.engine import Report
from cleaner.order import width_in
from cleaner.store import Store

if TYPE_CHECKING:
    from cleaner.duplicates.ordinals import Packed


def unite(store: Store, name: str, ordered: str, paired: Sequence[str], stretch: int) -> Report:
    """Unite what the boxes `paired` hold of a stretch into the box `name`."""
    if store.has(name):
        return store.report(name)
    import numpy as np

    from cleaner.duplicates.forest import forest
    from cleaner.duplicates.ordinals import again, once, packed, rows

    kind = width_in(store, ordered).pair

    def found(part: str) -> Iterator[Packed]:
        for box in paired:
            start, end = (kind.itemsize * at for at in store.report(box)["begins"][part][stretch : stretch + 2])
            yield np.frombuffer(store.slice(box, part, start, end - start) if end > start else b"", kind)

    twice = again(np.concatenate(list(found("once"))))
    pairs = once(np.concatenate([twice, *found("pairs")]))
    compiled.expect(pairs.nbytes)
    roots, below = forest([rows(pairs)]).T
    with store.box(name) as box:
        box.add("pairs", pairs.tobytes())
        box.add("forest", packed(roots, below, kind).tobytes())
    return store.report(name)
