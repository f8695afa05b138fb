"""The characters of the prose lines of many texts, compiled: `finding.prose_length`."""

from __future__ import annotations

import numpy as np

from cleaner.compiled import borrower, inlined
from cleaner.duplicates.word_kernel import Bytes, Integers, Number, Shorts, ends_like_prose
from cleaner.segment import PROSE_LETTERS, PROSE_WORDS
from cleaner.words_of_bytes import below_of, bits, classes, count_of, equal, first, load, lowest, standing

_U = np.uint64
_TOGETHER = 64


@borrower
def prose_lengths(data: Bytes, borders: Integers, kinds: Shorts, out: Integers) -> None:
    """Write the characters of the prose lines of each text; -1 where plain Python must look.

    It must where a line that is not ASCII ends with a character that is not in the table, or has too few blanks. The
    texts are followed by PADDING.
    """
    for n in range(borders.size - 1):
        at, end = borders[n], borders[n + 1]
        out[n] = 0
        while at < end:
            stop, blanks, behind = _measured(data, at, end)
            length = stop - at - behind
            if length >= PROSE_LETTERS and (behind or blanks + 1 >= PROSE_WORDS):
                if behind and (blanks + 1 < PROSE_WORDS or _is_strange(data, at, stop)):
                    out[n] = -1
                    break
                if ends_like_prose(data, at, stop, kinds):
                    out[n] += length
            at = stop + 1


@inlined
def _up_to(size: Number) -> np.uint64:
    """Bits for so many of 64 bytes, one at least."""
    return ~_U(0) >> _U(_TOGETHER - size)


@inlined
def _measured(data: Bytes, at: Number, end: Number) -> tuple[Number, Number, Number]:
    """Where a line ends, its blanks, and the bytes of it that begin no character."""
    blanks = behind = 0
    while at < end:
        if at + _TOGETHER <= data.size:
            most = min(lowest(standing(data, at, np.uint8(0x0A))), end - at)
            if most:
                kept = _up_to(min(most, _TOGETHER))
                blanks += bits(standing(data, at, np.uint8(0x20)) & kept)
                behind += bits(classes(data, at)[1] & below_of(data, at, np.uint8(0xC0)) & kept)
            at += min(most, _TOGETHER)
            if most < _TOGETHER:
                break
            continue
        word = load(data, at)
        feed = equal(word, _U(0x0A))
        most = min(first(feed), end - at)
        kept = ~_U(0) if most == 8 else (_U(1) << _U(8 * most)) - _U(1)
        blanks += count_of(word & kept, _U(0x20))
        behind += count_of((word & kept) & _U(0xC0C0C0C0C0C0C0C0), _U(0x80))
        at += most
        if most < 8:
            break
    return at, blanks, behind


@inlined
def _is_strange(data: Bytes, at: Number, end: Number) -> bool:
    """Whether a line has a character that is not in the table."""
    while at < end and at + _TOGETHER < data.size:
        late = standing(data, at, np.uint8(0xE2)) & ~below_of(data, at + 1, np.uint8(0x88))
        if (late | ~below_of(data, at, np.uint8(0xE3))) & _up_to(min(end - at, _TOGETHER)):
            return True
        at += _TOGETHER
    strange = 0
    for k in range(at, end):
        strange += data[k] >= 0xE3 or (data[k] == 0xE2 and data[k + 1] > 0x87)
    return strange > 0
