"""REP: what stands twice inside one document."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from cleaner.rule import rule
from cleaner.segment import Span, ends_like_prose, paragraphs, sentences, tokens, whole, words
from cleaner.text import Document, Edit

SHINGLE = 5
SHORTEST = 8
"""Tokens of the shortest passage that may go: shorter ones repeat for good reasons (he said, no comment)."""
ALIKE = (1, 2)
"""Character-5-gram Jaccard from which two passages are compared: repeated leads, captions and quotations have .56 and
more, unrelated sentences of one article stay under .35."""
REFRAIN = 3
"""A passage that stands so often is a refrain or a form and is left alone."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence or a paragraph, and the paragraph it stands in."""

    start: int
    end: int
    text: str
    paragraph: int


@rule(
    "REP001",
    "repeated-passage",
    fixes={
        "The mayor opened the new bridge over the river on Friday, March 10, before a large crowd.\n\n"
        "The mayor of the town opened the new bridge over the river this Friday, March 10, before a crowd.\n\n"
        "Nobody was hurt.": (
            "The mayor opened the new bridge over the river on Friday, March 10, before a large crowd.\n\n"
            "Nobody was hurt."
        ),
        'He was sure of it. "We will build the school before the winter comes and we will pay for it," he told them.\n'
        "It rained.\n"
        '"We will build the school before the winter comes and we will pay for it," he said.': (
            'He was sure of it. "We will build the school before the winter comes and we will pay for it," he told '
            "them.\nIt rained."
        ),
    },
    keeps=[
        "The mayor opened the new bridge over the river on Friday, March 10, before a large crowd.\n\n"
        "The mayor opened the new bridge over the river on Friday, March 11, before a large crowd.",
        "The mayor opened the new bridge over the river on Friday, March 10, before a large crowd.\n\n"
        "The mayor did not open the new bridge over the river on Friday, March 10, before a large crowd.",
        "Mayor opens the new bridge over the river\nThe mayor opened the new bridge over the river on Friday.",
        "And all the bells were ringing out\nAnd all the bells were ringing out\nAnd so the year was over",
        "1. The same thing in every row of it.\n2. The same thing in every row of it.",
    ],
)
def repeated_passage(document: Document) -> Iterator[Edit]:
    """Drop a sentence or paragraph that an earlier one already says.

    Pages carry a lead twice, once as a teaser, and a quotation in two places. The later copy goes only when the aligned
    texts show that nothing is lost: no other figure, name or "not", hardly a word more. Otherwise both stay, reported.
    Only prose is compared; verse, lists and headings may repeat.
    """
    rows = [row for row in paragraphs(document.text) if _is_comparable(row.text)]
    gone: list[tuple[int, int]] = []
    for first, second in _alike(rows):
        if (rows[first].start, rows[first].end) in gone or (rows[second].start, rows[second].end) in gone:
            continue
        for edit in _pair(document.text, rows, first, second):
            if edit.after is not None:
                gone.append((rows[second].start, rows[second].end))
            yield edit


_BULLET = re.compile(r"\s*(?:[-•*·–]|\(?\d{1,3}[.)]|[A-Za-z][.)])\s")


def _is_comparable(line: str) -> bool:
    return len(line) >= 30 and ends_like_prose(line) and not _BULLET.match(line) and "|" not in line


def _alike(rows: list[Span]) -> Iterator[tuple[int, int]]:
    """Pairs of paragraphs that share a run of five tokens, earlier one first; a paragraph may pair with itself."""
    places: dict[tuple[str, ...], list[int]] = defaultdict(list)
    repeated = False
    for n, row in enumerate(rows):
        sequence = tokens(row.text)
        for run in zip(*(sequence[i:] for i in range(SHINGLE)), strict=False):
            known = places[run]
            repeated = repeated or bool(known)
            known.append(n)
    if not repeated:
        return
    pairs: dict[tuple[int, int], int] = defaultdict(int)
    for known in places.values():
        if 1 < len(known) < REFRAIN + 5:
            for i, first in enumerate(known):
                for second in known[i + 1 :]:
                    pairs[first, second] += 1
    yield from sorted(pairs)


def _pair(text: str, rows: list[Span], first: int, second: int) -> Iterator[Edit]:
    """What may go of the second paragraph, given the first."""
    from cleaner.duplicates.verify import Text, compare

    earlier, later = _passages(rows, first), _passages(rows, second)
    survivor = Text(rows[first].text)
    if first != second and _any_alike(later[0], earlier):
        evidence = compare(Text(rows[second].text), survivor)
        start, end = whole(text, rows[second])
        if evidence.removable:
            yield Edit(start, end, "", _because("paragraph", text, rows[first].start, evidence))
            return
    for passage in later[1:]:
        others = [other for other in earlier[1:] if other.end <= passage.start] if first == second else earlier
        for other in others:
            if passage.start <= other.start or not _any_alike(passage, [other]):
                continue
            kept = Text(other.text) if first == second else survivor
            evidence = compare(Text(passage.text), kept)
            if evidence.removable:
                yield Edit(passage.start, passage.end, "", _because("sentence", text, other.start, evidence))
            else:
                yield Edit(passage.start, passage.end, None, _because("version of", text, other.start, evidence))
            break


def _passages(rows: list[Span], n: int) -> list[Passage]:
    """A paragraph, and the sentences in it that are long enough."""
    row = rows[n]
    found = [Passage(row.start, row.end, row.text, n)]
    found += [
        Passage(row.start + sentence.start, row.start + sentence.end, sentence.text, n)
        for sentence in sentences(row.text)
        if len(tokens(sentence.text)) >= SHORTEST
    ]
    return found


