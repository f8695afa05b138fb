"""A JSONL file as documents that are looked at without an object for each: where their lines are, and little more.

Lines are read some MB at a time, by a kernel where the file is large; what that finds unusual, and all of a small file,
is read as everywhere else. Either way gives the same.
"""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, repeat
from pathlib import Path
from typing import Any, BinaryIO, Self

import numpy as np
import numpy.typing as npt

from cleaner.compiled import on
from cleaner.duplicates.cluster import copies, repeated
from cleaner.duplicates.finding import Entry, prose_length, prose_lengths
from cleaner.duplicates.signed import SignedFile, lengthen
from cleaner.duplicates.sketch import digests, signatures
from cleaner.duplicates.survivors import ORDER
from cleaner.packed import PADDING, Packed, Reused, Room
from cleaner.records import PLAIN, Fields, json_record

AT_ONCE = 2_000_000
"""Bytes of lines that are read at a time."""
LINES = 1 << 12
"""Lines for which there is room before they are read off."""
COPIED = 1 << 18
"""Bytes that are read at a time to be written: they stay in the cache until they are."""
FIELDS = 6
LINE, LINE_END, DATE, DATE_END, PROSE, NUMBER = range(FIELDS)
"""What is kept of a document beside its id: where its line and its date stand in the file, its characters of prose, and
the number of its line. A date that is not there, or does not stand there as it is, has -1."""
PLACES = slice(0, PROSE)

Bytes = npt.NDArray[np.uint8]
Integers = npt.NDArray[np.int64]
Progress = Callable[[int], None]
Row = tuple[str, str, str]
"""Id, date and text of a document."""


def row_of(line: bytes, name: str, fields: Fields = PLAIN) -> Row | None:
    """Id, date and text of a line, or nothing where it holds no document. One without an id is called `name`."""
    try:
        members: Any = json.loads(line)
        text, key = members[fields.text], members[fields.id]
        if type(text) is str and type(key) is str and key:
            text.encode()
            return key, str(members.get("date") or ""), text
    except (ValueError, KeyError, TypeError, RecursionError):
        pass
    record = json_record(name, 0, line.rstrip(b"\r\n"), fields)
    if record.problem or not line.strip():
        return None
    shown = name if record.id == f"{name}:0" else record.id
    return shown, str(record.meta.get("date") or ""), record.text


@dataclass(frozen=True, slots=True)
class Part:
    """The documents of some lines: rows of FIELDS, their ids as UTF-8, and their texts.

    `dates` has those that do not stand in the lines as they are. Places count from the first of the lines.
    """

    table: Integers
    ids: list[bytes]
    texts: Sequence[str]
    dates: dict[int, str]
    lines: int


def _fresh(size: int) -> Bytes:
    return np.empty(size, np.uint8)


def parsed(data: bytes, name: str, before: int, fields: Fields = PLAIN) -> Part:
    """The documents of lines; `before` are the lines before them in the file `name`. The kernel knows usual fields."""
    return _parsed(np.frombuffer(bytearray(data + bytes(PADDING)), np.uint8), len(data), name, before, fields)


def _parsed(
    data: Bytes, size: int, name: str, before: int, fields: Fields, out: Callable[[int], Bytes] = _fresh
) -> Part:
    """The same of `data[:size]`, which PADDING follows; `out` gives the array that the texts are read into."""
    if _is_usual(data[:size], fields):
        return _compiled(data, size, name, before, out(size + PADDING))
    return _plain(data[:size].tobytes(), name, before, fields)


def _texts_of(data: Bytes, size: int, fields: Fields, out: Callable[[int], Bytes]) -> Sequence[str]:
    """The texts of the same alone."""
    if not _is_usual(data[:size], fields):
        return _plain(data[:size].tobytes(), "", 0, fields).texts
    into = out(size + PADDING)
    rows, _, others, _ = _rows(data, size, "", 0, into)
    return _texts(into, rows, others)


def _is_usual(data: Bytes, fields: Fields) -> bool:
    """Whether the kernel can read some lines: it knows the usual fields."""
    return fields[:2] == PLAIN[:2] and on() and _is_utf8(data)


