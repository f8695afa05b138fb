"""Web archives: WARC and WET, by warcio, compressed or not. Read only: an archive is published as records.

A conversion (the texts of a WET file), and a response or resource that is HTML or plain text, is a document; requests,
metadata and pictures are none. HTML travels as it is and is extracted where documents are cleaned (pages.py).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, BinaryIO

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from cleaner.decode import decode
from cleaner.formats.packing import DamagedError
from cleaner.records import HTML, LARGEST, TOO_LARGE, broken

PLAIN = "text/plain"
EACH = True
"""Every record is compressed by itself, so where one is damaged those before it are not."""
FAILURES = (ArchiveLoadFailed, DamagedError, EOFError, OSError, ValueError, LookupError, TypeError, AttributeError)
"""What warcio raises on bytes that are no archive."""
KINDS = ("conversion", "response", "resource")


def read(file: BinaryIO, head: dict[str, Any]) -> Iterator[bytes]:
    """The documents of an archive, in order."""
    head["records"] = 0
    found = iter(ArchiveIterator(file))
    while True:
        try:
            record = next(found, None)
            if record is None:
                return
            head["records"] += 1
            if record.rec_headers.get_header("Content-Length") is None:
                raise EOFError("it does not tell its length")
            line = _line(record) if record.rec_type in KINDS else None
        except FAILURES as error:
            said = " ".join(str(error).split())[:200] or type(error).__name__
            yield broken(f"broken at record {head['records']:,} of the archive, the rest is not read ({said})")
            return
        if line:
            yield line


def _line(record: Any) -> bytes | None:
    """A document as a line; nothing where a record holds none."""
    headers = record.rec_headers
    http = record.http_headers
    if http is not None and not str(http.get_statuscode()).startswith("2"):
        return None
    kind = (http.get_header("Content-Type") if http is not None else record.content_type) or ""
    kind = kind.partition(";")[0].strip().lower()
    if kind not in (HTML, PLAIN, "application/xhtml+xml"):
        return None
    where = {"id": headers.get_header("WARC-Record-ID"), "url": headers.get_header("WARC-Target-URI")}
    where["date"] = headers.get_header("WARC-Date")
    data = record.content_stream().read(LARGEST + 1)
    if getattr(record.raw_stream, "limit", 0) > 0 and len(data) <= LARGEST:
        raise EOFError("the archive ends within it")
    if len(data) > LARGEST:
        return broken(f"{TOO_LARGE}: {where['url']}")
    known = {name: value for name, value in where.items() if value}
    text = decode(data).text
    return json.dumps({**known, "type": PLAIN if kind == PLAIN else HTML, "text": text}, ensure_ascii=True).encode()
