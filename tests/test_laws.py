"""The laws that hold for every text, whatever the rules do."""

from __future__ import annotations

import re
import sys
import unicodedata
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from cleaner import cleaning
from cleaner.cleaning import clean
from cleaner.decode import decode, encode, from_facts
from cleaner.rule import load, select
from cleaner.segment import composing
from cleaner.text import Document, Edit, replay, undo
from cleaner.trace import trace

RULES = select(load())
SNIPPETS = [snippet for rule in RULES for snippet in (*rule.fixes, *rule.keeps)]
"""Pieces of texts that rules act on: arbitrary Unicode alone would hardly ever wake one."""

BREAKS = st.sampled_from(["\n", "\n\n", " ", "\n\n\n", " \n", ""])
MARKS = st.sampled_from(list("“”‘’„«».,;:!?|–—…&%@#*_()[]{}<>\x00\x1b\t\u00a0\u200b\ufeff\ufffd"))


@st.composite
def texts(draw: st.DrawFn) -> str:
    """Texts built of the rules' own examples, cut and joined, with arbitrary Unicode between."""
    parts = []
    for _ in range(draw(st.integers(1, 5))):
        snippet = draw(st.one_of(st.sampled_from(SNIPPETS), st.text(max_size=30), MARKS))
        cut = draw(st.integers(0, len(snippet))) if draw(st.booleans()) else len(snippet)
        parts += [snippet[:cut], draw(BREAKS)]
    return "".join(parts)


def surrogates_out(text: str) -> str:
    return re.sub("[\ud800-\udfff]", "\ufffd", text)


FUZZ = settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@FUZZ
@given(texts())
@example("\xc2\x91\xc4 ")
@example("\x80‘\n")  # a control character was no mojibake until the quote beside it was straight
@example("\x80'\n")
@example("\nÂ The café was full.\n")  # the line feed before it made a difference
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    once = clean(Document("x", surrogates_out(text)), RULES).document.text
    again = clean(Document("x", once), RULES)
    assert again.document.text == once, again.changes


@FUZZ
@given(texts(), st.booleans())
def test_replay_gives_the_clean_text_and_undo_the_raw_one(text: str, unsafe: bool) -> None:
    raw = surrogates_out(text)
    cleaned = clean(Document("x", raw), RULES, unsafe=unsafe)
    assert replay(raw, cleaned.changes) == cleaned.document.text
    assert undo(cleaned.document.text, cleaned.changes) == raw


@FUZZ
@given(texts())
def test_the_trace_holds_both_texts(text: str) -> None:
    raw = surrogates_out(text)
    cleaned = clean(Document("x", raw), RULES)
    traced = trace(raw, cleaned.changes)
    assert "".join(p.text for p in traced.pieces if p.kind != "inserted") == raw
    assert "".join(p.text for p in traced.pieces if p.kind != "removed") == cleaned.document.text
    assert len(traced.spans) == len(cleaned.changes)
    assert all(0 <= start <= end <= len(raw) for start, end in traced.spans)


@FUZZ
@given(texts())
def test_every_change_is_signed_and_explained(text: str) -> None:
    cleaned = clean(Document("x", surrogates_out(text)), RULES)
    codes = {rule.code for rule in RULES}
    assert all(change.code in codes and change.because for change in (*cleaned.changes, *cleaned.findings))


@settings(max_examples=500, deadline=None)
@given(st.binary(max_size=200))
def test_decoding_any_bytes_and_encoding_gives_them_back(data: bytes) -> None:
    decoded = decode(data)
    assert encode(decoded) == data
    assert encode(from_facts(decoded.text, decoded.facts())) == data
    assert not re.search("[\ud800-\udfff]", decoded.text), "a text holds no surrogates"


@settings(max_examples=300, deadline=None)
@given(
    st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=80),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "cp1252", "latin-1"]),
    st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_a_file_in_any_encoding_comes_back(text: str, encoding: str, newline: str) -> None:
    data = text.replace("\r", "").replace("\n", newline).encode(encoding, "replace")
    assert encode(decode(data)) == data


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("\x00" * 500, id="NUL"),
        pytest.param("a" * 1_000_000, id="1 MB without a space"),
        pytest.param("“" * 20_000, id="only quotes"),
        pytest.param("a b " * 50_000, id="one long line"),
        pytest.param("Share\n" * 20_000, id="only boilerplate"),
        pytest.param("| " * 20_000 + "\n" * 20_000, id="bars and breaks"),
        pytest.param("&amp;" * 5_000, id="only entities"),
        pytest.param("A. " * 20_000, id="only stops"),
        pytest.param(" date 2024-01-01\n" * 3_000, id="only headers"),
        pytest.param("vitamin A\u00a0. Next one. " * 300, id="what sentencex cannot take"),
        pytest.param("👩‍🚀" * 2_000, id="emoji"),
        pytest.param("中文没有空格。" * 3_000, id="Chinese"),
    ],
)
def test_no_rule_raises_or_hangs_on_hostile_text(text: str) -> None:
    cleaned = clean(Document("x", text), RULES)
    assert undo(cleaned.document.text, cleaned.changes) == text


