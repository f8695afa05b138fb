"""Where a line stands, compiled: `line_context` over the columns `HELD`, as `line_table_kernel` lays them."""

from __future__ import annotations

from typing import Any

import numpy as np

from cleaner.compiled import inner, kernel
from cleaner.line_context import (
    BREAK,
    CERTAIN,
    COUNTED,
    EVIDENCE,
    FAR,
    HELD,
    LABEL,
    NO_LABEL,
    OPENED,
    PLACE,
    REACH,
    SHORT,
    SIDE,
    STAMP,
    STOPPED,
    WEIGHTY,
)  # fmt: skip
from cleaner.line_features import (
    CAPITALS,
    CHARS,
    DATES,
    END,
    ENDS,
    LEXICAL,
    OWN,
    PROSE,
    SHARED,
    START,
    STARTS,
    TIME,
    WORDS,
)
from cleaner.line_signs import signs
from cleaner.line_table_kernel import EDGE

Array = np.ndarray[Any, Any]

_OWN = len(OWN)
_STARTS, _ENDS = len(STARTS), len(ENDS)
_DATED, _OPENER, _MAIN = (_OWN + PLACE.index(name) for name in ("dated_around", "opener", "main_from"))
_COUNTED = np.array(COUNTED, dtype=np.int64)
_SCORE = HELD.index("score")


@inner
def _between(values: Array, before: int, after: int, out: Array) -> None:
    """The sum over a line, `before` lines above it and `after` below it."""
    total = len(values)
    running = 0
    for n in range(min(total, after)):
        running += values[n]
    for n in range(total):
        if n + after < total:
            running += values[n + after]
        if n - before - 1 >= 0:
            running -= values[n - before - 1]
        out[n] = running


@inner
def _window(values: Array, reach: int, out: Array) -> None:
    """The sum over a line and `reach` lines on each side."""
    _between(values, reach, reach, out)


@inner
def _gaps(flags: Array, before: Array, after: Array) -> None:
    """Lines since the last flagged one, and to the next one."""
    total = len(flags)
    gap = FAR
    for n in range(total):
        before[n] = gap
        gap = 1 if flags[n] else min(FAR, gap + 1)
    gap = FAR
    for n in range(total - 1, -1, -1):
        after[n] = gap
        gap = 1 if flags[n] else min(FAR, gap + 1)


@kernel
def _around(table: Array) -> None:
    """As `line_context._around`."""
    total = len(table) - EDGE
    values = np.empty(total, dtype=np.int64)
    for n in range(total):
        values[n] = (table[n, DATES] > 0 or table[n, TIME] > 0) and table[n, WORDS] < STAMP
    _between(values, 6, 6, table[:total, _DATED])
    _between(values, 15, 0, table[:total, _DATED + 1])
    _between(values, 0, 15, table[:total, _DATED + 2])
    for k in range(len(_COUNTED)):
        for n in range(total):
            values[n] = min(2, table[n, _COUNTED[k]])
        _between(values, 6, 6, table[:total, _DATED + 3 + k])
    shapes = np.zeros(_STARTS * _ENDS * 8, dtype=np.int32)
    _openers(table[:total, WORDS], table[:total, LEXICAL], table[:total, _OPENER])
    for n in range(total):
        size = 0
        while size < 7 and table[n, WORDS] >> (size + 1):
            size += 1
        values[n] = (table[n, START] * _ENDS + table[n, END]) * 8 + size
        shapes[values[n]] += 1
    for n in range(total):
        table[n, _OPENER + 1] = 1000 * shapes[values[n]] // total


@kernel
def _openers(words: Array, lexical: Array, out: Array) -> None:
    """The column "opener"; a step away at a time, so that many lines are looked at at once."""
    total = len(words)
    labels = np.full(OPENED + total, NO_LABEL, dtype=np.int32)
    for n in range(total):
        labels[OPENED + n] = lexical[n] if words[n] <= LABEL else NO_LABEL
    out[:] = NO_LABEL
    for step in range(OPENED + 1):
        for n in range(total):
            out[n] = max(out[n], labels[n + step])


@kernel
def _alike(words: Array, out: Array) -> None:
    """The column "alike"; a step away at a time."""
    total = len(words)
    near = np.full(total + 2 * REACH, -9, dtype=np.int32)
    near[REACH : REACH + total] = words
    out[:] = 0
    for step in range(2 * REACH + 1):
        if step != REACH:
            for n in range(total):
                out[n] += (abs(near[n + step] - words[n]) <= 2) & (words[n] < 12)


@inner
def _blocks(table: Array) -> None:
    """As `line_context._blocks`."""
    total = len(table) - EDGE
    begin, end, size = 0, 0, 0
    first, last, weight, everything, blocks = 0, -BREAK - 1, 0, 0, 0
    for n in range(total + 1):
        if n == total or (table[n, PROSE] and n - last > BREAK):
            for at in range(first, last + 1):
                table[at, _MAIN + 2] = min(weight, 2147483647)
            if weight > size:
                begin, end, size = first, last, weight
            if n < total:
                first, weight = n, 0
                blocks += 1
        if n < total:
            table[n, _MAIN + 2] = -1
            if table[n, PROSE]:
                last = n
                weight += table[n, CHARS]
                everything += table[n, CHARS]
    for n in range(total):
        row = table[n]
        row[_MAIN] = max(-SIDE, min(SIDE, n - begin)) if size else 0
        row[_MAIN + 1] = max(-SIDE, min(SIDE, n - end)) if size else 0
        row[_MAIN + 2] = row[_MAIN + 2] * 1000 // size if row[_MAIN + 2] >= 0 else -1
        row[_MAIN + 3] = size * 1000 // max(1, everything)
        row[_MAIN + 4] = min(50, blocks)


