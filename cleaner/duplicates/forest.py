"""Which documents hang together, by pairs of them: union-find over their numbers, 4 or 8 bytes a document.

The root of a group is its smallest number, so the answer depends on the pairs alone, not on their order, nor on how
they are divided. Whoever holds some of them may pass on a forest of theirs instead: a forest of forests is one of all.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from cleaner import compiled
from cleaner.duplicates.ordinals import Numbers, numbered

Pairs = npt.NDArray[np.int64]
"""Numbers of documents, shape (n, 2)."""


def roots(count: int, batches: Iterable[Pairs]) -> Numbers:
    """For each of `count` documents the smallest number in its group; its own where no pair names it.

    Pairs come in batches of any size; with kernels no more than one of them is held.
    """
    if compiled.on():
        from cleaner.duplicates.forest_kernel import flatten, join

        parents = numbered(count)
        for pairs in batches:
            join(parents, pairs)
        flatten(parents)
        return parents
    return roots_plain(count, np.concatenate([np.empty((0, 2), np.int64), *batches]))


def roots_plain(count: int, pairs: Pairs) -> Numbers:
    """The same by numpy: every group takes the smallest label in it, again until all its documents have one."""
    label = numbered(count)
    left, right = pairs[:, 0], pairs[:, 1]
    while (label[left] != label[right]).any():
        least = np.minimum(label[left], label[right])
        for side in (left, right):
            np.minimum.at(label, label[side], least)  # through the label: so that whole groups move
            np.minimum.at(label, side, least)
        label = label[label]
    return label


def forest(batches: Iterable[Pairs]) -> Pairs:
    """As few pairs as give the same groups: each document with the root of its group, by number.

    There is one fewer of them than documents in a group, however many pairs they had.
    """
    pairs = np.concatenate([np.empty((0, 2), np.int64), *batches])
    documents, places = np.unique(pairs, return_inverse=True)
    found = roots(len(documents), [places.reshape(-1, 2)]).astype(np.int64)
    below = np.flatnonzero(found != np.arange(len(documents)))
    return np.stack([documents[found[below]], documents[below]], axis=1)


def sizes(pairs: Pairs) -> tuple[Pairs, Pairs]:
    """The root of each group that pairs make, by number, and how many documents it has."""
    found, counts = np.unique(forest([pairs])[:, 0], return_counts=True)
    return found, counts + 1