SUSPECTS = list("aZ .éÉÃÂâàœŒß€™“”‘»«¡¿§£²½×√≈‚°µ·’–\x99\xa0\xadвГРСЂўбΒΓβαƒ¯†│═ø中²ЎØÙŸ\ufffd\uf8ff")


@settings(max_examples=1500, deadline=None)
@given(st.text(st.one_of(st.characters(exclude_categories=["Cs"]), st.sampled_from(SUSPECTS)), max_size=12))
@example("Ù°Ù€")  # Arabic: ftfy asks for four characters
def test_what_the_quick_test_passes_over_ftfy_leaves_alone(text: str) -> None:
    from ftfy import TextFixerConfig, fix_text

    line = text.replace("\n", " ").replace("\r", " ")
    (mojibake,) = (rule for rule in RULES if rule.code == "ENC001")
    if not list(mojibake.proposals(Document("x", line))):
        off: dict[str, Any] = dict.fromkeys(TextFixerConfig._fields, False)
        off |= {"normalization": None, "max_decode_length": 100_000}
        config = TextFixerConfig(**(off | {"fix_encoding": True, "unescape_html": False, "explain": True}))
        assert fix_text(line, config) == line


PIECES = [*SUSPECTS, "cafÃ©", "itâ€™s", "Ã¢â‚¬â„¢", "ÃƒÂ©", "Ð¿Ñ€Ð¸", "voilÃ le", "â€ “", "caf\xc3\xa9"]


@settings(max_examples=500, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=6).map("".join))
@example("ÃƒÂ© itâ€™s")
@example("Ù°Ù€")
def test_a_line_is_decoded_as_often_as_by_ftfy(line: str) -> None:
    import ftfy

    decoded = sys.modules["cleaner.rules.encoding"].fixer("fix_encoding")
    assert decoded(line) == ftfy.fix_encoding(line, decoded.args[0])


@pytest.mark.parametrize("joint", [" ", "\n", " É ", "\n1 Ã 1 "])
def test_mojibake_is_found_however_far_from_a_pair_that_looks_like_it(joint: str) -> None:
    (mojibake,) = (rule for rule in RULES if rule.code == "ENC001")
    harmless = "1 Ã 1"
    assert not list(mojibake.proposals(Document("x", harmless)))
    for distance in range(150):
        text = f"{harmless}{'x' * distance}{joint}cafÃ©"
        assert [edit.after for edit in mojibake.proposals(Document("x", text)) if isinstance(edit, Edit)][-1:] == [
            "café"
        ]


def test_no_pair_of_characters_that_ftfy_calls_bad_is_passed_over() -> None:
    from ftfy.badness import BADNESS_RE, MOJIBAKE_CATEGORIES

    suspect = sys.modules["cleaner.rules.encoding"]._suspect()
    named = re.compile(f"[{''.join(MOJIBAKE_CATEGORIES.values())}]")
    some = [character for character in map(chr, range(0x80, 0x10000)) if named.match(character)] + list("aZ .,")
    rows = [f"{before}{one}{other}{behind}" for one in some for other in some for before, behind in (" a", "aÃ", "ØÙ")]
    assert [row for row in rows if BADNESS_RE.search(row) and not suspect.search(row)] == []


def test_nothing_else_keeps_a_text_out_of_its_shortest_form() -> None:
    every = list(map(chr, range(0x80, 0x10000)))
    assert {character for character in every if unicodedata.combining(character)} <= composing()
    inert = "".join(character for character in every if character not in composing())
    assert unicodedata.is_normalized("NFC", inert)
    assert unicodedata.is_normalized("NFC", inert[::-1])


PIECES = [text for rule in load() for text in (*rule.fixes, *rule.keeps) if len(text) < 2_000]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=4), st.sampled_from(["\n", "\n\n", "\n\n\n"]))
def test_what_was_read_need_not_be_read_again(pieces: list[str], joint: str) -> None:
    document = Document("x", joint.join(pieces) + joint)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cleaning._Run, "_has_read", lambda *_: False)
        whole = clean(document, RULES)
    assert clean(document, RULES) == whole
