"""Pairs that may be alike are cut into portions, the work of a task each: between groups, or inside large ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple
from zlib import crc32

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Integers = npt.NDArray[np.int64]

PORTION = 50_000
"""Tokens of the documents of a portion, about: a second or so of comparing them word by word."""
PAIRS = 5_000
"""Pairs of a portion, about, where documents are short and meet many others."""


class Portion(NamedTuple):
    """Where the documents and the pairs of a portion lie, in bytes, and the digest of both."""

    documents: tuple[int, int]
    pairs: tuple[int, int]
    digest: str


def portions(
    pairs: Integers, borders: Integers, sizes: npt.NDArray[np.uint32], ids: Mapping[int, str]
) -> Iterator[tuple[int, int]]:
    """Where to cut pairs, about every PORTION of tokens: between groups, where the name of a document says so.

    So another group more or less changes the portions nearby only, and the others need not be compared again. A group
    that is larger than some portions is cut inside. `sizes` are the tokens of each document, by its place, as are the
    `ids`; `borders` say where groups begin, and each begins with its best document.
    """
    weights = _weights(pairs, sizes)
    start = held = 0
    for begin, end in pairwise(borders.tolist()):
        weight = int(weights[end] - weights[begin])
        held += weight
        first = ids[int(pairs[begin, 0])]
        may_end = crc32(first.encode("utf-8", "surrogatepass")) * PORTION < weight << 33  # once in half a portion
        if held >= 2 * PORTION or (held >= PORTION // 2 and may_end):
            yield from _inside(pairs, weights, start, end)
            start, held = end, 0
    if start < len(pairs):
        yield from _inside(pairs, weights, start, len(pairs))


def _weights(pairs: Integers, sizes: npt.NDArray[np.uint32]) -> Integers:
    """The tokens of the documents that stand in the first pairs, each counted where it comes first."""
    import numpy as np

    places, first = np.unique(pairs, return_index=True)
    weights = np.zeros(len(pairs) + 1, np.int64)
    np.add.at(weights, first // 2 + 1, sizes[places])
    return np.cumsum(weights)


def _inside(pairs: Integers, weights: Integers, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Cut a stretch of pairs that is too heavy, or too long, between documents."""
    import numpy as np

    parts = max(int(weights[end] - weights[start]) // (2 * PORTION), (end - start) // PAIRS)
    if parts > 1:
        right = pairs[start:end, 1]
        begins = np.flatnonzero(right[1:] != right[:-1]) + start + 1
        load = weights[begins] - weights[start] + (begins - start) * (2 * PORTION // PAIRS)
        total = int(weights[end] - weights[start]) + (end - start) * (2 * PORTION // PAIRS)
        cuts = np.searchsorted(load, [total * part // parts for part in range(1, parts)])
        for cut in np.unique(begins[np.minimum(cuts, len(begins) - 1)]).tolist() if len(begins) else ():
            yield start, cut
            start = cut
    yield start, end
