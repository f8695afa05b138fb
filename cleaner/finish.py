"""The last task of a shard: apply what was decided over the whole corpus, and leave what is to be published.

Its box holds the shard's parts of the journal as they will lie on disk. Where documents were left out it also holds
`out` and `index` as the stage does; else the report names the staged box, and nothing is copied.
"""

from __future__ import annotations

import base64
import gzip
import json
from array import array
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from itertools import accumulate
from typing import Any

from cleaner.corpus import CorpusError, digest, published, raw_at, read_piece, text_of
from cleaner.engine import Report
from cleaner.formats import holds_records
from cleaner.job import Job
from cleaner.plan import Piece, Shard
from cleaner.rows import NO_CHANGES, change_row, dumped, renamed_changes, signed_changes
from cleaner.stage import Entry
from cleaner.store import Store
from cleaner.text import Document, Edit, apply
from cleaner.totals import LISTED, Totals, from_json
from cleaner.unpack import Sources

MANIFEST, CHANGES, WITHHELD, QUARANTINE = PARTS = ("manifest", "changes", "withheld", "quarantine")
COPIED = ("out", MANIFEST, CHANGES, WITHHELD)
PACKED = 1
"""Level of compression of a large journal: digests do not get smaller by trying harder."""

STEP = 1_000
"""The step in which sentences go: behind all steps of `cleaning`."""

Decided = Mapping[str, Mapping[str, Any]]


def finish(
    job: Job, store: Store, name: str, shard: Shard, boxes: tuple[str, str], number: int, packed: bool
) -> Report:
    """Make a shard ready to be published, into the box `name`. `boxes` are that of its stage and the settled one.

    Raises CorpusError when a raw file was changed since it was read.
    """
    if store.has(name):
        return store.report(name)
    staged, settled = boxes
    decided: Decided = json.loads(store.read(settled, f"decided-{number}") or b"{}")
    made = _Decided(job, store, staged, shard, decided) if decided else None
    parts = made.parts if made else {part: store.read(staged, part) for part in COPIED}
    totals = made.totals if made else from_json(store.report(staged)["totals"])
    if job.config.journal == "counts":
        parts[CHANGES] = b""
    parts[QUARANTINE] = b"".join(_quarantined(parts[MANIFEST])) if totals.status["quarantined"] else b""
    with store.box(name) as box:
        for part in PARTS:
            data = parts[part]
            if data or part in (MANIFEST, CHANGES):
                box.add(part, gzip.compress(data, PACKED, mtime=0) if packed or part == WITHHELD else data)
        if made:
            box.add("out", parts["out"])
            box.add("index", made.index.tobytes())
        box.report = {
            "totals": totals.as_json(),
            "rows": store.report(staged)["rows"],
            "out": name if made else staged,
            "records": _records(store, staged, shard, made.index if made else None, parts["out"]),
        }
    return store.report(name)


def _quarantined(manifest: bytes) -> Iterator[bytes]:
    for line in manifest.split(b"\n"):
        if b'"status": "quarantined"' in line and (row := json.loads(line))["status"] == "quarantined":
            yield dumped({key: row[key] for key in ("id", "path", "line", "reason")})


def _records(store: Store, staged: str, shard: Shard, index: array[int] | None, out: bytes) -> dict[str, Any]:
    """For each piece of a file of records: which bytes it is, and what is published of it."""
    report = store.report(staged)
    found = {}
    at = row = 0
    sizes = index or array("Q", store.read(staged, "index"))
    width = len(Entry._fields)
    for piece, count in zip(shard, report["rows"], strict=True):
        size = sum(sizes[row * width : (row + count) * width : width])
        if holds_records(piece.path):
            raw = report["records"][piece.path]
            place = {"start": piece.start, "stop": piece.stop, "line": piece.line, "fields": piece.fields}
            found[piece.path] = {**place, "raw": raw, "bytes": size, "clean": digest(out[at : at + size])}
        at += size
        row += count
    return found


