"""The words of a text that a list lacks, compiled: one pass over its bytes instead of a Python string per word.

A list is a set of 62-bit hashes (hash_set.py), taken of eight bytes at a time. An unlisted word that shares its hash
with a listed one would be overlooked: one word in 10 million million.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from cleaner.compiled import borrower
from cleaner.hash_set import has
from cleaner.words_of_bytes import HIGH, PADDING, first, letter_bytes, load, store

Array = np.ndarray[Any, Any]
_U = np.uint64

_PRIME, _OTHER = _U(0xFF51AFD7ED558CCD), _U(0xC4CEB9FE1A85EC53)
_SMALL = _U(0x2020202020202020)
_SEEN = 1 << 11


def table(words: Iterable[str]) -> Array:
    """A list of words as hashes in a power of two of slots, a quarter of them empty at least (-1)."""
    encoded = [word.encode("utf-8", "surrogatepass") for word in words]
    starts = np.zeros(len(encoded) + 1, dtype=np.int64)
    np.cumsum([len(word) for word in encoded], out=starts[1:])
    slots = np.full(1 << max(4, (len(encoded) * 4 // 3).bit_length()), -1, dtype=np.int64)
    _fill(slots, starts, np.frombuffer(b"".join(encoded) + bytes(PADDING), dtype=np.uint8))
    return slots


@borrower
def _fill(slots: Array, starts: Array, blob: Array) -> None:
    mask = len(slots) - 1
    for word in range(len(starts) - 1):
        value = _hash(blob, starts[word], starts[word + 1], _U(0))
        slot = (value ^ (value >> 29)) & mask
        while slots[slot] >= 0:
            slot = (slot + 1) & mask
        slots[slot] = value


@borrower
def _mixed(value: np.uint64, piece: np.uint64) -> np.uint64:
    """A hash with eight bytes more."""
    value = (value ^ piece) * _PRIME
    return value ^ (value >> _U(32))


@borrower
def _finished(value: np.uint64, size: int) -> Any:
    """A hash of 62 bits, of so many bytes."""
    value = (value ^ _U(size)) * _OTHER
    return np.int64((value ^ (value >> _U(29))) >> _U(2))


@borrower
def _low(many: int) -> np.uint64:
    """The lowest bytes of a word, less than eight."""
    return (_U(1) << _U(8 * many)) - _U(1)


@borrower
def _hash(text: Array, start: int, end: int, small: np.uint64) -> Any:
    """The hash of a stretch; `small` is or-ed to each byte."""
    value = _U(0)
    at = start
    while end - at >= 8:
        value = _mixed(value, load(text, at) | small)
        at += 8
    return _finished(_mixed(value, (load(text, at) | small) & _low(end - at)), end - start)


@borrower
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


@borrower
def _copy(text: Array, start: int, end: int, out: Array, to: int) -> int:
    """Append a stretch and a line feed to what stands in `out` before a place; gives the place behind them."""
    for at in range(start, end, 8):
        store(out, to + at - start, load(text, at))
    to += end - start
    out[to] = 10
    return to + 1


@borrower
def _unlisted(slots: Array, text: Array, plain: Array, mixed: Array, seen: Array) -> tuple[int, int]:
    """Write each ASCII word that is not listed into `plain`, a line each, and give how many bytes they take.

    Where other letters stand beside a word, the stretch between blanks goes into `mixed`: its words are for the caller
    to find. What stands again is hardly ever given again: `seen` holds hashes, -1 where there is none.
    """
    plainly = mixedly = 0
    at = 0
    size = len(text) - PADDING
    while at < size:
        word = load(text, at)
        letters = letter_bytes(word)
        many = first((letters | word) & HIGH)
        if many:
            at += many
            continue
        start = at
        value = _U(0)
        if letters & _U(0x80):
            many = first(~letters & HIGH)
            while many == 8:
                value = _mixed(value, word | _SMALL)
                at += 8
                word = load(text, at)
                many = first(~letter_bytes(word) & HIGH)
            value = _mixed(value, (word | _SMALL) & _low(many))
            at += many
        if at < size and text[at] >= 128 and not _is_mark(text, at):
            while start and text[start - 1] > 32:
                start -= 1
            while at < size and text[at] > 32:
                at += 1
            if _is_first(seen, _hash(text, start, at, _U(0))):
                mixedly = _copy(text, start, at, mixed, mixedly)
        elif at == start:
            at += 3 if text[at] == 0xE2 else 2
        elif not (at - start <= 2 and _is_apostrophe(text, start - 1)) and not has(slots, _finished(value, at - start)):
            exact = _hash(text, start, at, _U(0))
            if not has(slots, exact) and _is_first(seen, exact):
                plainly = _copy(text, start, at, plain, plainly)
    return plainly, mixedly


@borrower
def _is_apostrophe(text: Array, at: int) -> bool:
    """Whether an apostrophe, straight or curly, ends at a place."""
    if at < 0:
        return False
    return bool(text[at] == 39 or (at >= 2 and text[at] == 0x99 and text[at - 1] == 0x80 and text[at - 2] == 0xE2))


@borrower
def _is_mark(text: Array, at: int) -> bool:
    """Whether U+2000 to U+203F (quotes, dashes, dots, spaces) or a no-break space begins here: no word holds one."""
    return bool((text[at] == 0xE2 and text[at + 1] == 0x80) or (text[at] == 0xC2 and text[at + 1] == 0xA0))


def unlisted(text: str, words: Array) -> tuple[set[str], str]:
    """The ASCII words of a text that a list lacks, and the stretches between blanks that hold other letters."""
    data = np.frombuffer(text.encode("utf-8", "surrogatepass") + bytes(PADDING), dtype=np.uint8)
    plain, mixed = np.empty((2, len(data) + PADDING), dtype=np.uint8)
    seen = np.full(_SEEN, -1, dtype=np.int64)
    one, other = _unlisted(words, data, plain, mixed, seen)
    found = set(plain[:one].tobytes().decode("ascii").split("\n"))
    found.discard("")
    return found, mixed[:other].tobytes().decode("utf-8", "surrogatepass")
