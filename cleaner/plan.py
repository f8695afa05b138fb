"""The plan of a run: which bytes of which files make a shard. It depends on the sources alone, never on who works."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

from cleaner.corpus import RECORDS, CorpusError, digest, read_range

SHARD = 1 << 20
"""Bytes of raw text in a shard, about: few enough that many cores have work and little is done again after a crash."""
SHARDS, LARGEST = 256, 16 << 20
"""Shards of one large file, until each has the largest size. Sizes double, so a file that grows is seldom cut anew."""
SMALL = 4
"""Weight in shards up to which a corpus is one shard, and stays in memory: it is done before processes are ready."""
LIGHT = 4096
"""What a file weighs beyond its bytes: opening it costs as much as cleaning a few of them."""


class Piece(NamedTuple):
    """Some bytes of a file that hold whole documents. `line` counts the lines of the file before them."""

    path: str
    start: int
    stop: int
    line: int = 0


Shard = tuple[Piece, ...]


def cut(root: Path, files: Sequence[str], size: int = SHARD) -> list[Shard]:
    """The shards of a corpus, in the order of its files. Lines are not counted yet.

    A large file of records is cut at line ends near multiples of a size, so lines appended to it move no cut. Small
    files are put together, and where a shard of them ends depends on names: one file more or less moves the cuts
    nearby only.
    """
    lengths = {path: _length(root / path) for path in files}
    if sum(lengths.values()) + LIGHT * len(lengths) <= SMALL * size:
        return [tuple(Piece(path, 0, length) for path, length in lengths.items())]
    shards: list[Shard] = []
    together: list[Piece] = []
    weight = 0
    for path, length in lengths.items():
        pieces = list(_pieces(root / path, path, length, size)) if path.endswith(RECORDS) else [Piece(path, 0, length)]
        if len(pieces) > 1:
            shards += [tuple(together)] if together else []
            shards += [(piece,) for piece in pieces]
            together, weight = [], 0
            continue
        together += pieces
        weight += length + LIGHT
        may_end = crc32(path.encode()) * size < (length + LIGHT) << 33  # about once in half a shard
        if weight >= 2 * size or (weight >= size // 2 and may_end):
            shards.append(tuple(together))
            together, weight = [], 0
    return [*shards, tuple(together)] if together else shards


def _length(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError as error:
        raise CorpusError(f"{path}: cannot be read ({error.strerror})") from error


def _pieces(file: Path, path: str, length: int, size: int) -> Iterator[Piece]:
    while size * SHARDS < length and size < LARGEST:
        size *= 2
    if length <= size * 3 // 2 or read_range(file, 0, 2) in (b"\xff\xfe", b"\xfe\xff"):
        yield Piece(path, 0, length)
        return
    start = 0
    with file.open("rb") as lines:
        for near in range(size, length - size // 2, size):
            if near <= start:
                continue  # one line spans several shards
            lines.seek(near - 1)
            while (part := lines.readline(1 << 20)) and not part.endswith(b"\n"):
                pass
            stop = lines.tell()
            if stop < length:
                yield Piece(path, start, stop)
                start = stop
    yield Piece(path, start, length)


def weigh(shards: Sequence[Shard]) -> int:
    """Bytes of raw text in all."""
    return sum(piece.stop - piece.start for shard in shards for piece in shard)


def survey(root: Path, pieces: Sequence[Piece]) -> dict[str, list[tuple[int, str]]]:
    """Task: count the lines of some pieces, and take the digests of their bytes. Raises CorpusError."""
    found = []
    for piece in pieces:
        data = read_range(root / piece.path, piece.start, piece.stop)
        found.append((data.count(b"\n"), digest(data)))
    return {"found": found}
