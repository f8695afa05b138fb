"""Which rules have anything to do: literals of all rules looked for at once, in one pass over a text.

A rule states in `needs` the strings of which one must stand in a text before it can find anything. Most rules have
nothing to do in most texts, and then they cost nothing but this pass.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, partial, reduce
from itertools import pairwise
from operator import or_
from typing import TYPE_CHECKING

from cleaner import compiled

if TYPE_CHECKING:
    from ahocorasick_rs import AhoCorasick


class Literals:
    """Strings by owner. `awake` tells of which owners at least one string stands in a text."""

    def __init__(self, wanted: Mapping[str, Sequence[str]]) -> None:
        self._bits = {owner: 1 << place for place, owner in enumerate(wanted, 1)}
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
        self._owners = owners
        self._wide = {string: bits for string, bits in owners.items() if max(string, default="") > "\ufffe"}
        """The strings that the compiled search knows too little of."""

    def bit(self, owner: str) -> int:
        """The bit of an owner in what `awake` tells."""
        return self._bits[owner]

    def awake(self, text: str) -> int:
        """The owners that may have something to do: a bit for each."""
        if not self._owners:
            return 0
        if compiled.on():
            bits = self._compiled(text)
            return bits if not bits & _WIDE else bits ^ _WIDE | _standing(self._wide, text)
        search, owners = self._search
        hits = {index for index, _, _ in search.find_matches_as_indexes(text, overlapping=True)}
        return reduce(or_, map(owners.__getitem__, hits), 0)

    @cached_property
    def _search(self) -> tuple[AhoCorasick, Sequence[int]]:
        from ahocorasick_rs import AhoCorasick

        return AhoCorasick(list(self._owners)), list(self._owners.values())

    @cached_property
    def _compiled(self) -> Callable[[str], int]:
        from cleaner.literals_kernel import standing, table

        return partial(standing, strings=table({**self._owners, **dict.fromkeys(self._wide, _WIDE)}))


_WIDE = 1
"""The bit of no owner: a string may stand in a text that has characters beyond U+FFFE, which kernels take for equal."""


def _standing(owners: Mapping[str, int], text: str) -> int:
    return reduce(or_, (bits for string, bits in owners.items() if string in text), 0)


class _Reaches(dict[str, int]):
    """Lengths by single characters; of several the longest is told, and not kept."""

    def __missing__(self, characters: str) -> int:
        if len(characters) < 2:
            return 0
        return max(self[character] for character in characters)
