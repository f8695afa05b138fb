"""Learn cleaner/lines.json, the weights of the line classifier, from pages whose lines are labelled.

    OMP_NUM_THREADS=1 python scripts/train_lines.py SHARED [--folds DIR [--all]] [--cache FILE]

SHARED/eval holds the pages: articles reviewed by people (tier A) and by an extractor (tier B, worth less), and whole
pages of many languages of which only some passages are known to stay or to go (snippets). An article of tier A is seen
in three states, because a rule meets all of them: as it came, as the phrase rules leave it (every second page), and as
its bare body, from which nothing may go. Pages count alike; inside a page a line counts by its words, and a word of the
body more than a word of furniture.

`--folds DIR` writes no package weights but those of five folds by site, with folds.json (site -> fold): a page is then
scored with trees that never saw its site. The lexicon, some 300 weights of single words, is learnt once, from all.
Needs scikit-learn and lightgbm (extra `train`); seeds are fixed, one thread is used.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import pickle
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import lightgbm
import numpy as np
from sklearn.linear_model import LogisticRegression

from cleaner.classify import DEPTH, INNER, UNIT, Trees, parse
from cleaner.cleaning import clean
from cleaner.line_context import COLUMNS, SMOOTH
from cleaner.line_features import LOWERED, SPOKEN, kinds, plain
from cleaner.line_kernel import own_table
from cleaner.line_score_kernel import flow, place
from cleaner.line_speech_kernel import words_table
from cleaner.line_table_kernel import columns, narrow
from cleaner.line_trees_kernel import judge
from cleaner.rule import load, select
from cleaner.text import Document

TARGET = Path(__file__).parent.parent / "cleaner" / "lines.json"
FOLDS = 5
BODY = 2.0
"""A word of the body counts so many times a word of furniture."""
TITLE = 0.8
"""The headline is no part of the bodies, but it is no furniture either: it votes for staying, less than the body."""
STATES = {"raw": 1.0, "phrases": 1.0, "body": 0.8, "snippets": 0.5, "extracted": 0.4}
"""How much a page counts in each of its states."""
PASSAGE = 400
"""A line of so many characters that holds a passage which must go may hold text beside it: it has no label."""
SETTINGS = {
    "objective": "binary", "learning_rate": 0.12, "max_depth": DEPTH, "num_leaves": 1 << DEPTH, "min_data_in_leaf": 100,
    "lambda_l2": 3.0, "max_bin": 63, "seed": 0, "deterministic": True, "force_col_wise": True, "num_threads": 1,
    "verbosity": -1,
}  # fmt: skip
FIRST, SECOND = 100, 80
"""Trees of the two ensembles."""
REMOVE = {"head": 0, "tail": 800, "inside": 1200, "long head": -100, "long tail": 450, "long inside": 900}
REPORT = -100
"""Thresholds, in units of 1/1024 log-odds; pinned by what was measured on unseen sites: a line before or after all
prose may go on less evidence than one between paragraphs, where every second short line is a heading or an item. A
long line outside is comment or teaser more often than the end of the article: less is asked of it. Of
those behind the prose that scored below 600 half of the words were the article's: with 450 a tenth fewer pages lose a
part, and with 600 F1 falls further."""

Matrix = np.ndarray[Any, np.dtype[Any]]


@dataclass
class Page:
    """A page in one of its states: its lines that are not blank, each with its label."""

    site: str
    state: str
    lines: list[str]
    labels: str

    def target(self) -> Matrix:
        """1 for furniture."""
        return np.array([label == "d" for label in self.labels], dtype=np.int8)

    def weight(self) -> Matrix:
        """How much each line counts; together, a page counts as its state does."""
        words = np.array([min(60, len(line.split())) for line in self.lines], dtype=float)
        vote = np.array([{"d": 1.0, "k": BODY, "t": TITLE}.get(label, 0.0) for label in self.labels])
        size = (2 + words) ** 0.7
        found: Matrix = STATES[self.state] * vote * size / max(1.0, size[vote > 0].sum()) ** 0.8
        return found


def filled(text: str, labels: str = "") -> tuple[list[str], str]:
    """The lines of a text that are not blank and their labels, `k` where none are given."""
    rows = text.split("\n")
    kept = [
        (row, label) for row, label in zip(rows, labels or "k" * len(rows), strict=True) if row and not row.isspace()
    ]
    return [row for row, _ in kept], "".join(label for _, label in kept)


def carried(before: list[str], labels: str, after: list[str]) -> str:
    """Labels for the lines that are left; a line that was changed takes that of the line it stands for, or none."""
    found = ["a"] * len(after)
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal" or (tag == "replace" and b - a == d - c):
            found[c:d] = labels[a:b]
    return "".join(found)


def records(shared: Path, name: str) -> list[dict[str, Any]]:
    """The records of one evaluation set."""
    with gzip.open(shared / "eval" / f"{name}.jsonl.gz", "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def pages(shared: Path) -> Iterator[Page]:
    """All pages: of tier A as they came, after the phrase rules, and their bodies; of tier B and snippets as left."""
    rules = [rule for rule in select(load()) if rule.code != "BOI020"]

    def left(record: dict[str, Any]) -> list[str]:
        return filled(clean(Document("x", record["raw"]), rules).document.text)[0]

    seen = set()
    for number, record in enumerate([*records(shared, "articles_typical"), *records(shared, "articles_hard")]):
        lines, labels = filled(record["raw"], record["labels"])
        if record["tier"] != "A":
            after = left(record)
            yield Page(record["site"], "extracted", after, carried(lines, labels, after))
            continue
        yield Page(record["site"], "raw", lines, labels)
        if number % 2 == 0:
            after = left(record)
            yield Page(record["site"], "phrases", after, carried(lines, labels, after))
        if record["id"] not in seen:
            seen.add(record["id"])
            yield Page(record["site"], "body", *filled(record["gold"]))
    for record in records(shared, "snippets"):
        lines = left(record)
        yield Page(record["site"], "snippets", lines, passages(lines, record))


def passages(lines: list[str], record: dict[str, Any]) -> str:
    """Labels for lines that hold a passage that must stay or one that must go, none for the others."""
    stay, go = ([" ".join(passage.split()) for passage in record[name]] for name in ("with", "without"))
    labels = []
    for line in lines:
        plain_line = " ".join(line.split())
        stays, goes = (any(passage in plain_line for passage in known) for known in (stay, go))
        labels.append("k" if stays and not goes else "d" if goes and not stays and len(line) < PASSAGE else "a")
    return "".join(labels)


def folds(sites: Iterable[str]) -> dict[str, int]:
    """A fold for each site, by a digest of its name: adding a site moves no other."""
    return {site: int(hashlib.sha256(site.encode()).hexdigest(), 16) % FOLDS for site in sites}


def lexicon(known: Sequence[Page]) -> dict[str, int]:
    """A weight for each word of the closed lists: how much its presence in a short line speaks for furniture."""
    latin, _ = kinds()
    words = sorted(latin)
    number = {word: n for n, word in enumerate(words)}
    from scipy.sparse import csr_matrix

    columns, ends, target, weight = [], [0], [], []
    for page in known:
        if page.state == "body":
            continue
        for line, label, vote in zip(page.lines, page.target(), page.weight(), strict=True):
            found = {number[w] for w in plain(line).translate(LOWERED).split()[:SPOKEN] if w in number}
            columns += sorted(found)
            ends.append(len(columns))
            target.append(label)
            weight.append(vote)
    table = csr_matrix((np.ones(len(columns)), columns, ends), shape=(len(ends) - 1, len(words)))
    # Held back by C and followed to its end: stopped early instead, a few pages more would change half of the weights.
    model = LogisticRegression(C=0.01, max_iter=3000, tol=1e-6).fit(table, target, np.array(weight) * 100)
    learnt = np.rint(model.coef_[0] * 100).astype(int)
    return {word.decode("latin-1"): int(w) for word, w in zip(words, learnt, strict=True) if abs(w) >= 20}


def columns_of(page: Page, words: Matrix) -> Matrix:
    """The columns of both models as far as they do not follow from scores, as `line_table_kernel` lays them."""
    table = own_table("\n".join(page.lines), words)
    place(table)
    return table


def boosted(table: Matrix, target: Matrix, weight: Matrix, rounds: int) -> lightgbm.Booster:
    """A fitted ensemble of shallow trees."""
    data = lightgbm.Dataset(table.astype(np.float32), target, weight=weight * (len(weight) / weight.sum()))
    return lightgbm.train(SETTINGS, data, rounds)


def trees(model: lightgbm.Booster, names: Sequence[str]) -> dict[str, Any]:
    """The ensemble in whole numbers, every tree filled up to full depth."""
    found = []
    for tree in model.dump_model()["tree_info"]:
        features, thresholds, leaves = [0] * INNER, [0] * INNER, [0] * (INNER + 1)
        _fill(tree["tree_structure"], 0, features, thresholds, leaves)
        named = " ".join(names[feature] for feature in features)
        found.append({"features": named, "thresholds": thresholds, "leaves": leaves})
    return {"base": 0, "trees": found}


def _fill(branch: dict[str, Any], node: int, features: list[int], thresholds: list[int], leaves: list[int]) -> None:
    """Copy a subtree; a leaf above full depth is copied below two idle branches."""
    if node >= INNER:
        leaves[node - INNER] = round(float(branch["leaf_value"]) * UNIT)
        return
    left = right = branch
    if "split_feature" in branch:
        features[node], thresholds[node] = branch["split_feature"], int(np.floor(branch["threshold"]))
        left, right = branch["left_child"], branch["right_child"]
    _fill(left, 2 * node + 1, features, thresholds, leaves)
    _fill(right, 2 * node + 2, features, thresholds, leaves)


class Trainer:
    """Learns weights without some folds; what was learnt for a set of folds is kept."""

    def __init__(self, known: list[Page]) -> None:
        self.pages = known
        self.folds = folds(page.site for page in known)
        self.fold = [self.folds[page.site] for page in known]
        self.words = lexicon(known)
        weights = words_table({word.encode("latin-1"): weight for word, weight in self.words.items()})
        self.table = [columns_of(page, weights) for page in known]
        self.firsts: dict[frozenset[int], dict[str, Any]] = {}

    def first(self, without: frozenset[int]) -> dict[str, Any]:
        """The first ensemble, learnt without these folds."""
        if without not in self.firsts:
            use = [n for n, fold in enumerate(self.fold) if fold not in without]
            self.firsts[without] = trees(self._fit([columns(self.table[n], COLUMNS) for n in use], use, FIRST), COLUMNS)
        return self.firsts[without]

    def _fit(self, tables: list[Matrix], use: list[int], rounds: int) -> lightgbm.Booster:
        target = np.concatenate([self.pages[n].target() for n in use])
        weight = np.concatenate([self.pages[n].weight() for n in use])
        seen = weight > 0
        return boosted(np.concatenate(tables)[seen], target[seen], weight[seen], rounds)

    def learn(self, without: frozenset[int] = frozenset()) -> dict[str, Any]:
        """All weights, learnt without these folds; the second ensemble sees scores as unseen sites get them."""
        models = {fold: _ensemble(self.first(without | {fold})) for fold in sorted(set(range(FOLDS)) - without)}
        use = [n for n, fold in enumerate(self.fold) if fold in models]
        for n in use:
            table = self.table[n]
            flow(judge(models[self.fold[n]].forest, table, narrow(table), len(self.pages[n].lines)), table)
        second = trees(self._fit([columns(self.table[n], SMOOTH) for n in use], use, SECOND), SMOOTH)
        first = self.first(without)
        return {"remove": REMOVE, "report": REPORT, "lexicon": self.words, "first": first, "second": second}


def _ensemble(data: dict[str, Any]) -> Trees:
    idle = {"base": 0, "trees": []}
    return parse({"remove": REMOVE, "report": REPORT, "lexicon": {}, "first": data, "second": idle}).first


def written(data: dict[str, Any]) -> str:
    """The weights as text, one tree or word per line, the same bytes for the same weights."""
    parts = [f'"remove": {json.dumps(data["remove"])},\n"report": {data["report"]}']
    words = ",\n".join(f"{json.dumps(w, ensure_ascii=False)}: {v}" for w, v in sorted(data["lexicon"].items()))
    parts.append(f'"lexicon": {{\n{words}\n}}')
    for name in ("first", "second"):
        rows = ",\n".join(json.dumps(row) for row in data[name]["trees"])
        parts.append(f'"{name}": {{"base": {data[name]["base"]}, "trees": [\n{rows}\n]}}')
    return "{\n" + ",\n".join(parts) + "\n}\n"


def gathered(shared: Path, cache: Path | None) -> list[Page]:
    """The pages, from the cache if there is one."""
    if cache and cache.exists():
        known: list[Page] = pickle.loads(cache.read_bytes())
        return known
    known = list(pages(shared))
    if cache:
        cache.write_bytes(pickle.dumps(known))
    return known


def main() -> None:
    """Learn, and write what was learnt."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shared", type=Path)
    parser.add_argument("--folds", type=Path, help="write the weights of the folds here instead of the package's")
    parser.add_argument("--all", action="store_true", help="with --folds: write the package's weights too")
    parser.add_argument("--cache", type=Path, help="keep the pages after the phrase rules here between two runs")
    args = parser.parse_args()
    trainer = Trainer([page for page in gathered(args.shared, args.cache) if page.lines])
    if args.folds:
        args.folds.mkdir(parents=True, exist_ok=True)
        named = json.dumps(trainer.folds, indent=0, sort_keys=True)
        (args.folds / "folds.json").write_text(named + "\n", encoding="utf-8")
        for fold in range(FOLDS):
            data = trainer.learn(frozenset({fold}))
            (args.folds / f"lines-{fold}.json").write_text(written(data), encoding="utf-8")
            print(f"fold {fold} of {FOLDS}", flush=True)
    if not args.folds or args.all:
        TARGET.write_text(written(trainer.learn()), encoding="utf-8")
        print(f"{TARGET}: {TARGET.stat().st_size} bytes")


if __name__ == "__main__":
    main()
