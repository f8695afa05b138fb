"""Passages shared with evaluation texts, for a person or a program."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from cleaner.report.terminal import one_line, quote

if TYPE_CHECKING:
    from cleaner.contamination import Shared


def as_text(found: Sequence[Shared]) -> Iterator[str]:
    """One line for each passage: where, how long, of what, how much of that, and how it begins and ends."""
    for one in found:
        where = f"{one_line(one.path)}:{one.line}:{one.column}"
        share = f"{100 * one.passage.held // one.passage.runs} % of it"
        name = one_line(one.passage.name)
        yield f"{where} {one.passage.tokens:,} tokens of {name} ({share}): {quote(one.text)}"


def as_json(found: Sequence[Shared]) -> str:
    """All passages as a JSON array, their texts whole."""
    rows = [
        {
            "path": one.path,
            "document": one.document,
            "line": one.line,
            "column": one.column,
            "start": one.passage.start,
            "end": one.passage.end,
            "tokens": one.passage.tokens,
            "evaluation": one.passage.name,
            "held": one.passage.held,
            "runs": one.passage.runs,
            "text": one.text,
        }
        for one in found
    ]
    return json.dumps(rows, ensure_ascii=False, indent=1)
