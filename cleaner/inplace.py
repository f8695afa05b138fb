"""Check and fix files where they lie: findings with their place, originals kept until they are forgotten."""

from __future__ import annotations

import codecs
import json
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from cleaner.config import Config, load_config
from cleaner.corpus import (
    CorpusError,
    digest,
    find_inputs,
    read,
    read_bytes,
    unique,
    write_atomically,
)
from cleaner.decode import Decoded, decode, encode, from_facts
from cleaner.findings import carried
from cleaner.formats import holds_records, is_page, is_plain
from cleaner.job import Job, check_selectors, clean_record, document_name, stale_decisions, stale_note
from cleaner.records import USUAL, Fields, Record, column_in_line, splice
from cleaner.text import Change, Cleaned, steps
from cleaner.trace import Place, line_and_column, locate, trace

CACHE = ".cleaner_cache"


def files_of(paths: Sequence[str]) -> Iterator[Path]:
    """The files that paths mean: a file is taken whatever its name, a folder gives its corpus files."""
    for name in paths:
        path = Path(name)
        if not name:
            raise CorpusError("an empty path; name a file or folder")
        if path.is_dir():
            inputs = find_inputs(path)
            yield from (inputs.root / file for file in inputs.files)
        elif path.is_symlink():
            raise CorpusError(f"{path}: a symbolic link is not followed; name the file itself")
        elif not path.exists():
            raise CorpusError(f"{path}: no such file or folder")
        else:
            yield path


def job_for(path: Path, folders: tuple[Path, ...], given: dict[str, Any]) -> Job:
    """The job for one file, with the settings of the nearest configuration."""
    job = Job(load_config(path, **given), path.parent, folders)
    check_selectors(job)
    return job


def read_records(path: Path, asked: Fields = USUAL) -> list[Record]:
    """The documents of one file. Raises CorpusError when the file is binary, or has no field for the text."""
    found = list(unique(read(path.parent, path.name, asked)))
    if found and found[0].problem and not found[0].line:
        raise CorpusError(f"{path}: {found[0].problem}; nothing was done")
    return found


def check_records(job: Job, shown: str, found: Sequence[Record]) -> tuple[list[Place], list[Cleaned]]:
    """Everything the rules say of the documents of a file, in reading order, and what they make of each."""
    places: list[Place] = []
    results = []
    for record in found:
        result = clean_record(job, record)
        results.append(result)
        places += _places(job, shown, record, result)
    return sorted(places, key=lambda p: (p.line, p.column, p.change.code)), results


def _places(job: Job, shown: str, record: Record, result: Cleaned) -> Iterator[Place]:
    name = document_name(job.root, job.config, record)
    traced = trace(record.text, result.changes)
    found = locate(traced.pieces, [(f.start, f.end) for f in result.findings])
    for change, span, made in (
        *((c, s, True) for c, s in zip(result.changes, traced.spans, strict=True)),
        *((f, s, False) for f, s in zip(result.findings, found, strict=True)),
    ):
        line, column = place_of(record, span[0])
        yield Place(shown, line, column, span[0], change, record.text[span[0] : span[1]], made, name)
    if result.dropped:
        line, column = place_of(record, 0)
        code, drop = result.dropped
        left_out = Change(code, 0, 0, 0, "", None, f"a run leaves this document out: {drop.because}")
        yield Place(shown, line, column, 0, left_out, "", made=False, document=name)
    for decision in stale_decisions(job, record):
        change = Change(decision.code, 0, 0, 0, "", None, stale_note(decision))
        line, column = place_of(record, 0)
        yield Place(shown, line, column, 0, change, "", made=False, document=name)


def place_of(record: Record, offset: int) -> tuple[int, int]:
    """Line and column, from 1, of a character of a document in its raw file.

    In a file of records that is no plain JSONL: the number of the record, and the character of its text.
    """
    if record.line:
        return record.line, column_in_line(record.raw, offset, record.field) if is_plain(record.path) else offset + 1
    return line_and_column(record.text, offset)


def fixed(path: str, data: bytes, found: Sequence[Record], results: Sequence[Cleaned]) -> bytes:
    """The bytes of a file after fixing it in its own encoding; a document that would be empty stays as it is."""
    done = [(r, c) for r, c in zip(found, results, strict=True) if c.changes and not r.problem and not _drops(c)]
    if not done:
        return data
    if is_page(path) or (holds_records(path) and not is_plain(path)):
        raise CorpusError(f"{path}: only text files and plain JSONL are fixed in place; use `cleaner run`")
    if is_plain(path):
        return _fixed_lines(data, done)
    record, result = done[0]
    text = result.document.text
    holes = _holes(record, result)
    facts = from_facts(text, {**record.facts, "holes": holes, "tail": "", "final_newline": True})
    try:
        return encode(facts)
    except UnicodeEncodeError:
        return encode(Decoded(text, newline=facts.newline))


def _holes(record: Record, result: Cleaned) -> list[list[Any]]:
    """The undecodable bytes of a file at their places in its new text; those whose place was changed are gone."""
    spots = [Change("", 0, int(at), int(at) + 1, record.text[int(at)], None) for at, _ in record.facts.get("holes", ())]
    for step in steps(result.changes):
        spots = carried(spots, step)
    codes = [code for _, code in record.facts.get("holes", ())]
    text = result.document.text
    return [[s.start, code] for s, code in zip(spots, codes, strict=True) if text[s.start : s.start + 1] == s.before]


