"""What a line shows by its words, compiled: the columns of `line_features` that come from words, for all lines at once.

Where words begin and end is told by a bit for each character, and a word is hashed and looked up without a branch that
depends on it: half of all words are known and half are not, so each would be guessed wrong every other time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from cleaner.compiled import inner, kernel
from cleaner.line_alone_kernel import PADDING
from cleaner.line_features import BITS, FINAL, OWN, PROSE_WORDS, READ, SPOKEN, kinds
from cleaner.line_words import KINDS
from cleaner.words_of_bytes import bits, equal, load, lowest, standing

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
_KINDS_KNOWN = (1 << _KIND) - 1
_LOW_UNIT, _HIGH_UNIT = np.zeros((2, 1 << _KIND), dtype=np.uint64)
for _number in range(8):
    _LOW_UNIT[_number], _HIGH_UNIT[8 + _number] = 1 << (8 * _number), 1 << (8 * _number)
assert _KINDS < 1 << _KIND
assert READ < 1 << 8


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


@inner
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


@inner
def _known(table: Array, value: np.uint64) -> Any:
    """What the table tells of a word: its kind, 0 for none, and its weight."""
    one = table[value >> _U(_ONE) & _U(_SIZE - 1)]
    other = table[_U(_SIZE) + (value >> _U(_OTHER) & _U(_SIZE - 1))]
    found = other if (other ^ value) >> _U(_TOLD) == _U(0) else _U(0)
    found = one if (one ^ value) >> _U(_TOLD) == _U(0) else found
    return found & _U((1 << _TOLD) - 1)


@kernel
def _edges(lowered: Array) -> tuple[Array, Array, Array]:
    """Where words begin and end, in turn; a bit for each character where one begins; how many before each 64."""
    blocks = (len(lowered) - PADDING) // 64 + 1
    found = np.empty(len(lowered) + 1, dtype=np.int32)
    begins, before = np.empty(blocks + 1, dtype=np.uint64), np.empty(blocks + 1, dtype=np.int64)
    count = 0
    behind = _U(0)
    for block in range(blocks):
        spoken = ~standing(lowered, block << 6, np.uint8(32))
        left = spoken ^ (spoken << _U(1) | behind)
        begins[block], before[block] = left & spoken, (count + 1) >> 1
        behind = spoken >> _U(63)
        while left:
            found[count] = (block << 6) + lowest(left)
            count += 1
            left &= left - _U(1)
    begins[blocks], before[blocks] = 0, (count + 1) >> 1
    return found[:count], begins, before


@inner
def _words_before(begins: Array, before: Array, at: int) -> Any:
    """How many words begin before a character."""
    return before[at >> 6] + bits(begins[at >> 6] & ~(_EVERY << _U(at & 63)))


@kernel
def _told(lowered: Array, edges: Array, words: Array, hashes: Array) -> tuple[Array, Array]:
    """What the table tells of each word, and how many content words stand before it; their hashes are filled in."""
    total = len(edges) >> 1
    told, content = np.empty(total, dtype=np.int16), np.empty(total + 1, dtype=np.int32)
    count = 0
    for n in range(total):
        begin, end = edges[2 * n], edges[2 * n + 1]
        value = _hashed(lowered, begin, end)
        told[n] = np.int16(_known(words, value))
        hashes[count] = value
        content[n] = count
        count += (told[n] & _KINDS_KNOWN == 0) & (end - begin > 3)
    content[total] = count
    if _has_lost(lowered):
        _leave_unsure(lowered, edges, hashes, content)
    return told, content


@inner
def _leave_unsure(lowered: Array, edges: Array, hashes: Array, content: Array) -> None:
    """Take words that hold a letter that cannot be shown out of the content words."""
    count = at = 0
    for n in range(len(content) - 1):
        says = content[n + 1] > at
        content[n] = count
        if says and not _is_unsure(lowered, edges[2 * n], edges[2 * n + 1]):
            hashes[count] = hashes[at]
            count += 1
        at += says
    content[-1] = count


@inner
def _has_lost(lowered: Array) -> bool:
    """Whether a text holds a letter that cannot be shown."""
    for block in range((len(lowered) - PADDING) // 64 + 1):  # noqa: SIM110  (numba has no any())
        if standing(lowered, block << 6, np.uint8(63)):
            return True
    return False


@kernel
def speech(lowered: Array, bounds: Array, words: Array, table: Array, hashes: Array, borders: Array) -> None:
    """Fill the columns that come from words, the hashes of content words, and where in these each line begins.

    Words are told first and counted by line then: no line ends the flow of the first loop.
    """
    edges, begins, before = _edges(lowered)
    told, content = _told(lowered, edges, words, hashes)
    kind = np.empty(1 << _KIND, dtype=np.int64)
    for n in range(len(table)):
        row = table[n]
        first, end = _words_before(begins, before, bounds[0, n]), _words_before(begins, before, bounds[1, n])
        _count_kinds(told, first, min(end, first + READ), kind)
        lexical = 0
        for word in range(first, min(end, first + SPOKEN)):
            lexical += told[word] >> _KIND
        borders[n] = content[first]
        row[_WORDS] = min(end - first, 400)
        row[_CAPITALS] = row[_CAPITALS] * 1000 // max(1, row[_WORDS])
        row[_LEXICAL], row[_FIRST] = lexical, told[first] & _KINDS_KNOWN if first < end else 0
        row[_PROSE] = row[_END] >= FINAL and (row[_WORDS] >= PROSE_WORDS or row[_PROSE] > 0)
        row[_CONTENT] = content[end] - content[first]
        kinds_in(kind[1:], row)
    borders[len(table)] = content[-1]


@inner
def _count_kinds(told: Array, first: int, end: int, kind: Array) -> None:
    """How many of these words are of each kind, from 1. They are at most `READ`: eight bits hold a count."""
    low = high = _U(0)
    for word in range(first, end):
        known = told[word] & _KINDS_KNOWN
        low += _LOW_UNIT[known]
        high += _HIGH_UNIT[known]
    for number in range(8):
        kind[number] = low >> _U(8 * number) & _U(255)
        kind[8 + number] = high >> _U(8 * number) & _U(255)


@inner
def kinds_in(kind: Array, row: Array) -> None:
    """Fill the columns that count the words of each kind."""
    looked = max(1, min(row[_WORDS], READ))
    stops = kind[_KINDS - 1]
    row[_STOP] = min(stops * 1000 // looked, 1000)
    row[_STOPS] = min(stops, 60)
    for k in range(_KINDS - 1):
        row[_FIRST_KIND + k] = min(kind[k], 15)


@inner
def _is_unsure(text: Array, begin: int, end: int) -> bool:
    """Whether a word holds a letter that cannot be shown."""
    for at in range(begin, end, 8):
        found = equal(load(text, at), _U(63))
        if found and at + (lowest(found) >> 3) < end:
            return True
    return False
