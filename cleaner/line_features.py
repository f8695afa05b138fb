"""What a line looks like: whole numbers per line, from the line alone.

Everything is counted in integers, so the same text gives the same numbers on every machine. The text is mapped once, as
a whole, onto one byte per character (Latin-1, typographic marks by their plain cousins, any other letter as "?"), and
from there onto classes of characters and onto small letters; counting then happens in C over slices of these strings.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from itertools import accumulate

from cleaner.line_echo import ECHO, echo
from cleaner.line_words import KINDS

OWN = (
    "chars", "words", "stop", "stops", "end", "start", "commas", "capitals", "upper", "digits", "sentences", "joints",
    "links", "questions", "exclaims", "quotes", "dates", "copies", "letters", "foreign", "brackets",
    "social", "legal", "act", "talk", "nav", "people", "time", "offer", "you", "past",
    "lexical", "first", "prose", *ECHO,
)  # fmt: skip
"""The columns of a line by itself; `stop` and `capitals` as compared with the prose of the same text."""

CHARS, WORDS, START, END, CAPITALS, DATES, TIME, LEXICAL, PROSE, SHARED = (
    OWN.index(name)
    for name in (
        "chars", "words", "start", "end", "capitals", "dates", "time", "lexical", "prose", "shared"
    )
)  # fmt: skip
USUAL = {"stop": 400, "capitals": 150}
"""What prose has in a thousand words, where a text has no prose to tell: figures of English news."""

READ = 240
"""So many words of a line are looked up; what a line is shows by then, and a line of a megabyte costs no more."""
SPOKEN = 40
"""So many words of a line make its lexical weight: a longer line is not a label."""
LONG = 2000
"""Counts of characters are capped here: beyond it, longer is not more like prose."""
PROSE_WORDS = 12
"""As in `segment`: a line of so many words that ends like a sentence is prose."""

PLAIN = (
    ("?", "\x05"), ("\u2018", "'"), ("\u2019", "'"), ("\u201c", '"'), ("\u201d", '"'), ("\u201e", '"'),
    ("\u2039", "<"), ("\u203a", ">"), ("\u2013", "-"), ("\u2014", "-"), ("\u2026", "\x04"), ("\u2022", "\xb7"),
    ("\u25cf", "\xb7"), ("\u25aa", "\xb7"), ("\u25b6", ">"), ("\u25ba", ">"), ("\u2192", ">"), ("\u2190", "<"),
    ("\u2191", "<"), ("\u2193", "<"), ("\u3002", "."), ("\uff01", "!"), ("\uff1f", "\x05"), ("\uff0c", ","),
    ("\u3001", ","), ("\uff1a", ":"), ("\u20ac", "$"), ("\u202f", " "), ("\u2009", " "), ("\u200b", " "),
    ("\u2122", "\xae"),
)  # fmt: skip
"""Marks of many alphabets by their Latin-1 cousins; a true question mark is told from what cannot be shown."""


def _classes() -> bytes:
    """One class per byte: A capital, a small letter, 0 digit, ? letter of another alphabet, else the mark's group."""
    table = bytearray(b"~" * 256)
    for code in range(256):
        char = chr(code)
        if char == "?":
            table[code] = ord("?")
        elif char.isalpha():
            table[code] = ord("A") if char.isupper() else ord("a")
        elif "0" <= char <= "9":
            table[code] = ord("0")
        elif char.isspace():
            table[code] = ord(" ")
    for group, chars in {
        ".": ".", "!": "!", "Q": "\x05", ":": ":", ",": ",;", "E": "\x04", '"': "\"'\xab\xbb", "|": "|\xb7/<>*\\~=+_",
        "(": "()[]{}", "-": "-", "@": "@#", "c": "\xa9\xae", "$": "$%\xa3\xa5&",
    }.items():  # fmt: skip
        for char in chars:
            table[ord(char)] = ord(group)
    return bytes(table)


def _lowered() -> bytes:
    """Small letters; what is no letter becomes a blank, so that words can be split off."""
    return bytes(
        ord(chr(code).lower()) if chr(code).isalpha() and ord(chr(code).lower()) < 256 else 63 if code == 63 else 32
        for code in range(256)
    )


CLASSES = _classes()
LOWERED = _lowered()
ENDS = {ord(letter): value for value, letter in enumerate('E~|$c@-(0aA?,: "Q!.')}
STARTS = {ord(letter): value for value, letter in enumerate('a|-@$c~E,:!.Q(0? "A')}
FINAL = ENDS[ord("Q")]
_LINKS, _COPIES = OWN.index("links"), OWN.index("copies")
LINKS = (b"://", b"www.", b".com", b".org", b".net", b"@")
DATE = re.compile(rb"(?=[12][09][0-9][0-9]|[0-9][:./][0-9][0-9])")
"""A year or a time of day; a look ahead, so that every place counts for itself."""
_WORD = re.compile(r"[^\W\d_]+")
BITS = 10
_MASK = (1 << BITS) - 1
_STOP_BITS = BITS * (len(KINDS) - 1)


@cache
def kinds() -> tuple[dict[bytes, int], dict[str, int]]:
    """Word -> one unit in the counter of its kind; the counters of all kinds are packed into one number."""
    table: dict[str, int] = {}
    for number, words in enumerate(KINDS.values()):
        for word in words:
            table.setdefault(word, 1 << (BITS * number))
    latin = {word.encode("latin-1"): unit for word, unit in table.items() if max(word) < "\u0100"}
    return latin, table


