"""The HTML report as a text: hostile corpora, one script, nothing from elsewhere, everything of the run in it."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from html.parser import HTMLParser
from typing import Any

import pytest

from cleaner.report.html import render
from cleaner.report.html_element import data_block, element, spelled
from cleaner.report.view import DocumentView, RuleView, RunView
from cleaner.text import Change, Document, Edit, apply
from cleaner.trace import trace

HOSTILE = (
    "<script>document.title='run'</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</script><script>alert(1)</script>",
    "</style><svg onload=alert(1)>",
    "<!--<script>",
    "]]><iframe src=http://a.example>",
    "&lt;b&gt; &amp;",
)


def document(
    text: str,
    edits: Sequence[tuple[str, str, str]] = (),
    *,
    id: str = "one",  # noqa: A002
    because: str = "a reason",
    facts: tuple[tuple[str, str], ...] = (),
    status: str = "kept",
    reason: str = "",
    instead: str = "",
    path: str | None = None,
    metadata: Mapping[str, Any] | None = None,
) -> DocumentView:
    """A document in which every edit (code, before, after) was made where `before` first stands, one step each."""
    current = Document(id, text)
    changes: list[Change] = []
    for step, (code, before, after) in enumerate(edits):
        start = current.text.index(before)
        current, made, _ = apply(current, [(code, Edit(start, start + len(before), after, because, facts))], step)
        changes += made
    traced = trace(text, changes)
    path = f"{id}.txt" if path is None else path
    return DocumentView(id, path, status, reason, instead, metadata or {}, traced.pieces, changes, traced.spans)


def run(
    *documents: DocumentView, title: str = "a run", duplicates: Sequence[Mapping[str, Any]] = (), **rule: str
) -> RunView:
    """A run of these documents, with a rule for every code they name. `rule` replaces its words."""
    codes = sorted({change.code for d in documents for change in d.changes} | {"LAY001"})
    counts: dict[str, int] = {}
    for d in documents:
        counts[d.status] = counts.get(d.status, 0) + 1
    rules = []
    for code in codes:
        touched = [[c for c in d.changes if c.code == code] for d in documents]
        made = [c for changes in touched for c in changes]
        removed = sum(len(c.before) for c in made)
        words = {
            "name": f"name-of-{code.lower()}",
            "summary": f"Summary of {code}.",
            "doc": f"Summary of {code}.\n\nMore.",
        } | rule
        rules.append(
            RuleView(
                code,
                words["name"],
                words["summary"],
                words["doc"],
                code[:3],
                len(made),
                removed,
                sum(map(bool, touched)),
            )
        )
    return RunView(title, counts, (1_204, 1_000), rules, documents, duplicates)


class Page(HTMLParser):
    """What a parser sees: elements with attributes, and the text outside of scripts and styles."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[tuple[dict[str, str | None], str]] = []
        self.styles: list[str] = []
        self.words: list[str] = []
        self.inside = ""
        self.feed(page)
        self.close()
        self.text = "".join(self.words)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self.inside = tag
        if tag == "script":
            self.scripts.append((dict(attrs), ""))
        if tag == "style":
            self.styles.append("")

    def handle_endtag(self, tag: str) -> None:
        self.inside = ""

    def handle_data(self, data: str) -> None:
        if self.inside == "script":
            self.scripts[-1] = (self.scripts[-1][0], self.scripts[-1][1] + data)
        elif self.inside == "style":
            self.styles[-1] += data
        else:
            self.words.append(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")

    @property
    def programs(self) -> list[str]:
        return [text for attributes, text in self.scripts if attributes.get("type") != "application/json"]

    @property
    def data(self) -> list[Any]:
        return [json.loads(text) for attributes, text in self.scripts if attributes.get("type") == "application/json"]


def everywhere(text: str) -> RunView:
    """A run that has this text in every field a corpus or a journal can fill."""
    changed = document(
        f"{text} and once morest the rest",
        [("SUB001", "once morest", text), ("LAY001", "rest", f"rest {text}")],
        id=text, path=text, because=text, facts=((text, text),), metadata={text: text, "list": [text, {text: text}]},
    )  # fmt: skip
    copy = document(text, id=f"copy {text}", status="dropped", reason=text, instead=text)
    lost = document(text, id="lost", status=text, reason=text, instead=f"nowhere {text}")
    rows: list[Mapping[str, Any]] = [
        {"id": copy.id, "survivor": text, text: text, "relation": text, "hunks": [[text, text]], "jaccard": 0.5},
        {"id": "other", "hunks": text, text: [text]},
    ]
    return run(changed, copy, lost, title=text, duplicates=rows, name=text, summary=text, doc=f"{text}\n\n{text}")


SAFE = Page(render(everywhere("harmless")))


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_shown_as_text_wherever_it_stands(text: str) -> None:
    page = Page(render(everywhere(text)))
    assert [tag for tag, _ in page.elements] == [tag for tag, _ in SAFE.elements]
    assert [set(attributes) for _, attributes in page.elements] == [set(attributes) for _, attributes in SAFE.elements]
    assert page.text.count(text) >= 20
    assert page.programs == SAFE.programs


def test_there_is_exactly_one_program_and_one_style_sheet() -> None:
    assert len(SAFE.programs) == len(SAFE.styles) == 1


def test_the_policy_lets_only_this_program_and_this_style_sheet_work() -> None:
    [policy] = [a["content"] or "" for tag, a in SAFE.elements if a.get("http-equiv") == "Content-Security-Policy"]
    parts = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    for directive, text in (("script-src", SAFE.programs[0]), ("style-src", SAFE.styles[0])):
        assert parts[directive] == f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
    assert parts["default-src"] == "'none'"
    assert "unsafe" not in policy


def test_the_page_needs_nothing_from_elsewhere() -> None:
    for _, attributes in SAFE.elements:
        assert not {"src", "srcset", "style", "action"} & set(attributes)
        assert not any(name.startswith("on") for name in attributes)
        assert (attributes.get("href") or "#").startswith("#")
    assert not re.search(r"url\(|@import|https?://", SAFE.styles[0] + SAFE.programs[0])


def test_every_link_and_label_finds_its_target() -> None:
    ids = [attributes["id"] for _, attributes in SAFE.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert {(a["href"] or "")[1:] for _, a in SAFE.elements if "href" in a} <= set(ids)


@pytest.mark.parametrize(
    ("character", "sign"),
    [
        ("\0", "␀"), ("\x1b", "␛"), ("\r", "␍"), ("\x7f", "␡"), ("\x85", "⟨U+0085⟩"),
        ("\u202e", "⟨U+202E⟩"), ("\u2066", "⟨U+2066⟩"), ("\udc80", "⟨U+DC80⟩"), ("\ufffe", "⟨U+FFFE⟩"),
    ],
)  # fmt: skip
def test_characters_a_page_must_not_hold_are_shown_by_a_sign(character: str, sign: str) -> None:
    page = render(everywhere(f"a{character}b"))
    page.encode()
    assert character not in page
    assert Page(page).text.count(f"a{sign}b") >= 20
    assert f"\\u{ord(character):04x}" not in page


@pytest.mark.parametrize("text", ["a\nb\tc", "naïve 北京 عربي 👩‍👩‍👧", "  two  spaces "])
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    assert text in Page(render(run(document(text)))).text


def test_data_for_the_script_cannot_end_its_element() -> None:
    block = data_block(["</script>", "<!--", "&amp;", "\u2028\u2029"])
    assert not re.search(
        "[<>&\u2028\u2029]", block.removeprefix('<script type="application/json">').removesuffix("</script>")
    )
    assert Page(block).data == [["</script>", "<!--", "&amp;", "\u2028\u2029"]]


def test_children_and_attributes_of_an_element_are_escaped_once() -> None:
    inner = element("b", "a & b")
    assert (
        element("p", inner, "<", title='"', hidden=True, lang=None)
        == '<p title="&quot;" hidden><b>a &amp; b</b>&lt;</p>'
    )


def test_the_same_run_gives_the_same_bytes() -> None:
    assert render(everywhere("x")) == render(everywhere("x"))


def test_every_rule_and_every_document_is_present() -> None:
    view = run(document("once morest", [("SUB001", "once morest", "against")]), document("text", id="two"))
    page = Page(render(view))
    for rule in view.rules:
        assert f"{rule.code} {rule.name}" in page.text
    for one in view.documents:
        assert one.path in page.text


def test_an_empty_run_is_a_page_too() -> None:
    page = Page(render(RunView("nothing", {}, (0, 0), (), (), ())))
    assert "No rule changed anything." in page.text
    assert "0 documents" in page.text


@pytest.mark.parametrize(("text", "shown"), [("All of it.", "All of it."), ("", "There is no text to show.")])
def test_a_document_without_changes_shows_its_text(text: str, shown: str) -> None:
    page = Page(render(run(document(text))))
    assert shown in page.text
    assert "no changes" in page.text
    assert not [tag for tag, _ in page.elements if tag in {"del", "ins"}]


def marks(page: Page) -> list[dict[str, str | None]]:
    return [a for _, a in page.elements if "change" in (a.get("class") or "").split()]


def test_a_change_is_shown_in_place_with_its_rule_and_reason() -> None:
    page = render(run(document("He spoke once morest it.", [("SUB001", "once morest", "against")])))
    assert "<del>once morest</del><ins>against</ins></span> it." in page
    [mark] = marks(Page(page))
    assert mark["title"] == "SUB001 name-of-sub001: a reason"
    assert mark["tabindex"] == "0"


def test_a_mechanical_change_is_quiet_and_not_in_the_way_of_tab() -> None:
    [mark] = marks(Page(render(run(document("a  b", [("SPC001", "  ", " ")])))))
    assert "quiet" in (mark["class"] or "")
    assert "tabindex" not in mark


def test_the_panel_learns_everything_about_a_change() -> None:
    one = document(
        "a\nb once morest", [("SUB001", "once morest", "against")], facts=(("date", "2024"),), path="raw/it's.txt"
    )
    [table, _] = Page(render(run(one))).data
    assert table == [
        {
            "code": "SUB001", "because": "a reason", "was": "once morest", "became": "against", "facts": [["date", "2024"]],
            "place": "line 2, column 3", "keep": """cleaner keep 'raw/it'"'"'s.txt' SUB001:2:3""",
        }
    ]  # fmt: skip


def test_a_place_is_counted_in_the_raw_text_whatever_changed_before_it() -> None:
    one = document("date\n\nIt is once morest", [("MET001", "date\n\n", ""), ("SUB001", "once morest", "against")])
    [table, _] = Page(render(run(one))).data
    assert [row["place"] for row in table] == ["line 1, column 1", "line 3, column 7"]


def test_a_path_that_looks_like_an_option_is_not_one_when_pasted() -> None:
    [table, _] = Page(render(run(document("ab", [("SUB001", "a", "")], path="--ignore=ALL")))).data
    assert table[0]["keep"] == "cleaner keep ./--ignore=ALL SUB001:1:1"


def test_a_change_that_a_later_one_took_away_is_still_listed() -> None:
    one = document("one two", [("SUB001", "two", "three"), ("BOI001", "one three", "")])
    page = Page(render(run(one)))
    assert {mark["data-n"] for mark in marks(page)} == {"0", "1"}
    one = document("one", [("SUB001", "one", "one two"), ("BOI001", "one two", "")])
    assert {mark["data-n"] for mark in marks(Page(render(run(one))))} == {"0", "1"}


def test_tab_stops_once_at_a_change_in_several_places() -> None:
    one = document("one two three", [("SUB001", "two", "2"), ("BOI001", "one 2 three", "")])
    page = Page(render(run(one)))
    parts = [mark for mark in marks(page) if mark["data-n"] == "1"]
    assert len(parts) > 1
    assert [("more" in (mark["class"] or ""), "tabindex" in mark) for mark in parts[:2]] == [
        (False, True),
        (True, False),
    ]


@pytest.mark.parametrize(
    "text",
    ["word " * 500, "x" * 3_000, "\n" * 3_000, "line\n\n" * 400, "x" * 250 + "\n" * 600 + "x" * 250, "北" * 5_000],
)
def test_a_folded_stretch_loses_nothing(text: str) -> None:
    page = render(run(document(text)))
    inside = page[page.index('<div class="text"') :]
    inside = inside[inside.index(">") + 1 : inside.index("</div>")]
    assert re.sub(r"<summary.*?</summary>|<[^>]*>", "", inside) == text


def test_a_long_stretch_says_how_much_it_folds() -> None:
    page = Page(render(run(document("x" * 3_000))))
    assert "… 2,600 unchanged characters" in page.text


@pytest.mark.parametrize(
    ("text", "shown"),
    [("a\nb", "a↵\nb"), ("  ", "··"), ("a\u200bb", "a⟨U+200B⟩b"), ("a b", "a b"), ("", "")],
)
def test_what_nobody_sees_is_spelled_in_a_quotation(text: str, shown: str) -> None:
    assert spelled(text, 10) == shown


def test_a_long_quotation_is_cut_and_says_so() -> None:
    assert spelled("x" * 1_500, 1_000) == "x" * 1_000 + " … and 500 more characters"
    assert spelled("x" * 1_050, 1_000) == "x" * 1_050


ROW = {
    "removed": "copy",
    "kept": "one",
    "relation": "near copy",
    "jaccard": 0.8712,
    "hunks": [["old", "new"], ["", "more"]],
}


def beside(*rows: Mapping[str, Any], instead: str = "one") -> Page:
    kept = document("The first once morest text.", [("SUB001", "once morest", "against")])
    return Page(
        render(run(kept, document("The copied text.", id="copy", status="dropped", instead=instead), duplicates=rows))
    )


def test_a_dropped_duplicate_stands_beside_its_survivor_with_the_evidence() -> None:
    page = beside(ROW)
    for words in ("The copied text.", "The first against text.", "near copy", "0.871", "2 differences", "old → new"):
        assert words in page.text
    assert ("a", {"href": "#d1", "class": "id"}) in page.elements
    assert "other pair" not in page.text


@pytest.mark.parametrize(
    ("row", "shown"),
    [
        ({}, "relation"), ({"hunks": []}, "relation"), ({"hunks": [["a"]]}, '[["a"]]'), ({"hunks": "text"}, "text"),
        ({"jaccard": [3, 4]}, "[3, 4]"), ({"unheard_of": True}, "unheard of"), ({"nothing": None}, "none"),
    ],
)  # fmt: skip
def test_evidence_of_any_shape_is_shown(row: Mapping[str, Any], shown: str) -> None:
    assert shown in beside({"removed": "copy", "kept": "one", "relation": "copy", **row}).text


def test_a_survivor_that_is_not_on_the_page_is_named() -> None:
    page = beside(instead="far away")
    assert "far away" in page.text
    assert "not on this page" in page.text


def test_compared_pairs_that_both_stayed_are_listed() -> None:
    page = beside(ROW, {"a": "one", "b": "three", "relation": "version", "hunks": [["41", "42"]]})
    assert "1 other pair was compared" in page.text
    assert "41 → 42" in page.text


VERSION = {"id": "two", "instead": "one", "relation": "version", "jaccard": 0.8, "hunks": [["19", "12"]]}


def test_a_version_stands_beside_the_one_that_stays_too_with_what_differs_marked() -> None:
    page = Page(render(run(document("It cost 12.", id="one"), document("It cost 19.", id="two"), duplicates=[VERSION])))
    for words in ("Version of one", "This one: two", "Also stays: one", "19 → 12"):
        assert words in page.text
    assert [name for name, _ in page.elements].count("del") == 2, "once in the list, once in the text"
    assert "other pair" not in page.text


def test_the_table_of_duplicates_names_crowds_and_sentences() -> None:
    rows = [
        {"id": "two", "instead": "one", "crowd": "one", "relation": "address", "addresses": 3, "sample": "<b>Sign in"},
        {"id": "three", "instead": "one", "relation": "sentence", "text": "<i>It rained.", "documents": 7, "hunks": []},
    ]
    page = Page(render(run(*(document("x", id=key) for key in ("one", "two", "three")), duplicates=rows)))
    for words in (
        "One text under many addresses: <b>Sign in",
        "<i>It rained.",
        "1 sentence that other documents have too",
    ):
        assert words in page.text


def test_a_page_with_only_some_documents_says_so() -> None:
    view = replace(run(document("text")), counts={"kept": 3_000})
    assert "This page shows 1 of 3,000 documents." in Page(render(view)).text
