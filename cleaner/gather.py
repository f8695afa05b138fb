"""Gather a run from its journal into what a report shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from cleaner.journal import duplicates
from cleaner.report.view import DocumentView, RuleView, RunView
from cleaner.restore import restored
from cleaner.rule import FAMILIES, Rule
from cleaner.trace import Piece, trace


def gather(clean: Path, raw: Path | None, rules: Iterable[Rule]) -> RunView:
    """The run whose result lies in `clean`. Without `raw` its journal must be full. Raises CorpusError."""
    documents = []
    before = after = 0
    changes: Counter[str] = Counter()
    characters: Counter[str] = Counter()
    touched: Counter[str] = Counter()
    for item in restored(clean, raw):
        row, text = item.row, item.record.text
        before += row["counts"]["characters"][0]
        after += row["counts"]["characters"][1]
        if row["status"] == "kept":
            traced = trace(text, item.changes)
            pieces, spans, made = traced.pieces, traced.spans, tuple(item.changes)
        else:
            pieces, spans, made = ((Piece("kept", text),) if text else ()), (), ()
        changes.update(change.code for change in made)
        touched.update({change.code for change in made})
        for change in made:
            characters[change.code] += len(change.before)
        documents.append(
            DocumentView(
                row["id"],
                row["path"],
                row["status"],
                row["reason"],
                row["instead"],
                row["metadata"],
                pieces,
                made,
                spans,
            )
        )
    known = {rule.code: rule for rule in rules}
    views = [_rule(code, known.get(code), changes, characters, touched) for code in sorted(changes)]
    counts = Counter(document.status for document in documents)
    return RunView(
        clean.resolve().name,
        {status: counts[status] for status in ("kept", "dropped", "quarantined")},
        (before, after),
        views,
        documents,
        duplicates(clean),
    )


def _rule(
    code: str, rule: Rule | None, changes: Counter[str], characters: Counter[str], touched: Counter[str]
) -> RuleView:
    """A rule of the run; one that is not loaded here still has its code."""
    name, summary, doc = (rule.name, rule.summary, rule.doc) if rule else ("", "This rule is not loaded.", "")
    family = FAMILIES.get(code[:3], "")
    return RuleView(code, name, summary, doc, family, changes[code], characters[code], touched[code])
