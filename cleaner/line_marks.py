"""What a glance at a line tells, a byte for each line of a text: whether it ends like a sentence, whether it is prose.

Rules look at every line of every text; here they look at bytes, and take the line itself only when it matters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

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
    return marks_compiled(text) if compiled.on() else marks_plain(lines(text).texts)


def marks_plain(found: Sequence[str]) -> bytes:
    """The marks of lines."""
    return bytes([PROSE * is_prose(line) | ENDED * ends_like_prose(line) for line in found])


def marks_compiled(text: str) -> bytes:
    """The same by compiled code."""
    from cleaner.line_marks_kernel import glance

    seen = glance(text).marks
    if not _UNSURE.search(seen):
        return seen
    judged = bytearray(seen)
    for unsure in _UNSURE.finditer(seen):
        n = unsure.start()
        judged[n] = seen[n] & ~SEVERAL | PROSE * is_prose(lines(text).text(n))
    return bytes(judged)


_UNSURE = re.compile(b"[%c-%c]" % (SEVERAL, 2 * SEVERAL - 1))


def with_mark(seen: bytes, mark: int) -> list[int]:
    """The numbers of the lines that have a mark."""
    return [n for n, byte in enumerate(seen) if byte & mark]


class Sought(NamedTuple):
    """Lines of at most so many characters, blanks around not counted, that begin in some way or hold some characters.

    Beginnings are of one ASCII character or three, in small letters. A line is sought too if one of its first three
    characters is not ASCII. Of the characters that it may hold `row` stand beside each other.
    """

    longest: int
    begins: frozenset[str]
    holds: frozenset[str] = frozenset()
    row: int = 1


def short_lines(text: str, sought: Sought, but: range = range(0)) -> Sequence[int]:
    """The numbers of the lines that are sought, some left out: a quick test of all, so that a rule looks at few."""
    if not compiled.on():
        return [n for n in short_plain(lines(text).texts, sought) if n not in but]
    from cleaner.line_marks_kernel import short_lines

    return short_lines(text, sought, but)


def short_plain(found: Sequence[str], sought: Sought) -> Iterator[int]:
    """The same of lines; the compiled twin may give a few more."""
    longest, begins = sought.longest, sought.begins
    held = _held(sought)
    for n, line in enumerate(found):
        bare = line.strip()
        if bare and len(bare) <= longest:
            head = bare[:3]
            begun = not head.isascii() or head[0] in begins or head.lower() in begins
            if begun or held.search(bare):
                yield n


@cache
def _held(sought: Sought) -> re.Pattern[str]:
    """What a line holds that is sought, as a pattern; nothing matches the one of no characters."""
    return re.compile(f"[{re.escape(''.join(sorted(sought.holds)))}]" * sought.row if sought.holds else "(?!)")
