"""A run that would take most of a source for duplicates is stopped: more often than not something else is wrong.

A parser that gave the same page for every address, a paywall, a broken export: all look like one text many times over,
and what is dropped for it is noticed months later.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Loss:
    """What a source would lose to duplicates: documents that go, of how many, and one of them with its survivor."""

    source: str
    dropped: int
    documents: int
    example: str
    instead: str


def losses(documents: Mapping[str, int], drops: Iterable[tuple[str, str, str]]) -> list[Loss]:
    """Losses by source, the largest first. `documents` counts them by source, `drops` are source, id and survivor."""
    dropped: dict[str, list[tuple[str, str]]] = {}
    for source, key, instead in drops:
        dropped.setdefault(source, []).append((key, instead))
    found = [Loss(source, len(gone), documents[source], *min(gone)) for source, gone in dropped.items()]
    return sorted(found, key=lambda loss: (-loss.dropped, loss.source))


def problem(rows: Iterable[Mapping[str, Any]], share: float, count: int) -> str:
    """Why a run must not publish, in words for its owner; empty when it may. `rows` are losses as JSON values.

    A source may lose more than `share` of its documents, or more than `count` of them, but not both.
    """
    for row in rows:
        loss = Loss(**row)
        if loss.dropped > count and loss.dropped > share * loss.documents:
            return (
                f"{loss.source}: {loss.dropped:,} of {loss.documents:,} documents of this source "
                f"({loss.dropped / loss.documents:.0%}) would go as duplicates, such as {loss.example} for "
                f"{loss.instead}; nothing was published. See `cleaner dups`; if that is right, --allow-drops, or "
                "max-dropped-share and max-dropped-count in the settings"
            )
    return ""
