"""The rows of the manifest and of the changes, as bytes. Millions are written, so the usual ones come from a template.

A row is what `json.dumps(row, ensure_ascii=False)` gives; a test holds the two equal.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from json.encoder import encode_basestring as quoted  # the C function where there is one
from typing import Any

from cleaner.corpus import digest
from cleaner.findings import codes_of
from cleaner.records import UTF8, Record
from cleaner.text import Change

NO_CHANGES = digest(b"")
TOGETHER = 512
"""Rows that are read at once: each by itself takes three times as long."""


_written = json.JSONEncoder(ensure_ascii=False).encode
"""What `json.dumps` does, which makes an encoder for every value."""


def dumped(row: object) -> bytes:
    """One line of a JSONL file."""
    return (_written(row) + "\n").encode("utf-8")


def loaded(rows: Iterable[bytes]) -> Iterator[Any]:
    """The values of rows of a JSONL file, none of them blank."""
    left = iter(rows)
    while some := b",".join(islice(left, TOGETHER)):
        yield from json.loads(b"[%b]" % some)


def change_row(key: str, change: Change, full: bool = True) -> dict[str, Any]:
    """A change as JSON values; `before` only where the journal is full."""
    row: dict[str, Any] = {"id": key, "step": change.step, "code": change.code}
    row |= {"start": change.start, "end": change.end}
    if full:
        row["before"] = change.before
    row |= {"after": change.after, "because": change.because}
    if change.facts:
        row["facts"] = [list(fact) for fact in change.facts]
    return row


def change_rows(key: str, changes: Sequence[Change], full: bool = True) -> tuple[bytes, str]:
    """The rows of a document's changes, each that of `change_row`, and the digest its manifest row keeps of them.

    The digest is of what is replayed, not of what was removed: of the rows without `before`.
    """
    if not changes:
        return b"", NO_CHANGES
    head = f'{{"id": {quoted(key)}, "step": '
    rows: list[str] = []
    forward: list[str] = []
    for code, step, start, end, before, after, because, facts in changes:
        place = f'{head}{step}, "code": {quoted(code)}, "start": {start}, "end": {end}, '
        new = "null" if after is None else quoted(after)
        told = f', "facts": {_written(facts)}' if facts else ""
        rest = f'"after": {new}, "because": {quoted(because)}{told}}}\n'
        forward.append(place + rest)
        if full:
            rows.append(f'{place}"before": {quoted(before)}, {rest}')
    replayed = "".join(forward).encode()
    return "".join(rows).encode() if full else replayed, digest(replayed)


def manifest_row(
    record: Record,
    status: str,
    reason: str,
    instead: str,
    metadata: Mapping[str, Any],
    digests: Mapping[str, str],
    characters: tuple[int, int],
    changes: Mapping[str, int],
    findings: Mapping[str, int],
) -> bytes:
    """What the manifest says of one document. `digests` in order: raw, changes, clean where it is kept.

    `changes` and `findings` are `counted`.
    """
    shown = '", "'.join([f'{key}": "{value}' for key, value in digests.items()])
    encoding = '{"encoding": "utf-8"}' if record.facts is UTF8 else _object(dict(record.facts))
    return (
        f'{{"id": {quoted(record.id)}, "path": {quoted(record.path)}, "line": {record.line}, "status": "{status}", '
        f'"reason": {quoted(reason)}, "instead": {quoted(instead)}, "metadata": {_object(metadata)}, '
        f'"encoding": {encoding}, "digests": {{"{shown}"}}, '
        f'"counts": {{"characters": [{characters[0]}, {characters[1]}], '
        f'"changes": {_numbers(changes)}, "findings": {_numbers(findings)}}}}}\n'
    ).encode()


def _object(values: Mapping[str, Any]) -> str:
    return _written(values) if values else "{}"


def _numbers(counts: Mapping[str, int]) -> str:
    return "{" + ", ".join([f"{quoted(key)}: {count}" for key, count in counts.items()]) + "}"


def counted(changes: Sequence[Change]) -> dict[str, int]:
    """How many of some changes, or findings, each rule made, by code."""
    found: dict[str, int] = {}
    for code in codes_of(changes):
        found[code] = found.get(code, 0) + 1
    return dict(sorted(found.items())) if len(found) > 1 else found


def renamed_changes(rows: bytes, key: str) -> tuple[bytes, str]:
    """The rows of a document's changes under another id, and their digest."""
    if not rows:
        return b"", NO_CHANGES
    return signed_changes([{**json.loads(line), "id": key} for line in rows.split(b"\n") if line])


def signed_changes(rows: Sequence[Mapping[str, Any]]) -> tuple[bytes, str]:
    """The rows of a document's changes as bytes, and their digest: of what is replayed, not of what was removed."""
    forward = [{name: value for name, value in row.items() if name != "before"} for row in rows]
    return b"".join(map(dumped, rows)), digest(b"".join(map(dumped, forward)))
