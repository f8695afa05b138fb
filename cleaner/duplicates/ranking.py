"""Documents in the order of a policy, best first, when there are too many to hold each as an object.

Held are some fifty bytes for each, and its id: what the policy compares as columns of numbers, and ids one behind the
other, since they decide between equals alone.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

from cleaner.duplicates.survivors import Attributes, Policy

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


class Names:
    """Many strings, held as bytes that sort as they do."""

    def __init__(self) -> None:
        self._bytes = bytearray()
        self._ends = array("Q", [0])

    def add(self, name: str) -> None:
        """Add one behind the others."""
        self._bytes += name.encode("utf-8", "surrogatepass")
        self._ends.append(len(self._bytes))

    def key(self, at: int) -> bytes:
        """What sorts as the string does."""
        return bytes(self._bytes[self._ends[at] : self._ends[at + 1]])

    def __getitem__(self, at: int) -> str:
        """One of them, by its number."""
        return self.key(at).decode("utf-8", "surrogatepass")


class Ranking:
    """Documents as they come, and their order when all have come."""

    def __init__(self, policy: Policy) -> None:
        self._rank = policy.order()
        self._columns: list[array[int]] = []
        self._seen: list[dict[str, int]] = []
        self.ids = Names()

    def add(self, document: Attributes) -> None:
        """Add a document; it is known by how many came before."""
        *parts, _ = self._rank(document)
        if not self._columns:
            self._columns = [array("q") for _ in parts]
            self._seen = [{} for _ in parts]
        for column, seen, part in zip(self._columns, self._seen, parts, strict=True):
            column.append(seen.setdefault(part, len(seen)) if isinstance(part, str) else int(part))
        self.ids.add(document.id)

    def best_first(self) -> npt.NDArray[np.int64]:
        """The numbers of all documents in the order of the policy."""
        import numpy as np

        if not self._columns:
            return np.empty(0, np.int64)
        columns = [self._in_order(*known) for known in zip(self._columns, self._seen, strict=True)]
        found = np.lexsort(columns[::-1])
        differ = np.zeros(max(len(found) - 1, 0), np.bool_)
        for column in columns:
            ordered = column[found]
            differ |= ordered[1:] != ordered[:-1]
        borders = np.concatenate([[0], np.flatnonzero(differ) + 1, [len(found)]])
        equal = np.flatnonzero(np.diff(borders) > 1)
        for start, end in zip(borders[equal].tolist(), borders[equal + 1].tolist(), strict=True):
            found[start:end] = sorted(found[start:end].tolist(), key=self.ids.key)
        return found

    @staticmethod
    def _in_order(column: array[int], seen: dict[str, int]) -> npt.NDArray[np.int64]:
        """A column; where it names strings, their places in the order of these."""
        import numpy as np

        numbers = np.frombuffer(column, np.int64)
        if not seen:
            return numbers
        places = np.empty(len(seen), np.int64)
        for place, name in enumerate(sorted(seen)):
            places[seen[name]] = place
        return places[numbers]
