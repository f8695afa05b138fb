"""The list of documents: each with its text and changes, dropped duplicates beside their survivor."""

from __future__ import annotations

from collections import Counter

from cleaner.report.html_duplicates import Evidence, beside, facts, other_pairs, spoken, versions
from cleaner.report.html_element import Markup, counted, element, joined
from cleaner.report.html_text import Names, change_table, changed_text
from cleaner.report.view import DocumentView, RunView


def document_list(run: RunView) -> Markup:
    """Every document, and the compared pairs that belong to none of them."""
    names = {rule.code: rule.name for rule in run.rules}
    numbers: dict[str, int] = {}
    for number, document in enumerate(run.documents, 1):
        numbers.setdefault(document.id, number)
    found = {document.id: (numbers[document.id], document) for document in reversed(run.documents)}
    evidence = Evidence(run.duplicates)
    parts = []
    for number, document in enumerate(run.documents, 1):
        pair = Markup()
        if document.instead:
            survivor, other = found.get(document.instead, (None, None))
            pair = beside(document, other, survivor, evidence.take(document))
        parts.append((number, document, pair))
    shown = [
        _document(number, document, names, pair or versions(document, evidence.about(document), found), bool(pair))
        for number, document, pair in parts
    ]
    return joined(*shown, other_pairs(evidence.rest()))


def _document(number: int, document: DocumentView, names: Names, alike: Markup, is_beside: bool) -> Markup:
    codes = Counter(change.code for change in document.changes)
    # A document that was dropped for another one is read beside it, unless it has changes of its own to show.
    body = [] if is_beside and not document.changes else [changed_text(document, names)]
    return element(
        "details",
        _headline(document),
        element("div", _reason(document), _metadata(document), _rules(codes, names), alike, *body, class_="body"),
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
    return facts((key, spoken(value)) for key, value in document.metadata.items())


def _rules(codes: Counter[str], names: Names) -> Markup:
    items = [
        element("li", element("b", code), f" {names.get(code, '')} ", element("span", f"× {count:,}", class_="quietly"))
        for code, count in sorted(codes.items())
    ]
    return element("ul", *items, class_="codes", aria_label="Rules that changed this document") if items else Markup()
