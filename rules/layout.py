"""LAY: blank lines and trailing blanks, after all other families; none of them tidies up behind itself."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cleaner.rule import rule
from cleaner.text import Document, Edit

TRAILING = re.compile(r"[^\S\n]+(?=\n|\Z)")
BLANKS = re.compile(r"\n[^\S\n]*\n((?:[^\S\n]*\n)+)")
HEAD = re.compile(r"\A(?:[^\S\n]*\n)+")
TAIL = re.compile(r"(?:\n[^\S\n]*)+\Z")


@rule(
    "LAY001",
    "trailing-blanks",
    fixes={"one \ntwo\t\n\nthree": "one\ntwo\n\nthree"},
    keeps=["one\n two"],
    settles=True,
)
def trailing_blanks(document: Document) -> Iterator[Edit]:
    """Drop blanks at the end of a line.

    Nobody sees them, and two copies of a line differ by them.
    """
    if " \n" in document.text or document.text[-1:].isspace() or TRAILING.search(document.text):
        for found in TRAILING.finditer(document.text):
            yield Edit(found.start(), found.end(), "", "blanks at the end of a line")


@rule(
    "LAY002",
    "blank-lines",
    fixes={"one\n\n\n\ntwo": "one\n\ntwo", "\n\none\n": "one"},
    keeps=["one\n\ntwo\nthree"],
    settles=True,
)
def blank_lines(document: Document) -> Iterator[Edit]:
    """Leave one blank line at most, and none at the head and the end of the text.

    Runs of them are what removed elements of the page left. The line break that ends a text file is not text: its
    writer sets it.
    """
    text = document.text
    if "\n" not in text:
        return
    head, tail = HEAD.match(text), TAIL.search(text)
    start = head.end() if head else 0
    end = max(tail.start(), start) if tail else len(text)
    if start:
        yield Edit(0, start, "", "blank lines at the head")
    if end < len(text):
        yield Edit(end, len(text), "", "blank lines at the end")
    for found in BLANKS.finditer(text, start, end):
        yield Edit(found.start(1), found.end(1), "", "several blank lines")
