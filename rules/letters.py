"""PUN: letters that were confused or lost inside words, each proven by the lexicon."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from string import ascii_lowercase

from cleaner.code import is_code
from cleaner.language import UNKNOWN as UNDECIDED
from cleaner.language import language, may_be_english
from cleaner.lexicon import english
from cleaner.rule import rule
from cleaner.segment import line_around
from cleaner.text import Document, Edit
from cleaner.vocabulary import Question, ask, places_in, vocabulary

ask(lambda: Question(letters="I"))
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
        "Iets later, als het pakket rijp is, wordt het door het team op alle platforms gebouwd.",
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
        is_mended = found[0] in mended and not _stands_like_a_name(document.text, found)
        if is_mended and may_be_english(document.text, *found.span()):
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


LETTERS = re.compile(r"(?<![\w'’-])[A-Za-z]+(?![\w'’-])")
LONGEST = 12
"""Letters of the longest piece that is looked at."""
BEHIND = re.compile(r"f(?=[fil]([a-z]+))(?:(?=f[il]([a-z]+)))?")
HEAD = re.compile(r"(?<![\w'’-])([A-Za-z]+) $")
LIGATURES = ("fi", "fl", "ff", "ffi", "ffl")
KNOWN = 70
"""Level of the rarest word that counts as one: "infor" and "ective" are none."""
MENDED = 50
"""Level of the rarest word that a lost ligature or a line break is mended to."""
SHORT = 4
"""Letters of the shortest word that is made whole; what is shorter may be an abbreviation."""
LEFT = 3
"""Letters that are left of it at least, as of "o ce": "A x B" is a product."""


@rule(
    "PUN009",
    "lost-ligature",
    fixes={
        "They won with great con dence and were very e ective.": (
            "They won with great confidence and were very effective."
        ),
        "The con dence o ered re ects a di cult one.": "The confidence offered reflects a difficult one.",
        "The rst of them took the of ce and the bene t of it at once.": (
            "The first of them took the office and the benefit of it at once."
        ),
    },
    keeps=[
        "One of ten men in the con game, in effect.",
        "The cer and the nd of 2nd place are there.",
        "He is an e bike man, of course, and a con man.",
        "Send it to the chef and the client.",
        "The product of both is A x B.",
        (
            "The program shows what it has found, and the user can then choose what to do with it next.\n"
            "Le programme affiche ce qu'il a de les trouver, et vide les autres avec les fichiers de les disques."
        ),
    ],
)
def lost_ligature(document: Document) -> Iterator[Edit]:
    """Put back fi, fl, ff, ffi or ffl where a PDF lost them: "con dence" was "confidence".

    The ligature was one character that the reader of the file did not know. What it left is no word ("dence"), and with
    exactly one ligature it is a common one. A word that lost its head ("rst") is mended only where such a pair stands
    in the same text, and a head that is a word itself ("of ce") needs a second pair or is doubtful.
    """
    text = document.text
    tails = _tails() & vocabulary(text)
    if not any(broken.whole for broken in _broken(text, filter(_may_be_joined, tails))):
        return
    if language(text) not in ("en", UNDECIDED):
        return
    found = sorted(_broken(text, tails | SHORTENED), key=lambda broken: broken.start)
    pairs = [broken for broken in found if broken.whole and may_be_english(text, broken.start, broken.end)]
    if not pairs:
        return
    proven = len(pairs) > 1 or not english().knows(pairs[0].head)
    places = {broken.start - len(broken.head) - 1: (broken.end, broken.whole) for broken in pairs}
    if proven:
        places |= {start: (end, word) for start, end, word in _pairs(text)}
        heads = {end for end, _ in places.values()}
        headless = ((broken, _first(broken)) for broken in found if broken.end not in heads)
        places |= {broken.start: (broken.end, word) for broken, word in headless if word}
    for start, (end, word) in sorted(places.items()):
        if not is_code(line_around(text, start, end).text) and may_be_english(text, start, end):
            because = f'"{text[start:end]}" lost a ligature of "{word}"'
            yield Edit(start, end, word, because, (), doubtful=not proven)


def _pairs(text: str) -> Iterator[tuple[int, int, str]]:
    """Neighbours, one of them no word, that make one common word with a ligature; for texts known to be damaged."""
    before: re.Match[str] | None = None
    for found in LETTERS.finditer(text):
        if before and text[before.end() : found.start()] == " " and found[0].islower():
            piece = not (_is_common(before[0]) and _is_common(found[0]))
            known = [word for word in _made(before[0], found[0]) if english().level(word.lower()) <= MENDED]
            if piece and len(known) == 1 and len(known[0]) >= SHORT:
                yield before.start(), found.end(), known[0]
                before = None
                continue
        before = found


def _is_common(piece: str) -> bool:
    return len(piece) > 1 and english().level(piece.lower()) <= KNOWN


class _Broken:
    """A piece that may have lost a ligature in front of it, with the word before it and what both make."""

    def __init__(self, text: str, start: int, end: int) -> None:
        self.start, self.end, self.tail = start, end, text[start:end]
        before = HEAD.search(text, max(0, start - LONGEST), start)
        self.head = before[1] if before else ""
        self.whole = _joined(self.head, self.tail) if self.head else ""


def _broken(text: str, tails: Iterable[str]) -> list[_Broken]:
    """Every place where one of these pieces stands."""
    return [_Broken(text, at, at + len(tail)) for tail in tails for at in _places(text, tail)]


def _places(text: str, tail: str) -> Iterator[int]:
    """Where a piece stands behind a blank, as a word of its own."""
    for at in places_in(text, tail):
        end = at + len(tail)
        if text[at - 1 : at] == " " and (end == len(text) or text[end] in _ENDS):
            yield at


_ENDS = frozenset(' \n.,;:!?)"”')


@cache
def _heads() -> dict[str, set[str]]:
    """What stands before a ligature in common words, by what stands behind it."""
    words = "\n".join(word for word, level in english().levels.items() if level <= MENDED)
    heads: dict[str, set[str]] = {}
    for found in BEHIND.finditer(words):
        head = words[words.rfind("\n", 0, found.start()) + 1 : found.start()].lower()
        for tail in filter(None, found.groups()):
            heads.setdefault(tail, set()).add(head)
    return heads


@cache
def _tails() -> frozenset[str]:
    """What stands behind a ligature in a common word, and is no sign of something else."""
    return frozenset(_heads()) - SHORTENED - {"a", "i"}


@lru_cache(maxsize=1 << 11)
def _may_be_joined(tail: str) -> bool:
    """Whether there is a head that a ligature and this tail make one common word with."""
    return any(_joined(head, tail) for head in _heads()[tail] if head)


SHORTENED = frozenset(["s", "t", "d", "m", "e", "ve", "ll", "re", "nt", "nd", "rd", "th", "st", "le", "la"])
"""Pieces of contractions and ordinals, which any text holds: no sign of anything by themselves."""
ask(lambda: Question(whole=_tails()))


@lru_cache(maxsize=1 << 12)
def _joined(head: str, tail: str) -> str:
    """The one common word that a head, a ligature and a tail make; empty if there is none, or if several differ."""
    if len(head) > 1 and english().level(head.lower()) <= KNOWN and head.lower() not in HEADS:
        return ""
    known = [word for word in _made(head, tail) if english().level(word.lower()) <= MENDED]
    return known[0] if len(known) == 1 and len(known[0]) >= SHORT and len(head + tail) >= LEFT else ""


def _first(broken: _Broken) -> str:
    """The one very common word that a ligature and a tail make, unless the word before belongs to it."""
    if any(word.lower() in english().levels for word in _made(broken.head, broken.tail)) or broken.tail in SHORTENED:
        return ""
    known = [word for word in _made("", broken.tail) if english().level(word) <= VERY_COMMON + 10]
    return known[0] if len(known) == 1 and len(known[0]) >= SHORT else ""


def _made(head: str, tail: str) -> list[str]:
    return [head + ligature + tail for ligature in LIGATURES]


HEADS = frozenset(("of", "con", "pro", "de", "re", "in", "un", "dif", "suf", "ef", "pre", "bene", "sci", "iden", "ref"))
"""Heads of broken words that are words or abbreviations themselves."""


HYPHEN = re.compile(r"-[ \n](?=[a-z]{2})")
LONGEST_PART = 20
BREAK = re.compile(r"(?<![\w'’-])([A-Za-z]{2,20})-[ \n]([a-z]{2,20})(?![\w'’-])")
JOINERS = frozenset({"and", "or", "to", "und", "oder", "et", "ou", "y", "o", "e"})
"""What follows a hyphen that stands for a word left out: "pre- and post-war"."""
PREFIXES = frozenset(
    (
        "non",
        "anti",
        "co",
        "pre",
        "post",
        "re",
        "self",
        "semi",
        "multi",
        "counter",
        "ex",
        "inter",
        "mid",
        "well",
        "cross",
    )
)
"""Heads that may have had a hyphen of their own; then it stays."""


@rule(
    "PUN010",
    "broken-word",
    fixes={
        "The infor- mation was sent to the govern-\nment today.": "The information was sent to the government today.",
        "The infor- mation was non- native to all.": "The information was non-native to all.",
    },
    keeps=[
        "It was a pre- and post-war state, and a one- to two-week stay.",
        "Day-to-day symptoms- making it hard for all.",
        "The well-\nknown man was here.",
        "They have low- income and high- value goods.",
    ],
    needs=[f"-{gap}{letter}" for gap in " \n" for letter in ascii_lowercase],
)
def broken_word(document: Document) -> Iterator[Edit]:
    """Join a word that was broken at the end of a line: "infor- mation".

    The line is gone, the hyphen stayed. Joined it must be a common word, and one of its parts must be none; parts that
    are words themselves ("every- thing") are joined only where the text holds a broken word that is sure.
    """
    text = document.text
    places = [_break_at(text, hyphen.start()) for hyphen in HYPHEN.finditer(text)]
    found = [match for match in places if match and match[2] not in JOINERS and _is_whole(match[1] + match[2])]
    sure = [match for match in found if not (_is_word(match[1]) and _is_word(match[2]))]
    if not sure or language(text) not in ("en", UNDECIDED):
        return
    for match in found:
        if not is_code(line_around(text, match.start(), match.end()).text):
            rare = english().level((match[1] + match[2]).lower()) > MENDED
            keeps = rare and match[1].lower() in PREFIXES and _is_word(match[2])
            because = f'"{match[1]}{"-" * keeps}{match[2]}" was broken at the end of a line'
            yield Edit(match.end(1) + keeps, match.start(2), "", because)


def _break_at(text: str, hyphen: int) -> re.Match[str] | None:
    start = hyphen
    while start and text[start - 1].isalpha() and hyphen - start <= LONGEST_PART:
        start -= 1
    return BREAK.match(text, start) if start < hyphen else None


def _is_whole(word: str) -> bool:
    return english().level(word.lower()) <= KNOWN - 10


def _is_word(part: str) -> bool:
    return english().knows(part)
