"""Is this text already in the corpus? An index of the documents that a corpus has, on a disk or on a Redis server.

>>> from cleaner.index import Index
>>> index = Index.build("corpus.index", ["clean/"])              # doctest: +SKIP
>>> Index.open("corpus.index").query("a text to look for")       # doctest: +SKIP
"""

from __future__ import annotations

import json
import os
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from cleaner.corpus import CorpusError
from cleaner.duplicates.index_entry import (
    FOUND,
    PERMUTATIONS,
    Added,
    Entry,
    Hit,
    IndexingError,
    Store,
    Writer,
)
from cleaner.index_texts import Left, Sourced, documents, texts_of

if TYPE_CHECKING:
    from cleaner.duplicates.finding import Finding

REDIS = ("redis://", "rediss://")
MOST = 20
"""Entries that are named for one text: the copies first, then those whose signatures agree most."""
RELATIONS = ("exact", "near", "version", "alike")
TOGETHER = 16_000_000
"""Characters of texts that are held at most,"""
TEXTS = 1 << 16
"""and texts. Half of them are sketched at a time, so that the last ones too are enough to repay compiled kernels."""

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Match:
    """A document of the corpus that a text resembles.

    `relation` is exact, near or version as in a run; alike where only the signatures could be compared. `evidence` is
    verified (from both texts), digest (of the folded texts) or estimated (from signatures, standard error up to .044).
    """

    id: str
    path: str
    relation: str
    evidence: str
    jaccard: float
    finding: Finding | None = None

    def row(self) -> dict[str, Any]:
        """The match as JSON values; the evidence of a verified one as in duplicates.jsonl."""
        row: dict[str, Any] = {
            "instead": self.id,
            "path": self.path,
            "relation": self.relation,
            "evidence": self.evidence,
        }
        details = self.finding.row() if self.finding else {"jaccard": self.jaccard}
        return row | {key: value for key, value in details.items() if key not in ("id", "instead", "relation")}


class Index:
    """An index as it was when it was opened."""

    def __init__(self, where: str | Path) -> None:
        self.where = str(where)
        self.shown = without_password(self.where)
        self._base = _base(self.where)
        self._store: Store = _store(self.where)
        self.added = Added()
        self.left = Left()

    @classmethod
    def open(cls, where: str | Path) -> Index:
        """The index in a folder, or on a server: redis://host:port/name. Raises IndexingError."""
        return cls(where)

    @classmethod
    def build(cls, where: str | Path, paths: Sequence[str | Path], **options: Any) -> Index:
        """Make an index of all documents of folders and files; one that is there already is replaced when it is done.

        Options as of `add`. Raises IndexingError, CorpusError.
        """
        return _written(cls, str(where), paths, fresh=True, **options)

    def add(self, paths: Sequence[str | Path], **options: Any) -> Index:
        """The index with the documents of some folders and files added.

        A document whose id the index has replaces it, or is passed over when nothing differs. `prefix` is put before
        every id; `as_is` takes texts as they are instead of cleaning them; `progress` is called with numbers of
        documents. Raises IndexingError, CorpusError.
        """
        return _written(type(self), self.where, paths, fresh=False, **options)

    def remove(self, ids: Sequence[str]) -> Index:
        """The index without some documents."""
        with _writer(self.where, fresh=False) as writer:
            writer.remove(ids)
        changed = type(self)(self.where)
        changed.added = writer.counts
        return changed

    def query(self, text: str) -> list[Match]:
        """The documents of the corpus that are copies or versions of a text, or resemble it, best first.

        The text is compared as it is; the corpus was cleaned, so clean it first (cleaner.clean).
        """
        return next(self.query_all([text]))

    def query_all(
        self, texts: Iterable[str], skip: Callable[[int, Entry], bool] | None = None
    ) -> Iterator[list[Match]]:
        """The matches of each of several texts, in order. `skip` tells which entries do not count for the n-th text."""
        at = 0
        for batch in _batches(texts, len):
            digests, signatures, filled = _sketched(batch)
            found = self._store.lookup(signatures, digests)
            counted = [
                [hit for hit in hits if has_tokens and not (skip and skip(n, hit.entry))][:MOST]
                for n, (hits, has_tokens) in enumerate(zip(found, filled, strict=True), at)
            ]
            old = self._old_texts({hit.entry for hits in counted for hit in hits if not hit.exact})
            for text, hits in zip(batch, counted, strict=True):
                matches = [match for hit in hits if (match := self._weigh(text, hit, old.get(hit.entry)))]
                yield sorted(matches, key=lambda match: (RELATIONS.index(match.relation), -match.jaccard, match.id))
            at += len(batch)

    def _old_texts(self, entries: set[Entry]) -> dict[Entry, str]:
        """The texts of entries, where they are still what was indexed."""
        found = texts_of(entries, self._base)
        digests = _sketched(list(found.values()))[0]
        return {e: text for (e, text), digest in zip(found.items(), digests, strict=True) if digest == e.digest}

    def _weigh(self, text: str, hit: Hit, old: str | None) -> Match | None:
        """What becomes of a hit once the texts are compared, if the old one can be had."""
        from cleaner.duplicates.beside import is_found
        from cleaner.duplicates.cluster import weigh
        from cleaner.duplicates.verify import overlap
        from cleaner.duplicates.wording import Text

        entry = hit.entry
        path = _shown(self._base, entry)
        if hit.exact:
            return Match(entry.id, path, "exact", "digest", 1.0)
        if old is None:
            estimate = round(hit.agreeing / PERMUTATIONS, 4)
            return Match(entry.id, path, "alike", "estimated", estimate) if hit.agreeing >= FOUND else None
        mine, theirs = Text(text), Text(old)
        shingles = mine.shingles(), theirs.shingles()
        shared, united = overlap(*shingles)
        if not is_found(shared, *map(len, shingles)):
            return None
        finding = weigh("", entry.id, mine, theirs, (shared, united, min(map(len, shingles))))
        if finding.relation == "address":
            return None
        return Match(entry.id, path, finding.relation, "verified", round(shared / united, 4), finding)

    def facts(self) -> dict[str, Any]:
        """Numbers about the index, where its documents came from, and its parameters."""
        sources = {os.path.relpath(self._base / s.root / s.path) for s in self._store.sources()}
        return self._store.facts() | {"sources": sorted(sources)}

    def signatures(self) -> Iterator[tuple[str, Any]]:
        """The id and the signature, 128 unsigned 32-bit values, of every document."""
        for entries, signatures in self._store.entries():
            yield from zip((entry.id for entry in entries), signatures, strict=True)

    def minhashes(self) -> Iterator[tuple[str, Any]]:
        """The id and the datasketch.LeanMinHash of every document."""
        from cleaner.duplicates.index_exchange import lean

        return ((key, lean(signature)) for key, signature in self.signatures())

    def lsh(self, **options: Any) -> Any:
        """A datasketch.MinHashLSH of all documents. `options` are those of MinHashLSH; it finds from Jaccard .5 on."""
        from cleaner.duplicates.index_exchange import lsh

        return lsh(self.signatures(), **options)

    def export(self) -> Iterator[str]:
        """A line of JSON for every document: its id, and its LeanMinHash in base64."""
        from cleaner.duplicates.index_exchange import lean_bytes

        for key, signature in self.signatures():
            yield json.dumps({"id": key, "minhash": b64encode(lean_bytes(signature)).decode()})


