"""How much two texts share, exactly: integers, for many pairs at once.

The plain path compares the shingles themselves. The compiled one compares their 64-bit hashes: that two of a thousand
shingles share one by accident happens once in 10^13 pairs of texts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from cleaner.compiled import usable
from cleaner.duplicates.sketch import COMPILED, SIZE, slices
from cleaner.segment import shingles, tokens

if TYPE_CHECKING:
    from cleaner.duplicates.kernel import Batch

Integers = npt.NDArray[np.int64]


def measure(texts: Sequence[str] | Batch, pairs: Integers) -> Integers:
    """For pairs of places in `texts`: shingles of both, of the one, of the other; shape (n, 3).

    Quickest when pairs with the same left text stand together.
    """
    if not isinstance(texts, Sequence):
        return measured([texts], pairs)
    if sum(map(len, texts)) < COMPILED or not usable():
        sets = [shingles(tokens(text), SIZE) for text in texts]
        counts = [(len(sets[left] & sets[right]), len(sets[left]), len(sets[right])) for left, right in pairs.tolist()]
        return np.array(counts, np.int64).reshape(-1, 3)
    from cleaner.duplicates.kernel import Batch

    return measured((Batch(texts[start:end]) for start, end in slices(texts)), pairs)


def measured(batches: Iterable[Batch], pairs: Integers) -> Integers:
    """The same for texts that are cut into tokens already."""
    from cleaner.duplicates import kernel

    values, begins = [], [np.zeros(1, np.int64)]
    for batch in batches:
        found, borders = kernel.distinct(batch.hashes, batch.starts, SIZE)
        values.append(found)
        begins.append(borders[1:] + begins[-1][-1])
    out = np.empty((len(pairs), 3), np.int64)
    kernel.shared(np.concatenate(values), np.concatenate(begins), np.ascontiguousarray(pairs, np.int64), out)
    return out