def _drops(result: Cleaned) -> bool:
    return bool(result.dropped) or not result.document.text.strip()


def _fixed_lines(data: bytes, done: Sequence[tuple[Record, Cleaned]]) -> bytes:
    """A JSONL file in which some lines are replaced; blank lines and line endings stay."""
    wide = decode(data) if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else None
    lines = (wide.text.encode("utf-8", "surrogatepass") if wide else data).split(b"\n")
    for record, result in done:
        old = lines[record.line - 1]
        lines[record.line - 1] = old.replace(record.raw, splice(record.raw, result.document.text, record.field), 1)
    joined = b"\n".join(lines)
    return encode(replace(wide, text=joined.decode("utf-8"), holes=())) if wide else joined


class Originals:
    """The originals of files fixed in place, compressed, in a folder beside them."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.folder = root / CACHE
        self.index = self.folder / "originals.jsonl"

    def rows(self) -> list[dict[str, str]]:
        """The fixes on record, oldest first. Raises CorpusError when the record is damaged."""
        if not self.index.is_file():
            return []
        try:
            whole = read_bytes(self.index).decode("utf-8").split("\n")[:-1]  # a last line without its end is torn
            rows = [json.loads(line) for line in whole]
            return [{key: str(row[key]) for key in ("path", "original", "fixed")} for row in rows]
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise CorpusError(f"{self.index}: cannot be read ({error})") from error

    def keep(self, path: Path, original: bytes, fixed_bytes: bytes) -> None:
        """Store a file's bytes before they are replaced."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if not (self.folder / "CACHEDIR.TAG").exists():
            tag = b"Signature: 8a477f597d28d172789f06886806bc55\n# Originals of files that `cleaner fix` changed.\n"
            write_atomically(self.folder / "CACHEDIR.TAG", tag)
            write_atomically(self.folder / ".gitignore", b"*\n")
        write_atomically(self.folder / digest(original), zlib.compress(original), 0o600)
        row = {"path": self._name(path), "original": digest(original), "fixed": digest(fixed_bytes)}
        self._mend()
        with self.index.open("ab") as file:
            file.write((json.dumps(row, ensure_ascii=False) + "\n").encode("utf-8"))

    def restore(self, path: Path) -> bool:
        """Put back what the last fix of a file replaced; false when none is on record."""
        rows = self.rows()
        mine = [n for n, row in enumerate(rows) if row["path"] == self._name(path)]
        if not mine:
            return False
        row = rows.pop(mine[-1])
        if path.exists() and digest(read_bytes(path)) != row["fixed"]:
            raise CorpusError(f"{path}: was changed since it was fixed; undo would lose that. Move it away first")
        blob = self.folder / row["original"]
        try:
            original = zlib.decompress(read_bytes(blob))
        except zlib.error as error:
            raise CorpusError(f"{blob}: the kept original is damaged ({error})") from error
        if digest(original) != row["original"]:
            raise CorpusError(f"{blob}: the kept original is damaged")
        write_atomically(path, original)
        self._write(rows)
        return True

    def drop(self, path: Path) -> None:
        """Strike the last fix of a file from the record: it was not made after all."""
        rows = self.rows()
        last = max(n for n, row in enumerate(rows) if row["path"] == self._name(path))
        self._write(rows[:last] + rows[last + 1 :])

    def forget(self, paths: Sequence[Path]) -> int:
        """Delete kept originals, of some files or of all. Returns how many fixes can no longer be undone."""
        rows = self.rows()
        names = {self._name(path) for path in paths}
        left = [row for row in rows if paths and row["path"] not in names]
        self._write(left)
        needed = {row["original"] for row in left}
        for blob in self.folder.glob("?" * 64):
            if blob.name not in needed:
                blob.unlink()
        return len(rows) - len(left)

    def _mend(self) -> None:
        """Take away a last line without its end, which an interrupted `keep` left."""
        if self.index.is_file() and not read_bytes(self.index).endswith(b"\n"):
            self._write(self.rows())

    def _name(self, path: Path) -> str:
        return path.resolve().relative_to(self.root).as_posix()

    def _write(self, rows: Sequence[dict[str, str]]) -> None:
        if rows or self.index.exists():
            data = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
            write_atomically(self.index, data.encode("utf-8"))


def replace_file(originals: Originals, path: Path, before: bytes, after: bytes) -> None:
    """Write a fixed file, its original kept; nothing is on record when it could not be written."""
    originals.keep(path, before, after)
    try:
        write_atomically(path, after)
    except CorpusError:
        originals.drop(path)
        raise


def fixed_before(name: str) -> list[tuple[Originals, Path]]:
    """The fixes on record for a file, there or deleted since, or for all files of a folder, each file once."""
    path = Path(name)
    originals = originals_of(path)
    wanted = path.resolve()
    files = dict.fromkeys(originals.root / row["path"] for row in originals.rows())
    return [(originals, file) for file in files if file == wanted or file.is_relative_to(wanted)]


def originals_of(path: Path, config: Config | None = None) -> Originals:
    """Where the originals of a file are kept: in the project's root, as the settings see it."""
    return Originals((config or load_config(path)).root.resolve())
