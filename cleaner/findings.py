"""What rules saw in one pass over a text and left: kept as it was said, quoted and put in its place only when asked.

Most passes are followed by another one, which sees all of it again.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import accumulate, repeat
from operator import itemgetter
from typing import overload

from cleaner.text import Change, Edit, change_of

Noted = tuple[str, Edit, str]
"""The code of a rule, what it would do, and why that was not done: "" where nothing would be."""


class Findings(Sequence[Change]):
    """The findings of one pass, and the changes that were made between them; as a sequence, what `told` gives."""

    def __init__(self) -> None:
        self._log: list[tuple[int, str, Sequence[Noted]] | tuple[Sequence[Change], Sequence[Change]]] = []

    def add(self, step: int, text: str, noted: Sequence[Noted]) -> None:
        """Keep what the rules of one step saw in a text."""
        if noted:
            self._log.append((step, text, noted))

    def change(self, made: Sequence[Change], lost: Sequence[Change]) -> None:
        """Keep what was made of the text since, and which changes gave way to others."""
        self._log.append((made, lost))

    @overload
    def __getitem__(self, number: int) -> Change: ...
    @overload
    def __getitem__(self, number: slice) -> tuple[Change, ...]: ...
    def __getitem__(self, number: int | slice) -> Change | tuple[Change, ...]:
        """See Sequence."""
        return self._told[number]

    def __iter__(self) -> Iterator[Change]:
        """See Sequence."""
        return iter(self._told)

    def __len__(self) -> int:
        """See Sequence."""
        return len(self.codes())

    def __eq__(self, other: object) -> bool:
        """Whether the same was found: as tuples are compared, and with them."""
        return self._told == (other._told if isinstance(other, Findings) else other)

    def __hash__(self) -> int:
        """See __eq__."""
        return hash(self._told)

    def __repr__(self) -> str:
        """As a tuple is shown."""
        return repr(self._told)

    @cached_property
    def _told(self) -> tuple[Change, ...]:
        return tuple(self.told())

    def codes(self) -> list[str]:
        """The code of each finding. A run counts them, and most are never asked for more."""
        found: list[str] = []
        for entry in self._log:
            found += map(_code, entry[2] if len(entry) == 3 else entry[1])
        return found

    def told(self) -> list[Change]:
        """All findings, signed, at their places in the text as it is now."""
        found: list[Change] = []
        for entry in self._log:
            if len(entry) == 3:
                step, text, noted = entry
                found += [
                    change_of((code, step, start, end, text[start:end], after, _reason(because, note), facts))
                    if note
                    else change_of((code, step, start, end, text[start:end], after, because, facts))
                    for code, (start, end, after, because, facts, _), note in noted
                ]
            else:
                made, lost = entry
                found = [*carried(found, made), *lost]
        return found


_code = itemgetter(0)


def codes_of(changes: Sequence[Change]) -> Iterable[str]:
    """The codes of changes, or of findings, which need not be told for that."""
    return changes.codes() if isinstance(changes, Findings) else map(_code, changes)


def _reason(because: str, note: str) -> str:
    return f"{because}; {note}" if because else note


def carried(findings: Sequence[Change], made: Sequence[Change]) -> list[Change]:
    """Findings at their places after the changes of one step, which they were found before."""
    if not made or not findings:
        return list(findings)
    starts = _moved([finding.start for finding in findings], made)
    ends = _moved([finding.end for finding in findings], made)
    return [
        change_of((code, step, start, max(start, end), before, after, because, facts))
        for (code, step, _, _, before, after, because, facts), start, end in zip(findings, starts, ends, strict=True)
    ]


def _moved(positions: Sequence[int], made: Sequence[Change]) -> list[int]:
    """Positions after changes; one inside a change stays inside what was put there, or at its end."""
    shifts = list(accumulate((len(c.after or "") - (c.end - c.start) for c in made), initial=0))
    reached = [0, *(change.end for change in made)]
    begun = map(bisect_right, repeat([change.start for change in made]), positions)
    return [
        at + shifts[n] if at >= reached[n] else min(at + shifts[n - 1], reached[n] + shifts[n])
        for at, n in zip(positions, begun, strict=True)
    ]
