"""A segment of an index: one immutable file of rows sorted by the hash of the document's id, read through a memory map.

What stands in it, for n rows of which m are not removals:

    keys        uint64 (n)          hash of the id; the order of all rows
    digests     bytes (n, 16)       digest of the folded text: equal for exact copies
    sources     uint32 (n)          number of the source in the manifest; 0: the document was removed
    lines       uint32 (n)          its line in that source; 0: the source holds nothing else
    low, plane_ends, planes         the signature (index_packing)
    id_ends, ids                    the ids in UTF-8, one after the other
    postings    uint32 (15, m)      for each of 14 values of the signature, and for the digest: rows by bucket
    directory   uint32 (15, b + 1)  where each bucket begins in its row of postings

A bucket is a hash of the value's low 24 bits. Two texts of Jaccard j share a value with probability j. A row is a
candidate when two of the 14 agree: probability 1 - (1-j)^14 - 14 j (1-j)^13, that is .9991 at j = .5 and .99994 at .6.
Rows that only share a bucket are told apart by the whole signature.

The file is: magic, arrays at multiples of 64 bytes, a JSON table of them, the length of the table, magic.
"""

from __future__ import annotations

import json
import mmap
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from cleaner.duplicates.index_packing import LOW, PLANE, Array, low_values, pack, unpack

COLUMNS = 14
AGREEING = 2
MOST_CANDIDATES = 1000
"""Rows of one segment that are compared as a whole for one text; those that agree in most columns come first."""
DIGEST = 16
MAGIC = b"CLNSEG01"
ALIGNMENT = 64
CHUNK = 1 << 15
"""Rows that are copied at a time."""
GOLDEN = 0x9E3779B1
"""An odd factor that spreads values over buckets: 2^32 divided by the golden ratio."""
PER_BUCKET = 4
REMOVED = 0


class DamagedError(Exception):
    """A segment file that is not what was written."""


@dataclass(slots=True)
class Rows:
    """Rows sorted by key, each key once, as the arrays described above. Read only."""

    keys: Array
    digests: Array
    sources: Array
    lines: Array
    low: Array
    plane_ends: Array
    planes: Array
    id_ends: Array
    ids: Array

    def __len__(self) -> int:
        return len(self.keys)

    def id(self, row: int) -> str:
        """The id of a row."""
        start = int(self.id_ends[row - 1]) if row else 0
        return self.ids[start : int(self.id_ends[row])].tobytes().decode("utf-8")

    def signatures(self, rows: Array) -> Array:
        """The signatures of some rows, (n, 128) unsigned 32-bit values."""
        starts, lengths = _ranges(self.plane_ends, rows)
        return unpack(self.low[rows], lengths.astype(np.uint8), self.planes[spread(starts, lengths)])

    def find(self, keys: Array) -> tuple[Array, Array]:
        """For each key whether it is here, and in which row."""
        at = np.searchsorted(self.keys, keys)
        at[at == len(self.keys)] = 0
        found = self.keys[at] == keys if len(self.keys) else np.zeros(len(keys), bool)
        return found, at


def sorted_rows(
    keys: Array, digests: Array, sources: Array, lines: Array, signatures: Array, ids: Sequence[bytes]
) -> Rows:
    """Rows of documents in any order; no key may occur twice."""
    order = np.argsort(keys, kind="stable")
    low, used, planes = pack(signatures[order])
    ordered = [ids[n] for n in order]
    heap = np.frombuffer(b"".join(ordered), np.uint8)
    return Rows(
        keys[order].astype("<u8"),
        digests[order],
        sources[order].astype("<u4"),
        lines[order].astype("<u4"),
        low,
        np.cumsum(used, dtype="<u8"),
        planes,
        np.cumsum([len(key) for key in ordered], dtype="<u8"),
        heap,
    )


def spread(starts: Array, lengths: Array) -> Array:
    """The indices of several ranges, one range after the other."""
    ends = np.cumsum(lengths)
    total = int(ends[-1]) if len(ends) else 0
    return np.repeat(starts - (ends - lengths), lengths) + np.arange(total)


def _ranges(ends: Array, rows: Array) -> tuple[Array, Array]:
    """Start and length of ragged values, as signed numbers."""
    until = ends[rows].astype(np.int64)
    start = np.where(rows > 0, ends[np.maximum(rows, 1) - 1], 0).astype(np.int64)
    return start, until - start


