"""The hooks, run by the real pre-commit program in a temporary git repository."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import HERE, RAW, tree

GIT = {
    "GIT_AUTHOR_NAME": "t", "GIT_AUTHOR_EMAIL": "t@example.com", "GIT_COMMITTER_NAME": "t",
    "GIT_COMMITTER_EMAIL": "t@example.com", "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1",
}  # fmt: skip


def call(command: list[str], cwd: Path, home: Path) -> subprocess.CompletedProcess[str]:
    """Run a program with an own home folder and no git settings but ours."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("GIT_", "PRE_COMMIT"))}
    environment |= GIT | {"HOME": str(home), "PRE_COMMIT_HOME": str(home / "cache")}
    environment["PATH"] = f"{Path(sys.executable).parent}:{environment['PATH']}"
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A repository with sources, using the hooks as they are declared, through the cleaner that is installed here."""
    folder = tmp_path / "project"
    (folder / "raw").mkdir(parents=True)
    hooks = (
        (HERE / ".pre-commit-hooks.yaml").read_text(encoding="utf-8").replace("language: python", "language: system")
    )
    indented = "".join(f"      {line}\n" for line in hooks.splitlines())
    (folder / ".pre-commit-config.yaml").write_text(
        f"repos:\n  - repo: local\n    hooks:\n{indented}", encoding="utf-8"
    )
    assert call(["git", "init", "-q", "."], folder, tmp_path).returncode == 0
    return folder


def hook(project: Path, name: str) -> subprocess.CompletedProcess[str]:
    call(["git", "add", "-A"], project, project.parent)
    return call([sys.executable, "-m", "pre_commit", "run", name], project, project.parent)


def test_check_reports_and_fails_then_passes_on_a_clean_source(project: Path) -> None:
    source = project / "raw" / "a.txt"
    source.write_text("He stood once morest the wall.\n")
    done = hook(project, "cleaner-check")
    assert done.returncode == 1
    assert 'raw/a.txt:1:10 SUB001 once-morest: "once morest" -> "against"' in done.stdout
    source.write_text("He stood against the wall.\n")
    assert hook(project, "cleaner-check").returncode == 0


def test_fix_repairs_in_place_fails_once_and_can_be_undone(project: Path) -> None:
    source = project / "raw" / "a.txt"
    source.write_text("He stood once morest the wall in kyiv.\n")
    assert hook(project, "cleaner-fix").returncode == 1
    assert source.read_text() == "He stood against the wall in kyiv.\n"
    assert hook(project, "cleaner-fix").returncode == 0, "what is only reported does not fail the hook for ever"
    assert call([sys.executable, "-m", "cleaner", "undo", "raw/a.txt"], project, project.parent).returncode == 0
    assert source.read_text() == "He stood once morest the wall in kyiv.\n"
    status = call(["git", "status", "--porcelain", "--ignored"], project, project.parent).stdout
    assert "?? .cleaner_cache" not in status, "kept originals are never committed"


def test_run_brings_clean_up_to_date_and_fails_if_it_changed_anything(project: Path) -> None:
    article = sorted(RAW.glob("*.txt"))[1]
    (project / "raw" / article.name).write_bytes(article.read_bytes())
    assert hook(project, "cleaner-run").returncode == 1
    assert (project / "clean" / article.name).read_bytes() == (HERE / "clean" / article.name).read_bytes()
    assert hook(project, "cleaner-run").returncode == 0
    (project / "raw" / "new.txt").write_text("Something new came in.\n")
    assert hook(project, "cleaner-run").returncode == 1
    assert hook(project, "cleaner-run").returncode == 0


def test_a_new_source_that_the_index_has_fails_and_the_index_is_only_read(project: Path) -> None:
    article = min(RAW.glob("*.txt"))
    (project / "raw" / article.name).write_bytes(article.read_bytes())
    command = [sys.executable, "-m", "cleaner", "index", "build", "corpus.index", str(HERE / "clean")]
    assert call(command, project, project.parent).returncode == 0
    before = tree(project / "corpus.index")
    assert hook(project, "cleaner-new-source").returncode == 0, "a source is not held against its own document"
    (project / "raw" / "again.txt").write_bytes(article.read_bytes())
    done = hook(project, "cleaner-new-source")
    assert done.returncode == 1
    assert "raw/again.txt\n  exact   " in done.stdout
    assert article.name in done.stdout
    assert tree(project / "corpus.index") == before
    (project / "raw" / "again.txt").write_text("Nobody wrote this before.\n")
    assert hook(project, "cleaner-new-source").returncode == 0


@pytest.mark.slow
def test_the_hooks_install_from_this_repository(tmp_path: Path) -> None:
    project = tmp_path / "project"
    project.mkdir()
    call(["git", "init", "-q", "."], project, tmp_path)
    (project / "a.txt").write_text("He stood once morest the wall.\n")
    call(["git", "add", "-A"], project, tmp_path)
    tried = call([sys.executable, "-m", "pre_commit", "try-repo", str(HERE), "cleaner-check"], project, tmp_path)
    assert "SUB001 once-morest" in tried.stdout, tried.stdout + tried.stderr
