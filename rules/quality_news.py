"""QLT061-QLT062: the line filters of C4 made safe for news in any script."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cleaner.rule import Thresholds, rule
from cleaner.segment import Span, ends_like_prose, paragraphs, tokens, without_lines
from cleaner.text import Document, Edit

_CLOSED = re.compile("[\"'”’»›」』)\\]:]\\s*$")
"""A quotation, a bracket, or a colon before what it announces."""
_FRENCH = re.compile("[.!?…]\\s[»›]\\s*$")
_ITEM = re.compile(r"\s*(?:[-–•*·▪]|\d{1,3}[.)]|[a-z]\))\s")
_TITLE = 3
"""Words of the shortest headline or list item that stays; in a script without blanks a character is a word."""

LINE = "The mayor opened the bridge over the river."
QUOTED = (
    "Bridge over the river opened\n“We are glad that it is done.”\n« Enfin ! »\n他表示，大桥已经通车。\n"
    "قال إن الجسر فُتح؟"
)
LISTED = "What it cost:\n- two million for the steel\n- one million for the road\nThe council pays for both."


@rule(
    "QLT061",
    "news-line-end",
    safety="filter",
    fixes={
        f"Home\nNews\nSport and games today\n{LINE}\nShare this article with friends": f"Sport and games today\n{LINE}"
    },
    keeps=[QUOTED, LISTED, f"{LINE}\nA subhead without a stop\n{LINE}"],
)
def news_line_end(document: Document) -> Iterator[Edit]:
    """Drop a line that neither ends like prose in any script, nor is a headline, a subhead or an item of a list.

    C4's rule (QLT024) without what it costs news: curly quotes, guillemets, closing brackets and the stops of other
    scripts count; a line of three words before a line of prose is its headline; items of a list stay.
    """
    found = list(paragraphs(document.text))
    ends = [_ends(line.text) for line in found]
    before_prose = [*ends[1:], False]
    gone = [line for at, line in enumerate(found) if not ends[at] and not _has_place(line.text, before_prose[at])]
    yield from _edits(document.text, gone, "no end of a sentence, no headline, no list")


def _stops(line: str) -> bool:
    return ends_like_prose(line) or bool(_FRENCH.search(line))


def _ends(line: str) -> bool:
    return _stops(line) or bool(_CLOSED.search(line))


def _has_place(line: str, prose_follows: bool) -> bool:
    return (prose_follows or bool(_ITEM.match(line))) and len(tokens(line)) >= _TITLE


def _edits(text: str, gone: list[Span], because: str) -> Iterator[Edit]:
    for start, end in without_lines(text, gone):
        yield Edit(start, end, "", because)


@rule(
    "QLT062",
    "news-short-line",
    safety="filter",
    thresholds={"min_words": 3},
    fixes={f"Share\nRead more\n{LINE}": LINE},
    keeps=[f"“No.”\n{LINE}\n« Oui. »", "大桥通车\n他表示，大桥已经通车。", f"{LINE}\n\n{LINE}"],
)
def news_short_line(document: Document, limits: Thresholds) -> Iterator[Edit]:
    """Drop a line of fewer than 3 words that does not end like prose; in a script without blanks a character is a word.

    C4's rule (QLT022) without what it costs news: answers in an interview, Chinese and Japanese lines, blank lines.
    """
    least = limits["min_words"]
    short = [line for line in paragraphs(document.text) if len(tokens(line.text)) < least and not _stops(line.text)]
    yield from _edits(document.text, short, f"fewer than {least:g} words and no end of a sentence")
