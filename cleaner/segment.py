"""Lines, sentences, tokens, shingles and the folded view: one definition of each, all with offsets.

A line is what stands between two line feeds; nothing else breaks one. A blank line has no visible character. A token is
a maximal run of letters, digits and marks, folded; every CJK, Thai, Lao, Khmer or Myanmar letter is a token by itself.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache, partial
from itertools import accumulate
from operator import add
from typing import NamedTuple, cast

QUOTES = str.maketrans(
    {
        "\u2018": "'", "\u2019": "'", "\u201b": "'", "\u02bc": "'", "\u2032": "'", "\u00b4": "'", "\u0060": "'",
        "\u201c": '"', "\u201d": '"', "\u201f": '"', "\u2033": '"', "\u00ab": '"', "\u00bb": '"', "\u201e": '"',
    }
)  # fmt: skip

_DASHES = str.maketrans({"\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2013": "-", "\u2014": "-", "\u2212": "-"})
_INVISIBLE = str.maketrans(dict.fromkeys(map(ord, "\u00ad\u200b\u200e\u200f\u2060\ufeff")))


class Span(NamedTuple):
    """A stretch of a text: `text[start:end]`."""

    start: int
    end: int
    text: str


_span = cast("Callable[[tuple[int, int, str]], Span]", partial(tuple.__new__, Span))
"""A span from a tuple, in C: a text has many lines."""


@lru_cache(maxsize=4)
def lines(text: str) -> tuple[Span, ...]:
    """All lines of a text, blank ones too; joined by newlines they are the text."""
    parts = text.split("\n")
    starts = [0, *accumulate([len(part) + 1 for part in parts])]
    return tuple(map(_span, zip(starts, map(add, starts, map(len, parts)), parts, strict=False)))


def line_around(text: str, start: int, end: int) -> Span:
    """The line, or lines, that a span of a text stands in."""
    begin = text.rfind("\n", 0, start) + 1
    until = text.find("\n", end)
    until = until if until >= 0 else len(text)
    return Span(begin, until, text[begin:until])


def whole(text: str, first: Span, last: Span | None = None) -> tuple[int, int]:
    """The span that takes whole lines out of a text, with the one newline that goes with them."""
    end = (last or first).end
    if end < len(text):
        return first.start, end + 1
    return max(0, first.start - 1), end


def without_lines(text: str, gone: Sequence[Span]) -> Iterator[tuple[int, int]]:
    """The spans that take lines out of a text, one for each, none touching another's: the rest is joined by newlines.

    A line takes the newline behind it along; of those behind the last line that stays, each the one before it.
    """
    starts = {line.start for line in gone}
    last = next((line.start for line in reversed(lines(text)) if line.start not in starts), -1)
    for line in gone:
        if line.start < last:
            yield line.start, line.end + 1
        else:
            yield max(0, line.start - 1), line.end


def fold(text: str) -> str:
    """The key under which spellings of one line are equal: NFKC, case, quotes, dashes, invisible characters, spaces."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text.translate(_INVISIBLE)).translate(QUOTES).translate(_DASHES)
    return " ".join(text.casefold().split())


_MARKS = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670"
    "\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u0711\u0730-\u074a\u0900-\u0903\u093a-\u093c\u093e-\u094f"
    "\u0951-\u0957\u0962\u0963\u0981-\u0983\u09bc\u09be-\u09cd\u09d7\u09e2\u09e3\u0a01-\u0a03\u0a3c-\u0a4d\u0a70\u0a71"
    "\u0a81-\u0a83\u0abc\u0abe-\u0acd\u0b01-\u0b03\u0b3c\u0b3e-\u0b4d\u0b82\u0bbe-\u0bcd\u0c00-\u0c04\u0c3e-\u0c4d"
    "\u0c81-\u0c83\u0cbc\u0cbe-\u0ccd\u0d00-\u0d03\u0d3e-\u0d4d\u0d82\u0d83\u0dca-\u0ddf\u1ab0-\u1aff\u1dc0-\u1dff"
    "\u20d0-\u20ff\ufe20-\ufe2f"
)
_ALONE = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3041-\u30fa\u30fc-\u30ff"
    "\u3100-\u312f\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua9e0-\ua9ff\uaa60-\uaa7f\uf900-\ufaff"
    "\uff66-\uff9d\U0001b000-\U0001b16f\U00020000-\U0003134f"
)
_ASCII_TOKEN = re.compile(r"[A-Za-z0-9]+")
_TOKEN = re.compile(f"[^\\W_{_ALONE}{_MARKS}](?:[^\\W_{_ALONE}]|[{_MARKS}])*|[{_ALONE}][{_MARKS}]*")