@kernel
def place(table: Array) -> None:
    """Fill the columns `PLACE` from the columns `OWN`."""
    total = len(table) - EDGE
    chars, words = table[:total, CHARS], table[:total, WORDS]
    prose, lexical = table[:total, PROSE], table[:total, LEXICAL]
    proses = 0
    weight = 0
    everything = 0
    stopped = 0
    short = 0
    speech = 0
    raised = 0
    for n in range(total):
        proses += prose[n]
        weight += chars[n] * prose[n]
        everything += chars[n]
        stopped += table[n, END] >= STOPPED
        short += words[n] <= SHORT
        speech += lexical[n]
        raised += table[n, CAPITALS]
    _gaps(prose, table[:total, _OWN + 2], table[:total, _OWN + 3])
    _window(prose, 2, table[:total, _OWN + 6])
    _window(prose, 8, table[:total, _OWN + 7])
    _between(chars, 5, 0, table[:total, _OWN + 8])
    _between(chars, 0, 5, table[:total, _OWN + 9])
    _alike(words, table[:total, _OWN + 12])
    _window(lexical, 2, table[:total, _OWN + 10])
    _window(lexical, 8, table[:total, _OWN + 11])
    _window(table[:total, SHARED], 2, table[:total, _OWN + 21])
    _window(table[:total, SHARED], 8, table[:total, _OWN + 22])
    _around(table)
    _blocks(table)
    seen = 0
    passed = 0
    for n in range(total):
        row = table[n]
        row[_OWN] = min(60, seen)
        seen += prose[n]
        row[_OWN + 1] = min(60, proses - seen)
        row[_OWN + 5] = 1000 * passed // max(1, weight)
        passed += chars[n] * prose[n]
        row[_OWN + 4] = min(20000, weight - passed)
        row[_OWN + 8] -= chars[n]
        row[_OWN + 9] -= chars[n]
    table[:total, _OWN + 13] = min(1000, total)
    table[:total, _OWN + 14] = min(100, proses)
    table[:total, _OWN + 15] = 1000 * weight // max(1, everything)
    table[:total, _OWN + 16] = everything // total
    table[:total, _OWN + 17] = 1000 * stopped // total
    table[:total, _OWN + 18] = 1000 * short // total
    table[:total, _OWN + 19] = speech // total
    table[:total, _OWN + 20] = raised // total


@kernel
def flow(scores: Array, table: Array) -> None:
    """Fill the columns of the second model that follow from the first's scores."""
    total = len(scores)
    sure = np.zeros(total, dtype=np.int64)
    everything = 0
    sures = 0
    for n in range(total):
        sure[n] = table[n, PROSE] > 0 and scores[n] < 0
        sures += sure[n]
        everything += scores[n]
    at = _SCORE + 1
    _window(scores, 2, table[:total, at])
    _window(scores, 5, table[:total, at + 1])
    _window(scores, 12, table[:total, at + 2])
    _gaps(sure, table[:total, at + 8], table[:total, at + 9])
    before = 0
    seen = 0
    for n in range(total):
        row = table[n]
        row[_SCORE] = scores[n]
        row[at + 3] = before // max(1, n)
        before += scores[n]
        row[at + 4] = (everything - before) // max(1, total - n - 1)
        row[at + 5] = everything // total
        row[at + 6] = min(60, seen)
        seen += sure[n]
        row[at + 7] = min(60, sures - seen)
    _evidence(scores, table[:total, CHARS], table[:, at + 10 :])


@kernel
def _evidence(scores: Array, chars: Array, out: Array) -> None:
    """As `line_context._evidence`."""
    total = len(scores)
    sums = np.zeros(total + 1, dtype=np.int64)
    for n in range(total):
        score = max(-CERTAIN, min(CERTAIN, -scores[n]))
        sums[n + 1] = sums[n] + ((score * min(WEIGHTY, chars[n])) >> 10)
    low, lowest = sums[0], 0
    begin, end, most = 0, 0, sums[1] - sums[0]
    for n in range(total):
        if sums[n] < low:
            low, lowest = sums[n], n
        out[n, 0] = min(EVIDENCE, sums[n] - low)
        if sums[n + 1] - low > most:
            begin, end, most = lowest, n, sums[n + 1] - low
    high = sums[total]
    for n in range(total - 1, -1, -1):
        high = max(high, sums[n + 1])
        out[n, 1] = min(EVIDENCE, high - sums[n + 1])
    for n in range(total):
        out[n, 2] = max(-SIDE, min(SIDE, n - begin))
        out[n, 3] = max(-SIDE, min(SIDE, n - end))


shown = kernel(signs)
"""As `line_signs.signs`."""
