"""One JSONL file without its duplicates, quickly: no cleaning, no journal, lines as they were.

For corpora of millions of records that are clean already. The file is read three times, one part at a time: for the
rows of `duplicates.sketch`, for the texts of the documents that are hit, and to copy the lines that stay. What is held
in memory are about 800 bytes for each document.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cleaner.compiled import expect
from cleaner.corpus import CorpusError, write_atomically

if TYPE_CHECKING:
    from cleaner.duplicates.finding import Finding

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
    from cleaner.jsonl import Lines

    evidence = target.with_name(f"{target.name}{EVIDENCE}")
    _check(source, target, evidence)
    try:
        with source.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            if not size:
                raise CorpusError(f"{source}: is empty")
            expect(size)
            lines = Lines(file, source.name, progress)
            found = find_duplicates(lines, lines.rows, lines.texts, codes, ranked=lines.ranked())
            gone = {lines.places[f.id] for f in found if f.goes}
            write_atomically(target, lines.without(sorted(gone)))
    except OSError as error:
        raise CorpusError(f"{source}: cannot be read ({error.strerror})") from error
    write_atomically(evidence, map(_line, found))
    counts: dict[str, int] = {}
    for finding in found:
        counts[finding.relation] = counts.get(finding.relation, 0) + 1
    return Deduplicated(len(lines), len(lines) - len(gone), lines.unread, counts)


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
