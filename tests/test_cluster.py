"""The contract of all engines: one corpus gives the same bytes on each, though a worker is killed while it cleans.

Real servers on the loopback of this machine: `make cluster`, which installs Ray and Spark; it needs Java 17.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from bench import loopback
from bench.cluster import CLEANER, ENGINES, between, digest, on_cluster, run
from bench.loopback import Session
from bench.synthetic import write
from cleaner import __version__
from cleaner.config import Config
from cleaner.engine_choice import apart
from cleaner.mirror import Mirror
from tests.conftest import HERE

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
def store(raw: Path, folder: Path) -> Iterator[str]:
    """A store of objects that holds the corpus too."""
    pytest.importorskip("moto")
    with loopback.s3(folder) as address:
        import s3fs

        s3fs.S3FileSystem(skip_instance_cache=True).put_file(str(raw), f"{address}/raw/{raw.name}")
        yield address


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


@pytest.mark.parametrize("engine", ENGINES)
def test_every_engine_gives_the_same_from_a_store_to_a_store(
    engine: str, raw: Path, folder: Path, expected: str, store: str
) -> None:
    start, cluster = ENGINES[engine]
    (where := folder / f"s{engine[0]}").mkdir()
    with cluster(where) as running:
        assert run(start, raw, folder / f"{engine}-stored", running, store=store).digest == expected


def test_a_driver_that_was_killed_is_started_again_and_goes_on(raw: Path, folder: Path, expected: str) -> None:
    (folder / "k").mkdir()
    work = folder / "resumed" / "clean" / ".cleaner" / "work"
    with loopback.ray(folder / "k") as running:
        (folder / "resumed").mkdir()
        ends = between(raw, folder / "resumed")
        (driver,) = on_cluster(ends, folder / "resumed", running)
        while len(done := [path for path in work.glob("stage-*") if path.suffix != ".tmp"]) < 3:
            assert driver.process.poll() is None, driver.log.read_text()
            time.sleep(0.05)
        driver.process.kill()
        driver.process.wait()
        before = {path.name: path.stat().st_ino for path in done}
        (again,) = on_cluster(ends, folder / "resumed", running)
        assert again.process.wait() == 0, again.log.read_text()
    assert digest(folder / "resumed" / "clean") == expected
    assert {path.name: path.stat().st_ino for path in work.glob("stage-*") if path.name in before} == before
    assert not list(work.glob("*.tmp"))
    assert not list(work.glob("agreement-*"))


def filled(store: str, clean: str) -> dict[str, datetime]:
    """The shards that are staged below the exchange of a run into `clean`, and since when."""
    import s3fs

    exchange = apart(Config(exchange=f"{store}/work"), clean).exchange
    found = s3fs.S3FileSystem(skip_instance_cache=True, use_listings_cache=False).find(exchange, detail=True)
    return {
        path: info["LastModified"]
        for path, info in found.items()
        if "/stage-" in path and path.endswith("/report.json")
    }


def test_a_driver_of_spark_between_stores_is_kept_apart_and_goes_on_when_killed(
    raw: Path, folder: Path, expected: str, store: str
) -> None:
    (folder / "w").mkdir()
    (where := folder / "apart").mkdir()
    ends = between(raw, where, store)
    with loopback.spark(folder / "w") as running:
        (driver,) = on_cluster(ends, where, running)
        while len(before := filled(store, str(ends.clean))) < 3:
            assert driver.process.poll() is None, driver.log.read_text()
            time.sleep(0.05)
        other = Session([*CLEANER, "run", ends.raw, ends.clean, *ends.exchange], where / "other", where)
        assert other.process.wait() == 2, other.log.read_text()
        assert "another run is at work here" in other.log.read_text()
        assert driver.process.poll() is None, driver.log.read_text()
        driver.process.kill()
        driver.process.wait()
        before |= filled(store, str(ends.clean))
        (again,) = on_cluster(ends, where, running)
        assert again.process.wait() == 0, again.log.read_text()
    assert digest(Mirror(str(ends.clean), where / "clean").fetch()) == expected
    after = filled(store, str(ends.clean))
    assert {path: after[path] for path in before} == before, "what was staged is not staged again"


def refusal(raw: Path, folder: Path, running: loopback.Cluster) -> str:
    """What a driver says whose workers are refused; that nothing was done before."""
    (driver,) = on_cluster(between(raw, folder), folder, running)
    assert driver.process.wait() == 2, driver.log.read_text()
    assert not list((folder / "clean").rglob("stage-*"))
    return driver.log.read_text()


def program(where: Path, part: str, more: str) -> Path:
    """A copy of the program in which a file has something more."""
    for name in ("cleaner", "rules"):
        shutil.copytree(HERE / name, where / name, ignore=shutil.ignore_patterns("__pycache__"))
    with (where / part).open("a") as file:
        file.write(more)
    return where


@pytest.mark.parametrize(
    ("part", "more", "message"),
    [
        (
            "rules/repeats.py",
            "\n# another rule\n",
            "has other rules, other code or other versions of packages: install the same everywhere",
        ),
        pytest.param(
            "cleaner/__init__.py",
            '\n__version__ = "9.9"\n',
            f"has cleaner 9.9, not {__version__}: install corpus-",
            marks=pytest.mark.long,
        ),
        (
            "cleaner/__init__.py",
            "\nraise ModuleNotFoundError(\"No module named 'cleaner'\", name='cleaner')\n",
            f"a worker has no cleaner: install corpus-cleaner {__version__} on all of them",
        ),
    ],
    ids=["rules", "version", "package"],
)
def test_workers_that_have_not_the_same_are_refused(
    part: str, more: str, message: str, raw: Path, folder: Path, request: pytest.FixtureRequest
) -> None:
    other = folder / request.node.callspec.id
    copied = program(other / "program", part, more)
    (where := folder / f"x{request.node.callspec.id[0]}").mkdir()
    with loopback.ray(where, 1, PYTHONPATH=str(copied)) as running:
        assert message in refusal(raw, other, running)


@pytest.mark.long
def test_a_worker_of_spark_without_the_package_is_refused(raw: Path, folder: Path) -> None:
    other = folder / "bare"
    copied = program(
        other / "program", "cleaner/__init__.py", "\nraise ModuleNotFoundError(\"No module named 'cleaner'\")\n"
    )
    (folder / "b").mkdir()
    with loopback.spark(folder / "b", 1, PYTHONPATH=str(copied)) as running:
        said = refusal(raw, other, running)
    assert f"a worker has no cleaner: install corpus-cleaner {__version__} on all of them" in said


def test_workers_that_share_no_storage_are_refused(raw: Path, folder: Path) -> None:
    alone = folder / "alone"
    alone.mkdir()
    hidden = ["unshare", "--mount", "sh", "-c", f'mount -t tmpfs none "{alone}" && exec "$@"', "sh"]
    if subprocess.run([*hidden, "true"], capture_output=True, check=False).returncode:
        pytest.skip("this user may not hide a folder from a process")
    (folder / "y").mkdir()
    with loopback.ray(folder / "y", 1, wrapped=hidden) as running:
        said = refusal(raw, alone, running)
    assert "does not reach" in said
    assert "raw and clean, or what --exchange names, must be reached by all workers" in said
