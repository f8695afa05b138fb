"""Where two sequences differ: an alignment whose time stays nearly linear on long ones."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence

Hunk = tuple[int, int, int, int]
"""`left[a:b]` stands where `right[c:d]` does; one of the two may be empty."""

RUN = 6
"""Words of a run that fixes a place: it stands once in either text."""
WHOLE = 4_000
"""Words up to which two texts are aligned whole; longer ones are first cut at runs that both have once."""
MOST = 16_000_000
"""Product of the lengths up to which a stretch without such a run is aligned; a larger one is a single difference."""


def hunks(left: Sequence[str], right: Sequence[str]) -> list[Hunk]:
    """The differences of two sequences in order, neighbouring ones joined."""
    if left == right:
        return []
    found: list[list[int]] = []
    for a, b, c, d in _differences(left, right):
        if found and found[-1][1] == a and found[-1][3] == c:
            found[-1][1], found[-1][3] = b, d
        else:
            found.append([a, b, c, d])
    return [(a, b, c, d) for a, b, c, d in found]


def _differences(left: Sequence[str], right: Sequence[str]) -> Iterator[Hunk]:
    if max(len(left), len(right)) <= WHOLE:
        yield from _aligned(left, right, 0, 0)
        return
    at, to = 0, 0
    for a, c in (*_anchors(left, right), (len(left), len(right))):
        yield from _aligned(left[at:a], right[to:c], at, to)
        at, to = a, c


def _aligned(left: Sequence[str], right: Sequence[str], at: int, to: int) -> Iterator[Hunk]:
    """Differences of two stretches that begin at `at` and `to`."""
    from rapidfuzz.distance import Indel

    if left == right:
        return
    if not left or not right or len(left) * len(right) > MOST:
        yield at, at + len(left), to, to + len(right)
        return
    for op in Indel.opcodes(left, right):
        if op.tag != "equal":
            yield at + op.src_start, at + op.src_end, to + op.dest_start, to + op.dest_end


def _anchors(left: Sequence[str], right: Sequence[str]) -> list[tuple[int, int]]:
    """Places of runs that both sequences have once, the longest series that keeps its order (patience sorting)."""
    here, there = _single_runs(left), _single_runs(right)
    places = sorted((here[run], there[run]) for run in here.keys() & there.keys())
    tails: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for n, (_, c) in enumerate(places):
        rank = bisect_left(tails, c)
        before.append(ends[rank - 1] if rank else -1)
        tails[rank : rank + 1] = [c]
        ends[rank : rank + 1] = [n]
    series: list[tuple[int, int]] = []
    n = ends[-1] if ends else -1
    while n >= 0:
        series.append(places[n])
        n = before[n]
    return series[::-1]


def _single_runs(sequence: Sequence[str]) -> dict[tuple[str, ...], int]:
    runs = list(zip(*(sequence[n:] for n in range(RUN)), strict=False))
    counts = Counter(runs)
    return {run: at for at, run in enumerate(runs) if counts[run] == 1}
