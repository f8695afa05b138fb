"""A file of records as lines, whatever its format, and lines as such a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO, cast

from cleaner.formats import FormatError, Shape, module, shape
from cleaner.formats.packing import CHUNK, DamagedError, Unpacked, packed
from cleaner.records import broken


def lines(file: Path, name: str, head: dict[str, Any], *, trusting: bool = True) -> Iterator[bytes]:
    """The lines of a file, which is read by its name; `head` takes what has to be known to write it again.

    Where a file turns out to be damaged, what came before cannot be trusted. Who can take it back is not `trusting` and
    hears of it by SuspectError; for others a compressed file is read to its end once before.

    Raises FormatError where an extra is missing or it is no such file, OSError when it cannot be read.
    """
    found = _shape(name)
    reader = module(found)
    head |= found.format.options
    each = hasattr(reader, "EACH")  # what was read before a damage was checked already, document by document
    if found.packing and trusting and not each and (damage := _damage(file, found.packing)):
        yield broken(damage)
        return
    with file.open("rb") as raw:
        stream = cast("BinaryIO", Unpacked(raw, found.packing)) if found.packing else raw
        try:
            yield from reader.read(stream, head)
        except DamagedError as error:
            if error.suspect:
                raise
            yield broken(str(error))


def _damage(file: Path, packing: str) -> str:
    """Why nothing of a compressed file can be trusted; nothing where all that can be read of it can."""
    with file.open("rb") as raw:
        stream = Unpacked(raw, packing)
        try:
            while stream.read(CHUNK):
                pass
        except DamagedError as error:
            return str(error) if error.suspect else ""
    return ""


def write(file: BinaryIO, name: str, head: Mapping[str, Any], found: Iterable[bytes]) -> None:
    """Write lines as a file of the format that its name says. Raises FormatError where a line cannot be held by it."""
    known = _shape(name)
    writer = module(known)
    with packed(file, known.packing) as stream:
        writer.write(stream, {**dict(known.format.options), **head}, found)


def _shape(name: str) -> Shape:
    found = shape(name)
    if found is None or not found.format.records:
        raise FormatError("not a file of records")
    return found
