"""The README is true: its commands run, its examples give what it says, its tables are generated."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.build_docs import generated
from tests.conftest import CLEAN, HERE, RAW, Cleaner

README = (HERE / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.DOTALL | re.MULTILINE)


def test_generated_parts_are_up_to_date() -> None:
    assert generated(README) == README, "run `make docs`"


def test_the_two_commands_are_targets_of_the_makefile() -> None:
    makefile = (HERE / "Makefile").read_text(encoding="utf-8")
    commands = [line.split("#")[0].split() for line in blocks("sh")[0].splitlines()]
    assert commands == [["make", "run"], ["make", "test"]]
    assert all(f"\n{target}: " in makefile for _, target in commands)


COMMANDS = [line.split("#")[0].strip() for line in blocks("sh")[1].splitlines()]


def test_every_command_works_in_the_order_shown(cleaner: Cleaner, corpus: Path, tmp_path: Path) -> None:
    expected = {"diff": 1, "check": 1}
    question = "Which river does the old stone bridge of the town cross before it reaches the northern sea?"
    (tmp_path / "questions.jsonl").write_text(json.dumps({"question": question}) + "\n", encoding="utf-8")
    for command in COMMANDS:
        words = shlex.split(command)
        assert words.pop(0) == "cleaner"
        done = cleaner(*words)
        assert done.returncode == expected.get(words[0], 0), f"{command}: {done.stderr}"
    assert (tmp_path / "restored" / "raw").exists() is False
    assert sorted(p.name for p in (tmp_path / "restored").iterdir()) == sorted(p.name for p in corpus.iterdir())
    assert (tmp_path / "report.html").stat().st_size > 10_000


def test_every_command_of_the_tool_is_mentioned() -> None:
    from cleaner.cli import cli

    assert [name for name in cli.commands if f"`cleaner {name}" not in README and f"cleaner {name}" not in README] == [
        "rules", "config"
    ]  # fmt: skip


def test_the_library_example_gives_what_its_comments_say() -> None:
    code = blocks("python")[0]
    done = subprocess.run([sys.executable, "-c", code], cwd=HERE, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == re.findall(r"#  ?(.*)", code)


def test_the_commands_of_the_index_and_its_library_example_work(cleaner: Cleaner, corpus: Path, tmp_path: Path) -> None:
    assert cleaner("run", "raw", "clean").returncode == 0
    article = min(corpus.glob("*.txt"))
    article.rename(corpus / "new.txt")
    for command, code in zip(blocks("sh")[2].splitlines(), (0, 1), strict=True):
        words = shlex.split(command.split("#")[0])[1:]
        assert cleaner(*words).returncode == code, command
    script = f"text = open('clean/{article.name}').read()\n{blocks('py')[0]}"
    environment = {**os.environ, "PYTHONPATH": str(HERE)}
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout == f"{article.name} exact digest 1.0\n"


def test_the_example_rule_works_from_a_folder(cleaner: Cleaner, tmp_path: Path) -> None:
    (tmp_path / "my_rules").mkdir()
    (tmp_path / "my_rules" / "commas.py").write_text(blocks("python")[1], encoding="utf-8")
    (tmp_path / "a.txt").write_text("It was red,, then green.\n")
    assert 'PUN900 double-comma: "," -> ""' in cleaner("check", "--rules", "my_rules", "a.txt").stdout
    assert "PUN900" not in cleaner("check", "a.txt").stdout


def test_the_example_settings_are_valid(cleaner: Cleaner, tmp_path: Path) -> None:
    (tmp_path / "cleaner.toml").write_text(blocks("toml")[0], encoding="utf-8")
    assert cleaner("config").returncode == 0


def test_the_diff_at_the_top_is_what_the_run_did(cleaner: Cleaner) -> None:
    shown = [line.rstrip("… ") for line in blocks("diff")[0].splitlines()]
    real = cleaner("diff", CLEAN).stdout.splitlines()
    assert [line for line in shown if line != "-" and not any(r.startswith(line) for r in real)] == []


@pytest.mark.parametrize("hook", re.findall(r"id: ([\w-]+)", blocks("yaml")[0]))
def test_the_hooks_exist(hook: str) -> None:
    assert f"- id: {hook}\n" in (HERE / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")


def test_raw_is_there() -> None:
    assert len(list(RAW.glob("*.txt"))) == 5
