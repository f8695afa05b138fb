"""An index that a team shares on a Redis server, in the tables of datasketch's MinHashLSH.

    cleaner:NAME                  hash: the generation in force, the parameters
    cleaner:NAME:lock             held by the one who writes
    cleaner:NAME:G_bucket_...     datasketch's tables of a generation
    cleaner:NAME:G_keys...
    cleaner:NAME:G:documents      hash: id -> JSON of where it stands and its digest
    cleaner:NAME:G:signatures     hash: id -> 128 little-endian 32-bit values
    cleaner:NAME:G:exact:DIGEST   set of ids
    cleaner:NAME:G:sources        set of JSON rows

A document counts once its row in `documents` is there, which is written last: a writer that is killed leaves each
document whole or unseen, and adding again completes it. Building writes a generation of its own and then switches.
Nothing that the server sends is unpickled or run.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import numpy as np

from cleaner.duplicates.index_entry import (
    LEAST,
    PARAMETERS,
    PERMUTATIONS,
    Added,
    Entry,
    Hit,
    IndexingError,
    Source,
    check_parameters,
)
from cleaner.duplicates.index_packing import Array

LEASE = 300
"""Seconds after which the lock of a writer that was killed is free; a living one renews it with every batch."""
PATIENCE = 10.0
BATCH = 1000
_NAME = re.compile(r"[\w.-]+", re.ASCII)


class _Place:
    """A name on a server. The password of its address is never shown."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        name = parts.path.strip("/")
        try:
            port, database = parts.port or 6379, int(parse_qs(parts.query).get("db", ["0"])[0])
        except ValueError:
            name = ""
        if not _NAME.fullmatch(name) or not parts.hostname:
            raise IndexingError("an index on a server is named redis://HOST:PORT/NAME, letters, digits and ._- in NAME")
        try:
            import redis
        except ImportError as error:
            raise IndexingError("an index on a server needs: pip install 'corpus-cleaner[redis]'") from error
        self.shown = f"redis://{parts.hostname}:{port}/{name}"
        self.key = f"cleaner:{name}"
        self.connection: dict[str, Any] = {"host": parts.hostname, "port": port, "db": database}
        self.connection |= {"socket_connect_timeout": PATIENCE, "socket_timeout": 60.0, "ssl": parts.scheme == "rediss"}
        if parts.password:
            self.connection |= {"password": unquote(parts.password)}
        if parts.username:
            self.connection |= {"username": unquote(parts.username)}
        self.client: Any = redis.Redis(**self.connection)

    @contextmanager
    def in_words(self) -> Iterator[None]:
        """Say errors of the server and of the way to it as one clear line."""
        import redis

        try:
            yield
        except redis.exceptions.LockError as error:
            raise IndexingError(f"{self.shown}: another process is writing to it; try again when it is done") from error
        except redis.exceptions.RedisError as error:
            raise IndexingError(f"{self.shown}: {error}") from error

    def generation(self) -> str:
        """The generation in force. Raises IndexingError when there is none or its parameters are others."""
        found = {key.decode(): value.decode() for key, value in self.client.hgetall(self.key).items()}
        if "generation" not in found:
            raise IndexingError(f"{self.shown}: is no index; make one with: cleaner index build {self.shown} PATHS")
        check_parameters(json.loads(found["parameters"]), self.shown)
        return f"{self.key}:{found['generation']}"


class RedisStore:
    """An index on a server; unlike one on a disk it shows what others add or build meanwhile."""

    def __init__(self, url: str) -> None:
        self.place = _Place(url)
        self.name = ""
        with self.place.in_words():
            self._follow()

    def _follow(self) -> None:
        """Take the generation that is in force."""
        from cleaner.duplicates.index_exchange import redis_lsh

        name = self.place.generation()
        if name != self.name:
            self.name, self.lsh = name, redis_lsh(name.encode(), self.place.connection)

    def lookup(self, signatures: Array, digests: Sequence[bytes]) -> list[list[Hit]]:
        """The entries that may be like each text, those that agree most first."""
        with self.place.in_words():
            self._follow()
            return [self._lookup(signature, digest) for signature, digest in zip(signatures, digests, strict=True)]

    def _lookup(self, signature: Array, digest: bytes) -> list[Hit]:
        from cleaner.duplicates.index_exchange import lean

        same = set(self.place.client.smembers(f"{self.name}:exact:{digest.hex()}"))
        ids = sorted(same | set(self.lsh.query(lean(signature))))
        hits = []
        for entry, theirs in self._read(ids):
            agreeing = int((theirs == signature).sum())
            if entry.digest == digest or agreeing >= LEAST:
                hits.append(Hit(entry, agreeing, entry.digest == digest))
        return sorted(hits, key=lambda hit: (not hit.exact, -hit.agreeing, hit.entry.id))

    def _read(self, ids: Sequence[bytes]) -> Iterator[tuple[Entry, Array]]:
        if not ids:
            return
        documents = self.place.client.hmget(f"{self.name}:documents", ids)
        values = self.place.client.hmget(f"{self.name}:signatures", ids)
        for key, document, data in zip(ids, documents, values, strict=True):
            if document and data and len(data) == 4 * PERMUTATIONS:
                yield _entry(key, document), np.frombuffer(data, "<u4")

    def entries(self) -> Iterator[tuple[list[Entry], Array]]:
        """All entries with their signatures (n, 128)."""
        with self.place.in_words():
            self._follow()
            ids = sorted(self.place.client.hkeys(f"{self.name}:documents"))
            for at in range(0, len(ids), BATCH):
                found = list(self._read(ids[at : at + BATCH]))
                yield [entry for entry, _ in found], np.array([values for _, values in found]).reshape(-1, PERMUTATIONS)

    def sources(self) -> set[Source]:
        """Where documents came from, those of entries that were replaced since included."""
        with self.place.in_words():
            return {Source(**json.loads(row)) for row in self.place.client.smembers(f"{self.name}:sources")}

    def facts(self) -> dict[str, Any]:
        """Numbers about the index, and its parameters."""
        with self.place.in_words():
            self._follow()
            parameters = json.loads(self.place.client.hget(self.place.key, "parameters"))
            return {"documents": self.place.client.hlen(f"{self.name}:documents"), "parameters": parameters}


