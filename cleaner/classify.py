"""How much each line of a text looks like page furniture: a score in whole numbers, the same on every machine.

Two small ensembles of decision trees over whole-number columns: the first judges a line by itself, its neighbours and
its place, the second smooths over what the first one made of the lines around. `lines.json` holds the weights, written
by `scripts/train_lines.py`. A few documents are scored in plain Python, many by compiled code: the arithmetic is the
same, so the scores are.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from cleaner import compiled
from cleaner.line_context import COLUMNS, SMOOTH, flow, place
from cleaner.line_features import CHARS, LEXICAL, OWN, PROSE, own
from cleaner.line_marks import PROSE as PROSE_MARK
from cleaner.line_marks import marks
from cleaner.line_signs import signs, told
from cleaner.segment import filled, paragraphs

if TYPE_CHECKING:
    from cleaner.line_trees_kernel import Forest

DEPTH = 5
INNER = (1 << DEPTH) - 1
UNIT = 1024
"""So much of a score is one unit of log-odds."""
MANY = 10_000
"""From so many lines on, loading kernels pays for a single text."""
SURE = 2500
"""A line above this score is furniture as good as always, wherever it stands."""
HEADLINES = 2
"""One or two lines above the prose are a title and what stands over or under it, whatever they look like."""
CLEAR = 500
"""A line above this score before or after the prose is evidence of furniture, if its words say so."""
SAYS = 50
"""The lexical weight from which words say so: lists of a bare article score high by their shape, not by their words."""
STRICTER = 3000
"""So much more a line must score in a text without evidence: a bare article, a list, a table. Measured on bare bodies:
two thirds less lost."""
LONG = 11
"""A line of so many blanks is held to what is asked of prose, whatever it ends in."""
OWN_SMOOTH = tuple(COLUMNS.index(name) for name in SMOOTH if name in COLUMNS)


@dataclass(frozen=True)
class Trees:
    """An ensemble of full binary trees of one depth: at node k, a value above the threshold goes to 2k+2, else 2k+1."""

    base: int
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
        import numpy as np

        parts = [np.array(part, dtype=np.int32) for part in (self.features, self.thresholds, self.leaves)]
        return self.base, parts[0], parts[1], parts[2]


@dataclass(frozen=True)
class Weights:
    """What was learnt: the lexicon, both ensembles, and from which score on a line goes (by place) or is reported."""

    lexicon: dict[bytes, int]
    first: Trees
    second: Trees
    remove: dict[str, int]
    report: int

    @cached_property
    def words(self) -> Any:
        """The known words with their weights as `line_kernel` reads them."""
        from cleaner.line_alone_kernel import words_table

        return words_table(self.lexicon)


def parse(data: dict[str, Any]) -> Weights:
    """Weights from what `lines.json` holds."""
    trees = [_trees(data[name], columns) for name, columns in (("first", COLUMNS), ("second", SMOOTH))]
    lexicon = {word.encode("latin-1"): weight for word, weight in data["lexicon"].items()}
    return Weights(lexicon, trees[0], trees[1], data["remove"], data["report"])


def _trees(data: dict[str, Any], columns: Sequence[str]) -> Trees:
    names = {name: number for number, name in enumerate(columns)}
    rows = data["trees"]
    return Trees(
        data["base"],
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


SHAPE = OWN
"""The names of the columns of a line by itself."""


class Scored(NamedTuple):
    """Scores of lines, and by its number the columns `SHAPE` of a line and what it shows, in words."""

    values: list[int]
    columns: Callable[[int], Sequence[int]]
    signs: Callable[[int], str]


def scores(lines: Sequence[str], weights: Weights | None = None) -> Scored:
    """Score lines, none of them blank: above 0 a line is rather furniture than text."""
    if not lines:
        return Scored([], ().__getitem__, lambda _: "")
    known = weights or current()
    return scores_by_kernel(lines, known) if _many(lines) else scores_by_list(lines, known)


def _many(lines: Sequence[str]) -> bool:
    return compiled.on() or (len(lines) >= MANY and compiled.usable())


class Verdict(NamedTuple):
    """What is thought of a line that looks like furniture: its score, its place, and whether it goes or is reported."""

    score: int
    place: str
    goes: bool


class Judged(NamedTuple):
    """What is thought of the paragraphs of a text: a verdict on each that looks like furniture, by its number.

    `prose` has a true value for each that looks like prose; `first` and `last` are surely prose: what stands before is
    the head, what stands behind the tail, and the rest inside. Without any such line nothing goes, all is inside.
    """

    found: dict[int, Verdict]
    prose: Sequence[int]
    first: int
    last: int
    scored: Scored


def verdicts(text: str, weights: Weights | None = None) -> Judged:
    """What is thought of each paragraph of a text."""
    known = weights or current()
    lines = paragraphs(text).texts
    scored = scores(lines, known)
    values = scored.values
    seen, shown = marks(text), filled(text)
    prose = bytes([seen[n] & PROSE_MARK for n in shown])
    sure = [n for n, value in enumerate(values) if value < 0 and prose[n]]
    first, last = (sure[0], sure[-1]) if sure else (0, len(lines) - 1)
    extra = 0 if _is_page(scored, first, last) else STRICTER
    found = {}
    for n, value in enumerate(values):
        if value > known.report:
            place = "head" if n < first else "tail" if n > last else "inside"
            long = prose[n] or lines[n].count(" ") >= LONG
            goes = value > known.remove[f"long {place}" if long else place] + extra and bool(sure)
            found[n] = Verdict(value, place, goes)
    return Judged(found, prose, first, last, scored)


def _is_page(scored: Scored, first: int, last: int) -> bool:
    """Whether something before or after the prose is furniture by its words; a title and its kicker do not count."""
    values = scored.values
    outside = [*range(first if first > HEADLINES else 0), *range(last + 1, len(values))]
    return any(values[n] >= CLEAR and scored.columns(n)[LEXICAL] >= SAYS for n in outside)


def scores_by_list(lines: Sequence[str], weights: Weights) -> Scored:
    """Scores in plain Python."""
    rows = own(lines, weights.lexicon)
    columns = [*map(list, zip(*rows, strict=True)), *place(rows)]
    first = weights.first.by_list(columns)
    around = flow(first, columns[PROSE], columns[CHARS])
    values = weights.second.by_list([*(columns[n] for n in OWN_SMOOTH), *around])
    return Scored(values, rows.__getitem__, lambda n: told(signs(rows[n])))


def scores_by_kernel(lines: Sequence[str], weights: Weights) -> Scored:
    """Scores by compiled code."""
    from cleaner.line_kernel import own_table
    from cleaner.line_score_kernel import flow, place, signs_of
    from cleaner.line_trees_kernel import judge

    table = own_table(lines, weights.words)
    place(table)
    first = judge(*weights.first.forest, table)
    values = judge(*weights.second.forest, flow(first, table)).tolist()
    shown = signs_of(table).tolist()
    return Scored(values, lambda n: table[n, : len(OWN)].tolist(), lambda n: told(shown[n]))


assert COLUMNS[: len(OWN)] == OWN
