"""The tally of `language_profiles` and the decision of `language`, compiled: for runs over many documents.

`leaders` gives for texts what `leader(tally(text))` gives for each. Characters become numbers of a small alphabet and
n-grams keys of a hash table. The row of an n-gram holds its weights and those of its shorter endings, which stand at
the same place of the text: one row is added for each character, not three.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from cleaner.compiled import borrower, inner, kernel
from cleaner.kept import kept
from cleaner.language_profiles import (
    HAN,
    HANGUL,
    KANA,
    SAMPLE,
    SCALE,
    SMOOTHING,
    as_read,
    is_foreign,
    is_han,
    is_latin,
    profiles,
    sources,
    window,
)

Array = np.ndarray[Any, np.dtype[Any]]

LANES = 64
"""Columns of a row of weights: 55 languages, filled up so that a row is two cache lines."""
PLANE = 1 << 16
BITS = 12
"""Bits of a character's number; profiles and normal text share about 1,100 characters."""
UPPER, LATIN, FOREIGN, HANS, IS_HANGUL, IS_KANA, KNOWN = 1, 2, 4, 8, 16, 32, 64
FREE = -1
"""No key: a free place of the hash table."""
UNSEEN = 1
"""The number of every character that stands in no profile; 0 is the blank."""


@dataclass(frozen=True, slots=True)
class Tables:
    """What the kernel reads.

    For each character of the first plane its number, its kinds, and the small letter it becomes; the hash table (keys
    and their rows); the rows of weights, of which the first are those of single characters by number; for each language
    the number of its code, and the codes.
    """

    number: Array
    kinds: Array
    small: Array
    keys: Array
    rows: Array
    weights: Array
    codes: Array
    names: tuple[str, ...]


@cache
def tables() -> Tables:
    """The tables, as they were kept; to make them takes .2 s."""
    made = kept("language", _judge, (__file__, *sources()), _tables)
    number, kinds, small, keys, rows, weights, codes, names = made
    return Tables(number, kinds, small, keys, rows, weights, codes, tuple(names.tolist()))


def _tables() -> Sequence[Array]:
    """The fields of `Tables`, made."""
    known = profiles()
    read = _codes(as_read(range(PLANE)))
    seen = sorted(set().union(*map("".join, known.counts)) - {" "})
    alphabet = [character for character in seen if read[ord(character)] == ord(character)]
    numbers = {" ": 0} | {character: n for n, character in enumerate(alphabet, UNSEEN + 1)}
    number = np.full(PLANE, UNSEEN, np.uint16)
    number[_codes(numbers)] = list(numbers.values())
    number = number[read]
    small = read[_codes(chr(code).lower()[0] for code in range(PLANE))][read]
    keys, rows, weights = _rows(numbers)
    order = sorted(set(known.codes))
    codes = np.array([order.index(code) for code in known.codes], np.int64)
    kinds = _kinds(read) | np.uint8(KNOWN) * np.any(weights >= SCALE, axis=1)[number]
    return number, kinds, small, keys, rows, weights, codes, np.array(order)


def _codes(characters: Iterable[str]) -> Array:
    """Characters of the first plane as numbers."""
    return np.frombuffer("".join(characters).encode("utf-16-le", "surrogatepass"), np.uint16)


def _kinds(read: Array) -> Array:
    """The kinds of characters, but for KNOWN; each different one is asked once."""
    places = np.unique(read)
    every = list(map(chr, places.tolist()))
    kinds = {UPPER: str.isupper, LATIN: is_latin, FOREIGN: is_foreign, HANS: is_han, IS_KANA: KANA.__contains__}
    found = np.zeros(PLANE, np.uint8)
    for bit, kind in kinds.items():
        found[places] |= np.fromiter(map(kind, every), np.bool_, len(every)) * np.uint8(bit)
    found[ord(HANGUL)] |= IS_HANGUL
    return found[read]


def _rows(numbers: dict[str, int]) -> tuple[Array, Array, Array]:
    """Keys and rows of the hash table, and the weights; only n-grams that a text as it is read can hold."""
    known = profiles()
    number = np.full(PLANE, -1, np.int64)
    number[[ord(character) for character in numbers]] = list(numbers.values())
    keyed, lanes, said = [], [], []
    for lane, (counts, totals) in enumerate(zip(known.counts, known.totals, strict=True)):
        read = np.frombuffer("".join([ngram.rjust(3) for ngram in counts]).encode("utf-32-le"), np.uint32)
        characters = number[np.minimum(read, PLANE - 1)].reshape(-1, 3)
        lengths = np.fromiter(map(len, counts), np.int64, len(counts))
        count = np.fromiter(counts.values(), np.int64, len(counts))
        fits = np.all(characters >= 0, axis=1)
        first, second, third = characters[fits].T
        keyed.append((lengths[fits] - 1) << 3 * BITS | first << 2 * BITS | second << BITS | third)
        said.append(np.round(SCALE * np.log(1 + SMOOTHING * count[fits] / np.array(totals)[lengths[fits] - 1])))
        lanes.append(np.full(len(first), lane))
    singles = np.arange(len(numbers) + 1)
    key_of, row = np.unique(np.concatenate([singles, *keyed]), return_inverse=True)
    weights = np.zeros((len(key_of), LANES), np.int16)
    weights[row[len(singles) :], np.concatenate(lanes)] = np.concatenate(said)
    weights[: UNSEEN + 1] = 0
    size = 1 << (3 * len(key_of)).bit_length()
    keys, rows = np.full(size, FREE, np.int64), np.zeros(size, np.int64)
    _fill(keys, rows, key_of, weights, len(numbers) + 1)
    return keys, rows, weights


