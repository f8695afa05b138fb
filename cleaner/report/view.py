"""What a report shows: one run, gathered from its journal, as plain data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cleaner.text import Change
from cleaner.trace import Piece


@dataclass(frozen=True, slots=True)
class RuleView:
    """A rule as a report names it. `changes` counts the edits it made, `characters` what they removed."""

    code: str
    name: str
    summary: str
    doc: str
    family: str
    changes: int
    characters: int
    documents: int


@dataclass(frozen=True, slots=True)
class DocumentView:
    """One input document. `pieces` is its text with every change in place; `spans` its changes' places in raw.

    A dropped document has its raw text as one kept piece; `instead` is the id of the document that survives for it.
    """

    id: str
    path: str
    status: str
    reason: str
    instead: str
    metadata: Mapping[str, Any]
    pieces: Sequence[Piece]
    changes: Sequence[Change]
    spans: Sequence[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class RunView:
    """A whole run. `documents` counts by status; `characters` is (before, after); `duplicates` are journal rows."""

    title: str
    counts: Mapping[str, int]
    characters: tuple[int, int]
    rules: Sequence[RuleView]
    documents: Sequence[DocumentView]
    duplicates: Sequence[Mapping[str, Any]]
