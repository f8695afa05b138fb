"""Where two sequences of hashes differ, compiled: what `align.hunks` finds for sequences of the same words.

The longest common subsequence by bit vectors (Hyyro 2004), 64 places of the left sequence at a time; of several longest
ones the very one that rapidfuzz takes.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from cleaner.compiled import borrower, inlined
from cleaner.duplicates.align import MOST

Hashes = npt.NDArray[np.uint64]
Integers = npt.NDArray[np.int64]
Number = Any
_U = np.uint64
_ALL = _U(0xFFFFFFFFFFFFFFFF)


class Bits(NamedTuple):
    """Where an alignment works: a row of bits for each word, and for each place; which word has which; a row."""

    vectors: Hashes
    matrix: Hashes
    words: Hashes
    numbers: Integers
    which: Integers
    row: Hashes


def bits(longest: int) -> Bits:
    """Room to align two sequences of up to so many words, of which MOST is the product of their lengths."""
    many, blocks = max(longest, 1), (longest + 63) // 64 + 1
    size, cells = slots(many), min(many * blocks, MOST // 64 + 2 * many)
    vectors, matrix = np.empty(cells, np.uint64), np.empty(cells, np.uint64)
    words, numbers, which = np.empty(size, np.uint64), np.empty(size, np.int64), np.empty(many, np.int64)
    return Bits(vectors, matrix, words, numbers, which, np.empty(blocks, np.uint64))


@borrower
def slots(count: Number) -> Number:
    """The size of a table in which so many words are looked up: a power of two, at most half full."""
    size = 16
    while size < 2 * count:
        size *= 2
    return size


@borrower
def differences(left: Hashes, right: Hashes, bits: Bits, out: Integers) -> Number:
    """Write the differences, a row (a, b, c, d) each, into `out`; gives their number.

    `left[a:b]` stands where `right[c:d]` does.
    """
    before = 0
    least = min(left.size, right.size)
    while before < least and left[before] == right[before]:
        before += 1
    behind = 0
    while behind < least - before and left[left.size - 1 - behind] == right[right.size - 1 - behind]:
        behind += 1
    rows, columns = right.size - before - behind, left.size - before - behind
    if not rows or not columns:
        if rows or columns:
            out[0, 0], out[0, 1], out[0, 2], out[0, 3] = before, before + columns, before, before + rows
            return 1
        return 0
    blocks = (columns + 63) // 64
    _fill(left[before : before + columns], right[before : before + rows], blocks, bits)
    return _gaps(bits.matrix, columns, rows, blocks, before, out)


@inlined
def _number(words: Hashes, numbers: Integers, mask: np.uint64, word: np.uint64) -> Number:
    """Where a word stands in the table, or would: there its number is negative."""
    at = (word >> _U(20)) & mask
    while numbers[at] >= 0 and words[at] != word:
        at = (at + _U(1)) & mask
    return at


@borrower
def _fill(left: Hashes, right: Hashes, blocks: Number, bits: Bits) -> None:
    """A row of bits for every place of the right sequence: 0 where the common subsequence grows."""
    vectors, words, numbers, previous = bits.vectors, bits.words, bits.numbers, bits.row
    size = slots(right.size)
    mask = _U(size - 1)
    numbers[:size] = -1
    found = 0
    for row in range(right.size):
        at = _number(words, numbers, mask, right[row])
        if numbers[at] < 0:
            words[at], numbers[at] = right[row], found
            found += 1
        bits.which[row] = numbers[at]
    vectors[: found * blocks] = 0
    for n in range(left.size):
        at = _number(words, numbers, mask, left[n])
        if numbers[at] >= 0:
            vectors[numbers[at] * blocks + n // 64] |= _U(1) << _U(n % 64)
    previous[:blocks] = _ALL
    for row in range(right.size):
        where, place = bits.which[row] * blocks, row * blocks
        carry = _U(0)
        for k in range(blocks):
            state = previous[k]
            both = state & vectors[where + k]
            total = state + both
            over = _U(total < state)
            total += carry
            carry = over | _U(total < carry)
            previous[k] = bits.matrix[place + k] = total | (state - both)


@borrower
def _gaps(matrix: Hashes, columns: Number, rows: Number, blocks: Number, before: Number, out: Integers) -> Number:
    """Walk back through the rows of bits; what lies between two common words is a difference."""
    count = 0
    column, row = columns, rows
    end, stop = columns, rows
    while row and column:
        if matrix[(row - 1) * blocks + (column - 1) // 64] >> _U((column - 1) % 64) & _U(1):
            column -= 1
            continue
        row -= 1
        if row and not matrix[(row - 1) * blocks + (column - 1) // 64] >> _U((column - 1) % 64) & _U(1):
            continue
        column -= 1
        if column + 1 < end or row + 1 < stop:
            out[count, 0], out[count, 1], out[count, 2], out[count, 3] = column + 1, end, row + 1, stop
            count += 1
        end, stop = column, row
    if end or stop:
        out[count, 0], out[count, 1], out[count, 2], out[count, 3] = 0, end, 0, stop
        count += 1
    for k in range(4):
        for n in range(count // 2):
            out[n, k], out[count - 1 - n, k] = out[count - 1 - n, k], out[n, k]
        for n in range(count):
            out[n, k] += before
    return count
