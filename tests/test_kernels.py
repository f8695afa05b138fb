"""Kernels give what their plain twins give, over any text."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cleaner import compiled
from cleaner.lexicon import vocabulary
from cleaner.literals import Literals
from cleaner.runs import shared_runs_plain

WORDS = st.sampled_from(["the", "The", "Paris", "paris", "kyiv", "viaout", "don’t", "café", "a²", "e-mail", "İ", "x_1"])
TEXT = st.lists(st.one_of(WORDS, st.text(max_size=6)), max_size=20).flatmap(
    lambda parts: st.sampled_from([" ", "", "’", "\u00a0", "\n", "…"]).map(lambda joint: joint.join(parts))
)


@pytest.fixture(scope="module", autouse=True)
def _usable() -> Iterator[None]:
    assert compiled.usable(), "the kernels are tested where numba works"
    yield


@settings(max_examples=300, deadline=None)
@given(TEXT)
@example("it's they\u2019ll 'tis o'clock don\u2019t x'ab\u00e9 \u2019s")
@example("caf\u00e9 don\u2019t \u00c9cole viaout's \u201cIike\u201d \u2028end\u2029")
def test_words_that_no_list_has(text: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compiled, "on", lambda: False)
        plain = vocabulary.__wrapped__(text)
        patch.setattr(compiled, "on", lambda: True)
        assert vocabulary.__wrapped__(text) == plain


REPEATING = st.lists(st.sampled_from(["a", "B", "b", "é", "É", "\u00a0", "\n", "c d e", "\x1f", "\x0b"]), max_size=60)


@settings(max_examples=300, deadline=None)
@given(REPEATING.map(" ".join))
@example("a b c d e\nA B C D E")
@example("a b c d e a b c d e a b c d e")
def test_runs_that_stand_twice(text: str) -> None:
    from cleaner.runs_kernel import shared_runs

    data = text.encode()
    assert sorted(shared_runs(data)) == sorted(shared_runs_plain(data))


STRINGS = {"one": ["“", "”", " ,"], "two": ["”", "\x00", "aba"], "three": ["\U0001d173", "ab"], "none": []}


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="ab ,“”\x00\U0001d173é", max_size=12))
def test_strings_that_stand_in_a_text(text: str) -> None:
    wanted = {owner for owner, strings in STRINGS.items() if any(string in text for string in strings)}
    with pytest.MonkeyPatch.context() as patch:
        for on in (False, True):
            patch.setattr(compiled, "on", lambda on=on: on)
            assert Literals(STRINGS).awake(text) == wanted
