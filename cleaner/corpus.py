"""Corpus files: which there are, what documents they hold, and how they are written. The only room that opens them."""

from __future__ import annotations

import hashlib
import os
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from pathlib import Path
from typing import Any

from cleaner.bucket import Bucket
from cleaner.decode import Decoded, decode, encode, is_binary, is_plausible
from cleaner.formats import (
    TEXTS,
    FormatError,
    holds_records,
    is_page,
    keeps_escapes,
    may_hold_pages,
    needed,
    output,
    shape,
    suffixes,
)
from cleaner.formats.files import lines
from cleaner.records import (
    HTML,
    LARGEST,
    TOO_LARGE,
    USUAL,
    FieldError,
    Fields,
    Out,
    Record,
    json_line,
    json_record,
    lines_of,
    resolved,
    splice,
    text_in,
    with_member,
)

JOURNAL = ".cleaner"
WORK = "work"
"""The folder below .cleaner where the tasks of a large run leave their results. It is no part of the record."""


class CorpusError(Exception):
    """Something about files that the user has to know: what, where, and what to do. The command line exits with 2."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """The files of a corpus below `root`, sorted, and what was seen and not read."""

    root: Path
    files: tuple[str, ...]
    links: tuple[str, ...] = ()
    others: Mapping[str, int] = field(default_factory=dict)
    bucket: Bucket | None = None
    """Where they lie, if that is not on this disk: then `root` only stands for it in names."""


def digest(data: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def unique(records: Iterable[Record]) -> Iterator[Record]:
    """Records whose ids are all different: a later use of an id is told apart by its place."""
    seen: set[str] = set()
    for record in records:
        key = record.id
        while key in seen:
            key = f"{key}@{record.where}"
        seen.add(key)
        yield record if key == record.id else replace(record, id=key)


def find_inputs(raw: Path) -> Inputs:
    """The files of a folder that hold documents, or the one file. Hidden files and symbolic links are not followed.

    Raises CorpusError when there is nothing to read, or when two names would be one on another system.
    """
    if raw.is_file():
        if shape(raw.name) is None:
            raise CorpusError(f"{raw}: neither a folder nor one of {', '.join(suffixes())}")
        _refuse_collisions(raw.parent, [raw.name])
        return Inputs(raw.parent, (raw.name,))
    if not raw.exists():
        raise CorpusError(f"{raw}: no such file or folder")
    files: list[str] = []
    links: list[str] = []
    others: Counter[str] = Counter()
    for folder, names, found in os.walk(raw, onerror=_cannot_list):
        here = Path(folder)
        links += [(here / n).relative_to(raw).as_posix() for n in names if (here / n).is_symlink()]
        names[:] = sorted(n for n in names if not n.startswith(".") and not (here / n).is_symlink())
        for name in found:
            path = here / name
            if name.startswith("."):
                continue
            if path.is_symlink():
                links.append(path.relative_to(raw).as_posix())
            elif shape(name) is not None and path.is_file():
                files.append(path.relative_to(raw).as_posix())
            else:
                others[path.suffix or name] += 1
    if not files:
        raise CorpusError(f"{raw}: no file of documents in this folder ({', '.join(suffixes())})")
    _refuse_collisions(raw, files)
    return Inputs(raw, tuple(sorted(files)), tuple(sorted(links)), dict(sorted(others.items())))


def inputs_in(address: str) -> Inputs:
    """The files of a folder in a store that hold documents, or the one file there, as `find_inputs` has them.

    Raises CorpusError.
    """
    bucket = Bucket(address.rstrip("/"))
    try:
        found = bucket.files()
    except OSError as error:
        raise CorpusError(f"{address}: cannot be listed ({error.strerror})") from error
    if found == [""]:
        above, _, name = bucket.address.rpartition("/")
        bucket, found = Bucket(above), [name]
    shown = [name for name in found if not any(part.startswith(".") for part in name.split("/"))]
    files = tuple(name for name in shown if shape(name) is not None)
    others = Counter(Path(name).suffix or Path(name).name for name in shown if shape(name) is None)
    if not files:
        raise CorpusError(f"{address}: no file of documents is there ({', '.join(suffixes())})")
    root = Path("/", *bucket.address.split("/"))
    for name in files:
        below(root, name)
    _refuse_collisions(root, files)
    return Inputs(root, files, others=dict(sorted(others.items())), bucket=bucket)


def _cannot_list(error: OSError) -> None:
    raise CorpusError(f"{error.filename}: cannot be listed ({error.strerror})") from error


def _refuse_collisions(raw: Path, files: Iterable[str]) -> None:
    seen: dict[str, str] = {}
    for name in sorted(files):
        if "\\" in name:
            raise CorpusError(f"{raw}: the file name {name!r} holds a backslash, a folder on some systems; rename it")
        try:
            name.encode("utf-8")
        except UnicodeEncodeError as error:
            message = f"{raw}: the file name {name.encode('utf-8', 'replace').decode()!r} is not valid UTF-8; rename it"
            raise CorpusError(message) from error
        other = seen.setdefault(unicodedata.normalize("NFC", name).casefold(), name)
        if other != name:
            raise CorpusError(f"{raw}: {other!r} and {name!r} are one name on some systems; rename one of them")


def read_bytes(path: Path) -> bytes:
    """The bytes of a file. Raises CorpusError when it cannot be read."""
    try:
        if path.exists() and not path.is_file():
            raise CorpusError(f"{path}: is not a regular file; only those are read")
        return path.read_bytes()
    except OSError as error:
        raise CorpusError(f"{path}: cannot be read ({error.strerror})") from error


def read(root: Path, path: str, asked: Fields = USUAL) -> Iterator[Record]:
    """The documents of one file, in order; what cannot be a document comes with its problem. Raises CorpusError."""
    if not holds_records(path):
        yield document(path, read_bytes(root / path))
        return
    found = _lines(root, path)
    first = list(islice(found, FIRST))
    fields = fields_of(root / path, first, asked)
    for number, line in enumerate(chain(first, found), 1):
        if (line := line.removesuffix(b"\r")) and not line.isspace():
            yield _record(path, number, line, fields)


def _lines(root: Path, path: str) -> Iterator[bytes]:
    if (root / path).exists() and not (root / path).is_file():
        raise CorpusError(f"{root / path}: is not a regular file; only those are read")
    try:
        yield from lines(root / path, path, {})
    except FormatError as error:
        raise CorpusError(f"{root / path}: {error}") from error
    except OSError as error:
        raise CorpusError(f"{root / path}: cannot be read ({error.strerror})") from error


FIRST = 200
"""Records of a file that are looked at to find the names of its fields."""


def fields_of(path: Path | str, first: Iterable[bytes], asked: Fields) -> Fields:
    """The fields of a file, by its first lines. Raises CorpusError where no record has a text."""
    try:
        return resolved(first, asked)
    except FieldError as error:
        raise CorpusError(f"{path}: {error}") from error


def read_range(path: Path, start: int, stop: int) -> bytes:
    """Some bytes of a file. Raises CorpusError when it cannot be read."""
    try:
        if not path.is_file():
            raise CorpusError(f"{path}: is not a regular file; only those are read")
        with path.open("rb") as file:
            file.seek(start)
            return file.read(stop - start)
    except OSError as error:
        raise CorpusError(f"{path}: cannot be read ({error.strerror})") from error


def read_piece(path: str, data: bytes, before: int, fields: Fields) -> Iterator[tuple[int, Record]]:
    """The documents in some bytes of a file that hold whole ones, each with the place of its bytes."""
    if holds_records(path):
        return ((at, _record(path, number, line, fields)) for at, number, line in lines_of(data, before))
    return iter([(0, document(path, data))])


def _record(path: str, number: int, line: bytes, fields: Fields) -> Record:
    record = json_record(path, number, line, fields)
    page = record.meta.get("type") == HTML and may_hold_pages(path)
    return _extracted(record) if page else record


def _extracted(record: Record) -> Record:
    """The record of a page with its main text in place of the page. Raises CorpusError without the extra."""
    try:
        text, found = needed("cleaner.formats.pages", "html").extracted(record.text)
    except FormatError as error:
        raise CorpusError(f"{record.path}: {error}") from error
    problem = "" if text.strip() else "no main text was found in the page"
    return replace(record, text=text, found=found, meta={**record.meta, **found}, problem=problem)


def raw_at(path: str, data: bytes, start: int, size: int) -> bytes:
    """The bytes that one document stands for, in those of its piece."""
    return data[start : start + size] if holds_records(path) else data


def document(path: str, data: bytes) -> Record:
    """The document in the bytes of a file that holds one."""
    if len(data) > LARGEST:
        return Record(path, path, 0, "", data, problem=TOO_LARGE)
    if is_binary(data):
        return Record(path, path, 0, "", data, problem="binary file: a NUL byte among its first 8,000")
    text = decode(data)
    if is_page(path):
        return _extracted(Record(path, path, 0, text.text, data, text.facts()))
    problem = "" if is_plausible(text) else "encoding not recognised: not UTF-8, nor Windows-1252; convert it"
    return Record(path, path, 0, text.text, data, text.facts(), problem=problem)


FOUND = "metadata"
"""The field for what was found out about a text file that becomes a record, where no other one is chosen."""


def published(record: Record, text: str, out: Out, metadata: Mapping[str, Any]) -> bytes:
    """The bytes that stand for a document in an output file: UTF-8, line feeds; an unchanged record as it was."""
    if not holds_records(output(record.path, out.to)):
        return encode(Decoded(text))
    if not record.line:
        found = {out.key or FOUND: metadata} if metadata else {}
        return json_line({"id": record.id, "text": text, **found}) + b"\n"
    line = record.raw.strip()
    escaped = None if keeps_escapes(record.path) else False
    if record.text != text or record.found is not None:
        line = splice(line, text, record.field, escaped=escaped)
    if metadata and (key := out.key or ("" if record.found is None else FOUND)):
        try:
            line = with_member(line, key, metadata, escaped=escaped)
        except ValueError as error:
            raise CorpusError(f"{record.where}: {error}; choose another --metadata-key") from error
    return line + b"\n"


def goal_of(path: str, line: int, key: str, to: str) -> str:
    """The file in which a document is published. A record that gets one of its own is named after its id."""
    whole = output(path, to)
    return f"{whole}/{safe_name(key)}.txt" if line and to == TEXTS else whole


def safe_name(key: str) -> str:
    """A file name for an id: the same on every system, and another one for every other id."""
    kept = "".join(c if c.isalnum() or c in "._-" else "_" for c in key)[:NAME].strip(".")
    plain = kept == key and key == key.lower() and key.isascii()
    return key if plain else f"{kept}-{digest(key.encode('utf-8', 'surrogatepass'))[:12]}"


NAME = 60
"""Characters of an id that a file name keeps: few file systems take more than 255 bytes."""


def text_of(entry: bytes, fields: Fields) -> str:
    """The text of a document from the bytes that `published` gave; `fields` are empty where it is no record."""
    return text_in(entry, fields.text) if fields.text else entry[:-1].decode("utf-8")


def below(root: Path, relative: str) -> Path:
    """The path of a relative name under a folder. Raises CorpusError when it would lead out of it."""
    parts = relative.split("/")
    if not relative or "\0" in relative or "\\" in relative or any(part in ("", ".", "..") for part in parts):
        raise CorpusError(f"{relative!r}: not a name below {root}")
    path = root.joinpath(*parts)
    parent = path.parent.resolve()
    if not parent.is_relative_to(root.resolve()):
        raise CorpusError(f"{path}: a symbolic link leads out of {root}")
    return path


TEMPORARY = re.compile(r"\.[0-9a-f]{16}\.\d+\.tmp")
"""The names that `write_atomically` gives while it writes; one that stays was left by a process that was killed."""


def write_atomically(path: Path, data: bytes | Iterable[bytes | memoryview], mode: int | None = None) -> None:
    """Write a file so that it is there whole or not at all; a symbolic link is replaced, not followed.

    It keeps its permissions; a new file gets `mode`, or the usual ones. Raises CorpusError.
    """
    temporary = path.with_name(f".{digest(os.fsencode(path.name))[:16]}.{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_file() and not path.is_symlink():
            mode = path.stat().st_mode & 0o777
        with temporary.open("wb") as file:
            file.writelines([data] if isinstance(data, bytes) else data)
            file.flush()
            os.fsync(file.fileno())
        if mode is not None:
            temporary.chmod(mode)
        temporary.replace(path)
    except BaseException as error:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        if not isinstance(error, OSError):
            raise
        raise CorpusError(f"{path}: cannot be written ({error.strerror})") from error