class _Decided:
    """The parts of a shard after what was decided about some of its documents."""

    def __init__(self, job: Job, store: Store, staged: str, shard: Shard, decided: Decided) -> None:
        self.job, self.shard, self.decided = job, shard, decided
        self.sources = Sources(job.root, store, job.bucket)
        report = store.report(staged)
        self.totals = from_json(report["totals"])
        left_out, self.totals.left_out = self.totals.left_out, []
        self.left_out = dict(zip(report["left_rows"], left_out, strict=True))
        self.ends = list(accumulate(report["rows"]))
        self.raw: tuple[Piece | None, bytes] = (None, b"")
        before = {part: memoryview(store.read(staged, part)) for part in COPIED}
        after: dict[str, list[bytes | memoryview]] = {part: [] for part in COPIED}
        width = len(Entry._fields)
        self.index = array("Q", store.read(staged, "index"))
        starts = [list(accumulate(self.index[column::width], initial=0)) for column in range(len(COPIED))]
        done = 0
        for row in sorted(map(int, decided)):
            entry = Entry._make(self.index[row * width : (row + 1) * width])
            share = {}
            for part, start in zip(COPIED, starts, strict=True):
                after[part].append(before[part][start[done] : start[row]])  # what nothing was decided about
                share[part] = before[part][start[row] : start[row + 1]]
            new = self._changed(row, shard[bisect_right(self.ends, row)], entry, share, decided[str(row)])
            for column, part in enumerate(COPIED):
                after[part].append(new[part])
                self.index[row * width + column] = len(new[part])
            done = row + 1
        for part, start in zip(COPIED, starts, strict=True):
            after[part].append(before[part][start[done] :])
        self.parts = {part: b"".join(pieces) for part, pieces in after.items()}
        self.totals.left_out = [self.left_out[row] for row in sorted(self.left_out)[:LISTED]]

    def _changed(
        self, row: int, piece: Piece, entry: Entry, share: Mapping[str, memoryview], what: Mapping[str, Any]
    ) -> dict[str, bytes]:
        """The share of one document in every part, after what was decided about it."""
        new = {part: bytes(data) for part, data in share.items()}
        manifest = json.loads(new[MANIFEST])
        if "id" in what:
            self._rename(row, manifest, new, str(what["id"]))
        if "drop" in what:
            self._drop(row, piece, entry, manifest, new, what["drop"])
        elif "cut" in what:
            self._cut(piece, entry, manifest, new, dict(what["cut"]))
        new[MANIFEST] = dumped(manifest)
        return new

    def _rename(self, row: int, manifest: dict[str, Any], new: dict[str, bytes], key: str) -> None:
        manifest["id"] = key
        new[CHANGES], manifest["digests"]["changes"] = renamed_changes(new[CHANGES], key)
        if new[WITHHELD]:
            new[WITHHELD] = dumped({**json.loads(new[WITHHELD]), "id": key})
        if row in self.left_out:
            status, _, *rest = self.left_out[row]
            self.left_out[row] = (status, key, rest[0], rest[1])

    def _drop(
        self, row: int, piece: Piece, entry: Entry, manifest: dict[str, Any], new: dict[str, bytes], why: list[str]
    ) -> None:
        totals, counts = self.totals, manifest["counts"]
        digests = dict(manifest["digests"])
        totals.status["kept"] -= 1
        totals.after -= counts["characters"][1]
        totals.changes.subtract(counts["changes"])
        told = (json.loads(line)["facts"] for line in new[CHANGES].split(b"\n") if b', "facts": [' in line)
        moved = {fact[0] for facts in told for fact in facts}
        notes = {key: value for key, value in manifest["metadata"].items() if key not in moved}
        manifest |= {"status": "dropped", "reason": why[0], "instead": why[1], "metadata": notes}
        counts |= {"characters": [counts["characters"][0], 0], "changes": {}}
        manifest["digests"] = {"raw": digests["raw"], "changes": NO_CHANGES}
        one = Totals()
        one.leave_out(manifest)
        (self.left_out[row],) = one.left_out
        totals.add(one)
        totals.left_out = []
        new["out"] = new[CHANGES] = b""
        if self.job.config.journal == "full":
            raw = self._checked(piece, entry, manifest)
            new[WITHHELD] = dumped({"id": manifest["id"], "bytes": base64.b64encode(raw).decode()})

    def _cut(
        self, piece: Piece, entry: Entry, manifest: dict[str, Any], new: dict[str, bytes], starts: dict[int, str]
    ) -> None:
        """Take sentences out of a document, as changes; one of which nothing would be left stays as it is."""
        from cleaner.duplicates.passages import cut

        key, counts = manifest["id"], manifest["counts"]
        before = Document(key, text_of(new["out"], piece.out))
        edits = [("DUP007", Edit(a, b, because=starts[at])) for at, a, b in cut(before.text, starts)]
        after, made, _ = apply(before, edits, STEP)
        if not after.text.strip():
            return
        self.totals.after += len(after.text) - counts["characters"][1]
        self.totals.changes.update({"DUP007": len(made)})
        counts["characters"][1] = len(after.text)
        counts["changes"] = dict(sorted({**counts["changes"], "DUP007": len(made)}.items()))
        full = self.job.config.journal == "full"
        rows = [json.loads(line) for line in new[CHANGES].split(b"\n") if line]
        rows += [change_row(key, change, full) for change in made]
        new[CHANGES], manifest["digests"]["changes"] = signed_changes(rows)
        raw = self._checked(piece, entry, manifest)
        (record,) = (record for _, record in read_piece(piece.path, raw, piece.line, piece.fields))
        new["out"] = published(record, after.text, self.job.config.out(), manifest["metadata"])
        manifest["digests"]["clean"] = digest(new["out"])

    def _checked(self, piece: Piece, entry: Entry, manifest: Mapping[str, Any]) -> bytes:
        """The raw bytes of a document. Raises CorpusError when they are not those that were read."""
        raw = self._raw(piece, entry)
        if digest(raw) != manifest["digests"]["raw"]:
            raise CorpusError(f"{self.sources.shown(piece.path)}: was changed while the run was going; run again")
        return raw

    def _raw(self, piece: Piece, entry: Entry) -> bytes:
        if self.raw[0] != piece:
            self.raw = piece, self.sources.read(piece.path, piece.box, piece.start, piece.stop)
        return raw_at(piece.path, self.raw[1], entry.raw_start, entry.raw_size)
