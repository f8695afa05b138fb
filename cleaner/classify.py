"""How much each line of a text looks like page furniture: a score in whole numbers, the same on every machine.

Two small ensembles of decision trees over whole-number columns: the first judges a line by itself, its neighbours and
its place, the second smooths over what the first one made of the lines around. `lines.json` holds the weights, written
by `scripts/train_lines.py`. A few documents are scored in plain Python, many by compiled code: the arithmetic is the
same, so the scores are.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cleaner import compiled
from cleaner.line_context import COLUMNS, LIES, SMOOTH, flow, place
from cleaner.line_features import CHARS, OWN, PROSE, own
from cleaner.line_marks import marks
from cleaner.line_verdict import FEWEST, LIMITS, NOTHING, Judged, Limits, judged
from cleaner.segment import filled, paragraphs

if TYPE_CHECKING:
    from cleaner.line_trees_kernel import Forest
    from cleaner.line_verdict_kernel import Judge

DEPTH = 5
INNER = (1 << DEPTH) - 1
UNIT = 1024
"""So much of a score is one unit of log-odds."""
MANY = 10_000
"""From so many lines on, loading kernels pays for a single text."""
OWN_SMOOTH = tuple(COLUMNS.index(name) for name in SMOOTH if name in COLUMNS)


@dataclass(frozen=True)
class Trees:
    """An ensemble of full binary trees of one depth: at node k, a value above the threshold goes to 2k+2, else 2k+1."""

    base: int
    columns: Sequence[str]
    features: tuple[tuple[int, ...], ...]
    thresholds: tuple[tuple[int, ...], ...]
    leaves: tuple[tuple[int, ...], ...]

    def by_list(self, columns: Sequence[Sequence[int]]) -> list[int]:
        """The score of each line, in plain Python."""
        found = []
        for row in zip(*columns, strict=True):
            score = self.base
            for features, thresholds, leaves in zip(self.features, self.thresholds, self.leaves, strict=True):
                node = 0
                while node < INNER:
                    node = 2 * node + (2 if row[features[node]] > thresholds[node] else 1)
                score += leaves[node - INNER]
            found.append(score)
        return found

    @cached_property
    def forest(self) -> Forest:
        """The ensemble as `line_trees_kernel` reads it."""
        from cleaner.line_trees_kernel import forest_of

        lies = [[LIES[self.columns[feature]] for feature in tree] for tree in self.features]
        return forest_of(self.base, lies, self.thresholds, self.leaves)


@dataclass(frozen=True)
class Weights:
    """What was learnt: the lexicon, both ensembles, and from which score on a line goes (by place) or is reported."""

    lexicon: dict[bytes, int]
    first: Trees
    second: Trees
    limits: Limits

    @cached_property
    def judge(self) -> Judge:
        """The same compiled."""
        from cleaner.line_speech_kernel import words_table
        from cleaner.line_verdict_kernel import Judge

        return Judge(words_table(self.lexicon), self.first.forest, self.second.forest, self.limits)


def parse(data: dict[str, Any]) -> Weights:
    """Weights from what `lines.json` holds."""
    trees = [_trees(data[name], columns) for name, columns in (("first", COLUMNS), ("second", SMOOTH))]
    lexicon = {word.encode("latin-1"): weight for word, weight in data["lexicon"].items()}
    return Weights(lexicon, trees[0], trees[1], (data["report"], *(data["remove"][name] for name in LIMITS)))


def _trees(data: dict[str, Any], columns: Sequence[str]) -> Trees:
    names = {name: number for number, name in enumerate(columns)}
    rows = data["trees"]
    if any(len(row["thresholds"]) != INNER or len(row["leaves"]) != INNER + 1 for row in rows):
        raise ValueError(f"a tree has {INNER} questions and {INNER + 1} leaves")
    return Trees(
        data["base"],
        columns,
        tuple(tuple(names[name] for name in row["features"].split()) for row in rows),
        tuple(tuple(row["thresholds"]) for row in rows),
        tuple(tuple(row["leaves"]) for row in rows),
    )


@cache
def shipped() -> Weights:
    """The weights that come with the package."""
    return parse(json.loads((Path(__file__).parent / "lines.json").read_text(encoding="utf-8")))


_CHOSEN: ContextVar[Weights | None] = ContextVar("weights", default=None)


@contextmanager
def using(weights: Weights) -> Iterator[None]:
    """Score with other weights inside the block, in this thread only: a benchmark needs those of a fold."""
    token = _CHOSEN.set(weights)
    try:
        yield
    finally:
        _CHOSEN.reset(token)


def current() -> Weights:
    """The weights that `scores` uses when it is given none."""
    return _CHOSEN.get() or shipped()


def verdicts(text: str, weights: Weights | None = None) -> Judged:
    """What is thought of each paragraph of a text that looks like furniture; of a text of a few nothing."""
    lines = len(filled(text))
    if lines < FEWEST:
        return NOTHING
    known = weights or current()
    if compiled.on() or (lines > MANY and compiled.usable()):
        return by_kernel(text, known)
    return by_list(text, known)


def by_list(text: str, weights: Weights) -> Judged:
    """Verdicts in plain Python."""
    lines = paragraphs(text).texts
    if len(lines) < FEWEST:
        return NOTHING
    rows = own(lines, weights.lexicon)
    columns = [*map(list, zip(*rows, strict=True)), *place(rows)]
    first = weights.first.by_list(columns)
    around = flow(first, columns[PROSE], columns[CHARS])
    scores = weights.second.by_list([*(columns[n] for n in OWN_SMOOTH), *around])
    seen = marks(text)
    return judged(text, rows, scores, [seen[n] for n in filled(text)], weights.limits)


def by_kernel(text: str, weights: Weights) -> Judged:
    """Verdicts by compiled code."""
    return weights.judge.judged(text, marks(text))


assert COLUMNS[: len(OWN)] == OWN
