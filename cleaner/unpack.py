"""Sources as bytes that can be cut: lines of JSON as they lie, other files of records unpacked into boxes first."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Any

from cleaner.corpus import CorpusError, read_range
from cleaner.engine import Engine, Here, Report
from cleaner.formats import FormatError, holds_records, is_plain
from cleaner.formats.files import lines
from cleaner.formats.lines import encoding
from cleaner.formats.packing import SuspectError
from cleaner.records import broken
from cleaner.standing import RACY, state
from cleaner.store import Store

LINES = "lines"
HELD = 256 << 10
"""Bytes of files that are unpacked in memory: at the most that compression may gain, they stay a small corpus."""
READERS = 1
"""Raised when what a reader gives of a file changes."""


@dataclass(frozen=True, slots=True)
class Sources:
    """The bytes of a corpus: of files below `root`, and of boxes into which files were unpacked."""

    root: Path
    store: Store

    def read(self, path: str, box: str, start: int, stop: int) -> bytes:
        """Some bytes of a file, or of what it was unpacked to. Raises CorpusError."""
        if box:  # a file without a line leaves no part of them
            return self.store.slice(box, LINES, start, stop - start) if stop > start else b""
        return read_range(self.root / path, start, stop)

    def length(self, path: str, box: str) -> int:
        """How many bytes there are. Raises CorpusError."""
        if box:
            return int(self.store.report(box)["parts"].get(LINES, [0])[0])
        try:
            return (self.root / path).stat().st_size
        except OSError as error:
            raise CorpusError(f"{self.root / path}: cannot be read ({error.strerror})") from error

    def head(self, box: str) -> dict[str, Any]:
        """What has to be known to write a file again of which a box holds the lines."""
        return dict(self.store.report(box)["head"])


def is_foreign(root: Path, path: str) -> bool:
    """Whether a file of records has to be unpacked: it is no plain JSONL in UTF-8."""
    return holds_records(path) and not (is_plain(path) and not encoding(read_range(root / path, 0, 4))[0])


def unpacked(engine: Engine, root: Path, files: Sequence[str], store: Store, key: str = "") -> dict[str, str]:
    """Unpack files that need it, each into a box; those that are there already stay. Returns the boxes by file.

    `key` is the field under which a run added what it found out, where the files were published by one.
    Raises CorpusError where a file is no file of its format, or the library that reads it is missing.
    """
    boxes = {path: _name(root, path, key) for path in files}
    engine.run(unpack, [(root, store, name, path, key) for path, name in boxes.items()])
    return boxes


def opened(sources: Sources, path: str, key: str = "") -> str:
    """The box of one file, unpacked if it need be; nothing for a file that lies as its lines. Raises CorpusError."""
    if not is_foreign(sources.root, path):
        return ""
    return unpacked(Here(), sources.root, [path], sources.store, key)[path]


def unpack(root: Path, store: Store, name: str, path: str, key: str = "") -> Report:
    """Task: the lines of a file into the box `name`. Raises CorpusError."""
    if store.has(name):
        return store.report(name)
    head: dict[str, Any] = {"key": key} if key else {}
    try:
        try:
            with store.box(name) as box:
                for line in lines(root / path, path, head, trusting=False):
                    box.add(LINES, line + b"\n")
                box.report = {"head": head}
        except SuspectError as error:
            with store.box(name) as box:
                box.add(LINES, broken(str(error)) + b"\n")
                box.report = {"head": head}
    except FormatError as error:
        raise CorpusError(f"{root / path}: {error}") from error
    except OSError as error:
        if error.filename is not None and str(error.filename) != str(root / path):
            raise  # not the source fails but the place where it is unpacked
        raise CorpusError(f"{root / path}: cannot be read ({error.strerror})") from error
    return store.report(name)


def _name(root: Path, path: str, key: str) -> str:
    """The box of a file: named by its state on disk, or by its bytes where it may change again unseen."""
    now = state(root / path)
    if now and now[1] < time.time_ns() - RACY:
        known = json.dumps(now)
    else:
        with (root / path).open("rb") as file:
            known = file_digest(file, "sha256").hexdigest()
    return f"unpack-{sha256(f'{READERS}|{path}|{known}|{key}'.encode()).hexdigest()[:32]}"
