"""PUN: quotes, spaces around punctuation, confused letters, and damage to sentences that can only be reported."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from string import ascii_lowercase

from cleaner.language import language
from cleaner.lexicon import english, vocabulary
from cleaner.rule import rule
from cleaner.segment import line_around
from cleaner.text import Document, Edit

CURLY = re.compile("[\u2018\u2019\u201b\u201c\u201d\u201f]")
STRAIGHT = {"\u2018": "'", "\u2019": "'", "\u201b": "'", "\u201c": '"', "\u201d": '"', "\u201f": '"'}
LOW_PARTNERS = {"\u201e": "\u201c\u201d\u201f", "\u201a": "\u2018\u2019\u201b"}


@rule(
    "PUN001",
    "curly-quotes",
    fixes={"“Yes,” she said. It’s ‘over’.": "\"Yes,\" she said. It's 'over'."},
    keeps=[
        "„Ja“, sagte sie.",
        "« Oui », dit-elle…",
        "5′ 10″",
        "‚Ja‘",
        "„Ja.\n\nUnd nein.“",
        "他说：“你好。”",
        "O‘zbek",
    ],
    settles=True,
    needs=tuple(STRAIGHT),
)
def curly_quotes(document: Document) -> Iterator[Edit]:
    """Write curly quotes and apostrophes straight.

    Sources mix both kinds, and copies of one text differ by them. A quote that closes a low one („so“) stays, and so do
    angle quotes, dashes, dots and prime marks: their straight forms would lose something.
    """
    text = document.text
    low = any(mark in text for mark in LOW_PARTNERS)
    for found in CURLY.finditer(text):
        if not (low and _closes_low(text, found)) and not _belongs(text, found.start()):
            yield Edit(found.start(), found.end(), STRAIGHT[found[0]], "a curly quote")


REACH = 2000
"""Characters before a quote in which the low one that it closes is looked for: a quotation may run over paragraphs."""


def _closes_low(text: str, found: re.Match[str]) -> bool:
    start = max(0, found.start() - REACH)
    for low, partners in LOW_PARTNERS.items():
        at = text.rfind(low, start, found.start())
        if at >= 0 and found[0] in partners and not any(p in text[at : found.start()] for p in partners):
            return True
    return False


def _belongs(text: str, at: int) -> bool:
    """Whether a quote is the standard one beside a Chinese or Japanese character, or a letter of Uzbek (O‘zbek)."""
    before, behind = text[at - 1 : at] if at else "", text[at + 1 : at + 2]
    if any("\u2e80" <= character <= "\uffef" for character in before + behind):
        return True
    return text[at] == "\u2018" and before.isalpha() and behind.isalpha()


SPACED = re.compile(r"(?<=[^\W\d_]) +([.,])(?=\s|$)(?! ?[.,])")
SPACED_MARK = re.compile(r"(?<=[^\W\d_]) +([;!?])(?=\s|$)(?! ?[;!?])")
SPACED_OUT = frozenset({"fr", "br", "und"})
JUDGED = 60
"""Characters from which a text's language is judged."""
WORDS = 4
CODE = re.compile(r"[`={}<>\\|_&]|\(\s?\)|(?<!\S)--?[a-z]|/(?:\s|$)|(?:^|[.;] )[a-z.]+ \. ")
"""What a line of prose hardly holds and a line of code or a shell command does."""


ASKED = "Is the mayor of the town here, and will he stay for the night of the feast"


@rule(
    "PUN002",
    "space-before-punctuation",
    fixes={
        "They met in Brussels . It rained.": "They met in Brussels. It rained.",
        f"{ASKED} ?": f"{ASKED}?",
    },
    keeps=[
        "Que faire ? C'est la question que tout le monde se pose depuis hier dans les rues de la ville !",
        "She waited . . . and waited.",
        "It runs on .NET and on others.",
        "They won 3 : 2 in the end.",
        "cp file.txt . && git add . ; ls",
        "the icu . Locale . getRoot ( ) of it",
        "Marie Curie ? Pierre Curie !",
    ],
    needs=[" .", " ,", " ?", " !", " ;"],
)
def space_before_punctuation(document: Document) -> Iterator[Edit]:
    """Drop the blank before a full stop, comma, semicolon, question or exclamation mark.

    Removed links and tags leave it. French wants a blank before ; ! and ?, so there only full stops and commas count.
    """
    text = document.text
    if " ." in text or " ," in text:
        yield from _closed_up(text, SPACED)
    if (" ?" in text or " !" in text or " ;" in text) and len(text) >= JUDGED:
        marks = list(_closed_up(text, SPACED_MARK))
        if marks and language(text) not in SPACED_OUT:
            yield from marks


def _closed_up(text: str, pattern: re.Pattern[str]) -> Iterator[Edit]:
    """Edits for blanks before marks, but not in lines that may be code or commands."""
    for found in pattern.finditer(text):
        line = line_around(text, found.start(), found.end()).text
        behind = text[found.end() : found.end() + 3].lstrip(" \"'“”’)")
        if found[1] == "." and not (not behind or behind[0] == "\n" or behind[0].isupper()):
            continue
        if not CODE.search(line) and line.count(" ") >= WORDS:
            yield Edit(found.start(), found.end(), found[1], f'a blank before "{found[1]}"')


