"""From a run's result back to what it was made of: undo, proof, and the view that reports show."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from cleaner.corpus import (
    JOURNAL,
    CorpusError,
    Record,
    below,
    digest,
    find_inputs,
    json_record,
    published,
    read_bytes,
    read_piece,
    read_range,
    records,
    splice,
)
from cleaner.decode import encode, from_facts
from cleaner.journal import MARKER, RUN, Journal, damaged_files, is_journal, load_run, parts
from cleaner.rows import changes_digest
from cleaner.text import Change, MismatchError, quoted, replay, undo

Entry = Mapping[str, Any]
"""What run.json says of the piece of a file of records that a shard holds."""


@dataclass(frozen=True, slots=True)
class Restored:
    """A document of a run as it was: its manifest row, its record as read, its changes with what they removed."""

    row: Mapping[str, Any]
    record: Record
    changes: Sequence[Change]


def restored(clean: Path, raw: Path | None = None) -> Iterator[Restored]:
    """Every document of a run, in the order of the manifest. Without `raw` the journal must be full.

    Raises CorpusError when the clean texts, the journal and the raw files do not fit each other.
    """
    run = load_run(clean)
    if run["journal"] == "counts":
        raise CorpusError(f'{clean}: its journal holds no changes (journal = "counts"); run again with another journal')
    if raw is None and run["journal"] != "full":
        raise CorpusError(f"{clean}: its journal holds no removed text ({_why(run)}); name the raw folder with --raw")
    at: dict[str, int] = {}
    for shard, journal in zip(run["shards"], parts(clean, run), strict=True):
        for path, group in groupby(journal.manifest, key=lambda row: str(row["path"])):
            entry = shard.get(path)
            if raw is None:
                yield from _from_clean(journal, clean, path, list(group), entry, at.get(path, 0))
            else:
                yield from _from_raw(journal, raw, path, list(group), entry)
        for path, entry in shard.items():
            at[path] = at.get(path, 0) + entry["bytes"]


def _why(run: Mapping[str, Any]) -> str:
    """Which setting kept removed text out of a journal."""
    settings = run.get("config")
    redact = isinstance(settings, dict) and settings.get("redact")
    return "redact = true" if redact else f'journal = "{run["journal"]}"'


def _raw_records(root: Path, path: str, entry: Entry | None) -> dict[int, Record]:
    """The raw documents of a file, or of the piece of it that one shard holds, by line."""
    source = below(root, path)
    if entry is None:
        return {record.line: record for record in records(path, read_bytes(source))}
    data = read_range(source, entry["start"], entry["stop"])
    return {record.line: record for _, record in read_piece(path, data, entry["line"])}


def _from_raw(
    journal: Journal, raw: Path, path: str, rows: Sequence[Mapping[str, Any]], entry: Entry | None
) -> Iterator[Restored]:
    root = raw.parent if raw.is_file() else raw
    found = _raw_records(root, path, entry)
    for row in rows:
        record = found.get(int(row["line"]))
        where = f"{root / path}:{row['line']}" if row["line"] else str(root / path)
        if record is None or digest(record.raw) != row["digests"]["raw"]:
            raise CorpusError(f"{where}: not the file that the run read; restore it from a copy")
        changes = journal.changes.get(row["id"], [])
        yield Restored(row, record, changes if journal.full else quoted(record.text, changes))


def _from_clean(
    journal: Journal, clean: Path, path: str, rows: Sequence[Mapping[str, Any]], entry: Entry | None, at: int
) -> Iterator[Restored]:
    kept = [row for row in rows if row["status"] == "kept"]
    if entry:
        data = read_range(below(clean, path), at, at + entry["bytes"])
    else:
        data = read_bytes(below(clean, path)) if kept else b""
    texts = {row["id"]: record for row, record in zip(kept, records(path, data), strict=False)}
    for row in rows:
        changes = journal.changes.get(row["id"], [])
        if row["status"] == "kept":
            if row["id"] not in texts:
                raise CorpusError(f"{clean / path}: lacks the document {row['id']!r}; restore the file or run again")
            original = _undone(clean / path, row, texts[row["id"]], changes)
        else:
            original = _withheld(journal, row)
        yield Restored(row, original, changes)


def _undone(path: Path, row: Mapping[str, Any], record: Record, changes: Sequence[Change]) -> Record:
    if row["line"] and digest(record.raw + b"\n") != row["digests"]["clean"]:
        raise CorpusError(
            f"{path}: the document {row['id']!r} is not as the run wrote it; restore the file or run again"
        )
    try:
        decoded = from_facts(undo(record.text, changes), row["encoding"])
        if row["line"]:
            text = _with_holes(decoded.text, decoded.holes)
            line = record.raw if text == record.text else splice(record.raw, text)
            if digest(line) != row["digests"]["raw"]:  # the raw line wrote its characters the other way
                other = splice(record.raw, text, escaped=not line.isascii())
                line = other if digest(other) == row["digests"]["raw"] else line
            return json_record(str(row["path"]), int(row["line"]), line)
        data = encode(decoded)
    except ValueError as error:
        raise CorpusError(f"{path}: does not fit its journal ({error}); restore the file or run again") from error
    if digest(data) != row["digests"]["raw"]:
        raise CorpusError(f"{path}: undoing its changes does not give the raw file; restore it or name --raw")
    return next(records(str(row["path"]), data))


def _with_holes(text: str, holes: Sequence[tuple[int, int]]) -> str:
    """A JSON text with its lone surrogates again."""
    characters = list(text)
    for at, code in holes:
        characters[at] = chr(code)
    return "".join(characters)


def _withheld(journal: Journal, row: Mapping[str, Any]) -> Record:
    data = journal.withheld.get(row["id"])
    if data is None or digest(data) != row["digests"]["raw"]:
        raise CorpusError(f"{JOURNAL}: the bytes of {row['id']!r} are missing or damaged; name raw with --raw")
    if row["line"]:
        return json_record(str(row["path"]), int(row["line"]), data)
    return next(records(str(row["path"]), data))


def undo_run(clean: Path, destination: Path, raw: Path | None = None) -> int:
    """Write the raw files of a run again, text files byte for byte, JSONL by value. Returns the number of files.

    Nothing is written unless everything can be restored. Raises CorpusError.
    """
    if destination.exists() and (not destination.is_dir() or any(destination.iterdir())):
        raise CorpusError(f"{destination}: is not an empty folder; undo writes only into a new one")
    run = load_run(clean)
    names = {path for shard in run["shards"] for path in shard}
    temporary = destination.parent / f".{destination.name}.{os.getpid()}.tmp"
    try:
        for path in names:  # a file of records is there even where it holds no document
            _append(below(temporary, path), b"")
        for item in restored(clean, raw):
            path = str(item.row["path"])
            names.add(path)
            _append(below(temporary, path), item.record.raw + (b"\n" if item.row["line"] else b""))
        temporary.mkdir(parents=True, exist_ok=True)
        temporary.rename(destination)
    except OSError as error:
        raise CorpusError(f"{destination}: cannot be written ({error.strerror})") from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    return len(names)


def _append(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as file:
        file.write(data)


def verify_run(raw: Path, clean: Path) -> list[str]:
    """Replay the journal on the raw files and compare with the clean ones. Returns what does not fit, named.

    Raises CorpusError when there is no run to verify.
    """
    if not is_journal(clean):
        raise CorpusError(f"{clean}: no result of a run here ({JOURNAL}/{RUN} is missing)")
    inputs = find_inputs(raw)
    if (clean / JOURNAL / MARKER).exists():
        return [f"{clean}: a run broke off while it was publishing; run the same command again"]
    try:
        run = load_run(clean)
        if run["journal"] == "counts":
            raise CorpusError(f'{clean}: its journal holds no changes (journal = "counts"); nothing can be proven')
        problems = [f"{clean / JOURNAL / name}: not as the run wrote it" for name in damaged_files(clean, run)]
        problems += _Proof(inputs.root, clean, run).problems(inputs.files)
    except (CorpusError, KeyError, TypeError, ValueError, AttributeError) as error:
        known = isinstance(error, CorpusError)
        return [str(error) if known else f"{clean / JOURNAL}: cannot be understood ({error!r})"]
    return problems


class _Proof:
    """The replay of a run, shard by shard."""

    def __init__(self, root: Path, clean: Path, run: Mapping[str, Any]) -> None:
        self.root, self.clean, self.run = root, clean, run
        self.published: dict[str, int] = {}
        self.listed: set[str] = set()

    def problems(self, files: Sequence[str]) -> Iterator[str]:
        """What does not fit. `files` are the raw files there are."""
        for shard, journal in zip(self.run["shards"], parts(self.clean, self.run), strict=True):
            done = set()
            for path, group in groupby(journal.manifest, key=lambda row: str(row["path"])):
                done.add(path)
                yield from self._piece(journal, path, list(group), shard.get(path))
            for path in shard.keys() - done:
                yield from self._piece(journal, path, [], shard[path])
        for path, size in self.published.items():
            target = below(self.clean, path)
            if target.is_file() and size >= 0 and target.stat().st_size != size:
                yield f"{target}: not what the journal makes of the raw file"
        yield from (f"{self.root / path}: not part of this run" for path in files if path not in self.listed)
        extra = [path for path in files_in(self.clean) if path not in self.published]
        yield from (f"{self.clean / path}: not part of this run" for path in extra)

    def _piece(
        self, journal: Journal, path: str, rows: Sequence[Mapping[str, Any]], entry: Entry | None
    ) -> Iterator[str]:
        """Replay the documents of one raw file, or of a piece of it, and compare with what is published."""
        self.listed.add(path)
        source, target = below(self.root, path), below(self.clean, path)
        found = _raw_records(self.root, path, entry) if source.is_file() else {}
        out: list[bytes] = []
        for row in rows:
            problem = _replayed(journal, found, row, source, out)
            if problem:
                yield problem
        if entry and (
            not source.is_file() or digest(read_range(source, entry["start"], entry["stop"])) != entry["raw"]
        ):
            yield f"{source}: not the bytes that the run read"
        if not entry and not any(row["status"] == "kept" for row in rows):
            return
        start = self.published.get(path, 0)
        self.published[path] = start + entry["bytes"] if entry else -1
        if not target.is_file():
            yield f"{target}: is missing"
            return
        there = read_range(target, start, start + entry["bytes"]) if entry else read_bytes(target)
        if (out or entry) and b"".join(out) != there:
            yield f"{target}: not what the journal makes of the raw file"


def _replayed(
    journal: Journal, found: Mapping[int, Record], row: Mapping[str, Any], source: Path, out: list[bytes]
) -> str:
    """Replay one document; what it gives goes to `out`. Returns what does not fit."""
    record = found.get(int(row["line"]))
    where = f"{source}:{row['line']}" if row["line"] else str(source)
    changes = journal.changes.get(row["id"], [])
    if record is None:
        return f"{where}: is missing"
    if digest(record.raw) != row["digests"]["raw"]:
        return f"{where}: not the bytes that the run read"
    if changes_digest(row["id"], changes) != row["digests"]["changes"]:
        return f"{where}: its changes are not those that the run made"
    if row["status"] == "kept":
        try:
            text = replay(record.text, changes if journal.full else quoted(record.text, changes))
        except MismatchError as error:
            return f"{where}: {error}"
        out.append(published(str(row["path"]), record, text))
    return ""


def files_in(clean: Path) -> list[str]:
    """The files of an output folder, hidden ones left out."""
    found = []
    for folder, names, files in os.walk(clean):
        links = [name for name in names if os.path.islink(os.path.join(folder, name))]  # noqa: PTH114, PTH118  millions
        names[:] = [name for name in names if not name.startswith(".")]
        here = Path(folder).relative_to(clean).as_posix()
        below_it = "" if here == "." else f"{here}/"
        found += [f"{below_it}{name}" for name in (*files, *links) if not name.startswith(".")]
    return sorted(found)
