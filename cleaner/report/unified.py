"""A unified diff made from a document's pieces, so that every hunk knows the rules that made it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from cleaner.rule import MECHANICAL
from cleaner.text import Change
from cleaner.trace import Piece

Part = tuple[str, bool]
"""A stretch of a line, and whether it was changed."""

RISK = ("LAY", "SPC", "PUN", "ENC", "BOI", "MET", "SUB", "REP")
"""Families from the least to the most risky: what takes away or rewords prose comes first in a report."""


@dataclass(slots=True)
class Hunk:
    """A changed place: lines as they were and as they are, their first line numbers, and the changes."""

    raw_start: int
    clean_start: int
    raw: list[list[Part]] = field(default_factory=lambda: [[]])
    clean: list[list[Part]] = field(default_factory=lambda: [[]])
    changes: set[int] = field(default_factory=set)

    def codes(self, changes: Sequence[Change]) -> list[str]:
        """The codes of the rules that made it."""
        return sorted({changes[n].code for n in self.changes})

    def is_mechanical(self, changes: Sequence[Change]) -> bool:
        """Whether only families of small mechanical edits were at work."""
        return all(changes[n].code[:3] in MECHANICAL for n in self.changes)

    def risk(self, changes: Sequence[Change]) -> tuple[int, int]:
        """The riskiest family, then how much text went."""
        families = [RISK.index(c.code[:3]) if c.code[:3] in RISK else len(RISK) for c in self._of(changes)]
        return max(families, default=0), sum(c.end - c.start for c in self._of(changes))

    def _of(self, changes: Sequence[Change]) -> list[Change]:
        return [changes[n] for n in sorted(self.changes)]


def hunks(pieces: Iterable[Piece]) -> Iterator[Hunk]:
    """The changed places of a document. A line break that both texts have separates one place from the next."""
    current = Hunk(1, 1)
    for piece in pieces:
        if piece.change >= 0:
            current.changes.add(piece.change)
        for number, chunk in enumerate(piece.text.split("\n")):
            if number and piece.kind == "kept":
                yield from _finished(current)
                current = Hunk(current.raw_start + len(current.raw), current.clean_start + len(current.clean))
            elif number:
                (current.raw if piece.kind == "removed" else current.clean).append([])
            if piece.kind != "inserted" and chunk:
                current.raw[-1].append((chunk, piece.kind == "removed"))
            if piece.kind != "removed" and chunk:
                current.clean[-1].append((chunk, piece.kind == "inserted"))
    yield from _finished(current)


def _finished(hunk: Hunk) -> Iterator[Hunk]:
    """The hunk without the lines at its borders that are the same on both sides."""
    if not hunk.changes:
        return
    raw, clean = hunk.raw, hunk.clean
    first = 0
    while first < min(len(raw), len(clean)) and _plain(raw[first]) == _plain(clean[first]):
        first += 1
    last = 0
    while last < min(len(raw), len(clean)) - first and _plain(raw[-1 - last]) == _plain(clean[-1 - last]):
        last += 1
    yield Hunk(
        hunk.raw_start + first,
        hunk.clean_start + first,
        raw[first : len(raw) - last],
        clean[first : len(clean) - last],
        hunk.changes,
    )


def _plain(line: Iterable[Part]) -> str:
    return "".join(text for text, _ in line)


def header(hunk: Hunk, changes: Sequence[Change], names: dict[str, str]) -> str:
    """The @@ line of a hunk, with the codes and names of its rules."""
    labels = ", ".join(f"{code} {names.get(code, '')}".strip() for code in hunk.codes(changes))
    return f"@@ -{_range(hunk.raw_start, hunk.raw)} +{_range(hunk.clean_start, hunk.clean)} @@ {labels}"


def _range(start: int, lines: Sequence[object]) -> str:
    return f"{start if lines else start - 1},{len(lines)}"