CAPITAL_I = re.compile(r"(?<![\w.@/'’-])[A-Za-z]*I[a-z]+(?![\w@/]|\.\w)")
COMMON = 50
VERY_COMMON = 10
"""Levels of the rarest word that a confused letter is mended to, inside a word and at its head."""
NAMES = frozenset({"Iain", "Ioan", "Ioana"})
"""Names that the lexicon lacks and that would become a word."""


@rule(
    "PUN003",
    "letter-confusion",
    fixes={"He said he would Iike to go.": "He said he would like to go."},
    keeps=[
        "Ian and Iris went to Iran in World War II.",
        "Il2Cpp and WiFi",
        "Inês and Iain came.",
        "iPad and AI",
        "Ilya left.",
    ],
)
def letter_confusion(document: Document) -> Iterator[Edit]:
    """Write l where a capital I stands for it: "would Iike".

    The two look alike, and character recognition or a disguise of copied text mixes them up. Only a token that no list
    knows is changed, and only into a common word.
    """
    mended = {word: word.replace("I", "l") for word in vocabulary(document.text) if "I" in word and _is_confused(word)}
    if not mended:
        return
    for found in CAPITAL_I.finditer(document.text):
        if found[0] in mended and not _stands_like_a_name(document.text, found):
            word = mended[found[0]]
            yield Edit(found.start(), found.end(), word, f'"{found[0]}" is no word, "{word}" is')


def _stands_like_a_name(text: str, found: re.Match[str]) -> bool:
    """A capitalised word beside another one is part of a name."""
    if not found[0][0].isupper():
        return False
    before = text[max(0, found.start() - 30) : found.start()].rstrip(" ").rpartition(" ")[2]
    return before[:1].isupper() or text[found.end() + 1 : found.end() + 2].isupper()


@lru_cache(maxsize=1 << 12)
def _is_confused(word: str) -> bool:
    """Whether a word that no list knows is a common one with l for its capital I."""
    lowered = (word[0] == "I" and word[1:].islower()) or word[0].islower()
    if len(word) < 3 or not lowered or word in NAMES or english().knows(word):
        return False
    return english().level(word.replace("I", "l").lower()) <= (VERY_COMMON if word[0] == "I" else COMMON)


LONELY = frozenset("bcdefghjklmnopqrstuvwz")
LONE = re.compile(r" ([b-hj-wz])(?= [A-Za-z]{3})(?<=[a-z]{3} .)")


@rule(
    "PUN004",
    "lost-letter",
    fixes={},
    keeps=["Vitamin C and plan B are for the people of the town.", "at five o'clock the men of the town came in"],
    safety="report",
)
def lost_letter(document: Document) -> Iterator[Edit]:
    """Report a single letter where English has a word: "their assessment o the case".

    A letter was lost. Which one cannot be told for sure, so nothing is changed.
    """
    if LONELY.isdisjoint(vocabulary(document.text)):
        return
    found = list(LONE.finditer(document.text))
    if found and language(document.text) == "en":
        for letter in found:
            yield Edit(letter.start(1), letter.end(), None, f'a lone "{letter[1]}" between words')


BROKEN = re.compile(r"(?<=[a-z]{3}[.!?] )([a-z]{3,})\b(?!\.\w)")
SHORTENED = re.compile(
    r"\b(?:etc|vs|approx|dept|est|incl|inc|ltd|corp|gen|gov|sen|rep|fig|vol|art|min|max|bzw|usw|ca|ggf)\.$",
    re.IGNORECASE,
)


@rule(
    "PUN005",
    "broken-sentence",
    fixes={},
    keeps=["They sell apples, pears, etc. and more.", "It ended. iPhones were sold.", "It ended. They left."],
    safety="report",
    needs=[f"{stop} {letter}" for stop in ".!?" for letter in ascii_lowercase],
)
def broken_sentence(document: Document) -> Iterator[Edit]:
    """Report a lower-case word behind a full stop: "with each other. oppose".

    A stop was put into a sentence, or words between were lost. What stood there cannot be told.
    """
    for found in BROKEN.finditer(document.text):
        if not SHORTENED.search(document.text, max(0, found.start() - 12), found.start() - 1):
            yield Edit(found.start(), found.end(), None, "a lower-case word behind a full stop")


ORPHAN = re.compile(r"\. ([A-Z][a-z]{2,})\.(?= [A-Z]|\s*$)", re.MULTILINE)


@rule(
    "PUN006",
    "orphan-name",
    fixes={},
    keeps=["Never. Again. They said so.", "They met in the town. Paris was far. They left."],
    safety="report",
)
def orphan_name(document: Document) -> Iterator[Edit]:
    """Report a name that is a sentence by itself, such as "support for the invasion. Kyiv.".

    The words around it were lost. It stays, for it may be all that is left of a sentence.
    """
    for found in ORPHAN.finditer(document.text):
        lexicon = english()
        word = found[1]
        if not document.text[max(0, found.start() - 3) : found.start()].islower():
            continue
        if word.lower() in lexicon.places or (lexicon.knows(word) and lexicon.level(word.lower()) > COMMON):
            yield Edit(found.start(1), found.end(1), None, "a name alone between two full stops")
