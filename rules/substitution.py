"""SUB: words that a careless find-and-replace put there."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path
from string import ascii_lowercase
from typing import TYPE_CHECKING

from cleaner.language import may_be_english
from cleaner.lexicon import UNKNOWN, english
from cleaner.rule import rule
from cleaner.text import Document, Edit
from cleaner.vocabulary import Question, ask, places_in, vocabulary

if TYPE_CHECKING:
    from ahocorasick_rs import AhoCorasick

HERE = Path(__file__).parent
WORD = re.compile(r"[^\W\d_]+")
LONGEST = 60
"""Letters of the longest word that is looked at."""
WINDOW = 60
"""Characters around an unknown word in which a replacement of several words is looked for."""
SAFE = 50
DOUBTFUL = 70
"""Levels of the rarest word that is restored safely, and at all."""
LEAD = 15
"""Levels by which the best restoration must lead a different one."""
NAME = 35
"""Level of the rarest word that a capitalised unknown word inside a sentence may speak for: else it is a name."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A blind replacement. `written` is the replacement with its capitals; `real` are damaged forms that are words.

    What `stretched` an abbreviation (Mar, St) gives words that look like names ("Marchi") and compounds ("streetart").
    """

    original: str
    written: str
    replacement: str
    safe: bool
    real: frozenset[str]
    stretched: bool = False


@cache
def pairs() -> tuple[Pair, ...]:
    """The known pairs, from the table beside this file."""
    with (HERE / "substitution.toml").open("rb") as file:
        rows = tomllib.load(file)["pair"]
    return tuple(
        Pair(
            row["original"],
            row["replacement"],
            row["replacement"].lower(),
            row["fix"] == "auto",
            frozenset(row.get("real", ())),
            row["family"] == "abbrev_expansion",
        )
        for row in rows
        if not row["replacement"].isdigit()
    )


@cache
def by_edge() -> dict[str, tuple[Pair, ...]]:
    """Pairs by each word at an edge of their replacement: one of these must stand inside an unknown word."""
    table: dict[str, list[Pair]] = {}
    for pair in pairs():
        parts = pair.replacement.split()
        for edge in {part for part in (parts[0], parts[-1]) if part.isalpha()}:
            table.setdefault(edge, []).append(pair)
    return {edge: tuple(found) for edge, found in table.items()}


@dataclass(frozen=True, slots=True)
class Repair:
    """A damaged span, the word it was, how common that word is, and the pair that explains it."""

    start: int
    end: int
    after: str
    level: int
    pair: Pair


@rule(
    "SUB001",
    "once-morest",
    fixes={
        "its offensive once morest the town": "its offensive against the town",
        "Once morest all odds they won": "Against all odds they won",
        "viaout the year": "throughout the year",
        "the distrihoweverion of seats": "the distribution of seats",
        "the ggreater thannment fell": "the government fell",
        "in the followingnoon": "in the afternoon",
        "refreshable energy in the freshspaper": "renewable energy in the newspaper",
        "on Januaryuary 5": "on January 5",
        "on Decemberember 24 in Oak Streetreet": "on December 24 in Oak Street",
        "the governorernment met on Wednesdaynesday": "the government met on Wednesday",
    },
    keeps=[
        "praised once more.",
        "once more, St. Petersburg",
        "The MediReview brand and viaOut() are names.",
        "chairperson and businessperson",
        "They however left, following the rest via Paris.",
        "Sundays in Howeverton",
        "The tokens are refreshable.",
        "She wrote of the skills of craftspersonship that she wishes all personkind had.",
        "Due persone sono scese in piazza.",
        "She wrote that tre persone had come to the town.",
        "He said that the talks went on.\nDe har mange personaler i byen, og det er ikke godt for dem som bor her.",
    ],
)
def once_morest(document: Document) -> Iterator[Edit]:
    """Restore a word that a blind find-and-replace broke: "once morest" was "against".

    A rewriting tool put "once more" for every "again", also inside words. A word that no list knows becomes the common
    word that one known pair explains. Whole words stay ("praised once more" is English) and are counted in the first
    reason; names, identifiers and addresses stay.
    """
    text = document.text
    suspects = _suspects(text)
    if not suspects:
        return
    candidates: list[list[Repair]] = []
    for found in sorted((at, at + len(word)) for word in suspects for at in places_in(text, word)):
        repairs = sorted(_repairs(text, found), key=lambda r: (r.level, r.start - r.end, r.pair.original))
        if repairs and not (candidates and found[0] < candidates[-1][0].end):
            candidates.append(repairs)
    candidates = [repairs for repairs in candidates if may_be_english(text, repairs[0].start, repairs[0].end)]
    if not candidates:
        return
    certain = _certain(text, candidates)
    noted: set[Pair] = set()
    for repairs in candidates:
        best = next((repair for repair in repairs if repair.pair in certain), repairs[0])
        if best.pair not in certain and (_is_listed(text[best.start : best.end]) or _may_be_a_name(text, best)):
            continue
        because = f'"{best.pair.replacement}" was put for "{best.pair.original}" inside "{best.after}"'
        if best.pair in certain and best.pair not in noted:
            noted.add(best.pair)
            because += _whole_words(text, best.pair)
        yield Edit(best.start, best.end, best.after, because, (), doubtful=best.pair not in certain)


def _whole_words(text: str, pair: Pair) -> str:
    """A note on the replacement where it stands as words of its own: that reads well and cannot be told from them."""
    found = len(re.findall(rf"\b{re.escape(pair.replacement)}\b", text, re.IGNORECASE))
    return f'; {found} x "{pair.replacement}" as whole words may have been "{pair.original}" and stay' if found else ""


def _suspects(text: str) -> set[str]:
    """The words of a text that no list has, or only a large one, and that a pair could have made."""
    words = list(vocabulary(text))
    folded = "\n".join(words).lower()
    edged = {folded.count("\n", 0, at) for _, at, _ in _edges()[0].find_matches_as_indexes(folded)}
    return {words[n] for n in edged if _is_suspect(words[n])}


@ask
def _damaged() -> Question:
    """Words that a replacement may have been put into."""
    written = [pair.replacement.split() for pair in pairs()]
    inside, ends = [parts for parts in written if len(parts) == 1], [parts for parts in written if len(parts) > 1]
    return Question(
        parts={parts[0] for parts in inside},
        heads={parts[-1] for parts in ends if parts[-1].isalpha()},
        tails={parts[0] for parts in ends if parts[0].isalpha()},
    )


@lru_cache(maxsize=1 << 16)
def _is_suspect(word: str) -> bool:
    lower = word.lower()
    return (
        len(word) <= LONGEST
        and lower not in english().levels
        and any(_could_make(pair, lower) for pair in _possible(lower))
    )


def _could_make(pair: Pair, word: str) -> bool:
    """Whether a word, or one that ends or begins with it, can be what a replacement left of a known word."""
    parts = pair.replacement.split()
    if len(parts) > 1:
        return word.startswith(parts[-1]) or word.endswith(parts[0])
    at = word.find(pair.replacement)
    while at >= 0:
        if _level(word[:at] + pair.original + word[at + len(pair.replacement) :]) <= DOUBTFUL:
            return True
        at = word.find(pair.replacement, at + 1)
    return False


def _is_listed(word: str) -> bool:
    """Whether a damaged form stands in a large list, or is a listed word with an ending that any word may take.

    Then only another, certain repair in the text speaks for it: "refreshable" may be meant, or was "renewable".
    """
    return " " not in word and (english().knows(word) or _is_derived(word.lower()))


def _is_derived(word: str) -> bool:
    stems = (word.removesuffix(ending) for ending in LIVING if word.endswith(ending))
    return any(english().level(stem) <= DOUBTFUL for stem in stems)


LIVING = ("able", "free", "hood", "ish", "kind", "less", "like", "ness", "proof", "ship", "wise")
"""Endings with which people make words that no list has."""


def _certain(text: str, candidates: list[list[Repair]]) -> set[Pair]:
    """The pairs that were at work in a text: one sure repair speaks for a pair, or two different damaged names."""
    certain: set[Pair] = set()
    names: dict[Pair, set[str]] = {}
    for repairs in candidates:
        best = repairs[0]
        if not _is_clear(text, repairs):
            continue
        if not _may_be_a_name(text, best):
            certain.add(best.pair)
        elif best.level <= NAME:
            names.setdefault(best.pair, set()).add(best.after)
    return certain | {pair for pair, words in names.items() if len(words) > 1}


def _is_clear(text: str, repairs: list[Repair]) -> bool:
    """Whether the best repair leads every other one, gives a common word, and mends what is no word."""
    best = repairs[0]
    rival = next((r for r in repairs if r.after.lower() != best.after.lower()), None)
    leads = rival is None or rival.level - best.level >= LEAD
    proves = not best.pair.stretched or _is_stretched(text[best.start : best.end].lower(), best)
    return leads and proves and best.pair.safe and best.level <= SAFE and not _is_listed(text[best.start : best.end])


def _is_stretched(damaged: str, repair: Repair) -> bool:
    """Whether a word is a common one around a written-out abbreviation ("Marchket"), no name and no compound."""
    rest = [piece for piece in damaged.split(repair.pair.replacement) if piece]
    known = all(piece in SUFFIXES or english().level(piece) <= DOUBTFUL for piece in rest)
    word = repair.after.lower()
    return word == repair.pair.replacement or (english().level(word) <= SAFE and not known)


SUFFIXES = frozenset({"a", "ed", "en", "er", "ers", "i", "ing", "ish", "ly", "s", "y"})
"""Endings that a word may have, so that it is no damage."""


def _is_identifier(text: str, start: int, end: int, written: str) -> bool:
    """Inner capitals, a digit, underscore or bracket beside it, an address or quoted code around it."""
    if not (written.islower() or written.isupper() or written.istitle()):
        return True
    before, behind = text[max(0, start - 1) : start], text[end : end + 1]
    if before in set("_0123456789@#/\\.`") - {""} or behind in set("_0123456789@(/\\`") - {""}:
        return not (before == "." and text[start - 2 : start - 1].isspace())
    begin = max(text.rfind(" ", 0, start), text.rfind("\n", 0, start)) + 1
    return "://" in text[begin:start] or "@" in text[end : end + 30].split(" ", maxsplit=1)[0]


def _may_be_a_name(text: str, repair: Repair) -> bool:
    """A capitalised word inside a sentence is a name, unless what it was is a name too, or it ends twice."""
    if not text[repair.start].isupper() or text[repair.start : repair.end].isupper() or _ends_twice(text, repair):
        return False
    before = text[max(0, repair.start - 10) : repair.start].rstrip(" \"'“‘(")
    return bool(before) and before[-1] not in ".!?:\n" and english().level(repair.after.lower()) != UNKNOWN


def _ends_twice(text: str, repair: Repair) -> bool:
    """Whether an abbreviation was expanded inside the word it stands for: "Streetreet"."""
    pair = repair.pair
    if not pair.replacement.startswith(pair.original):
        return False
    return text[repair.start : repair.end].lower() == pair.replacement + pair.replacement[len(pair.original) :]


def _repairs(text: str, place: tuple[int, int]) -> Iterator[Repair]:
    """Every known word that one pair makes of the unknown word, or of it and its neighbours."""
    first = max(0, place[0] - WINDOW)
    window = text[first : place[1] + WINDOW]
    folded = window.lower()
    if len(folded) != len(window):
        return
    low, high = place[0] - first, place[1] - first
    for pair in _possible(folded[low:high]):
        at = folded.find(pair.replacement)
        while at >= 0:
            end = at + len(pair.replacement)
            if at < high and end > low:
                repair = _repair(window, folded, (at, end), pair)
                if repair and not _is_identifier(
                    text, first + repair.start, first + repair.end, _plain(window, repair)
                ):
                    yield replace(repair, start=first + repair.start, end=first + repair.end)
            at = folded.find(pair.replacement, at + 1)


@lru_cache(maxsize=1 << 12)
def _possible(word: str) -> tuple[Pair, ...]:
    """The pairs of which an edge stands inside a word."""
    search, known = _edges()
    hits = sorted({index for index, _, _ in search.find_matches_as_indexes(word, overlapping=True)})
    return tuple(dict.fromkeys(pair for index in hits for pair in known[index]))


@cache
def _edges() -> tuple[AhoCorasick, list[tuple[Pair, ...]]]:
    """A search for all edges at once, and the pairs of each."""
    from ahocorasick_rs import AhoCorasick

    table = by_edge()
    return AhoCorasick(list(table)), list(table.values())


def _repair(window: str, folded: str, place: tuple[int, int], pair: Pair) -> Repair | None:
    """The word that stood at a replacement's place in the window, when there is one."""
    at, end = place
    start, until = _widened(folded, at, end)
    prefix, suffix = folded[start:at], folded[end:until]
    level = _level(prefix + pair.original + suffix)
    if not (prefix or suffix) or folded[start:until] in pair.real or level > DOUBTFUL:
        return None
    parts = pair.replacement.split()
    if len(parts) > 1:
        pieces = ([prefix + parts[0]] if prefix else []) + ([parts[-1] + suffix] if suffix else [])
        if all(english().level(piece) != UNKNOWN for piece in pieces):
            return None
    capital = pair.written != pair.replacement and window[at:end] == pair.written
    like = (window[start:at] or "a") if capital else window[start:until]
    return Repair(start, until, _cased(prefix + pair.original + suffix, like), level, pair)


