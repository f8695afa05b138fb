"""A baseline: findings that are known and accepted, so that only new ones fail a check."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from cleaner.corpus import CorpusError, digest, read_bytes, write_atomically
from cleaner.trace import Place

NAME = "cleaner-baseline.json"
QUOTED = 60
"""Characters of a matched text that are written out; a longer one is told apart by its digest."""

Key = tuple[str, str, str]


def key(place: Place) -> Key:
    """What a finding is known by: document, rule and matched text; not its line, which moves."""
    text = place.quote.strip()
    if len(text) > QUOTED:
        text = f"{text[:QUOTED]}… {digest(text.encode())[:16]}"
    return place.document, place.change.code, text


def write(root: Path, documents: Iterable[str], places: Iterable[Place]) -> tuple[Path, int]:
    """Record the findings of the documents that were checked as known; what is known of others stays."""
    checked = set(documents)
    counts = Counter({k: n for k, n in read(root).items() if k[0] not in checked})
    counts.update(key(place) for place in places)
    rows = [{"document": k[0], "code": k[1], "text": k[2], "count": n} for k, n in sorted(counts.items())]
    path = root / NAME
    write_atomically(path, (json.dumps({"known": rows}, ensure_ascii=False, indent=1) + "\n").encode())
    return path, sum(counts.values())


def read(root: Path) -> Counter[Key]:
    """The known findings of a folder; none where it has no baseline. Raises CorpusError when it cannot be read."""
    path = root / NAME
    if not path.is_file():
        return Counter()
    try:
        rows = json.loads(read_bytes(path))["known"]
        return Counter({(r["document"], r["code"], r["text"]): int(r["count"]) for r in rows})
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:
        raise CorpusError(f"{path}: cannot be read ({error}); write it again with --write-baseline") from error


def subtract(places: Sequence[Place], known: Counter[Key]) -> tuple[list[Place], Counter[Key]]:
    """The findings beyond the known ones, of equal ones the later, and the known ones not met yet."""
    left = Counter(known)
    found = []
    for place in places:
        if left[key(place)] > 0:
            left[key(place)] -= 1
        else:
            found.append(place)
    return found, left
