"""Adding to a frozen corpus: what is published stays byte for byte, and what is new is dropped against it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cleaner import publish as publishing
from cleaner.append import before_of
from cleaner.config import Config
from cleaner.corpus import CorpusError
from cleaner.journal import RUN, load
from cleaner.proof import verify_run
from cleaner.publish import check_folders, publish
from cleaner.restore import undo_run
from cleaner.run import Outcome, run
from tests.conftest import OTHER, Cleaner, tree
from tests.test_duplicates import STORY

LATE = "Nobody in the valley had seen so many storks in one spring, and the pupils of the school counted them twice."
BETTER = f"{STORY.strip()} The ferry takes ten minutes to the other side of the river when the weather is fair."


def row(key: str, text: str, **more: Any) -> str:
    return json.dumps({"id": key, "text": text, **more}) + "\n"


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    folder = tmp_path / "raw"
    (folder / "news").mkdir(parents=True)
    (folder / "news" / "story.txt").write_text(f"{STORY.strip()}\n\nShare:\nFacebook\nTwitter\n")
    (folder / "copy.txt").write_text(STORY.strip() + "\n")
    (folder / "rows.jsonl").write_text(row("other", OTHER) + row("empty", " "))
    return folder


def add(raw: Path, **settings: Any) -> Outcome:
    """Run as the command does."""
    clean, config = raw.parent / "clean", Config(**settings)
    check_folders(raw, clean, append=True)
    outcome = run(raw, config, target=clean, before=before_of(clean, config))
    publish(outcome, clean)
    return outcome


def texts(clean: Path) -> dict[str, bytes]:
    return {name: data for name, data in tree(clean).items() if not name.startswith(".cleaner")}


def statuses(clean: Path) -> dict[str, tuple[str, str]]:
    return {row["id"]: (row["status"], row["instead"]) for row in load(clean).manifest}


def test_what_is_new_is_dropped_against_what_is_published(raw: Path) -> None:
    clean, back = raw.parent / "clean", raw.parent / "back"
    add(raw)
    before, found = texts(clean), load(clean).duplicates
    (raw / "again.txt").write_text(STORY.strip().upper() + "\n")
    (raw / "late.txt").write_text(LATE + "\n")
    (raw / "version.txt").write_text(STORY.strip().replace("12 million", "19 million") + "\n")
    outcome = add(raw)
    assert texts(clean) == before | {name: (raw / name).read_bytes() for name in ("late.txt", "version.txt")}
    survivor = next(instead for _, instead in statuses(clean).values() if instead)
    assert statuses(clean)["again.txt"] == ("dropped", survivor)
    assert outcome.totals.documents == 3, "a summary tells what is new"
    assert [r for r in load(clean).duplicates if r in found] == found
    assert {r["id"] for r in load(clean).duplicates} == {"copy.txt", "news/story.txt", "again.txt", "version.txt"} - {
        survivor
    }
    assert verify_run(raw, clean) == []
    undo_run(clean, back)
    assert tree(back) == tree(raw)


def test_a_better_copy_that_comes_late_goes_or_is_told_and_the_published_one_stays(raw: Path) -> None:
    clean = raw.parent / "clean"
    add(raw)
    before = texts(clean)
    (raw / "better.txt").write_text(BETTER + "\n")
    add(raw, keep=("longest",))
    assert texts(clean) == before | {"better.txt": (BETTER + "\n").encode()}
    (found,) = [r for r in load(clean).duplicates if r["id"] == "better.txt"]
    assert found["relation"] == "version"


def test_changed_rules_change_nothing_that_is_published(raw: Path) -> None:
    clean = raw.parent / "clean"
    add(raw)
    before = texts(clean)
    (raw / "late.txt").write_text(f"{LATE}\n\nShare:\nFacebook\nTwitter\n")
    add(raw, ignore=("BOI",))
    assert texts(clean) == before | {"late.txt": (raw / "late.txt").read_bytes()}
    assert verify_run(raw, clean) == []
    told = json.loads((clean / ".cleaner" / RUN).read_text())
    assert [entry["config"]["ignore"] for entry in told["added-to"]] == [[]]
    assert told["config"]["ignore"] == ["BOI"]


def test_a_file_of_records_may_grow_again_and_again(raw: Path) -> None:
    clean, back = raw.parent / "clean", raw.parent / "back"
    add(raw)
    for n in range(3):
        before = (clean / "rows.jsonl").read_bytes()
        with (raw / "rows.jsonl").open("a") as file:
            file.write(
                row(f"late {n}", f"{LATE} It was the year {n}.") + row("other", OTHER) + row("late 0", "Once more.")
            )
        add(raw)
        assert (clean / "rows.jsonl").read_bytes().startswith(before)
    kept = [json.loads(line)["text"] for line in (clean / "rows.jsonl").read_text().splitlines()]
    assert kept[0] == OTHER.rstrip()
    assert len(kept) == 5, "each time the version of the year, and once the note"
    assert len(statuses(clean)) == 2 + 2 + 9, "every id is another one"
    assert verify_run(raw, clean) == []
    undo_run(clean, back)
    assert tree(back) == tree(raw)


def test_the_last_line_may_get_its_end(raw: Path) -> None:
    clean = raw.parent / "clean"
    (raw / "rows.jsonl").write_text(row("other", OTHER).rstrip("\n"))
    add(raw)
    (raw / "rows.jsonl").write_text(row("other", OTHER) + row("late", LATE))
    add(raw)
    assert [r["line"] for r in load(clean).manifest if r["path"] == "rows.jsonl"] == [1, 2]
    assert verify_run(raw, clean) == []


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (row("other", OTHER.upper()) + row("empty", " "), "published lines were changed"),
        (row("other", OTHER), "published lines were changed"),
        ("", "published lines were changed"),
    ],
)
def test_published_lines_that_changed_are_one_clear_error(raw: Path, content: str, said: str) -> None:
    add(raw)
    before = tree(raw.parent / "clean")
    (raw / "rows.jsonl").write_text(content)
    with pytest.raises(CorpusError, match=said):
        add(raw)
    assert tree(raw.parent / "clean") == before


def test_a_last_line_that_goes_on_is_one_clear_error(raw: Path) -> None:
    (raw / "rows.jsonl").write_text(row("other", OTHER) + '{"id": "half", "te')
    add(raw)
    (raw / "rows.jsonl").write_text(row("other", OTHER) + row("half", LATE))
    with pytest.raises(CorpusError, match="was continued"):
        add(raw)


def test_sources_that_are_changed_or_gone_change_nothing(raw: Path) -> None:
    clean = raw.parent / "clean"
    add(raw)
    before = texts(clean)
    (raw / "copy.txt").write_text("Something else.\n")
    (raw / "rows.jsonl").unlink()
    outcome = add(raw)
    assert texts(clean) == before
    assert outcome.stale == [f"{raw / 'copy.txt'}: was changed since it was published; what was published stays"]


def test_another_journal_and_texts_changed_by_hand_are_refused(raw: Path) -> None:
    clean = raw.parent / "clean"
    add(raw)
    (raw / "late.txt").write_text(LATE)
    with pytest.raises(CorpusError, match="--journal full"):
        add(raw, journal="script")
    (clean / "rows.jsonl").write_text(row("other", LATE))
    with pytest.raises(CorpusError, match="was changed since the last run"):
        add(raw)
    with pytest.raises(CorpusError, match="was changed since it was published"):
        run(raw, Config(), target=clean, before=before_of(clean, Config()))


def test_an_addition_that_breaks_off_is_made_again(raw: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clean = raw.parent / "clean"
    add(raw)
    (raw / "late.txt").write_text(LATE)
    write = publishing._write

    def breaks(path: Path, *content: Any) -> bool:
        if path.name == RUN:
            raise KeyboardInterrupt
        return write(path, *content)

    with monkeypatch.context() as patch:
        patch.setattr(publishing, "_write", breaks)
        with pytest.raises(KeyboardInterrupt):
            add(raw)
    add(raw)
    assert verify_run(raw, clean) == []
    assert (clean / "late.txt").read_text() == LATE + "\n"
    found = [json.dumps(row) for row in load(clean).duplicates]
    assert len(found) == len(set(found)) == 1


def test_the_command_adds_and_a_run_without_it_is_refused(raw: Path, cleaner: Cleaner) -> None:
    assert "published before" not in cleaner("run", "raw", "clean", "--append").stdout, "the first run is as any other"
    (raw / "late.txt").write_text(LATE)
    assert "late.txt" not in tree(raw.parent / "clean")
    assert "published before and left as they are: 2; what is new:\n1 document: 1 kept" in (
        cleaner("run", "raw", "clean", "--append").stdout
    )
    assert "nothing new" in cleaner("run", "raw", "clean", "--append").stdout
    refused = cleaner("run", "raw", "clean")
    assert refused.returncode == 2
    assert "was added to with --append" in refused.stderr
    assert cleaner("run", "raw", "clean", "--overwrite").returncode == 0
    assert cleaner("run", "raw", "clean").returncode == 0
