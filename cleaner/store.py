"""Where tasks leave their results: named boxes of parts, in memory or in a folder, each there whole or not at all."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from hashlib import file_digest, sha256
from itertools import groupby
from pathlib import Path
from secrets import token_hex
from typing import Any, BinaryIO, Protocol

HELD = 1 << 20
"""Bytes that wait in memory until they are written together: documents are small and writing has its price."""
REPORT = "report.json"
"""The report of the task that filled a box. It holds the size and the digest of every part."""


class Box:
    """A box that is being filled: `add` to its parts, and set its report."""

    def __init__(self, folder: Path | None = None) -> None:
        self.report: dict[str, Any] = {}
        self.memory: dict[str, bytearray] = {}
        self._folder = folder
        self._waiting: dict[str, list[bytes]] = {}
        self._held = 0
        self._files: dict[str, BinaryIO] = {}
        self._digests: dict[str, Any] = {}
        self._sizes: dict[str, int] = {}

    def add(self, part: str, data: bytes) -> None:
        """Write behind what the part holds already."""
        self._waiting.setdefault(part, []).append(data)
        self._held += len(data)
        if self._held >= HELD:
            self._flush()

    def _flush(self) -> None:
        for part, pieces in self._waiting.items():
            self._write(part, b"".join(pieces))
        self._waiting, self._held = {}, 0

    def _write(self, part: str, data: bytes) -> None:
        if part not in self._sizes:
            self._digests[part], self._sizes[part] = sha256(), 0
            if self._folder:
                self._files[part] = (self._folder / part).open("wb")
            else:
                self.memory[part] = bytearray()
        self._digests[part].update(data)
        self._sizes[part] += len(data)
        if self._folder:
            self._files[part].write(data)
        else:
            self.memory[part] += data

    def finished(self) -> dict[str, Any]:
        """Close the parts; the report with what they hold. OSError when the disk is full."""
        self._flush()
        self.close()
        parts = {part: [size, self._digests[part].hexdigest()] for part, size in sorted(self._sizes.items())}
        return {**self.report, "parts": parts}

    def close(self) -> None:
        """Close the files of the parts."""
        while self._files:
            self._files.popitem()[1].close()


Slice = tuple[str, str, int, int]
"""A box, a part of it, where some bytes begin, and how many they are."""


class Store(Protocol):
    """Boxes by name."""

    def has(self, name: str) -> bool:
        """Whether the task that fills this box has finished."""
        ...

    def report(self, name: str) -> dict[str, Any]:
        """What that task reported."""
        ...

    def read(self, name: str, part: str) -> bytes:
        """A part; nothing when the box holds no such part."""
        ...

    def slice(self, name: str, part: str, start: int, size: int) -> bytes:
        """Some bytes of a part."""
        ...

    def slices(self, asked: Sequence[Slice]) -> list[bytes]:
        """The same for many, which a store that is far away may bring at once."""
        ...

    def box(self, name: str) -> Any:
        """A context that gives a Box to fill; it is kept when the context ends without an error."""
        ...

    def sweep(self, wanted: set[str]) -> None:
        """Remove every box but those wanted."""
        ...


@dataclass(frozen=True, slots=True)
class Memory:
    """Boxes in memory, for corpora that fit there."""

    boxes: dict[str, tuple[dict[str, Any], Mapping[str, bytes]]] = field(default_factory=dict)

    def has(self, name: str) -> bool:
        """See Store."""
        return name in self.boxes

    def report(self, name: str) -> dict[str, Any]:
        """See Store."""
        return self.boxes[name][0]

    def read(self, name: str, part: str) -> bytes:
        """See Store."""
        return self.boxes[name][1].get(part, b"")

    def slice(self, name: str, part: str, start: int, size: int) -> bytes:
        """See Store."""
        return bytes(memoryview(self.boxes[name][1].get(part, b""))[start : start + size])

    def slices(self, asked: Sequence[Slice]) -> list[bytes]:
        """See Store."""
        return [self.slice(*one) for one in asked]

    @contextmanager
    def box(self, name: str) -> Iterator[Box]:
        """See Store."""
        box = Box()
        yield box
        report = box.finished()
        self.boxes[name] = report, {part: bytes(data) for part, data in box.memory.items()}

    def sweep(self, wanted: set[str]) -> None:
        """See Store."""
        for name in self.boxes.keys() - wanted:
            del self.boxes[name]


@dataclass(frozen=True, slots=True)
class Folder:
    """Boxes as folders of files. A box that is being filled has another name until it is complete."""

    path: Path

    def has(self, name: str) -> bool:
        """See Store. A box that was damaged since it was filled is none, so that its task fills it again."""
        try:
            report = self.report(name)
            return all(self._digest(name, part) == known for part, (_, known) in report["parts"].items())
        except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
            return False

    def _digest(self, name: str, part: str) -> str:
        with (self.path / name / part).open("rb") as file:
            return file_digest(file, "sha256").hexdigest()

    def report(self, name: str) -> dict[str, Any]:
        """See Store. A part that lost bytes, as files do when a machine loses power, raises ValueError."""
        report: dict[str, Any] = json.loads((self.path / name / REPORT).read_bytes())
        for part, (size, _) in report["parts"].items():
            if (self.path / name / part).stat().st_size != size:
                raise ValueError(f"{self.path / name / part} is not as it was written")
        return report

    def read(self, name: str, part: str) -> bytes:
        """See Store."""
        try:
            return (self.path / name / part).read_bytes()
        except FileNotFoundError:
            return b""

    def slice(self, name: str, part: str, start: int, size: int) -> bytes:
        """See Store."""
        with (self.path / name / part).open("rb") as file:
            file.seek(start)
            return file.read(size)

    def slices(self, asked: Sequence[Slice]) -> list[bytes]:
        """See Store. Each file is opened once, and read from its beginning to its end."""
        found: dict[int, bytes] = {}
        order = sorted(range(len(asked)), key=asked.__getitem__)
        for (name, part), numbers in groupby(order, key=lambda number: asked[number][:2]):
            with (self.path / name / part).open("rb", buffering=0) as file:
                for number in numbers:
                    _, _, start, size = asked[number]
                    file.seek(start)
                    found[number] = file.read(size)
        return [found[number] for number in range(len(asked))]

    @contextmanager
    def box(self, name: str) -> Iterator[Box]:
        """See Store."""
        filling = self.path / f"{name}.{token_hex(8)}.tmp"
        filling.mkdir(parents=True)
        box = Box(filling)
        try:
            yield box
            (filling / REPORT).write_text(json.dumps(box.finished()), encoding="utf-8")
            self._place(filling, name)
        except BaseException as error:
            with suppress(OSError):
                box.close()
            shutil.rmtree(filling, ignore_errors=True)
            if isinstance(error, OSError) and not error.filename:  # a full disk does not say which
                raise OSError(error.errno, error.strerror, str(self.path)) from error
            raise

    def _place(self, filling: Path, name: str) -> None:
        """Give a box its name. Another worker may have filled it meanwhile: then that one stays, for it may be read."""
        try:
            filling.rename(self.path / name)
        except OSError:
            if not self.has(name):
                shutil.rmtree(self.path / name, ignore_errors=True)
                filling.rename(self.path / name)
            else:
                shutil.rmtree(filling, ignore_errors=True)

    def sweep(self, wanted: set[str]) -> None:
        """Remove every box but those wanted, and what a process left that was killed."""
        if self.path.is_dir():
            for entry in os.scandir(self.path):
                if entry.is_dir(follow_symlinks=False) and entry.name not in wanted:
                    shutil.rmtree(entry.path, ignore_errors=True)
