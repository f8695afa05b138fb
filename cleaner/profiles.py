"""Profiles: which filters stand for the document pipelines that others publish."""

from __future__ import annotations

_GOPHER = ("QLT00", "QLT01")
_C4 = tuple(f"QLT02{number}" for number in range(10))

PROFILES: dict[str, tuple[str, ...]] = {
    "news": (),
    "c4": _C4,
    "gopher": _GOPHER,
    "fineweb": (*_GOPHER, *_C4[:4], *_C4[5:], "QLT03"),
    "c4-news": ("QLT020", "QLT021", "QLT023", "QLT025", "QLT026", "QLT028", "QLT06"),
    "refinedweb": (*_GOPHER, "QLT04"),
}
"""What a profile selects beside the rules that are selected anyway.

"news" drops nothing: an article that a web filter would drop is mostly a good one. "c4-news" drops lines, by rules made
safe for news, and no document but an empty template. FineWeb ran C4 without its line ends (QLT024).
"""
