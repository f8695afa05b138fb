"""Candidate pairs: documents whose MinHash signatures meet in a band. The only file that knows datasketch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

PERMUTATIONS = 128
BANDS, ROWS = 42, 3
"""A pair of Jaccard .5 shares a band with probability 1 - (1 - .5^3)^42 = .996, one of .6 with .99996."""
SEED = 1


def candidates(shingles: Mapping[str, set[str]]) -> Iterator[tuple[str, str]]:
    """Pairs of ids whose sets of shingles may be alike, each once, the id that comes later first.

    Loose on purpose: every pair is verified from the text afterwards. An empty set is nobody's duplicate.
    """
    filled = {key: found for key, found in shingles.items() if found}
    if len(filled) < 2:
        return
    from datasketch import MinHash, MinHashLSH

    index = MinHashLSH(num_perm=PERMUTATIONS, params=(BANDS, ROWS))
    for key, found in filled.items():
        signature = MinHash(num_perm=PERMUTATIONS, seed=SEED)
        signature.update_batch([shingle.encode("utf-8") for shingle in found])
        for other in index.query(signature):
            yield key, str(other)
        index.insert(key, signature)
