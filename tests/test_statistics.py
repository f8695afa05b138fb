"""Statistics: what is counted, and that no corpus text can act in what shows it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.corpus import CorpusError
from cleaner.counted import statistics
from cleaner.records import Record
from cleaner.report.html_statistics import render
from cleaner.report.terminal_statistics import bar, lines
from cleaner.statistics import LengthClass, Statistics, histogram, quantiles, source, year
from tests.conftest import Cleaner


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


BRIDGE = "The council met on Monday to talk about the new bridge over the river, which is to open in the spring."
HARBOUR = "The harbour was closed on Tuesday because of a storm that sank two of the “old” boats there."


def rows(*texts: str, **more: str) -> str:
    return "".join(json.dumps({"id": f"r{n}", "text": text, **more}) + "\n" for n, text in enumerate(texts))


@pytest.fixture
def mixed(tmp_path: Path, cleaner: Cleaner) -> Path:
    """A folder, a file beside it, and the result of a run over both."""
    (tmp_path / "raw" / "news").mkdir(parents=True)
    (tmp_path / "raw" / "news" / "a.txt").write_text(BRIDGE)
    (tmp_path / "raw" / "b.jsonl").write_text(rows(HARBOUR, "", BRIDGE, date="2024-03-01") + "{broken\n")
    (tmp_path / "more.jsonl").write_text(rows(HARBOUR, source="Herald"))
    assert cleaner("run", "raw", "clean").returncode == 0
    return tmp_path


def figures(found: Statistics) -> tuple[object, ...]:
    return tuple(found.documents.values()), found.tokens, found.duplicates


def test_several_paths_are_one_corpus(mixed: Path) -> None:
    found = statistics([mixed / "raw", mixed / "more.jsonl"], {})
    assert found.title == "raw, more.jsonl"
    assert [(one.texts, one.documents) for one in found.corpora] == [("as read", 5), ("as read", 1)]
    assert found.duplicates == {"exact": 2, "near": 0, "version": 0, "address": 0, "sentence": 0}
    assert sum(found.documents.values()) == 6
    assert {"Herald", "raw/news"} <= {share.name for share in found.sources}


def test_a_path_inside_another_one_counts_once(mixed: Path) -> None:
    paths = [mixed / "raw", mixed / "raw" / "b.jsonl", mixed / "raw"]
    found = statistics(paths, {})
    assert figures(found) == figures(statistics([mixed / "raw"], {}))
    assert [(Path(one.path).name, one.documents) for one in found.corpora] == [("raw", 5), ("b.jsonl", 0)]


def test_of_a_result_its_record_counts_and_its_texts_as_published(mixed: Path) -> None:
    raw, clean = statistics([mixed / "raw"], {}), statistics([mixed / "clean"], {})
    assert clean.documents == raw.documents == {"kept": 2, "dropped": 2, "quarantined": 1}
    assert clean.duplicates == raw.duplicates == {"exact": 1, "near": 0, "version": 0, "address": 0, "sentence": 0}
    assert clean.rules == raw.rules
    assert [one.texts for one in clean.corpora] == ["as published"]
    assert sum(share.documents for share in clean.languages) == 2
    assert clean.characters == len(BRIDGE) + len(HARBOUR), "what was left out is not measured"
    assert raw.characters == 2 * len(BRIDGE) + len(HARBOUR)


def test_a_result_and_sources_are_counted_together(mixed: Path) -> None:
    both = statistics([mixed / "clean", mixed / "more.jsonl"], {})
    alone = [statistics([path], {}) for path in (mixed / "clean", mixed / "more.jsonl")]
    assert both.tokens == sum(one.tokens for one in alone)
    assert both.documents == {name: sum(one.documents[name] for one in alone) for name in both.documents}


def test_a_result_that_was_changed_by_hand_is_an_error(mixed: Path) -> None:
    (mixed / "clean" / "b.jsonl").write_text("")
    with pytest.raises(CorpusError, match="not as the run left it; run again"):
        statistics([mixed / "clean"], {})


def numbers(value: object) -> Iterator[object]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from numbers(inner) if key != "histogram" else ()
    elif isinstance(value, list):
        for inner in value:
            yield from numbers(inner)
    else:
        yield value


def test_terminal_page_and_json_say_the_same(mixed: Path) -> None:
    found = statistics([mixed / "clean", mixed / "more.jsonl"], {"PUN001": "curly-quotes"})
    terminal = "\n".join(lines(found))
    page = re.sub("<[^>]*>", " ", render(found))
    for value in numbers(json.loads(json.dumps(found.values()))):
        shown = f"{value:,}" if isinstance(value, int) else str(value)
        assert shown in terminal, value
        assert shown in page, value


EVIL = "<script>alert(1)</script>\x1b[31m\u202e\n2> forged"


def test_no_text_acts_in_a_report(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    raw.mkdir()
    (raw / "a.jsonl").write_text(
        json.dumps({"id": EVIL, "text": "It rained.", "source": EVIL, "language": EVIL}) + "\n"
    )
    found = statistics([raw], {})
    page = render(found)
    assert "<script" not in page
    assert "\x1b" not in page
    shown = list(lines(found))
    assert not any("\x1b" in line or "\n" in line or "\u202e" in line for line in shown)
    assert all(len(line) <= 80 for line in shown)
