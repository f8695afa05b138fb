"""Folders in a store, such as s3://bucket/corpus, as folders on this disk: fetched before, sent after.

Everything else works on files, so a store is mirrored: what is not there yet or is another one is fetched, what a run
changed is sent, `run.json` last. What was fetched and sent is remembered beside the mirror, by size and stamp.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from cleaner.bucket import stamp
from cleaner.corpus import JOURNAL, WORK, CorpusError, below, write_atomically
from cleaner.formats import FormatError, needed

LAST = f"{JOURNAL}/run.json"
"""Sent behind all others: it says that they are there."""


class Mirror:
    """A folder or file in a store, and the folder on this disk where it is mirrored. Raises CorpusError."""

    def __init__(self, address: str, folder: Path) -> None:
        self.address, self.folder = address, folder
        self._memory = folder.with_name(f"{folder.name}.mirror.json")
        try:
            url_to_fs = needed("fsspec.core", "remote").url_to_fs
            self._store, root = url_to_fs(address)
        except (FormatError, ImportError, ValueError) as error:
            raise CorpusError(f"{address}: {error}") from error
        self._root = str(root).rstrip("/")

    def fetch(self, *, must_exist: bool = True) -> Path:
        """Bring what the store holds. Returns the file or folder on this disk."""
        known = self._known()
        with _told(self.address):
            self._store.invalidate_cache()
            single = self._store.isfile(self._root)
            found = self._listing(single=single)
            if not found and must_exist:
                raise CorpusError(f"{self.address}: nothing is there")
            self.folder.mkdir(parents=True, exist_ok=True)
            for name, (place, stamp) in found.items():
                target = below(self.folder, name)
                if known.get(name) != [stamp, _state(target)]:
                    target.parent.mkdir(parents=True, exist_ok=True)
                    self._store.get_file(place, str(target))
                    known[name] = [stamp, _state(target)]
        for name in known.keys() - found.keys():
            below(self.folder, name).unlink(missing_ok=True)
        self._remember({name: known[name] for name in found})
        return self.folder / next(iter(found)) if single else self.folder

    def send(self) -> None:
        """Take to the store what is new or changed in the folder, and away from it what is gone."""
        known = self._known()
        here = {path.relative_to(self.folder).as_posix(): path for path in self.folder.rglob("*") if path.is_file()}
        work = f"{JOURNAL}/{WORK}/"
        here = {name: path for name, path in here.items() if not name.startswith(work)}
        with _told(self.address):
            for name in sorted(here, key=lambda name: (name == LAST, name.startswith(JOURNAL), name)):
                if known.get(name, [None, None])[1] != _state(here[name]):
                    self._store.put_file(str(here[name]), f"{self._root}/{name}")
            for name in known.keys() - here.keys():
                self._store.rm_file(f"{self._root}/{name}")
            self._store.invalidate_cache()
            found = self._listing(single=False)
        self._remember({name: [found[name][1], _state(path)] for name, path in here.items() if name in found})

    def _listing(self, *, single: bool) -> dict[str, tuple[str, str]]:
        """The files there, by name: where each lies, and what changes when it does."""
        if single:
            return {PurePosixPath(self._root).name: (self._root, stamp(self._store.info(self._root)))}
        work = f"{self._root}/{JOURNAL}/{WORK}/"
        found = self._store.find(self._root, detail=True) if self._store.exists(self._root) else {}
        return {
            place.removeprefix(self._root).lstrip("/"): (place, stamp(info))
            for place, info in sorted(found.items())
            if place.startswith(f"{self._root}/") and not place.endswith("/") and not place.startswith(work)
        }

    def _known(self) -> dict[str, Any]:
        try:
            known = json.loads(self._memory.read_bytes())
        except (OSError, ValueError):
            return {}
        return known if isinstance(known, dict) else {}

    def _remember(self, known: Mapping[str, Any]) -> None:
        write_atomically(self._memory, json.dumps(known).encode())


class _told:  # noqa: N801  a context, used like a function
    """Say errors of a store in one line that names its address."""

    def __init__(self, address: str) -> None:
        self.address = address

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, Exception) and not isinstance(error, CorpusError):
            said = " ".join(str(error).split())[:200] or type(error).__name__
            raise CorpusError(f"{self.address}: the store refuses or fails ({said})") from error


def _state(path: Path) -> list[int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return [found.st_size, found.st_mtime_ns]
