"""The result does not depend on where, when or by whom it was made; and a person sees what is going on."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import CLEAN, HERE, RAW, tree

SURROUNDINGS = {
    "another hash seed": {"PYTHONHASHSEED": "1"},
    "a third hash seed": {"PYTHONHASHSEED": "4294967295"},
    "another time zone": {"TZ": "Asia/Kathmandu"},
    "the C locale": {"LC_ALL": "C", "LANG": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    "a Turkish locale": {"LC_ALL": "tr_TR.UTF-8"},
}


def run(target: Path, cwd: Path, **environment: str) -> None:
    command = [sys.executable, "-m", "cleaner", "run", str(RAW), str(target)]
    base = {"PATH": os.environ["PATH"], "PYTHONPATH": str(HERE)}
    subprocess.run(command, cwd=cwd, env=base | environment, capture_output=True, check=True)


@pytest.mark.parametrize("name", SURROUNDINGS)
def test_the_same_bytes_in(name: str, tmp_path: Path) -> None:
    run(tmp_path / "clean", tmp_path, **SURROUNDINGS[name])
    assert tree(tmp_path / "clean") == tree(CLEAN)


def test_the_same_bytes_under_another_umask(tmp_path: Path) -> None:
    old = os.umask(0o077)
    try:
        run(tmp_path / "clean", tmp_path)
    finally:
        os.umask(old)
    assert tree(tmp_path / "clean") == tree(CLEAN)


def test_a_second_run_touches_no_file(tmp_path: Path) -> None:
    run(tmp_path / "clean", tmp_path)
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "clean").rglob("*") if path.is_file()}
    run(tmp_path / "clean", tmp_path)
    assert {path: path.stat().st_mtime_ns for path in before} == before


def on_a_terminal(args: list[str], cwd: Path, interrupt: float | None = None) -> tuple[int, str]:
    """Run the tool with a terminal for standard error and standard output; what a person would see."""
    main, other = pty.openpty()
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(HERE), "TERM": "xterm", "COLUMNS": "100"}
    process = subprocess.Popen(
        [sys.executable, "-m", "cleaner", *args],
        cwd=cwd,
        stdout=other,
        stderr=other,
        env=environment,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509  # else a suite in the background passes on that Ctrl-C is ignored
    )
    os.close(other)
    if interrupt is not None:
        time.sleep(interrupt)
        process.send_signal(signal.SIGINT)
    seen = b""
    while True:
        try:
            part = os.read(main, 65536)
        except OSError:
            break
        if not part:
            break
        seen += part
    os.close(main)
    return process.wait(), seen.decode("utf-8", "replace")


def test_a_person_sees_progress_and_colour(tmp_path: Path) -> None:
    code, seen = on_a_terminal(["run", str(RAW), "clean"], tmp_path)
    assert code == 0
    assert "documents" in seen
    code, seen = on_a_terminal(["diff", "clean"], tmp_path)
    assert code == 1
    assert "\x1b[" in seen


def test_control_c_ends_with_130_and_publishes_nothing_half(tmp_path: Path) -> None:
    line = (
        '{"text": "'
        + "The council of the town voted on Monday to close the bridge once morest all advice. " * 40
        + '"}\n'
    )
    (tmp_path / "a.jsonl").write_text(line * 20_000, encoding="utf-8")
    code, seen = on_a_terminal(["run", "a.jsonl", "clean"], tmp_path, interrupt=2.0)
    assert code == 130
    assert "interrupted" in seen
    assert "Traceback" not in seen
    assert set(tree(tmp_path / "clean")) <= {
        name for name in tree(tmp_path / "clean") if name.startswith(".cleaner/work/")
    }