def _plain(window: str, repair: Repair) -> str:
    """The damaged words without the capitals that the replacement brought along."""
    written = window[repair.start : repair.end]
    return written.replace(repair.pair.written, repair.pair.replacement).replace(" ", "")


def _widened(window: str, start: int, end: int) -> tuple[int, int]:
    while start and window[start - 1].isalpha():
        start -= 1
    while end < len(window) and window[end].isalpha():
        end += 1
    return start, end


def _level(word: str) -> int:
    """How common a word is, names among them: a tool that ignores case breaks names too."""
    lexicon = english()
    return min(lexicon.level(word), lexicon.level(word.capitalize()))


def _cased(word: str, like: str) -> str:
    if like.isupper() and len(like) > 1:
        return word.upper()
    if like[0].isupper() or english().level(word) == UNKNOWN:
        return word[0].upper() + word[1:]
    return word


FIGURE = re.compile("(?:10|[124])(?=[a-z])")
DIGITS = re.compile(r"(?<![\w.@/#&-])([a-z]{0,15})(10|[124])([a-z]{1,15})(?![\w.@/-]|\.\w)")
SPELLED = {"1": ("one",), "2": ("two", "to"), "4": ("for",), "10": ("ten",)}
PLAIN = 35
"""Level of the rarest word that a figure is read into, and letters of the shortest."""
LETTERS = 5


