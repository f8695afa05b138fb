"""Numbers of documents and pairs of them are written narrow or wide, and nobody who has them can tell."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.cluster import digest
from bench.synthetic import write
from cleaner import pair
from cleaner.config import Config
from cleaner.duplicates import candidates, ordinals
from cleaner.duplicates.ordinals import (
    NARROW,
    Packed,
    again,
    begins,
    first,
    halves,
    is_wide,
    numbered,
    once,
    packed,
    rows,
    turned,
    width,
    words,
)
from cleaner.publish import publish
from cleaner.run import run

Pair = tuple[int, int]


def pairs_of(count: int) -> st.SearchStrategy[tuple[Packed, list[Pair]]]:
    """Pairs of documents of a corpus of `count`, packed and plain; few numbers, so that some come again."""
    number = st.one_of(st.integers(0, 3), st.integers(count - 3, count - 1))

    def both(plain: list[Pair]) -> tuple[Packed, list[Pair]]:
        above, below = np.array(plain, np.uint64).reshape(-1, 2).T
        return packed(above, below, width(count).pair), plain

    return st.lists(st.tuples(number, number), max_size=30).map(both)


NARROW_ONES, WIDE_ONES = pairs_of(NARROW - 1), pairs_of(1 << 40)
PARTS = ("order-*/ranks", "order-*/places", "order-*/ranked", "pair-*/pairs", "unite-*/pairs", "unite-*/forest")
BOTH = st.one_of(NARROW_ONES, WIDE_ONES)


def listed(pairs: Packed) -> list[Pair]:
    return [(above, below) for above, below in rows(pairs).tolist()]


def test_the_width_is_that_of_the_count() -> None:
    assert (width(NARROW - 1).number.itemsize, width(NARROW).number.itemsize) == (4, 8)
    assert (width(NARROW - 1).pair.itemsize, width(NARROW).pair.itemsize) == (8, 16)
    assert [is_wide(count) for count in (0, NARROW - 1, NARROW, 10**10)] == [False, False, True, True]
    assert width(NARROW - 1).none == NARROW == 2**32 - 1, "the last document of so many has a smaller number"
    assert width(NARROW).none == 2**64 - 1
    assert numbered(3).tolist() == [0, 1, 2]


@given(BOTH)
def test_packed_pairs_come_back(known: tuple[Packed, list[Pair]]) -> None:
    pairs, plain = known
    assert listed(pairs) == plain
    assert np.frombuffer(pairs.tobytes(), pairs.dtype).tolist() == pairs.tolist(), "as they lie in a box"
    above, below = halves(pairs)
    assert (above.tolist(), below.tolist()) == ([one for one, _ in plain], [other for _, other in plain])
    assert first(pairs).tolist() == above.tolist()


@given(BOTH)
def test_packed_pairs_are_put_in_order_as_plain_ones(known: tuple[Packed, list[Pair]]) -> None:
    pairs, plain = known
    assert listed(turned(pairs)) == sorted((other, one) for one, other in plain)
    assert listed(once(pairs.copy())) == sorted(set(plain))
    assert listed(again(pairs.copy())) == sorted({one for one in plain if plain.count(one) > 1})


@given(BOTH, st.lists(st.integers(0, (1 << 32) - 2), min_size=1))
def test_where_the_pairs_of_a_document_begin(known: tuple[Packed, list[Pair]], numbers: list[int]) -> None:
    pairs, plain = once(known[0]), sorted(set(known[1]))
    asked = numbers + [above for above, _ in plain]
    expected = [sum(above < number for above, _ in plain) for number in asked]
    assert begins(pairs, np.array(asked, np.uint64)).tolist() == expected


@given(BOTH)
def test_kernels_fill_the_memory_of_pairs(known: tuple[Packed, list[Pair]]) -> None:
    pairs, plain = known
    filled = np.empty(len(pairs), pairs.dtype)
    memory = words(filled)
    for at, (above, below) in enumerate(plain):
        if memory.shape[1] == 1:
            memory[at, 0] = above << 32 | below
        else:
            memory[at] = above, below
    assert listed(filled) == plain


@pytest.mark.parametrize("on", [False, True], ids=["plain", "kernel"])
def test_a_wide_run_publishes_what_a_narrow_one_does(on: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Through every task: some bands each, several stretches, portions, sentences that documents share."""
    write(400, tmp_path / "raw", 60)
    raw = tmp_path / "raw" / "corpus.jsonl"
    config = Config(engine="here", sentences="first")
    monkeypatch.setattr("cleaner.compiled.on", lambda: on)
    monkeypatch.setattr(candidates, "on", lambda: on)
    monkeypatch.setattr("cleaner.run.SHARD", 30_000)
    monkeypatch.setattr(pair, "HELD", 1_000)
    monkeypatch.setattr(pair, "STRETCH", 100)
    published, sizes = [], []
    for name, narrow in (("narrow", NARROW), ("wide", 50)):
        monkeypatch.setattr(ordinals, "NARROW", narrow)
        outcome = run(raw, config, target=tmp_path / name)
        record = tmp_path / name / ".cleaner"
        sizes.append([sum(path.stat().st_size for path in record.glob(f"work/{part}")) for part in PARTS])
        publish(outcome, tmp_path / name)
        published.append(digest(tmp_path / name))
        rows = map(json.loads, (record / "duplicates.jsonl").read_text(encoding="utf-8").splitlines())
        assert {"near", "sentence"} <= {row["relation"] for row in rows}
    assert published[0] == published[1]
    assert sizes[1] == [2 * size for size in sizes[0]], "and it was wide"
    assert 0 not in sizes[0]
