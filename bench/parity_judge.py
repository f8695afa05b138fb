"""What datatrove 0.10.1 decides: run by bench/parity.py in an environment of its own, which has datatrove and spaCy.

python bench/parity_judge.py DOCUMENTS.jsonl DECISIONS.jsonl [--words]

A row in is `{"id", "text"}`, a row out `{"id", profile: [reason, text], ...}`; the reason is empty where the document
stays, and the text is what the filters left of it; with `--words`, also the words of the text. The last row is
`{"seconds": {profile: CPU time}}`.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from datatrove.data import Document
from datatrove.pipeline.filters import (
    C4ParagraphFilter,
    C4QualityFilter,
    FineWebQualityFilter,
    GopherQualityFilter,
    GopherRepetitionFilter,
)
from datatrove.utils import text as datatrove_text

PROFILES: dict[str, tuple[Callable[[], Any], ...]] = {
    "c4": (C4QualityFilter,),
    "gopher": (GopherRepetitionFilter, GopherQualityFilter),
    "fineweb": (
        GopherRepetitionFilter,
        GopherQualityFilter,
        lambda: C4QualityFilter(filter_no_terminal_punct=False),
        FineWebQualityFilter,
    ),
    "mc4": (C4ParagraphFilter,),
    "gopher+c4": (GopherRepetitionFilter, GopherQualityFilter, C4QualityFilter),
}


def decide(filters: list[Any], text: str) -> tuple[str, str]:
    """The reason of the first filter that drops a text, and what is left of the text."""
    document = Document(text=text, id="")
    for item in filters:
        kept = item.filter(document)
        if isinstance(kept, tuple):
            return str(kept[1]), document.text
        if not kept:
            return "dropped", document.text
    return "", document.text


def main(source: Path, target: Path, *, words: bool) -> None:
    """Decide on every document by every profile; words are cut anew for each, as in a run of that profile."""
    rows = [json.loads(line) for line in source.read_text("utf-8").split("\n") if line]
    decisions: list[dict[str, Any]] = [{"id": row["id"]} for row in rows]
    seconds = {}
    for profile, makers in PROFILES.items():
        filters = [make() for make in makers]
        decide(filters, "Warm up. " * 60)
        datatrove_text.split_into_parts.cache_clear()
        begun = time.process_time()
        for row, decision in zip(rows, decisions, strict=True):
            decision[profile] = decide(filters, row["text"])
        seconds[profile] = time.process_time() - begun
    if words:
        for row, decision in zip(rows, decisions, strict=True):
            decision["words"] = datatrove_text.split_into_words(row["text"])
    found = [*decisions, {"seconds": seconds}]
    target.write_text("".join(json.dumps(row) + "\n" for row in found), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), words="--words" in sys.argv)
