"""How much memory a run may take, all its processes together, and what that lets it do at a time."""

from __future__ import annotations

import re
from typing import NamedTuple

DEFAULT = 1_000_000_000
FIRST = 60_000_000
"""What the process that hands out tasks holds: no text. Measured 23 MB; its reports grow with the shards."""
WORKER = 400_000_000
"""What a worker holds: libraries, kernels and word lists are three quarters of it. Measured 310 to 380 MB."""
LEAST = FIRST + WORKER
SORTED = 64_000_000
"""Bytes of keys that are sorted at a time at least: with fewer the same files are read too often."""
ALONE = 360_000_000
"""What `dedup` holds beside what grows with the documents: libraries, kernels, texts that are compared at a time."""
EACH = 450
"""Bytes of a document of a file that is deduplicated, beside the pairs that it is in."""
PAIR = 24
"""Bytes of a pair of documents while pairs are put in order."""
UNITS = {"": 1, "B": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12}
_SIZE = re.compile(r"(\d{1,15}(?:\.\d{1,3})?) ?([KMGT]?B?)", re.ASCII | re.IGNORECASE)


class TooLittleMemoryError(ValueError):
    """What has to be held does not fit into the memory that was stated."""


class Room(NamedTuple):
    """How many workers there may be, and how many bytes of keys one of them may sort at a time."""

    workers: int
    held: int


def size_of(stated: str) -> int:
    """Bytes of a size such as 500MB or 1.5GB. Raises ValueError with what is wrong."""
    found = _SIZE.fullmatch(stated.strip())
    unit = found[2].upper() if found else ""
    if not found or (unit and not unit.endswith("B")):
        raise ValueError(f"memory = {stated!r}: must be a size such as 500MB or 2GB")
    size = int(float(found[1]) * UNITS[unit])
    if size < LEAST:
        raise ValueError(f"memory = {stated!r}: a run needs {LEAST // 10**6}MB, of which one worker has most")
    return size


def room(stated: str, workers: int) -> Room:
    """What fits into the memory that is stated. Without that all workers do, and into 1 GB if they are few."""
    size = size_of(stated) if stated else max(DEFAULT, FIRST + workers * WORKER)
    fitting = max(1, min(workers, (size - FIRST) // WORKER))
    return Room(fitting, max(SORTED, (size - FIRST - fitting * WORKER) // 2))


def pairs_held(stated: str, documents: int) -> int:
    """Pairs that may be held while so many documents are deduplicated. Raises TooLittleMemoryError."""
    need = ALONE + documents * EACH + SORTED
    size = size_of(stated) if stated else max(DEFAULT, need)
    if size < need:
        raise TooLittleMemoryError(f"memory = {stated!r}: {documents:,} documents need {-(-need // 10**6):,}MB")
    return (size - need + SORTED) // PAIR
