"""MET: the lines between the title and the text: when it appeared, who wrote it. What one says, `cleaner.byline` reads.

Such a line is taken only shortly before the first paragraph; the same line inside the text is a chronology, an agenda
or a list of books. A stamp, which is a date with the time of day or with a word like "published", is also taken below
the one or two sentences that sum an article up, with the name beside it, and behind the last paragraph.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from itertools import pairwise
from string import digits

from cleaner.byline import Read, author_label, read, table
from cleaner.language import language
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
CHRONOLOGY = 3
"""Lines of nothing but a date, each over a paragraph, that make a text a chronology or a diary."""


@cache
def _sought() -> Sought:
    """Lines that may be read: such as hold a year, or begin with a label of authors and what may stand behind it."""
    labels = [str(label).lower() for label in table()["labels"]["author"]]
    begins = {f"{label}{behind}"[:3] for label in labels for behind in ": \t\v\f\r\x1c\x1d\x1e\x1f"}
    return Sought(LONGEST, frozenset(filter(str.isascii, begins)), frozenset(digits), row=4)


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
        may = _HAS_YEAR.search(line) or author_label().match(line)  # a quick test
        if may and not line.startswith("date ") and (known := read(line) or _read_by_day(line, text)):
            found[n] = known
    return found


def _read_by_day(line: str, text: str) -> Read | None:
    """What a line with a date that can be read two ways says in a language that writes the day first."""
    may = _TWO_WAYS.search(line) and read(line, day_first=True)
    return may if may and language(text) in str(table()["orders"]["day_first"]).split() else None


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
