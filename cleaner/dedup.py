"""One file of records without its duplicates, quickly: no cleaning, no journal, lines as they were.

For corpora of millions of records that are clean already. The file is read three times, one part at a time: for the
rows of `duplicates.sketch`, for the texts of the documents that are hit, and to copy the lines that stay. Signatures,
evidence and pairs that are too many wait in files without a name beside the target, which no process leaves behind.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from errno import EDQUOT, EFBIG, ENOSPC
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, BinaryIO

from cleaner.compiled import expect
from cleaner.corpus import FIRST, CorpusError, fields_of, read_range, write_atomically
from cleaner.formats import FormatError, holds_records, is_plain
from cleaner.formats.files import lines, write
from cleaner.memory import TooLittleMemoryError, pairs_held
from cleaner.plan import PEEK
from cleaner.records import USUAL, Fields, json_record, lines_of
from cleaner.store import Memory
from cleaner.unpack import Sources

if TYPE_CHECKING:
    from cleaner.duplicates.told import Told
    from cleaner.jsonl import Lines as Documents

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


def dedup(
    source: Path,
    target: Path,
    codes: frozenset[str],
    progress: Progress | None = None,
    asked: Fields = USUAL,
    memory: str = "",
) -> Deduplicated:
    """Copy the lines of `source` that survive to `target`, the evidence to `target` + EVIDENCE.

    `codes` are the rules of DUP that decide, `asked` the fields of the records, `memory` the size that this may take,
    as settings state it. Files of records in another format than plain JSONL are unpacked first and written in their
    format. Both files appear whole or not at all. Raises CorpusError.
    """
    from cleaner.duplicates.told import Told
    from cleaner.jsonl import Lines

    folder, evidence = target.parent, target.with_name(f"{target.name}{EVIDENCE}")
    _check(source, target, evidence)
    try:
        with _uncollected(), _as_lines(source) as (plain, head), plain.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            if not size:
                raise CorpusError(f"{source}: is empty")
            expect(size)
            fields = _fields(source, plain, asked)
            with (
                Lines(file, source.name, folder, progress, fields) as read,
                Told(read.ids, folder) as found,
            ):
                if not len(read):
                    raise _without_documents(source, file, fields)
                _find(read, codes, found, folder, pairs_held(memory, len(read)))
                gone = found.gone()
                _write(target, head, read.without(gone))
                write_atomically(evidence, found.lines())
                return Deduplicated(len(read), len(read) - len(gone), read.unread, found.counts())
    except FormatError as error:
        raise CorpusError(f"{source}: {error}") from error
    except TooLittleMemoryError as error:
        raise CorpusError(f"{source}: {error}") from error
    except OSError as error:
        full = error.errno in (ENOSPC, EDQUOT, EFBIG)
        what = f"{folder}: cannot be written" if full else f"{source}: cannot be read"
        raise CorpusError(f"{what} ({error.strerror})") from error


@contextmanager
def _uncollected() -> Iterator[None]:
    """Look for no cycles of objects: many are made here and none refer to each other, but to look takes a twentieth.

    What is there at the end, compiled code most of all, is old then: it is looked at with all else, not at once.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            if not gc.get_freeze_count():
                gc.freeze()
                gc.unfreeze()
            gc.enable()


def _without_documents(source: Path, file: BinaryIO, fields: Fields) -> CorpusError:
    """What to say of a file that holds no document at all."""
    file.seek(0)
    problem = json_record(source.name, 1, file.readline().rstrip(b"\r\n"), fields).problem
    return CorpusError(f"{source}: no line of it holds a document; line 1: {problem}")


def _find(read: Documents, codes: frozenset[str], found: Told, folder: Path, held: int) -> None:
    """Decide about all documents of a file: as `cluster.find_duplicates`, without holding what is found.

    No more than `held` pairs are held, the others wait in `folder`.
    """
    import numpy as np

    from cleaner.duplicates.candidates import FOUND, UNREAD, meet
    from cleaner.duplicates.cluster import Law, decisions
    from cleaner.duplicates.met import Met
    from cleaner.duplicates.survivors import DEFAULT_POLICY

    tokens = read.signed.tokens
    ranked = np.asarray(read.ranked(), np.int64)
    if "DUP001" in codes:
        pairs = read.copies(ranked)
        found.copies(pairs, tokens)
        ranked = ranked[~np.isin(ranked, pairs[:, 0])]
    if not codes & {"DUP002", "DUP003", "DUP005"}:
        return

    def texts(places: Sequence[int]) -> Sequence[str]:
        return read.texts(ranked[places].tolist())

    with Met(len(ranked), folder, held) as met:
        meet(read.signed, ranked, met, FOUND if codes & {"DUP002", "DUP003"} else UNREAD)
        read.signed.close()
        law = Law(codes, DEFAULT_POLICY, read, ranked)
        for beside, decided in decisions(law, tokens[ranked].astype(np.int64), met.portions(), texts):
            found.add(decided, beside, ranked)


@contextmanager
def _as_lines(source: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    """A file of records as one of plain lines, and what has to be known to write one like it."""
    head: dict[str, Any] = {}
    if not Sources(source.parent, Memory()).is_foreign(source.name):
        yield source, head
        return
    with TemporaryDirectory(prefix="cleaner-") as folder:
        plain = Path(folder) / "lines"
        with plain.open("wb") as file:
            file.writelines(line + b"\n" for line in lines(source, source.name, head))
        yield plain, {**head, "encoding": None}


def _fields(source: Path, plain: Path, asked: Fields) -> Fields:
    """The fields of the records. Raises CorpusError where none has a text."""
    first = read_range(plain, 0, PEEK)
    first = first[: first.rfind(b"\n") + 1] or first
    return fields_of(source, (line for *_, line in islice(lines_of(first), FIRST)), asked)


def _write(target: Path, head: dict[str, Any], stretches: Iterable[memoryview]) -> None:
    """Write whole lines as the file that the target's name says; one of an unknown name is plain JSONL."""
    if not holds_records(target.name) or is_plain(target.name):
        write_atomically(target, stretches)
        return
    with TemporaryDirectory(prefix="cleaner-") as folder:
        plain, made = Path(folder) / "lines", Path(folder) / "made"
        with plain.open("wb") as file:
            file.writelines(stretches)
        with made.open("wb") as file:
            write(file, target.name, head, _Lines(plain))
        with made.open("rb") as file:
            write_atomically(target, iter(lambda: file.read(1 << 20), b""))


@dataclass(frozen=True, slots=True)
class _Lines:
    """The lines of a file; they can be gone through again."""

    path: Path

    def __iter__(self) -> Iterator[bytes]:
        with self.path.open("rb") as file:
            for line in file:
                yield line.removesuffix(b"\n")


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