def _any_alike(passage: Passage, others: list[Passage]) -> bool:
    from cleaner.duplicates.verify import character_shingles, overlap

    if len(tokens(passage.text)) < SHORTEST:
        return False
    mine = character_shingles(passage.text)
    for other in others:
        shared, united = overlap(mine, character_shingles(other.text))
        if shared * ALIKE[1] >= united * ALIKE[0]:
            return True
    return False


def _because(kind: str, text: str, at: int, evidence: object) -> str:
    from cleaner.duplicates.verify import Evidence

    assert isinstance(evidence, Evidence)
    line = text.count("\n", 0, at) + 1
    if evidence.removable:
        words_more = f"{evidence.extra} of {evidence.tokens} words are not there"
        return f"the same {kind} stands in line {line}; {words_more}, no figure, name or negation differs"
    lost = ", ".join(evidence.contradictions[:5]) or f"{evidence.extra} more words"
    return f"a {kind} the sentence in line {line} that says something else: {lost}"


AGENCIES = (
    "Reuters|AFP|AP|Associated Press|Getty Images|Getty|EPA|EFE|DPA|dpa|ANSA|Xinhua|TASS|Bloomberg|PTI|ANI|Kyodo|"
    "Yonhap|Shutterstock|Alamy|Handout|AAP|PA|PA Media|UPI|Sputnik|Anadolu|Unsplash"
)
CREDIT = re.compile(
    rf"\b(?:Photo|Image|Picture|Photograph|Foto|Credit)(?: credit| by)?: ?"
    rf"((?:[A-Z][\w.'-]+ ){{0,3}}?(?:{AGENCIES})(?:/(?:[A-Z][\w.'-]+ ?){{1,3}})?)(?=[\s.)]|$)\.?"
)
RUN = 12
"""Tokens that a caption and the sentence beside it must share in one run."""
TITLES = frozenset(
    "president prime minister chancellor king queen prince princess senator governor mayor general secretary judge "  # noqa: SIM905
    "mr mrs ms dr sir lady foreign defense defence finance chief leader former late chairman chairwoman".split()
)


@rule(
    "REP002",
    "repeated-caption",
    fixes={
        "In fact, Roe and Poe have met 42 times since Roe came to office in 2012 and will meet again. Danish President "
        "Jane Roe and Irish President Paul Poe have met 42 times since Roe came to office in 2012 and will meet again. "
        "Photo: Reuters In her speech, Roe was calm.": (
            "In fact, Roe and Poe have met 42 times since Roe came to office in 2012 and will meet again. In her "
            "speech, Roe was calm."
        )
    },
    keeps=[
        "In fact, Roe and Poe have met 42 times since Roe came to office in 2012 and will meet again. President Jane "
        "Roe and Paul Poe have met 43 times since Roe came to office in 2012 and will meet again. Photo: Reuters",
        "The bridge fell at noon. A woman looks at the river where the bridge was. Photo: Reuters She left.",
    ],
)
def repeated_caption(document: Document) -> Iterator[Edit]:
    """Drop a caption that says the sentence beside it again, and move its photo credit to metadata.

    The picture is gone, and its caption stands in the paragraph. It goes only when it ends in a credit and shares a run
    of twelve tokens with the sentence before or behind it, figures included, and what it has more are names spelled out
    around a surname that stands there, and titles.
    """
    if ": " not in document.text:
        return
    for credit in CREDIT.finditer(document.text):
        start = document.text.rfind("\n", 0, credit.start()) + 1
        end = document.text.find("\n", credit.end())
        row = document.text[start : end if end >= 0 else len(document.text)]
        at = credit.start() - start
        before = [s for s in sentences(row[:at]) if s.text.strip()]
        behind = [s for s in sentences(row[credit.end() - start :]) if s.text.strip()]
        if not before:
            continue
        caption = before[-1]
        beside = before[-2:-1] + behind[:1]
        shared = next((s for s in beside if _repeats(caption.text, s.text)), None)
        if shared:
            until = credit.end() + len(document.text[credit.end() :]) - len(document.text[credit.end() :].lstrip(" "))
            because = "a caption with its credit; the sentence beside it says the same"
            yield Edit(start + caption.start, until, "", because, (("credit", credit[1].strip()),))


def _repeats(caption: str, beside: str) -> bool:
    """Whether a caption holds a long run of the other sentence and, besides, only spelled-out names."""
    mine, other = words(caption), tokens(beside)
    folded = [tokens(word.text)[0] for word in mine]
    runs = {tuple(other[i : i + RUN]) for i in range(len(other) - RUN + 1)}
    if not any(tuple(folded[i : i + RUN]) in runs for i in range(len(folded) - RUN + 1)):
        return False
    known = set(other)
    group: list[int] = []
    for n, word in enumerate(mine):
        if word.text[0].isupper() or folded[n] in TITLES:
            group.append(n)
            continue
        if not _is_spelled_out(group, folded, known) or folded[n] not in known:
            return False
        group = []
    return _is_spelled_out(group, folded, known)


def _is_spelled_out(group: list[int], folded: list[str], known: set[str]) -> bool:
    """A run of capitalised words is no loss when one of them, the surname, stands in the other sentence."""
    return not group or any(folded[n] in known for n in group)
