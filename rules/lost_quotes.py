"""PUN: quotes and apostrophes that a copy turned into question marks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from string import ascii_letters, digits

from cleaner.code import is_code
from cleaner.language import language
from cleaner.lexicon import english
from cleaner.rule import rule
from cleaner.segment import Span, lines
from cleaner.text import Document, Edit

OPENING = re.compile(r"\?(?=[A-Za-z0-9]|\$\d)(?:(?<=[\s(\[—–-]\?)|(?<=^\?))(?!\w+=)", re.MULTILINE)
"""A question mark in front of a word, where English has none."""
CLOSING = re.compile(r"\?(?<=\S\?)(?=[\s.,;:!?)\]—–-]|$)")
INSIDE = re.compile(r"\?(?=[tvrldmTVRLDM])")
CONTRACTED = re.compile(
    r"\b(?:(?:do|does|did|is|are|was|were|has|have|had|wo|would|could|should|ca|must|need|ai)n\?t|"
    r"(?:I|you|we|they)\?(?:ve|re|ll|d|m)|(?:he|she|it|that|there|what|who)\?ll)\b(?!=)",
    re.IGNORECASE,
)
LONGEST = 8
"""Letters before the question mark of the longest contraction, and one more."""
POSSESSIVE = re.compile(r"(?<![\w/.])([^\W\d_]{2,30})(\?)s(?![\w=])")
OPENINGS = 2
"""Openings that prove the damage when nothing surer does."""
ASKS = re.compile(
    r"(?:who|what|where|when|why|how|which|is|are|was|were|do|does|did|can|could|will|would|should|has|have|had|am|may|"
    r"isn|aren|don|doesn|didn|won)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Mark:
    """A question mark that may be a quote: where it is, and whether it can only be a closing one."""

    at: int
    opens: bool
    sure: bool


@rule(
    "PUN008",
    "lost-quotes",
    fixes={
        "The mayor said, ?We will go there,? and he went to the house on the hill.": (
            'The mayor said, "We will go there," and he went to the house on the hill.'
        ),
        "They say it?s over and they don?t know the mayor?s name. ?It is ?so.": (
            "They say it's over and they don't know the mayor's name. ?It is ?so."
        ),
        "It was a ?great day? for the town, and the ?old men? of the house went home.": (
            'It was a "great day" for the town, and the "old men" of the house went home.'
        ),
        "He said, ?It?s NASA?s plan, and it isn?t ours.?": "He said, \"It's NASA's plan, and it isn't ours.\"",
        "He asked, ?Will you go?? and they said to him, ?We will go, all of us.?": (
            'He asked, "Will you go?" and they said to him, "We will go, all of us."'
        ),
    },
    keeps=[
        "Is it true? Who is he? The men of the town did not know what it was?",
        "They don't know that Andr?s and the ?migr?s left.",
        "Go to the page at example.org/?page=1 and to ?id=5 of it, and there you are.",
        "What is this ?nullable thing in the type of the value, and what does it do?",
        "The query is a?s:t and SELECT ?name and ?age WHERE { ?name = 1 }",
        "\u00bfQu\u00e9 pasa? ?Qu\u00e9 dice la gente de la ciudad? ?D\u00f3nde est\u00e1 el alcalde de la ciudad?",
    ],
    needs=[f"?{character}" for character in ascii_letters + digits + "$"],
)
def lost_quotes(document: Document) -> Iterator[Edit]:
    """Write a quote or apostrophe where a copy left a question mark: "?We will go,? he said".

    The copy knew no curly quotes and wrote "?" for each. In English no question mark stands in front of a word or
    inside "don?t". A text where that is certain is read pair by pair: an opening one and the first that can only close
    it. Where two readings are left, nothing changes and the place is reported.
    """
    text = document.text
    contracted = list(_contracted(text))
    every = lines(text)
    rows = [every[n] for n, line in enumerate(every.texts) if "?" in line and not is_code(line)]
    marks = {row.start: _marks(row) for row in rows}
    openings = sum(mark.opens for found in marks.values() for mark in found)
    if not contracted and openings < OPENINGS and not (openings and ",? " in text):
        return
    if language(text) != "en":
        return
    for at in contracted:
        yield Edit(at, at + 1, "'", "an apostrophe became a question mark")
    owners = POSSESSIVE.finditer(text) if "?s" in text else ()
    owned = [found.start(2) for found in owners if _is_word(found[1], text)]
    for at in sorted(set(owned) - set(contracted)):
        yield Edit(at, at + 1, "'", "an apostrophe became a question mark")
    for row in rows:
        yield from _paired(text, marks[row.start])


def _contracted(text: str) -> Iterator[int]:
    """The question marks that stand for the apostrophe of a contraction."""
    for mark in INSIDE.finditer(text):
        start = at = mark.start()
        while start and at - start < LONGEST and (text[start - 1].isalnum() or text[start - 1] == "_"):
            start -= 1
        if start < at and CONTRACTED.match(text, start):
            yield at


def _is_word(word: str, text: str) -> bool:
    """Whether a word is listed, an abbreviation in capitals, or a name that stands in the text without "?s" too."""
    return english().knows(word) or word.isupper() or (word[0].isupper() and text.count(word) > text.count(word + "?s"))


def _marks(row: Span) -> list[Mark]:
    """The question marks of a line that may be quotes, in order."""
    found = [Mark(row.start + m.start(), True, True) for m in OPENING.finditer(row.text)]
    for m in CLOSING.finditer(row.text):
        at = m.start()
        before, behind = row.text[at - 1], row.text[at + 1 : at + 3]
        sure = before in ".,!?" or behind[:1] in set(",;:)") or (behind[:1] == " " and behind[1:].islower())
        found.append(Mark(row.start + at, False, sure))
    return sorted(found, key=lambda mark: mark.at)


def _paired(text: str, marks: Sequence[Mark]) -> Iterator[Edit]:
    """Edits for the pairs of a line, findings for openings whose partner is not certain."""
    starts = [n for n, mark in enumerate(marks) if mark.opens]
    for n, following in pairwise([*starts, len(marks)]):
        start = marks[n].at
        closing = _partner(text, start, marks[n + 1 : following])
        if closing is None:
            yield Edit(start, start + 1, None, "a question mark in front of a word: a quote was lost, its partner too")
            continue
        yield Edit(start, start + 1, '"', "an opening quote became a question mark")
        yield Edit(closing, closing + 1, '"', "a closing quote became a question mark")


def _partner(text: str, start: int, candidates: Sequence[Mark]) -> int | None:
    """Where the quotation ends that starts here: at the first mark that can only be a quote, or at the only one."""
    sure = next((mark.at for mark in candidates if mark.sure), None)
    if sure is not None:
        return sure
    if len(candidates) == 1 and not ASKS.match(text, start + 1):
        return candidates[0].at
    return None
