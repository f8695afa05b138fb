"""The same sources give the same records: whoever works, in whatever order, however often the run is stopped."""

from __future__ import annotations

import gzip
import json
import os
import random
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from cleaner.config import Config
from cleaner.publish import publish
from cleaner.run import run
from tests.test_corpora import article, result, small_shards, started

__all__ = ["small_shards"]


def documents(count: int) -> list[dict[str, Any]]:
    """Articles, every fifth of them an earlier one again, with other words here and there."""
    pick = random.Random(4)
    made: list[dict[str, Any]] = []
    for number in range(count):
        text = article(number) if number % 5 else article(pick.randrange(number + 1)).replace(" and ", " or ", 1)
        made.append({"id": f"d{number}", "text": text, "site": f"{number % 7}.example", "date": "2024-01-01"})
    return made


def written(path: Path, rows: list[dict[str, Any]]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path.parent


def rows(clean: Path, kind: str) -> list[dict[str, Any]]:
    """The rows of a part of the record, from all its files."""
    found = []
    for path in sorted((clean / ".cleaner").glob(f"{kind}*.jsonl*")):
        data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        found += [json.loads(line) for line in data.splitlines()]
    return found


def made(raw: Path, clean: Path, workers: int) -> Path:
    publish(run(raw, Config(), target=clean, workers=workers), clean)
    return clean


def test_four_workers_write_the_bytes_of_one(tmp_path: Path) -> None:
    raw = written(tmp_path / "raw" / "a.jsonl", documents(300))
    one, four = (result(made(raw, tmp_path / f"clean{workers}", workers)) for workers in (1, 4))
    assert one == four


@pytest.mark.parametrize("seed", [1, 2])
def test_the_order_of_the_sources_decides_nothing(seed: int, tmp_path: Path) -> None:
    """Only lines move: which documents stay, what they say and what is told of them is the same."""
    ordered = documents(300)
    shuffled = random.Random(seed).sample(ordered, len(ordered))
    one = made(written(tmp_path / "raw" / "a.jsonl", ordered), tmp_path / "one", 1)
    for start in range(0, len(shuffled), 100):
        written(tmp_path / "other" / f"{start}.jsonl", shuffled[start : start + 100])
    other = made(tmp_path / "other", tmp_path / "two", 2)

    def records(clean: Path) -> dict[str, bytes]:
        lines = [line for path in clean.glob("*.jsonl") for line in path.read_bytes().splitlines()]
        return {json.loads(line)["id"]: line for line in lines}

    def told(clean: Path) -> dict[str, dict[str, Any]]:
        return {row["id"]: {**row, "path": "", "line": 0} for row in rows(clean, "manifest")}

    assert records(one) == records(other)
    assert told(one) == told(other)
    assert {row["id"] for row in rows(one, "manifest") if row["status"] == "dropped"}

    def evidence(clean: Path) -> list[str]:
        return sorted(json.dumps(row, sort_keys=True) for row in rows(clean, "duplicates"))

    assert evidence(one) == evidence(other)


@pytest.mark.long
def test_a_hundred_kills_change_nothing(tmp_path: Path) -> None:
    """20,000 documents, killed with all their processes at a hundred moments."""
    raw = written(tmp_path / "raw" / "a.jsonl", documents(20_000))
    program = "import cleaner.cli\nif __name__ == '__main__': cleaner.cli.main()\n"
    undisturbed = started(tmp_path / "p.py", "run", raw, tmp_path / "expected", "--workers", "2", program=program)
    start = time.monotonic()
    undisturbed.communicate()
    latest = max(4.0, (time.monotonic() - start) / 3)  # late enough to reach every task, wherever it runs
    assert undisturbed.returncode == 0
    pick = random.Random(9)
    kills = 0
    for _ in range(1000):
        process = started(tmp_path / "p.py", "run", raw, tmp_path / "clean", "--workers", "2", program=program)
        try:
            process.wait(pick.uniform(0.3, latest))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            kills += 1
        process.communicate()
        if process.returncode == 0:  # it got through: from the beginning again
            assert result(tmp_path / "clean") == result(tmp_path / "expected")
            subprocess.run(["rm", "-r", tmp_path / "clean"], check=True)
        if kills == 100:
            break
    last = started(tmp_path / "p.py", "run", raw, tmp_path / "clean", "--workers", "2", program=program)
    _, said = last.communicate()
    assert last.returncode == 0, said
    assert kills == 100
    assert result(tmp_path / "clean") == result(tmp_path / "expected")
