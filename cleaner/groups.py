"""How many documents hang together as perhaps alike, told in the summary of a run; and what very many of them share.

A group is no verdict: what is removed is compared with what survives, text by text. A very large one shows a template
or a notice that many documents share, and is worth a look; it is told with the beginning of its best document. Where
very many documents share one band of their signatures, a passage is the same in all of them: that is told too, and of
such a crowd each document is compared with few others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cleaner.compared import Compared
    from cleaner.duplicates.ordinals import Numbers

LARGE = 1_000
"""Documents from which on a group is told by a sample."""
LISTED = 10
SAMPLE = 120
"""Characters of a sample."""


def told(roots: Numbers, ranked: Numbers, crowds: Iterable[tuple[int, int]], compared: Compared) -> dict[str, Any]:
    """Sizes of groups, by the power of two below, with how many groups have one; the largest of the large ones; crowds.

    `roots` are by place the best documents of the groups; `crowds` those that share a band, as how many and the place
    of the best. Nothing where no documents hang together.
    """
    import numpy as np

    beside = roots[roots != np.arange(len(roots))]
    best, counts = np.unique(beside, return_counts=True)
    if not len(best):
        return {}
    counts += 1
    by_size = Counter(1 << (int(count).bit_length() - 1) for count in counts.tolist())
    order = np.lexsort((best, -counts))[:LISTED]
    large = [(int(counts[at]), int(best[at])) for at in order.tolist() if counts[at] >= LARGE]
    most: dict[int, tuple[int, int]] = {}  # of a group the largest crowd: its other bands show much the same
    for count, place in crowds:
        root = int(roots[place])
        most[root] = min((-count, place), most.get(root, (0, 0)))
    crowded = [(-count, place) for count, place in sorted(most.values())[:LISTED]]
    return {
        "sizes": {str(size): by_size[size] for size in sorted(by_size)},
        "largest": int(counts.max()),
        "large": _samples(large, ranked, compared),
        **({"crowded": _samples(crowded, ranked, compared)} if crowded else {}),
    }


def _samples(found: list[tuple[int, int]], ranked: Numbers, compared: Compared) -> list[dict[str, Any]]:
    """Numbers of documents, each with the id and the beginning of the best of them."""
    from cleaner.compared import texts_of

    members = compared.members([int(ranked[place]) for _, place in found])
    texts = texts_of(compared.store, members)
    return [
        {"documents": count, "id": member.id, "sample": " ".join(text.split())[:SAMPLE]}
        for (count, _), member, text in zip(found, members, texts, strict=True)
    ]
