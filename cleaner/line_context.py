"""Where a line stands: its neighbours, its distance to prose, and what kind of document it is in.

Whole numbers only; `line_score_kernel` reckons the same, compiled. Positions are counted from prose, never from the
border of the text: what is removed around the article then does not move what stays.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import accumulate

from cleaner.line_features import CAPITALS, CHARS, DATES, END, LEXICAL, OWN, PROSE, SHARED, START, TIME, WORDS

REACH = 3
"""So many neighbours on each side are looked at one by one."""
SHOWN = ("chars", "end", "stop", "capitals", "lexical", "shared")
"""What of a neighbour is looked at."""
LOOKED = tuple(OWN.index(name) for name in SHOWN)
OFFSETS = tuple(offset for offset in range(-REACH, REACH + 1) if offset)
NEIGHBOURS = tuple(f"{name}{offset:+d}" for name in SHOWN for offset in OFFSETS)
SPOKEN = ("act", "nav", "people", "you", "past")
"""Kinds of words that are counted in the lines around."""
COUNTED = tuple(OWN.index(name) for name in SPOKEN)
PLACE = (
    "prose_before", "prose_after", "gap_before", "gap_after", "prose_chars_after", "share_before",
    "prose_near", "prose_around", "chars_before", "chars_after", "lexical_near", "lexical_around", "alike",
    "lines", "doc_prose", "doc_prose_share", "doc_chars", "doc_stopped", "doc_short", "doc_lexical", "doc_capitals",
    "shared_near", "shared_around",
    "dated_around", "dated_before", "dated_after", *(f"{name}_around" for name in SPOKEN), "opener", "shape",
    "main_from", "main_to", "block", "main_share", "blocks",
)  # fmt: skip
COLUMNS = (*OWN, *PLACE, *NEIGHBOURS)
"""The columns of the first model."""

AROUND = (-5, -4, -3, -2, -1, 1, 2, 3, 4, 5)
FLOW = tuple(f"score{offset:+d}" for offset in AROUND)
SMOOTH = (
    *OWN,
    *PLACE,
    "score",
    *FLOW,
    "score_near",
    "score_around",
    "score_wide",
    "score_before",
    "score_after",
    "doc_score",
    "sure_before",
    "sure_after",
    "sure_gap_before",
    "sure_gap_after",
    "evidence_before",
    "evidence_after",
    "segment_from",
    "segment_to",
)
"""The columns of the second model, which sees what the first one made of the lines around."""

HELD = tuple(name for name in SMOOTH if name not in FLOW)
"""The columns of both models but for those that are another one some lines further up or down."""
LIES = (
    {name: (number, 0) for number, name in enumerate(HELD)}
    | {f"{name}{offset:+d}": (HELD.index(name), offset) for name in SHOWN for offset in OFFSETS}
    | {name: (HELD.index("score"), offset) for name, offset in zip(FLOW, AROUND, strict=True)}
)
"""Where the value of a column for a line lies: in which of `HELD`, and so many lines further down."""

FAR = 99
STOPPED = 16
SHORT = 4
STAMP = 16
"""A line of fewer words with a date or time is a stamp: of a comment, a teaser, a version."""
LABEL = 8
"""A line of at most so many words may open what stands below it: "Comments", "Most read"."""
NO_LABEL = -1000
OPENED = 10
"""So many lines further up an opener is looked for."""
BREAK = 4
"""Prose lines that are further apart than so many lines belong to different blocks."""
SIDE = 200
"""Distances to the main block or segment are capped here."""
CERTAIN = 2000
"""As evidence, a score counts for no more than this."""
WEIGHTY = 400
"""As evidence, a line counts for no more characters than this."""
EVIDENCE = 20_000


def _window(values: Sequence[int], reach: int) -> list[int]:
    """Sum over a line and `reach` lines on each side of it."""
    return _between(values, reach, reach)


def _between(values: Sequence[int], before: int, after: int) -> list[int]:
    """Sum over a line, `before` lines above it and `after` below it."""
    total = len(values)
    sums = [0, *accumulate(values)]
    return [sums[min(total, n + after + 1)] - sums[max(0, n - before)] for n in range(total)]


def _gaps(prose: Sequence[int]) -> list[int]:
    """Lines since the last line of prose, 99 where there was none."""
    found = []
    gap = FAR
    for flag in prose:
        found.append(gap)
        gap = 1 if flag else min(FAR, gap + 1)
    return found


def place(own: list[list[int]]) -> list[list[int]]:
    """The columns `PLACE` and `NEIGHBOURS`, each a list over the lines."""
    total = len(own)
    by_name = {index: [row[index] for row in own] for index in (WORDS, PROSE, *LOOKED)}
    chars, words, prose, lexical = by_name[CHARS], by_name[WORDS], by_name[PROSE], by_name[LEXICAL]
    before = [0, *accumulate(prose)]
    weight = [0, *accumulate(c * p for c, p in zip(chars, prose, strict=True))]
    gaps_after = _gaps(prose[::-1])[::-1]
    padded = [-9, -9, -9, *words, -9, -9, -9]
    alike = [
        sum(1 for o in OFFSETS if abs(padded[n + REACH + o] - words[n]) <= 2 and words[n] < 12) for n in range(total)
    ]
    around = [0, 0, 0, 0, 0, *chars, 0, 0, 0, 0, 0]
    sums = [0, *accumulate(around)]
    whole = _document(total, prose, weight[-1], by_name)
    columns = [
        [min(60, b) for b in before[:-1]],
        [min(60, before[-1] - b) for b in before[1:]],
        _gaps(prose),
        gaps_after,
        [min(20000, weight[-1] - w) for w in weight[1:]],
        [1000 * w // max(1, weight[-1]) for w in weight[:-1]],
        _window(prose, 2),
        _window(prose, 8),
        [sums[n + 5] - sums[n] for n in range(total)],
        [sums[n + 11] - sums[n + 6] for n in range(total)],
        _window(lexical, 2),
        _window(lexical, 8),
        alike,
        *[[value] * total for value in whole],
        _window(by_name[SHARED], 2),
        _window(by_name[SHARED], 8),
    ]
    columns += [*_around(own), *_blocks(chars, prose)]
    for index in LOOKED:
        column = [-1, -1, -1, *by_name[index], -1, -1, -1]
        columns += [column[REACH + o : REACH + o + total] for o in OFFSETS]
    return columns


def _around(own: list[list[int]]) -> list[list[int]]:
    """The columns from "dated_around" to "shape"."""
    total = len(own)
    dated = [int((row[DATES] > 0 or row[TIME] > 0) and row[WORDS] < STAMP) for row in own]
    labels = [row[LEXICAL] if row[WORDS] <= LABEL else NO_LABEL for row in own]
    shapes = [(row[START], row[END], min(7, max(1, row[WORDS]).bit_length() - 1)) for row in own]
    alike = Counter(shapes)
    return [
        _between(dated, 6, 6),
        _between(dated, 15, 0),
        _between(dated, 0, 15),
        *[_between([min(2, row[index]) for row in own], 6, 6) for index in COUNTED],
        [max(labels[max(0, n - OPENED) : n + 1]) for n in range(total)],
        [1000 * alike[key] // total for key in shapes],
    ]


def _blocks(chars: Sequence[int], prose: Sequence[int]) -> list[list[int]]:
    """The columns from "main_from" to "blocks": where the largest block of prose lies, and how large this one is."""
    total = len(prose)
    blocks: list[list[int]] = []
    for n, flag in enumerate(prose):
        if flag and blocks and n - blocks[-1][1] <= BREAK:
            blocks[-1][1] = n
            blocks[-1][2] += chars[n]
        elif flag:
            blocks.append([n, n, chars[n]])
    if not blocks:
        return [[0] * total, [0] * total, [-1] * total, [0] * total, [0] * total]
    begin, end, size = max(blocks, key=lambda block: block[2])
    inside = [-1] * total
    for first, last, weight in blocks:
        inside[first : last + 1] = [weight * 1000 // size] * (last + 1 - first)
    return [
        [max(-SIDE, min(SIDE, n - begin)) for n in range(total)],
        [max(-SIDE, min(SIDE, n - end)) for n in range(total)],
        inside,
        [size * 1000 // sum(block[2] for block in blocks)] * total,
        [min(50, len(blocks))] * total,
    ]


def _document(total: int, prose: list[int], prose_chars: int, by_name: dict[int, list[int]]) -> list[int]:
    """What holds for the whole document."""
    all_chars = sum(by_name[CHARS])
    stopped = sum(1 for end in by_name[END] if end >= STOPPED)
    short = sum(1 for count in by_name[WORDS] if count <= SHORT)
    return [
        min(1000, total), min(100, sum(prose)), 1000 * prose_chars // max(1, all_chars), all_chars // total,
        1000 * stopped // total, 1000 * short // total, sum(by_name[LEXICAL]) // total,
        sum(by_name[CAPITALS]) // total,
    ]  # fmt: skip


def flow(scores: list[int], prose: Sequence[int], chars: Sequence[int]) -> list[list[int]]:
    """The columns of the second model that come from the scores of the first, as lists."""
    total = len(scores)
    padded = [0] * 5 + scores + [0] * 5
    sums = [0, *accumulate(scores)]
    sure = [int(flag > 0 and score < 0) for flag, score in zip(prose, scores, strict=True)]
    before = [0, *accumulate(sure)]
    return [
        scores,
        *[padded[5 + o : 5 + o + total] for o in AROUND],
        *[_window(scores, reach) for reach in (2, 5, 12)],
        [sums[n] // max(1, n) for n in range(total)],
        [(sums[total] - sums[n + 1]) // max(1, total - n - 1) for n in range(total)],
        [sums[total] // total] * total,
        [min(60, count) for count in before[:-1]],
        [min(60, before[-1] - count) for count in before[1:]],
        _gaps(sure),
        _gaps(sure[::-1])[::-1],
        *_evidence(scores, chars),
    ]


def _evidence(scores: Sequence[int], chars: Sequence[int]) -> list[list[int]]:
    """How much speaks for text above and below each line, and where the stretch that looks most like text lies.

    A line speaks for text by its score and its length. Above and below, the stretch that ends (begins) at the line and
    speaks most for text counts: furniture after the article does not outweigh it.
    """
    total = len(scores)
    speaks = [
        max(-CERTAIN, min(CERTAIN, -score)) * min(WEIGHTY, size) >> 10
        for score, size in zip(scores, chars, strict=True)
    ]
    sums = [0, *accumulate(speaks)]
    low = list(accumulate(sums, min))
    high = list(accumulate(reversed(sums), max))[::-1]
    gains = [sums[n + 1] - low[n] for n in range(total)]
    end = gains.index(max(gains))
    begin = sums.index(low[end])
    return [
        [min(EVIDENCE, sums[n] - low[n]) for n in range(total)],
        [min(EVIDENCE, high[n + 1] - sums[n + 1]) for n in range(total)],
        [max(-SIDE, min(SIDE, n - begin)) for n in range(total)],
        [max(-SIDE, min(SIDE, n - end)) for n in range(total)],
    ]
