"""The first task of a shard: read it, clean it, and leave everything that this shard alone can tell.

The box that it fills holds, each in the order of the documents:

    out         what would be published of the documents that are kept so far
    manifest    a row for every document
    changes     a row for every change
    withheld    the bytes of documents that were left out, where undo is to work without raw
    candidates  a JSON list for each document that takes part in the search for duplicates
    sketch      a row of fixed width for each of these, by columns
    passages    a row of fixed width for each of their sentences, where those are compared too
    index       for each document the sizes of its share of the first four, where it lies in its piece, a hash of its id
"""

from __future__ import annotations

import base64
import json
from array import array
from collections.abc import Iterator, Mapping
from hashlib import blake2b, sha256
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from cleaner import compiled
from cleaner.corpus import digest, published, read_piece
from cleaner.duplicates.finding import prose_lengths
from cleaner.duplicates.notices import notices
from cleaner.engine import Report
from cleaner.formats import holds_records
from cleaner.job import (
    BATCH,
    Job,
    clean_batch,
    corpus_codes,
    in_sample,
    source_of,
    stale_decisions,
    stale_note,
    takes_part,
)
from cleaner.plan import Piece, Shard
from cleaner.records import Record
from cleaner.rows import change_rows, counted, dumped, manifest_row
from cleaner.source import address
from cleaner.store import Box, Store
from cleaner.text import Cleaned, collect
from cleaner.totals import LISTED, Totals
from cleaner.unpack import Sources

if TYPE_CHECKING:
    from cleaner.duplicates.sketch import Rows

TOGETHER = 8 << 20
"""Characters that are sketched together."""


class Entry(NamedTuple):
    """A row of the index: sizes in bytes, the place of the raw bytes in their piece, and the hash of the id."""

    out: int
    manifest: int
    changes: int
    withheld: int
    raw_start: int
    raw_size: int
    id_hash: int


def entries(index: bytes) -> Iterator[Entry]:
    """The rows of an index."""
    numbers = array("Q", index)
    width = len(Entry._fields)
    for at in range(0, len(numbers), width):
        yield Entry._make(numbers[at : at + width])


def id_hash(key: str) -> int:
    """64 bits by which ids of different shards are compared."""
    return int.from_bytes(blake2b(key.encode(), digest_size=8).digest(), "little")


def stage(job: Job, store: Store, name: str, shard: Shard) -> Report:
    """Clean a shard into the box `name`. Raises CorpusError when a file cannot be read, RuleError of a rule."""
    if store.has(name):
        return store.report(name)
    compiled.foresee(job.ahead)
    with store.box(name) as box:
        staging = _Staging(job, box, Sources(job.root, store, job.bucket))
        for piece in shard:
            staging.piece(piece)
        box.report = staging.report()
    return store.report(name)


