"""The main job on the five articles: the golden corpus, whatever form the sources come in."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from cleaner.config import Config
from cleaner.journal import load
from cleaner.proof import verify_run
from cleaner.publish import publish
from cleaner.restore import undo_run
from cleaner.run import run
from tests.conftest import CLEAN, RAW, to_publish, tree

NAMES = sorted(path.name for path in RAW.glob("*.txt"))
GOLD = {name: (CLEAN / name).read_bytes() for name in NAMES}


def ran(raw: Path, target: Path, config: Config | None = None, **options: object) -> Path:
    publish(run(raw, config or Config(), **options), target)  # type: ignore[arg-type]
    return target


def test_the_committed_result_is_what_a_run_makes(tmp_path: Path) -> None:
    assert tree(ran(RAW, tmp_path / "clean")) == tree(CLEAN)


def test_metadata_is_what_the_articles_say() -> None:
    found = {row["id"]: row["metadata"] for row in load(CLEAN).manifest}
    title = 'Vladimir Putin congratulates Xi Jinping, re-elected, and welcomes the "strengthening" of their cooperation'
    english = {"language": "en", "language_confidence": 1.0}
    told = [{key: value for key, value in row.items() if key not in english} for row in found.values()]
    assert all(row.items() >= english.items() for row in found.values())
    assert told == [
        {"date": "2024-03-21", "credit": "Reuters"},
        {"site": "MALI24", "title": title},
        {},
        {},
        {
            "date": "2022-12-31",
            "section": "Politics",
            "sources": ["https://www.ft.com/content/62295273-adb0-4e8f-b5cf-16d31a5b7a0f"],
        },
    ]


def test_what_cannot_be_mended_is_reported() -> None:
    found = [row["counts"]["findings"] for row in load(CLEAN).manifest]
    assert found == [{"BOI015": 1}, {"SUB002": 1}, {}, {"PUN004": 1}, {"PUN005": 1, "PUN006": 1}]


def test_none_is_a_duplicate_of_another() -> None:
    assert load(CLEAN).duplicates == []
    assert all(row["status"] == "kept" for row in load(CLEAN).manifest)


def test_cleaning_the_result_changes_nothing(tmp_path: Path) -> None:
    texts = tmp_path / "again"
    texts.mkdir()
    for name, data in GOLD.items():
        (texts / name).write_bytes(data)
    outcome = run(texts, Config())
    assert not outcome.changed
    assert to_publish(outcome) == GOLD


def test_two_runs_give_the_same_bytes(tmp_path: Path) -> None:
    assert tree(ran(RAW, tmp_path / "one")) == tree(ran(RAW, tmp_path / "two", workers=2))


def test_undo_gives_the_raw_files_byte_for_byte(tmp_path: Path) -> None:
    assert undo_run(CLEAN, tmp_path / "raw") == 5
    assert tree(tmp_path / "raw") == tree(RAW)


def test_the_journal_proves_the_result() -> None:
    assert verify_run(RAW, CLEAN) == []


FORMS: dict[str, Callable[[str], bytes]] = {
    "CRLF with a byte-order mark": lambda text: text.replace("\n", "\r\n").encode("utf-8-sig"),
    "old Mac line ends": lambda text: text.replace("\n", "\r").encode(),
    "UTF-16": lambda text: text.encode("utf-16"),
    "UTF-16 without a mark": lambda text: text.encode("utf-16-le"),
    "UTF-32": lambda text: text.encode("utf-32"),
    "without a final newline": lambda text: text.rstrip("\n").encode(),
    "with final newlines": lambda text: (text + "\n\n").encode(),
    "cp1252": lambda text: text.encode("cp1252"),
}


@pytest.mark.parametrize("form", FORMS)
def test_other_encodings_give_the_same_text_and_undo(form: str, tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    raw.mkdir()
    for name in NAMES:
        (raw / name).write_bytes(FORMS[form]((RAW / name).read_bytes().decode()))
    clean = ran(raw, tmp_path / "clean")
    assert {name: (clean / name).read_bytes() for name in NAMES} == GOLD
    assert verify_run(raw, clean) == []
    undo_run(clean, tmp_path / "undone")
    assert tree(tmp_path / "undone") == tree(raw)


@pytest.mark.parametrize("ascii_only", [True, False], ids=["escapes", "characters"])
def test_one_jsonl_gives_the_same_texts_and_undoes_by_value(ascii_only: bool, tmp_path: Path) -> None:
    rows = [{"id": n, "url": f"https://example.com/{n}", "text": (RAW / n).read_text(encoding="utf-8")} for n in NAMES]
    raw = tmp_path / "articles.jsonl"
    raw.write_text("".join(json.dumps(row, ensure_ascii=ascii_only) + "\n" for row in rows), encoding="utf-8")
    clean = ran(raw, tmp_path / "clean")
    made = [json.loads(line) for line in (clean / raw.name).read_text(encoding="utf-8").splitlines()]
    assert [row["text"] + "\n" for row in made] == [data.decode() for data in GOLD.values()]
    assert [row["url"] for row in made] == [row["url"] for row in rows], "other fields pass through"
    assert verify_run(raw, clean) == []
    undo_run(clean, tmp_path / "undone")
    again = (tmp_path / "undone" / raw.name).read_text(encoding="utf-8").splitlines()
    assert [json.loads(line) for line in again] == rows


def test_a_script_journal_holds_no_removed_text_and_undoes_with_raw(tmp_path: Path) -> None:
    clean = ran(RAW, tmp_path / "clean", Config(journal="script"))
    journal = (clean / ".cleaner" / "changes.jsonl").read_text(encoding="utf-8")
    assert "Akismet to reduce" not in journal
    assert '"before"' not in journal
    assert verify_run(RAW, clean) == []
    undo_run(clean, tmp_path / "undone", RAW)
    assert tree(tmp_path / "undone") == tree(RAW)


SCEPTICAL = {
    "another day in the second lead": (r"(?<=\n\nRussian President Vladimir Putin sent this Friday, March )10", "11"),
    "a not in the second lead": ("re-elected in China, and praised", "re-elected in China, and did not praise"),
}


@pytest.mark.parametrize("case", SCEPTICAL)
def test_a_second_lead_that_says_something_else_stays_and_is_reported(case: str, tmp_path: Path) -> None:
    pattern, other = SCEPTICAL[case]
    raw = tmp_path / "raw"
    raw.mkdir()
    text = (RAW / NAMES[1]).read_text(encoding="utf-8")
    changed, count = re.subn(pattern, other, text)
    assert count == 1
    (raw / "a.txt").write_text(changed, encoding="utf-8")
    outcome = run(raw, Config())
    kept = to_publish(outcome)["a.txt"].decode()
    assert kept.count("this Friday, March 1") == 2
    assert outcome.findings["REP001"] == 1


@pytest.mark.parametrize(
    "first",
    ["Leaders meet – G20", "Menu", "Share and follow the example of the town, they said."],
)
def test_a_headline_that_looks_like_damage_stays(first: str, tmp_path: Path) -> None:
    body = (CLEAN / NAMES[2]).read_text(encoding="utf-8")
    (tmp_path / "a.txt").write_text(f"{first}\n\n{body}", encoding="utf-8")
    outcome = run(tmp_path / "a.txt", Config())
    assert to_publish(outcome)["a.txt"].decode() == f"{first}\n\n{body}"
