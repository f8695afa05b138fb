"""Which rules have anything to do: literals of all rules looked for at once, in one pass over a text.

A rule states in `needs` the strings of which one must stand in a text before it can find anything. Most rules have
nothing to do in most texts, and then they cost nothing but this pass.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from cleaner import compiled

if TYPE_CHECKING:
    from ahocorasick_rs import AhoCorasick


class Literals:
    """Strings by owner. `awake` tells of which owners at least one string stands in a text."""

    def __init__(self, wanted: Mapping[str, Sequence[str]]) -> None:
        self._owners: dict[str, set[str]] = {}
        for owner, strings in wanted.items():
            for string in strings:
                self._owners.setdefault(string, set()).add(owner)
        self._strings = list(self._owners)
        self.longest = max(map(len, self._strings), default=0)
        self.across = max((len(string) for string in self._strings if "\n" in string), default=0)
        self._with: dict[str, int] = {}
        for string in self._strings:
            for character in string:
                self._with[character] = max(self._with.get(character, 0), len(string))
        # of these the compiled search knows too little
        self._wide = {index for index, string in enumerate(self._strings) if max(string) > "\ufffe"}

    def reach(self, characters: str) -> int:
        """The length of the longest string that holds one of these characters; 0 where none does."""
        if len(characters) == 1:
            return self._with.get(characters, 0)
        return max((self._with.get(character, 0) for character in characters), default=0)

    def awake(self, text: str) -> frozenset[str]:
        """The owners that may have something to do."""
        if not self._strings:
            return frozenset()
        if compiled.on():
            from cleaner.literals_kernel import standing

            may = standing(text, self._table)
            found = [index for index in may if index not in self._wide or self._strings[index] in text]
        else:
            matches = self._search.find_matches_as_indexes(text, overlapping=True)
            found = list({index for index, _, _ in matches})
        return frozenset().union(*(self._owners[self._strings[index]] for index in found))

    @cached_property
    def _search(self) -> AhoCorasick:
        from ahocorasick_rs import AhoCorasick

        return AhoCorasick(self._strings)

    @cached_property
    def _table(self) -> Any:
        from cleaner.literals_kernel import table

        return table(self._strings)
