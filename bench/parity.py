"""Whether the profiles decide as datatrove 0.10.1 does, document by document, and how much sooner.

    make parity SHARED=../shared            rawnews and the articles of the development sets
    make parity DOCUMENTS=file.jsonl        documents of one's own, rows of {"text"} and perhaps "id"

Prints a table and every difference; exits with 1 if a profile agrees on less than 99 % of the documents. datatrove runs
in an environment of its own (`.parity/`), on the same texts, one after the other, in one process. The line corrections
of RefinedWeb, which it lacks, are compared with their definition written out in bench/refinedweb.py.

A pass is every document of the sample, one after the other, from its text to the decision; reading and writing files is
not in it. Kernels are compiled before, as in every run but a machine's first; what is learned about words is not.
"""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench import refinedweb
from cleaner import compiled
from cleaner.cleaning import clean
from cleaner.profiles import PROFILES
from cleaner.rule import Rule, load, select
from cleaner.text import Cleaned, Document

HERE = Path(__file__).parent
JUDGE = HERE.parent / ".parity" / "bin" / "python"
SETS = (("rawnews", "text"), ("articles_typical", "raw"), ("articles_hard", "raw"), ("news_multilang", "text"))
JUDGED: dict[str, Sequence[str]] = {
    "c4": PROFILES["c4"],
    "gopher": PROFILES["gopher"],
    "fineweb": PROFILES["fineweb"],
    "mc4": ("QLT051",),
    "gopher+c4": (*PROFILES["gopher"], *PROFILES["c4"]),
}
DEFINED: dict[str, Sequence[str]] = {"refinedweb": ("QLT041",)}
"""What is compared with a definition of ours: with no original, and for decisions only."""
FLOOR = 0.99
SHOWN = 12


@dataclass(frozen=True, slots=True)
class Agreement:
    """What came out for one profile. `texts` counts kept documents whose texts are equal to the character."""

    profile: str
    documents: int
    equal: int
    texts: int
    kept: int
    seconds: tuple[float, float]
    differences: Sequence[str]

    @property
    def share(self) -> float:
        """Documents on which both decide alike."""
        return self.equal / self.documents


def shared_documents(folder: Path) -> Iterator[dict[str, str]]:
    """The documents of the development sets, whatever else they hold."""
    for name, field in SETS:
        with gzip.open(folder / "eval" / f"{name}.jsonl.gz", "rt", encoding="utf-8") as file:
            for number, line in enumerate(file):
                yield {"id": f"{name}:{number}", "text": json.loads(line)[field]}


def judged(rows: Sequence[dict[str, str]]) -> tuple[list[dict[str, Any]], dict[str, float]]:
    """What datatrove decides on every document, and its CPU seconds by profile."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "documents.jsonl"), Path(folder, "decisions.jsonl")
        source.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
        subprocess.run([JUDGE, HERE / "parity_judge.py", source, target], check=True)
        found = [json.loads(line) for line in target.read_text("utf-8").split("\n") if line]
    return found[:-1], found[-1]["seconds"]


def compared(
    profile: str, rows: Sequence[dict[str, str]], theirs: Sequence[dict[str, Any]], seconds: float
) -> Agreement:
    """Decide on every document by one profile and compare."""
    rules = select(load(), {**JUDGED, **DEFINED}[profile])
    compiled.expect(compiled.ENOUGH)
    clean(Document("", "Warm up. " * 60), rules)
    _forget_words()
    begun = time.process_time()
    ours = [clean(Document(row["id"], row["text"]), rules) for row in rows]
    spent = time.process_time() - begun
    differences = []
    equal = texts = kept = 0
    for row, other, mine in zip(rows, theirs, ours, strict=True):
        reason, text = other[profile]
        if _stays(mine, rules) != (not reason):
            differences.append(f"{row['id']}: {_said(mine)} | theirs: {reason or 'kept'}")
            continue
        equal += 1
        if not reason:
            kept += 1
            texts += mine.document.text.strip() == text.strip()
    return Agreement(profile, len(rows), equal, texts, kept, (spent, seconds), differences)


def _forget_words() -> None:
    """Begin with no chunk known, as a process does: no profile profits from the one before."""
    from cleaner import english_words, word_measures

    for cached in (english_words.words, english_words.pieces, word_measures.measured):
        cached.cache_clear()
    if compiled.on():
        word_measures.table().forget()


def defined(rows: Sequence[dict[str, str]]) -> tuple[list[dict[str, Any]], float]:
    """What the definition of RefinedWeb's line corrections decides on every document, and its CPU seconds."""
    begun = time.process_time()
    found: list[dict[str, Any]] = [{"refinedweb": refinedweb.decide(row["text"])} for row in rows]
    return found, time.process_time() - begun


def _stays(result: Cleaned, rules: Sequence[Rule]) -> bool:
    """A document without text goes in both, but a run calls it empty and no filter needs to speak."""
    return not result.dropped and (
        bool(result.document.text.strip()) or {r.code for r in rules} <= {"QLT041", "QLT051"}
    )


def _said(result: Cleaned) -> str:
    return f"{result.dropped[0]} {result.dropped[1].because}" if result.dropped else "kept"


def table(found: Sequence[Agreement], size: int) -> Iterator[str]:
    """The figures, then what differs."""
    heads = ("same decision", "kept", "same text", "CPU s", "MB/s", "theirs s", "times")
    yield f"{'profile':<12}" + "".join(f"{head:>14}" for head in heads)
    for one in found:
        ours, theirs = one.seconds
        yield (
            f"{one.profile:<12}{one.share:>14.5f}{one.kept:>14,}{one.texts / max(1, one.kept):>14.5f}{ours:>14.2f}"
            f"{size / 1e6 / ours:>14.1f}{theirs:>14.2f}{theirs / ours:>14.1f}"
        )
    for one in found:
        counts = Counter(line.split(": ", 1)[1].split(" ", 1)[0] for line in one.differences)
        if counts:
            yield f"{one.profile}: {len(one.differences):,} decided otherwise, by {dict(counts)}"
        yield from (f"  {line}" for line in one.differences[:SHOWN])


def main(source: Path) -> None:
    """Compare on the development sets of a folder, or on the documents of a file."""
    if not JUDGE.exists():
        sys.exit(f"{JUDGE}: not there; run this through `make parity`")
    if source.is_dir():
        rows = list(shared_documents(source))
    else:
        read = [json.loads(line) for line in source.read_text("utf-8").split("\n") if line]
        rows = [{"id": str(row.get("id", number)), "text": row["text"]} for number, row in enumerate(read)]
    theirs, seconds = judged(rows)
    found = [compared(profile, rows, theirs, seconds[profile]) for profile in JUDGED]
    decisions, spent = defined(rows)
    found += [compared(profile, rows, decisions, spent) for profile in DEFINED]
    size = sum(len(row["text"].encode("utf-8", "surrogatepass")) for row in rows)
    print(f"{len(rows):,} documents, {size / 1e6:.1f} MB")
    for line in table(found, size):
        print(line)
    sys.exit(any(one.share < FLOOR for one in found))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
