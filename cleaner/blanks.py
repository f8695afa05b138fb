"""What LAY asks first: whether blanks stand at the end of any line, and blank lines where they may have to go."""

from __future__ import annotations

from functools import lru_cache
from operator import is_
from typing import NamedTuple

from cleaner import compiled
from cleaner.segment import lines


class Blanks(NamedTuple):
    """What stands somewhere in a text."""

    trailing: bool
    """A blank at the end of a line; a line may be all blanks."""
    outside: bool
    """An empty line at the head or the end of the text."""
    several: bool
    """Two empty lines beside each other."""


@lru_cache(maxsize=2)
def blanks(text: str) -> Blanks:
    """What stands in a text."""
    if compiled.on():
        from cleaner.blanks_kernel import found

        return found(text)
    rows = lines(text).texts
    trailing = not all(map(is_, rows, map(str.rstrip, rows)))  # what is not stripped of anything stays the same object
    return Blanks(trailing, text.startswith("\n") or text.endswith("\n"), "\n\n\n" in text)
