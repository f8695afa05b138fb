"""The nouns: a document, a proposal about it, and a change that was made.

A rule proposes an `Edit` or a `Drop`; only `apply` makes a `Change`, and it signs and quotes it. So a rule can neither
claim another rule's work nor misquote what it removed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import groupby
from operator import le, lt
from typing import Any, NamedTuple, cast

Facts = tuple[tuple[str, str], ...]

MANY = frozenset({"sources", "tags"})
"""Facts that a document may have several of; of every other fact the first one found stands."""


@dataclass(frozen=True, slots=True)
class Known:
    """What was learned about the source of a document, as its owner reviewed it: see `cleaner learn`.

    `lines` are folded lines with their place (head, tail, any) and the number of documents that have them; `suffixes`
    are what stands behind titles, with the same number. `sentences` are folded ones with their place in a paragraph.
    """

    source: str = ""
    lines: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    suffixes: Mapping[str, int] = field(default_factory=dict)
    sentences: Mapping[str, tuple[str, int]] = field(default_factory=dict)


NOTHING = Known()


@dataclass(frozen=True, slots=True)
class Document:
    """One source text. Always valid Unicode (no surrogates), never mutated."""

    id: str
    text: str
    meta: Mapping[str, Any] = field(default_factory=dict)
    known: Known = NOTHING


def is_sound(text: str) -> bool:
    """Whether a text has no lone surrogates, which JSON can escape and no UTF-8 can hold."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


class Edit(NamedTuple):
    """A proposal: `text[start:end]` becomes `after`. Offsets count characters of the text the rule was given.

    `after=None` is a finding: something is wrong here and nothing changes. `facts` are metadata that move with the
    edit. `doubtful` lowers one edit of a safe rule: it is made only with unsafe fixes on. (A tuple, and so is a change:
    a page has hundreds of both.)
    """

    start: int
    end: int
    after: str | None = ""
    because: str = ""
    facts: Facts = ()
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class Drop:
    """A proposal to leave the whole document out. `instead` is the id of the document that survives for it."""

    because: str
    instead: str = ""


class Change(NamedTuple):
    """An edit that was made (or, as a finding, was not), signed with the code of its rule.

    `start` and `end` count characters of the text as it stood before step `step`; every step reads the text that the
    step before it left, and the changes of one step do not overlap.
    """

    code: str
    step: int
    start: int
    end: int
    before: str
    after: str | None
    because: str = ""
    facts: Facts = ()


@dataclass(frozen=True, slots=True)
class Cleaned:
    """What rules made of one document. `dropped` is the signed reason when it is to be left out.

    `notes` are facts about the new text that no change carries, such as its language.
    """

    document: Document
    changes: tuple[Change, ...] = ()
    findings: Sequence[Change] = ()
    dropped: tuple[str, Drop] | None = None
    notes: Mapping[str, str | float] = field(default_factory=dict)


class MismatchError(ValueError):
    """A journal does not fit the text it is replayed on."""


def apply(
    document: Document, proposals: Iterable[tuple[str, Edit]], step: int
) -> tuple[Document, list[Change], list[Change]]:
    """Make the signed edits of one step, all read from the same text.

    Overlapping deletions unite, each code signing its own part. Of two other overlapping edits the lower code is made
    and the other returned as lost. Returns the new document, the changes and the lost ones.
    """
    text, (ordered, starts) = document.text, _in_order(proposals)
    ends = [edit[1] for _, edit in ordered]
    lost: list[Change] = []
    if _are_apart(starts, ends, len(text)):
        made = [
            change_of((code, step, start, end, before, after, because, facts))
            for code, (start, end, after, because, facts, _) in ordered
            if (before := text[start:end]) != after or facts
        ]
    else:
        made = _disputed(ordered, step, text, lost)
    if not made:
        return document, [], lost
    return Document(document.id, _put(text, made), document.meta, document.known), made, lost


def _in_order(proposals: Iterable[tuple[str, Edit]]) -> tuple[list[tuple[str, Edit]], list[int]]:
    """Edits by their places, those of one place by their codes, and where they start; mostly they come so."""
    found = list(proposals)
    starts = [edit[0] for _, edit in found]
    if not all(map(lt, starts, starts[1:])):
        found.sort(key=lambda one: (one[1][0], one[1][1], one[0]))
        starts.sort()
    return found, starts


