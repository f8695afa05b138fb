"""Words behind full stops, compiled: a text is looked through for stops, and a few of them are looked at closer."""

from __future__ import annotations

from typing import Any

import numpy as np

from cleaner.codes import WIDE, codes
from cleaner.compiled import borrower, inner
from cleaner.line_marks_kernel import KINDS, SPACE
from cleaner.stops import SMALL, Behind
from cleaner.words_of_bytes import lowest
from cleaner.words_of_codes import end_stops

Array = np.ndarray[Any, Any]
_ONE = np.uint64(1)
_ROOM = 1 << 9
"""Words of one kind that are written down at first; a text that has more is read once more."""
_IN_WORDS = np.fromiter(map(str.isalnum, map(chr, range(WIDE + 1))), np.bool_, WIDE + 1)
_IN_WORDS[ord("_")] = True
_NO, _YES, _UNSURE = 0, 1, 2


@inner
def _is_small(code: int) -> bool:
    return 97 <= code <= 122


@inner
def _end_of_small(text: Array, at: int) -> int:
    """Where the small letters end that stand from a place on."""
    while at < len(text) and _is_small(text[at]):
        at += 1
    return at


@inner
def _is_behind_small(text: Array, at: int) -> bool:
    """Whether three small letters stand before a place."""
    return at >= 3 and _is_small(text[at - 1]) and _is_small(text[at - 2]) and _is_small(text[at - 3])


@inner
def _ends_small(text: Array, end: int, in_words: Array) -> int:
    """Whether a word in small letters ends here, and no name such as "x.y" goes on; beyond U+FFFE nobody knows."""
    for at in range(end, min(end + 2, len(text))):
        if text[at] == WIDE:
            return _UNSURE
        if in_words[text[at]]:
            return _NO
        if text[at] != 46:
            return _YES
    return _YES


@inner
def _goes_on(text: Array, at: int, kinds: Array) -> bool:
    """Whether the line ends here, blanks aside, or another sentence begins behind a blank."""
    if at + 1 < len(text) and text[at] == 32 and 65 <= text[at + 1] <= 90:
        return True
    while at < len(text) and kinds[text[at]] & SPACE and text[at] != 10:
        at += 1
    return bool(at == len(text) or text[at] == 10)


@borrower
def _search(text: Array, kinds: Array, in_words: Array, small: Array, alone: Array) -> tuple[int, int]:
    """Note where words start and end, and after small ones whether that is sure; tells how many of each there are."""
    smalls = alones = reached = 0
    for block in range(0, len(text) - 4, 64):
        stops = end_stops(text, block)
        while stops:
            at = block + lowest(stops)
            stops &= stops - _ONE
            start = at + 2
            if text[at + 1] != 32 or start + 2 >= len(text):
                continue
            if _is_small(text[start]):
                end = _end_of_small(text, start)
                if end < start + 3 or not _is_behind_small(text, at):
                    continue
                sure = _ends_small(text, end, in_words)
                if sure != _NO:
                    if smalls < len(small):
                        small[smalls, 0], small[smalls, 1], small[smalls, 2] = start, end, sure
                    smalls += 1
            elif text[at] == 46 and at >= reached and 65 <= text[start] <= 90:
                end = _end_of_small(text, start + 1)
                if end >= start + 3 and end < len(text) and text[end] == 46 and _goes_on(text, end + 1, kinds):
                    if alones < len(alone):
                        alone[alones, 0], alone[alones, 1] = start, end
                    alones += 1
                    reached = end + 1
    return smalls, alones


def found(text: str) -> Behind:
    """As `stops.behind_stops`."""
    characters = codes(text)
    room = _ROOM
    while True:
        small, alone = np.empty((room, 3), dtype=np.int64), np.empty((room, 2), dtype=np.int64)
        smalls, alones = _search(characters, KINDS, _IN_WORDS, small, alone)
        if max(smalls, alones) <= room:
            break
        room = max(smalls, alones)
    if not smalls and not alones:  # as in most texts
        return Behind([], [])
    starts, ends, sure = small[:smalls].T.tolist()
    words = list(zip(starts, ends, strict=True))
    if _UNSURE in sure:
        words = [
            word for word, known in zip(words, sure, strict=True) if known == _YES or SMALL.match(text, word[0] - 2)
        ]
    return Behind(words, list(map(tuple, alone[:alones].tolist())))
