"""Reports for a person at a terminal. Corpus text is shown as text: control characters are made visible."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import click

from cleaner.report.unified import Hunk, Part, header, hunks
from cleaner.report.view import DocumentView, RunView
from cleaner.rule import is_mechanical
from cleaner.totals import Totals

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
LONG = 60
"""Characters of a quoted text that are shown."""
KEEP = 40
"""Characters of unchanged text shown on either side of a change in a long line."""


def visible(text: str) -> str:
    """Text with control characters and direction overrides written out, so that none can act on the terminal."""
    return _CONTROL.sub(lambda m: f"\\u{ord(m[0]):04x}" if ord(m[0]) > 0xFF else f"\\x{ord(m[0]):02x}", text)


def one_line(text: str) -> str:
    """Visible text for a line of its own: no id or file name can begin another one."""
    return visible(text.replace("\n", "\\n").replace("\t", "\\t"))


def quote(text: str) -> str:
    """A text in quotes on one line, a long one shortened in its middle."""
    shown = text if len(text) <= LONG else f"{text[: LONG - 20]}…{text[-19:]}"
    shown = shown.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{visible(shown)}"'


def summary(totals: Totals, names: Mapping[str, str]) -> Iterator[str]:
    """What a run did: documents, characters, changes per rule, what was left out and why."""
    kept, dropped, quarantined = (totals.status[s] for s in ("kept", "dropped", "quarantined"))
    yield f"{_count(totals.documents, 'document')}: {kept:,} kept, {dropped:,} dropped, {quarantined:,} quarantined"
    before, after = totals.before, totals.after
    share = f" ({(before - after) / before:.1%} less)" if before != after else ""
    yield f"{before:,} characters before, {after:,} after{share}"
    yield from _table("changes", totals.changes, names)
    yield from _table("seen and left", totals.findings, names)
    yield from _left_out(totals)
    if totals.versions:
        pairs = _count(totals.versions, "pair")
        yield f"{pairs} of versions kept: same story, other facts; see .cleaner/duplicates.jsonl"
    texts, documents = totals.notices
    if texts:
        yield (
            f"{_count(texts, 'short text')} under many addresses, {_count(documents, 'document')} of them kept: error "
            "pages or paywalls? see .cleaner/duplicates.jsonl"
        )


def groups(found: Mapping[str, Any]) -> Iterator[str]:
    """How many documents hang together as perhaps alike, and around which one very many do."""
    if count := sum(found.get("sizes", {}).values()):
        sizes = (f"{number:,} of {_sizes(int(size))}" for size, number in found["sizes"].items())
        alike = f"groups of documents that may be alike: {count:,} ({', '.join(sizes)})"
        yield f"{alike}, the largest of {found['largest']:,}"
    for group in found.get("large", ()):
        what = f"{group['documents']:,} documents hang together around {group['id']}: {group['sample']!r}"
        yield one_line(f"{what}; only what was found in a text that stays is left out")
    for crowd in found.get("crowded", ()):
        what = f"{crowd['documents']:,} documents share a passage with {crowd['id']}: {crowd['sample']!r}"
        yield one_line(f"{what}; each is compared with a few of them")


def _sizes(least: int) -> str:
    return "2 or 3" if least == 2 else f"{least:,} to {2 * least - 1:,}"


def _left_out(totals: Totals) -> Iterator[str]:
    """What was dropped and quarantined, and why: how many by reason, and the first ones by name."""
    for status, key, reason, instead in totals.left_out:
        survivor = f", kept instead: {instead}" if instead else ""
        yield one_line(f"{status}: {key}: {reason}{survivor}")
    more = totals.reasons.total() - len(totals.left_out)
    if more > 0:
        reasons = (f"{reason.partition(', ')[2]} x{count:,}" for reason, count in sorted(totals.reasons.items()))
        yield one_line(f"... and {more:,} more; in all: {', '.join(reasons)}")
        yield "    .cleaner/manifest.jsonl names each with its reason and survivor"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def _table(title: str, counts: Mapping[str, int], names: Mapping[str, str]) -> Iterator[str]:
    if counts:
        yield f"{title}:"
        for code, number in sorted(counts.items(), key=lambda item: (is_mechanical(item[0]), -item[1], item[0])):
            yield f"  {code} {names.get(code, ''):<26}{number:>8,}"


def diff(run: RunView, *, everything: bool, elide: bool, chosen: frozenset[str]) -> Iterator[str]:
    """The run as unified diffs, riskiest document and hunk first. Mechanical hunks are counted unless `everything`.

    `chosen` are the codes to show, none for all. `elide` shortens long unchanged stretches for reading.
    """
    names = {rule.code: rule.name for rule in run.rules}
    shown = []
    for document in run.documents:
        found = [h for h in hunks(document.pieces) if not chosen or chosen & set(h.codes(document.changes))]
        if found or (document.status != "kept" and not chosen):
            found.sort(key=lambda h: (-h.risk(document.changes), h.raw_start))
            shown.append((document, found))
    shown.sort(key=lambda item: (-_risk(item[0], item[1]), item[0].id))
    for document, found in shown:
        yield from _document(document, found, names, everything or bool(chosen), elide)


def _risk(document: DocumentView, found: Sequence[Hunk]) -> int:
    if document.status != "kept":
        return 100
    return max((h.risk(document.changes) for h in found), default=0)


def _document(
    document: DocumentView, found: Sequence[Hunk], names: dict[str, str], everything: bool, elide: bool
) -> Iterator[str]:
    path = one_line(document.path)
    yield click.style(f"--- raw/{path}", bold=True)
    if document.status != "kept":
        instead = f", kept instead: {document.instead}" if document.instead else ""
        yield click.style("+++ /dev/null", bold=True)
        yield click.style(one_line(f"# {document.id} {document.status}: {document.reason}{instead}"), fg="yellow")
        return
    yield click.style(f"+++ clean/{path}", bold=True)
    if document.id != document.path:
        yield click.style(f"# {one_line(document.id)}", fg="yellow")
    folded: dict[str, int] = {}
    for hunk in found:
        if not everything and hunk.is_mechanical(document.changes):
            for n in hunk.changes:
                code = document.changes[n].code
                folded[code] = folded.get(code, 0) + 1
            continue
        yield click.style(header(hunk, document.changes, names), fg="cyan")
        yield from (_line("-", line, "red", elide) for line in hunk.raw)
        yield from (_line("+", line, "green", elide) for line in hunk.clean)
    if folded:
        counts = ", ".join(f"{code} {names.get(code, '')} x{number}" for code, number in sorted(folded.items()))
        yield click.style(f"# small repairs not shown (--all shows them): {counts}", dim=True)


def _line(sign: str, parts: Sequence[Part], colour: str, elide: bool) -> str:
    shown = [click.style(sign, fg=colour)]
    for number, (text, change) in enumerate(parts):
        changed = change >= 0
        last = number == len(parts) - 1
        seen = _elided(text, first=number == 0, last=last) if elide and not changed else text
        shown.append(click.style(visible(seen), fg=colour, bold=changed, reverse=changed and elide))
    return "".join(shown)


def _elided(text: str, *, first: bool, last: bool) -> str:
    """An unchanged stretch, shortened on the sides that no change touches."""
    head, tail = (0 if first else KEEP), (0 if last else KEEP)
    if first and last:
        head = 2 * KEEP
    if len(text) <= head + tail + 3:
        return text
    return f"{text[:head]} … {text[len(text) - tail :]}"
