"""How well and how fast languages are told: own scoring of langdetect's profiles beside langdetect itself.

python -m bench.language FOLDER     prints the table; exits with 1 if a floor is missed. FOLDER holds the sets langid,
                                    news_multilang and rawnews; without one only the speed is measured, on made text.
"""

from __future__ import annotations

import gzip
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from bench.figure import Figure, printed
from cleaner.language import UNKNOWN, identify, leader
from cleaner.language_kernel import leaders
from cleaner.language_profiles import ask_library, profiles, tally

SAME = {"nb": "no", "nn": "no", "iw": "he", "fil": "tl"}
LIBRARY_DOCUMENTS = 300
BATCH = 256
WORDS = "the council of town met on monday to talk about a new bridge over river and people went home".split()  # noqa: SIM905


def rows(path: Path) -> list[dict[str, str]]:
    """The rows of an evaluation set."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def code(name: str) -> str:
    """A language without its region, and the two ways to write Norwegian as one."""
    plain = name.partition("-")[0].lower()
    return SAME.get(plain, plain)


def accuracy(folder: Path) -> Iterator[Figure]:
    """Right answers on passages in langdetect's languages, and agreement with langdetect where it is right."""
    known = {code(name) for name in profiles().names}
    for name, floor, aim in (("langid", 0.947, 0.97), ("news_multilang", 0.991, 0.995)):
        documents = [row for row in rows(folder / f"{name}.jsonl.gz") if code(row["lang"]) in known]
        right = [code(row["lang"]) for row in documents]
        ours = [code(identify(row["text"]).language) for row in documents]
        library = [code(ask_library(row["text"])[0] or UNKNOWN) for row in documents]
        reference = sum(a == b for a, b in zip(library, right, strict=True)) / len(right)
        value = sum(a == b for a, b in zip(ours, right, strict=True)) / len(right)
        yield Figure(
            f"{name}: right answers ({len(right):,})", value, floor, aim, reference=f"langdetect {reference:.4f}"
        )
        told = [a == b for a, b, c in zip(ours, library, right, strict=True) if b == c]
        both = sum(a == b for a, b in zip(ours, library, strict=True)) / len(right)
        yield Figure(
            f"{name}: as langdetect where it is right", sum(told) / len(told), 0.995, 0.999, reference=f"all {both:.4f}"
        )


def agreement(folder: Path) -> Iterator[Figure]:
    """Agreement with langdetect on every second raw news text, none of them labelled."""
    texts = [row["text"] for row in rows(folder / "rawnews.jsonl.gz")][::2]
    same = sum(identify(text).language == code(ask_library(text)[0] or UNKNOWN) for text in texts)
    yield Figure(f"rawnews: as langdetect ({len(texts):,})", same / len(texts), 0.995, 0.999)


def speed(texts: list[str]) -> Iterator[Figure]:
    """Documents of 500 characters a processor second, on one core: kernel, plain Python, langdetect."""
    list(leaders(texts[:BATCH]))
    start = time.process_time()
    for at in range(0, len(texts), BATCH):
        list(leaders(texts[at : at + BATCH]))
    compiled = len(texts) / (time.process_time() - start)
    some = texts[:LIBRARY_DOCUMENTS]
    for text in some:
        leader(tally(text))
    start = time.process_time()
    for text in some:
        leader(tally(text))
    plain = len(some) / (time.process_time() - start)
    start = time.process_time()
    for text in some:
        ask_library(text)
    library = len(some) / (time.process_time() - start)
    yield Figure("documents/s, compiled", compiled, 10_000, 50_000, reference=f"langdetect {library:,.0f}")
    yield Figure("documents/s, plain Python", plain, 3 * library, 10 * library, reference=f"langdetect {library:,.0f}")


def made() -> list[str]:
    """Two thousand texts of 500 characters, all different."""
    texts = []
    for n in range(2_000):
        order = [WORDS[(n * 7 + at * (n % 17 + 1)) % len(WORDS)] for at in range(120)]
        texts.append(" ".join(order)[:500])
    return texts


def main() -> None:
    """Measure and print the table."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    parts = [speed(made())]
    if folder:
        texts = [row["text"][:500] for row in rows(folder / "news_multilang.jsonl.gz")]
        parts = [accuracy(folder), agreement(folder), speed([text for text in texts if len(text) == 500] * 4)]
    sys.exit(not printed(parts))


if __name__ == "__main__":
    main()