def _is_utf8(data: Bytes) -> bool:
    if not len(data) or data.max() < 0x80:
        return True
    try:
        str(data.data, "utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _plain(data: bytes, name: str, before: int, fields: Fields = PLAIN) -> Part:
    table: list[list[int]] = []
    found: list[Row] = []
    at, number = 0, before
    while at < len(data):
        end = data.find(b"\n", at) + 1 or len(data)
        number += 1
        row = row_of(data[at:end], f"{name}:{number}", fields)
        if row:
            table.append([at, end, -1, -1, prose_length(row[2]), number])
            found.append(row)
        at = end
    dates = {n: date for n, (_, date, _) in enumerate(found) if date}
    ids, texts = [_written(key) for key, _, _ in found], [text for _, _, text in found]
    return Part(np.array(table, np.int64).reshape(-1, FIELDS), ids, texts, dates, number - before)


def _written(key: str) -> bytes:
    return key.encode("utf-8", "surrogatepass")


def _rows(data: Bytes, size: int, name: str, before: int, out: Bytes) -> tuple[Integers, Integers, dict[int, Row], int]:
    """The documents of lines by a kernel: their rows, the numbers of their lines, those read otherwise, the lines."""
    from cleaner import jsonl_kernel as kernel

    view = data.data
    parts = [np.empty((0, kernel.COLUMNS), np.int64)]
    at = to = 0
    while at < size:
        some = np.empty((LINES, kernel.COLUMNS), np.int64)
        count, at, to = kernel.read_lines(data, at, size, out, to, some)
        parts.append(some[:count])
    rows = np.concatenate(parts)
    documents = rows[:, kernel.TEXT] >= 0
    others: dict[int, Row] = {}
    for n in np.flatnonzero(~documents).tolist():
        row = row_of(bytes(view[rows[n, kernel.START] : rows[n, kernel.END]]), f"{name}:{before + n + 1}")
        if row:
            others[n] = row
    documents[list(others)] = True
    numbers = np.flatnonzero(documents)
    unusual = {int(np.searchsorted(numbers, n)): row for n, row in others.items()}
    return rows[numbers], numbers, unusual, len(rows)


def _compiled(data: Bytes, size: int, name: str, before: int, out: Bytes) -> Part:
    from cleaner import jsonl_kernel as kernel

    view = data.data
    rows, numbers, unusual, lines = _rows(data, size, name, before, out)
    ids = [bytes(view[start:end]) for start, end in rows[:, [kernel.ID, kernel.ID_END]].tolist()]
    for n, (key, _, _) in unusual.items():
        ids[n] = _written(key)
    texts = _texts(out, rows, unusual)
    places = rows[:, [kernel.START, kernel.END, kernel.DATE, kernel.DATE_END]]
    table = np.column_stack([places, np.array(prose_lengths(texts), np.int64), numbers + before + 1])
    return Part(table, ids, texts, {n: date for n, (_, date, _) in unusual.items() if date}, lines)


def _texts(out: Bytes, rows: Integers, others: dict[int, Row]) -> Packed:
    """The texts that were read into `out`, with others between them."""
    from cleaner import jsonl_kernel as kernel

    places = rows[:, kernel.TEXT :]
    if not others:
        return Packed(out, np.append(places[:, 0], places[-1, 1] if len(places) else 0))
    both = enumerate(places.tolist())
    return Packed.joined([others[n][2].encode() if n in others else out.data[start:end] for n, (start, end) in both])


class Lines(Sequence[Entry]):
    """The documents of a file, as entries when they are asked for, and the texts of some of them.

    `signed` is what pairs are looked for by, partly in a file in `folder`. `ids` are UTF-8, and `unread` counts the
    lines that hold no document.
    """

    def __init__(
        self, file: BinaryIO, name: str, folder: Path, progress: Progress | None = None, fields: Fields = PLAIN
    ) -> None:
        """Read the whole file once; `progress` is called with numbers of documents. Raises OSError."""
        self._file, self._name, self._fields = file, name, fields
        self.ids: list[bytes] = []
        self._dates: dict[int, str] = {}
        self._table = np.zeros((0, FIELDS), np.int64)
        self._marks = np.empty(0, np.uint64)
        self.signed = SignedFile(folder)
        self._texts = Reused(np.uint8)
        lines = 0
        out, room = Reused(np.uint8), Room()
        for at, data, size in self._parts():
            part = _parsed(data, size, name, lines, fields, out)
            lines += part.lines
            self._add(part, at, room)
            if progress:
                progress(len(part.table))
        self.unread = lines - len(self._table)
        hashes = np.sort(np.fromiter(map(hash, self.ids), np.int64, len(self.ids)))
        if (hashes[1:] == hashes[:-1]).any():
            self._rename()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.signed.close()

    def _parts(self) -> Iterator[tuple[int, Bytes, int]]:
        """Whole lines, AT_ONCE bytes or one line at least: their place in the file, an array, and how much of it.

        An array holds until the next one is asked for.
        """
        held = bytearray(AT_ONCE + PADDING)
        at, end = 0, os.fstat(self._file.fileno()).st_size
        while at < end:
            room = len(held) - PADDING
            read = os.preadv(self._file.fileno(), [memoryview(held)[:room]], at)
            size = read if at + read >= end else held.rfind(b"\n", 0, read) + 1
            if not read:
                return
            if not size:
                held = bytearray(2 * room + PADDING)
                continue
            held[size : size + PADDING] = bytes(PADDING)
            yield at, np.frombuffer(held, np.uint8), size
            at += size

    def _bytes(self, start: int, end: int) -> bytes:
        return os.pread(self._file.fileno(), end - start, start)

    def _add(self, part: Part, at: int, room: Room) -> None:
        self._dates.update((len(self._table) + n, date) for n, date in part.dates.items())
        table = part.table
        table[:, PLACES][table[:, PLACES] >= 0] += at
        lengthen(self._table, table)
        found = signatures(part.texts, room)
        lengthen(self._marks, found.marks)
        self.signed.add(found.tokens, found.values)
        self.ids += part.ids

    def _rename(self) -> None:
        """Tell a later use of an id apart by its line."""
        seen: set[bytes] = set()
        for n, key in enumerate(self.ids):
            fresh = key
            while fresh in seen:
                fresh += _written(f"@{self._name}:{self._table[n, NUMBER]}")
            seen.add(fresh)
            self.ids[n] = fresh

    def _date(self, number: int) -> str:
        start, end = self._table[number, DATE : DATE_END + 1].tolist()
        return self._bytes(start, end).decode("utf-8") if start >= 0 else self._dates.get(number, "")

    def __len__(self) -> int:
        return len(self._table)

    def __getitem__(self, number: Any) -> Any:
        """The entry of a document."""
        key = self.ids[number].decode("utf-8", "surrogatepass")
        return Entry(key, prose=int(self._table[number, PROSE]), date=self._date(number))

    def ranked(self) -> Sequence[int]:
        """The documents in the order of the usual policy: those with most prose first, the earliest, by their ids.

        UTF-8 is ordered as the characters are.
        """
        prose = self._table[:, PROSE]
        order = np.argsort(-prose, kind="stable")
        ranked: list[int] = order.tolist()
        borders = np.flatnonzero(np.diff(prose[order], prepend=-1, append=-1))
        dated = bool(self._dates) or bool((self._table[:, DATE] >= 0).any())
        for start, end in pairwise(borders.tolist()):
            if end - start > 1:
                ranked[start:end] = sorted(ranked[start:end], key=self._rank if dated else self.ids.__getitem__)
        return ranked

    def _rank(self, number: int) -> tuple[str, bytes]:
        return str(ORDER["earliest"](self[number])), self.ids[number]

    def copies(self, ranked: Integers) -> Integers:
        """Those of some documents that are copies, each with the best one it is a copy of: see `cluster.copies`.

        Marks tell which of them to read again, digests which of these are copies.
        """
        asked = ranked[self.signed.tokens[ranked] > 0]
        asked = asked[repeated(self._marks[asked])]
        found = np.empty((len(self), 2), np.uint64)
        order = np.sort(asked)
        sizes = np.cumsum(self._table[order, LINE_END] - self._table[order, LINE])
        for some in np.split(order, np.searchsorted(sizes, np.arange(AT_ONCE, sizes[-1:].sum(), AT_ONCE))):
            if len(some):
                found[some] = digests(self.texts(some))
        return copies(found, self.signed.tokens, asked)

    def texts(self, documents: Sequence[int] | Integers) -> Sequence[str]:
        """The texts of some documents, read again. They hold until others are asked for."""
        starts, ends = self._table[documents, : LINE_END + 1].T
        lines = list(map(os.pread, repeat(self._file.fileno()), (ends - starts).tolist(), starts.tolist()))
        if sum(map(len, lines)) < (ends - starts).sum():
            raise OSError(errno.EIO, "was cut short while it was read", self._file.name)
        joined = Packed.joined([line if line.endswith(b"\n") else line + b"\n" for line in lines])
        return _texts_of(joined.data, joined.characters, self._fields, self._texts)

    def without(self, documents: Sequence[int]) -> Iterator[memoryview]:
        """The lines of the file but for those of some documents, in order. A piece holds until the next one is made.

        Lines are moved together first: the system takes as long for a small piece as for a large one.
        """
        piece = memoryview(bytearray(COPIED))
        filled = 0
        for at, end in self._kept(documents):
            start = at
            while start < end:
                read = os.preadv(self._file.fileno(), [piece[filled : filled + end - start]], start)
                if not read:
                    return
                start += read
                filled += read
                if filled == COPIED:
                    yield piece
                    filled = 0
        yield piece[:filled]

    def _kept(self, documents: Sequence[int]) -> Iterator[tuple[int, int]]:
        """What lies between the lines of some documents."""
        start = 0
        for line, end in self._table[sorted(documents), : LINE_END + 1].tolist():
            yield start, line
            start = end
        yield start, os.fstat(self._file.fileno()).st_size
