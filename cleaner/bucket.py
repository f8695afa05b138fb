"""A folder in a store that fsspec knows, such as s3://bucket/work, as a place; it may be sent to other machines.

Nothing is remembered of what it holds: other machines write there. Where the credentials are is the business of fsspec
(variables of the environment, the role of a machine), and of each machine.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from cleaner.formats import FormatError, needed

STAMPS = ("ETag", "etag", "md5Hash", "content_md5", "LastModified", "mtime", "created")


def is_remote(name: str) -> bool:
    """Whether a name is the address of something in a store, and not a path."""
    return "://" in name


@lru_cache(maxsize=64)
def _opened(address: str, _process: int) -> tuple[Any, str]:
    """The file system of an address, and the path there; each process has connections of its own."""
    store, root = needed("fsspec.core", "remote").url_to_fs(address, use_listings_cache=False)
    return store, str(root).rstrip("/")


@dataclass(frozen=True, slots=True)
class Bucket:
    """See Place. What a store says goes wrong is an OSError whose file name is its address."""

    address: str

    def __str__(self) -> str:
        return self.address

    def sizes(self, folder: str = "") -> dict[str, int]:
        """See Place."""
        with self._asked(folder) as (store, path), suppress(FileNotFoundError):
            found = store.ls(path, detail=True)
            return {_last(info["name"]): int(info["size"]) for info in found if info["type"] == "file"}
        return {}

    def folders(self) -> list[str]:
        """The folders right in it."""
        with self._asked() as (store, path), suppress(FileNotFoundError):
            return [_last(info["name"]) for info in store.ls(path, detail=True) if info["type"] == "directory"]
        return []

    def files(self) -> list[str]:
        """All files in it and below, by name; the empty name where the address is that of a file."""
        with self._asked() as (store, path):
            found = store.find(path) if store.exists(path) else []
            return sorted(str(name).removeprefix(path).lstrip("/") for name in found)

    def info(self, name: str) -> tuple[int, str]:
        """The bytes of a file, and what tells one content of it from another."""
        with self._asked(name) as (store, path):
            found = store.info(path)
            return int(found["size"]), stamp(found)

    def exists(self) -> bool:
        """See Place."""
        with self._asked() as (store, path):
            return bool(store.exists(path))

    def read(self, name: str) -> bytes:
        """See Place."""
        with self._asked(name) as (store, path):
            return bytes(store.cat_file(path))

    def slice(self, name: str, start: int, stop: int) -> bytes:
        """Some bytes of a file."""
        if stop <= start:
            return b""
        with self._asked(name) as (store, path):
            return bytes(store.cat_file(path, start=start, end=stop))

    def slices(self, asked: Sequence[tuple[str, int, int]]) -> list[bytes]:
        """Some bytes of each of many files, asked for at once."""
        filled = [one for one in asked if one[1] < one[2]]
        with self._asked() as (store, path):
            paths = [f"{path}/{name}" for name, _, _ in filled]
            found = iter(store.cat_ranges(paths, [one[1] for one in filled], [one[2] for one in filled]))
            brought = [next(found) if start < stop else b"" for _, start, stop in asked]
            if failed := next((one for one in brought if isinstance(one, Exception)), None):
                raise failed
            return [bytes(one) for one in brought]

    def write(self, name: str, data: bytes) -> None:
        """See Place."""
        with self._asked(name) as (store, path):
            store.pipe_file(path, data)

    def create(self, name: str, data: bytes) -> bool:
        """See Place. Stores that cannot promise it may tell two that they were first."""
        with self._asked(name) as (store, path):
            try:
                store.pipe_file(path, data, mode="create")
            except FileExistsError:
                return False
        return True

    def put(self, name: str, path: Path) -> None:
        """A copy of a file of this machine, there whole or not at all."""
        with self._asked(name) as (store, place):
            store.put_file(str(path), place)

    def get(self, name: str, path: Path) -> None:
        """A copy of a file on this machine."""
        with self._asked(name) as (store, place):
            store.get_file(place, str(path))

    def remove(self, name: str) -> None:
        """See Place; also a folder, with all that is in it."""
        with self._asked(name) as (store, path), suppress(FileNotFoundError):
            store.rm(path, recursive=True)

    @contextmanager
    def _asked(self, name: str = "") -> Iterator[tuple[Any, str]]:
        """The store and a path in it; what it raises, in one line that names the address."""
        where = f"{self.address}/{name}".rstrip("/")
        try:
            store, root = _opened(self.address, os.getpid())
            yield store, f"{root}/{name}".rstrip("/")
        except FileNotFoundError as error:
            raise FileNotFoundError(errno.ENOENT, "is not there", where) from error
        except (FormatError, ImportError, ValueError) as error:
            raise OSError(errno.EINVAL, str(error), where) from error
        except Exception as error:  # every store raises errors of its own
            said = " ".join(str(error).split())[:200] or type(error).__name__
            raise OSError(errno.EIO, f"the store refuses or fails ({said})", where) from error


def stamp(info: Mapping[str, Any]) -> str:
    """What tells one content of a file in a store from another, of what the store says about the file."""
    return f"{info.get('size')}:{next((str(info[key]) for key in STAMPS if info.get(key)), '')}"


def _last(name: str) -> str:
    return name.rstrip("/").rpartition("/")[2]
