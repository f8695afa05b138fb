"""What rules saw in one pass over a text and left: kept as it was said, quoted and put in its place only when asked.

Most passes are followed by another one, which sees all of it again.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

from cleaner.text import Change, Edit, change_of

Noted = tuple[str, Edit, str]
"""The code of a rule, what it would do, and why that was not done: "" where nothing would be."""


class Findings:
    """The findings of one pass, and the changes that were made between them."""

    def __init__(self) -> None:
        self._log: list[tuple[int, str, Sequence[Noted]] | tuple[Sequence[Change], Sequence[Change]]] = []

    def add(self, step: int, text: str, noted: Sequence[Noted]) -> None:
        """Keep what the rules of one step saw in a text."""
        if noted:
            self._log.append((step, text, noted))

    def change(self, made: Sequence[Change], lost: Sequence[Change]) -> None:
        """Keep what was made of the text since, and which changes gave way to others."""
        self._log.append((made, lost))

    def told(self) -> list[Change]:
        """All findings, signed, at their places in the text as it is now."""
        found: list[Change] = []
        for entry in self._log:
            if len(entry) == 3:
                step, text, noted = entry
                found += [
                    change_of((code, step, start, end, text[start:end], after, _reason(because, note), facts))
                    for code, (start, end, after, because, facts, _), note in noted
                ]
            else:
                made, lost = entry
                found = [*carried(found, made), *lost]
        return found


def _reason(because: str, note: str) -> str:
    return f"{because}; {note}" if because and note else because or note


def carried(findings: Sequence[Change], made: Sequence[Change]) -> list[Change]:
    """Findings at their places after the changes of one step, which they were found before."""
    if not made or not findings:
        return list(findings)
    starts = [change.start for change in made]
    shifts = list(accumulate(len(c.after or "") - len(c.before) for c in made))

    def after(position: int) -> int:
        n = bisect_right(starts, position) - 1
        if n < 0:
            return position
        change = made[n]
        if position >= change.end:
            return position + shifts[n]
        before = shifts[n - 1] if n else 0
        return change.start + before + min(position - change.start, len(change.after or ""))

    return [
        Change(code, step, after(start), max(after(start), after(end)), before, new, because, facts)
        for code, step, start, end, before, new, because, facts in findings
    ]
