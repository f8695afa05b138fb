"""What passages of one text share: runs of words, and of characters. The cheap questions before any comparison."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import lru_cache

from cleaner import compiled
from cleaner.segment import ends_like_prose, lines

RUN = 5
"""Words of a run."""
LONGISH = 40
"""Characters of the shortest line that is compared."""
CHARACTERS = 5
"""Characters of a run: what sentences of one document are compared by."""


def is_prose_like(line: str) -> bool:
    """Whether a line is long enough to say something twice, and ends like a sentence."""
    return len(line) >= LONGISH and ends_like_prose(line)


def sharing(text: str, least: int, compared: Callable[[str], bool]) -> list[tuple[int, int]]:
    """Pairs of lines that share `least` runs of five words or more, by number, the earlier one first.

    Only lines that are `is_prose_like` and `compared` count. A line may pair with itself. Words are what stands between
    ASCII blanks, A to Z in small letters; what that misses by a comma, the next run finds. Runs that stand three times
    or more are refrains or forms and count for no pair.
    """
    if compiled.on():
        from cleaner.runs_kernel import repeated_runs

        runs = repeated_runs(text.encode("utf-8", "surrogatepass"), least)
        rows = lines(text).texts if runs else ()
        asked = {row: is_prose_like(rows[row]) and compared(rows[row]) for row in {row for _, row in runs}}
        runs = [(run, row) for run, row in runs if asked[row]]
    else:
        counted = (line if is_prose_like(line) and compared(line) else "" for line in lines(text).texts)
        runs = repeated_runs_plain([line.encode("utf-8", "surrogatepass") for line in counted])
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


def likeness(one: str, other: str) -> tuple[int, int]:
    """The runs of five characters that two passages share, and those of either: their Jaccard similarity as a fraction.

    Passages are given as their folded tokens, joined by blanks; one that is shorter is one run.
    """
    if compiled.on() and one.isascii() and other.isascii():
        from cleaner.runs_kernel import likeness as by_kernel

        return by_kernel(one.encode(), other.encode())
    left, right = _characters(one), _characters(other)
    shared = len(left & right)
    return shared, len(left) + len(right) - shared


@lru_cache(maxsize=1 << 9)
def _characters(passage: str) -> frozenset[str]:
    starts = range(max(1, len(passage) - CHARACTERS + 1)) if passage else ()
    return frozenset(passage[at : at + CHARACTERS] for at in starts)
