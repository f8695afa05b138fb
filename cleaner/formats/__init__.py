"""The formats of corpus files: one table of names, and for each format a file that reads and writes it.

A format of records is read as lines of JSON and written from such lines (see records.py), so nothing behind this room
knows more than one. A module of the table has

    read(file, head)          the lines of a binary file; what it finds out about the file goes into `head`
    write(file, head, lines)  the same lines as a file of the format; without it the format is only read

and raises FormatError where a file is no such file at all. What is broken inside comes as a line (`records.broken`).
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from importlib import import_module
from typing import Any, NamedTuple


class FormatError(ValueError):
    """A file cannot be read or written as what its name says: why, and what to do."""


class Format(NamedTuple):
    """A row of the table. `becomes` is the suffix under which documents are published, if not their own."""

    name: str
    suffixes: tuple[str, ...]
    module: str = ""
    extra: str = ""
    records: bool = True
    packs: bool = False
    becomes: str = ""
    options: tuple[tuple[str, str], ...] = ()


FORMATS = (
    Format("text", (".txt", ".md"), records=False),
    Format("jsonl", (".jsonl", ".ndjson"), "lines", packs=True),
    Format("csv", (".csv",), "tables", packs=True, options=(("delimiter", ","),)),
    Format("html", (".html", ".htm", ".xhtml"), "pages", extra="html", records=False, becomes=".txt"),
    Format("warc", (".warc.wet", ".warc", ".wet"), "warc", extra="warc", packs=True, becomes=".jsonl"),
    Format("parquet", (".parquet", ".pq"), "parquet", extra="parquet"),
    Format("tsv", (".tsv", ".tab"), "tables", packs=True, options=(("delimiter", "\t"),)),
)
PACKINGS = {".gz": "", ".zst": "zstd"}
"""Compressions by suffix, with the extra that some need."""
PRODUCT = "corpus-cleaner"


class Shape(NamedTuple):
    """What the name of a file says: its format, its compression, and the part of the name that says so."""

    format: Format
    packing: str
    suffix: str


@lru_cache(maxsize=1 << 12)
def shape(path: str) -> Shape | None:
    """The shape of a file by its name; None where it is no corpus file."""
    name = path.rpartition("/")[2]
    packing = next((end for end in PACKINGS if name.endswith(end)), "")
    for known in FORMATS:
        for suffix in known.suffixes:
            for ending in (suffix, suffix + packing) if known.packs else (suffix,):
                if name.endswith(ending) and name != ending:
                    return Shape(known, packing if ending != suffix else "", ending)
    return None


def holds_records(path: str) -> bool:
    """Whether a file of this name holds many documents, and not one."""
    found = shape(path)
    return found is not None and found.format.records


def keeps_escapes(path: str) -> bool:
    """Whether records of such a file are lines as somebody wrote them, and not as we do."""
    found = shape(path)
    return found is not None and found.format.name == "jsonl"


def is_recast(path: str, goal: str) -> bool:
    """Whether records become rows of a format that orders and spells their fields in its own way."""
    source, target = shape(path), shape(goal)
    return target is not None and target.format.name == "parquet" and source is not None and source != target


def is_plain(path: str) -> bool:
    """Whether a file of records is written as its lines are."""
    found = shape(path)
    return found is not None and found.format.name == "jsonl" and not found.packing


def suffixes() -> list[str]:
    """All suffixes, for messages."""
    return [suffix for known in FORMATS for suffix in known.suffixes]


def module(found: Shape) -> Any:
    """The module that reads and writes a format. Raises FormatError when its library is not installed."""
    if extra := PACKINGS.get(found.packing):
        from cleaner.formats import packing

        packing.check(extra)
    return needed(f"cleaner.formats.{found.format.module}", found.format.extra)


def can_write(path: str) -> bool:
    """Whether files of this name can be written, and not only read. Raises FormatError without the extra."""
    found = shape(path)
    return found is not None and found.format.records and hasattr(module(found), "write")


def is_page(path: str) -> bool:
    """Whether a file of this name is an HTML page, of which the text has to be extracted."""
    found = shape(path)
    return found is not None and found.format.name == "html"


def may_hold_pages(path: str) -> bool:
    """Whether records of such a file may be HTML pages."""
    found = shape(path)
    return found is not None and found.format.name == "warc"


def check(paths: Iterable[str]) -> None:
    """Raise FormatError, naming the file, where the library is missing that reads one."""
    checked = set()
    for path in paths:
        found = shape(path)
        if found and found.format.module and (known := (found.format.name, found.packing)) not in checked:
            checked.add(known)
            try:
                module(found)
                if found.format.name == "warc":
                    needed("cleaner.formats.pages", "html")
            except FormatError as error:
                raise FormatError(f"{path}: {error}") from error


def needed(name: str, extra: str) -> Any:
    """A module that an extra brings. Raises FormatError that names the extra."""
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        message = f"needs the package {error.name}: pip install '{PRODUCT}[{extra}]'"
        raise FormatError(message) from error


TO = {"jsonl": ".jsonl", "jsonl.gz": ".jsonl.gz", "jsonl.zst": ".jsonl.zst", "parquet": ".parquet", "txt": ".txt"}
"""What `--to` takes, with the suffix of what is written."""
TEXTS = "txt"
TOGETHER = "documents"
"""The name of the file into which text files go together where records are asked for."""


def output(path: str, to: str = "") -> str:
    """The file in which the documents of a file are published; where each gets one of its own, the folder of these."""
    found = shape(path)
    if found is None:
        return path
    if to == TEXTS:
        return path.removesuffix(found.suffix) + ("" if found.format.records else found.format.becomes or found.suffix)
    ending = TO[to] if to else found.format.becomes
    if not ending or ending == found.suffix:
        return path
    if to and not found.format.records:
        return TOGETHER + ending
    return path.removesuffix(found.suffix) + ending
