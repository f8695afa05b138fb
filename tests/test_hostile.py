"""What a hostile or careless user did to it once: each is a case, so that it never works again."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from cleaner.cleaning import clean
from cleaner.config import Config
from cleaner.proof import verify_run
from cleaner.publish import publish
from cleaner.restore import undo_run
from cleaner.rule import load
from cleaner.run import run
from cleaner.store import REPORT, Folder
from cleaner.text import Document
from tests.conftest import HERE, Cleaner, tree


def round_trip(folder: Path, records: bytes) -> tuple[list[bytes], list[bytes]]:
    """The lines of a JSONL file before a run, and after run, proof and undo."""
    (folder / "raw").mkdir()
    (folder / "raw" / "j.jsonl").write_bytes(records)
    publish(run(folder / "raw", Config()), folder / "clean")
    assert verify_run(folder / "raw", folder / "clean") == []
    undo_run(folder / "clean", folder / "undone")
    return records.splitlines(), (folder / "undone" / "j.jsonl").read_bytes().splitlines()


@pytest.mark.parametrize(
    "records",
    [
        pytest.param(
            b'{"id":"a@j.jsonl:3","text":"He stood once morest the wall ."}\n{"id":"a","text":"Two ,"}\n'
            b'{"id":"a","text":"viaout the year ."}\n',
            id="an id that a renamed one would take",
        ),
        pytest.param(
            b'{"id":"a","text":"One."}\n\xef\xbb\xbf{"id":"b","text":"Two."}\n\xff\xfe{"id":"c"}\n', id="BOM inside"
        ),
        pytest.param('{"id":"é","text":"He stood \\ud800 once morest it."}\n'.encode(), id="lone surrogate beside é"),
        pytest.param(b'{"id":1,"text":"a","m":' + b"[" * 950 + b"]" * 950 + b"}\n", id="deep nesting"),
        pytest.param(b'{"id":1,"text":"a","m":' + b"[" * 150 + b"]" * 150 + b"}\n", id="nesting"),
    ],
)
def test_odd_records_come_back(records: bytes, tmp_path: Path) -> None:
    before, after = round_trip(tmp_path, records)
    for old, new in zip(before, after, strict=True):
        assert new == old or json.loads(new) == json.loads(old)


def test_a_journal_is_never_written_through_a_link(cleaner: Cleaner, tmp_path: Path) -> None:
    for name in ("raw", "outside", "clean"):
        (tmp_path / name).mkdir()
    (tmp_path / "raw" / "a.txt").write_text("Text.\n")
    (tmp_path / "outside" / "quarantine.jsonl").write_text("precious\n")
    (tmp_path / "clean" / ".cleaner").symlink_to("../outside")
    done = cleaner("run", "raw", "clean")
    assert done.returncode == 2
    assert "symbolic link" in done.stderr
    assert tree(tmp_path / "outside") == {"quarantine.jsonl": b"precious\n"}


def test_a_damaged_journal_costs_no_file_of_others(cleaner: Cleaner, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Text.\n")
    assert cleaner("run", "a.txt", "clean").returncode == 0
    (tmp_path / "clean" / "mine.txt").write_text("precious\n")
    manifest = tmp_path / "clean" / ".cleaner" / "manifest.jsonl"
    manifest.unlink()
    assert "--overwrite" in cleaner("run", "a.txt", "clean").stderr
    assert cleaner("run", "a.txt", "clean", "--overwrite").returncode == 0
    assert (tmp_path / "clean" / "mine.txt").read_text() == "precious\n"
    manifest.unlink()
    (tmp_path / "clean" / ".cleaner" / "publishing.json").write_text(
        json.dumps({"a.txt": [[6, hashlib.sha256(b"Text.\n").hexdigest()]]})
    )
    assert "mine.txt: was not made by a run" in cleaner("run", "a.txt", "clean").stderr
    assert (tmp_path / "clean" / "mine.txt").read_text() == "precious\n"


def test_one_bad_file_does_not_stop_the_others(cleaner: Cleaner, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("He stood once morest it.\n")
    (tmp_path / "b.txt").write_bytes(b"\x89PNG\0\0")
    (tmp_path / "c.txt").write_text("He stood once morest it.\n")
    done = cleaner("fix", "a.txt", "b.txt", "c.txt")
    assert done.returncode == 2
    assert "b.txt: binary file" in done.stderr
    assert (tmp_path / "c.txt").read_text() == "He stood against it.\n"
    (tmp_path / "a.txt").unlink()
    assert cleaner("undo", "a.txt").returncode == 0
    assert (tmp_path / "a.txt").read_text() == "He stood once morest it.\n"


def test_a_torn_record_of_originals_loses_no_other(cleaner: Cleaner, tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text("He stood once morest it.\n")
    cleaner("fix", "a.txt")
    with (tmp_path / ".cleaner_cache" / "originals.jsonl").open("a") as file:
        file.write('{"path": "zz')
    assert cleaner("fix", "b.txt").returncode == 1
    assert cleaner("undo", "a.txt", "b.txt").returncode == 0


def test_a_file_may_become_a_folder_and_back(cleaner: Cleaner, tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    raw.mkdir()
    (raw / "x.txt").write_text("One.\n")
    assert cleaner("run", "raw", "clean").returncode == 0
    (raw / "x.txt").unlink()
    (raw / "x.txt").mkdir()
    (raw / "x.txt" / "y.txt").write_text("Two.\n")
    assert cleaner("run", "raw", "clean").returncode == 0
    (raw / "x.txt" / "y.txt").unlink()
    (raw / "x.txt").rmdir()
    (raw / "x.txt").write_text("Three.\n")
    assert cleaner("run", "raw", "clean").returncode == 0
    assert (tmp_path / "clean" / "x.txt").read_text() == "Three.\n"


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("a\x1b[2J\n::error::x.txt", ["check", "."]),
        ("字" * 83 + ".txt", ["fix", "."]),
        ("-rf.txt", ["check", "."]),
    ],
)
def test_a_file_name_is_only_a_name(name: str, args: list[str], cleaner: Cleaner, tmp_path: Path) -> None:
    (tmp_path / name).write_text("He stood once morest it.\n")
    done = cleaner(*args)
    assert done.returncode == 1, done.stderr
    assert "\x1b" not in done.stdout + done.stderr
    assert not [line for line in done.stdout.splitlines() if line.startswith("::")]


BAD_RULES = ["1/0", "raise SystemExit(0)", "def f(:", "from cleaner.rule import rule\nrule('SUB1','x',fixes={})(print)"]


@pytest.mark.parametrize("code", BAD_RULES)
def test_a_broken_rule_file_is_one_clear_line(code: str, cleaner: Cleaner, tmp_path: Path) -> None:
    (tmp_path / "r").mkdir()
    (tmp_path / "r" / "bad.py").write_text(code)
    (tmp_path / "a.txt").write_text("Text.\n")
    done = cleaner("check", "--rules", "r", "a.txt")
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1), done.stderr


@pytest.mark.parametrize(
    "body", ["yield None", "yield Edit(-1, 3)", "yield Edit(0, 99)", "raise KeyError(1)", "return None"]
)
def test_a_rule_that_fails_is_named(body: str, cleaner: Cleaner, tmp_path: Path) -> None:
    (tmp_path / "r").mkdir()
    (tmp_path / "r" / "bad.py").write_text(
        "from cleaner.rule import rule\nfrom cleaner.text import Edit\n"
        "@rule('SUB901', 'bad', fixes={}, safety='report')\ndef bad(document):\n    '''Bad.'''\n    " + body + "\n"
    )
    (tmp_path / "a.txt").write_text("Text.\n")
    done = cleaner("run", "--rules", "r", "a.txt", "clean")
    assert done.returncode == 2
    assert "SUB901 bad" in done.stderr
    assert len(done.stderr.splitlines()) == 1


JOURNAL_DAMAGE = [
    ("manifest.jsonl", '"line": 0', '"line": "0"'),
    ("manifest.jsonl", '"status": "kept"', '"status": null'),
    ("manifest.jsonl", '"encoding": {"encoding": "utf-8"', '"encoding": {"encoding": "rot13"'),
    ("manifest.jsonl", '"counts": {', '"count": {'),
    ("changes.jsonl", '"start": ', '"start": -1'),
    ("changes.jsonl", '"step": ', '"step": 1e999, "x": '),
    ("run.json", '"shards": [', '"shards": 5, "x": ['),
    ("run.json", '"format": 3', '"format": 9'),
]


@pytest.mark.parametrize(("name", "old", "new"), JOURNAL_DAMAGE)
def test_a_damaged_journal_is_one_clear_line(name: str, old: str, new: str, cleaner: Cleaner, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("He stood once morest it .\n")
    cleaner("run", "a.txt", "clean")
    path = tmp_path / "clean" / ".cleaner" / name
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new, 1))
    for args, code in ((["diff", "clean"], 2), (["undo", "clean", "d"], 2), (["verify", "a.txt", "clean"], 1)):
        done = cleaner(*args)
        assert done.returncode == code, (args, done.stdout, done.stderr)
        assert "Traceback" not in done.stderr
        assert len((done.stdout + done.stderr).splitlines()) >= 1


HOSTILE: dict[str, Callable[[int], str]] = {
    "indentation": lambda n: " " * n + "x",
    "blank lines": lambda n: "\n" * n + "x",
    "a credit": lambda n: "See it. Photo: AP/" + "A" * n + "!",
    "credits": lambda n: "A man walks. Photo: AP " * (n // 23),
    "one repeated phrase": lambda n: " ".join(
        f"He said the talks of the town went on for day {i}." for i in range(n // 50)
    ),
    "a title": lambda n: "One two three four - " + "A" * n + "-\n\nText.",
    "sources": lambda n: "Sources" + "\u00a0" * n + "x",
    "headings": lambda n: "Sources\n\n" * (n // 9),
    "one long word": lambda n: "via" * (n // 3),
    "entities": lambda n: "&amp; " * (n // 6),
    "low quotes": lambda n: "‚„“’" * (n // 4),
    "short lines": lambda n: "a\n" * (n // 2),
    "wide letters": lambda n: "Ａ" * n,
    "mojibake": lambda n: "Ã©" * (n // 2),
    "accents": lambda n: "e\u0301" * (n // 2),
    "names": lambda n: "kyiv " * (n // 5),
    "labels": lambda n: "Share\nx\n" * (n // 8),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_no_text_takes_for_ever(case: str) -> None:
    rules = [rule for rule in load() if not rule.corpus]

    def took() -> float:
        start = time.process_time()
        clean(Document("x", HOSTILE[case](60_000)), rules)
        return time.process_time() - start

    message = "60,000 characters take a tenth of a second when nothing runs away"
    assert took() < 10 or took() < 10, message  # the first time kernels may have to be compiled


def test_a_record_with_many_changes_is_checked_quickly(cleaner: Cleaner, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps({"text": "He said “yes” to it. " * 5_000}) + "\n")
    start = time.monotonic()
    assert cleaner("check", "a.jsonl").returncode == 1
    assert time.monotonic() - start < 15


def test_workers_end_with_their_parent(tmp_path: Path) -> None:
    line = json.dumps({"text": "The council of the town voted on Monday to close the bridge once morest all. " * 40})
    (tmp_path / "a.jsonl").write_text(f"{line}\n" * 5_000)
    environment = os.environ | {"PYTHONPATH": str(HERE)}
    command = [sys.executable, "-m", "cleaner", "run", "--workers", "2", "a.jsonl", "clean"]
    process = subprocess.Popen(
        command, cwd=tmp_path, env=environment, start_new_session=True, stderr=subprocess.DEVNULL
    )
    time.sleep(3)
    process.send_signal(signal.SIGKILL)
    process.wait()
    for _ in range(60):
        alive = subprocess.run(["pgrep", "-s", str(process.pid)], capture_output=True, check=False).stdout.split()
        if not alive:
            break
        time.sleep(0.1)
    assert not alive


BAD_SETTINGS = [
    "thresholds = {QLT001 = {min_words = [1]}}",
    "thresholds = {QLT001 = {min_words = {}}}",
    "thresholds = {QLT001 = {min_words = nan}}",
    "thresholds = {QLT001 = {min_words = true}}",
    "thresholds = 5",
    "against-ngram = 9999999999999",
    "against-ngram = 0",
]


@pytest.mark.parametrize("setting", BAD_SETTINGS)
def test_a_setting_that_cannot_be_is_one_clear_line(setting: str, cleaner: Cleaner, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Text.\n")
    (tmp_path / "cleaner.toml").write_text(setting)
    done = cleaner("run", "--profile", "gopher", "a.txt", "clean")
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1), done.stderr
    assert setting.split(" = ", maxsplit=1)[0] in done.stderr
    assert not (tmp_path / "clean").exists()


@pytest.mark.parametrize(
    ("command", "code", "said"),
    [
        ("stats raw > /dev/full", 2, "cleaner: the output: No space left on device\n"),
        ("rules > /dev/full", 2, "cleaner: the output: No space left on device\n"),
        ("run raw clean 2>&- >&-", 0, ""),
        ("dedup a.jsonl b.jsonl 2>&- >&-", 0, ""),
        ("diff done >&-", 1, ""),
        ("check - <&-", 2, "cleaner: standard input: is closed\n"),
    ],
)
def test_a_stream_that_is_closed_or_full_is_told(command: str, code: int, said: str, tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "a.txt").write_text("He stood once morest it.\n")
    (tmp_path / "a.jsonl").write_text('{"id": "a", "text": "One."}\n')
    environment = {"PYTHONPATH": str(HERE), "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}

    def shell(line: str) -> subprocess.CompletedProcess[str]:
        whole = f"{sys.executable} -m cleaner {line}"
        return subprocess.run(
            whole, shell=True, cwd=tmp_path, env=environment, stderr=subprocess.PIPE, text=True, check=False
        )

    shell("run raw done --quiet > /dev/null")
    done = shell(command)
    assert (done.returncode, done.stderr) == (code, said)


def test_a_page_is_not_written_over_what_is_no_page(cleaner: Cleaner, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("He stood once morest it.\n")
    done = cleaner("stats", "a.txt", "--html", "a.txt")
    assert (done.returncode, "is no HTML page" in done.stderr) == (2, True)
    assert (tmp_path / "a.txt").read_text() == "He stood once morest it.\n"
    for _ in range(2):
        assert cleaner("stats", "a.txt", "--html", "page.html").returncode == 0


@pytest.mark.parametrize("damage", ["empty", "garbage", "number", "folder", "dangling", "gone"])
def test_a_damaged_work_folder_costs_only_time(damage: str, tmp_path: Path) -> None:
    store = Folder(tmp_path)
    for part in ("out", REPORT):
        with store.box("box") as box:
            box.add("out", b"some bytes")
            box.report = {"rows": [1]}
        assert store.has("box")
        path = tmp_path / "box" / part
        size = path.stat().st_size
        path.unlink()
        if damage == "folder":
            path.mkdir()
        elif damage == "dangling":
            path.symlink_to("nowhere")
        elif damage != "gone":
            path.write_bytes({"empty": b"", "garbage": b"\xfe" * size, "number": b"5"}[damage])
        assert not store.has("box")
