"""A run as one HTML page that needs nothing else: no network, no other file, no trust in the corpus it shows.

The page reads without its script; the script adds filters, keys and the panel. Its content-security policy lets only
this style sheet and this script work, by their digests.
"""

from __future__ import annotations

from importlib.resources import files

from cleaner.report.html_documents import document_list
from cleaner.report.html_duplicates import clusters
from cleaner.report.html_element import Markup, counted, data_block, element, joined
from cleaner.report.html_page import figure, head
from cleaner.report.view import RuleView, RunView

_KEYS = (
    ("n", "next change"),
    ("p", "previous change"),
    ("/", "search"),
    ("Tab", "from one thing to the next"),
    ("Enter", "open or fold a document"),
    ("Esc", "close what is open"),
    ("?", "these keys"),
)


def render(run: RunView) -> str:
    """The whole page. The same run gives the same bytes."""
    style, script = (Markup(files(__package__).joinpath(name).read_text("utf-8")) for name in ("page.css", "page.js"))
    body = element(
        "body",
        element("header", element("h1", run.title, dir="auto"), _summary(run)),
        element("main", _rules(run), clusters(run), _documents(run)),
        _keys(),
        data_block({rule.code: [rule.name, rule.summary] for rule in run.rules}, id="rule-names"),
        element("script", script),
    )
    return joined(Markup("<!DOCTYPE html>\n"), element("html", head(run.title, style, script), body, lang="en"), "\n")


def _summary(run: RunView) -> Markup:
    before, after = run.characters
    changes = sum(rule.changes for rule in run.rules)
    working = sum(rule.changes > 0 for rule in run.rules)
    statuses = ", ".join(f"{count:,} {status}" for status, count in run.counts.items() if count)
    return element(
        "dl",
        figure("Documents", f"{sum(run.counts.values()):,}", statuses or "none"),
        figure("Characters", f"{after:,}", f"of {before:,} that came in"),
        figure("Changes", f"{changes:,}", f"by {counted(working, 'rule')}"),
        class_="figures",
    )


def _rules(run: RunView) -> Markup:
    working = [rule for rule in run.rules if rule.changes]
    idle = [rule for rule in run.rules if not rule.changes]
    most = max((rule.changes for rule in working), default=1)
    parts = [element("h2", "Rules")]
    if working:
        heads = [element("th", name, scope="col") for name in ("Rule", "Changes", "Characters removed", "Documents")]
        parts.append(
            element(
                "table",
                element("caption", "What each rule changed"),
                element("thead", element("tr", *heads)),
                element("tbody", *(_rule(rule, most) for rule in working)),
            )
        )
    else:
        parts.append(element("p", "No rule changed anything.", class_="note"))
    if idle:
        items = [element("li", element("b", rule.code), " ", rule.name, ": ", rule.summary) for rule in idle]
        label = element("summary", counted(len(idle), "rule"), " found nothing")
        parts.append(element("details", label, element("ul", *items), class_="idle"))
    return element("section", *parts, id="rules")


def _rule(rule: RuleView, most: int) -> Markup:
    bar = element(
        "svg",
        element("rect", width=f"{100 * rule.changes / most:.2f}", height=8),
        viewBox="0 0 100 8",
        preserveAspectRatio="none",
        aria_hidden="true",
    )
    link = element("a", element("b", rule.code), " ", rule.name, href="#documents", data_filter=rule.code)
    more = rule.doc.partition("\n")[2].strip()
    what: Markup = element("p", rule.summary)
    if more:
        what = element("details", element("summary", rule.summary), element("p", more))
    return element(
        "tr",
        element("th", link, what, scope="row"),
        element("td", element("span", f"{rule.changes:,}"), bar, class_="bar"),
        element("td", f"{rule.characters:,}"),
        element("td", f"{rule.documents:,}"),
    )


def _documents(run: RunView) -> Markup:
    total = sum(run.counts.values())
    shown = len(run.documents)
    note = f"This page shows {shown:,} of {counted(total, 'document')}." if shown < total else ""
    return element(
        "section",
        element("h2", "Documents"),
        element("p", note, class_="note") if note else Markup(),
        _tools(run),
        element("div", element("div", document_list(run), class_="list"), _panel(), class_="columns"),
        id="documents",
    )


def _tools(run: RunView) -> Markup:
    rules = [element("option", f"{rule.code} {rule.name}", value=rule.code) for rule in run.rules if rule.changes]
    statuses = [element("option", status, value=status) for status, count in run.counts.items() if count]
    search = element("input", type="search", id="search", placeholder="name or id", autocomplete="off")
    small = element("input", type="checkbox", id="small", autocomplete="off")
    return element(
        "div",
        element("label", "Search ", search, class_="scripted"),
        element("label", "Rule ", _choice("rule", "all", rules), class_="scripted"),
        element("label", "Status ", _choice("status", "all", statuses), class_="scripted"),
        element("label", small, " Mark small repairs", title="spaces, quotes, layout"),
        element(
            "span",
            element("button", "Previous", type="button", id="previous", aria_label="Previous change"),
            element("button", "Next", type="button", id="next", aria_label="Next change"),
            element("button", "Keys", type="button", id="help"),
            class_="buttons scripted",
        ),
        element("output", counted(len(run.documents), "document"), id="found", aria_live="polite"),
        class_="tools",
        role="group",
        aria_label="Filters",
    )


def _choice(name: str, every: str, options: list[Markup]) -> Markup:
    return element("select", element("option", every, value=""), *options, id=name, autocomplete="off")


def _panel() -> Markup:
    body = element(
        "div",
        element("button", "Close", type="button", id="close"),
        element("h3", element("span", id="panel-code"), " ", element("span", id="panel-name")),
        element("p", id="panel-because", dir="auto"),
        element("h4", "Was"),
        element("div", id="panel-was", class_="quote", dir="auto"),
        element("h4", "Became"),
        element("div", id="panel-became", class_="quote", dir="auto"),
        element("div", element("h4", "Moved to the metadata"), element("dl", class_="facts"), id="panel-facts"),
        element("div", element("h4", "The rule"), element("p", id="panel-summary"), id="panel-rule"),
        element("h4", "Switch this rule off"),
        element("p", "In cleaner.toml:"),
        element("code", id="panel-ignore"),
        element("p", "or for one run:"),
        element("code", id="panel-option"),
        element(
            "div",
            element("h4", "Keep this place as it was"),
            element("p", id="panel-place"),
            element("code", id="panel-keep"),
            id="panel-pin",
        ),
        id="panel-body",
        hidden=True,
    )
    hint = element("p", "Point at a change, or press n, to see which rule made it and why.", id="panel-hint")
    label = "About this change"
    return element("aside", hint, body, id="panel", class_="scripted", aria_live="polite", aria_label=label)


def _keys() -> Markup:
    rows = [element("div", element("dt", element("kbd", key)), element("dd", what)) for key, what in _KEYS]
    close = element("button", "Close", type="button", id="keys-close")
    return element("dialog", element("h2", "Keys"), element("dl", *rows), close, id="keys", aria_label="Keys")
