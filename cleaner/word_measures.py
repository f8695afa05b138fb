"""What the filters ask of the words of a text: how many, how long, which are repeated.

`plain` and `again_plain` define the answers. Where much text is judged, the same comes from kernels, which cut simple
chunks themselves and look the others up in a table of how they were cut; it is emptied when it has grown large, which
changes no answer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING

from cleaner import compiled
from cleaner.english_words import is_symbol, words

if TYPE_CHECKING:
    from cleaner.word_table import WordTable

STOPS = ("the", "be", "to", "of", "and", "that", "have", "with")
"""The stop words of Gopher; case counts."""
PHRASES = (2, 3, 4)
RUN = 5
"""Words of the shortest phrase whose repetition is measured."""


@dataclass(frozen=True, slots=True)
class Measures:
    """`words` of all kinds; `proper` ones are more than marks and have `characters`; `lettered` ones have a letter.

    `stops` counts different stop words. `phrases` has, for 2, 3 and 4 words, how often the commonest phrase stands and
    the characters of one, blanks between words included. `covered` are the characters of words in repeated phrases of
    five words; no sum over longer ones exceeds it.
    """

    words: int
    proper: int
    characters: int
    lettered: int
    stops: int
    phrases: tuple[tuple[int, int], ...]
    covered: int


@lru_cache(maxsize=2)
def measured(text: str) -> Measures:
    """The measures of a text, by the fastest way there is."""
    return table().measured(text) if compiled.on() else plain(text)


@lru_cache(maxsize=1)
def table() -> WordTable:
    """The table that all texts of this process share. Needs the kernels."""
    from cleaner.word_table import WordTable

    return WordTable()


def plain(text: str) -> Measures:
    """The measures of a text in plain Python."""
    found = words(text)
    counts = Counter(found)
    proper = [(word, count) for word, count in counts.items() if not is_symbol(word)]
    return Measures(
        len(found),
        sum(count for _, count in proper),
        sum(len(word) * count for word, count in proper),
        sum(count for word, count in counts.items() if has_letter(word)),
        sum(word in counts for word in STOPS),
        tuple(_commonest(found, size) for size in PHRASES),
        _covered(found),
    )


def again(text: str, sizes: Sequence[int]) -> list[int]:
    """For phrases of so many words the characters, without blanks, of those that stood before."""
    if compiled.on():
        return table().again(text, sizes)
    found = words(text)
    return [again_plain(found, size) for size in sizes]


def again_plain(found: Sequence[str], size: int) -> int:
    """The characters of phrases that stood before; after one of them counting goes on behind it.

    Phrases are equal when their words, joined without blanks, are: datatrove compares them so.
    """
    seen: set[str] = set()
    characters = at = 0
    while at <= len(found) - size:
        phrase = "".join(found[at : at + size])
        if phrase in seen:
            characters += len(phrase)
            at += size
        else:
            seen.add(phrase)
            at += 1
    return characters


def has_letter(word: str) -> bool:
    """Whether a word has a letter."""
    return word.isalpha() or any(map(str.isalpha, word))


def _commonest(found: Sequence[str], size: int) -> tuple[int, int]:
    grams = Counter(zip(*(found[at:] for at in range(size)), strict=False))
    if not grams:
        return 0, 0
    phrase, count = max(grams.items(), key=itemgetter(1))
    return count, len(" ".join(phrase))


def _covered(found: Sequence[str]) -> int:
    phrases = list(zip(*(found[at:] for at in range(RUN)), strict=False))
    if len(set(phrases)) == len(phrases):
        return 0
    seen: set[tuple[str, ...]] = set()
    characters = until = 0
    for at, phrase in enumerate(phrases):
        if phrase in seen:
            characters += sum(map(len, found[max(at, until) : at + RUN]))
            until = at + RUN
        seen.add(phrase)
    return characters
