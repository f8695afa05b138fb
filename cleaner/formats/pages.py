"""HTML pages: the main text by trafilatura, and what the page says of itself.

Extraction is a judgement, so the page is what undo gives back and what the text is compared with; the rules see the
text alone. Read only: a page is published as text.
"""

from __future__ import annotations

import re
from typing import Any

from trafilatura import bare_extraction

FACTS = {
    "title": "title",
    "author": "author",
    "date": "date",
    "sitename": "site",
    "hostname": "host",
    "url": "url",
    "language": "page_language",
}
"""What trafilatura finds out about a page, with the names that we use."""
LANGUAGE = re.compile(r"<html\b[^>]{0,500}?\blang\s*=\s*[\"']?([A-Za-z]{2,3})\b", re.IGNORECASE)


def extracted(page: str) -> tuple[str, dict[str, Any]]:
    """The main text of a page, and its metadata. The text is empty where there is none."""
    found: Any = bare_extraction(page, with_metadata=True, include_comments=False, include_tables=True, fast=True)
    if found is None:
        return "", {}
    values = found.as_dict()
    if (stated := LANGUAGE.search(page, 0, 4096)) and not values.get("language"):
        values["language"] = stated[1].lower()
    facts = {name: str(values[key]) for key, name in FACTS.items() if values.get(key)}
    return str(values.get("text") or ""), facts
