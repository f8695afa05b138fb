"""The text of one document with every change in place, and the table its detail panel reads."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from itertools import groupby

from cleaner.report.html_element import Markup, counted, data_block, element, escape, joined, marked, spelled
from cleaner.report.view import DocumentView
from cleaner.rule import is_mechanical
from cleaner.text import Change
from cleaner.trace import Piece, line_and_column

_FOLD = 700
"""Unchanged stretches longer than this are folded."""
_EDGE = 200
"""What stays open before and after a folded stretch."""
_QUOTE = 1_000
"""What the panel quotes of a long removal; the text itself has all of it."""

Names = Mapping[str, str]


def raw(document: DocumentView) -> str:
    """The text as it came."""
    return "".join(piece.text for piece in document.pieces if piece.kind != "inserted")


def clean(document: DocumentView) -> str:
    """The text as it left."""
    return "".join(piece.text for piece in document.pieces if piece.kind != "removed")


def text_block(text: str, **attributes: str | int) -> Markup:
    """Plain corpus text in its own direction."""
    return element("div", text, class_="text", dir="auto", **attributes)


def changed_text(document: DocumentView, names: Names) -> Markup:
    """The text with its changes. A change in several places is reached by Tab at the first of them."""
    if not any(piece.text for piece in document.pieces):
        return element("p", "There is no text to show.", class_="note")
    shown: set[int] = set()
    parts: list[str] = []
    for number, group in groupby(document.pieces, key=lambda piece: piece.change):
        pieces = list(group)
        if number < 0:
            parts.append(_kept("".join(piece.text for piece in pieces)))
        else:
            inside = joined(*map(_piece, pieces))
            parts.append(_change(document.changes[number], number, inside, names, more=number in shown))
            shown.add(number)
    return joined(text_block(joined(*parts)), _unseen(document, shown, names))


def _piece(piece: Piece) -> Markup:
    return element("del" if piece.kind == "removed" else "ins", marked(piece.text))


def _change(change: Change, number: int, inside: Markup, names: Names, more: bool) -> Markup:
    quiet = is_mechanical(change.code)
    reached = not quiet and not more
    why = f": {change.because}" if change.because else ""
    return element(
        "span",
        inside,
        class_="change" + " quiet" * quiet + " more" * more,
        data_n=number,
        data_code=change.code,
        tabindex=0 if reached else None,
        role="button" if reached else None,
        title=f"{change.code} {names.get(change.code, '')}".rstrip() + why,
    )


def _unseen(document: DocumentView, shown: set[int], names: Names) -> Markup:
    """Changes whose text a later change took away again: they happened, so they are listed."""
    hidden = [number for number in range(len(document.changes)) if number not in shown]
    if not hidden:
        return Markup()
    marks = [
        _change(change, number, joined(change.code, " ", *_pair(change)), names, more=False)
        for number, change in ((number, document.changes[number]) for number in hidden)
    ]
    items = [element("li", mark) for mark in marks]
    return joined(element("p", "Not to be seen in the text above:", class_="note"), element("ul", *items))


def _pair(change: Change) -> Iterator[Markup]:
    if change.before:
        yield element("del", marked(change.before[:_QUOTE]))
    if change.after:
        yield element("ins", marked(change.after[:_QUOTE]))


def _kept(text: str) -> Markup:
    start, end = _after_edge(text), _before_edge(text)
    if len(text) <= _FOLD or end <= start:
        return escape(text)
    label = counted(end - start, "unchanged character")
    summary = element("summary", element("span", "… "), label, title="Open or fold")
    return joined(text[:start], element("details", summary, text[start:end], class_="fold"), text[end:])


def _after_edge(text: str) -> int:
    """Where the fold begins: at the end of a line if one is near, else between words."""
    for blank in "\n ":
        at = text.find(blank, _EDGE, _EDGE + 100)
        if at >= 0:
            return at + 1
    return _EDGE


def _before_edge(text: str) -> int:
    """Where the fold ends: the blank before the last words or lines stays outside, so that they begin as they did."""
    size = len(text)
    line, word = (text.rfind(blank, size - _EDGE - 100, size - _EDGE) for blank in "\n ")
    if line >= 0:
        return len(text[:line].rstrip("\n"))
    return word if word >= 0 else size - _EDGE


def change_table(document: DocumentView) -> Markup:
    """What the panel says about each change, by number."""
    text = raw(document)
    places = dict(enumerate(document.spans))
    rows = [_row(document.path, change, places.get(n), text) for n, change in enumerate(document.changes)]
    return data_block(rows) if rows else Markup()


def _row(path: str, change: Change, span: tuple[int, int] | None, text: str) -> dict[str, object]:
    row: dict[str, object] = {
        "code": change.code,
        "because": change.because,
        "was": spelled(change.before, _QUOTE),
        "became": spelled(change.after or "", _QUOTE),
        "facts": [list(fact) for fact in change.facts],
    }
    if span:
        line, column = line_and_column(text, span[0])
        # A path that begins with a hyphen would be read as an option by whoever pastes the command.
        name = shlex.quote(f"./{path}" if path.startswith("-") else path)
        row["place"] = f"line {line}, column {column}"
        row["keep"] = f"cleaner keep {name} {change.code}:{line}:{column}"
    return row
