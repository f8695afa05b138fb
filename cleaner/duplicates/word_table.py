"""What kernels know of characters and of the words that matter when two texts are compared: `wording` as numbers.

Only ordinary characters are in the table: letters that fold to one letter, ASCII digits, and signs that have no
meaning of their own, pictures among them. Marks that hang on letters are not, nor the stops of scripts without blanks.
A text with any other character is compared in plain Python.
"""

from __future__ import annotations

import unicodedata
from functools import cache

import numpy as np
import numpy.typing as npt

from cleaner.characters import tables
from cleaner.duplicates.meaning import EXCHANGED, GROUPS, NEGATIONS, SCALES, TAILS, TITLES, WEIGHTLESS
from cleaner.duplicates.wording import CANONICAL
from cleaner.segment import CLOSING, FINAL, INVISIBLE, QUOTES, fold

LIMIT = 0x1FB00
"""Characters from here on are not ordinary."""
ORDINARY = (0, 0x2460), (0x2500, 0x2776), (0x2794, 0x2C00), (0x3041, 0x3100), (0x1F300, LIMIT)
"""Where characters are looked at one by one; of all others only these are ordinary:"""
IDEOGRAPHS, SYLLABLES = (0x4E00, 0x9FFE), (0xAC00, 0xD7A4)
"""each one a word, and Korean letters that have become one."""
LETTER, DIGIT, UPPER, MARK, SPACE, STOP, CLOSES, SIGN, ODD, LOOSE, UNCASED, ALONE = (1 << n for n in range(12))
"""What a character may be; MARK is an apostrophe or what stands for one, LOOSE what chooses how the picture before it
is drawn: it is nothing there, and behind a letter a part of the word. UNCASED letters have no capitals, and each that
stands ALONE is a word."""
ORDINALS = "\xaa\xba"
"""Letters that are compared as small ASCII letters."""
SELECTORS = "\ufe0e\ufe0f"

DENIES, TAIL, SCALE, WEIGHTLESS_WORD, TITLE, FIGURE, ALPHA, NAME, LOWER, FOREIGN, TORN, NUMBER, GLUED = (
    1 << n for n in range(13)
)
"""What a word may be. GLUED: it was taken out of two that were glued together. FIGURE: it has a digit; NUMBER: it
begins with one; FOREIGN: it has a letter that is not ASCII; TORN: it has an apostrophe; NAME: it is written like
one; LOWER: it is written in lower case."""
GROUP = 16
"""The bits from here on tell the groups of `EXCHANGED` that a word belongs to."""

BASE = 0x9E3779B97F4A7C15 | 1
"""A word is hashed as a number to this base, modulo 2^64, so that the hash of glued words follows from theirs."""
LONGEST = 60
"""Letters of a word from which on a text is not ordinary."""
_MASK = (1 << 64) - 1
SPECIAL = np.dtype(
    [("key", "<u8"), ("said", "<u8"), ("bare", "<u8"), ("stump", "<u8"), ("sizes", "<u4"), ("flags", "<u4")]
)
"""A word of our lists by the hash it is written with: as what it is compared, with and without its apostrophe, what
stands before the apostrophe, the three lengths in 8 bits each, and what it is."""


def word_hash(word: str) -> int:
    """The hash of folded letters."""
    value = 0
    for character in word:
        value = (value * BASE + ord(character)) & _MASK
    return value


@cache
def powers() -> npt.NDArray[np.uint64]:
    """BASE to the power of 0, 1, ..."""
    return np.array([pow(BASE, n, 1 << 64) for n in range(2 * LONGEST + 8)], np.uint64)


