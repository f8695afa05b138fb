"""Which passages of a text share runs of words: the cheap question before any comparison."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from cleaner import compiled

RUN = 5
"""Words of a run."""


def sharing(passages: Sequence[str], least: int) -> list[tuple[int, int]]:
    """Pairs of passages that share `least` runs of five words or more, by number, the earlier one first.

    A passage may pair with itself. Words are what stands between ASCII blanks, A to Z in small letters; what that
    misses by a comma, the next run finds. Runs that stand three times or more are refrains or forms and count for no
    pair.
    """
    data = "\n".join(passages).encode("utf-8", "surrogatepass")
    if compiled.on():
        from cleaner.runs_kernel import shared_runs

        shared = shared_runs(data)
    else:
        shared = shared_runs_plain(data)
    return sorted(pair for pair, count in Counter(shared).items() if count >= least)


def shared_runs_plain(data: bytes) -> list[tuple[int, int]]:
    """For every run that stands just twice in lines of bytes, the two lines."""
    owner: list[int] = []
    first: dict[tuple[bytes, ...], int] = {}
    twice: dict[tuple[bytes, ...], int] = {}
    often: set[tuple[bytes, ...]] = set()
    for n, line in enumerate(data.lower().split(b"\n")):
        words = line.split()
        start = len(owner)
        owner += [n] * max(0, len(words) - RUN + 1)
        for at, run in enumerate(zip(*(words[i:] for i in range(RUN)), strict=False), start):
            if first.setdefault(run, at) != at:
                if run in twice:
                    often.add(run)
                else:
                    twice[run] = n
    return [(owner[first[run]], n) for run, n in twice.items() if run not in often]
