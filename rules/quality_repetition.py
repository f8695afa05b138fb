"""QLT011-QLT014: the repetition filter of Gopher (Rae and others 2021, table A1), as datatrove 0.10.1 computes it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cleaner.rule import Thresholds, rule
from cleaner.text import Document, Drop
from cleaner.word_measures import PHRASES, again, measured

SIZES = range(5, 11)
"""Words of the repeated phrases that are counted."""

LINES = (
    "The mayor of the town opened the new bridge on Friday.\n"
    "A large crowd had waited in the rain since early morning.\n"
    "Nobody was hurt, although one of the barriers fell.\nThe old bridge will be taken down in spring."
)


@rule(
    "QLT011",
    "gopher-repeated-paragraphs",
    safety="filter",
    thresholds={"max_paragraphs": 0.3, "max_characters": 0.2},
    fixes={},
    drops=["Read more.\n\nRead more.\n\nRead more."],
    keeps=["One.\n\nTwo.\n\nOne.\n\nA longer paragraph about something else."],
)
def repeated_paragraphs(document: Document, limits: Thresholds) -> Iterator[Drop]:
    """Leave out a document of which over 30 % of the paragraphs, or 20 % of the characters, are repeated.

    A page that repeats itself is a template with little text in it. Paragraphs are what blank lines separate; the first
    of several equal ones does not count.
    """
    parts = [part.lstrip("\n") for part in document.text.strip().split("\n\n") if part]
    yield from _repeated(parts, "paragraphs", document.text, limits)


@rule(
    "QLT012",
    "gopher-repeated-lines",
    safety="filter",
    thresholds={"max_lines": 0.3, "max_characters": 0.2},
    fixes={},
    drops=["Yes\nYes\nYes\nNo"],
    keeps=[LINES],
)
def repeated_lines(document: Document, limits: Thresholds) -> Iterator[Drop]:
    """Leave out a document of which over 30 % of the lines, or 20 % of the characters, are repeated.

    A page that repeats itself is a template with little text in it. A poem with a refrain looks alike. Blank lines do
    not count; the first of several equal lines does not either.
    """
    text = document.text
    ends = [""] * (text.startswith("\n") + text.endswith("\n"))  # a run of newlines separates, at the ends too
    yield from _repeated([*filter(None, text.split("\n")), *ends], "lines", text, limits)


def _repeated(parts: Sequence[str], what: str, text: str, limits: Thresholds) -> Iterator[Drop]:
    first = set(parts)
    again = len(parts) - len(first)
    if not again:
        return
    share, most = again / len(parts), limits[f"max_{what}"]
    if share > most:
        yield Drop(f"{again:,} of {len(parts):,} {what} are repeated, {share:.3f} > {most:g}")
    size = sum(map(len, parts)) - sum(map(len, first))
    share, most = size / len(text), limits["max_characters"]
    if share > most:
        yield Drop(f"{size:,} of {len(text):,} characters are in repeated {what}, {share:.3f} > {most:g}")


@rule(
    "QLT013",
    "gopher-frequent-phrase",
    safety="filter",
    thresholds={"max_2": 0.2, "max_3": 0.18, "max_4": 0.16},
    fixes={},
    drops=["buy now buy now buy now buy now or buy later"],
    keeps=[LINES],
)
def frequent_phrase(document: Document, limits: Thresholds) -> Iterator[Drop]:
    """Leave out a document in which the commonest phrase of 2, 3 or 4 words makes 20, 18 or 16 % of all.

    Lists of key words look like that. A very short text does too: its only phrase is all of it.
    """
    total = len(document.text)
    for size, (count, length) in zip(PHRASES, measured(document.text).phrases, strict=True):
        characters = length * count
        if count and characters / total > limits[f"max_{size}"]:
            share = f"{characters / total:.3f} > {limits[f'max_{size}']:g}"
            times = f"{size} words stand {count:,} time{'' if count == 1 else 's'}"
            yield Drop(f"{times}, {characters:,} of {total:,} characters, {share}")
            return


@rule(
    "QLT014",
    "gopher-repeated-phrases",
    safety="filter",
    thresholds={"max_5": 0.15, "max_6": 0.14, "max_7": 0.13, "max_8": 0.12, "max_9": 0.11, "max_10": 0.1},
    fixes={},
    drops=["It was a very cold winter in town . It was a very cold winter in town ."],
    keeps=[LINES],
)
def repeated_phrases(document: Document, limits: Thresholds) -> Iterator[Drop]:
    """Leave out a document in which repeated phrases of 5 to 10 words make over 15 to 10 % of the characters.

    A page that says its sentences again is a template, or holds lead and summary twice. Whoever repairs that (REP001)
    keeps the article.
    """
    total = len(document.text)
    if not total or measured(document.text).covered / total <= min(limits.values()):
        return
    for size, characters in zip(SIZES, again(document.text, SIZES), strict=True):
        most = limits[f"max_{size}"]
        if characters / total > most:
            share = f"{characters / total:.3f} > {most:g}"
            yield Drop(f"{characters:,} of {total:,} characters are in repeated phrases of {size} words, {share}")
            return
