"""Statistics: what is counted, and that no corpus text can act in what shows it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.records import Record
from cleaner.report.html_statistics import render
from cleaner.report.terminal_statistics import bar, lines
from cleaner.statistics import LengthClass, histogram, quantiles, source, statistics, year


@given(st.lists(st.integers(0, 10_000), min_size=1))
def test_every_length_is_in_one_class(sizes: list[int]) -> None:
    classes = histogram(sizes)
    assert sum(one.documents for one in classes) == len(sizes)
    for one in classes:
        assert one.documents == sum(one.least <= size < max(1, 2 * one.least) for size in sizes)
    told = quantiles(sizes)
    assert list(told.values()) == sorted(told.values())
    assert (told["shortest"], told["longest"]) == (min(sizes), max(sizes))


def test_nothing_is_counted_in_an_empty_corpus() -> None:
    assert histogram([]) == []
    assert quantiles([]) == {}
    assert histogram([0, 1]) == [LengthClass(0, 1), LengthClass(1, 1)]


@pytest.mark.parametrize(
    ("path", "facts", "told"),
    [
        ("a.jsonl", {"source": " Herald ", "url": "https://a.example/x"}, "Herald"),
        ("a.jsonl", {"url": "https://www.a.example:8080/x"}, "a.example"),
        ("a.jsonl", {"url": "https://[broken"}, "not told"),
        ("a.jsonl", {"source": 7}, "not told"),
        ("north/news/a.txt", {}, "north/news"),
        ("a.txt", {}, "not told"),
    ],
)
def test_sources(path: str, facts: dict[str, Any], told: str) -> None:
    assert source(Record("x", path, 0, "", b""), facts) == told


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ({"date": "2024-03-21"}, "2024"),
        ({"published": "21 March 1999, 10:00"}, "1999"),
        ({"date": "soon", "publish_date": "2001"}, "2001"),
        ({"date": 20240321}, "not told"),
        ({"date": 1711000000}, "not told"),
        ({}, "not told"),
    ],
)
def test_years(facts: dict[str, Any], told: str) -> None:
    assert year(facts) == told


@pytest.mark.parametrize(
    ("value", "most", "shown"), [(0, 9, ""), (1, 10_000, "▏"), (9, 9, "████"), (1, 2, "██"), (0, 0, "")]
)
def test_bars(value: int, most: int, shown: str) -> None:
    assert bar(value, most, 4) == shown


EVIL = "<script>alert(1)</script>\x1b[31m\u202e\n2> forged"


def test_no_text_acts_in_a_report(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    raw.mkdir()
    (raw / "a.jsonl").write_text(
        json.dumps({"id": EVIL, "text": "It rained.", "source": EVIL, "language": EVIL}) + "\n"
    )
    found = statistics(raw, {})
    page = render(found)
    assert "<script" not in page
    assert "\x1b" not in page
    shown = list(lines(found))
    assert not any("\x1b" in line or "\n" in line or "\u202e" in line for line in shown)
    assert all(len(line) <= 80 for line in shown)
