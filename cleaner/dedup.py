"""One JSONL file without its duplicates, quickly: no cleaning, no journal, lines as they were.

For corpora of millions of records that are clean already. The file is read three times, one part at a time: for the
rows of `duplicates.sketch`, for the texts of the documents that are hit, and to copy the lines that stay. What is held
in memory are about 800 bytes for each document.
"""

from __future__ import annotations

import json
import mmap
import os
from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cleaner.corpus import CorpusError, write_atomically
from cleaner.records import json_record

if TYPE_CHECKING:
    from cleaner.duplicates.finding import Entry, Finding
    from cleaner.duplicates.sketch import Rows

AT_ONCE = 16_000_000
"""Bytes of lines that are read and sketched at a time."""

EVIDENCE = ".duplicates.jsonl"
"""Ends the name of the file that says which lines went, and for which; the rest of it is the target's."""

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Deduplicated:
    """How many documents there were, how many stay, and how many lines hold none and were copied as they are."""

    documents: int
    kept: int
    unread: int
    findings: dict[str, int]


def dedup(source: Path, target: Path, codes: frozenset[str], progress: Progress | None = None) -> Deduplicated:
    """Copy the lines of `source` that survive to `target`, the evidence to `target` + EVIDENCE.

    `codes` are the rules of DUP that decide. Both files appear whole or not at all. Raises CorpusError.
    """
    from cleaner.duplicates.cluster import find_duplicates

    evidence = target.with_name(f"{target.name}{EVIDENCE}")
    _check(source, target, evidence)
    try:
        with source.open("rb") as file:
            if not os.fstat(file.fileno()).st_size:
                raise CorpusError(f"{source}: is empty")
            with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
                read = _read(data, source.name, progress)
                found = find_duplicates(read.entries, read.rows, read.texts, codes)
                gone = {f.id for f in found if f.goes}
                write_atomically(target, (data[start:end] for start, end in read.kept(gone)))
    except OSError as error:
        raise CorpusError(f"{source}: cannot be read ({error.strerror})") from error
    write_atomically(evidence, map(_line, found))
    counts: dict[str, int] = {}
    for finding in found:
        counts[finding.relation] = counts.get(finding.relation, 0) + 1
    return Deduplicated(len(read.entries), len(read.entries) - len(gone), read.unread, counts)


def _check(source: Path, target: Path, evidence: Path) -> None:
    """Refuse files that cannot be written or would be written over the source, before anything is read."""
    if not source.is_file():
        raise CorpusError(f"{source}: is a folder; name a JSONL file" if source.is_dir() else f"{source}: no such file")
    for path in (target, evidence):
        if path.exists() and path.samefile(source):
            raise CorpusError(f"{path}: is the source itself; name another file")
        if path.exists() and not path.is_file():
            raise CorpusError(f"{path}: is no file that could be written; name another one")
    if not target.parent.is_dir():
        raise CorpusError(f"{target.parent}: no such folder; make it, or name a file elsewhere")


def _line(finding: Finding) -> bytes:
    return json.dumps(finding.row(), ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n"


@dataclass(slots=True)
class _Read:
    """What was seen of a file: an entry and a row per document, and where every line begins."""

    data: mmap.mmap
    entries: list[Entry]
    rows: Rows
    borders: array[int]
    places: array[int]

    @property
    def unread(self) -> int:
        return len(self.borders) - 1 - len(self.places)

    def texts(self, documents: Sequence[int]) -> list[str]:
        lines = [self.places[n] for n in documents]
        return [_text(self.data[self.borders[n] : self.borders[n + 1]]) or "" for n in lines]

    def kept(self, gone: set[str]) -> Iterator[tuple[int, int]]:
        """The stretches of the file that stay, as long as they can be."""
        start = 0
        for place, entry in zip(self.places, self.entries, strict=True):
            if entry.id in gone:
                if start < self.borders[place]:
                    yield start, self.borders[place]
                start = self.borders[place + 1]
        if start < self.borders[-1]:
            yield start, self.borders[-1]


def _read(data: mmap.mmap, name: str, progress: Progress | None) -> _Read:
    import numpy as np

    from cleaner.duplicates.finding import Entry, prose_length
    from cleaner.duplicates.sketch import ROW, sketch

    entries: list[Entry] = []
    rows = np.zeros(0, ROW)
    borders, places = array("q", [0]), array("q")
    seen: set[str] = set()
    texts: list[str] = []
    held = 0
    while line := data.readline():
        number = len(borders) - 1
        borders.append(borders[-1] + len(line))
        record = _record(line, f"{name}:{number + 1}")
        if record is not None:
            key, date, text = record
            while key in seen:
                key = f"{key}@{name}:{number + 1}"
            seen.add(key)
            places.append(number)
            texts.append(text)
            entries.append(Entry(key, prose=prose_length(text), date=date))
            held += len(line)
        if held > AT_ONCE:
            _append(rows, sketch(texts))
            if progress:
                progress(len(texts))
            texts, held = [], 0
    _append(rows, sketch(texts))
    return _Read(data, entries, rows, borders, places)


def _append(rows: Rows, more: Rows) -> None:
    """Lengthen an array in its place, so that it is never held twice."""
    rows.resize(len(rows) + len(more), refcheck=False)
    rows[len(rows) - len(more) :] = more


def _record(line: bytes, name: str) -> tuple[str, str, str] | None:
    """Id, date and text of a line, or nothing where it holds no document."""
    try:
        members: Any = json.loads(line)
        text, key = members["text"], members["id"]
        if type(text) is str and type(key) is str and key:
            text.encode()
            return key, str(members.get("date") or ""), text
    except (ValueError, KeyError, TypeError, RecursionError):
        pass
    record = json_record(name, 0, line.rstrip(b"\r\n"))
    if record.problem or not line.strip():
        return None
    shown = name if record.id == f"{name}:0" else record.id
    return shown, str(record.meta.get("date") or ""), record.text


def _text(line: bytes) -> str | None:
    found = _record(line, "")
    return found[2] if found else None
