"""Wheel, plain install and editable install, each in a new environment; the tool works there from any folder."""

from __future__ import annotations

import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from tests.conftest import HERE, RAW

pytestmark = pytest.mark.slow


def call(*command: object, cwd: Path) -> str:
    done = subprocess.run([str(part) for part in command], cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a newcomer has: a clone of what is tracked, with changes that are not committed yet."""
    folder = tmp_path_factory.mktemp("clone") / "cleaner"
    listed = call("git", "ls-files", "--cached", "--others", "--exclude-standard", cwd=HERE).splitlines()
    for name in listed:
        if (HERE / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes((HERE / name).read_bytes())
    return folder


def installed(folder: Path, *what: object, cwd: Path) -> Path:
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    call(python, "-m", "pip", "install", "-q", "-c", HERE / "constraints.txt", *what, cwd=cwd)
    return python


def works(python: Path, cwd: Path) -> None:
    program = python.parent / "cleaner"
    call(program, "run", RAW, "clean", cwd=cwd)
    for gold in (HERE / "clean").glob("*.txt"):
        assert (cwd / "clean" / gold.name).read_bytes() == gold.read_bytes()
    call(program, "diff", "--help", cwd=cwd)
    subprocess.run([str(program), "diff", "clean", "--html", "r.html"], cwd=cwd, check=False, capture_output=True)
    assert (cwd / "r.html").stat().st_size > 10_000
    assert call(python, "-c", "import cleaner; print(cleaner.clean('once morest it').text)", cwd=cwd) == "against it\n"
    leaked = subprocess.run([str(python), "-c", "import rules"], cwd=cwd, capture_output=True, check=False)
    assert leaked.returncode, "no top-level package `rules` in site-packages"


def test_wheel_and_source_archive(checkout: Path, tmp_path: Path) -> None:
    call(sys.executable, "-m", "build", "-q", "--outdir", tmp_path / "dist", cwd=checkout)
    (wheel,) = (tmp_path / "dist").glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert "cleaner/rules/substitution.py" in names
    assert "cleaner/rules/wordpress.tsv" in names
    assert "cleaner/words/english.txt" in names
    assert "cleaner/report/page.css" in names
    assert not [name for name in names if name.startswith(("rules/", "raw/", "tests/"))]
    works(installed(tmp_path / "env", wheel, cwd=tmp_path), tmp_path)


def test_plain_install(checkout: Path, tmp_path: Path) -> None:
    works(installed(tmp_path / "env", ".", cwd=checkout), tmp_path)


def test_editable_install_sees_a_new_rule_file_at_once(checkout: Path, tmp_path: Path) -> None:
    python = installed(tmp_path / "env", "-e", ".", cwd=checkout)
    works(python, tmp_path)
    (checkout / "rules" / "zebra.py").write_text(
        '"""QLT: a rule of the test."""\n'
        "from cleaner.rule import rule\n"
        "from cleaner.text import Edit\n"
        '@rule("QLT900", "zebra", fixes={"a zebra": "a horse"}, keeps=["a horse"])\n'
        "def zebra(document):\n"
        '    """Replace zebras.\n\n    They are striped."""\n'
        '    at = document.text.find("zebra")\n'
        "    if at >= 0:\n"
        '        yield Edit(at, at + 5, "horse", "striped")\n'
    )
    assert "QLT900" in call(python.parent / "cleaner", "rules", cwd=tmp_path)
