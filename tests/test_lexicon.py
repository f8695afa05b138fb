"""Word lists: their words stand there as they are written. Words of a text: what no list has and somebody asks about."""

from __future__ import annotations

import pytest
from ftfy import fix_encoding
from hypothesis import given
from hypothesis import strategies as st

from cleaner.lexicon import RARE, UNKNOWN, Listed, english, listed
from cleaner.vocabulary import Asked, Question


@pytest.mark.parametrize("word", ["against", "café", "Café", "fête", "Asunción", "Zürich", "château", "protégé"])
def test_words_with_accents_are_known(word: str) -> None:
    assert english().knows(word)


@pytest.mark.parametrize("word", ["cafÃ©", "fÃªte", "ZÃ¼rich", "onc", "oncemorest"])
def test_what_is_no_word_is_not(word: str) -> None:
    assert english().level(word) == UNKNOWN
    assert not english().knows(word)


def test_no_list_holds_a_word_in_a_wrong_encoding() -> None:
    words = [*english().levels, *english().rare, *listed("de"), *listed("fr")]
    foreign = [word for word in words if not word.isascii()]
    assert len(foreign) > 1000
    assert [word for word in foreign if fix_encoding(word) != word] == []


def test_levels_rise_with_rarity() -> None:
    assert 10 <= english().level("house") < english().level("ambergris") <= RARE


ASKED = Asked(
    Question(whole={"kyiv"}, parts={"via"})
    | Question(heads={"more"}, tails={"once"}, letters="I")
    | Question(letters="Z")
)


@pytest.mark.parametrize("word", ["kyiv", "viaout", "OUTVIAX", "moreq", "Moreq", "xonce", "qIq", "aZ", "café"])
def test_words_that_are_asked_about(word: str) -> None:
    assert ASKED.about(word)


@pytest.mark.parametrize("word", ["Kyiv", "kyivs", "vi", "qmore", "oncex", "qiq", "z", ""])
def test_words_that_are_not(word: str) -> None:
    assert not ASKED.about(word)


def test_without_a_question_no_ascii_word_is_asked_about() -> None:
    nothing = Asked(Question())
    assert not nothing.about("viaout")
    assert nothing.about("é")


LETTERS = st.text(st.sampled_from("abcäßéz\U0001f600"), min_size=1, max_size=5)


@given(st.frozensets(LETTERS, max_size=40), st.lists(LETTERS | st.text(max_size=4) | st.just("\ud800"), max_size=20))
def test_a_sorted_list_holds_what_a_set_holds(words: frozenset[str], asked: list[str]) -> None:
    found = Listed("".join(sorted(f"{word}\n" for word in words)).encode())
    assert sorted(found) == sorted(words)
    for word in (*words, *asked, *asked):
        assert (word in found) == (word in words)


@pytest.mark.parametrize("code", ["de", "fr"])
def test_the_lists_are_in_the_order_of_their_bytes(code: str) -> None:
    words = list(listed(code))
    assert words == sorted(set(words))
    assert all(word in listed(code) for word in words[::97])
    assert not any(f"{word}q" in listed(code) for word in words[::97])


def test_a_language_without_a_list_has_no_words() -> None:
    assert "a" not in listed("xx")
    assert list(listed("xx")) == []
