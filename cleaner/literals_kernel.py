"""Which of many strings stand in a text, compiled: a look at a few characters tells at most places that none begins."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from cleaner.codes import codes, numbers
from cleaner.compiled import borrower

Array = np.ndarray[Any, Any]
Table = tuple[Array, Array, Array, Array, Array, int]
"""Hints by the hash of what short strings begin with, and of long ones a bit for each hash; by the same hash the first
string of a chain, or -1; of each string the next one of its chain, where its characters start and end, and its group;
these characters; how many groups there are."""

_HASHES = 1 << 16
_ONE, _TWO = 1, 2
"""A string of one character, or of two, has this hash."""


@borrower
def _two(one: int, two: int) -> int:
    """Two characters as 16 bits, not without collisions."""
    return (one ^ two << 7) & (_HASHES - 1)


@borrower
def _four(one: int, two: int, three: int, four: int) -> int:
    return ((one ^ two << 5 ^ three << 10 ^ four << 15) * 0x9E5 >> 4) & (_HASHES - 1)


def _hinted(string: Array, hints: Array, fours: Array) -> int:
    """Write down what a string begins with; gives the hash of that."""
    characters = [int(code) for code in string]
    if len(characters) > 2:
        one, two, three, four = [*characters, 0][:4]
        place = _four(one, two, three, four)
        fours[place >> 6] |= np.uint64(1 << (place & 63))
    else:
        place = _two(*characters[:2]) if len(characters) > 1 else characters[0]
        hints[place] |= _TWO if len(characters) > 1 else _ONE
    return place


def table(strings: Sequence[tuple[str, int]], groups: int) -> Table:
    """Strings, each with the number of its group, by what they begin with."""
    encoded = [numbers(string) for string, _ in strings]
    hints, fours = np.zeros(_HASHES, dtype=np.uint8), np.zeros(_HASHES // 64, dtype=np.uint64)
    first = np.full(_HASHES, -1, dtype=np.int32)
    links = np.zeros((len(encoded), 4), dtype=np.int32)
    end = 0
    for number, string in enumerate(encoded):
        place = _hinted(string, hints, fours)
        links[number] = first[place], end, end + len(string), strings[number][1]
        first[place] = number
        end += len(string)
    return hints, fours, first, links, np.concatenate([np.zeros(0, dtype=np.uint16), *encoded]), groups


@borrower
def _note(link: int, links: Array, letters: Array, text: Array, at: int, found: Array) -> None:
    """Set `found` of the group of every string of a chain that stands at a place."""
    while link >= 0:
        start, end, group = links[link, 1], links[link, 2], links[link, 3]
        if not found[group] and at + end - start <= len(text):
            shift = at - start
            place = start
            while place < end and text[place + shift] == letters[place]:
                place += 1
            found[group] = place == end
        link = links[link, 0]


@borrower
def _is_set(bits: Array, place: int) -> Any:
    return bits[place >> 6] >> np.uint64(place & 63) & np.uint64(1)


@borrower
def _standing(
    hints: Array, fours: Array, first: Array, links: Array, letters: Array, text: Array, found: Array
) -> None:
    """Set `found` of the group of every string that stands in the text."""
    one, two, three = 0, 0, 0
    for at in range(len(text) - 1, -1, -1):
        one, two, three, four = int(text[at]), one, two, three
        pair, triple, quad = _two(one, two), _four(one, two, three, 0), _four(one, two, three, four)
        if hints[one] & _ONE:
            _note(first[one], links, letters, text, at, found)
        if hints[pair] & _TWO:
            _note(first[pair], links, letters, text, at, found)
        if _is_set(fours, triple):
            _note(first[triple], links, letters, text, at, found)
        if _is_set(fours, quad):
            _note(first[quad], links, letters, text, at, found)


def standing(text: str, strings: Table) -> bytes:
    """For each group whether one of its strings may stand in a text: characters beyond U+FFFE count as equal."""
    found = np.zeros(strings[-1], dtype=np.bool_)
    _standing(*strings[:-1], codes(text), found)
    return found.tobytes()
