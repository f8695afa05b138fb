"""The table of what was learned about sources: read, written, and asked about one document.

`cleaner learn` writes it, a person reviews it, ordinary rules read it. It is data: nothing in it is ever executed.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from cleaner.segment import fold
from cleaner.source import places
from cleaner.text import Known

NAME = "cleaner-learned.toml"
KINDS = ("lines", "suffixes", "sentences")
PLACES = ("head", "tail", "any")


class LearnedError(ValueError):
    """A table that cannot be used, with the entry and what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One row: `text` is a line, a sentence of longer ones, or what stands behind titles, of a source.

    `use` is None as learned; a person writes true or false, and learning again leaves such an entry as it is.
    `place` says where a line goes: at the head or tail of the text (before, after all its own prose) or anywhere; and
    a sentence: at the head or tail of its paragraph, or anywhere in it.
    """

    kind: str
    source: str
    text: str
    documents: int = 0
    share: float = 0.0
    place: str = "any"
    example: str = ""
    use: bool | None = None
    why_not: str = ""

    @property
    def used(self) -> bool:
        """Whether rules may act on it."""
        return self.use if self.use is not None else not self.why_not


@dataclass(frozen=True)
class Learned:
    """All entries, sorted."""

    entries: tuple[Entry, ...] = ()

    @cached_property
    def by_source(self) -> Mapping[str, Known]:
        """What is known of each source."""
        found = {entry.source for entry in self.entries if entry.used}
        lines, suffixes, sentences = ({name: dict[str, Any]() for name in found} for _ in KINDS)
        for entry in self.entries:
            if not entry.used:
                continue
            if entry.kind == "suffixes":
                suffixes[entry.source][entry.text] = entry.documents
            else:
                rows = lines if entry.kind == "lines" else sentences
                rows[entry.source][fold(entry.text)] = entry.place, entry.documents
        return {name: Known(name, lines[name], suffixes[name], sentences[name]) for name in sorted(found)}

    def about(self, meta: Mapping[str, Any], name: str) -> Known:
        """What is known about the source of a document; `name` is its file, named from the project."""
        if not self.entries:
            return Known()
        return next((self.by_source[place] for place in places(meta, name) if place in self.by_source), Known())

    def digest(self) -> str:
        """SHA-256 of what rules read: part of the settings that decide what a run gives."""
        said = [[e.kind, e.source, e.text, e.place, e.documents] for e in self.entries if e.used]
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()


NONE = Learned()


def merged(found: Iterable[Entry], before: Learned, counted: Collection[str]) -> Learned:
    """Entries learned anew from the sources `counted`, with those of the table that stay as they are.

    These are what a person decided, and all about other sources.
    """
    stay = {(e.kind, e.source, e.text): e for e in before.entries if e.use is not None or e.source not in counted}
    entries = {(e.kind, e.source, e.text): e for e in found} | stay
    return Learned(tuple(sorted(entries.values(), key=_order)))


def _order(entry: Entry) -> tuple[int, str, bool, int, str]:
    return KINDS.index(entry.kind), entry.source, not entry.used, -entry.documents, entry.text


HEAD = """\
# Written by `cleaner learn`: what repeats within one source. Review it; `check`, `fix` and `run` then obey it.
#   use = false   never apply this entry;   use = true   apply it whatever was counted, or an entry of your own.
# Entries with `use` stay as they are when the table is learned again. An entry with `why-not` is not applied until you
# say `use = true`. `place` of a line: head, tail (before, after all prose of the document's own) or any;
# of a sentence: head, tail (first, last of its paragraph) or any. Sentences are only listed until you say so.
"""


def render(table: Learned) -> str:
    """The table as TOML."""
    rows = [HEAD]
    for entry in table.entries:
        rows += [f"\n[[{entry.kind}]]", f"source = {_quoted(entry.source)}", f"text = {_quoted(entry.text)}"]
        if entry.kind != "suffixes":
            rows.append(f"place = {_quoted(entry.place)}")
        if entry.documents:
            rows += [f"documents = {entry.documents}", f"share = {entry.share:.3f}"]
        if entry.example:
            rows.append(f"example = {_quoted(entry.example)}")
        if entry.why_not:
            rows.append(f"why-not = {_quoted(entry.why_not)}")
        if entry.use is not None:
            rows.append(f"use = {str(entry.use).lower()}")
    return "\n".join(rows).rstrip("\n") + "\n"


def _quoted(value: str) -> str:
    """A TOML string: a JSON string, but for DEL."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def parse(text: str) -> Learned:
    """The table of a file. Raises LearnedError with the entry that is none."""
    try:
        found = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise LearnedError(f"not valid TOML: {error}") from error
    unknown = sorted(found.keys() - set(KINDS))
    if unknown:
        raise LearnedError(f"{unknown[0]!r} is no part of it; parts are [[lines]], [[suffixes]] and [[sentences]]")
    entries = []
    for kind in KINDS:
        rows = found.get(kind, [])
        if not isinstance(rows, list):
            raise LearnedError(f"{kind} must be a list of tables, [[{kind}]]")
        entries += [_entry(kind, number, row) for number, row in enumerate(rows, 1)]
    return Learned(tuple(sorted(entries, key=_order)))


TYPES: dict[str, type | tuple[type, ...]] = {
    "source": str, "text": str, "documents": int, "share": (int, float), "place": str, "example": str, "why-not": str,
    "use": bool,
}  # fmt: skip


def _entry(kind: str, number: int, row: object) -> Entry:
    where = f"[[{kind}]] number {number}"
    if not isinstance(row, dict) or not row.get("source") or not row.get("text"):
        raise LearnedError(f"{where} needs `source` and `text`")
    for key, value in row.items():
        if key not in TYPES:
            raise LearnedError(f"{where}: {key!r} is no key of it; keys are {', '.join(TYPES)}")
        if not isinstance(value, TYPES[key]) or (isinstance(value, bool) and key != "use"):
            raise LearnedError(f"{where}: {key} = {value!r} is not what it should be")
    place = row.get("place", "any")
    if place not in PLACES:
        raise LearnedError(f"{where}: place = {place!r}: must be one of {', '.join(PLACES)}")
    share, documents = row.get("share", 0.0), row.get("documents", 0)
    if not (0 <= share <= 1 and documents >= 0):
        raise LearnedError(f"{where}: `share` must be from 0 to 1 and `documents` 0 or more")
    return Entry(
        kind, row["source"], row["text"], documents, float(share), place,
        row.get("example", ""), row.get("use"), row.get("why-not", ""),
    )  # fmt: skip


def load(root: Path) -> Learned:
    """The table of a project; empty when there is none. Raises LearnedError, OSError."""
    path = root / NAME
    return parse(path.read_text(encoding="utf-8")) if path.is_file() else Learned()
