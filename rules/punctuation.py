"""PUN: quotes, spaces around punctuation, and damage to sentences that can only be reported.

Damage inside words stands in letters.py, quotes lost to question marks in lost_quotes.py, what template engines left in
leftovers.py.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, partial
from itertools import repeat
from pathlib import Path
from string import ascii_lowercase
from typing import cast

from cleaner.code import is_code
from cleaner.language import language
from cleaner.lexicon import english
from cleaner.rule import rule
from cleaner.segment import line_around
from cleaner.sequences import Hint, Sequences
from cleaner.stops import behind_stops
from cleaner.text import Document, Edit, Facts

_LETTER = r"[^\W\d_]"
_QUOTE, _EAST = "[\u2018\u2019\u201b\u201c\u201d\u201f]", "[\u2e80-\uffef]"
_QUOTES = Sequences(
    lambda: {"curly": [Hint((_QUOTE,))], "curly in the East": [Hint((_QUOTE, _EAST)), Hint((_EAST, _QUOTE))]}
)
"""What must stand where the pattern of quotes matches: nothing in ASCII, which is passed over quickly."""
_SEQUENCES = Sequences(
    lambda: {
        "spaced": [Hint((" ", "[.,]"), 1)],
        "spaced mark": [Hint((" ", "[;!?]"), 1)],
        "glue": [Hint(("[.!?,]", _LETTER)), Hint(("[.!?,]", "[”)]", _LETTER))],
        "lone": [Hint(("[a-z]", "[a-z]", "[a-z]", " ", "[b-hj-wz]", " ", "[A-Za-z]", "[A-Za-z]", "[A-Za-z]"), 3)],
    }
)
"""The same of the other patterns, which fewer texts are asked for."""

CURLY = re.compile(f"{_QUOTE}(?!{_EAST})(?<!{_EAST}{_QUOTE})")
"""A curly quote; beside a Chinese or Japanese character it is the usual one."""
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
    if _QUOTES.may_stand(text, "curly in the East"):
        places: Sequence[int] = [found.start() for found in _QUOTES.matches(text, "curly", CURLY)]
    else:
        places = _QUOTES.places(text, "curly")
    if any(mark in text for mark in LOW_PARTNERS):
        places = [at for at in places if not _closes_low(text, at)]
    marks = [text[at] for at in places]
    if not _PLAIN_QUOTES.issuperset(marks):
        places = [at for at in places if text[at] in STRAIGHT and not _is_letter_between(text, at)]
        marks = [text[at] for at in places]
    afters = map(STRAIGHT.__getitem__, marks)
    ends = [at + 1 for at in places]
    return map(_edit, zip(places, ends, afters, repeat("a curly quote"), repeat(()), repeat(False), strict=False))


_edit = cast("Callable[[tuple[int, int, str | None, str, Facts, bool]], Edit]", partial(tuple.__new__, Edit))
"""An edit from a tuple, in C as all around it: a page has many quotes."""
_PLAIN_QUOTES = frozenset(STRAIGHT) - {"\u2018"}
"""Quotes that no alphabet uses as a letter."""


REACH = 2000
"""Characters before a quote in which the low one that it closes is looked for: a quotation may run over paragraphs."""


def _closes_low(text: str, place: int) -> bool:
    start = max(0, place - REACH)
    for low, partners in LOW_PARTNERS.items():
        at = text.rfind(low, start, place)
        if at >= 0 and text[place] in partners and not any(p in text[at:place] for p in partners):
            return True
    return False


def _is_letter_between(text: str, at: int) -> bool:
    """Whether a quote stands between letters that is one itself in Uzbek (O‘zbek)."""
    return text[at] == "\u2018" and text[at - 1 : at].isalpha() and text[at + 1 : at + 2].isalpha()


LETTER = re.compile(r"[^\W\d_]")
SPACED = re.compile(r"[.,](?<= .)(?=\s|$)(?! ?[.,])")
SPACED_MARK = re.compile(r"[;!?](?<= .)(?=\s|$)(?! ?[;!?])")
SPACED_OUT = frozenset({"fr", "br", "und"})
JUDGED = 60
"""Characters from which a text's language is judged."""
WORDS = 4

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
        "He has been with the town for all of thirty years ? which the others say is far too long",
    ],
    needs=[" .", " ,", " ?", " !", " ;"],
)
def space_before_punctuation(document: Document) -> Iterator[Edit]:
    """Drop the blank before a full stop, comma, semicolon, question or exclamation mark.

    Removed links and tags leave it. French wants a blank before ; ! and ?, so there only full stops and commas count.
    """
    text = document.text
    yield from _closed_up(text, _SEQUENCES.matches(text, "spaced", SPACED))
    if len(text) >= JUDGED:
        marks = list(_closed_up(text, _SEQUENCES.matches(text, "spaced mark", SPACED_MARK)))
        if marks and language(text) not in SPACED_OUT:
            yield from marks


