"""Lines of JSON: the format that all others are read as. Here in other encodings than UTF-8, and out of compression."""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

from cleaner.formats.packing import DamagedError
from cleaner.records import LARGEST, TOO_LARGE, breakage, broken

CHUNK = 1 << 20
BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
"""Byte-order marks; that of UTF-32 begins like that of UTF-16, so it is asked for first."""


def encoding(first: bytes) -> tuple[bytes, str]:
    """The byte-order mark at the beginning of a file, and the encoding that it tells; nothing and UTF-8 without one."""
    return next(((mark, name) for mark, name in BOMS if first.startswith(mark)), (b"", "utf-8"))


def read(file: BinaryIO, head: dict[str, Any]) -> Iterator[bytes]:
    """The lines of a file, as they are but for their encoding."""
    yield from split(decoded(file, head))


def decoded(file: BinaryIO, head: dict[str, Any]) -> Iterator[bytes]:
    """The bytes of a file as UTF-8, without byte-order mark."""
    first = _full(file, 4)
    mark, name = encoding(first)
    if not mark:
        yield first
        while data := file.read(CHUNK):
            yield data
        return
    head["encoding"] = name
    first = first[len(mark) :]
    if name == "utf-8":
        yield first
        while data := file.read(CHUNK):
            yield data
        return
    decoder = codecs.getincrementaldecoder(name)("surrogatepass")
    try:
        yield decoder.decode(first).encode("utf-8", "surrogatepass")
        while data := file.read(CHUNK):
            yield decoder.decode(data).encode("utf-8", "surrogatepass")
        yield decoder.decode(b"", final=True).encode("utf-8", "surrogatepass")
    except UnicodeDecodeError as error:
        raise DamagedError(f"not valid {name}: {error.reason}; the rest is not read") from error


def _full(file: BinaryIO, size: int) -> bytes:
    """So many bytes, unless the file ends: a stream may give fewer at a time."""
    found = b""
    while len(found) < size and (data := file.read(size - len(found))):
        found += data
    return found


def split(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Bytes at line feeds. A line above the largest size becomes one about that; it is never held whole."""
    held: list[bytes] = []
    size = 0
    try:
        for chunk in chunks:
            *whole, rest = chunk.split(b"\n")
            for part in whole:
                yield _line(held, size, part)
                held, size = [], 0
            size += len(rest)
            if size <= LARGEST:
                held.append(rest)
    except DamagedError as error:
        if error.suspect:
            raise
        yield broken(str(error), b"".join(held).decode("latin-1") if size <= LARGEST else None)
        return
    if size:
        yield _line(held, size, b"")


def _line(held: list[bytes], size: int, last: bytes) -> bytes:
    return broken(TOO_LARGE) if size + len(last) > LARGEST else b"".join((*held, last))


def write(file: BinaryIO, head: dict[str, Any], lines: Iterable[bytes]) -> None:
    """Lines as a file, in the encoding that `head` tells."""
    name = head.get("encoding")
    if name:
        file.write(next(mark for mark, known in BOMS if known == name))
    for line in lines:
        if known := breakage(line):
            if isinstance(known[1], str):
                file.write(_encoded(known[1].encode("latin-1"), name))
            continue
        file.write(_encoded(line + b"\n", name))


def _encoded(line: bytes, name: str | None) -> bytes:
    if name in (None, "utf-8"):
        return line
    return line.decode("utf-8", "surrogatepass").encode(str(name), "surrogatepass")
