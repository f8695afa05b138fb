"""The words of a text that a list lacks, compiled: one pass over its bytes instead of a Python string per word.

A list is a set of 62-bit hashes (hash_set.py). An unlisted word that shares its hash with a listed one would be
overlooked: one word in 10 million million.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from cleaner.compiled import kernel
from cleaner.hash_set import has

Array = np.ndarray[Any, Any]

_PRIME = 0x100000001B3
_BASIS = 0x4BF29CE484222325 & ((1 << 62) - 1)
_MASK = (1 << 62) - 1
_SEEN = 1 << 11


def table(words: Iterable[str]) -> Array:
    """A list of words as hashes in a power of two of slots, a quarter of them empty at least (-1)."""
    encoded = [word.encode("utf-8", "surrogatepass") for word in words]
    starts = np.zeros(len(encoded) + 1, dtype=np.int64)
    np.cumsum([len(word) for word in encoded], out=starts[1:])
    slots = np.full(1 << max(4, (len(encoded) * 4 // 3).bit_length()), -1, dtype=np.int64)
    _fill(slots, starts, np.frombuffer(b"".join(encoded), dtype=np.uint8))
    return slots


@kernel
def _fill(slots: Array, starts: Array, blob: Array) -> None:
    mask = len(slots) - 1
    for word in range(len(starts) - 1):
        value = _BASIS
        for at in range(starts[word], starts[word + 1]):
            value = ((value ^ blob[at]) * _PRIME) & _MASK
        slot = (value ^ (value >> 29)) & mask
        while slots[slot] >= 0:
            slot = (slot + 1) & mask
        slots[slot] = value


@kernel
def _is_first(seen: Array, value: int) -> bool:
    """Whether a hash comes for the first time; a small table that fills up may say so again."""
    mask = len(seen) - 1
    slot = (value ^ (value >> 29)) & mask
    for _ in range(8):
        if seen[slot] == value:
            return False
        if seen[slot] < 0:
            seen[slot] = value
            return True
        slot = (slot + 1) & mask
    return True


@kernel
def _unlisted(slots: Array, text: Array, found: Array, seen: Array) -> int:
    """Fill `found` with start and end of each ASCII word that is not listed, and give their number.

    Where other letters stand beside a word, the stretch between blanks is given, as ~start: its words are for the
    caller to find. What stands again is hardly ever given again: `seen` holds hashes, -1 where there is none.
    """
    count = 0
    at = 0
    size = len(text)
    while at < size:
        start = at
        exact = small = _BASIS
        while at < size and 65 <= (text[at] & 0xDF) <= 90:
            exact = ((exact ^ text[at]) * _PRIME) & _MASK
            small = ((small ^ (text[at] | 32)) * _PRIME) & _MASK
            at += 1
        if at < size and text[at] >= 128 and not _is_mark(text, at):
            while start and text[start - 1] > 32:
                start -= 1
            while at < size and text[at] > 32:
                at += 1
            exact = _BASIS
            for place in range(start, at):
                exact = ((exact ^ text[place]) * _PRIME) & _MASK
            if _is_first(seen, exact):
                found[count, 0], found[count, 1] = ~start, at
                count += 1
        elif at > start:
            hangs = at - start <= 2 and _is_apostrophe(text, start - 1)
            if not (hangs or has(slots, small) or (exact != small and has(slots, exact))) and _is_first(seen, exact):
                found[count, 0], found[count, 1] = start, at
                count += 1
        elif at < size and text[at] >= 128:
            at += 3 if text[at] == 0xE2 else 2
        else:
            at += 1
    return count


@kernel
def _is_apostrophe(text: Array, at: int) -> bool:
    """Whether an apostrophe, straight or curly, ends at a place."""
    if at < 0:
        return False
    return bool(text[at] == 39 or (at >= 2 and text[at] == 0x99 and text[at - 1] == 0x80 and text[at - 2] == 0xE2))


@kernel
def _is_mark(text: Array, at: int) -> bool:
    """Whether U+2000 to U+203F (quotes, dashes, dots, spaces) or a no-break space begins here: no word holds one."""
    if at + 1 >= len(text):
        return False
    return bool((text[at] == 0xE2 and text[at + 1] == 0x80) or (text[at] == 0xC2 and text[at + 1] == 0xA0))


def unlisted(text: str, words: Array) -> tuple[set[str], set[str]]:
    """The ASCII words of a text that a list lacks, and the stretches between blanks that hold other letters."""
    data = text.encode("utf-8", "surrogatepass")
    found = np.empty((len(data) // 2 + 1, 2), dtype=np.int64)
    count = _unlisted(words, np.frombuffer(data, dtype=np.uint8), found, np.full(_SEEN, -1, dtype=np.int64))
    places = found[:count].tolist()
    plain = {data[start:end].decode("ascii") for start, end in places if start >= 0}
    mixed = {data[~start:end].decode("utf-8", "surrogatepass") for start, end in places if start < 0}
    return plain, mixed