@inner
def _slot(keys: Array, key: Any) -> Any:
    """Where a key stands in the hash table, or the free place where it would."""
    at = ((key * 0x1E3779B97F4A7C15) >> 32) & (len(keys) - 1)
    while keys[at] not in (FREE, key):
        at = (at + 1) & (len(keys) - 1)
    return at


@inner
def _row(keys: Array, rows: Array, size: Any, before: Any, last: Any, now: Any) -> Any:
    """The row of the longest known n-gram of at most `size` characters that ends in `now`."""
    if size == 3:
        at = _slot(keys, (2 << 3 * BITS) | (before << 2 * BITS) | (last << BITS) | now)
        if keys[at] != FREE:
            return rows[at]
    at = _slot(keys, (1 << 3 * BITS) | (last << BITS) | now)
    return now if keys[at] == FREE else rows[at]


@borrower
def _fill(keys: Array, rows: Array, key_of: Array, weights: Array, first: int) -> None:
    """Put n-grams into the table, two characters before three, and add to each row that of its ending."""
    for size in (2, 3):
        for row in range(first, len(key_of)):
            key = key_of[row]
            if key >> 3 * BITS == size - 1:
                mask = (1 << BITS) - 1
                ending = _row(keys, rows, size - 1, 0, (key >> BITS) & mask, key & mask) if size == 3 else key & mask
                for lane in range(LANES):
                    weights[row, lane] += weights[ending, lane]
                at = _slot(keys, key)
                keys[at] = key
                rows[at] = row


@kernel
def _read(text: Array, start: int, end: int, line: Array, number: Array, kinds: Array, small: Array) -> tuple[int, int]:
    """Write a text's sample between two blanks to `line` as characters; its length and how many are no blanks.

    Characters are those of the first plane; `number` tells which are blanks. Capitals become small where they prevail,
    Latin letters blanks where another script does.
    """
    line[0] = 32
    size = 1
    characters = 0
    capitals = 0
    for at in range(start, end):
        character = text[at]
        if character > 0xFFFF:
            character = np.uint32(0xFFFF)
        if number[character] == 0:
            if line[size - 1] == 32:
                continue
            line[size] = 32
        else:
            line[size] = character
            characters += 1
            capitals += (kinds[character] & UPPER) != 0
        size += 1
        if size > SAMPLE:
            break
    if 2 * capitals > characters:
        for at in range(1, size):
            line[at] = small[line[at]]
    latin = 0
    foreign = 0
    han = 0
    for at in range(1, size):
        kind = kinds[line[at]]
        latin += (kind & LATIN) != 0
        foreign += (kind & FOREIGN) != 0
        han += (kind & HANS) != 0
    characters = 0
    for at in range(1, size):
        if 2 * latin < foreign + (2 * HAN - 1) * han and kinds[line[at]] & LATIN:
            line[at] = 32
        characters += number[line[at]] != 0
    line[size] = 32
    return size + 1, characters


@kernel
def _judge(
    text: Array,
    starts: Array,
    number: Array,
    kinds: Array,
    small: Array,
    keys: Array,
    rows: Array,
    weights: Array,
    codes: Array,
    barred: Array,
    out: Array,
) -> None:
    """For each text the number of its language's code, or -1, and the lead."""
    line = np.empty(SAMPLE + 2, np.uint16)
    sums = np.empty(LANES, np.int32)
    for n in range(len(starts) - 1):
        sums[:] = 0
        size, characters = _read(text, starts[n], starts[n + 1], line, number, kinds, small)
        known = 0
        seen = 0
        before = last = np.int64(0)
        for at in range(1, size):
            kind = kinds[line[at]]
            now = np.int64(number[line[at]])
            seen |= kind
            known += (kind & KNOWN) != 0
            if (now or last) and not (kind & UPPER and kinds[line[at - 1]] & UPPER):
                row = _row(keys, rows, 3 if last else 2, before, last, now)
                for lane in range(LANES):
                    sums[lane] += weights[row, lane]
            before, last = last, now
        out[n, 0] = -1
        out[n, 1] = 0
        if 2 * known <= characters or known == 0:
            continue
        best = -1
        code = -1
        second = 0
        for lane in range(len(codes)):
            if (codes[lane] == barred[0] and not seen & IS_HANGUL) or (codes[lane] == barred[1] and not seen & IS_KANA):
                continue
            if sums[lane] > best:
                if codes[lane] != code:
                    second = max(best, 0)
                best = sums[lane]
                code = codes[lane]
            elif codes[lane] != code:
                second = max(second, sums[lane])
        out[n, 0] = code
        out[n, 1] = best - second


def leaders(texts: Sequence[str]) -> Iterator[tuple[str, int]]:
    """For each text what `language.leader` gives: the code of its language or "", and the lead."""
    t = tables()
    pieces = [window(text) for text in texts]
    data = np.frombuffer("".join(pieces).encode("utf-32-le", "surrogatepass"), np.uint32)
    starts = np.cumsum([0, *map(len, pieces)])
    out = np.empty((len(pieces), 2), np.int64)
    barred = np.array([t.names.index("ko"), t.names.index("ja")], np.int64)
    _judge(data, starts, t.number, t.kinds, t.small, t.keys, t.rows, t.weights, t.codes, barred, out)
    for code, lead in out.tolist():
        yield ("" if code < 0 else t.names[code]), lead
