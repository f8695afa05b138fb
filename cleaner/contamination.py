"""Passages that a corpus shares with evaluation texts: runs of tokens that stand in both."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from cleaner.corpus import CorpusError, digest, read_bytes
from cleaner.decode import decode
from cleaner.formats import holds_records
from cleaner.segment import tokens, words

NGRAM = 13
"""Tokens in a run that count as overlap: what GPT-3 (Brown et al. 2020, appendix C) took, and most since."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Evaluation texts as runs of tokens. `names` are their places (FILE:LINE), `sizes` how many runs each has.

    `owner` tells for each run of `ngram` tokens the first text that holds it; `ends` holds the first and last token of
    every run, so that nearly all of a corpus is passed over without a run being joined. `short` counts the texts with
    fewer tokens, which are not looked for. `digests` are those of the files, by name.
    """

    ngram: int
    names: tuple[str, ...]
    sizes: tuple[int, ...]
    owner: dict[tuple[str, ...], int]
    ends: frozenset[tuple[str, str]]
    short: int
    digests: dict[str, str]


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a document that stands in an evaluation text: `text[start:end]`, `tokens` long.

    `name` is the evaluation text in which its first run stands; of that text's `runs`, the document has `held`.
    """

    start: int
    end: int
    tokens: int
    name: str
    held: int
    runs: int


@dataclass(frozen=True, slots=True)
class Shared:
    """A passage at its place in a file: line and column from 1, and its text."""

    path: str
    document: str
    line: int
    column: int
    passage: Passage
    text: str


@cache
def read_evaluation(paths: tuple[Path, ...], ngram: int = NGRAM) -> Evaluation:
    """Read evaluation texts: a .txt file is one text; of a .jsonl file every string in a line is one.

    Raises CorpusError on a file that cannot be read, or when no text is long enough to be looked for.
    """
    named = [item for path in paths for item in _texts(path)]
    owner: dict[tuple[str, ...], int] = {}
    sizes = []
    for number, (_, text) in enumerate(named):
        runs = set(_runs(tokens(text), ngram))
        sizes.append(len(runs))
        for run in runs:
            owner.setdefault(run, number)
    if not owner:
        listed = ", ".join(str(path) for path in paths)
        raise CorpusError(
            f"{listed}: no text of {ngram} tokens or more to look for; a smaller --ngram finds shorter ones"
        )
    return Evaluation(
        ngram,
        tuple(name for name, _ in named),
        tuple(sizes),
        owner,
        frozenset((run[0], run[-1]) for run in owner),
        sum(size == 0 for size in sizes),
        {path.name: digest(read_bytes(path)) for path in paths},
    )


def _texts(path: Path) -> Iterator[tuple[str, str]]:
    """The texts of one file, each with its place."""
    if not path.is_file():
        raise CorpusError(f"{path}: no such file of evaluation texts")
    text = decode(read_bytes(path)).text
    if not holds_records(path.name):
        yield path.name, text
        return
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            values = list(_strings(json.loads(line)))
        except (ValueError, RecursionError) as error:
            raise CorpusError(f"{path}:{number}: is not JSON ({error}); evaluation texts must all be read") from error
        for value in values:
            yield f"{path.name}:{number}", value


def _strings(value: Any) -> Iterator[str]:
    """Every text inside a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)


def _runs(sequence: Sequence[str], size: int) -> Iterable[tuple[str, ...]]:
    return (tuple(sequence[at : at + size]) for at in range(len(sequence) - size + 1))


def passages(text: str, against: Evaluation) -> list[Passage]:
    """The stretches of a text that stand in evaluation texts, in reading order; overlapping runs are one stretch."""
    sequence = tokens(text)
    size = against.ngram
    ends = against.ends
    near = [at for at, pair in enumerate(zip(sequence, sequence[size - 1 :], strict=False)) if pair in ends]
    hits = []
    for at in near:
        run = tuple(sequence[at : at + size])
        if run in against.owner:
            hits.append((at, run))
    if not hits:
        return []
    held: dict[int, set[tuple[str, ...]]] = {}
    for _, run in hits:
        held.setdefault(against.owner[run], set()).add(run)
    spans = words(text)
    found = []
    first = 0
    for n in range(1, len(hits) + 1):
        if n < len(hits) and hits[n][0] <= hits[n - 1][0] + size:
            continue
        begin, last = hits[first][0], hits[n - 1][0] + size
        number = against.owner[hits[first][1]]
        place = spans[begin].start, spans[last - 1].end
        held_of = len(held[number]), against.sizes[number]
        found.append(Passage(*place, last - begin, against.names[number], *held_of))
        first = n
    return found


def summed(found: Sequence[Passage]) -> str:
    """Passages in words, as a reason: how many, of what, and the longest."""
    longest = max(found, key=lambda passage: passage.tokens)
    number = "1 passage" if len(found) == 1 else f"{len(found):,} passages"
    return f"{number} of evaluation texts, the longest {longest.tokens:,} tokens of {longest.name}"
