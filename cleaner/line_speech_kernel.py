"""What a line shows by its words, compiled: the columns of `line_features` that come from words, for all lines at once.

Where words begin and end is told by a bit for each character, and a word is hashed and looked up without a branch that
depends on it: half of all words are known and half are not, so each would be guessed wrong every other time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from cleaner.compiled import borrower, kernel
from cleaner.line_alone_kernel import LOST, PADDING
from cleaner.line_features import BITS, FINAL, OWN, PROSE_WORDS, READ, SPOKEN, kinds
from cleaner.line_words import KINDS
from cleaner.words_of_bytes import equal, load, lowest, standing

Array = np.ndarray[Any, Any]
_U = np.uint64
_EVERY = _U(0xFFFFFFFFFFFFFFFF)
_BASIS = _U(0x4BF29CE484222325)
_FACTOR = _U(0x9E3779B97F4A7C15)
_KINDS = len(KINDS)
_WORDS, _STOP, _STOPS, _END, _CAPITALS, _FIRST_KIND, _LEXICAL, _FIRST, _PROSE, _CONTENT = (
    OWN.index(name)
    for name in (
        "words", "stop", "stops", "end", "capitals", next(iter(KINDS)), "lexical", "first", "prose", "content",
    )
)  # fmt: skip
_SIZE = 1 << 11
_ONE, _OTHER = 20, 31
"""A word is looked for at the place that its hash tells from one bit on, and at the one that it tells from another."""
_KIND, _TOLD = 4, 16
"""So many bits of an entry tell the kind of a word, from 1, and so many its weight too; the others are of its hash."""
_HEAVIEST = 1 << (_TOLD - _KIND - 1)
assert _KINDS < 1 << _KIND


def words_table(lexicon: Mapping[bytes, int]) -> Array:
    """The words of all kinds with their weights, each in one of two places: what stands in neither is no such word."""
    latin, _ = kinds()
    told = {}
    for word, unit in latin.items():
        weight = lexicon.get(word, 0)
        if not -_HEAVIEST <= weight < _HEAVIEST:
            raise ValueError(f"the weight of {word!r} is {weight}: at most {_HEAVIEST - 1} fits into the table")
        kind = (unit.bit_length() + BITS - 1) // BITS
        told[_hash_of(word)] = (weight << _KIND | kind) % (1 << _TOLD)
    return np.array([value >> _TOLD << _TOLD | told.get(value, 0) for value in _placed(told)], dtype=np.uint64)


def _placed(values: Iterable[int]) -> list[int]:
    """Each value in one of its two places, 0 elsewhere. A value that finds its place taken drives the other one out."""
    found = [0] * (2 * _SIZE)
    for value in values:
        left, at, moved = value, (value >> _ONE) % _SIZE, 0
        while left:
            left, found[at] = found[at], left
            at = (left >> _ONE) % _SIZE if at >= _SIZE else _SIZE + (left >> _OTHER) % _SIZE
            moved += 1
            if moved > _SIZE:
                raise ValueError(
                    "words of line_words.py drive each other out for ever: look for them from other bits on"
                )
    return found


def _hash_of(word: bytes) -> int:
    """As `_hashed`."""
    every = int(_EVERY)
    value = int(_BASIS)
    for at in range(0, len(word), 8):
        value = (value ^ int.from_bytes(word[at : at + 8], "little")) * int(_FACTOR) & every
        value ^= value >> 29
    return value >> 1


@borrower
def _hashed(text: Array, begin: int, end: int) -> Any:
    """A word as a number below 2**63; two words share one by chance only. `PADDING` bytes are behind the text.

    Two rounds are reckoned for every word, and of a short one the second is thrown away.
    """
    size = end - begin
    value = (_BASIS ^ (load(text, begin) & _EVERY >> _U(64 - 8 * min(8, size)))) * _FACTOR
    value ^= value >> _U(29)
    more = (value ^ (load(text, begin + 8) & _EVERY >> _U(64 - 8 * max(1, min(8, size - 8))))) * _FACTOR
    more ^= more >> _U(29)
    value = more if size > 8 else value
    for at in range(begin + 16, end, 8):
        part = load(text, at) & _EVERY >> _U(64 - 8 * min(8, end - at))
        value = (value ^ part) * _FACTOR
        value ^= value >> _U(29)
    return value >> _U(1)


@borrower
def _known(table: Array, value: np.uint64) -> Any:
    """What the table tells of a word: its kind, 0 for none, and its weight."""
    one = table[value >> _U(_ONE) & _U(_SIZE - 1)]
    other = table[_U(_SIZE) + (value >> _U(_OTHER) & _U(_SIZE - 1))]
    found = other if (other ^ value) >> _U(_TOLD) == _U(0) else _U(0)
    found = one if (one ^ value) >> _U(_TOLD) == _U(0) else found
    return found & _U((1 << _TOLD) - 1)


@kernel
def _edges(lowered: Array) -> Array:
    """Where words begin and end, in turn."""
    found = np.empty(len(lowered) + 1, dtype=np.int32)
    count = 0
    behind = _U(0)
    for block in range((len(lowered) - PADDING) // 64 + 1):
        spoken = ~standing(lowered, block << 6, np.uint8(32))
        left = spoken ^ (spoken << _U(1) | behind)
        behind = spoken >> _U(63)
        while left:
            found[count] = (block << 6) + lowest(left)
            count += 1
            left &= left - _U(1)
    return found[:count]


@kernel
def speech(lowered: Array, bounds: Array, words: Array, table: Array, hashes: Array, borders: Array) -> None:
    """Fill the columns that come from words, the hashes of content words, and where in these each line begins."""
    edges = _edges(lowered)
    content = 0
    kind = np.zeros(1 << _KIND, dtype=np.int64)
    at = 0
    for n in range(len(table)):
        row = table[n]
        kind[:] = 0
        lexical = opener = 0
        borders[n] = content
        while at < len(edges) and edges[at] < bounds[0, n]:  # in a line of blanks that cannot be shown
            at += 2
        first = at
        end = bounds[1, n]
        lost = row[LOST] > 0
        while at < len(edges) and edges[at] < end:
            begin, until = edges[at], edges[at + 1]
            value = _hashed(lowered, begin, until)
            told = int(np.int16(_known(words, value)))
            known = told & ((1 << _KIND) - 1)
            total = (at - first) >> 1
            opener = known if total == 0 else opener
            kind[known] += total < READ
            lexical += told >> _KIND if total < SPOKEN else 0
            hashes[content] = value
            says = known == 0 and until - begin > 3
            if lost:
                says = says and not _is_unsure(lowered, begin, until)
            content += says
            at += 2
        total = (at - first) >> 1
        row[_WORDS] = min(total, 400)
        row[_CAPITALS] = row[_CAPITALS] * 1000 // max(1, row[_WORDS])
        row[_LEXICAL], row[_FIRST] = lexical, opener
        row[_PROSE] = row[_END] >= FINAL and (row[_WORDS] >= PROSE_WORDS or row[_PROSE] > 0)
        row[_CONTENT] = content - borders[n]
        kinds_in(kind[1:], row)
    borders[len(table)] = content


@borrower
def kinds_in(kind: Array, row: Array) -> None:
    """Fill the columns that count the words of each kind."""
    looked = max(1, min(row[_WORDS], READ))
    stops = kind[_KINDS - 1]
    row[_STOP] = min(stops * 1000 // looked, 1000)
    row[_STOPS] = min(stops, 60)
    for k in range(_KINDS - 1):
        row[_FIRST_KIND + k] = min(kind[k], 15)


@borrower
def _is_unsure(text: Array, begin: int, end: int) -> bool:
    """Whether a word holds a letter that cannot be shown."""
    for at in range(begin, end, 8):
        found = equal(load(text, at), _U(63))
        if found and at + (lowest(found) >> 3) < end:
            return True
    return False
