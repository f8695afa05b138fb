"""What is thought of a line, from its score and its place; `line_verdict_kernel` reckons the same, compiled."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple, cast

from cleaner.line_features import LEXICAL, OWN
from cleaner.line_marks import PROSE
from cleaner.line_signs import signs

HEADLINES = 2
"""One or two lines above the prose are a title and what stands over or under it, whatever they look like."""
CLEAR = 500
"""A line above this score before or after the prose is evidence of furniture, if its words say so."""
SAYS = 50
"""The lexical weight from which words say so: lists of a bare article score high by their shape, not by their words."""
STRICTER = 3000
"""So much more a line must score in a text without evidence: a bare article, a list, a table. Measured on bare bodies:
two thirds less lost."""
LONG = 11
"""A line of so many blanks is held to what is asked of prose, whatever it ends in."""
DIGITS = OWN.index("digits")
PLACES = ("head", "tail", "inside")
LIMITS = (*PLACES, *(f"long {place}" for place in PLACES))
"""Where a line stands and how long it is: `lines.json` has the score for each above which it goes."""


Limits = tuple[int, ...]
"""The score above which a line is reported, and those above which it goes, as `LIMITS`."""


class Verdict(NamedTuple):
    """What is thought of a line that looks like furniture: what it shows (as `line_signs`), and whether it goes.

    `blanks` says how many it has, up to `LONG`.
    """

    line: int
    score: int
    signs: int
    blanks: int
    goes: bool


verdict = cast("Callable[[Sequence[int]], Verdict]", partial(tuple.__new__, Verdict))
"""A verdict from a row of numbers, in C: a page has many."""


class Judged(NamedTuple):
    """What is thought of the paragraphs of a text: a verdict on each that looks like furniture, in order.

    `prose` has a true value for each that looks like prose; `first` and `last` are surely prose: what stands before is
    the head, what stands behind the tail, and the rest inside. Without any such line nothing goes, all is inside.
    `digits` are those of each in a thousand characters.
    """

    found: list[Verdict]
    prose: Sequence[int]
    first: int
    last: int
    digits: Sequence[int]


NOTHING = Judged([], b"", 0, -1, [])


def judged(
    lines: Sequence[str], rows: Sequence[Sequence[int]], scores: Sequence[int], marks: Sequence[int], limits: Limits
) -> Judged:
    """What is thought of lines, from their columns `OWN`, scores and marks (as `line_marks`)."""
    prose = bytes([mark & PROSE for mark in marks])
    sure = [n for n, score in enumerate(scores) if score < 0 and prose[n]]
    first, last = (sure[0], sure[-1]) if sure else (0, len(lines) - 1)
    extra = 0 if _is_page(rows, scores, first, last) else STRICTER
    report, *remove = limits
    found = []
    for n, score in enumerate(scores):
        if score > report:
            place = 0 if n < first else 1 if n > last else 2
            blanks = min(lines[n].count(" "), LONG)
            long = bool(prose[n]) or blanks == LONG
            goes = bool(sure) and score > remove[place + len(PLACES) * long] + extra
            found.append(Verdict(n, score, signs(rows[n]), blanks, goes))
    return Judged(found, prose, first, last, [row[DIGITS] for row in rows])


def _is_page(rows: Sequence[Sequence[int]], scores: Sequence[int], first: int, last: int) -> bool:
    """Whether something before or after the prose is furniture by its words; a title and its kicker do not count."""
    outside = [*range(first if first > HEADLINES else 0), *range(last + 1, len(scores))]
    return any(scores[n] >= CLEAR and rows[n][LEXICAL] >= SAYS for n in outside)
