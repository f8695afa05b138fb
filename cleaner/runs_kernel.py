"""Runs of words that stand twice in a text, and what two passages share, compiled.

Runs of words are told apart by 64-bit hashes. Two different runs with one hash would make two passages be compared that
need not be, or one pair fewer be found; among a million runs the odds are one in forty million.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import Any

import numpy as np

from cleaner.codes import BEHIND, codes, written
from cleaner.compiled import inner, kernel
from cleaner.runs import CHARACTERS, RUN, Passage, Repeated
from cleaner.runs_again_kernel import any_again, is_blank, may_be_prose
from cleaner.words_of_bytes import PADDING, below, equal, first, load, token_bytes

Array = np.ndarray[Any, Any]
_U = np.uint64
_A, _B, _P = _U(0xFF51AFD7ED558CCD), _U(0xC4CEB9FE1A85EC53), 0x9E3779B97F4A7C15
_POWERS = np.array([pow(_P, power, 1 << 64) for power in range(RUN)], dtype=np.uint64)


@inner
def _line_end(text: Array, at: int) -> int:
    """Where the line ends that a place stands in."""
    size = len(text) - BEHIND
    while at < size:
        many = first(equal(load(text, at), _U(10)))
        if many < 8:
            return int(min(at + many, size))
        at += 8
    return size


@inner
def _words(text: Array, values: Array, lines: Array) -> int:
    """Fill in the hash and the line of every word of the lines that may be prose, of a text with zeros behind."""
    count = 0
    line = -1
    end = -1
    while end < len(text) - BEHIND:
        at = end + 1
        end = _line_end(text, at)
        line += 1
        if not may_be_prose(text, at, end):
            continue
        while at < end:
            if is_blank(text[at]):
                at += 1
                continue
            begun = at
            value = _U(0)
            while at < end and not is_blank(text[at]):
                word = load(text, at)
                many = min(max(1, first(below(word, _U(33)))), end - at)
                small = token_bytes(word)[1]
                if many < 8:
                    small &= (_U(1) << _U(8 * many)) - _U(1)
                value = (value ^ small) * _A
                value ^= value >> _U(32)
                at += many
            value = (value ^ _U(at - begun)) * _B
            values[count] = value ^ (value >> _U(29))
            lines[count] = line
            count += 1
    return count


@inner
def _counted(text: Array, values: Array, keys: Array, slots: Array, lines: Array, places: Array) -> tuple[int, int]:
    """Note for every word of the run that begins there its first place, how often it stands, and its second line.

    These are the first rows of `places`; the first is -1 where no run begins, the others count at the first place
    alone. `slots` has room for a power of two of places that is more than the words. Gives how many words there are,
    and how often a run stands again.
    """
    count = _words(text, values, lines)
    size = 16
    while size < 2 * count:
        size *= 2
    slots[:size] = -1
    mask = _U(size - 1)
    repeats = 0
    owners, times, seconds = places[0], places[1], places[2]
    for at in range(count):
        owners[at] = -1
        times[at] = 0
        if at + RUN > count or lines[at] != lines[at + RUN - 1]:
            continue
        key = _U(0)
        for offset in range(RUN):
            key += values[at + offset] * _POWERS[offset]
        key = (key ^ (key >> _U(33))) * _A
        key ^= key >> _U(32)
        slot = key & mask
        while slots[slot] >= 0 and keys[slots[slot]] != key:
            slot = (slot + _U(1)) & mask
        first = slots[slot]
        if first < 0:
            first = slots[slot] = at
            keys[at] = key
        else:
            repeats += 1
            if times[first] == 1:
                seconds[first] = lines[at]
        times[first] += 1
        owners[at] = first
    return count, repeats


@inner
def _repeated(
    text: Array,
    least: int,
    values: Array,
    keys: Array,
    slots: Array,
    lines: Array,
    held: Array,
    places: Array,
    out: Array,
) -> tuple[int, int]:
    """Put the lines of the runs that stand twice into the first two rows of `out`, and give how many there are.

    In the other rows stand the first place and a line of each run that stands more often; it gives their number too.
    Only runs of which two stand in lines that hold `least` such runs count: no others make a pair of lines.
    """
    count, repeats = _counted(text, values, keys, slots, lines, places)
    if repeats < least:
        return 0, 0
    owners, times, seconds = places
    held[: lines[count - 1] + 1] = 0
    for at in range(count):
        held[lines[at]] += owners[at] >= 0 and times[owners[at]] > 1
    twice = often = 0
    for at in range(count):
        first = owners[at]
        if first == at and times[at] == 2 and min(held[lines[at]], held[seconds[at]]) >= least:
            out[0, twice], out[1, twice] = lines[at], seconds[at]
            twice += 1
        elif first >= 0 and times[first] > 2:
            seconds[first] = (seconds[first] if first < at else 0) + (held[lines[at]] >= least)
    for at in range(count):
        first = owners[at]
        if first >= 0 and times[first] > 2 and seconds[first] > 1:
            out[2, often], out[3, often] = first, lines[at]
            often += 1
    return twice, often


@kernel
def _searched(text: Array, least: int) -> tuple[Array, int, int]:
    """What `_repeated` puts down, and how much of both."""
    most = 1  # words, or lines: what parts them is no greater than a blank
    for byte in text:
        most += byte <= 32
    hashes, numbers = np.empty((2, most), dtype=np.uint64), np.empty((8, most), dtype=np.int32)
    slots = np.empty(max(16, 4 * most), dtype=np.int32)
    held = np.empty(most, dtype=np.int32)  # by lines
    out = numbers[4:]
    twice, often = _repeated(text, least, hashes[0], hashes[1], slots, numbers[0], held, numbers[1:4], out)
    return out[:, : max(twice, often)].copy(), twice, often


def repeated_runs(text: str, least: int = 1) -> Repeated:
    """As `runs.repeated_runs_plain` of the lines that may be prose, but only what can make a pair of `least` runs."""
    if not any_again(codes(text), least):
        return Repeated([], [])
    out, twice, often = _searched(written(text), least)
    found: dict[int, list[int]] = {}
    for run, line in zip(out[2, :often].tolist(), out[3, :often].tolist(), strict=True) if often else ():
        found.setdefault(run, []).append(line)
    pairs = list(zip(out[0, :twice].tolist(), out[1, :twice].tolist(), strict=True)) if twice else []
    return Repeated(pairs, list(found.values()))


@inner
def _run(text: Array, at: int, size: int) -> Any:
    """The run of characters that begins at a place, of a passage of some size."""
    kept = min(size, CHARACTERS)
    return load(text, at) & ((_U(1) << _U(8 * kept)) - _U(1))


@inner
def _slot(key: np.uint64, stamp: int, keys: Array, stamps: Array) -> Any:
    """Where a run stands in the table under a stamp, or may be put."""
    mask = _U(len(keys) - 1)
    slot = (key * _A) >> _U(32) & mask
    while stamps[slot] == stamp and keys[slot] != key:
        slot = (slot + _U(1)) & mask
    return slot


@inner
def _runs_of(text: Array, start: int, end: int, stamp: int, keys: Array, stamps: Array) -> int:
    """Put the runs of characters of a passage into a table, under a stamp; gives how many different ones there are."""
    count = 0
    for at in range(start, max(min(end, start + 1), end - CHARACTERS + 1)):
        key = _run(text, at, end - start)
        slot = _slot(key, stamp, keys, stamps)
        if stamps[slot] != stamp:
            stamps[slot] = stamp
            keys[slot] = key
            count += 1
    return count


@inner
def _shared(text: Array, start: int, end: int, stamp: int, keys: Array, stamps: Array, met: Array, once: int) -> int:
    """The different runs of a passage that stand in the table under a stamp; those met are marked by `once`."""
    count = 0
    for at in range(start, max(min(end, start + 1), end - CHARACTERS + 1)):
        slot = _slot(_run(text, at, end - start), stamp, keys, stamps)
        if stamps[slot] == stamp and met[slot] != once:
            met[slot] = once
            count += 1
    return count


@inner
def _folded(raw: Array, borders: Array, text: Array) -> None:
    """Write the folded tokens of passages in ASCII, a blank between two, and move the borders of the passages."""
    to = 0
    at = borders[0]
    for passage in range(len(borders) - 1):
        begun = borders[passage] = to
        end = borders[passage + 1]
        apart = False
        while at < end:
            byte = raw[at]
            at += 1
            if 65 <= byte <= 90 or 97 <= byte <= 122 or 48 <= byte <= 57:
                if apart and to > begun:
                    text[to] = 32
                    to += 1
                text[to] = byte | 32 if byte > 57 else byte
                to += 1
                apart = False
            else:
                apart = True
    borders[len(borders) - 1] = to


@inner
def _compare(
    raw: Array, text: Array, starts: Array, sizes: Array, part: int, of: int, before: bool, counts: Array, keys: Array,
    marks: Array, out: Array,
) -> None:  # fmt: skip
    """The first `len(out)` passages are compared with all others; `marks` are two rows of zeros."""
    _folded(raw, starts, text)
    stamps, met = marks
    stamp = once = 0
    for other in range(len(out), len(sizes)):
        stamp += 1
        counts[other] = _runs_of(text, starts[other], starts[other + 1], stamp, keys, stamps)
    for one in range(len(out)):
        stamp += 1
        count = _runs_of(text, starts[one], starts[one + 1], stamp, keys, stamps)
        for other in range(len(out), min(len(out) + one, len(sizes)) if before else len(sizes)):
            if min(sizes[one], sizes[other]) * of < max(sizes[one], sizes[other]) * part:
                continue
            once += 1
            both = _shared(text, starts[other], starts[other + 1], stamp, keys, stamps, met, once)
            if both * of >= (count + counts[other] - both) * part:
                out[one] = other - len(out)
                break


@kernel
def _first_alike(raw: Array, starts: Array, sizes: Array, ones: int, part: int, of: int, before: bool) -> Array:
    """For each of the first so many passages of a text, which begin at `starts`, what `runs.first_alike` gives."""
    longest = 0
    for n in range(len(sizes)):
        longest = max(longest, starts[n + 1] - starts[n])
    room = 2
    while room <= 2 * longest + 1:
        room *= 2
    text, counts = np.empty(len(raw), dtype=np.uint8), np.empty(len(sizes), dtype=np.int64)
    keys, marks = np.empty(room, dtype=np.uint64), np.zeros((2, room), dtype=np.int64)
    out = np.full(ones, -1, dtype=np.int64)
    _compare(raw, text, starts, sizes, part, of, before, counts, keys, marks, out)
    return out


def first_alike(ones: Sequence[Passage], others: Sequence[Passage], share: tuple[int, int], before: bool) -> list[int]:
    """As `runs.first_alike`, of passages in ASCII: a run is its very bytes, and no hash."""
    sizes, texts = zip(*ones, *others, strict=True)
    raw = np.frombuffer("".join(texts).encode() + bytes(PADDING), dtype=np.uint8)
    starts = np.array([0, *accumulate(map(len, texts))], dtype=np.int64)
    found: list[int] = _first_alike(raw, starts, np.array(sizes, dtype=np.int64), len(ones), *share, before).tolist()
    return found