def _closed_up(text: str, marks: Iterable[re.Match[str]]) -> Iterator[Edit]:
    """Edits for blanks before marks, but not in lines that may be code or commands."""
    for found in marks:
        start, end = found.span()
        while start and text[start - 1] == " ":
            start -= 1
        if not start or not LETTER.match(text[start - 1]):
            continue
        line = line_around(text, start, end).text
        behind = text[end : end + 3].lstrip(" \"'“”’)")
        if found[0] in ".?!" and behind and behind[0] != "\n" and not behind[0].isupper():
            continue  # a name such as .NET, or a "?" that stands for a dash
        if not is_code(line) and line.count(" ") >= WORDS:
            yield Edit(start, end, found[0], f'a blank before "{found[0]}"')


COMMON = 50
"""Level of the rarest word that stands beside a lost blank."""
GLUE = re.compile(rf"[.!?,][”)]?(?={_LETTER})")
STOP = re.compile(
    r"(?<![\w.@/:\\#$&-])([^\W\d_]{2,30}(?:['’][a-z]{1,2})?)([.!?][”)]?)([^\W\d_]{1,30})(?=['’]?[a-z]{0,2}[ ,;\n]|$)"
)
COMMA = re.compile(r"(?<![\w.@/:\\#$&-])([^\W\d_]{2,30}),([^\W\d_]{2,30})(?=[ .;\n]|$)")


@cache
def _table() -> dict[str, dict[str, str]]:
    with (Path(__file__).parent / "punctuation.toml").open("rb") as file:
        return tomllib.load(file)


@cache
def openers(language_code: str) -> tuple[frozenset[str], frozenset[str]]:
    """The words of a language that begin sentences, and those that follow a comma; empty where no table has it."""
    row = _table().get(language_code, {})
    return frozenset(row.get("sentence", "").split()), frozenset(row.get("clause", "").split())


def _begun() -> frozenset[str]:
    """How words begin that begin sentences: a capital alone stands behind a stop in many texts, and words are many."""
    return frozenset(word[:2] for row in _table().values() for word in row["sentence"].split())


@rule(
    "PUN007",
    "missing-space",
    fixes={
        "The long war in the north has ended.The people of the town went home.": (
            "The long war in the north has ended. The people of the town went home."
        ),
        "They went to the house on the hill,but nobody was in, and it rained.": (
            "They went to the house on the hill, but nobody was in, and it rained."
        ),
        "All of them went home that night.It was late for the town.Nobody spoke.": (
            "All of them went home that night. It was late for the town. Nobody spoke."
        ),
    },
    keeps=[
        "Go to www.example.org/a.The or to amazon.Com and all the rest of it.",
        "The call is string.Format and then array.Length, and that is all there is to it.",
        "It was the time of One.Tel and of the U.S.News of the day for all.",
        "Put name,and,or into the table of the file.",
        "He has 1,000 of them, in a.txt,and.txt and in file.The.txt for all of us.",
        "They use Node.Js and ASP.NET for all of it.",
    ],
    needs=[f"{mark}{begun}" for mark in ".!?”)" for begun in sorted(_begun())]
    + [f",{letter}" for letter in ascii_lowercase],
)
def missing_space(document: Document) -> Iterator[Edit]:
    """Put the blank back behind a full stop or comma: "has ended.The people".

    Removed tags and line breaks took it along. In English both neighbours must be known words, and the second one must
    be one that begins sentences (or clauses); where a text is damaged so, any other known word will do there too. In
    other languages the second word alone decides. Addresses, file names, identifiers and lines of code stay.
    """
    text = document.text
    glued = [_word_before(text, found.start()) for found in _SEQUENCES.matches(text, "glue", GLUE)]
    stops = [found for at in glued if (found := STOP.match(text, at)) and _is_prose_around(text, found)]
    commas = [found for at in glued if (found := COMMA.match(text, at)) and _is_prose_around(text, found)]
    commas = [found for found in commas if found[2].islower()]
    if not stops and not commas:
        return
    code = language(text)
    sentence, clause = openers(code)
    opening = [f for f in stops if f[3] in sentence and (code != "en" or _is_common(f[1]))]
    certain = {f.start() for f in opening if f[1].islower() or len(f[3]) > LONGEST_DOMAIN}
    for found in opening if not certain or code != "en" else stops:
        sure = found.start() in certain or (found not in opening and _is_common(found[1]) and _is_common(found[3]))
        if sure or found in opening:
            at = found.start(3)
            yield Edit(at, at, " ", f'no blank between "{found[1]}{found[2]}" and "{found[3]}"', (), doubtful=not sure)
    for found in commas:
        if found[2] in clause and (code != "en" or _is_common(found[1])):
            at = found.start(2)
            yield Edit(at, at, " ", f'no blank between "{found[1]}," and "{found[2]}"')