class Segment:
    """A segment file, mapped. Raises DamagedError when it is not whole."""

    def __init__(self, path: Path) -> None:
        arrays = _mapped(path)
        try:
            self.postings, self.directory = arrays.pop("postings"), arrays.pop("directory")
            self.rows = Rows(**arrays)
        except (KeyError, TypeError) as error:
            raise DamagedError(f"{path}: does not hold the arrays of a segment") from error

    def candidates(self, signatures: Array, digests: Array) -> tuple[Array, Array, Array, Array]:
        """Which rows may be like which texts: numbers of texts, rows, agreeing values of 128, whether an exact copy."""
        values = np.concatenate([low_columns(signatures), _digest_values(digests)[:, None]], axis=1)
        buckets = _buckets(values, self.directory.shape[1] - 1)
        columns = np.arange(COLUMNS + 1)
        starts = self.directory[columns, buckets].astype(np.int64)
        lengths = self.directory[columns, buckets + 1].astype(np.int64) - starts
        starts += columns * self.postings.shape[1]
        flat = self.postings.reshape(-1)
        alike = _agreeing(flat, starts[:, :COLUMNS], lengths[:, :COLUMNS])
        texts = np.repeat(np.arange(len(signatures)), lengths[:, COLUMNS])
        same = flat[spread(starts[:, COLUMNS], lengths[:, COLUMNS])]
        equal = (self.rows.digests[same] == digests[texts]).all(axis=1)
        copies = texts[equal].astype(np.uint64) << np.uint64(32) | same[equal]
        pairs = np.unique(np.concatenate([alike, _first_of_each(copies)]))
        texts, rows = (pairs >> np.uint64(32)).astype(np.int64), (pairs & np.uint64(0xFFFFFFFF)).astype(np.int64)
        agreeing = (self.rows.signatures(rows) == signatures[texts]).sum(axis=1)
        exact = (self.rows.digests[rows] == digests[texts]).all(axis=1)
        return texts, rows, agreeing, exact


def low_columns(signatures: Array) -> Array:
    """The values by which rows are found: the low 24 bits of the first 14."""
    found: Array = signatures[:, :COLUMNS] & np.uint32(0xFFFFFF)
    return found


def _digest_values(digests: Array) -> Array:
    return np.ascontiguousarray(digests[:, :4]).view("<u4").reshape(-1)


def _buckets(values: Array, count: int) -> Array:
    """The bucket of each value, of a number of buckets that is a power of two."""
    spreading = values.astype(np.uint64) * np.uint64(GOLDEN) & np.uint64(0xFFFFFFFF)
    found: Array = (spreading >> np.uint64(33 - count.bit_length())).astype(np.int64)
    return found


def _agreeing(flat: Array, starts: Array, lengths: Array) -> Array:
    """Pairs (text << 32 | row) that share a bucket in two columns or more, the best of each text only."""
    texts = np.repeat(np.arange(len(starts), dtype=np.uint64), lengths.sum(axis=1))
    rows = flat[spread(starts.reshape(-1), lengths.reshape(-1))]
    pairs, counts = np.unique(texts << np.uint64(32) | rows, return_counts=True)
    pairs, counts = pairs[counts >= AGREEING], counts[counts >= AGREEING]
    return _first_of_each(pairs[np.lexsort((-counts, pairs >> np.uint64(32)))])


def _first_of_each(pairs: Array) -> Array:
    """Of pairs (text << 32 | row) in the order of their texts, the first ones of every text."""
    texts = pairs >> np.uint64(32)
    place = np.arange(len(pairs)) - np.searchsorted(texts, texts)
    found: Array = pairs[place < MOST_CANDIDATES]
    return found


def merge_order(parts: Sequence[Rows], *, whole: bool) -> tuple[Array, Array]:
    """Which part and which row of it come one after the other; of equal keys the row of the last part counts.

    With `whole` nothing older exists beside the parts, so removals have nothing left to say and go.
    """
    keys = np.concatenate([part.keys for part in parts[::-1]])
    which = np.repeat(np.arange(len(parts))[::-1], [len(part) for part in parts[::-1]])
    rows = np.concatenate([np.arange(len(part)) for part in parts[::-1]])
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    first = np.ones(len(keys), bool)
    first[1:] = keys[1:] != keys[:-1]
    if whole:
        sources = np.concatenate([part.sources for part in parts[::-1]])
        first &= sources[order] != REMOVED
    return which[order][first], rows[order][first]


