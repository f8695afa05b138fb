"""Documents that resemble one another: a table of them, and each pair side by side with what differs marked."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cleaner.report.html_element import Markup, counted, element, escape, joined, marked, showable
from cleaner.report.html_text import clean, raw, text_block
from cleaner.report.view import DocumentView, RunView

Row = Mapping[str, Any]

BESIDE = 3
"""Versions of one document that are shown side by side; of the others the differences alone are shown."""
CLUSTERS = 50
"""Clusters, and sentences, in the tables; the documents below have all of them."""
COPIES = ("exact", "near", "similar")


class Evidence:
    """The rows about pairs, found by the two ids they name, under whatever key."""

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
            if number in survivor and self.rows[number].get("relation") != "sentence":
                self.taken.add(number)
                return self.rows[number]
        return None

    def about(self, document: DocumentView) -> list[Row]:
        """The rows about a document that stays, and another one that it resembles or shares a sentence with."""
        found = [n for n in self.by_id.get(document.id, ()) if n not in self.taken and self._is_about(n, document.id)]
        self.taken.update(found)
        return [self.rows[number] for number in found]

    def _is_about(self, number: int, key: str) -> bool:
        row = self.rows[number]
        return row.get("id") == key and isinstance(row.get("instead"), str)

    def rest(self) -> list[Row]:
        """The rows nobody took: pairs of documents that are not on the page, for example."""
        return [row for number, row in enumerate(self.rows) if number not in self.taken]


def beside(document: DocumentView, survivor: DocumentView | None, number: int | None, row: Row | None) -> Markup:
    """A document that was left out beside the one that survives for it."""
    pairs = (_hunks(row.get("hunks")) if row else None) or []
    title = joined("Dropped: ", element("span", document.id, class_="id"))
    left = _column(title, _with_marks(raw(document), [gone for gone, _ in pairs], "del"))
    return joined(
        _evidence(row, named=False) if row else Markup(), _columns(left, document.instead, survivor, number, pairs)
    )


def versions(document: DocumentView, rows: Sequence[Row], found: Mapping[str, tuple[int, DocumentView]]) -> Markup:
    """What a document that stays has in common with others: each beside it, and the sentences they share."""
    alike = [row for row in rows if row.get("relation") != "sentence"]
    parts = []
    for shown, row in enumerate(alike):
        number, other = found.get(row["instead"], (None, None))
        pairs = _hunks(row.get("hunks")) or []
        columns = Markup()
        if shown < BESIDE and other:
            left = _column(
                joined("This one: ", element("span", document.id, class_="id")),
                _with_marks(clean(document), [mine for mine, _ in pairs], "del"),
            )
            columns = _columns(left, row["instead"], other, number, pairs, "Also stays: ")
        told = _evidence(row, "this text, then the other’s", named=False)
        label = joined(
            str(row.get("relation", "pair")).capitalize(), " of ", element("span", row["instead"], class_="id")
        )
        parts.append(element("details", element("summary", label), told, columns, class_="pair"))
    shared = [row for row in rows if row.get("relation") == "sentence"]
    if shared:
        items = (element("li", _sentence(row, found)) for row in shared)
        label = element("summary", counted(len(shared), "sentence"), " that other documents have too")
        parts.append(element("details", label, element("ul", *items, class_="hunks"), class_="pair"))
    return joined(*parts)


def _sentence(row: Row, found: Mapping[str, tuple[int, DocumentView]]) -> Markup:
    gone = " (taken out here)" if row.get("removed") else ""
    where = _link(str(row["instead"]), found.get(str(row["instead"]), (None, None))[0])
    return joined(element("span", str(row.get("text", "")), class_="said", dir="auto"), " in ", where, gone)


def _columns(
    left: Markup,
    key: str,
    other: DocumentView | None,
    number: int | None,
    pairs: Sequence[tuple[str, str]],
    title: str = "Survives: ",
) -> Markup:
    heading = joined(title, _link(key, number))
    if other is None:
        right = _column(heading, element("p", "The text that survives is not on this page.", class_="note"))
    else:
        right = _column(heading, _with_marks(clean(other), [theirs for _, theirs in pairs], "ins"))
    return element("div", left, right, class_="beside")


def _link(key: str, number: int | None) -> Markup:
    if number is None:
        return element("span", key, class_="id")
    return element("a", key, href=f"#d{number}", class_="id")


def _column(title: Markup, text: Markup) -> Markup:
    return element("section", element("h4", title), element("div", text, class_="scroll", tabindex=0))


def _with_marks(text: str, parts: Sequence[str], tag: str) -> Markup:
    """A text with some of its parts marked, each looked for behind the one before it."""
    shown: list[str] = []
    at = 0
    for part in parts:
        start = text.find(part, at) if part else -1
        if start >= 0:
            shown += [escape(text[at:start]), element(tag, marked(part))]
            at = start + len(part)
    return text_block(joined(*shown, escape(text[at:])))


def _evidence(row: Row, whose: str = "the dropped text, then the survivor’s", *, named: bool = True) -> Markup:
    """What a row says; with `named` also which two documents it is about."""
    hunks = row.get("hunks")
    pairs = _hunks(hunks)
    told = {"sample", *(() if pairs is None else ("hunks",)), *(() if named else ("id", "instead", "crowd"))}
    rest = (
        (key.replace("_", " "), spoken(value))
        for key, value in row.items()
        if key not in told and value not in ([], "")
    )
    differences = Markup()
    if pairs:
        differences = joined(
            element("p", counted(len(pairs), "difference"), f": {whose}.", class_="note"),
            element("ul", *(element("li", _hunk(*pair)) for pair in pairs), class_="hunks"),
        )
    return element("div", facts(rest), differences, class_="evidence")


def facts(pairs: Iterator[tuple[str, str]]) -> Markup:
    """Names and values in a row."""
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


def other_pairs(rows: Sequence[Row]) -> Markup:
    """The evidence about pairs that belong to no document on the page."""
    if not rows:
        return Markup()
    label = "1 other pair was compared" if len(rows) == 1 else f"{len(rows):,} other pairs were compared"
    return element("details", element("summary", label), *map(_evidence, rows), class_="pairs")


def clusters(run: RunView) -> Markup:
    """The tables of what resembles what; nothing where nothing does."""
    numbers: dict[str, int] = {}
    for number, document in enumerate(run.documents, 1):
        numbers.setdefault(document.id, number)
    groups: dict[str, list[Row]] = {}
    sentences: dict[tuple[str, str], list[Row]] = {}
    for row in run.duplicates:
        first, relation = row.get("crowd", row.get("instead")), row.get("relation")
        if isinstance(first, str) and isinstance(relation, str):
            if relation == "sentence":
                sentences.setdefault((first, str(row.get("text", ""))), []).append(row)
            else:
                groups.setdefault(first, []).append(row)
    tables = [_clusters(groups, numbers)] if groups else []
    tables += [_sentences(sentences, numbers)] if sentences else []
    return element("section", element("h2", "Duplicates"), *tables, id="duplicates") if tables else Markup()


def _clusters(groups: Mapping[str, Sequence[Row]], numbers: Mapping[str, int]) -> Markup:
    ordered = sorted(groups.items(), key=lambda item: (-len(item[1]), item[0]))
    rows = []
    for first, members in ordered[:CLUSTERS]:
        relations = [str(row["relation"]) for row in members]
        gone = sum(
            relation in COPIES or bool(row.get("dropped")) for relation, row in zip(relations, members, strict=True)
        )
        sample = next((str(row["sample"]) for row in members if row.get("sample")), "")
        told = element("p", "One text under many addresses: ", element("q", sample, dir="auto")) if sample else Markup()
        others = joined(
            *_comma(_link(str(row.get("id", "")), numbers.get(str(row.get("id", "")))) for row in members[:8])
        )
        more = f" and {len(members) - 8:,} more" if len(members) > 8 else ""
        rows.append(
            element(
                "tr",
                element("th", _link(first, numbers.get(first)), told, scope="row"),
                element("td", f"{gone:,}"),
                element("td", f"{len(members) - gone:,}"),
                element("td", others, more),
            )
        )
    return _table(
        "Copies, and what resembles them", ("Stays", "Go for it", "Stay beside it", "Which"), rows, len(ordered)
    )


def _sentences(sentences: Mapping[tuple[str, str], Sequence[Row]], numbers: Mapping[str, int]) -> Markup:
    ordered = sorted(sentences.items(), key=lambda item: (-_documents(item[1]), item[0]))
    rows = [
        element(
            "tr",
            element("th", element("span", text, class_="said", dir="auto"), scope="row"),
            element("td", f"{_documents(members):,}"),
            element("td", f"{sum(bool(row.get('removed')) for row in members):,}"),
            element("td", _link(first, numbers.get(first))),
        )
        for (first, text), members in ordered[:CLUSTERS]
    ]
    return _table(
        "Sentences that documents share", ("Sentence", "Documents", "Taken out", "First in"), rows, len(ordered)
    )


def _documents(members: Sequence[Row]) -> int:
    count = members[0].get("documents")
    return count if isinstance(count, int) else len(members) + 1


def _table(caption: str, heads: Sequence[str], rows: Sequence[Markup], total: int) -> Markup:
    more = element("p", f"… and {total - len(rows):,} more", class_="note") if total > len(rows) else Markup()
    head = element("thead", element("tr", *(element("th", name, scope="col") for name in heads)))
    return joined(element("h3", caption), element("table", head, element("tbody", *rows), class_="clusters"), more)


def _comma(parts: Iterator[Markup]) -> Iterator[Markup]:
    for number, part in enumerate(parts):
        yield joined(", ", part) if number else part
