"""The columns of lines once more, with numpy, for documents of many lines: the same whole numbers, sooner.

The text becomes one array of classes; what is counted per line is counted for all lines at once. Both ways are held
equal on arbitrary text by `tests/test_classify.py`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from itertools import accumulate, repeat
from typing import Any

import numpy as np

from cleaner.line_context import FAR, LOOKED, OFFSETS, REACH, document
from cleaner.line_features import (
    BITS,
    CHARS,
    CLASSES,
    ENDS,
    FINAL,
    LEXICAL,
    LONG,
    LOWERED,
    OWN,
    PROSE,
    PROSE_WORDS,
    READ,
    SHARED,
    SPOKEN,
    STARTS,
    WORDS,
    kinds,
    link_places,
    packed_any,
    per_line,
    plain,
)  # fmt: skip
from cleaner.line_words import KINDS

Array = np.ndarray[Any, np.dtype[np.int64]]
_ORDER = b' .!Q:,E"|(-@c$Aa0?~'
_CODE = bytes(_ORDER.index(byte) if byte in _ORDER else 0 for byte in range(256))
_SPACE, _STOP, _LOUD, _ASKS, _COLON, _COMMA, _DOTS, _QUOTE, _BAR, _ROUND = range(10)
_UPPER, _SMALL, _DIGIT, _FOREIGN = 14, 15, 16, 17
_END = np.array([ENDS[byte] for byte in _ORDER])
_START = np.array([STARTS[byte] for byte in _ORDER])


@cache
def _numbered() -> tuple[dict[bytes, int], Array]:
    """Word -> number, and number -> kind; 0 is a word of no kind, kinds count from 1."""
    latin, _ = kinds()
    numbers = {word: n for n, word in enumerate(latin, 1)}
    kind = [0, *((unit.bit_length() + BITS - 1) // BITS for unit in latin.values())]
    return numbers, np.array(kind, dtype=np.int64)


def lexical(lexicon: Mapping[bytes, int]) -> Array:
    """The lexicon as an array: the weight of each numbered word."""
    numbers, _ = _numbered()
    return np.array([0, *(lexicon.get(word, 0) for word in numbers)], dtype=np.int64)


def own_array(lines: Sequence[str], lexicon: Array) -> Array:
    """As `line_features.own`, one row per column; the lexicon as `lexical` gives it."""
    text = plain("\n".join(lines))
    total = len(lines)
    starts = np.array([0, *accumulate([len(line) + 1 for line in lines])], dtype=np.int64)
    codes = np.frombuffer((text + b"\n").translate(CLASSES).translate(_CODE), dtype=np.uint8)
    line_of = np.repeat(np.arange(total), np.diff(starts))
    counts = np.bincount(line_of * 19 + codes, minlength=19 * total).reshape(total, 19).T
    first, last, bare = _ends(codes, starts)
    chars = np.where(bare, 1, last - first + 1)
    table = np.zeros((len(OWN), total), dtype=np.int64)
    column = dict(zip(OWN, table, strict=True))
    column["chars"][:] = np.minimum(chars, LONG)
    column["end"][:] = np.where(bare, ENDS[ord("~")], _end_classes(codes, first, last))
    column["start"][:] = np.where(bare, STARTS[ord("~")], _START[codes[first]])
    letters = counts[_UPPER] + counts[_SMALL] + counts[_FOREIGN]
    for name, code, most in (
        ("commas", _COMMA, 30), ("joints", _BAR, 20), ("questions", _ASKS, 5), ("exclaims", _LOUD, 5),
        ("quotes", _QUOTE, 20), ("brackets", _ROUND, 10),
    ):  # fmt: skip
        column[name][:] = np.minimum(counts[code], most)
    column["upper"][:] = counts[_UPPER] * 1000 // np.maximum(letters, 1)
    column["digits"][:] = counts[_DIGIT] * 1000 // chars
    column["letters"][:] = letters * 1000 // chars
    column["foreign"][:] = counts[_FOREIGN] * 1000 // chars
    spaced = codes[1:] == _SPACE
    ended = (codes[:-1] == _STOP) | (codes[:-1] == _LOUD) | (codes[:-1] == _ASKS)
    inner = _within(np.flatnonzero(spaced & ended), 1, first, last, line_of)
    quoted = (codes[:-2] == _STOP) & (codes[1:-1] == _QUOTE) & (codes[2:] == _SPACE)
    column["sentences"][:] = np.minimum(inner + _within(np.flatnonzero(quoted), 2, first, last, line_of), 20)
    raised = np.flatnonzero((codes[:-1] == _SPACE) & (codes[1:] == _UPPER))
    capitals = _within(raised, 1, first, last, line_of) + (codes[first] == _UPPER) * ~bare
    alien = 5 * int(counts[_FOREIGN].sum()) > len(text)
    ids, spoken_in, about = _words(column, lines, text, starts, lexicon, alien)
    column["capitals"][:] = capitals * 1000 // np.maximum(column["words"], 1)
    finished = column["end"] >= FINAL
    column["prose"][:] = finished & (
        (column["words"] >= PROSE_WORDS) | ((2 * counts[_FOREIGN] > chars) & (chars >= 2 * PROSE_WORDS))
    )
    _shared(column, ids[about[ids]], spoken_in[about[ids]], len(about))
    bounds = starts.tolist()
    column["links"][:] = np.minimum(per_line(link_places(text), bounds)[:total], 5)
    column["dates"][:] = np.minimum(_dates(text, line_of, total), 5)
    copies = Counter(lines)
    column["copies"][:] = np.minimum([copies[line] for line in lines], 8)
    return table


def _dates(text: bytes, line_of: Array, total: int) -> Array:
    """How often `line_features.DATE` is found in each line."""
    at = np.frombuffer(text + b"   ", dtype=np.uint8)
    digit = (at >= 48) & (at <= 57)
    one, two, four = at[:-3], at[1:-2], digit[3:]
    year = ((one == 49) | (one == 50)) & ((two == 48) | (two == 57)) & digit[2:-1] & four
    time = digit[:-3] & ((two == 58) | (two == 46) | (two == 47)) & digit[2:-1] & four
    return np.bincount(line_of[np.flatnonzero(year | time)], minlength=total)


def _ends(codes: Any, starts: Array) -> tuple[Array, Array, Any]:
    """First and last visible character of each line, and which lines have none."""
    visible = np.flatnonzero(codes != _SPACE)
    if not len(visible):
        return starts[:-1], starts[:-1], np.ones(len(starts) - 1, dtype=bool)
    low = np.searchsorted(visible, starts[:-1])
    high = np.searchsorted(visible, starts[1:])
    first = visible[np.minimum(low, len(visible) - 1)]
    last = visible[np.maximum(high - 1, 0)]
    bare = low == high
    return np.where(bare, starts[:-1], first), np.where(bare, starts[:-1], last), bare


def _end_classes(codes: Any, first: Array, last: Array) -> Array:
    """What each line ends in, closing quotes and brackets looked through where a stop stands before them."""
    inner = np.flatnonzero((codes != _QUOTE) & (codes != _ROUND) & (codes != _BAR))
    at = inner[np.maximum(np.searchsorted(inner, last, side="right") - 1, 0)] if len(inner) else np.full_like(last, -1)
    inside = (at >= first) & (at <= last)
    at = np.where(inside, at, last)
    stopped = inside & ((codes[at] == _STOP) | (codes[at] == _LOUD) | (codes[at] == _ASKS)) & ~_dotted(codes, first, at)
    found: Array = np.where(stopped, _END[codes[at]], _END[codes[last]])
    return np.where(_dotted(codes, first, last), 0, found)


def _dotted(codes: Any, first: Array, at: Array) -> Any:
    """Whether three dots end at a place of each line."""
    dots = (codes[at] == _STOP) & (codes[np.maximum(at - 1, 0)] == _STOP) & (codes[np.maximum(at - 2, 0)] == _STOP)
    return dots & (at - 2 >= first)


def _within(at: Array, length: int, first: Array, last: Array, line_of: Array) -> Array:
    """How many places of each line begin and end between its first and last visible character."""
    line = line_of[at]
    inside = (at >= first[line]) & (at + length <= last[line])
    return np.bincount(line[inside], minlength=len(first))


def _words(
    column: dict[str, Array], lines: Sequence[str], text: bytes, starts: Array, lexicon: Array, alien: bool
) -> tuple[Array, Array, Any]:
    """Fill the columns that come from words. Gives each word's number here, its line, and which have content."""
    total = len(lines)
    lowered = text.translate(LOWERED)
    numbers, kind = _numbered()
    number = numbers.get
    words = lowered.split()
    seen = dict(zip(dict.fromkeys(words), range(len(words)), strict=False))
    ids = np.fromiter(map(seen.__getitem__, words), dtype=np.int64, count=len(words))
    distinct = np.fromiter(map(number, seen, repeat(0)), dtype=np.int64, count=len(seen))
    about = (distinct == 0) & (np.fromiter(map(len, seen), dtype=np.int64, count=len(seen)) > 3)
    if b"?" in lowered:
        about &= np.array([b"?" not in word for word in seen], dtype=bool)
    known = distinct[ids]
    letter = np.frombuffer(b" " + lowered, dtype=np.uint8) != 32
    begins = np.flatnonzero(letter[1:] & ~letter[:-1])
    upto = np.searchsorted(begins, starts)
    count = np.diff(upto)
    line = np.repeat(np.arange(total), count)
    order = np.arange(len(words)) - upto[line]
    column["words"][:] = np.minimum(count, 400)
    looked = np.minimum(count, READ)
    if alien:
        units = [packed_any(row) for row in lines]
        by_kind = np.array([[unit >> BITS * n & (1 << BITS) - 1 for n in range(len(KINDS))] for unit in units]).T
    else:
        use = order < READ
        cells = np.bincount(line[use] * (len(KINDS) + 1) + kind[known[use]], minlength=total * (len(KINDS) + 1))
        by_kind = cells.reshape(total, -1).T[1:]
    stops = by_kind[-1]
    column["stop"][:] = np.minimum(stops * 1000 // np.maximum(looked, 1), 1000)
    column["stops"][:] = np.minimum(stops, 60)
    for name, value in zip(KINDS, by_kind[:-1], strict=False):
        column[name][:] = np.minimum(value, 15)
    sums = np.concatenate(([0], np.cumsum(lexicon[known])))
    column["lexical"][:] = sums[upto[:-1] + np.minimum(count, SPOKEN)] - sums[upto[:-1]]
    filled = np.flatnonzero(count)
    column["first"][filled] = kind[known[upto[:-1][filled]]]
    return ids, line, about


def _shared(column: dict[str, Array], ids: Array, line: Array, most: int) -> None:
    """As `line_features._shared`; `ids` and `line` are those of the content words."""
    prose = column["prose"]
    total = len(prose)
    in_prose = prose[line] > 0
    pairs = np.unique(line[in_prose] * most + ids[in_prose])
    lines_with = np.bincount(pairs % max(most, 1), minlength=most)
    elsewhere = lines_with[ids] > prose[line]
    content = np.bincount(line, minlength=total)
    column["content"][:] = np.minimum(content, 60)
    found = np.bincount(line[elsewhere], minlength=total) * 1000 // np.maximum(content, 1)
    column["shared"][:] = np.where(content > 0, found, -1)


def place_array(own: Array) -> list[Array]:
    """As `line_context.place`, over an array with one row per column of `OWN`."""
    total = own.shape[1]
    by_name = {index: own[index] for index in (WORDS, PROSE, *LOOKED)}
    chars, words, prose, lexical = by_name[CHARS], by_name[WORDS], by_name[PROSE], by_name[LEXICAL]
    window = _window_of(total)
    before = np.concatenate(([0], np.cumsum(prose)))
    weight = np.concatenate(([0], np.cumsum(chars * prose)))
    gap_before, gap_after = _gaps(prose)
    padded = np.concatenate(([-9] * REACH, words, [-9] * REACH))
    alike = np.zeros(total, dtype=np.int64)
    for o in OFFSETS:
        alike += np.abs(padded[REACH + o : REACH + o + total] - words) <= 2
    sums = np.concatenate(([0] * 6, np.cumsum(chars), [0] * 5))
    sums[total + 6 :] = sums[total + 5]
    whole = document(total, prose, int(weight[-1]), int(chars.sum()), by_name)
    columns = [
        np.minimum(60, before[:-1]),
        np.minimum(60, before[-1] - before[1:]),
        gap_before,
        gap_after,
        np.minimum(20000, weight[-1] - weight[1:]),
        1000 * weight[:-1] // max(1, int(weight[-1])),
        window(prose, 2),
        window(prose, 8),
        sums[5 : total + 5] - sums[:total],
        sums[11:] - sums[6:-5],
        window(lexical, 2),
        window(lexical, 8),
        alike * (words < 12),
        *[np.full(total, value, dtype=np.int64) for value in whole],
        window(by_name[SHARED], 2),
        window(by_name[SHARED], 8),
    ]
    for index in LOOKED:
        column = np.concatenate(([-1] * REACH, by_name[index], [-1] * REACH))
        columns += [column[REACH + o : REACH + o + total] for o in OFFSETS]
    return columns


def _gaps(flags: Array) -> tuple[Array, Array]:
    """Lines since the last flagged one, and to the next one."""
    total = len(flags)
    numbers = np.arange(total)
    last = np.maximum.accumulate(np.where(flags, numbers, -FAR - 1))
    after = np.minimum.accumulate(np.where(flags, numbers, total + FAR)[::-1])[::-1]
    gap_before = np.concatenate(([FAR], np.minimum(FAR, numbers[1:] - last[:-1])))
    return gap_before, np.concatenate((np.minimum(FAR, after[1:] - numbers[:-1]), [FAR]))


def _window_of(total: int) -> Callable[[Array, int], Array]:
    numbers = np.arange(total)

    def window(values: Array, reach: int) -> Array:
        sums = np.concatenate(([0], np.cumsum(values)))
        found: Array = sums[np.minimum(total, numbers + reach + 1)] - sums[np.maximum(0, numbers - reach)]
        return found

    return window


def flow_array(scores: Array, prose: Array) -> list[Array]:
    """As `line_context.flow`, over an array."""
    total = len(scores)
    window = _window_of(total)
    numbers = np.arange(total)
    padded = np.concatenate(([0] * 5, scores, [0] * 5))
    sums = np.concatenate(([0], np.cumsum(scores)))
    sure = ((prose > 0) & (scores < 0)).astype(np.int64)
    before = np.concatenate(([0], np.cumsum(sure)))
    return [
        scores,
        *[padded[5 + o : 5 + o + total] for o in (-5, -4, -3, -2, -1, 1, 2, 3, 4, 5)],
        *[window(scores, reach) for reach in (2, 5, 12)],
        sums[:-1] // np.maximum(1, numbers),
        (sums[-1] - sums[1:]) // np.maximum(1, total - numbers - 1),
        np.full(total, int(sums[-1]) // total, dtype=np.int64),
        np.minimum(60, before[:-1]),
        np.minimum(60, before[-1] - before[1:]),
        *_gaps(sure),
    ]
