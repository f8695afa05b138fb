"""What was decided about a document beside a better one, and much of it as rows of numbers, with no object for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from cleaner.duplicates.finding import GOING, Finding

Integers = npt.NDArray[np.int64]
RELATIONS = ("exact", "near", "similar", "version", "address")
NUMBERS = {relation: number for number, relation in enumerate(RELATIONS)}


class Decided(NamedTuple):
    """What was decided about a document and a better one, named by their places in the order.

    `number` is that of the pair in its `Beside`. What was weighed in plain Python has its finding with it. What is not
    `sure` depends on a document that is decided about elsewhere, and holds if that one stays.
    """

    survivor: int
    document: int
    relation: str
    shared: int
    united: int
    contained: int
    number: int
    finding: Finding | None = None
    dropped: bool = False
    sure: bool = True

    @property
    def goes(self) -> bool:
        """Whether the document is left out."""
        return self.dropped or self.relation in GOING


@dataclass(frozen=True, slots=True)
class Table(Sequence[Decided]):
    """The same of many, all of it sure and none of it weighed in plain Python: shape (n, 7), a relation as a number."""

    rows: Integers

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, number: Any) -> Any:
        """What was decided, with the name of its relation."""
        survivor, document, relation, *others = self.rows[number].tolist()
        return Decided(survivor, document, RELATIONS[relation], *others)


def table(decided: Sequence[Decided]) -> Integers:
    """The rows of what was decided, without what only an object has."""
    if isinstance(decided, Table):
        return decided.rows
    rows = [(one.survivor, one.document, NUMBERS[one.relation], *one[3:7]) for one in decided]
    return np.array(rows, np.int64).reshape(-1, 7)