class _Staging:
    """The box of one shard while it is filled."""

    def __init__(self, job: Job, box: Box, sources: Sources) -> None:
        self.job, self.box, self.sources = job, box, sources
        self.full = job.config.journal == "full"
        self.out = job.config.out()
        self.totals = Totals()
        self.rows = 0
        self.left_rows: list[int] = []
        self.index = array("Q")
        self.codes: set[str] = set()
        self.stale: list[str] = []
        self.records: dict[str, str] = {}
        self.counts: list[int] = []
        self.bytes = 0
        self.comparing = Comparing(job, box)

    def piece(self, piece: Piece) -> None:
        """Clean the documents of a piece and put them into the box."""
        before = self.rows
        data = self.sources.read(piece.path, piece.box, piece.start, piece.stop)
        if holds_records(piece.path):
            self.records[piece.path] = digest(data)
        found = read_piece(piece.path, data, piece.line, piece.fields)
        if self.job.sample < 1:
            found = ((at, record) for at, record in found if in_sample(record.id, self.job.sample))
        codes = corpus_codes(self.job, piece.path, "DUP")
        self.codes |= codes
        while batch := list(islice(found, BATCH)):
            results = clean_batch(self.job, [record for _, record in batch])
            for (at, record), result in zip(batch, results, strict=True):
                self._document(at, record, result, codes)
        self.counts.append(self.rows - before)
        self.bytes += len(data)

    def _document(self, at: int, record: Record, result: Cleaned, codes: frozenset[str]) -> None:
        status, reason, instead = _status(record, result)
        kept = status == "kept"
        changes = result.changes if kept else ()
        text = result.document.text
        raw = sha256(record.raw)
        made, digest_of_changes = change_rows(record.id, changes, self.full)
        digests = {"raw": raw.hexdigest(), "changes": digest_of_changes}
        metadata = (
            {**(record.found or {}), **collect(changes), **result.notes}
            if changes or result.notes or record.found
            else {}
        )
        out = withheld = b""
        if kept:
            out = published(record, text, self.out, metadata)
            if not changes and len(out) == len(record.raw) + 1 and out.startswith(record.raw):
                raw.update(b"\n")  # the line as it was read, and its end
            else:
                raw = sha256(out)
            digests["clean"] = raw.hexdigest()
        elif self.full:
            withheld = dumped({"id": record.id, "bytes": base64.b64encode(record.raw).decode()})
        size = len(text) if kept else 0
        counts, seen = counted(changes), counted(result.findings)
        row = manifest_row(record, status, reason, instead, metadata, digests, (len(record.text), size), counts, seen)
        add = self.box.add
        add("out", out)
        add("manifest", row)
        if made:
            add("changes", made)
        if withheld:
            add("withheld", withheld)
        if kept and codes and takes_part(self.job, record):
            date = collect(changes).get("date") if changes else ""
            leftovers = sum(count for code, count in seen.items() if code.startswith("BOI"))
            self.comparing.add(codes, self.rows, record, text, leftovers, str(date or ""))
        sizes = (len(out), len(row), len(made), len(withheld))
        self.index.extend((*sizes, at, len(record.raw), id_hash(record.id)))
        self._count(record, row, counts if kept else None, seen, size)

    def _count(
        self, record: Record, row: bytes, changes: Mapping[str, int] | None, findings: Mapping[str, int], size: int
    ) -> None:
        """Count a document; `changes` are None of one that is left out."""
        totals = self.totals
        totals.before += len(record.text)
        totals.after += size
        if changes is not None:
            totals.status["kept"] += 1
            totals.changes.update(changes)
        else:
            if len(totals.left_out) < LISTED:
                self.left_rows.append(self.rows)
            totals.leave_out(json.loads(row))
        totals.findings.update(findings)
        if self.job.config.decisions:
            self.stale += [stale_note(decision) for decision in stale_decisions(self.job, record)]
        self.rows += 1

    def report(self) -> dict[str, object]:
        """What the run has to know of this shard."""
        self.comparing.end()
        self.box.add("index", self.index.tobytes())
        return {
            "bytes": self.bytes,
            "totals": self.totals.as_json(),
            "left_rows": self.left_rows,
            "rows": self.counts,
            "records": self.records,
            "codes": sorted(self.codes),
            "compared": self.comparing.done,
            "stale": self.stale,
        }


def _status(record: Record, result: Cleaned) -> tuple[str, str, str]:
    """Whether a document is kept, as far as it alone can tell; else why not, and what survives for it."""
    if record.problem:
        return "quarantined", record.problem, ""
    if result.dropped:
        code, drop = result.dropped
        return "dropped", f"{code}: {drop.because}", drop.instead
    if not result.document.text or result.document.text.isspace():
        codes = ", ".join(sorted({change.code for change in result.changes}))
        return "dropped", f"empty after {codes}" if record.text.strip() else "empty", ""
    return "kept", "", ""


class Comparing:
    """What the search for duplicates has to know of some documents, put into their box."""

    def __init__(self, job: Job, box: Box) -> None:
        self.job, self.box = job, box
        self.told: list[tuple[list[object], list[object]]] = []
        self.texts: list[str] = []
        self.addresses: list[str] = []
        self.quoting: list[str] = []
        self.sketched: list[Rows] = []
        self.done = self.held = 0

    def add(self, codes: frozenset[str], row: int, record: Record, text: str, leftovers: int, date: str) -> None:
        """A document that is compared by the rules `codes`. `date` was found in its text; `row` is its own."""
        day = date or str(record.meta.get("date") or "")
        self.told.append(([row, record.id, leftovers], [day, source_of(self.job, record)]))
        self.addresses.append(address(record.meta) or record.id)
        self.texts.append(text)
        self.quoting.append(text if "DUP007" in codes else "")
        self.held += len(text)
        if self.held >= TOGETHER:
            self._measure()

    def end(self) -> None:
        """Put what was measured into the box."""
        if self.texts:
            self._measure()
        if self.sketched:
            import numpy as np

            from cleaner.duplicates.sketch import by_column

            self.box.add("sketch", by_column(np.concatenate(self.sketched)))

    def _measure(self) -> None:
        """Measure and sketch the texts that are waiting."""
        from cleaner.duplicates.sketch import sketch
        from cleaner.packed import Packed

        compiled.expect(self.held)
        texts = Packed.of(self.texts)
        short = notices(self.texts, self.addresses)
        for (head, rest), prose, notice in zip(self.told, prose_lengths(texts), short, strict=True):
            self.box.add("candidates", dumped([*head, prose, *rest, *(notice or ())]))
        self.sketched.append(sketch(texts))
        if any(self.quoting):
            from cleaner.duplicates.passages import passage_rows

            quoting = texts if all(self.quoting) else self.quoting
            self.box.add("passages", passage_rows(quoting, self.done).tobytes())
        self.done += len(self.texts)
        self.told, self.texts, self.addresses, self.quoting, self.held = [], [], [], [], 0
