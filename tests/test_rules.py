"""Every rule is tested by what it says of itself. This file is not edited when a rule is added."""

from __future__ import annotations

import pytest

from cleaner.cleaning import clean
from cleaner.rule import RULES, Look, Rule, is_mechanical, load, select
from cleaner.segment import lines
from cleaner.text import Document, replay, undo

ALL = load()
LAYOUT = [r for r in ALL if r.family == "LAY"]
UNSAFE = {r.code for r in ALL if r.safety == "unsafe"}
FIXES = [pytest.param(r, b, a, id=f"{r.code}-{n}") for r in ALL for n, (b, a) in enumerate(r.fixes.items())]
DROPS = [pytest.param(r, t, id=f"{r.code}-{n}") for r in ALL for n, t in enumerate(r.drops)]
KEEPS = [pytest.param(r, t, id=f"{r.code}-{n}") for r in ALL for n, t in enumerate(r.keeps)]


def alone(rule: Rule, text: str) -> str:
    """What a rule makes of a text, with the layout tidied as it always is."""
    rules = [rule] if rule.family == "LAY" else [rule, *LAYOUT]
    return clean(Document("x", text, known=rule.known), rules, unsafe=True).document.text


@pytest.mark.parametrize("rule", ALL, ids=lambda r: r.code)
def test_is_documented(rule: Rule) -> None:
    first, _, rest = rule.doc.partition("\n\n")
    assert first.endswith("."), "the first line says what is seen and done"
    assert rest.strip(), "the second paragraph says why it is damage and why the fix is safe"
    assert rule.fixes or rule.drops or rule.safety == "report" or rule.corpus
    assert rule.keeps, "a rule shows what it must leave alone"


@pytest.mark.parametrize("rule", ALL, ids=lambda r: r.code)
def test_codes_and_names_are_one_to_one(rule: Rule) -> None:
    assert RULES[rule.code] is rule
    assert [r.code for r in ALL if r.name == rule.name] == [rule.code]


@pytest.mark.parametrize(("rule", "before", "after"), FIXES)
def test_fixes(rule: Rule, before: str, after: str) -> None:
    assert alone(rule, before) == after


@pytest.mark.parametrize(("rule", "before", "after"), FIXES)
def test_signs_replays_and_undoes(rule: Rule, before: str, after: str) -> None:
    cleaned = clean(Document("x", before, known=rule.known), [rule], unsafe=True)
    assert {change.code for change in cleaned.changes} == {rule.code}
    assert all(change.because for change in cleaned.changes), "every change says why"
    assert replay(before, cleaned.changes) == cleaned.document.text
    assert undo(cleaned.document.text, cleaned.changes) == before


@pytest.mark.parametrize(("rule", "before", "after"), FIXES)
def test_leaves_nothing_for_itself(rule: Rule, before: str, after: str) -> None:
    assert alone(rule, after) == after


@pytest.mark.parametrize(("rule", "before", "after"), FIXES)
def test_no_other_rule_spoils_it(rule: Rule, before: str, after: str) -> None:
    others = [r for r in select(ALL) if not is_mechanical(r.code)]
    assert clean(Document("x", after, known=rule.known), others).document.text == after


@pytest.mark.parametrize(("rule", "text"), KEEPS)
def test_keeps(rule: Rule, text: str) -> None:
    cleaned = clean(Document("x", text, known=rule.known), [rule], unsafe=True)
    assert not cleaned.changes
    assert not cleaned.dropped
    assert cleaned.document.text == text
    assert rule.safety != "report" or not cleaned.findings


TEXTS = [text for r in ALL for text in (*r.fixes, *r.fixes.values(), *r.keeps)]


@pytest.mark.parametrize("rule", [r for r in ALL if r.needs], ids=lambda r: r.code)
def test_finds_nothing_without_what_it_needs(rule: Rule) -> None:
    asleep = [text for text in TEXTS if not any(needed in text for needed in rule.needs)]
    assert asleep, "strings that stand in every text guard nothing"
    assert not [text for text in asleep if list(rule.find(Document("x", text, known=rule.known)))]


@pytest.mark.parametrize(("rule", "before", "after"), [p for p in FIXES if str(p.id)[:6] in UNSAFE])
def test_unsafe_rules_only_report_unless_asked(rule: Rule, before: str, after: str) -> None:
    cleaned = clean(Document("x", before, known=rule.known), [rule])
    assert not cleaned.changes
    assert {finding.code for finding in cleaned.findings} == {rule.code}


@pytest.mark.parametrize(("rule", "text"), DROPS)
def test_drops_with_a_reason(rule: Rule, text: str) -> None:
    cleaned = clean(Document("x", text), [rule])
    assert cleaned.dropped
    code, drop = cleaned.dropped
    assert code == rule.code
    assert drop.because
    assert drop.because.isascii() or rule.family != "QLT"


LOOKS = [r for r in ALL if r.look]


@pytest.mark.parametrize("rule", LOOKS, ids=lambda r: r.code)
def test_finds_nothing_where_its_look_sees_nothing(rule: Rule) -> None:
    assert rule.look
    assert all(rule.look.lines(text) for text in rule.fixes)
    names = rule.look.names
    assert all(rule.name in names(text) for text in rule.fixes) if names else True
    silent = [text for text in TEXTS if not rule.look.lines(text) or (names and rule.name not in names(text))]
    assert silent, "a look that sees something in every text guards nothing"
    assert not [text for text in silent if list(rule.find(Document("x", text, known=rule.known)))]


@pytest.mark.parametrize("look", [pytest.param(look, id=r.code) for look, r in {r.look: r for r in LOOKS}.items()])
def test_a_look_judges_each_line_alone(look: Look) -> None:
    for text in TEXTS:
        assert set(look.lines(text)) == {line for line in lines(text).texts if look.lines(line)}
