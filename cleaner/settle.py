"""What was decided about the whole corpus, gathered: for each shard the rows with what becomes of them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from cleaner.duplicates.finding import Finding, inherit
from cleaner.duplicates.survivors import Policy
from cleaner.engine import Report
from cleaner.guard import losses
from cleaner.recurring import given_ids
from cleaner.rows import dumped, loaded
from cleaner.store import Store
from cleaner.verdict import Verdict, decided

TOLD = "told"
"""The part of a box that holds what runs before found about its documents; who only adds says it again."""
DROPS = {"exact": "DUP001", "near": "DUP002", "version": "DUP003", "similar": "DUP005", "address": "DUP006"}
"""The relations for which a document goes, with the rule that says so."""


def settle(store: Store, name: str, staged: Sequence[str], found: Sequence[str], policy: Policy) -> Report:
    """Gather into the box `name` what `order`, `join`, `compare` and `quote` left in `found`. `staged` are of shards.

    Its parts are `duplicates`, a row for every pair found alike, `losses`, a row for every source of which some go, and
    for some shards `decided-N`: a JSON object of row -> {"id": new id, "drop": [reason, survivor], "cut": [[start of a
    sentence, reason]]}. The report holds the digests of these by N.
    """
    if store.has(name):
        return store.report(name)
    given = given_ids(store, found[0], len(staged))
    becomes: list[dict[int, dict[str, Any]]] = [{row: {"id": key} for row, key in ids.items()} for ids in given]
    numbers = {box: number for number, box in enumerate(staged)}
    versions = crowds = addresses = 0
    gone: list[tuple[str, str, str]] = []
    with store.box(name) as box:
        for staging in staged:
            box.add("duplicates", store.read(staging, TOLD))
        for finding, verdict, told in _findings(store, found, policy):
            box.add("duplicates", told)
            if finding.goes:
                becomes[numbers[verdict.box]].setdefault(verdict.row, {})["drop"] = [_reason(finding), finding.instead]
                gone.append((verdict.source, finding.id, finding.instead))
            versions += finding.relation == "version" and not finding.goes
            crowds += bool(finding.sample)
            addresses += bool(finding.addresses) and not finding.goes
        for name_of, row, start, because in _rows(store, found, "cut"):
            becomes[numbers[name_of]].setdefault(row, {}).setdefault("cut", []).append([start, because])
        box.add("duplicates", b"".join(store.read(sharing, "shared") for sharing in found))
        lost = losses(json.loads(store.read(found[0], "sources")), gone)
        box.add("losses", b"".join(dumped(asdict(loss)) for loss in lost))
        for number, rows in enumerate(becomes):
            if rows:
                box.add(f"decided-{number}", json.dumps(rows, sort_keys=True).encode())
        notices = crowds, crowds + addresses  # one of each crowd has no finding of its own
        box.report = {
            "renamed": store.report(found[0])["renamed"],
            "groups": store.report(found[1])["groups"],
            "versions": versions,
            "notices": notices,
            "sentences": sum(store.report(box).get("sentences", 0) for box in found),
        }
    return store.report(name)


def _reason(finding: Finding) -> str:
    """Why a document goes, as its manifest row says."""
    if finding.relation == "address":
        what = f"one text under {finding.addresses:,} addresses"
    else:
        what = "older version" if finding.relation == "version" else f"{finding.relation} copy"
    return f"{DROPS[finding.relation]}: {what}, Jaccard {finding.shared / finding.united:.2f}"


def _rows(store: Store, boxes: Sequence[str], part: str) -> Iterator[Any]:
    for box in boxes:
        yield from loaded(store.read(box, part).splitlines())


def _findings(store: Store, boxes: Sequence[str], policy: Policy) -> list[tuple[Finding, Verdict, bytes]]:
    """All findings, by id, with their rows; an exact copy of a document that goes has the survivor of that one."""
    known = list(decided(store, boxes, policy, rows=True))
    own = [verdict.finding for verdict, _ in known]
    rows = {verdict.finding.id: row for verdict, row in known if verdict.finding.goes}
    found = []
    for finding, (verdict, row) in zip(inherit(own), known, strict=True):
        inherits = finding is not verdict.finding
        found.append((finding, verdict, _under(finding.id, rows[verdict.finding.instead]) if inherits else row))
    return sorted(found, key=lambda item: (item[0].id, item[0].instead))


def _under(key: str, row: bytes) -> bytes:
    """The row of a finding for another document."""
    return dumped({**json.loads(row), "id": key})
