"""The record of a run on disk: manifest, changes, duplicates, what was withheld, and how it was made.

    manifest.jsonl    one row per input document: kept, dropped or quarantined, why, facts, digests, counts
    changes.jsonl     one row per edit, in the order in which they were made; a forward script from raw to clean
    duplicates.jsonl  one row per pair found alike, with its evidence
    quarantine.jsonl  what could not be read as a document, with file, line and reason
    withheld.jsonl.gz the bytes of dropped and quarantined documents, so that undo needs no raw (journal = "full")
    run.json          versions and settings that decide, and the digests of all of these

Nothing here holds a time, an absolute path or the name of a machine: two runs over the same sources write equal bytes.
"""

from __future__ import annotations

import base64
import gzip
import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cleaner.corpus import JOURNAL, CorpusError, digest, read_bytes
from cleaner.text import Change

MANIFEST, CHANGES, DUPLICATES, QUARANTINE = "manifest.jsonl", "changes.jsonl", "duplicates.jsonl", "quarantine.jsonl"
WITHHELD, RUN, MARKER = "withheld.jsonl.gz", "run.json", "publishing.json"
FORMAT = 1


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

    def files(self) -> dict[str, bytes]:
        """The bytes of every file of the journal by name, run.json last."""
        rows = [change_row(key, c, self.full) for key, changes in self.changes.items() for c in changes]
        files = {
            CHANGES: _json_lines(rows),
            DUPLICATES: _json_lines(self.duplicates),
            MANIFEST: _json_lines(self.manifest),
        }
        if self.quarantine:
            files[QUARANTINE] = _json_lines(self.quarantine)
        if self.withheld:
            stored = [{"id": k, "bytes": base64.b64encode(v).decode()} for k, v in self.withheld.items()]
            files[WITHHELD] = gzip.compress(_json_lines(stored), mtime=0)
        run = {**self.run, "files": {name: digest(data) for name, data in sorted(files.items())}}
        run["digest"] = digest(_canonical(run))
        files[RUN] = (json.dumps(run, ensure_ascii=False, indent=1) + "\n").encode()
        return files


def _canonical(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8")


def _json_lines(rows: Iterable[Mapping[str, Any]]) -> bytes:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode("utf-8")


def change_row(key: str, change: Change, full: bool = True) -> dict[str, Any]:
    """A change as JSON values; `before` only where the journal is full."""
    row: dict[str, Any] = {"id": key, "step": change.step, "code": change.code}
    row |= {"start": change.start, "end": change.end}
    if full:
        row["before"] = change.before
    row |= {"after": change.after, "because": change.because}
    if change.facts:
        row["facts"] = [list(fact) for fact in change.facts]
    return row


def changes_digest(key: str, changes: Sequence[Change]) -> str:
    """The digest of a document's changes as its manifest row keeps it: what is replayed, not what was removed."""
    return digest(_json_lines(change_row(key, change, False) for change in changes))


def is_journal(clean: Path) -> bool:
    """Whether a folder holds the result of a run."""
    return (clean / JOURNAL / RUN).is_file()


def load(clean: Path) -> Journal:
    """Read a run's record. Raises CorpusError when there is none or when it cannot be understood."""
    folder = clean / JOURNAL
    if not is_journal(clean):
        raise CorpusError(f"{clean}: no result of a run here ({JOURNAL}/{RUN} is missing)")
    try:
        run = json.loads(read_bytes(folder / RUN))
        if run["format"] != FORMAT:
            raise CorpusError(f"{folder}: written in format {run['format']}, this version reads format {FORMAT}")
        if not all(isinstance(run[key], dict) for key in ("files", "records")):
            raise TypeError("run.json lists no files")
        for entry in run["records"].values():
            _typed(entry, {"raw": str, "clean": str})
        journal = Journal(run=run)
        journal.manifest = _rows(folder / MANIFEST)
        for row in journal.manifest:
            _check_manifest(row)
        journal.duplicates = _rows(folder / DUPLICATES)
        journal.quarantine = _rows(folder / QUARANTINE) if QUARANTINE in run["files"] else []
        for row in _rows(folder / CHANGES):
            journal.changes.setdefault(row["id"], []).append(_change(row))
        if WITHHELD in run["files"]:
            data = gzip.decompress(read_bytes(folder / WITHHELD))
            stored = [json.loads(line) for line in data.split(b"\n") if line]
            journal.withheld = {row["id"]: base64.b64decode(row["bytes"], validate=True) for row in stored}
    except (
        ValueError, KeyError, TypeError, AttributeError, EOFError, OSError, RecursionError, MemoryError, OverflowError,
        zlib.error,
    ) as error:  # fmt: skip
        message = f"{folder}: the journal cannot be read ({type(error).__name__}: {error}); restore it or run again"
        raise CorpusError(message) from error
    return journal


def _rows(path: Path) -> list[dict[str, Any]]:
    rows = [json.loads(line) for line in read_bytes(path).decode("utf-8").split("\n") if line]
    if not all(isinstance(row, dict) and isinstance(row["id"], str) for row in rows):
        raise ValueError(f"{path.name} holds a row that is no object with an id")
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


def damaged_files(clean: Path, run: Mapping[str, Any]) -> list[str]:
    """Names of journal files whose bytes are not those that the run wrote."""
    wrong = []
    for name, expected in run["files"].items():
        path = clean / JOURNAL / str(name)
        if (
            name not in (MANIFEST, CHANGES, DUPLICATES, QUARANTINE, WITHHELD)
            or not path.is_file()
            or digest(read_bytes(path)) != expected
        ):
            wrong.append(name)
    stated = {key: value for key, value in run.items() if key != "digest"}
    if digest(_canonical(stated)) != run.get("digest"):
        wrong.append(RUN)
    return wrong
