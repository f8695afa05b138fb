"""The index on a disk: what is written is found again, whatever the order of writes and the sizes of segments."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from cleaner.duplicates import index_manifest, index_segment, index_store
from cleaner.duplicates.index_entry import LEAST, PARAMETERS, PERMUTATIONS, Entry, IndexingError, Source, text_digest
from cleaner.duplicates.index_packing import pack, unpack
from cleaner.duplicates.index_segment import AGREEING, COLUMNS, DamagedError, Segment
from cleaner.duplicates.index_store import DiskStore, write

SOURCE = Source("../clean", "a.jsonl")


def signatures(*seeds: int) -> Any:
    """A signature for each seed, such as a text of 500 shingles has."""
    rows = [np.random.default_rng(seed).exponential(2**32 / 500, PERMUTATIONS) for seed in seeds]
    return np.array(rows).clip(0, 2**32 - 1).astype(np.uint32).reshape(-1, PERMUTATIONS)


def entry(name: str, seed: int) -> Entry:
    return Entry(name, SOURCE, seed + 1, text_digest(f"text {seed}"))


def state(folder: Path) -> dict[str, tuple[Entry, bytes]]:
    """All an index says, by id."""
    store = DiskStore(folder)
    found = {e.id: (e, s.tobytes()) for entries, rows in store.entries() for e, s in zip(entries, rows, strict=True)}
    assert store.facts()["documents"] == len(found)
    return found


def test_signatures_are_kept_exactly() -> None:
    values = np.array([0, 1, 255, 256, 2**24 - 1, 2**24, 2**31, 2**32 - 1], np.uint32)

    @given(
        arrays.arrays(
            np.uint32, st.tuples(st.integers(0, 5), st.just(PERMUTATIONS)), elements=st.sampled_from(values.tolist())
        )
    )
    def check(rows: Any) -> None:
        assert (unpack(*pack(rows)) == rows).all()

    check()


writes = st.lists(
    st.tuples(
        st.lists(st.tuples(st.sampled_from("abcdefghij"), st.integers(0, 5)), max_size=6),
        st.lists(st.sampled_from("abcdefghijk"), max_size=3, unique=True),
    ),
    max_size=8,
)


@settings(deadline=None, max_examples=30)
@given(
    writes=writes,
    batch=st.sampled_from([1, 3, 1000]),
    spill=st.sampled_from([0, 2, 1000]),
    largest=st.sampled_from([4, 1000]),
)
def test_an_index_holds_what_a_dictionary_would(
    tmp_path_factory: pytest.TempPathFactory, writes: Any, batch: int, spill: int, largest: int
) -> None:
    folder = tmp_path_factory.mktemp("index") / "x"
    known: dict[str, tuple[Entry, bytes]] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(index_store, "BATCH", batch)
        patch.setattr(index_store, "IN_MEMORY", spill)
        patch.setattr(index_store, "LARGEST", largest)
        with write(folder, fresh=True):
            pass
        for added, removed in writes:
            with write(folder) as writer:
                writer.add([entry(name, seed) for name, seed in added], signatures(*(seed for _, seed in added)))
                writer.remove(removed)
            known |= {name: (entry(name, seed), signatures(seed).tobytes()) for name, seed in added}
            known = {name: value for name, value in known.items() if name not in removed}
            assert state(folder) == known
            for seed in range(6):
                hits = DiskStore(folder).lookup(signatures(seed), [text_digest("another text")])[0]
                assert {hit.entry.id for hit in hits} == {name for name, (e, _) in known.items() if e.line == seed + 1}
                assert {(hit.agreeing, hit.exact) for hit in hits} <= {(PERMUTATIONS, False)}
    names = {path.name for path in folder.iterdir()}
    assert len(names) == 1 + len(DiskStore(folder).segments), "nothing is left of what was merged or spilled"


def test_candidates_are_what_the_definition_says(tmp_path: Path) -> None:
    """Found is what shares two of 14 values and enough of all; nothing that shares too few, or another text's digest."""
    rng = np.random.default_rng(0)
    base = signatures(*range(30))
    rows = np.concatenate([base] * 10)
    for row in rows[30:]:
        mask = rng.random(PERMUTATIONS) < rng.random()
        row[mask] = rng.integers(0, 2**24, mask.sum())
    entries = [entry(f"d{n}", n) for n in range(len(rows))]
    with write(tmp_path / "x", fresh=True) as writer:
        writer.add(entries, rows)
    digests = [e.digest if n % 2 else text_digest("another text") for n, e in enumerate(entries[:30])]
    for n, hits in enumerate(DiskStore(tmp_path / "x").lookup(base, digests)):
        agreeing = (rows == base[n]).sum(axis=1)
        shared = ((rows ^ base[n])[:, :COLUMNS] & 0xFFFFFF == 0).sum(axis=1)
        certain = {e.id for e, a, s in zip(entries, agreeing, shared, strict=True) if a >= LEAST and s >= AGREEING}
        possible = {e.id for e, a in zip(entries, agreeing, strict=True) if a >= LEAST or e.digest == digests[n]}
        assert certain <= {hit.entry.id for hit in hits} <= possible
        assert [hit.exact for hit in hits] == sorted((hit.exact for hit in hits), reverse=True)
        assert any(hit.exact and hit.entry.id == f"d{n}" for hit in hits) == bool(n % 2)


