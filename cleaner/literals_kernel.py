"""Which of many strings stand in a text, compiled: a look at a few characters tells at most places that none does.

A string is looked for by four of its characters, or all if it has fewer: those that are rarest in text.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from cleaner.codes import codes, numbers
from cleaner.compiled import borrower, inner
from cleaner.words_of_bytes import load, lowest, pointer
from cleaner.words_of_codes import beyond

Array = np.ndarray[Any, Any]
Table = tuple[Array, Array, Array, Array, Array, Array, Array]
"""What pairs of characters are part of, by a hash of theirs; hints by the hash of short strings, and of what long ones
are looked for by a bit for each hash; by the same hash the first string of a chain, or -1; of each string the next one
of its chain, where its characters start and end, its group, and how far behind its start it is looked for; these
characters; of each group the bits of its owners."""

_HASHES = 1 << 16
_LONE, _TWO = 1, 2
"""A string of one character, or of two, has this hash."""
_PAIRS = 1 << 14
_OF_FOUR, _OF_THREE, _OF_TWO, _ALONE = 0, 3, 5, 6
"""The bit of the last pair of what is looked for, if it has four, three or two characters; that of the pair before it
is the next one. A string of one character, if that is ASCII, has all pairs that begin with it."""
_FOUR, _THREE, _PAIR, _ONE = 4 << _OF_FOUR, 2 << _OF_THREE, 1 << _OF_TWO, 1 << _ALONE
_BEGINS = _FOUR | _THREE | _PAIR | _ONE
_ANY_SECOND, _ANY_THIRD = _PAIR | _ONE, _THREE | _PAIR | _ONE
"""The bits of first pairs that say nothing of the second one, or of the third."""
_FREQUENT = "zqxjkvbpygfwmucldrhsnioate "
"""The characters of most text, the most frequent last."""
_U = np.uint64


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
        return place
    if len(characters) > 1:
        place = _two(*characters)
        hints[place] |= _TWO
        return place
    if characters[0] < 128:
        pairs[[_pair(characters[0], other) for other in range(128)]] |= _ONE
    hints[characters[0]] |= _LONE
    return characters[0]


def table(owners: Mapping[str, int]) -> Table:
    """Strings, each with the bits of its owners, by what they begin with; those of the same owners are a group."""
    encoded = list(map(numbers, owners))
    behind = list(map(_rarest, owners))
    groups = {bits: number for number, bits in enumerate(dict.fromkeys(owners.values()))}
    pairs = np.zeros(_PAIRS, dtype=np.uint8)
    hints, fours = np.zeros(_HASHES, dtype=np.uint8), np.zeros(_HASHES // 64, dtype=np.uint64)
    first = np.full(_HASHES, -1, dtype=np.int32)
    links = np.zeros((len(encoded), 5), dtype=np.int32)
    end = 0
    for number, (string, bits) in enumerate(zip(encoded, owners.values(), strict=True)):
        place = _hinted(string[behind[number] :], pairs, hints, fours)
        links[number] = first[place], end, end + len(string), groups[bits], behind[number]
        first[place] = number
        end += len(string)
    size = max(groups).bit_length() // 64 + 1
    masks = np.frombuffer(b"".join(bits.to_bytes(8 * size, "little") for bits in groups), dtype=np.uint64)
    return pairs, hints, fours, first, links, np.concatenate(encoded), masks.reshape(-1, size)


@inner
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


@inner
def _is_set(bits: Array, place: int) -> Any:
    return bits[place >> 6] >> np.uint64(place & 63) & np.uint64(1)


@inner
def _told(pairs: Array, text: Array, told: Array) -> None:
    """What each pair of a text is part of; the last character and two more are followed by zeros."""
    last = len(text) - 1
    for at in range(last):
        told[at] = pairs[_pair(text[at], text[at + 1])]
    told[last] = pairs[_pair(text[last], 0)]
    told[last + 1] = told[last + 2] = pairs[0]


def _begun(_typing: Any, told: Any, _at: Any) -> Any:
    def code(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        many = ir.VectorType(ir.IntType(8), 64)

        def pairs(further: int) -> Any:
            at = builder.add(given[1], ir.Constant(ir.IntType(64), further))
            place = pointer(context, builder, signature.args[0], given[0], at)
            found = builder.load(builder.bitcast(place, many.as_pointer()), align=1)
            return builder.shl(found, every(further)) if further else found

        def every(number: int) -> Any:
            return ir.Constant(many, [number] * 64)

        second, third = builder.or_(pairs(1), every(_ANY_SECOND)), builder.or_(pairs(2), every(_ANY_THIRD))
        begun = builder.and_(builder.and_(pairs(0), every(_BEGINS)), builder.and_(second, third))
        return builder.bitcast(builder.icmp_unsigned("!=", begun, every(0)), ir.IntType(64))

    return types.uint64(told, types.int64), code


_may_begin: Any = intrinsic(_begun)
"""Of the 64 places from one on a bit for each where the next three pairs may be those of a string."""


@inner
def _nth(several: np.uint64, number: int) -> Any:
    """One of four characters."""
    return np.int64(several >> _U(16 * number) & _U(0xFFFF))


@borrower
def _standing(
    pairs: Array,
    hints: Array,
    fours: Array,
    first: Array,
    links: Array,
    letters: Array,
    masks: Array,
    text: Array,
    told: Array,
    found: Array,
    bits: Array,
) -> None:
    """Set the bits of the owners of every string that stands in the text, and `found` of its group.

    `told` has room for the text and 66 more.
    """
    size = len(text)
    if not size:
        return
    _told(pairs, text, told)
    for start in range(0, size, 64):
        every = ~_U(0) >> _U(64 - min(64, size - start))
        wide = beyond(text, start) & every
        while wide:
            at = start + lowest(wide)
            if hints[text[at]] & _LONE:
                _note(first[text[at]], links, letters, text, at, found)
            wide &= wide - _U(1)
        left = _may_begin(told, start) & every
        while left:
            at = start + lowest(left)
            several = load(text, at)
            one, two, three, four = _nth(several, 0), _nth(several, 1), _nth(several, 2), _nth(several, 3)
            may = told[at]
            pair, triple, quad = _two(one, two), _four(one, two, three, 0), _four(one, two, three, four)
            if _is_set(fours, quad):
                _note(first[quad], links, letters, text, at, found)
            if may & _THREE and _is_set(fours, triple):
                _note(first[triple], links, letters, text, at, found)
            if may & _PAIR and hints[pair] & _TWO:
                _note(first[pair], links, letters, text, at, found)
            if may & _ONE and hints[one] & _LONE:
                _note(first[one], links, letters, text, at, found)
            left &= left - _U(1)
    for group in range(len(found)):
        for word in range(len(bits)):
            bits[word] |= masks[group, word] if found[group] else _U(0)


def standing(text: str, strings: Table) -> int:
    """The bits of all owners of strings that may stand in a text: characters beyond U+FFFE count as equal."""
    count, size = strings[-1].shape
    found, bits = np.zeros(count, dtype=np.bool_), np.zeros(size, dtype=np.uint64)
    read = codes(text)
    _standing(*strings, read, np.empty(len(read) + 66, dtype=np.uint8), found, bits)
    return int.from_bytes(bits.tobytes(), "little")
