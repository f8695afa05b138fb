"""Compressed files: gzip and Zstandard as streams, in bounded memory, with a word for what breaks."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

from cleaner.formats import needed

LEVELS = {".gz": 6, ".zst": 3}
"""Usual levels of the two: files as others make them."""
CHUNK = 1 << 20
RATIO, FREE = 400, 64 << 20
"""A stream may become so many times as large, or this large whatever it was: beyond, it was made to fill a disk."""


class DamagedError(Exception):
    """A stream that cannot be read on. What came before is good, unless it is `suspect`."""

    suspect = False


class SuspectError(DamagedError):
    """A stream that is not as it was written. Where it was changed nobody knows, so nothing of it can be trusted."""

    suspect = True


def check(extra: str) -> None:
    """Raise FormatError when Zstandard is not installed."""
    needed("backports.zstd", extra)


def _zstd() -> Any:
    return needed("backports.zstd", "zstd")


class Unpacked(io.RawIOBase):
    """The bytes of a compressed file. Raises DamagedError where they end too early, are damaged, or grow too much."""

    def __init__(self, file: BinaryIO, packing: str) -> None:
        self._file = file
        self._read = 0
        self._inner: Any = gzip.GzipFile(fileobj=file) if packing == ".gz" else _zstd().ZstdFile(file)
        self._errors: tuple[type[Exception], ...] = (gzip.BadGzipFile, zlib.error)
        if packing != ".gz":
            self._errors = (_zstd().ZstdError,)

    def readable(self) -> bool:
        """See RawIOBase."""
        return True

    def readinto(self, buffer: Any) -> int:
        """See RawIOBase."""
        try:
            data = self._inner.read1(len(buffer)) if hasattr(self._inner, "read1") else self._inner.read(len(buffer))
        except EOFError as error:
            if not self._file.tell():
                return 0  # an empty file is an empty stream, as with gzip
            raise DamagedError(f"cut off after {self._read:,} bytes of text; the rest is missing") from error
        except self._errors as error:
            raise SuspectError(f"damaged, nothing of it is read ({_said(error)})") from error
        self._read += len(data)
        if self._read > FREE and self._read > RATIO * self._file.tell():
            raise DamagedError(f"becomes more than {RATIO} times as large; the rest is not read")
        buffer[: len(data)] = data
        return len(data)

    def read1(self, size: int = -1) -> bytes:
        """What there is, up to so many bytes."""
        return self.read(size if size >= 0 else CHUNK) or b""


def _said(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__


@contextmanager
def packed(file: BinaryIO, packing: str) -> Iterator[BinaryIO]:
    """A file to write to, which is compressed into `file`; equal bytes give equal files."""
    if not packing:
        yield file
    elif packing == ".gz":
        with gzip.GzipFile(fileobj=file, mode="wb", filename="", mtime=0, compresslevel=LEVELS[packing]) as inner:
            yield inner  # type: ignore[misc]  # it is one in all that a writer asks for
    else:
        known = _zstd().CompressionParameter
        options = {known.compression_level: LEVELS[packing], known.checksum_flag: 1}
        with _zstd().ZstdFile(file, "wb", options=options) as inner:
            yield inner
