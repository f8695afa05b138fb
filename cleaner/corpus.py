"""Corpus files: which there are, what documents they hold, and how they are written. The only room that opens them."""

from __future__ import annotations

import hashlib
import json
import os
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from cleaner.decode import Decoded, decode, encode, is_binary, is_plausible

TEXT = ".txt"
RECORDS = ".jsonl"
JOURNAL = ".cleaner"
WORK = "work"
"""The folder below .cleaner where the tasks of a large run leave their results. It is no part of the record."""


class CorpusError(Exception):
    """Something about files that the user has to know: what, where, and what to do. The command line exits with 2."""


@dataclass(frozen=True, slots=True)
class Record:
    """One document as it was read. `line` is its line in a JSONL file, 0 for a text file.

    `raw` are the bytes it stands for: the whole file, or the line. `problem` says why it cannot be cleaned.
    """

    id: str
    path: str
    line: int
    text: str
    raw: bytes
    facts: Mapping[str, Any] = field(default_factory=dict)
    meta: Mapping[str, Any] = field(default_factory=dict)
    problem: str = ""

    @property
    def where(self) -> str:
        """File and line, as messages name them."""
        return f"{self.path}:{self.line}" if self.line else self.path


@dataclass(frozen=True, slots=True)
class Inputs:
    """The files of a corpus below `root`, sorted, and what was seen and not read."""

    root: Path
    files: tuple[str, ...]
    links: tuple[str, ...] = ()
    others: Mapping[str, int] = field(default_factory=dict)


UTF8 = {"encoding": "utf-8"}
"""The facts about a text in the usual encoding, one object for all: who writes them need not write them out again."""


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
    """The .txt and .jsonl files of a folder, or the one file. Hidden files and symbolic links are not followed.

    Raises CorpusError when there is nothing to read, or when two names would be one on another system.
    """
    if raw.is_file():
        if raw.suffix not in (TEXT, RECORDS):
            raise CorpusError(f"{raw}: neither a {TEXT} nor a {RECORDS} file, nor a folder of them")
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
            elif path.suffix in (TEXT, RECORDS) and path.is_file():
                files.append(path.relative_to(raw).as_posix())
            else:
                others[path.suffix or name] += 1
    if not files:
        raise CorpusError(f"{raw}: no {TEXT} or {RECORDS} file in this folder")
    _refuse_collisions(raw, files)
    return Inputs(raw, tuple(sorted(files)), tuple(sorted(links)), dict(sorted(others.items())))


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


def read(root: Path, path: str) -> Iterator[Record]:
    """The documents of one file, in order; what cannot be a document comes with its problem."""
    return records(path, read_bytes(root / path))


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


def read_piece(path: str, data: bytes, before: int = 0) -> Iterator[tuple[int, Record]]:
    """The documents in some bytes of a file that hold whole ones, each with the place of its bytes."""
    if path.endswith(RECORDS):
        return _json_lines(path, data if before else _plain(data), before)
    return ((0, record) for record in records(path, data))


def raw_at(path: str, data: bytes, before: int, start: int, size: int) -> bytes:
    """The bytes that one document stands for, in those of its piece. `before` counts the lines before the piece."""
    if not path.endswith(RECORDS):
        return data
    return (data if before else _plain(data))[start : start + size]


def records(path: str, data: bytes) -> Iterator[Record]:
    """The documents in the bytes of a file."""
    if path.endswith(RECORDS):
        yield from (record for _, record in _json_lines(path, _plain(data)))
    elif is_binary(data):
        yield Record(path, path, 0, "", data, problem="binary file: a NUL byte among its first 8,000")
    else:
        decoded = decode(data)
        problem = "" if is_plausible(decoded) else "encoding not recognised: not UTF-8, nor Windows-1252; convert it"
        yield Record(path, path, 0, decoded.text, data, decoded.facts(), problem=problem)


def _json_lines(path: str, data: bytes, before: int = 0) -> Iterator[tuple[int, Record]]:
    """The documents of JSONL bytes, each with its place in them. `before` counts the lines of the file before these."""
    at, number = 0, before
    while at < len(data):
        end = data.find(b"\n", at)
        end = end if end >= 0 else len(data)
        number += 1
        line = data[at : end - 1 if data[at:end].endswith(b"\r") and end < len(data) else end]
        if not line.isspace() and line:
            yield at, json_record(path, number, line)
        at = end + 1


