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
PATTERNS |= {f"template {n} {known.kind}": pattern for n, (pattern, known, _) in enumerate(phrases.templates())}

SIZE = 4_000
UNITS = [
    "a", "A", " ", "\n", "\t", ".", "-", "1", "“", "é", "中", "&", "[", "*", "|", "/", "'",
    "a ", "A ", "Aa ", "a. ", "A. ", "aI", "1.", "- ", "\n ", " \n", "a-", "a|", "> ", "http://a", "Photo: A ",
    "Source: ", "home > ", "get news ", "the post a ", "contact us ", "copyright 2000 ", "all rights ", "U.S. ", "&amp;",
]  # fmt: skip
LIMIT = 0.25
"""Seconds of processor time for 4,000 characters; a linear pattern takes a few thousandths."""


@pytest.mark.parametrize("name", PATTERNS)
def test_a_pattern_does_not_run_away(name: str) -> None:
    pattern = PATTERNS[name]
    for unit in UNITS:
        text = unit * (SIZE // len(unit)) + "!"
        start = time.process_time()
        sum(1 for _ in pattern.finditer(text))
        pattern.fullmatch(text)
        assert time.process_time() - start < LIMIT, f"{name} on {unit!r} x {SIZE // len(unit)}"


def test_there_are_patterns_to_test() -> None:
    assert len(PATTERNS) > 50
