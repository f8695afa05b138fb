"""What it costs to start: CPU time of small commands as a ratio to an empty Python, medians of several runs each.

python bench/startup.py            prints the table; exits with 1 if a floor is missed
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent.parent
ARTICLES = sorted(str(path) for path in (HERE / "raw").glob("*.txt"))[:3]
RUNS = 11
CASES = (
    ("python -c pass", [sys.executable, "-c", "pass"], 1.0),
    ("cleaner --help", [sys.executable, "-m", "cleaner", "--help"], 7.0),
    ("cleaner check, three articles", [sys.executable, "-m", "cleaner", "check", *ARTICLES], 21.0),
)


def cpu_seconds(command: list[str]) -> float:
    """User and system time of one run, children included."""
    before = os.times()
    subprocess.run(command, cwd=HERE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


def main() -> None:
    """Measure every command in turn, so that a slow spell of the machine meets them all."""
    times: dict[str, list[float]] = {name: [] for name, _, _ in CASES}
    for _ in range(RUNS):
        for name, command, _ in CASES:
            times[name].append(sum(cpu_seconds(command) for _ in range(3)) / 3)
    base = statistics.median(times[CASES[0][0]])
    missed = False
    print(f"{'command':<32}{'CPU s':>8}{'ratio':>8}{'at most':>9}")
    for name, _, most in CASES:
        median = statistics.median(times[name])
        missed = missed or median / base > most
        print(f"{name:<32}{median:>8.3f}{median / base:>8.1f}{most:>9.1f}")
    sys.exit(missed)


if __name__ == "__main__":
    main()
