"""The plan of a run: which bytes of which files make a shard. It depends on the sources alone, never on who works."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import NamedTuple
from zlib import crc32

from cleaner.corpus import FIRST, digest, fields_of
from cleaner.formats import holds_records, output
from cleaner.records import PLAIN, USUAL, Fields, lines_of
from cleaner.unpack import Sources

SHARD = 1 << 20
"""Bytes of raw text in a shard, about: few enough that many cores have work and little is done again after a crash."""
SHARDS, LARGEST = 256, 16 << 20
"""Shards of one large file, until each has the largest size. Sizes double, so a file that grows is seldom cut anew."""
SMALL = 4
"""Weight in shards up to which a corpus is one shard, and stays in memory: it is done before processes are ready."""
LIGHT = 4096
"""What a file weighs beyond its bytes: opening it costs as much as cleaning a few of them."""


class Piece(NamedTuple):
    """Some bytes of a file that hold whole documents. `line` counts the lines of the file before them.

    Where the file had to be unpacked, they are bytes of what `box` holds. `fields` are those of its records, `out`
    those of the records that are published, empty where texts are.
    """

    path: str
    start: int
    stop: int
    line: int = 0
    box: str = ""
    fields: Fields = PLAIN
    out: Fields = PLAIN


Shard = tuple[Piece, ...]


def cut(
    sources: Sources,
    files: Sequence[str],
    size: int = SHARD,
    boxes: Mapping[str, str] | None = None,
    asked: Fields = USUAL,
    to: str = "",
) -> list[Shard]:
    """The shards of a corpus, in the order of its files. Lines are not counted yet.

    A large file of records is cut at line ends near multiples of a size, so lines appended to it move no cut. Small
    files are put together, and where a shard of them ends depends on names: one file more or less moves the cuts
    nearby only. `boxes` are those of files that were unpacked. Raises CorpusError where no record has a text.
    """
    boxes = boxes or {}
    wholes = [_whole(sources, path, boxes.get(path, ""), asked, to) for path in files]
    if sum(piece.stop for piece in wholes) + LIGHT * len(wholes) <= SMALL * size:
        return [tuple(wholes)]
    shards: list[Shard] = []
    together: list[Piece] = []
    weight = 0
    for whole in wholes:
        pieces = list(_pieces(sources, whole, size)) if holds_records(whole.path) else [whole]
        if len(pieces) > 1:
            shards += [tuple(together)] if together else []
            shards += [(piece,) for piece in pieces]
            together, weight = [], 0
            continue
        together += pieces
        weight += whole.stop + LIGHT
        may_end = crc32(whole.path.encode()) * size < (whole.stop + LIGHT) << 33  # about once in half a shard
        if weight >= 2 * size or (weight >= size // 2 and may_end):
            shards.append(tuple(together))
            together, weight = [], 0
    return [*shards, tuple(together)] if together else shards


PEEK = 1 << 18
"""Bytes at the beginning of a file of records that tell the names of its fields."""


def _whole(sources: Sources, path: str, box: str, asked: Fields, to: str) -> Piece:
    length = sources.length(path, box)
    as_records = holds_records(output(path, to))
    if not holds_records(path):
        return Piece(path, 0, length, out=PLAIN if as_records else USUAL)
    first = sources.read(path, box, 0, min(length, PEEK))
    found = lines_of(first if length <= PEEK else first[: first.rfind(b"\n") + 1] or first)
    fields = fields_of(sources.shown(path), (line for *_, line in islice(found, FIRST)), asked)
    return Piece(path, 0, length, 0, box, fields, fields if as_records else USUAL)


def _pieces(sources: Sources, whole: Piece, size: int) -> Iterator[Piece]:
    length = whole.stop
    while size * SHARDS < length and size < LARGEST:
        size *= 2
    if length <= size * 3 // 2:
        yield whole
        return
    start = 0
    for near in range(size, length - size // 2, size):
        if near <= start:
            continue  # one line spans several shards
        stop = _line_end(sources, whole, near - 1)
        if stop < length:
            yield whole._replace(start=start, stop=stop)
            start = stop
    yield whole._replace(start=start)


STEP = 1 << 16


def _line_end(sources: Sources, whole: Piece, at: int) -> int:
    """Where the line ends that holds a byte."""
    step = STEP
    while at < whole.stop:
        part = sources.read(whole.path, whole.box, at, min(at + step, whole.stop))
        end = part.find(b"\n")
        if end >= 0:
            return at + end + 1
        at += len(part)
        step = min(step * 2, 1 << 20)
    return whole.stop


def weigh(shards: Sequence[Shard]) -> int:
    """Bytes of raw text in all."""
    return sum(piece.stop - piece.start for shard in shards for piece in shard)


def survey(sources: Sources, pieces: Sequence[Piece]) -> dict[str, list[tuple[int, str]]]:
    """Task: count the lines of some pieces, and take the digests of their bytes. Raises CorpusError."""
    found = []
    for piece in pieces:
        data = sources.read(piece.path, piece.box, piece.start, piece.stop)
        found.append((data.count(b"\n"), digest(data)))
    return {"found": found}
