"""One changed byte anywhere is found and named; nothing that is damaged is silently used."""

from __future__ import annotations

from pathlib import Path

import pytest

from cleaner.config import Config
from cleaner.corpus import CorpusError
from cleaner.proof import verify_run
from cleaner.publish import publish
from cleaner.restore import undo_run
from cleaner.run import run
from tests.conftest import RAW, tree

LEAD = "The mayor of the town opened the new bridge over the river on Friday before a large and happy crowd."
CORPUS = {
    "a.txt": f"{LEAD}\n\nShare:\n\nFacebook\nTwitter\n",
    "sub/b.txt": f"{LEAD.replace('Friday', 'Monday')} It had taken eleven years and cost three times as much as the council had been told.",
    "c.jsonl": '{"id": "x", "text": "' + LEAD.replace("bridge", "school") + '"}\n{broken\n{"id": 7, "text": "Share"}\n',
    "empty.txt": "",
}


@pytest.fixture
def result(tmp_path: Path) -> tuple[Path, Path]:
    raw, clean = tmp_path / "raw", tmp_path / "clean"
    for name, text in CORPUS.items():
        (raw / name).parent.mkdir(parents=True, exist_ok=True)
        (raw / name).write_text(text, encoding="utf-8")
    publish(run(raw, Config()), clean)
    return raw, clean


def files(result: tuple[Path, Path]) -> list[Path]:
    return [path for folder in result for path in sorted(folder.rglob("*")) if path.is_file() and path.stat().st_size]


def test_an_untouched_result_is_proven_and_undone(result: tuple[Path, Path], tmp_path: Path) -> None:
    raw, clean = result
    assert verify_run(raw, clean) == []
    undo_run(clean, tmp_path / "undone")
    undone = tree(tmp_path / "undone")
    assert undone == tree(raw)


def test_every_flipped_byte_is_found(result: tuple[Path, Path]) -> None:
    raw, clean = result
    checked = 0
    for path in files(result):
        data = path.read_bytes()
        for at in range(0, len(data), max(1, len(data) // 40)):
            path.write_bytes(data[:at] + bytes([data[at] ^ 0x01]) + data[at + 1 :])
            problems = verify_run(raw, clean)
            assert problems, f"byte {at} of {path.name}: not found"
            assert any(path.name in problem or ".cleaner" in problem for problem in problems)
            checked += 1
        path.write_bytes(data)
    assert checked > 150
    assert verify_run(raw, clean) == []


@pytest.mark.parametrize(
    "name", ["raw/a.txt", "clean/a.txt", "clean/.cleaner/manifest.jsonl", "clean/.cleaner/changes.jsonl"]
)
def test_a_missing_file_is_named(name: str, result: tuple[Path, Path], tmp_path: Path) -> None:
    (tmp_path / name).unlink()
    assert any(Path(name).name in problem for problem in verify_run(*result))


@pytest.mark.parametrize("name", ["raw/new.txt", "clean/new.txt"])
def test_an_added_file_is_named(name: str, result: tuple[Path, Path], tmp_path: Path) -> None:
    (tmp_path / name).write_text("new\n")
    assert [Path(name).name in problem for problem in verify_run(*result)] == [True]


def test_undo_refuses_a_changed_text_and_writes_nothing(result: tuple[Path, Path], tmp_path: Path) -> None:
    _, clean = result
    (clean / "a.txt").write_text("something else\n")
    with pytest.raises(CorpusError, match=r"a\.txt: .*restore"):
        undo_run(clean, tmp_path / "undone")
    assert not (tmp_path / "undone").exists()


def test_a_hostile_manifest_cannot_write_outside(result: tuple[Path, Path], tmp_path: Path) -> None:
    _, clean = result
    manifest = clean / ".cleaner" / "manifest.jsonl"
    manifest.write_text(manifest.read_text().replace('"path": "empty.txt"', '"path": "../evil.txt"'))
    with pytest.raises(CorpusError, match="not a name below"):
        undo_run(clean, tmp_path / "undone")
    assert not (tmp_path / "evil.txt").exists()


def test_undo_writes_only_into_a_new_folder(result: tuple[Path, Path]) -> None:
    raw, clean = result
    with pytest.raises(CorpusError, match="not an empty folder"):
        undo_run(clean, raw)


def test_the_seeds_are_proven_from_any_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert verify_run(RAW, RAW.parent / "clean") == []
