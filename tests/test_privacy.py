"""What the rules of PII take out is nowhere in what a redacted run leaves behind, and the run can still be proven."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.cleaning import clean
from cleaner.redact import redacted
from cleaner.rule import load, select
from cleaner.text import Change, Cleaned, Document, replay
from tests.conftest import Cleaner, tree

ALL = load()
PRIVATE = [rule for rule in ALL if rule.family == "PII"]
PRIVATE = select(ALL, ("PII",))
SECRET = "jane.roe@example.org"
CARDS = ["4111111111111111", "5500005555555559", "340000000000009", "2223000048400011", "6011000990139424"]


@pytest.mark.parametrize("number", CARDS)
def test_a_card_number_with_one_digit_wrong_is_none(number: str) -> None:
    rules = select(ALL, ("PII005",))
    assert clean(Document("", number), rules).document.text == "[CARD NUMBER]"
    for at in range(2, len(number)):
        wrong = number[:at] + str((int(number[at]) + 1) % 10) + number[at + 1 :]
        assert clean(Document("", wrong), rules).document.text == wrong


@given(st.text("ab@.+0123456789 -:/é邮", max_size=60))
def test_what_was_written_over_is_not_seen_again(text: str) -> None:
    once = clean(Document("", text), PRIVATE).document.text
    assert clean(Document("", once), PRIVATE).document.text == once


def test_a_document_keeps_its_neighbours(cleaner: Cleaner, tmp_path: Path) -> None:
    """Placeholders do not depend on the shard that a document lies in."""
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "b.txt").write_text(f"Write to {SECRET}.")
    (tmp_path / "two").mkdir()
    for name in "abc":
        (tmp_path / "two" / f"{name}.txt").write_text(
            f"Write to {SECRET}." if name == "b" else f"Ask x{name}@example.org."
        )
    for folder in ("one", "two"):
        assert cleaner("run", folder, f"{folder}-clean", "--select", "PII").returncode == 0
    assert (tmp_path / "one-clean/b.txt").read_bytes() == (tmp_path / "two-clean/b.txt").read_bytes()


def test_a_redacted_run_holds_nothing_of_it(cleaner: Cleaner, tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    raw.mkdir()
    lines = [
        f"A cafÃ© and {SECRET} on one line, “repaired” together.",
        f"Call {SECRET}.\n\nSources\nhttps://example.org/?by={SECRET}\n",
        f"Leave a Reply\nWrite to {SECRET}\nYour email address will not be published. Required fields are marked *",
    ]
    rows = [{"id": str(n), "text": text} for n, text in enumerate([*lines, lines[0], ""])]
    (raw / "a.jsonl").write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))
    assert cleaner("run", "raw", "clean", "--select", "DEFAULT,PII", "--redact").returncode == 0
    for name, data in tree(tmp_path / "clean").items():
        assert SECRET.encode() not in data, name
    assert cleaner("verify", "raw", "clean").returncode == 0
    assert "redact = true" in cleaner("undo", "clean", "back").stderr
    assert cleaner("undo", "clean", "back", "--raw", "raw").returncode == 0
    assert tree(tmp_path / "back") == tree(raw)


def test_the_way_in_one_step_is_the_same_way() -> None:
    raw = f"A cafÃ© and {SECRET} , and more"
    result = clean(Document("", raw), select(ALL, ("DEFAULT", "PII")))
    changes = redacted(raw, result, PRIVATE, script=True).changes
    assert replay(raw, changes) == result.document.text
    assert all(SECRET not in (change.after or "") for change in changes)


def test_facts_and_reasons_are_redacted_too() -> None:
    change = Change("MET004", 2, 0, 3, "abc", "", f"by {SECRET}", (("author", SECRET), ("site", "A")))
    (told,) = redacted("abc", Cleaned(Document("", ""), (change,)), PRIVATE, script=False).changes
    assert told.facts == (("author", "[EMAIL]"), ("site", "A"))
    assert told.because == "by [EMAIL]"
    assert told.before == "abc"
    assert redacted("abc", Cleaned(Document("", ""), (change,)), (), script=False).changes == (change,)
