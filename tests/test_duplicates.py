"""Documents that another one survives for: found loosely, verified exactly, never by a chain."""

from __future__ import annotations

from itertools import permutations

import pytest

from cleaner.duplicates.cluster import Candidate, Finding, find_duplicates
from cleaner.duplicates.verify import compare
from cleaner.duplicates.wording import Text

ALL = frozenset({"DUP001", "DUP002", "DUP003"})
STORY = (
    "The council of the town voted on Monday to close the old bridge for two years. The work will cost 12 million euros, "
    "the mayor Jane Roe said, and half of it is paid by the state. People who live on the other side will have to go round "
    "by the ferry until it is done. Nobody had expected the vote to be so close, and the count was held a second time. The "
    "bridge was built in 1931 and had been mended four times since then, most of all after the flood of 1953. "
)


def found(*texts: str) -> list[tuple[str, str, str]]:
    findings = find_duplicates([Candidate(str(n), text) for n, text in enumerate(texts)], ALL)
    return [(f.id, f.relation, f.instead) for f in findings]


@pytest.mark.parametrize(
    ("change", "relation"),
    [
        (("12 million", "19 million"), "version"),
        (("Jane Roe", "Mary Poe"), "version"),
        (("had expected", "had not expected"), "version"),
        (("will cost", "will never cost"), "version"),
        (("so close", "so clear"), "version"),
        (("12 million euros", "12 million dollars"), "version"),
        (("1953. ", "1953. The opposition called it a waste of money. "), "near"),  # the longer one says it all
        (("on Monday ", ""), "near"),
        (("1953. ", "1953. Share this."), "near"),
        (("the ferry", "theferry"), "exact"),
        (("the ferry", "the  “ferry”"), "exact"),
    ],
)
def test_a_copy_with_one_change(change: tuple[str, str], relation: str) -> None:
    other = STORY.replace(*change)
    assert [r for _, r, _ in found(STORY, other)] == [relation]


def test_case_quotes_and_spaces_make_no_difference_and_signs_do() -> None:
    assert found(STORY, STORY.upper()) == [("1", "exact", "0")]
    assert found(f"{STORY} It costs $5.", f"{STORY} It costs €5.") == [("1", "version", "0")]


def test_other_stories_are_not_found() -> None:
    assert (
        found(STORY, "The minister went to the fair and bought a cow, which he later gave to the children's zoo.") == []
    )


def test_empty_and_one_word_documents_are_nobodys_duplicate() -> None:
    assert found("", "", "...", "One", "Two") == []
    assert found("One", "one") == [("1", "exact", "0")]


def test_seven_drifting_copies_leave_no_chain_in_any_order() -> None:
    sentences = [
        f"Sentence number {n} of the long report speaks of the {n}th house in the street by the sea." for n in range(24)
    ]
    texts = {str(k): " ".join(sentences[k : k + 18]) for k in range(7)}
    texts["7"] = texts["0"].replace("5th house", "6th house")
    expected: list[Finding] | None = None
    for order in list(permutations(sorted(texts)))[::1500]:
        findings = find_duplicates([Candidate(key, texts[key]) for key in order], ALL)
        removed = {f.id for f in findings if f.relation != "version"}
        assert all(f.instead not in removed for f in findings), "a survivor is kept"
        assert expected is None or findings == expected
        expected = findings
    assert expected


def test_many_identical_copies_name_one_survivor() -> None:
    findings = find_duplicates([Candidate(f"{n:04}", STORY) for n in range(2_000)], ALL)
    assert len(findings) == 1_999
    assert {f.instead for f in findings} == {"0000"}


def test_the_survivor_of_an_exact_copy_is_kept_in_the_end() -> None:
    longer = f"{STORY} The ferry takes ten minutes to the other side of the river when the weather is fair."
    findings = find_duplicates([Candidate("a", STORY), Candidate("b", STORY), Candidate("c", longer)], ALL)
    removed = {f.id for f in findings if f.relation != "version"}
    assert removed == {"a", "b"}
    assert {f.instead for f in findings} == {"c"}


def test_the_same_notice_under_two_titles_is_no_copy() -> None:
    notice = (
        "Once you are registered, you can: read one article a week and get the letter of the editor each morning. " * 3
    )
    assert [r for _, r, _ in found(f"How banks sink money\n{notice}", f"The ten best brands of today\n{notice}")] == [
        "version"
    ]


OPPOSITES = [
    ("The company's profits rose sharply in the third quarter of the year, its chief said.", "rose", "fell"),
    ("At least three people were killed in the fire that broke out in the old harbour.", "three", "five"),
    ("The jury found the man guilty of the murder of the two girls in the village.", "guilty", "innocent"),
    ("The buyer shall pay the costs of the transport from the port to the place.", "buyer", "seller"),
    ("We can support the plan of the council to build a new school on the hill.", "can", "can't"),
    ("It is likely that the bank will raise its rate again before the end of the year.", "likely", "unlikely"),
    ("Die Regierung hat gestern einen Vorschlag gemacht, der für Streit gesorgt hat.", "einen", "keinen"),
    ("Prices rose by 1.5 percent in the month of June, the office said on Friday.", "1.5", "15"),
    ("The talks with President Xi in the capital went on for more than two hours.", "Xi", "Li"),
    ("Le premier jour du procès a été marqué par les larmes de la mère.", "premier", "dernier"),
    ("中国外交部发言人星期一在北京表示政府支持这一计划并且呼吁各方保持克制。", "支持", "反对"),
    ("政府は月曜日にこの計画を実行すると発表し、記者団の質問に答えた。", "すると", "しないと"),
    ("Президент заявил, что он поддержит план парламента о строительстве дороги.", "поддержит", "не поддержит"),
    ("Il ministro ha detto lunedì che il governo può sostenere il piano.", "può", "non può"),
]


@pytest.mark.parametrize(("text", "word", "other"), OPPOSITES)
def test_opposite_statements_are_never_removable(text: str, word: str, other: str) -> None:
    assert word in text
    one, two = Text(text), Text(text.replace(word, other))
    for copies in (True, False):
        assert not compare(one, two, copies=copies).removable
        assert not compare(two, one, copies=copies).removable
