"""Which lines of a text share runs of words: the cheap question before any comparison."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from cleaner import compiled
from cleaner.segment import lines

RUN = 5
"""Words of a run."""


def sharing(text: str, least: int, compared: Callable[[str], bool]) -> list[tuple[int, int]]:
    """Pairs of lines that share `least` runs of five words or more, by number, the earlier one first.

    Only lines that are `compared` count. A line may pair with itself. Words are what stands between ASCII blanks, A to
    Z in small letters; what that misses by a comma, the next run finds. Runs that stand three times or more are
    refrains or forms and count for no pair.
    """
    rows = lines(text).texts
    if compiled.on():
        from cleaner.runs_kernel import repeated_runs

        runs = repeated_runs(text.encode("utf-8", "surrogatepass"), least)
        asked = {row: compared(rows[row]) for row in dict.fromkeys(row for _, row in runs)}
        runs = [(run, row) for run, row in runs if asked[row]]
    else:
        runs = repeated_runs_plain([line.encode("utf-8", "surrogatepass") if compared(line) else b"" for line in rows])
    owners: dict[int, list[int]] = {}
    for run, row in runs:
        owners.setdefault(run, []).append(row)
    shared = Counter((found[0], found[1]) for found in owners.values() if len(found) == 2)
    return sorted(pair for pair, count in shared.items() if count >= least)


def repeated_runs_plain(rows: list[bytes]) -> list[tuple[int, int]]:
    """The runs that stand twice or more in lines of bytes: for each place in order its run, by number, and its line."""
    places = [
        (run, n)
        for n, row in enumerate(rows)
        if len(words := row.lower().split()) >= RUN
        for run in zip(*(words[i:] for i in range(RUN)), strict=False)
    ]
    counts = Counter(run for run, _ in places)
    numbers = {run: n for n, run in enumerate(counts)}
    return [(numbers[run], n) for run, n in places if counts[run] > 1]
