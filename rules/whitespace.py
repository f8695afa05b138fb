"""SPC: spaces, invisible characters and line endings."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cleaner.rule import rule
from cleaner.text import Document, Edit

BREAKS = re.compile("\r\n?|\u2028|\u2029|\u0085")
ODD_SPACES = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")
RUN = re.compile(r"(?<=\S) {2,}(?=\S)|(?<=\S) *\t[ \t]*(?=\S)")
TABLE_GAPS = 2


@rule(
    "SPC001",
    "mixed-line-breaks",
    fixes={"one\r\ntwo\nthree": "one\ntwo\nthree", "one\u2028two": "one\ntwo"},
    keeps=["one\ntwo\n"],
)
def mixed_line_breaks(document: Document) -> Iterator[Edit]:
    """Turn every kind of line break in a file of mixed kinds into a line feed.

    A file that uses one kind throughout keeps it as a fact about the file; several kinds come from pasting and split
    lines for some programs and not for others.
    """
    if "\r" in document.text or not document.text.isascii():
        for found in BREAKS.finditer(document.text):
            yield Edit(found.start(), found.end(), "\n", "a line break of another kind")


@rule(
    "SPC002",
    "odd-spaces",
    fixes={"10\u00a0000 people": "10 000 people", "a\u2009b": "a b"},
    keeps=["10 000 people", "日本 語"],
)
def odd_spaces(document: Document) -> Iterator[Edit]:
    """Turn no-break, thin and other typographic spaces into plain ones.

    They look like a space and are none to a search or a tokenizer. The space itself stays, so nothing is joined.
    """
    if not document.text.isascii():
        for found in ODD_SPACES.finditer(document.text):
            yield Edit(found.start(), found.end(), " ", f"U+{ord(found[0]):04X} for a space")


@rule(
    "SPC003",
    "invisible-characters",
    fixes={"demo\u00adcratic": "democratic", "now\u200bhere": "nowhere", "\ufeffThe end": "The end"},
    keeps=["می\u200cخواهم", "👩\u200d🚀", "क\u094d\u200dष"],
)
def invisible_characters(document: Document) -> Iterator[Edit]:
    """Drop soft hyphens, zero-width spaces, word joiners and stray byte-order marks.

    They show nothing and split words for every program. Zero-width joiners and non-joiners stay: Persian, Hindi and
    emoji are spelled with them.
    """
    if not document.text.isascii():
        for found in INVISIBLE.finditer(document.text):
            yield Edit(found.start(), found.end(), "", f"U+{ord(found[0]):04X} shows nothing")


@rule(
    "SPC004",
    "space-runs",
    fixes={"The  end   came.": "The end came.", "The\tend": "The end"},
    keeps=["    indented code", "Paris    12    3\nLyon     10    5", "Rank\tTown\tPoints", "| a  |  b  |"],
)
def space_runs(document: Document) -> Iterator[Edit]:
    """Turn several blanks between two words into one.

    Markup left them. Indentation stays, and so does a line with several gaps or a pipe: it may be a table or code.
    """
    text = document.text
    if "  " not in text and "\t" not in text:
        return
    at = 0
    for line in text.split("\n"):
        gaps = list(RUN.finditer(line)) if "  " in line or "\t" in line else []
        if (gaps and "|" not in line and (len(gaps) < TABLE_GAPS or len(line) > 40 * len(gaps))) or _is_sentence(
            line, gaps
        ):
            for found in gaps:
                yield Edit(at + found.start(), at + found.end(), " ", "several blanks between words")
        at += len(line) + 1


def _is_sentence(line: str, gaps: list[re.Match[str]]) -> bool:
    """A line with an end stop and no column of figures is no row of a table."""
    return bool(gaps) and line.rstrip().endswith((".", "!", "?")) and "|" not in line and "\t" not in line
