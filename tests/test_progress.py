"""What a run says of how far it is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cleaner.cli_progress import Lines
from cleaner.config import Config
from cleaner.engine import Here, Report
from cleaner.progress import DOING, Told
from cleaner.run import run


class Heard:
    """Everything that was told, in order."""

    def __init__(self) -> None:
        self.told: list[tuple[str, int, int]] = []
        self.size = self.cleaned = 0

    def expect(self, size: int) -> None:
        self.size = size

    def add(self, documents: int, size: int, changes: int) -> None:
        self.cleaned += size

    def step(self, doing: str, done: int, count: int) -> None:
        self.told.append((doing, done, count))


def settle(number: int) -> Report:
    return {"number": number}


def unnamed(number: int) -> Report:
    return {"number": number}


def test_an_engine_tells_of_each_task_and_reports_as_it_did() -> None:
    progress = Heard()
    reports: list[Report] = []
    engine = Told(Here(), progress)
    assert engine.run(settle, [(1,), (2,)], reports.append) == [{"number": 1}, {"number": 2}] == reports
    assert engine.run(unnamed, [(3,)]) == [{"number": 3}]
    assert progress.told == [("settling", 0, 2), ("settling", 1, 2), ("settling", 2, 2)]


def test_a_log_gets_a_line_now_and_then(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [0.0]
    monkeypatch.setattr("cleaner.cli_progress.time.monotonic", lambda: clock[0])
    lines: Any = Lines("cleaning")
    lines.expect(4_000_000)
    for clock[0] in (1.0, 31.0, 40.0):
        lines.add(10, 1_000_000, 5)
    for clock[0] in (50.0, 62.0, 63.0):
        lines.step("comparing", 2, 7)
    said = capsys.readouterr()
    assert not said.out
    assert said.err == (
        "cleaning: 20 documents, 2 of 4 MB, 0.1 MB/s, 1 min left, 10 changes\ncomparing: 2 of 7 tasks\n"
    )


def test_a_run_tells_what_it_cleans_and_each_step_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cleaner.run.SHARD", 1 << 14)
    same = "The council opened the harbour of the old town to boats again after a long and quiet winter. " * 4
    rows = [{"id": n, "text": f"{same}Notice {n} follows."} for n in range(200)]
    raw = tmp_path / "raw.jsonl"
    raw.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    progress = Heard()
    run(raw, Config(), target=tmp_path / "clean", progress=progress)
    assert progress.cleaned == progress.size == raw.stat().st_size
    doing = list(dict.fromkeys(what for what, *_ in progress.told))
    assert doing[0] == "reading"
    assert doing[-2:] == ["settling", "writing"]
    assert {"looking for copies", "comparing"} < set(doing) <= set(DOING.values())
    last = {what: (done, count) for what, done, count in progress.told}
    assert all(done == count for done, count in last.values())
