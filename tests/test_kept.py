"""What must stay under the default rules: each case was once taken from somebody."""

from __future__ import annotations

import pytest

from cleaner import clean
from cleaner.duplicates.verify import compare
from cleaner.duplicates.wording import Text

MENU = "Home\nNews\nSport\nBusiness\nContact\n\n"
PARAGRAPHS = [
    "The council met on Tuesday evening, and the members spoke for three hours about the bridge over the river.",
    "Most of them were in favour of it, but the costs had risen by a third since the plan was drawn up in spring.",
    "The mayor said that the town could not wait for another year, because the old bridge would be closed by then.",
    "A second meeting was called for the end of the month, when the engineers will bring their report to the town.",
    "Nobody spoke for the ferry that had carried the people of the town for longer than anybody could remember.",
]
BODY = "\n\n".join(PARAGRAPHS)


@pytest.mark.parametrize(
    "headline",
    [
        "Share prices fall in London",
        "Police shoot man in London",
        "More rain, less bread",
        "Free bus for pupils from May",
    ],
)
def test_a_headline_under_a_menu(headline: str) -> None:
    assert clean(f"{MENU}{headline}\n\n{BODY}").text.startswith(headline)


@pytest.mark.parametrize(
    "text",
    [
        "Il marchio è protetto dalla legge.",
        "They asked Cesare Marchi of Rome.",
        "Luca De Marchis and Marchiano saw the streetart.",
        "They went streeting.",
    ],
)
def test_a_name_or_compound_that_holds_a_month_or_a_street(text: str) -> None:
    assert clean(text).text == text


def test_the_rest_of_a_line_that_was_broken_by_hand() -> None:
    line = "and that she too is of the opinion that the old bridge should be closed for good."
    text = f"The mayor said it,\n{line}\n\nThe judge said it too,\n{line}"
    assert clean(text).text == text


@pytest.mark.parametrize(
    "more",
    [
        "Two people died.",
        "Jones was shot dead.",
        "The vote was not legal.",
        "The plan failed 2.",
        "Correction: 2027 is wrong.",
        "The mayor resigned on Friday.",
    ],
)
def test_a_short_sentence_that_only_one_copy_has(more: str) -> None:
    assert not compare(Text(f"{BODY}\n\n{more}"), Text(BODY)).removable
