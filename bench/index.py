"""What an index costs: building, one query, bytes for a document. CPU time, one process.

python bench/index.py [DOCUMENTS]      prints the table; exits with 1 if a floor is missed

A million documents are synthetic signatures, as texts of 500 shingles have them, with ids such as
news/2026/000000001.html: what is measured is the index alone. Building from text is measured on fewer documents of
about 3 KB, and takes reading, cleaning's being skipped (--as-is), sketching and writing together.
"""

from __future__ import annotations

import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from cleaner.duplicates.index_entry import PERMUTATIONS, Entry, Source, text_digest
from cleaner.duplicates.index_store import DiskStore, write
from cleaner.index import Index

BATCH = 1 << 14
SHINGLES = 500
QUERIES = 300
TEXTS = 5_000
WORDS = 500


def batches(count: int) -> Iterator[tuple[list[Entry], Any]]:
    """Entries and signatures of synthetic documents."""
    rng = np.random.default_rng(1)
    source = Source("../clean", "news.jsonl")
    for at in range(0, count, BATCH):
        numbers = range(at, min(at + BATCH, count))
        values = rng.standard_exponential((len(numbers), PERMUTATIONS), np.float32) * np.float32(2**32 / SHINGLES)
        entries = [Entry(f"news/2026/{n:09}.html", source, n + 1, text_digest(str(n))) for n in numbers]
        yield entries, values.clip(0, 2**32 - 256).astype(np.uint32)


def written(folder: Path, count: int) -> float:
    """CPU seconds of building an index of synthetic documents, without making them up."""
    spent = 0.0
    made = batches(count)
    started = time.process_time()
    with write(folder, fresh=True) as writer:
        while True:
            begun = time.process_time()
            batch = next(made, None)
            spent += time.process_time() - begun
            if batch is None:
                break
            writer.add(*batch)
    return time.process_time() - started - spent


def asked(folder: Path, signatures: Any) -> float:
    """Median CPU milliseconds of one lookup, the file in memory."""
    store = DiskStore(folder)
    times = []
    for n in range(len(signatures)):
        begun = time.process_time()
        store.lookup(signatures[n : n + 1], [text_digest("asked")])
        times.append(time.process_time() - begun)
    return statistics.median(times) * 1000


def texts(count: int) -> list[str]:
    """Texts of about 3 KB in random words."""
    rng = np.random.default_rng(2)
    words = np.array([f"w{n:x}" for n in range(50_000)])
    return [". ".join(map(" ".join, np.split(words[rng.integers(0, 50_000, WORDS)], 25))) for _ in range(count)]


def from_text(folder: Path) -> tuple[float, float]:
    """Documents a CPU second when they are read from text files, and the median milliseconds of asking about a text."""
    raw = folder / "raw"
    raw.mkdir()
    made = texts(TEXTS)
    for n, text in enumerate(made):
        (raw / f"{n}.txt").write_text(text, encoding="utf-8")
    begun = time.process_time()
    index = Index.build(folder / "texts.index", [raw], as_is=True)
    rate = TEXTS / (time.process_time() - begun)
    times = []
    for text in made[:100]:
        begun = time.process_time()
        index.query(text.replace("w1", "v1"))
        times.append(time.process_time() - begun)
    return rate, statistics.median(times) * 1000


def main(count: int) -> None:
    """Build, ask, and print."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        seconds = written(folder / "synthetic.index", count)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        some = np.concatenate([signatures[:1] for _, signatures in batches(min(count, QUERIES * BATCH))])[:QUERIES]
        single = asked(folder / "synthetic.index", some)
        each = DiskStore(folder / "synthetic.index").facts()["bytes"] / count
        rate, whole = from_text(folder)
    rows = (
        (f"build, {count:,} signatures, documents/s", count / seconds, 20_000, 100_000, 1),
        ("one query of it by signature, ms", single, 5, 1, -1),
        ("bytes for a document", each, 1024, 600, -1),
        ("peak memory of the build, MB", peak, 1536, 1024, -1),
        (f"build from {TEXTS:,} texts of 3 KB, documents/s", rate, None, None, 1),
        ("one query by text, verified from the old text, ms", whole, None, None, -1),
    )
    missed = False
    print(f"{'index':<52}{'figure':>10}{'floor':>9}{'aim':>9}")
    for title, figure, floor, aim, better in rows:
        missed = missed or (floor is not None and better * figure < better * floor)
        bounds = f"{floor:>9,}{aim:>9,}" if floor is not None and aim is not None else ""
        print(f"{title:<52}{figure:>10,.{0 if figure > 20 else 2}f}{bounds}")
    sys.exit(missed)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
