"""What a regular expression finds, asked only where a short sequence of characters stands that it needs.

The sequences of a family's patterns are looked for all at once, in one compiled pass over a text; a pattern then looks
at these few places instead of at every character.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import repeat
from operator import le
from typing import Any, NamedTuple

from cleaner import compiled


class Hint(NamedTuple):
    """What stands wherever a pattern matches: a class of characters for each place, as regular expressions.

    `before` of these characters stand before the match.
    """

    classes: tuple[str, ...]
    before: int = 0


class Sequences:
    """Hints by name, given when kernels ask for them; of several under one name any will do."""

    def __init__(self, hints: Callable[[], Mapping[str, Sequence[Hint]]]) -> None:
        self._hints = hints

    @cached_property
    def hints(self) -> Mapping[str, Sequence[Hint]]:
        """The hints."""
        return self._hints()

    def matches(self, text: str, name: str, pattern: re.Pattern[str]) -> Iterable[re.Match[str]]:
        """As `pattern.finditer(text)`, of a pattern that matches only where a hint of this name says."""
        if not compiled.on():
            return pattern.finditer(text)
        found = list(filter(None, map(pattern.match, repeat(text), _places(self, text)[name])))
        ends = map(re.Match.end, found)
        return found if all(map(le, ends, map(re.Match.start, found[1:]))) else _apart(found)

    def places(self, text: str, name: str) -> Sequence[int]:
        """Where a hint of a name stands, or a character beyond U+FFFE where it might; asked for only with kernels."""
        return _places(self, text)[name]

    def may_stand(self, text: str, name: str) -> bool:
        """Whether a hint of a name stands in a text, or may: without kernels nobody looks."""
        return not compiled.on() or bool(_places(self, text)[name])

    @cached_property
    def table(self) -> Any:
        """The hints as the kernel reads them."""
        from cleaner.sequences_kernel import table

        return table(self.hints)


def _apart(matches: Iterable[re.Match[str]]) -> Iterator[re.Match[str]]:
    """Of matches in order those that do not begin inside the one before: mostly all."""
    end = 0
    for found in matches:
        if found.start() >= end:
            end = found.end()
            yield found


@lru_cache(maxsize=4)
def _places(sequences: Sequences, text: str) -> Mapping[str, Sequence[int]]:
    """Where matches may begin, kept for the next rule of a family that asks."""
    from cleaner.sequences_kernel import places

    return places(text, sequences.table)
