"""Keep private data out of what is recorded about a text, where the rules of PII take it out of the text itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from cleaner.cleaning import clean
from cleaner.rule import Rule
from cleaner.text import Change, Cleaned, Document, Facts
from cleaner.trace import trace


def redacted(raw: str, result: Cleaned, private: Sequence[Rule], *, script: bool) -> Cleaned:
    """A result whose facts and reasons hold nothing that the selected rules of PII, `private`, would take out.

    A byline that moved to the metadata, or a reason that quotes a line, would carry an address past them. `script` is
    for a journal that may hold nothing of it: then no change puts in what a later one takes out. Where one did (a
    repaired line with an address in it), the changes of the document are told as one step from raw to clean. What a
    change removed is left alone; the journal keeps it for undo, or is told not to.
    """
    if not (private and result.changes):
        return result
    changes = tuple(_scrubbed(change, private) for change in result.changes)
    if script and any(change.after and _without(change.after, private) != change.after for change in changes):
        changes = tuple(_in_one_step(raw, changes))
    return replace(result, changes=changes)


def _in_one_step(raw: str, changes: Sequence[Change]) -> Iterator[Change]:
    """The same way from raw to clean in one step; each part is signed by the last rule that worked there.

    The facts of all changes go with the first part.
    """
    facts: Facts = tuple(fact for change in changes for fact in change.facts)
    at = 0
    for kept, group in groupby(trace(raw, changes).pieces, key=lambda piece: piece.kind == "kept"):
        pieces = list(group)
        if not kept:
            before = "".join(piece.text for piece in pieces if piece.kind == "removed")
            after = "".join(piece.text for piece in pieces if piece.kind == "inserted")
            last = changes[max(piece.change for piece in pieces)]
            if before != after or facts:
                yield Change(last.code, 0, at, at + len(before), before, after, last.because, facts)
                facts = ()
            at += len(before)
        else:
            at += sum(len(piece.text) for piece in pieces)


def _scrubbed(change: Change, private: Sequence[Rule]) -> Change:
    because = _without(change.because, private)
    facts = tuple((key, _without(value, private)) for key, value in change.facts)
    return change._replace(because=because, facts=facts)


def _without(text: str, private: Sequence[Rule]) -> str:
    return clean(Document("", text), private).document.text
