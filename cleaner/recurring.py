"""Ids that occur again in a corpus: the first document keeps its id, a later one is told apart by its place."""

from __future__ import annotations

import json
from array import array
from bisect import bisect_left
from collections.abc import Sequence
from itertools import chain, pairwise
from typing import Any, cast

from cleaner.stage import entries, id_hash
from cleaner.store import Store

Given = list[dict[int, str]]
"""For each shard the rows of documents that get another id, with that id."""


def recurring(store: Store, staged: Sequence[str]) -> Given:
    """The ids that replace those that occur again, in the order of the shards.

    Ids of different shards are compared by 64 bits, and only where these are equal by their text.
    """
    hashes = [array("Q", (entry.id_hash for entry in entries(store.read(box, "index")))) for box in staged]
    taken = _sorted(hashes)
    again = _again(taken)
    found: Given = [{} for _ in staged]
    if not again:
        return found
    given: set[str] = set()
    seen: set[str] = set()
    for number, box in enumerate(staged):
        if again.isdisjoint(hashes[number]):
            continue
        manifest = store.read(box, "manifest").split(b"\n")
        for row, hashed in enumerate(hashes[number]):
            if hashed not in again:
                continue
            entry: dict[str, Any] = json.loads(manifest[row])
            key = str(entry["id"])
            if key in seen:
                where = f"{entry['path']}:{entry['line']}" if entry["line"] else entry["path"]
                while key in seen or key in given or _holds(taken, id_hash(key)):
                    key = f"{key}@{where}"
                found[number][row] = key
                given.add(key)
            seen.add(key)
    return found


def given_ids(store: Store, paired: str, count: int) -> Given:
    """The ids that replace others, for `count` shards, as the box `paired` holds them."""
    found: Given = [{} for _ in range(count)]
    for line in store.read(paired, "renamed").splitlines():
        given = json.loads(line)
        found[given["shard"]] = {int(row): key for row, key in given["ids"].items()}
    return found


def _sorted(hashes: Sequence[array[int]]) -> Sequence[int]:
    """All hashes in order; many are sorted by numpy, which keeps them in 8 bytes each."""
    if sum(map(len, hashes)) < 1 << 16:
        return sorted(chain.from_iterable(hashes))
    import numpy as np

    everything = np.concatenate([np.frombuffer(column, np.uint64) for column in hashes])
    everything.sort()
    return cast("Sequence[int]", everything)


def _again(ordered: Sequence[int]) -> set[int]:
    """The hashes that occur more than once."""
    if isinstance(ordered, list):
        return {one for one, other in pairwise(ordered) if one == other}
    import numpy as np

    column = cast("Any", ordered)
    return set(np.unique(column[1:][column[1:] == column[:-1]]).tolist())


def _holds(ordered: Sequence[int], number: int) -> bool:
    at = bisect_left(ordered, number)
    return at < len(ordered) and int(ordered[at]) == number
