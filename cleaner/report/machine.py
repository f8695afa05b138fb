"""Findings for machines: one JSON array, or the annotations of GitHub Actions."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from cleaner.report.terminal import one_line, quote, visible
from cleaner.rule import is_mechanical
from cleaner.trace import Place


def message(place: Place) -> str:
    """What a rule says of a place, in one line."""
    change = place.change
    if change.after is None:
        return (
            f"{quote(place.change.before)} ({one_line(change.because)})"
            if place.change.before
            else one_line(change.because)
        )
    arrow = f"{quote(place.change.before)} -> {quote(change.after)}"
    tells = not place.made or (not change.after and not is_mechanical(change.code))
    return f"{arrow} ({one_line(change.because)})" if tells else arrow


def as_text(places: Sequence[Place], names: Mapping[str, str], *, everything: bool) -> list[str]:
    """One line per finding; small repairs of one kind are one line per file, with their number."""
    lines = []
    counts: dict[tuple[str, str], int] = {}
    for place in places:
        counts[_kind(place)] = counts.get(_kind(place), 0) + 1
    seen: set[tuple[str, str]] = set()
    for place in places:
        kind, times = _kind(place), ""
        if not everything and is_mechanical(place.change.code) and place.made:
            if kind in seen:
                continue
            seen.add(kind)
            times = f" (and {counts[kind] - 1:,} more like it)" if counts[kind] > 1 else ""
        code = place.change.code
        where = f"{one_line(place.path)}:{place.line}:{place.column}"
        lines.append(f"{where} {code} {names.get(code, '')}: {message(place)}{times}")
    return lines


def _kind(place: Place) -> tuple[str, str]:
    return place.path, place.change.code


def as_json(places: Sequence[Place], names: Mapping[str, str]) -> str:
    """All findings as a JSON array, the whole texts in it."""
    rows = [
        {
            "path": place.path,
            "document": place.document,
            "line": place.line,
            "column": place.column,
            "code": place.change.code,
            "name": names.get(place.change.code, ""),
            "before": place.change.before,
            "after": place.change.after,
            "because": place.change.because,
            "fixable": place.made,
            "facts": dict(place.change.facts),
        }
        for place in places
    ]
    return json.dumps(rows, ensure_ascii=False, indent=1)


def as_github(places: Sequence[Place], names: Mapping[str, str]) -> list[str]:
    """Workflow commands; text in them is escaped, so that no article can give a command of its own."""
    lines = []
    for place in places:
        code = place.change.code
        where = f"file={_property(place.path)},line={place.line},col={place.column}"
        title = _property(f"{code} {names.get(code, '')}")
        lines.append(f"::warning {where},title={title}::{_data(message(place))}")
    return lines


def _data(text: str) -> str:
    return visible(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
