"""Which candidate pairs can be alike at all: told from signatures, so that no text is brought for the others."""

from __future__ import annotations

from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner.compiled import usable
from cleaner.duplicates.bands import PERMUTATIONS
from cleaner.duplicates.candidates import candidate_pairs
from cleaner.duplicates.likely import LONGEST, RISK, STEPS, agreements_plain, least_agreements, likely
from cleaner.duplicates.signed import SignedRows, marks_of
from cleaner.duplicates.sketch import sketch

SIGNATURES = st.lists(st.lists(st.integers(0, 3), min_size=PERMUTATIONS, max_size=PERMUTATIONS), min_size=2, max_size=5)


@settings(deadline=None)  # the first example loads numba
@given(SIGNATURES, st.data())
def test_the_kernel_counts_what_the_plain_path_counts(values: list[list[int]], data: st.DataObject) -> None:
    if not usable():
        pytest.skip("numba does not work here")
    from cleaner.duplicates.likely_kernel import agreements

    marks = marks_of(np.array(values, np.uint32) << np.uint32(6))
    places = st.lists(st.integers(0, len(values) - 1), min_size=4, max_size=4)
    left, right = (np.array(data.draw(places), np.int64) for _ in "lr")
    plain = agreements_plain(marks, left, right)
    assert plain.tolist() == agreements(marks, left, right).tolist()
    expected = [
        sum(a == b for a, b in zip(values[x], values[y], strict=True)) for x, y in zip(left, right, strict=True)
    ]
    assert plain.tolist() == expected


def test_half_of_equally_long_texts_is_asked_for_less_than_once_in_the_risk() -> None:
    least = least_agreements()[0]
    missed = sum(comb(PERMUTATIONS, count) for count in range(least)) / 2**PERMUTATIONS
    assert missed < 1 / RISK
    assert least > PERMUTATIONS // 5, "pairs that share a fifth are left out"


def test_the_longer_the_other_text_the_less_is_asked_for() -> None:
    table = least_agreements()
    assert len(table) == STEPS * (LONGEST - 1) + 1
    assert list(table) == sorted(table, reverse=True)
    assert table[-1] == 0, "of a text twenty times as long nothing is known"


def words(start: int, count: int) -> str:
    return " ".join(f"w{n}" for n in range(start, start + count))


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (words(0, 400), words(0, 400), True),
        (words(0, 400), words(100, 400), True),  # a Jaccard of .6
        (words(0, 400), words(0, 100) + words(1000, 300), False),  # of .14: a quarter of each
        (words(0, 400), words(0, 4000), True),  # the whole of it in ten times as much
        (words(0, 400), words(1000, 400), False),
    ],
)
def test_pairs_that_may_be_alike(one: str, other: str, expected: bool) -> None:
    signed = SignedRows(sketch([one, other]))
    tokens, documents = signed.tokens.astype(np.int64), np.arange(2)
    assert likely(tokens, signed.marks, documents, documents[:1], documents[1:]).tolist() == [expected]


def test_a_passage_that_all_documents_share_makes_hardly_a_pair() -> None:
    texts = [f"{words(n * 1000, 150)} {words(0, 60)}" for n in range(1, 400)]
    assert len(candidate_pairs(sketch(texts), range(len(texts)))) < 40, "by the bands alone there are thousands"
