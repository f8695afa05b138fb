"""What passages of one text share: runs of words, and of characters. The cheap questions before any comparison."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from cleaner import compiled
from cleaner.segment import Lines, ends_like_prose, lines, tokens

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
    found = None
    if compiled.on():
        from cleaner.runs_kernel import repeated_runs

        found = repeated_runs(text, least)
    if found is None:
        counted = (line if is_prose_like(line) and compared(line) else "" for line in lines(text).texts)
        found = repeated_runs_plain([line.encode("utf-8", "surrogatepass") for line in counted])
    twice, often = found
    shared: dict[tuple[int, int], int] = {}
    for pair in twice:
        shared[pair] = shared.get(pair, 0) + 1
    if not often and max(shared.values(), default=0) < least:
        return []
    return sorted(_enough(shared, often, least, _Counting(lines(text), compared)))


class _Counting(dict[int, bool]):
    """Whether lines count, by number: asked of few, and of each once."""

    def __init__(self, rows: Lines, compared: Callable[[str], bool]) -> None:
        super().__init__()
        self.rows, self.compared = rows, compared

    def __missing__(self, row: int) -> bool:
        line = self.rows.text(row)
        self[row] = found = is_prose_like(line) and self.compared(line)
        return found


def _enough(
    shared: dict[tuple[int, int], int], often: list[list[int]], least: int, counts: Mapping[int, bool]
) -> Iterator[tuple[int, int]]:
    """The pairs of lines that count and share enough: runs that stand twice, and such as do so in lines that count."""
    for found in often:
        kept = [row for row in found if counts[row]]
        if len(kept) == 2:
            pair = kept[0], kept[1]
            shared[pair] = shared.get(pair, 0) + 1
    return (pair for pair, count in shared.items() if count >= least and counts[pair[0]] and counts[pair[1]])


class Repeated(NamedTuple):
    """The lines in which runs stand that recur: a pair for each that stands twice, all lines of each other one."""

    twice: list[tuple[int, int]]
    often: list[list[int]]


def repeated_runs_plain(rows: list[bytes]) -> Repeated:
    """The runs of words that recur in lines of bytes, by the numbers of their lines, in order."""
    owners: dict[tuple[bytes, ...], list[int]] = {}
    for n, row in enumerate(rows):
        if len(words := row.lower().split()) >= RUN:
            for run in zip(*(words[i:] for i in range(RUN)), strict=False):
                owners.setdefault(run, []).append(n)
    found = owners.values()
    return Repeated(
        [(lines[0], lines[1]) for lines in found if len(lines) == 2], [lines for lines in found if len(lines) > 2]
    )


class Passage(NamedTuple):
    """A passage to be compared: its length as written, and itself, or its folded tokens joined by blanks.

    The latter where it is not all ASCII.
    """

    size: int
    text: str


def first_alike(
    ones: Sequence[Passage], others: Sequence[Passage], share: tuple[int, int], *, before: bool = False
) -> list[int]:
    """For each passage the number of the first of the other ones that is alike; -1 where none is.

    Two are alike when they share a part of their runs of characters, a fraction, and so much of the longer one is as
    long as the shorter one. With `before` passage n is compared with the first n of the others only.
    """
    if not ones or not others:
        return [-1] * len(ones)
    if compiled.on() and all(passage.text.isascii() for passage in (*ones, *others)):
        from cleaner.runs_kernel import first_alike as by_kernel

        return by_kernel(ones, others, share, before)
    numbered = list(enumerate(others))
    found = []
    for n, one in enumerate(ones):
        asked = numbered[:n] if before else numbered
        found.append(next((number for number, other in asked if _is_alike(one, other, share)), -1))
    return found


def is_near(one: int, other: int, share: tuple[int, int]) -> bool:
    """Whether two passages of these lengths can be alike."""
    part, of = share
    return min(one, other) * of >= max(one, other) * part


@lru_cache(maxsize=1 << 10)
def _is_alike(one: Passage, other: Passage, share: tuple[int, int]) -> bool:
    if not is_near(one.size, other.size, share):
        return False
    part, of = share
    left, right = _characters(one.text), _characters(other.text)
    shared = len(left & right)
    return shared * of >= (len(left) + len(right) - shared) * part


@lru_cache(maxsize=1 << 9)
def _characters(text: str) -> frozenset[str]:
    """The runs of characters of a passage; one that is shorter is one run."""
    passage = " ".join(tokens(text)) if text.isascii() else text
    starts = range(max(1, len(passage) - CHARACTERS + 1)) if passage else ()
    return frozenset(passage[at : at + CHARACTERS] for at in starts)
