"""LAY: blank lines and trailing blanks, after all other families; none of them tidies up behind itself."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from operator import is_, sub

from cleaner.rule import rule
from cleaner.segment import filled, lines
from cleaner.text import Document, Edit

BLANK_LINES = 1


@rule(
    "LAY001",
    "trailing-blanks",
    fixes={"one \ntwo\t\n\nthree": "one\ntwo\n\nthree"},
    keeps=["one\n two"],
)
def trailing_blanks(document: Document) -> Iterator[Edit]:
    """Drop blanks at the end of a line.

    Nobody sees them, and two copies of a line differ by them.
    """
    rows = lines(document.text)
    if all(map(is_, rows.texts, map(str.rstrip, rows.texts))):
        return  # nothing was to be stripped of any
    for n, line in enumerate(rows.texts):
        if line[-1:].isspace():
            start = rows.starts[n]
            yield Edit(start + len(line.rstrip()), start + len(line), "", "blanks at the end of a line")


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
    rows = lines(document.text)
    shown = filled(document.text)
    if len(shown) == len(rows):
        return
    if not shown:
        if document.text:
            yield Edit(0, len(document.text), "", "nothing but blank lines")
        return
    if shown[0]:
        yield Edit(0, rows[shown[0]].start, "", "blank lines at the head")
    if shown[-1] < len(rows) - 1:
        yield Edit(rows[shown[-1]].end, len(document.text), "", "blank lines at the end")
    most = BLANK_LINES + 1
    if max(map(sub, shown[1:], shown), default=0) <= most:
        return
    for before, after in pairwise(shown):
        if after - before > most:
            yield Edit(rows[before + 2].start, rows[after].start, "", "several blank lines")
