"""Records: a document in one line of JSON, read and written so that every other character stays as it was.

Whatever the format of a file, its documents travel as such lines (see formats/); a file that cannot be read to its end
has lines of its own kind for what is broken.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import lru_cache
from json.encoder import encode_basestring, encode_basestring_ascii  # the C functions where there are some
from typing import Any, NamedTuple

from cleaner.text import is_sound


class FieldError(ValueError):
    """No record of a file has the field that is asked for; the message says which there are."""


class Fields(NamedTuple):
    """The fields of a record that hold its text, its id and its source; empty means the usual names."""

    text: str = ""
    id: str = ""
    source: str = ""


class Out(NamedTuple):
    """How documents are published: the format asked for, and the field for what the rules found out about them."""

    to: str = ""
    key: str = ""


TEXTS = ("text", "content", "body", "article", "raw_content", "page_content")
"""Names under which corpora keep the text; the first that a record of a file has is that of the file."""
IDS = ("id", "_id", "doc_id", "document_id", "uuid", "url", "uri")
ADDRESSES = ("url", "uri")
"""Ids that say more than which document it is; they stay among the metadata."""
USUAL, PLAIN = Fields(), Fields("text", "id")
LARGEST = 64 << 20
"""Bytes of a record above which it is not read: memory is held by documents of a few thousand, not by one."""
TOO_LARGE = f"larger than {LARGEST >> 20} MB"


@dataclass(frozen=True, slots=True)
class Record:
    """One document as it was read. `line` is its line in a JSONL file, or its number in another file; 0 for a file.

    `raw` are the bytes it stands for: the whole file, or the line. `problem` says why it cannot be cleaned. `field`
    holds its text, `source` is what the field chosen for sources says. `found` is what was found out about a page from
    which the text was extracted; None where the text was there.
    """

    id: str
    path: str
    line: int
    text: str
    raw: bytes
    facts: Mapping[str, Any] = field(default_factory=dict)
    meta: Mapping[str, Any] = field(default_factory=dict)
    problem: str = ""
    field: str = "text"
    source: str = ""
    found: Mapping[str, Any] | None = None

    @property
    def where(self) -> str:
        """File and line, as messages name them."""
        return f"{self.path}:{self.line}" if self.line else self.path


UTF8 = {"encoding": "utf-8"}
"""The facts about a text in the usual encoding, one object for all: who writes them need not write them out again."""

HTML = "text/html"
"""The `type` of a record that is a page, in files that hold such: its text is still to be extracted."""
BROKEN = b"\xff"
"""Begins a line about what could not be read. No line of JSON in UTF-8 begins so."""


def broken(reason: str, payload: object = None) -> bytes:
    """A line that stands for something unreadable; `payload` is what is needed to write it again as it was."""
    return BROKEN + json.dumps([reason, payload]).encode()


def breakage(line: bytes) -> tuple[str, Any] | None:
    """The reason and the payload of such a line."""
    if not line.startswith(BROKEN):
        return None
    try:
        reason, payload = json.loads(line[1:])
    except (ValueError, TypeError, RecursionError):
        return None
    return (reason, payload) if isinstance(reason, str) else None


def resolved(lines: Iterable[bytes], asked: Fields = USUAL) -> Fields:
    """The fields of the records in the first lines of a file, all of them named.

    Raises FieldError when there are records and none has a text under the name asked for, or under a usual one.
    """
    names: dict[str, None] = {}
    texts: set[str] = set()
    for line in lines:
        try:
            members = _members(line)
        except (ValueError, RecursionError):
            continue
        names |= dict.fromkeys(members)
        texts |= {name for name, value in members.items() if isinstance(value, str)}
    if not names:
        return Fields(asked.text or "text", asked.id or "id", asked.source)
    wanted = (asked.text,) if asked.text else TEXTS
    text = next((name for name in wanted if name in texts), None)
    if text is None:
        raise FieldError(_no_field(asked.text or "text", names, texts))
    for name in (asked.id, asked.source):
        if name and name not in names:
            raise FieldError(_no_field(name, names, names))
    key = asked.id or next((name for name in IDS if name in names and name != text), "id")
    return Fields(text, key, asked.source)


def _no_field(name: str, names: Iterable[str], usable: Iterable[str]) -> str:
    """What to say where a field is missing: one with a name like it, else a usual one, and those that there are."""
    there = list(usable)
    group = next((known for known in (TEXTS, IDS) if name in known), (name,))
    near = [found for known in (name, *group) for found in get_close_matches(known, there, 1)] or [
        known for known in TEXTS if known in there
    ]
    listed = ", ".join(repr(known) for known in list(names)[:12])
    hint = f"; did you mean {near[0]!r}?" if near else "."
    return f"no field {name!r}{hint} Its fields are {listed}; name one with --text-field, --id-field or --source-field"


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
    nested = any(isinstance(value, (dict, list)) for value in members.values())
    if nested and line.count(b"[") + line.count(b"{") > DEEPEST and _depth(members) > DEEPEST:
        raise RecursionError
    found: dict[str, Any] = members
    return found


def json_record(path: str, number: int, line: bytes, fields: Fields = PLAIN) -> Record:
    """The document of one line, or the line with its problem."""
    name = f"{path}:{number}"
    if len(line) > LARGEST:
        return Record(name, path, number, "", line, problem=TOO_LARGE)
    try:
        members = _members(line)
    except UnicodeDecodeError as error:
        known = breakage(line)
        reason = known[0] if known else f"not valid UTF-8 at byte {error.start + 1} of the line"
        return Record(name, path, number, "", line, problem=reason)
    except (ValueError, RecursionError) as error:
        reason = "nested too deeply" if isinstance(error, RecursionError) else str(error)
        return Record(name, path, number, "", line, problem=f"not a JSON object: {reason}")
    text = members.get(fields.text)
    if not isinstance(text, str):
        near = [key for key in TEXTS if key != fields.text and key in members]
        hint = f"; did you mean {near[0]!r}?" if near else ""
        return Record(name, path, number, "", line, problem=f"no field {fields.text!r} that is a string{hint}")
    key = members.get(fields.id)
    shown = str(key) if isinstance(key, (str, int)) and not isinstance(key, bool) and str(key) else name
    if _LONE.search(shown):
        shown = name
    del members[fields.text]
    if fields.id not in ADDRESSES:
        members.pop(fields.id, None)
    said = members.get(fields.source) if fields.source else None
    source = said.strip() if isinstance(said, str) else ""
    if is_sound(text):
        return Record(shown, path, number, text, line, UTF8, members, field=fields.text, source=source)
    holes = [[m.start(), f"{ord(m.group()):04x}"] for m in _LONE.finditer(text)]
    facts = {"encoding": "utf-8", "holes": holes}
    return Record(shown, path, number, without_holes(text), line, facts, members, field=fields.text, source=source)


def without_holes(text: str) -> str:
    """A text with U+FFFD for its lone surrogates."""
    return text if is_sound(text) else _LONE.sub("\ufffd", text)


def text_in(line: bytes, field: str) -> str:
    """The text of a line that was read as a record before, or that was written from one."""
    text: str = json.loads(line.decode("utf-8"))[field]
    return without_holes(text)


_LONE = re.compile("[\ud800-\udfff]")
_BLANK = re.compile(r"[ \t\n\r]*")
_DECODER = json.JSONDecoder()


def parse_object(line: str) -> tuple[dict[str, Any], dict[str, tuple[int, int]]]:
    """The members of a JSON object, and where the value of each stands in the line.

    Raises ValueError on anything else. The last of several equal keys counts, as in every JSON reader.
    """
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
            members[key], at = _DECODER.raw_decode(line, start)
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


def splice(line: bytes, text: str, field: str = "text", *, escaped: bool | None = None) -> bytes:
    """A line with another text; every other character stays as it was.

    Characters outside ASCII are escaped as the line does it, or as `escaped` tells.
    """
    written = line.decode("utf-8")
    _, places = parse_object(written)
    start, end = places[field]
    token = _quoted(text, ascii_only=written.isascii() if escaped is None else escaped)
    return _encoded(written[:start] + token + written[end:])


def _quoted(text: str, *, ascii_only: bool) -> str:
    return encode_basestring_ascii(text) if ascii_only else encode_basestring(text)


def _encoded(line: str) -> bytes:
    """A line of JSON as UTF-8, with escapes for lone surrogates, which that cannot hold."""
    try:
        return line.encode()
    except UnicodeEncodeError:
        return _LONE.sub(lambda m: f"\\u{ord(m[0]):04x}", line).encode()


def with_member(line: bytes, name: str, value: Mapping[str, Any], *, escaped: bool | None = None) -> bytes:
    """A line with one more member behind the others. ValueError when it has one of this name."""
    written = line.decode("utf-8")
    members, _ = parse_object(written)
    if name in members:
        raise ValueError(f"has a field {name!r} already")
    end = written.rindex("}")
    token = json.dumps(value, ensure_ascii=written.isascii() if escaped is None else escaped)
    return f"{written[:end]}{', ' if members else ''}{json.dumps(name)}: {token}{written[end:]}".encode()


def without_member(line: bytes, name: str) -> bytes:
    """The line to which `with_member` added a member."""
    written = line.decode("utf-8")
    members, places = parse_object(written)
    start, end = places[name]
    head = f"{', ' if len(members) > 1 else ''}{json.dumps(name)}: "
    return (written[: start - len(head)] + written[end:]).encode("utf-8")


def json_line(members: Mapping[str, Any]) -> bytes:
    """An object as a line, without its end; lone surrogates, which no UTF-8 can hold, are escaped."""
    return _encoded(json.dumps(members, ensure_ascii=False))


_ESCAPE = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.|[^\\]", re.DOTALL
)


@lru_cache(maxsize=1)
def _columns(line: bytes, field: str) -> list[int]:
    written = line.decode("utf-8")
    _, places = parse_object(written)
    start, end = places[field]
    return [found.start() + 1 for found in _ESCAPE.finditer(written, start + 1, end)]


def column_in_line(line: bytes, position: int, field: str = "text") -> int:
    """The column, from 1, at which a character of the text stands in its JSON line."""
    columns = _columns(line, field)
    return columns[min(position, len(columns) - 1)]


def lines_of(data: bytes, before: int = 0) -> Iterator[tuple[int, int, bytes]]:
    """The lines that hold something: where each begins, its number, and its bytes without their end.

    `before` counts the lines of the file before these bytes.
    """
    at, number = 0, before
    while at < len(data):
        end = data.find(b"\n", at)
        end = end if end >= 0 else len(data)
        number += 1
        line = data[at : end - 1 if data[at:end].endswith(b"\r") and end < len(data) else end]
        if not line.isspace() and line:
            yield at, number, line
        at = end + 1
