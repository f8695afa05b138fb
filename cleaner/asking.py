"""Whom a pass asks: the rules of each family whose strings stand in a text, those that share a look together.

Most rules have nothing to do in most texts. Which have is told by bits, so that a family's answer is looked up.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from cleaner.literals import Literals
from cleaner.rule import ORDER, Look, Rule
from cleaner.text import NOTHING


class Asked(NamedTuple):
    """Rules that stand beside each other, with the look that they share, if there is one."""

    look: Look | None
    rules: Sequence[Rule]


class Family:
    """Rules of one step, `place` among those of a pass; `asked` tells which of them may have something to do."""

    def __init__(self, rules: Sequence[Rule], literals: Literals) -> None:
        self.name = rules[0].family
        self.place = ORDER.index(self.name)
        self._rules = [(rule, literals.bit(rule.code) if rule.needs or _learns(rule) else 0) for rule in rules]
        self._bits = sum(bit for _, bit in self._rules)
        self._asked = lru_cache(maxsize=1 << 12)(self._of)

    def asked(self, awake: int) -> Sequence[Asked]:
        """The rules to be asked about a text in which strings of the owners of these bits stand."""
        return self._asked(awake & self._bits)

    def _of(self, awake: int) -> Sequence[Asked]:
        may = [rule for rule, bit in self._rules if not bit or awake & bit]
        return [Asked(look, list(group)) for look, group in groupby(may, key=lambda rule: rule.look)]


def _learns(rule: Rule) -> bool:
    return not rule.needs and rule.known != NOTHING


class Plan(NamedTuple):
    """Rules as a pass asks them: by family, and filters one by one; the codes of those that settle, what all need."""

    families: Sequence[Family]
    filters: Sequence[Family]
    settling: frozenset[str]
    literals: Literals
    learned: int
    """The bits of those that need no string but a document of which something is known."""


@lru_cache(maxsize=64)
def plan_of(rules: tuple[Rule, ...]) -> Plan:
    """The plan of some rules, given in their order."""
    literals = Literals({rule.code: rule.needs for rule in rules})

    def families(some: Iterable[Rule], key: str) -> list[Family]:
        return [Family(list(group), literals) for _, group in groupby(some, key=lambda rule: getattr(rule, key))]

    return Plan(
        families((rule for rule in rules if rule.safety != "filter"), "family"),
        families((rule for rule in rules if rule.safety == "filter"), "code"),
        frozenset(rule.code for rule in rules if rule.settles),
        literals,
        sum(literals.bit(rule.code) for rule in rules if _learns(rule)),
    )
