"""What removing near duplicates costs, beside other packages: JSONL in, JSONL out, whole processes on one core.

    make bench-duplicates                                    100,000 documents for us, 5,000 for the others
    python -m bench.duplicates DOCUMENTS [DOCUMENTS-OF-PEERS]

What is compared is `cleaner dedup` as it is: every pair is aligned word by word, and only that goes of which nothing is
lost. It leaves most pairs of this corpus, since their texts differ in more than furniture. Beside it stand `cleaner
dedup --similar`, which like the others removes what shares four fifths, though by the exact figure, and `cleaner run`
with the rules of the latter, which keeps a journal. `left` and `wrong` measure that rule, so of the default they only
say how much of the corpus is no copy.

The corpus is bench/synthetic.py, whose truth is known. The others are installed into .bench/peers, an environment of
their own, and do what their manuals show (bench/peers.py). Every command of ours is run once over the small corpus
before it is measured, since the first run of a machine compiles the kernels, and the others come compiled. Time is
processor time (user and system) of the process and
its children, start-up included; only ratios of one run mean anything. Quality is told alike for all: `left` is the
share of pairs of Jaccard .8 and more of which both documents are still there, `wrong` the share of removed documents
that resemble no other by .8.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent.parent
WORK = HERE / ".bench"
PEERS = ("datasketch>=2,<3", "rensa>=0.5,<0.6", "datatrove[io,processing]>=0.10,<0.11", "spacy>=3.8,<4", "xxhash<4")
USUAL = (4, 5)
RATIOS = {"datasketch": (25, 100), "rensa": (4, 12), "datatrove": (150, 600)}
"""Floor and aim: how many times as many MB a second as this package."""

OURS = {
    "cleaner dedup": ("dedup",),
    "cleaner dedup --similar": ("dedup", "--similar"),
    "cleaner run, as --similar": ("run", "--select", "DUP001,DUP005", "--unsafe-fixes"),
}

Truth = dict[tuple[str, str], tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Measured:
    """One process: its corpus, what it took, and what it wrote."""

    name: str
    documents: int
    size: float
    seconds: float
    peak: float
    kept: frozenset[str]

    @property
    def speed(self) -> float:
        """MB of JSONL a processor second."""
        return self.size / self.seconds


def on_one_core() -> None:
    """Stay on one core, and all processes that are started too, where the system lets a process choose."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


def measured(name: str, command: list[str], source: Path, target: Path) -> Measured:
    """Run a command that writes `target`, as its users do: with the bytecode of packages kept between processes."""
    usual = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    process = subprocess.Popen(command, cwd=HERE, env=usual, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    assert process.stderr
    said = process.stderr.read()
    _, status, used = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"{' '.join(command)} failed:\n{said.decode()[-2000:]}")
    with target.open(encoding="utf-8") as file:
        kept = frozenset(json.loads(line)["id"] for line in file)
    with source.open("rb") as file:
        documents = sum(1 for _ in file)
    return Measured(
        name, documents, source.stat().st_size / 1e6, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, kept
    )


def corpus(documents: int) -> Path:
    """A corpus of this size, made once."""
    folder = WORK / f"corpus-{documents}"
    if not (folder / "truth.tsv").exists():
        subprocess.run([sys.executable, "-m", "bench.synthetic", str(documents), str(folder)], cwd=HERE, check=True)
    return folder


def truth(folder: Path) -> Truth:
    """Shared and united shingles of every planted pair."""
    found: Truth = {}
    for line in (folder / "truth.tsv").read_text(encoding="utf-8").splitlines():
        one, other, shared, united = line.split("\t")
        found[one, other] = int(shared), int(united)
    return found


def alike(pairs: Truth, share: tuple[int, int] = USUAL) -> set[tuple[str, str]]:
    """The pairs of this Jaccard similarity or more."""
    return {pair for pair, (shared, united) in pairs.items() if shared * share[1] >= united * share[0]}


def quality(result: Measured, folder: Path) -> tuple[float, float]:
    """Shares of pairs left and of documents wrongly removed."""
    pairs = alike(truth(folder))
    resembling = {key for pair in pairs for key in pair}
    removed = {f"d{n:08d}" for n in range(result.documents)} - result.kept
    left = sum(one in result.kept and other in result.kept for one, other in pairs) / max(1, len(pairs))
    return left, len(removed - resembling) / max(1, len(removed))


def ours(name: str, folder: Path, *words: str) -> Measured:
    """The command as a user types it; `words` are the command and its options."""
    command, *options = words
    out = WORK / "out"
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir()
    target = out / "corpus.jsonl" if command == "dedup" else out / "clean" / "corpus.jsonl"
    where = str(target if command == "dedup" else target.parent)
    line = [sys.executable, "-m", "cleaner", command, str(folder / "corpus.jsonl"), where, *options]
    return measured(name, line, folder / "corpus.jsonl", target)


