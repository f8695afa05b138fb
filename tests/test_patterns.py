"""No regular expression of ours may run away on hostile text: each is linear by construction, or timed on what hurts."""

from __future__ import annotations

import re
import sys
import time

import pytest

from cleaner import phrases
from cleaner.rule import load

load()
import cleaner.cli  # noqa: E402  every room is loaded before its patterns are collected
import cleaner.duplicates.verify  # noqa: E402
import cleaner.inplace  # noqa: E402, F401

PATTERNS = {
    f"{name}.{key}": value
    for name, module in sorted(sys.modules.items())
    if name.startswith("cleaner")
    for key, value in sorted(vars(module).items())
    if isinstance(value, re.Pattern) and isinstance(value.pattern, str)
}
PATTERNS |= {f"template {n} {one.label.kind}": one.pattern for n, one in enumerate(phrases.templates())}

SIZE = 4_000
UNITS = [
    "a", "A", " ", "\n", "\t", ".", "-", "1", "“", "é", "中", "&", "[", "*", "|", "/", "'",
    "a ", "A ", "Aa ", "a. ", "A. ", "aI", "1.", "- ", "\n ", " \n", "a-", "a|", "> ", "http://a", "Photo: A ",
    "Source: ", "home > ", "get news ", "the post a ", "contact us ", "copyright 2000 ", "all rights ", "U.S. ", "&amp;",
]  # fmt: skip
LIMIT = 0.25
"""Seconds of processor time for 4,000 characters below which nobody waits; a linear pattern takes a few thousandths."""
GROWTH = 30
"""Above it, as on a slow machine: how many times as long as a quarter of the text it may take. A quadratic one takes 16
times as long, a cubic one 64, an exponential one does not return."""


def seconds(pattern: re.Pattern[str], unit: str, size: int) -> float:
    """Processor time of looking through so many characters."""
    text = unit * (size // len(unit)) + "!"
    start = time.process_time()
    sum(1 for _ in pattern.finditer(text))
    pattern.fullmatch(text)
    return time.process_time() - start


@pytest.mark.parametrize("name", PATTERNS)
def test_a_pattern_does_not_run_away(name: str) -> None:
    pattern = PATTERNS[name]
    for unit in UNITS:
        took = seconds(pattern, unit, SIZE)
        if took >= LIMIT:
            quarter = min(seconds(pattern, unit, SIZE // 4) for _ in range(3))
            assert took < GROWTH * quarter, f"{name} on {unit!r} x {SIZE // len(unit)}"


def test_a_pattern_that_runs_away_is_seen() -> None:
    quartic = re.compile(r"a*a*a*b")
    assert seconds(quartic, "a", SIZE // 25) > GROWTH * seconds(quartic, "a", SIZE // 100)


def test_there_are_patterns_to_test() -> None:
    assert len(PATTERNS) > 50
