"""Words as arrays for the kernels: what is no simple chunk, and how Python cut it, remembered over all texts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING, Any

import numpy as np

from cleaner.english_words import is_symbol, known_chunks, pieces
from cleaner.word_kernel import (
    APART,
    BLANK,
    CLOSE,
    DIGIT,
    HASH,
    HYPHEN,
    KIND,
    LETTER,
    OPEN,
    STOP,
    STOPPED,
    WHOLE,
    again,
    cut,
    enter,
    hashes,
    summed,
)  # fmt: skip
from cleaner.word_measures import PHRASES, RUN, STOPS, Measures, has_letter

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST = 1 << 19
"""Chunks that are remembered, and at most sixteen times as many characters; then the table starts anew."""
TOP = 0x3001
"""Characters from here on are in no class; the one before is a blank."""
_STOPPED = re.compile("[^\\W\\d_A-ZÀ-ÖØ-ÞΑ-ΩЁА-Я]")


class _Growing:
    """An array with room behind its end."""

    def __init__(self, kind: Any, width: tuple[int, ...] = ()) -> None:
        self.data: NDArray[Any] = np.zeros((1 << 12, *width), kind)
        self.size = 0

    def add(self, values: Any) -> None:
        """Put values behind the end."""
        more = len(values)
        if self.size + more > len(self.data):
            grown = np.zeros((2 * (self.size + more), *self.data.shape[1:]), self.data.dtype)
            grown[: self.size] = self.data[: self.size]
            self.data = grown
        self.data[self.size : self.size + more] = values
        self.size += more


def _codes(text: str) -> NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


def _values(words: Sequence[str]) -> NDArray[np.int64]:
    """The hashes of words or chunks."""
    return np.ascontiguousarray(_rows(words, kinds=False)[:, HASH])


def _rows(words: Sequence[str], *, kinds: bool = True) -> NDArray[np.int64]:
    """Words as the kernels know them, perhaps without their kinds."""
    rows = np.empty((len(words), 4), np.int64)
    hashes(_codes("".join(words)), np.array([0, *accumulate(map(len, words))]), rows)
    if kinds:
        rows[:, KIND] = [_kind(word) for word in words]
    return rows


@lru_cache(maxsize=1 << 15)
def _kind(word: str) -> int:
    stop = 1 << STOPS.index(word) if word in STOPS else 0
    return (not is_symbol(word)) | has_letter(word) << 1 | stop << 2


def _classes() -> NDArray[np.uint8]:
    classes = np.zeros(TOP + 1, np.uint8)
    for code in range(TOP + 1):
        character = chr(code)
        if character.isspace():
            classes[code] = BLANK
        elif code < TOP and character.isalpha():
            classes[code] = LETTER | (STOPPED if _STOPPED.match(character) else 0)
    marks = {"0123456789": DIGIT, "(“‘„«": OPEN, ",;:!?)”’»": CLOSE, "\"'": OPEN | CLOSE, ".": STOP, "-–—": HYPHEN}
    for characters, kind in marks.items():
        for character in characters:
            classes[ord(character)] = kind
    return classes


class WordTable:
    """Measures texts, and learns their chunks on the way."""

    def __init__(self) -> None:
        self.classes = _classes()
        self.kinds = np.zeros(TOP + 1, np.uint8)
        for code in np.flatnonzero(self.classes & (OPEN | CLOSE | STOP | HYPHEN)).tolist():
            self.kinds[code] = _kind(chr(code))
        self.stops = _values(STOPS)
        self.known = np.zeros(1 << 13, np.int64), np.zeros(1 << 13, np.uint8)
        for chunk in known_chunks():
            enter(_values([chunk]), WHOLE if pieces(chunk) == (chunk,) else APART, 0, *self.known)
        self.phrases = np.array(PHRASES)
        self.found = np.zeros(6 + 2 * len(PHRASES), np.int64)
        self.room(1 << 12)
        self.forget()

    def room(self, characters: int) -> None:
        """Have buffers for a text of so many characters."""
        self.words = np.empty((characters, 4), np.int64)
        self.lost = np.empty(characters + 2, np.int64)
        self.counts = np.empty(characters, np.int64)
        self.slots = np.empty(1 << (2 * characters).bit_length(), np.int64)
        self.keys = np.empty_like(self.slots)

    def forget(self) -> None:
        """Forget all chunks."""
        self.pool, self.at = _Growing(np.uint32), _Growing(np.int64)
        self.first, self.flat = _Growing(np.int64), _Growing(np.int64, (4,))
        self.values = _Growing(np.int64)
        self._grow(1 << 12)
        for starts in (self.at, self.first):
            starts.add([0])

    def measured(self, text: str) -> Measures:
        """What cleaner.word_measures.plain gives."""
        count = self._cut(text)
        summed(self.words, count, self.phrases, RUN, self._slots(count), self.counts, self.found)
        words, proper, characters, lettered, stops, *pairs, run = self.found.tolist()
        phrases = tuple(zip(pairs[::2], pairs[1::2], strict=True))
        return Measures(words, proper, characters, lettered, stops, phrases, run)

    def again(self, text: str, sizes: Iterable[int]) -> list[int]:
        """What cleaner.word_measures.again_plain gives, for each size."""
        count = self._cut(text)
        return [again(self.words, count, size, self._slots(count), self.keys) for size in sizes]

    def _slots(self, count: int) -> NDArray[np.int64]:
        return self.slots[: 1 << max(4, (2 * count).bit_length())]

    def _cut(self, text: str) -> int:
        """Write the words of a text into the buffer; gives their number."""
        if self.at.size > MOST or self.pool.size > 16 * MOST:
            self.forget()
        if len(text) > len(self.words):
            self.room(2 * len(text))
        codes = _codes(text)
        count, lost = self._once(codes)
        if lost:
            places = self.lost[: 2 * lost].tolist()
            self._learn({text[start:end] for start, end in zip(places[::2], places[1::2], strict=True)})
            count, _ = self._once(codes)
        return count

    def _once(self, codes: NDArray[np.uint32]) -> tuple[int, int]:
        table = (*self.table, self.pool.data, self.at.data)
        flat = self.first.data, self.flat.data
        found: tuple[int, int] = cut(
            codes, self.classes, self.kinds, self.known, self.stops, table, flat, self.words, self.lost
        )
        return found

    def _learn(self, chunks: Iterable[str]) -> None:
        """Enter chunks that are not there, with the words they are cut into."""
        fresh = sorted(chunks)
        cuts = [pieces(chunk) for chunk in fresh]
        number, pooled, rows = self.at.size, self.pool.size, self.flat.size
        self.pool.add(_codes("".join(fresh)))
        self.at.add([pooled + size for size in accumulate(map(len, fresh))])
        self.flat.add(_rows([word for words in cuts for word in words]))
        self.first.add([rows + size for size in accumulate(map(len, cuts))])
        self.values.add(_values(fresh))
        if 2 * self.values.size > self.table[0].size:
            self._grow(4 * self.values.size)
        else:
            enter(self.values.data[number - 1 : self.values.size], number, 1, *self.table)

    def _grow(self, least: int) -> None:
        """A larger table of all chunks."""
        size = 1 << least.bit_length()
        self.table = np.zeros(size, np.int64), np.zeros(size, np.int64)
        enter(self.values.data[: self.values.size], 1, 1, *self.table)
