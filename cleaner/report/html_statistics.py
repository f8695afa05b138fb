"""Statistics of a corpus as one HTML page that needs nothing else: no script, no network, no trust in the corpus."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from importlib.resources import files
from typing import TYPE_CHECKING

from cleaner.report.html_element import Markup, element, joined
from cleaner.report.html_page import figure, head
from cleaner.report.terminal_statistics import corpora, folded, span

if TYPE_CHECKING:
    from cleaner.statistics import Statistics


def render(found: Statistics) -> str:
    """The whole page. The same statistics give the same bytes."""
    style = Markup(files(__package__).joinpath("page.css").read_text("utf-8"))
    main = element("main", *_sections(found), class_="statistics")
    body = element("body", element("header", element("h1", found.title, dir="auto"), _summary(found)), main)
    return joined(Markup("<!DOCTYPE html>\n"), element("html", head(found.title, style), body, lang="en"), "\n")


def _summary(found: Statistics) -> Markup:
    told = ", ".join(f"{count:,} {name}" for name, count in found.documents.items())
    repeats = found.duplicates
    copies = repeats["exact"] + repeats["near"]
    return element(
        "dl",
        figure("Documents", f"{sum(found.documents.values()):,}", told),
        figure("Tokens", f"{found.tokens:,}", f"{found.characters:,} characters"),
        figure("Median length", f"{found.lengths.get('median', 0):,}", "tokens"),
        figure("Copies", f"{copies:,}", f"{repeats['exact']:,} exact, {repeats['near']:,} near"),
        figure("Versions", f"{repeats['version']:,}", "pairs: same story, other facts"),
        class_="figures",
    )


def _sections(found: Statistics) -> Iterable[Markup]:
    if shown := corpora(found):
        items = [element("li", line, dir="auto") for line in shown]
        yield element("section", element("h2", "Counted"), element("ul", *items))
    classes = [(span(length.least), length.documents, "") for length in found.histogram]
    yield _chart("Length in tokens", ("Tokens", "Documents"), classes)
    if found.lengths:
        told = ", ".join(f"{name} {size:,}" for name, size in found.lengths.items())
        yield element("p", f"{told} tokens", class_="note")
    for heading, shares in (("Languages", found.languages), ("Sources", found.sources), ("Dates", found.dates)):
        rows = [(share.name, share.documents, f"{share.tokens:,}") for share in folded(shares)]
        yield _chart(heading, (heading.removesuffix("s"), "Documents", "Tokens"), rows)
    if found.rules:
        yield _rules(found)


def _chart(heading: str, heads: Sequence[str], rows: Sequence[tuple[str, int, str]]) -> Markup:
    """A table whose second column has a bar beside each number."""
    if not rows:
        return element("section", element("h2", heading), element("p", "Nothing to count.", class_="note"))
    most = max(count for _, count, _ in rows)
    body = []
    for name, count, more in rows:
        bar = element(
            "svg",
            element("rect", width=f"{100 * count / max(most, 1):.2f}", height=8),
            viewBox="0 0 100 8",
            preserveAspectRatio="none",
            aria_hidden="true",
        )
        cells = [
            element("th", name, scope="row", dir="auto"),
            element("td", element("span", f"{count:,}"), bar, class_="bar"),
        ]
        body.append(element("tr", *cells, *([element("td", more)] if len(heads) > 2 else [])))
    return _table(heading, heads, body)


def _rules(found: Statistics) -> Markup:
    body = [
        element(
            "tr",
            element("th", element("code", rule.code), " ", rule.name, scope="row"),
            *(element("td", f"{number:,}") for number in (rule.changes, rule.findings, rule.documents)),
        )
        for rule in found.rules
    ]
    return _table("What the rules say", ("Rule", "Changes", "Findings", "Documents"), body)


def _table(heading: str, heads: Sequence[str], body: Sequence[Markup]) -> Markup:
    head = element("thead", element("tr", *(element("th", name, scope="col") for name in heads)))
    return element(
        "section", element("h2", heading), element("table", element("caption", heading), head, element("tbody", *body))
    )
