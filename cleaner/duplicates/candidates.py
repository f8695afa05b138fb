"""Candidate pairs from the rows of many documents. Loose on purpose: every pair is verified from the texts.

Two guarantees. Bands: 42 bands of 3 slots find a pair of Jaccard .5 with probability 1 - (1 - .5^3)^42 = .996, one of
.6 with .99996. Anchors: a short text inside a long one has a small Jaccard j, and their signatures still agree in 128 j
of 128 slots on average; two agreements on values that few documents have make a pair. A text that stands to .8 in one
ten times as long is found with probability .9995, in one twenty times as long with .96. Pairs whose whole signatures
tell that they share too little are left out: those of a band as they are met (`LEAST`), which is the stricter, those of
an anchor by their lengths (likely.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from cleaner.compiled import on
from cleaner.duplicates.bands import BAND, PERMUTATIONS
from cleaner.duplicates.likely import STEPS, agreements, least_agreements, likely
from cleaner.duplicates.met import Met
from cleaner.duplicates.mix import mixed
from cleaner.duplicates.ordinals import Integers, Packed, again, halves, is_wide, packed, rows, width, words
from cleaner.duplicates.signed import Marks, Signed, SignedRows, Words
from cleaner.duplicates.sketch import Rows

CROWD = 64
"""Documents that share a band from which on they are a crowd: pages that are nothing but one site's furniture. Of a
crowd each document is paired with its best `STARS` and its next `STARS` members, never each with each."""
STARS = 8
RARE = 32
"""Documents that may share an anchor; what more of them share is furniture."""
LONGER = (5, 4)
"""Two texts of which the one contains .8 of the other and whose Jaccard is below .5 differ in length by 7 to 5 or more;
repeated passages make a text look longer, hence the margin."""
LEAST = 38
"""Values of 128 in which the signatures of two documents that share a band agree at least, unless one may lie inside
the other: half of it by their estimate. Of pairs of Jaccard .5 one in a million agrees in fewer (binomial), of those of
.2, as short texts with the same furniture are, one in 170 in as many."""
REMEMBERED = 1 << 18
"""Pairs of which it is remembered how often an anchor told of them: 2 MB, most of which stays in the cache."""
GATHERED = 1 << 22
"""Documents up to which a kernel tells who shares what, by a table of a place for each: 16 MB."""
SIFTED = 1 << 14
"""Pairs whose signatures are compared at a time in plain numpy."""
WRITTEN = 1 << 16
"""Pairs that a kernel writes at a time, if one group has no more: 512 KB, for which no memory is cleared each time."""
Keys = npt.NDArray[np.uint64]


class Sought(NamedTuple):
    """Which pairs are candidates: how many values of 128 agree at least, unless `inside` one may lie inside the other.

    Only then anchors are looked at too: by bands alone texts are found that resemble each other.
    """

    least: int
    inside: bool


FOUND = Sought(LEAST, inside=True)
"""All that may be found."""
UNREAD = Sought(79, inside=False)
"""What DUP005 alone asks for, pairs of Jaccard .8: one in a million agrees in fewer values (binomial), one in 10^13
shares no band."""


class Together(NamedTuple):
    """Documents in the order of what they may share, so that those stand together that do.

    Of each key the lowest `bits` are the place of a document, and what stands above is the same for all that share it.
    Where documents are too many for both in 64 bits, `places` has the places, and `bits` is 0. Documents that share
    nothing may be missing.
    """

    keys: Keys
    places: Keys
    bits: int


def candidate_pairs(sketches: Rows, order: Sequence[int] | Integers, sought: Sought = FOUND) -> Integers:
    """Pairs of places in `order` whose documents may be alike, the lower place first, each pair once: shape (n, 2).

    `order` lists the documents to look at by their place in `sketches`, best first: of a crowd the best are paired.
    """
    met = Met(len(order))
    if len(order) > 1:
        meet(SignedRows(sketches), order, met, sought)
    return rows(met.whole())


def meet(signed: Signed, order: Sequence[int] | Integers, met: Met, sought: Sought = FOUND) -> None:
    """The same for documents however they are signed; pairs are noted in `met`, the lower place above."""
    chosen = np.asarray(order, np.int64)
    places = np.flatnonzero(signed.tokens[chosen]).astype(np.uint64)
    documents = chosen[places]
    tokens = signed.tokens[documents].astype(np.int64)
    if len(documents) < 2:
        return
    anchored: list[Packed] = [np.empty(0, met.kind)]
    written = _unwritten(len(documents))
    for first in range(0, PERMUTATIONS, 2 * BAND):
        slots = np.take(signed.slots(first, min(first + 2 * BAND, PERMUTATIONS)), documents, axis=1)
        if sought.inside:
            found = _anchored(slots, signed.marks, documents, tokens, written)
            anchored += (_placed(pairs, places, met) for pairs in found)
        for pairs in _banded(slots, signed.marks, documents, tokens, sought):
            met.add(_placed(pairs, places, met))
    met.add(again(np.concatenate(anchored)))


def met_in(slots: Words, marks: Marks, documents: Integers, tokens: Integers) -> tuple[Packed, Packed]:
    """Pairs that meet in some slots, of each so many as make whole bands; what is left over holds anchors alone.

    `slots` have a value for every place, `documents` the place of its marks. Given are, in order, the pairs that are
    candidates by these slots, and those of which one anchor tells; another may be in other slots.
    """
    met = Met(len(tokens))
    for pairs in _banded(slots, marks, documents, tokens):
        met.add(pairs)
    anchored = np.concatenate([np.empty(0, met.kind), *_anchored(slots, marks, documents, tokens, _unwritten(0))])
    twice = again(anchored)
    met.add(twice)
    return met.whole(), np.setdiff1d(anchored, twice)


def _unwritten(count: int) -> Keys:
    """Room to remember how often a kernel wrote pairs of so many documents: see `pair_rare`."""
    return np.zeros(REMEMBERED if 0 < count <= 1 << 31 else 0, np.uint64)


def _anchored(slots: Words, marks: Marks, documents: Integers, tokens: Integers, written: Keys) -> Iterator[Packed]:
    """Pairs that an anchor of some slots tells of; how often some of them were, `written` remembers."""
    for column in slots:
        together = _together(column[None, :])
        if on():
            yield from _rare_quickly(together, tokens, written, marks, documents)
            continue
        for pairs in _rare(together, tokens):
            yield pairs[likely(tokens, marks, documents, *halves(pairs))]


def _banded(
    slots: Words, marks: Marks, documents: Integers, tokens: Integers, sought: Sought = FOUND
) -> Iterator[Packed]:
    """Pairs that share a band of some slots."""
    for band in _bands(slots):
        yield from (_grouped_quickly if on() else _grouped)(_together(band), marks, documents, tokens, sought)


def meeting(slots: Words, tokens: Integers) -> npt.NDArray[np.bool_]:
    """Which places `met_in` asks the marks of, for these slots."""
    found = np.zeros(slots.shape[1], np.bool_)
    for column in slots:
        together = _together(column[None, :])
        for pairs in _rare_quickly(together, tokens, _unwritten(0)) if on() else _rare(together, tokens):
            for half in halves(pairs):
                found[half] = True
    for band in _bands(slots):
        found[_runs(_together(band))[0].astype(np.int64)] = True
    return found


def crowds(slots: Words, least: int, listed: int) -> list[tuple[int, int]]:
    """How many documents share a band, where they are so many, and the place of the best: of each band the largest."""
    found: set[tuple[int, int]] = set()
    for band in _bands(slots):
        places, first, end = _runs(_sorted(band))
        begins = np.flatnonzero((first == np.arange(len(places))) & (end - first >= least))
        begins = begins[np.argsort(first[begins] - end[begins], kind="stable")[:listed]]
        found.update(zip((end - first)[begins].tolist(), places[begins].tolist(), strict=True))
    return sorted(found, key=lambda crowd: (-crowd[0], crowd[1]))


def _bands(slots: Words) -> Iterator[Words]:
    """The slots of each whole band."""
    for at in range(0, len(slots) - BAND + 1, BAND):
        yield slots[at : at + BAND]


def _placed(pairs: Packed, places: Keys, met: Met) -> Packed:
    """Pairs of documents that have a token as pairs of places among all."""
    left, right = halves(pairs)
    return packed(places[left], places[right], met.kind)


def _together(slots: Words) -> Together:
    """The documents by a hash of their values, so that those with the same ones stand together."""
    count = slots.shape[1]
    if not on() or is_wide(count) or count > GATHERED:
        return _sorted(slots)
    from cleaner.duplicates.together_kernel import FINER, gather

    bits = _bits(count)
    some, keys = np.empty((2, count), np.uint64)
    seen = np.empty(((1 << bits + FINER) // 64 + 1, 2), np.uint64)
    several = gather(slots, bits, seen, np.empty(1 << bits, np.uint32), some, keys)
    return Together(keys[:several], keys[:0], bits)


def _bits(count: int) -> int:
    """How many bits a place among so many has."""
    return max(1, int(count - 1).bit_length())


def _sorted(slots: Words) -> Together:
    """The documents by a hash of their values, in order."""
    count = slots.shape[1]
    bits = _bits(count)
    hashes = slots[0].astype(np.uint64) << np.uint64(32)  # one value needs no hash
    for column in slots[1:]:
        hashes = mixed(hashes ^ column)
    if is_wide(count):
        order = np.argsort(hashes, kind="stable")
        return Together(hashes[order], order.astype(np.uint64), 0)
    keys = hashes >> np.uint64(bits)
    keys <<= np.uint64(bits)
    keys |= np.arange(count, dtype=np.uint64)
    keys.sort()
    return Together(keys, keys[:0], bits)


def _runs(together: Together) -> tuple[Keys, Integers, Integers]:
    """The places of documents, and the first and the last index of the run of equal keys each belongs to."""
    keys, bits = together.keys, np.uint64(together.bits)
    hashes = keys >> bits
    borders = np.flatnonzero(np.concatenate([[len(keys) > 0], hashes[1:] != hashes[:-1], [True]]))
    lengths = np.diff(borders)
    several = np.repeat(lengths > 1, lengths)
    places = (keys & ((np.uint64(1) << bits) - np.uint64(1)) if bits else together.places)[several]
    lengths = lengths[lengths > 1]
    ends = np.cumsum(lengths)
    return places, np.repeat(ends - lengths, lengths), np.repeat(ends, lengths)


def _grouped(
    together: Together, marks: Marks, documents: Integers, tokens: Integers, sought: Sought
) -> Iterator[Packed]:
    """All pairs of each group that resemble each other; of a crowd each with the best ones and with its neighbours."""
    places, first, end = _runs(together)
    kind = width(len(tokens)).pair
    crowded = end - first > CROWD
    at = np.arange(len(places))
    for step in range(1, CROWD):
        left = at[(at + step < end) & (~crowded | (step <= STARS))]
        if not len(left):
            break
        yield _resembling(packed(places[left], places[left + step], kind), marks, documents, tokens, sought)
    for star in range(STARS):
        right = at[crowded & (at > first + star)]
        yield _resembling(packed(places[first[right] + star], places[right], kind), marks, documents, tokens, sought)


def _resembling(pairs: Packed, marks: Marks, documents: Integers, tokens: Integers, sought: Sought) -> Packed:
    """The pairs whose signatures agree enough, each once."""
    pairs = np.unique(pairs)
    kept = [pairs[:0]]
    for start in range(0, len(pairs), SIFTED):
        some = pairs[start : start + SIFTED]
        left, right = halves(some)
        agree = agreements(marks, documents[left], documents[right])
        both, fewer = tokens[left] + tokens[right], np.minimum(tokens[left], tokens[right])
        inside = 2 * agree * both >= (PERMUTATIONS + agree) * fewer
        kept.append(some[(agree >= sought.least) | (inside & sought.inside)])
    return np.concatenate(kept)


def _grouped_quickly(
    together: Together, marks: Marks, documents: Integers, tokens: Integers, sought: Sought
) -> Iterator[Packed]:
    """The same by a kernel."""
    from cleaner.duplicates.candidates_kernel import pair_groups

    def fill(start: int, out: Keys) -> tuple[int, int]:
        return pair_groups(*together, start, CROWD, STARS, marks, documents, tokens, *sought, out)

    yield from _filled(fill, together, width(len(tokens)).pair)


def _filled(fill: Callable[[int, Keys], tuple[int, int]], together: Together, kind: np.dtype[Any]) -> Iterator[Packed]:
    """What a kernel writes, some groups at a time; one that has no room is given twice as much."""
    out: Packed = np.empty(WRITTEN, kind)
    start = 0
    while start < len(together.keys):
        count, end = fill(start, words(out))
        if end == start:
            out = np.empty(2 * len(out), kind)
        elif count:
            yield out[:count].copy()
        start = end


def _rare(together: Together, tokens: Integers) -> Iterator[Packed]:
    """All pairs of documents that share the value of a slot, where few do, and differ in length."""
    places, first, end = _runs(together)
    kind = width(len(tokens)).pair
    rare = end - first <= RARE
    at = np.arange(len(places))
    for step in range(1, RARE):
        left = at[(at + step < end) & rare]
        if not len(left):
            break
        yield _of_different_length(packed(places[left], places[left + step], kind), tokens)


def _rare_quickly(
    together: Together,
    tokens: Integers,
    written: Keys,
    marks: Marks | None = None,
    documents: Integers | None = None,
) -> Iterator[Packed]:
    """The same by a kernel; with marks those that may be alike, as `likely` tells."""
    from cleaner.duplicates.candidates_kernel import pair_rare

    least = np.array(least_agreements() if marks is not None else (), np.int64)
    marks = np.empty((0, 0), np.uint64) if marks is None else marks
    documents = np.empty(0, np.int64) if documents is None else documents

    def fill(start: int, out: Keys) -> tuple[int, int]:
        return pair_rare(*together, start, RARE, tokens, *LONGER, marks, documents, least, STEPS, written, out)

    yield from _filled(fill, together, width(len(tokens)).pair)


def _of_different_length(pairs: Packed, tokens: Integers) -> Packed:
    """The pairs whose lengths leave room for one text inside the other at a Jaccard below one half."""
    left, right = (tokens[half] for half in halves(pairs))
    differ: npt.NDArray[np.bool_] = np.maximum(left, right) * LONGER[1] > np.minimum(left, right) * LONGER[0]
    return pairs[differ]
