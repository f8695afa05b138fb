"""Which words of a line the article uses elsewhere: whole numbers per line, from the words that say what it is about.

A heading or a list item of the article speaks of what the article speaks of; a teaser of another one does not. Where an
article ends, what follows takes up little of what was said; before it begins, little is said that comes up again.
`line_echo_kernel` reckons the same, compiled.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import accumulate

ECHO = ("content", "shared", "known_before", "known_after", "rest_known", "start_known", "next_known")
"""How many content words a line has; then, in a thousand content words (-1 where there are none): of the line those
that occur in other prose, in prose above, in prose below; of all from here on those in prose above; of all up to here
those in prose below; of this line and the next `AHEAD` those in prose above."""
AHEAD = 5


def echo(about: Sequence[Sequence[bytes]], prose: Sequence[int]) -> list[list[int]]:
    """The columns `ECHO` over the lines; `about` holds the content words of each line."""
    total = len(about)
    lines_with: Counter[bytes] = Counter()
    first: dict[bytes, int] = {}
    last: dict[bytes, int] = {}
    for n, (words, flag) in enumerate(zip(about, prose, strict=True)):
        if flag:
            for word in set(words):
                lines_with[word] += 1
                first.setdefault(word, n)
                last[word] = n
    shared, before, after = [0] * total, [0] * total, [0] * total
    rest, start, ahead = [0] * (total + 2), [0] * (total + 2), [0] * (total + 2)
    for n, (words, flag) in enumerate(zip(about, prose, strict=True)):
        for word in words:
            shared[n] += lines_with[word] > flag
            above, below = first.get(word, total), last.get(word, -1)
            if above < n:
                before[n] += 1
                _span(rest, above + 1, n + 1)
                _span(ahead, max(above + 1, n - AHEAD), n + 1)
            if below > n:
                after[n] += 1
                _span(start, n, below)
    counts = [len(words) for words in about]
    sums = [0, *accumulate(counts)]
    remaining = [sums[total] - sums[n] for n in range(total)]
    coming = [sums[min(total, n + AHEAD + 1)] - sums[n] for n in range(total)]
    return [
        [min(count, 60) for count in counts],
        _share(shared, counts),
        _share(before, counts),
        _share(after, counts),
        _share(accumulate(rest[:total]), remaining),
        _share(accumulate(start[:total]), sums[1:]),
        _share(accumulate(ahead[:total]), coming),
    ]


def _span(steps: list[int], begin: int, end: int) -> None:
    """Count one for every line from `begin` to before `end`."""
    steps[begin] += 1
    steps[end] -= 1


def _share(parts: Iterable[int], wholes: Iterable[int]) -> list[int]:
    return [part * 1000 // whole if whole else -1 for part, whole in zip(parts, wholes, strict=True)]
