"""Sentences that several documents share: quotations, agency copy, what a site repeats.

They are found by their rows and verified from the texts. Only documents that stay are looked at, or a sentence could go
for the sake of a document that goes itself. They are walked in the order in which survivors are chosen; the first one
that has a sentence keeps it. Documents that were found to be copies or versions of one another share their sentences by
nature: between those nothing is told and nothing goes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from json.encoder import encode_basestring as quoted  # the C function where there is one
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from cleaner.compiled import on
from cleaner.duplicates.finding import TextsOf
from cleaner.duplicates.passages import BANDS, ROW, RUN, Hashes, Rows
from cleaner.duplicates.verify import compare, overlap
from cleaner.duplicates.wording import Text
from cleaner.segment import compared, shingles, tokens

ALIKE = (3, 5)
"""Jaccard of the runs of three tokens from which two sentences are nearly equal: one word of fourteen is another. All
of 14 pairs that were drawn from .6 to .95 in 2,542 news texts were one sentence, scraped or worded otherwise."""
LISTED = 20
"""Documents that are listed for one sentence; how many there are is told with each."""
HELD = 1 << 28
"""Bytes of rows whose hashes are held at a time, about."""
TOGETHER = 2_000
"""Repeats whose texts are brought at a time."""

Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Repeat:
    """A sentence, `own`, of a document, that an earlier one has as `text`. Documents are places among the entries.

    `start` is its first character. `documents` is how many share it; it `goes` where that is asked for and nothing is
    lost; what is not `listed` is one of very many.
    """

    document: int
    start: int
    first: int
    text: str
    own: str
    shared: int
    united: int
    contained: int
    documents: int = 0
    goes: bool = False
    listed: bool = True

    def row(self, ids: Sequence[str]) -> bytes:
        """The repeat as a line of JSON, under the ids of the documents: there may be millions."""
        text, own = quoted(self.text), "" if self.own == self.text else quoted(self.own)
        removed = '"removed": true, ' if self.goes else ""
        return (
            f'{{"id": {quoted(ids[self.document])}, "instead": {quoted(ids[self.first])}, "relation": "sentence", '
            f'{removed}"text": {text}, "documents": {self.documents}, '
            f'"jaccard": {round(self.shared / self.united, 4)}, '
            f'"containment": {round(self.shared / self.contained, 4)}, '
            f'"shingles": [{self.shared}, {self.united}, {self.contained}], '
            f'"hunks": [{f"[{own}, {text}]" if own else ""}]}}\n'
        ).encode()


def related(count: int, pairs: Sequence[tuple[int, int]]) -> Integers:
    """For each of `count` documents the least one that it hangs together with by these pairs."""
    least = list(range(count))

    def root(place: int) -> int:
        while least[place] != place:
            least[place] = least[least[place]]
            place = least[place]
        return place

    for one, other in pairs:
        low, high = sorted((root(one), root(other)))
        least[high] = low
    return np.array([root(place) for place in range(count)], np.int64)


@dataclass(frozen=True, slots=True)
class Asked:
    """What brings the texts of documents, and what may go.

    Sentences go only where `remove` says so. Of `frozen` documents nothing is told and nothing goes.
    """

    texts_of: TextsOf
    remove: bool = False
    frozen: frozenset[int] = frozenset()


def recurring(shards: Callable[[], Iterator[Rows]], held: int = HELD) -> Rows:
    """The sentences of many shards that share a hash or a key with one of another document: a twentieth of all.

    The shards are read several times, a share of the hashes each time, rather than held all at once: `held` bytes of
    rows, about.
    """
    borders = np.cumsum([0, *(len(rows) for rows in shards())])
    marked = np.zeros(borders[-1], np.bool_)
    shares = 1 + len(marked) * ROW.itemsize // held
    for share in range(shares):
        columns: list[list[tuple[Hashes, npt.NDArray[np.uint32], Integers]]] = [[] for _ in range(BANDS + 1)]
        for rows, before in zip(shards(), borders, strict=False):
            for column, keys in zip(columns, _columns(rows), strict=True):
                chosen = np.flatnonzero(keys % np.uint64(shares) == np.uint64(share)) if shares > 1 else slice(None)
                column.append((keys[chosen], rows["document"][chosen], np.arange(before, before + len(rows))[chosen]))
        for column in columns:
            keys, documents, places = map(np.concatenate, zip(*column, strict=True))
            marked[places[_of_several(keys, documents)]] = True
    return np.concatenate(
        [rows[marked[start : start + len(rows)]] for rows, start in zip(shards(), borders, strict=False)]
    )


def _columns(rows: Rows) -> list[Hashes]:
    return [rows["exact"], *(rows["keys"][:, band] for band in range(BANDS))]


def _of_several(keys: Hashes, documents: npt.NDArray[np.uint32]) -> Integers:
    """Where the keys are that more than one document has."""
    places = _perhaps_again(keys)
    places = places[np.argsort(keys[places], kind="stable")]
    keys, documents = keys[places], documents[places]
    begins = np.flatnonzero(np.concatenate([np.ones(min(1, len(keys)), np.bool_), keys[1:] != keys[:-1]]))
    if not len(begins):
        return places
    several = np.minimum.reduceat(documents, begins) != np.maximum.reduceat(documents, begins)
    found: Integers = places[np.repeat(several, np.diff(begins, append=len(keys)))]
    return found


def _perhaps_again(keys: Hashes) -> Integers:
    """Where all keys are that occur more than once, and a few others.

    The upper bits of a key and its place are one number, and such numbers sort faster than keys beside their places.
    """
    low = np.uint64(max(1, len(keys).bit_length()))
    ordered = (keys >> low << low) | np.arange(len(keys), dtype=np.uint64)
    ordered.sort()
    upper = ordered >> low
    again = np.zeros(len(keys), np.bool_)
    again[1:] = upper[1:] == upper[:-1]
    again[:-1] |= again[1:]
    return (ordered[again] & ((np.uint64(1) << low) - np.uint64(1))).astype(np.int64)


def sought(rows: Rows, ranked: Sequence[int], groups: Integers) -> tuple[Rows, Integers]:
    """The sentences of the `ranked` documents in order, and pairs of these that may be one: see `_pairs`.

    `rows` name documents by their place among all; those that are not ranked are passed over. Of documents of one of
    the `groups` nothing is asked.
    """
    rows = _in_order(rows, ranked, len(groups))
    return rows, _pairs(rows, groups)


def repeats(rows: Rows, pairs: Integers, asked: Asked) -> Iterator[Repeat]:
    """The sentences that documents share with one before them, of pairs of sentences by their numbers in `rows`."""
    walk = _Walk(rows, asked)
    for start in range(0, len(pairs), TOGETHER):
        walk.go_on(pairs[start : start + TOGETHER])
    yield from walk.told()


def _in_order(rows: Rows, ranked: Sequence[int], count: int) -> Rows:
    """The sentences of the documents asked about: best document first, each from its beginning."""
    rank = np.full(count, -1, np.int64)
    rank[np.asarray(ranked, np.int64)] = np.arange(len(ranked))
    rows = rows[rank[rows["document"]] >= 0]
    return rows[np.lexsort((rows["start"], rank[rows["document"]]))]


def _pairs(rows: Rows, groups: Integers) -> Integers:
    """For each sentence the earlier ones that may be it, by their numbers in `rows`; shape (n, 2), in order.

    It is the first one that is equal, else the first ones that share a key; of each crowd only the first is paired, so
    that the number of pairs grows with that of sentences.
    """
    owner = groups[rows["document"]]
    equal = _with_first(rows["exact"], owner)
    near = np.concatenate([equal[:0], *(_with_first(rows["keys"][:, band], owner) for band in range(BANDS))])
    near = near[~np.isin(near[:, 1], equal[:, 1])]
    pairs = np.concatenate([equal, near])
    pairs = pairs[np.lexsort((pairs[:, 0], pairs[:, 1]))]
    new: Integers = pairs[np.any(np.diff(pairs, axis=0, prepend=-1), axis=1)]
    return new


def _with_first(keys: npt.NDArray[np.uint64], owner: Integers) -> Integers:
    """Each number beside the first one of the same key, where their owners are not the same."""
    order = np.argsort(keys, kind="stable")
    changed = keys[order][1:] != keys[order][:-1]
    begins = np.flatnonzero(np.concatenate([np.ones(min(1, len(keys)), bool), changed]))
    first = np.repeat(order[begins], np.diff(begins, append=len(order)))
    others = owner[first] != owner[order]
    return np.stack([first[others], order[others]], axis=1)


class _Said(NamedTuple):
    """What was found of a pair of sentences; `own` is the words of the later one where they are not the same."""

    first: int
    later: int
    own: str | None
    shared: int
    united: int
    contained: int
    goes: bool


class _Walk:
    """The sentences in order, and what was found of them so far: little, since there may be millions."""

    def __init__(self, rows: Rows, asked: Asked) -> None:
        self.asked = asked
        self.documents, self.exact = rows["document"].tolist(), rows["exact"].tolist()
        self.spans = list(zip(rows["start"].tolist(), rows["end"].tolist(), strict=True))
        self.found: list[tuple[_Said, bool]] = []
        self.firsts: dict[int, str] = {}
        self.sharing: Counter[int] = Counter()
        self.last: dict[int, int] = {}
        self.gone: set[int] = set()
        self.told_of: set[int] = set()

    def go_on(self, pairs: Integers) -> None:
        """Verify some pairs from their texts."""
        needed = [(first, later) for first, later in pairs.tolist() if self._is_asked(first, later)]
        asked = {later for _, later in needed} | {first for first, _ in needed if first not in self.firsts}
        documents = sorted({self.documents[sentence] for sentence in asked})
        texts = dict(zip(documents, self.asked.texts_of(documents), strict=True)) if documents else {}
        self.firsts |= {first: self._sentence(first, texts) for first, _ in needed if first not in self.firsts}
        own = [self._sentence(later, texts) for _, later in needed]
        beside = [self.firsts[first] for first, _ in needed]
        for (first, later), words, counts in zip(needed, own, overlaps(own, beside), strict=True):
            whole = texts[self.documents[later]]
            said = None if later in self.told_of else self._said(first, later, (words, whole), counts)
            if said:
                self.told_of.add(later)
                self._count(first, self.documents[later])
                listed = self.sharing[first] <= LISTED
                if said.goes:
                    self.gone.add(later)
                if listed or said.goes:
                    self.found.append((said, listed))

    def told(self) -> Iterator[Repeat]:
        """What was found, each with the number of documents that share it."""
        for said, listed in self.found:
            text = self.firsts[said.first]
            own = text if said.own is None else said.own
            place = self.documents[said.later], self.spans[said.later][0], self.documents[said.first]
            counts = said.shared, said.united, said.contained, self.sharing[said.first] + 1
            yield Repeat(*place, text, own, *counts, goes=said.goes, listed=listed)

    def _count(self, first: int, document: int) -> None:
        if self.last.get(first) != document:
            self.sharing[first] += 1
            self.last[first] = document

    def _is_asked(self, first: int, later: int) -> bool:
        """Whether the texts must be looked at: not of frozen documents, nor of one more of very many equal ones."""
        document = self.documents[later]
        frozen = document in self.asked.frozen
        equal = self.exact[first] == self.exact[later]
        if equal and (frozen or (self.sharing[first] >= LISTED and not self.asked.remove)):
            self._count(first, document)
            return False
        return not frozen

    def _said(self, first: int, later: int, texts: tuple[str, str], counts: tuple[int, int, int]) -> _Said | None:
        """A sentence and its document, the texts, beside the sentence before it; nothing if they are not alike."""
        shared, united, _ = counts
        if shared * ALIKE[1] < united * ALIKE[0]:
            return None
        (own, whole), text = texts, self.firsts[first]
        goes = self.asked.remove and first not in self.gone
        goes = goes and not is_asked_for(whole, self.spans[later][0]) and _is_said(own, text)
        return _Said(first, later, own if own != text else None, *counts, goes)

    def _sentence(self, number: int, texts: dict[int, str]) -> str:
        """A sentence without the blanks behind it."""
        start, end = self.spans[number]
        return texts[self.documents[number]][start:end].rstrip()


def overlaps(left: Sequence[str], right: Sequence[str]) -> list[tuple[int, int, int]]:
    """Of pairs of texts the different runs of tokens that both have, that any has, and that the shorter one has."""
    if not on():
        sets = [
            (shingles(tokens(one), RUN), shingles(tokens(other), RUN)) for one, other in zip(left, right, strict=True)
        ]
        return [(*overlap(*both), min(map(len, both))) for both in sets]
    from cleaner.duplicates.kernel import Batch, distinct, shared

    batch = Batch([*left, *right])
    values, begins = distinct(batch.hashes, batch.starts, RUN)
    pairs = np.arange(2 * len(left)).reshape(2, -1).T
    found = np.empty((len(left), 3), np.int64)
    shared(values, begins, np.ascontiguousarray(pairs), found)
    both, one, other = found.T
    return list(zip(*np.stack([both, one + other - both, np.minimum(one, other)]).tolist(), strict=True))


def is_asked_for(text: str, start: int) -> bool:
    """Whether what stands before asks for a sentence: it would hang in the air without it."""
    return text[max(0, start - 20) : start].rstrip().endswith((":", "?"))


def _is_said(own: str, text: str) -> bool:
    """Whether one sentence says nothing that another does not."""
    return compared(own) == compared(text) or compare(Text(own), Text(text)).removable
