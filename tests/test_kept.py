"""Arrays kept beside machine code: made once, and again whenever what was kept cannot be trusted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from cleaner.kept import Array, kept

Make = Callable[[], Sequence[Array]]
MADE: Sequence[Array] = (np.arange(5, dtype=np.int16), np.array(["de", "fr"]), np.zeros((2, 3), np.uint8))


class Maker:
    """Counts how often it was asked."""

    asked = 0

    def __call__(self) -> Sequence[Array]:
        self.asked += 1
        return MADE


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "source.txt"
    path.write_text("one")
    return path


def kernel(folder: Path | None) -> Any:
    return SimpleNamespace(stats=SimpleNamespace(cache_path=folder and str(folder)))


def same(found: Sequence[Array]) -> bool:
    return all(np.array_equal(a, b) and a.dtype == b.dtype for a, b in zip(found, MADE, strict=True))


def test_they_are_made_once(tmp_path: Path, source: Path) -> None:
    make = Maker()
    assert all(same(kept("x", kernel(tmp_path), [source], make)) for _ in range(3))
    assert make.asked == 1


def test_they_are_made_again_when_a_source_changes(tmp_path: Path, source: Path) -> None:
    make = Maker()
    for content in ("one", "three", "three"):
        if source.read_text() != content:
            source.write_text(content)
        assert same(kept("x", kernel(tmp_path), [source], make))
    assert make.asked == 2


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"",
        lambda data: data[: len(data) // 2],
        lambda data: b"no archive at all",
        lambda data: data[:300] + bytes(200) + data[500:],
    ],
    ids=["empty", "cut", "other", "zeros"],
)
def test_they_are_made_again_where_what_was_kept_is_not_whole(
    tmp_path: Path, source: Path, damage: Callable[[bytes], bytes]
) -> None:
    make = Maker()
    kept("x", kernel(tmp_path), [source], make)
    (path,) = tmp_path.glob("*.npz")
    path.write_bytes(damage(path.read_bytes()))
    assert same(kept("x", kernel(tmp_path), [source], make))
    assert make.asked == 2
    assert same(kept("x", kernel(tmp_path), [source], make))
    assert make.asked == 2


def test_where_nothing_can_be_kept_they_are_made_each_time(tmp_path: Path, source: Path) -> None:
    make = Maker()
    (tmp_path / "file").write_text("in the way")
    for folder in (None, tmp_path / "file", None):
        assert same(kept("x", kernel(folder), [source], make))
    assert make.asked == 3
