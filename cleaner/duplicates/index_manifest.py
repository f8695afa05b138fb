"""The manifest of an index, in SQLite: its parameters, its segments, and where its documents came from.

One transaction is the commit of everything that a writer did; whoever opens the index sees the state before it or after
it. The transaction is also the lock: SQLite lets one writer begin, and lets go of it when the process ends, however.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from cleaner.duplicates.index_entry import IndexingError, Source

NAME = "manifest.sqlite"
APPLICATION = 0x434C4E49
"""The number by which SQLite files of ours are known: "CLNI"."""
PATIENCE = 10.0
"""Seconds to wait for another process."""

_SCHEMA = """
CREATE TABLE parameters (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE segments (number INTEGER PRIMARY KEY AUTOINCREMENT, rows INTEGER NOT NULL, bytes INTEGER NOT NULL);
CREATE TABLE sources (number INTEGER PRIMARY KEY, root TEXT NOT NULL, path TEXT NOT NULL, prefix TEXT NOT NULL,
    cleaned INTEGER NOT NULL, UNIQUE (root, path, prefix, cleaned));
CREATE TABLE counts (documents INTEGER NOT NULL);
INSERT INTO counts VALUES (0);
"""


@dataclass(frozen=True, slots=True)
class State:
    """What a manifest says at one moment; segments as (number, rows, bytes), oldest first."""

    parameters: Mapping[str, Any]
    segments: tuple[tuple[int, int, int], ...]
    sources: Mapping[int, Source]
    documents: int


def read_state(folder: Path) -> State:
    """The state of an index, without writing. Raises IndexingError when there is none, or it cannot be read."""
    path = folder / NAME
    if not path.is_file():
        raise IndexingError(f"{folder}: is no index; make one with: cleaner index build {folder} PATHS")
    try:
        try:
            return _read(path, "ro")
        except sqlite3.OperationalError:
            return _read(path, "rw")  # a writer was killed while it committed: its journal has to be rolled back
    except sqlite3.Error as error:
        raise IndexingError(f"{path}: cannot be read ({error})") from error


def _read(path: Path, mode: str) -> State:
    location = f"file:{quote(str(path.resolve()))}?mode={mode}"
    with closing(sqlite3.connect(location, uri=True, timeout=PATIENCE, isolation_level=None)) as connection:
        connection.execute("BEGIN")
        return state_of(connection)


def check_ours(connection: sqlite3.Connection) -> None:
    """Raise sqlite3.Error for the file of another program."""
    if not is_new(connection) and connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION:
        raise sqlite3.DatabaseError("it was not made by cleaner")


def is_new(connection: sqlite3.Connection) -> bool:
    """Whether the file holds nothing yet: a first build, or one that was killed."""
    return not connection.execute("SELECT 1 FROM sqlite_master").fetchone()


def state_of(connection: sqlite3.Connection) -> State:
    """The state that a connection sees."""
    if is_new(connection):
        raise IndexingError("the index was never built to its end; build it: cleaner index build INDEX PATHS")
    check_ours(connection)
    sources = connection.execute("SELECT number, root, path, prefix, cleaned FROM sources")
    return State(
        {name: json.loads(value) for name, value in connection.execute("SELECT name, value FROM parameters")},
        tuple(connection.execute("SELECT number, rows, bytes FROM segments ORDER BY number")),
        {number: Source(root, path, prefix, bool(cleaned)) for number, root, path, prefix, cleaned in sources},
        int(connection.execute("SELECT documents FROM counts").fetchone()[0]),
    )


@contextmanager
def writing(folder: Path) -> Iterator[sqlite3.Connection]:
    """A transaction that is committed at the end, and taken back when an error leaves it. One process at a time.

    Raises IndexingError when another one is writing, or the file cannot be written.
    """
    path = folder / NAME
    try:
        with closing(sqlite3.connect(path, timeout=PATIENCE, isolation_level=None)) as connection:
            connection.execute("PRAGMA synchronous = EXTRA")
            try:
                connection.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                if "locked" not in str(error):
                    raise
                raise IndexingError(f"{folder}: another process is writing to it; try again when it is done") from error
            yield connection
            connection.execute("COMMIT")
    except sqlite3.Error as error:
        raise IndexingError(f"{path}: cannot be written ({error})") from error


def reset(connection: sqlite3.Connection, parameters: Mapping[str, Any]) -> None:
    """Begin an empty index within the transaction. Numbers of segments go on, so that no name comes back."""
    tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    last = connection.execute("SELECT max(seq) FROM sqlite_sequence").fetchone()[0] if "segments" in tables else None
    for name in tables:
        if not name.startswith("sqlite_"):
            connection.execute(f'DROP TABLE "{name}"')
    for statement in _SCHEMA.split(";"):
        connection.execute(statement)
    connection.execute(f"PRAGMA application_id = {APPLICATION}")
    if last:
        connection.execute("INSERT INTO sqlite_sequence VALUES ('segments', ?)", (last,))
    values = [(name, json.dumps(value)) for name, value in parameters.items()]
    connection.executemany("INSERT INTO parameters VALUES (?, ?)", values)


def number_of(connection: sqlite3.Connection, source: Source) -> int:
    """The number of a source, a new one when it is not known."""
    values = (source.root, source.path, source.prefix, source.cleaned)
    known = connection.execute(
        "SELECT number FROM sources WHERE (root, path, prefix, cleaned) = (?, ?, ?, ?)", values
    ).fetchone()
    if known:
        return int(known[0])
    inserted = connection.execute("INSERT INTO sources (root, path, prefix, cleaned) VALUES (?, ?, ?, ?)", values)
    return int(inserted.lastrowid or 0)
