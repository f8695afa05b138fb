"""SPC: spaces, invisible characters and line endings."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cleaner.rule import rule
from cleaner.segment import is_prose, lines
from cleaner.text import Document, Edit

BREAKS = re.compile("\r\n?|\x0b|\u2028|\u2029|\u0085")
SPACES = "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
ODD_SPACES = re.compile(f"[{SPACES}]")
HIDDEN = "\u00ad\u200b\u2060\ufeff"
INVISIBLE = re.compile(f"[{HIDDEN}]")
RUN = re.compile(r"(?<=\S) {2,}(?=\S)")


@rule(
    "SPC001",
    "mixed-line-breaks",
    fixes={"one\r\ntwo\nthree": "one\ntwo\nthree", "one\u2028two": "one\ntwo", "one\x0btwo": "one\ntwo"},
    keeps=["one\ntwo\n"],
    needs=["\r", "\x0b", "\u2028", "\u2029", "\u0085"],
)
def mixed_line_breaks(document: Document) -> Iterator[Edit]:
    """Turn every kind of line break in a file of mixed kinds into a line feed.

    A file that uses one kind throughout keeps it as a fact about the file; several kinds come from pasting and split
    lines for some programs and not for others.
    """
    for found in BREAKS.finditer(document.text):
        yield Edit(found.start(), found.end(), "\n", "a line break of another kind")


@rule(
    "SPC002",
    "odd-spaces",
    fixes={"10\u00a0000 people": "10 000 people", "a\u2009b": "a b"},
    keeps=["10 000 people", "日本 語"],
    needs=tuple(SPACES),
    scope="line",
)
def odd_spaces(document: Document) -> Iterator[Edit]:
    """Turn no-break, thin and other typographic spaces into plain ones.

    They look like a space and are none to a search or a tokenizer. The space itself stays, so nothing is joined.
    """
    for found in ODD_SPACES.finditer(document.text):
        yield Edit(found.start(), found.end(), " ", f"U+{ord(found[0]):04X} for a space")


@rule(
    "SPC003",
    "invisible-characters",
    fixes={
        "demo\u00adcratic": "democratic",
        "\u200b‘so": "‘so",
        "now\u200bhere": "nowhere",
        "\ufeffThe end": "The end",
    },
    keeps=["می\u200cخواهم", "👩\u200d🚀", "क\u094d\u200dष", "ភាសា\u200bខ្មែរ"],
    needs=tuple(HIDDEN),
    scope="line",
)
def invisible_characters(document: Document) -> Iterator[Edit]:
    """Drop soft hyphens, zero-width spaces, word joiners and stray byte-order marks.

    They show nothing and split words for every program. Zero-width joiners and non-joiners stay: Persian, Hindi and
    emoji are spelled with them. So does the zero-width space in scripts that write no spaces: it ends a word there.
    """
    if not document.text.isascii():
        for found in INVISIBLE.finditer(document.text):
            around = (
                document.text[max(0, found.start() - 1) : found.start()] + document.text[found.end() : found.end() + 1]
            )
            if found[0] == "\u200b" and any(c >= "\u0e00" and not "\u2000" <= c <= "\u206f" for c in around):
                continue  # Thai, Khmer and others mark the end of a word so
            yield Edit(found.start(), found.end(), "", f"U+{ord(found[0]):04X} shows nothing")


@rule(
    "SPC004",
    "space-runs",
    fixes={
        "The end of  it   came when all of the others had left the town for good.": (
            "The end of it came when all of the others had left the town for good."
        )
    },
    keeps=[
        "    indented code",
        "Paris    12    3\nLyon     10    5",
        "Rank\tTown\tPoints",
        "Chapter 1    5",
        "return x  # done.",
        "| a  |  b  |",
    ],
    needs=["  "],
    scope="line",
)
def space_runs(document: Document) -> Iterator[Edit]:
    """Turn several blanks between two words of a sentence into one.

    Markup left them. Only lines of prose are touched: elsewhere blanks may align a table, code or a verse, and a tab
    always may.
    """
    for line in lines(document.text):
        if "  " in line.text and "|" not in line.text and "\t" not in line.text and is_prose(line.text):
            for found in RUN.finditer(line.text):
                yield Edit(line.start + found.start(), line.start + found.end(), " ", "several blanks between words")
