"""Which program this is: what decides the result of a run beside its sources and settings.

Runs that two programs of one identity make of the same sources are the same, so results may be taken from an earlier
run, and the tasks of one run given to many machines.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from cleaner.formats import is_page, may_hold_pages
from cleaner.rule import bundled

DECIDING = ("ftfy", "langdetect", "sentencex", "datasketch", "rapidfuzz")
"""Packages whose version can change what a run gives."""
EXTRACTING = ("trafilatura",)
"""Those that do so where the corpus holds pages."""
KINDS = (".py", ".toml", ".tsv", ".json", ".txt", ".gz")


def versions(files: Iterable[str] = ()) -> dict[str, str]:
    """The versions of the packages that decide what a run over these files gives. Raises PackageNotFoundError."""
    pages = any(is_page(path) or may_hold_pages(path) for path in files)
    return {name: version(name) for name in (*DECIDING, *(EXTRACTING if pages else ()))}


def program(folders: tuple[Path, ...] = ()) -> str:
    """A digest of the code, the rules and tables, those in `folders` too, and of the versions of the packages."""
    whole = sha256(repr([versions(), [_if_there(name) for name in EXTRACTING]]).encode())
    for folder in (Path(__file__).parent, bundled(), *folders):
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.suffix in KINDS:
                whole.update(path.name.encode() + path.read_bytes())
    return whole.hexdigest()


def _if_there(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
