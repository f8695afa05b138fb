"""The chunks of all texts so far and the words they were cut into, as arrays for the kernels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from cleaner.english_words import is_symbol, pieces
from cleaner.word_kernel import commonest, counted, covered, placed, scanned, spelled
from cleaner.word_measures import PHRASES, RUN, STOPS, Measures, has_letter

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST = 1 << 19
"""Chunks that are remembered, and at most sixteen times as many characters; then the table starts anew."""
_BLANK = np.array([chr(code).isspace() for code in range(0x3001)])


class _Growing:
    """An array with room behind its end."""

    def __init__(self, kind: Any) -> None:
        self.data: NDArray[Any] = np.zeros(1 << 12, kind)
        self.size = 0

    def add(self, values: Any) -> None:
        """Put values behind the end."""
        more = len(values)
        if self.size + more > self.data.size:
            grown = np.zeros(2 * (self.size + more), self.data.dtype)
            grown[: self.size] = self.data[: self.size]
            self.data = grown
        self.data[self.size : self.size + more] = values
        self.size += more


class WordTable:
    """Measures texts, and learns their chunks on the way."""

    def __init__(self) -> None:
        self._start()

    def _start(self) -> None:
        self.pool, self.at = _Growing(np.uint32), _Growing(np.int64)
        self.first, self.flat = _Growing(np.int64), _Growing(np.int64)
        self.lengths, self.kinds = _Growing(np.int64), _Growing(np.int64)
        self.numbers: dict[str, int] = {}
        self.slots = np.zeros(1 << 20, np.int64)
        for starts in (self.at, self.first):
            starts.add([0])

    def measured(self, text: str) -> Measures:
        """What cleaner.word_measures.plain gives."""
        if self.at.size > MOST or self.pool.size > 16 * MOST:
            self._start()
        found = self._words(text)
        size = len(found)
        proper, characters, lettered, stops = counted(found, self.lengths.data, self.kinds.data)
        slots = np.empty(1 << max(4, (2 * size).bit_length()), np.int64)
        counts = np.empty(size, np.int64)
        phrases = []
        for length in PHRASES:
            count, one = commonest(found, self.lengths.data, length, slots, counts)
            phrases.append((count, one if count else 0))
        run = covered(found, self.lengths.data, RUN, slots)
        return Measures(size, proper, characters, lettered, stops.bit_count(), tuple(phrases), run)

    def _words(self, text: str) -> NDArray[np.int64]:
        codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
        found = np.empty(3 * (len(text) // 2 + 1), np.int64)
        count = scanned(codes, _BLANK, self.pool.data, self.at.data, self.slots, found)
        for chunk in np.flatnonzero(found[2 : 3 * count : 3] < 0).tolist():
            start, end = found[3 * chunk : 3 * chunk + 2].tolist()
            found[3 * chunk + 2] = self._learn(text[start:end], codes[start:end])
        words = np.empty(len(text), np.int64)
        total = spelled(found, count, self.first.data, self.flat.data, words)
        return words[:total]

    def _learn(self, chunk: str, codes: NDArray[np.uint32]) -> int:
        """The number of a chunk, entered if it is not there; one that stands twice in a text is met twice."""
        number = self.numbers.get(f"\n{chunk}")
        if number is not None:
            return number
        self.numbers[f"\n{chunk}"] = number = self.at.size - 1
        self.pool.add(codes)
        self.at.add([self.pool.size])
        self.flat.add([self._word(word) for word in pieces(chunk)])
        self.first.add([self.flat.size])
        placed(self.pool.data, self.at.data, self.slots, number)
        return number

    def _word(self, word: str) -> int:
        number = self.numbers.get(word)
        if number is None:
            self.numbers[word] = number = self.lengths.size
            self.lengths.add([len(word)])
            stop = 1 << STOPS.index(word) if word in STOPS else 0
            self.kinds.add([(not is_symbol(word)) | has_letter(word) << 1 | stop << 2])
        return number
