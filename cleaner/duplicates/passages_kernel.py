"""The hash and the keys of sentences, compiled: `passages.measured`."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from cleaner.compiled import borrower
from cleaner.duplicates.mix_kernel import mixed
from cleaner.duplicates.shingle import P

Hashes = npt.NDArray[np.uint64]
Integers = npt.NDArray[np.int64]
Words = npt.NDArray[np.uint32]
Number = Any

_U = np.uint64
_P = _U(P)
_P2 = _U(P * P % (1 << 64))
_MOST = np.uint32(0xFFFFFFFF)


@borrower
def measure(
    hashes: Hashes,
    begins: Integers,
    ends: Integers,
    factors: Words,
    summands: Words,
    least: Words,
    exact: Hashes,
    keys: Hashes,
) -> None:
    """Write the hash and the keys of every stretch of tokens; each has three tokens or more.

    `factors`, `summands` and `least`, which is written over, have a place for each value of a key; `keys` is of zeros.
    """
    for n in range(begins.size):
        start, end = begins[n], ends[n]
        total = _U(0)
        for at in range(start, end):
            total += mixed(hashes[at] + _U(at - start + 1) * _P)
        exact[n] = total
        for slot in range(least.size):
            least[slot] = _MOST
        for at in range(start, end - 2):
            run = np.uint32(mixed(hashes[at] * _P2 + hashes[at + 1] * _P + hashes[at + 2]) >> _U(32))
            for slot in range(least.size):
                least[slot] = min(least[slot], np.uint32(run * factors[slot] + summands[slot]))
        size = least.size // keys.shape[1]
        for slot in range(least.size):
            band = slot // size
            keys[n, band] = mixed(keys[n, band] ^ _U(least[slot]))
