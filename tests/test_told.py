"""Findings as rows of JSON: the compiled writer and plain Python write the same bytes, in the order of the ids."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bench.synthetic import block
from cleaner import compiled
from cleaner.dedup import dedup
from cleaner.duplicates.cluster import find_duplicates
from cleaner.duplicates.finding import Entry, prose_length
from cleaner.duplicates.sketch import sketch
from tests.test_duplicates import STORY

STRANGE = [
    STORY,
    STORY.upper(),
    STORY.replace("12 million", "19 million"),
    STORY.replace(". ", '. "\t\\\x01\u00e9\U0001f600 ', 2),
    STORY.replace("12 million", "$12 million"),
    "A ferry\n\n" + STORY,
    "Something else entirely\n\n" + STORY,
    ' \t\n \x1f Quite another "headline" \n\n' + STORY.replace("12 million", "13 million"),
    "\u00c9lys\u00e9e says something else entirely\n\n" + STORY,
    "\u2003\n\u2003Nobody knows this headline\n" + STORY,
    "",
]
IDS = ['a"b', "tab\there", "\u00e9\u2028", "\ud800", "\x01", "back\\slash", "f", "g", "h", "i", "j"]
CODES = [frozenset({"DUP001", "DUP002", "DUP003"}), frozenset({"DUP001", "DUP005"})]


def corpus() -> list[tuple[str, str]]:
    texts = block(0, 150).texts
    copies = [(f"copy {n}", texts[n]) for n in range(40)]
    return [*zip(IDS, STRANGE, strict=True), *((f"d{n:04}", text) for n, text in enumerate(texts)), *copies]


@pytest.mark.parametrize("codes", CODES)
def test_rows_are_those_of_the_findings_on_either_path(
    codes: frozenset[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    documents = corpus()
    source = tmp_path / "in.jsonl"
    source.write_text("".join(json.dumps({"id": key, "text": text}) + "\n" for key, text in documents))
    entries = [Entry(key, prose=prose_length(text)) for key, text in documents]
    texts = [text for _, text in documents]
    findings = find_duplicates(entries, sketch(texts), lambda at: [texts[n] for n in at], codes)
    expected = [json.loads(json.dumps(finding.row())) for finding in findings]
    assert len(expected) > 50
    told = []
    for on in (False, True) if compiled.usable() else (False,):
        for module in ("beside", "sketch", "told"):
            monkeypatch.setattr(f"cleaner.duplicates.{module}.on", lambda on=on: on)
        monkeypatch.setattr("cleaner.jsonl.on", lambda on=on: on)
        done = dedup(source, tmp_path / "out.jsonl", codes)
        told.append((tmp_path / "out.jsonl.duplicates.jsonl").read_bytes())
        assert sum(done.findings.values()) == len(expected)
        kept = {
            json.loads(line)["id"]
            for line in (tmp_path / "out.jsonl").read_bytes().decode("utf-8", "surrogatepass").split("\n")
            if line
        }
        assert kept == {key for key, _ in documents} - {finding.id for finding in findings if finding.goes}
    rows = [json.loads(line) for line in told[0].decode("utf-8", "surrogatepass").split("\n") if line]
    assert rows == expected
    assert len(set(told)) == 1
