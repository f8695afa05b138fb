"""Learn from a corpus: clean every document without what was learned before, count, and keep a person's decisions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from cleaner.config import Config
from cleaner.corpus import find_inputs, read
from cleaner.job import Job, clean_record, source_of
from cleaner.learned import NONE, Learned, merged
from cleaner.sites import Page, page, sites


def learn(
    raw: Path, config: Config, *, folders: tuple[Path, ...] = (), progress: Callable[[int], None] | None = None
) -> Learned:
    """The table for a corpus. Raises CorpusError, RuleError.

    What a person decided in the table of before stays, and so does all that it says of sources that are not in this
    corpus: one table serves all folders below its own. Lines are counted in the cleaned texts, so that the table lists
    what no other rule knows.
    """
    inputs = find_inputs(raw)
    job = Job(replace(config, learned=NONE), inputs.root, folders)
    counted: set[str] = set()

    def pages() -> Iterator[tuple[str, Page]]:
        for path in inputs.files:
            for record in read(inputs.root, path, config.fields()):
                if not record.problem:
                    counted.add(source := source_of(job, record))
                    yield source, page(record.id, clean_record(job, record).document.text)
                if progress:
                    progress(1)

    found = list(sites(pages()))
    return merged(found, config.learned, counted)
