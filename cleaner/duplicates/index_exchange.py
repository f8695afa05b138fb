"""Signatures of an index as objects and bytes of datasketch. Nothing here reads or writes a pickle."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from cleaner.duplicates.index_entry import PARAMETERS, PERMUTATIONS
from cleaner.duplicates.reference import LeanMinHash, MinHashLSH

BANDS, ROWS = 42, 3
"""A pair of Jaccard .5 shares a band with probability 1 - (1 - .5^3)^42 = .996, one of .6 with .99996."""


def lean(signature: Any) -> LeanMinHash:
    """A signature, 128 unsigned 32-bit values, as datasketch has it: that of a MinHash of the same shingles."""
    return LeanMinHash(seed=PARAMETERS["seed"], hashvalues=signature, scheme=PARAMETERS["scheme"])


def lean_bytes(signature: Any) -> bytes:
    """What `LeanMinHash.serialize` writes, little-endian; LeanMinHash.deserialize(data, "<") reads it."""
    minhash = lean(signature)
    data = bytearray(minhash.bytesize("<"))
    minhash.serialize(data, "<")
    return bytes(data)


def lsh(signatures: Iterable[tuple[str, Any]], **options: Any) -> MinHashLSH:
    """A MinHashLSH of ids and signatures. `options` are those of MinHashLSH; by default it finds from Jaccard .5 on."""
    index = MinHashLSH(**{"num_perm": PERMUTATIONS, "params": (BANDS, ROWS)} | options)
    for key, signature in signatures:
        index.insert(key, lean(signature))
    return index


def redis_lsh(name: bytes, connection: Mapping[str, Any]) -> MinHashLSH:
    """The MinHashLSH whose tables lie under a name on a Redis server.

    Its keys are plain bytes: by default datasketch would unpickle what the server sends, and that runs code.
    """
    storage = {"type": "redis", "basename": name, "redis": dict(connection)}
    return MinHashLSH(num_perm=PERMUTATIONS, params=(BANDS, ROWS), storage_config=storage, prepickle=False)
