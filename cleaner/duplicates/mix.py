"""A bijection of 64 bits that spreads every bit over all others: the finaliser of MurmurHash3."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from cleaner.duplicates.shingle import A, B

Hashes = npt.NDArray[np.uint64]

_A, _B, _BITS = np.uint64(A), np.uint64(B), np.uint64(33)


def mixed(values: Hashes) -> Hashes:
    """As `shingle.mix`, of all values of an array; kernels compile it for one (mix_kernel.py)."""
    values = (values ^ (values >> _BITS)) * _A
    values = (values ^ (values >> _BITS)) * _B
    return values ^ (values >> _BITS)
