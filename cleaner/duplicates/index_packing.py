"""Signatures in fewer bytes, exactly: the low three bytes of every value, and of the highest byte only the bits in use.

A signature is the minimum of many hashes 128 times, so its values are small: with 500 shingles the highest byte is 0 in
six of seven. Its bits are stored as planes, one bit of all 128 values to a plane, from the lowest bit up to the highest
that any value of the row has.
"""

from __future__ import annotations

from typing import Any

import numpy as np

PERMUTATIONS = 128
LOW = 3 * PERMUTATIONS
"""Bytes of a row that every signature takes."""
PLANE = PERMUTATIONS // 8
"""Bytes of a plane: one bit of every value."""
BITS = 8

Array = np.ndarray[Any, np.dtype[Any]]


def pack(signatures: Array) -> tuple[Array, Array, Array]:
    """Rows of 128 32-bit values as low bytes (n, 384), the number of planes of each (n), and all planes (m, 16)."""
    count = len(signatures)
    octets = np.ascontiguousarray(signatures, "<u4").view(np.uint8).reshape(count, PERMUTATIONS, 4)
    low = np.ascontiguousarray(octets[:, :, :3]).reshape(count, LOW)
    top = np.ascontiguousarray(octets[:, :, 3])
    highest = top.max(axis=1) if count else np.zeros(0, np.uint8)
    used = np.ceil(np.log2(highest.astype(np.float64) + 1)).astype(np.uint8)
    planes = np.zeros((count, BITS, PLANE), np.uint8)
    for bit in range(int(used.max(initial=0))):
        planes[:, bit] = np.packbits((top >> bit) & 1, axis=1)
    return low, used, planes[np.arange(BITS) < used[:, None]]


def unpack(low: Array, used: Array, planes: Array) -> Array:
    """What `pack` was given: rows of 128 unsigned 32-bit values."""
    count = len(low)
    whole = np.zeros((count, BITS, PLANE), np.uint8)
    whole[np.arange(BITS) < used[:, None]] = planes
    top = np.zeros((count, PERMUTATIONS), np.uint8)
    for bit in range(int(used.max(initial=0))):
        top |= np.unpackbits(whole[:, bit], axis=1) << bit
    octets = np.empty((count, PERMUTATIONS, 4), np.uint8)
    octets[:, :, :3] = low.reshape(count, PERMUTATIONS, 3)
    octets[:, :, 3] = top
    return octets.reshape(count, 4 * PERMUTATIONS).view("<u4")


def low_values(low: Array, columns: int) -> Array:
    """The low 24 bits of the first values of each row, as unsigned 32-bit numbers (n, columns)."""
    octets = low[:, : 3 * columns].reshape(len(low), columns, 3).astype(np.uint32)
    found: Array = octets[:, :, 0] | octets[:, :, 1] << np.uint32(8) | octets[:, :, 2] << np.uint32(16)
    return found
