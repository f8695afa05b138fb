"""Arrays that take long to make, kept beside the machine code of the kernel that reads them.

They are made again when a file changes that they come from, when what was kept is not whole, and in every process where
no folder for machine code can be written.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np

from cleaner.corpus import CorpusError, write_atomically

Array = np.ndarray[Any, np.dtype[Any]]


def kept(name: str, kernel: Any, sources: Iterable[str | Path], make: Callable[[], Sequence[Array]]) -> Sequence[Array]:
    """The arrays that `make` makes from files. Raises what it raises, and OSError where a file is missing.

    `kernel` is one that `compiled.kernel` made; they lie in its folder under a name of their own.
    """
    folder = kernel.stats.cache_path
    if not folder:
        return make()
    path = Path(folder) / f"{name}.npz"
    stamps = np.array([_stamp(Path(source)) for source in sources])
    with suppress(OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile), path.open("rb") as file:
        found = np.load(file)
        if np.array_equal(found["arr_0"], stamps):
            return [found[key] for key in found.files[1:]]
    made = make()
    written = BytesIO()
    np.savez(written, stamps, *made)
    with suppress(CorpusError):
        write_atomically(path, written.getvalue())
    return made


def _stamp(source: Path) -> str:
    """When a file was written, and its size."""
    status = source.stat()
    return f"{source} {status.st_mtime_ns} {status.st_size}"
