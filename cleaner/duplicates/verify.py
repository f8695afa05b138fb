"""Exact evidence about two texts: how much they share, and whether one can go without a loss.

"Nothing is lost" means: the removed text R is aligned word by word with the survivor S. Where they differ, R must not
say anything else (another number, name, negation or word in the same place, another order, a sentence more), and may
hold no more than a little prose that S does not have. Damage is no difference: words glued or split, apostrophes lost
with what follows them, letters lost to an encoding. Measured on news scraped twice: see `docs/design.md`, section 6.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from cleaner.duplicates.align import hunks
from cleaner.duplicates.meaning import EXCHANGED, SCALES, TAILS, WEIGHTLESS
from cleaner.duplicates.wording import DIGITS, MOVED, Text, Word, mended

EXTRA_TOKENS = 12
EXTRA_SHARE = 50
EXTRA_SHORT = 10
"""A removed text may hold 12 words of prose that the survivor lacks, or one in 50 if that is more; a short text only
one in 10, since there every word may be the point."""
SWAP = 8
"""Two different passages of up to so many words at the same place say something else there."""
ADDED = 3
"""Up to so many words that only one text has are read for a "not" or a change of order; more are a passage."""
PARALLEL = 3
"""Up to so many words in the place of as many others say something else even where a passage is reworded."""
NEAR = 8
"""Words between two places of a word that changed its place in a sentence."""
SENTENCE = 3
LOST = (7, 10)
"""A sentence of three words ("Two people died.") or more is lost when the survivor lacks seven in ten of them at its
place."""
SLIP = 5
"""A word of so many letters may be misspelt by one letter, unless the misspelling is a word too."""
STOP = re.compile(r"[.!?\u2026\u3002\uff01\uff1f\u061f\u06d4\u0964]")
NOT_ASCII = re.compile(r"[^\x00-\x7f]")
PAIRED = 40
"""Words of a difference up to which they are paired one by one."""


Difference = tuple[int, int, list[Word], list[Word]]
"""Words of the removed text and of the survivor, and between which numbers the former stand."""


class Hunk(NamedTuple):
    """A place where two texts differ: what the removed one says and what the survivor says."""

    removed: str
    survivor: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """What an alignment found. `contradictions` is what the removed text says and the survivor does not.

    Two texts that say something else in one place are versions, whatever only one of them says: `extra` prose and lost
    sentences are looked for only where nothing is said otherwise.
    """

    contradictions: tuple[str, ...]
    extra: int
    tokens: int
    hunks: tuple[Hunk, ...]

    @property
    def removable(self) -> bool:
        """Whether the one text can go and nothing is lost."""
        most = max(min(EXTRA_TOKENS, self.tokens // EXTRA_SHORT), self.tokens // EXTRA_SHARE)
        return not self.contradictions and self.extra <= most


def overlap(left: set[str], right: set[str]) -> tuple[int, int]:
    """Shared and united elements of two sets: their Jaccard similarity as a fraction of integers."""
    shared = len(left & right)
    return shared, len(left) + len(right) - shared


def compare(removed: Text, survivor: Text, *, copies: bool = True) -> Evidence:
    """Align two texts and judge whether `removed` can go.

    Two scrapes of one page are `copies`: a word that differs by a letter and is no other word is misspelt there, and
    any other word says something else. Two passages of one page are not: no word is misspelt in only one of them, but a
    teaser may be reworded, so only as many words in the place of a few others say something else.
    """
    found = _Comparison(removed, survivor, copies=copies)
    found.judge()
    said = sorted(removed.marked - survivor.marked) + found.contradictions
    return Evidence(tuple(dict.fromkeys(said)), found.extra, len(removed.tokens), tuple(found.hunks))


class _Comparison:
    """Two texts side by side, and what was found so far."""

    def __init__(self, removed: Text, survivor: Text, *, copies: bool) -> None:
        self.removed, self.survivor, self.copies = removed, survivor, copies
        self.left = mended(removed, survivor, restore=True)
        self.right = mended(survivor, removed, restore=False)
        self.contradictions: list[str] = []
        self.extra = 0
        self.hunks: list[Hunk] = []
        self.lost: Counter[int] = Counter()
        self.only: tuple[dict[str, list[int]], dict[str, list[int]]] = defaultdict(list), defaultdict(list)

    def judge(self) -> None:
        """Read every difference: first what the texts say otherwise, and only where that is nothing, what is lost."""
        differences: list[Difference] = []
        for a, b, c, d in hunks(self.left.keys, self.right.keys):
            here, there = self.left.words(a, b), self.right.words(c, d)
            if not self._is_the_same(here, there):
                self.hunks.append(Hunk(self.removed.quote(here), self.survivor.quote(there)))
                differences.append((a, b, here, there))
        for a, _, here, there in differences:
            if len(here) <= ADDED and not there:
                self._only(0, a, here)
                if not self._is_line(here):
                    self.contradictions += [self._quote(word) for word in self._telling(a, here)]
            elif len(there) <= ADDED and not here:
                self._only(1, a, there)
                self.contradictions += [self.survivor.quote([word]) for word in self._telling(a, there)]
            elif _is_swap(here, there):
                self._otherwise(here, there, swap=True)
        self._reordered()
        if self.removed.marked <= self.survivor.marked and not self.contradictions:
            for a, b, here, there in differences:
                self._lost(a, b, here, there)
            self._sentences()

    def _only(self, side: int, at: int, part: Sequence[Word]) -> None:
        """Note words that only one text has."""
        for word in part:
            self.only[side][word.key].append(at)

    def _telling(self, at: int, part: Sequence[Word]) -> list[Word]:
        """Words of a short passage that only one text has which change what the words around them say."""
        scaled = at > 0 and self.left.keys[at - 1][0].isdigit() and part[0].key in SCALES
        return [word for word in part if word.denies or scaled]

    def _is_the_same(self, here: Sequence[Word], there: Sequence[Word]) -> bool:
        """Whether nothing of a passage is lost: the survivor has it here, one of the two damaged, or elsewhere."""
        if not there:
            return all(word.key in TAILS for word in here) or self._stands_elsewhere(here)
        if is_damage(here, there):
            return True
        return bool(here) and self._is_rest(here, there)

    def _is_rest(self, here: Sequence[Word], there: Sequence[Word]) -> bool:
        """Whether a passage is another one that lost letters where an encoding failed: "SinnF" is "Sinn Féin"."""
        right = self.survivor.quote(there).lower()
        if right.isascii() or not _has_same_figures(here, there):
            return False
        denials = [[word.key for word in part if word.denies] for part in (here, there)]
        return denials[0] == denials[1] and is_rest("".join(word.key for word in here), right)

    def _stands_elsewhere(self, here: Sequence[Word]) -> bool:
        """Whether the survivor has a passage at another place."""
        keys = [word.key for word in here]
        return len(keys) >= MOVED and self.survivor.runs.issuperset(
            zip(*(keys[n:] for n in range(MOVED)), strict=False)
        )

    def _otherwise(self, here: Sequence[Word], there: Sequence[Word], *, swap: bool) -> list[Word]:
        """Note what one text says in a place and the other one does not; gives the words that only `here` has."""
        gone, instead = self._unpaired(here, there)
        short = len(here) <= SWAP
        denied, other = ([word for word in part if word.denies] for part in (gone, instead))
        if short and len(denied) != len(other):
            self.contradictions += [self._quote(word) for word in denied] or [
                self.survivor.quote([word]) for word in other
            ]
        self.contradictions += self._unheard_numbers(gone, instead, short=short, swap=swap)
        if swap and gone and instead and any(map(_weighs, (*gone, *instead))):
            reworded = not self.copies and not len(gone) == len(instead) <= PARALLEL
            if not reworded or any(map(_is_uncased, (*gone, *instead))):
                self.contradictions += [self._quote(word) for word in gone]
        self.contradictions += [self._quote(word) for word in gone if self._is_unheard_name(word)]
        return gone

    def _lost(self, at: int, end: int, here: Sequence[Word], there: Sequence[Word]) -> None:
        """Note what of a difference is prose that the survivor does not have."""
        if not any(map(self.removed.is_prose, here)):
            return
        if _is_swap(here, there):
            gone, _ = self._unpaired(here, there)
        else:
            gone = self._otherwise(here, there, swap=False)
        self.extra += len(gone)
        self.lost.update(self.removed.sentence(word.start) for word in gone)
        if not there and self._is_sentence(at, end):
            self.contradictions.append(self.removed.quote(here))

    def _is_line(self, here: Sequence[Word]) -> bool:
        """Whether a passage is a line of its own: a label such as "No comments" denies nothing."""
        text = self.removed.text
        before, behind = text[: here[0].start].rpartition("\n")[2], text[here[-1].end :].partition("\n")[0]
        return not any(map(str.isalnum, before + behind))

    def _is_sentence(self, at: int, end: int) -> bool:
        """Whether a passage that only the removed text has begins and ends where sentences do, and stands in prose."""
        keys, text = self.left.keys, self.removed.text
        if end - at < SENTENCE or not self.removed.is_prose(*self.left.words(at, at + 1)):
            return False
        while True:  # the same words may stand before a sentence and at its end
            first, last = self.left.words(at, at + 1)[0], self.left.words(end - 1, end)[0]
            before = text[self.left.words(at - 1, at)[0].end : first.start] if at else "."
            if STOP.search(before) and STOP.search(text[last.end : last.end + 2]):
                return True
            if not at or keys[at - 1] != keys[end - 1]:
                return False
            at, end = at - 1, end - 1

    def _quote(self, word: Word) -> str:
        return self.removed.quote([word])

    def _unpaired(self, here: Sequence[Word], there: Sequence[Word]) -> tuple[list[Word], list[Word]]:
        """The words of two passages that the other one does not have, in order, damage and misspellings forgiven."""
        if max(len(here), len(there)) > PAIRED:
            return list(here), list(there)
        gone: list[Word] = []
        instead: list[Word] = []
        at = 0
        for word in here:
            place = next((n for n in range(at, len(there)) if self._same(word, there[n])), None)
            if place is None:
                gone.append(word)
            else:
                instead += there[at:place]
                at = place + 1
        return gone, [*instead, *there[at:]]

    def _same(self, one: Word, other: Word) -> bool:
        if one.key == other.key or other.key in EXCHANGED.get(one.key, ()):
            return True
        return is_damage([one], [other]) or (self.copies and is_slip(one.key, other.key))

    def _unheard_numbers(self, gone: Sequence[Word], instead: Sequence[Word], *, short: bool, swap: bool) -> list[str]:
        numbers = {word.key for word in gone if DIGITS.search(word.key)} - {word.key for word in instead}
        if not numbers:
            return []
        runs = {run for number in numbers for run in DIGITS.findall(number)}
        return sorted(numbers) if swap or short or not runs <= self.survivor.numbers else []

    def _is_unheard_name(self, word: Word) -> bool:
        """Whether a word is a name that the survivor has nowhere."""
        return is_name(word, self.removed) and not self.survivor.has_name(word.stump)

    def _reordered(self) -> None:
        """Words that stand a few words from where the survivor has them: "Roe beat Poe" and "Poe beat Roe"."""
        deleted, inserted = self.only
        for key in sorted(deleted.keys() & inserted.keys()):
            near = (abs(a - b) <= NEAR for a in deleted[key] for b in inserted[key])
            if key not in EXCHANGED and any(near):
                self.contradictions.append(key)

    def _sentences(self) -> None:
        """Whole sentences that the survivor does not have."""
        if not self.lost:
            return
        firsts = [*self.removed.sentences[0], len(self.removed.spans)]
        for number, count in sorted(self.lost.items()):
            first, last = firsts[number], firsts[number + 1]
            if last - first >= SENTENCE and count * LOST[1] >= (last - first) * LOST[0]:
                start, end = self.removed.spans[first][0], self.removed.spans[last - 1][1]
                self.contradictions.append(self.removed.text[start:end])


def _is_swap(here: Sequence[Word], there: Sequence[Word]) -> bool:
    """Whether two short passages stand in one place."""
    return 0 < len(here) <= SWAP and 0 < len(there) <= SWAP


def _weighs(word: Word) -> bool:
    """Whether a word says something by itself."""
    return word.key not in WEIGHTLESS and word.key not in TAILS


def _is_uncased(word: Word) -> bool:
    """Whether a script has no capitals: there names cannot be told by their look, so every replacement counts."""
    return word.key.upper() == word.key.lower() and not word.key[0].isdigit()


def is_damage(here: Sequence[Word], there: Sequence[Word]) -> bool:
    """Whether two passages are one: glued, split, without its apostrophes, or written without accents."""
    stumps = ["".join(word.stump for word in part) for part in (here, there)]
    if stumps[0] == stumps[1] and any(word.torn for word in here):
        return _has_same_figures(here, there)
    left, right = ("".join(word.key for word in part).replace("'", "") for part in (here, there))
    if left != right and stumps[0] != stumps[1] and not is_unaccented(left, right):
        return False
    denials = [[word.key for word in part if word.denies] for part in (here, there)]
    return denials[0] == denials[1] and _has_same_figures(here, there)


def _has_same_figures(here: Sequence[Word], there: Sequence[Word]) -> bool:
    return list(_figures(here)) == list(_figures(there))


def _figures(part: Sequence[Word]) -> Iterator[str]:
    for word in part:
        yield from DIGITS.findall(word.key)


def is_unaccented(left: str, right: str) -> bool:
    """Whether two strings of letters are equal but for accents, or for a minority of letters that are not ASCII."""
    if left.isascii() and right.isascii():
        return False
    kept = [side.encode("ascii", "ignore") for side in (left, right)]
    if min(map(len, kept)) * 2 < max(len(left), len(right)):
        return False
    bare = [unicodedata.normalize("NFKD", side).encode("ascii", "ignore") for side in (left, right)]
    return bare[0] == bare[1] or kept[0] == kept[1]


def is_rest(left: str, right: str) -> bool:
    """Whether letters are those of another text without what an encoding lost: some that begin where it is not ASCII.

    A third of them is left at least. "likely" is not what is left of "unlikely": nothing was lost there to an encoding.
    """
    if right.isascii() or not left.isascii() or 3 * len(left) < len(right):
        return False
    rest = "".join(filter(str.isalnum, left))
    first, *others = ("".join(filter(str.isalnum, part)) for part in NOT_ASCII.split(right))
    ends = {len(first)} if rest.startswith(first) else set()
    for part in others:
        kept = [part[n:] for n in range(len(part) + 1)]
        ends = {end + len(tail) for end in ends for tail in kept if rest.startswith(tail, end)}
    return len(rest) in ends


def is_slip(one: str, other: str) -> bool:
    """Whether one of two words is a misspelling of the other: a letter is wrong, and not both are words."""
    from rapidfuzz.distance import Levenshtein

    if min(len(one), len(other)) < SLIP or one[0] != other[0] or not (one.isalpha() and other.isalpha()):
        return False
    if Levenshtein.distance(one, other, score_cutoff=1) > 1:
        return False
    from cleaner.lexicon import english

    return not (english().knows(one) and english().knows(other))


def is_name(word: Word, text: Text) -> bool:
    """Whether a word is capitalised, has three letters or more, and is never written in lower case in the text."""
    written = text.quote([word])
    return (
        len(written) > 2
        and written[0].isupper()
        and not any(character.isdigit() for character in written)
        and word.key not in text.lower
    )
