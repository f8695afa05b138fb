"""The list of documents: each with its text and changes, dropped duplicates beside their survivor."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cleaner.report.html_element import Markup, counted, element, joined, marked, showable
from cleaner.report.html_text import Names, change_table, changed_text, clean, raw, text_block
from cleaner.report.view import DocumentView, RunView

Row = Mapping[str, Any]


def document_list(run: RunView) -> Markup:
    """Every document, and the compared pairs that belong to none of them."""
    names = {rule.code: rule.name for rule in run.rules}
    numbers: dict[str, int] = {}
    for number, document in enumerate(run.documents, 1):
        numbers.setdefault(document.id, number)
    evidence = _Evidence(run.duplicates)
    parts = []
    for number, document in enumerate(run.documents, 1):
        beside = Markup()
        if document.instead:
            survivor = numbers.get(document.instead)
            found = None if survivor is None else run.documents[survivor - 1]
            beside = _beside(document, found, survivor, evidence.take(document))
        parts.append(_document(number, document, names, beside))
    return joined(*parts, _other_pairs(evidence.rest()))


class _Evidence:
    """The rows of the duplicates, found by the two ids they name, under whatever key."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self.rows = rows
        self.taken: set[int] = set()
        self.by_id: dict[str, list[int]] = {}
        for number, row in enumerate(rows):
            for value in {value: None for value in row.values() if isinstance(value, str)}:
                self.by_id.setdefault(value, []).append(number)

    def take(self, document: DocumentView) -> Row | None:
        """The row about this document and the one that survives for it."""
        survivor = set(self.by_id.get(document.instead, ()))
        for number in self.by_id.get(document.id, ()):
            if number in survivor:
                self.taken.add(number)
                return self.rows[number]
        return None

    def rest(self) -> list[Row]:
        """The rows nobody took: pairs that were compared and both kept, for example."""
        return [row for number, row in enumerate(self.rows) if number not in self.taken]


def _document(number: int, document: DocumentView, names: Names, beside: Markup) -> Markup:
    codes = Counter(change.code for change in document.changes)
    # A document that was dropped for another one is read beside it, unless it has changes of its own to show.
    body = [] if beside and not document.changes else [changed_text(document, names)]
    return element(
        "details",
        _headline(document),
        element("div", _reason(document), _metadata(document), _rules(codes, names), beside, *body, class_="body"),
        change_table(document),
        class_="document",
        id=f"d{number}",
        data_status=document.status,
        data_rules=" ".join(codes),
    )


def _headline(document: DocumentView) -> Markup:
    name = [element("span", document.path or document.id, class_="path")]
    if document.path and document.id != document.path:
        name += [Markup(" "), element("span", document.id, class_="id")]
    why = element("span", document.reason, class_="why") if document.reason else Markup()
    count = counted(len(document.changes), "change") if document.changes else "no changes"
    return element(
        "summary",
        element("span", document.status, class_="status"),
        Markup(" "),
        element("span", *name, why, class_="name"),
        Markup(" "),
        element("span", count, class_="count"),
    )


def _reason(document: DocumentView) -> Markup:
    if not document.reason:
        return Markup()
    return element("p", element("b", document.status.capitalize()), ": ", document.reason, class_="reason")


def _metadata(document: DocumentView) -> Markup:
    return _pairs((key, spoken(value)) for key, value in document.metadata.items())


def _pairs(pairs: Iterator[tuple[str, str]]) -> Markup:
    rows = [element("div", element("dt", key), element("dd", value, dir="auto")) for key, value in pairs]
    return element("dl", *rows, class_="facts") if rows else Markup()


def spoken(value: object) -> str:
    """A JSON value as a person writes it."""
    match value:
        case str():
            return value
        case bool():
            return "yes" if value else "no"
        case None:
            return "none"
        case int():
            return str(value)
        case float():
            return f"{value:.3f}".rstrip("0").rstrip(".")
        case _:
            return json.dumps(showable(value), ensure_ascii=False, default=str)


def _rules(codes: Counter[str], names: Names) -> Markup:
    items = [
        element("li", element("b", code), f" {names.get(code, '')} ", element("span", f"× {count:,}", class_="quietly"))
        for code, count in sorted(codes.items())
    ]
    return element("ul", *items, class_="codes", aria_label="Rules that changed this document") if items else Markup()


def _beside(document: DocumentView, survivor: DocumentView | None, number: int | None, row: Row | None) -> Markup:
    title = joined("Dropped: ", element("span", document.id, class_="id"))
    left = _column(title, text_block(raw(document)))
    if survivor is None:
        note = element("p", "The text that survives is not on this page.", class_="note")
        right = _column(joined("Survives: ", element("span", document.instead, class_="id")), note)
    else:
        link = element("a", survivor.id, href=f"#d{number}", class_="id")
        right = _column(joined("Survives: ", link), text_block(clean(survivor)))
    pages = element("div", left, right, class_="beside")
    return joined(_evidence(row) if row else Markup(), pages)


def _column(title: Markup, text: Markup) -> Markup:
    return element("section", element("h4", title), element("div", text, class_="scroll", tabindex=0))


def _evidence(row: Row) -> Markup:
    hunks = row.get("hunks")
    pairs = _hunks(hunks)
    rest = ((key.replace("_", " "), spoken(value)) for key, value in row.items() if key != "hunks" or pairs is None)
    differences = Markup()
    if pairs:
        differences = joined(
            element("p", counted(len(pairs), "difference"), ": the dropped text, then the survivor’s.", class_="note"),
            element("ul", *(element("li", _hunk(*pair)) for pair in pairs), class_="hunks"),
        )
    return element("div", _pairs(rest), differences, class_="evidence")


def _hunks(value: object) -> list[tuple[str, str]] | None:
    """The differences, or nothing if this is not a list of two texts each."""
    if not isinstance(value, list | tuple):
        return None
    pairs = [tuple(item) for item in value if isinstance(item, list | tuple)]
    good = [(a, b) for a, b in (p for p in pairs if len(p) == 2) if isinstance(a, str) and isinstance(b, str)]
    return good if len(good) == len(value) else None


def _hunk(removed: str, survivor: str) -> Markup:
    before = element("del", marked(removed)) if removed else element("span", "nothing", class_="quietly")
    after = element("ins", marked(survivor)) if survivor else element("span", "nothing", class_="quietly")
    return joined(before, " → ", after)


def _other_pairs(rows: list[Row]) -> Markup:
    if not rows:
        return Markup()
    label = "1 other pair was compared" if len(rows) == 1 else f"{len(rows):,} other pairs were compared"
    return element("details", element("summary", label), *map(_evidence, rows), class_="pairs")
