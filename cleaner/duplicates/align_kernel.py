"""Where two sequences of hashes differ, compiled: what `align.hunks` finds for sequences of the same words.

The longest common subsequence by bit vectors (Hyyro 2004), 64 places of the left sequence at a time; of several longest
ones the very one that rapidfuzz takes. Words that only one sequence has are left out first: no common subsequence has
them. Then bits are looked at that are near the diagonal, and only where these cannot tell all of them (Ukkonen 1985).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from cleaner.compiled import borrower, inlined, inner
from cleaner.duplicates.align import MOST
from cleaner.words_of_bytes import bits as popcount

Hashes = npt.NDArray[np.uint64]
Integers = npt.NDArray[np.int64]
Number = Any
_U = np.uint64
_ALL = _U(0xFFFFFFFFFFFFFFFF)
BESIDE = 32
"""Places beside the diagonals from corner to corner that are looked at first."""


class Bits(NamedTuple):
    """Where an alignment works: a row of bits for each word, and for each place; a table of words; a row.

    `columns` and `rows` are the places of words that both sequences have, `those` and `which` say which words.
    """

    vectors: Hashes
    matrix: Hashes
    words: Hashes
    numbers: Integers
    columns: Integers
    those: Integers
    rows: Integers
    which: Integers
    row: Hashes


def bits(longest: int) -> Bits:
    """Room to align two sequences of up to so many words, of which MOST is the product of their lengths."""
    many, blocks = max(longest, 1), (longest + 63) // 64 + 1
    size, cells = slots(many), min(many * blocks, MOST // 64 + 2 * many)
    vectors, matrix = np.empty(cells, np.uint64), np.empty(cells, np.uint64)
    words, numbers = np.empty(size, np.uint64), np.empty(size, np.int64)
    columns, those, rows, which = np.empty((4, many), np.int64)
    return Bits(vectors, matrix, words, numbers, columns, those, rows, which, np.empty(blocks, np.uint64))


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
    wide, high = _shared(left[before : before + columns], right[before : before + rows], bits)
    if not _fill(wide, high, BESIDE, bits):
        _fill(wide, high, wide + high, bits)
    return _gaps(bits, wide, high, columns, rows, before, out)


@inlined
def _number(words: Hashes, numbers: Integers, mask: np.uint64, word: np.uint64) -> Number:
    """Where a word stands in the table, or would: there its number is negative."""
    at = (word >> _U(20)) & mask
    while numbers[at] >= 0 and words[at] != word:
        at = (at + _U(1)) & mask
    return at


@inner
def _shared(left: Hashes, right: Hashes, bits: Bits) -> tuple[Number, Number]:
    """Write the places of words that both sequences have, and a row of bits for each such word; gives how many places.

    In the table a word of the right sequence alone has 0, one of both the number of its row and 1.
    """
    words, numbers, vectors = bits.words, bits.numbers, bits.vectors
    size = slots(right.size)
    mask = _U(size - 1)
    numbers[:size] = -1
    for row in range(right.size):
        at = _number(words, numbers, mask, right[row])
        words[at], numbers[at] = right[row], 0
        bits.which[row] = at
    columns = found = 0
    for column in range(left.size):
        at = _number(words, numbers, mask, left[column])
        if numbers[at] >= 0:
            if not numbers[at]:
                found += 1
                numbers[at] = found
            bits.columns[columns], bits.those[columns] = column, numbers[at] - 1
            columns += 1
    rows = 0
    for row in range(right.size):
        number = numbers[bits.which[row]]
        bits.rows[rows], bits.which[rows] = row, number - 1
        rows += number > 0
    blocks = (columns + 63) // 64
    vectors[: found * blocks] = 0
    for column in range(columns):
        vectors[bits.those[column] * blocks + column // 64] |= _U(1) << _U(column % 64)
    return columns, rows


@inner
def _fill(columns: Number, rows: Number, beside: Number, bits: Bits) -> bool:
    """A row of bits for every place of the right sequence: 0 where the common subsequence grows.

    Only words are compared that stand up to `beside` places beside the diagonals from corner to corner. Tells whether
    no others could be met on the way back. From corner to corner it leaves them by half of what it is longer than the
    shortest way, and what is asked beside it lies on a way that is longer by four at most.
    """
    vectors, previous = bits.vectors, bits.row
    blocks, slant = (columns + 63) // 64, columns - rows
    below, above = min(slant, 0) - beside, max(slant, 0) + beside
    previous[:blocks] = _ALL
    for row in range(rows):
        where, place = bits.which[row] * blocks, row * blocks
        carry = _U(0)
        for k in range(max(row + below, 0) // 64, min(row + above, columns - 1) // 64 + 1):
            state = previous[k]
            both = state & vectors[where + k]
            total = state + both
            over = _U(total < state)
            total += carry
            carry = over | _U(total < carry)
            previous[k] = bits.matrix[place + k] = total | (state - both)
    common = 0
    for k in range(blocks):
        common += popcount(~previous[k])
    return bool(columns + rows - 2 * common - abs(slant) + 4 <= 2 * beside)


@inner
def _gaps(
    bits: Bits, wide: Number, high: Number, columns: Number, rows: Number, before: Number, out: Integers
) -> Number:
    """Walk back through the rows of bits; what lies between two common words is a difference."""
    matrix, blocks = bits.matrix, (wide + 63) // 64
    count = 0
    column, row = wide, high
    end, stop = columns, rows
    while row and column:
        if matrix[(row - 1) * blocks + (column - 1) // 64] >> _U((column - 1) % 64) & _U(1):
            column -= 1
            continue
        row -= 1
        if row and not matrix[(row - 1) * blocks + (column - 1) // 64] >> _U((column - 1) % 64) & _U(1):
            continue
        column -= 1
        first, second = bits.columns[column], bits.rows[row]
        if first + 1 < end or second + 1 < stop:
            out[count, 0], out[count, 1], out[count, 2], out[count, 3] = first + 1, end, second + 1, stop
            count += 1
        end, stop = first, second
    if end or stop:
        out[count, 0], out[count, 1], out[count, 2], out[count, 3] = 0, end, 0, stop
        count += 1
    for k in range(4):
        for n in range(count // 2):
            out[n, k], out[count - 1 - n, k] = out[count - 1 - n, k], out[n, k]
        for n in range(count):
            out[n, k] += before
    return count
