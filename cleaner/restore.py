"""From a run's result back to what it was made of: undo, proof, and the view that reports show."""

from __future__ import annotations

import json
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
    find_inputs,
    goal_of,
    published,
    read_bytes,
    read_piece,
    read_range,
)
from cleaner.decode import encode, from_facts
from cleaner.formats import FormatError, can_write, holds_records, is_recast, output
from cleaner.formats.files import lines, write
from cleaner.journal import MARKER, RUN, Journal, damaged_files, is_journal, load_run, parts
from cleaner.records import PLAIN, Fields, Out, Record, json_record, splice, without_member
from cleaner.rows import change_rows
from cleaner.store import Folder
from cleaner.text import Change, MismatchError, quoted, replay, undo
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
    how = _out(run)
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


def _raw_records(sources: Sources, path: str, entry: Entry | None) -> dict[int, Record]:
    """The raw documents of a file, or of the piece of it that one shard holds, by line."""
    source = below(sources.root, path)
    if entry is None:
        return {0: document(path, read_bytes(source))}
    data = sources.read(path, opened(sources, path), entry["start"], entry["stop"])
    return {record.line: record for _, record in read_piece(path, data, entry["line"], _fields(entry))}


def _out(run: Mapping[str, Any]) -> Out:
    """How a run published documents."""
    return Out(str(run["config"].get("to", "")), str(run["config"].get("metadata-key", "")))


def _fields(entry: Entry | None) -> Fields:
    return Fields(*map(str, entry["fields"])) if entry else PLAIN


def _from_raw(
    journal: Journal, sources: Sources, path: str, rows: Sequence[Mapping[str, Any]], entry: Entry | None
) -> Iterator[Restored]:
    found = _raw_records(sources, path, entry)
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
        with TemporaryDirectory(prefix="cleaner-") as folder:
            problems += _Proof(inputs.root, clean, run, Folder(Path(folder))).problems(inputs.files)
    except (CorpusError, KeyError, TypeError, ValueError, AttributeError) as error:
        known = isinstance(error, CorpusError)
        return [str(error) if known else f"{clean / JOURNAL}: cannot be understood ({error!r})"]
    return problems


class _Proof:
    """The replay of a run, shard by shard."""

    def __init__(self, root: Path, clean: Path, run: Mapping[str, Any], store: Folder) -> None:
        self.root, self.clean, self.run = root, clean, run
        self.out = _out(run)
        self.raw, self.made = Sources(root, store), Sources(clean, store)
        self.published: dict[str, int] = {}
        self.listed: set[str] = set()
        self.rows: dict[str, Iterator[bytes]] = {}

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
            if target.is_file() and size >= 0 and self.made.length(path, opened(self.made, path, self.out.key)) != size:
                yield f"{target}: not what the journal makes of the raw file"
        for path, rows in self.rows.items():
            if next(rows, None) is not None:
                yield f"{self.clean / path}: holds more than the journal makes of the raw files"
        for path, content in self.run["packed"].items():
            if (self.clean / path).is_file() and not is_as(below(self.clean, path), content):
                yield f"{self.clean / path}: not as the run wrote it"
        yield from (f"{self.root / path}: not part of this run" for path in files if path not in self.listed)
        extra = [path for path in files_in(self.clean) if path not in self.published]
        yield from (f"{self.clean / path}: not part of this run" for path in extra)

    def _piece(
        self, journal: Journal, path: str, rows: Sequence[Mapping[str, Any]], entry: Entry | None
    ) -> Iterator[str]:
        """Replay the documents of one raw file, or of a piece of it, and compare with what is published."""
        self.listed.add(path)
        goal = output(path, self.out.to)
        source, target = below(self.root, path), below(self.clean, goal)
        found = _raw_records(self.raw, path, entry) if source.is_file() else {}
        out: list[bytes] = []
        texts: dict[str, bytes] = {}
        for row in rows:
            before = len(out)
            problem = _replayed(journal, found, row, source, self.out, out)
            if problem:
                yield problem
            if len(out) > before:
                texts[goal_of(path, row["line"], row["id"], self.out.to)] = out[-1]
        if entry and not (source.is_file() and digest(self._raw(path, entry)) == entry["raw"]):
            yield f"{source}: not the bytes that the run read"
        if not entry and not any(row["status"] == "kept" for row in rows):
            return
        if entry and not holds_records(goal):
            yield from self._are_texts(texts)
            return
        if is_recast(path, goal):
            self.published[goal] = -1
            if not (target.is_file() and self._are_next(goal, b"".join(out).splitlines())):
                yield f"{target}: not what the journal makes of the raw file"
            return
        start = self.published.get(goal, 0)
        size = entry["bytes"] if entry else len(b"".join(out))
        self.published[goal] = start + size if holds_records(goal) else -1
        if not target.is_file():
            yield f"{target}: is missing"
            return
        there = self.made.read(goal, opened(self.made, goal, self.out.key), start, start + size) if size else b""
        if not holds_records(goal):
            there = read_bytes(target)
        if (out or entry) and b"".join(out) != there:
            yield f"{target}: not what the journal makes of the raw file"

    def _are_texts(self, texts: Mapping[str, bytes]) -> Iterator[str]:
        """What does not fit of records that have a file each."""
        for goal, text in texts.items():
            self.published[goal] = -1
            target = below(self.clean, goal)
            if not target.is_file():
                yield f"{target}: is missing"
            elif read_bytes(target) != text:
                yield f"{target}: not what the journal makes of the raw file"

    def _are_next(self, goal: str, out: Sequence[bytes]) -> bool:
        """Whether the next rows of a published file hold these values, in an order and spelling of their own."""
        rows = self.rows.setdefault(goal, lines(self.clean / goal, goal, {}))
        return all(_values(line) == _values(next(rows, b"")) for line in out)

    def _raw(self, path: str, entry: Entry) -> bytes:
        return self.raw.read(path, opened(self.raw, path), entry["start"], entry["stop"])


def _values(line: bytes) -> str:
    """What a line holds, whatever its order and spelling."""
    return json.dumps(json.loads(line), sort_keys=True) if line else ""


def is_as(path: Path, content: Sequence[Sequence[Any]]) -> bool:
    """Whether a file holds just these parts: [size, digest] of each in order."""
    if path.stat().st_size != sum(size for size, _ in content):
        return False
    at = 0
    for size, expected in content:
        if digest(read_range(path, at, at + size)) != expected:
            return False
        at += size
    return True


def _replayed(
    journal: Journal, found: Mapping[int, Record], row: Mapping[str, Any], source: Path, how: Out, out: list[bytes]
) -> str:
    """Replay one document; what it gives goes to `out`. Returns what does not fit."""
    record = found.get(int(row["line"]))
    where = f"{source}:{row['line']}" if row["line"] else str(source)
    changes = journal.changes.get(row["id"], [])
    if record is None:
        return f"{where}: is missing"
    if digest(record.raw) != row["digests"]["raw"]:
        return f"{where}: not the bytes that the run read"
    if change_rows(row["id"], changes, full=False)[1] != row["digests"]["changes"]:
        return f"{where}: its changes are not those that the run made"
    if row["status"] == "kept":
        try:
            text = replay(record.text, changes if journal.full else quoted(record.text, changes))
        except MismatchError as error:
            return f"{where}: {error}"
        out.append(published(record, text, how, row["metadata"]))
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
