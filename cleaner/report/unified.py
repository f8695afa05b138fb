"""A unified diff made from a document's pieces, so that every hunk knows the rules that made it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from cleaner.rule import is_mechanical
from cleaner.text import Change
from cleaner.trace import Piece

Part = tuple[str, int]
"""A stretch of a line, and the index of the change that removed or inserted it, -1 for text that stays."""

Lines = list[list[Part]]

RISK = ("LAY", "SPC", "PUN", "ENC", "BOI", "MET", "SUB", "REP")
"""Families from the least to the most risky: what takes away or rewords prose comes first in a report."""


@dataclass(slots=True)
class Hunk:
    """A changed place: lines as they were and as they are, and their first line numbers."""

    raw_start: int
    clean_start: int
    raw: Lines = field(default_factory=lambda: [[]])
    clean: Lines = field(default_factory=lambda: [[]])

    @property
    def changes(self) -> set[int]:
        """Indexes of the changes that made it."""
        return {change for line in (*self.raw, *self.clean) for _, change in line if change >= 0}

    def codes(self, changes: Sequence[Change]) -> list[str]:
        """The codes of the rules that made it."""
        return sorted({changes[n].code for n in self.changes})

    def is_mechanical(self, changes: Sequence[Change]) -> bool:
        """Whether only families of small mechanical edits were at work."""
        return all(is_mechanical(changes[n].code) for n in self.changes)

    def risk(self, changes: Sequence[Change]) -> int:
        """How risky the riskiest family at work is."""
        families = (changes[n].code[:3] for n in self.changes)
        return max((RISK.index(family) if family in RISK else len(RISK) for family in families), default=0)


def hunks(pieces: Iterable[Piece]) -> Iterator[Hunk]:
    """The changed places of a document. A line break that both texts have separates one place from the next."""
    current = Hunk(1, 1)
    for piece in pieces:
        for number, chunk in enumerate(piece.text.split("\n")):
            if number and piece.kind == "kept":
                yield from _finished(current)
                current = Hunk(current.raw_start + len(current.raw), current.clean_start + len(current.clean))
            elif number:
                side = current.raw if piece.kind == "removed" else current.clean
                side[-1].append(("", piece.change))
                side.append([])
            if piece.kind != "inserted" and chunk:
                current.raw[-1].append((chunk, piece.change))
            if piece.kind != "removed" and chunk:
                current.clean[-1].append((chunk, piece.change))
    yield from _finished(current)


def _finished(hunk: Hunk) -> Iterator[Hunk]:
    """A hunk in up to three: whole lines that went at its head, lines that changed, whole lines that went last."""
    if not hunk.changes:
        return
    raw, clean = hunk.raw, hunk.clean
    head = _gone(raw, len(raw) - len(clean))
    tail = _gone(raw[::-1], len(raw) - len(clean) - head)
    end = len(raw) - tail
    if head:
        yield Hunk(hunk.raw_start, hunk.clean_start, raw[:head], [])
    if _plain(raw[head:end]) != _plain(clean):
        yield Hunk(hunk.raw_start + head, hunk.clean_start, raw[head:end], clean)
    if tail:
        yield Hunk(hunk.raw_start + end, hunk.clean_start + len(clean), raw[end:], [])


def _gone(lines: Lines, most: int) -> int:
    """How many of the first lines were removed whole, line break included, `most` of them at most."""
    count = 0
    while count < most and (lines[count] or count == 0) and all(change >= 0 for _, change in lines[count]):
        count += 1
    return count


def _plain(lines: Lines) -> str:
    return "\n".join("".join(text for text, _ in line) for line in lines)


def header(hunk: Hunk, changes: Sequence[Change], names: dict[str, str]) -> str:
    """The @@ line of a hunk, with the codes and names of its rules."""
    labels = ", ".join(f"{code} {names.get(code, '')}".strip() for code in hunk.codes(changes))
    return f"@@ -{_range(hunk.raw_start, hunk.raw)} +{_range(hunk.clean_start, hunk.clean)} @@ {labels}"


def _range(start: int, lines: Sequence[object]) -> str:
    return f"{start if lines else start - 1},{len(lines)}"
