"""Whether a line is code, or a text speaks of code: rules for prose leave both alone."""

from __future__ import annotations

import re
from functools import lru_cache

_CHARACTERS = re.compile(r"[`={}<>\\|_&]")
_SHAPES = (
    ("(", re.compile(r"\(\s?\)")),
    ("-", re.compile(r"-(?<!\S-)-?[a-z]")),
    ("/", re.compile(r"/(?:\s|$)")),
    (" . ", re.compile(r"(?:^|[.;] )[a-z.]+ \. ")),
)
"""What a line of prose hardly holds and a line of code or a shell command does: characters, and shapes, each with what
stands wherever it does, since one pattern of all of them would be tried at every character of every paragraph. A
pattern that begins with a character, and no look behind it, is tried only where that stands."""

_TALK = re.compile(
    r"\b(?:source code|programming|javascript|python|php|html|css|api|github|compiler|syntax|markdown|shortcodes?|"
    r"bbcode|placeholders?|template engine|regex|variables?|command line|plugins?|developers?)\b",
    re.IGNORECASE,
)
_OFTEN = 3
_LINES = 2
"""Different words of programming, or lines that can only be code, from which a text is about code."""
_STATEMENT = re.compile(r"^[ \t]*(?:[}\])]+;?$|[#@$/]{1,2}\w+[^.!?]*[;{(]$|\S[^\n]*[;{]$|</?[a-z]+>)", re.MULTILINE)


def is_code(line: str) -> bool:
    """Whether a line may be code or a command rather than prose."""
    if _CHARACTERS.search(line):
        return True
    return any(sign in line and shape.search(line) for sign, shape in _SHAPES)


@lru_cache(maxsize=16)
def is_about_code(text: str) -> bool:
    """Whether a text shows code or speaks of it: there, brackets and placeholders are what it is about."""
    words = {found[0].lower() for found in _TALK.finditer(text)}
    if len(words) >= _OFTEN:
        return True
    return sum(1 for _ in _STATEMENT.finditer(text)) >= _LINES
