"""The verdicts of the compiled comparison on many pairs of texts: what `verify.compare` says of each."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import groupby

import numpy as np
import numpy.typing as npt

from cleaner.duplicates import verify_kernel as compiled
from cleaner.duplicates.align_kernel import bits, slots
from cleaner.duplicates.anchor_kernel import cuts
from cleaner.duplicates.glue_kernel import YES, scratch
from cleaner.duplicates.kernel import Batch
from cleaner.duplicates.known_kernel import add_words
from cleaner.duplicates.mend_kernel import mending
from cleaner.duplicates.sign_kernel import ROOM
from cleaner.duplicates.title_kernel import NOTICES
from cleaner.duplicates.verify import Evidence, Hunk
from cleaner.duplicates.word_kernel import WORD, Integers, Words, read_words
from cleaner.duplicates.word_table import bases, characters, special_words, word_hash
from cleaner.duplicates.wording import key_of
from cleaner.lexicon import FOLDER
from cleaner.packed import Packed, Room

AT_ONCE = 1 << 16
"""Hunks for which there is room before they are read off."""

LONGEST = 100_000
"""Words of a text up to which it is compared here: room is made for the longest."""
MENDED = 64
"""Words more that a text may have when glued ones are taken apart; one with more is left to the plain path."""
ADDRESS = 3
"""Said of a pair beside what `judge_pairs` says: it is one short notice under two titles."""


class Verdicts:
    """What is said of pairs of texts of a batch, each as (survivor, removed).

    With `gone`, which tells of each text whether it goes, those of texts that go are left out: see `judge_pairs`.
    """

    def __init__(self, batch: Batch, pairs: Integers, room: Room, gone: npt.NDArray[np.uint8] | None = None) -> None:
        self._gone = np.zeros(0, np.uint8) if gone is None else gone
        self._batch, self._pairs = batch, np.ascontiguousarray(pairs, np.int64)
        wanted = np.zeros(len(batch.unchanged), np.bool_)
        wanted[self._pairs.ravel()] = True
        wanted &= batch.unchanged
        parts = list(self._judged(self._read(wanted, room)))
        self._verdicts, self._hunks, self._events = (np.concatenate(column) for column in zip(*parts, strict=True))

    def _read(self, wanted: npt.NDArray[np.bool_], room: Room) -> Words:
        """The words of the texts that are compared."""
        sizes = np.diff(self._batch.packed.borders)
        words = room.words(int((sizes[wanted] // 2 + 1).sum()) * WORD.itemsize).view(WORD)
        self._starts = np.zeros(len(wanted) + 1, np.int64)
        self._facts = np.zeros((len(wanted), 3), np.int64)
        self._marks = np.zeros((len(wanted), ROOM), np.int64)
        tables = (*characters(), special_words())
        batch = self._batch
        read_words(
            batch.packed.data, batch.packed.borders, wanted, *tables, words, self._starts, self._facts, self._marks
        )
        return words[: self._starts[-1]]

    def _judged(self, words: Words) -> Iterator[tuple[Integers, Integers, Integers]]:
        """Verdicts, hunks and contradictions of some pairs after the other; ends count from the first pair of all."""
        longest = min(int(np.diff(self._starts).max(initial=0)), LONGEST) + MENDED
        room = _room(longest)
        most = max(AT_ONCE, 16 * longest + ROOM)
        done = hunks_done = events_done = 0
        yield np.zeros((0, 5), np.int64), np.zeros((0, 4), np.int64), np.zeros((0, 5), np.int64)
        while done < len(self._pairs):
            verdicts = np.zeros((len(self._pairs) - done, 5), np.int64)
            hunks, events = np.empty((most, 4), np.int64), np.empty((most, 5), np.int64)
            count = compiled.judge_pairs(
                self._batch.packed.data,
                self._batch.packed.borders,
                words,
                self._starts,
                self._facts,
                self._marks,
                self._batch.hashes,
                self._batch.starts,
                self._pairs[done:],
                self._gone,
                room,
                verdicts,
                hunks,
                events,
            )
            verdicts = verdicts[:count]
            written, noted = verdicts[-1, 2:4].tolist()
            verdicts[:, 2] += hunks_done
            verdicts[:, 3] += events_done
            yield verdicts, hunks[:written].copy(), events[:noted].copy()
            done, hunks_done, events_done = done + count, hunks_done + written, events_done + noted

    def __getitem__(self, number: int) -> Evidence | None:
        """The evidence about a pair; nothing where the plain path must look."""
        verdict, extra, hunks, events, _ = self._verdicts[number].tolist()
        if verdict == compiled.UNCLEAR:
            return None
        survivor, removed = self._pairs[number].tolist()
        first, noted = self._verdicts[number - 1, 2:4].tolist() if number else (0, 0)
        left, right = _Written(self._batch.packed.written(removed)), _Written(self._batch.packed.written(survivor))
        noted_of = self._events[noted:events].tolist()
        said = [part for group in _groups(noted_of) for part in _shown(group, left, right)]
        found = tuple([Hunk(left(a, b), right(c, d)) for a, b, c, d in self._hunks[first:hunks].tolist()])
        tokens = int(self._batch.starts[removed + 1] - self._batch.starts[removed])
        return Evidence(tuple(dict.fromkeys(said)), extra, tokens, found)

    def relations(self) -> Integers:
        """What is said of every pair, as SAID has it. A text under another title is a version."""
        verdicts = np.where(self._verdicts[:, 4] == YES, compiled.VERSION, self._verdicts[:, 0])
        verdicts[self._verdicts[:, 0] == compiled.UNCLEAR] = compiled.UNCLEAR
        verdicts[self._verdicts[:, 4] == NOTICES] = ADDRESS
        return verdicts

    def columns(self) -> tuple[Packed, Integers, Integers, Integers, Integers]:
        """The texts, and about them what `judge_pairs` takes and gives: pairs, verdicts, hunks, contradictions."""
        return self._batch.packed, self._pairs, self._verdicts, self._hunks, self._events

    def other_title(self, number: int) -> bool:
        """Whether the removed text of a pair has a title that the survivor has not."""
        return bool(self._verdicts[number, 4] == YES)


@cache
def _english() -> npt.NDArray[np.uint64]:
    """The English words that the lexicon knows, in lower case, by their hashes."""
    table = np.zeros(1 << 19, np.uint64)
    for name, capitals in (("english.txt", False), ("places.txt", True)):
        data = (FOLDER / name).read_bytes() + b"\n"
        add_words(np.frombuffer(bytearray(data), np.uint8), len(data), capitals, table)
        for word in _foreign(data):
            if capitals or word[1:].islower():
                at = word_hash(word.lower()) >> 20 & len(table) - 1
                while table[at]:
                    at = (at + 1) % len(table)
                table[at] = word_hash(word.lower())
    return table


def _foreign(data: bytes) -> set[str]:
    """The lines of a list that have more than ASCII; to ask each line for it takes a tenth of a second."""
    places = np.flatnonzero(np.frombuffer(data, np.uint8) >= 0x80).tolist()
    return {data[data.rfind(b"\n", 0, at) + 1 : data.index(b"\n", at)].decode("utf-8") for at in places}


def _room(longest: int) -> compiled.Room:
    """Room to compare texts of fewer than so many words."""
    return compiled.Room(
        *characters(),
        bases(),
        _english(),
        bits(longest),
        cuts(longest),
        mending(longest),
        scratch(),
        np.empty(slots(longest), np.uint64),
        np.empty((2 * longest + 2, 4), np.int64),
        np.empty(longest, np.int64),
        np.empty(longest, np.int64),
        np.empty(longest, np.int64),
        np.empty(longest + 1, np.int64),
        np.empty(longest, np.int64),
        np.empty(longest, np.bool_),
        np.empty((8 * longest + ROOM, 5), np.int64),
    )


Event = list[int]


def _groups(events: list[Event]) -> Iterator[list[Event]]:
    """Contradictions that were noted together."""
    for _, group in groupby(events, key=lambda event: (event[1], event[4])):
        yield list(group)


def _shown(events: list[Event], left: _Written, right: _Written) -> list[str]:
    """Some contradictions of one kind as they are told."""
    kind = events[0][1]
    if kind == compiled.SIGN:
        return sorted(map(_sign, (event[2] for event in events)))
    found = [(right if side else left)(start, end) for side, _, start, end, _ in events]
    return sorted(set(map(key_of, found))) if kind in (compiled.NUMBER, compiled.KEY) else found


def _sign(code: int) -> str:
    return f"{chr(code & 0x3FFF)}{chr(code >> 14 & 0x3FFF)}{('', '+', '#')[code >> 28]}"


class _Written:
    """A text by its places in bytes."""

    def __init__(self, data: memoryview) -> None:
        self._data = bytes(data)
        self._text = self._data.decode("ascii") if self._data.isascii() else ""

    def __call__(self, start: int, end: int) -> str:
        """A part of the text; nothing from -1 on."""
        if start < 0:
            return ""
        return self._text[start:end] if self._text else self._data[start:end].decode("utf-8")
