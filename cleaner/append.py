"""Add to a corpus that is frozen: what was published stays as it is, whatever comes later or how rules change.

The record of the runs before is read back, shard by shard, into boxes as `stage` leaves them. Nothing is ever decided
about the documents in these, so the rest of the plan publishes them again byte for byte; new sources become shards
behind them. A file of records may grow at its end. A published source that is changed or gone changes nothing.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import groupby
from pathlib import Path
from typing import Any

from cleaner.config import Config
from cleaner.corpus import (
    JOURNAL,
    CorpusError,
    Inputs,
    below,
    digest,
    read_bytes,
    read_piece,
    read_range,
)
from cleaner.engine import Report
from cleaner.job import Job, corpus_codes, takes_part
from cleaner.journal import damaged_files, duplicates, is_journal, load_run, part
from cleaner.plan import Piece, Shard
from cleaner.records import PLAIN, USUAL, Fields
from cleaner.rows import dumped
from cleaner.settle import TOLD
from cleaner.stage import Comparing, id_hash
from cleaner.store import Box, Memory, Store
from cleaner.totals import Totals
from cleaner.unpack import Sources


@dataclass(frozen=True, slots=True)
class Published:
    """What lies in a folder: its shards, each with what names it, and where its share of each file of records begins.

    `kept` are the ids of the documents that are there, `texts` the digests of the raw text files by path.
    """

    clean: Path
    run: Mapping[str, Any]
    shards: tuple[Shard, ...]
    keys: tuple[str, ...]
    starts: tuple[Mapping[str, int], ...]
    kept: frozenset[str]
    texts: Mapping[str, str]

    def boxes(self, settings: str) -> list[str]:
        """The names of the boxes of its shards, under some settings."""
        return [f"published-{sha256(f'{settings}{key}'.encode()).hexdigest()[:32]}" for key in self.keys]

    def tasks(self, boxes: Sequence[str]) -> Iterator[tuple[Any, ...]]:
        """What `restage` has to be told of each."""
        for number, (box, shard, starts) in enumerate(zip(boxes, self.shards, self.starts, strict=True)):
            yield box, self.clean, self.run, number, shard, starts

    def history(self) -> dict[str, Any]:
        """What the record of a run that adds to this one says of it: who made which shards, under which settings."""
        told = {key: self.run[key] for key in ("cleaner", "versions", "config", "against") if key in self.run}
        return {"added-to": [*self.run.get("added-to", ()), {**told, "shards": len(self.shards)}]}


def before_of(clean: Path, config: Config) -> Published | None:
    """What a run that adds to a folder finds there; nothing where none has published yet. Raises CorpusError."""
    if not is_journal(clean):
        return None
    before = published(clean)
    known = before.run["config"]
    if before.run["journal"] != config.journal:
        raise CorpusError(
            f"{clean}: has the journal {before.run['journal']!r}; add to it with --journal {before.run['journal']}"
        )
    if (known.get("to", ""), known.get("metadata-key", "")) != (config.to, config.metadata_key) or config.to:
        raise CorpusError(
            f"{clean}: --append needs the `metadata-key` that it was made with, and no other format (`to`)"
        )
    return before


def published(clean: Path) -> Published:
    """What the runs before left in a folder. Raises CorpusError when their record is not whole."""
    run = load_run(clean)
    wrong = [name for name in damaged_files(clean, run) if not name.startswith("duplicates")]
    if wrong:
        raise CorpusError(f"{clean / JOURNAL / wrong[0]}: not as the run wrote it; restore it, nothing can be added")
    shards, keys, starts = [], [], []
    kept: set[str] = set()
    texts: dict[str, str] = {}
    at: dict[str, int] = {}
    for number, entries in enumerate(run["shards"]):
        manifest = part(clean, run, "manifest", number)
        paths: dict[str, None] = {}
        for row in _rows(manifest):
            paths[row["path"]] = None
            if row["status"] == "kept":
                kept.add(row["id"])
            if not row["line"]:
                texts[row["path"]] = row["digests"]["raw"]
        places = [(path, entries.get(path)) for path in (*paths, *(path for path in entries if path not in paths))]
        shards.append(tuple(_piece(path, entry) for path, entry in places))
        keys.append(sha256(manifest + json.dumps(entries, sort_keys=True).encode()).hexdigest())
        starts.append({path: at.get(path, 0) for path in entries})
        at |= {path: at.get(path, 0) + entry["bytes"] for path, entry in entries.items()}
    return Published(clean, run, tuple(shards), tuple(keys), tuple(starts), frozenset(kept), texts)


def _piece(path: str, entry: Mapping[str, Any] | None) -> Piece:
    """A published piece of a file of records, or a text file, of which nothing is read again."""
    if entry is None:
        return Piece(path, 0, 0, out=USUAL)
    fields = Fields(*entry["fields"])
    return Piece(path, entry["start"], entry["stop"], entry["line"], "", fields, fields)


def fresh(before: Published, inputs: Inputs) -> tuple[Inputs, list[Shard], list[str]]:
    """The files that are new, what is new at the end of files of records, and what to tell of files that changed.

    Raises CorpusError where a file of records changed otherwise than by growing.
    """
    read: dict[str, list[Mapping[str, Any]]] = {}
    for entries in before.run["shards"]:
        for path, entry in entries.items():
            read.setdefault(path, []).append(entry)
    new: list[str] = []
    grown: list[Shard] = []
    notes: list[str] = []
    for path in inputs.files:
        file = inputs.root / path
        if Sources(inputs.root, Memory()).is_foreign(path):
            raise CorpusError(f"{file}: --append takes .txt files and plain .jsonl files in UTF-8; convert it first")
        if path in read:
            grown += [(piece,) for piece in _grown(file, path, read[path])]
        elif path not in before.texts:
            new.append(path)
        elif digest(read_bytes(file)) != before.texts[path]:
            notes.append(f"{file}: was changed since it was published; what was published stays")
    return replace(inputs, files=tuple(new)), grown, notes


def _grown(file: Path, path: str, entries: Sequence[Mapping[str, Any]]) -> Iterator[Piece]:
    """What stands behind the published lines of a file of records. Raises CorpusError when these are not the same."""
    stop = max(entry["stop"] for entry in entries)
    size = file.stat().st_size
    same = size >= stop and all(digest(read_range(file, e["start"], e["stop"])) == e["raw"] for e in entries)
    if not same:
        raise CorpusError(
            f"{file}: its published lines were changed; what is added must stand behind them, or in a file of its own"
        )
    if size == stop:
        return
    if stop and b"\n" not in (read_range(file, stop - 1, stop), read_range(file, stop, stop + 1)):
        raise CorpusError(f"{file}: its last published line was continued; put what is new into a file of its own")
    lines = sum(read_range(file, e["start"], e["stop"]).count(b"\n") for e in entries)
    yield _piece(path, {**entries[-1], "start": stop, "stop": size, "line": lines})


def restage(
    job: Job,
    store: Store,
    name: str,
    clean: Path,
    run: Mapping[str, Any],
    number: int,
    shard: Shard,
    starts: Mapping[str, int],
) -> Report:
    """Task: fill the box `name` with a published shard as `stage` would have left it. Raises CorpusError.

    Its index says nothing of shares in the journal: nothing is decided about these documents.
    """
    if store.has(name):
        return store.report(name)
    with store.box(name) as box:
        for kind in ("manifest", "changes", "withheld"):
            if data := part(clean, run, kind, number):
                box.add(kind, data)
        made = _Restaging(job, box, clean, run["shards"][number], starts)
        rows = list(_rows(part(clean, run, "manifest", number)))
        ids = {row["id"] for row in rows}
        told = [row for row in duplicates(clean) if row["id"] in ids]
        box.add(TOLD, b"".join(map(dumped, told)))
        by_path = {path: list(group) for path, group in groupby(rows, key=lambda row: str(row["path"]))}
        for piece in shard:
            made.piece(piece.path, by_path.get(piece.path, []))
        box.report = made.report()
    return store.report(name)


class _Restaging:
    """The box of a published shard while it is filled."""

    def __init__(
        self, job: Job, box: Box, clean: Path, entries: Mapping[str, Mapping[str, Any]], starts: Mapping[str, int]
    ) -> None:
        self.job, self.box, self.clean, self.entries, self.starts = job, box, clean, entries, starts
        self.comparing = Comparing(job, box)
        self.index = array("Q")
        self.counts: list[int] = []
        self.totals = Totals()
        self.codes: set[str] = set()

    def piece(self, path: str, rows: Sequence[Mapping[str, Any]]) -> None:
        """Put the documents of a file, or of a piece of it, into the box."""
        codes = corpus_codes(self.job, path, "DUP")
        self.codes |= codes
        shares = self._shares(path, rows)
        for row in rows:
            self.totals.status[row["status"]] += 1
            share = next(shares) if row["status"] == "kept" else b""
            if share and codes:
                self._compare(codes, row, share)
            self.box.add("out", share)
            self.index.extend((len(share), 0, 0, 0, 0, 0, id_hash(row["id"])))
        self.counts.append(len(rows))

    def _shares(self, path: str, rows: Sequence[Mapping[str, Any]]) -> Iterator[bytes]:
        """The published bytes of each document of a piece that was kept. Raises CorpusError when they were changed."""
        file, entry = below(self.clean, path), self.entries.get(path)
        kept = [row for row in rows if row["status"] == "kept"]
        if entry:
            start = self.starts[path]
            data = read_range(file, start, start + entry["bytes"]) if entry["bytes"] else b""
            if digest(data) != entry["clean"]:
                raise CorpusError(f"{file}: was changed since it was published; restore it, nothing can be added")
            yield from (line + b"\n" for line in data.split(b"\n")[:-1])
        for row in kept if not entry else ():
            data = read_bytes(file)
            if digest(data) != row["digests"]["clean"]:
                raise CorpusError(f"{file}: was changed since it was published; restore it, nothing can be added")
            yield data

    def _compare(self, codes: frozenset[str], row: Mapping[str, Any], share: bytes) -> None:
        path = str(row["path"])
        entry = self.entries.get(path)
        found = read_piece(path, share, 0, Fields(*entry["fields"]) if entry else PLAIN)
        record = replace(next(record for _, record in found), id=row["id"])
        if not takes_part(self.job, record):
            return
        leftovers = sum(count for code, count in row["counts"]["findings"].items() if code.startswith("BOI"))
        text = record.text if entry else record.text.removesuffix("\n")  # the end of a file is none of its text
        number = len(self.index) // 7
        self.comparing.add(codes, number, record, text, leftovers, str(row["metadata"].get("date") or ""))

    def report(self) -> dict[str, Any]:
        """What `stage` reports of a shard."""
        self.comparing.end()
        self.box.add("index", self.index.tobytes())
        return {
            "bytes": 0,
            "totals": self.totals.as_json(),
            "left_rows": [],
            "rows": self.counts,
            "records": {path: entry["raw"] for path, entry in self.entries.items()},
            "codes": sorted(self.codes),
            "compared": self.comparing.done,
            "stale": [],
        }


def _rows(manifest: bytes) -> Iterator[dict[str, Any]]:
    return (json.loads(line) for line in manifest.split(b"\n") if line)
