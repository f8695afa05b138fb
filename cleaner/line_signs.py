"""What the columns of a line show against it, as reasons in words; `line_score_kernel` compiles the same function."""

from __future__ import annotations

from collections.abc import Sequence

from cleaner.line_features import OWN

(
    _SOCIAL, _LEGAL, _ACT, _TALK, _OFFER, _NAV, _PEOPLE, _DATES, _TIME, _LINKS, _JOINTS, _COPIES, _END, _CAPITALS,
    _CONTENT, _SHARED, _STOPS, _WORDS,
) = (
    OWN.index(name)
    for name in (
        "social", "legal", "act", "talk", "offer", "nav", "people", "dates", "time", "links", "joints", "copies", "end",
        "capitals", "content", "shared", "stops", "words",
    )
)  # fmt: skip

SIGNS = (
    "names a network or an app", "words of a notice", "words of a prompt", "words of a menu", "words of a credit",
    "a date or time", "an address", "dividers", "stands there more than once", "cut off by dots", "title case",
    "speaks of other things", "no function words", "very short", "short", "no end stop",
)  # fmt: skip
"""What a line shows, in words, the rarest in a body first."""
OF_PAGES = sum(1 << n for n, name in enumerate(SIGNS) if name.startswith(("names a", "words of")))
REPEATED = 1 << SIGNS.index("stands there more than once")
"""Bits: its words are those of pages; the same line stands elsewhere."""
SHOWN = 4
"""So many are told at most."""


def signs(row: Sequence[int]) -> int:
    """Which of `SIGNS` the columns of a line show: a bit for each, the first one lowest."""
    words = row[_WORDS]
    prompts = row[_ACT] + row[_TALK] + row[_OFFER]
    return (
        (row[_SOCIAL] > 0 and words < 15) << 0
        | (row[_LEGAL] > 0 and words < 40) << 1
        | (prompts > 1 or (row[_ACT] > 0 and words < 6)) << 2
        | (row[_NAV] > 0 and words < 8) << 3
        | (row[_PEOPLE] > 0 and words < 15) << 4
        | (row[_DATES] + row[_TIME] > 0 and words < 10) << 5
        | (row[_LINKS] > 0) << 6
        | (row[_JOINTS] > 1) << 7
        | (row[_COPIES] > 1) << 8
        | (row[_END] == 0) << 9
        | (row[_CAPITALS] >= 450 and words > 2) << 10
        | (row[_CONTENT] >= 4 and row[_SHARED] <= 150) << 11
        | (row[_STOPS] == 0 and words > 3) << 12
        | (words <= 3) << 13
        | (3 < words <= 12) << 14
        | (row[_END] < 16) << 15
    )


def told(shown: int) -> str:
    """The first few signs in words."""
    return ", ".join([name for bit, name in enumerate(SIGNS) if shown >> bit & 1][:SHOWN])
