"""Union-find, compiled: `forest.roots`."""

from __future__ import annotations

import numpy as np

from cleaner.compiled import borrower
from cleaner.duplicates.forest import Pairs
from cleaner.duplicates.ordinals import Numbers


@borrower
def root(parents: Numbers, document: np.uint64) -> np.uint64:
    """The root of a document; those on the way to it come to hang nearer."""
    while np.uint64(parents[document]) != document:
        above = np.uint64(parents[document])
        parents[document] = parents[above]
        document = np.uint64(parents[document])
    return document


@borrower
def join(parents: Numbers, pairs: Pairs) -> None:
    """Hang the groups of each pair together, the larger root under the smaller."""
    for at in range(len(pairs)):
        left = root(parents, np.uint64(pairs[at, 0]))
        right = root(parents, np.uint64(pairs[at, 1]))
        if left < right:
            parents[right] = left
        elif right < left:
            parents[left] = right


@borrower
def flatten(parents: Numbers) -> None:
    """Let each document name its root. What is above it has a smaller number, and was done before."""
    for document in range(len(parents)):
        parents[document] = parents[parents[document]]
