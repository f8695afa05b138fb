"""Which lines stay although they score like furniture: `line_stay_kernel` decides the same, compiled."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from cleaner.line_signs import OF_PAGES, REPEATED

HEADLINES = 2
"""One or two lines above the prose are a title and what stands over or under it, whatever they look like."""
SURE = 2500
"""A line above this score is furniture as good as always, wherever it stands."""
FIGURES = 250
"""A line between prose of which so many in a thousand characters are digits is a row of a table, not of a menu."""
RUN = 3
"""Rows between prose that must go together; fewer are a heading and what belongs to it."""
SENTENCE = 1000
WORDS = 4
"""A line of so many words between prose that ends like a sentence must score more to go."""
LEAD = 8
"""Words of the shortest line with a colon at its end that announces the rows below it, behind the prose too; shorter
ones ("Share this:", "Contact:") are headings of the page."""
SPEECH = 6
"""Words of the shortest sentence behind the prose that makes text of what stands above it: steps of a recipe do. With 4
a link list with a teaser under it stays."""
LENGTHY = 250
"""Characters of a paragraph of prose that goes only by a higher score, wherever it stands, if its words are not those
of menus: below that score, on unseen pages, such paragraphs were the article more often than not."""
MENU = 1
"""Words of menus ("page", "article", "more") that such a paragraph may hold: boxes about authors hold several."""
PARAGRAPH = 1000
"""Prose of so many characters in one line is only reported: on unseen pages half of what scored like furniture at that
length was the article."""
BESIDE = 60
"""Characters of the lines above and below a sentence that stands more than once, for it to be a refrain of the body."""
BULLETS = "-\u2022*\u00b7\u2013"
_ITEM = re.compile(rf"(?:[{BULLETS}]|\(?(?:(?![\U00010000-\U0010ffff])\d){{1,3}}[.)])\s")
"""A bullet or a number. What is written beyond the basic plane is none: kernels see no more of it."""


class Scored(NamedTuple):
    """The lines of a text with their scores, which are marked as prose, which end like a sentence, and two counts.

    `first` and `last` are surely prose: what stands before is the head, what stands behind the tail, and the rest
    inside. Digits are counted in a thousand characters; `menus` are the words of menus that a line holds. `signs` are
    those of lines that may go.
    """

    lines: Sequence[str]
    scores: Sequence[int]
    prose: Sequence[int]
    ended: Sequence[int]
    digits: Sequence[int]
    menus: Sequence[int]
    signs: Mapping[int, int]
    first: int
    last: int


def staying(going: Iterable[int], text: Scored) -> set[int]:
    """Those that stay of the lines that would go by their score, given in order."""
    scores = {n: text.scores[n] for n in going}
    stay = _lists(scores, text) | _announced(scores, text)
    for n, score in scores.items():
        wordy = text.lines[n].count(" ") + 1 >= WORDS
        headline = n < text.first <= HEADLINES or (text.first > HEADLINES and n == text.first - 1 and wordy)
        size = len(text.lines[n]) if text.prose[n] else 0
        paragraph = size >= PARAGRAPH
        lengthy = size >= LENGTHY and text.menus[n] <= MENU
        inside = text.first <= n <= text.last and wordy and text.ended[n]
        spoken = (lengthy or inside) and score < SENTENCE  # too little else speaks against it
        if headline or paragraph or spoken:
            stay.add(n)
    return stay | _refrains(scores.keys() - stay, text)


def _refrains(gone: AbstractSet[int], text: Scored) -> set[int]:
    """The sentences that stand more than once, alone between two long lines that stay: questions asked of everyone.

    Menus and teasers that are repeated stand among their like; and what pages say again and again has their words.
    """
    rows = text.lines
    alone = [n for n in gone if text.prose[n] and 0 < n < len(rows) - 1 and gone.isdisjoint((n - 1, n + 1))]
    between = [n for n in alone if min(len(rows[n - 1]), len(rows[n + 1])) >= BESIDE]
    return {n for n in between if text.signs[n] & (REPEATED | OF_PAGES) == REPEATED}


def _lists(going: Mapping[int, int], text: Scored) -> set[int]:
    """The rows that stay whatever they look like; `going` holds the scores of those that would go.

    Items with a bullet or a number go with their whole list or not at all, wherever it stands. Between prose, and short
    sentences behind it, any run of rows goes as a whole or not at all, or a list would keep some of its items; a run of
    a row or two is a heading; of both, only what is surely furniture goes alone. What stands under a line that ends in
    a colon or question mark is what that line speaks of.
    """
    stay: set[int] = set()
    rows, digits = text.lines, text.digits
    items = [n for n in going if _is_item(rows[n])]
    for run in _runs(items, range(len(rows)), lambda n: _is_item(rows[n])):
        if not going.keys() >= set(run):
            stay.update(run)
    behind = _speaking(text)
    inside = range(text.first, max(behind, default=text.last) + 1)
    between = [n for n in inside if not text.prose[n] and n not in behind]
    for run in _runs([n for n in going if n in between], inside, between.__contains__):
        above = rows[run[0] - 1].rstrip() if run[0] else ""
        body = run if run[-1] in going else run[:-1]  # the last row may be a heading of the prose below
        if above.endswith((":", "?")) or any(digits[n] >= FIGURES for n in run):
            stay.update(run)
        elif len(body) < RUN or not going.keys() >= set(body):
            stay.update(n for n in run if going.get(n, SURE) < SURE)
    return stay


def _speaking(text: Scored) -> set[int]:
    """The short sentences behind the prose that are surely no furniture: what stands between is text as well."""
    rows = range(text.last + 1, len(text.lines))
    spoken = [n for n in rows if text.ended[n] and text.scores[n] < 0]
    return {n for n in spoken if text.lines[n].count(" ") + 1 >= SPEECH}


def _announced(going: Mapping[int, int], text: Scored) -> set[int]:
    """The rows behind the prose under a line that announces them and stays, up to prose or what is surely furniture."""
    found: set[int] = set()
    announced = False
    for n in range(text.last + 1, len(text.lines)):
        line = text.lines[n].rstrip()
        if n not in going:
            announced = not text.prose[n] and (announced or (line.endswith(":") and line.count(" ") + 1 >= LEAD))
        elif announced and text.scores[n] < SURE and not text.prose[n]:
            found.add(n)
        else:
            announced = False
    return found


def _is_item(line: str) -> bool:
    """Whether a line has a bullet or a number."""
    return _ITEM.match(line.lstrip()) is not None


def _runs(members: Iterable[int], rows: range, belongs: Callable[[int], bool]) -> Iterator[range]:
    """The runs of rows that belong together and have one of the members, given in order."""
    end = -1
    for n in members:
        if n < end:
            continue
        start, end = n, n + 1
        while start - 1 in rows and belongs(start - 1):
            start -= 1
        while end in rows and belongs(end):
            end += 1
        yield range(start, end)
