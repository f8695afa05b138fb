"""Which words exist, and how common they are.

English words come from `words/english.txt` (SCOWL, see `words/english.LICENSE.txt`): level 10 holds the commonest, 70
the rare ones, 80 what only large dictionaries have. `words/places.txt` adds capitals and countries. German and French
have plain lists (`words/german.txt`, `words/french.txt`, each with its licence beside it), read when a text in that
language asks.
"""

from __future__ import annotations

from functools import cache, cached_property
from pathlib import Path

FOLDER = Path(__file__).parent / "words"
RARE = 80
UNKNOWN = 100


class Lexicon:
    """Levels of words: 10 (common) to 80 (rare); 100 for a word that no list has."""

    def __init__(self, sections: dict[int, list[str]], places: list[str]) -> None:
        self.levels: dict[str, int] = {}
        for level, words in sections.items():
            if level < RARE:
                self.levels.update(dict.fromkeys(words, level))
        self._rare = sections[RARE]
        self.places = {place.lower(): place for place in places}

    @cached_property
    def rare(self) -> frozenset[str]:
        """The words of the last level, a set only when one is asked for."""
        return frozenset(self._rare)

    def level(self, word: str) -> int:
        """How common a word is as it is written; a lower-case word is not looked up among names."""
        found = self.levels.get(word)
        if found is not None:
            return found
        return RARE if word in self.rare else UNKNOWN

    def knows(self, word: str) -> bool:
        """Whether any list has the word: as written, in lower case, or as a name."""
        lower = word.lower()
        if word in self.levels or lower in self.levels or lower.capitalize() in self.levels or lower in self.places:
            return True
        return not self.rare.isdisjoint((lower, lower.capitalize(), word))


LISTS = {"de": "german.txt", "fr": "french.txt"}


@cache
def listed(language: str) -> frozenset[str]:
    """The words of a language other than English, as written; none where there is no list."""
    name = LISTS.get(language)
    return frozenset((FOLDER / name).read_text(encoding="utf-8").split("\n")) - {""} if name else frozenset()


@cache
def english() -> Lexicon:
    """The English lexicon, read once."""
    sections: dict[int, list[str]] = {}
    for section in (FOLDER / "english.txt").read_text(encoding="utf-8").split("#")[1:]:
        level, *words = section.split("\n")
        sections[int(level)] = words
    places = (FOLDER / "places.txt").read_text(encoding="utf-8").split("\n")
    return Lexicon(sections, [place for place in places if place and not place.startswith("#")])
