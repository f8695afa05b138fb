"""Tables as text: CSV and TSV with a line of names. A row is an object of strings.

Fields may be quoted and hold line feeds. A row that is no row of its table, for its quotes or its length, is told as
broken with the line where it begins, and the next line is read as the beginning of another one.
"""

from __future__ import annotations

import csv
import io
import json
from collections import deque
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

from cleaner.formats import FormatError
from cleaner.formats.lines import BOMS, CHUNK, encoding
from cleaner.formats.packing import DamagedError
from cleaner.records import LARGEST, TOO_LARGE, breakage, broken

WASTED = 8 * LARGEST
"""Characters that are read again after a broken row, in all: quotes that never close cost no more than this."""


def read(file: BinaryIO, head: dict[str, Any]) -> Iterator[bytes]:
    """The rows of a table. Raises FormatError where its first line does not name its columns."""
    try:
        yield from _read(_Rows(_text(file, head), head.get("delimiter", ",")), head)
    except UnicodeDecodeError as error:
        raise DamagedError(f"not valid {error.encoding}: {error.reason}; the rest is not read") from error


def _read(rows: _Rows, head: dict[str, Any]) -> Iterator[bytes]:
    columns = next(rows, None)
    if columns is None:
        return
    if isinstance(columns, bytes):
        raise FormatError("its first line names no columns; is it quoted wrongly?")
    if again := [name for name in columns if columns.count(name) > 1]:
        raise FormatError(f"two columns have the name {again[0]!r}; rename one of them")
    head["end"] = rows.end
    key = head.get("key", "")
    head["columns"] = [name for name in columns if not key or name != key]
    for row in rows:
        if isinstance(row, bytes):
            yield row
        elif len(row) != len(columns):
            yield broken(f"{len(row)} fields in the row at line {rows.began:,}, of {len(columns)} columns", row)
        elif (line := _object(columns, row, key)) is None:
            yield broken(f"not valid UTF-8 in the row at line {rows.began:,}", row)
        else:
            yield line


def _text(file: BinaryIO, head: dict[str, Any]) -> io.TextIOWrapper:
    """The file as text. Bytes that no text is made of travel as lone surrogates, and make their row a broken one."""
    first = b""
    while len(first) < 4 and (more := file.read(4 - len(first))):
        first += more
    mark, name = encoding(first)
    if mark:
        head["encoding"] = name
    stream: Any = _Behind(first[len(mark) :], file)
    return io.TextIOWrapper(
        stream, encoding=name, errors="surrogateescape" if name == "utf-8" else "strict", newline=""
    )


class _Behind(io.RawIOBase):
    """Some bytes that were read already, and the file behind them."""

    def __init__(self, first: bytes, file: BinaryIO) -> None:
        self._first, self._file = first, file

    def readable(self) -> bool:
        """See RawIOBase."""
        return True

    def read1(self, size: int = -1) -> bytes:
        """See BufferedIOBase."""
        found, self._first = self._first, b""
        return found or self._file.read(size) or b""


def _object(columns: list[str], row: list[str], key: str) -> bytes | None:
    """A row as a line. What the rules found out, under `key`, is an object again."""
    members: dict[str, Any] = dict(zip(columns, row, strict=True))
    if key and key in members and (found := members.pop(key)):
        members[key] = json.loads(found)
    try:
        return json.dumps(members, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        return None


class _Rows:
    """The rows of a table as lists of fields, and lines about broken ones. `began` is the line of the last one."""

    def __init__(self, text: io.TextIOWrapper, delimiter: str) -> None:
        csv.field_size_limit(LARGEST)
        self.began = 1
        self.end = "\n"
        self._number = 0
        self._text, self._delimiter = text, delimiter
        self._again: deque[str] = deque()
        self._taken: list[str] = []
        self._held = self._wasted = 0
        self._reader = self._from_here()

    def _from_here(self) -> Any:
        return csv.reader(self._lines(), delimiter=self._delimiter, strict=True)

    def _lines(self) -> Iterator[str]:
        """The lines of the text, those of a broken row behind its first once more."""
        while line := self._again.popleft() if self._again else self._text.readline(LARGEST + 1):
            self._held += len(line)
            self._taken.append(line)
            if self._held > LARGEST:
                raise csv.Error(TOO_LARGE)
            yield line

    def __iter__(self) -> Iterator[list[str] | bytes]:
        return self

    def __next__(self) -> list[str] | bytes:
        while True:
            self.began, self._taken, self._held = self._number + 1, [], 0
            try:
                row: list[str] = next(self._reader)
            except csv.Error as error:
                return self._broken(str(error))
            if not self._number and self._taken[-1].endswith("\r\n"):
                self.end = "\r\n"
            self._number += len(self._taken)
            if row:
                return row

    def _broken(self, why: str) -> bytes:
        """A line about the broken row, which is taken to be its first line alone."""
        first, rest = self._taken[0], self._taken[1:]
        self._number += 1
        self._reader = self._from_here()
        self._wasted += sum(map(len, rest))
        if self._wasted > WASTED:
            why += "; the rest of the table is not read, for quotes were open too often"
            self._again.clear()
            while self._text.read(1 << 20):
                pass
        else:
            self._again.extendleft(reversed(rest))
        shown = f"{why}, in the row that begins at line {self.began:,}"
        return broken(shown, first.rstrip("\r\n") if len(first) <= LARGEST else None)


def write(file: BinaryIO, head: dict[str, Any], lines: Iterable[bytes]) -> None:
    """Rows as a table with the columns that `head` names, and one more for `key` where that is asked for."""
    name = head.get("encoding")
    if name:
        file.write(next(mark for mark, known in BOMS if known == name))
    columns, key = head.get("columns"), head.get("key", "")
    if columns is None:
        return
    text = _Written(head.get("delimiter", ","), head.get("end", "\n"))
    text.row([*columns, key] if key else columns)
    for line in lines:
        if known := breakage(line):
            text.row(known[1]) if isinstance(known[1], list) else text.line(known[1])
        else:
            members = json.loads(line)
            row = [members.get(column, "") for column in columns]
            found = json.dumps(members[key], ensure_ascii=False) if key in members else ""
            text.row([*row, found] if key else row)
        if text.size > CHUNK:
            file.write(text.taken(name))
    file.write(text.taken(name))


class _Written:
    """Rows as text, until it is taken."""

    def __init__(self, delimiter: str, end: str) -> None:
        self._line, self._end = io.StringIO(newline=""), end
        self._writer = csv.writer(self._line, delimiter=delimiter, lineterminator="\r\n")  # so both are quoted inside
        self._held: list[str] = []
        self.size = 0

    def row(self, row: list[str]) -> None:
        """One more row."""
        self._writer.writerow(row)
        self.line(self._line.getvalue()[:-2])
        self._line.seek(0)
        self._line.truncate()

    def line(self, line: object) -> None:
        """One more line as it is."""
        if isinstance(line, str):
            self._held += (line, self._end)
            self.size += len(line)

    def taken(self, name: str | None) -> bytes:
        """What there is, encoded; nothing is left."""
        whole = "".join(self._held)
        self._held, self.size = [], 0
        return whole.encode(name or "utf-8", "strict" if name else "surrogateescape")