def words(text: str) -> list[Span]:
    """The tokens of a text as written, with their offsets."""
    pattern = _ASCII_TOKEN if text.isascii() else _TOKEN
    return [Span(m.start(), m.end(), m.group()) for m in pattern.finditer(text)]


def tokens(text: str) -> list[str]:
    """The tokens of a text, folded."""
    if text.isascii():
        return _ASCII_TOKEN.findall(text.lower())
    return [unicodedata.normalize("NFKC", token).casefold() for token in _TOKEN.findall(text)]


def shingles(sequence: Sequence[str], size: int) -> set[str]:
    """The runs of `size` consecutive tokens; fewer tokens are one shingle, none are no shingle."""
    if not sequence:
        return set()
    return {" ".join(sequence[at : at + size]) for at in range(max(1, len(sequence) - size + 1))}


_SPACES = re.compile("[\u00a0\u0085\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]")
_STOPS = re.compile(r"[.!?\u2026\u3002\uff01\uff1f\u061f\u06d4\u0964]")


@lru_cache(maxsize=64)
def sentences(line: str, language: str = "en") -> tuple[Span, ...]:
    """The sentences of one line; each keeps the blanks that follow it, so joined they are the line.

    sentencex decides. Spaces other than U+0020 are shown to it as U+0020, since it stops with a panic on some of them
    (an initial, a no-break space and a full stop); should it still fail, the line is one sentence.
    """
    if not line or not _STOPS.search(line[:-1]):
        return (Span(0, len(line), line),) if line else ()
    import sentencex

    shown = _SPACES.sub(" ", line)
    try:
        parts = list(sentencex.segment(language, shown))
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        parts = [shown]
    found = []
    at = 0
    for part in parts:
        found.append(Span(at, at + len(part), line[at : at + len(part)]))
        at += len(part)
    if at != len(line):
        return (Span(0, len(line), line),)
    return tuple(found)


_FINAL = tuple(".!?\u2026\u3002\uff01\uff1f\u061f\u06d4\u0964")
_CLOSING = "\"'\u201c\u201d\u2018\u2019\u00bb\u203a)*]\u300d\u300f"
_CUT = ("...", "[...]", "[\u2026]")


def ends_like_prose(line: str) -> bool:
    """Whether a line ends in a full stop, question or exclamation mark, closing quotes and brackets allowed."""
    bare = line.rstrip()
    return bare.rstrip(_CLOSING).endswith(_FINAL) and not bare.endswith(_CUT)


PROSE_WORDS = 12
"""A line of so many words with an end stop is prose. (C4 takes 5 and loses headings; here it only marks the body.)"""


def is_prose(line: str) -> bool:
    """Whether a line is plainly part of the article's body: long, and ended like a sentence."""
    if len(line) < 40:
        return False
    if line.count(" ") + 1 >= PROSE_WORDS:
        return ends_like_prose(line)
    return not line.isascii() and ends_like_prose(line) and len(tokens(line)) >= 2 * PROSE_WORDS  # no spaces written


@lru_cache(maxsize=4)
def paragraphs(text: str) -> tuple[Span, ...]:
    """The lines of a text that have a visible character."""
    return tuple([line for line in lines(text) if line.text and not line.text.isspace()])
