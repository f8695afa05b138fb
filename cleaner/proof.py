"""Proof of a run: its journal replayed on the raw files gives the clean ones, and nothing else is there."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from cleaner.corpus import JOURNAL, CorpusError, below, digest, find_inputs, goal_of, published, read_bytes, read_range
from cleaner.formats import holds_records, is_recast, output
from cleaner.formats.files import lines
from cleaner.journal import MARKER, RUN, Journal, damaged_files, is_journal, load_run, parts
from cleaner.records import Out, Record
from cleaner.restore import Entry, out_of, raw_records
from cleaner.rows import change_rows
from cleaner.store import Folder
from cleaner.text import MismatchError, quoted, replay
from cleaner.unpack import Sources, opened


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
        self.out = out_of(run)
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
        found = raw_records(self.raw, path, entry) if source.is_file() else {}
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
