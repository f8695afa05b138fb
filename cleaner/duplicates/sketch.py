"""What is known of a document without its text: a row of fixed width."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from cleaner.compiled import on, usable
from cleaner.duplicates.bands import PERMUTATIONS
from cleaner.duplicates.shingle import A, B, P, base_hash
from cleaner.packed import Packed, Room
from cleaner.segment import compared, shingles, tokens

if TYPE_CHECKING:
    from cleaner.duplicates.kernel import Batch

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


class Signatures(NamedTuple):
    """Texts as near copies of them are looked for; `marks` are shared by those of which the same is compared."""

    marks: npt.NDArray[np.uint64]
    tokens: npt.NDArray[np.uint32]
    values: npt.NDArray[np.uint32]


def digest(compared_bytes: bytes | memoryview) -> bytes:
    """The 16 bytes that exact copies share, of what is compared of a text as UTF-8."""
    return blake2b(compared_bytes, digest_size=16).digest()


def mark(compared_bytes: bytes) -> int:
    """A number that exact copies share, of the same: quick to make, and whoever likes can write texts that share it."""
    words = np.frombuffer(compared_bytes + bytes(-len(compared_bytes) % 8), "<u8")
    values = words ^ (np.arange(len(words), dtype=np.uint64) * np.uint64(P))
    for factor in (A, B):
        values = (values ^ (values >> np.uint64(33))) * np.uint64(factor)
    return int((values ^ (values >> np.uint64(33))).sum() + np.uint64(len(compared_bytes)))


def sketch(texts: Sequence[str]) -> Rows:
    """One row for every text, in the same order. Depends on nothing but the text.

    By compiled kernels where many texts are given at once, or this process has much text; the rows are the same.
    """
    rows = np.zeros(len(texts), ROW)
    if not _pays(texts):
        for row, text in zip(rows, texts, strict=True):
            _fill(row, text)
        return rows
    for start, end, batch in _batches(texts):
        part = rows[start:end]
        part["exact"] = _digests(batch.compared())
        part["tokens"] = np.diff(batch.starts)
        part["signature"] = _signed(batch)
    return rows


def signatures(texts: Sequence[str], room: Room | None = None) -> Signatures:
    """The same without digests, which take as long as all the rest: marks tell which of them are worth it."""
    count = len(texts)
    found = Signatures(
        np.empty(count, np.uint64), np.empty(count, np.uint32), np.empty((count, PERMUTATIONS), np.uint32)
    )
    if not _pays(texts):
        found.marks[:] = [mark(compared(text).encode("utf-8")) for text in texts]
        rows = sketch(texts)
        found.tokens[:], found.values[:] = rows["tokens"], rows["signature"]
        return found
    for start, end, batch in _batches(texts, room):
        found.marks[start:end] = batch.marks()
        found.tokens[start:end] = np.diff(batch.starts)
        found.values[start:end] = _signed(batch)
    return found


def digests(texts: Sequence[str]) -> npt.NDArray[np.uint64]:
    """The digests of `sketch` alone."""
    if not _pays(texts):
        return _digests(compared(text).encode("utf-8") for text in texts)
    parts = [_digests(batch.compared()) for *_, batch in _batches(texts)]
    return np.concatenate([np.empty((0, 2), np.uint64), *parts])


def weighed(texts: Sequence[str]) -> Iterator[tuple[int, bytes | memoryview]]:
    """Of each text how many tokens it has, and what is compared of it as UTF-8, to be read before the next is asked."""
    if not _pays(texts):
        yield from ((len(tokens(text)), compared(text).encode("utf-8")) for text in texts)
        return
    for *_, batch in _batches(texts):
        yield from zip(np.diff(batch.starts).tolist(), batch.compared(), strict=True)


def _pays(texts: Sequence[str]) -> bool:
    """Whether kernels do."""
    size = texts.characters if isinstance(texts, Packed) else sum(map(len, texts))
    return on() or (size >= COMPILED and usable())


def _batches(texts: Sequence[str], room: Room | None = None) -> Iterator[tuple[int, int, Batch]]:
    """Texts cut into tokens, some at a time."""
    from cleaner.duplicates.kernel import Batch

    room = room or Room()
    for start, end in slices(texts):
        yield start, end, Batch(texts[start:end], room)


def _digests(compared_bytes: Iterable[bytes | memoryview]) -> npt.NDArray[np.uint64]:
    return np.frombuffer(b"".join(map(digest, compared_bytes)), "<u8").reshape(-1, 2)


def _signed(batch: Batch) -> npt.NDArray[np.uint32]:
    from cleaner.duplicates.kernel import sign

    found = np.zeros((len(batch.starts) - 1, PERMUTATIONS), np.uint32)
    sign(batch.hashes, batch.starts, SIZE, *permutations(), found)
    return found


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
    from cleaner.duplicates.reference import MinHash

    values = None if signature is None else np.array(signature)
    return MinHash(num_perm=PERMUTATIONS, seed=SEED, scheme=SCHEME, hashfunc=base_hash, hashvalues=values)


@cache
def permutations() -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.uint32]]:
    """Factors and summands of datasketch's affine32 permutations, without importing it."""
    generator = np.random.RandomState(SEED)  # the very generator datasketch draws from
    factors = generator.randint(0, 1 << 31, PERMUTATIONS, np.uint32) * np.uint32(2) + np.uint32(1)
    return factors, generator.randint(0, 1 << 32, PERMUTATIONS, np.uint32)
