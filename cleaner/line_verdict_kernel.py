"""What is thought of the lines of a text, compiled: `line_verdict.judged` in one call, from the rows of lines on."""

from __future__ import annotations

from typing import Any

import numpy as np

from cleaner.compiled import kernel
from cleaner.line_features import LEXICAL
from cleaner.line_kernel import Beside, Known, table_of
from cleaner.line_marks import PROSE as PROSE_MARK
from cleaner.line_score_kernel import flow, place, shown
from cleaner.line_trees_kernel import Forest, judge
from cleaner.line_verdict import CLEAR, DIGITS, HEADLINES, LONG, PLACES, SAYS, STRICTER

Array = np.ndarray[Any, Any]
_PLACES = len(PLACES)


@kernel
def judged(
    known: Known, beside: Beside, seen: Array, first: Forest, second: Forest, limits: tuple[int, ...]
) -> tuple[Array, Array, Array]:
    """Whether each line is marked as prose, its digits, and the verdicts, a row for each.

    Behind these a row with the numbers of the first and last line that are surely prose. `seen` are the marks of all
    lines of the text, blank ones too; `limits` are `line_verdict.Limits`.
    """
    table = table_of(known, beside)
    place(table)
    base, columns, thresholds, leaves = first
    scores = judge(base, columns, thresholds, leaves, table)
    base, columns, thresholds, leaves = second
    scores = judge(base, columns, thresholds, leaves, flow(scores, table))
    total = len(scores)
    prose = np.empty(total, dtype=np.uint8)
    begin, end, count = -1, total - 1, 0
    for n in range(total):
        prose[n] = seen[known.bounds[2, n]] & PROSE_MARK
        count += scores[n] > limits[0]
        if scores[n] < 0 and prose[n]:
            begin, end = (n if begin < 0 else begin), n
    sure = begin >= 0
    begin = max(0, begin)
    extra = 0 if _is_page(table, scores, begin, end) else STRICTER
    found = np.empty((count + 1, 5), dtype=np.int32)
    at = 0
    for n in range(total):
        if scores[n] > limits[0]:
            where = 0 if n < begin else 1 if n > end else 2
            blanks = _blanks(known.text, known.bounds[0, n], known.bounds[1, n])
            long = prose[n] or blanks == LONG
            goes = sure and scores[n] > limits[1 + where + _PLACES * long] + extra
            row = found[at]
            row[0], row[1], row[2], row[3], row[4] = n, scores[n], shown(table[n]), blanks, goes
            at += 1
    found[at, 0], found[at, 1] = begin, end
    return prose, table[:, DIGITS].copy(), found


@kernel
def _blanks(text: Array, first: int, end: int) -> int:
    """How many blanks a line has, up to `LONG`."""
    found = 0
    for at in range(first, end):
        found += text[at] == 32
        if found == LONG:
            break
    return found


@kernel
def _is_page(table: Array, scores: Array, first: int, last: int) -> bool:
    """As `line_verdict._is_page`."""
    for n in range(len(scores)):
        outside = n > last or (n < first and first > HEADLINES)
        if outside and scores[n] >= CLEAR and table[n, LEXICAL] >= SAYS:
            return True
    return False
