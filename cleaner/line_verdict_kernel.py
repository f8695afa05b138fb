"""What is thought of the lines of a text, compiled: `line_verdict.judged` in one call."""

from __future__ import annotations

from typing import Any

import numpy as np

from cleaner.codes import codes
from cleaner.compiled import inner, kernel
from cleaner.line_alone_kernel import SHOWN
from cleaner.line_context import HELD
from cleaner.line_features import LEXICAL
from cleaner.line_kernel import NO_KINDS, Before, Beside, Known, beside_of, nothing, table_of
from cleaner.line_marks import ENDED
from cleaner.line_marks import PROSE as PROSE_MARK
from cleaner.line_marks_kernel import KINDS
from cleaner.line_rows_kernel import rows_of
from cleaner.line_score_kernel import flow, place, shown
from cleaner.line_stay import HEADLINES
from cleaner.line_stay_kernel import blanks, staying
from cleaner.line_table_kernel import narrow, narrow_columns
from cleaner.line_trees_kernel import Forest, judge
from cleaner.line_verdict import (
    CLEAR,
    DIGITS,
    FEWEST,
    LEARNT,
    LONG,
    MENUS,
    PLACES,
    SAYS,
    SHOWS,
    SPEAKS,
    STRICTER,
    Judged,
)

Array = np.ndarray[Any, Any]
_PLACES = len(PLACES)
_SCORE, _HELD = HELD.index("score"), len(HELD)


class Judge:
    """Judges texts by some weights. What the lines of one show is kept for the next, which may be the same text later.

    `words` is a table of `line_speech_kernel`, `limits` are `line_verdict.Limits`.
    """

    def __init__(self, words: Array, first: Forest, second: Forest, limits: tuple[int, ...]) -> None:
        self.words = words
        self.weights = first, second, limits
        self.before = nothing()

    def judged(self, text: str, marks: bytes) -> Judged:
        """What is thought of the lines of a text that have these marks (as `line_marks`)."""
        characters, seen = codes(text), np.frombuffer(marks, dtype=np.uint8)
        *lines, copies, unsure, alien, found = _judged(
            characters, seen, SHOWN, KINDS, self.words, self.before, NO_KINDS, self.weights
        )
        self.before = tuple(lines)
        if unsure or alien:
            beside = beside_of(text, copies, unsure, alien)
            found = verdicts(Known(characters, *lines), beside, seen, KINDS, self.weights)
        starts, ends, goes, shows = found[:4].tolist()
        return Judged(starts, ends, goes, shows, found[4].data)


@kernel
def _judged(
    text: Array,
    seen: Array,
    shown: Array,
    kinds: Array,
    words: Array,
    before: Before,
    no_kinds: Array,
    weights: tuple[Forest, Forest, tuple[int, ...]],
) -> tuple[Array, Array, Array, Array, Array, Array, bool, bool, Array]:
    """What `rows_of` says of the lines of a text; and the verdicts, if nothing else is needed for them."""
    rows = rows_of(text, len(seen), shown, kinds, words, before)
    known, beside = Known(text, rows[0], rows[1], rows[2], rows[3], rows[4]), Beside(rows[5], no_kinds)
    found = np.empty((5, 0), dtype=np.int32) if rows[6] or rows[7] else verdicts(known, beside, seen, kinds, weights)
    return rows[0], rows[1], rows[2], rows[3], rows[4], rows[5], rows[6], rows[7], found


@kernel
def verdicts(
    known: Known, beside: Beside, seen: Array, kinds: Array, weights: tuple[Forest, Forest, tuple[int, ...]]
) -> Array:
    """The columns `line_verdict.Judged` as rows: none where there are few lines.

    `seen` are the marks of all lines of the text, blank ones too; `kinds` those of characters, of `line_marks_kernel`.
    """
    total = len(known.columns)
    if total < FEWEST:
        return np.empty((5, 0), dtype=np.int32)
    first, second, limits = weights
    table = table_of(known, beside)
    place(table)
    small = narrow(table)
    flow(judge(first, table, small, total), table)
    narrow_columns(table, small, _SCORE, _HELD)
    scores = judge(second, table, small, total)
    prose, ended = np.empty((2, total), dtype=np.uint8)
    begin, end = -1, total - 1
    for n in range(total):
        mark = seen[known.bounds[2, n]]
        prose[n], ended[n] = mark & PROSE_MARK, mark & ENDED
        if scores[n] < 0 and prose[n]:
            begin, end = (n if begin < 0 else begin), n
    sure = begin >= 0
    begin = max(0, begin)
    text, bounds = known.text, known.bounds
    goes = np.zeros(total, dtype=np.uint8)
    if sure:
        extra = 0 if _is_page(table, scores, begin, end) else STRICTER
        _score_high(text, bounds, scores, prose, begin, end, limits, extra, goes)
        digits, menus = table[:total, DIGITS], table[:total, MENUS]
        staying(text, kinds, bounds, scores, prose, ended, digits, menus, table, begin, end, goes)
    found = np.empty((5, total), dtype=np.int32)
    count = 0
    for n in range(total):
        if scores[n] > limits[0]:
            where = SPEAKS if prose[n] else _place(n, begin, end)
            ends = bounds[1, n] == len(text)
            found[0, count], found[1, count] = max(0, bounds[0, n] - ends), bounds[1, n] + (not ends)
            found[2, count], found[3, count] = goes[n], shown(table[n]) | where << SHOWS
            found[4, count] = scores[n]
            count += 1
    return found[:, :count].copy()


@inner
def _place(line: int, first: int, last: int) -> int:
    """Which of `PLACES` a line stands in."""
    return 0 if line < first else 1 if line > last else 2


@inner
def _score_high(
    text: Array,
    bounds: Array,
    scores: Array,
    prose: Array,
    first: int,
    last: int,
    limits: tuple[int, ...],
    extra: int,
    goes: Array,
) -> None:
    """Flag the lines that would go by their score."""
    for n in range(len(goes)):
        if scores[n] > limits[0]:
            long = prose[n] or blanks(text, bounds[0, n], bounds[1, n], LONG) == LONG
            unknown = long and len(text) > LEARNT
            goes[n] = not unknown and scores[n] > limits[1 + _place(n, first, last) + _PLACES * long] + extra


@inner
def _is_page(table: Array, scores: Array, first: int, last: int) -> bool:
    """As `line_verdict._is_page`."""
    for n in range(len(scores)):
        outside = n > last or (n < first and first > HEADLINES)
        if outside and scores[n] >= CLEAR and table[n, LEXICAL] >= SAYS:
            return True
    return False
