"""QLT031-QLT034: the filter that FineWeb puts behind those of Gopher and C4, as datatrove 0.10.1 computes it.

In the profile they read what the C4 filters left.
"""

from __future__ import annotations

from collections.abc import Iterator

from cleaner.english_words import ends_in_stop
from cleaner.rule import Thresholds, rule
from cleaner.text import Document, Drop
from cleaner.word_measures import measured

PROSE = "The mayor opened the bridge over the river.\nA crowd had waited in the rain since the morning."
MENU = "Home\nNews\nSport\nThe mayor opened the bridge over the river."


def _lines(text: str) -> list[str]:
    return [line for line in text.split("\n") if line.strip()]


@rule(
    "QLT031",
    "fineweb-line-ends",
    safety="filter",
    thresholds={"min_lines": 0.12},
    fixes={},
    drops=["Home\nNews\nSport", "“We are glad that it is done.”\n“So are we.”"],
    keeps=[PROSE, MENU],
)
def line_ends(document: Document, limits: Thresholds) -> Iterator[Drop]:
    """Leave out a document in which under 12 % of the lines end in a full stop or another end of sentence.

    Such a page is a list or a menu. A line that ends in a quotation mark or a bracket behind its full stop does not
    count, so that an article of quotations comes near.
    """
    lines = _lines(document.text)
    found = sum(map(ends_in_stop, lines))
    if lines and found / len(lines) < limits["min_lines"]:
        share = f"{found / len(lines):.3f} < {limits['min_lines']:g}"
        yield Drop(f"{found:,} of {len(lines):,} lines end in a stop, {share}")


@rule(
    "QLT032",
    "fineweb-short-lines",
    safety="filter",
    thresholds={"max_lines": 0.67, "characters": 30},
    fixes={},
    drops=[MENU],
    keeps=[PROSE],
)
def short_lines(document: Document, limits: Thresholds) -> Iterator[Drop]:
    """Leave out a document in which over 67 % of the lines have 30 characters or less.

    Such a page is a menu or a table; so are a poem, an interview of short answers, and Chinese prose in short lines.
    """
    lines = _lines(document.text)
    found = sum(len(line) <= limits["characters"] for line in lines)
    if lines and found / len(lines) > limits["max_lines"]:
        share = f"{found / len(lines):.3f} > {limits['max_lines']:g}"
        yield Drop(f"{found:,} of {len(lines):,} lines have {limits['characters']:g} characters at most, {share}")


@rule(
    "QLT033",
    "fineweb-repeated-lines",
    safety="filter",
    thresholds={"max_characters": 0.01},
    fixes={},
    drops=[f"{PROSE}\nRead on\nRead on"],
    keeps=[PROSE],
)
def repeated_lines(document: Document, limits: Thresholds) -> Iterator[Drop]:
    """Leave out a document in which over 1 % of the characters are repeated lines.

    FineWeb found it the best single sign of a bad page. One caption or lead that stands twice is enough; repaired
    (REP001, REP002), the article stays.
    """
    lines = _lines(document.text)
    again = sum(map(len, lines)) - sum(map(len, set(lines)))
    total = len(document.text) - document.text.count("\n")
    if total and again / total > limits["max_characters"]:
        share = f"{again / total:.3f} > {limits['max_characters']:g}"
        yield Drop(f"{again:,} of {total:,} characters are in repeated lines, {share}")


@rule(
    "QLT034",
    "fineweb-list",
    safety="filter",
    thresholds={"max_line_breaks": 0.3},
    fixes={},
    drops=["Home\nNews\nSport\nTown"],
    keeps=[PROSE],
)
def line_breaks(document: Document, limits: Thresholds) -> Iterator[Drop]:
    """Leave out a document with more than three line breaks for ten words.

    Such a page is a list.
    """
    count = measured(document.text).words
    breaks = document.text.count("\n")
    if count and breaks / count > limits["max_line_breaks"]:
        share = f"{breaks / count:.3f} > {limits['max_line_breaks']:g}"
        yield Drop(f"{breaks:,} line breaks for {count:,} words, {share}")
