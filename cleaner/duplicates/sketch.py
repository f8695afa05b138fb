"""What is known of a document without its text: a row of fixed width. The only file that knows datasketch."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import blake2b
from typing import Any

import numpy as np
import numpy.typing as npt

from cleaner.compiled import on, usable
from cleaner.duplicates.shingle import base_hash
from cleaner.packed import Packed
from cleaner.segment import compared, shingles, tokens

PERMUTATIONS = 128
SEED = 1
SIZE = 5
"""Tokens of a shingle."""
SCHEME = "affine32"

ROW = np.dtype([("exact", "<u8", (2,)), ("tokens", "<u4"), ("signature", "<u4", (PERMUTATIONS,))])
"""A document as duplicates are looked for: the 128-bit digest that exact copies share, the number of its tokens, and
the MinHash signature of its shingles. A document without a token has no signature and is nobody's duplicate."""

COMPILED = 4_000_000
"""Characters from which on compiled kernels pay for their start of about a second."""
AT_ONCE = 2_000_000
"""Characters that are given to the kernels at a time: little enough to stay in the cache, and few MB of memory."""

Rows = npt.NDArray[np.void]
"""An array of ROW; it may be a memory map."""


def digest(compared_bytes: bytes | memoryview) -> bytes:
    """The 16 bytes that exact copies share, of what is compared of a text as UTF-8."""
    return blake2b(compared_bytes, digest_size=16).digest()


def sketch(texts: Sequence[str]) -> Rows:
    """One row for every text, in the same order. Depends on nothing but the text.

    By compiled kernels where many texts are given at once, or this process has much text; the rows are the same.
    """
    rows = np.zeros(len(texts), ROW)
    size = texts.characters if isinstance(texts, Packed) else sum(map(len, texts))
    if not (on() or (size >= COMPILED and usable())):
        for row, text in zip(rows, texts, strict=True):
            _fill(row, text)
        return rows
    from cleaner.duplicates import kernel

    a, b = permutations()
    for start, end in slices(texts):
        batch = kernel.Batch(texts[start:end])
        part = rows[start:end]
        part["exact"] = np.frombuffer(b"".join(map(digest, batch.compared())), "<u8").reshape(-1, 2)
        part["tokens"] = np.diff(batch.starts)
        signatures = np.zeros((end - start, PERMUTATIONS), np.uint32)
        kernel.sign(batch.hashes, batch.starts, SIZE, a, b, signatures)
        part["signature"] = signatures
    return rows


def by_column(rows: Rows) -> bytes:
    """Rows as columns one behind the other, digests, tokens, each slot: who needs some columns reads these alone."""
    return b"".join(
        np.ascontiguousarray(column).tobytes() for column in (rows["exact"], rows["tokens"], rows["signature"].T)
    )


def slots_at(count: int, slot: int) -> int:
    """Where a slot of so many rows begins in `by_column`."""
    return (16 + 4 + 4 * slot) * count


def by_row(data: bytes, wanted: npt.NDArray[np.bool_]) -> Rows:
    """Some rows of `by_column`."""
    count = len(wanted)
    rows = np.zeros(int(wanted.sum()), ROW)
    rows["exact"] = np.frombuffer(data, "<u8", 2 * count).reshape(count, 2)[wanted]
    rows["tokens"] = np.frombuffer(data, "<u4", count, 16 * count)[wanted]
    rows["signature"] = np.frombuffer(data, "<u4", offset=20 * count).reshape(PERMUTATIONS, count)[:, wanted].T
    return rows


def slices(texts: Sequence[str]) -> Iterable[tuple[int, int]]:
    """Cut a list of texts so that a slice has about AT_ONCE characters."""
    if isinstance(texts, Packed):
        yield from texts.slices(AT_ONCE)
        return
    start = held = 0
    for at, text in enumerate(texts):
        if held and held + len(text) > AT_ONCE:
            yield start, at
            start, held = at, 0
        held += len(text)
    if start < len(texts):
        yield start, len(texts)


def _fill(row: Any, text: str) -> None:
    row["exact"] = np.frombuffer(digest(compared(text).encode("utf-8")), "<u8")
    found = tokens(text)
    row["tokens"] = len(found)
    if found:
        signature = minhash()
        signature.update_batch([shingle.encode("utf-8") for shingle in shingles(found, SIZE)])
        row["signature"] = signature.hashvalues


def minhash(signature: npt.NDArray[np.uint32] | None = None) -> Any:
    """A `datasketch.MinHash` over our shingles, empty or opened from the signature of a row; it can be updated further.

    Give it shingles as bytes: folded tokens joined by single blanks.
    """
    from datasketch import MinHash

    values = None if signature is None else np.array(signature)
    return MinHash(num_perm=PERMUTATIONS, seed=SEED, scheme=SCHEME, hashfunc=base_hash, hashvalues=values)


def permutations() -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.uint32]]:
    """Factors and summands of datasketch's affine32 permutations, without the second that importing it takes."""
    generator = np.random.RandomState(SEED)  # the very generator datasketch draws from
    factors = generator.randint(0, 1 << 31, PERMUTATIONS, np.uint32) * np.uint32(2) + np.uint32(1)
    return factors, generator.randint(0, 1 << 32, PERMUTATIONS, np.uint32)