@cache
def characters() -> tuple[npt.NDArray[np.uint16], npt.NDArray[np.uint16]]:
    """For every ordinary character what it is, and for letters as what they are compared."""
    kinds, folds = np.full(LIMIT, ODD, np.uint16), np.zeros(LIMIT, np.uint16)
    begins = np.zeros(LIMIT, np.bool_)
    for lowest, highest in (*tables()["letters"], *tables()["alone"]):
        begins[lowest : highest + 1] = True
    for first, end in ORDINARY:
        of = [_character(chr(point), token=token) for point, token in enumerate(begins[first:end].tolist(), first)]
        kinds[first:end], folds[first:end] = np.array(of, np.uint16).T
    for first, end in (IDEOGRAPHS, SYLLABLES):
        kinds[first:end], folds[first:end] = LETTER | UNCASED, np.arange(first, end)
    for lowest, highest in tables()["alone"]:
        some = kinds[lowest : highest + 1]
        some[(some & LETTER) != 0] |= ALONE
    for lowest, highest in tables()["marks"]:
        kinds[lowest : highest + 1] = ODD
    for character in SELECTORS:
        kinds[ord(character)] = LOOSE
    return kinds, folds


def _character(character: str, *, token: bool) -> tuple[int, int]:
    """What a character is, which may begin a `token`, and as what it is compared."""
    point = ord(character)
    if character in "0123456789":
        return DIGIT, point
    if token:
        folded = fold(character)
        plain = unicodedata.is_normalized("NFKC", character) or character in ORDINALS
        kind = LETTER | UPPER * character.isupper() | UNCASED * (character.lower() == character.upper())
        return (kind, ord(folded)) if plain and character.isalpha() and len(folded) == 1 else (ODD, 0)
    if (
        character.isalnum()
        or unicodedata.combining(character)
        or character in INVISIBLE
        or "\ud800" <= character <= "\udfff"
    ):
        return ODD, 0
    kind = SPACE * character.isspace() | STOP * (character in FINAL) | CLOSES * (character in CLOSING)
    kind |= MARK * (character in "'?" or QUOTES.get(point) == "'")
    return kind | SIGN * (character in "$\u20ac\u00a3\u00a5\u20bd\u20b9\u20a9%\u00b0+#-\u2212"), 0


@cache
def bases() -> npt.NDArray[np.uint8]:
    """For every ordinary letter as it is compared the ASCII letter that is left without accents, 0 for none."""
    kinds, folds = characters()
    found = np.zeros(1 << 16, np.uint8)
    for point in np.unique(folds[: IDEOGRAPHS[0]][(kinds[: IDEOGRAPHS[0]] & LETTER) != 0]).tolist():
        left = unicodedata.normalize("NFKD", chr(point)).encode("ascii", "ignore")
        found[point] = left[0] if left else 0
    return found


@cache
def special_words() -> npt.NDArray[np.void]:
    """The words of our lists in a table of twice their number or more, found by the lowest bits of their hash."""
    words = {*NEGATIONS, *SCALES, *TAILS, *EXCHANGED, *CANONICAL, *TITLES}
    room = 1024
    table = np.zeros(room, SPECIAL)
    for word in sorted(words):
        said = CANONICAL.get(word, word)
        stump = said.partition("'")[0]
        bare = said.replace("'", "")
        at = (word_hash(word) >> 20) % room
        while table[at]["flags"] or table[at]["key"]:
            at = (at + 1) % room
        sizes = len(said) | len(bare) << 8 | len(stump) << 16
        table[at] = (word_hash(word), word_hash(said), word_hash(bare), word_hash(stump), sizes, _flags(said, word))
    return table


def special_bits() -> npt.NDArray[np.uint64]:
    """For the words of our lists a bit each, by their hashes: most other words are told from them at once."""
    table = np.zeros(256, np.uint64)
    for key in special_words()["key"].tolist():
        table[key >> 26 & 255] |= np.uint64(1 << (key >> 20 & 63))
    return table


def _flags(said: str, word: str) -> int:
    found = DENIES * (said in NEGATIONS or said.endswith("n't")) | TAIL * (said in TAILS) | SCALE * (said in SCALES)
    found |= WEIGHTLESS_WORD * (said in WEIGHTLESS) | TITLE * (word in TITLES) | TORN * ("'" in said)
    groups = sum(1 << n for n, group in enumerate(GROUPS) if said in group)
    return found | groups << GROUP
