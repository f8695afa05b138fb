"""The search for who may be alike, divided: by bands, by stretches of documents, by groups; the answer is that of one task."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner import compiled, join, pair, portions
from cleaner.config import Config
from cleaner.duplicates import ordinals
from cleaner.duplicates.bands import BANDS
from cleaner.duplicates.candidates import candidate_pairs
from cleaner.duplicates.finding import Entry
from cleaner.duplicates.ordinals import rows as unpacked
from cleaner.duplicates.ordinals import width
from cleaner.duplicates.ranking import Ranking
from cleaner.duplicates.sketch import ROW, Rows, by_column, by_row
from cleaner.duplicates.survivors import Policy
from cleaner.run import run
from cleaner.store import Memory
from cleaner.unite import unite
from tests.test_duplicates import crowded

HERE = Path(__file__).parent.parent


def resembling() -> Rows:
    """Rows of documents in families: a crowd, near copies, texts inside longer ones, and most of them alone."""
    count, dice = 600, np.random.default_rng(7)
    rows = np.zeros(count, ROW)
    rows["tokens"] = dice.integers(0, 400, count)
    rows["signature"] = dice.integers(0, 1 << 32, (count, 128), np.uint32)
    for first, size, share in ((0, 100, 0.9), (100, 40, 0.5), (200, 5, 0.3), (300, 200, 0.1), (520, 30, 0.2)):
        same = dice.random((size, 128)) < share
        family = rows["signature"][first : first + size]
        rows["signature"][first : first + size] = np.where(same, family[0], family)
    return rows


def staged(store: Memory, rows: Rows, cuts: list[int], places: list[int]) -> tuple[str, list[str]]:
    """Boxes as `stage` and `order` leave them: some rows in each shard, and the places of those that have one."""
    boxes = []
    for number, (start, end) in enumerate(zip([0, *cuts], [*cuts, len(rows)], strict=True)):
        with store.box(f"stage-{number}") as box:
            if end > start:
                box.add("sketch", by_column(rows[start:end]))
        boxes.append(f"stage-{number}")
    counts = np.diff([0, *cuts, len(rows)]).astype("<u8")
    written = width(len(rows))
    numbered = np.full(len(rows), written.none, written.number)
    numbered[places] = np.arange(len(places))
    with store.box("order") as box:
        for part, values in {"counts": counts, "places": numbered, "sizes": rows["tokens"][places]}.items():
            box.add(part, values.tobytes())
        box.report = {"places": len(places), "documents": len(rows)}
    return "order", boxes


def test_who_plans_the_search_loads_no_arrays() -> None:
    """The workers do, at the same time; the process that gives them work would keep all of them waiting."""
    script = "import sys, cleaner.run; from cleaner.pair import divided; divided(10**6); print('numpy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], cwd=HERE, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


@pytest.mark.parametrize("on", [False, True], ids=["plain", "kernel"])
@pytest.mark.parametrize("wide", [False, True], ids=["narrow", "wide"])
@pytest.mark.parametrize(("held", "tasks"), [(1 << 30, 1), (500 * 128, 14), (1, 42)])
def test_tasks_of_some_bands_find_what_one_finds(
    held: int, tasks: int, wide: bool, on: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if on and not compiled.usable():
        pytest.skip("numba does not work here")
    monkeypatch.setattr("cleaner.duplicates.candidates.on", lambda: on)
    monkeypatch.setattr(pair, "HELD", held)
    monkeypatch.setattr(pair, "STRETCH", 100)
    monkeypatch.setattr(pair, "CROWDED", 50)
    rows = resembling()
    dice = np.random.default_rng(3)
    places = dice.permutation(np.flatnonzero(rows["tokens"]))[:590].tolist()
    expected = candidate_pairs(rows, places)
    if wide:
        monkeypatch.setattr(ordinals, "NARROW", 100)
    assert (candidate_pairs(rows, places) == expected).all()
    kind = width(len(rows)).pair
    store = Memory()
    ordered, boxes = staged(store, rows, [0, 200, 201, 450], places)
    bands = pair.divided(len(places))
    assert len(bands) == tasks
    assert [band for some in bands for band in range(*some)] == list(range(BANDS))
    paired = [f"pair-{number}" for number in range(len(bands))]
    reports = [pair.pair(store, name, ordered, boxes, some) for name, some in zip(paired, bands, strict=True)]
    found, groups = [], []
    for number in range(len(pair.stretches(len(places))) - 1):
        unite(store, f"unite-{number}", ordered, paired, number)
        found.append(unpacked(np.frombuffer(store.read(f"unite-{number}", "pairs"), kind)))
        groups.append(unpacked(np.frombuffer(store.read(f"unite-{number}", "forest"), kind)))
    assert len(found) == 6
    turned = np.concatenate(found)[:, ::-1]
    assert sorted(map(tuple, turned.tolist())) == sorted(map(tuple, expected.tolist()))
    assert len(expected) > 500
    assert len(np.concatenate(groups)) < len(expected)
    (most, best), *_ = reports[0]["crowds"]
    assert 50 <= most <= 100
    assert places[best] < 100, "the crowd is told by its best document"


def test_rows_by_column_are_those_by_row() -> None:
    rows = resembling()[:50]
    wanted = np.arange(50) % 3 == 1
    assert (by_row(by_column(rows), wanted) == rows[wanted]).all()


IDS = st.text(st.characters(exclude_categories=()), max_size=3)
DOCUMENTS = st.builds(
    Entry,
    IDS,
    st.integers(0, 2),
    st.integers(0, 2),
    st.sampled_from(["", "2024-01-02", "2024-01-03T05:00", "yesterday"]),
    st.sampled_from(["", "a.example", "b.example"]),
)
POLICIES = st.builds(
    Policy,
    st.lists(st.sampled_from(["cleanest", "longest", "earliest", "latest", "first", "source:a.example"])).map(tuple),
    st.sampled_from(["keep", "latest"]),
    frozen=st.frozensets(IDS, max_size=3),
)


@settings(max_examples=200, deadline=None)
@given(st.lists(DOCUMENTS, max_size=30, unique_by=lambda entry: entry.id), POLICIES)
def test_documents_held_as_numbers_have_the_order_of_the_policy(documents: list[Entry], policy: Policy) -> None:
    ranking = Ranking(policy)
    for entry in documents:
        ranking.add(entry)
    rank = policy.order()
    assert ranking.best_first().tolist() == sorted(range(len(documents)), key=lambda n: rank(documents[n]))
    assert [ranking.ids[n] for n in range(len(documents))] == [entry.id for entry in documents]


@pytest.mark.parametrize(("versions", "narrow"), [("keep", 1 << 32), ("latest", 1 << 32), ("latest", 3)])
def test_a_run_in_many_parts_decides_as_in_one(
    versions: str, narrow: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    crowded(tmp_path / "raw")
    config = Config(ignore=("REP", "DUP006", "DUP007"), versions=versions)
    whole = run(tmp_path / "raw", config)
    monkeypatch.setattr(ordinals, "NARROW", narrow)
    for module, name, value in (
        (pair, "HELD", 1),
        (pair, "STRETCH", 7),
        (join, "AT_ONCE", 1),
        (join, "PASSES", 1_000),
        (portions, "PORTION", 300),
    ):
        monkeypatch.setattr(module, name, value)
    parts = run(tmp_path / "raw", config)
    assert len(parts.compared) > len(whole.compared)
    assert parts.duplicates() == whole.duplicates()
    assert parts.groups == whole.groups
    assert {row["relation"] for row in whole.duplicates()} >= {"near", "version", "exact"}


def test_what_is_equal_to_a_copy_that_goes_has_its_evidence(tmp_path: Path) -> None:
    """Each row is written where the texts are at hand; one that is inherited is written again, under another id."""
    words = [
        f"In week {n} the council of Ulm met for the {n}th time and put {n * 7} houses on its list." for n in range(30)
    ]
    whole, copy = "\n\n".join(words), "\n\n".join(words[:-1])
    for name, text in {"a": whole, "b": copy, "c": copy}.items():
        path = tmp_path / "raw" / f"{name}.txt"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    near, equal = run(tmp_path / "raw", Config(select=("DUP",))).duplicates()
    assert (near["id"], near["instead"], near["relation"]) == ("b.txt", "a.txt", "near")
    assert equal == {**near, "id": "c.txt"}
    assert list(equal) == list(near)
