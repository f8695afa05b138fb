"""What only the whole corpus can tell: ids that occur again, and documents that another one survives for.

One task reads what the shards left and decides; for each shard that something is decided about, a part of its box lists
the rows with what becomes of them.
"""

from __future__ import annotations

import json
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from itertools import accumulate, chain, pairwise
from sys import intern
from typing import TYPE_CHECKING, Any, cast

from cleaner.corpus import text_of
from cleaner.duplicates.finding import Notice
from cleaner.duplicates.survivors import Policy
from cleaner.engine import Report
from cleaner.guard import Loss, losses
from cleaner.plan import Shard
from cleaner.rows import dumped
from cleaner.stage import Entry, entries, id_hash
from cleaner.store import Store

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from cleaner.duplicates.finding import Finding
    from cleaner.duplicates.sketch import Rows

TOLD = "told"
"""The part of a box that holds what runs before found about its documents; who only adds says it again."""
DROPS = {"exact": "DUP001", "near": "DUP002", "version": "DUP003", "similar": "DUP005", "address": "DUP006"}
"""The relations for which a document goes, with the rule that says so."""

Staged = Sequence[tuple[str, Shard]]
"""The boxes of the shards, in order."""


def settle(store: Store, name: str, staged: Staged, policy: Policy) -> Report:
    """Decide over all shards into the box `name`.

    Its parts are `duplicates`, a row for every pair found alike, `losses`, a row for every source of which some go, and
    for some shards `decided-N`: a JSON object of row -> {"id": new id, "drop": [reason, survivor], "cut": [[start of a
    sentence, reason]]}. The report holds the digests of these by N.
    """
    if store.has(name):
        return store.report(name)
    decided: list[dict[int, dict[str, Any]]] = [{} for _ in staged]
    renamed = _rename(store, staged, decided)
    findings, lost, shared = _duplicates(store, staged, decided, policy)
    with store.box(name) as box:
        for staging, _ in staged:
            box.add("duplicates", store.read(staging, TOLD))
        box.add("duplicates", b"".join(dumped(finding.row()) for finding in findings) + b"".join(map(dumped, shared)))
        box.add("losses", b"".join(dumped(asdict(loss)) for loss in lost))
        for number, found in enumerate(decided):
            if found:
                box.add(f"decided-{number}", json.dumps(found, sort_keys=True).encode())
        versions = sum(finding.relation == "version" and not finding.goes for finding in findings)
        box.report = {"renamed": renamed, "versions": versions, "notices": _notices(findings)}
        box.report["sentences"] = sum("removed" not in row for row in shared)
    return store.report(name)


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
) -> tuple[list[Finding], list[Loss], list[dict[str, Any]]]:
    """Documents that go for another one, and sentences that go.

    Returns the evidence about all that were found alike, who loses some, and the rows about sentences.
    """
    compared = _Compared(store, staged, decided)
    if len(compared.entries) < 2:
        return [], [], []
    from cleaner.duplicates.cluster import find_duplicates

    codes = frozenset(code for box, _ in staged for code in store.report(box)["codes"])
    findings = find_duplicates(compared.entries, compared.sketches(), compared.texts, codes, policy)
    place_of = {entry.id: at for at, entry in enumerate(compared.entries)}
    for finding in findings:
        if finding.goes:
            number, row = compared.places[place_of[finding.id]]
            decided[number].setdefault(row, {})["drop"] = [_reason(finding), finding.instead]
    gone = [(compared.entries[place_of[f.id]].source, f.id, f.instead) for f in findings if f.goes]
    shared = _sentences(compared, findings, place_of, decided, policy) if "DUP007" in codes else []
    return findings, losses([entry.source for entry in compared.entries], gone), shared


