"""An index on a disk: immutable segments and their manifest. One process writes, any number read.

A writer keeps what it adds apart until the end. Then new rows and the newest segments become one segment, as long as
the next older one has fewer than twice as many rows: every segment is at least twice as large as all newer ones
together, so there are few, and a row is written again only as often as the index doubles. Files are written under a
temporary name, brought to the disk and renamed; the transaction of the manifest, which comes last, makes them count.
What a killed writer left behind is removed by the next one.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from sqlite3 import Connection
from typing import Any

import numpy as np

from cleaner.duplicates.index_entry import (
    DIGEST,
    LEAST,
    PARAMETERS,
    PERMUTATIONS,
    Added,
    Entry,
    Hit,
    IndexingError,
    Source,
    check_parameters,
    key_of,
)
from cleaner.duplicates.index_manifest import (
    NAME,
    State,
    check_ours,
    is_new,
    number_of,
    read_state,
    reset,
    state_of,
    writing,
)
from cleaner.duplicates.index_packing import Array
from cleaner.duplicates.index_segment import (
    CHUNK,
    REMOVED,
    DamagedError,
    Rows,
    Segment,
    sorted_rows,
    write_segment,
)

SUFFIX = ".segment"
TEMPORARY = ".tmp"
BATCH = 1 << 16
"""Documents that a writer gathers before it looks which of them are known."""
IN_MEMORY = 1 << 18
"""Rows, of about 450 bytes, that a writer holds before it puts them into a file of its own."""
LARGEST = 1 << 22
"""Rows of a merged segment at most: writing one takes about 150 bytes of memory a row."""
TRIES = 5


def segment_name(number: int) -> str:
    """The file name of a segment."""
    return f"{number:08}{SUFFIX}"


class DiskStore:
    """The state of an index at the moment it was opened; what is written later is not seen."""

    def __init__(self, folder: Path) -> None:
        for attempt in range(TRIES):
            self.state = read_state(folder)
            check_parameters(dict(self.state.parameters), str(folder))
            try:
                self.segments = _opened(folder, self.state)
            except FileNotFoundError as error:
                # a writer merged it away between the two steps; then the manifest is another one by now
                if attempt == TRIES - 1 or read_state(folder).segments == self.state.segments:
                    raise IndexingError(f"{error.filename}: is missing; build the index again") from error
            else:
                break
        self.folder = folder

    def lookup(self, signatures: Array, digests: Sequence[bytes]) -> list[list[Hit]]:
        """The entries that may be like each text, those that agree most first."""
        found: list[list[Hit]] = [[] for _ in digests]
        if not digests:
            return found
        wanted = _digest_rows(digests)
        for number, segment in enumerate(self.segments):
            texts, rows, agreeing, exact = segment.candidates(signatures, wanted)
            near = (agreeing >= LEAST) | exact
            near[near] = ~self._superseded(number, segment.rows.keys[rows[near]])
            for text, row, count, same in zip(texts[near], rows[near], agreeing[near], exact[near], strict=True):
                found[text].append(Hit(self._entry(segment.rows, int(row)), int(count), bool(same)))
        for hits in found:
            hits.sort(key=lambda hit: (not hit.exact, -hit.agreeing, hit.entry.id))
        return found

    def _superseded(self, number: int, keys: Array) -> Array:
        """Which keys have a row in a newer segment: replaced there, or removed."""
        gone = np.zeros(len(keys), bool)
        for newer in self.segments[number + 1 :]:
            gone |= newer.rows.find(keys)[0]
        return gone

    def _entry(self, rows: Rows, row: int) -> Entry:
        source = self.state.sources[int(rows.sources[row])]
        return Entry(rows.id(row), source, int(rows.lines[row]), rows.digests[row].tobytes())

    def entries(self) -> Iterator[tuple[list[Entry], Array]]:
        """All entries in force, with their signatures (n, 128)."""
        for number, segment in enumerate(self.segments):
            rows = segment.rows
            for at in range(0, len(rows), CHUNK):
                chunk = np.arange(at, min(at + CHUNK, len(rows)))
                chunk = chunk[(rows.sources[chunk] != REMOVED) & ~self._superseded(number, rows.keys[chunk])]
                yield [self._entry(rows, int(row)) for row in chunk], rows.signatures(chunk)

    def sources(self) -> set[Source]:
        """Where documents came from, those of entries that were replaced since included."""
        return set(self.state.sources.values())

    def facts(self) -> dict[str, Any]:
        """Numbers about the index, and its parameters."""
        return {
            "documents": self.state.documents,
            "segments": [rows for _, rows, _ in self.state.segments],
            "bytes": sum(size for _, _, size in self.state.segments),
            "parameters": dict(self.state.parameters),
        }


def _opened(folder: Path, state: State) -> list[Segment]:
    segments = []
    for number, rows, size in state.segments:
        path = folder / segment_name(number)
        try:
            segment = Segment(path)
        except DamagedError as error:
            raise IndexingError(f"{error}; build the index again") from error
        if path.stat().st_size != size or len(segment.rows) != rows:
            raise IndexingError(f"{path}: is not as large as it was written; build the index again")
        segments.append(segment)
    return segments


def _digest_rows(digests: Sequence[bytes]) -> Array:
    return np.frombuffer(b"".join(digests), np.uint8).reshape(-1, DIGEST)


@contextmanager
def write(folder: Path, *, fresh: bool = False) -> Iterator[DiskWriter]:
    """Write to an index. With `fresh` it begins empty, and what it held goes when the new state is complete.

    Raises IndexingError when the folder is no index (with `fresh`: when it holds other files), when another process is
    writing, or when the index was made with other parameters.
    """
    if not fresh:
        read_state(folder)
    elif folder.exists() and not (folder.is_dir() and ((folder / NAME).is_file() or not any(folder.iterdir()))):
        raise IndexingError(f"{folder}: is there already and is no index; name another folder")
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with writing(folder) as connection:
            check_ours(connection)
            before = () if is_new(connection) else _names(connection)
            _remove(folder, except_for=before)
            if fresh:
                reset(connection, PARAMETERS)
            state = state_of(connection)
            check_parameters(dict(state.parameters), str(folder))
            writer = DiskWriter(folder, connection, _opened(folder, state))
            try:
                yield writer
                writer.finish()
            except BaseException:
                _remove(folder, except_for=before)
                raise
            after = _names(connection)
    except DamagedError as error:
        raise IndexingError(f"{error}; build the index again") from error
    # No lock is needed: names of segments do not come back, so another writer cannot have made these again.
    for name in (*writer.spilled, *(set(before) - set(after))):
        (folder / name).unlink(missing_ok=True)


def _names(connection: Connection) -> tuple[str, ...]:
    """The files that the manifest names."""
    return tuple(segment_name(number) for (number,) in connection.execute("SELECT number FROM segments"))


def _remove(folder: Path, *, except_for: Sequence[str]) -> None:
    """Remove the segments that no manifest names."""
    for path in list(folder.iterdir()):
        if path.name.removesuffix(TEMPORARY).endswith(SUFFIX) and path.name not in except_for:
            path.unlink(missing_ok=True)


class DiskWriter:
    """What one writer adds, until it is finished."""

    def __init__(self, folder: Path, connection: Connection, before: Sequence[Segment]) -> None:
        self.counts = Added()
        self.spilled: list[str] = []
        self._folder, self._connection = folder, connection
        self._before = [segment.rows for segment in before]
        self._pending: list[Rows] = []
        self._entries: list[Entry] = []
        self._signatures: list[Array] = []
        self._numbers: dict[Source, int] = {}

    def add(self, entries: Sequence[Entry], signatures: Array) -> None:
        """Add documents with their signatures (n, 128); of several with one id the last one counts."""
        self._entries += entries
        self._signatures.append(signatures)
        if len(self._entries) >= BATCH:
            self._take()

    def remove(self, ids: Sequence[str]) -> None:
        """Remove documents; ids that are not there are passed over."""
        self._take()
        keys = _keys(ids)
        live, _, _ = self._known(keys, ids)
        gone = [name for name, there in zip(ids, live, strict=True) if there]
        self.counts.removed += len(gone)
        count = len(gone)
        nothing = np.zeros(count, np.uint32)
        blank = np.zeros((count, DIGEST), np.uint8), nothing, nothing, np.zeros((count, PERMUTATIONS), np.uint32)
        self._keep(_keys(gone), *blank, gone)

    def _take(self) -> None:
        """Compare what was gathered with what is known, and keep what differs."""
        if not self._entries:
            return
        entries, signatures = self._entries, np.concatenate(self._signatures)
        self._entries, self._signatures = [], []
        keys = _keys([entry.id for entry in entries])
        last = len(keys) - 1 - np.unique(keys[::-1], return_index=True)[1]
        if len(last) < len(keys):
            names = {(key, entry.id) for key, entry in zip(keys.tolist(), entries, strict=True)}
            if len(names) > len(last):
                raise IndexingError(
                    "two ids of these documents have one hash; put a --prefix before those of one source"
                )
            entries, keys, signatures = [entries[n] for n in last], keys[last], signatures[last]
        ids = [entry.id for entry in entries]
        digests = _digest_rows([entry.digest for entry in entries])
        sources = np.array([self._number(entry.source) for entry in entries], np.uint32)
        lines = np.array([entry.line for entry in entries], np.uint32)
        live, where, rows = self._known(keys, ids)
        same = live.copy()
        for number, part in enumerate(self._parts()):
            mine = np.flatnonzero(live & (where == number))
            there = rows[mine]
            equal = (part.digests[there] == digests[mine]).all(axis=1) & (part.sources[there] == sources[mine])
            equal &= part.lines[there] == lines[mine]
            same[mine] = equal & (part.signatures(there) == signatures[mine]).all(axis=1)
        self.counts.unchanged += int(same.sum())
        self.counts.replaced += int((live & ~same).sum())
        self.counts.added += int((~live).sum())
        kept = np.flatnonzero(~same)
        self._keep(keys[kept], digests[kept], sources[kept], lines[kept], signatures[kept], [ids[n] for n in kept])

    def _parts(self) -> list[Rows]:
        """All rows, oldest first."""
        return self._before + self._pending

    def _number(self, source: Source) -> int:
        if source not in self._numbers:
            self._numbers[source] = number_of(self._connection, source)
        return self._numbers[source]

    def _known(self, keys: Array, ids: Sequence[str]) -> tuple[Array, Array, Array]:
        """For each key whether it has an entry in force, and the part and row that say so."""
        live, where, rows = np.zeros(len(keys), bool), np.zeros(len(keys), np.int64), np.zeros(len(keys), np.int64)
        for number, part in enumerate(self._parts()):
            found, at = part.find(keys)
            for n in np.flatnonzero(found).tolist():
                if part.id(int(at[n])) != ids[n]:
                    one = part.id(int(at[n]))
                    raise IndexingError(f"the ids {one!r} and {ids[n]!r} have one hash; give one a --prefix")
            live[found] = part.sources[at[found]] != REMOVED
            where[found], rows[found] = number, at[found]
        return live, where, rows

    def _keep(
        self, keys: Array, digests: Array, sources: Array, lines: Array, signatures: Array, ids: Sequence[str]
    ) -> None:
        if not len(keys):
            return
        self._pending.append(
            sorted_rows(keys, digests, sources, lines, signatures, [name.encode("utf-8") for name in ids])
        )
        in_memory = self._pending[len(self.spilled) :]
        if sum(map(len, in_memory)) > IN_MEMORY:
            name = f"spilled-{len(self.spilled)}{SUFFIX}{TEMPORARY}"
            write_segment(self._folder / name, in_memory, whole=False)
            self._pending[len(self.spilled) :] = [Segment(self._folder / name).rows]
            self.spilled.append(name)

    def finish(self) -> None:
        """Write what was kept as segments, merged with the newest old ones, and name them in the manifest."""
        self._take()
        old = list(self._connection.execute("SELECT number, rows FROM segments ORDER BY number"))
        total = sum(map(len, self._pending))
        first = len(old)
        while total and first and old[first - 1][1] < min(2 * total, LARGEST - total):
            first -= 1
            total += old[first][1]
        group: list[Rows] = self._before[first:]
        whole = first == 0
        for number, part in enumerate(self._pending, 1):
            group.append(part)
            following = self._pending[number : number + 1]
            if not following or sum(map(len, group)) + len(following[0]) > LARGEST:
                self._publish(group, whole=whole)
                group, whole = [], False
        if self._pending:
            self._connection.executemany("DELETE FROM segments WHERE number = ?", [(n,) for n, _ in old[first:]])
        change = self.counts.added - self.counts.removed
        self._connection.execute("UPDATE counts SET documents = documents + ?", (change,))

    def _publish(self, parts: Sequence[Rows], *, whole: bool) -> None:
        number = int(self._connection.execute("INSERT INTO segments (rows, bytes) VALUES (0, 0)").lastrowid or 0)
        path = self._folder / segment_name(number)
        temporary = path.with_name(path.name + TEMPORARY)
        rows = write_segment(temporary, parts, whole=whole)
        values = rows, temporary.stat().st_size, number
        temporary.replace(path)
        _sync_folder(self._folder)
        self._connection.execute("UPDATE segments SET rows = ?, bytes = ? WHERE number = ?", values)


def _keys(ids: Sequence[str]) -> Array:
    return np.frombuffer(b"".join(map(key_of, ids)), "<u8")


def _sync_folder(folder: Path) -> None:
    """Bring the names of a folder to the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
