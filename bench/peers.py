"""Near-duplicate removal by other packages, as their manuals show it: run by bench/duplicates.py in their environment.

    python bench/peers.py datasketch|rensa|datatrove IN.jsonl OUT.jsonl

Each removes what it takes for a copy at a Jaccard similarity of .8 over runs of five words and writes the rest.
Nothing of `cleaner` is imported here.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

THRESHOLD = 0.8
Rows = list[dict[str, Any]]


def shingles(text: str) -> set[str]:
    """Runs of five words."""
    words = text.split()
    return {" ".join(words[at : at + 5]) for at in range(max(1, len(words) - 4))}


def read(path: Path) -> Rows:
    """All records."""
    with path.open(encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def write(path: Path, rows: Rows) -> None:
    """Write records."""
    with path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)


def datasketch(source: Path, target: Path) -> None:
    """Signatures in bulk, MinHashLSH at .8, the estimate checked."""
    from datasketch import MinHash, MinHashLSH

    rows = read(source)
    elements = ([shingle.encode() for shingle in shingles(row["text"])] for row in rows)
    index = MinHashLSH(threshold=THRESHOLD, num_perm=128)
    kept: Rows = []
    signatures: dict[str, Any] = {}
    for row, signature in zip(rows, MinHash.bulk(elements, num_perm=128), strict=True):
        if any(signature.jaccard(signatures[key]) >= THRESHOLD for key in index.query(signature)):
            continue
        index.insert(row["id"], signature)
        signatures[row["id"]] = signature
        kept.append(row)
    write(target, kept)


def rensa(source: Path, target: Path) -> None:
    """R-MinHash and its deduplicator."""
    from rensa import RMinHash, RMinHashDeduplicator

    rows = read(source)
    deduplicator = RMinHashDeduplicator(threshold=THRESHOLD, num_perm=128, use_lsh=True, num_bands=16)
    kept = []
    for row in rows:
        signature = RMinHash(num_perm=128, seed=42)
        signature.update(list(shingles(row["text"])))
        if deduplicator.is_duplicate(row["id"], signature):
            continue
        deduplicator.add(row["id"], signature)
        kept.append(row)
    write(target, kept)


def datatrove(source: Path, target: Path) -> None:
    """Its four stages with default settings, in one process."""
    from datatrove.executor import LocalPipelineExecutor
    from datatrove.pipeline.dedup import MinhashDedupCluster, MinhashDedupFilter, MinhashDedupSignature
    from datatrove.pipeline.dedup.minhash import MinhashConfig, MinhashDedupBuckets
    from datatrove.pipeline.readers import JsonlReader
    from datatrove.pipeline.writers import JsonlWriter

    config = MinhashConfig()
    with tempfile.TemporaryDirectory() as work:

        def stages() -> Iterator[list[Any]]:
            reader = JsonlReader(str(source.parent), glob_pattern=source.name)
            yield [reader, MinhashDedupSignature(output_folder=f"{work}/1", config=config)]
            yield [MinhashDedupBuckets(input_folder=f"{work}/1", output_folder=f"{work}/2", config=config)]
            yield [MinhashDedupCluster(input_folder=f"{work}/2", output_folder=f"{work}/3", config=config)]
            writer = JsonlWriter(str(target.parent), output_filename=target.name, compression=None)
            yield [reader, MinhashDedupFilter(input_folder=f"{work}/3"), writer]

        for number, pipeline in enumerate(stages()):
            tasks = config.num_buckets if number == 1 else 1
            LocalPipelineExecutor(pipeline, tasks=tasks, workers=1, logging_dir=f"{work}/log{number}").run()


if __name__ == "__main__":
    ways = {"datasketch": datasketch, "rensa": rensa, "datatrove": datatrove}
    ways[sys.argv[1]](Path(sys.argv[2]), Path(sys.argv[3]))
