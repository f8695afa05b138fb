"""What a line says that holds nothing but dates and names: when a text appeared, who wrote it.

A line is read piece by piece: a label, a weekday, a date, a time, a name, the minutes it takes to read. Only a line
that such pieces make up entirely says anything.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date as calendar_date
from functools import cache, lru_cache

from cleaner.lexicon import english
from cleaner.rule import bundled

LABEL = 5
"""Letters of a word that alone makes a date a stamp: "Updated", not "on"."""


@dataclass(frozen=True, slots=True)
class Read:
    """What a line says: dates by what they are ("date", "updated"), the author, and the author's office or paper.

    A `stamp` is a date with the time of day, or with a word that says what it is the date of.
    """

    dates: tuple[tuple[str, str], ...]
    author: str
    role: str = ""
    source: str = ""
    stamp: bool = False


@cache
def table() -> dict[str, dict[str, str | list[str]]]:
    """The words that such lines are made of, by kind and language."""
    with (bundled() / "bylines.toml").open("rb") as file:
        return tomllib.load(file)


@cache
def _months() -> dict[str, int]:
    """Numbers of months by every name of them, in small letters and without a stop."""
    return {
        name.lower(): number
        for names in table()["months"].values()
        for number, several in enumerate(names, 1)
        for name in several.split()
    }


def any_of(names: Iterable[str]) -> str:
    """A pattern of names, to be used without regard to case: the longest one first, those that begin alike together.

    Most places of a line begin like few of them.
    """
    alike: dict[str, list[str]] = {}
    for name in sorted(set(names), key=len, reverse=True):
        alike.setdefault(name[0], []).append(re.escape(name[1:]))
    return "|".join(f"{re.escape(first)}(?:{'|'.join(rests)})" for first, rests in alike.items())


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    """The pieces of a line, each tried where the one before it ended."""
    known = table()
    month = any_of(list(_months()))
    weekdays = any_of([day.lower() for days in known["weekdays"].values() for day in str(days).split()])
    labels = {kind: any_of([str(label) for label in known["labels"][kind]]) for kind in known["labels"]}
    end = r"(?![^\W_])"
    written = {
        "iso": rf"(?P<y>\d{{4}})-(?P<m>\d\d)-(?P<d>\d\d)(?:T\d\d:\d\d(?::\d\d)?(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?)?{end}",
        "day_first": (
            rf"(?P<d>\d{{1,2}})(?:st|nd|rd|th|er|\.|º)?\s?(?:de |of )?(?P<n>{month})\.?,? (?:de )?(?P<y>\d{{4}}){end}"
        ),
        "year_first": rf"(?P<y>\d{{4}})[/.](?P<m>\d{{1,2}})[/.](?P<d>\d{{1,2}}){end}",
        "month_first": rf"(?P<n>{month})\.? (?P<d>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<y>\d{{4}}){end}",
        "day_only": rf"(?P<n>{month})\.? \d{{1,2}}(?:st|nd|rd|th)?{end}(?! \d{{4}})",
        "dotted": rf"(?P<d>\d{{1,2}})\.\s?(?P<m>\d{{1,2}})\.\s?(?P<y>\d{{4}}){end}",
        "day_over_12": rf"(?P<d>1[3-9]|2\d|3[01])/(?P<m>\d{{1,2}})/(?P<y>\d{{4}}){end}",
        "month_before_it": rf"(?P<m>\d{{1,2}})/(?P<d>1[3-9]|2\d|3[01])/(?P<y>\d{{4}}){end}",
        "two_ways": rf"(?P<d>\d{{1,2}})/(?P<m>\d{{1,2}})/(?P<y>\d{{4}}){end}",
        "updated": rf"(?:{labels['updated']}){end}:?",
        "published": rf"(?:{labels['published']}){end}:?",
        "weekday": rf"(?:{weekdays}){end}\.?",
        "hour": rf"\d{{1,2}}(?:[:.h]\d\d(?::\d\d)?)?\s?(?:[ap]\.?m|uhr|h|uur){end}\.?",
        "time": rf"\d{{1,2}}(?:h\d\d|:\d\d(?::\d\d)?(?:\s?[+-]\d\d:?\d\d)?){end}",
        "nobody": rf"(?:{labels['nobody']}){end}",
        "zone": rf"(?:{labels['zone']}|[ECMPAH][SD]?T)(?:[+-]\d{{1,2}}(?::?\d\d)?)?{end}",
        "reading": (
            rf"(?:reading time:?\s?)?\d{{1,3}} ?(?:min(?:utes?|s)?\.?(?: read)?|minuten lesezeit|min de lecture){end}"
        ),
        "comments": rf"(?:\d{{1,4}}|no) comments?{end}",
        "word": rf"(?:{labels['time']}){end}",
        "clock": r"(?:\d{4}|\d{1,2}\.\d\d)(?= (?:GMT|UTC|ET|[EP][SD]T|HKT|BST|CES?T|AE[SD]T)\b)",
        "agency": rf"(?:{any_of([str(name) for name in known['credits']['agencies']])}){end}",
        "separator": r"[\s,;|·•⋅–—/()-]+",
    }
    return {name: re.compile(pattern, re.IGNORECASE) for name, pattern in written.items()}


def _piece(line: str, at: int) -> str:
    """Which piece, the first of all that match, stands at a place; none is empty."""
    found = _any_piece().match(line, at)
    return found.lastgroup or "" if found else ""


@cache
def _any_piece() -> re.Pattern[str]:
    """The pieces as one pattern, each a group of its name without those inside it."""
    named = (f"(?P<{name}>{_NAMED.sub('(?:', piece.pattern)})" for name, piece in _patterns().items())
    return re.compile("|".join(named), re.IGNORECASE)


_NAMED = re.compile(r"\(\?P<\w>")


NAME = re.compile(r"(?:[A-ZÀ-ÖØ-Þ][\w.'’-]{0,25})")
_TITLE = r"(?:[A-Z][\w.&'’-]*|of|the|and|for)"
ROLE = re.compile(rf"(?:, | \| | for |,? [–—-] )({_TITLE}(?:,? {_TITLE}){{0,6}})")
"""What may follow a name: an office, a title or a paper, in capitals."""


@lru_cache(maxsize=1 << 12)
def read(line: str, day_first: bool = False) -> Read | None:
    """What a line of dates and names says; None when it holds anything else.

    A date that can be read two ways is read only by a `day_first` that is known.
    """
    dates: list[tuple[str, str]] = []
    author, source, kind, at = "", "", "date", 0
    stamp = False
    label = author_label().match(line)
    if label:
        author, at = _name(line, label.end())
        role = ROLE.fullmatch(line, at)
        if not author or role:
            return Read((), author, role[1]) if author and role else None
        at += line.startswith(".", at)
    while at < len(line):
        label = author_label().match(line, at) if dates and not author else None
        if label and (named := _name(line, label.end()))[0]:
            author, at = named
            continue
        piece = _piece(line, at)
        found = _patterns()[piece].match(line, at) if piece else None
        if not found:
            return None
        if "y" in found.groupdict():
            sure = piece != "two_ways" or day_first or int(found["d"]) == int(found["m"])
            day = _iso(found) if sure else ""
            if not day:
                return None
            dates.append((kind, day))
            kind = "date"
        elif piece in ("updated", "published"):
            kind = "updated" if piece == "updated" else "date"
            stamp = stamp or len(found[0].strip(" :")) >= LABEL
        elif piece == "day_only" and not dates:
            return None  # without the year of another date beside it nobody knows which day that is
        elif piece == "agency":
            source = found[0]
        stamp = stamp or piece in ("hour", "time", "clock")
        at = found.end()
    return Read(tuple(dates), author, "", source, stamp and bool(dates)) if dates or author else None


def _iso(found: re.Match[str]) -> str:
    parts = found.groupdict()
    month = _months()[parts["n"].lower()] if parts.get("n") else int(parts["m"])
    try:
        return calendar_date(int(parts["y"]), month, int(parts["d"])).isoformat()
    except ValueError:
        return ""


@cache
def author_label() -> re.Pattern[str]:
    """What stands before the name of an author, and the blank behind it."""
    labels = any_of(map(str, table()["labels"]["author"]))
    return re.compile(rf"(?:{labels})(?:\s?:\s?|\s)(?=[A-ZÀ-ÖØ-Þ])", re.IGNORECASE)


@cache
def _particles() -> frozenset[str]:
    return frozenset(str(table()["particles"]["names"]).split())


def _name(line: str, at: int) -> tuple[str, int]:
    """A name of two to five words, or several joined, from a place on; empty when it does not look like one."""
    particles = _particles()
    start = end = at
    tokens: list[str] = []
    for found in _TOKEN.finditer(line, at):
        beside = found.start() == end if not tokens else line[end : found.start()] == " "
        if not beside or _stops(found[0]):
            break
        if not NAME.fullmatch(found[0]) and found[0] not in particles:
            break
        tokens.append(found[0])
        end = found.end()
    while tokens and tokens[-1] in particles:
        end -= len(tokens.pop()) + 1
    capital = [token for token in tokens if token[0].isupper()]
    if not 2 <= len(capital) <= LONGEST_NAME or all(_is_common(token) for token in capital):
        return "", at
    if line[end - 1] == "." and len(tokens[-1]) > SHORT_FORM:
        end -= 1
    return line[start:end], end


SHORT_FORM = 3
"""Characters of an initial or "Jr." at the end of a name; behind a longer word a stop ends the line."""
_TOKEN = re.compile(r"[^\s,;|·•⋅–—/()]+")
LONGEST_NAME = 8


def _stops(token: str) -> bool:
    """Whether a word ends a name: a month, a weekday or a label."""
    plain = token.lower().rstrip(".:")
    return plain in _months() or any(
        _patterns()[piece].fullmatch(plain) for piece in ("weekday", "updated", "published")
    )


def _is_common(word: str) -> bool:
    """Whether a word of a supposed name is an everyday one and no name: "By Popular Demand", but "By John Smith"."""
    return english().level(word.lower()) <= COMMON and word.capitalize() not in english().levels


COMMON = 50
