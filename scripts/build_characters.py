"""Write cleaner/characters.json: the frozen Unicode tables by which tokens and exact copies are told.

    python scripts/build_characters.py     needs a Python whose `unicodedata` is of the version below

Frozen, because a newer Python knows more characters and would find other tokens in the same text. Raising the version
is a change of the answer: sketches and indexes made with other tables do not fit.
"""

from __future__ import annotations

import json
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

UNICODE = "14.0.0"
TARGET = Path(__file__).parent.parent / "cleaner" / "characters.json"

ALONE = (
    *(
        (0x0E00, 0x0EFF),
        (0x1000, 0x109F),
        (0x1780, 0x17FF),
        (0xA9E0, 0xA9FF),
        (0xAA60, 0xAA7F),
    ),
    *((0x2E80, 0x2FDF), (0x3005, 0x3007), (0x3021, 0x3029), (0x3041, 0x30FA), (0x30FC, 0x30FF)),  # radicals, kana
    *(
        (0x3100, 0x312F),
        (0x31A0, 0x31BF),
        (0x31F0, 0x31FF),
        (0xFF66, 0xFF9D),
        (0x1B000, 0x1B16F),
    ),  # bopomofo, more kana
    *((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x3134F)),  # Han
)
"""Scripts that write no spaces between words: each letter is a token."""
QUOTES = "'\"`\u00b4\u2018\u2019\u201b\u02bc\u2032\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb"
INVISIBLE = "\0\u00ad\u200b\u200e\u200f\u2060\ufeff"
DASHES = "\u2010\u2011\u2012\u2013\u2014\u2212"
KEPT_APART = ("<super>", "<sub>", "<fraction>", "<circle>")
"""Forms that say something else than what they decompose to: 10\u00b2 is not 102, and 3\u00bd is not 31/2."""


def kind(character: str) -> str:
    """Letter (or digit), mark, alone, or nothing for what separates tokens."""
    if character in QUOTES or character in INVISIBLE:
        return ""
    if unicodedata.category(character)[0] == "M":
        return "marks"
    if not character.isalnum():
        return ""
    return "alone" if any(first <= ord(character) <= last for first, last in ALONE) else "letters"


def fold(character: str) -> str:
    """What a character is compared as; nothing for spaces, quotes and what cannot be seen."""
    if character in QUOTES or character in INVISIBLE:
        return ""
    if character in DASHES:
        return "-"
    apart = unicodedata.decomposition(character).startswith(KEPT_APART)
    shown = character if apart else unicodedata.normalize("NFKC", character)
    return "".join(unicodedata.normalize("NFC", shown.casefold()).split())


def ranges(points: Iterable[int]) -> Iterator[list[int]]:
    """Code points in rising order as first and last of each run."""
    first = last = -2
    for point in points:
        if point != last + 1:
            if first >= 0:
                yield [first, last]
            first = point
        last = point
    if first >= 0:
        yield [first, last]


def tables() -> dict[str, Any]:
    """What the file holds."""
    characters = [chr(point) for point in range(0x110000) if not 0xD800 <= point < 0xE000]
    kinds: dict[str, list[int]] = {"letters": [], "marks": [], "alone": []}
    for character in characters:
        if found := kind(character):
            kinds[found].append(ord(character))
    return {
        "unicode": UNICODE,
        **{name: list(ranges(points)) for name, points in kinds.items()},
        "folds": {character: folded for character in characters if (folded := fold(character)) != character},
    }


def main() -> None:
    """Write the tables."""
    if unicodedata.unidata_version != UNICODE:
        sys.exit(f"the tables are those of Unicode {UNICODE}; this Python has {unicodedata.unidata_version}")
    TARGET.write_text(json.dumps(tables(), ensure_ascii=True, separators=(",", ":")) + "\n", encoding="ascii")


if __name__ == "__main__":
    main()
