"""Which characters make tokens, and as what each is compared: frozen tables, the same whatever Python runs them.

`characters.json` is written by scripts/build_characters.py. Kernels read the same tables as one array of numbers.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

UNICODE = "14.0.0"
"""The version of the tables. Another one finds other tokens: what was sketched with it cannot be compared."""


@cache
def tables() -> dict[str, Any]:
    """The file: ranges of code points for `letters` (and digits), `marks` and `alone`; `folds` of single characters."""
    content: dict[str, Any] = json.loads((Path(__file__).parent / "characters.json").read_text(encoding="ascii"))
    return content


@cache
def folds() -> dict[int, str]:
    """For `str.translate`: as what a character is compared. Spaces, quotes and what cannot be seen become nothing."""
    return {ord(character): folded for character, folded in tables()["folds"].items()}


@cache
def token_folds() -> dict[int, str]:
    """The same for tokens that are joined by U+0000."""
    return {point: folded for point, folded in folds().items() if point}


@cache
def token_pattern() -> re.Pattern[str]:
    """A token: letters, digits and marks that follow them; or one letter of a script without spaces, with its marks."""
    letters, marks, alone = (
        "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in tables()[name])
        for name in ("letters", "marks", "alone")
    )
    return re.compile(f"[{letters}][{letters}{marks}]*|[{alone}][{marks}]*")