def peer(name: str, folder: Path) -> Measured:
    """Another package in its own environment."""
    python = WORK / "peers" / "bin" / "python"
    if not (WORK / "peers" / "ready").exists():
        subprocess.run([sys.executable, "-m", "venv", str(WORK / "peers")], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *PEERS], check=True)
        (WORK / "peers" / "ready").touch()
    target = WORK / f"{name}.jsonl"
    target.unlink(missing_ok=True)
    command = [str(python), str(HERE / "bench" / "peers.py"), name, str(folder / "corpus.jsonl"), str(target)]
    return measured(name, command, folder / "corpus.jsonl", target)


def steps(folder: Path) -> dict[str, Any]:
    """Where the time goes without reading and writing, kernels warm: MB a second of each step; recall and precision."""
    import numpy as np

    from cleaner.duplicates.beside import Beside, slices
    from cleaner.duplicates.candidates import candidate_pairs
    from cleaner.duplicates.measure import measure
    from cleaner.duplicates.sketch import sketch

    with (folder / "corpus.jsonl").open(encoding="utf-8") as file:
        records = [json.loads(line) for line in file]
    texts = [record["text"] for record in records]
    size = sum(map(len, texts)) / 1e6
    measure(texts[:2000], np.array([[0, 1]]))
    sketch(texts[:2000])
    few = np.array([[0, 1]])
    Beside(few[0], texts[:2], compiled=True).judge(few)
    clock = [time.process_time()]
    rows = sketch(texts)
    clock.append(time.process_time())
    pairs = candidate_pairs(rows, range(len(texts)))
    clock.append(time.process_time())
    hit = np.unique(pairs)
    counts = measure([texts[n] for n in hit.tolist()], np.searchsorted(hit, pairs))
    clock.append(time.process_time())
    pairs, counts = pairs[counts[:, 0] > 0], counts[counts[:, 0] > 0]
    alike_ones = pairs[2 * counts[:, 0] >= counts[:, 1] + counts[:, 2] - counts[:, 0]]
    for start, end in slices(alike_ones, rows["tokens"].astype(np.int64)):
        documents = np.unique(alike_ones[start:end])
        beside = Beside(documents, [texts[n] for n in documents.tolist()], compiled=True)
        beside.judge(alike_ones[start:end])
    clock.append(time.process_time())
    found: Truth = {}
    for (one, other), (shared, left, right) in zip(pairs.tolist(), counts.tolist(), strict=True):
        found[records[one]["id"], records[other]["id"]] = shared, left + right - shared
    names = ("signatures from texts in memory", "candidate pairs", "exact similarity", "alignment of every pair")
    result: dict[str, Any] = {f"{name}, MB/s": size / t for name, t in zip(names, np.diff(clock).tolist(), strict=True)}
    result["all four, MB/s"] = size / (clock[-1] - clock[0])
    for share in ((4, 5), (7, 10), (1, 2)):
        wanted, got = alike(truth(folder), share), alike(found, share)
        result[f"pairs of J >= {share[0] / share[1]:.1f}: recall"] = len(wanted & got) / len(wanted)
        result[f"pairs of J >= {share[0] / share[1]:.1f}: precision"] = len(wanted & got) / len(got)
    return result


def main() -> None:
    """Measure everything and print the table."""
    on_one_core()
    documents = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    fewer = int(sys.argv[2]) if len(sys.argv) > 2 else 5_000
    large, small = corpus(documents), corpus(fewer)
    runs = []
    for name, words in OURS.items():
        ours(name, small, *words)
        runs.append((ours(name, large, *words), large))
    usual = runs[0][0]
    runs += [(peer(name, small), small) for name in RATIOS]
    print(f"{'':<28}{'documents':>10}{'MB':>8}{'CPU s':>8}{'MB/s':>8}{'peak MB':>9}{'left':>8}{'wrong':>8}{'ratio':>8}")
    missed = False
    for result, folder in runs:
        left, wrong = quality(result, folder)
        ratio = usual.speed / result.speed
        line = f"{result.name:<28}{result.documents:>10}{result.size:>8.1f}{result.seconds:>8.2f}{result.speed:>8.1f}"
        line += f"{result.peak:>9.0f}{left:>8.4f}{wrong:>8.4f}{ratio:>8.1f}"
        if result.name in RATIOS:
            floor, aim = RATIOS[result.name]
            line += f"  floor {floor}, aim {aim}{'' if ratio >= floor else '  worse'}"
            missed = missed or ratio < floor
        print(line)
    print()
    for name, value in steps(large).items():
        print(f"{name:<44}{value:>10.4f}" if value <= 1 else f"{name:<44}{value:>10.1f}")
    sys.exit(missed)


if __name__ == "__main__":
    main()
