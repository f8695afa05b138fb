"""MET: the lines between the title and the text: when it appeared, who wrote it.

A line is read piece by piece: a label, a weekday, a date, a time, a name, the minutes it takes to read. Only a line
that such pieces make up entirely is taken, and only shortly before the first paragraph; the same line inside the text
is a chronology, an agenda or a list of books. A stamp, which is a date with the time of day or with a word like
"published", is also taken below the one or two sentences that sum an article up, with the name beside it, and behind
the last paragraph.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date as calendar_date
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path
from string import digits

from cleaner.language import language
from cleaner.lexicon import english
from cleaner.line_marks import BODY, Sought, marks, short_lines
from cleaner.rule import rule
from cleaner.segment import Span, filled, lines, whole
from cleaner.text import Document, Edit, Facts

BEFORE = 8
"""Lines before the first paragraph in which date and name are looked for."""
LONGEST = 120
"""Characters of the longest such line."""
TOP = 12
"""Lines at the head of a text in which a stamp may stand below a summary or a caption."""
SUMMARY = 2
"""Lines of prose over such a stamp, at most."""
BEHIND = 5
"""Last lines of a text in which a stamp is looked for."""
LABEL = 5
"""Letters of a word that alone makes a date a stamp: "Updated", not "on"."""
CHRONOLOGY = 3
"""Lines of nothing but a date, each over a paragraph, that make a text a chronology or a diary."""


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
def _table() -> dict[str, dict[str, str | list[str]]]:
    with (Path(__file__).parent / "bylines.toml").open("rb") as file:
        return tomllib.load(file)


@cache
def _months() -> dict[str, int]:
    """Numbers of months by every name of them, in small letters and without a stop."""
    return {
        name.lower(): number
        for names in _table()["months"].values()
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
    table = _table()

    month = any_of(list(_months()))
    weekdays = any_of([day.lower() for days in table["weekdays"].values() for day in str(days).split()])
    labels = {kind: any_of([str(label) for label in table["labels"][kind]]) for kind in table["labels"]}
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
        "agency": rf"(?:{any_of([str(name) for name in table['credits']['agencies']])}){end}",
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
    label = _author_label().match(line)
    if label:
        author, at = _name(line, label.end())
        role = ROLE.fullmatch(line, at)
        if not author or role:
            return Read((), author, role[1]) if author and role else None
        at += line.startswith(".", at)
    while at < len(line):
        label = _author_label().match(line, at) if dates and not author else None
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
def _author_label() -> re.Pattern[str]:
    labels = any_of(map(str, _table()["labels"]["author"]))
    return re.compile(rf"(?:{labels})(?:\s?:\s?|\s)(?=[A-ZÀ-ÖØ-Þ])", re.IGNORECASE)


@cache
def _sought() -> Sought:
    """Lines that may be read: such as hold a year, or begin with a label of authors and what may stand behind it."""
    labels = [str(label).lower() for label in _table()["labels"]["author"]]
    begins = {f"{label}{behind}"[:3] for label in labels for behind in ": \t\v\f\r\x1c\x1d\x1e\x1f"}
    return Sought(LONGEST, frozenset(filter(str.isascii, begins)), frozenset(digits), row=4)


@cache
def _particles() -> frozenset[str]:
    return frozenset(str(_table()["particles"]["names"]).split())


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


@lru_cache(maxsize=2)
def _head(text: str) -> tuple[tuple[Span, Read], ...]:
    """The lines around the text that hold nothing but dates and names, but for those of MET001."""
    rows, seen, shown = lines(text), marks(text), filled(text)
    first, last = max(seen.find(BODY), 0), seen.rfind(BODY)
    third = first
    for _ in range(SUMMARY):
        third = seen.find(BODY, third + 1) if third >= 0 else third
    below = bisect_left(shown, third) if third >= 0 else len(shown)
    above = shown[: bisect_left(shown, first)][-BEFORE:]
    head = shown[bisect_right(shown, first) : min(below, TOP)]
    tail = shown[max(bisect_right(shown, last), len(shown) - BEHIND) :] if last >= 0 else ()
    beside = [*head, *tail]
    amid = range(head[-1] + 1 if head else first + 1, tail[0] if tail else len(rows))
    told = _told(text, {*above, *beside}.intersection(short_lines(text, _sought(), amid)))
    if not told:
        return ()
    found = {n: told[n] for n in above if n in told}
    stamps = {n for n in beside if n in told and told[n].stamp}
    if stamps and not _is_chronology(text):
        found |= {n: told[n] for n in stamps}
        found |= {n: told[n] for n in beside if n in told and told[n].author and not stamps.isdisjoint((n - 1, n + 1))}
    return tuple((rows[n], known) for n, known in sorted(found.items()))


def _told(text: str, numbers: Iterable[int]) -> dict[int, Read]:
    """What lines with these numbers say that hold nothing but dates and names."""
    rows, found = lines(text), {}
    for n in numbers:
        line = rows.text(n).strip()
        may = _HAS_YEAR.search(line) or _author_label().match(line)  # a quick test
        if may and not line.startswith("date ") and (known := read(line) or _read_by_day(line, text)):
            found[n] = known
    return found


def _read_by_day(line: str, text: str) -> Read | None:
    """What a line with a date that can be read two ways says in a language that writes the day first."""
    may = _TWO_WAYS.search(line) and read(line, day_first=True)
    return may if may and language(text) in str(_table()["orders"]["day_first"]).split() else None


_TWO_WAYS = re.compile(r"\d/\d{1,2}/\d{4}")


def _is_chronology(text: str) -> bool:
    """Whether lines of nothing but a date stand between paragraphs again and again."""
    rows, seen, may = lines(text), marks(text), {*short_lines(text, _sought())}
    dated = 0
    for n, below in pairwise(filled(text)):
        if n in may and seen[below] == BODY[0]:
            row = rows.text(n)
            dated += len(row) <= LONGEST and bool(_HAS_YEAR.search(row)) and read(row.strip()) is not None
    return dated >= CHRONOLOGY


_HAS_YEAR = re.compile(r"[0-9][0-9][0-9][0-9]")
"""Written so, a search looks for the first digit by itself: "[0-9]{4}" takes five times as long."""


def _taken(document: Document, *, named: bool) -> Iterator[tuple[Span, Facts]]:
    rows = [(row, known) for row, known in _head(document.text) if bool(known.author) == named]
    if rows and not (not named and _is_chronology(document.text)):
        for row, known in rows:
            names = (("author", known.author), ("role", known.role), ("source", known.source))
            yield row, tuple(fact for fact in names if fact[1]) + known.dates


OPENED = "The mayor of the town opened it before a crowd of some hundred people on Sunday."
MORE = "The road behind it will stay closed until the end of the year, because the money has run out again."
LAST = "Nobody in the council wanted to say on Sunday evening who will have to pay for the rest of the work."
OUVERT = "Le maire de la ville l'a ouvert dimanche devant une centaine de personnes venues de tout le pays."
OFFEN = "Der Bürgermeister der Stadt hat sie am Sonntag vor etwa hundert Leuten aus dem ganzen Land eröffnet."


@rule(
    "MET004",
    "date-line",
    fixes={
        f"The bridge is open\nPublished on March 3, 2024 at 10:15 am EST\n{OPENED}": f"The bridge is open\n{OPENED}",
        f"Die Brücke ist offen\n21. März 2024, 10:15 Uhr\n{OFFEN}": f"Die Brücke ist offen\n{OFFEN}",
        f"{OPENED}\nMarch 3, 2024, 9:28 AM UTC\n{MORE}\n{LAST}": f"{OPENED}\n{MORE}\n{LAST}",
        f"{OPENED}\n{MORE}\nFirst published on March 3, 2024 / 1:07 AM": f"{OPENED}\n{MORE}",
        f"{OPENED}\nMarch 3, 2024, 9:28 AM UTC\n{MORE}": f"{OPENED}\n{MORE}",
        f"The bridge is open\nReuters, March 3, 2024\n{OPENED}": f"The bridge is open\n{OPENED}",
        f"The bridge is open\n2024/03/21 10:15\n{OPENED}": f"The bridge is open\n{OPENED}",
        f"The bridge is open\nUpdated: 21/03/2024 - 10:15\n{OPENED}": f"The bridge is open\n{OPENED}",
        f"The bridge is open\nThu 21 Mar 2024 10.15 GMT\n{OPENED}": f"The bridge is open\n{OPENED}",
        f"Le pont est ouvert\nPublié le 03/04/2024 à 10h15\n{OUVERT}": f"Le pont est ouvert\n{OUVERT}",
        f"Мост открыт\nОпубликовано: 21 марта 2024, 10:15\n{OPENED}": f"Мост открыт\n{OPENED}",
        f"The bridge is open\nPosted on March 3, 2024 by admin\n{OPENED}": f"The bridge is open\n{OPENED}",
        f"The bridge is open\nSun, 03 Mar 2024 10:15:00 +0000\n{OPENED}": f"The bridge is open\n{OPENED}",
        f"{OPENED}\nMarch 3, 2024 at 2:26 PM HST - Updated March 4 at 4:46 PM\n{MORE}\n{LAST}": (
            f"{OPENED}\n{MORE}\n{LAST}"
        ),
        f"The bridge is open\nPUBLISHED: 14:16 EST, 29 January 2013 | UPDATED: 18:17, 30 January 2013\n{OPENED}": (
            f"The bridge is open\n{OPENED}"
        ),
    },
    keeps=[
        f"KYIV, March 3, 2024 (Reuters) - {OPENED}",
        f"The bridge is open\n03/04/2024\n{OPENED}",
        f"{OPENED}\nMarch 3, 2024\nIt rained.",
        # what happened when, and a meeting that will begin at a certain time
        f"{OPENED}\nMarch 3, 2024\n{MORE}\n{LAST}",
        f"{OPENED}\n3 March 2024, 9:28\n{MORE}\n3 March 2024, 10:40\n{LAST}\n3 March 2024, 11:05\n{OPENED}",
        f"{OPENED}\n{MORE}\n{LAST}\nMarch 3, 2024, 9:28 AM\n{OPENED}",
        f"The long way\nMarch 3, 2024\n{OPENED}\nMarch 4, 2024\n{OPENED}\nMarch 5, 2024\n{OPENED}",
        f"The bridge is open\nFebruary 30, 2024\n{OPENED}",
        f"The bridge is open\n31/02/2024\n{OPENED}",
    ],
)
def date_line(document: Document) -> Iterator[Edit]:
    """Move a line that holds only dates, shortly before the first paragraph, to metadata as ISO dates.

    Page layouts put it there. With the time of day or a word like "published" it is also taken below a summary of a
    sentence or two, and behind the last paragraph. A date that can be read two ways ("03/04/2024") is read where the
    text is in a language that writes the day first; in English it, dates that do not exist, and texts in which such
    lines head several paragraphs are left alone.
    """
    for row, facts in _taken(document, named=False):
        start, end = whole(document.text, row)
        yield Edit(start, end, "", "the line holds a date and nothing else", facts)


@rule(
    "MET005",
    "byline",
    fixes={
        f"The bridge is open\nBy Jane Roe and Paul van Poe | March 3, 2024 | 5 min read\n{OPENED}": (
            f"The bridge is open\n{OPENED}"
        ),
        f"The bridge is open\nBy Jane Roe, Staff Writer\n{OPENED}": f"The bridge is open\n{OPENED}",
        f"Die Brücke ist offen\nVon Johanna Röhm\n{OFFEN}": f"Die Brücke ist offen\n{OFFEN}",
        f"The bridge is open\nBy JOHN SMITH\n{OPENED}": f"The bridge is open\n{OPENED}",
    },
    keeps=[
        f"The bridge is open\nBy Popular Demand\n{OPENED}",
        "By the time Jane Roe came, the mayor of the town had opened it before a crowd of some hundred people.",
        f"The bridge is open\nBy Jane Roe/Example.\n{OPENED}",
        f"By Functionality\n{OPENED}",
        f"{OPENED}\nby Jane Roe\nIt rained.",
    ],
)
def byline(document: Document) -> Iterator[Edit]:
    """Move a line of the author's name, and perhaps dates, shortly before the first paragraph to metadata.

    It needs a word such as "By" or "Von" and a name of two words or more that is no everyday phrase. Names in lists of
    books or films stand between paragraphs and stay.
    """
    for row, facts in _taken(document, named=True):
        start, end = whole(document.text, row)
        yield Edit(start, end, "", "the line holds the author's name and nothing else", facts)