def _are_apart(starts: Sequence[int], ends: Sequence[int], size: int) -> bool:
    """Whether spans in order lie in a text of this size and none overlaps another: mostly they do."""
    if not starts:
        return True
    return starts[0] >= 0 and ends[-1] <= size and all(map(le, starts, ends)) and all(map(le, ends, starts[1:]))


def _disputed(ordered: Iterable[tuple[str, Edit]], step: int, text: str, lost: list[Change]) -> list[Change]:
    """The changes that edits become of which some overlap; those that give way go among the lost ones."""
    made: list[Change] = []
    size = len(text)
    reached = 0
    for code, (start, end, after, because, facts, _) in ordered:
        if not 0 <= start <= end <= size:
            raise ValueError(f"{code} proposed the span {start}:{end} in a text of {size} characters")
        if start < reached and end <= reached and after == made[-1][5] == "" and not facts:
            continue  # several rules drop the same line, mostly
        before = text[start:end]
        if start < reached:
            change = change_of((code, step, start, end, before, after, because, facts))
            kept = _beside(change, made, lost, text)
            reached = made[-1][3] if made else 0
            if kept and (kept[4] != after or facts):
                made.append(kept)
                reached = kept[3]
        elif before != after or facts:
            made.append(change_of((code, step, start, end, before, after, because, facts)))
            reached = end
    return made


def _beside(change: Change, made: list[Change], lost: list[Change], text: str) -> Change | None:
    """What is made of a change that begins inside the last one made; whichever gives way goes among the lost ones."""
    while made and change.start < made[-1].end:
        last = made[-1]
        if last.after == change.after == "":
            start = last.end
            end = max(start, change.end)
            change = change._replace(start=start, end=end, before=text[start:end])
        elif last.code <= change.code:
            lost.append(_covered(change, last.code))
            return None
        else:
            lost.append(_covered(made.pop(), change.code))
    return change


change_of = cast(
    "Callable[[tuple[str, int, int, int, str, str | None, str, Facts]], Change]", partial(tuple.__new__, Change)
)
"""A change from a tuple, in C: a page has hundreds."""


def _covered(change: Change, code: str) -> Change:
    because = f"not made, {code} changes the same place: {change.because}"
    return change._replace(because=because)


def steps(changes: Iterable[Change]) -> Iterator[list[Change]]:
    """The changes of each step, in the order they were made."""
    for _, group in groupby(changes, key=lambda change: change.step):
        yield list(group)


def replay(text: str, changes: Iterable[Change]) -> str:
    """Make recorded changes again. Raises MismatchError when one of them does not fit the text."""
    for step in steps(changes):
        text = _spliced(text, step)
    return text


def quoted(text: str, changes: Iterable[Change]) -> list[Change]:
    """Fill in what recorded changes removed, from the text they were made on."""
    found: list[Change] = []
    for step in steps(changes):
        filled = [c._replace(before=text[c.start : c.end]) for c in step]
        text = _spliced(text, filled)
        found += filled
    return found


def undo(text: str, changes: Sequence[Change]) -> str:
    """Take recorded changes back, last step first. Raises MismatchError when one of them does not fit the text."""
    for step in reversed(list(steps(changes))):
        inverse = []
        shift = 0
        for c in step:
            after = c.after or ""
            start = c.start + shift
            inverse.append(Change(c.code, c.step, start, start + len(after), after, c.before))
            shift += len(after) - (c.end - c.start)
        text = _spliced(text, inverse)
    return text


def _spliced(text: str, changes: Sequence[Change]) -> str:
    at = 0
    for c in changes:
        if c.start < at or c.end > len(text) or text[c.start : c.end] != c.before:
            message = f"{c.code} at {c.start}:{c.end} of step {c.step} does not fit the text"
            raise MismatchError(message)
        at = c.end
    return _put(text, changes)


def _put(text: str, changes: Iterable[Change]) -> str:
    """A text with changes that fit it."""
    parts: list[str] = []
    at = 0
    for _, _, start, end, _, after, _, _ in changes:
        if at < start:
            parts.append(text[at:start])
        if after:
            parts.append(after)
        at = end
    parts.append(text[at:])
    return "".join(parts)


def collect(changes: Iterable[Change]) -> dict[str, str | list[str]]:
    """The facts that moved with changes: the first of each kind, or all of a kind that may occur several times."""
    found: dict[str, str | list[str]] = {}
    for change in changes:
        for key, value in change.facts:
            if key in MANY:
                values = found.setdefault(key, [])
                if isinstance(values, list) and value not in values:
                    values.append(value)
            else:
                found.setdefault(key, value)
    return found