def write_segment(path: Path, parts: Sequence[Rows], *, whole: bool) -> int:
    """Write the rows of several parts, oldest first, as one segment that is on the disk when this returns.

    Gives the number of rows. Working memory is about 150 bytes a row.
    """
    which, rows = merge_order(parts, whole=whole)
    chunks = [slice(at, at + CHUNK) for at in range(0, len(rows), CHUNK)]
    values = np.empty((len(rows), COLUMNS + 1), np.uint32)
    with path.open("wb") as file:
        writer = _Writer(file)
        for name in ("keys", "digests", "sources", "lines"):
            writer.add(name, [_taken(parts, name, which, rows)])

        def low() -> Iterator[Array]:
            for chunk in chunks:
                taken = _taken(parts, "low", which[chunk], rows[chunk])
                values[chunk, :COLUMNS] = low_values(taken, COLUMNS)
                yield taken

        writer.add("low", low(), (LOW,))
        for name, ends, shape in (("planes", "plane_ends", (PLANE,)), ("ids", "id_ends", ())):
            lengths = _lengths(parts, ends, which, rows)
            until = np.cumsum(lengths)
            small = not len(until) or until[-1] < 1 << 32
            writer.add(ends, [until.astype("<u4" if small else "<u8")])
            writer.add(name, (_ragged(parts, name, ends, which[c], rows[c], shape) for c in chunks), shape)
        values[:, COLUMNS] = _digest_values(_taken(parts, "digests", which, rows))
        live = np.flatnonzero(_taken(parts, "sources", which, rows) != REMOVED).astype(np.uint64)
        count = 1 << max(1, len(live) // PER_BUCKET).bit_length()
        directory = np.empty((COLUMNS + 1, count + 1), "<u4")
        writer.add("postings", _postings(values, live, directory), shape=(len(live),))
        writer.add("directory", [directory])
        writer.finish()
    return len(rows)


def _postings(values: Array, live: Array, directory: Array) -> Iterator[Array]:
    """For each column its rows by bucket; where each bucket begins is noted in the directory."""
    count = directory.shape[1] - 1
    for column in range(COLUMNS + 1):
        buckets = _buckets(values[live.astype(np.int64), column], count)
        packed = np.sort(buckets.astype(np.uint64) << np.uint64(32) | live)
        directory[column, 0] = 0
        directory[column, 1:] = np.cumsum(np.bincount(buckets, minlength=count))
        yield (packed & np.uint64(0xFFFFFFFF)).astype("<u4")[None]


def _taken(parts: Sequence[Rows], name: str, which: Array, rows: Array) -> Array:
    first = getattr(parts[0], name)
    out = np.empty((len(rows), *first.shape[1:]), first.dtype)
    for number, part in enumerate(parts):
        mine = which == number
        out[mine] = getattr(part, name)[rows[mine]]
    return out


def _lengths(parts: Sequence[Rows], ends: str, which: Array, rows: Array) -> Array:
    out = np.empty(len(rows), np.int64)
    for number, part in enumerate(parts):
        mine = which == number
        out[mine] = _ranges(getattr(part, ends), rows[mine])[1]
    return out


def _ragged(parts: Sequence[Rows], name: str, ends: str, which: Array, rows: Array, shape: tuple[int, ...]) -> Array:
    """Values of different lengths, one row's after the other's."""
    lengths = _lengths(parts, ends, which, rows)
    begin = np.cumsum(lengths) - lengths
    out = np.empty((int(lengths.sum()), *shape), np.uint8)
    for number, part in enumerate(parts):
        mine = which == number
        starts, _ = _ranges(getattr(part, ends), rows[mine])
        out[spread(begin[mine], lengths[mine])] = getattr(part, name)[spread(starts, lengths[mine])]
    return out


class _Writer:
    """Arrays one after the other, and the table of them at the end."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.table: dict[str, tuple[str, list[int], int]] = {}
        file.write(MAGIC)

    def add(self, name: str, chunks: Any, shape: tuple[int, ...] | None = None) -> None:
        """Write an array whose chunks follow each other along its first axis; `shape` is that of the other axes."""
        self.file.write(b"\0" * (-self.file.tell() % ALIGNMENT))
        offset, length, dtype = self.file.tell(), 0, "|u1"
        for chunk in chunks:
            length += len(chunk)
            shape, dtype = chunk.shape[1:], chunk.dtype.str
            self.file.write(np.ascontiguousarray(chunk).data)
        self.table[name] = dtype, [length, *(shape or ())], offset

    def finish(self) -> None:
        """Write the table, and bring everything to the disk."""
        table = json.dumps(self.table).encode()
        self.file.write(table + len(table).to_bytes(8, "little") + MAGIC)
        self.file.flush()
        os.fsync(self.file.fileno())


def _mapped(path: Path) -> dict[str, Array]:
    with path.open("rb") as file:
        if os.fstat(file.fileno()).st_size < 3 * len(MAGIC):
            raise DamagedError(f"{path}: is cut off")
        data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    end = len(data) - len(MAGIC) - 8
    size = int.from_bytes(data[end : end + 8], "little")
    if data[: len(MAGIC)] != MAGIC or data[-len(MAGIC) :] != MAGIC or size > end:
        raise DamagedError(f"{path}: is cut off, or no segment of an index")
    try:
        table = json.loads(data[end - size : end])
        return {
            name: np.frombuffer(data, np.dtype(dtype), int(np.prod(shape)), offset).reshape(shape)
            for name, (dtype, shape, offset) in table.items()
        }
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise DamagedError(f"{path}: its table of arrays cannot be read") from error
