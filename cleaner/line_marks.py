"""What a glance at a line tells, a byte for each line of a text: whether it ends like a sentence, whether it is prose.

Rules look at every line of every text; here they look at bytes, and take the line itself only when it matters.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from cleaner import compiled
from cleaner.segment import ends_like_prose, is_prose, lines

PROSE = 1
"""The line is plainly part of the article's body, as `segment.is_prose` says."""
ENDED = 2
"""It ends like a sentence, as `segment.ends_like_prose` says."""
BODY = bytes([PROSE | ENDED])
"""The marks of a line of prose: it always ends like a sentence."""
SEVERAL = 4
"""No mark but a question of the kernel: whether the line is prose is left to `is_prose`."""


@lru_cache(maxsize=4)
def marks(text: str) -> bytes:
    """The marks of the lines of a text."""
    found = lines(text).texts
    return marks_compiled(text, found) if compiled.on() else marks_plain(found)


def marks_plain(found: Sequence[str]) -> bytes:
    """The marks of lines."""
    return bytes([PROSE * is_prose(line) | ENDED * ends_like_prose(line) for line in found])


def marks_compiled(text: str, found: Sequence[str]) -> bytes:
    """The same by compiled code; `found` are the lines of the text."""
    from cleaner.line_marks_kernel import glance

    seen = glance(text).marks
    if max(seen) < SEVERAL:
        return seen
    judged = bytearray(seen)
    for unsure in _UNSURE.finditer(seen):
        n = unsure.start()
        judged[n] = seen[n] & ~SEVERAL | PROSE * is_prose(found[n])
    return bytes(judged)


_UNSURE = re.compile(b"[%c-%c]" % (SEVERAL, 2 * SEVERAL - 1))


def with_mark(seen: bytes, mark: int) -> list[int]:
    """The numbers of the lines that have a mark."""
    return [n for n, byte in enumerate(seen) if byte & mark]