@rule(
    "SUB003",
    "figures-for-words",
    fixes={"He has no m1y and the ne2rk is down.": "He has no money and the network is down."},
    keeps=[
        "The mp4s of the H1N1 talk, b2b and in 4x4 mode.",
        "Only one of them, m1y, is here, with some1 of the others.",
        "Go to m1y.example.org/ne2rk and a2b.",
        "On the 4th and 10th day of it.",
    ],
    safety="unsafe",
    default=False,
    needs=[f"{figure}{letter}" for figure in "0124" for letter in ascii_lowercase],
)
def figures_for_words(document: Document) -> Iterator[Edit]:
    """Write out a figure that a find-and-replace put inside words: "m1y" was "money".

    It replaced "one" by "1" everywhere. Not safe: people write "some1", and model names look alike. Two different words
    of a text must be common ones with the figure spelled out.
    """
    found = []
    for figure in FIGURE.finditer(document.text):
        start = _widened(document.text, figure.start(), figure.end())[0]
        match = DIGITS.match(document.text, start)
        if not match or match[3] == "th":
            continue
        made = {match[1] + word + match[3] for word in SPELLED[match[2]]}
        known = [word for word in made if len(word) >= LETTERS and _level(word) <= PLAIN]
        if len(known) == 1 and match[1] not in SLANG:
            found.append((match, known[0]))
    if len({word for _, word in found}) > 1:
        for match, word in found:
            yield Edit(match.start(), match.end(), word, f'"{match[2]}" was put for letters of "{word}"')


SLANG = frozenset(("some", "any", "every", "no", "be", "in", "on"))
"""Words that people do write a figure behind."""


@ask
def _named() -> Question:
    """Capitals and countries in small letters."""
    return Question(whole=english().places)


@rule(
    "SUB002",
    "lower-case-name",
    fixes={"talks between Moscow and kyiv went on": "talks between Moscow and Kyiv went on"},
    keeps=["Kyiv and Moscow", "turkey and china for dinner", "www.paris.example and berlin@example.com"],
    safety="unsafe",
)
def lower_case_name(document: Document) -> Iterator[Edit]:
    """Write the name of a capital or country with its capital letter: "kyiv".

    A tool that rewrote the text lower-cased it. Not safe: in an address, a user name or a title in lower case it may be
    meant.
    """
    names = english().places
    if names.keys().isdisjoint(vocabulary(document.text)):
        return
    for found in WORD.finditer(document.text):
        word = found[0]
        if (
            word in names
            and not _is_identifier(document.text, found.start(), found.end(), word)
            and document.text[found.end() : found.end() + 2] not in (".e", ".c")
        ):
            yield Edit(found.start(), found.end(), names[word], f'"{names[word]}" is a name')
