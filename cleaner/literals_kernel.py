"""Which of many strings stand in a text, compiled: a look at a few characters tells at most places that none does.

A string is looked for by four of its characters, or all if it has fewer: those that are rarest in text.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from cleaner.codes import codes, numbers
from cleaner.compiled import borrower

Array = np.ndarray[Any, Any]
Table = tuple[Array, Array, Array, Array, Array, Array, int]
"""What pairs of characters are part of, by a hash of theirs; hints by the hash of short strings, and of what long ones
are looked for by a bit for each hash; by the same hash the first string of a chain, or -1; of each string the next one
of its chain, where its characters start and end, its group, and how far behind its start it is looked for; these
characters; how many groups there are."""

_HASHES = 1 << 16
_ONE, _TWO = 1, 2
"""A string of one character, or of two, has this hash."""
_PAIRS = 1 << 14
_OF_FOUR, _OF_THREE, _OF_TWO = 0, 3, 5
"""The bit of the last pair of what is looked for, if it has four, three or two characters; that of the pair before it
is the next one. A text is read from its end, so the bits of a state that stands move up as pair joins pair."""
_LAST = 1 << _OF_FOUR | 1 << _OF_THREE | 1 << _OF_TWO
_FIRST = 4 << _OF_FOUR | 2 << _OF_THREE | 1 << _OF_TWO
_FREQUENT = "zqxjkvbpygfwmucldrhsnioate "
"""The characters of most text, the most frequent last."""


@borrower
def _two(one: int, two: int) -> int:
    """Two characters as 16 bits, not without collisions."""
    return (one ^ two << 7) & (_HASHES - 1)


@borrower
def _pair(one: int, two: int) -> int:
    """Two characters as 14 bits: those of ASCII without collisions."""
    return (one ^ two << 7) & (_PAIRS - 1)


@borrower
def _four(one: int, two: int, three: int, four: int) -> int:
    return ((one ^ two << 5 ^ three << 10 ^ four << 15) * 0x9E5 >> 4) & (_HASHES - 1)


def _rarest(string: str) -> int:
    """Where the four characters begin that are the rarest of a string; the first two of these count most."""
    rank = [_FREQUENT.find(character) for character in string]
    return min(range(max(1, len(string) - 3)), key=lambda at: sum(rank[at : at + 3]) + sum(rank[at : at + 2]))


def _hinted(string: Array, pairs: Array, hints: Array, fours: Array) -> int:
    """Write down what a string is looked for by, which these characters begin with; gives the hash of that."""
    characters = [int(code) for code in string[:4]]
    last = {4: _OF_FOUR, 3: _OF_THREE, 2: _OF_TWO}.get(len(characters), 0)
    for before, pair in enumerate(reversed(list(pairwise(characters)))):
        pairs[_pair(*pair)] |= 1 << last + before
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
    behind = [_rarest(string) for string, _ in strings]
    pairs = np.zeros(_PAIRS, dtype=np.uint8)
    hints, fours = np.zeros(_HASHES, dtype=np.uint8), np.zeros(_HASHES // 64, dtype=np.uint64)
    first = np.full(_HASHES, -1, dtype=np.int32)
    links = np.zeros((len(encoded), 5), dtype=np.int32)
    end = 0
    for number, string in enumerate(encoded):
        place = _hinted(string[behind[number] :], pairs, hints, fours)
        links[number] = first[place], end, end + len(string), strings[number][1], behind[number]
        first[place] = number
        end += len(string)
    return pairs, hints, fours, first, links, np.concatenate([np.zeros(0, dtype=np.uint16), *encoded]), groups


@borrower
def _note(link: int, links: Array, letters: Array, text: Array, at: int, found: Array) -> None:
    """Set `found` of the group of every string of a chain that stands where it is looked for at a place."""
    while link >= 0:
        start, end, group = links[link, 1], links[link, 2], links[link, 3]
        shift = at - links[link, 4] - start
        if not found[group] and start + shift >= 0 and end + shift <= len(text):
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
    pairs: Array,
    hints: Array,
    fours: Array,
    first: Array,
    links: Array,
    letters: Array,
    text: Array,
    found: Array,
) -> None:
    """Set `found` of the group of every string that stands in the text."""
    one, two, three, state = 0, 0, 0, 0
    for at in range(len(text) - 1, -1, -1):
        one, two, three, four = int(text[at]), one, two, three
        state = (state << 1 | _LAST) & pairs[_pair(one, two)]
        if not state & _FIRST | hints[one] & _ONE:
            continue
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