def _plain(data: bytes) -> bytes:
    """JSONL bytes as UTF-8 without a byte-order mark."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        data = decode(data).text.encode("utf-8", "surrogatepass")
    return data.removeprefix(b"\xef\xbb\xbf")


DEEPEST = 200
"""Levels of nesting in a record: what is deeper could be read in one place of a program and not in another."""


def _depth(value: object) -> int:
    deepest, waiting = 0, [(value, 1)]
    while waiting:
        here, level = waiting.pop()
        deepest = max(deepest, level)
        if isinstance(here, dict):
            waiting += ((item, level + 1) for item in here.values())
        elif isinstance(here, list):
            waiting += ((item, level + 1) for item in here)
    return deepest


def _members(line: bytes) -> dict[str, Any]:
    """The members of a JSON object. Raises ValueError, RecursionError.

    The parser of the standard library is quick; what it refuses is read again slowly, to say what is wrong and where.
    """
    written = line.decode("utf-8")
    try:
        members: Any = json.loads(written)
    except ValueError:
        members = None
    if not isinstance(members, dict):
        members = parse_object(written)[0]
    if line.count(b"[") + line.count(b"{") > DEEPEST and _depth(members) > DEEPEST:
        raise RecursionError
    found: dict[str, Any] = members
    return found


def json_record(path: str, number: int, line: bytes) -> Record:
    """The document of one line of a JSONL file, or the line with its problem."""
    name = f"{path}:{number}"
    try:
        members = _members(line)
    except UnicodeDecodeError as error:
        return Record(name, path, number, "", line, problem=f"not valid UTF-8 at byte {error.start + 1} of the line")
    except (ValueError, RecursionError) as error:
        reason = "nested too deeply" if isinstance(error, RecursionError) else str(error)
        return Record(name, path, number, "", line, problem=f"not a JSON object: {reason}")
    text = members.get("text")
    if not isinstance(text, str):
        near = [key for key in ("content", "body", "article", "raw_content", "page_content") if key in members]
        hint = f"; did you mean {near[0]!r}?" if near else ""
        return Record(name, path, number, "", line, problem=f"no field 'text' that is a string{hint}")
    key = members.get("id")
    shown = str(key) if isinstance(key, (str, int)) and not isinstance(key, bool) and str(key) else name
    if _LONE.search(shown):
        shown = name
    del members["text"]
    members.pop("id", None)
    if text.isascii() or not (holes := [[m.start(), f"{ord(m.group()):04x}"] for m in _LONE.finditer(text)]):
        return Record(shown, path, number, text, line, UTF8, members)
    facts = {"encoding": "utf-8", "holes": holes}
    return Record(shown, path, number, _LONE.sub("\ufffd", text), line, facts, members)


_LONE = re.compile("[\ud800-\udfff]")
_BLANK = re.compile(r"[ \t\n\r]*")


def parse_object(line: str) -> tuple[dict[str, Any], dict[str, tuple[int, int]]]:
    """The members of a JSON object, and where the value of each stands in the line.

    Raises ValueError on anything else. The last of several equal keys counts, as in every JSON reader.
    """
    decoder = json.JSONDecoder()
    members: dict[str, Any] = {}
    places: dict[str, tuple[int, int]] = {}
    at = _skip(line, 0)
    if line[at : at + 1] != "{":
        raise ValueError("it does not begin with {")
    at = _skip(line, at + 1)
    if line[at : at + 1] == "}":
        at += 1
    else:
        while True:
            if line[at : at + 1] != '"':
                raise ValueError(f"a field name is missing at character {at + 1}")
            key, at = json.decoder.scanstring(line, at + 1, True)  # type: ignore[attr-defined]
            at = _skip(line, at)
            if line[at : at + 1] != ":":
                raise ValueError(f"a colon is missing at character {at + 1}")
            start = _skip(line, at + 1)
            members[key], at = decoder.raw_decode(line, start)
            places[key] = start, at
            at = _skip(line, at)
            mark, at = line[at : at + 1], at + 1
            if mark == "}":
                break
            if mark != ",":
                raise ValueError(f"a comma or closing brace is missing at character {at}")
            at = _skip(line, at)
    if _skip(line, at) != len(line):
        raise ValueError(f"something follows the object at character {at + 1}")
    return members, places


def _skip(line: str, at: int) -> int:
    found = _BLANK.match(line, at)
    return found.end() if found else at


def splice(line: bytes, text: str, *, escaped: bool | None = None) -> bytes:
    """A JSON line with another text; every other character stays as it was.

    Characters outside ASCII are escaped as the line does it, or as `escaped` tells.
    """
    written = line.decode("utf-8")
    _, places = parse_object(written)
    start, end = places["text"]
    token = json.dumps(text, ensure_ascii=written.isascii() if escaped is None else escaped)
    token = _LONE.sub(lambda m: f"\\u{ord(m[0]):04x}", token)  # no UTF-8 can hold a lone surrogate
    return (written[:start] + token + written[end:]).encode("utf-8")


_ESCAPE = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.|[^\\]", re.DOTALL
)


@lru_cache(maxsize=1)
def _columns(line: bytes) -> list[int]:
    written = line.decode("utf-8")
    _, places = parse_object(written)
    start, end = places["text"]
    return [found.start() + 1 for found in _ESCAPE.finditer(written, start + 1, end)]


def column_in_line(line: bytes, position: int) -> int:
    """The column, from 1, at which a character of the text stands in its JSON line."""
    columns = _columns(line)
    return columns[min(position, len(columns) - 1)]


def published(path: str, record: Record, text: str) -> bytes:
    """The bytes that stand for a document in an output file: UTF-8, line feeds; an unchanged record as it was."""
    if path.endswith(RECORDS):
        line = record.raw.strip()
        return (line if record.text == text else splice(line, text)) + b"\n"
    return encode(Decoded(text))


def text_of(path: str, entry: bytes) -> str:
    """The text of a document from the bytes that `published` gave."""
    return json_record(path, 1, entry).text if path.endswith(RECORDS) else entry[:-1].decode("utf-8")


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


def write_atomically(path: Path, data: bytes | Iterable[bytes], mode: int | None = None) -> None:
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
