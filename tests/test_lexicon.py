"""Word lists: their words stand there as they are written. Words of a text: what no list has and somebody asks about."""

from __future__ import annotations

import pytest
from ftfy import fix_encoding

from cleaner.lexicon import RARE, UNKNOWN, english, listed
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
