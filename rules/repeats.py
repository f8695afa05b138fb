"""REP: what stands twice inside one document."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING

from cleaner.rule import rule
from cleaner.runs import Passage, first_alike, sharing
from cleaner.segment import Span, line_around, lines, sentences, tokens, whole, words
from cleaner.text import Document, Edit

if TYPE_CHECKING:
    from cleaner.duplicates.verify import Evidence

SHARED = 3
"""Runs of five words that two passages must share to be compared: twelve words with one changed share three."""
PARAGRAPH = 12
SENTENCE = 20
"""Tokens of the shortest paragraph, and of the shortest sentence inside one, that may go: writers repeat short ones."""
LONG = 25
EXTRA = (3, 10)
"""A passage of 25 tokens may hold words that its first occurrence lacks, 3 in 10 at most; a shorter one hardly one."""
ALIKE = (1, 2)
"""Character-5-gram Jaccard from which two passages are compared: repeated leads, captions and quotations have .56 and
more, unrelated sentences of one article stay under .35."""
MOST = 200
"""Sentences of the longest paragraph whose sentences are compared one by one."""


LEAD = (
    "The mayor of the town opened the new bridge over the river on Friday, March 10, before a large crowd that had "
    "waited in the rain since the early morning."
)
LEAD_AGAIN = (
    "On the river, the mayor of the town opened the new bridge this Friday, March 10, before a crowd that had waited "
    "in the rain since the early morning."
)


@rule(
    "REP001",
    "repeated-passage",
    fixes={
        f"{LEAD}\n\n{LEAD_AGAIN}\n\nNobody was hurt.": f"{LEAD}\n\nNobody was hurt.",
        'He was sure of it. "We will build the school before the winter comes and we will pay for it," he told them.\n'
        "It rained.\n"
        '"We will build the school before the winter comes and we will pay for it," he said.': (
            'He was sure of it. "We will build the school before the winter comes and we will pay for it," he told '
            "them.\nIt rained."
        ),
    },
    keeps=[
        f"{LEAD}\n\n{LEAD_AGAIN.replace('March 10', 'March 11')}",
        f"{LEAD} {LEAD_AGAIN.replace('March 10', 'March 11')}",
        f"{LEAD}\n\n{LEAD_AGAIN.replace('opened', 'did not open')}",
        f"{LEAD}\n\n{LEAD_AGAIN.replace('before', 'and Jane Roe spoke before')}",
        "Mayor opens the new bridge over the river\nThe mayor opened the new bridge over the river on Friday.",
        "And all the bells were ringing out\nAnd all the bells were ringing out\nAnd so the year was over",
        (
            "1. The same thing stands in every row of the list, and that is right.\n"
            "2. The same thing stands in every row of the list, and that is right."
        ),
        (
            "What you need for it: one red bowl, one green bowl, and 1 tsp of salt.\nStir it.\n"
            "What you need for it: one red bowl, one green bowl, and 1 tsp of salt."
        ),
        (
            "You can vote for Olga on the very last page of this issue of the paper.\n"
            "You can vote for Olena on the very last page of this issue of the paper."
        ),
        f"{LEAD}\nLook at what she wrote there:\n{LEAD}\nIt is a long sentence.",
        f"Who opened the bridge?\n{LEAD}\nDid it rain?\n{LEAD}",
        f"^ {LEAD}\n^ {LEAD}",
        "Monday\n12.30 Lunch is served in the dining hall of the hotel, with all drinks included.\nTuesday\n"
        "12.30 Lunch is served in the dining hall of the hotel, with all drinks included.",
        "\n".join(["Never again will I walk all the long way round that old house.", "It rained."] * 3),
    ],
)
def repeated_passage(document: Document) -> Iterator[Edit]:
    """Drop a sentence or paragraph that an earlier one already says.

    Pages carry a lead twice, once as a teaser, and a quotation in two places. The later copy goes only when the aligned
    texts show that nothing is lost: no other figure, name or "not", hardly a word more. Otherwise both stay, reported.
    Only prose is compared; verse, lists and headings may repeat.
    """
    gone: set[int] = set()
    told: set[int] = set()
    for first, second in sharing(document.text, SHARED, _is_whole):
        rows = lines(document.text)
        if first in gone or second in gone:
            continue
        whole, parts = _alike(rows[first], rows[second])
        edit = _whole_paragraph(document.text, rows[first], rows[second]) if whole else None
        if edit:
            if edit.after is not None:
                gone.add(second)
            yield edit
            continue
        for edit in _single_sentences(document.text, rows[first], rows[second], parts):
            if edit.start not in told:
                told.add(edit.start)
                yield edit


_ITEM = re.compile(r"(?:[-•*·–^]|\(?\d{1,3}[.)]|\(?\d{1,2}[.:h]\d\d\b.{0,12}|[A-Za-z][.)])\s")
_LABELLED = re.compile(r"(?:[^\s:]{1,30} ){0,5}[^\s:]{1,30}: (?![\"'“‘«„])")
_LABEL = 187
"""A bullet, a number, an hour, or a label and a colon, which end by this place: a list, a programme, a form;
lines are alike there on purpose."""


def _is_whole(line: str) -> bool:
    """Whether a line of prose may repeat another one: no list, no form, and not the rest of a line above."""
    begun = line.lstrip()
    if begun[:1].islower() or "|" in line or _ITEM.match(begun):
        return False
    return ": " not in begun[:_LABEL] or not _LABELLED.match(begun)


@lru_cache(maxsize=1 << 10)
def _tokens(line: str) -> list[str]:
    """The tokens of a line; a document is read again until nothing changes, and most lines are then the same."""
    return tokens(line)


def _alike(earlier: Span, later: Span) -> tuple[bool, list[tuple[Span, Span]]]:
    """Whether the later paragraph is like the earlier one or a sentence of it; and which of its sentences are like one.

    Each with the first such sentence; where both are one paragraph, with the first that stands before it. All are
    compared at once.
    """
    same = earlier.start == later.start
    if earlier.text == later.text and not same and len(_tokens(later.text)) >= PARAGRAPH:
        return True, []  # it goes as a whole, or stays as one
    mine, others = sentences(later.text), sentences(earlier.text)
    if max(len(mine), len(others)) > MOST:
        mine = ()
    if same:
        return False, _pairs(mine, mine, before=True)
    found = _pairs((later, *mine), (*others, earlier))
    whole = bool(found) and found[0][0] is later
    return whole, [(one, other) for one, other in found if one is not later and other is not earlier]


def _pairs(ones: Sequence[Span], others: Sequence[Span], *, before: bool = False) -> list[tuple[Span, Span]]:
    """Passages with the first other one that is alike; with `before`, of the same ones, what stands before it."""
    mine, theirs = ([_passage(one.text) for one in passages] for passages in (ones, others))
    found = first_alike(mine, theirs, ALIKE, before=before)
    return [(one, others[n]) for one, n in zip(ones, found, strict=True) if n >= 0]


def _whole_paragraph(text: str, earlier: Span, later: Span) -> Edit | None:
    """The later paragraph goes when it is like the earlier one, or a sentence of it, and all it says stands there.

    When it says something else, it is a finding. None when it is too short.
    """
    if len(_tokens(later.text)) < PARAGRAPH:
        return None
    evidence = _compared(later.text, earlier.text)
    if not _goes(evidence):
        return Edit(later.start, later.end, None, _reason("paragraph", text, earlier.start, evidence))
    if _is_asked_for(text, later):
        because = "the same paragraph stands before, but here a line with a colon or a question asks for it"
        return Edit(later.start, later.end, None, because)
    start, end = whole(text, later)
    return Edit(start, end, "", _reason("paragraph", text, earlier.start, evidence))


def _is_asked_for(text: str, later: Span) -> bool:
    """Whether a paragraph is quoted again on purpose, answers a question, or is one, as in interviews."""
    before = text[max(0, later.start - 20) : later.start].rstrip()
    return before.endswith((":", "?")) or later.text.rstrip().endswith("?")


def _single_sentences(text: str, earlier: Span, later: Span, parts: Sequence[tuple[Span, Span]]) -> Iterator[Edit]:
    """Long sentences of the later paragraph that the earlier one has too; what says something else, as findings."""
    same = earlier.start == later.start
    for sentence, other in parts:
        start = later.start + sentence.start
        evidence = _compared(sentence.text, other.text if same else earlier.text)
        if not _goes(evidence):
            because = _reason("sentence", text, earlier.start, evidence)
            yield Edit(start, later.start + sentence.end, None, because)
        elif evidence.tokens >= SENTENCE:
            yield Edit(start, later.start + sentence.end, "", _reason("sentence", text, earlier.start, evidence))


def _passage(text: str) -> Passage:
    return Passage(len(text), text if text.isascii() else " ".join(_tokens(text)))


@lru_cache(maxsize=1 << 8)
def _compared(later: str, earlier: str) -> Evidence:
    from cleaner.duplicates.verify import Evidence, compare
    from cleaner.duplicates.wording import Text

    if later == earlier:
        return Evidence((), 0, len(_tokens(later)), ())
    return compare(Text(later), Text(earlier), copies=False)


def _goes(evidence: Evidence) -> bool:
    """Nothing is lost, and the passage is long enough for the words that it has more."""
    most = evidence.tokens * EXTRA[0] // EXTRA[1] if evidence.tokens >= LONG else 1
    return not evidence.contradictions and evidence.extra <= most


def _reason(kind: str, text: str, at: int, evidence: Evidence) -> str:
    line = text.count("\n", 0, at) + 1
    more = f"{evidence.extra} of its {evidence.tokens} words"
    if evidence.contradictions:
        return (
            f"much like a {kind} in line {line}, but it says something else: {', '.join(evidence.contradictions[:5])}"
        )
    if not _goes(evidence):
        return f"much like a {kind} in line {line}, but {more} do not stand there"
    return f"the same {kind} stands in line {line}; {more} are not there, no figure, name or negation differs"


AGENCIES = (
    "Reuters|AFP|AP|Associated Press|Getty Images|Getty|EPA|EFE|DPA|dpa|ANSA|Xinhua|TASS|Bloomberg|PTI|ANI|Kyodo|"
    "Yonhap|Shutterstock|Alamy|Handout|AAP|PA|PA Media|UPI|Sputnik|Anadolu|Unsplash"
)
CREDIT_WORDS = tuple(
    word + more
    for word in ("Photo", "Image", "Picture", "Photograph", "Foto", "Credit")
    for more in (":", " credit:", " by:")
)
CREDITS = 50
"""Credits that are looked at in one text; a page of so many is a gallery."""
CREDIT = re.compile(
    r"[PIFC](?<!\w.)(?:(?<=P)hoto|(?<=I)mage|(?<=P)icture|(?<=P)hotograph|(?<=F)oto|(?<=C)redit)(?: credit| by)?: ?"
    rf"((?:[A-Z][\w.'-]{{1,30}} ){{0,3}}?(?:{AGENCIES})"
    rf"(?:/[A-Z][\w.'-]{{1,30}}(?: [A-Z][\w.'-]{{1,30}}){{0,2}})?)(?=[\s.)]|$)\.?"
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
    needs=CREDIT_WORDS,
)
def repeated_caption(document: Document) -> Iterator[Edit]:
    """Drop a caption that says the sentence beside it again, and move its photo credit to metadata.

    The picture is gone, and its caption stands in the paragraph. It goes only when it ends in a credit and shares a run
    of twelve tokens with the sentence before or behind it, figures included, and what it has more are names spelled out
    around a surname that stands there, and titles.
    """
    for credit in islice(CREDIT.finditer(document.text), CREDITS):
        around = line_around(document.text, credit.start(), credit.end())
        start, row = around.start, around.text
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
