"""Which of many strings stand in a text, compiled: two or three bytes decide at most places that none begins there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from cleaner.compiled import kernel

Array = np.ndarray[Any, Any]
Table = tuple[Array, Array, Array, Array]
"""First string (or -1) of each two bytes and behind them of each three, folded to 16 bits; with the next of its chain
(or -1) each string; where each string starts in the bytes; the bytes."""

_PAIRS = 1 << 16


def _triple(one: int, two: int, three: int) -> int:
    """Three bytes as 16 bits, not without collisions."""
    return ((one | two << 8) ^ (three * 0x9E5)) & 0xFFFF


def table(strings: Sequence[str]) -> Table:
    """Strings by their first three bytes, shorter ones by two.

    Of one byte, a string stands in the chain of every pair that begins with it.
    """
    encoded = [string.encode("utf-8") for string in strings]
    chains: dict[int, list[int]] = {}
    for number, string in enumerate(encoded):
        if len(string) > 2:
            chains.setdefault(_PAIRS + _triple(*string[:3]), []).append(number)
        for second in () if len(string) > 2 else string[1:] or range(256):
            chains.setdefault(string[0] | second << 8, []).append(number)
    first = np.full(2 * _PAIRS, -1, dtype=np.int32)
    links: list[tuple[int, int]] = []
    for key, numbers in chains.items():
        for number in numbers:
            links.append((number, int(first[key])))
            first[key] = len(links) - 1
    starts = np.zeros(len(encoded) + 1, dtype=np.int64)
    np.cumsum([len(string) for string in encoded], out=starts[1:])
    return first, np.array(links, dtype=np.int32), starts, np.frombuffer(b"".join(encoded), dtype=np.uint8)


@kernel
def _note(link: int, links: Array, starts: Array, blob: Array, text: Array, at: int, found: Array) -> None:
    """Set `found` of every string of a chain that stands at a place."""
    while link >= 0:
        string = links[link, 0]
        link = links[link, 1]
        size = starts[string + 1] - starts[string]
        if found[string] or at + size > len(text) - 2:
            continue
        offset = 0
        while offset < size and text[at + offset] == blob[starts[string] + offset]:
            offset += 1
        found[string] = offset == size


@kernel
def _standing(first: Array, links: Array, starts: Array, blob: Array, text: Array, found: Array) -> None:
    """Set `found` of every string that stands in the text, which ends in two bytes more."""
    two, three = np.uint32(text[0]), np.uint32(text[1])
    for at in range(len(text) - 2):
        one, two, three = two, three, np.uint32(text[at + 2])
        pair = one | np.uint32(two << np.uint32(8))
        short = first[pair]
        long = first[np.uint32(_PAIRS) + np.uint32((pair ^ np.uint32(three * np.uint32(0x9E5))) & np.uint32(0xFFFF))]
        if short >= 0:
            _note(short, links, starts, blob, text, at, found)
        if long >= 0:
            _note(long, links, starts, blob, text, at, found)


def standing(text: str, strings: Table) -> list[int]:
    """The numbers of the strings that stand in a text."""
    first, links, starts, blob = strings
    found = np.zeros(len(starts) - 1, dtype=np.bool_)
    data = np.frombuffer(text.encode("utf-8", "surrogatepass") + b"\0\0", dtype=np.uint8)
    _standing(first, links, starts, blob, data, found)
    numbers: list[int] = np.flatnonzero(found).tolist()
    return numbers
