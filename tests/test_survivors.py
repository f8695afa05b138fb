"""Which copy stays: the order its owner chooses, versions by date, and documents that were published before."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import permutations

import pytest

from cleaner.duplicates.cluster import find_duplicates
from cleaner.duplicates.finding import Entry, Finding, prose_length
from cleaner.duplicates.sketch import sketch
from cleaner.duplicates.survivors import Policy, problem
from tests.test_duplicates import ALL, STORY


def entry(key: str, text: str = STORY, **more: object) -> tuple[Entry, str]:
    return Entry(key, prose=prose_length(text), **more), text  # type: ignore[arg-type]


def _some(texts: Sequence[str], places: Sequence[int]) -> list[str]:
    return [texts[place] for place in places]


def decided(policy: Policy, *documents: tuple[Entry, str]) -> list[Finding]:
    """What is decided, checked to be the same in every order."""
    answers = []
    for order in permutations(documents):
        texts = [text for _, text in order]
        bring = partial(_some, texts)
        found = find_duplicates([one for one, _ in order], sketch(texts), bring, ALL, policy)
        answers.append(found)
    assert all(answer == answers[0] for answer in answers)
    return answers[0]


DIRTY = entry("a", leftovers=2, date="2024-01-01", source="one.example")
LATE = entry("b", date="2024-03-01", source="two.example")
EARLY = entry("c", date="2024-02-01", source="three.example")


@pytest.mark.parametrize(
    ("keep", "survivor"),
    [
        (("cleanest", "longest", "earliest", "first"), "c"),
        (("cleanest", "latest"), "b"),
        (("earliest",), "a"),
        (("first",), "a"),
        (("source:two.example", "earliest"), "b"),
        (("source:nobody.example", "earliest"), "a"),
        ((), "a"),
    ],
)
def test_the_owner_chooses_who_stays(keep: tuple[str, ...], survivor: str) -> None:
    assert {f.instead for f in decided(Policy(keep), DIRTY, LATE, EARLY)} == {survivor}


OLD = entry("old", STORY, date="2024-01-01")
NEW = entry("new", STORY.replace("12 million", "19 million"), date="2024-01-02")
UNDATED = entry("undated", STORY.replace("12 million", "15 million"))


def test_of_versions_the_latest_may_stay() -> None:
    assert [(f.id, f.relation, f.dropped) for f in decided(Policy(), OLD, NEW)] == [("new", "version", False)]
    (found,) = decided(Policy(versions="latest"), OLD, NEW)
    assert (found.id, found.instead, found.relation, found.dropped) == ("old", "new", "version", True)
    assert found.contradictions == ("12",)


def test_without_dates_no_version_goes() -> None:
    found = decided(Policy(versions="latest"), OLD, NEW, UNDATED)
    assert [f.id for f in found if f.dropped] == ["old"]
    assert ("undated", "new") in {(f.id, f.instead) for f in found if not f.dropped}


def test_what_was_published_stays() -> None:
    longer = entry("later", STORY + "The ferry takes ten minutes to the other side when the weather is fair.")
    assert [(f.id, f.instead) for f in decided(Policy(), entry("before"), longer)] == [("before", "later")]
    frozen = Policy(frozen=frozenset({"before"}))
    (found,) = decided(frozen, entry("before"), longer)
    assert (found.id, found.instead, found.relation) == ("later", "before", "version")
    assert decided(Policy(frozen=frozenset({"a", "b"})), entry("a"), entry("b")) == []


@pytest.mark.parametrize(
    ("keep", "versions", "said"),
    [
        (("cleanest",), "keep", ""),
        (("cleanst",), "keep", "did you mean 'cleanest'?"),
        (("source:",), "keep", "is none of"),
        ((), "newest", "versions = 'newest': must be one of keep, latest"),
    ],
)
def test_a_policy_that_means_nothing_is_told(keep: tuple[str, ...], versions: str, said: str) -> None:
    assert (said in problem(Policy(keep, versions))) if said else not problem(Policy(keep, versions))


@pytest.mark.parametrize(
    ("old", "new", "goes"),
    [
        ("2024-01-01", "2024-01-02T08:00:00Z", True),
        ("2024-01-02T08:00:00Z", "2024-01-02T23:00:00Z", False),
        ("1 January 2024", "2024-01-02", False),
        ("2024-01-011", "2024-01-02", False),
        ("", "", False),
    ],
)
def test_only_days_tell_which_version_is_later(old: str, new: str, goes: bool) -> None:
    policy = Policy(versions="latest")
    assert policy.supersedes(Entry("new", date=new), Entry("old", date=old)) is goes
    assert not policy.supersedes(Entry("old", date=old), Entry("new", date=new))
