"""What is known of a document when duplicates are looked for, and what is found about two of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple, Protocol, TypeVar

from cleaner.compiled import on
from cleaner.segment import is_prose


class Fate(Protocol):
    """Whatever says whether a document goes."""

    @property
    def goes(self) -> bool:
        """Whether the document is left out."""
        ...


Known = TypeVar("Known")
Decision = TypeVar("Decision", bound=Fate)
GOING = ("exact", "near", "similar")
"""Relations for which a document goes."""

VERSIONS = 20
"""Versions listed for one document at most, best survivor first."""

TextsOf = Callable[[Sequence[int]], Sequence[str]]
"""Brings the texts of some documents, named by their place among the entries, in that order."""


class Notice(NamedTuple):
    """What a short document is compared by: a digest of what stands below its title, and where it was found."""

    body: str
    address: str


@dataclass(frozen=True, slots=True)
class Entry:
    """What decides about a cleaned document beside its row. `prose` counts the characters of its prose lines.

    `notice` is what it is compared by as one address of a short text; a longer one has none.
    """

    id: str
    leftovers: int = 0
    prose: int = 0
    date: str = ""
    source: str = ""
    notice: Notice | None = None


def prose_length(text: str) -> int:
    """The characters of the lines that are plainly body text."""
    return sum(len(line) for line in text.split("\n") if is_prose(line))


def prose_lengths(texts: Sequence[str]) -> list[int]:
    """The same of many texts, compiled where that pays."""
    if not on():
        return [prose_length(text) for text in texts]
    import numpy as np

    from cleaner.duplicates.prose_kernel import prose_lengths as compiled
    from cleaner.duplicates.word_table import characters
    from cleaner.packed import Packed

    packed = Packed.of(texts)
    found = np.empty(len(packed), np.int64)
    compiled(packed.data, packed.borders, characters()[0], found)
    return [length if length >= 0 else prose_length(packed[n]) for n, length in enumerate(found.tolist())]


@dataclass(frozen=True, slots=True)
class Finding:
    """Two documents found alike; an `exact`, `near` or `similar` one goes, another one only when it is `dropped`.

    An exact copy differs in nothing that is compared, of a near one nothing is lost, a similar one was not looked at.
    One `address` of several is the same notice or error page under another title: nobody's copy, nor a version. Where
    a text stands under many `addresses`, `crowd` is the one of them that stays, and one finding has a `sample` of it.
    """

    id: str
    instead: str
    relation: str
    shared: int
    united: int
    contained: int
    hunks: tuple[tuple[str, str], ...] = ()
    contradictions: tuple[str, ...] = ()
    extra: int = 0
    dropped: bool = False
    addresses: int = 0
    crowd: str = ""
    sample: str = ""

    @property
    def goes(self) -> bool:
        """Whether the document is left out."""
        return self.dropped or self.relation in GOING

    def row(self) -> dict[str, Any]:
        """The finding as JSON values; similarities as exact fractions beside the rounded figure."""
        return {
            "id": self.id,
            "instead": self.instead,
            "relation": self.relation,
            **({"dropped": True} if self.dropped else {}),
            **({"addresses": self.addresses, "crowd": self.crowd} if self.addresses else {}),
            **({"sample": self.sample} if self.sample else {}),
            "jaccard": round(self.shared / self.united, 4),
            "containment": round(self.shared / self.contained, 4),
            "shingles": [self.shared, self.united, self.contained],
            "extra": self.extra,
            "contradictions": list(self.contradictions),
            "hunks": [list(hunk) for hunk in self.hunks],
        }


def chosen(findings: Iterable[tuple[Known, Decision]]) -> list[tuple[Known, Decision]]:
    """Of what was found about a document, best survivor first: that for which it goes, else the first versions.

    All survivors must be documents that stay. Each finding stands beside whatever its caller knows it by.
    """
    kept: list[tuple[Known, Decision]] = []
    for known, finding in findings:
        if finding.goes:
            return [(known, finding)]
        kept.append((known, finding))
    return kept[:VERSIONS]


def values_of(known: Finding | Entry, without: Collection[str] = ()) -> list[Any]:
    """A finding, or a document, as JSON can hold it; nothing where `without` names lists that are left out."""
    return [() if name in without else getattr(known, name) for name in known.__slots__]


def finding_of(values: Sequence[Any]) -> Finding:
    """A finding from its values as JSON keeps them."""
    key, instead, relation, shared, united, contained, hunks, contradictions, *rest = values
    pairs = tuple((one, other) for one, other in hunks)
    return Finding(key, instead, relation, shared, united, contained, pairs, tuple(contradictions), *rest)


def inherit(findings: Sequence[Finding]) -> list[Finding]:
    """The same; but what is equal to a text that goes, goes for the same survivor on the same evidence."""
    later = {f.id: f for f in findings if f.goes and f.relation not in ("exact", "address")}
    return [replace(later[f.instead], id=f.id) if f.relation == "exact" and f.instead in later else f for f in findings]
