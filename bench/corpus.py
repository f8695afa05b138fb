"""What a whole run costs: speed, memory of all processes, what a second worker and a second run are worth.

python bench/corpus.py [MB]        a generated JSONL corpus of that size (default 12); `make bench-corpus MB=1000`

Wall times depend on what else the machine does; CPU seconds of all processes stand beside them.
"""

from __future__ import annotations

import cProfile
import json
import os
import pstats
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent.parent
BOILERPLATE = ("Share this:", "Leave a Reply", "Subscribe to our newsletter", "Related Articles", "All rights reserved")
COPIES = 10
"""One document of so many is a copy of an earlier one, a word changed in half of them."""


def documents(size: int) -> Iterator[bytes]:
    """JSON lines of about 3 KB, `size` bytes in all: sentences of the five articles among invented ones."""
    pick = random.Random(7)
    real = [s for p in sorted((HERE / "raw").glob("*.txt")) for s in p.read_text(encoding="utf-8").split(". ")]
    letters = "etaoinshrdlu"
    words = ["".join(pick.choices(letters, k=pick.randint(2, 9))) for _ in range(20_000)]
    texts: list[str] = []
    made = number = 0
    while made < size:
        if texts and number % COPIES == 0:
            text = pick.choice(texts)
            text = text.replace(" the ", " this ", 1) if number % (2 * COPIES) else text
        else:
            paragraphs = []
            for _ in range(7):
                invented = [" ".join(pick.choices(words, k=14)).capitalize() for _ in range(4)]
                paragraphs.append(". ".join([*invented, pick.choice(real).strip()]) + ".")
            paragraphs += pick.sample(BOILERPLATE, 2) if number % 3 == 0 else []
            text = "\n\n".join(paragraphs)
            texts = [*texts[-200:], text]
        line = json.dumps({"id": f"doc-{number}", "url": f"https://example.com/{number}", "text": text}) + "\n"
        number += 1
        made += len(line)
        yield line.encode()


class Cost(NamedTuple):
    """Seconds and bytes of one command, with all its processes."""

    wall: float
    cpu: float
    peak: int


def cost(*arguments: object) -> Cost:
    """Run the command line and watch the memory of its processes: the sum of their proportional set sizes."""
    before, start = os.times(), time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "cleaner", *map(str, arguments)],
        cwd=HERE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    peak = 0
    while process.poll() is None:
        peak = max(peak, sum(map(_memory, _session(process.pid))))
        time.sleep(0.2)
    if process.returncode:
        sys.exit(f"cleaner {' '.join(map(str, arguments))}: exit {process.returncode}")
    after = os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return Cost(time.perf_counter() - start, cpu, peak)


def _session(leader: int) -> list[int]:
    found = []
    for entry in os.scandir("/proc"):
        if entry.name.isdigit():
            try:
                fields = Path(entry.path, "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            found += [int(entry.name)] if int(fields[3]) == leader else []
    return found


def _memory(process: int) -> int:
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)


def profile(raw: Path, clean: Path) -> None:
    """Where the time goes, in one process."""
    from cleaner.config import Config
    from cleaner.publish import publish
    from cleaner.run import run

    profiler = cProfile.Profile()
    profiler.enable()
    publish(run(raw, Config(), target=clean), clean)
    profiler.disable()
    print("\nwhere the time goes (one worker, under cProfile; own seconds):")
    stats = pstats.Stats(profiler)
    rows = sorted(stats.stats.items(), key=lambda item: -item[1][2])[:15]  # type: ignore[attr-defined]
    for (file, line, name), (_, calls, own, *_) in rows:
        print(f"  {own:7.2f} s {calls:>10,} x  {Path(file).name}:{line} {name}"[:110])


def main() -> None:
    """Print the table."""
    size = int(float(sys.argv[1]) * 1e6) if len(sys.argv) > 1 else 12_000_000
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        raw = folder / "raw.jsonl"
        with raw.open("wb") as file:
            file.writelines(documents(size))
        mb = raw.stat().st_size / 1e6
        warm = folder / "warm.jsonl"
        warm.write_bytes(b"".join(documents(3_000_000)))
        cost("run", warm, folder / "warm")  # kernels are compiled once per machine
        rows = {
            "all rules, 2 workers": cost("run", raw, folder / "two", "--workers", 2),
            "all rules, 1 worker": cost("run", raw, folder / "one", "--workers", 1),
            "the same again, nothing changed": cost("run", raw, folder / "one", "--workers", 1),
            "duplicates only, 1 worker": cost("run", raw, folder / "dup", "--workers", 1, "--select", "DUP"),
        }
        print(f"{mb:.0f} MB of JSONL")
        print(f"{'':<34}{'wall s':>8}{'CPU s':>8}{'MB/s':>8}{'MB/CPU s':>10}{'peak MB':>9}")
        for name, row in rows.items():
            speeds = f"{mb / row.wall:>8.1f}{mb / row.cpu:>10.1f}"
            print(f"{name:<34}{row.wall:>8.1f}{row.cpu:>8.1f}{speeds}{row.peak / 1e6:>9.0f}")
        two, one, again, _ = rows.values()
        print(f"two workers against one: {one.wall / two.wall:.2f}x of wall time (floor 1.6)")
        print(f"second run: {again.cpu / one.cpu:.1%} of the CPU time of the first (floor 5 %)")
        profile(raw, folder / "profiled")


if __name__ == "__main__":
    main()
