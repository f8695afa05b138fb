"""Runs of words that stand twice in a text, and what two passages share, compiled.

Runs of words are told apart by 64-bit hashes. Two different runs with one hash would make two passages be compared that
need not be, or one pair fewer be found; among a million runs the odds are one in forty million.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import Any

import numpy as np

from cleaner.codes import WIDE, codes
from cleaner.compiled import inner, kernel
from cleaner.runs import CHARACTERS, RUN, Passage, Repeated
from cleaner.runs_again_kernel import is_blank, noted
from cleaner.words_of_bytes import PADDING, load

Array = np.ndarray[Any, Any]
_U = np.uint64
_A = _U(0xFF51AFD7ED558CCD)
_MANY = 8
"""Characters for which the set of runs that stood before has a word of 64 bits, at most."""


@inner
def _key(text: Array, at: int) -> tuple[np.uint64, bool]:
    """The hash of the run that begins at a place, and whether it tells all: of a character beyond `WIDE` it cannot."""
    value = _U(0)
    words = 0
    spoken = unsure = False
    while words < RUN:
        code = text[at] if at < len(text) else 32
        blank = is_blank(code)
        if spoken or not blank:
            value = (value ^ _U(32 if blank else code + 32 if 65 <= code <= 90 else code)) * _A
            value ^= value >> _U(32)
            unsure |= code == WIDE
        words += blank and spoken
        spoken = not blank
        at += 1
    return value, unsure


@inner
def _slot_of(slots: Array, values: Array, value: np.uint64) -> Any:
    """Where the number of a value stands in a table, or may be put; there are at least twice as many slots."""
    mask = _U(len(slots) - 1)
    slot = (value ^ (value >> _U(29))) & mask
    while slots[slot] >= 0 and values[slots[slot]] != value:
        slot = (slot + _U(1)) & mask
    return slot


@inner
def _kept(runs: Array, count: int, again: Array, slots: Array, kept: Array) -> int:
    """Put down the numbers of the runs that are like one of `again`, and give how many there are."""
    slots[:] = -1
    for run in again:
        slots[_slot_of(slots, runs, runs[run])] = run
    many = 0
    for run in range(count):
        kept[many] = run
        many += slots[_slot_of(slots, runs, runs[run])] >= 0
    return many


@inner
def _counted(lines: Array, keys: Array, slots: Array, places: Array) -> int:
    """Note for every run of a line its first place, how often it stands, and its second line, in rows of `places`.

    All but the first place count there alone. Gives how often a run stands again.
    """
    owners, times, seconds = places
    slots[:] = -1
    repeats = 0
    for at in range(len(keys)):
        slot = _slot_of(slots, keys, keys[at])
        times[at] = 0
        first = slots[slot]
        if first < 0:
            first = slots[slot] = at
        else:
            repeats += 1
            if times[first] == 1:
                seconds[first] = lines[at]
        times[first] += 1
        owners[at] = first
    return repeats


@inner
def _repeated(lines: Array, keys: Array, least: int, slots: Array, held: Array, places: Array, out: Array) -> Any:
    """Put the lines of the runs that stand twice into the first two rows of `out`, and give how many there are.

    In the other rows stand the first place and a line of each run that stands more often; it gives their number too.
    Only runs of which two stand in lines that hold `least` such runs count: no others make a pair of lines. `held` are
    zeros, one for each line of the text.
    """
    if _counted(lines, keys, slots, places) < least:
        return 0, 0
    owners, times, seconds = places
    for at in range(len(keys)):
        held[lines[at]] += times[owners[at]] > 1
    twice = often = 0
    for at in range(len(keys)):
        first = owners[at]
        if first == at and times[at] == 2 and min(held[lines[at]], held[seconds[at]]) >= least:
            out[0, twice], out[1, twice] = lines[at], seconds[at]
            twice += 1
        elif times[first] > 2:
            seconds[first] = (seconds[first] if first < at else 0) + (held[lines[at]] >= least)
    for at in range(len(keys)):
        first = owners[at]
        if times[first] > 2 and seconds[first] > 1:
            out[2, often], out[3, often] = first, lines[at]
            often += 1
    return twice, often


@kernel
def _searched(text: Array, least: int) -> tuple[Array, int, int, bool]:
    """What `_repeated` puts down, how much of both, and whether the characters do not tell."""
    size = 64
    while _MANY * size < len(text):
        size *= 2
    most = len(text) // 2 + 1
    runs, begun = np.empty(most, dtype=np.uint64), np.empty(8, dtype=np.int64)
    numbers = np.empty((3, most), dtype=np.int32)
    places, again = numbers[:2], numbers[2]
    seen, recent = np.zeros(size, dtype=np.uint64), np.empty(8, dtype=np.uint64)
    count, stood, total = noted(text, least, seen, runs, places, again, recent, begun)
    room = 16
    while room < 4 * stood:
        room *= 2
    slots, kept = np.empty(room, dtype=np.int32), np.empty(count + 1, dtype=np.int32)
    many = _kept(runs, count, again[:stood], slots, kept)
    keys, lines = np.empty(many, dtype=np.uint64), np.empty(many, dtype=np.int32)
    unsure = False
    for at in range(many):
        lines[at] = places[0, kept[at]]
        keys[at], wide = _key(text, places[1, kept[at]])
        unsure |= wide
    found = np.empty((7, many), dtype=np.int32)
    held = np.zeros(total, dtype=np.int32)
    twice, often = _repeated(lines, keys, least, slots, held, found[:3], found[3:])
    return found[3:, : max(twice, often)].copy(), twice, often, unsure


def repeated_runs(text: str, least: int = 1) -> Repeated | None:
    """As `runs.repeated_runs_plain` of the lines that may be prose, but only what can make a pair of `least` runs.

    None where runs that recur hold characters that are not told apart.
    """
    out, twice, often, unsure = _searched(codes(text), least)
    if unsure:
        return None
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
