"""What a run did, counted: what its summary says. Counts of shards add up to those of the run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

LISTED = 12
"""Documents that were left out and are named one by one; the manifest names all."""


@dataclass(slots=True)
class Totals:
    """Documents by status, characters before and after, changes of kept documents and findings of all, by code.

    `reasons` count what was left out by kind, `left_out` are the first ones: (status, id, reason, instead). `versions`
    are pairs; `notices` are the short texts that stand under many addresses, and the documents of them that are kept.
    """

    status: Counter[str] = field(default_factory=Counter)
    before: int = 0
    after: int = 0
    changes: Counter[str] = field(default_factory=Counter)
    findings: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    left_out: list[tuple[str, str, str, str]] = field(default_factory=list)
    versions: int = 0
    notices: tuple[int, int] = (0, 0)

    @property
    def documents(self) -> int:
        """How many documents were read."""
        return self.status.total()

    @property
    def changed(self) -> bool:
        """Whether any document was changed or left out."""
        return bool(self.changes) or self.status["kept"] != self.documents

    def leave_out(self, row: Mapping[str, Any]) -> None:
        """Count a document that was left out, by its manifest row."""
        status, reason = row["status"], row["reason"]
        self.status[status] += 1
        self.reasons[f"{status}, {reason.split(':')[0] if status == 'dropped' else 'not readable'}"] += 1
        if len(self.left_out) < LISTED:
            self.left_out.append((status, row["id"], reason, row["instead"]))

    def add(self, other: Totals) -> None:
        """Add the counts of what comes next."""
        self.status += other.status
        self.before += other.before
        self.after += other.after
        self.changes += other.changes
        self.findings += other.findings
        self.reasons += other.reasons
        self.left_out += other.left_out[: LISTED - len(self.left_out)]
        self.versions += other.versions
        self.notices = self.notices[0] + other.notices[0], self.notices[1] + other.notices[1]

    def as_json(self) -> dict[str, Any]:
        """As JSON values."""
        return {name: getattr(self, name) for name in self.__slots__}


def from_json(values: Mapping[str, Any]) -> Totals:
    """What `as_json` gave, after JSON."""
    listed = [(str(s), str(key), str(reason), str(instead)) for s, key, reason, instead in values["left_out"]]
    status, changes, findings, reasons = (
        Counter(values[name]) for name in ("status", "changes", "findings", "reasons")
    )
    numbers = int(values["before"]), int(values["after"])
    notices = int(values["notices"][0]), int(values["notices"][1])
    return Totals(status, *numbers, changes, findings, reasons, listed, int(values["versions"]), notices)
