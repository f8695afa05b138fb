"""QLT041: the line corrections of RefinedWeb (Penedo and others 2023), as DCLM's refinedweb.yaml has them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from cleaner.rule import Thresholds, rule
from cleaner.segment import Span, lines, without_lines
from cleaner.text import Document, Drop, Edit

_COUNTER = re.compile(
    r"\W*\d[,.\d]*[kmb]?\s+(?:likes|shares|comments|retweets|reposts|quotes|bookmarks|upvotes|downvotes|downloads|views"
    r"|followers)\W*"
)
_FURNITURE = (
    re.compile(r"\s?items in cart", re.IGNORECASE),
    re.compile(r"\s?read more...$", re.IGNORECASE),  # the original's three dots stand for any characters too
    re.compile(r"^sign-in\s?", re.IGNORECASE),
)

LINE = (
    "The mayor of the town opened the new bridge over the river on Friday before a crowd that had waited in the rain."
)


@rule(
    "QLT041",
    "refinedweb-lines",
    safety="filter",
    thresholds={
        "max_capitals": 0.5,
        "max_digits": 0.999999,
        "min_words": 2,
        "furniture_words": 10,
        "max_removed": 0.05,
    },
    fixes={f"{LINE}\n3,210 likes\n{LINE}\n{LINE}": f"{LINE}\n{LINE}\n{LINE}"},
    drops=[f"{LINE}\nABOUT US\nCONTACT US\nHOME"],
    keeps=[LINE, f"{LINE}\n\n{LINE}"],
)
def refinedweb_lines(document: Document, limits: Thresholds) -> Iterator[Edit | Drop]:
    """Drop lines of capitals, digits, one word and counters ("3 likes"); leave out a document that loses much.

    Also "items in cart", "Read more..." and "Sign-in" in a line of 10 words at most. When over 5 % of the words would
    go, the page is more furniture than text and goes whole. Headlines in capitals and scripts without blanks suffer.
    """
    text = document.text
    gone: list[tuple[Span, str]] = []
    inside: list[Edit] = []
    removed = 0
    for line in lines(text):
        because = _reason(line.text, limits)
        cuts = [] if because else _furniture(line.text, limits)
        if cuts and not _without(line.text, cuts).strip():
            because, cuts = "nothing but a label of the site", []
        if because:
            gone.append((line, because))
            removed += len(line.text.split())
        elif cuts:
            removed += len(line.text.split()) - len(_without(line.text, cuts).split())
            inside += [Edit(line.start + start, line.start + end, "", "a label of the site") for start, end in cuts]
    total = len(text.split())
    if total and removed / total > limits["max_removed"]:
        share = f"{removed / total:.3f} > {limits['max_removed']:g}"
        yield Drop(f"{removed:,} of {total:,} words are in lines to drop, {share}")
        return
    for (start, end), (_, because) in zip(without_lines(text, [line for line, _ in gone]), gone, strict=True):
        yield Edit(start, end, "", because)
    yield from inside


def _reason(line: str, limits: Thresholds) -> str:
    """Why a line goes, empty if it stays; blank lines stay."""
    if not line:
        return ""
    capitals = sum(map(str.isupper, line)) / len(line)
    if capitals > limits["max_capitals"]:
        return f"capitals, {capitals:.3f} of the characters > {limits['max_capitals']:g}"
    if line[0].isdigit() and sum(map(str.isdigit, line)) / len(line) > limits["max_digits"]:
        return "nothing but digits"
    if _COUNTER.fullmatch(line.lower()):
        return "a counter"
    count = len(line.split(None, int(limits["min_words"])))
    if count < limits["min_words"]:
        return f"{count} word{'' if count == 1 else 's'} < {limits['min_words']:g}"
    return ""


def _furniture(line: str, limits: Thresholds) -> list[tuple[int, int]]:
    """The spans of known labels in a short line, in order and apart."""
    if len(line) > 400 or len(line.split()) > limits["furniture_words"]:
        return []
    left = list(range(len(line)))
    for pattern in _FURNITURE:  # each reads what the one before it left
        for match in reversed(list(pattern.finditer("".join(line[at] for at in left)))):
            del left[slice(*match.span())]
    edges = [-1, *left, len(line)]
    return [(before + 1, after) for before, after in pairwise(edges) if after > before + 1]


def _without(line: str, cuts: list[tuple[int, int]]) -> str:
    for start, end in reversed(cuts):
        line = line[:start] + line[end:]
    return line
