"""Whether one text can go because another one says all of it, compiled: `verify.compare` for pairs of ordinary texts.

It says UNCLEAR where the plain path must look, as of texts that are not ordinary. What it does say is what `compare`
says, evidence included.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from cleaner.compiled import borrower, inner
from cleaner.duplicates import verify, wording
from cleaner.duplicates import word_table as known
from cleaner.duplicates.align_kernel import Bits
from cleaner.duplicates.anchor_kernel import Cuts
from cleaner.duplicates.anchor_kernel import hunks as hunks_of
from cleaner.duplicates.glue_kernel import (
    NO,
    UNSURE,
    YES,
    Scratch,
    Side,
    add_runs,
    has_run,
    is_damage,
    is_rest,
    may_be_slip,
    stands_elsewhere,
)
from cleaner.duplicates.known_kernel import has_word
from cleaner.duplicates.lost_kernel import Flags, has_runs, is_line, is_sentence, is_unheard_name, read_sentences
from cleaner.duplicates.mend_kernel import Mending, glued, mend, spread
from cleaner.duplicates.title_kernel import other_title
from cleaner.duplicates.word_kernel import Bytes, Hashes, Integers, Number, Shorts, Words

UNCLEAR, NEAR, VERSION = 0, 1, 2
"""What is said of a pair: nothing, that the text can go, or that it cannot."""
QUOTE, NUMBER, KEY, SIGN, SPAN = 0, 1, 2, 3, 4
"""How a contradiction is shown: as a word is written, as a number or a word is compared, by the code of a sign, or as
the text from a place to another."""
_EXTRA_TOKENS, _EXTRA_SHORT, _EXTRA_SHARE = verify.EXTRA_TOKENS, verify.EXTRA_SHORT, verify.EXTRA_SHARE
_MOVED = wording.MOVED
_SWAP, _ADDED, _NEAR, _SENTENCE, _PAIRED = verify.SWAP, verify.ADDED, verify.NEAR, verify.SENTENCE, verify.PAIRED
_LOST, _OF = verify.LOST
_SOUGHT = 8
"""Passages whose first run is looked for before all runs of the other text are put into a table: few are elsewhere."""
_WEIGHTLESS = known.WEIGHTLESS_WORD | known.TAIL


class Room(NamedTuple):
    """Where a comparison works and writes: enough for the longest pair of texts."""

    kinds: Shorts
    folds: Shorts
    bases: Bytes
    lexicon: Hashes
    bits: Bits
    cuts: Cuts
    mending: Mending
    scratch: Scratch
    table: Hashes
    hunks: Integers
    gone: Integers
    instead: Integers
    numbers: Integers
    firsts: Integers
    lost: Integers
    prose: Flags
    events: Integers


@inner
def _hunk(room: Room, h: Number) -> tuple[Number, Number, Number, Number]:
    return room.hunks[h, 0], room.hunks[h, 1], room.hunks[h, 2], room.hunks[h, 3]


@inner
def _note(room: Room, count: Number, side: Number, kind: Number, start: Number, end: Number, hunk: Number) -> Number:
    """Write down a contradiction; gives how many there are."""
    event = room.events[count]
    event[0], event[1], event[2], event[3], event[4] = side, kind, start, end, hunk
    return count + 1


@inner
def _note_word(room: Room, count: Number, side: Number, kind: Number, text: Side, n: Number, hunk: Number) -> Number:
    return _note(room, count, side, kind, text.words[n]["start"], text.words[n]["end"], hunk)


@inner
def _same(left: Side, n: Number, right: Side, m: Number, lexicon: Hashes) -> Number:
    """Whether two words are one, or may stand for each other, or one is the other misspelt."""
    one, other = left.words[n], right.words[m]
    if one["key"] == other["key"] or (one["flags"] & other["flags"]) >> np.uint32(known.GROUP):
        return YES
    if is_damage(left, n, n + 1, right, m, m + 1):
        return YES
    if not may_be_slip(left, n, right, m):
        return NO
    return NO if has_word(lexicon, one["key"]) and has_word(lexicon, other["key"]) else YES


@inner
def _unpaired(left: Side, right: Side, room: Room, h: Number) -> tuple[Number, Number]:
    """The words of a difference that the other text does not have into `gone` and `instead`; how many."""
    a, b, c, d = _hunk(room, h)
    lost = fresh = 0
    paired = max(b - a, d - c) <= _PAIRED
    at = c
    for n in range(a, b):
        place = d
        for m in range(at, d if paired else at):
            if _same(left, n, right, m, room.lexicon):
                place = m
                break
        if place == d:
            room.gone[lost] = n
            lost += 1
            continue
        for m in range(at, place):
            room.instead[fresh] = m
            fresh += 1
        at = place + 1
    for m in range(at, d):
        room.instead[fresh] = m
        fresh += 1
    return lost, fresh


@inner
def _with(text: Side, places: Integers, count: Number, flag: Number) -> Number:
    """How many of some words are of a kind."""
    found = 0
    for k in range(count):
        found += text.words[places[k]]["flags"] & np.uint32(flag) != 0
    return found


@inner
def _is_swap(hunk: Integers) -> bool:
    return bool(0 < hunk[1] - hunk[0] <= _SWAP and 0 < hunk[3] - hunk[2] <= _SWAP)


@inner
def _denied(left: Side, right: Side, room: Room, h: Number, lost: Number, fresh: Number, count: Number) -> Number:
    """Note the words that deny, if the two texts deny a different number of times."""
    one, other = _with(left, room.gone, lost, known.DENIES), _with(right, room.instead, fresh, known.DENIES)
    if one == other:
        return count
    text, places, size = (left, room.gone, lost) if one else (right, room.instead, fresh)
    for k in range(size):
        if text.words[places[k]]["flags"] & np.uint32(known.DENIES):
            count = _note_word(room, count, 0 if one else 1, QUOTE, text, places[k], h)
    return count


@inner
def _numbers(left: Side, right: Side, room: Room, h: Number, lost: Number, fresh: Number, count: Number) -> Number:
    """Note the numbers that the survivor does not have here; of a long passage only if it has one of them nowhere."""
    before = count
    heard = True
    for k in range(lost):
        n = room.gone[k]
        if not left.words[n]["flags"] & np.uint32(known.FIGURE):
            continue
        for m in range(fresh):
            if right.words[room.instead[m]]["key"] == left.words[n]["key"]:
                break
        else:
            count = _note_word(room, count, 0, NUMBER, left, n, h)
            heard = heard and has_runs(left, n, right)
    return before if heard and room.hunks[h, 1] - room.hunks[h, 0] > _SWAP else count


@inner
def _otherwise(left: Side, right: Side, room: Room, h: Number, lost: Number, fresh: Number, count: Number) -> Number:
    """Note what one text says in a place and the other one does not: `_Comparison._otherwise`."""
    swap = _is_swap(room.hunks[h])
    if room.hunks[h, 1] - room.hunks[h, 0] <= _SWAP:
        count = _denied(left, right, room, h, lost, fresh, count)
    count = _numbers(left, right, room, h, lost, fresh, count)
    light = _with(left, room.gone, lost, _WEIGHTLESS) + _with(right, room.instead, fresh, _WEIGHTLESS)
    said = swap and lost > 0 and fresh > 0 and light < lost + fresh
    for k in range(lost):
        flags = left.words[room.gone[k]]["flags"]
        if not said and flags & np.uint32(known.NAME):
            if not is_unheard_name(left, room.gone[k], right):
                continue
        elif not said:
            continue
        count = _note_word(room, count, 0, QUOTE, left, room.gone[k], h)
    return count


@inner
def _telling(left: Side, right: Side, room: Room, h: Number, count: Number) -> Number:
    """Note words of a short passage that only one text has which change what the words around them say."""
    a, b, c, d = _hunk(room, h)
    if b > a and is_line(left, a, b):
        return count
    text, first, last = (left, a, b) if b > a else (right, c, d)
    scaled = False
    if a > 0 and left.words[a - 1]["flags"] & np.uint32(known.NUMBER):
        scaled = text.words[first]["flags"] & np.uint32(known.SCALE) != 0
    for n in range(first, last):
        if scaled or text.words[n]["flags"] & np.uint32(known.DENIES):
            count = _note_word(room, count, 0 if b > a else 1, QUOTE, text, n, h)
    return count


@inner
def _reordered(left: Side, right: Side, room: Room, size: Number, count: Number) -> Number:
    """Note words that stand a few words from where the survivor has them; -1 if one cannot be told by its place."""
    hunks = room.hunks
    begun = 0
    for h in range(size):
        if hunks[h, 3] > hunks[h, 2] or hunks[h, 1] - hunks[h, 0] > _ADDED:
            continue
        while hunks[begun, 0] < hunks[h, 0] - _NEAR:
            begun += 1
        g = begun
        while g < size and hunks[g, 0] <= hunks[h, 0] + _NEAR:
            if hunks[g, 0] == hunks[g, 1] and hunks[g, 3] - hunks[g, 2] <= _ADDED:
                for n in range(hunks[h, 0], hunks[h, 1]):
                    for m in range(hunks[g, 2], hunks[g, 3]):
                        if left.words[n]["key"] == right.words[m]["key"] and not left.words[n]["flags"] >> np.uint32(
                            known.GROUP
                        ):
                            if left.words[n]["flags"] & np.uint32(known.GLUED):
                                return -1
                            count = _note_word(room, count, 0, KEY, left, n, -1)
            g += 1
    return count


@inner
def _differences(left: Side, right: Side, room: Room, found: Number) -> Number:
    """Keep of the first `hunks` the differences that are more than damage; gives how many, -1 if one is unsure."""
    hunks = room.hunks
    added = False
    sought = kept = 0
    for h in range(found):
        a, b, c, d = _hunk(room, h)
        if c == d:
            tails = True
            for n in range(a, b):
                tails = tails and left.words[n]["flags"] & np.uint32(known.TAIL) != 0
            if tails:
                continue
            sought += b - a >= _MOVED
            if b - a >= _MOVED and (sought > _SOUGHT or has_run(right, left, a)):
                if not added:
                    add_runs(right, room.table)
                    added = True
                if stands_elsewhere(left, a, b, right, room.table):
                    continue
        elif a < b:
            if is_damage(left, a, b, right, c, d):
                continue
            rest = is_rest(left, a, b, right, c, d, room.scratch)
            if rest == UNSURE:
                return -1
            if rest == YES:
                continue
        for k in range(4):
            hunks[kept, k] = hunks[h, k]
        kept += 1
    return kept


@inner
def _said_otherwise(left: Side, right: Side, room: Room, size: Number, count: Number) -> Number:
    """Note what the texts say otherwise; -1 if unsure."""
    for h in range(size):
        a, b, c, d = _hunk(room, h)
        if a == b or c == d:
            if b - a + d - c <= _ADDED:
                count = _telling(left, right, room, h, count)
        elif _is_swap(room.hunks[h]):
            lost, fresh = _unpaired(left, right, room, h)
            count = _otherwise(left, right, room, h, lost, fresh, count)
    return _reordered(left, right, room, size, count)


@inner
def _what_is_lost(left: Side, right: Side, room: Room, size: Number, count: Number) -> tuple[Number, Number]:
    """Note what is lost with the removed text, and count the words of prose that only it has."""
    extra = 0
    sentences = read_sentences(left, left.kinds, room.numbers, room.firsts, room.prose)
    spread(left, room.mending.left, room.numbers)
    room.lost[:sentences] = 0
    for h in range(size):
        a, b, c, d = _hunk(room, h)
        prose = False
        for n in range(a, b):
            prose = prose or room.prose[room.numbers[n]]
        if not prose:
            continue
        lost, fresh = _unpaired(left, right, room, h)
        if not _is_swap(room.hunks[h]):
            count = _otherwise(left, right, room, h, lost, fresh, count)
        extra += lost
        for k in range(lost):
            room.lost[room.numbers[room.gone[k]]] += 1
        if c == d and room.prose[room.numbers[a]] and is_sentence(left, a, b, left.kinds):
            count = _note(room, count, 0, SPAN, left.words[a]["start"], left.words[b - 1]["end"], h)
    for k in range(sentences):
        first, last = room.firsts[k], room.firsts[k + 1]
        if room.lost[k] and last - first >= _SENTENCE and room.lost[k] * _OF >= (last - first) * _LOST:
            count = _note(room, count, 0, SPAN, left.whole[first]["start"], left.whole[last - 1]["end"], -1)
    return count, extra


@borrower
def judge(
    left: Side, right: Side, found: Number, tokens: Number, signs: Integers, other: Integers, room: Room
) -> tuple[Number, Number, Number, Number]:
    """Compare a text that may go with one that stays: verdict, extra words, number of hunks and of contradictions.

    `found` is the number of their differences in `hunks`, `tokens` are those of the removed text, `signs` and `other`
    the signs of both.
    """
    size = _differences(left, right, room, found)
    if size < 0:
        return UNCLEAR, 0, 0, 0
    count = 0
    for sign in signs:
        for k in range(other.size):
            if other[k] == sign:
                break
        else:
            count = _note(room, count, 0, SIGN, sign, 0, -2)
    count = _said_otherwise(left, right, room, size, count)
    if count < 0:
        return UNCLEAR, 0, 0, 0
    extra = 0
    if not count and size:
        count, extra = _what_is_lost(left, right, room, size, count)
    most = max(min(_EXTRA_TOKENS, tokens // _EXTRA_SHORT), tokens // _EXTRA_SHARE)
    return NEAR if not count and extra <= most else VERSION, extra, size, count


@inner
def _side(data: Bytes, borders: Integers, words: Words, starts: Integers, n: Number, room: Room) -> Side:
    """A text of many."""
    own = words[starts[n] : starts[n + 1]]
    return Side(data[borders[n] : borders[n + 1]], own, own, room.kinds, room.folds, room.bases)


@borrower
def judge_pairs(
    data: Bytes,
    borders: Integers,
    words: Words,
    starts: Integers,
    facts: Integers,
    marks: Integers,
    hashes: Hashes,
    token_starts: Integers,
    pairs: Integers,
    away: Bytes,
    room: Room,
    verdicts: Integers,
    hunks: Integers,
    events: Integers,
) -> Number:
    """Judge pairs of texts, (survivor, removed) each, until `hunks` or `events` are full; gives how many were judged.

    `verdicts` gets a row per pair: verdict, extra words, where its hunks and its contradictions end, and what its
    titles tell. A hunk is four places in bytes, -1 for those of an empty side. `away`, if it has any, tells of each
    text whether it goes, and is told of those that go: their pairs are not judged from there on.
    """
    written = noted = 0
    for n in range(pairs.shape[0]):
        kept, gone = pairs[n, 0], pairs[n, 1]
        verdict = extra = size = count = 0
        most = max(starts[gone + 1] - starts[gone], starts[kept + 1] - starts[kept])
        left_out = away.size > 0 and away[gone] | away[kept] != 0
        title = NO if left_out else other_title(facts, hashes, token_starts, gone, kept)
        if not left_out and most < room.numbers.size and title in (YES, NO):
            if hunks.shape[0] - written < room.hunks.shape[0] or events.shape[0] - noted < room.events.shape[0]:
                return n
            left, right = (
                _side(data, borders, words, starts, gone, room),
                _side(data, borders, words, starts, kept, room),
            )
            tokens = token_starts[gone + 1] - token_starts[gone]
            signs, others = marks[gone, : facts[gone, 2]], marks[kept, : facts[kept, 2]]
            found = hunks_of(left.words["key"], right.words["key"], room.bits, room.cuts, room.hunks)
            if glued(left, right, room.hunks[:found], room.mending):
                left, right = mend(left, right, room.mending)
                if left.words.size and right.words.size:
                    found = hunks_of(left.words["key"], right.words["key"], room.bits, room.cuts, room.hunks)
                    verdict, extra, size, count = judge(left, right, found, tokens, signs, others, room)
            else:
                verdict, extra, size, count = judge(left, right, found, tokens, signs, others, room)
            for h in range(size):
                written = _place(room.hunks[h], left, right, hunks, written)
            for e in range(count):
                for k in range(5):
                    events[noted + e, k] = room.events[e, k]
            noted += count
            if away.size and verdict == NEAR and title == NO:
                away[gone] = 1
        verdicts[n, 0], verdicts[n, 1], verdicts[n, 2], verdicts[n, 3] = verdict, extra, written, noted
        verdicts[n, 4] = title
    return pairs.shape[0]


@inner
def _place(hunk: Integers, left: Side, right: Side, hunks: Integers, at: Number) -> Number:
    """Write a hunk down in bytes; gives where the next one goes."""
    hunks[at] = -1
    if hunk[1] > hunk[0]:
        hunks[at, 0], hunks[at, 1] = left.words[hunk[0]]["start"], left.words[hunk[1] - 1]["end"]
    if hunk[3] > hunk[2]:
        hunks[at, 2], hunks[at, 3] = right.words[hunk[2]]["start"], right.words[hunk[3] - 1]["end"]
    return at + 1
