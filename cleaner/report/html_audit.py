"""An audit as one HTML page that needs nothing else and runs no script: its content-security policy forbids them."""

from __future__ import annotations

from importlib.resources import files

from cleaner.report.html_element import Markup, counted, element, joined
from cleaner.report.html_page import figure, head
from cleaner.report.html_text import text_block
from cleaner.report.losses import share
from cleaner.report.view import AuditView, Loss, RuleLoss

_TEASER = 160
"""Characters of a removed text that stand in its folded row."""


def render_audit(view: AuditView) -> str:
    """The whole page. The same audit gives the same bytes."""
    style = Markup(files(__package__).joinpath("page.css").read_text("utf-8"))
    body = element(
        "body",
        element("header", element("h1", view.title, dir="auto"), _summary(view)),
        element("main", _rules(view), *(_worst(rule) for rule in view.rules if rule.characters)),
    )
    return joined(Markup("<!DOCTYPE html>\n"), element("html", head(view.title, style), body, lang="en"), "\n")


def _summary(view: AuditView) -> Markup:
    lost, prose = view.lost
    documents = f"of {view.documents:,}; {view.cut:,} more would lose a part"
    return element(
        "dl",
        figure("Documents left out", f"{view.left_out:,}", documents),
        figure("Characters lost", f"{lost:,}", f"{share(lost, view.characters)} of {view.characters:,}"),
        figure("Prose lost", f"{prose:,}", f"{share(prose, view.prose)} of {view.prose:,} characters of prose"),
        class_="figures",
    )


def _rules(view: AuditView) -> Markup:
    working = [rule for rule in view.rules if rule.characters]
    idle = [rule for rule in view.rules if not rule.characters]
    note = "Nothing was removed; this is what would be. Prose is a line of 12 words or more that ends like a sentence."
    parts = [element("h2", "Filters"), element("p", note, class_="note")]
    if working:
        most = max(rule.characters for rule in working)
        names = ("Filter", "Characters", "of it prose", "Documents", "Pieces")
        heads = [element("th", name, scope="col") for name in names]
        rows = [_rule(rule, most) for rule in working]
        caption = element("caption", "What each filter would remove")
        parts.append(element("table", caption, element("thead", element("tr", *heads)), element("tbody", *rows)))
    else:
        parts.append(element("p", "No filter would remove anything.", class_="note"))
    if idle:
        items = [element("li", element("b", rule.code), " ", rule.name, ": ", rule.summary) for rule in idle]
        label = element("summary", counted(len(idle), "filter"), " would remove nothing")
        parts.append(element("details", label, element("ul", *items), class_="idle"))
    return element("section", *parts)


def _rule(rule: RuleLoss, most: int) -> Markup:
    bar = element(
        "svg",
        element("rect", width=f"{100 * rule.characters / most:.2f}", height=8),
        viewBox="0 0 100 8",
        preserveAspectRatio="none",
        aria_hidden="true",
    )
    link = element("a", element("b", rule.code), " ", rule.name, href=f"#{rule.code}")
    return element(
        "tr",
        element("th", link, element("p", rule.summary), scope="row"),
        element("td", element("span", f"{rule.characters:,}"), bar, class_="bar"),
        element("td", share(rule.prose, rule.characters)),
        element("td", f"{rule.documents:,}"),
        element("td", f"{rule.pieces:,}"),
    )


def _worst(rule: RuleLoss) -> Markup:
    more = rule.doc.partition("\n")[2].strip()
    return element(
        "section",
        element("h2", f"{rule.code} {rule.name}"),
        element("p", rule.summary, " ", more, class_="note"),
        element("h3", f"The most surprising of {counted(rule.documents + rule.pieces, 'removal')}"),
        *map(_loss, rule.worst),
        id=rule.code,
    )


def _loss(loss: Loss) -> Markup:
    flat = " ".join(loss.text.split())
    teaser = flat if len(flat) <= _TEASER else f"{flat[:_TEASER]} …"
    where = element("span", f"{loss.path}:{loss.line}", class_="path")
    why = element("span", f"{loss.because}: {teaser}", class_="why", dir="auto")
    what = element("span", where, why, class_="name")
    size = f"{counted(loss.characters, 'character')}, {share(loss.prose, loss.characters)} prose"
    label = element("summary", element("span", "document" if loss.whole else "piece", class_="status"), what,
                    element("span", size, class_="count"))  # fmt: skip
    body = element("div", element("p", loss.because, class_="reason", dir="auto"), text_block(loss.text), class_="body")
    return element("details", label, body, class_="document")
