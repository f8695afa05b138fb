"""What only the whole corpus can tell: ids that occur again, and documents that another one survives for.

One task reads what the shards left and decides; for each shard that something is decided about, a part of its box lists
the rows with what becomes of them.
"""

from __future__ import annotations

import json
from array import array
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from itertools import chain, pairwise
from sys import intern
from typing import TYPE_CHECKING, Any, cast

from cleaner.corpus import text_of
from cleaner.duplicates.survivors import Policy
from cleaner.engine import Report
from cleaner.guard import Loss, losses
from cleaner.plan import Shard
from cleaner.rows import dumped
from cleaner.stage import Entry, entries, id_hash
from cleaner.store import Store

if TYPE_CHECKING:
    from cleaner.duplicates.cluster import Finding

DROPS = {"exact": "DUP001", "near": "DUP002", "version": "DUP003", "similar": "DUP005"}
"""The relations for which a document goes, with the rule that says so."""

Staged = Sequence[tuple[str, Shard]]
"""The boxes of the shards, in order."""


def settle(store: Store, name: str, staged: Staged, policy: Policy) -> Report:
    """Decide over all shards into the box `name`.

    Its parts are `duplicates`, a row for every pair found alike, `losses`, a row for every source of which some go, and
    for some shards `decided-N`: a JSON object of row -> {"id": new id, "drop": [reason, survivor]}. The report holds
    the digests of these by N.
    """
    if store.has(name):
        return store.report(name)
    decided: list[dict[int, dict[str, Any]]] = [{} for _ in staged]
    renamed = _rename(store, staged, decided)
    findings, lost = _duplicates(store, staged, decided, policy)
    with store.box(name) as box:
        box.add("duplicates", b"".join(dumped(finding.row()) for finding in findings))
        box.add("losses", b"".join(dumped(asdict(loss)) for loss in lost))
        for number, found in enumerate(decided):
            if found:
                box.add(f"decided-{number}", json.dumps(found, sort_keys=True).encode())
        versions = sum(finding.relation == "version" and not finding.goes for finding in findings)
        box.report = {"renamed": renamed, "versions": versions}
    return store.report(name)


def places(store: Store, box: str, shard: Shard) -> Iterator[tuple[str, Entry]]:
    """The file and the index entry of every document of a staged shard."""
    found = entries(store.read(box, "index"))
    for piece, count in zip(shard, store.report(box)["rows"], strict=True):
        for _ in range(count):
            yield piece.path, next(found)


def _rename(store: Store, staged: Staged, decided: list[dict[int, dict[str, Any]]]) -> int:
    """Tell a later use of an id apart by its place. Returns how many there are."""
    hashes = [array("Q", (entry.id_hash for entry in entries(store.read(box, "index")))) for box, _ in staged]
    taken = _sorted(hashes)
    again = _again(taken)
    if not again:
        return 0
    given: set[str] = set()
    seen: set[str] = set()
    renamed = 0
    for number, (box, _) in enumerate(staged):
        if not again.intersection(hashes[number]):
            continue
        manifest = store.read(box, "manifest").split(b"\n")
        for row, hashed in enumerate(hashes[number]):
            if hashed not in again:
                continue
            entry = json.loads(manifest[row])
            key = str(entry["id"])
            if key in seen:
                where = f"{entry['path']}:{entry['line']}" if entry["line"] else entry["path"]
                while key in seen or key in given or _holds(taken, id_hash(key)):
                    key = f"{key}@{where}"
                decided[number].setdefault(row, {})["id"] = key
                given.add(key)
                renamed += 1
            seen.add(key)
    return renamed


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


def _duplicates(
    store: Store, staged: Staged, decided: list[dict[int, dict[str, Any]]], policy: Policy
) -> tuple[list[Finding], list[Loss]]:
    """Documents that go for another one. Returns the evidence about all that were found alike, and who loses some."""
    codes = frozenset(code for box, _ in staged for code in store.report(box)["codes"])
    if not codes:
        return [], []
    import numpy as np

    from cleaner.duplicates import cluster
    from cleaner.duplicates.sketch import ROW, sketch

    ranked: list[cluster.Entry] = []
    homes: list[tuple[int, int, str, int, int]] = []
    sketched = [np.zeros(0, ROW)]
    for number, (box, shard) in enumerate(staged):
        texts: list[str] = []
        for row, home, text, key, (leftovers, date, source, _) in _compared(store, box, shard):
            known = decided[number].get(row, {}).get("id", key)
            homes.append((number, row, *home))
            ranked.append(cluster.Entry(known, leftovers, cluster.prose_length(text), date, intern(source)))
            texts.append(text)
        sketched.append(sketch(texts))

    def texts_of(places: Sequence[int]) -> list[str]:
        found = [homes[place] for place in places]
        return [text_of(path, store.slice(staged[number][0], "out", at, size)) for number, _, path, at, size in found]

    if len(ranked) < 2:
        return [], []
    findings = cluster.find_duplicates(ranked, np.concatenate(sketched), texts_of, codes, policy)
    place_of = {entry.id: place for place, entry in enumerate(ranked)}
    for finding in findings:
        if finding.goes:
            number, row = homes[place_of[finding.id]][:2]
            what = "older version" if finding.relation == "version" else f"{finding.relation} copy"
            reason = f"{DROPS[finding.relation]}: {what}, Jaccard {finding.shared / finding.united:.2f}"
            decided[number].setdefault(row, {})["drop"] = [reason, finding.instead]
    gone = [(ranked[place_of[f.id]].source, f.id, f.instead) for f in findings if f.goes]
    return findings, losses([entry.source for entry in ranked], gone)


Facts = tuple[int, str, str, str]
"""Of a document its leftovers, date, source and address."""


def _compared(store: Store, box: str, shard: Shard) -> Iterator[tuple[int, tuple[str, int, int], str, str, Facts]]:
    """The documents of a shard that take part: row, where its text lies, text, id, facts."""
    listed = [json.loads(line) for line in store.read(box, "candidates").split(b"\n") if line]
    if not listed:
        return
    wanted: dict[int, Facts] = {row: (leftovers, *said) for row, leftovers, *said in listed}
    out, manifest = store.read(box, "out"), store.read(box, "manifest")
    at = row_at = 0
    for row, (path, entry) in enumerate(places(store, box, shard)):
        if row in wanted:
            key = json.loads(manifest[row_at : row_at + entry.manifest])["id"]
            text = text_of(path, out[at : at + entry.out])
            yield row, (path, at, entry.out), text, key, wanted[row]
        at += entry.out
        row_at += entry.manifest
