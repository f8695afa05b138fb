"""How many documents hang together as perhaps alike is told; a very large group by its best document."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cleaner import groups, pair
from cleaner.config import Config
from cleaner.publish import publish
from cleaner.report import terminal
from cleaner.run import run
from tests.test_duplicates import STORY

NOTICE = (
    "The gauge at the bridge of Altdorf stood at {} centimetres this morning, and the town expects {} more by night. "
)


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    """Forty reports of one gauge, each with figures of its own, and a story that stands twice but for one word."""
    texts = [NOTICE.format(n, n + 7) + STORY for n in range(40)]
    texts += ["\x1b[31mEvil " + " ".join(f"w{n}" for n in range(90)), " ".join(f"w{n}" for n in range(90))]
    lines = [json.dumps({"id": f"d{n:02}", "text": text}) for n, text in enumerate(texts)]
    (tmp_path / "raw.jsonl").write_text("\n".join(lines) + "\n")
    return tmp_path / "raw.jsonl"


def test_sizes_of_groups_are_in_the_summary_and_in_the_record(raw: Path, tmp_path: Path) -> None:
    outcome = run(raw, Config())
    assert outcome.groups == {"sizes": {"2": 1, "32": 1}, "largest": 40, "large": []}
    assert list(terminal.groups(outcome.groups)) == [
        "groups of documents that may be alike: 2 (1 of 2 or 3, 1 of 32 to 63), the largest of 40"
    ]
    publish(run(raw, Config(), target=tmp_path / "clean"), tmp_path / "clean")
    record = json.loads((tmp_path / "clean" / ".cleaner" / "run.json").read_text())
    assert record["groups"] == outcome.groups


def test_a_very_large_group_is_told_with_a_sample(raw: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(groups, "LARGE", 2)
    outcome = run(raw, Config())
    assert [(found["documents"], found["id"]) for found in outcome.groups["large"]] == [(40, "d10"), (2, "d40")]
    first, *samples = terminal.groups(outcome.groups)
    assert first == "groups of documents that may be alike: 2 (1 of 2 or 3, 1 of 32 to 63), the largest of 40"
    assert samples[0].startswith(
        "40 documents hang together around d10: 'The gauge at the bridge of Altdorf stood at 10"
    )
    assert all("\x1b" not in line and "\n" not in line for line in samples)
    assert outcome.totals.status["kept"] > 40, "a group is no verdict"


def test_where_nothing_is_alike_nothing_is_told(tmp_path: Path) -> None:
    (tmp_path / "raw.jsonl").write_text(json.dumps({"id": "1", "text": STORY}) + "\n")
    outcome = run(tmp_path / "raw.jsonl", Config())
    assert outcome.groups == {}
    assert "groups" not in outcome.record()


def test_a_crowded_band_is_told_with_a_sample(raw: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pair, "CROWDED", 30)
    outcome = run(raw, Config())
    (crowd,) = outcome.groups["crowded"]
    assert 30 <= crowd["documents"] <= 40
    assert crowd["sample"].startswith("The gauge at the bridge of Altdorf stood at")
    assert outcome.record()["groups"] == outcome.groups
    _, said = terminal.groups(outcome.groups)
    assert said.startswith(
        f"{crowd['documents']} documents share a passage with {crowd['id']}: 'The gauge at the bridge"
    )
    assert outcome.totals.status["kept"] > 40, "and each of them is compared with others"


def test_a_sample_is_hostile_text(raw: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pair, "CROWDED", 2)
    found = run(raw, Config()).groups
    assert any("Evil" in crowd["sample"] for crowd in found["crowded"])
    assert all("\x1b" not in line and "\n" not in line for line in terminal.groups(found))
