"""What statistics are counted from: sources, cleaned in memory to see what rules say, or the record of a run."""

from __future__ import annotations

import os.path
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import zip_longest
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from cleaner.corpus import CorpusError, Inputs, find_inputs, read
from cleaner.formats import holds_records, output
from cleaner.journal import duplicates, is_journal, load_run, parts
from cleaner.records import USUAL, Fields, Record
from cleaner.statistics import Corpus, Statistics, Tally

if TYPE_CHECKING:
    from cleaner.progress import Progress


def statistics(
    paths: Sequence[Path],
    names: Mapping[str, str],
    folders: tuple[Path, ...] = (),
    progress: Progress | None = None,
    **given: Any,
) -> Statistics:
    """Count files and folders as one corpus; of a folder that a run published, its record counts as it stands.

    Copies are looked for among all sources; those of a result are the ones that its run found. A path inside another
    one counts once. Raises CorpusError, ConfigError, RuleError.
    """
    tally = Tally()
    once: dict[Path, Path] = {}
    for path in paths:
        once.setdefault(path.resolve(), path)
    sources = [path for path in once.values() if not is_journal(path)]
    counted = _count_sources(sources, tally, folders, progress, given) if sources else {}
    corpora = [
        Corpus(str(path), "as read", counted[path])
        if path in counted
        else Corpus(str(path), "as published", _count_result(path, tally))
        for path in once.values()
    ]
    return tally.statistics(corpora, names)


def _count_result(clean: Path, tally: Tally) -> int:
    """Count the record of a run and the texts that it published; gives the number of documents."""
    count = 0
    texts: dict[str, Iterator[Record]] = {}
    run = load_run(clean)
    to, asked = run["config"]["to"], Fields(*run["config"]["fields"])
    for part in parts(clean, run):
        for row in part.manifest:
            count += 1
            path, kept = output(row["path"], to), row["status"] == "kept"
            if kept and path not in texts:
                texts[path] = read(clean, path, asked if holds_records(row["path"]) else USUAL)
            record = next(texts[path], None) if kept else None
            if kept and (record is None or record.problem):
                raise CorpusError(f"{clean / path}: is not as the run left it; run again, or name the sources")
            tally.add(row, record)
    tally.alike(duplicates(clean))
    return count


def _count_sources(
    paths: Sequence[Path],
    tally: Tally,
    folders: tuple[Path, ...],
    progress: Progress | None,
    given: Mapping[str, Any],
) -> dict[Path, int]:
    """Count sources by a run over all of them whose result is thrown away; gives the documents of each."""
    from cleaner.config import load_config
    from cleaner.publish import publish
    from cleaner.run import run

    inputs, owners = together(paths)
    with TemporaryDirectory(prefix="cleaner-") as folder:
        result = Path(folder) / "clean"
        config = replace(load_config(paths[0], **given), journal="counts")
        publish(run(inputs, config, target=result, folders=folders, progress=progress), result)
        tally.alike(duplicates(result))
        rows = (row for part in parts(result, load_run(result)) for row in part.manifest)
        counts = _count_rows(rows, inputs, config.fields(), tally)
    return {path: sum(counts[file] for file in inputs.files if owners[file] == n) for n, path in enumerate(paths)}


def _count_rows(rows: Iterator[Mapping[str, Any]], inputs: Inputs, asked: Fields, tally: Tally) -> Counter[str]:
    """Count the documents that a run just read, which stand in the order of its rows; gives their number by file."""
    counts: Counter[str] = Counter()
    records = (record for file in inputs.files for record in read(inputs.root, file, asked))
    for row, record in zip_longest(rows, records):
        if row is None or record is None or (row["path"], row["line"]) != (record.path, record.line):
            raise CorpusError(f"{inputs.root}: files changed while they were counted; count again")
        counts[record.path] += 1
        tally.add(row, None if row["status"] == "quarantined" else record)
    return counts


def together(paths: Sequence[Path]) -> tuple[Inputs, dict[str, int]]:
    """The files of several sources below the folder that holds all, and for each the number of its source.

    A file of several sources belongs to the first. Raises CorpusError.
    """
    if len(paths) == 1:
        inputs = find_inputs(paths[0])
        return inputs, dict.fromkeys(inputs.files, 0)
    found = [find_inputs(path) for path in paths]
    roots = [inputs.root.resolve() for inputs in found]
    root = Path(os.path.commonpath(roots))
    owners: dict[str, int] = {}
    for number, (inputs, below) in enumerate(zip(found, roots, strict=True)):
        for file in inputs.files:
            owners.setdefault((below / file).relative_to(root).as_posix(), number)
    return Inputs(root, tuple(sorted(owners))), owners
