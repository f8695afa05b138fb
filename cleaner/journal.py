"""The record of a run on disk: manifest, changes, duplicates, what was withheld, and how it was made.

    manifest.jsonl    one row per input document: kept, dropped or quarantined, why, facts, digests, counts
    changes.jsonl     one row per edit, in the order in which they were made; a forward script from raw to clean
    duplicates.jsonl  one row per pair found alike, with its evidence
    quarantine.jsonl  what could not be read as a document, with file, line and reason
    withheld.jsonl.gz the bytes of dropped and quarantined documents, so that undo needs no raw (journal = "full")
    run.json          versions and settings that decide, the shards, and the digests of all of these

The record of a large corpus lies in parts, one of each per shard and compressed: manifest-00007.jsonl.gz. Nothing here
holds a time, an absolute path or the name of a machine: two runs over the same sources write equal bytes.
"""

from __future__ import annotations

import base64
import gzip
import json
import re
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cleaner.corpus import JOURNAL, CorpusError, digest, read_bytes
from cleaner.text import Change

RUN, MARKER, DUPLICATES = "run.json", "publishing.json", "duplicates.jsonl"
FORMAT = 3


@dataclass(slots=True)
class Journal:
    """A run's record in memory. `changes` are rows by document id; `withheld` bytes by document id."""

    manifest: list[dict[str, Any]] = field(default_factory=list)
    changes: dict[str, list[Change]] = field(default_factory=dict)
    duplicates: list[dict[str, Any]] = field(default_factory=list)
    quarantine: list[dict[str, Any]] = field(default_factory=list)
    withheld: dict[str, bytes] = field(default_factory=dict)
    run: dict[str, Any] = field(default_factory=dict)

    @property
    def full(self) -> bool:
        """Whether it holds what was removed, so that undo works without raw."""
        return self.run.get("journal") == "full"

    def add(self, other: Journal) -> None:
        """Take in the next part of the same record."""
        self.manifest += other.manifest
        self.changes |= other.changes
        self.quarantine += other.quarantine
        self.withheld |= other.withheld


def part_name(kind: str, number: int, count: int) -> str:
    """The file of a part of the record: `kind` is manifest, changes, quarantine or withheld; `count` are the shards."""
    if count > 1:
        return f"{kind}-{number:05}.jsonl.gz"
    return f"{kind}.jsonl.gz" if kind == "withheld" else f"{kind}.jsonl"


def run_file(run: Mapping[str, Any]) -> bytes:
    """The bytes of run.json, with its own digest."""
    stated = {**run, "digest": digest(_canonical(run))}
    return (json.dumps(stated, ensure_ascii=False, indent=1) + "\n").encode()


