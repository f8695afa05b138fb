"""One run at a time into one folder.

The kernel holds the lock and drops it with the process, however that ends: a lock cannot outlive its run. Where there
is no `flock` (Windows), nothing is locked.
"""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from cleaner.corpus import JOURNAL, WORK, CorpusError

try:
    import fcntl
except ImportError:  # pragma: no cover  (a system without it)
    fcntl = None  # type: ignore[assignment]

NAME = "lock"


@contextmanager
def alone(target: Path) -> Iterator[None]:
    """Keep other runs out of a folder. Raises CorpusError when one is at work there, or nothing can be written."""
    folder = target / JOURNAL / WORK
    new = [path for path in (folder, *folder.parents) if not path.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        held = _locked(folder / NAME)
    except OSError as error:
        _remove_empty(new)
        raise CorpusError(f"{error.filename or folder}: cannot be written ({error.strerror})") from error
    try:
        yield
    finally:
        (folder / NAME).unlink(missing_ok=True)
        os.close(held)
        _remove_empty([folder, *new])


def _locked(path: Path) -> int:
    """The open file that is the lock, with who holds it written in it. Raises CorpusError, OSError."""
    while True:
        held = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o644)
        try:
            if fcntl:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            who = os.read(held, 200).decode("utf-8", "replace").strip()
            os.close(held)
            raise CorpusError(
                f"{path.parent.parent.parent}: another run is at work here ({who or 'just begun'}); wait until it has "
                "ended, or name another folder"
            ) from None
        with suppress(FileNotFoundError):
            if os.fstat(held).st_ino == path.stat().st_ino:
                os.truncate(held, 0)
                os.write(held, f"process {os.getpid()} on {platform.node()}\n".encode())
                return held
        os.close(held)  # the run before removed the file between the two steps: it is nobody's lock any more


def _remove_empty(folders: list[Path]) -> None:
    for folder in folders:
        with suppress(OSError):
            folder.rmdir()
