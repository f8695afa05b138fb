"""Learn from a corpus: clean every document without what was learned before, count, and keep a person's decisions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from cleaner.config import Config
from cleaner.corpus import find_inputs, read
from cleaner.job import Job, clean_record, file_name, stated_by
from cleaner.learned import NONE, Learned, merged
from cleaner.sites import Page, page, sites
from cleaner.source import folder


def learn(
    raw: Path, config: Config, *, folders: tuple[Path, ...] = (), progress: Callable[[int], None] | None = None
) -> Learned:
    """The table for a corpus. What a person decided in the table of before stays. Raises CorpusError, RuleError.

    Lines are counted in the cleaned texts, so that the table lists what no other rule knows.
    """
    inputs = find_inputs(raw)
    job = Job(replace(config, learned=NONE), inputs.root, folders)
    within = file_name(inputs.root, config, "") if raw.is_dir() else ""

    def pages() -> Iterator[tuple[str, Page]]:
        for path in inputs.files:
            name = file_name(inputs.root, config, path)
            for record in read(inputs.root, path, config.fields()):
                if not record.problem:
                    source = stated_by(record) or folder(name, "" if within == "." else within)
                    yield source, page(record.id, clean_record(job, record).document.text)
                if progress:
                    progress(1)

    return merged(sites(pages()), config.learned)
