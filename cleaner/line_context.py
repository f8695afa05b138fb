"""Where a line stands: its neighbours, its distance to prose, and what kind of document it is in.

Whole numbers only; `line_score_kernel` reckons the same, compiled. Positions are counted from prose, never from the
border of the text: what is removed around the article then does not move what stays.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from cleaner.line_features import CAPITALS, CHARS, END, LEXICAL, OWN, PROSE, SHARED, WORDS

REACH = 3
"""So many neighbours on each side are looked at one by one."""
SHOWN = ("chars", "end", "stop", "capitals", "lexical", "shared")
"""What of a neighbour is looked at."""
LOOKED = tuple(OWN.index(name) for name in SHOWN)
OFFSETS = tuple(offset for offset in range(-REACH, REACH + 1) if offset)
NEIGHBOURS = tuple(f"{name}{offset:+d}" for name in SHOWN for offset in OFFSETS)
PLACE = (
    "prose_before", "prose_after", "gap_before", "gap_after", "prose_chars_after", "share_before",
    "prose_near", "prose_around", "chars_before", "chars_after", "lexical_near", "lexical_around", "alike",
    "lines", "doc_prose", "doc_prose_share", "doc_chars", "doc_stopped", "doc_short", "doc_lexical", "doc_capitals",
    "shared_near", "shared_around",
)  # fmt: skip
COLUMNS = (*OWN, *PLACE, *NEIGHBOURS)
"""The columns of the first model."""

FLOW = tuple(f"score{offset:+d}" for offset in (-5, -4, -3, -2, -1, 1, 2, 3, 4, 5))
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
)
"""The columns of the second model, which sees what the first one made of the lines around."""

FAR = 99
STOPPED = 16
SHORT = 4


def _window(values: Sequence[int], reach: int) -> list[int]:
    """Sum over a line and `reach` lines on each side of it."""
    total = len(values)
    sums = [0, *accumulate(values)]
    return [sums[min(total, n + reach + 1)] - sums[max(0, n - reach)] for n in range(total)]


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
    for index in LOOKED:
        column = [-1, -1, -1, *by_name[index], -1, -1, -1]
        columns += [column[REACH + o : REACH + o + total] for o in OFFSETS]
    return columns


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


def flow(scores: list[int], prose: Sequence[int]) -> list[list[int]]:
    """The columns of the second model that come from the scores of the first, as lists."""
    total = len(scores)
    padded = [0] * 5 + scores + [0] * 5
    sums = [0, *accumulate(scores)]
    sure = [int(flag > 0 and score < 0) for flag, score in zip(prose, scores, strict=True)]
    before = [0, *accumulate(sure)]
    return [
        scores,
        *[padded[5 + o : 5 + o + total] for o in (-5, -4, -3, -2, -1, 1, 2, 3, 4, 5)],
        *[_window(scores, reach) for reach in (2, 5, 12)],
        [sums[n] // max(1, n) for n in range(total)],
        [(sums[total] - sums[n + 1]) // max(1, total - n - 1) for n in range(total)],
        [sums[total] // total] * total,
        [min(60, count) for count in before[:-1]],
        [min(60, before[-1] - count) for count in before[1:]],
        _gaps(sure),
        _gaps(sure[::-1])[::-1],
    ]
