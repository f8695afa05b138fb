"""How well duplicates are found and judged, on labelled development sets that lie outside this repository.

    make quality-duplicates SHARED=../shared     prints the table; exits with 1 if a figure is worse than its floor

Documents are cleaned by the default rules before they are compared, as a run does. `found` joins exact and near
copies and versions; the scorer that lies beside the sets closes the pairs and compares the clusters. For *removable*
one of two copies of a page must be able to go as the texts stand; for *refused* one thing is changed in the copy that
goes, which must then stay.
"""

from __future__ import annotations

import random
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from bench.figure import Figure
from bench.quality import rows, scorer
from cleaner.cleaning import clean
from cleaner.duplicates.cluster import find_duplicates, weigh
from cleaner.duplicates.finding import Entry, Finding, prose_length
from cleaner.duplicates.sketch import sketch
from cleaner.duplicates.wording import Text
from cleaner.rule import Rule, load, select
from cleaner.text import Document

ALL = frozenset({"DUP001", "DUP002", "DUP003"})
Docs = list[dict[str, Any]]


def decided(docs: Docs, rules: list[Rule]) -> list[Finding]:
    """What a run finds in a set of documents."""
    entries, texts = [], []
    for doc in docs:
        result = clean(Document(doc["id"], doc["text"]), rules)
        texts.append(result.document.text)
        leftovers = sum(finding.code.startswith("BOI") for finding in result.findings)
        entries.append(Entry(doc["id"], leftovers, prose_length(texts[-1])))
    return find_duplicates(entries, sketch(texts), lambda places: [texts[place] for place in places], ALL)


def pairs_of(findings: Iterable[Finding], *relations: str) -> list[dict[str, str]]:
    """Pairs as the scorer takes them; all findings, or those of some relations."""
    return [{"a": f.id, "b": f.instead} for f in findings if not relations or f.relation in relations]


def rescrape(folder: Path, score: ModuleType, rules: list[Rule]) -> Iterator[Figure]:
    """One news page scraped by two teams."""
    docs = rows(folder / "neardup_rescrape_docs.jsonl.gz")
    labels: dict[int, set[tuple[str, ...]]] = {1: set(), -1: set()}
    for row in rows(folder / "neardup_rescrape_pairs.jsonl.gz"):
        labels[row["label"]].add(tuple(sorted((row["a"], row["b"]))))
    gold = score.clusters_from([{"a": a, "b": b} for a, b in labels[1]], [doc["id"] for doc in docs])
    findings = decided(docs, rules)
    scored = score.score_neardup(docs, labels[1], labels[-1], pairs_of(findings), gold)
    yield Figure("rescrape: pair F1, found", scored["F1"], 0.97, 0.995)
    yield Figure("rescrape: ARI, found", scored["ARI"], 0.97, 0.995)
    scored = score.score_neardup(docs, labels[1], labels[-1], pairs_of(findings, "exact", "near"), gold)
    yield Figure("rescrape: recall of pairs, removed by a run", scored["R"], 0.0, 1.0)
    yield Figure("rescrape: precision of pairs, removed by a run", scored["P"], 0.97, 1.0)


def versions_of_a_page(folder: Path, score: ModuleType, rules: list[Rule]) -> Iterator[Figure]:
    """Every page three times: its body, the dump of its article, all that is visible."""
    docs: dict[str, str] = {}
    for kind in ("typical", "hard"):
        for row in rows(folder / f"articles_{kind}.jsonl.gz"):
            docs.setdefault(f"{row['id']}:gold", row["gold"])
            docs[f"{row['id']}:{kind}"] = row["raw"]
    listed = [{"id": key, "text": text} for key, text in docs.items()]
    gold = {key: key.rsplit(":", 1)[0] for key in docs}
    findings = decided(listed, rules)
    wanted = score.within(gold)
    scored = score.score_neardup(listed, wanted, set(), pairs_of(findings), gold)
    yield Figure("three versions of a page: pair F1, found", scored["F1"], 0.97, 0.995)
    yield Figure("three versions of a page: precision, found", scored["P"], 0.97, 0.995)
    yield Figure("three versions of a page: recall, found", scored["R"], 0.97, 0.995)
    joined = score.within(score.clusters_from(pairs_of(findings), list(gold)))
    for one, other in (("gold", "typical"), ("gold", "hard"), ("typical", "hard")):
        kinds = [p for p in wanted if {p[0].rsplit(":", 1)[1], p[1].rsplit(":", 1)[1]} == {one, other}]
        yield Figure(f"  {one} and {other}: recall", sum(p in joined for p in kinds) / len(kinds), 0.0, 1.0)
    scored = score.score_neardup(listed, wanted, set(), pairs_of(findings, "exact", "near"), gold)
    yield Figure("three versions of a page: recall, removed by a run", scored["R"], 0.0, 1.0)
    yield Figure("three versions of a page: precision, removed by a run", scored["P"], 0.97, 1.0)


