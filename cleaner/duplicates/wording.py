"""A text prepared for comparison: words as two copies are aligned by them, and the sentences they stand in."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from cleaner.duplicates.meaning import DENYING, NEGATIONS, TAILS, TITLES
from cleaner.segment import CLOSING, QUOTES, ends_like_prose, fold, shaped, shingles, tokens, words

PROSE_WORDS = 3
"""A sentence of so many words that has an end stop is prose."""
SHORT_NAME = 6
"""A name of fewer letters must stand in a text as a word: "rad" also stands inside "traditional"."""
MOVED = 8
"""A passage of so many words is known again at another place."""
DIGITS = re.compile(r"\d+")
_MARKED = re.compile(r"[$€£¥₽₹₩]\s?\d|\d\s?[%°$€£¥₽₹₩]|\b[A-Za-z][+#]{1,2}|(?<![\w-])[-\u2212]\d")
"""Signs that change what a number or a letter means: currency, per cent, minus, C++."""
_APOSTROPHES = re.compile(
    r"&(?:rsquo|lsquo|apos|#0?39|#821[67]|#x27|#x2019);|\u00e2\u20ac[\u2122\u02dc]", re.IGNORECASE
)
_QUOTES = re.compile(r"&(?:[rlb]dquo|quot|nbsp|#34|#822[01]);|\u00e2\u20ac[\u0153\u009d]?", re.IGNORECASE)
"""Marks as entities, and as UTF-8 read as Windows-1252."""
_MARK = "'?\ufffd"
"""What stands where an apostrophe stood, damage included."""
_JOIN = (
    r"(?<=\d)\.(?=\d)|(?<=\d),(?=\d\d\d(?![^\W_]))|"
    rf"(?<=[^\W\d_])['?\ufffd]+(?=(?:{'|'.join(sorted(TAILS))})(?![^\W_]))|(?<=n)['?\ufffd]+(?=t(?![^\W_]))"
)
_JOINED = re.compile(_JOIN, re.IGNORECASE)
_WORD = re.compile(rf"[a-z0-9]+(?:(?:{_JOIN})[a-z0-9]+)*", re.IGNORECASE)
_CLOSED = f"[{re.escape(CLOSING)}]*"
_ENDS = ".!?\u2026\u061f\u06d4\u0964"
_STOP = re.compile(f"(?<![{_ENDS}])[{_ENDS}]+{_CLOSED}(?=\\s)|[\u3002\uff01\uff1f]+{_CLOSED}")
"""The stop at the end of a sentence, with the quotes and brackets that close behind it. It is looked for at the first
of several marks only: a row of a hundred thousand points took minutes."""
CANONICAL = {key: f"{key}'t" for key in DENYING} | {f"{key}t": f"{key}'t" for key in (*DENYING, "can", "won")}
"""Denied verbs whose apostrophe, or what stands behind it too, was lost, as they were."""


class Word(NamedTuple):
    """A word with what hangs on it behind an apostrophe, or a figure with its point: `text[start:end]`.

    It is `torn` when it was taken out of a glued word, so that what hung on it may be lost.
    """

    key: str
    start: int
    end: int
    torn: bool = False

    @property
    def stump(self) -> str:
        """What is left when the apostrophe and all behind it are lost: "he" of "he'll"."""
        return stump(self.key)

    @property
    def denies(self) -> bool:
        """Whether the word turns a statement into its opposite."""
        return self.key in NEGATIONS or self.key.endswith("n't")


def ends_sentence(word: str, gap: str) -> bool | None:
    """Whether a sentence ends between two words, and if it does, whether it ends as prose does.

    A line always ends one. Within a line a stop with a blank behind it does, unless it belongs to an initial or a
    title; a stop of a script without blanks always does.
    """
    line, broken, _ = gap.partition("\n")
    found = _STOP.search(f"{line}\n" if broken else line)
    if found and not (found[0] == "." and not found.start() and _is_short(word)):
        return ends_like_prose(line[: found.end()])
    return ends_like_prose(line) if broken else None


def _is_short(word: str) -> bool:
    return (len(word) == 1 and word.isupper()) or word.lower() in TITLES


def stump(key: str) -> str:
    """A word without what hangs on it behind an apostrophe."""
    return key.partition("'")[0]


class Text:
    """A text prepared for comparison. What is derived from it is made when it is first asked for."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def tokens(self) -> list[str]:
        """The folded tokens."""
        return tokens(self.text)

    @cached_property
    def _plain(self) -> str:
        """The text, as long as it is, with straight quotes, also where damaged ones stand."""
        text = self.text.translate(QUOTES)
        if "&" in text or "\u00e2\u20ac" in text:
            text = _APOSTROPHES.sub(lambda found: "'" * len(found[0]), text)
            text = _QUOTES.sub(lambda found: " " * len(found[0]), text)
        return text

    @cached_property
    def spans(self) -> list[tuple[int, int]]:
        """Where the words stand."""
        text = self._plain
        shape = shaped(text)
        if shape is not None:
            return [found.span() for found in _WORD.finditer(shape)]
        joints = {found.start(): found.end() for found in _JOINED.finditer(text)}
        found: list[tuple[int, int]] = []
        for word in words(text):
            if found and joints.get(found[-1][1]) == word.start:
                found[-1] = found[-1][0], word.end
            else:
                found.append((word.start, word.end))
        return found

    @cached_property
    def keys(self) -> list[str]:
        """The words as they are compared: folded, "1,500" as 1500, a denied verb with its "n't"."""
        text = self._plain
        if text.isascii():
            written: list[str] = _WORD.findall(text.lower())
        else:
            parts = [text[start:end] for start, end in self.spans]
            written = [part.lower() if part.isascii() else fold(part) for part in parts]
        return [CANONICAL.get(key, key) if key.isalnum() else _canonical(key) for key in written]

    @cached_property
    def known(self) -> frozenset[str]:
        """The words, each once."""
        return frozenset(self.keys)

    @cached_property
    def sentences(self) -> tuple[list[int], list[bool]]:
        """The first word of every sentence, and whether it is prose: three words or more, and an end stop.

        In a text that is mostly lists and headings every line counts as prose: there it is what the text says.
        """
        firsts: list[int] = []
        prose: list[bool] = []
        at = inside = 0
        spans, text = self.spans, self.text
        for word, (start, end) in enumerate(spans, 1):
            gap = text[end : spans[word][0]] if word < len(spans) else f"{text[end:]}\n"
            closed = ends_sentence(text[start:end], gap)
            if closed is not None:
                firsts.append(at)
                prose.append(closed and word - at >= PROSE_WORDS)
                inside += (word - at) * prose[-1]
                at = word
        return firsts, prose if 2 * inside >= at else [True] * len(prose)

    def sentence(self, position: int) -> int:
        """The number of the sentence that a place of the text stands in."""
        word = bisect_right(self.spans, (position, len(self.text)))
        return max(0, bisect_right(self.sentences[0], max(0, word - 1)) - 1)

    def is_prose(self, word: Word) -> bool:
        """Whether a word stands in prose."""
        return self.sentences[1][self.sentence(word.start)]

    @cached_property
    def stream(self) -> str:
        """All letters and digits, joined."""
        return "".join(self.tokens)

    @cached_property
    def marked(self) -> frozenset[str]:
        """Every sign that belongs to a number or a letter."""
        return frozenset("".join(found.split()) for found in _MARKED.findall(self.text))

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """The folded tokens, each once."""
        return frozenset(self.tokens)

    @cached_property
    def lower(self) -> frozenset[str]:
        """The words that the text writes in lower case somewhere, as they are compared."""
        both = zip(self.keys, self.spans, strict=True)
        return frozenset(key for key, (start, end) in both if self.text[start:end].islower())

    @cached_property
    def numbers(self) -> frozenset[str]:
        """Every run of digits."""
        return frozenset(DIGITS.findall(" ".join(self.keys)))

    @cached_property
    def glued(self) -> dict[str, tuple[str, str]]:
        """Pairs of neighbours by the letters that are left when the blank between them is lost.

        With the blank the ends behind apostrophes go too ("years he's" is found as "yearshe"); where two pairs leave
        the same letters, the one counts that lost nothing.
        """
        pairs = [(a, b) for a, b in zip(self.keys, self.keys[1:], strict=False) if not (a + b).isdigit()]
        found = {stump(one) + stump(other): (one, other) for one, other in reversed(pairs)}
        found.update({one + other: (one, other) for one, other in pairs})
        return found

    def may_glue(self, key: str) -> bool:
        """Whether a key may be one of `glued`: asked of each word in turn that is quicker than to make all of them."""
        whole, blanked = self._joined
        return key in whole and any(f" {key[:at]} {key[at:]} " in blanked for at in range(1, len(key)))

    @cached_property
    def _joined(self) -> tuple[str, str]:
        """The words one after another without what hangs on them, and as they are: without blanks, and with."""
        blanked = f" {' '.join(self.keys)} "
        if "'" in blanked:
            blanked += f" {' '.join(map(stump, self.keys))} "
        return blanked.replace(" ", ""), blanked

    @cached_property
    def runs(self) -> frozenset[tuple[str, ...]]:
        """The runs of words by which a moved passage is known."""
        return frozenset(zip(*(self.keys[n:] for n in range(MOVED)), strict=False))

    def has_name(self, token: str) -> bool:
        """Whether a folded name stands in the text, a long one also glued to its neighbours."""
        return token in self.vocabulary or (len(token) >= SHORT_NAME and token in self.stream)

    def shingles(self, size: int = 5) -> set[str]:
        """The runs of five tokens, as sets compare them."""
        return shingles(self.tokens, size)

    def quote(self, some: Sequence[Word]) -> str:
        """The text from one word to another, as written."""
        return self.text[some[0].start : some[-1].end] if some else ""


