"""Filters: when they read, what they decide, and that they decide as the originals do."""

from __future__ import annotations

import json
import time
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench import refinedweb
from cleaner.cleaning import clean
from cleaner.english_words import pieces, sentence_count, words
from cleaner.profiles import PROFILES
from cleaner.rule import RuleError, configured, load, select
from cleaner.segment import lines, without_lines
from cleaner.text import Document, replay, steps, undo

RULES = load()
TABLE = [json.loads(line) for line in Path(__file__).with_name("parity.jsonl").read_text("utf-8").split("\n") if line]
JUDGED = {
    **{name: PROFILES[name] for name in ("c4", "gopher", "fineweb")},
    "mc4": ("QLT051",),
    "gopher+c4": (*PROFILES["gopher"], *PROFILES["c4"]),
}


@pytest.mark.parametrize("profile", JUDGED)
def test_decides_as_datatrove_does(profile: str) -> None:
    rules = select(RULES, JUDGED[profile])
    for row in TABLE:
        reason, left = row["decisions"][profile]
        made = clean(Document("x", row["text"]), rules)
        if not row["text"].strip():
            continue  # a run calls it empty before any filter reads it
        assert bool(made.dropped) == bool(reason), (row["text"], reason, made.dropped)
        if not reason:
            mine = (made.document.text, made.document.text.strip())
            assert left in {sha256(text.encode()).hexdigest()[:8] for text in mine}, row["text"]


@pytest.mark.parametrize("row", [row for row in TABLE if "words" in row], ids=lambda row: row["text"][:20])
def test_cuts_words_as_spacy_does(row: dict[str, object]) -> None:
    assert list(words(str(row["text"]))) == row["words"]


@given(st.text(), st.lists(st.sampled_from([*"aZ9é.,'’\"-–—/:()…$%+°他", "...", "n't", "km", "):", "U.S.", "@a.com"])))
def test_words_lose_nothing(text: str, parts: list[str]) -> None:
    for chunk in (*text.split(), "".join(parts)):
        assert "".join(pieces(chunk)) == chunk
        assert all(pieces(chunk))


@pytest.mark.parametrize("part", ["(", ".", "a.", "-", "a@", "1,", "'s", "http://", "a:", "☎", "他。"])
def test_a_hostile_chunk_takes_linear_time(part: str) -> None:
    begun = time.process_time()
    pieces(part * 200_000)
    assert time.process_time() - begun < 20


@pytest.mark.parametrize(
    ("line", "count"),
    [
        ("One.", 1), ("One. Two.", 2), ("Mr. Roe came. He left.", 2), ("What?! No.", 2), ("In the U.S. Army it rained.", 1),
        ('He said: "Go." Then it rained.', 2), ("Wait... what", 1), ("no stop", 1),
    ],
)  # fmt: skip
def test_counts_sentences(line: str, count: int) -> None:
    assert sentence_count(line) == count


@given(st.lists(st.sampled_from(["", "a", "bb"]), max_size=6), st.sets(st.integers(0, 5)))
def test_lines_go_and_the_rest_is_joined(parts: list[str], chosen: set[int]) -> None:
    text = "\n".join(parts)
    found = lines(text)
    gone = [line for at, line in enumerate(found) if at in chosen]
    spans = list(without_lines(text, gone))
    left = text
    for start, end in reversed(spans):
        left = left[:start] + left[end:]
    assert left == "\n".join(line.text for at, line in enumerate(found) if at not in chosen)
    assert all(one[1] <= other[0] for one, other in pairwise(spans))


PIECES = [
    "", " ", "A", "ABC DE", "abc", "12", "3 likes", "-3.2k  views!", "Sign-in", "sign-in here", "Read more...", "in",
    "read more!!!", "items in cart", "2 Items in Cart", "word " * 11, "word " * 60, "٣ likes", "\t", "He said so",
]  # fmt: skip


@given(st.lists(st.lists(st.sampled_from(PIECES), max_size=3).map(" ".join), max_size=9).map("\n".join))
def test_corrects_lines_as_the_definition_of_refinedweb_does(text: str) -> None:
    reason, left = refinedweb.decide(text)
    made = clean(Document("x", text), select(RULES, ["QLT041"]))
    assert bool(made.dropped) == bool(reason)
    if not reason:
        assert made.document.text.strip() == left.strip()


