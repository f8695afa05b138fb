"""How good the text rules are, on labelled development sets that lie outside this repository.

    make quality SHARED=../shared                prints the table; exits with 1 if a figure is worse than its floor
    make quality SHARED=../shared FOLDS=folder   the line classifier out of fold: every site judged by weights that were
                                                 trained without it (scripts/train_lines.py SHARED --folds folder)

Without FOLDS the figures for articles flatter the classifier: it was trained on these very sites.

The sets and their scorer are used as they are (SHARED/eval); nothing of their text is kept. `worse` in the last column
marks a figure below its floor. References are what other systems reach on the same sets (SHARED/eval/BASELINES.md).
"""

from __future__ import annotations

import gc
import gzip
import importlib.util
import json
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from itertools import count
from multiprocessing import get_context
from pathlib import Path
from types import ModuleType
from typing import Any

from bench.figure import Figure, printed
from cleaner import compiled
from cleaner.classify import Weights, parse, using
from cleaner.cleaning import clean
from cleaner.language import language
from cleaner.rule import Rule, load, select
from cleaner.text import Cleaned, Document

Rows = list[dict[str, Any]]


def rows(path: Path) -> Rows:
    """The records of a set; of articles only those whose gold was reviewed by people (tier A)."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [row for row in map(json.loads, file) if row.get("tier", "A") == "A"]


class Folds:
    """Weights of the line classifier by site; without a folder the shipped ones serve every site."""

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder
        self.fold: dict[str, int] = json.loads((folder / "folds.json").read_text()) if folder else {}

    @cache  # noqa: B019  one object lives as long as the benchmark
    def weights(self, fold: int) -> Weights:
        """The weights that were trained without the sites of one fold."""
        assert self.folder
        return parse(json.loads((self.folder / f"lines-{fold}.json").read_text()))

    def clean(self, row: dict[str, Any], field: str, rules: list[Rule]) -> Cleaned:
        """Clean a record as if its site had never been seen."""
        document = Document(row.get("id", ""), row[field])
        if not self.folder:
            return clean(document, rules)
        with using(self.weights(self.fold.get(row.get("site", ""), 0))):
            return clean(document, rules)


def cleaned(records: Iterable[dict[str, Any]], field: str, rules: list[Rule], folds: Folds) -> dict[str, Cleaned]:
    """Every record's text as the rules make it, by id."""
    return {row["id"]: folds.clean(row, field, rules) for row in records}


def texts(results: dict[str, Cleaned]) -> dict[str, str]:
    """Only the texts."""
    return {key: result.document.text for key, result in results.items()}


ARTICLES = {
    "typical": ((0.93, 0.94), (0.955, 0.955), (0.93, 0.98), (0.06, 0.02), ("trafilatura with HTML .954", ".951")),
    "hard": ((0.90, 0.925), (0.94, 0.94), (0.96, 0.98), (0.10, 0.04), ("trafilatura with HTML .955", ".951")),
}


def articles(folder: Path, score: ModuleType, rules: list[Rule], folds: Folds) -> Iterator[Figure]:
    """Bodies of news pages and other articles: token F1, precision of removed lines, pages that lose body text."""
    for kind, (floors, aims, precision, losing, references) in ARTICLES.items():
        records = rows(folder / f"articles_{kind}.jsonl.gz")
        scored = score.score_articles(records, texts(cleaned(records, "raw", rules, folds)), rouge=False)
        for n, source in enumerate(("scrapinghub", "wcxb")):
            summary = score.summary([row for row in scored if row["source"] == source])
            yield Figure(f"{kind}, {source}: token F1", summary["F1"], floors[n], aims[n], reference=references[n])
        both = score.summary(scored)
        yield Figure(f"{kind}: precision of removed lines", both["removed_precision"], *precision)
        yield Figure(f"{kind}: recall of removed lines", both["removed_recall"], 0.0, 1.0)
        yield Figure(f"{kind}: pages losing over 5 %", both["docs_losing_over_5pct"], *losing, least=False)


def untouched(folder: Path, rules: list[Rule], folds: Folds) -> Iterator[Figure]:
    """Gold bodies as input: nothing is to be removed from them."""
    records = rows(folder / "articles_typical.jsonl.gz")
    before = lost = heavy = 0
    for row in records:
        words = len(row["gold"].split())
        left = len(folds.clean(row, "gold", rules).document.text.split())
        before, lost = before + words, lost + max(0, words - left)
        heavy += left < 0.95 * words
    yield Figure("clean bodies: words removed", lost / before, 0.01, 0.002, least=False)
    yield Figure("clean bodies: documents losing over 5 %", heavy / len(records), 0.02, 0.005, least=False)