def key_of(written: str) -> str:
    """What a word is compared by."""
    key = fold(written.translate(QUOTES))
    return CANONICAL.get(key, key) if key.isalnum() else _canonical(key)


def _canonical(key: str) -> str:
    """The key of a word that has more than letters in it."""
    if key[-1].isdigit() and key.replace(",", "").isdigit():
        return key.replace(",", "")
    for mark in _MARK:
        head, found, tail = key.partition(mark)
        if found:
            tail = tail.lstrip(_MARK)
            return f"{head}'{tail}"
    return key


@dataclass(frozen=True, slots=True)
class Mended:
    """The words of a text, those glued together taken apart as another text has them."""

    text: Text
    keys: list[str]
    torn: dict[int, tuple[int, int]]
    """Words that were taken apart: their number in `keys` -> where they stand in the text."""
    shifts: list[int]
    """The numbers in `keys` at which a second half stands; every word behind it is shifted by one more."""

    def words(self, start: int, end: int) -> list[Word]:
        """Some of the words, with their places."""
        return [self._word(n) for n in range(start, end)]

    def _word(self, number: int) -> Word:
        place = self.torn.get(number)
        if place:
            return Word(self.keys[number], *place, torn=True)
        return Word(self.keys[number], *self.text.spans[number - bisect_right(self.shifts, number)])


