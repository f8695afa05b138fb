"""The contract of all engines: one corpus gives the same bytes on each, though a worker is killed while it cleans.

Real servers on the loopback of this machine: `make cluster`, which installs Ray and Spark; it needs Java 17.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.cluster import CLEANER, ENGINES, digest, run
from bench.loopback import Session
from bench.synthetic import write

pytest.importorskip("ray")
pytest.importorskip("pyspark")
pytestmark = pytest.mark.cluster

DOCUMENTS = 2_500


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """A folder with a short path: the names of sockets are limited to about a hundred characters."""
    with tempfile.TemporaryDirectory(prefix="c", dir="/tmp") as name:
        yield Path(name)


@pytest.fixture(scope="module")
def raw(folder: Path) -> Path:
    write(DOCUMENTS, folder / "raw")
    return folder / "raw" / "corpus.jsonl"


@pytest.fixture(scope="module")
def expected(raw: Path, folder: Path) -> str:
    """What one process makes of it."""
    (folder / "one").mkdir()
    one = Session([*CLEANER, "run", raw, "clean", "--engine", "here"], folder / "log", folder / "one")
    assert one.process.wait() == 0, one.log.read_text()
    return digest(folder / "one" / "clean")


@pytest.mark.parametrize("engine", ENGINES)
def test_every_engine_gives_the_same_though_a_worker_is_killed(
    engine: str, raw: Path, folder: Path, expected: str
) -> None:
    start, cluster = ENGINES[engine]
    (folder / engine[0]).mkdir()
    with cluster(folder / engine[0]) as running:
        assert run(start, raw, folder / f"{engine}-killed", running, kill=True).digest == expected
