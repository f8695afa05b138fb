"""From a run's result back to what it was made of: undo, proof, and the view that reports show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from cleaner.corpus import (
    JOURNAL,
    RECORDS,
    CorpusError,
    Record,
    below,
    digest,
    find_inputs,
    json_record,
    published,
    read_bytes,
    records,
    splice,
    write_atomically,
)
from cleaner.decode import encode, from_facts
from cleaner.journal import MARKER, RUN, Journal, changes_digest, damaged_files, is_journal, load
from cleaner.text import Change, MismatchError, quoted, replay, undo


@dataclass(frozen=True, slots=True)
class Restored:
    """A document of a run as it was: its manifest row, its record as read, its changes with what they removed."""

    row: Mapping[str, Any]
    record: Record
    changes: Sequence[Change]


def restored(journal: Journal, clean: Path, raw: Path | None = None) -> Iterator[Restored]:
    """Every document of a run, in the order of the manifest. Without `raw` the journal must be full.

    Raises CorpusError when the clean texts, the journal and the raw files do not fit each other.
    """
    if raw is None and not journal.full:
        raise CorpusError(
            f'{clean}: its journal holds no removed text (journal = "script"); name the raw folder with --raw'
        )
    for path, group in groupby(journal.manifest, key=lambda row: str(row["path"])):
        rows = list(group)
        if raw is None:
            yield from _from_clean(journal, clean, path, rows)
        else:
            yield from _from_raw(journal, raw, path, rows)


def _from_raw(journal: Journal, raw: Path, path: str, rows: Sequence[Mapping[str, Any]]) -> Iterator[Restored]:
    root = raw.parent if raw.is_file() else raw
    found = {record.line: record for record in records(path, read_bytes(below(root, path)))}
    for row in rows:
        record = found.get(int(row["line"]))
        where = f"{root / path}:{row['line']}" if row["line"] else str(root / path)
        if record is None or digest(record.raw) != row["digests"]["raw"]:
            raise CorpusError(f"{where}: not the file that the run read; restore it from a copy")
        changes = journal.changes.get(row["id"], [])
        yield Restored(row, record, changes if journal.full else quoted(record.text, changes))


def _from_clean(journal: Journal, clean: Path, path: str, rows: Sequence[Mapping[str, Any]]) -> Iterator[Restored]:
    kept = [row for row in rows if row["status"] == "kept"]
    data = read_bytes(below(clean, path)) if kept or path.endswith(RECORDS) else b""
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
    journal = load(clean)
    files: dict[str, list[bytes]] = {path: [] for path in journal.run["records"]}
    for item in restored(journal, clean, raw):
        path = str(item.row["path"])
        line_end = b"\n" if path.endswith(RECORDS) else b""
        files.setdefault(path, []).append(item.record.raw + line_end)
    for path, parts in files.items():
        write_atomically(below(destination, path), b"".join(parts))
    return len(files)


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
        journal = load(clean)
        problems = [f"{clean / JOURNAL / name}: not as the run wrote it" for name in damaged_files(clean, journal.run)]
        outputs: dict[str, list[tuple[Record, str]]] = {path: [] for path in journal.run["records"]}
        listed = set(outputs)
        for path, group in groupby(journal.manifest, key=lambda row: str(row["path"])):
            listed.add(path)
            problems += _verify_file(journal, inputs.root, path, list(group), outputs)
        problems += [f"{inputs.root / path}: not part of this run" for path in inputs.files if path not in listed]
        problems += _verify_outputs(journal, inputs.root, clean, outputs)
    except (CorpusError, KeyError, TypeError, ValueError, AttributeError) as error:
        known = isinstance(error, CorpusError)
        return [str(error) if known else f"{clean / JOURNAL}: cannot be understood ({error!r})"]
    return problems


def _verify_file(
    journal: Journal,
    root: Path,
    path: str,
    rows: Sequence[Mapping[str, Any]],
    outputs: dict[str, list[tuple[Record, str]]],
) -> list[str]:
    """Replay the documents of one raw file; collects what they give in `outputs`."""
    problems = []
    source = below(root, path)
    found = {r.line: r for r in records(path, read_bytes(source))} if source.is_file() else {}
    for row in rows:
        record = found.get(int(row["line"]))
        where = f"{source}:{row['line']}" if row["line"] else str(source)
        changes = journal.changes.get(row["id"], [])
        if record is None:
            problems.append(f"{where}: is missing")
        elif digest(record.raw) != row["digests"]["raw"]:
            problems.append(f"{where}: not the bytes that the run read")
        elif changes_digest(row["id"], changes) != row["digests"]["changes"]:
            problems.append(f"{where}: its changes are not those that the run made")
        elif row["status"] == "kept":
            try:
                text = replay(record.text, changes if journal.full else quoted(record.text, changes))
            except MismatchError as error:
                problems.append(f"{where}: {error}")
                continue
            outputs.setdefault(path, []).append((record, text))
    return problems


def _verify_outputs(
    journal: Journal, root: Path, clean: Path, outputs: Mapping[str, list[tuple[Record, str]]]
) -> list[str]:
    problems = []
    kept = {str(row["path"]) for row in journal.manifest if row["status"] == "kept"} | set(journal.run["records"])
    for path, digests in journal.run["records"].items():
        source = below(root, path)
        if not source.is_file() or digest(read_bytes(source)) != digests["raw"]:
            problems.append(f"{source}: not the bytes that the run read")
    for path in sorted(kept):
        target = below(clean, path)
        if not target.is_file():
            problems.append(f"{target}: is missing")
        elif path in outputs and published(path, outputs[path]) != read_bytes(target):
            problems.append(f"{target}: not what the journal makes of the raw file")
    problems += [f"{clean / path}: not part of this run" for path in files_in(clean) if path not in kept]
    return problems


def files_in(clean: Path) -> list[str]:
    """The files of an output folder, hidden ones left out."""
    found = []
    for path in sorted(clean.rglob("*")):
        relative = path.relative_to(clean)
        if not any(part.startswith(".") for part in relative.parts) and (path.is_file() or path.is_symlink()):
            found.append(relative.as_posix())
    return found
