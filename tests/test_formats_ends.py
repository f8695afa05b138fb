"""Where a corpus comes from and goes to: standard input and output, and stores."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from pathlib import Path

import pytest

from cleaner.cli_ends import ends
from cleaner.config import Config
from cleaner.corpus import CorpusError
from cleaner.mirror import Mirror
from cleaner.proof import verify_run
from cleaner.publish import check_folders, publish
from cleaner.run import run
from tests.conftest import HERE, tree

LINE = '{"id": "1", "text": "He stood once morest the wall .", "n": 1.50}\n'
CLEAN = '{"id": "1", "text": "He stood against the wall.", "n": 1.50}\n'


def piped(folder: Path, data: bytes, *args: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "cleaner", "run", *args]
    environment = {"PYTHONPATH": str(HERE), "PATH": "/usr/bin:/bin", "PYTHONWARNINGS": "error"}
    return subprocess.run(command, cwd=folder, input=data, capture_output=True, env=environment, check=False)


def test_lines_go_in_and_come_out(tmp_path: Path) -> None:
    done = piped(tmp_path, LINE.encode(), "-", "-")
    assert (done.returncode, done.stdout.decode()) == (0, CLEAN), done.stderr
    assert b"1 document: 1 kept" in done.stderr
    assert b"no journal is kept of what goes to standard output; --work DIR keeps one" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_journal_stays_where_it_is_asked_for(tmp_path: Path) -> None:
    done = piped(tmp_path, gzip.compress(LINE.encode()), "-", "-", "--stdin-format", "jsonl.gz", "--work", "kept")
    assert gzip.decompress(done.stdout).decode() == CLEAN
    assert verify_run(tmp_path / "kept" / "raw", tmp_path / "kept" / "clean") == []
    again = piped(tmp_path, gzip.compress(LINE.encode()), "-", "-", "--stdin-format", "jsonl.gz", "--work", "kept")
    assert again.stdout == done.stdout


def test_a_corpus_goes_to_standard_output_as_lines(tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "a.txt").write_text("He stood once morest the wall .\n")
    (tmp_path / "raw" / "b.jsonl").write_text(LINE)
    done = piped(tmp_path, b"", "raw", "-", "--to", "jsonl", "--select", "SUB,PUN")
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == ["1", "a.txt"]
    refused = piped(tmp_path, b"", "raw", "-")
    assert refused.returncode == 2
    assert b"standard output takes one file, or lines of JSON: add --to jsonl" in refused.stderr


def test_nothing_comes_out_of_a_run_that_fails(tmp_path: Path) -> None:
    done = piped(tmp_path, b'{"title": "x"}\n', "-", "-")
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"no field 'text'" in done.stderr
    dry = piped(tmp_path, LINE.encode(), "-", "-", "--dry-run")
    assert (dry.returncode, dry.stdout) == (0, b"")


fsspec = pytest.importorskip("fsspec")


def through(raw: str, clean: str, work: Path | None = None) -> None:
    """What `cleaner run` does between two addresses."""
    with ends(raw, clean, "jsonl", work, "") as (source, target, deliver):
        assert isinstance(source, Path)
        check_folders(source, target)
        publish(run(source, Config(), target=target), target)
        deliver()


def filled(store: str, files: dict[str, str]) -> None:
    for name, text in files.items():
        with fsspec.open(f"{store}/{name}", "wb") as file:
            file.write(text.encode())


FILES = {
    "a.jsonl": LINE,
    "deep/b.txt": "He stood once morest it .\n",
    "c.txt": "Nothing is wrong with this line at all.\n",
}


def check_store(store: str, folder: Path) -> None:
    """A corpus is read from a store and published to it, again after a change, and proven from there."""
    filled(f"{store}/raw", FILES)
    through(f"{store}/raw", f"{store}/clean", folder / "work")
    with fsspec.open(f"{store}/clean/a.jsonl", "rb") as file:
        assert file.read().decode() == CLEAN
    raw = Mirror(f"{store}/raw", folder / "raw").fetch()
    assert {name: data.decode() for name, data in tree(raw).items()} == FILES
    assert verify_run(raw, Mirror(f"{store}/clean", folder / "clean").fetch()) == []
    (raw / "a.jsonl").write_text(LINE.replace("wall", "hall"))
    (raw / "c.txt").unlink()
    Mirror(f"{store}/raw", folder / "raw").send()
    through(f"{store}/raw", f"{store}/clean")
    clean = Mirror(f"{store}/clean", folder / "clean").fetch()
    assert "hall" in (clean / "a.jsonl").read_text()
    assert not (clean / "c.txt").exists()
    assert verify_run(raw, clean) == []
    single = Mirror(f"{store}/raw/a.jsonl", folder / "single").fetch()
    assert single.read_text() == (raw / "a.jsonl").read_text()
    with pytest.raises(CorpusError, match="nothing is there"):
        Mirror(f"{store}/nothing", folder / "nothing").fetch()


def test_a_store_in_memory(tmp_path: Path) -> None:
    check_store("memory://corpora", tmp_path)


def test_what_was_fetched_is_not_fetched_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    filled("memory://twice", FILES)
    mirror = Mirror("memory://twice", tmp_path / "raw")
    mirror.fetch()
    monkeypatch.setattr(mirror._store, "get_file", pytest.fail, raising=False)
    mirror.fetch()


@pytest.mark.parametrize("name", ["../outside.txt", "a/../../outside.txt"])
def test_a_name_in_a_store_leads_nowhere_else(name: str, tmp_path: Path) -> None:
    mirror = Mirror("memory://hostile", tmp_path / "raw")
    with pytest.raises(CorpusError, match="not a name below"):
        mirror._listing = lambda **_: {name: ("/x", "")}  # type: ignore[method-assign]
        mirror.fetch()


def test_an_unknown_store_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="no-such-store://a"):
        Mirror("no-such-store://a", tmp_path / "raw")


@pytest.mark.filterwarnings("ignore")  # the server and its client leave sockets and use what Python deprecates
def test_a_store_that_speaks_s3(s3: str, tmp_path: Path) -> None:
    check_store(s3, tmp_path)
