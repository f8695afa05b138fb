"""From a run's result back to what it was made of: undo, and the view that reports show. proof.py proves it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from cleaner.corpus import (
    JOURNAL,
    CorpusError,
    below,
    digest,
    document,
    read_bytes,
    read_piece,
)
from cleaner.decode import encode, from_facts
from cleaner.formats import FormatError, can_write, output
from cleaner.formats.files import write
from cleaner.journal import Journal, load_run, parts
from cleaner.records import PLAIN, Fields, Out, Record, json_record, splice, without_member
from cleaner.store import Folder
from cleaner.text import Change, quoted, undo
from cleaner.unpack import Sources, opened

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
    with TemporaryDirectory(prefix="cleaner-") as folder:
        yield from _restored(clean, raw, run, Folder(Path(folder)))


def _restored(clean: Path, raw: Path | None, run: Mapping[str, Any], store: Folder) -> Iterator[Restored]:
    at: dict[str, int] = {}
    root = raw.parent if raw and raw.is_file() else raw
    how = out_of(run)
    for shard, journal in zip(run["shards"], parts(clean, run), strict=True):
        for path, group in groupby(journal.manifest, key=lambda row: str(row["path"])):
            entry = shard.get(path)
            if raw is None:
                if output(path, how.to) != path:
                    raise CorpusError(
                        f"{clean}: {path} is published in another format, which cannot hold all of it; name the raw "
                        "folder with --raw"
                    )
                place = at.get(path, 0), how.key
                yield from _from_clean(journal, Sources(clean, store), path, list(group), entry, place)
            else:
                yield from _from_raw(journal, Sources(root or raw, store), path, list(group), entry)
        for path, entry in shard.items():
            at[path] = at.get(path, 0) + entry["bytes"]


def _why(run: Mapping[str, Any]) -> str:
    """Which setting kept removed text out of a journal."""
    settings = run.get("config")
    redact = isinstance(settings, dict) and settings.get("redact")
    return "redact = true" if redact else f'journal = "{run["journal"]}"'


def raw_records(sources: Sources, path: str, entry: Entry | None) -> dict[int, Record]:
    """The raw documents of a file, or of the piece of it that one shard holds, by line."""
    source = below(sources.root, path)
    if entry is None:
        return {0: document(path, read_bytes(source))}
    data = sources.read(path, opened(sources, path), entry["start"], entry["stop"])
    return {record.line: record for _, record in read_piece(path, data, entry["line"], _fields(entry))}


def out_of(run: Mapping[str, Any]) -> Out:
    """How a run published documents."""
    return Out(str(run["config"].get("to", "")), str(run["config"].get("metadata-key", "")))


def _fields(entry: Entry | None) -> Fields:
    return Fields(*map(str, entry["fields"])) if entry else PLAIN


def _from_raw(
    journal: Journal, sources: Sources, path: str, rows: Sequence[Mapping[str, Any]], entry: Entry | None
) -> Iterator[Restored]:
    found = raw_records(sources, path, entry)
    for row in rows:
        record = found.get(int(row["line"]))
        where = f"{sources.root / path}:{row['line']}" if row["line"] else str(sources.root / path)
        if record is None or digest(record.raw) != row["digests"]["raw"]:
            raise CorpusError(f"{where}: not the file that the run read; restore it from a copy")
        changes = journal.changes.get(row["id"], [])
        yield Restored(row, record, changes if journal.full else quoted(record.text, changes))


def _from_clean(
    journal: Journal,
    sources: Sources,
    path: str,
    rows: Sequence[Mapping[str, Any]],
    entry: Entry | None,
    place: tuple[int, str],
) -> Iterator[Restored]:
    """The documents of a published file, or of the piece of it that one shard holds, as they were.

    `place` is where the piece begins, and the field with what was found out about each document.
    """
    kept = [row for row in rows if row["status"] == "kept"]
    clean, fields, (at, key) = sources.root, _fields(entry), place
    source = below(clean, path)
    if entry:
        data = sources.read(path, opened(sources, path, key) if source.exists() else "", at, at + entry["bytes"])
    else:
        data = read_bytes(source) if kept else b""
    found = (record for _, record in read_piece(path, data, 0, fields))
    texts = {row["id"]: record for row, record in zip(kept, found, strict=False)}
    for row in rows:
        changes = journal.changes.get(row["id"], [])
        if row["status"] == "kept":
            if row["id"] not in texts:
                raise CorpusError(f"{clean / path}: lacks the document {row['id']!r}; restore the file or run again")
            original = _undone(clean / path, row, texts[row["id"]], changes, key)
        else:
            original = _withheld(journal, row, fields)
        yield Restored(row, original, changes)


def _undone(path: Path, row: Mapping[str, Any], record: Record, changes: Sequence[Change], key: str) -> Record:
    if row["line"] and digest(record.raw + b"\n") != row["digests"]["clean"]:
        raise CorpusError(
            f"{path}: the document {row['id']!r} is not as the run wrote it; restore the file or run again"
        )
    try:
        decoded = from_facts(undo(record.text, changes), row["encoding"])
        if row["line"]:
            read = without_member(record.raw, key) if key and row["metadata"] else record.raw
            text = _with_holes(decoded.text, decoded.holes)
            line = read if text == record.text else splice(read, text, record.field)
            if digest(line) != row["digests"]["raw"]:  # the raw line wrote its characters the other way
                other = splice(read, text, record.field, escaped=not line.isascii())
                line = other if digest(other) == row["digests"]["raw"] else line
            return json_record(str(row["path"]), int(row["line"]), line, Fields(record.field, "id"))
        data = encode(decoded)
    except ValueError as error:
        raise CorpusError(f"{path}: does not fit its journal ({error}); restore the file or run again") from error
    if digest(data) != row["digests"]["raw"]:
        raise CorpusError(f"{path}: undoing its changes does not give the raw file; restore it or name --raw")
    return document(str(row["path"]), data)


def _with_holes(text: str, holes: Sequence[tuple[int, int]]) -> str:
    """A JSON text with its lone surrogates again."""
    characters = list(text)
    for at, code in holes:
        characters[at] = chr(code)
    return "".join(characters)


def _withheld(journal: Journal, row: Mapping[str, Any], fields: Fields) -> Record:
    data = journal.withheld.get(row["id"])
    if data is None or digest(data) != row["digests"]["raw"]:
        raise CorpusError(f"{JOURNAL}: the bytes of {row['id']!r} are missing or damaged; name raw with --raw")
    if row["line"]:
        return json_record(str(row["path"]), int(row["line"]), data, fields)
    return document(str(row["path"]), data)


def undo_run(clean: Path, destination: Path, raw: Path | None = None) -> int:
    """Write the raw files of a run again, text files byte for byte, others by value. Returns the number of files.

    Nothing is written unless everything can be restored. Raises CorpusError.
    """
    if destination.exists() and (not destination.is_dir() or any(destination.iterdir())):
        raise CorpusError(f"{destination}: is not an empty folder; undo writes only into a new one")
    run = load_run(clean)
    names = {path for shard in run["shards"] for path in shard}
    temporary = destination.parent / f".{destination.name}.{os.getpid()}.tmp"
    lined = {path: below(temporary, path + LINED) for path in names if path in run["unpacked"]}
    try:
        for path in names:  # a file of records is there even where it holds no document
            _append(lined.get(path) or below(temporary, path), b"")
        for item in restored(clean, raw):
            path = str(item.row["path"])
            names.add(path)
            end = b"\n" if item.row["line"] else b""
            _append(lined.get(path) or below(temporary, path), item.record.raw + end)
        for path, lines in lined.items():
            _pack(below(temporary, path), path, run["unpacked"][path], lines, raw)
        temporary.mkdir(parents=True, exist_ok=True)
        temporary.rename(destination)
    except FormatError as error:
        raise CorpusError(f"{clean}: cannot be undone: {error}") from error
    except OSError as error:
        raise CorpusError(f"{destination}: cannot be written ({error.strerror})") from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    return len(names)


LINED = ".lines"
"""Ends the name of the lines of a file until it is packed again."""


def _pack(target: Path, path: str, head: Mapping[str, Any], lines: Path, raw: Path | None) -> None:
    """A file of a format from its lines; one of a format that is only read is copied, all its lines being as read."""
    if can_write(path):
        with lines.open("rb") as found, target.open("wb") as file:
            write(file, path, head, (line[:-1] for line in found))
    elif raw:
        shutil.copyfile(raw if raw.is_file() else below(raw, path), target)
    lines.unlink()


def _append(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as file:
        file.write(data)