def snippets(folder: Path, rules: list[Rule], folds: Folds) -> Iterator[Figure]:
    """Whole pages with passages that must stay and passages that must go."""

    def plain(text: str) -> str:
        return " ".join(text.split())

    kept = wanted = left = 0
    for row in rows(folder / "snippets.jsonl.gz"):
        text = plain(folds.clean(row, "raw", rules).document.text)
        wanted += len(row["with"])
        kept += sum(plain(passage) in text for passage in row["with"])
        left += sum(plain(passage) in text for passage in row["without"])
    precision, recall = kept / (kept + left), kept / wanted
    yield Figure("snippets: F1", 2 * precision * recall / (precision + recall), 0.84, 0.90, reference="C4 .793")


def substitutions(shared: Path, rules: list[Rule]) -> Iterator[Figure]:
    """Blind substitutions planted in clean bodies, and false ones on texts that have none."""
    folder, pairs = shared / "eval", shared / "knowledge" / "artifacts_pairs.toml"
    gold = folder / "articles_typical.jsonl.gz"
    sub = select(rules, ("SUB",))
    plant: list[str | Path] = [sys.executable, folder / "plant.py"]
    planted = subprocess.run([*plant, "plant", gold, pairs], capture_output=True, text=True, check=True).stdout
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as file:
        for row in map(json.loads, planted.splitlines()):
            text = clean(Document(row["id"], row["text"]), sub).document.text
            file.write(json.dumps({"id": row["id"], "text": text}) + "\n")
        file.flush()
        command: list[str | Path] = [*plant, "score", gold, pairs, file.name]
        result = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    yield Figure("planted substitutions restored", result["share"], 0.95, 0.99)
    yield Figure("documents without damage left alone by SUB", result["left_alone"], 1.0, 1.0)
    false: Counter[str] = Counter()
    for name, field in (("articles_typical", "gold"), ("articles_hard", "gold"), ("rawnews", "text")):
        for n, row in enumerate(rows(folder / f"{name}.jsonl.gz")):
            false.update(c.code for c in clean(Document(str(n), row[field]), sub).changes)
    yield Figure("false substitutions on clean text", false["SUB001"], 1, 0, least=False)


def mojibake(folder: Path, rules: list[Rule]) -> Iterator[Figure]:
    """Encoding damage with the right answer, ftfy alone beside it."""
    import ftfy

    counts: Counter[str] = Counter()
    encoding = select(rules, ("ENC",))
    for row in rows(folder / "mojibake.jsonl.gz"):
        right = (row["fixed"], row["fixed_encoding"])
        kind = "negative" if row["kind"] in ("negative", "language-names") else "damaged"
        counts[kind] += 1
        counts[f"{kind} ours"] += clean(Document("", row["original"]), encoding).document.text in right
        counts[f"{kind} ftfy"] += ftfy.fix_text(row["original"], uncurl_quotes=False) in right
    for kind in ("damaged", "negative"):
        ours, alone = counts[f"{kind} ours"] / counts[kind], counts[f"{kind} ftfy"] / counts[kind]
        floor = max(alone, 0.93) if kind == "damaged" else 1.0
        yield Figure(f"mojibake, {kind}: right or encoding right", ours, floor, 1.0, reference=f"ftfy {alone:.3f}")


STRAIGHT = str.maketrans("‘’“”", "''\"\"")


def every(pattern: str, after: str, step: int = 1) -> Callable[[str], str]:
    """A damage that replaces each `step`-th place where a pattern fits."""

    def damage(text: str) -> str:
        numbers = count(1)
        return re.sub(pattern, lambda found: found.expand(after) if next(numbers) % step == 0 else found[0], text)

    return damage


DAMAGE: dict[str, Callable[[str], str]] = {
    "lost ligatures": every(r"(?<=[a-z])(?:ffi|ffl|fi|fl|ff)(?=[a-z])", " "),
    "broken words": every(r"\b([a-z]{3,6})([a-z]{4,9})\b", r"\1- \2", 40),
    "lost blanks": every(r"(?<=[a-z]{3}[.!?]) (?=[A-Z][a-z]* [a-z])", "", 4),
    "lost quotes": lambda text: text.translate(str.maketrans("‘’“”", "????")),
}
MENDED = {"lost ligatures": 0.83, "broken words": 0.90, "lost blanks": 0.84, "lost quotes": 0.89}
"""Floors: what was reached, less a little."""
WRONG = 0.03
"""Most pieces that may come out otherwise than they were, by pieces planted."""


