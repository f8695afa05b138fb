"""Where in the raw text a change happened: the raw text and the clean one as one sequence of pieces."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from cleaner.text import Change, steps

Kind = Literal["kept", "removed", "inserted"]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text. Kept and removed pieces together are the raw text, kept and inserted ones the clean text.

    `change` is the index of the change that removed or inserted it, -1 for a kept piece.
    """

    kind: Kind
    text: str
    change: int = -1


@dataclass(frozen=True, slots=True)
class Trace:
    """`pieces` in reading order, and for every change the span of the raw text it stands for."""

    pieces: tuple[Piece, ...]
    spans: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Something a rule said about a file. `made` is true for what `fix` changes, false for what it only reports.

    `line` and `column` count from 1, in characters of the raw file; `start` is the offset in the document's raw text,
    and `quote` what the raw text says there. `document` is its name in decisions.toml.
    """

    path: str
    line: int
    column: int
    start: int
    change: Change
    quote: str
    made: bool
    document: str


def trace(raw: str, changes: Sequence[Change]) -> Trace:
    """Follow recorded changes from the raw text to the clean one. Linear in text plus changes, per step."""
    pieces = [Piece("kept", raw)] if raw else []
    spans: list[tuple[int, int]] = []
    first = 0
    for step in steps(changes):
        pieces, step_spans = _followed(pieces, step, first)
        spans += step_spans
        first += len(step)
    return Trace(tuple(pieces), tuple(spans))


def locate(pieces: Iterable[Piece], spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Map spans of the current text (kept and inserted pieces) to spans of the raw text."""
    ordered = list(pieces)
    return [(_raw_offset(ordered, start, False), _raw_offset(ordered, end, True)) for start, end in spans]


def _raw_offset(pieces: Sequence[Piece], position: int, end: bool) -> int:
    """The raw offset of a position; in inserted text, the start or the end of what it was inserted for."""
    raw = current = 0
    replaced = -1, 0  # the change that removed the text just before, and where that text begins
    for piece in pieces:
        size = len(piece.text)
        if piece.kind == "removed":
            if replaced[0] != piece.change:
                replaced = piece.change, raw
            raw += size
            continue
        if position < current + size or (end and position <= current + size):
            if piece.kind == "kept":
                return raw + position - current
            return raw if end or replaced[0] != piece.change else replaced[1]
        current += size
        if piece.kind == "kept":
            raw += size
            replaced = -1, 0
    return raw


class _Cursor:
    """Walks the visible pieces of a text, copying what it passes."""

    def __init__(self, pieces: list[Piece]) -> None:
        self.source = pieces[::-1]
        self.done: list[Piece] = []
        self.raw = 0
        self.visible = 0

    def to(self, position: int, change: int = -1) -> None:
        """Go to a position of the visible text; with a change, what is passed is removed by it."""
        while self.visible < position and self.source:
            piece = self.source.pop()
            if piece.kind == "removed":
                self._emit(piece)
                continue
            room = position - self.visible
            if len(piece.text) > room:
                self.source.append(Piece(piece.kind, piece.text[room:], piece.change))
                piece = Piece(piece.kind, piece.text[:room], piece.change)
            self.visible += len(piece.text)
            if change < 0:
                self._emit(piece)
            elif piece.kind == "kept":
                self._emit(Piece("removed", piece.text, change))

    def over_removed(self) -> None:
        """Pass removed text that stands exactly here, so that the next change starts behind it."""
        while self.source and self.source[-1].kind == "removed":
            self._emit(self.source.pop())

    def _emit(self, piece: Piece) -> None:
        self.done.append(piece)
        if piece.kind != "inserted":
            self.raw += len(piece.text)


def _followed(pieces: list[Piece], step: list[Change], first: int) -> tuple[list[Piece], list[tuple[int, int]]]:
    cursor = _Cursor(pieces)
    spans = []
    for number, change in enumerate(step, first):
        cursor.to(change.start)
        if change.end > change.start:
            cursor.over_removed()
        start = cursor.raw
        cursor.to(change.end, number)
        spans.append((start, cursor.raw))
        if change.after:
            cursor.done.append(Piece("inserted", change.after, number))
    cursor.done += cursor.source[::-1]
    return cursor.done, spans


@lru_cache(maxsize=2)
def _line_starts(text: str) -> list[int]:
    return [0, *(at + 1 for at, character in enumerate(text) if character == "\n")]


def line_and_column(text: str, position: int) -> tuple[int, int]:
    """Line and column of a character, both from 1."""
    starts = _line_starts(text)
    line = bisect_right(starts, position)
    return line, position - starts[line - 1] + 1
