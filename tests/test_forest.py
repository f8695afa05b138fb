"""Groups of documents by pairs: the same whatever their order, however they are divided, by kernel or by numpy."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner import compiled
from cleaner.duplicates import forest, ordinals
from cleaner.duplicates.forest import Pairs, roots, roots_plain, sizes
from cleaner.duplicates.ordinals import numbered

COUNT = 40
PAIRS = st.lists(st.tuples(st.integers(0, COUNT - 1), st.integers(0, COUNT - 1)), max_size=60)


@pytest.fixture(params=["plain", "kernel"])
def path(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    assert compiled.usable()
    monkeypatch.setattr(compiled, "on", lambda: request.param == "kernel")
    return str(request.param)


def array(pairs: list[tuple[int, int]]) -> Pairs:
    return np.array(pairs, np.int64).reshape(-1, 2)


def by_hand(pairs: list[tuple[int, int]]) -> list[int]:
    """The definition: what can be reached from a document, and the smallest of that."""
    beside = defaultdict(set)
    for one, other in pairs:
        beside[one].add(other)
        beside[other].add(one)
    found = []
    for document in range(COUNT):
        group, waiting = {document}, [document]
        while waiting:
            new = beside[waiting.pop()] - group
            group |= new
            waiting += new
        found.append(min(group))
    return found


@settings(max_examples=200, deadline=None)
@given(PAIRS, st.integers(0, 60), st.randoms())
def test_every_path_gives_the_smallest_of_the_group(pairs: list[tuple[int, int]], cut: int, dice: object) -> None:
    expected = by_hand(pairs)
    dice.shuffle(pairs)  # type: ignore[attr-defined]
    batches = [array(pairs[:cut]), array(pairs[cut:])]
    for on in (False, True):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(compiled, "on", lambda on=on: on)
            assert roots(COUNT, batches).tolist() == expected
            parts = [forest.forest([batch]) for batch in batches]
            assert roots(COUNT, parts).tolist() == expected, "a forest of forests is a forest of all"
            assert forest.forest([array(pairs)]).tolist() == forest.forest(parts).tolist()


@settings(max_examples=100, deadline=None)
@given(PAIRS)
def test_a_forest_has_no_pair_too_many(pairs: list[tuple[int, int]]) -> None:
    documents = {document for pair in pairs for document in pair}
    groups = {root for document, root in enumerate(by_hand(pairs)) if document in documents}
    assert len(forest.forest([array(pairs)])) == len(documents) - len(groups)


def test_a_long_chain_is_one_group(path: str) -> None:
    chain = np.stack([np.arange(1, 100_000), np.arange(99_999)], axis=1)
    assert roots(100_001, [chain[::-1]]).max() == 100_000
    assert np.unique(roots(100_001, [chain]), return_counts=True)[1].tolist() == [100_000, 1]


def test_sizes_of_groups(path: str) -> None:
    found, counts = sizes(array([(7, 3), (3, 9), (3, 7), (20, 21), (5, 5)]))
    assert list(zip(found.tolist(), counts.tolist(), strict=True)) == [(3, 3), (20, 2)]
    assert sizes(array([]))[0].tolist() == []


def test_numbers_are_as_narrow_as_they_may_be(monkeypatch: pytest.MonkeyPatch) -> None:
    assert numbered(5).dtype == np.uint32
    monkeypatch.setattr(ordinals, "NARROW", 4)
    assert numbered(5).dtype == np.uint64
    for on in (False, True):
        monkeypatch.setattr(compiled, "on", lambda on=on: on)
        assert roots(5, [array([(4, 2), (2, 3)])]).tolist() == [0, 1, 2, 2, 2]
    assert roots_plain(5, array([(4, 2), (2, 3)])).dtype == np.uint64