def _canonical(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8")


def is_journal(clean: Path) -> bool:
    """Whether a folder holds the result of a run."""
    return (clean / JOURNAL / RUN).is_file()


def load_run(clean: Path) -> dict[str, Any]:
    """Read run.json. Raises CorpusError when there is none or when it cannot be understood."""
    if not is_journal(clean):
        raise CorpusError(f"{clean}: no result of a run here ({JOURNAL}/{RUN} is missing)")
    with _understood(clean):
        run = json.loads(read_bytes(clean / JOURNAL / RUN))
        if run["format"] != FORMAT:
            raise CorpusError(
                f"{clean / JOURNAL}: written in format {run['format']}, this version reads format {FORMAT}"
            )
        _typed(run, {"files": dict, "shards": list, "journal": str, "config": dict, "packed": dict, "unpacked": dict})
        for shard in run["shards"]:
            for entry in shard.values():
                _typed(entry, dict.fromkeys(("start", "stop", "line", "bytes"), int))
                _typed(entry, {"raw": str, "clean": str, "fields": list})
        return dict(run)


def parts(clean: Path, run: Mapping[str, Any]) -> Iterator[Journal]:
    """The record of each shard, one after the other. Raises CorpusError when one cannot be understood."""
    for number in range(len(run["shards"])):
        with _understood(clean):
            journal = Journal(run=dict(run))
            journal.manifest = _rows(clean, run, "manifest", number)
            for row in journal.manifest:
                _check_manifest(row)
            journal.quarantine = _rows(clean, run, "quarantine", number)
            for row in _rows(clean, run, "changes", number):
                journal.changes.setdefault(row["id"], []).append(_change(row))
            stored = _rows(clean, run, "withheld", number)
            journal.withheld = {row["id"]: base64.b64decode(row["bytes"], validate=True) for row in stored}
        yield journal


def load(clean: Path) -> Journal:
    """Read a run's whole record. Raises CorpusError when there is none or when it cannot be understood."""
    run = load_run(clean)
    journal = Journal(run=run)
    for part in parts(clean, run):
        journal.add(part)
    journal.duplicates = duplicates(clean)
    return journal


def duplicates(clean: Path) -> list[dict[str, Any]]:
    """The evidence about every pair found alike. Raises CorpusError when it cannot be understood."""
    with _understood(clean):
        return _checked(read_bytes(clean / JOURNAL / DUPLICATES), DUPLICATES)


@contextmanager
def _understood(clean: Path) -> Iterator[None]:
    try:
        yield
    except (
        ValueError, KeyError, TypeError, AttributeError, EOFError, OSError, RecursionError, MemoryError, OverflowError,
        zlib.error,
    ) as error:  # fmt: skip
        message = (
            f"{clean / JOURNAL}: the journal cannot be read ({type(error).__name__}: {error}); restore it or run again"
        )
        raise CorpusError(message) from error


def _rows(clean: Path, run: Mapping[str, Any], kind: str, number: int) -> list[dict[str, Any]]:
    return _checked(part(clean, run, kind, number), kind)


def part(clean: Path, run: Mapping[str, Any], kind: str, number: int) -> bytes:
    """The rows of a part of the record of a shard, as bytes; nothing where the shard has none of this kind."""
    name = part_name(kind, number, len(run["shards"]))
    if name not in run["files"] and kind in ("withheld", "quarantine"):
        return b""
    data = read_bytes(clean / JOURNAL / name)
    return gzip.decompress(data) if name.endswith(".gz") else data


def _checked(data: bytes, name: str) -> list[dict[str, Any]]:
    rows = [json.loads(line) for line in data.decode("utf-8").split("\n") if line]
    if not all(isinstance(row, dict) and isinstance(row["id"], str) for row in rows):
        raise ValueError(f"{name} holds a row that is no object with an id")
    return rows


def _typed(row: Mapping[str, Any], wanted: Mapping[str, type]) -> None:
    """Raise TypeError unless a row has these keys with values of just these types."""
    for key, kind in wanted.items():
        if type(row[key]) is not kind:
            raise TypeError(f"{key} = {row[key]!r}")


def _check_manifest(row: Mapping[str, Any]) -> None:
    texts = dict.fromkeys(("id", "path", "status", "reason", "instead"), str)
    _typed(row, {**texts, "line": int, "metadata": dict, "encoding": dict, "digests": dict, "counts": dict})
    _typed(row["digests"], {"raw": str, "changes": str} | ({"clean": str} if row["status"] == "kept" else {}))
    _typed(row["counts"], {"characters": list, "changes": dict, "findings": dict})
    numbers = [*row["counts"]["characters"], *row["counts"]["changes"].values(), *row["counts"]["findings"].values()]
    if len(row["counts"]["characters"]) != 2 or not all(type(number) is int for number in numbers):
        raise TypeError("counts that are no numbers")


def _change(row: Mapping[str, Any]) -> Change:
    _typed(row, {"code": str, "because": str, "step": int, "start": int, "end": int})
    before, after = row.get("before", ""), row["after"]
    if not isinstance(before, str) or not isinstance(after, str) or not 0 <= row["start"] <= row["end"]:
        raise TypeError(f"a change at {row['start']}:{row['end']}")
    facts = tuple((str(key), str(value)) for key, value in row.get("facts", ()))
    return Change(row["code"], row["step"], row["start"], row["end"], before, after, row["because"], facts)


_NAMES = re.compile(r"(manifest|changes|quarantine|withheld|duplicates)(-\d{5})?\.jsonl(\.gz)?")


def is_part(name: str) -> bool:
    """Whether a file of this name in a journal's folder is part of the record."""
    return bool(_NAMES.fullmatch(name))


def damaged_files(clean: Path, run: Mapping[str, Any]) -> list[str]:
    """Names of journal files whose bytes are not those that the run wrote."""
    wrong = []
    for name, expected in run["files"].items():
        path = clean / JOURNAL / str(name)
        if not is_part(name) or not path.is_file() or digest(read_bytes(path)) != expected:
            wrong.append(name)
    stated = {key: value for key, value in run.items() if key != "digest"}
    if digest(_canonical(stated)) != run.get("digest"):
        wrong.append(RUN)
    return wrong
