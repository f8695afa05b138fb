"""Which lines stay although they score like furniture, compiled: `line_stay` over the characters of a text."""

from __future__ import annotations

from typing import Any

import numpy as np

from cleaner.compiled import borrower, inner, kernel
from cleaner.line_marks_kernel import DIGIT, SPACE
from cleaner.line_score_kernel import shown
from cleaner.line_signs import OF_PAGES, REPEATED
from cleaner.line_stay import (
    BESIDE,
    BULLETS,
    FIGURES,
    HEADLINES,
    LEAD,
    LENGTHY,
    MENU,
    PARAGRAPH,
    RUN,
    SENTENCE,
    SPEECH,
    SURE,
    WORDS,
)

Array = np.ndarray[Any, Any]
assert BULLETS == "-\u2022*\u00b7\u2013", "the kernel spells them out"


@kernel
def staying(
    text: Array,
    kinds: Array,
    bounds: Array,
    scores: Array,
    prose: Array,
    ended: Array,
    digits: Array,
    menus: Array,
    table: Array,
    first: int,
    last: int,
    goes: Array,
) -> None:
    """As `line_stay.staying`: take those lines that stay out of the flags `goes`.

    The lines lie in `bounds` of the text, `kinds` says what its characters are, and `table` has the columns from which
    signs are read; the rest as `line_stay.Scored`.
    """
    stay = np.zeros(len(goes), dtype=np.uint8)
    _lists(text, kinds, bounds, goes, stay)
    reach, speaks = _speaking(text, bounds, scores, prose, ended, last)
    _runs_inside(text, kinds, bounds, scores, speaks, digits, first, reach, goes, stay)
    _announced(text, kinds, bounds, scores, prose, last, goes, stay)
    for n in range(len(goes)):
        if goes[n]:
            begin, end = bounds[0, n], bounds[1, n]
            wordy = blanks(text, begin, end, WORDS - 1) == WORDS - 1
            headline = n < first and (first <= HEADLINES or (n == first - 1 and wordy))
            size = end - begin if prose[n] else 0
            paragraph = size >= PARAGRAPH
            lengthy = size >= LENGTHY and menus[n] <= MENU
            inside = first <= n <= last and wordy and ended[n]
            spoken = (lengthy or inside) and scores[n] < SENTENCE
            goes[n] = not (stay[n] or headline or paragraph or spoken)
    _refrains(bounds, prose, table, goes)


@inner
def _refrains(bounds: Array, prose: Array, table: Array, goes: Array) -> None:
    """Let sentences stay as `line_stay._refrains` finds them."""
    above = goes[0]
    for n in range(1, len(goes) - 1):
        gone = goes[n]
        if gone and prose[n] and not above and not goes[n + 1]:
            shortest = min(bounds[1, n - 1] - bounds[0, n - 1], bounds[1, n + 1] - bounds[0, n + 1])
            if shortest >= BESIDE:
                goes[n] = shown(table[n]) & (REPEATED | OF_PAGES) != REPEATED
        above = gone


@inner
def _lists(text: Array, kinds: Array, bounds: Array, goes: Array, stay: Array) -> None:
    """Mark the items of lists of which one stays."""
    begin, some, every = 0, False, True
    for n in range(len(goes) + 1):
        if n < len(goes) and _is_item(text, kinds, bounds[0, n], bounds[1, n]):
            some |= goes[n] > 0
            every &= goes[n] > 0
        else:
            if some and not every:
                stay[begin:n] = 1
            begin, some, every = n + 1, False, True


@kernel
def _speaking(text: Array, bounds: Array, scores: Array, prose: Array, ended: Array, last: int) -> Any:
    """The last line that `line_stay._speaking` tells, and flags of all, prose too."""
    speaks = prose != 0
    reach = last
    for n in range(last + 1, len(scores)):
        if ended[n] and scores[n] < 0 and blanks(text, bounds[0, n], bounds[1, n], SPEECH - 1) == SPEECH - 1:
            speaks[n] = True
            reach = n
    return reach, speaks


@inner
def _runs_inside(
    text: Array,
    kinds: Array,
    bounds: Array,
    scores: Array,
    prose: Array,
    digits: Array,
    first: int,
    last: int,
    goes: Array,
    stay: Array,
) -> None:
    """Mark the rows between prose that stay with those beside them, as `line_stay._lists` says."""
    begin, count, figures = first, 0, False
    for n in range(first, last + 2):
        if n <= last and not prose[n]:
            count += goes[n]
            figures |= digits[n] >= FIGURES
            continue
        if count:
            body = n - begin - (not goes[n - 1])
            whole = figures or (begin > 0 and _asks(text, kinds, bounds[1, begin - 1]))
            alone = body < RUN or count < body
            for at in range(begin, n):
                if whole or (alone and scores[at] < SURE):
                    stay[at] = 1
        begin, count, figures = n + 1, 0, False


@inner
def _announced(
    text: Array, kinds: Array, bounds: Array, scores: Array, prose: Array, last: int, goes: Array, stay: Array
) -> None:
    """Mark the rows behind the prose under a line that announces them, as `line_stay._announced` finds them."""
    announced = False
    for n in range(last + 1, len(goes)):
        if not goes[n]:
            announced = not prose[n] and (announced or _announces(text, kinds, bounds[0, n], bounds[1, n]))
        elif announced and scores[n] < SURE and not prose[n]:
            stay[n] = 1
        else:
            announced = False


@borrower
def blanks(text: Array, first: int, end: int, most: int) -> int:
    """How many blanks a line has, up to `most`."""
    found = 0
    for at in range(first, end):
        found += text[at] == 32
        if found == most:
            break
    return found


@inner
def _is_item(text: Array, kinds: Array, at: int, end: int) -> bool:
    """Whether a line has a bullet or a number."""
    if 65 <= text[at] <= 122:  # mostly
        return False
    while kinds[text[at]] & SPACE:
        at += 1
    code = text[at]
    if not (code == 45 or code == 42 or code == 0xB7 or code == 0x2013 or code == 0x2022):
        at += code == 40
        digits = 0
        while at < end and digits < 3 and kinds[text[at]] & DIGIT:
            at += 1
            digits += 1
        if not digits or at == end or not (text[at] == 46 or text[at] == 41):
            return False
    return bool(at + 1 < end and kinds[text[at + 1]] & SPACE)


@inner
def _asks(text: Array, kinds: Array, end: int) -> bool:
    """Whether a line ends in a colon or question mark."""
    at = end - 1
    while kinds[text[at]] & SPACE:
        at -= 1
    return bool(text[at] == 58 or text[at] == 63)


@inner
def _announces(text: Array, kinds: Array, begin: int, end: int) -> bool:
    """Whether a line ends in a colon and has words enough to announce what stands below it."""
    at = end - 1
    while kinds[text[at]] & SPACE:
        at -= 1
    return bool(text[at] == 58 and blanks(text, begin, at, LEAD - 1) == LEAD - 1)
