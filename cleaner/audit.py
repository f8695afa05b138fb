"""What filters would take out of a corpus, rule by rule, without taking anything.

A removal is surprising as far as it is good prose: the characters of its prose, times the share that prose has in it.
Prose is a line of at least 12 words (24 characters in a script without blanks) that ends like a sentence in any script,
closing quotes and brackets allowed: a measure that knows none of the filters.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable, Iterable, Iterator, Sequence

from cleaner.cleaning import clean
from cleaner.records import Record
from cleaner.report.view import AuditView, Loss, RuleLoss
from cleaner.rule import Rule
from cleaner.segment import is_prose, paragraphs
from cleaner.text import Change, Document
from cleaner.trace import line_and_column, trace


def audit(
    title: str,
    records: Iterable[tuple[str, Record]],
    rules: Sequence[Rule],
    limit: int,
    progress: Callable[[int], None] | None = None,
) -> AuditView:
    """Judge every record by the rules, as it stands, and keep of each rule the `limit` most surprising removals.

    `records` come with the path to show. What cannot be read is counted and left aside.
    """
    losses = {rule.code: RuleLoss(rule.code, rule.name, rule.summary, rule.doc) for rule in rules}
    view = AuditView(title, [])
    for path, record in records:
        view.documents += 1
        if progress:
            progress(1)
        if record.problem:
            view.unreadable += 1
            continue
        view.characters += len(record.text)
        view.prose += prose(record.text)
        found = list(removals(path, record, rules))
        view.left_out += any(loss.whole for loss in found)
        view.cut += bool(found) and not any(loss.whole for loss in found)
        for loss in found:
            _enter(losses[loss.code], loss, limit)
    view.rules = sorted(losses.values(), key=lambda rule: (-rule.prose, -rule.characters, rule.code))
    return view


def prose(text: str) -> int:
    """The characters of a text that stand in lines of prose."""
    return sum(len(line.text) for line in paragraphs(text) if is_prose(line.text))


def removals(path: str, record: Record, rules: Sequence[Rule]) -> Iterator[Loss]:
    """What the rules would take out of one record: the whole of it, or lines and pieces of lines."""
    text = record.text
    made = clean(Document(record.id, text, record.meta), rules)
    if made.dropped:
        code, drop = made.dropped
        yield Loss(code, record.id, path, record.line or 1, text, drop.because, len(text), prose(text), whole=True)
        return
    spans = trace(text, made.changes).spans
    for change, (start, end) in zip(made.changes, spans, strict=True):
        gone = text[start:end].strip()
        if gone and not change.after:
            at = start + len(text[start:end]) - len(text[start:end].lstrip())
            yield _piece(change, path, record, at, gone)


def _piece(change: Change, path: str, record: Record, at: int, gone: str) -> Loss:
    line = record.line or line_and_column(record.text, at)[0]
    return Loss(change.code, record.id, path, line, gone, change.because, len(gone), prose(gone), whole=False)


def _enter(rule: RuleLoss, loss: Loss, limit: int) -> None:
    rule.documents += loss.whole
    rule.pieces += not loss.whole
    rule.characters += loss.characters
    rule.prose += loss.prose
    insort(rule.worst, loss, key=lambda one: (-one.surprise, one.path, one.line))
    del rule.worst[limit:]