def _word_before(text: str, at: int) -> int:
    """Where the word begins that ends at a place, an apostrophe and what follows it included."""
    while at and (text[at - 1].isalpha() or text[at - 1] in "'’"):
        at -= 1
    return at


def _is_common(word: str) -> bool:
    plain = word.partition("'")[0].partition("’")[0]
    return min(english().level(plain.lower()), english().level(plain)) <= COMMON


WORDS_AROUND = 8
LONGEST_DOMAIN = 3
"""Letters of an ending of an address: "Amazon.In" may be one."""


def _is_prose_around(text: str, found: re.Match[str]) -> bool:
    """Whether a place stands among words, in a line that is no code."""
    if "," not in found[0] and not found[3][0].isupper():
        return False
    line = line_around(text, found.start(), found.end()).text
    return line.count(" ") >= WORDS_AROUND and not is_code(line)


LONELY = "bcdefghjklmnopqrstuvwz"
LONE = re.compile(r" ([b-hj-wz])(?= [A-Za-z]{3})(?<=[a-z]{3} .)")


@rule(
    "PUN004",
    "lost-letter",
    fixes={},
    keeps=["Vitamin C and plan B are for the people of the town.", "at five o'clock the men of the town came in"],
    safety="report",
    needs=[f" {letter} " for letter in LONELY],
)
def lost_letter(document: Document) -> Iterator[Edit]:
    """Report a single letter where English has a word: "their assessment o the case".

    A letter was lost. Which one cannot be told for sure, so nothing is changed.
    """
    found = list(_SEQUENCES.matches(document.text, "lone", LONE))
    if found and language(document.text) == "en":
        for letter in found:
            yield Edit(letter.start(1), letter.end(), None, f'a lone "{letter[1]}" between words')


FORMS = (
    "etc", "vs", "approx", "dept", "est", "incl", "inc", "ltd", "corp", "gen", "gov", "sen", "rep", "fig", "vol",
    "art", "min", "max", "bzw", "usw", "ca", "ggf",
)  # fmt: skip
SHORTENED = re.compile(rf"\b(?:{'|'.join(FORMS)})\.$", re.IGNORECASE)
_LAST = frozenset(f"{form[-2:]}." for form in FORMS)
"""How short forms end: a quick test. Three small letters stand before the stop."""


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
    text = document.text
    told = [
        (start, end, None, "a lower-case word behind a full stop", (), False)
        for start, end in behind_stops(text).small
        if text[start - 4 : start - 1] not in _LAST or not SHORTENED.search(text, max(0, start - 12), start - 1)
    ]
    return map(_edit, told)


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
    text = document.text
    for start, end in behind_stops(text).alone:
        lexicon = english()
        word = text[start:end]
        if not text[max(0, start - 5) : start - 2].islower():
            continue
        if word.lower() in lexicon.places or (lexicon.knows(word) and lexicon.level(word.lower()) > COMMON):
            yield Edit(start, end, None, "a name alone between two full stops")