def test_crowded_values_are_bounded_and_the_best_agreement_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A notice under thousands of texts gives them common values; the copy among them is still found first."""
    monkeypatch.setattr(index_segment, "MOST_CANDIDATES", 20)
    rows = signatures(*range(500))
    rows[:, :3] = 7
    with write(tmp_path / "x", fresh=True) as writer:
        writer.add([entry(f"d{n}", n) for n in range(500)], rows)
    query = rows[123:124].copy()
    query[0, 60:] += 1
    assert [hit.entry.id for hit in DiskStore(tmp_path / "x").lookup(query, [text_digest("other")])[0]] == ["d123"]


def test_of_thousands_of_exact_copies_some_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index_segment, "MOST_CANDIDATES", 20)
    with write(tmp_path / "x", fresh=True) as writer:
        writer.add([replace(entry(f"d{n}", n), digest=text_digest("404")) for n in range(500)], signatures(*range(500)))
    for query in (signatures(7), signatures(1000)):
        hits = DiskStore(tmp_path / "x").lookup(query, [text_digest("404")])[0]
        assert 20 <= len(hits) <= 40
        assert all(hit.exact for hit in hits)


def test_adding_again_changes_nothing_and_says_so(tmp_path: Path) -> None:
    folder = tmp_path / "x"
    for fresh in (True, False):
        with write(folder, fresh=fresh) as writer:
            writer.add([entry("a", 1), entry("b", 2)], signatures(1, 2))
        before = sorted(path.name for path in folder.iterdir())
    assert (writer.counts.added, writer.counts.unchanged) == (0, 2)
    with write(folder) as writer:
        writer.add([entry("a", 3), entry("c", 2)], signatures(3, 2))
    assert (writer.counts.added, writer.counts.replaced, writer.counts.unchanged) == (1, 1, 0)
    assert sorted(state(folder)) == ["a", "b", "c"]
    assert before != sorted(path.name for path in folder.iterdir())


def test_segments_stay_few(tmp_path: Path) -> None:
    with write(tmp_path / "x", fresh=True):
        pass
    for n in range(40):
        with write(tmp_path / "x") as writer:
            writer.add([entry(f"d{n}", n)], signatures(n))
    sizes = DiskStore(tmp_path / "x").facts()["segments"]
    assert sum(sizes) == 40
    assert all(size >= sum(sizes[n + 1 :]) for n, size in enumerate(sizes)), "each at least as large as all newer ones"


def test_a_reader_keeps_its_state_while_a_writer_merges(tmp_path: Path) -> None:
    with write(tmp_path / "x", fresh=True) as writer:
        writer.add([entry("a", 1)], signatures(1))
    reader = DiskStore(tmp_path / "x")
    with write(tmp_path / "x") as writer:
        writer.add([entry("a", 2), entry("b", 3)], signatures(2, 3))
        assert sorted(state(tmp_path / "x")) == ["a"], "nothing counts before the end"
    assert [hit.entry.id for hit in reader.lookup(signatures(1), [b"\0" * 16])[0]] == ["a"]
    assert sorted(state(tmp_path / "x")) == ["a", "b"]


def test_a_reader_that_comes_between_two_states_takes_the_new_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "x"
    with write(folder, fresh=True) as writer:
        writer.add([entry("a", 1)], signatures(1))
    states = iter([index_manifest.read_state(folder)])
    with write(folder) as writer:
        writer.add([entry("b", 2)], signatures(2))
    monkeypatch.setattr(index_store, "read_state", lambda path: next(states, None) or index_manifest.read_state(path))
    assert sorted(name for entries, _ in DiskStore(folder).entries() for name in (e.id for e in entries)) == ["a", "b"]


def test_a_second_writer_is_told_to_wait(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index_manifest, "PATIENCE", 0.1)
    with write(tmp_path / "x", fresh=True):
        pass
    with write(tmp_path / "x"), pytest.raises(IndexingError, match="another process is writing"), write(tmp_path / "x"):
        pass


def test_an_error_leaves_the_old_state(tmp_path: Path) -> None:
    folder = tmp_path / "x"
    with write(folder, fresh=True) as writer:
        writer.add([entry("a", 1)], signatures(1))
    before = sorted(path.name for path in folder.iterdir())
    for fresh in (True, False):
        with pytest.raises(KeyboardInterrupt), write(folder, fresh=fresh) as writer:
            writer.add([entry("b", 2)], signatures(2))
            writer.remove(["a"])
            raise KeyboardInterrupt
        assert sorted(state(folder)) == ["a"]
        assert sorted(path.name for path in folder.iterdir()) == before


@pytest.mark.parametrize(("name", "value"), [("seed", 2), ("unicode", "3.2.0"), ("shingle", 3), ("format", 0)])
def test_other_parameters_are_an_error_that_says_what_to_do(
    tmp_path: Path, name: str, value: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setitem(PARAMETERS, name, value)
        with write(tmp_path / "x", fresh=True) as writer:
            writer.add([entry("a", 1)], signatures(1))
    with pytest.raises(IndexingError, match=f"{name} = .*build it again: cleaner index build"):
        DiskStore(tmp_path / "x")
    with pytest.raises(IndexingError, match=f"{name} = "), write(tmp_path / "x"):
        pass
    with write(tmp_path / "x", fresh=True) as writer:
        writer.add([entry("b", 1)], signatures(1))
    assert sorted(state(tmp_path / "x")) == ["b"]
    assert len(list((tmp_path / "x").iterdir())) == 2


def test_what_is_no_index_is_left_alone(tmp_path: Path) -> None:
    with pytest.raises(IndexingError, match="is no index; make one with"):
        DiskStore(tmp_path / "nothing")
    (tmp_path / "letter.txt").write_text("mine")
    with pytest.raises(IndexingError, match="is no index; name another folder"), write(tmp_path, fresh=True):
        pass
    (tmp_path / "other").mkdir()
    with sqlite3.connect(tmp_path / "other" / "manifest.sqlite") as connection:
        connection.execute("CREATE TABLE mine (value)")
    connection.close()
    for fresh in (True, False):
        with pytest.raises(IndexingError, match="not made by cleaner"), write(tmp_path / "other", fresh=fresh):
            pass
    (tmp_path / "garbage").mkdir()
    (tmp_path / "garbage" / "manifest.sqlite").write_bytes(b"not a database at all" * 100)
    with pytest.raises(IndexingError, match="cannot be read"):
        DiskStore(tmp_path / "garbage")


def damaged(folder: Path) -> Path:
    with write(folder, fresh=True) as writer:
        writer.add([entry(f"d{n}", n) for n in range(50)], signatures(*range(50)))
    return next(folder.glob("*.segment"))


@pytest.mark.parametrize("cut", [0, 1, 23, 24, 5000, -1])
def test_a_damaged_segment_is_an_error_that_says_what_to_do(tmp_path: Path, cut: int) -> None:
    path = damaged(tmp_path / "x")
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(IndexingError, match="build the index again"):
        DiskStore(tmp_path / "x")
    path.unlink()
    with pytest.raises(IndexingError, match="is missing; build the index again"):
        DiskStore(tmp_path / "x")


@settings(deadline=None)
@given(
    st.one_of(
        st.binary(max_size=200), st.sampled_from([b"{}", b"[]", b"null", b'{"keys": ["|u1", [3], 0]}', b"[" * 9999])
    )
)
def test_arbitrary_bytes_are_no_segment(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.mktemp("index") / "x.segment"
    for content in (data, index_segment.MAGIC + data + len(data).to_bytes(8, "little") + index_segment.MAGIC):
        path.write_bytes(content)
        with pytest.raises(DamagedError):
            Segment(path)


def test_two_ids_of_one_hash_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index_store, "key_of", lambda name: b"12345678")
    with write(tmp_path / "x", fresh=True) as writer:
        writer.add([entry("a", 1)], signatures(1))
    with pytest.raises(IndexingError, match="'a' and 'b' have one hash"), write(tmp_path / "x") as writer:
        writer.add([entry("b", 1)], signatures(1))
    with pytest.raises(IndexingError, match="have one hash"), write(tmp_path / "y", fresh=True) as writer:
        writer.add([entry("c", 1), entry("d", 1)], signatures(1, 1))


def test_hundreds_of_sources_have_numbers_of_their_own(tmp_path: Path) -> None:
    entries = [
        replace(entry(f"d{n}", n), source=Source("../raw", f"{n}.jsonl", "p/", cleaned=bool(n % 2))) for n in range(300)
    ]
    with write(tmp_path / "x", fresh=True) as writer:
        writer.add(entries, signatures(*range(300)))
    assert {name: found for name, (found, _) in state(tmp_path / "x").items()} == {e.id: e for e in entries}


def test_a_writer_that_is_killed_while_it_commits_leaves_a_state_that_opens(tmp_path: Path) -> None:
    """A hot journal of SQLite: whoever opens the index next rolls it back."""
    folder = tmp_path / "x"
    with write(folder, fresh=True) as writer:
        writer.add([entry("a", 1)], signatures(1))
    script = (
        "import os, sqlite3, sys\n"
        "c = sqlite3.connect(sys.argv[1], isolation_level=None); c.execute('PRAGMA cache_size = 1')\n"
        "c.execute('BEGIN IMMEDIATE'); c.execute('DELETE FROM segments')\n"
        "c.executemany('INSERT INTO sources VALUES (?, ?, ?, ?, 0)', [(n, 'x' * 500, str(n), '') for n in range(9, 999)])\n"
        "os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", script, str(folder / "manifest.sqlite")], check=False)
    assert (folder / "manifest.sqlite-journal").exists(), "the case is met"
    assert sorted(state(folder)) == ["a"]
