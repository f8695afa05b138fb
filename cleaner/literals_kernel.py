"""Which of many strings stand in a text, compiled: two bytes decide at most places that none begins there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from cleaner.compiled import kernel

Array = np.ndarray[Any, Any]
Table = tuple[Array, Array, Array, Array]
"""First string of each pair of bytes (or -1), the string after it in its chain (or -1), where each string starts in the
bytes, the bytes."""

_PAIRS = 1 << 16


def table(strings: Sequence[str]) -> Table:
    """Strings by their first two bytes. Of one byte, a string stands in the chain of every pair that begins with it."""
    encoded = [string.encode("utf-8") for string in strings]
    chains: dict[int, list[int]] = {}
    for number, string in enumerate(encoded):
        seconds = [string[1]] if len(string) > 1 else range(256)
        for second in seconds:
            chains.setdefault(string[0] | second << 8, []).append(number)
    first = np.full(_PAIRS, -1, dtype=np.int32)
    links: list[tuple[int, int]] = []
    for pair, numbers in chains.items():
        for number in numbers:
            links.append((number, int(first[pair])))
            first[pair] = len(links) - 1
    starts = np.zeros(len(encoded) + 1, dtype=np.int64)
    np.cumsum([len(string) for string in encoded], out=starts[1:])
    return first, np.array(links, dtype=np.int32), starts, np.frombuffer(b"".join(encoded), dtype=np.uint8)


@kernel
def _standing(first: Array, links: Array, starts: Array, blob: Array, text: Array, found: Array) -> None:
    """Set `found` of every string that stands in the text, which ends in one byte more."""
    for at in range(len(text) - 1):
        link = first[np.uint32(text[at]) | np.uint32(text[at + 1]) << np.uint32(8)]
        while link >= 0:
            string = links[link, 0]
            link = links[link, 1]
            size = starts[string + 1] - starts[string]
            if found[string] or at + size >= len(text):
                continue
            offset = 1
            while offset < size and text[at + offset] == blob[starts[string] + offset]:
                offset += 1
            found[string] = offset == size


def standing(text: str, strings: Table) -> list[int]:
    """The numbers of the strings that stand in a text."""
    first, links, starts, blob = strings
    found = np.zeros(len(starts) - 1, dtype=np.bool_)
    data = np.frombuffer(text.encode("utf-8", "surrogatepass") + b"\0", dtype=np.uint8)
    _standing(first, links, starts, blob, data, found)
    numbers: list[int] = np.flatnonzero(found).tolist()
    return numbers
