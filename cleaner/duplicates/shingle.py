"""The hash of a shingle: five folded tokens, joined by single blanks, as UTF-8. This file is the definition.

    token    h = 0; for each 8 bytes, little-endian, zeros behind the last: h = (h ^ bytes) * A, h ^= h >> 32;
             then h = (h ^ number of bytes) * B, h ^= h >> 29
    shingle  mix(h1 * P^4 + h2 * P^3 + h3 * P^2 + h4 * P + h5), fewer tokens alike; all modulo 2^64

`mix` is the finaliser of MurmurHash3. The polynomial lets a kernel roll from one shingle to the next. Sets are compared
by all 64 bits; signatures are made of the upper 32. It is no secret: a text can be built to collide, and then it
becomes a candidate that the alignment of the very texts refuses.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

HASH = "cleaner shingle 1, upper 32 bits"
"""Names this definition in what is kept on a disk."""
A = 0xFF51AFD7ED558CCD
B = 0xC4CEB9FE1A85EC53
P = 0x9E3779B97F4A7C15
_WORD = (1 << 64) - 1


@lru_cache(maxsize=1 << 16)
def token_hash(token: bytes) -> int:
    """64 bits that stand for a token."""
    value = 0
    for at in range(0, len(token), 8):
        value = ((value ^ int.from_bytes(token[at : at + 8], "little")) * A) & _WORD
        value ^= value >> 32
    value = ((value ^ len(token)) * B) & _WORD
    return value ^ value >> 29


def mix(value: int) -> int:
    """Spread every bit over all others."""
    value = ((value ^ value >> 33) * A) & _WORD
    value = ((value ^ value >> 33) * B) & _WORD
    return value ^ value >> 33


def shingle_hash(tokens: Sequence[bytes]) -> int:
    """64 bits that stand for a run of tokens."""
    value = 0
    for token in tokens:
        value = (value * P + token_hash(token)) & _WORD
    return mix(value)


def base_hash(shingle: bytes) -> int:
    """The 32 bits that are permuted: give it to `datasketch.MinHash` as `hashfunc`, with `scheme="affine32"`."""
    return shingle_hash(shingle.split(b" ")) >> 32
