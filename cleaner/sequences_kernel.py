"""Where short sequences of characters stand, compiled: all of them are followed at once, a bit for each character.

The bits of a sequence lie beside each other, that of its first character lowest. Bit n of the state says that the
sequence stands as far as its character n, and moves on when the next character is of the next class (Baeza-Yates and
Gonnet, "A New Approach to Text Searching", 1992).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from cleaner.codes import WIDE, codes
from cleaner.compiled import borrower
from cleaner.sequences import Hint
from cleaner.words_of_bytes import load

Array = np.ndarray[Any, Any]
_U = np.uint64
_ONE = _U(1)
_ALL = "".join(map(chr, range(WIDE)))
_FOUR_ASCII = _U(0xFF80FF80FF80FF80)
"""What is set in four characters of 16 bits of which one is not ASCII."""
_ROOM = 1 << 10
"""Places that are written down at first; a text that has more is read once more."""


class Table(NamedTuple):
    """Hints as bits: for each character those of its classes; those that begin and that end a hint."""

    masks: Array
    starting: np.uint64
    ending: np.uint64
    skips: bool
    """Whether no hint begins with an ASCII character."""
    ends: Mapping[str, Sequence[tuple[int, int]]]
    """By name the bits at which its hints end, and how far before it a match begins."""


def table(hints: Mapping[str, Sequence[Hint]]) -> Table:
    """Raises ValueError when all hints together have more than 64 characters."""
    size = sum(len(hint.classes) for several in hints.values() for hint in several)
    if size > 64:
        raise ValueError(f"{size} characters in all hints, and no more than 64 can be followed at once")
    masks = np.zeros(WIDE + 1, dtype=np.uint64)
    starting = ending = bit = 0
    ends: dict[str, list[tuple[int, int]]] = {name: [] for name in hints}
    for name, (classes, before) in ((name, hint) for name, several in hints.items() for hint in several):
        starting |= 1 << bit
        for written in classes:
            masks[_members(written)] |= _U(1 << bit)
            bit += 1
        ending |= 1 << (bit - 1)
        ends[name].append((1 << (bit - 1), len(classes) - 1 - before))
    masks[WIDE] = _U((1 << size) - 1)
    skips = not (masks[:128] & _U(starting)).any()
    return Table(masks, _U(starting), _U(ending), skips, ends)


def _members(written: str) -> Array:
    """The characters of a class."""
    found = "".join(re.findall(written, _ALL, re.DOTALL))
    return np.frombuffer(found.encode("utf-16-le", "surrogatepass"), dtype=np.uint16)


@borrower
def _search(text: Array, masks: Array, starting: np.uint64, ending: np.uint64, skips: bool, found: Array) -> Any:
    """Note where hints end, and their bits; gives how many places there are, noted or not, and all bits met."""
    state = met = _U(0)
    count = 0
    at = 0
    size = len(text)
    while at < size:
        if skips and not state:
            while at + 4 <= size and not load(text, at) & _FOUR_ASCII:
                at += 4
            if at == size:
                break
        state = ((state << _ONE) | starting) & masks[text[at]]
        if state & ending:
            met |= state & ending
            if count < len(found):
                found[count, 0] = at
                found[count, 1] = state & ending
            count += 1
        at += 1
    return count, met


@borrower
def _chosen(found: Array, bit: np.uint64, back: int, out: Array) -> int:
    """Write where matches begin of the hint that ends where a bit is set; gives how many there are."""
    count = 0
    for n in range(len(found)):
        if found[n, 1] & bit:
            out[count] = np.int64(found[n, 0]) - back
            count += 1
    return count


class Places(dict[str, Sequence[int]]):
    """Where matches may begin, by name, in order; worked out for the names that are asked for."""

    def __init__(self, found: Array, met: int, ends: Mapping[str, Sequence[tuple[int, int]]]) -> None:
        super().__init__()
        self._found, self._met, self._ends = found, met, ends

    def __missing__(self, name: str) -> Sequence[int]:
        each = [self._of(bit, back) for bit, back in self._ends[name] if self._met & bit]
        self[name] = told = each[0] if len(each) == 1 else sorted(set().union(*each))
        return told

    def _of(self, bit: int, back: int) -> list[int]:
        places = np.empty(len(self._found), dtype=np.int64)
        told: list[int] = places[: _chosen(self._found, _U(bit), back, places)].tolist()
        return told


def places(text: str, hints: Table) -> Mapping[str, Sequence[int]]:
    """Where matches may begin, by name; characters beyond U+FFFE count as of every class."""
    masks, starting, ending, skips, ends = hints
    characters = codes(text)
    found = np.empty((_ROOM, 2), dtype=np.uint64)
    count, met = _search(characters, masks, starting, ending, skips, found)
    if count > _ROOM:
        found = np.empty((count, 2), dtype=np.uint64)
        _search(characters, masks, starting, ending, skips, found)
    return Places(found[:count], met, ends)
