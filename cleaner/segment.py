"""Lines, sentences, tokens, shingles and the folded view: one definition of each, all with offsets.

A line is what stands between two line feeds; nothing else breaks one. A blank line has no visible character. A token is
a maximal run of letters, digits and marks, folded; every CJK, Thai, Lao, Khmer or Myanmar letter is a token by itself.
Which characters these are is frozen (`characters`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from functools import cache, lru_cache, partial
from itertools import accumulate, compress, pairwise
from operator import add
from typing import NamedTuple, cast, overload

from cleaner import compiled
from cleaner.characters import folds, token_folds, token_pattern

QUOTES = str.maketrans(
    {
        "\u2018": "'", "\u2019": "'", "\u201b": "'", "\u02bc": "'", "\u2032": "'", "\u00b4": "'", "\u0060": "'",
        "\u201c": '"', "\u201d": '"', "\u201f": '"', "\u2033": '"', "\u00ab": '"', "\u00bb": '"', "\u201e": '"',
    }
)  # fmt: skip

_DASHES = str.maketrans({"\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2013": "-", "\u2014": "-", "\u2212": "-"})
_PLAIN = [(chr(mark), plain) for mark, plain in (QUOTES | _DASHES).items()]
INVISIBLE = "\u00ad\u200b\u200e\u200f\u2060\ufeff"


class Span(NamedTuple):
    """A stretch of a text: `text[start:end]`."""

    start: int
    end: int
    text: str


_span = cast("Callable[[tuple[int, int, str]], Span]", partial(tuple.__new__, Span))
"""A span from a tuple, in C: a text has many lines."""


class Lines(Sequence[Span]):
    """Lines of a text. The strings, where they start, and the span of one are made when they are asked for.

    Rules look at few, and a text changes several times: `text` gives one line without making the others.
    """

    __slots__ = ("_starts", "_texts")

    def __init__(self, texts: Sequence[str] | str, starts: Callable[[], Sequence[int]]) -> None:
        """Lines that are given, or what they make joined by newlines; where they start is worked out at need."""
        self._texts = texts
        self._starts: Callable[[], Sequence[int]] | Sequence[int] = starts

    @property
    def texts(self) -> Sequence[str]:
        """The lines as strings."""
        if isinstance(self._texts, str):
            self._texts = self._texts.split("\n")
        return self._texts

    @property
    def starts(self) -> Sequence[int]:
        """Where the lines start in the text."""
        if callable(self._starts):
            self._starts = self._starts()
        return self._starts

    def text(self, number: int) -> str:
        """The line with this number, from 0."""
        texts, starts = self._texts, self._starts
        if not isinstance(texts, str):
            return texts[number]
        if callable(starts):
            starts = self.starts
        below = number + 1
        return texts[starts[number] : starts[below] - 1 if below < len(starts) else None]

    def __len__(self) -> int:
        return len(self.starts if isinstance(self._texts, str) else self._texts)

    @overload
    def __getitem__(self, at: int) -> Span: ...
    @overload
    def __getitem__(self, at: slice) -> Lines: ...
    def __getitem__(self, at: int | slice) -> Span | Lines:
        if isinstance(at, slice):
            return Lines(self.texts[at], lambda: self.starts[at])
        start, line = self.starts[at], self.text(at if at >= 0 else at + len(self))
        return _span((start, start + len(line), line))

    def __iter__(self) -> Iterator[Span]:
        return (_span((start, start + len(line), line)) for line, start in zip(self.texts, self.starts, strict=True))


@lru_cache(maxsize=4)
def lines(text: str) -> Lines:
    """All lines of a text, blank ones too; joined by newlines they are the text."""
    if compiled.on():
        return Lines(text, lambda: _starts_compiled(text))
    found = text.split("\n")
    return Lines(found, lambda: starts_plain(found))


def starts_plain(found: Sequence[str]) -> list[int]:
    """Where lines start in the text that they are joined to by newlines."""
    return list(map(add, accumulate(map(len, found), initial=0), range(len(found))))


def _starts_compiled(text: str) -> Sequence[int]:
    from cleaner.line_marks_kernel import glance

    return glance(text).starts.data  # few are asked for: no list of all is made


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
        for mark in INVISIBLE:
            if mark in text:
                text = text.replace(mark, "")
        if not unicodedata.is_normalized("NFKC", text):
            text = unicodedata.normalize("NFKC", text)
        for mark, plain in _PLAIN:
            if mark in text:
                text = text.replace(mark, plain)
    return " ".join(text.casefold().split())


_ASCII_TOKEN = re.compile(r"[A-Za-z0-9]+")
_LETTER, _OTHER, _HARD = range(3)
_VARIED = 200
"""Different characters that are not ASCII from which on a text is not shaped: then the pattern of tokens is quicker."""


def words(text: str) -> list[Span]:
    """The tokens of a text as written, with their offsets."""
    shape = shaped(text)
    if shape is None:
        return [Span(m.start(), m.end(), m.group()) for m in token_pattern().finditer(text)]
    return [Span(start, end, text[start:end]) for start, end in map(re.Match.span, _ASCII_TOKEN.finditer(shape))]


def tokens(text: str) -> list[str]:
    """The tokens of a text, folded."""
    if text.isascii():
        return _ASCII_TOKEN.findall(text.lower())
    shape = shaped(text)
    if shape is None:
        return folded(token_pattern().findall(text))
    return folded([text[start:end] for start, end in map(re.Match.span, _ASCII_TOKEN.finditer(shape))])


def shaped(text: str) -> str | None:
    """A text with an x for each letter that is not ASCII, so that patterns of ASCII letters find its words.

    Those are several times quicker. Nothing where words cannot be told so: in scripts without blanks, where a mark
    hangs on a letter, and with digits that are not ASCII.
    """
    if text.isascii():
        return text
    different = [character for character in set(text) if character > "\x7f"]
    if len(different) > _VARIED:
        return None
    shape = text
    for character in different:
        shaping = _shaping(character)
        if shaping == _LETTER:
            shape = shape.replace(character, "x")
        elif shaping == _HARD and not _stands_apart(character, text):
            return None
    return shape


@cache
def _shaping(character: str) -> int:
    """What becomes of a character: letters that are like ASCII ones in no other way are replaced."""
    if unicodedata.category(character)[0] in "PSZ":  # no token has one, and the pattern takes long to prepare
        return _OTHER
    if token_pattern().fullmatch(f"x{character}") is None:
        return _HARD if character.isalnum() else _OTHER
    plain = token_pattern().fullmatch(character) and character.isalpha() and not character.casefold().isascii()
    return _LETTER if plain else _HARD


def _stands_apart(mark: str, text: str) -> bool:
    """Whether a mark hangs on no letter, as those that choose how a picture is drawn."""
    if mark.isalnum():
        return False
    before = {text[at - 1 : at] for at, character in enumerate(text) if character == mark}
    return not any(one.isalnum() or _shaping(one) == _HARD for one in before if one > "\x7f" or one.isalnum())


def folded(found: Sequence[str]) -> list[str]:
    """Tokens as they are compared."""
    joined = "\0".join(found)
    if joined.isascii():
        return joined.lower().split("\0") if found else []
    return composed(joined).translate(token_folds()).split("\0")


def composed(text: str) -> str:
    """A text with every letter and its accent in one character where Unicode has one (NFC)."""
    return text if text.isascii() or unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


@cache
def composing() -> frozenset[str]:
    """The characters up to U+FFFF without which a text is in NFC.

    Marks that could stand in another order, what can grow together with the character before it, and what NFC writes
    otherwise (Unicode Standard Annex 15, section 9).
    """
    every = list(map(chr, range(0x10000)))
    made = {
        one: parts.split() for one, parts in zip(every, map(unicodedata.decomposition, every), strict=True) if parts
    }
    behind = {chr(int(found[1], 16)) for found in made.values() if len(found) == 2 and not found[0].startswith("<")}
    otherwise = (one for one in made if not unicodedata.is_normalized("NFC", one))
    moving = compress(every, map(unicodedata.combining, every))
    return frozenset(behind.union(otherwise, moving, *(map(chr, jamo) for jamo in _JAMO)))


_JAMO = range(0x1161, 0x1176), range(0x11A8, 0x11C3)
"""Vowels and endings of Korean syllables, which grow together with what stands before them."""


def compared(text: str) -> str:
    """What exact copies share: the text folded, without quotes and spaces. Signs such as $ and % count."""
    return composed(text).translate(folds())


def shingles(sequence: Sequence[str], size: int) -> set[str]:
    """The runs of `size` consecutive tokens; fewer tokens are one shingle, none are no shingle."""
    if not sequence:
        return set()
    return {" ".join(sequence[at : at + size]) for at in range(max(1, len(sequence) - size + 1))}


SPACES = (*map(chr, (0xA0, 0x85, 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029, 0x202F, 0x205F, 0x3000)),)
"""Spaces that sentencex is shown as U+0020."""
_SPACES = re.compile(f"[{''.join(SPACES)}]")
_STOPS = re.compile(r"[.!?\u2026\u3002\uff01\uff1f\u061f\u06d4\u0964]")


@lru_cache(maxsize=64)
def sentences(line: str, language: str = "en") -> tuple[Span, ...]:
    """The sentences of one line; each keeps the blanks that follow it, so joined they are the line."""
    starts = sentence_starts(line, language)
    return tuple(Span(start, end, line[start:end]) for start, end in pairwise((*starts, len(line))))


def sentence_starts(line: str, language: str = "en") -> Sequence[int]:
    """Where the sentences of one line begin; an empty line has none."""
    starts = list(accumulate(map(len, parted(line, language)), initial=0))
    return starts if starts.pop() == len(line) else (0,)


def parted(line: str, language: str = "en") -> Sequence[str]:
    """A line cut into its sentences, character for character, though other spaces than U+0020 are shown as U+0020.

    sentencex decides. It stops with a panic on some of these spaces (an initial, a no-break space and a full stop);
    should it still fail, the line is one sentence.
    """
    if not _STOPS.search(line, 0, len(line) - 1):
        return (line,) if line else ()
    return _cut(line if line.isascii() else _SPACES.sub(" ", line), language)


def sentence_sizes(paragraphs: str, count: int, *, spaced: bool = True) -> list[int]:
    """The characters of the sentences of `count` lines with blank lines between them, and of each of these.

    All lines have a stop before their last character, and together 10 KB at most, or are one line: sentencex takes one
    paragraph after the other, but cuts a longer text elsewhere too. `spaced` tells whether there are any of SPACES.
    """
    found = paragraphs.split(BLANK) if spaced else []
    parts = _cut(BLANK.join([one if one.isascii() else _SPACES.sub(" ", one) for one in found]) or paragraphs)
    sizes = list(map(len, parts))
    if sum(sizes) == len(paragraphs) and parts.count(BLANK) == count - 1:
        return sizes
    sizes = []
    for line in paragraphs.split(BLANK):
        alone = list(map(len, parted(line)))
        sizes += [*(alone if sum(alone) == len(line) else [len(line)]), len(BLANK)]
    return sizes[:-1]


BLANK = "\n\n"


def _cut(text: str, language: str = "en") -> Sequence[str]:
    """What sentencex makes of a text; the whole of it where that panics."""
    try:
        return _segment()(language, text)
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        return (text,)


@cache
def _segment() -> Callable[[str, str], list[str]]:
    import sentencex

    cut: Callable[[str, str], list[str]] = sentencex.segment
    return cut


FINAL = tuple(".!?\u2026\u3002\uff01\uff1f\u061f\u06d4\u0964")
CLOSING = "\"'\u201c\u201d\u2018\u2019\u00bb\u203a)*]\u300d\u300f"
CUT = ("...", "[...]", "[\u2026]")


def ends_like_prose(line: str) -> bool:
    """Whether a line ends in a full stop, question or exclamation mark, closing quotes and brackets allowed."""
    bare = line.rstrip()
    return bare.rstrip(CLOSING).endswith(FINAL) and not bare.endswith(CUT)


PROSE_WORDS = 12
"""A line of so many words with an end stop is prose. (C4 takes 5 and loses headings; here it only marks the body.)"""

PROSE_LETTERS = 40
"""Characters that such a line has at least."""


def is_prose(line: str) -> bool:
    """Whether a line is plainly part of the article's body: long, and ended like a sentence."""
    if len(line) < PROSE_LETTERS:
        return False
    if line.count(" ") + 1 >= PROSE_WORDS:
        return ends_like_prose(line)
    return not line.isascii() and ends_like_prose(line) and len(tokens(line)) >= 2 * PROSE_WORDS  # no spaces written


@lru_cache(maxsize=4)
def paragraphs(text: str) -> Lines:
    """The lines of a text that have a visible character."""
    rows = lines(text)
    shown = filled(text)
    if len(shown) == len(rows):
        return rows
    return Lines([rows.texts[n] for n in shown], lambda: [rows.starts[n] for n in shown])


@lru_cache(maxsize=4)
def filled(text: str) -> Sequence[int]:
    """The numbers of the lines that have a visible character."""
    shown = _filled_compiled(text) if compiled.on() else filled_plain(lines(text).texts)
    every = range(len(shown))
    return list(compress(every, shown)) if 0 in shown else every


def filled_plain(found: Sequence[str]) -> bytes:
    """For each line whether it has a visible character: 1, or 0."""
    return bytes(map(bool, map(str.strip, found)))


def _filled_compiled(text: str) -> bytes:
    from cleaner.line_marks_kernel import glance

    return glance(text).filled
