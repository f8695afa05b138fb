"""Whether one text can go because another one says all of it: what is damage, and what says something else."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.duplicates import align
from cleaner.duplicates.verify import compare, is_rest, is_slip
from cleaner.duplicates.wording import Text

STORY = (
    "The council of the town voted on Monday to close the old bridge for two years. The mayor's plan will cost 1,500 "
    "euros a day, Jane Roe said, and they don't know who will pay for it. \u201cI can\u2019t see how we\u2019ll do "
    "it,\u201d she said, \u201cit\u2019s too much for a place as small as this.\u201d Jean S\u00e9gol\u00e8ne, who lives "
    "on the other side, has to go round by the ferry. Nobody had expected the vote to be so close, and 1.5 per cent made "
    "the difference. The bridge was built in 1931 and it isn't safe any more, the engineers of the state found in May.\n"
    "It had been mended four times since then, most of all after the flood that came in the spring of 1953."
)


def goes(removed: str, survivor: str) -> bool:
    return compare(Text(removed), Text(survivor)).removable


DAMAGE = [
    ("quotes as question marks", lambda t: re.sub("[\u2018\u2019\u201c\u201d']", "?", t)),
    ("quotes lost", lambda t: re.sub("[\u2018\u2019\u201c\u201d']", "", t)),
    ("quotes as entities", lambda t: re.sub("[\u2018\u2019']", "&rsquo;", t).replace("\u201c", "&ldquo;")),
    (
        "quotes as Windows-1252",
        lambda t: t.replace("\u2019", "\u00e2\u20ac\u2122").replace("\u201c", "\u00e2\u20ac\u0153"),
    ),
    ("accents lost", lambda t: t.replace("\u00e9", "e").replace("\u00e8", "e")),
    ("letters lost", lambda t: t.replace("\u00e9", "").replace("\u00e8", "")),
    ("letters lost with their neighbours", lambda t: t.replace("S\u00e9gol\u00e8ne", "S?ne")),
    ("words glued", lambda t: t.replace("the old bridge", "theold bridge").replace("of the state", "of thestate")),
    ("glued, and the apostrophe lost", lambda t: t.replace("they don't", "theydon").replace("how we\u2019ll", "howwe")),
    ("the t lost too", lambda t: t.replace("I can\u2019t", "Ican")),
    ("a misspelt word", lambda t: t.replace("engineers", "enginers")),
    ("thousands without a comma", lambda t: t.replace("1,500", "1500")),
    ("a share line at the end", lambda t: f"{t}\nShare this on Facebook"),
    ("lines joined", lambda t: t.replace("\n", "")),
    ("a sentence missing", lambda t: t.replace("Nobody had expected the vote to be so close, and ", "")),
]


@pytest.mark.parametrize(("name", "damaged"), DAMAGE, ids=[name for name, _ in DAMAGE])
def test_a_damaged_copy_goes(name: str, damaged: object) -> None:
    assert callable(damaged)
    other = damaged(STORY)
    assert other != STORY
    assert goes(other, STORY), name


OTHERWISE = [
    ("cost 1,500", "cost 1,900"),
    ("cost 1,500", "cost 15,00"),
    ("1.5 per cent", "15 per cent"),
    ("1931 and it", "1953 and it"),
    ("Jane Roe", "Mary Poe"),
    ("on Monday", "on Friday"),
    ("don't know", "do know"),
    ("don't know", "know"),
    ("isn't safe", "is safe"),
    ("I can\u2019t see", "I can see"),
    ("The council", "Not the council"),
    ("will cost", "won't cost"),
    ("Nobody had", "Somebody had"),
    ("the ferry", "the tunnel"),
    ("to close", "to open"),
    ("so close", "so unlikely"),
    ("for two years", "for two months"),
    ("round by the ferry", "round to the ferry"),
    ("council of the town", "town of the council"),
    ("1931", "1931 million"),
    ("in May.", "in May. The mayor took back what he had said."),
    ("in May.", "in May. Nobody was hurt."),
    ("two years. The", "two years. The shops on the square will pay for it. The"),
]


@pytest.mark.parametrize(("said", "instead"), OTHERWISE)
def test_a_copy_that_says_something_else_stays(said: str, instead: str) -> None:
    assert STORY.count(said) == 1
    other = STORY.replace(said, instead)
    assert not goes(other, STORY)


@pytest.mark.parametrize(("said", "instead"), [("1931", "1931 million"), ("it isn't", "it is"), ("They", "not")])
def test_what_only_the_survivor_says_may_matter(said: str, instead: str) -> None:
    if said in STORY:
        assert not goes(STORY, STORY.replace(said, instead))


@pytest.mark.parametrize(("left", "right", "expected"), [
    ("sinnf", "sinn f\u00e9in", True),
    ("buts?ne", "but s\u00e9gol\u00e8ne", True),
    ("andr?s", "and r\u00e9sum\u00e9s", True),
    ("iknow?s", "i know\u2026it\u2019s", True),
    ("likely", "unlikely", False),
    ("waslikely", "was \u201cunlikely\u201d", True),  # glued, and a quotation mark lost: only for a word that is no word
    ("he", "she", False),
    ("x", "s\u00e9gol\u00e8ne", False),
])  # fmt: skip
def test_what_an_encoding_left_of_a_word(left: str, right: str, expected: bool) -> None:
    assert is_rest(left, right) is expected


@pytest.mark.parametrize(("one", "other", "expected"), [
    ("engineers", "enginers", True),
    ("government", "goverment", True),
    ("million", "billion", False),
    ("woman", "women", False),
    ("hansen", "jansen", False),
    ("rose", "nose", False),
])  # fmt: skip
def test_a_misspelling_is_no_other_word(one: str, other: str, expected: bool) -> None:
    assert is_slip(one, other) is expected


def test_a_heading_may_deny_and_a_label_denies_nothing() -> None:
    page = f"Bridge will be closed for two years\n{STORY}\nNo comments"
    assert goes(page, page.removesuffix("\nNo comments"))
    assert not goes(page.replace("will be", "will not be"), page)


WORDS = st.lists(st.sampled_from("abcdefgh"), max_size=60)


def rebuilt(left: list[str], right: list[str], found: list[align.Hunk]) -> list[str]:
    """The right sequence out of the left one and the differences."""
    made: list[str] = []
    at = 0
    for a, b, c, d in found:
        made += left[at:a] + right[c:d]
        at = b
    return made + left[at:]


@given(WORDS, WORDS)
def test_differences_make_one_sequence_of_the_other(left: list[str], right: list[str]) -> None:
    assert rebuilt(left, right, align.hunks(left, right)) == right


@given(st.data())
def test_long_sequences_are_cut_where_runs_stand_once(data: st.DataObject) -> None:
    left = [str(n) for n in range(3_000)]
    right = list(left)
    for _ in range(5):
        at = data.draw(st.integers(0, len(right) - 1))
        right[at : at + data.draw(st.integers(0, 3))] = data.draw(WORDS)[:4]
    found = align.hunks(left, right)
    assert rebuilt(left, right, found) == right
    assert sum(b - a + d - c for a, b, c, d in found) <= 5 * 8


def test_a_long_text_is_compared_word_by_word() -> None:
    sentences = [
        f"In the year {n} the ferry took {n * 7 % 1000} people over the river and back again." for n in range(9_000)
    ]
    text = " ".join(sentences)
    assert goes(text.replace("ferry took 7 people", "ferrytook 7 people"), text)
    assert not goes(text.replace("year 4000 the ferry", "year 4000 the tunnel"), text)


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_two_texts_can_be_compared(one: str, other: str) -> None:
    assert compare(Text(one), Text(one)).removable
    compare(Text(one), Text(other))
    compare(Text(one), Text(other), copies=False)
