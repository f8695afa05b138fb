"""A folder that several machines reach, on a disk or in a store (bucket.py): the few things that are asked of one."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from typing import Protocol


class Place(Protocol):
    """Files by their names below a folder. What fails raises OSError, a missing file FileNotFoundError."""

    def sizes(self, folder: str = "") -> dict[str, int]:
        """The bytes of every file that lies right in a folder, by its name there; nothing where there is no folder."""
        ...

    def exists(self) -> bool:
        """Whether there is such a folder."""
        ...

    def read(self, name: str) -> bytes:
        """What a file holds."""
        ...

    def write(self, name: str, data: bytes) -> None:
        """Write a file so that it is there whole or not at all, and its folder with it."""
        ...

    def create(self, name: str, data: bytes) -> bool:
        """Write a file unless there is one; of several who do so at once, one is told that it was the first."""
        ...

    def remove(self, name: str) -> None:
        """Remove a file if it is there."""
        ...


@dataclass(frozen=True, slots=True)
class Disk:
    """A folder of this machine, or one that is mounted on it."""

    path: Path

    def __str__(self) -> str:
        return str(self.path)

    def sizes(self, folder: str = "") -> dict[str, int]:
        """See Place."""
        try:
            with os.scandir(self.path / folder) as found:
                return {entry.name: entry.stat().st_size for entry in found if entry.is_file()}
        except FileNotFoundError:
            return {}

    def exists(self) -> bool:
        """See Place."""
        return self.path.exists()

    def read(self, name: str) -> bytes:
        """See Place."""
        return (self.path / name).read_bytes()

    def write(self, name: str, data: bytes) -> None:
        """See Place."""
        path = self.path / name
        writing = path.with_name(f".{path.name}.{token_hex(8)}")
        path.parent.mkdir(parents=True, exist_ok=True)
        writing.write_bytes(data)
        writing.replace(path)

    def create(self, name: str, data: bytes) -> bool:
        """See Place."""
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with path.open("xb") as file:
                file.write(data)
        except FileExistsError:
            return False
        return True

    def remove(self, name: str) -> None:
        """See Place."""
        (self.path / name).unlink(missing_ok=True)
