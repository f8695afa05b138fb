"""Where a document comes from: one definition, for counting, guarding and choosing survivors.

A record says it itself (`site`, `source`, `domain`, or the host of its address); otherwise it is the top folder of the
corpus that holds the file, or the file of records. Folders are named from the project and end in a slash.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from cleaner.formats import holds_records

FIELDS = ("site", "source", "domain", "host")
LINKS = ("url", "link", "canonical_url", "source_url", "uri")
_WRAPPED = re.compile(r"https?://web\.archive\.org/web/[^/]+/(https?:/.*)", re.IGNORECASE)
_PLAIN = re.compile(r"https?://([a-z0-9.-]{1,253})(?=/|$)")
"""Nearly all addresses: the host is written as it is compared, with no port nor user."""
_HOST = re.compile(r"[^\s/]{1,253}")


def stated(meta: Mapping[str, Any]) -> str:
    """The source that a record states; empty when it states none."""
    for field in FIELDS:
        value = meta.get(field)
        if isinstance(value, str) and value.strip():
            return host(value) if "://" in value else _plain(value)
    return next((found for field in LINKS if (found := host(meta.get(field)))), "")


def address(meta: Mapping[str, Any]) -> str:
    """The address that a record states; empty when it states none."""
    return next((value for field in LINKS if isinstance(value := meta.get(field), str) and value.strip()), "")


def host(link: object) -> str:
    """The host of an address without "www."; that of the page itself for a copy in the web archive."""
    if not isinstance(link, str):
        return ""
    if (plain := _PLAIN.match(link)) and plain[1] != "web.archive.org":
        return plain[1].removeprefix("www.")
    archived = _WRAPPED.match(link)
    link = archived[1].replace(":/", "://", 1).replace(":///", "://", 1) if archived else link
    try:
        found = urlsplit(link if "://" in link else f"//{link}").hostname or ""
    except ValueError:
        return ""
    return _plain(found)


def _plain(name: str) -> str:
    """A name as it is compared; one line, no leading "www."."""
    return " ".join(name.split()).casefold().removeprefix("www.")[:253]


def folder(name: str, within: str = "") -> str:
    """The top folder below `within` that holds a file, both named from the project; for a file right in it, the file.

    A text file right in `within` belongs to that folder.
    """
    inner = name.removeprefix(f"{within}/") if within else name
    top, slash, _ = inner.partition("/")
    prefix = f"{within}/" if within and inner != name else ""
    if slash:
        return f"{prefix}{top}/"
    return name if holds_records(name) else prefix or "./"


def places(meta: Mapping[str, Any], name: str) -> Iterator[str]:
    """Every source that a document may have been counted under, the most exact first."""
    found = stated(meta)
    if found:
        yield found
        return
    yield name
    for parent in PurePosixPath(name).parents:
        yield f"{parent}/" if str(parent) != "." else "./"
