"""What was decided about the whole corpus, gathered: for each shard the rows with what becomes of them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from cleaner.duplicates.finding import Entry, Finding, chosen, finding_of, inherit
from cleaner.duplicates.survivors import Policy
from cleaner.engine import Report
from cleaner.guard import losses
from cleaner.pair import Verdict
from cleaner.recurring import given_ids
from cleaner.rows import dumped
from cleaner.store import Store

TOLD = "told"
"""The part of a box that holds what runs before found about its documents; who only adds says it again."""
DROPS = {"exact": "DUP001", "near": "DUP002", "version": "DUP003", "similar": "DUP005", "address": "DUP006"}
"""The relations for which a document goes, with the rule that says so."""


def settle(store: Store, name: str, staged: Sequence[str], found: Sequence[str], policy: Policy) -> Report:
    """Gather into the box `name` what `pair`, `compare` and `share` left in the boxes `found`. `staged` are of shards.

    Its parts are `duplicates`, a row for every pair found alike, `losses`, a row for every source of which some go, and
    for some shards `decided-N`: a JSON object of row -> {"id": new id, "drop": [reason, survivor], "cut": [[start of a
    sentence, reason]]}. The report holds the digests of these by N.
    """
    if store.has(name):
        return store.report(name)
    given = given_ids(store, found[0], len(staged))
    decided: list[dict[int, dict[str, Any]]] = [{row: {"id": key} for row, key in ids.items()} for ids in given]
    numbers = {box: number for number, box in enumerate(staged)}
    versions = crowds = addresses = 0
    gone: list[tuple[str, str, str]] = []
    with store.box(name) as box:
        for staging in staged:
            box.add("duplicates", store.read(staging, TOLD))
        for finding, verdict in _findings(store, found, policy):
            box.add("duplicates", dumped(finding.row()))
            if finding.goes:
                decided[numbers[verdict.box]].setdefault(verdict.row, {})["drop"] = [_reason(finding), finding.instead]
                gone.append((verdict.source, finding.id, finding.instead))
            versions += finding.relation == "version" and not finding.goes
            crowds += bool(finding.sample)
            addresses += bool(finding.addresses) and not finding.goes
        for name_of, row, start, because in _rows(store, found, "cut"):
            decided[numbers[name_of]].setdefault(row, {}).setdefault("cut", []).append([start, because])
        box.add("duplicates", b"".join(store.read(sharing, "shared") for sharing in found))
        lost = losses(json.loads(store.read(found[0], "sources")), gone)
        box.add("losses", b"".join(dumped(asdict(loss)) for loss in lost))
        for number, rows in enumerate(decided):
            if rows:
                box.add(f"decided-{number}", json.dumps(rows, sort_keys=True).encode())
        notices = crowds, crowds + addresses  # one of each crowd has no finding of its own
        box.report = {
            "renamed": store.report(found[0])["renamed"],
            "groups": store.report(found[0])["groups"],
            "versions": versions,
            "notices": notices,
            "sentences": store.report(found[-1]).get("sentences", 0),
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
        yield from map(json.loads, store.read(box, part).splitlines())


def _findings(store: Store, boxes: Sequence[str], policy: Policy) -> Iterator[tuple[Finding, Verdict]]:
    """All findings, by id; an exact copy of a document that goes has the survivor of that one."""
    verdicts = [Verdict(*values) for values in _rows(store, boxes, "found")]
    known = _decided([(verdict, finding_of(verdict.finding)) for verdict in verdicts], policy)
    found = inherit([finding for _, finding in known])
    verdicts = [verdict for verdict, _ in known]
    yield from sorted(zip(found, verdicts, strict=True), key=lambda item: (item[0].id, item[0].instead))


Told = list[tuple[Verdict, Finding]]


def _decided(told: Told, policy: Policy) -> Told:
    """What holds of what was found: open findings are decided best document first, as all others were.

    Those of one document stand together, its best survivor first.
    """
    found = [(verdict, finding) for verdict, finding in told if not verdict.open]
    waiting: dict[str, Told] = {}
    for verdict, finding in told:
        if verdict.open:
            waiting.setdefault(finding.id, []).append((verdict, finding))
    gone = {finding.id for _, finding in found if finding.goes} if waiting else set()
    rank = policy.order()
    for key in sorted(waiting, key=lambda key: rank(Entry(*(waiting[key][0][0].open or ())))):
        here = chosen((verdict, finding) for verdict, finding in waiting[key] if finding.instead not in gone)
        found += here
        gone.update(finding.id for _, finding in here if finding.goes)
    return found
