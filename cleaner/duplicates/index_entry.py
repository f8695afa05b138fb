"""What an index says about a document, and what every index can do, on a disk or on a server."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from cleaner.characters import UNICODE
from cleaner.duplicates.shingle import HASH

LEAST = 20
"""Agreeing values of 128 from which a pair is verified: a Jaccard of .16. A text that stands whole in one of three
times its length has .33 and is found with a probability of .97, in one of four times its length with .90 (binomial);
texts on one subject share less than .05."""
FOUND = 64
"""Agreeing values from which a pair counts as found where the text cannot be had: an estimated Jaccard of one half."""
DIGEST = 16
PERMUTATIONS = 128
PARAMETERS = {
    "format": 1,
    "scheme": "affine32",
    "permutations": PERMUTATIONS,
    "seed": 1,
    "hash": HASH,
    "shingle": 5,
    "unicode": UNICODE,
}
"""What decides whether two signatures can be compared, and whether this program can read an index."""


class IndexingError(Exception):
    """What is wrong with an index, where, and what to do about it."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where documents came from.

    `root` is a folder, relative to the index. `path` is a file of several documents below it; when it is empty, every
    document is a file of its own and its id, without the prefix, is its path. `cleaned`: its texts were cleaned when
    they were read.
    """

    root: str
    path: str = ""
    prefix: str = ""
    cleaned: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """A document of an index: its id, where it stands, the digest of its folded text."""

    id: str
    source: Source
    line: int
    digest: bytes


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry that resembles a text: in how many values of 128 their signatures agree, and whether it is a copy."""

    entry: Entry
    agreeing: int
    exact: bool


@dataclass(slots=True)
class Added:
    """What became of the documents that were added."""

    added: int = 0
    replaced: int = 0
    unchanged: int = 0
    removed: int = 0


class Store(Protocol):
    """An index as it is read."""

    def lookup(self, signatures: Any, digests: Sequence[bytes]) -> list[list[Hit]]:
        """The entries that may be like each of some texts."""

    def entries(self) -> Iterator[tuple[list[Entry], Any]]:
        """All entries with their signatures, some at a time."""

    def sources(self) -> set[Source]:
        """Where documents came from."""

    def facts(self) -> dict[str, Any]:
        """Numbers about the index, and its parameters."""


class Writer(Protocol):
    """An index as it is written; everything takes effect together, when the writer is left without an error."""

    counts: Added

    def add(self, entries: Sequence[Entry], signatures: Any) -> None:
        """Add documents; one whose id is known replaces it, or is skipped when nothing differs."""

    def remove(self, ids: Sequence[str]) -> None:
        """Remove documents; ids that are not there are passed over."""


def check_parameters(parameters: dict[str, Any], name: str) -> None:
    """Raise IndexingError when an index was made with other parameters than this program's."""
    for key, value in PARAMETERS.items():
        if parameters.get(key) != value:
            raise IndexingError(
                f"{name}: was made with {key} = {parameters.get(key)!r}, this program has {value!r}; "
                f"build it again: cleaner index build {name} PATHS"
            )


def key_of(name: str) -> bytes:
    """Eight bytes by which an id is found."""
    return hashlib.blake2b(name.encode("utf-8"), digest_size=8).digest()


def text_digest(exact_key: str) -> bytes:
    """The digest of a folded text; equal for exact copies."""
    return hashlib.blake2b(exact_key.encode("utf-8"), digest_size=DIGEST).digest()
