"""Statistics of a corpus for a person at a terminal: tables with small charts, 80 columns wide."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from cleaner.report.terminal import one_line

if TYPE_CHECKING:
    from cleaner.statistics import Share, Statistics

NAME, BAR = 26, 24
"""Columns of a name and of a chart."""
MOST = 20
"""Rows of a table that are shown to a person, here and on the page; the rest is one row. JSON has them all."""
_EIGHTHS = " ▏▎▍▌▋▊▉"


def lines(found: Statistics) -> Iterator[str]:
    """The whole report."""
    total = sum(found.documents.values())
    told = ", ".join(f"{count:,} {name}" for name, count in found.documents.items())
    yield f"{one_line(found.title)}: {total:,} document{'' if total == 1 else 's'} ({told})"
    yield f"{found.tokens:,} tokens, {found.characters:,} characters"
    yield from map(one_line, corpora(found))
    yield from _lengths(found)
    for heading, shares in (("language", found.languages), ("source", found.sources), ("date", found.dates)):
        yield from _shares(heading, shares)
    yield from _rules(found)
    repeats = found.duplicates
    yield ""
    yield f"copies of other documents: {repeats['exact']:,} exact, {repeats['near']:,} near"
    yield f"pairs of versions (same story, other facts): {repeats['version']:,}"
    yield f"further addresses of one short text: {repeats['address']:,}"
    yield f"sentences that an earlier document has: {repeats['sentence']:,}"


def corpora(found: Statistics) -> list[str]:
    """Each path with its documents, where there are several, or the texts are those that a run published."""
    if len(found.corpora) == 1 and found.corpora[0].texts == "as read":
        return []
    return [f"{one.path}: documents {one.documents:,}, texts {one.texts}" for one in found.corpora]


def _lengths(found: Statistics) -> Iterator[str]:
    if not found.histogram:
        return
    yield ""
    yield f"{'tokens':<{NAME}} documents"
    most = max(length.documents for length in found.histogram)
    for length in found.histogram:
        yield _row(span(length.least), f"{length.documents:,}", "", length.documents, most)
    yield ", ".join(f"{name} {size:,}" for name, size in found.lengths.items())


def span(least: int) -> str:
    """The sizes of a class of lengths."""
    return f"{least:,} to {2 * least - 1:,}" if least > 1 else f"{least}"


def _shares(heading: str, shares: Sequence[Share]) -> Iterator[str]:
    if not shares:
        return
    yield ""
    yield f"{heading:<{NAME}} documents       tokens"
    most = max(share.documents for share in shares)
    for share in folded(shares):
        yield _row(share.name, f"{share.documents:,}", f"{share.tokens:,}", share.documents, most)


def folded(shares: Sequence[Share]) -> list[Share]:
    """The rows that are shown of a table, the last one for all others."""
    rest = shares[MOST:]
    if not rest:
        return list(shares)
    others = type(rest[0])(f"({len(rest):,} others)", sum(s.documents for s in rest), sum(s.tokens for s in rest))
    return [*shares[:MOST], others]


def _rules(found: Statistics) -> Iterator[str]:
    if not found.rules:
        return
    yield ""
    yield f"{'rule':<33} changes  findings  documents"
    for rule in found.rules:
        name = _cut(f"{rule.code} {rule.name}", 32)
        yield f"{name:<32} {rule.changes:>8,} {rule.findings:>9,} {rule.documents:>10,}"


def _row(name: str, count: str, more: str, value: int, most: int) -> str:
    return f"{_cut(one_line(name), NAME):<{NAME}} {count:>9} {more:>12}  {bar(value, most)}".rstrip()


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else f"{text[: width - 1]}…"


def bar(value: int, most: int, width: int = BAR) -> str:
    """A bar of blocks as long as the value's share of the most; what is more than nothing has at least a sliver."""
    eighths = value * width * 8 // max(most, 1)
    full, rest = divmod(max(eighths, 1 if value else 0), 8)
    return "█" * full + _EIGHTHS[rest].strip()
