"""What stops a run that would take most of a source for duplicates, and what switches duplicates off."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cleaner.config import Config
from cleaner.corpus import CorpusError
from cleaner.guard import problem
from cleaner.publish import publish
from cleaner.run import run
from tests.conftest import OTHER, Cleaner
from tests.test_duplicates import STORY


def records(folder: Path, *rows: dict[str, Any]) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "a.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("dropped", "documents", "stops"),
    [(100, 100, False), (101, 202, False), (101, 201, True), (5_000, 20_000, False)],
)
def test_a_source_loses_more_than_a_share_and_a_count(dropped: int, documents: int, stops: bool) -> None:
    row = {"source": "a.example", "dropped": dropped, "documents": documents, "example": "x", "instead": "y"}
    assert bool(problem([row], 0.5, 100)) is stops
    assert not problem([row], 1.0, 100)


COPIES = [{"id": f"c{n}", "text": STORY, "site": "copies.example"} for n in range(5)]
HONEST = [{"id": "h", "text": OTHER, "site": "honest.example"}]


def test_a_run_stops_and_publishes_nothing(tmp_path: Path) -> None:
    raw, clean = records(tmp_path / "raw", *COPIES, *HONEST), tmp_path / "clean"
    with pytest.raises(CorpusError, match=r"copies\.example: 4 of 5 documents .* \(80%\) .* such as c1 for c0"):
        publish(run(raw, Config(max_dropped_count=3)), clean)
    assert not clean.exists()
    assert publish(run(raw, Config(max_dropped_count=4)), clean)
    assert publish(run(raw, Config(max_dropped_count=3, max_dropped_share=0.8)), tmp_path / "other")


def test_the_command_says_how_to_allow_it(cleaner: Cleaner, tmp_path: Path) -> None:
    records(tmp_path / "raw", *COPIES, *HONEST)
    (tmp_path / "cleaner.toml").write_text("max-dropped-count = 3\n")
    done = cleaner("run", "raw", "clean")
    assert done.returncode == 2
    assert "--allow-drops" in done.stderr
    assert not (tmp_path / "clean").exists()
    assert cleaner("run", "raw", "clean", "--dry-run").returncode == 0
    assert cleaner("dups", "raw").returncode == 1
    assert cleaner("run", "raw", "clean", "--allow-drops").returncode == 0


ROWS = [
    {"id": "old", "text": STORY, "date": "2024-01-01", "site": "one.example"},
    {"id": "new", "text": STORY.replace("12 million", "19 million"), "date": "2024-01-02", "site": "two.example"},
    {"id": "copy", "text": STORY.upper(), "date": "2024-01-03", "site": "three.example"},
]


def left(raw: Path, config: Config) -> tuple[set[str], list[dict[str, Any]]]:
    """The ids of what a run keeps, and what it found alike."""
    clean = raw.parent / "clean"
    publish(run(raw, config), clean)
    text = (clean / "a.jsonl").read_text(encoding="utf-8")
    return {json.loads(line)["id"] for line in text.splitlines()}, [
        json.loads(line) for line in (clean / ".cleaner" / "duplicates.jsonl").read_text().splitlines()
    ]


@pytest.mark.parametrize(
    ("settings", "kept"),
    [
        ({}, {"old", "new"}),
        ({"keep": ("source:three.example",)}, {"copy", "new"}),
        ({"keep": ("latest",)}, {"copy", "new"}),
        ({"versions": "latest"}, {"copy"}),
        ({"ignore": ("DUP",)}, {"old", "new", "copy"}),
    ],
)
def test_settings_choose_what_a_run_keeps(tmp_path: Path, settings: dict[str, Any], kept: set[str]) -> None:
    ids, rows = left(records(tmp_path / "raw", *ROWS), Config(**settings))
    assert ids == kept
    assert bool(rows) is ("ignore" not in settings)


def test_a_row_of_evidence_says_all(tmp_path: Path) -> None:
    _, rows = left(records(tmp_path / "raw", *ROWS), Config())
    assert {row["relation"] for row in rows} == {"exact", "version"}
    for row in rows:
        assert row.keys() >= {"id", "instead", "relation", "jaccard", "containment", "hunks"}
    assert [row["hunks"] for row in rows if row["relation"] == "version"] == [[["19", "12"]]]


def test_ignoring_the_family_switches_all_of_it_off(cleaner: Cleaner, tmp_path: Path) -> None:
    records(tmp_path / "raw", *ROWS, *COPIES)
    (tmp_path / "cleaner.toml").write_text("max-dropped-count = 0\nmax-dropped-share = 0\nversions = 'latest'\n")
    done = cleaner("run", "raw", "clean", "--ignore", "DUP")
    assert (done.returncode, "DUP" in done.stdout) == (0, False)
    assert len((tmp_path / "clean" / "a.jsonl").read_text().splitlines()) == len([*ROWS, *COPIES])
    assert not (tmp_path / "clean" / ".cleaner" / "duplicates.jsonl").read_bytes()


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ('keep = ["longst"]', "did you mean 'longest'?"),
        ('versions = "newest"', "must be one of keep, latest"),
        ("max-dropped-share = 2", "must be from 0 to 1"),
        ("max-dropped-count = -1", "must be 0 or more"),
        ('max-dropped-count = "many"', "must be like 100"),
    ],
)
def test_a_wrong_setting_is_one_clear_error(cleaner: Cleaner, tmp_path: Path, setting: str, said: str) -> None:
    records(tmp_path / "raw", *HONEST)
    (tmp_path / "cleaner.toml").write_text(f"{setting}\n")
    done = cleaner("run", "raw", "clean")
    assert done.returncode == 2
    assert said in done.stderr
