"""MET: what stands in the text and tells of it: moved to metadata, never just dropped."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date as calendar_date
from string import digits

from cleaner.line_marks import Sought, short_lines
from cleaner.rule import Look, rule
from cleaner.segment import QUOTES, filled, is_prose, lines, tokens, whole
from cleaner.text import Document, Edit

DATE_HEADER = re.compile(r"date (\d{4})-(\d{2})-(\d{2})(?: +([A-Z][^\W\d_][\w &'-]{0,40}))?")
HEAD_LINES = 3


@rule(
    "MET001",
    "date-header",
    fixes={
        " date 2024-03-21 \n\nThe vote is over.": "The vote is over.",
        "date 2022-12-31 World News\nThe vote is over.": "The vote is over.",
    },
    keeps=[
        "The date 2022-12-31 was set by the court.",
        "date 2023-02-29\nThe vote is over.",
        "One.\nTwo.\nThree.\ndate 2022-12-31",
    ],
    needs=[f"date {digit}" for digit in digits],
)
def date_header(document: Document) -> Iterator[Edit]:
    """Move a line "date YYYY-MM-DD Section" among the first three to metadata.

    A scraper wrote it over the text. Only a line that holds nothing else is taken, with a date that exists.
    """
    rows = lines(document.text)
    for n in filled(document.text)[:HEAD_LINES]:
        found = DATE_HEADER.fullmatch(rows.text(n).strip())
        date = f"{found[1]}-{found[2]}-{found[3]}" if found else ""
        if found and _exists(date):
            facts = [("date", date)] + ([("section", found[4].strip())] if found[4] else [])
            start, end = whole(document.text, rows[n])
            yield Edit(start, end, "", "the line holds a date and nothing else", tuple(facts))
            return


def _exists(date: str) -> bool:
    try:
        calendar_date.fromisoformat(date)
    except ValueError:
        return False
    return True


SUFFIX = re.compile(r"\s+[–—|-]\s+(\S+)\s*")
SITE = re.compile(
    r"[A-Z][A-Za-z]*[a-z0-9]?[A-Z0-9]\w*|\w{2,30}\.(?:com|org|net|info|news|tv|co|io|eu|de|fr|uk|ru|ua|in)"
)
EVENT = re.compile(
    r"(?:[A-Z]{1,3}-?\d{1,2}|COP\d+|COVID\W?\d*|\w*UPDATE\w*|[IVXLC]+|[12]\d{3}|\d+\w*|[A-Z]{1,5}|\w*(?:19|20)\d\d)",
    re.IGNORECASE,
)
TITLE_WORDS = 4
LONGEST_TITLE = 400


@rule(
    "MET002",
    "site-suffix",
    fixes={
        "The leaders of the north meet for talks – NEWS24\n\nThey spoke for an hour.": (
            "The leaders of the north meet for talks\n\nThey spoke for an hour."
        ),
        "Three dogs found alive after storm | BuzzFeed\nThey were fine.": (
            "Three dogs found alive after storm\nThey were fine."
        ),
        "Three dogs found alive after storm - example.com\nThey were fine.": (
            "Three dogs found alive after storm\nThey were fine."
        ),
    },
    keeps=[
        "Leaders of the twenty meet – G20\n\nThe G20 spoke for an hour.",
        "Leaders of the twenty meet – G20\n\nThey spoke for an hour.",
        "All you need to know about the climate talks – COP28\n\nThey spoke.",
        "The bridge is closed for the day – UPDATE2\n\nIt rains.",
        "The race of the sun from start to end: Paris – Nice\n\nIt rains.",
        "What the new phone of the year can do – iPhone15\n\nThe iPhone15 is here.",
        "Putin, the man and his long way up – Life\n\nA book.",
    ],
)
def site_suffix(document: Document) -> Iterator[Edit]:
    """Move the name of the site behind the title to metadata: "... – NEWS24".

    A page title ends in the name of its site. It is taken on evidence in the text alone: one word behind a dash or bar,
    written as only brands are (capitals or figures inside, or a web address), that the article never uses. Names of
    events and editions ("G20", "COP28", "UPDATE2") look alike and stay.
    """
    shown = filled(document.text)
    line = lines(document.text).text(shown[0]) if shown else ""
    if len(line) > LONGEST_TITLE or not SUFFIX.search(line) or is_prose(line):
        return
    first = lines(document.text)[shown[0]]
    found = list(SUFFIX.finditer(line))
    if found[-1].end() != len(line):
        return
    name = found[-1][1]
    title = first.text[: found[-1].start()]
    if not SITE.fullmatch(name) or EVENT.fullmatch(name) or len(tokens(title)) < TITLE_WORDS:
        return
    rest = document.text[first.end :]
    letters = name.rstrip("0123456789").partition(".")[0]
    if not rest.strip() or re.search(rf"(?<!\w){re.escape(letters)}", title + rest, re.IGNORECASE):
        return
    facts = (("site", name), ("title", title.strip().translate(QUOTES)))
    start = first.start + found[-1].start()
    yield Edit(start, first.end, "", f'"{name}" is written like a brand and never used in the text', facts)


ADDRESS = re.compile(r"(?:[-•*]|\(?\[?\d{1,2}[./)\]]{0,3})?\s?(https?://[^\s<>\"]{4,300})")
LONGEST_HEADING = 20
"""Characters that no heading of sources has."""
HEADING = re.compile(r"(?:sources?|source links?|original (?:source|article)|quellen?|fuentes?)\s?:?", re.IGNORECASE)


def headings_of(text: str) -> list[str]:
    """The lines that are headings of sources."""
    may = map(lines(text).text, short_lines(text, _SHORT))
    return [line for line in may if _is_heading(line)]


_SHORT = Sought(LONGEST_HEADING - 1, frozenset({"sou", "ori", "que", "fue"}))


def _is_heading(line: str) -> bool:
    stripped = line.strip()
    return len(stripped) < LONGEST_HEADING and HEADING.fullmatch(stripped) is not None


@rule(
    "MET003",
    "source-links",
    fixes={
        "He came at last.\nSources\n1/ https://example.com/a\n2/ https://example.com/b": "He came at last.",
        "He came at last.\n\nSource: \nhttps://example.com/a": "He came at last.",
    },
    keeps=[
        "He came at last.\nhttps://example.com/a",
        "Sources\nThe well is the source.",
        "See https://example.com/a for more.\nSources said so.",
        "Sources\nhttps://example.com/a\nThe well that gave the town its name is a source of joy for all of us.",
        "References\nhttps://example.com/a",
    ],
    needs=["://"],
    look=Look(headings_of),
)
def source_links(document: Document) -> Iterator[Edit]:
    """Move a list of addresses under "Sources" to metadata, with its heading.

    It tells where the text was taken from. Only lines that hold an address and nothing else are taken, right under the
    heading, and only when no prose follows: a list of references is part of its text.
    """
    rows = lines(document.text)
    for n, line in enumerate(rows.texts):
        if not _is_heading(line):
            continue
        links = []
        for below in rows[n + 1 :]:
            found = ADDRESS.fullmatch(below.text.strip())
            if found:
                links.append((below, found[1]))
            elif below.text.strip():
                break
        if links and not any(is_prose(below.text) for below in rows[n + 1 :]):
            for link, address in links:
                start, end = whole(document.text, link)
                yield Edit(start, end, "", "an address in the list of sources", (("sources", address),))
            start, end = whole(document.text, rows[n])
            yield Edit(start, end, "", "the heading of the list of sources")
