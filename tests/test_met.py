"""Pairs that met come back each once, in the order in which they are decided, whatever may be held of them."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner.duplicates import met as module
from cleaner.duplicates import ordinals
from cleaner.duplicates import signed as signatures
from cleaner.duplicates.cluster import by_component
from cleaner.duplicates.met import Met
from cleaner.duplicates.ordinals import Packed, packed, width
from cleaner.duplicates.signed import SignedFile, SignedRows
from cleaner.duplicates.sketch import ROW

COUNT = 40
PAIRS = st.lists(st.tuples(st.integers(0, COUNT - 1), st.integers(0, COUNT - 1)).filter(lambda p: p[0] < p[1]))
Pair = tuple[int, int]


def packed_ones(pairs: list[Pair]) -> Packed:
    both = np.array(pairs, np.uint64).reshape(-1, 2)
    return packed(both[:, 0], both[:, 1], width(COUNT).pair)


@settings(max_examples=200, deadline=None)
@given(st.lists(PAIRS, max_size=6), st.integers(1, 20), st.integers(1, 8), st.booleans())
def test_portions_are_what_the_whole_is(batches: list[list[Pair]], held: int, at_once: int, wide: bool) -> None:
    whole = sorted({pair for batch in batches for pair in batch})
    expected = by_component(np.array(whole, np.int64).reshape(-1, 2))[0].tolist()
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "MERGE", 5)
        patch.setattr(module, "AT_ONCE", at_once)
        patch.setattr(ordinals, "NARROW", COUNT if wide else COUNT + 1)
        for where in (None, Path(folder)):
            with Met(COUNT, where, held) as met:
                for batch in batches:
                    met.add(packed_ones(batch))
                portions = [portion.tolist() for portion in met.portions()]
            assert [pair for portion in portions for pair in portion] == expected
            seen = defaultdict(set)
            for n, portion in enumerate(portions):
                for _, document in portion:
                    seen[document].add(n)
            assert all(len(numbers) == 1 for numbers in seen.values()), "a document is decided about in one portion"
        assert not list(Path(folder).iterdir())


@pytest.mark.parametrize("held", [0, 1, 2])
@pytest.mark.parametrize("block", [1, 7, 50, 1000])
def test_signatures_in_a_file_are_those_of_the_rows(
    block: int, held: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signatures, "BLOCK", block)
    monkeypatch.setattr(signatures, "HELD", held)
    dice = np.random.default_rng(1)
    rows = np.zeros(120, ROW)
    rows["tokens"] = dice.integers(0, 400, 120)
    rows["signature"] = dice.integers(0, 1 << 32, (120, 128), np.uint32)
    plain = SignedRows(rows)
    with SignedFile(tmp_path) as kept:
        for start, end in pairwise((0, 1, 50, 50, 113, 120)):
            kept.add(rows["tokens"][start:end], rows["signature"][start:end])
        assert (kept.tokens == plain.tokens).all()
        assert (kept.marks == plain.marks).all()
        assert (plain.marks.view(np.uint8) == rows["signature"] & 0xFF).all()
        for first, end in ((0, 6), (126, 128), (60, 61)):
            assert (kept.slots(first, end) == plain.slots(first, end)).all()
    assert not list(tmp_path.iterdir()), "no file is left"
