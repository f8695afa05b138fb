"""Golden transcripts: each file in tests/cli holds files, commands, what they print and their exit code.

    === name          a file to make first; the lines up to the next === or $ are its text
    $ cleaner ...     a command, run in a folder of its own; "2> " marks what it wrote to standard error
    [1]               its exit code, when it is not 0

To write them again after a change: UPDATE=1 pytest tests/test_transcripts.py, then read the diff.
"""

from __future__ import annotations

import os
import shlex
from pathlib import Path

import pytest

from tests.conftest import RAW, Cleaner

FOLDER = Path(__file__).parent / "cli"


def played(script: str, cleaner: Cleaner, folder: Path) -> str:
    """The transcript with what the commands print now."""
    out: list[str] = []
    lines = script.split("\n")
    while lines:
        line = lines.pop(0)
        out.append(line)
        if line.startswith("=== "):
            body = []
            while lines and not lines[0].startswith(("=== ", "$ ")):
                body.append(lines.pop(0))
            out += body
            path = folder / line[4:]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("\n".join(body) + "\n" if body else "", encoding="utf-8")
        elif line.startswith("$ cat "):
            while lines and not lines[0].startswith(("=== ", "$ ")):
                lines.pop(0)
            out += [*(folder / line[6:]).read_text(encoding="utf-8").splitlines(), ""]
        elif line.startswith("$ cleaner "):
            while lines and not lines[0].startswith(("=== ", "$ ")):
                lines.pop(0)
            command, _, given = line[10:].partition(" < ")
            stdin = (folder / given).read_text(encoding="utf-8") if given else ""
            done = cleaner(*shlex.split(command), cwd=folder, stdin=stdin)
            out += done.stdout.splitlines()
            out += [f"2> {text}" for text in done.stderr.splitlines()]
            out += [f"[{done.returncode}]"] * bool(done.returncode)
            out.append("")
    return "\n".join(out).rstrip("\n") + "\n"


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.txt")), ids=lambda path: path.stem)
def test_transcript(path: Path, cleaner: Cleaner, tmp_path: Path) -> None:
    if path.stem.startswith("seeds"):
        (tmp_path / "raw").mkdir()
        for article in RAW.glob("*.txt"):
            (tmp_path / "raw" / article.name).write_bytes(article.read_bytes())
    script = path.read_text(encoding="utf-8")
    now = played(script, cleaner, tmp_path)
    if os.environ.get("UPDATE"):
        path.write_text(now, encoding="utf-8")
    assert now == script
