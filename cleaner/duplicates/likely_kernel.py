"""Agreements of signatures, compiled: the twin of `likely._agreements`."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from cleaner.compiled import kernel

Integers = npt.NDArray[np.int64]


@kernel
def agreements(signature: npt.NDArray[np.uint32], left: Integers, right: Integers) -> Integers:
    """In how many slots the signatures of each pair agree."""
    found = np.empty(len(left), np.int64)
    for pair in range(len(left)):
        one, other = signature[left[pair]], signature[right[pair]]
        count = 0
        for slot in range(len(one)):
            count += one[slot] == other[slot]
        found[pair] = count
    return found
