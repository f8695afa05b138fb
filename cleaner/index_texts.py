"""Texts for an index: the documents that go into it, and the text of one of its entries again."""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from cleaner.config import load_config
from cleaner.corpus import CorpusError, below, document, find_inputs, read, unique
from cleaner.duplicates.index_entry import Entry, Source
from cleaner.inplace import files_of, job_for, read_records
from cleaner.job import Job, check_selectors, clean_record
from cleaner.journal import is_journal
from cleaner.records import Record


@dataclass(frozen=True, slots=True)
class Sourced:
    """A document that can be indexed: its text as the corpus has it, and where it stands."""

    id: str
    source: Source
    line: int
    text: str


@dataclass(slots=True)
class Left:
    """What was read and not indexed: documents without text, those that a rule drops, and those that cannot be read."""

    counts: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)

    def not_read(self, root: Path, record: Record) -> None:
        """Note a record of a file below a folder that is no document."""
        self.counts["not read"] += 1
        self.problems.append(f"{root / record.where}: {record.problem}")


def documents(
    paths: Sequence[Path], base: Path, left: Left, *, prefix: str = "", as_is: bool = False
) -> Iterator[Sourced]:
    """The documents of folders and files, cleaned unless a run made them or `as_is` says so.

    Folders are told from `base`. A text is empty where the corpus has nothing of the document. Raises CorpusError when
    a path holds nothing to read.
    """
    found = [(find_inputs(path), None if as_is or _is_published(path) else _job(_root(path))) for path in paths]
    here: list[tuple[str, Job | None, Path]] = []

    def all_records() -> Iterator[Record]:
        for inputs, job in found:
            here[:] = [(Path(os.path.relpath(inputs.root.resolve(), base.resolve())).as_posix(), job, inputs.root)]
            fields = load_config(inputs.root).fields()
            for path in inputs.files:
                yield from read(inputs.root, path, fields)

    for record in unique(all_records()):  # reads one at a time, so `here` is where the record comes from
        root, job, folder = here[0]
        if not record.problem:
            path = record.path if record.line or record.id != record.path else ""
            source = Source(root, path, prefix, job is not None)
            yield Sourced(prefix + record.id, source, record.line, _text(record, job, left))
        else:
            left.not_read(folder, record)


def _root(path: Path) -> Path:
    return path if path.is_dir() else path.parent


def _text(record: Record, job: Job | None, left: Left) -> str:
    """What the corpus has of a record; nothing when it has nothing."""
    cleaned = clean_record(job, record) if job else None
    if cleaned and cleaned.dropped:
        left.counts["dropped by a rule"] += 1
        return ""
    text = cleaned.document.text if cleaned else record.text
    if not text.strip():
        left.counts["empty"] += 1
        return ""
    return text


def _is_published(path: Path) -> bool:
    """Whether a run made this folder, or the one that it lies in."""
    whole = path.resolve()
    return any(is_journal(folder) for folder in (whole, *whole.parents))


@cache
def _job(root: Path) -> Job:
    job = Job(load_config(root), root)
    check_selectors(job)
    return job


def texts_of(entries: Iterable[Entry], base: Path) -> dict[Entry, str]:
    """The texts of entries, read again as they were read for the index, each file once; without those that are gone."""
    wanted: dict[tuple[Path, str], dict[int, Entry]] = defaultdict(dict)
    for entry in entries:
        name = entry.source.path or entry.id.removeprefix(entry.source.prefix)
        wanted[base / entry.source.root, name][entry.line] = entry
    texts: dict[Entry, str] = {}
    for (root, name), lines in wanted.items():
        try:
            found = [] if below(root, name).is_symlink() else list(_those(root, name, lines))
        except CorpusError:
            continue  # the file is gone, or is no corpus file any more
        for record in found:
            entry = lines[record.line]
            texts[entry] = clean_record(_job(root), record).document.text if entry.source.cleaned else record.text
    return texts


def _those(root: Path, name: str, lines: Collection[int]) -> Iterator[Record]:
    found = read(root, name, load_config(root).fields())
    return (record for record in found if record.line in lines and not record.problem)


@dataclass(frozen=True, slots=True)
class Asked:
    """A new source: how it is named to the user, its path and id, and its text after cleaning."""

    where: str
    path: str
    id: str
    text: str

    def is_itself(self, entry: Entry) -> bool:
        """Whether an entry is about this very document: a text file is known by its path, a record by its id."""
        if self.path:
            return f"/{Path(self.path).as_posix()}".endswith(f"/{entry.id.removeprefix(entry.source.prefix)}")
        return self.id == entry.id.removeprefix(entry.source.prefix)


def asked(paths: Sequence[str], left: Left, *, as_is: bool = False, stdin: bytes = b"") -> Iterator[Asked]:
    """The documents of files and folders as new sources, cleaned by the settings for each file; `-` is `stdin`."""
    if list(paths) == ["-"]:
        yield from _asked(Path("-"), [document("-", stdin)], left, as_is=as_is)
        return
    for path in files_of(paths):
        try:
            found = read_records(path, load_config(path).fields())
        except CorpusError as error:
            left.problems.append(str(error))
        else:
            yield from _asked(path, found, left, as_is=as_is)


def _asked(path: Path, found: Sequence[Record], left: Left, *, as_is: bool) -> Iterator[Asked]:
    job = None if as_is or _is_published(path) else job_for(path, (), {})
    for record in found:
        if record.problem:
            left.not_read(path.parent, record)
            continue
        text = _text(record, job, left)
        if record.line:
            yield Asked(f"{path}#{record.id}", "", record.id, text)
        else:
            yield Asked(str(path), str(path), record.id, text)
