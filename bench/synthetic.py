"""A synthetic corpus whose truth is known: JSONL of any size, made of the words of our own list, seeded.

    python -m bench.synthetic DOCUMENTS FOLDER [WORDS]     writes corpus.jsonl and truth.tsv there

Words are drawn by rank (Zipf), so that frequencies and lengths are those of prose while unrelated documents share
hardly a run of five words. A document has about 400 words, 3 KB, where no other mean is given.
62 % stand alone; the others form families of 2 to 6, a fifth of
them of identical texts, the rest edited (words replaced here and there, a passage dropped, a passage inserted) towards
a Jaccard of .5 to .98, spread evenly. Some repeat a paragraph, and sites add up to three lines of furniture. Truth is
the exact Jaccard similarity of every pair of a family, over the runs of five tokens of the final texts.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path

import numpy as np
import numpy.typing as npt

from cleaner.segment import shingles, tokens

WORDS = Path(__file__).parent.parent / "cleaner" / "words" / "english.txt"
RARER = "\n#50\n"
"""The list goes from the commonest words to the rarest; from here on they are left out."""
FREQUENT = (
    "the of and to in a is that for it was on with as be at by this from have or an which not are were but has had"
)
BLOCK = 10_000
"""Documents that are made at a time; the members of a family lie within one block."""
MEAN, SPREAD = 400, 0.55
TARGETS = (0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 0.98)
FURNITURE = (
    "Share this article on Facebook Twitter WhatsApp and Email.",
    "Sign up for our daily newsletter to get the news that matters.",
    "Please read our comment policy before posting a comment below.",
    "Photo: supplied by the agency. All rights reserved.",
    "Click here to read more stories from this section.",
    "This article first appeared in the print edition of our paper.",
)

Numbers = npt.NDArray[np.int64]


@dataclass(slots=True)
class Block:
    """Some documents, and for each pair of one family: the two places, shared and united shingles."""

    texts: list[str]
    truth: list[tuple[int, int, int, int]] = field(default_factory=list)


class Writer:
    """Draws words and sets them as text."""

    def __init__(self, seed: tuple[int, ...]) -> None:
        self.dice = np.random.default_rng(seed)
        common = WORDS.read_text(encoding="utf-8").partition(RARER)[0]
        known = [word for word in common.split() if word.isalpha()]
        order = np.random.default_rng(1).permutation(len(known))
        self.words = [*FREQUENT.split(), *(known[n] for n in order)]
        weights = 1 / (np.arange(len(self.words)) + 3.0)
        self.cumulated = np.cumsum(weights) / weights.sum()

    def draw(self, count: int) -> list[str]:
        """Words by their frequency, every fiftieth a number; a full stop behind every 17th or so."""
        ranks = np.searchsorted(self.cumulated, self.dice.random(count)).clip(max=len(self.words) - 1)
        stops, figures = self.dice.random(count) < 0.06, self.dice.random(count) < 0.02
        drawn = [str(n % 1999) if figure else self.words[n] for n, figure in zip(ranks.tolist(), figures, strict=True)]
        return [f"{word}." if stop else word for word, stop in zip(drawn, stops, strict=True)]

    def edited(self, words: list[str], target: float) -> list[str]:
        """A copy with about this Jaccard similarity to the original."""
        count = len(words)
        style = self.dice.integers(3)
        if style == 0:
            changed = list(words)
            places = self.dice.choice(count, max(1, round(count * (1 - target) / (5 * (1 + target)))), replace=False)
            for place, word in zip(places.tolist(), self.draw(len(places)), strict=True):
                changed[place] = word
            return changed
        if style == 1:
            size = max(1, round(count * (1 - target)))
            at = int(self.dice.integers(max(1, count - size)))
            return words[:at] + words[at + size :]
        at = int(self.dice.integers(count))
        return words[:at] + self.draw(max(1, round(count * (1 / target - 1)))) + words[at:]

    def text(self, words: list[str], site: int, *, repeats: bool) -> str:
        """Paragraphs of about sixty words, with the furniture of the site."""
        parts = [" ".join(words[at : at + 60]) for at in range(0, len(words), 60)]
        if repeats and len(parts) > 2:
            parts.insert(len(parts) // 2, parts[0])
        return "\n\n".join(
            [*(part[0].upper() + part[1:] for part in parts), *FURNITURE[site % 6 : site % 6 + site % 4]]
        )


def block(number: int, size: int = BLOCK, seed: int = 1, mean: int = MEAN) -> Block:
    """Make one block; the same whatever else is made."""
    writer = Writer((seed, number))
    dice = writer.dice
    order = dice.permutation(size).tolist()
    made = Block([""] * size)
    alone = round(size * 0.62)
    while order:
        family = 1 if len(order) > size - alone else int(dice.integers(2, 7))
        members, order = order[:family], order[family:]
        length = int(np.clip(dice.lognormal(np.log(mean) - SPREAD**2 / 2, SPREAD), mean // 5, 15 * mean))
        words = writer.draw(length)
        identical = dice.random() < 0.2
        site, repeats = int(dice.integers(200)), bool(dice.random() < 0.05)
        for n, member in enumerate(members):
            if identical:
                made.texts[member] = writer.text(words, site, repeats=repeats)
                continue
            body = writer.edited(words, float(dice.choice(TARGETS))) if n else words
            made.texts[member] = writer.text(body, int(dice.integers(200)), repeats=bool(dice.random() < 0.05))
        made.truth += _pairs(members, made.texts)
    return made


def _pairs(members: list[int], texts: list[str]) -> Iterator[tuple[int, int, int, int]]:
    sets = {member: shingles(tokens(texts[member]), 5) for member in members} if len(members) > 1 else {}
    for (one, left), (other, right) in combinations(sorted(sets.items()), 2):
        shared = len(left & right)
        yield one, other, shared, len(left) + len(right) - shared


def write(documents: int, folder: Path, mean: int = MEAN) -> None:
    """Write a corpus and its truth; `mean` is the words of a document."""
    folder.mkdir(parents=True, exist_ok=True)
    with (
        (folder / "corpus.jsonl").open("w", encoding="utf-8") as corpus,
        (folder / "truth.tsv").open("w", encoding="utf-8") as truth,
    ):
        for start in range(0, documents, BLOCK):
            made = block(start // BLOCK, min(BLOCK, documents - start), mean=mean)
            for n, text in enumerate(made.texts, start):
                corpus.write(json.dumps({"id": f"d{n:08d}", "text": text}) + "\n")
            for one, other, shared, united in made.truth:
                truth.write(f"d{one + start:08d}\td{other + start:08d}\t{shared}\t{united}\n")


if __name__ == "__main__":
    write(int(sys.argv[1]), Path(sys.argv[2]), *map(int, sys.argv[3:]))
