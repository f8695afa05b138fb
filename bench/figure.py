"""A measured figure beside its floor and aim, and the table of them that every measurement prints."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """A row of the table. `least` tells whether more is better; `reference` is what something else reaches."""

    name: str
    value: float
    floor: float
    aim: float
    least: bool = True
    reference: str = ""

    @property
    def holds(self) -> bool:
        """Whether the floor is kept."""
        return self.value >= self.floor if self.least else self.value <= self.floor

    def row(self) -> str:
        """The row as text."""
        value, floor, aim = (f"{n:,.4f}" if n < 1_000 else f"{n:,.0f}" for n in (self.value, self.floor, self.aim))
        mark = "" if self.holds else "worse"
        return f"{self.name:<50}{value:>10}{floor:>10}{aim:>10}  {mark:<6} {self.reference}".rstrip()


def printed(parts: Iterable[Iterable[Figure]]) -> bool:
    """Print each figure as soon as it is there; gives whether all floors are kept."""
    print(f"{'measure':<50}{'figure':>10}{'floor':>10}{'aim':>10}")
    holds = True
    for part in parts:
        for figure in part:
            print(figure.row(), flush=True)
            holds = holds and figure.holds
    return holds
