"""What spares a document questions: each shortcut finds what asking all rules about all of the text would find."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from cleaner.cleaning import PLAIN, PROPER, SURE, around, clean, is_proper, tell
from cleaner.findings import carried
from cleaner.literals import Literals
from cleaner.rule import RULES, Look, Rule, RuleError, load, select
from cleaner.segment import line_around, lines
from cleaner.text import Change, Document, Drop, Edit, apply
from cleaner.touched import FEW, lines_left, lines_made, lines_rewritten

STRINGS = {"dash": ["-\na", "-\nb"], "mark": ["’", "b’a"], "word": ["ab", "bab-"], "wide": ["\U0001d173a"]}
FEEDS = {**STRINGS, "long": ["ab-\nb", "\n\na-"], "feed": ["\nb"]}
TEXT = st.text(alphabet="ab-\n’\U0001d173", max_size=14)


SPANS = st.lists(
    st.tuples(st.integers(0, 14), st.integers(0, 4), st.sampled_from(["", "", "a", "’", "\n"])), max_size=4
)


def edits_of(text: str, spans: list[tuple[int, int, str]]) -> list[Edit]:
    return [Edit(min(start, len(text)), min(start + size, len(text)), after) for start, size, after in spans]


@settings(max_examples=500, deadline=None)
@given(TEXT, SPANS, st.sampled_from([STRINGS, FEEDS]))
@example("a-\nxx\nb", [(3, 3, "")], STRINGS)
@example("a-\n\n\nb", [(2, 1, ""), (4, 1, "")], STRINGS)
@example("\nx\nb", [(1, 2, "")], FEEDS)
@example("bxa", [(1, 1, "’")], STRINGS)
def test_strings_that_changes_bring_are_found_beside_them(
    text: str, spans: list[tuple[int, int, str]], strings: dict[str, list[str]]
) -> None:
    literals = Literals(strings)
    document, made, _ = apply(Document("", text), [("A", edit) for edit in edits_of(text, spans)], 0)
    known = literals.awake(text) | literals.awake(around(document.text, made, literals))
    assert not literals.awake(document.text) & ~known


WHOLE = st.one_of(st.integers(-1, 6), st.booleans(), st.none())
PROPOSALS = st.one_of(
    st.builds(
        Edit, st.integers(0, 5), st.integers(0, 5), st.one_of(st.none(), st.text(max_size=2)), doubtful=st.booleans()
    ),
    st.builds(Edit, WHOLE, WHOLE, st.sampled_from(["a", "é", "\ud800", 1, None])),
    st.just(Drop("")),
    st.just("no proposal"),
)


@settings(max_examples=500, deadline=None)
@given(st.lists(PROPOSALS, min_size=1, max_size=3))
def test_what_is_told_at_once_is_told_one_by_one(found: list[object]) -> None:
    edits = [one for one in found if isinstance(one, Edit) and is_proper(one, 5)]
    if len(edits) < len(found):
        assert tell(found, 5) == 0
    elif any(edit.doubtful for edit in edits):
        assert tell(found, 5) == PROPER
    else:
        assert tell(found, 5) == (SURE if any(edit.after is None for edit in edits) else PLAIN)


@pytest.mark.parametrize(
    ("edit", "then"),
    [
        (Edit(0, 1, ""), (2, 4)),
        (Edit(0, 0, "xx"), (5, 7)),
        (Edit(5, 6, ""), (3, 5)),
        (Edit(3, 3, "x"), (4, 6)),
        (Edit(5, 5, "x"), (3, 6)),
        (Edit(2, 6, ""), (2, 2)),
        (Edit(2, 6, "xy"), (3, 4)),
        (Edit(4, 6, "xyz"), (3, 5)),
    ],
)
def test_where_a_finding_stands_after_a_change(edit: Edit, then: tuple[int, int]) -> None:
    finding = Change("B", 0, 3, 5, "de", None)
    _, made, _ = apply(Document("", "abcdefgh"), [("A", edit)], 0)
    assert [(moved.start, moved.end) for moved in carried([finding], made)] == [then]


@settings(max_examples=2000, deadline=None)
@given(st.text(alphabet="ab\n", max_size=14), SPANS)
@example("a\n\nb", [(1, 1, ""), (2, 1, "")])
@example("a\nb\nb", [(0, 2, ""), (3, 2, "")])
@example("ab", [(0, 0, "b"), (1, 0, "\n"), (2, 0, "a")])
def test_every_line_is_one_that_was_there_or_one_that_was_made(text: str, spans: list[tuple[int, int, str]]) -> None:
    document, made, _ = apply(Document("", text), [("A", edit) for edit in edits_of(text, spans)], 0)
    known = {"", *text.split("\n")}
    for fresh in (lines_made(text, document.text, made), lines_rewritten(text, document.text, made, known)):
        assert set(document.text.split("\n")) <= {*known, *"\n".join(fresh).split("\n")}


def test_of_lines_written_otherwise_those_are_told_that_were_seen() -> None:
    text = "a b c\nd e\nf"
    document, made, _ = apply(Document("", text), [("A", Edit(at, at + 1, "-")) for at in (1, 3, 7)], 0)
    assert document.text == "a-b-c\nd-e\nf"
    for seen, told in ({"a b c", "f"}, ["a-b-c"]), ({"d e"}, ["d-e"]), ({"f"}, []):
        assert list(lines_rewritten(text, document.text, made, seen)) == told


LINE = st.text(alphabet="ab-’\U0001d173", max_size=14)


@settings(max_examples=500, deadline=None)
@given(TEXT, SPANS, st.sets(LINE, max_size=3), st.sets(st.integers(0, 4)))
@example("ab\nb", [(0, 1, "’"), (3, 1, "")], {"a"}, {1})
def test_a_line_is_told_when_one_that_was_seen_is_written_otherwise(
    text: str, spans: list[tuple[int, int, str]], others: set[str], numbers: set[int]
) -> None:
    seen = others | {line for n, line in enumerate(text.split("\n")) if n in numbers}
    document, made, _ = apply(Document("", text), [("A", edit) for edit in edits_of(text, spans)], 0)
    touched = [line_around(text, change.start, change.end).text.split("\n") for change in made]
    told = list(lines_rewritten(text, document.text, made, seen))
    assert bool(told) == any(not seen.isdisjoint(some) for some in touched)


@given(TEXT, st.sets(LINE), st.sampled_from([0, FEW]))
def test_lines_are_left_that_a_text_has(text: str, seen: set[str], few: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("cleaner.touched.FEW", few)
        assert lines_left(seen, text) == seen & set(text.split("\n"))


def test_lines_that_go_whole_touch_no_other() -> None:
    text = "one\ntwo\nthree\nfour"
    edits = [("A", Edit(0, 4)), ("A", Edit(8, 14)), ("A", Edit(14, 18))]
    document, made, _ = apply(Document("", text), edits, 0)
    assert document.text == "two\n"
    assert not list(lines_made(text, document.text, made))
    assert list(lines_made("a b\nc", "a-b\nc", apply(Document("", "a b\nc"), [("A", Edit(1, 2, "-"))], 0)[1])) == [
        "a-b"
    ]


BY_LINE = [rule for rule in load() if rule.scope == "line"]
PIECES = {rule.code: [*rule.fixes, *rule.fixes.values(), *rule.keeps] for rule in load()}


@pytest.mark.parametrize("rule", BY_LINE, ids=lambda rule: rule.code)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_what_a_rule_of_lines_says_is_what_it_says_of_each(rule: Rule, data: st.DataObject) -> None:
    """Its own examples, cut anywhere, among those of others and arbitrary Unicode, one below the other."""
    pieces = st.one_of(st.sampled_from(PIECES[rule.code]), st.sampled_from([*chain(*PIECES.values())]))
    marks = st.sampled_from([needed for needed in rule.needs if "\n" not in needed] or ["é"])
    some = data.draw(st.lists(st.one_of(pieces, marks, st.text(max_size=12)), min_size=1, max_size=4))
    cut = data.draw(st.integers(0, 40))
    text = "\n".join([*some, some[0][cut:], some[-1][:cut]])
    text = text.encode("utf-8", "replace").decode()
    whole = list(rule.proposals(Document("", text)))
    each = [
        edit._replace(start=edit.start + line.start, end=edit.end + line.start)
        for line in lines(text)
        for edit in rule.proposals(Document("", line.text))
        if isinstance(edit, Edit)
    ]
    assert sorted(whole, key=repr) == sorted(each, key=repr)


def fails(_: str) -> Any:
    raise ZeroDivisionError


@pytest.mark.parametrize("part", [{"find": fails}, {"look": Look(fails)}, {"look": Look(str.split, fails)}])
def test_which_rule_failed_on_which_document_is_told(part: dict[str, Any]) -> None:
    failing = replace(RULES["BOI011"], **part)
    with pytest.raises(RuleError, match=r"BOI011 blog-widgets failed on 'x': ZeroDivisionError"):
        clean(Document("x", "Words.\n%d bloggers like this:"), [failing])


SAID = "The minister said on Monday that the talks would go on for as long as both of the sides wished."


@pytest.mark.parametrize(
    "text",
    [
        f"Photo: Jane O\u2019Roe/Example Images\n{SAID}[gallery ids=1]",
        f"{SAID}\nEditor\u2019s picks\n[gallery ids=1]",
        "It rained.\n[share_block app=\u201dbuttons\u201d id=\u201d208\u201d]",
        "A word with tha\u201d\u201d\u201d\u201d\u201d\u201d\u201d\u201d\u00c3\u00a9n in it.",
    ],
)
def test_what_a_settling_rule_wrote_otherwise_is_seen_again(text: str) -> None:
    rules = [rule for rule in select(load()) if not rule.corpus]
    once = clean(Document("", text), rules).document
    assert clean(once, rules).changes == ()