def letters(folder: Path, rules: list[Rule]) -> Iterator[Figure]:
    """Damage to letters and marks planted in English bodies, one kind in turn: pieces between blanks whole again."""
    pun = select(rules, ("PUN",))
    planted: Counter[str] = Counter()
    back: Counter[str] = Counter()
    wrong = 0
    for n, row in enumerate(rows(folder / "articles_typical.jsonl.gz")):
        kind = list(DAMAGE)[n % len(DAMAGE)]
        body, damaged = (text.translate(STRAIGHT) for text in (row["gold"], DAMAGE[kind](row["gold"])))
        if language(body) != "en" or damaged == body:
            continue
        clean_body, mended = (Counter(clean(Document("", text), pun).document.text.split()) for text in (body, damaged))
        lost = Counter(body.split()) - Counter(damaged.split())
        planted[kind] += lost.total()
        back[kind] += (lost - (lost - mended)).total()
        wrong += (mended - Counter(damaged.split()) - Counter(body.split()) - clean_body).total()
    for kind in DAMAGE:
        yield Figure(f"planted {kind}: mended", back[kind] / planted[kind], MENDED[kind], 1.0)
    yield Figure("planted letters and marks: mended wrongly", wrong / planted.total(), WRONG, 0.0, least=False)


ROUNDS = 3


def speed(folder: Path, rules: list[Rule]) -> Iterator[Figure]:
    """The clean pass of the default text rules on one core as a large run does it: MB of UTF-8 a processor second.

    What a process does once is not in it: a few documents load tables and kernels first (some seconds). Nor is what
    other parts of this benchmark left in memory, which the collector of garbage would go through again and again. Of
    several rounds over the same texts the fastest counts, since others on the machine can only slow one down.
    """
    documents = [Document("", row["raw"]) for row in rows(folder / "articles_typical.jsonl.gz")]
    size = sum(len(document.text.encode()) for document in documents)
    compiled.expect(compiled.ENOUGH)
    _seconds(documents[:100], rules)
    gc.collect()
    gc.freeze()
    least = min(_seconds(documents, rules) for _ in range(ROUNDS))
    gc.unfreeze()
    beside = f"ftfy alone {size / 1e6 / _mended(documents):.1f} in the same minute"
    yield Figure(f"clean pass, MB/s (warm, best of {ROUNDS} rounds)", size / 1e6 / least, 10, 60, reference=beside)


def first_time(folder: Path) -> Iterator[Figure]:
    """The same where each page is new, as it is for whoever has a corpus: no line and no word was seen before."""
    with ProcessPoolExecutor(1, get_context("spawn")) as fresh:
        yield Figure("clean pass, MB/s (each page once, in a new process)", fresh.submit(_once, folder).result(), 0, 60)


def _once(folder: Path) -> float:
    """MB a second of the pages behind a hundred, which load tables and kernels."""
    rules = [rule for rule in select(load()) if not rule.corpus]
    documents = [Document("", row["raw"]) for row in rows(folder / "articles_typical.jsonl.gz")]
    compiled.expect(compiled.ENOUGH)
    _seconds(documents[:100], rules)
    size = sum(len(document.text.encode()) for document in documents[100:])
    return size / 1e6 / _seconds(documents[100:], rules)


def _mended(documents: list[Document]) -> float:
    """Seconds of processor time that ftfy takes for the same texts: a measure of the machine, and of the minute."""
    from ftfy import fix_text

    start = time.process_time()
    for document in documents:
        fix_text(document.text)
    return time.process_time() - start


def _seconds(documents: list[Document], rules: list[Rule]) -> float:
    start = time.process_time()
    for document in documents:
        clean(document, rules)
    return time.process_time() - start


def scorer(folder: Path) -> ModuleType:
    """The scorer that lies beside the sets."""
    spec = importlib.util.spec_from_file_location("score", folder / "score.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def main() -> None:
    """Measure everything and print the table."""
    shared = Path(sys.argv[1] if len(sys.argv) > 1 else "../shared")
    folder = shared / "eval"
    if not folder.is_dir():
        sys.exit(f"{folder}: no evaluation sets here; make quality SHARED=FOLDER")
    rules = [rule for rule in select(load()) if not rule.corpus]
    folds = Folds(Path(sys.argv[2]) if len(sys.argv) > 2 and sys.argv[2] else None)
    print("line classifier:", "out of fold by site" if folds.folder else "shipped weights, trained on these sites")
    parts = (
        articles(folder, scorer(folder), rules, folds),
        untouched(folder, rules, folds),
        snippets(folder, rules, folds),
        substitutions(shared, rules),
        mojibake(folder, rules),
        letters(folder, rules),
        speed(folder, rules),
        first_time(folder),
    )
    sys.exit(not printed(parts))


if __name__ == "__main__":
    main()
