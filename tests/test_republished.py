"""What a run says of a folder that was published before: which files were written again, and why."""

from __future__ import annotations

from pathlib import Path

import pytest

from cleaner.config import Config
from cleaner.publish import publish
from cleaner.run import run
from tests.test_corpora import article


def said(raw: Path, clean: Path, **settings: object) -> list[str]:
    """What a run says of what it published, as the summary does."""
    return list(publish(run(raw, Config(**settings), target=clean), clean).lines())  # type: ignore[arg-type]


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    """Three published texts: the second one also in a file of records, as a copy that goes."""
    (raw := tmp_path / "raw").mkdir()
    for number in range(3):
        (raw / f"{number}.txt").write_text(article(number) + "\n")
    return raw


@pytest.fixture(params=[False, True], ids=["small", "large"])
def clean(request: pytest.FixtureRequest, tmp_path: Path, raw: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A published folder, of a corpus in memory and of one in shards."""
    if request.param:
        monkeypatch.setattr("cleaner.run.SHARD", 1000)
    assert said(raw, tmp_path / "clean") == []
    return tmp_path / "clean"


def test_nothing_new(raw: Path, clean: Path) -> None:
    assert said(raw, clean) == ["nothing to publish again since the last run"]


def test_new_changed_and_removed_sources(raw: Path, clean: Path) -> None:
    (raw / "3.txt").write_text(article(7) + "\n")
    (raw / "1.txt").write_text(article(8) + "\n")
    (raw / "2.txt").unlink()
    assert said(raw, clean) == [
        "published again: 2 of 3 files, 1 removed because nothing is kept of their sources",
        "  new: 3.txt",
        "  its source changed: 1.txt",
    ]


def test_a_file_that_goes_because_of_another_one(raw: Path, clean: Path) -> None:
    (raw / "00.txt").write_text(article(1) + "\n")
    assert said(raw, clean) == [
        "published again: 1 of 4 files, 1 removed because nothing is kept of their sources",
        "  new: 00.txt",
    ]


def test_other_settings(raw: Path, clean: Path) -> None:
    assert said(raw, clean, ignore=("SUB001",)) == [
        "published again: 1 of 3 files",
        "  other settings or versions: 0.txt",
    ]


def test_a_file_that_was_taken_away(raw: Path, clean: Path) -> None:
    (clean / "1.txt").unlink()
    assert said(raw, clean) == ["published again: 1 of 3 files", "  it was changed here: 1.txt"]
