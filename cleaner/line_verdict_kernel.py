"""What is thought of the lines of a text, compiled: `line_verdict.judged` in one call, from the rows of lines on."""

from __future__ import annotations

from typing import Any

import numpy as np

from cleaner.compiled import borrower, kernel
from cleaner.line_features import LEXICAL
from cleaner.line_kernel import Beside, Known, table_of
from cleaner.line_marks import ENDED
from cleaner.line_marks import PROSE as PROSE_MARK
from cleaner.line_score_kernel import flow, place, shown
from cleaner.line_stay import HEADLINES
from cleaner.line_stay_kernel import blanks, staying
from cleaner.line_trees_kernel import Forest, judge
from cleaner.line_verdict import CLEAR, DIGITS, LONG, MENUS, PLACES, SAYS, SHOWS, SPEAKS, STRICTER

Array = np.ndarray[Any, Any]
_PLACES = len(PLACES)


@kernel
def judged(
    known: Known, beside: Beside, seen: Array, kinds: Array, first: Forest, second: Forest, limits: tuple[int, ...]
) -> Array:
    """The columns `line_verdict.Judged` as rows. `known` has a line at least.

    `seen` are the marks of all lines of the text, blank ones too; `kinds` those of characters, of `line_marks_kernel`;
    `limits` are `line_verdict.Limits`.
    """
    table = table_of(known, beside)
    place(table)
    total = len(known.columns)
    flow(judge(first, table, total), table)
    scores = judge(second, table, total)
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
        staying(text, kinds, bounds, scores, prose, ended, digits, menus, begin, end, goes)
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
    return found[:, :count]


@borrower
def _place(line: int, first: int, last: int) -> int:
    """Which of `PLACES` a line stands in."""
    return 0 if line < first else 1 if line > last else 2


@borrower
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
            goes[n] = scores[n] > limits[1 + _place(n, first, last) + _PLACES * long] + extra


@borrower
def _is_page(table: Array, scores: Array, first: int, last: int) -> bool:
    """As `line_verdict._is_page`."""
    for n in range(len(scores)):
        outside = n > last or (n < first and first > HEADLINES)
        if outside and scores[n] >= CLEAR and table[n, LEXICAL] >= SAYS:
            return True
    return False
