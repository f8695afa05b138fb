"""What is lost with a passage that only the removed text has, compiled: sentences, names and numbers of `verify`."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from cleaner.compiled import inlined, inner
from cleaner.duplicates import verify, wording
from cleaner.duplicates import word_table as known
from cleaner.duplicates.glue_kernel import Side, digits_at, has_thousands
from cleaner.duplicates.word_kernel import Bytes, Integers, Number, Shorts, Words, ends_like_prose
from cleaner.words_of_bytes import classes, lowest, point, standing

Flags = npt.NDArray[np.bool_]
_ALNUM = known.LETTER | known.DIGIT
_ALL, _CASE, _TOGETHER = np.uint64(0xFFFFFFFFFFFFFFFF), np.uint8(0x20), 64
_SENTENCE, _PROSE_WORDS, _SHORT_NAME = verify.SENTENCE, wording.PROSE_WORDS, wording.SHORT_NAME


@inlined
def _is_short(side: Side, n: Number, kinds: Shorts) -> bool:
    """Whether a full stop behind a word belongs to it."""
    word = side.whole[n]
    code, width = point(side.data, word["start"])
    return bool(
        word["flags"] & known.TITLE != 0 or (width == word["end"] - word["start"] and kinds[code] & known.UPPER != 0)
    )


@inner
def _ends_sentence(side: Side, n: Number, kinds: Shorts) -> Number:
    """Whether a sentence ends behind a word: 0 it does not, 1 it does, 2 it ends as prose does."""
    data = side.data
    begin = np.int64(side.whole[n]["end"])
    last = n + 1 == side.whole.size
    end = data.size if last else np.int64(side.whole[n + 1]["start"])
    line = begin
    while line < end and data[line] != 0x0A:
        line += 1
    at = begin
    while at < line:
        code, width = point(data, at)
        if not kinds[code] & known.STOP:
            at += width
            continue
        first = at
        while at < line and kinds[point(data, at)[0]] & known.STOP:
            at += point(data, at)[1]
        stops = at - first
        behind = at
        while behind < line and kinds[point(data, behind)[0]] & known.CLOSES:
            behind += point(data, behind)[1]
        closed = line < end or last if behind == line else kinds[point(data, behind)[0]] & known.SPACE != 0
        if closed:
            single = stops == 1 and behind == at and data[first] == 0x2E
            if single and first == begin and _is_short(side, n, kinds):
                break
            return 1 + ends_like_prose(data, begin, behind, kinds)
    if line < end or last:
        return 1 + ends_like_prose(data, begin, line, kinds)
    return 0


@inlined
def _is_blank(data: Bytes, words: Words, n: Number) -> bool:
    """Whether nothing but one blank stands behind a word, as behind most."""
    end = np.int64(words[n]["end"])
    return bool(words[n + 1]["start"] - end == 1 and data[end] == 0x20)


@inner
def read_sentences(side: Side, kinds: Shorts, numbers: Integers, firsts: Integers, prose: Flags) -> Number:
    """The sentence of every word, every sentence's first word and whether it is prose; gives how many there are.

    What is asked of every word is asked here: to hand on a text takes longer than to look at a blank.
    """
    count = at = inside = 0
    size = side.whole.size
    for n in range(size):
        numbers[n] = count
        if n + 1 < size and _is_blank(side.data, side.whole, n):
            continue
        found = _ends_sentence(side, n, kinds)
        if found:
            firsts[count] = at
            prose[count] = found == 2 and n + 1 - at >= _PROSE_WORDS
            inside += (n + 1 - at) * prose[count]
            count += 1
            at = n + 1
    firsts[count] = size
    if 2 * inside < size:
        prose[:count] = True
    return count


@inner
def is_line(side: Side, first: Number, last: Number) -> bool:
    """Whether a passage is a line of its own."""
    data = side.data
    at = np.int64(side.words[first]["start"])
    if first and side.words[first - 1]["end"] <= at:
        place = np.int64(side.words[first - 1]["end"])
        while place < at and data[place] != 0x0A:
            place += 1
        if place == at:
            return False
    place = np.int64(side.words[last - 1]["end"])
    end = np.int64(side.words[last]["start"]) if last < side.words.size else data.size
    while place < end and data[place] != 0x0A:
        place += 1
    return bool(place < end or last == side.words.size)


@inner
def _has_stop(data: Bytes, at: Number, end: Number, most: Number, kinds: Shorts) -> bool:
    """Whether a stop is among the next characters."""
    while at < end and most > 0:
        code, width = point(data, at)
        if kinds[code] & known.STOP:
            return True
        at += width
        most -= 1
    return False


@inner
def is_sentence(side: Side, at: Number, end: Number, kinds: Shorts) -> bool:
    """Whether a passage begins and ends where sentences do, or would if it began some words earlier."""
    data, words = side.data, side.words
    if end - at < _SENTENCE:
        return False
    while True:
        begun = at == 0 or _has_stop(data, words[at - 1]["end"], words[at]["start"], data.size, kinds)
        if begun and _has_stop(data, words[end - 1]["end"], data.size, 2, kinds):
            return True
        if not at or words[at - 1]["key"] != words[end - 1]["key"]:
            return False
        at, end = at - 1, end - 1


@inner
def has_runs(left: Side, n: Number, right: Side) -> bool:
    """Whether a text has every run of digits of a word."""
    at, end = np.int64(left.words[n]["start"]), np.int64(left.words[n]["end"])
    thousands = has_thousands(left.data, at, end)
    while at < end:
        value, at = digits_at(left.data, at, end, thousands)
        if value and not _has_digits(right, value):
            return False
    return True


@inner
def _has_digits(side: Side, wanted: np.uint64) -> bool:
    for word in side.whole:
        if word["flags"] & known.FIGURE:
            at, end = np.int64(word["start"]), np.int64(word["end"])
            thousands = has_thousands(side.data, at, end)
            while at < end:
                value, at = digits_at(side.data, at, end, thousands)
                if value == wanted:
                    return True
    return False


@inner
def is_unheard_name(left: Side, n: Number, right: Side) -> bool:
    """Whether a word that looks like a name is never written small, and the other text has it nowhere."""
    word = left.words[n]
    for other in left.whole:
        if other["key"] == word["key"] and other["flags"] & known.LOWER:
            return False
    for other in right.whole:
        if other["stump"] == word["stump"]:
            return False
    size = np.int64(word["sizes"] >> np.uint32(16)) & 0xFF
    return bool(size < _SHORT_NAME) or not _stands_inside(left, np.int64(word["start"]), size, right)


@inner
def _stands_inside(left: Side, start: Number, size: Number, right: Side) -> bool:
    """Whether some letters stand in a text when all that is not a letter or a digit is left out.

    Of 64 bytes those are looked at that are the first letter, small or large, or not ASCII.
    """
    data = right.data
    wanted = np.int64(left.folds[point(left.data, start)[0]])
    small = np.uint8(wanted if wanted < 0x80 else 0xFF)
    begin = 0
    while begin < data.size:
        there = _ALL
        if begin + _TOGETHER <= data.size:
            there = classes(data, begin)[1] | standing(data, begin, small) | standing(data, begin, small ^ _CASE)
        else:
            there >>= np.uint64(_TOGETHER - (data.size - begin))
        while there:
            at = begin + lowest(there)
            there &= there - np.uint64(1)
            if data[at] & 0xC0 == 0x80:
                continue
            code = point(data, at)[0]
            if right.kinds[code] & _ALNUM and right.folds[code] == wanted and _goes_on(left, start, size, right, at):
                return True
        begin += _TOGETHER
    return False


@inner
def _goes_on(left: Side, start: Number, size: Number, right: Side, at: Number) -> bool:
    """Whether some letters stand at a place of a text, apart from all that is not a letter or a digit."""
    found = 0
    while at < right.data.size and found < size:
        code, width = point(right.data, at)
        if right.kinds[code] & _ALNUM:
            letter, wide = point(left.data, start)
            if right.folds[code] != left.folds[letter]:
                return False
            start += wide
            found += 1
        at += width
    return bool(found == size)
