"""Which language a text is in, and how sure that is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import exp

from cleaner.compiled import on
from cleaner.language_profiles import SCALE, Tally, ask_library, profiles, tally

UNKNOWN = "und"
EVIDENCE = 6 * SCALE
"""The lead at which the odds of the best language over the next are e to 1. N-grams overlap and repeat each other, so
that a lead of one logarithm says less. Fitted on 11,500 passages of 20 to 500 characters in 52 languages."""
SURE = 0.95
"""Confidence from which a document may go for its language."""
CERTAIN = 1.0
"""Confidence, to two places, from which one paragraph may be reported: a document has many."""
BATCH = 256

_FUNCTION_WORDS = frozenset({"the", "of", "and", "to", "in", "is", "was", "that", "for", "with"})
_TOKEN = re.compile(r"\w+")
_WORD = re.compile(r"[^\W\d_]+")
_ENGLISH = 0.12
_OWN_WORDS = frozenset({"the", "and", "that", "with"})
_OWN_SHARE = 0.08
_MANY = 40
"""English prose has a share of .20 to .30 of these ten words, no other language reaches .05; of fewer than 40 words one
in Italian or German may have such a share, by "in" alone: there only words count that are English ones alone, two of
which stand among 25."""
_LOOKED_AT = 2_000


@dataclass(frozen=True, slots=True)
class Verdict:
    """A language as ISO 639-1 code, "und" where there is nothing to judge, and the probability that it is right."""

    language: str
    confidence: float


NOTHING = Verdict(UNKNOWN, 0.0)


def codes() -> frozenset[str]:
    """Every code that a verdict may have, but "und"."""
    return frozenset(profiles().codes)


def identify(text: str, backend: str = "profiles") -> Verdict:
    """The language of a text, by its first 500 characters. Never raises on a text, whatever it holds.

    `backend` is "profiles", own scoring of langdetect's profiles, or "langdetect", the library itself.
    The score of a language is the sum over all n-grams of the logarithm of their smoothed probability in it: the limit
    that langdetect's sampling converges to. Scores are whole numbers; of two equal ones the language whose code comes
    first in the alphabet is taken.
    """
    if backend == "langdetect":
        name, probability = ask_library(text)
        return Verdict(name.partition("-")[0], round(probability, 2)) if name else NOTHING
    return verdict(tally(text))


def verdict(found: Tally) -> Verdict:
    """The decision: the best score among the languages whose script is there."""
    code, lead = leader(found)
    return Verdict(code, confidence(lead)) if code else NOTHING


def leader(found: Tally) -> tuple[str, int]:
    """The best language and its lead over the next one; "" where most characters are of no language.

    Without a Hangul syllable nothing is Korean, without kana nothing Japanese: Han characters alone are Chinese.
    """
    if 2 * found.known <= found.characters or not found.known:
        return "", 0
    absent = ("ko",) * (not found.hangul) + ("ja",) * (not found.kana)
    best, code, second = -1, "", 0
    for score, name in zip(found.scores, profiles().codes, strict=True):
        if name in absent:
            continue
        if score > best:
            if name != code:
                second = max(best, 0)
            best, code = score, name
        elif name != code:
            second = max(second, score)
    return code, best - second


def confidence(lead: int) -> float:
    """The probability that goes with a lead, to two places."""
    return round(1 / (1 + exp(-lead / EVIDENCE)), 2)


def is_foreign_to(passage: str, expected: str) -> str:
    """The language of a passage where it is surely another one than `expected`, else ""."""
    found = tally(passage)
    code, _ = leader(found)
    known = profiles()
    own = [score for score, name in zip(found.scores, known.codes, strict=True) if name == expected]
    if not code or code == expected or not own:
        return ""
    best = max(score for score, name in zip(found.scores, known.codes, strict=True) if name == code)
    return code if confidence(best - max(own)) >= CERTAIN else ""


def identify_all(texts: Sequence[str], backend: str = "profiles") -> Iterator[Verdict]:
    """The languages of many texts, each as `identify` gives it; by the kernel where this process has much to do."""
    if backend != "profiles" or not on():
        yield from (identify(text, backend) for text in texts)
        return
    from cleaner.language_kernel import leaders

    for at in range(0, len(texts), BATCH):
        for code, lead in leaders(texts[at : at + BATCH]):
            yield Verdict(code, confidence(lead)) if code else NOTHING


def language(text: str) -> str:
    """The ISO 639-1 code of a text's language by its head, "und" where there is nothing to judge: what rules ask.

    A text full of English function words is English without a look at the profiles, which take a moment to load.
    """
    return _of_head(text[:_LOOKED_AT])


def may_be_english(text: str, start: int, end: int) -> bool:
    """Whether the line that a place stands in is English, or nobody can tell: a text may be written in two languages.

    A short line is taken to be in the language of the text, as is one that is not surely in another one, and a short
    text to be English unless it surely is not; of a long line the part beside the place is looked at.
    """
    if len(text) < _TOLD:
        return not is_foreign_to(text, "en")
    begin = text.rfind("\n", max(0, start - _BESIDE), start) + 1 or max(0, start - _BESIDE)
    stop = text.find("\n", end, end + _BESIDE)
    line = text[begin : stop if stop >= 0 else end + _BESIDE]
    if len(line) >= _TOLD:
        if language(line) == "en":
            return True
        if is_foreign_to(line, "en"):
            return False
    return language(text) in ("en", UNKNOWN)


_BESIDE = 300
_TOLD = 60
"""Characters from which 99 of 100 English sentences are known for what they are; of shorter ones one in ten is not."""


@lru_cache(maxsize=256)
def _of_head(head: str) -> str:
    """The language of the head of a text: rules ask again whenever something behind it was changed."""
    found = _TOKEN.findall(head.lower())
    mixed = [token for token in found if not token.isalpha()]
    words = len(found) - len(mixed) + len(_WORD.findall(" ".join(mixed)))
    telling, share = (_FUNCTION_WORDS, _ENGLISH) if words >= _MANY else (_OWN_WORDS, _OWN_SHARE)
    if sum(map(telling.__contains__, found)) >= max(share * words, 2):
        return "en"
    return next(identify_all([head])).language
