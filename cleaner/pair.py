"""Who may be alike: a task for some of the bands, which reads their slots of every document and no other.

Whole signatures are brought of those documents alone that share a band or an anchor with another one. The box that a
task fills holds pairs of documents by their places (order.py), packed (ordinals.py), the worse one above, sorted:

    pairs  those that may be alike by these bands
    once   those of which one anchor tells; they may be alike if one in other bands does so too

Its report tells where the pairs of each stretch of documents begin, and which bands very many documents share.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from cleaner import compiled
from cleaner.duplicates.bands import BAND, BANDS, PERMUTATIONS
from cleaner.engine import Report
from cleaner.order import numbers_in, width_in
from cleaner.store import Store

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from cleaner.duplicates.signed import Marks

    Integers = npt.NDArray[np.int64]

HELD = 50_000_000
"""Bytes of marks that a task holds, about: all of them where these are no more, else those that meet in its bands."""
MEETING = 4
"""Of documents every fourth meets another one in a band, or by an anchor of its slots: .24 to .29 of a million short
texts, fewer of longer ones."""
STRETCH, STRETCHES = 250_000, 256
"""Documents of a stretch at least, and how many stretches there are at most."""
CROWDED, LISTED = 1_000, 10
"""Documents that share a value of a band from which on they are told as a crowd; and so many crowds of a band."""


class Bands(NamedTuple):
    """Some bands, one after the other."""

    first: int
    last: int


def divided(places: int) -> list[Bands]:
    """The bands as tasks take them. That depends on the number of documents alone."""
    whole = places * PERMUTATIONS
    if places < 2 or whole <= HELD:
        return [Bands(0, BANDS)] if places > 1 else []
    some = max(1, MEETING * HELD // whole)
    return [Bands(first, min(first + some, BANDS)) for first in range(0, BANDS, some)]


def stretches(places: int) -> list[int]:
    """The first place of each stretch, and the end of the last."""
    count = min(STRETCHES, -(-places // STRETCH))
    return [places * number // count for number in range(count + 1)]


def pair(store: Store, name: str, ordered: str, staged: Sequence[str], bands: Bands) -> Report:
    """Find who may be alike by some bands into the box `name`, from that of `order` and those of the shards."""
    if store.has(name):
        return store.report(name)
    import numpy as np

    from cleaner.duplicates.candidates import crowds, meeting, met_in
    from cleaner.duplicates.ordinals import begins, turned

    sketches = _Sketches(store, ordered, staged)
    compiled.expect(sketches.size)
    last = PERMUTATIONS if bands.last == BANDS else bands.last * BAND
    slots = sketches.slots(bands.first * BAND, last)
    tokens = np.frombuffer(store.read(ordered, "sizes"), "<u4").astype(np.int64)
    whole = bands == (0, BANDS)
    marks, documents = sketches.marks(np.ones(len(tokens), np.bool_) if whole else meeting(slots, tokens))
    pairs, once = met_in(slots, marks, documents, tokens)
    borders = np.array(stretches(len(tokens)), np.uint64)
    with store.box(name) as box:
        found = {"pairs": turned(pairs), "once": turned(once[:0] if whole else once)}
        for part, keys in found.items():
            box.add(part, keys.astype(sketches.width.pair, copy=False).tobytes())
        at = {part: begins(keys, borders).tolist() for part, keys in found.items()}
        box.report = {"begins": at, "crowds": crowds(slots, CROWDED, LISTED)}
    return store.report(name)


class _Sketches:
    """The sketches of the documents that have a place."""

    def __init__(self, store: Store, ordered: str, staged: Sequence[str]) -> None:
        import numpy as np

        self.store, self.staged = store, staged
        self.counts = np.frombuffer(store.read(ordered, "counts"), "<u8").tolist()
        self.places = numbers_in(store, ordered, "places")
        self.width = width_in(store, ordered)
        self.count = int(store.report(ordered)["places"])

    @property
    def size(self) -> int:
        """Their bytes."""
        from cleaner.duplicates.sketch import ROW

        return self.count * ROW.itemsize

    def slots(self, first: int, last: int) -> npt.NDArray[np.uint32]:
        """Some slots, with a value for each place."""
        import numpy as np

        from cleaner.duplicates.sketch import slots_at

        found = np.empty((last - first, self.count), np.uint32)
        for box, count, places in self._shards():
            start = slots_at(count, first)
            data = self.store.slice(box, "sketch", start, slots_at(count, last) - start)
            taking = places != self.width.none
            found[:, places[taking]] = np.frombuffer(data, "<u4").reshape(last - first, count)[:, taking]
        return found

    def marks(self, wanted: npt.NDArray[np.bool_]) -> tuple[Marks, Integers]:
        """The marks of the places that are wanted, and for each place where its own are among them."""
        import numpy as np

        from cleaner.duplicates.signed import MARKS, marks_of
        from cleaner.duplicates.sketch import by_row

        at = np.cumsum(wanted) - 1
        found = np.zeros((int(wanted.sum()), MARKS), np.uint64)
        for box, _, places in self._shards():
            asked = places != self.width.none
            asked[asked] = wanted[places[asked]]
            if asked.any():
                found[at[places[asked]]] = marks_of(by_row(self.store.read(box, "sketch"), asked)["signature"])
        return found, at

    def _shards(self) -> Any:
        """The box, the number of documents and their places, of each shard that has any."""
        start = 0
        for box, count in zip(self.staged, self.counts, strict=True):
            if count:
                yield box, count, self.places[start : start + count]
            start += count
