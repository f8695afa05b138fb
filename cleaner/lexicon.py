"""Which words exist, and how common they are.

English words come from `words/english.txt` (SCOWL, see `words/english.LICENSE.txt`): level 10 holds the commonest, 70
the rare ones, 80 what only large dictionaries have. `words/places.txt` adds capitals and countries. German and French
have plain lists (`words/german.txt`, `words/french.txt`, each with its licence beside it), read when a text in that
language asks.
"""

from __future__ import annotations

from collections.abc import Iterator
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


class Listed:
    """The words of a sorted list. Those that begin alike become a set when one of them is first asked for.

    A text asks for few of the 350,000 words of a list, and to make a set of all takes a tenth of a second.
    """

    BEGINNING = 3
    """Characters by which words begin alike: a set then has 70 to 110 words, the largest 15,000."""

    def __init__(self, content: bytes) -> None:
        """`content` holds a word a line, in the order of their bytes."""
        self._content = content
        self._alike: dict[str, frozenset[str]] = {}

    def __contains__(self, word: str) -> bool:
        begin = word[: self.BEGINNING]
        alike = self._alike.get(begin)
        if alike is None:
            alike = frozenset(self._beginning(begin))
            if alike:  # what is not there is not kept, so that no text can fill the memory
                self._alike[begin] = alike
        return word in alike

    def __iter__(self) -> Iterator[str]:
        return iter(self._content.decode().split())

    def _beginning(self, begin: str) -> list[str]:
        """The words that begin so; of a beginning that is a whole shorter word only that one."""
        key = begin.encode(errors="surrogatepass")
        end = key + b"\xff" if len(begin) == self.BEGINNING else key + b"\n"
        first = self._line(key, 0)
        return self._content[first : self._line(end, first)].decode().split()

    def _line(self, key: bytes, low: int) -> int:
        """Where the first line behind `low` begins that is not before a key."""
        high = len(self._content)
        while low < high:
            begin = self._content.rfind(b"\n", low, (low + high) // 2) + 1 or low
            end = self._content.find(b"\n", begin)
            end = len(self._content) if end < 0 else end
            if self._content[begin:end] < key:
                low = end + 1
            else:
                high = begin
        return min(low, len(self._content))


@cache
def listed(language: str) -> Listed:
    """The words of a language other than English, as written; none where there is no list."""
    name = LISTS.get(language)
    return Listed((FOLDER / name).read_bytes() if name else b"")


@cache
def english() -> Lexicon:
    """The English lexicon, read once."""
    sections: dict[int, list[str]] = {}
    for section in (FOLDER / "english.txt").read_text(encoding="utf-8").split("#")[1:]:
        level, *words = section.split("\n")
        sections[int(level)] = words
    places = (FOLDER / "places.txt").read_text(encoding="utf-8").split("\n")
    return Lexicon(sections, [place for place in places if place and not place.startswith("#")])
