"""What a whole run costs: speed, memory of all processes, what a second worker and a second run are worth.

python -m bench.corpus [MB [EVAL]]     a JSONL corpus of that size (default 12); `make bench-corpus MB=1000 SHARED=..`

Half of the documents are invented (bench/synthetic.py). The other half come from EVAL, a folder of labelled sets that
is no part of this repository: each text once as it is, then again with other prose, so that furniture stays real and
no two share a passage; without it, sentences of the five articles stand among invented ones. Wall times depend on
what else the machine does; CPU seconds of all processes stand beside them.

Where there is an environment with datatrove (make .parity/.installed), the same job of its blocks is run on a sample.
"""

from __future__ import annotations

import gzip
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from bench.loopback import members, share
from bench.synthetic import Writer, block

HERE = Path(__file__).parent.parent
BOILERPLATE = ("Share this:", "Leave a Reply", "Subscribe to our newsletter", "Related Articles", "All rights reserved")
SETS = ("rawnews", "articles_typical", "articles_hard", "news_multilang", "neardup_rescrape_docs")
PROSE = 25
"""Words from which on a line is prose and is written anew."""
SAMPLE = 40_000_000
"""Bytes of the sample for the other pipeline: enough that starting is no part of the ratio to speak of."""


def documents(size: int, folder: Path | None = None) -> Iterator[bytes]:
    """JSON lines, `size` bytes in all, every second one of them invented."""
    pick = random.Random(7)
    real = list(_real(folder)) if folder else []
    writer = Writer((7,))
    invented: list[str] = []
    made = number = 0
    while made < size:
        if number % 2 and not invented:
            invented = block(number, 2000).texts
        if number % 2:
            text = invented.pop()
        elif not real:
            text = _mixed(pick, writer)
        else:
            text = real[number // 2] if number // 2 < len(real) else _rewritten(pick.choice(real), writer)
        row = {"id": f"doc-{number}", "url": f"https://{number % 50}.example/{number}", "text": text}
        line = (json.dumps(row, ensure_ascii=False) + "\n").encode()
        number += 1
        made += len(line)
        yield line


def _real(folder: Path) -> Iterator[str]:
    for name in SETS:
        with gzip.open(folder / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
            for line in lines:
                row = json.loads(line)
                if text := row.get("raw") or row.get("text"):
                    yield text


def _rewritten(text: str, writer: Writer) -> str:
    """A page with its short lines as they are, and other words where there was prose."""
    lines = [(line, len(line.split())) for line in text.split("\n")]
    return "\n".join(" ".join(writer.draw(count)).capitalize() if count >= PROSE else line for line, count in lines)


def _mixed(pick: random.Random, writer: Writer) -> str:
    """Sentences of the five articles among invented ones, some furniture below."""
    real = [s for p in sorted((HERE / "raw").glob("*.txt")) for s in p.read_text(encoding="utf-8").split(". ")]
    paragraphs = [f"{' '.join(writer.draw(50)).capitalize()}. {pick.choice(real).strip()}." for _ in range(7)]
    return "\n\n".join([*paragraphs, *pick.sample(BOILERPLATE, pick.choice((0, 0, 2)))])


class Cost(NamedTuple):
    """Seconds and bytes of one command, with all its processes."""

    wall: float
    cpu: float
    peak: int


def cost(*arguments: object) -> Cost:
    """Run the command line and watch it."""
    return watched([sys.executable, "-m", "cleaner", *map(str, arguments)], quiet=True)


def watched(command: list[str], *, quiet: bool) -> Cost:
    """Run a command and watch the memory of its processes: the sum of their proportional set sizes."""
    before, start = os.times(), time.perf_counter()
    shown = subprocess.DEVNULL if quiet else None
    process = subprocess.Popen(command, cwd=HERE, stdout=shown, stderr=subprocess.DEVNULL, start_new_session=True)
    peak = 0
    while process.poll() is None:
        peak = max(peak, sum(map(share, members({process.pid}))))
        time.sleep(0.2)
    if process.returncode:
        sys.exit(f"{' '.join(command)}: exit {process.returncode}")
    after = os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return Cost(time.perf_counter() - start, cpu, peak)


def steps(raw: Path, clean: Path, workers: int) -> None:
    """Where the time goes: run in this process, and print the seconds of each kind of task."""
    from cleaner.config import Config
    from cleaner.engine import Done, Engine, Here, Processes, Report, Task
    from cleaner.publish import publish
    from cleaner.run import run

    def timing(kind: type[Engine]) -> None:
        whole = kind.run

        def timed(self: Engine, task: Task, arguments: list[tuple[Any, ...]], done: Done | None = None) -> list[Report]:
            start = time.perf_counter()
            reports = whole(self, task, arguments, done)
            print(f"  {task.__name__:<10}{len(arguments):>7,} x{time.perf_counter() - start:>9.2f} s", flush=True)
            return reports

        kind.run = timed  # type: ignore[method-assign, assignment]

    timing(Here)
    timing(Processes)
    outcome = run(raw, Config(), target=clean, workers=workers)
    start = time.perf_counter()
    publish(outcome, clean)
    print(f"  {'publish':<18} {time.perf_counter() - start:>9.2f} s", flush=True)


def beside_datatrove(folder: Path, lines: list[bytes]) -> None:
    """Print how much CPU time the same job takes when it is composed of datatrove's blocks, on a sample."""
    python = HERE / ".parity" / "bin" / "python"
    if not python.exists():
        print("datatrove: not installed (make .parity/.installed)")
        return
    sample = folder / "sample.jsonl"
    sample.write_bytes(b"".join(lines))
    ours = cost("run", sample, folder / "sampled", "--workers", 1, "--quiet")
    theirs = watched(
        [str(python), str(HERE / "bench" / "datatrove_job.py"), str(sample), str(folder / "theirs")], quiet=True
    )
    mb = sample.stat().st_size / 1e6
    seconds = f"{theirs.cpu:.1f} s of CPU, ours {ours.cpu:.1f}, start included"
    print(f"the same job of datatrove's blocks, {mb:.1f} MB: {seconds}")
    print(f"  {theirs.cpu / ours.cpu:.1f}x (floor 20)")


def main() -> None:
    """Print the table."""
    size = int(float(sys.argv[1]) * 1e6) if len(sys.argv) > 1 else 12_000_000
    real = Path(sys.argv[2]) if len(sys.argv) > 2 else None
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_FOLDER")) as place:
        folder = Path(place)
        raw = folder / "raw.jsonl"
        with raw.open("wb") as file:
            file.writelines(documents(size, real))
        mb = raw.stat().st_size / 1e6
        warm = folder / "warm.jsonl"
        warm.write_bytes(b"".join(documents(6_000_000)))
        cost("run", warm, folder / "warm", "--quiet")  # kernels are compiled once per machine
        print(f"{mb:.0f} MB of JSONL")
        print("where the time goes, 2 workers:", flush=True)
        two = watched([sys.executable, "-m", "bench.corpus", "steps", str(raw), str(folder / "two"), "2"], quiet=False)
        rows = {
            "all rules, 2 workers": two,
            "all rules, 1 worker": cost("run", raw, folder / "one", "--workers", 1, "--quiet"),
            "the same again, nothing changed": cost("run", raw, folder / "one", "--workers", 1, "--quiet"),
            "duplicates only, 1 worker": cost("run", raw, folder / "dup", "--workers", 1, "--select", "DUP", "--quiet"),
        }
        print(f"{'':<34}{'wall s':>8}{'CPU s':>8}{'MB/s':>8}{'MB/CPU s':>10}{'peak MB':>9}")
        for name, row in rows.items():
            speeds = f"{mb / row.wall:>8.1f}{mb / row.cpu:>10.1f}"
            print(f"{name:<34}{row.wall:>8.1f}{row.cpu:>8.1f}{speeds}{row.peak / 1e6:>9.0f}")
        two, one, again, _ = rows.values()
        print(f"two workers against one: {one.wall / two.wall:.2f}x of wall time (floor 1.6)")
        print(f"second run: {again.cpu / one.cpu:.1%} of the CPU time of the first (floor 5 %)")
        with raw.open("rb") as lines:
            beside_datatrove(folder, list(_first(lines, SAMPLE)))


def _first(lines: Iterator[bytes], size: int) -> Iterator[bytes]:
    for line in lines:
        if (size := size - len(line)) < 0:
            return
        yield line


if __name__ == "__main__":
    if sys.argv[1:2] == ["steps"]:
        steps(Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4]))
    else:
        main()
