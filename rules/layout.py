"""LAY: blank lines and trailing blanks, after all other families; none of them tidies up behind itself."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cleaner.blanks import blanks
from cleaner.rule import rule
from cleaner.segment import lines
from cleaner.text import Document, Edit

SEVERAL = re.compile(r"\n[^\S\n]*\n(\s*\n)")
"""The end of a line, a blank line, and what is more than one of them."""


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
    if not blanks(document.text).trailing:
        return
    rows = lines(document.text)
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
    text = document.text
    seen = blanks(text)
    if not any(seen):
        return
    first, last = len(text) - len(text.lstrip()), len(text.rstrip())
    if not last:
        yield Edit(0, len(text), "", "nothing but blank lines")
        return
    if head := text.rfind("\n", 0, first) + 1:
        yield Edit(0, head, "", "blank lines at the head")
    if (end := text.find("\n", last)) >= 0:
        yield Edit(end, len(text), "", "blank lines at the end")
    for found in SEVERAL.finditer(text, first, last) if seen.several or seen.trailing else ():
        yield Edit(*found.span(1), "", "several blank lines")
