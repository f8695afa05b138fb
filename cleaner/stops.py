"""What stands behind full stops and looks out of place: words in small letters, and names that are all of a sentence.

Nearly every sentence ends before a capital and more than a name; what does not is found in one compiled pass.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from cleaner import compiled

SMALL = re.compile(r"[.!?](?<=[a-z]{3}.) ([a-z]{3,})\b(?!\.\w)")
"""A word in small letters behind an end stop."""
ALONE = re.compile(r"\. ([A-Z][a-z]{2,})\.(?= [A-Z]|\s*$)", re.MULTILINE)
"""A word with a capital between two full stops."""


class Behind(NamedTuple):
    """The words behind the stops of a text, each from where it starts to where it ends, in order."""

    small: Sequence[tuple[int, int]]
    alone: Sequence[tuple[int, int]]


@lru_cache(maxsize=2)
def behind_stops(text: str) -> Behind:
    """The words behind the stops of a text that look out of place."""
    if compiled.on():
        from cleaner.stops_kernel import found

        return found(text)
    return behind_plain(text)


def behind_plain(text: str) -> Behind:
    """The same, asked of the patterns."""
    return Behind(*([found.span(1) for found in pattern.finditer(text)] for pattern in (SMALL, ALONE)))
