"""The nouns: how proposals become changes."""

from __future__ import annotations

import pytest

from cleaner.text import Change, Document, Edit, MismatchError, apply, collect, quoted, replay, undo
from cleaner.trace import line_and_column, locate, trace

TEXT = "one two three"


def made(*proposals: tuple[str, Edit]) -> tuple[str, list[tuple[str, str, str | None]], list[str]]:
    document, changes, lost = apply(Document("x", TEXT), proposals, 0)
    assert undo(document.text, changes) == TEXT
    return document.text, [(c.code, c.before, c.after) for c in changes], [c.code for c in lost]


def test_edits_are_made_left_to_right_whatever_their_order() -> None:
    assert made(("B", Edit(4, 7, "2")), ("A", Edit(0, 3, "1"))) == (
        "1 2 three",
        [("A", "one", "1"), ("B", "two", "2")],
        [],
    )


def test_overlapping_deletions_unite_and_each_signs_its_part() -> None:
    assert made(("A", Edit(0, 5)), ("B", Edit(3, 8))) == ("three", [("A", "one t", ""), ("B", "wo ", "")], [])


def test_a_deletion_inside_another_leaves_no_trace_but_its_facts() -> None:
    assert made(("A", Edit(0, 8)), ("B", Edit(4, 7))) == ("three", [("A", "one two ", "")], [])
    _, changes, _ = apply(Document("x", TEXT), [("A", Edit(0, 8)), ("B", Edit(4, 7, "", "", (("n", "2"),)))], 0)
    assert collect(changes) == {"n": "2"}


def test_of_conflicting_replacements_the_lower_code_is_made() -> None:
    assert made(("B", Edit(0, 5, "b")), ("A", Edit(2, 7, "a"))) == ("ona three", [("A", "e two", "a")], ["B"])
    assert made(("A", Edit(0, 5, "a")), ("B", Edit(2, 7, "b"))) == ("awo three", [("A", "one t", "a")], ["B"])


def test_an_edit_that_changes_nothing_is_no_change() -> None:
    assert made(("A", Edit(0, 3, "one"))) == (TEXT, [], [])


@pytest.mark.parametrize("span", [(-1, 2), (3, 2), (0, 99)])
def test_a_span_outside_the_text_is_an_error_that_names_the_rule(span: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="SUB001 proposed the span"):
        apply(Document("x", TEXT), [("SUB001", Edit(*span))], 0)


def test_a_journal_that_does_not_fit_is_refused() -> None:
    change = Change("A", 0, 0, 3, "one", "1")
    assert replay(TEXT, [change]) == "1 two three"
    with pytest.raises(MismatchError):
        replay("two one", [change])
    with pytest.raises(MismatchError):
        undo("2 two three", [change])


def test_a_script_without_quotes_can_be_filled_in() -> None:
    changes = [Change("A", 0, 0, 3, "", "1"), Change("B", 1, 2, 5, "", "2")]
    assert [c.before for c in quoted(TEXT, changes)] == ["one", "two"]


def test_of_a_fact_the_first_stands_and_of_sources_all() -> None:
    facts = [(("date", "a"), ("sources", "x")), (("date", "b"), ("sources", "y"))]
    changes = [Change("A", 0, 0, 0, "", "", "", f) for f in facts]
    assert collect(changes) == {"date": "a", "sources": ["x", "y"]}


def test_places_are_those_of_the_raw_text_through_all_steps() -> None:
    changes = [Change("A", 0, 0, 4, "one ", ""), Change("B", 1, 0, 3, "two", "2"), Change("C", 2, 2, 7, "three", "3")]
    traced = trace(TEXT, changes)
    assert [TEXT[a:b] for a, b in traced.spans] == ["one ", "two", "three"]
    assert locate(traced.pieces, [(0, 1), (2, 3)]) == [(4, 7), (8, 13)]


@pytest.mark.parametrize(("position", "place"), [(0, (1, 1)), (3, (1, 4)), (4, (2, 1)), (8, (3, 1))])
def test_lines_and_columns_count_from_one(position: int, place: tuple[int, int]) -> None:
    assert line_and_column("abc\ndef\nx", position) == place
