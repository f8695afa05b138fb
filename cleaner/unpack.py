"""Sources as bytes that can be cut: lines of JSON as they lie, other files of records unpacked into boxes first."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import file_digest, sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from cleaner.bucket import Bucket
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
    """The bytes of a corpus: of files below `root`, and of boxes into which files were unpacked.

    Where the files lie in a `bucket`, `root` only stands for it in names.
    """

    root: Path
    store: Store
    bucket: Bucket | None = None

    def read(self, path: str, box: str, start: int, stop: int) -> bytes:
        """Some bytes of a file, or of what it was unpacked to. Raises CorpusError."""
        if box:  # a file without a line leaves no part of them
            return self.store.slice(box, LINES, start, stop - start) if stop > start else b""
        if not self.bucket:
            return read_range(self.root / path, start, stop)
        with self._told(path):
            return self.bucket.slice(path, start, stop)

    def length(self, path: str, box: str) -> int:
        """How many bytes there are. Raises CorpusError."""
        if box:
            return int(self.store.report(box)["parts"].get(LINES, [0])[0])
        with self._told(path):
            return self.bucket.info(path)[0] if self.bucket else (self.root / path).stat().st_size

    def shown(self, path: str) -> str:
        """A file as messages name it."""
        return f"{self.bucket}/{path}" if self.bucket else str(self.root / path)

    def state(self, path: str) -> list[int | str]:
        """What tells whether a file was touched: its size, and more; nothing where there is none."""
        if not self.bucket:
            return [*state(self.root / path)]
        with self._told(path):
            return [*self.bucket.info(path)]

    @contextmanager
    def file(self, path: str) -> Iterator[Path]:
        """A file on this disk with the bytes of one of the corpus."""
        if not self.bucket:
            yield self.root / path
            return
        with TemporaryDirectory(prefix="cleaner-source-") as folder:
            copy = Path(folder) / Path(path).name
            with self._told(path):
                self.bucket.get(path, copy)
            yield copy

    def is_foreign(self, path: str) -> bool:
        """Whether a file of records has to be unpacked: it is no plain JSONL in UTF-8."""
        if not holds_records(path) or not is_plain(path):
            return holds_records(path)
        return bool(encoding(self.read(path, "", 0, min(4, self.length(path, ""))))[0])

    @contextmanager
    def _told(self, path: str) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise CorpusError(f"{self.shown(path)}: cannot be read ({error.strerror})") from error

    def head(self, box: str) -> dict[str, Any]:
        """What has to be known to write a file again of which a box holds the lines."""
        return dict(self.store.report(box)["head"])


def unpacked(engine: Engine, sources: Sources, files: Sequence[str], key: str = "") -> dict[str, str]:
    """Unpack files that need it, each into a box; those that are there already stay. Returns the boxes by file.

    `key` is the field under which a run added what it found out, where the files were published by one.
    Raises CorpusError where a file is no file of its format, or the library that reads it is missing.
    """
    boxes = {path: _name(sources, path, key) for path in files}
    engine.run(unpack, [(sources, name, path, key) for path, name in boxes.items()])
    return boxes


def opened(sources: Sources, path: str, key: str = "") -> str:
    """The box of one file, unpacked if it need be; nothing for a file that lies as its lines. Raises CorpusError."""
    if not sources.is_foreign(path):
        return ""
    return unpacked(Here(), sources, [path], key)[path]


def unpack(sources: Sources, name: str, path: str, key: str = "") -> Report:
    """Task: the lines of a file into the box `name`. Raises CorpusError."""
    store = sources.store
    if store.has(name):
        return store.report(name)
    with sources.file(path) as file:
        return _unpacked(sources, name, path, file, {"key": key} if key else {})


def _unpacked(sources: Sources, name: str, path: str, file: Path, head: dict[str, Any]) -> Report:
    store, shown = sources.store, sources.shown(path)
    try:
        try:
            with store.box(name) as box:
                for line in lines(file, path, head, trusting=False):
                    box.add(LINES, line + b"\n")
                box.report = {"head": head}
        except SuspectError as error:
            with store.box(name) as box:
                box.add(LINES, broken(str(error)) + b"\n")
                box.report = {"head": head}
    except FormatError as error:
        raise CorpusError(f"{shown}: {error}") from error
    except OSError as error:
        if error.filename is not None and str(error.filename) != str(file):
            raise  # not the source fails but the place where it is unpacked
        raise CorpusError(f"{shown}: cannot be read ({error.strerror})") from error
    return store.report(name)


def _name(sources: Sources, path: str, key: str) -> str:
    """The box of a file: named by its state on disk, or by its bytes where it may change again unseen."""
    now = sources.state(path)
    if sources.bucket or (now and int(now[1]) < time.time_ns() - RACY):
        known = json.dumps(now)
    else:
        with (sources.root / path).open("rb") as file:
            known = file_digest(file, "sha256").hexdigest()
    return f"unpack-{sha256(f'{READERS}|{path}|{known}|{key}'.encode()).hexdigest()[:32]}"
