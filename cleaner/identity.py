"""Which program this is: what decides the result of a run beside its sources and settings.

Runs that two programs of one identity make of the same sources are the same, so results may be taken from an earlier
run, and the tasks of one run given to many machines.
"""

from __future__ import annotations

from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from cleaner.rule import bundled

DECIDING = ("ftfy", "langdetect", "sentencex", "datasketch", "rapidfuzz")
"""Packages whose version can change what a run gives."""
KINDS = (".py", ".toml", ".tsv", ".json", ".txt", ".gz")


def versions() -> dict[str, str]:
    """The versions of the packages that decide."""
    return {name: version(name) for name in DECIDING}


def program(folders: tuple[Path, ...] = ()) -> str:
    """A digest of the code, the rules and tables, those in `folders` too, and of the versions of the packages."""
    whole = sha256(repr(versions()).encode())
    for folder in (Path(__file__).parent, bundled(), *folders):
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.suffix in KINDS:
                whole.update(path.name.encode() + path.read_bytes())
    return whole.hexdigest()
