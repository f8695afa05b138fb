"""Which lines of a text a step made of others: what a rule that judges line by line must read again.

Most changes take whole lines out, and the lines that stay are the same.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from collections.abc import Set as AbstractSet

from cleaner.text import Change

_BEHIND, _BEFORE = 1, 2
"""Whole lines went, each with the line feed behind it, or with the one before it. Beside each other, spans of these
two kinds could take both line feeds between lines that stay."""


def lines_made(before: str, after: str, made: Sequence[Change], but: Collection[str] = ()) -> Iterator[str]:
    """Of the text `after` the lines that the text `before` did not have, when `made` are the changes between the two.

    Empty lines are left out, and those that only rules of the codes `but` touched. A line may be given that was there.
    """
    if _take_lines(before, made):
        return
    shift = taken = 0
    until = told = -1
    for code, _, start, end, _, new, _, _ in made:
        whole = 0 if new else _whole(before, start, end)
        taken = whole & taken if start == until else whole
        until = end
        begin = start + shift
        stop = begin + len(new or "")
        shift = stop - end
        if taken or code in but or stop <= told:
            continue
        told = after.find("\n", stop)
        told = told if told >= 0 else len(after)
        line = after[after.rfind("\n", 0, begin) + 1 : told]
        if line:
            yield line


def lines_rewritten(before: str, after: str, made: Sequence[Change], seen: AbstractSet[str]) -> Iterator[str]:
    """Of the text `after` the lines that changes made of lines that were `seen` in the text `before`."""
    shown = "\n".join(seen)
    if not any("\n" in part or part in shown for part in {change.before for change in made}):
        return  # most lines seen are gone by now
    shift = 0
    until = -1
    for _, _, start, end, _, new, _, _ in made:
        begin = start + shift
        stop = begin + len(new or "")
        shift = stop - end
        if end <= until and "\n" not in (new or ""):
            continue  # another change of the same line
        until = before.find("\n", end)
        until = until if until >= 0 else len(before)
        if not seen.isdisjoint(before[before.rfind("\n", 0, start) + 1 : until].split("\n")):
            told = after.find("\n", stop)
            yield after[after.rfind("\n", 0, begin) + 1 : told if told >= 0 else len(after)]


FEW = 10
"""So many lines are looked for one by one before all lines of a text are made."""


def lines_left(seen: AbstractSet[str], text: str) -> AbstractSet[str]:
    """Of some lines those that a text has."""
    if len(seen) > FEW:
        return seen & {*text.split("\n")}
    bounded = f"\n{text}\n" if seen else ""
    return {line for line in seen if f"\n{line}\n" in bounded}


def _take_lines(text: str, made: Sequence[Change]) -> bool:
    """Whether changes only take whole lines out, each with the line feed behind it; the last may take that before it.

    Most steps that change much do, and what stays are lines that were there.
    """
    size = len(text)
    for _, _, start, end, _, new, _, _ in made:
        begins, ends = not start or text[start - 1] == "\n", text[end - 1 : end] == "\n"
        if new or not ((begins and ends) or (end == size and (begins or text.startswith("\n", start)))):
            return False
    return True


def _whole(text: str, start: int, end: int) -> int:
    """How a span takes whole lines out of a text; 0 if it does not."""
    behind = (not start or text[start - 1] == "\n") and (end == len(text) or text.endswith("\n", start, end))
    before = text.startswith("\n", start, end) and (end == len(text) or text[end] == "\n")
    return _BEHIND * behind | _BEFORE * before
