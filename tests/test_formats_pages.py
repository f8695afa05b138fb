"""Pages: HTML files and web archives, read through an extractor and published as text or records."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from cleaner.config import Config
from cleaner.corpus import CorpusError, read
from cleaner.proof import verify_run
from cleaner.publish import publish
from cleaner.restore import undo_run
from cleaner.run import Outcome, run
from tests.conftest import Cleaner

pytest.importorskip("trafilatura")
pytest.importorskip("warcio")

PROSE = (
    "The town of Ulm opened its bridge on Friday, said the mayor, who stood once morest the wall of the mill.",
    "It took ten years and four million, the council said; the last bridge fell and was never built again.",
)
PAGE = """<!DOCTYPE html><html lang="en-GB"><head><meta charset="utf-8"><title>Bridge opens</title>
<meta name="author" content="Ann Other"><meta property="og:site_name" content="Example Daily">
<meta property="article:published_time" content="2024-03-21T10:00:00Z">
<link rel="canonical" href="https://www.example.org/a"></head><body>
<nav><a href="/">Home</a> <a href="/x">World news</a></nav><article><h1>Bridge opens</h1><p>{}</p><p>{}</p></article>
<footer>Share this on Facebook</footer></body></html>""".format(*PROSE)
FACTS = {
    "title": "Bridge opens",
    "author": "Ann Other",
    "date": "2024-03-21",
    "site": "Example Daily",
    "host": "example.org",
    "url": "https://www.example.org/a",
    "page_language": "en",
}


def made(raw: Path, clean: Path, to: str = "") -> Outcome:
    outcome = run(raw, Config(select=("SUB",), to=to), target=clean)
    publish(outcome, clean)
    return outcome


def manifest(clean: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (clean / ".cleaner" / "manifest.jsonl").read_text().splitlines()]


def test_the_main_text_of_a_page_is_cleaned_and_its_facts_are_metadata(tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "a.html").write_text(PAGE)
    made(tmp_path / "raw", tmp_path / "clean")
    text = (tmp_path / "clean" / "a.txt").read_text()
    assert PROSE[0].replace("once morest", "against") in text
    assert PROSE[1] in text
    assert "Facebook" not in text
    assert "<" not in text
    (row,) = manifest(tmp_path / "clean")
    assert row["metadata"] == FACTS
    assert verify_run(tmp_path / "raw", tmp_path / "clean") == []
    with pytest.raises(CorpusError, match="--raw"):
        undo_run(tmp_path / "clean", tmp_path / "undone")
    undo_run(tmp_path / "clean", tmp_path / "undone", tmp_path / "raw")
    assert (tmp_path / "undone" / "a.html").read_text() == PAGE


def test_pages_can_become_records(tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "a.html").write_text(PAGE)
    made(tmp_path / "raw", tmp_path / "clean", to="jsonl")
    (row,) = [json.loads(line) for line in (tmp_path / "clean" / "documents.jsonl").read_text().splitlines()]
    assert (row["id"], row["metadata"]) == ("a.html", FACTS)
    assert verify_run(tmp_path / "raw", tmp_path / "clean") == []


@pytest.mark.parametrize("page", ["", "<html></html>", "<div>" * 50_000, "no page at all", "<html><body>\0</body>"])
def test_a_page_without_a_text_is_quarantined(page: str, tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(page)
    (record,) = read(tmp_path, "a.html")
    assert record.problem


def test_a_page_is_not_fixed_in_place(tmp_path: Path, cleaner: Cleaner) -> None:
    (tmp_path / "a.html").write_text(PAGE)
    done = cleaner("fix", "a.html")
    assert done.returncode == 2
    assert "only text files and plain JSONL are fixed in place" in done.stderr
    assert (tmp_path / "a.html").read_text() == PAGE


def archive(*kinds: str, packed: bool) -> bytes:
    """An archive with a record of each kind."""
    whole = []
    for number, given in enumerate(kinds):
        kind = given
        payload, sort = PAGE.encode(), "text/html; charset=utf-8"
        if kind == "conversion":
            payload, sort = "\n".join(PROSE).encode(), "text/plain"
        if kind in ("response", "picture", "missing"):
            status = "404 Not Found" if kind == "missing" else "200 OK"
            shown = "image/png" if kind == "picture" else sort
            payload = f"HTTP/1.1 {status}\r\nContent-Type: {shown}\r\n\r\n".encode() + payload
            kind, sort = "response", "application/http; msgtype=response"
        head = (
            f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:{number}>\r\n"
            f"WARC-Target-URI: https://www.example.org/{number}\r\nWARC-Date: 2024-03-21T00:00:00Z\r\n"
            f"Content-Type: {sort}\r\nContent-Length: {len(payload)}\r\n\r\n"
        )
        record = head.encode() + payload + b"\r\n\r\n"
        whole.append(gzip.compress(record) if packed else record)
    return b"".join(whole)


KINDS = ("conversion", "response", "picture", "missing", "resource")


@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz", "a.warc.wet.gz"])
def test_an_archive_becomes_records(name: str, tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / name).write_bytes(archive(*KINDS, packed=name.endswith("gz")))
    made(tmp_path / "raw", tmp_path / "clean")
    rows = [json.loads(line) for line in (tmp_path / "clean" / "a.jsonl").read_text().splitlines()]
    assert [row["url"][-1] for row in rows] == ["0", "1", "4"]
    assert all("against the wall" in row["text"] and "<" not in row["text"] for row in rows)
    assert rows[1]["metadata"]["title"] == "Bridge opens"
    assert verify_run(tmp_path / "raw", tmp_path / "clean") == []
    undo_run(tmp_path / "clean", tmp_path / "undone", tmp_path / "raw")
    assert (tmp_path / "undone" / name).read_bytes() == (tmp_path / "raw" / name).read_bytes()


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("share", [0.5, 0.9])
def test_a_broken_archive_is_read_as_far_as_it_goes(packed: bool, share: float, tmp_path: Path) -> None:
    name = "a.warc.gz" if packed else "a.warc"
    data = archive(*["conversion"] * 40, packed=packed)
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / name).write_bytes(data[: int(len(data) * share)])
    outcome = made(tmp_path / "raw", tmp_path / "clean")
    assert outcome.totals.status["quarantined"] == 1
    assert outcome.totals.status["kept"] >= 1


@pytest.mark.parametrize(
    "data", [b"", b"this is no archive", gzip.compress(b"nor is this"), b"\x1f\x8b\x08" + b"x" * 50]
)
def test_what_is_no_archive_is_quarantined(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "a.warc.gz").write_bytes(data)
    assert made(tmp_path / "raw", tmp_path / "clean").totals.status["kept"] == 0
