"""What a report shows: one run, gathered from its journal, as plain data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
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


@dataclass(frozen=True, slots=True)
class Loss:
    """Something that a filter would remove: a whole document, or lines and pieces of one. `prose` counts characters."""

    code: str
    document: str
    path: str
    line: int
    text: str
    because: str
    characters: int
    prose: int
    whole: bool

    @property
    def surprise(self) -> float:
        """How much good prose it is: its characters of prose times their share."""
        return self.prose * self.prose / max(1, self.characters)


@dataclass(slots=True)
class RuleLoss:
    """What one filter would remove, and the most surprising removals, the worst first."""

    code: str
    name: str
    summary: str
    doc: str
    documents: int = 0
    pieces: int = 0
    characters: int = 0
    prose: int = 0
    worst: list[Loss] = field(default_factory=list)


@dataclass(slots=True)
class AuditView:
    """What filters would do to a corpus. `left_out` counts documents that go whole, `cut` those that lose a part."""

    title: str
    rules: list[RuleLoss]
    documents: int = 0
    characters: int = 0
    prose: int = 0
    left_out: int = 0
    cut: int = 0
    unreadable: int = 0

    @property
    def lost(self) -> tuple[int, int]:
        """Characters that would go, and those of them that are prose."""
        return sum(rule.characters for rule in self.rules), sum(rule.prose for rule in self.rules)
