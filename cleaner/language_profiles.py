"""The profiles of langdetect as whole numbers: how a text is read and what its n-grams say for each language.

The only room that knows langdetect. Its profiles (how often each n-gram of one to three characters stands in the
Wikipedia of a language) and its reading of characters are taken from the installed package, nothing is copied.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from math import log
from operator import add
from pathlib import Path
from struct import unpack

WINDOW = 2_000
"""Characters of a text that are looked at, addresses and blanks among them."""
SAMPLE = 500
"""Characters that are judged; on 1,318 raw news texts 1,000 or 2,000 give the same answers."""
SCALE = 1_024
"""Weights are whole numbers of this part of a natural logarithm. None of langdetect 1.0.9 lies within 1e-6 of a half,
so the logarithm of every machine gives the same ones."""
SMOOTHING = 20_000
"""langdetect adds .5 / 10,000 to every probability, so that an n-gram that a language lacks does not rule it out."""
LANE = 32
"""Bits that each language has in a packed sum: 1,500 n-grams of weights under 2 ** 14 stay below 2 ** 25."""
HAN = 3
"""A Han character or kana says as much as this many letters: Chinese news full of foreign names is Chinese."""

STAND_IN = "\uffff"
"""What stands for every character beyond the first plane; no profile holds one."""


@dataclass(frozen=True, slots=True)
class Profiles:
    """What langdetect counted. `names` are its languages in alphabetical order, `codes` the same in ISO 639-1.

    `counts[n]` maps n-grams to how often they occurred in language n, `totals[n][k]` is the sum over n-grams of k + 1
    characters.
    """

    names: tuple[str, ...]
    codes: tuple[str, ...]
    counts: tuple[dict[str, int], ...]
    totals: tuple[tuple[int, ...], ...]


@cache
def profiles() -> Profiles:
    """The profiles of the installed langdetect, read once: about 50 ms."""
    read = [json.loads(text) for text in _profiles()]
    names = tuple(profile["name"] for profile in read)
    return Profiles(
        names,
        tuple(name.partition("-")[0] for name in names),
        tuple(profile["freq"] for profile in read),
        tuple(tuple(profile["n_words"]) for profile in read),
    )


@cache
def _ngrams() -> frozenset[str]:
    """Those of all languages."""
    return frozenset().union(*profiles().counts)


def sources() -> list[Path]:
    """The files that what is asked here comes from: those of langdetect, and this one, which says how they are read."""
    from langdetect.utils import ngram, unicode_block

    return [*_paths(), Path(ngram.__file__), Path(unicode_block.__file__), Path(__file__)]


def _paths() -> list[Path]:
    from langdetect.detector_factory import PROFILES_DIRECTORY

    return sorted(path for path in Path(PROFILES_DIRECTORY).iterdir() if not path.name.startswith("."))


def _profiles() -> list[str]:
    return [path.read_text(encoding="utf-8") for path in _paths()]


def weight(count: int, total: int) -> int:
    """What one n-gram says for a language that has it `count` times in `total`, over one that lacks it."""
    return round(SCALE * log(1 + SMOOTHING * count / total))


class Characters(dict[int, str]):
    """A table for `str.translate`, filled as characters come: what langdetect takes each for; separators are blanks."""

    def __missing__(self, number: int) -> str:
        from langdetect.utils.ngram import NGram

        if number > 0xFFFF:
            return STAND_IN
        read = NGram.normalize(chr(number))
        self[number] = " " if read.isspace() else read
        return self[number]


def as_read(numbers: Iterable[int]) -> list[str]:
    """The same for many characters of the first plane."""
    from langdetect.utils.ngram import NGram

    found = list(map(NGram.normalize, map(chr, numbers)))
    return [" " if character.isspace() else character for character in found]


class SmallCharacters(dict[int, str]):
    """The same for the small letter of each character."""

    def __missing__(self, number: int) -> str:
        self[number] = CHARACTERS[ord(chr(number).lower()[0])]
        return self[number]


CHARACTERS = Characters()
SMALL = SmallCharacters()

_MARKS = "\u0300\u0301\u0303\u0309\u0323"
"""Accents as characters of their own, which Vietnamese is sometimes written with."""


def window(text: str) -> str:
    """The part of a text that is looked at, without addresses and with Vietnamese accents joined to their letters."""
    from langdetect.detector import Detector
    from langdetect.utils.ngram import NGram

    text = text[:WINDOW]
    if "://" in text:
        text = Detector.URL_RE.sub(" ", text)
    if "@" in text:
        text = Detector.MAIL_RE.sub(" ", text)
    if not text.isascii() and any(map(text.__contains__, _MARKS)):
        text = NGram.normalize_vi(text)
    return text


def is_latin(character: str) -> bool:
    """Whether langdetect counts a character as Latin when it asks which script prevails."""
    return "A" <= character <= "z"


def is_foreign(character: str) -> bool:
    """Whether it counts a character as one of another script."""
    return character >= "\u0300" and not "\u1e00" <= character <= "\u1eff"


def is_han(character: str) -> bool:
    """Han characters and kana, of which one is a syllable or a word."""
    return "\u3041" <= character <= "\u312f" or "\u3400" <= character <= "\u9fff"


HANGUL, KANA = "\uac00", frozenset("\u3042\u30a2")
"""What langdetect takes every Hangul syllable, every Hiragana and every Katakana for."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What a sample says: a score for each language, how many characters it has, and how many are of some language.

    A character is of a language that gives it a weight of SCALE or more: the Estonian profile has a few Georgian
    letters, and that does not make them Estonian. `hangul` and `kana` tell whether it holds any.
    """

    scores: tuple[int, ...]
    characters: int
    known: int
    hangul: bool
    kana: bool


def tally(text: str) -> Tally:
    """Score a text for every language: the plain definition, which the kernel repeats."""
    sample = " ".join(window(text).translate(CHARACTERS).split())[:SAMPLE]
    characters = len(sample) - sample.count(" ")
    if 2 * sum(map(str.isupper, sample)) > characters:
        sample = sample.translate(SMALL)
    if not sample.isascii():
        sample = _own_script(sample)
    total = _weighed(f" {sample} ")
    lanes = len(profiles().names)
    scores = unpack(f"<{lanes}I", total.to_bytes(lanes * LANE // 8, "little"))
    left = sample.replace(" ", "")
    known = sum(map(_known().__getitem__, left))
    return Tally(scores, len(left), known, HANGUL in sample, not KANA.isdisjoint(sample))


def _own_script(sample: str) -> str:
    """A sample without its Latin letters, where they are foreign words in a text of another script."""
    latin, foreign, han = (sum(map(kind, sample)) for kind in (is_latin, is_foreign, is_han))
    if 2 * latin >= foreign + (2 * HAN - 1) * han:
        return sample
    return "".join(" " if is_latin(character) else character for character in sample)


def _weighed(line: str) -> int:
    """The packed weights of every run of one to three characters, but those that end in the second of two capitals.

    Initials say little of a language.
    """
    of = _packed().__getitem__
    pairs = list(map(add, line, line[1:]))
    total = sum(map(of, line)) + sum(map(of, pairs)) + sum(map(of, map(add, pairs, line[2:])))
    if not line.islower():
        capitals = [at for at, character in enumerate(line) if character.isupper()]
        for before, at in pairwise(capitals):
            if at == before + 1:
                total -= of(line[at]) + of(line[at - 1 : at + 1]) + of(line[at - 2 : at + 1])
    return total


class _Packed(dict[str, int]):
    """The weights of an n-gram for all languages in one whole number, worked out when it is first met.

    N-grams that no profile has weigh nothing and are not kept, so that no text can fill the memory.
    """

    def __missing__(self, ngram: str) -> int:
        known = profiles()
        if ngram not in _ngrams():
            return 0
        size = len(ngram) - 1
        value = 0
        for lane, (counts, totals) in enumerate(zip(known.counts, known.totals, strict=True)):
            if ngram in counts:
                value |= weight(counts[ngram], totals[size]) << (LANE * lane)
        self[ngram] = value
        return value


@cache
def _packed() -> _Packed:
    return _Packed()


class _Known(dict[str, bool]):
    """Whether a character is of some language, worked out when it is first met."""

    def __missing__(self, character: str) -> bool:
        known = profiles()
        found = zip(known.counts, known.totals, strict=True)
        self[character] = any(weight(counts.get(character, 0), totals[0]) >= SCALE for counts, totals in found)
        return self[character]


@cache
def _known() -> _Known:
    return _Known()


@cache
def _library() -> object:
    """Langdetect's own factory, filled in a fixed order and seeded: it answers at random otherwise."""
    from langdetect.detector_factory import DetectorFactory

    factory = DetectorFactory()
    factory.load_json_profile(_profiles())
    factory.set_seed(0)
    return factory


def ask_library(text: str) -> tuple[str, float]:
    """What langdetect itself says: its name of the language and the probability; "" and 0 without any features."""
    from langdetect import LangDetectException

    detector = _library().create()  # type: ignore[attr-defined]
    detector.append(text)
    try:
        (best, *_) = detector.get_probabilities() or [None]
    except LangDetectException:
        return "", 0.0
    return (str(best.lang), float(best.prob)) if best else ("", 0.0)
