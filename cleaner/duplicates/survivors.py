"""Which of several copies stays: an order over documents that their owner chooses, and what becomes of versions."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Protocol

SOURCE = "source:"
DEFAULT = ("cleanest", "longest", "earliest", "first")
CHOICES = {"versions": ("keep", "latest"), "notices": ("keep", "one"), "sentences": ("keep", "first")}
"""What may be said of texts that resemble others and are no copies."""


class Attributes(Protocol):
    """What the order looks at. `leftovers` are findings of boilerplate, `prose` is in characters."""

    @property
    def id(self) -> str:
        """The name that is unlike all others."""
        ...

    @property
    def leftovers(self) -> int:
        """Findings of boilerplate that were left."""
        ...

    @property
    def prose(self) -> int:
        """Characters of prose."""
        ...

    @property
    def date(self) -> str:
        """The date as it was found, empty where none is known."""
        ...

    @property
    def source(self) -> str:
        """Where it comes from."""
        ...


Part = Callable[[Attributes], int | str]
Rank = tuple[int | str, ...]
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}(?!\d)", re.ASCII)
_LATEST = str.maketrans("0123456789", "9876543210")


def day(document: Attributes) -> str:
    """The day of a document as YYYY-MM-DD; empty where its date does not begin so.

    The hour is not looked at: one scraper keeps it and another does not, and its zone is rarely told.
    """
    found = _DAY.match(document.date)
    return found[0] if found else ""


ORDER: dict[str, Part] = {
    "cleanest": lambda document: document.leftovers,
    "longest": lambda document: -document.prose,
    "earliest": lambda document: day(document) or "~",
    "latest": lambda document: day(document).translate(_LATEST) or "~",
    "first": lambda document: document.id,
}
"""What each part of a policy compares; the id stands last anyway."""


@dataclass(frozen=True, slots=True)
class Policy:
    """`keep` names what decides, most important first; ids decide last, so that no two documents are equal.

    With `versions = "latest"` the date comes before all else, and an older version of a text goes. With
    `notices = "one"` of a short text under many addresses only one stays, whatever the titles of the others say.
    With `sentences = "first"` a sentence that several documents share stays in the first of them.
    Documents that are `frozen` were published before: they stay whatever comes later.
    """

    keep: tuple[str, ...] = DEFAULT
    versions: str = "keep"
    notices: str = "keep"
    sentences: str = "keep"
    frozen: frozenset[str] = frozenset()

    def order(self) -> Callable[[Attributes], Rank]:
        """What sorts documents into the strict total order in which survivors are chosen, best first."""
        names = ("latest", *self.keep) if self.versions == "latest" else self.keep
        names = names[: names.index("first")] if "first" in names else names  # no two ids are equal
        parts = [_from(name.removeprefix(SOURCE)) if name.startswith(SOURCE) else ORDER[name] for name in names]
        frozen = self.frozen

        def rank(document: Attributes) -> Rank:
            return (document.id not in frozen, *[part(document) for part in parts], document.id)

        return rank

    def supersedes(self, survivor: Attributes, document: Attributes) -> bool:
        """Whether a version goes because another one is of a later day. Without both days nothing is known."""
        if self.versions != "latest" or document.id in self.frozen:
            return False
        return "" < day(document) < day(survivor)


DEFAULT_POLICY = Policy()


def _from(source: str) -> Part:
    return lambda document: int(document.source != source)


def problem(policy: Policy) -> str:
    """What is wrong with a policy, in words for its owner; empty when nothing is."""
    for name in policy.keep:
        if name not in ORDER and not (name.startswith(SOURCE) and len(name) > len(SOURCE)):
            near = get_close_matches(name, ORDER, 1)
            hint = f" (did you mean {near[0]!r}?)" if near else ""
            return f"keep: {name!r} is none of {', '.join(ORDER)}, {SOURCE}NAME{hint}"
    for key, known in CHOICES.items():
        value = getattr(policy, key)
        if value not in known:
            return f"{key} = {value!r}: must be one of {', '.join(known)}"
    return ""
