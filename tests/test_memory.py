"""How much memory a run may take: sizes as people write them, and what fits into them."""

from __future__ import annotations

from pathlib import Path

import pytest

from cleaner.memory import FIRST, LEAST, SORTED, WORKER, room, size_of
from tests.conftest import RAW, Cleaner


@pytest.mark.parametrize(
    ("stated", "size"),
    [
        ("500MB", 500_000_000),
        ("2GB", 2_000_000_000),
        ("1.5 gb", 1_500_000_000),
        ("1TB", 10**12),
        ("800000000", 8 * 10**8),
    ],
)
def test_sizes(stated: str, size: int) -> None:
    assert size_of(stated) == size


@pytest.mark.parametrize("stated", ["", "much", "-2GB", "2 G B", "2GiB", "nan", "1e9", "0", "100MB", "2G", "٣GB"])
def test_what_is_no_size_says_what_one_is(stated: str) -> None:
    with pytest.raises(ValueError, match=r"must be a size such as 500MB or 2GB|a run needs"):
        size_of(stated)


@pytest.mark.parametrize(
    ("stated", "workers", "fitting"),
    [("500MB", 8, 1), ("1GB", 8, 2), ("4GB", 8, 8), ("4GB", 2, 2), ("", 2, 2), ("", 64, 64)],
)
def test_as_many_workers_as_fit(stated: str, workers: int, fitting: int) -> None:
    found = room(stated, workers)
    assert found.workers == fitting
    assert found.held >= SORTED
    if stated and found.held > SORTED:
        assert FIRST + found.workers * WORKER + found.held <= size_of(stated)


def test_a_run_refuses_what_is_no_size(cleaner: Cleaner, tmp_path: Path) -> None:
    done = cleaner("run", str(RAW), str(tmp_path / "clean"), "--memory", "lots")
    assert (done.returncode, done.stdout) == (2, "")
    assert "memory = 'lots': must be a size such as 500MB or 2GB" in done.stderr
    done = cleaner("run", str(RAW), str(tmp_path / "clean"), "--memory", "1MB")
    assert f"a run needs {LEAST // 10**6}MB" in done.stderr
    assert not (tmp_path / "clean").exists()