def _written(
    kind: type[Index],
    where: str,
    paths: Sequence[str | Path],
    *,
    fresh: bool,
    prefix: str = "",
    as_is: bool = False,
    progress: Progress | None = None,
) -> Index:
    left = Left()
    found = documents([Path(path) for path in paths], _base(where), left, prefix=prefix, as_is=as_is)
    first = next(found, None)  # what cannot be read at all is told before anything is written
    with _writer(where, fresh=fresh) as writer:
        for batch in _batches(_chained(first, found), lambda document: len(document.text)):
            _add(writer, batch)
            if progress:
                progress(len(batch))
    index = kind(where)
    index.added, index.left = writer.counts, left
    return index


def _chained(first: Sourced | None, rest: Iterator[Sourced]) -> Iterator[Sourced]:
    if first is not None:
        yield first
        yield from rest


def _add(writer: Writer, batch: Sequence[Sourced]) -> None:
    """Add some documents; those that have no token any more go."""
    digests, signatures, filled = _sketched([document.text for document in batch])
    entries = [Entry(d.id, d.source, d.line, digest) for d, digest in zip(batch, digests, strict=True)]
    writer.add([entry for entry, has_tokens in zip(entries, filled, strict=True) if has_tokens], signatures[filled])
    gone = [entry.id for entry, has_tokens in zip(entries, filled, strict=True) if not has_tokens]
    if gone:
        writer.remove(gone)


def _sketched(texts: Sequence[str]) -> tuple[list[bytes], Any, Any]:
    """Digests and signatures of texts, and which of them have a token at all."""
    from cleaner.duplicates.sketch import sketch

    rows = sketch(texts)
    return [row.tobytes() for row in rows["exact"]], rows["signature"], rows["tokens"] > 0


def _batches(items: Iterable[Any], size: Callable[[Any], int]) -> Iterator[list[Any]]:
    batch: list[Any] = []
    held = 0
    for item in items:
        batch.append(item)
        held += size(item)
        if held >= TOGETHER or len(batch) >= TEXTS:
            half = (len(batch) + 1) // 2
            yield batch[:half]
            batch = batch[half:]
            held = sum(map(size, batch))
    if batch:
        yield batch


def without_password(where: str) -> str:
    """An index as messages name it."""
    parts = urlsplit(where) if where.startswith(REDIS) else None
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}" if parts else where


def _base(where: str) -> Path:
    """The folder from which an index tells the folders of its sources."""
    return Path() if where.startswith(REDIS) else Path(where)


def _shown(base: Path, entry: Entry) -> str:
    """Where an entry stands, as a user finds it from here."""
    source = entry.source
    path = os.path.relpath(base / source.root / (source.path or entry.id.removeprefix(source.prefix)))
    return f"{path}:{entry.line}" if entry.line else path


def _store(where: str) -> Store:
    if where.startswith(REDIS):
        from cleaner.duplicates.index_redis import RedisStore

        return RedisStore(where)
    from cleaner.duplicates.index_store import DiskStore

    return DiskStore(Path(where))


def _writer(where: str, *, fresh: bool) -> AbstractContextManager[Writer]:
    if where.startswith(REDIS):
        from cleaner.duplicates.index_redis import write as write_redis

        return write_redis(where, fresh=fresh)
    from cleaner.duplicates.index_store import write

    return write(Path(where), fresh=fresh)


__all__ = ["CorpusError", "Index", "IndexingError", "Match"]