def plain(text: str) -> bytes:
    """One byte per character."""
    pairs = PLAIN[:1] if text.isascii() else PLAIN
    for mark, cousin in pairs:
        if mark in text:
            text = text.replace(mark, cousin)
    return text.encode("latin-1", "replace")


def own(lines: Sequence[str], lexicon: Mapping[bytes, int]) -> list[list[int]]:
    """The columns `OWN` of each line. No line may be blank or hold a line feed."""
    text = plain("\n".join(lines))
    classes = text.translate(CLASSES)
    lowered = text.translate(LOWERED)
    alien = 5 * classes.count(b"?") > len(classes)
    copies = Counter(lines)
    starts = [0, *accumulate(len(line) + 1 for line in lines)]
    links = per_line(link_places(text), starts)
    dates = per_line((match.start() for match in DATE.finditer(text)), starts)
    found = []
    spoken = []
    for n, line in enumerate(lines):
        at, end = starts[n], starts[n + 1] - 1
        words = lowered[at:end].split()
        row = _one(line, classes[at:end].strip() or b"~", words, alien, lexicon)
        row[_LINKS], row[DATES], row[_COPIES] = min(links[n], 5), min(dates[n], 5), min(copies[line], 8)
        found.append(row)
        spoken.append(words)
    prose = [row[PROSE] for row in found]
    _relate(found, prose)
    about = [[word for word in words if is_content(word)] for words in spoken]
    return [[*row, *more] for row, more in zip(found, zip(*echo(about, prose), strict=True), strict=True)]


def is_content(word: bytes) -> bool:
    """Whether a word says what a text is about: not short, of no kind, in letters that can be shown."""
    latin, _ = kinds()
    return len(word) > 3 and word not in latin and b"?" not in word


def _relate(rows: list[list[int]], prose: Sequence[int]) -> None:
    """Take what the prose of this text has on average from two columns.

    German prose has more capitals than English headlines; what counts is how a line differs from the article.
    """
    spoken = sum(row[WORDS] for row, flag in zip(rows, prose, strict=True) if flag)
    for name, usual in USUAL.items():
        column = OWN.index(name)
        total = sum(row[column] * row[WORDS] for row, flag in zip(rows, prose, strict=True) if flag)
        average = total // spoken if spoken else usual
        for row in rows:
            row[column] -= average


def link_places(text: bytes) -> list[int]:
    """Where something stands that only an address has."""
    found = []
    for mark in LINKS:
        at = text.find(mark)
        while at >= 0:
            found.append(at)
            at = text.find(mark, at + 1)
    return found


def per_line(places: Iterable[int], starts: list[int]) -> list[int]:
    """How many places lie in each line."""
    counts = [0] * len(starts)
    for place in places:
        counts[bisect_right(starts, place) - 1] += 1
    return counts


def packed_any(line: str) -> int:
    """The packed counters of a line in any alphabet, of its first `READ` words."""
    return _packed(line[: 8 * READ])


@lru_cache(maxsize=1 << 9)
def _packed(line: str) -> int:
    _, table = kinds()
    return sum([table.get(word, 0) for word in _WORD.findall(line.lower())[:READ]])


def _one(line: str, classes: bytes, words: list[bytes], alien: bool, lexicon: Mapping[bytes, int]) -> list[int]:
    latin, _ = kinds()
    count = classes.count
    chars = len(classes)
    total = min(len(words), 400)
    size = min(total, READ) or 1
    packed = packed_any(line) if alien else sum([latin.get(word, 0) for word in words[:READ]])
    stops = packed >> _STOP_BITS
    lexical = sum([lexicon.get(word, 0) for word in words[:SPOKEN]])
    upper = count(b"A")
    foreign = count(b"?")
    letters = upper + count(b"a") + foreign
    quotes = count(b'"')
    end = _end(classes)
    prose = end >= FINAL and (total >= PROSE_WORDS or (2 * foreign > chars >= 2 * PROSE_WORDS))
    first = (latin.get(words[0], 0).bit_length() + BITS - 1) // BITS if words else 0
    marks = count(b". ") + count(b"! ") + count(b"Q ") + (count(b'." ') if quotes else 0)
    return [
        min(chars, LONG), total, min(stops * 1000 // size, 1000), min(stops, 60), end, STARTS[classes[0]],
        min(count(b","), 30), (count(b" A") + (classes[:1] == b"A")) * 1000 // (total or 1),
        upper * 1000 // (letters or 1), count(b"0") * 1000 // chars, min(marks, 20), min(count(b"|"), 20), 0,
        min(count(b"Q"), 5), min(count(b"!"), 5), min(quotes, 20), 0, 0, letters * 1000 // chars,
        foreign * 1000 // chars, min(count(b"("), 10),
        *[min(packed >> bits & _MASK, 15) for bits in range(0, _STOP_BITS, BITS)], lexical, first, int(prose),
    ]  # fmt: skip


def _end(classes: bytes) -> int:
    """What a line ends in; closing quotes and brackets are looked through where a stop stands before them."""
    if classes.endswith(b"..."):
        return 0
    closing = classes.rstrip(b'"(|')
    if closing[-1:] in (b".", b"!", b"Q") and not closing.endswith(b"..."):
        return ENDS[closing[-1]]
    return ENDS[classes[-1]]
