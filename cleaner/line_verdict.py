"""What is thought of a line, from its score and its place; `line_verdict_kernel` reckons the same, compiled."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from cleaner.line_features import LEXICAL, OWN
from cleaner.line_marks import ENDED, PROSE
from cleaner.line_signs import SIGNS, signs
from cleaner.line_stay import HEADLINES, Scored, staying
from cleaner.segment import paragraphs

FEWEST = 8
"""With fewer lines there are no neighbours to judge by: a short text stays as it is."""
CLEAR = 500
"""A line above this score before or after the prose is evidence of furniture, if its words say so."""
SAYS = 50
"""The lexical weight from which words say so: lists of a bare article score high by their shape, not by their words."""
STRICTER = 3000
"""So much more a line must score in a text without evidence: a bare article, a list, a table. Measured on bare bodies:
two thirds less lost."""
LONG = 11
"""A line of so many blanks is held to what is asked of prose, whatever it ends in."""
LEARNT = 100_000
"""Characters that no text had of those that the weights were learnt from: the largest had 86,000. In a larger one long
lines stay. Late in an essay of 60,000 words each word was said before, and three quarters of it looked like teasers."""
DIGITS, MENUS = OWN.index("digits"), OWN.index("nav")
PLACES = ("head", "tail", "inside")
LIMITS = (*PLACES, *(f"long {place}" for place in PLACES))
"""Where a line stands and how long it is: `lines.json` has the score for each above which it goes."""
SPEAKS = len(PLACES)
"""The place of a line that is told as prose, wherever it stands."""
SHOWS = len(SIGNS)
"""Behind so many bits for what a line shows stands its place."""


Limits = tuple[int, ...]
"""The score above which a line is reported, and those above which it goes, as `LIMITS`."""


class Judged(NamedTuple):
    """What is thought of those paragraphs of a text that look like furniture: of each one number in each column.

    `starts` and `ends` bound what goes with it, its line feed too; `goes` says whether it does. `shows` holds what it
    shows, as `line_signs`, and behind `SHOWS` bits its place. (Columns, since they become edits all at once.)
    """

    starts: Sequence[int]
    ends: Sequence[int]
    goes: Sequence[int]
    shows: Sequence[int]
    scores: Sequence[int]


NOTHING = Judged([], [], [], [], [])


def judged(
    text: str, rows: Sequence[Sequence[int]], scores: Sequence[int], marks: Sequence[int], limits: Limits
) -> Judged:
    """What is thought of the paragraphs of a text, from their columns `OWN`, scores and marks (as `line_marks`)."""
    found = paragraphs(text)
    lines = found.texts
    prose = [mark & PROSE for mark in marks]
    sure = [n for n, score in enumerate(scores) if score < 0 and prose[n]]
    first, last = (sure[0], sure[-1]) if sure else (0, len(lines) - 1)
    extra = 0 if _is_page(rows, scores, first, last) else STRICTER
    report, *remove = limits
    shown = [n for n, score in enumerate(scores) if score > report]
    places = [0 if n < first else 1 if n > last else 2 for n in shown]
    going = []
    for n, place in zip(shown, places, strict=True):
        long = bool(prose[n]) or lines[n].count(" ") >= LONG
        if sure and not (long and len(text) > LEARNT) and scores[n] > remove[place + len(PLACES) * long] + extra:
            going.append(n)
    ended = [mark & ENDED for mark in marks]
    digits, menus = ([row[column] for row in rows] for column in (DIGITS, MENUS))
    seen = {n: signs(rows[n]) for n in shown}
    stay = staying(going, Scored(lines, scores, prose, ended, digits, menus, seen, first, last))
    gone = set(going) - stay
    starts = [found.starts[n] for n in shown]
    ends = [start + len(lines[n]) for n, start in zip(shown, starts, strict=True)]
    return Judged(
        [max(0, start - (end == len(text))) for start, end in zip(starts, ends, strict=True)],
        [min(end + 1, len(text)) for end in ends],
        [n in gone for n in shown],
        [seen[n] | (SPEAKS if prose[n] else place) << SHOWS for n, place in zip(shown, places, strict=True)],
        [scores[n] for n in shown],
    )


def _is_page(rows: Sequence[Sequence[int]], scores: Sequence[int], first: int, last: int) -> bool:
    """Whether something before or after the prose is furniture by its words; a title and its kicker do not count."""
    outside = [*range(first if first > HEADLINES else 0), *range(last + 1, len(scores))]
    return any(scores[n] >= CLEAR and rows[n][LEXICAL] >= SAYS for n in outside)
