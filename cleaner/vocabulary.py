"""The words of a text that no English list has and that some rule has a question about.

Most words of most texts are known, and of the others most give no rule anything to do. So rules say beforehand which
words they ask about, and one pass over a text finds those of all of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any, NamedTuple

from cleaner import compiled
from cleaner.lexicon import english


class Question(NamedTuple):
    """Words that somebody asks about, where the English lexicon lacks them; any of these is enough.

    `whole` are words as written. The others hold a part, begin with a head or end in a tail, which are small ASCII
    letters and found in capitals too; or they hold one of some letters, as written. All words with other letters than
    ASCII ones are asked about.
    """

    whole: Collection[str] = ()
    parts: Collection[str] = ()
    heads: Collection[str] = ()
    tails: Collection[str] = ()
    letters: str = ""

    def __or__(self, other: Question) -> Question:
        """Both questions as one."""
        whole, parts, heads, tails = ({*one, *more} for one, more in zip(self[:4], other[:4], strict=True))
        return Question(whole, parts, heads, tails, self.letters + other.letters)


_QUESTIONS: list[Callable[[], Question]] = []


def ask(question: Callable[[], Question]) -> Callable[[], Question]:
    """Put a question, worked out when the first text is looked at. It is never taken back: rules are loaded once."""
    _QUESTIONS.append(question)
    return question


def vocabulary(text: str) -> frozenset[str]:
    """The different words of a text as written that are asked about and that the English lexicon lacks as they stand.

    It lacks those of which it has no lower-case form either.
    """
    return _read(text)[0]


def places_in(text: str, word: str) -> Sequence[int]:
    """Where a word of its vocabulary stands in a text with no letter beside it, in order."""
    _, known, rest = _read(text)
    return known[word] if word in known and word not in rest else places_plain(text, word)


def places_plain(text: str, word: str) -> list[int]:
    """Where a word stands in a text with no letter beside it, in order."""
    found = []
    hangs = len(word) <= HANGING
    at = text.find(word)
    while at >= 0:
        end = at + len(word)
        before = text[at - 1 : at]
        if not (before.isalpha() or text[end : end + 1].isalpha() or (hangs and before in APOSTROPHES)):
            found.append(at)
        at = text.find(word, end)
    return found


@lru_cache(maxsize=2)
def _read(text: str) -> tuple[frozenset[str], Mapping[str, Sequence[int]], str]:
    """The vocabulary of a text, the places of words in it, and stretches of which the places of words are not known."""
    asked = _asked(len(_QUESTIONS))
    known: Mapping[str, Sequence[int]] = {}
    rest = text
    if compiled.on():
        from cleaner.vocabulary_kernel import unlisted

        known, rest = unlisted(text, asked.table)
    levels = english().levels
    others = {
        word
        for word in set(_WORD.findall(rest))
        if word not in levels and word.lower() not in levels and asked.about(word)
    }
    return frozenset(others).union(known), known, rest


HANGING = 2
"""Letters of the longest word that is none when it hangs on another one."""
APOSTROPHES = frozenset("'\u2019")
_WORD = re.compile(r"['\u2019][^\W\d_]{1,2}(?![^\W\d_])|([^\W\d_]+)")
"""A word; what hangs on one behind an apostrophe ("it's", "they'll") is none, but an empty match."""


class Asked:
    """All questions as one."""

    def __init__(self, question: Question) -> None:
        self._question = question
        self._whole = frozenset(question.whole)
        self._letters = frozenset(question.letters)
        self._patterns = _either(
            *map(re.escape, question.parts),
            *(f"^{re.escape(head)}" for head in question.heads),
            *(f"{re.escape(tail)}$" for tail in question.tails),
        )
        self._table: Any = None

    def about(self, word: str) -> bool:
        """Whether somebody asks about a word."""
        if not word.isascii() or word in self._whole or not self._letters.isdisjoint(word):
            return True
        return bool(self._patterns.search(word.lower()))

    @property
    def table(self) -> Any:
        """The question as the kernel reads it, which notes there what it found to be of no interest."""
        if self._table is None:
            from cleaner.vocabulary_kernel import table

            self._table = table(english().levels, self._question)
        return self._table


def _either(*patterns: str) -> re.Pattern[str]:
    """One of some patterns; none matches nothing."""
    return re.compile("|".join(patterns) or "(?!)")


@cache
def _asked(questions: int) -> Asked:
    """The first so many questions."""
    found = Question()
    for question in _QUESTIONS[:questions]:
        found |= question()
    return Asked(found)
