"""What the last run published, remembered so that the next one need not read it again.

A file stands as it was written while its size, its times of change and its place on disk are as they were. This memory
lies in the work folder: it holds times, is no part of the record, and when it is gone everything is read again.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cleaner.corpus import JOURNAL, WORK, write_atomically

NAME = "published.json"
RACY = 2_000_000_000
"""Nanoseconds within which a file may change again and keep its time of change, on coarse file systems."""


@dataclass(frozen=True, slots=True)
class Standing:
    """The identity of the last run, what it said, and the files it left, each with its state."""

    identity: str = ""
    said: Mapping[str, Any] = field(default_factory=dict)
    files: Mapping[str, list[int]] = field(default_factory=dict)

    def holds(self, target: Path, path: str) -> bool:
        """Whether a file is as the last run left it."""
        known = self.files.get(path)
        return known is not None and known == state(target / path)

    def all_hold(self, target: Path) -> bool:
        """Whether every file is as the last run left it."""
        return all(self.holds(target, path) for path in self.files)


def state(path: Path) -> list[int]:
    """What tells whether a file was touched; nothing where there is none."""
    try:
        found = os.lstat(path)
    except OSError:
        return []
    return [found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino]


def remember(target: Path, identity: str, said: Mapping[str, Any], files: Iterable[str]) -> None:
    """Note what lies in a folder now."""
    known = {"identity": identity, "said": said, "files": {path: state(target / path) for path in files}}
    write_atomically(target / JOURNAL / WORK / NAME, json.dumps(known).encode())


def standing(target: Path) -> Standing:
    """What is remembered of a folder; nothing where no large run has ended."""
    try:
        known = json.loads((target / JOURNAL / WORK / NAME).read_bytes())
        return Standing(str(known["identity"]), dict(known["said"]), dict(known["files"]))
    except (OSError, ValueError, KeyError, TypeError):
        return Standing()