def _sentences(
    compared: _Compared,
    findings: Sequence[Finding],
    place_of: Mapping[str, int],
    decided: list[dict[int, dict[str, Any]]],
    policy: Policy,
) -> list[dict[str, Any]]:
    """The rows about sentences that documents share; those that go are decided."""
    from cleaner.duplicates.sharing import Asked, recurring, related, repeats

    entries = compared.entries
    ids = [entry.id for entry in entries]
    gone = {place_of[finding.id] for finding in findings if finding.goes}
    rank = policy.order()
    rows = recurring(compared.passages)
    ranked = sorted(set(rows["document"].tolist()) - gone, key=lambda n: rank(entries[n]))
    groups = related(len(entries), [(place_of[f.id], place_of[f.instead]) for f in findings])
    frozen = frozenset(place_of[key] for key in policy.frozen if key in place_of)
    found = repeats(rows, Asked(ranked, groups, compared.texts, policy.sentences == "first", frozen))
    for repeat in found:
        if repeat.goes:
            number, row = compared.places[repeat.document]
            because = f"the same sentence stands in {ids[repeat.first]}"
            decided[number].setdefault(row, {}).setdefault("cut", []).append([repeat.start, because])
    return [repeat.row(ids) for repeat in found if repeat.listed]


def _reason(finding: Finding) -> str:
    """Why a document goes, as its manifest row says."""
    if finding.relation == "address":
        what = f"one text under {finding.addresses:,} addresses"
    else:
        what = "older version" if finding.relation == "version" else f"{finding.relation} copy"
    return f"{DROPS[finding.relation]}: {what}, Jaccard {finding.shared / finding.united:.2f}"


def _notices(findings: Sequence[Finding]) -> tuple[int, int]:
    """How many short texts stand under many addresses, and how many documents of them are kept."""
    crowds = sum(bool(finding.sample) for finding in findings)
    return crowds, crowds + sum(bool(finding.addresses) and not finding.goes for finding in findings)


class _Compared:
    """The documents that take part in the search for duplicates; their texts lie in the staged boxes."""

    def __init__(self, store: Store, staged: Staged, decided: Sequence[dict[int, dict[str, Any]]]) -> None:
        from cleaner.duplicates.finding import Entry as Candidate

        self.store, self.staged = store, staged
        self.entries: list[Candidate] = []
        self.places: list[tuple[int, int]] = []
        self.starts: list[array[int]] = []
        self.ends: list[list[int]] = []
        self.counts: list[int] = []
        for number, (box, _) in enumerate(staged):
            sizes = array("Q", store.read(box, "index"))[:: len(Entry._fields)]
            self.starts.append(array("Q", accumulate(sizes, initial=0)))
            self.ends.append(list(accumulate(store.report(box)["rows"])))
            lines = store.read(box, "candidates").splitlines()
            self.counts.append(len(lines))
            for line in lines:
                row, key, leftovers, prose, date, source, *short = json.loads(line)
                known = str(decided[number].get(row, {}).get("id", key))
                notice = Notice(*short) if short else None
                self.entries.append(Candidate(known, leftovers, prose, date, intern(source), notice))
                self.places.append((number, row))

    def sketches(self) -> Rows:
        """The rows of all of them."""
        import numpy as np

        from cleaner.duplicates.sketch import ROW

        return np.frombuffer(b"".join(self.store.read(box, "sketch") for box, _ in self.staged), ROW)

    def passages(self) -> Iterator[npt.NDArray[np.void]]:
        """The rows of their sentences, those of each shard; they name the documents by their place."""
        import numpy as np

        from cleaner.duplicates.passages import ROW

        before = 0
        for (box, _), taking_part in zip(self.staged, self.counts, strict=True):
            rows = np.frombuffer(self.store.read(box, "passages"), ROW).copy()
            rows["document"] += before
            yield rows
            before += taking_part

    def texts(self, places: Sequence[int]) -> list[str]:
        """The texts of some of them."""
        found = []
        for place in places:
            number, row = self.places[place]
            box, shard = self.staged[number]
            piece = shard[bisect_right(self.ends[number], row)]
            start, end = self.starts[number][row : row + 2]
            found.append(text_of(piece.path, self.store.slice(box, "out", start, end - start), piece.out))
        return found