def graded(folder: Path, rules: list[Rule]) -> Iterator[Figure]:
    """Reports on one event by different people: never the same text."""
    joined = 0
    for row in rows(folder / "neardup_graded.jsonl.gz"):
        joined += bool(decided([{"id": "a", "text": row["text_a"]}, {"id": "b", "text": row["text_b"]}], rules))
    yield Figure("graded: pairs joined", joined, 0, 0, least=False)


_NUMBER = re.compile(r"\d+")
_NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]{3,}\b")
_AUXILIARY = re.compile(r"\b(?:is|was|are|were|has|have|had|will|would|can|could|should|may)\b(?= [a-z])")
_BETWEEN = re.compile(r"(?<=[a-z][.!?]) +(?=[A-Z])")
UPDATE = "The ministry said on Thursday evening that 4,711 people had been brought to Torsholm after the second flood."


def number(text: str, dice: random.Random) -> str | None:
    """One figure becomes another."""
    found = list(_NUMBER.finditer(text))
    if not found:
        return None
    at = dice.choice(found)
    return f"{text[: at.start()]}{int(at[0]) + dice.choice((1, 3, 20))}{text[at.end() :]}"


def name(text: str, dice: random.Random) -> str | None:
    """One name becomes another, at one place."""
    lower = set(re.findall(r"\b[a-z]+\b", text))
    found = [at for at in _NAME.finditer(text) if at[0].lower() not in lower]
    if not found:
        return None
    at = dice.choice(found)
    return f"{text[: at.start()]}{dice.choice(('Varnholm', 'Okonjo', 'Petrescu'))}{text[at.end() :]}"


def negation(text: str, dice: random.Random) -> str | None:
    """One statement becomes its opposite."""
    found = list(_AUXILIARY.finditer(text))
    if not found:
        return None
    at = dice.choice(found)
    return f"{text[: at.end()]} not{text[at.end() :]}"


def swap(text: str, dice: random.Random) -> str | None:
    """Two figures change places."""
    found = list(_NUMBER.finditer(text))
    others = [(a, b) for n, a in enumerate(found) for b in found[n + 1 :] if a[0] != b[0]]
    if not others:
        return None
    a, b = dice.choice(others)
    return f"{text[: a.start()]}{b[0]}{text[a.end() : b.start()]}{a[0]}{text[b.end() :]}"


def appended(text: str, dice: random.Random) -> str | None:
    """A paragraph of news at the end."""
    del dice
    return f"{text}\n\nUpdate: {UPDATE}"


def inserted(text: str, dice: random.Random) -> str | None:
    """A sentence of news between two others."""
    found = list(_BETWEEN.finditer(text))
    if not found:
        return None
    at = dice.choice(found)
    return f"{text[: at.start()]} {UPDATE} {text[at.end() :]}"


CHANGES = {
    "a number": number,
    "a name": name,
    "a not": negation,
    "two swapped numbers": swap,
    "a paragraph more": appended,
    "a sentence more": inserted,
}


def removable(removed: str, kept: str) -> bool:
    """Whether one text can go for the other."""
    return weigh("", "", Text(removed), Text(kept)).relation == "near"


def judged(folder: Path) -> Iterator[Figure]:
    """Pairs of copies, raw: what can go, and what must stay after one change in the better contained of the two."""
    docs = {doc["id"]: doc["text"] for doc in rows(folder / "neardup_rescrape_docs.jsonl.gz")}
    pairs = []
    for row in rows(folder / "neardup_rescrape_pairs.jsonl.gz"):
        if row["label"] == 1:
            one, other = docs[row["a"]], docs[row["b"]]
            shorter = len(Text(one).shingles()) <= len(Text(other).shingles())
            pairs.append((one, other) if shorter else (other, one))
    can = sum(removable(one, other) or removable(other, one) for one, other in pairs)
    yield Figure(f"removable of {len(pairs)} pairs of copies", can / len(pairs), 0.95, 0.98)
    for kind, change in CHANGES.items():
        dice = random.Random(kind)
        changed = [(text, other) for one, other in pairs if (text := change(one, dice)) is not None]
        refused = sum(not removable(text, other) for text, other in changed)
        yield Figure(f"refused after {kind} ({len(changed)})", refused / len(changed), 0.97, 0.99)


def main() -> None:
    """Measure everything and print the table."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "../shared") / "eval"
    if not folder.is_dir():
        sys.exit(f"{folder}: no evaluation sets here; make quality-duplicates SHARED=FOLDER")
    rules = [rule for rule in select(load()) if not rule.corpus]
    score = scorer(folder)
    print(f"{'measure':<56}{'figure':>9}{'floor':>8}{'aim':>8}")
    failed = False
    for part in (
        judged(folder),
        graded(folder, rules),
        rescrape(folder, score, rules),
        versions_of_a_page(folder, score, rules),
    ):
        for figure in part:
            failed = failed or not figure.holds
            mark = "" if figure.holds else "worse"
            print(
                f"{figure.name:<56}{figure.value:>9.4f}{figure.floor:>8.3f}{figure.aim:>8.3f}  {mark}".rstrip(),
                flush=True,
            )
    sys.exit(failed)


if __name__ == "__main__":
    main()
