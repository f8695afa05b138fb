"""One short text under many addresses: an error page, a redirect, a paywall. Nobody's copy, nor a version."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from itertools import permutations
from pathlib import Path

import pytest

from cleaner.config import Config
from cleaner.duplicates.cluster import find_duplicates
from cleaner.duplicates.finding import Entry, Finding
from cleaner.duplicates.notices import ADDRESSES, NOTICE, notice, parted
from cleaner.duplicates.sketch import sketch
from cleaner.duplicates.survivors import Policy
from cleaner.run import run
from tests.test_duplicates import ALL, STORY

WALL = "Please sign in to go on reading. Your browser must take cookies for that, and it must not block our scripts."
CODES = ALL | {"DUP006"}

Page = tuple[str, str, str, str]
"""Id, source, address, text."""


def decided(*pages: Page, policy: Policy | None = None, codes: frozenset[str] = CODES) -> list[Finding]:
    texts = [text for *_, text in pages]
    entries = [Entry(key, source=source, notice=notice(text, where)) for key, source, where, text in pages]

    def bring(places: Sequence[int]) -> list[str]:
        return [texts[place] for place in places]

    return find_duplicates(entries, sketch(texts), bring, codes, policy or Policy())


def pages(*texts: str, source: str = "a.example") -> list[Page]:
    return [(f"{source}{n}", source, f"https://{source}/{n}", text) for n, text in enumerate(texts)]


def told(findings: Sequence[Finding]) -> list[tuple[str, str, str, bool]]:
    return [(f.id[-1], f.relation, f.instead[-1], f.goes) for f in findings]


def test_a_wall_under_three_titles_is_one_finding_and_stays() -> None:
    found = decided(*pages(*(f"{title}\n\n{WALL}" for title in ("How banks sink money", "A day at sea", "The vote"))))
    assert told(found) == [("1", "address", "0", False), ("2", "address", "0", False)]
    assert {(f.addresses, f.crowd) for f in found} == {(3, "a.example0")}
    assert [f.sample for f in found] == [WALL, ""]
    assert found[0].hunks == (("A day at sea", "How banks sink money"),)


def test_what_repeats_title_and_all_goes_for_its_like() -> None:
    found = decided(*pages(f"Sea\n\n{WALL}", f"Vote\n\n{WALL}", f"Vote\n\n{WALL}", f"SEA\n\n{WALL}"))
    assert told(found) == [("1", "address", "0", False), ("2", "address", "1", True), ("3", "address", "0", True)]
    assert [f.shared == f.united for f in found] == [False, True, True]


def test_without_dup001_nothing_goes() -> None:
    assert not any(f.goes for f in decided(*pages(WALL, WALL, WALL), codes=CODES - {"DUP001"}))


def test_one_may_stay_for_all() -> None:
    titled = pages(f"Sea\n\n{WALL}", f"Vote\n\n{WALL}", f"Vote\n\n{WALL}")
    assert told(decided(*titled, policy=Policy(notices="one"))) == [
        ("1", "address", "0", True),
        ("2", "address", "0", True),
    ]
    frozen = Policy(notices="one", frozen=frozenset({"a.example0", "a.example1"}))
    assert told(decided(*titled, policy=frozen)) == [("2", "address", "0", True)], "the others were told when they came"


@pytest.mark.parametrize(
    "some",
    [
        pages(WALL, WALL),
        [*pages(WALL), *pages(WALL, source="b.example"), *pages(WALL, source="c.example")],
        [(str(n), "a.example", "https://a.example/the-same", WALL) for n in range(3)],
        pages(*[STORY.replace("Jane Roe ", "") * 2] * 3),
    ],
    ids=["two may be one page that was moved", "three sources", "fetched again", "a story"],
)
def test_what_is_no_crowd_is_a_copy(some: list[Page]) -> None:
    assert {f.relation for f in decided(*some)} == {"exact"}


def test_a_change_in_the_body_makes_another_text() -> None:
    assert "address" not in {f.relation for f in decided(*pages(WALL, WALL, WALL.replace("cookies", "7 cookies")))}


def test_the_order_of_documents_makes_no_difference() -> None:
    some = pages(f"Sea\n\n{WALL}", f"Vote\n\n{WALL}", f"Vote\n\n{WALL}", STORY, STORY + " Share this.")
    assert len({tuple(decided(*order)) for order in permutations(some)}) == 1


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Sea\n\nBody.", "Sea"),
        (f"{WALL}\nMore.", ""),
        ("Access denied", ""),
        ("", ""),
        ("\n \nSea\n\n\nBody.\nMore", "Sea"),
    ],
)
def test_a_title_is_a_first_line_that_is_no_prose(text: str, title: str) -> None:
    assert parted(text)[0] == title
    assert parted(text)[1].endswith(text[-4:])


@pytest.mark.parametrize(("words", "short"), [(NOTICE, True), (NOTICE + 1, False), (0, False)])
def test_a_notice_is_short(words: int, short: bool) -> None:
    assert (notice(" ".join(["word"] * words), "x") is not None) is short


def test_a_large_crowd_is_not_quadratic() -> None:
    texts = [f"Title number {n} of them\n\n{WALL}" for n in range(5_000)]
    start = time.process_time()
    found = decided(*pages(*texts))
    assert len(found) == 5_000 - 1 >= ADDRESSES
    assert time.process_time() - start < 60, "each with each would take an hour"


def test_notices_that_are_looked_at_some_at_a_time_are_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = [f"Title {n}\n\n{WALL} {'Page after page after page.' * (n % 7)}" for n in range(40)]
    texts += [f"Vote\n\n{WALL}"] * 3 + [f"The bridge {n}\n\n{STORY}" for n in range(3)]
    rows = [json.dumps({"url": f"https://a.example/{n}", "text": text}) for n, text in enumerate(texts)]
    (tmp_path / "raw.jsonl").write_text("\n".join(rows) + "\n")
    whole = run(tmp_path / "raw.jsonl", Config()).duplicates()
    assert sum(row["relation"] == "address" for row in whole) > 20
    monkeypatch.setattr("cleaner.order.TOGETHER", 1)
    assert run(tmp_path / "raw.jsonl", Config()).duplicates() == whole
    monkeypatch.setattr("cleaner.order.hash_of", lambda *_: 1)
    assert run(tmp_path / "raw.jsonl", Config()).duplicates() == whole, "a hash is no proof"
