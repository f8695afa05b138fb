"""MET: lines beside the text that name where it comes from, or what it is about."""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from pathlib import Path

from cleaner.line_marks import BODY, marks
from cleaner.rule import rule
from cleaner.segment import filled, lines, whole
from cleaner.text import Document, Edit

BEFORE = 8
"""Lines before the first paragraph in which a source is looked for."""
LONGEST = 120
"""Characters of the longest such line."""
OPENED = "The mayor of the town opened it before a crowd of some hundred people on Sunday."


@cache
def _table() -> dict[str, list[str]]:
    with (Path(__file__).parent / "bylines.toml").open("rb") as file:
        found: dict[str, list[str]] = tomllib.load(file)["credits"]
        return found


def _labels(kind: str) -> list[str]:
    """Every label of a kind as it is written before a colon."""
    forms = [
        form
        for label in _table()[kind]
        for form in dict.fromkeys((label, label.capitalize(), label.title(), label.upper()))
    ]
    return [f"{form}{gap}:" for form in forms for gap in ("", " ", "\u00a0")]


@lru_cache(maxsize=2)
def _outside(text: str) -> Sequence[tuple[int, str]]:
    """The short lines shortly before the first and behind the last paragraph, without blanks around, by their numbers.

    None in a text without paragraphs.
    """
    rows, shown, seen = lines(text), filled(text), marks(text)
    first, last = seen.find(BODY), seen.rfind(BODY)
    if first < 0:
        return []
    outside = (*shown[: bisect_left(shown, first)][-BEFORE:], *shown[bisect_right(shown, last) :])
    return [(n, line.strip()) for n in outside if len(line := rows.text(n)) <= LONGEST]


@cache
def _credit() -> re.Pattern[str]:
    table = _table()
    agency = "|".join(re.escape(str(name)) for name in table["agencies"])
    label = "|".join(str(name) for name in table["source"])
    named = r"[A-ZÀ-ÖØ-Þ][\w.&'’-]*(?:[ /,]{1,2}(?:of|the|de|[A-ZÀ-ÖØ-Þ])[\w.&'’-]*){0,5}"
    return re.compile(
        rf"[(\[–—-]{{0,2}} ?(?P<agency>(?:{agency})(?:(?:/|, | and | und )(?:{agency})){{0,3}})[)\]]?\.?|"
        rf"(?i:{label})\s?: (?P<named>{named})\.?"
    )


@rule(
    "MET006",
    "source-credit",
    fixes={
        f"The bridge is open\n{OPENED}\n(Reuters)": f"The bridge is open\n{OPENED}",
        f"The bridge is open\n{OPENED}\nSource: Example News/AFP": f"The bridge is open\n{OPENED}",
    },
    keeps=[
        f"{OPENED}\nSource: https://example.com/a",
        f"{OPENED}\nReuters is an agency",
        f"{OPENED}\nAFP\n{OPENED.replace('Sunday', 'Monday')}",
        f"{OPENED}\nSource: the men of the town",
    ],
    needs=[*map(str, _table()["agencies"]), *_labels("source")],
)
def source_credit(document: Document) -> Iterator[Edit]:
    """Move a line that holds only the name of an agency, or a source and its name, to metadata.

    It stands under the title or the text. Lines between paragraphs, and sources that are addresses, stay.
    """
    credit = _credit()
    for n, line in _outside(document.text):
        if found := credit.fullmatch(line):
            start, end = whole(document.text, lines(document.text)[n])
            name = found["agency"] or found["named"]
            yield Edit(start, end, "", "the line names the source and nothing else", (("source", name),))


@cache
def _tags() -> re.Pattern[str]:
    labels = "|".join(re.escape(str(name)) for name in _table()["tags"])
    return re.compile(rf"(?:{labels})\s?:\s*(.+)|(?:{labels}) ?(#.+)", re.IGNORECASE)


BARE = re.compile(r"(?:Tags|TAGS) ((?:[A-Z][\w.'’-]* ){2,}[^.!?:]*)")
"""Tags that lost what stood between them: one fact, since nobody knows where each ends."""


TAG_WORDS = 6
SPLIT = re.compile(r"\s*[,;|•·]\s*|\s+#")
ENTRY = re.compile(
    r"This entry was posted in (?P<in>[^.]{2,60}?)(?: by [^.]{2,40}?)?(?:,? and tagged (?P<tagged>[^.]{2,160}?))?\."
    r"(?: by [^.]{2,40}\.)? Bookmark the permalink\.?"
)
"""What the themes Twenty Ten and Twenty Eleven of WordPress say under a post: its categories, then its tags."""


def _named(line: str) -> list[str]:
    """The tags that a line holds, if it holds nothing else."""
    if not (":" in line or "#" in line or line.startswith(("Tags", "TAGS"))):
        return []
    if bare := BARE.fullmatch(line):
        return [bare[1]]
    found = _tags().fullmatch(line)
    tags = [tag.strip(" #.") for tag in SPLIT.split(found[1] or found[2])] if found else []
    return [tag for tag in tags if tag] if all(tag.count(" ") < TAG_WORDS for tag in tags) else []


@rule(
    "MET007",
    "tag-line",
    fixes={
        f"{OPENED}\nTags: bridges, Town Hall, mayor": OPENED,
        f"{OPENED}\nFiled under: #bridges #mayors": OPENED,
        f"{OPENED}\ntags #Local Markets #Mayors": OPENED,
        f"{OPENED}\nTags Town Hall bridges mayor": OPENED,
        f"{OPENED}\nCategories: News, Town Hall\nТеги: мосты, мэр": OPENED,
        f"{OPENED}\nFiled Under: News\nTagged With: bridges, mayors": OPENED,
        f"{OPENED}\nThis entry was posted in News and tagged bridges, mayors. Bookmark the permalink.": OPENED,
    },
    keeps=[
        f"{OPENED}\nTags are words.",
        f"{OPENED}\nPosted in the square, the guards of the town kept watch.",
        f"{OPENED}\nThis entry was posted in the book of the town. Bookmark the permalink of it, the clerk wrote.",
        f"{OPENED}\nTags on the walls of Town Hall",
        "Topics: what the mayor of the town said to all of us on that day, and what we said to the mayor of the town.",
        f"{OPENED}\nTopics: the mayor, who opened it before a crowd of people\n{OPENED.replace('Sunday', 'Monday')}",
    ],
    needs=[
        "Bookmark the permalink",
        *_labels("tags"),
        *(f"{tag}{gap}" for tag in ("tags", "Tags", "TAGS") for gap in (" ", "#")),
    ],
)
def tag_line(document: Document) -> Iterator[Edit]:
    """Move the tags under a text to metadata, one by one: "Tags: bridges, Town Hall".

    The line must begin with a word for tags and a colon, stand behind the last paragraph, and hold short names only. In
    place of the colon "#" may begin each tag, or "Tags" stand before names in capitals, all of which is then one fact.
    The sentence in which themes of WordPress name categories and tags goes wherever it stands: it has one wording.
    """
    text = document.text
    because = "the line holds the tags and nothing else"
    for n, line in _outside(text):
        if tags := _named(line):
            yield Edit(*whole(text, lines(text)[n]), "", because, tuple(("tags", tag) for tag in tags))
    if "Bookmark the permalink" in text:
        for row in lines(text):
            if entry := ENTRY.fullmatch(row.text.strip()):
                tags = [tag for names in entry.group("in", "tagged") if names for tag in SPLIT.split(names)]
                yield Edit(*whole(text, row), "", because, tuple(("tags", tag) for tag in tags))
