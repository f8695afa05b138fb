"""Which rules have anything to do: literals of all rules looked for at once, in one pass over a text.

A rule states in `needs` the strings of which one must stand in a text before it can find anything. Most rules have
nothing to do in most texts, and then they cost nothing but this pass.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache, reduce
from itertools import compress, pairwise
from operator import or_
from typing import TYPE_CHECKING, Any

from cleaner import compiled

if TYPE_CHECKING:
    from ahocorasick_rs import AhoCorasick


class Literals:
    """Strings by owner. `awake` tells of which owners at least one string stands in a text."""

    def __init__(self, wanted: Mapping[str, Sequence[str]]) -> None:
        self._bits = {owner: 1 << place for place, owner in enumerate(wanted)}
        owners: dict[str, int] = {}
        for owner, strings in wanted.items():
            for string in strings:
                owners[string] = owners.get(string, 0) | self._bits[owner]
        self.longest = max(map(len, owners), default=0)
        self.reach = _Reaches()
        """By characters the length of the longest string that holds one of them; 0 where none does."""
        across = {"": 0}
        for string in owners:
            for before, character in pairwise(("", *string)):
                self.reach[character] = max(self.reach[character], len(string))
                if character == "\n":
                    across[before] = max(across.get(before, 0), len(string))
        self.across = {before: max(length, across[""]) for before, length in across.items()}
        """Of strings that may stand over a line feed the same, by the character before it; by "" of any other one."""
        self._groups, self._wide = _grouped(owners)
        self._strings = [(string, number) for number, (strings, _) in enumerate(self._groups) for string in strings]
        self._owners_of = lru_cache(maxsize=1 << 12)(self._united)

    def bit(self, owner: str) -> int:
        """The bit of an owner in what `awake` tells."""
        return self._bits[owner]

    def awake(self, text: str) -> int:
        """The owners that may have something to do: a bit for each."""
        if not self._groups:
            return 0
        return self._owners_of(self._standing(text))

    def _standing(self, text: str) -> bytes:
        """For each group whether one of its strings stands in a text: 1, or 0."""
        if compiled.on():
            from cleaner.literals_kernel import standing

            found = standing(text, self._table)
            if 1 in found[self._wide :]:  # of these the compiled search knows too little
                wide = [strings[0] in text for strings, _ in self._groups[self._wide :]]
                found = found[: self._wide] + bytes(wide)
            return found
        hits = {index for index, _, _ in self._search.find_matches_as_indexes(text, overlapping=True)}
        flags = bytearray(len(self._groups))
        for index in hits:
            flags[self._strings[index][1]] = 1
        return bytes(flags)

    def _united(self, flags: bytes) -> int:
        return reduce(or_, compress((owners for _, owners in self._groups), flags), 0)

    @cached_property
    def _search(self) -> AhoCorasick:
        from ahocorasick_rs import AhoCorasick

        return AhoCorasick([string for string, _ in self._strings])

    @cached_property
    def _table(self) -> Any:
        from cleaner.literals_kernel import table

        return table(self._strings, len(self._groups))


class _Reaches(dict[str, int]):
    """Lengths by single characters; of several the longest is told, and not kept."""

    def __missing__(self, characters: str) -> int:
        if len(characters) < 2:
            return 0
        return max(self[character] for character in characters)


Group = tuple[list[str], int]
"""Strings, and the bits of their owners."""


def _grouped(owners: Mapping[str, int]) -> tuple[list[Group], int]:
    """Strings by their owners, and behind them those with characters beyond U+FFFE, each alone; where these begin."""
    groups: dict[int, list[str]] = {}
    wide: list[Group] = []
    for string, several in owners.items():
        if max(string, default="") > "\ufffe":
            wide.append(([string], several))
        else:
            groups.setdefault(several, []).append(string)
    return [*((strings, several) for several, strings in groups.items()), *wide], len(groups)
