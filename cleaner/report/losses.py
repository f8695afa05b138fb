"""An audit for a person at a terminal of 80 columns, and for machines."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator
from typing import Any

from cleaner.report.terminal import one_line
from cleaner.report.view import AuditView, Loss, RuleLoss

WIDTH = 80
_SHOWN = 220
"""Characters of a removed text that are shown at a terminal."""


def share(part: int, whole: int) -> str:
    """A share as a percentage."""
    return f"{part / whole:.1%}" if whole else "0.0%"


def summary(view: AuditView) -> Iterator[str]:
    """What the filters would remove in all, in sentences."""
    lost, prose = view.lost
    documents = f"{view.documents:,} document{'' if view.documents == 1 else 's'}"
    unread = f", {view.unreadable:,} not readable" if view.unreadable else ""
    yield f"{documents}{unread}: {view.left_out:,} would be left out, {view.cut:,} would lose a part"
    yield f"{lost:,} of {view.characters:,} characters would go ({share(lost, view.characters)})"
    yield f"{prose:,} of {view.prose:,} characters of prose would go ({share(prose, view.prose)})"


def as_text(view: AuditView) -> Iterator[str]:
    """The table, then the most surprising removals of each rule."""
    yield one_line(f"{view.title}: nothing was removed; this is what would be")
    yield from summary(view)
    working = [rule for rule in view.rules if rule.characters]
    if not working:
        return
    yield ""
    yield f"{'':<34}{'documents':>10}{'pieces':>9}{'characters':>13}{'prose':>12}"
    for rule in working:
        name = f"{rule.code} {rule.name}"
        pure = share(rule.prose, rule.characters)
        yield f"{name:<34}{rule.documents:>10,}{rule.pieces:>9,}{rule.characters:>13,}{pure:>12}"
    if not any(rule.worst for rule in working):
        return
    yield ""
    yield "The most surprising removals (most and purest prose) of each rule:"
    for rule in working:
        yield ""
        yield f"{rule.code} {rule.name}"
        for loss in rule.worst:
            yield from _loss(loss)


def _loss(loss: Loss) -> Iterator[str]:
    kind = f"all {loss.characters:,} characters" if loss.whole else f"{loss.characters:,} characters"
    yield from _wrapped(f"{loss.path}:{loss.line}: {loss.because}; {kind}", "  ")
    yield from _wrapped(quoted(loss.text), "    ")


def quoted(text: str) -> str:
    """A removed text on one line, a long one with its beginning and its end."""
    flat = " ".join(text.split())
    return flat if len(flat) <= _SHOWN else f"{flat[: _SHOWN - 80]} … {flat[-76:]}"


def _wrapped(text: str, indent: str) -> list[str]:
    return textwrap.wrap(one_line(text), WIDTH, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False)


def as_json(view: AuditView) -> str:
    """Everything as one JSON object, the removed texts whole."""
    lost, prose = view.lost
    data: dict[str, Any] = {
        "title": view.title,
        "documents": view.documents,
        "unreadable": view.unreadable,
        "left_out": view.left_out,
        "cut": view.cut,
        "characters": [view.characters, lost],
        "prose": [view.prose, prose],
        "rules": [_row(rule) for rule in view.rules],
    }
    return json.dumps(data, ensure_ascii=False, indent=1)


def _row(rule: RuleLoss) -> dict[str, Any]:
    return {
        "code": rule.code,
        "name": rule.name,
        "documents": rule.documents,
        "pieces": rule.pieces,
        "characters": rule.characters,
        "prose": rule.prose,
        "worst": [
            {
                "path": loss.path,
                "line": loss.line,
                "document": loss.document,
                "whole": loss.whole,
                "because": loss.because,
                "characters": loss.characters,
                "prose": loss.prose,
                "text": loss.text,
            }
            for loss in rule.worst
        ],
    }
