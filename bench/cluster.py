"""One corpus through every engine: the digest of what is published, CPU beside that of the pool, memory.

    python -m bench.cluster [DOCUMENTS [WORDS [ENGINE ...]]]        `make cluster DOCUMENTS=100000 WORDS=60`

Two workers each, on one machine: a pool, a Ray cluster of head and two nodes, a Spark master with two workers, two
processes of an array; each undisturbed, and with a worker killed while it cleans. Servers are started before the clock.
"""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from bench import loopback
from bench.loopback import Cluster, Session, Watch, members
from bench.synthetic import MEAN, write
from cleaner.mirror import Mirror

CLEANER = [sys.executable, "-m", "cleaner"]
SLOW = 6 * 3600.0


class Result(NamedTuple):
    """What came of a run, and what it cost: seconds and bytes."""

    digest: str
    wall: float
    cpu: float
    peak: int


def digest(clean: Path) -> str:
    """SHA-256 of all that was published: records, manifest, changes, duplicates, the record of the run."""
    whole = sha256()
    for path in sorted(path for path in clean.rglob("*") if path.is_file()):
        name = path.relative_to(clean).as_posix()
        if not name.startswith(".cleaner/work/"):
            whole.update(f"{name}:{sha256(path.read_bytes()).hexdigest()}\n".encode())
    return whole.hexdigest()


class Ends(NamedTuple):
    """Where a run reads, publishes and exchanges."""

    raw: object
    clean: object
    exchange: tuple[str, ...] = ()


def between(raw: Path, folder: Path, store: str = "") -> Ends:
    """A corpus on this disk, or in a store that holds it as well."""
    if not store:
        return Ends(raw, folder / "clean")
    return Ends(f"{store}/raw", f"{store}/{folder.name}", ("--exchange", f"{store}/work"))


def on_pool(ends: Ends, folder: Path, _cluster: Cluster | None) -> list[Session]:
    """Two processes of one machine."""
    command = [*CLEANER, "run", ends.raw, ends.clean, "--workers", 2, *ends.exchange]
    return [Session(command, folder / "log", folder)]


def on_cluster(ends: Ends, folder: Path, cluster: Cluster | None) -> list[Session]:
    """A driver of an engine."""
    assert cluster
    engine = ["--engine", cluster.engine, "--engine-address", cluster.address]
    return [Session([*CLEANER, "run", ends.raw, ends.clean, *engine, *ends.exchange], folder / "log", folder)]


def on_array(ends: Ends, folder: Path, _cluster: Cluster | None) -> list[Session]:
    """Two processes that share a plan."""
    plan = f"{ends.exchange[1]}/plan.json" if ends.exchange else folder / "plan.json"
    command = [*CLEANER, "run", ends.raw, ends.clean, "--plan", plan, *ends.exchange]
    writing = Session(command, folder / "log", folder)
    assert not writing.process.wait(), writing.log.read_text()
    task = [*CLEANER, "task", plan, "--index"]
    return [Session([*task, index], folder / f"log{index}", folder) for index in range(2)]


Start = Callable[[Ends, Path, Cluster | None], list[Session]]


def run(
    start: Start, raw: Path, folder: Path, cluster: Cluster | None = None, *, kill: bool = False, store: str = ""
) -> Result:
    """Clean a corpus into `folder`/clean, by way of a `store` if there is one. Raises RuntimeError where that fails."""
    folder.mkdir(parents=True)
    began = time.monotonic()
    servers = {server.pid for server in cluster.servers} if cluster else set()
    ours: list[Session] = []
    with Watch(lambda: servers | {session.pid for session in ours}) as watch:
        ours += start(between(raw, folder, store), folder, cluster)
        victim = ours[-1].pid if start is on_array and kill else 0
        if kill:
            _kill(lambda: [victim] if victim else _workers(ours, cluster), folder / "clean" / ".cleaner" / "work", ours)
        for session in ours:
            if session.process.wait(SLOW) and session.pid != victim:
                raise RuntimeError(session.log.read_text(encoding="utf-8", errors="replace")[-3000:])
    if store:
        Mirror(f"{store}/{folder.name}", folder / "clean").fetch()
    return Result(digest(folder / "clean"), time.monotonic() - began, watch.cpu, watch.peak)


def _workers(ours: list[Session], cluster: Cluster | None) -> list[int]:
    if cluster:
        return cluster.workers()
    marks = [(pid, Path(f"/proc/{pid}/cmdline").read_bytes()) for pid in members({ours[0].pid})]
    return [pid for pid, words in marks if b"spawn_main" in words]


def _kill(workers: Callable[[], list[int]], work: Path, ours: list[Session]) -> None:
    """Kill a worker while it fills a box: its results are half there."""
    while not (any(work.glob("stage-*.tmp")) and (found := workers())):
        if all(session.process.poll() is not None for session in ours):
            raise RuntimeError(f"it ended before a worker could be killed:\n{ours[0].log.read_text()[-3000:]}")
        time.sleep(0.05)
    os.kill(found[-1], signal.SIGKILL)


ENGINES: dict[str, tuple[Start, Callable[[Path], AbstractContextManager[Cluster | None]]]] = {
    "processes": (on_pool, lambda _: nullcontext()),
    "array": (on_array, lambda _: nullcontext()),
    "ray": (on_cluster, loopback.ray),
    "spark": (on_cluster, loopback.spark),
}


def main(documents: int, words: int, engines: list[str]) -> int:
    """Print a table; 1 where digests differ."""
    with tempfile.TemporaryDirectory(prefix="c", dir="/tmp") as name:
        folder = Path(name)
        write(documents, folder / "raw", words)
        raw = folder / "raw" / "corpus.jsonl"
        print(f"{documents:,} documents, {raw.stat().st_size / 1e6:,.0f} MB, two workers each")
        print(f"{'engine':<24} digest           wall s    CPU s  of the pool  memory MB")
        run(on_pool, raw, folder / "first")  # compiles what is compiled once in the life of a machine
        pool, seen = 0.0, set()
        for engine in engines:
            start, cluster = ENGINES[engine]
            (folder / engine[0]).mkdir()
            with cluster(folder / engine[0]) as running:
                for kill in (False, True):
                    where = folder / f"{engine}-{kill}"
                    found = run(start, raw, where, running, kill=kill)
                    pool = pool or found.cpu
                    seen.add(found.digest)
                    title = f"{engine}{', one killed' if kill else ''}"
                    figures = (
                        f"{found.wall:>7.0f}  {found.cpu:>7.1f}  {found.cpu / pool:>10.2f}x  {found.peak / 1e6:>9,.0f}"
                    )
                    print(f"{title:<24} {found.digest[:16]} {figures}", flush=True)
        print("all equal" if len(seen) == 1 else "NOT EQUAL")
        return len(seen) != 1


if __name__ == "__main__":
    asked = sys.argv[1:]
    count, mean = [*map(int, asked[:2]), *(4_000, MEAN)[len(asked[:2]) :]]
    sys.exit(main(count, mean, asked[2:] or list(ENGINES)))