def _entry(key: bytes, document: bytes) -> Entry:
    values = json.loads(document)
    return Entry(key.decode(), Source(**values["source"]), values["line"], bytes.fromhex(values["digest"]))


@contextmanager
def write(url: str, *, fresh: bool = False) -> Iterator[RedisWriter]:
    """Write to an index on a server. With `fresh` it begins empty, and what it held goes when that is complete.

    Raises IndexingError.
    """
    place = _Place(url)
    with place.in_words():
        client = place.client
        with client.lock(f"{place.key}:lock", timeout=LEASE, blocking_timeout=PATIENCE) as lock:
            if fresh:
                number = client.incr(f"{place.key}:generations")
                name = f"{place.key}:{number}"
            else:
                name = place.generation()
            writer = RedisWriter(place, name, lock)
            yield writer
            if fresh:
                values = {"generation": str(number), "parameters": json.dumps(PARAMETERS)}
                client.hset(place.key, mapping=values)
                _forget(client, place.key, name)


def _forget(client: Any, key: str, kept: str) -> None:
    """Remove all generations but one: the last one, and those of builds that broke off."""
    mine = tuple(f"{kept}{mark}".encode() for mark in "_:")
    mine += f"{key}:lock".encode(), f"{key}:generations".encode()
    for name in client.scan_iter(match=f"{key}:*", count=BATCH):
        if not name.startswith(mine):
            client.unlink(name)


class RedisWriter:
    """Writes documents one by one; each counts as soon as it is whole."""

    def __init__(self, place: _Place, name: str, lock: Any) -> None:
        from cleaner.duplicates.index_exchange import redis_lsh

        self.counts = Added()
        self._client, self._name, self._lock = place.client, name, lock
        self._lsh = redis_lsh(name.encode(), place.connection)

    def add(self, entries: Sequence[Entry], signatures: Array) -> None:
        """Add documents with their signatures (n, 128); of several with one id the last one counts."""
        last = {entry.id: n for n, entry in enumerate(entries)}
        for at in range(0, len(entries), BATCH):
            self._lock.extend(LEASE, replace_ttl=True)
            some = [n for n in range(at, min(at + BATCH, len(entries))) if last[entries[n].id] == n]
            self._add([entries[n] for n in some], [np.asarray(signatures[n], "<u4").tobytes() for n in some])

    def _add(self, entries: Sequence[Entry], signatures: Sequence[bytes]) -> None:
        from cleaner.duplicates.index_exchange import lean

        if not entries:
            return
        keys = [entry.id.encode() for entry in entries]
        known = self._client.hmget(f"{self._name}:documents", keys)
        theirs = self._client.hmget(f"{self._name}:signatures", keys)
        begun = self._begun(keys)
        pipe = self._client.pipeline(transaction=False)
        pipe.sadd(f"{self._name}:sources", *{json.dumps(asdict(entry.source)) for entry in entries})
        with self._lsh.insertion_session() as session:
            for key, entry, data, document, other, there in zip(
                keys, entries, signatures, known, theirs, begun, strict=True
            ):
                if document and _entry(key, document) == entry and other == data:
                    self.counts.unchanged += 1
                    continue
                self.counts.added += not document
                self.counts.replaced += bool(document)
                if there:
                    self._take_out(key, document)
                session.insert(key, lean(np.frombuffer(data, "<u4")), check_duplication=False)
                pipe.hset(f"{self._name}:signatures", key, data)
                pipe.sadd(f"{self._name}:exact:{entry.digest.hex()}", key)
                row = {"source": asdict(entry.source), "line": entry.line, "digest": entry.digest.hex()}
                pipe.hset(f"{self._name}:documents", key, json.dumps(row))
        pipe.execute()

    def _begun(self, keys: Sequence[bytes]) -> list[bool]:
        """Which keys have anything in the tables, whole or left by a writer that was killed."""
        pipe = self._client.pipeline(transaction=False)
        for key in keys:
            pipe.hexists(f"{self._name}_keys", key)
        return [bool(there) for there in pipe.execute()]

    def _take_out(self, key: bytes, document: bytes | None) -> None:
        self._client.hdel(f"{self._name}:documents", key)
        if document:
            self._client.srem(f"{self._name}:exact:{_entry(key, document).digest.hex()}", key)
        self._lsh.remove(key)

    def remove(self, ids: Sequence[str]) -> None:
        """Remove documents; ids that are not there are passed over."""
        for name in ids:
            key = name.encode()
            document = self._client.hget(f"{self._name}:documents", key)
            if document:
                self._take_out(key, document)
                self._client.hdel(f"{self._name}:signatures", key)
                self.counts.removed += 1
