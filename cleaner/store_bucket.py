"""Boxes in a store of objects: what tasks on machines leave for each other that share no disk.

The report of a box is written behind its parts, so that it says that they are there. Two workers that fill one box
write the same bytes under the same names.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from cleaner.bucket import Bucket
from cleaner.store import REPORT, Box, Slice


@dataclass(frozen=True, slots=True)
class Boxes:
    """See Store."""

    place: Bucket

    def has(self, name: str) -> bool:
        """See Store. The bytes are not read again: such stores keep digests of their own, and give all or nothing."""
        sizes = self.place.sizes(name)
        if REPORT not in sizes:
            return False
        try:
            return all(sizes.get(part) == size for part, (size, _) in self.report(name)["parts"].items())
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            return False  # damaged by somebody: its task fills it again

    def report(self, name: str) -> dict[str, Any]:
        """See Store."""
        report: dict[str, Any] = json.loads(self.place.read(f"{name}/{REPORT}"))
        return report

    def read(self, name: str, part: str) -> bytes:
        """See Store."""
        try:
            return self.place.read(f"{name}/{part}")
        except FileNotFoundError:
            return b""

    def slice(self, name: str, part: str, start: int, size: int) -> bytes:
        """See Store."""
        return self.place.slice(f"{name}/{part}", start, start + size)

    def slices(self, asked: Sequence[Slice]) -> list[bytes]:
        """See Store."""
        return self.place.slices([(f"{name}/{part}", start, start + size) for name, part, start, size in asked])

    @contextmanager
    def box(self, name: str) -> Iterator[Box]:
        """See Store. It is filled on this machine, in the folder for temporary files."""
        folder = Path(mkdtemp(prefix="cleaner-box-"))
        box = Box(folder)
        try:
            yield box
            report = box.finished()
            for part in report["parts"]:
                self.place.put(f"{name}/{part}", folder / part)
            self.place.write(f"{name}/{REPORT}", json.dumps(report).encode())
        finally:
            box.close()
            shutil.rmtree(folder, ignore_errors=True)

    def sweep(self, wanted: set[str]) -> None:
        """Remove every box but those wanted."""
        for name in self.place.folders():
            if name not in wanted:
                self.place.remove(name)
