"""What rules that guess may not do: leave a text bare of prose."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from cleaner.cleaning import LITTLE, Pin, clean
from cleaner.rule import Rule, load, select
from cleaner.text import Document, Edit

PROSE = "The council met on Tuesday evening, and the members spoke for three hours about the new bridge over the river."
KNOWN = "Please share this page with your friends, and follow us on all the networks of which you are a member today."
MENU = "Home\nSport\nWeather"


def lines_of(text: str, *wanted: str) -> Iterator[Edit]:
    """The lines that start like this, each with its end."""
    start = 0
    for line in text.splitlines(keepends=True):
        if line.startswith(wanted):
            yield Edit(start, start + len(line), because="looks like it")
        start += len(line)


def dropping(code: str, *wanted: str, guesses: bool) -> Rule:
    """A rule that drops the lines that start like this."""

    def find(document: Document) -> Iterator[Edit]:
        return lines_of(document.text, *wanted)

    return Rule(code, code.lower(), "", find, {}, guesses=guesses)


def text_of(*lines: str) -> str:
    """Lines as a text."""
    return "".join(f"{line}\n" for line in lines)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        # a guess takes the menu, and leaves the paragraph
        (text_of(MENU, PROSE), text_of(PROSE)),
        # a guess that would take all prose there is takes nothing; what is known goes all the same
        (text_of(MENU, KNOWN, "The council met."), text_of("The council met.")),
        (text_of(MENU, "The mayor" + PROSE[11:], KNOWN), text_of(MENU, "The mayor" + PROSE[11:])),
        # where there is no prose anyhow, a menu goes
        (text_of(MENU, "Contact"), text_of("Contact")),
        # what is known may leave nothing
        (text_of(KNOWN), ""),
    ],
)
def test_a_guess_leaves_no_text_bare_of_prose(text: str, left: str) -> None:
    rules = [
        dropping("BOI901", "Please share", guesses=False),
        dropping("BOI902", "Home", "Sport", "Weather", "The mayor", guesses=True),
    ]
    result = clean(Document("", text), rules)
    assert result.document.text == left
    again = clean(result.document, rules)
    assert not again.changes
    assert [(f.code, f.before) for f in again.findings] == [(f.code, f.before) for f in result.findings]


def test_what_a_guess_was_not_allowed_is_a_finding() -> None:
    guess = dropping("BOI902", "Home", "The council", guesses=True)
    result = clean(Document("", text_of("Home", PROSE)), [guess])
    assert result.document.text == text_of("Home", PROSE)
    assert [(f.code, f.before) for f in result.findings] == [("BOI902", "Home\n"), ("BOI902", f"{PROSE}\n")]


def test_long_texts_are_not_looked_through() -> None:
    rows = text_of(*("Row of a list" for _ in range(LITTLE // 10)))
    guess = dropping("BOI902", "The council", guesses=True)
    assert clean(Document("", rows + text_of(PROSE)), [guess]).document.text == rows


def test_a_pin_holds_where_a_guess_is_not_allowed() -> None:
    known = dropping("BOI901", "Please share", guesses=False)
    guess = dropping("BOI902", "The council", guesses=True)
    text = text_of(KNOWN, PROSE)
    pinned = clean(Document("", text), [known, guess], pins=[Pin("BOI901", KNOWN, 0)])
    assert pinned.document.text == text_of(KNOWN)
    spared = clean(Document("", text), [known, guess], pins=[Pin("BOI901", "elsewhere", 0)])
    assert spared.document.text == text_of(PROSE)


def test_the_rule_that_guesses_is_the_line_classifier() -> None:
    assert [rule.code for rule in select(load()) if rule.guesses] == ["BOI020"]