LONG = "\n".join(f"Sentence number {number} of this text is quite a long one." for number in range(9))


def test_a_filter_reads_what_the_one_before_it_left() -> None:
    """The bracket stands in a line that the line filter drops, so the document stays: C4 reads a line once, in order."""
    text = f"{LONG}\nA line with a {{ and no stop"
    assert not clean(Document("x", text), select(RULES, PROFILES["c4"])).dropped
    dropped = clean(Document("x", text), select(RULES, ["QLT027"])).dropped
    assert dropped
    assert dropped[0] == "QLT027"


def test_filters_read_after_all_repairs_and_once() -> None:
    text = f"“{LONG}”\nShare this:\nFacebook\nTwitter\nNo stop here at all"
    rules = select(RULES, ["DEFAULT", *PROFILES["c4"]])
    made = clean(Document("x", text), rules)
    kinds = ["QLT" in {change.code[:3] for change in step} for step in steps(made.changes)]
    assert kinds == sorted(kinds)
    assert kinds[-1]
    assert replay(text, made.changes) == made.document.text
    assert undo(made.document.text, made.changes) == text


@given(
    st.lists(
        st.sampled_from(["One line.", "no stop", "", " a b c. ", "x\x0cy z.", "[1] two [2].", "Read more...", "他。"])
    )
)
def test_filtering_replays_and_undoes(parts: list[str]) -> None:
    text = "\n".join(parts)
    for profile in PROFILES.values():
        made = clean(
            Document("x", text), select(configured(RULES, {"QLT029": {"min_sentences": 0}}), profile or ("LAY",))
        )
        assert replay(text, made.changes) == made.document.text
        assert undo(made.document.text, made.changes) == text


def test_thresholds_are_those_of_the_settings() -> None:
    (rule,) = select(configured(RULES, {"gopher-length": {"min_words": 2}, "QLT001": {"max_words": 3}}), ["QLT001"])
    assert rule.thresholds == {"min_words": 2, "max_words": 3}
    assert clean(Document("x", "One."), [rule]).dropped
    assert not clean(Document("x", "One two."), [rule]).dropped
    assert clean(Document("x", "One two three four."), [rule]).dropped


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"QLT999": {"min_words": 1}}, "'QLT999' is no rule"),
        ({"QLT001": {"min_word": 1}}, "did you mean min_words?"),
        ({"SUB001": {"min_words": 1}}, "it has none"),
        ({"QLT001": {"min_words": True}}, "must be a number"),
        ({"QLT001": {"min_words": "9"}}, "must be a number"),
        ({"QLT001": {"min_words": float("nan")}}, "must be a number from 0 to"),
        ({"QLT001": {"min_words": float("inf")}}, "must be a number from 0 to"),
        ({"QLT001": {"max_words": -1}}, "must be a number from 0 to"),
        ({"QLT022": {"min_words": 10**400}}, "must be a number from 0 to"),
        ({"gopher-bullets": {"max_lines": -0.001}}, "must be a number from 0 to"),
    ],
)
def test_a_threshold_that_cannot_be_used_is_an_error(settings: dict[str, dict[str, float]], says: str) -> None:
    with pytest.raises(RuleError, match="thresholds: ") as error:
        configured(RULES, settings)
    assert says in str(error.value)


def test_a_profile_selects_rules_that_exist() -> None:
    for profile, selectors in PROFILES.items():
        assert not selectors or select(RULES, selectors), profile
        assert all(rule.safety == "filter" for rule in (select(RULES, selectors) if selectors else ()))


@pytest.mark.parametrize("chosen", [("DEFAULT",), ("ALL",), ("ALL", "DEFAULT")])
def test_no_filter_works_unless_it_is_named(chosen: tuple[str, ...]) -> None:
    assert not [rule for rule in select(RULES, chosen) if rule.safety == "filter"]


@pytest.mark.parametrize("name", ["QLT", "QLT0", "QLT001", "gopher-length"])
def test_a_filter_is_named_by_family_code_or_name(name: str) -> None:
    assert "QLT001" in {rule.code for rule in select(RULES, ("ALL", name))}


def test_all_has_every_rule_that_is_no_filter_and_to_ignore_it_is_to_ignore_filters_too() -> None:
    assert select(RULES, ("ALL",)) == [rule for rule in RULES if rule.safety != "filter"]
    assert select(RULES, ("ALL", "QLT"), ("ALL",)) == []
