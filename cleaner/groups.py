"""How many documents hang together as perhaps alike, told in the summary of a run.

A group is no verdict: what is removed is compared with what survives, text by text. A very large one shows a template
or a notice that many documents share, and is worth a look; it is told with the beginning of its best document.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cleaner.compared import Compared
    from cleaner.duplicates.cluster import Grouped

LARGE = 1_000
"""Documents from which on a group is told by a sample."""
LISTED = 10
SAMPLE = 120
"""Characters of a sample."""


def groups(found: Grouped, compared: Compared) -> dict[str, Any]:
    """Sizes of groups, by the power of two below, with how many groups have one; and the largest of the large ones.

    Nothing where no documents hang together.
    """
    import numpy as np

    from cleaner.duplicates.forest import sizes

    roots, counts = sizes(found.pairs)
    if not len(roots):
        return {}
    by_size = Counter(1 << (int(count).bit_length() - 1) for count in counts.tolist())
    order = np.lexsort((roots, -counts))
    large = [at for at in order[:LISTED].tolist() if counts[at] >= LARGE]
    best = [found.ranked[int(roots[at])] for at in large]
    texts = compared.texts(best)
    return {
        "sizes": {str(size): by_size[size] for size in sorted(by_size)},
        "largest": int(counts.max()),
        "large": [
            {"documents": int(counts[at]), "id": compared.entries[place].id, "sample": " ".join(text.split())[:SAMPLE]}
            for at, place, text in zip(large, best, texts, strict=True)
        ],
    }
