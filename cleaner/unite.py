"""Pairs that tasks found by different bands, united: a task for a stretch of documents, the worse ones of their pairs.

Its box holds, packed into 64 bits as `pair` leaves them, sorted,

    pairs   all pairs of these documents that may be alike, each once
    forest  as few of them as make the same groups: the root above, a document below
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from cleaner import compiled
from cleaner.engine import Report
from cleaner.store import Store

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Keys = npt.NDArray[np.uint64]


def unite(store: Store, name: str, paired: Sequence[str], stretch: int) -> Report:
    """Unite what the boxes `paired` hold of a stretch into the box `name`."""
    if store.has(name):
        return store.report(name)
    import numpy as np

    from cleaner.duplicates.forest import forest

    once = np.concatenate([_stretch(store, box, "once", stretch) for box in paired])
    once.sort()
    again = once[1:][once[1:] == once[:-1]]
    pairs = np.unique(np.concatenate([again, *(_stretch(store, box, "pairs", stretch) for box in paired)]))
    compiled.expect(pairs.nbytes)
    with store.box(name) as box:
        box.add("pairs", pairs.tobytes())
        box.add("forest", packed(forest([unpacked(pairs)])).tobytes())
    return store.report(name)


def _stretch(store: Store, box: str, part: str, stretch: int) -> Keys:
    import numpy as np

    start, end = store.report(box)["begins"][part][stretch : stretch + 2]
    data = store.slice(box, part, 8 * start, 8 * (end - start)) if end > start else b""
    return np.frombuffer(data, "<u8")


def packed(pairs: npt.NDArray[np.int64]) -> Keys:
    """Pairs as numbers of 64 bits, the first above."""
    import numpy as np

    halves = pairs.astype(np.uint64)
    return halves[:, 0] << np.uint64(32) | halves[:, 1]


def unpacked(pairs: Keys) -> Any:
    """The same back: shape (n, 2)."""
    import numpy as np

    return np.stack([pairs >> np.uint64(32), pairs & np.uint64(0xFFFFFFFF)], axis=1).astype(np.int64)
