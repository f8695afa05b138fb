"""What several test files use."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

HERE = Path(__file__).parent.parent
RAW, CLEAN = HERE / "raw", HERE / "clean"

Cleaner = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def cleaner(tmp_path: Path) -> Cleaner:
    """Run the real command line in an empty folder, as a user would; `cwd` and `stdin` may be given."""

    def call(*args: object, cwd: Path = tmp_path, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "cleaner", *map(str, args)]
        environment = {"PYTHONPATH": str(HERE), "PATH": "/usr/bin:/bin", "PYTHONWARNINGS": "error", "LC_ALL": "C.UTF-8"}
        return subprocess.run(
            command,
            cwd=cwd,
            input=stdin,
            capture_output=True,
            text=True,
            encoding="utf-8",
            env=environment,
            check=False,
        )

    return call


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A copy of the five articles."""
    folder = tmp_path / "raw"
    folder.mkdir()
    for path in RAW.glob("*.txt"):
        (folder / path.name).write_bytes(path.read_bytes())
    return folder


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, by relative name."""
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}
