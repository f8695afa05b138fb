"""What an index keeps of a text: a row of fixed width."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from typing import Any

import numpy as np
from datasketch import MinHash

from cleaner.duplicates.cluster import exact_key
from cleaner.duplicates.sketch import PERMUTATIONS, SEED
from cleaner.segment import shingles, tokens

SIZE = 5
ROW = np.dtype([("exact", "<u8", (2,)), ("tokens", "<u4"), ("signature", "<u4", (PERMUTATIONS,))])
"""The digest that exact copies share, the number of tokens, and the MinHash signature of the shingles."""


def sketch(texts: Sequence[str]) -> Any:
    """One row for every text, in the same order."""
    rows = np.zeros(len(texts), ROW)
    for row, text in zip(rows, texts, strict=True):
        row["exact"] = np.frombuffer(blake2b(exact_key(text).encode("utf-8"), digest_size=16).digest(), "<u8")
        found = tokens(text)
        row["tokens"] = len(found)
        if found:
            signature = MinHash(num_perm=PERMUTATIONS, seed=SEED, scheme="affine32")
            signature.update_batch([shingle.encode("utf-8") for shingle in shingles(found, SIZE)])
            row["signature"] = signature.hashvalues
    return rows
