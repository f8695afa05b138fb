"""SUB: words that a careless find-and-replace put there."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from cleaner.lexicon import UNKNOWN, english
from cleaner.rule import rule
from cleaner.text import Document, Edit

HERE = Path(__file__).parent
WORD = re.compile(r"[^\W\d_]+")
WINDOW = 60
"""Characters around an unknown word in which a replacement of several words is looked for."""
SAFE = 50
DOUBTFUL = 70
"""Levels of the rarest word that is restored safely, and at all."""
LEAD = 15
"""Levels by which the best restoration must lead a different one."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A blind replacement. `real` are damaged forms that are words themselves."""

    original: str
    replacement: str
    safe: bool
    real: frozenset[str]


@cache
def pairs() -> tuple[Pair, ...]:
    """The known pairs, from the table beside this file."""
    with (HERE / "substitution.toml").open("rb") as file:
        rows = tomllib.load(file)["pair"]
    return tuple(
        Pair(row["original"], row["replacement"].lower(), row["fix"] == "auto", frozenset(row.get("real", ())))
        for row in rows
        if not row["replacement"][0].isdigit()
    )


@cache
def by_edge() -> dict[str, tuple[Pair, ...]]:
    """Pairs by each word at an edge of their replacement: one of these must stand inside an unknown word."""
    table: dict[str, list[Pair]] = {}
    for pair in pairs():
        parts = pair.replacement.split()
        for edge in {parts[0], parts[-1]}:
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
        "on Januaryuary 5": "on January 5",
    },
    keeps=[
        "praised once more.",
        "once more, St. Petersburg",
        "The MediReview brand and viaOut() are names.",
        "chairperson and businessperson",
        "They however left, following the rest via Paris.",
        "Sundays in Howeverton",
    ],
)
def once_morest(document: Document) -> Iterator[Edit]:
    """Restore a word that a blind find-and-replace broke: "once morest" was "against".

    A rewriting tool put "once more" for every "again", also inside words. A word that no list knows becomes the common
    word that one known pair explains. Whole words stay ("praised once more" is English), and so do names, identifiers
    and addresses.
    """
    lexicon = english()
    unknown: dict[str, bool] = {}
    covered = -1
    for found in WORD.finditer(document.text):
        word = found[0]
        if word not in unknown:
            unknown[word] = word not in lexicon.levels and bool(_edges(word.lower())) and not lexicon.knows(word)
        if not unknown[word] or found.start() < covered or _is_identifier(document.text, found):
            continue
        best = _best(document.text, found)
        if best and not _may_be_a_name(document.text, best[0]):
            repair, sure = best
            covered = repair.end
            because = f'"{repair.pair.replacement}" was put for "{repair.pair.original}" inside "{repair.after}"'
            yield Edit(repair.start, repair.end, repair.after, because, (), doubtful=not sure)


def _edges(word: str) -> list[str]:
    return [edge for edge in by_edge() if edge in word]


def _is_identifier(text: str, found: re.Match[str]) -> bool:
    """Inner capitals, a digit, underscore or bracket beside it, an address or quoted code around it."""
    word = found[0]
    if not (word.islower() or word.isupper() or word.istitle()):
        return True
    before, behind = text[max(0, found.start() - 1) : found.start()], text[found.end() : found.end() + 1]
    if before in set("_0123456789@#/\\.`") - {""} or behind in set("_0123456789@(/\\`") - {""}:
        return not (before == "." and text[found.start() - 2 : found.start() - 1].isspace())
    start = max(text.rfind(" ", 0, found.start()), text.rfind("\n", 0, found.start())) + 1
    return "://" in text[start : found.start()] or "@" in text[found.end() : found.end() + 30].split(" ", maxsplit=1)[0]


def _may_be_a_name(text: str, repair: Repair) -> bool:
    """A capitalised word inside a sentence is a name, unless what it was is a name too."""
    if not text[repair.start].isupper() or text[repair.start : repair.end].isupper():
        return False
    before = text[max(0, repair.start - 10) : repair.start].rstrip(" \"'“‘(")
    return bool(before) and before[-1] not in ".!?:\n" and english().level(repair.after.lower()) != UNKNOWN


def _best(text: str, found: re.Match[str]) -> tuple[Repair, bool] | None:
    """The best restoration at an unknown word and whether it is beyond doubt."""
    repairs = sorted(_repairs(text, found), key=lambda r: (r.level, r.start - r.end, r.pair.original))
    if not repairs:
        return None
    best = repairs[0]
    rival = next((r for r in repairs if r.after.lower() != best.after.lower()), None)
    clear = rival is None or rival.level - best.level >= LEAD
    return best, clear and best.pair.safe and best.level <= SAFE


def _repairs(text: str, found: re.Match[str]) -> Iterator[Repair]:
    lexicon = english()
    first = max(0, found.start() - WINDOW)
    window = text[first : found.end() + WINDOW].lower()
    low, high = found.start() - first, found.end() - first
    for pair in dict.fromkeys(pair for edge in _edges(found[0].lower()) for pair in by_edge()[edge]):
        at = window.find(pair.replacement)
        while at >= 0:
            end = at + len(pair.replacement)
            if at < high and end > low:
                start, until = _widened(window, at, end)
                glued = window[start:until]
                restored = window[start:at] + pair.original + window[end:until]
                level = _level(restored)
                if (start, until) != (at, end) and glued not in pair.real and level <= DOUBTFUL:
                    pieces = (
                        window[start:at] + pair.replacement.split()[0],
                        pair.replacement.split()[-1] + window[end:until],
                    )
                    if " " not in pair.replacement or any(lexicon.level(piece) == UNKNOWN for piece in pieces):
                        written = text[first + start : first + until]
                        yield Repair(first + start, first + until, _cased(restored, written), level, pair)
            at = window.find(pair.replacement, at + 1)


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
    places = english().places
    for found in WORD.finditer(document.text):
        word = found[0]
        if (
            word in places
            and not _is_identifier(document.text, found)
            and document.text[found.end() :][:2] not in (".e", ".c")
        ):
            yield Edit(found.start(), found.end(), places[word], f'"{places[word]}" is a name')