def mended(text: Text, other: Text, *, restore: bool) -> Mended:
    """The words of a text, those glued together taken apart as the other text has them.

    With `restore` also what they lost behind an apostrophe comes back: "Ican" of a text is "I can't" where the other
    one has it. It is what a text that goes may be forgiven, and one that stays may not.
    """
    unknown = [key for key in text.known - other.known if other.may_glue(key)]
    found = {key: other.glued[key] for key in unknown if key in other.glued}
    if not found:
        return Mended(text, text.keys, {}, [])
    keys: list[str] = []
    torn: dict[int, tuple[int, int]] = {}
    shifts: list[int] = []
    for number, key in enumerate(text.keys):
        pair = found.get(key)
        if not pair:
            keys.append(key)
            continue
        start, end = text.spans[number]
        middle = start + len(stump(pair[0]))
        if not restore and "".join(pair) != key:
            pair = _bare(pair[0]), _bare(pair[1])
        torn[len(keys)], torn[len(keys) + 1] = (start, middle), (middle, end)
        shifts.append(len(keys) + 1)
        keys += pair
    return Mended(text, keys, torn, shifts)


def _bare(key: str) -> str:
    """A word that lost what hung on it; of a denied verb enough is left to know it by, but for "can" and "won"."""
    rest = stump(key)
    return CANONICAL.get(rest, rest)
