"""From raw to clean: the only loop over a corpus, as a plan of tasks over its shards.

    stage   each shard: read, clean, leave what it alone can tell
    settle  once: ids that occur again, documents that another one survives for
    finish  each shard: apply what was decided, leave what is to be published

Tasks leave their results in a store: in memory for a small corpus, else in a folder, where the same command finds them
again after whatever stopped it. Publishing is another matter (publish.py).
"""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

from cleaner.config import Config
from cleaner.corpus import JOURNAL, WORK, CorpusError, Inputs, find_inputs, read, unique
from cleaner.engine import Engine, Here, Processes, Report, WorkerError
from cleaner.finish import finish
from cleaner.job import Job, check_selectors, clean_record
from cleaner.journal import FORMAT
from cleaner.plan import SHARD, Shard, cut
from cleaner.rule import bundled
from cleaner.settle import settle
from cleaner.stage import stage
from cleaner.store import Folder, Memory, Store
from cleaner.survey import surveyed
from cleaner.totals import Totals, from_json

DECIDING = ("ftfy", "langdetect", "sentencex", "datasketch", "rapidfuzz")
"""Packages whose version can change what a run gives."""

Progress = Callable[[int], None]


@dataclass(slots=True)
class Outcome:
    """What a run made and has not published: a box of the store for each shard, the settled one, and what to say."""

    job: Job
    inputs: Inputs
    store: Store
    shards: list[Shard]
    finished: list[str]
    staged: list[str]
    settled: str
    totals: Totals
    renamed: int = 0
    stale: list[str] = field(default_factory=list)
    temporary: Any = None

    @property
    def findings(self) -> Counter[str]:
        """What was seen and left, by code."""
        return self.totals.findings

    @property
    def changed(self) -> bool:
        """Whether any document was changed or left out."""
        return self.totals.changed

    def duplicates(self) -> list[dict[str, Any]]:
        """The evidence about every pair found alike: the rows of duplicates.jsonl."""
        return [json.loads(line) for line in self.store.read(self.settled, "duplicates").split(b"\n") if line]

    def record(self) -> dict[str, Any]:
        """The run record without its files: versions and settings that decide, and the pieces of files of records."""
        from cleaner import __version__

        return {
            "format": FORMAT,
            "cleaner": __version__,
            "versions": {name: version(name) for name in DECIDING},
            "journal": self.job.config.journal,
            "config": self.job.config.deciding(),
            **({"against": _evaluation(self.job)} if self.job.config.against else {}),
            "shards": [self.store.report(name)["records"] for name in self.finished],
        }


def run(
    raw: Path,
    config: Config,
    *,
    target: Path | None = None,
    folders: tuple[Path, ...] = (),
    workers: int = 1,
    sample: float = 1.0,
    progress: Progress | None = None,
) -> Outcome:
    """Clean a corpus; nothing is published. A large one is staged below `target`, or in a temporary folder without one.

    Raises CorpusError, RuleError.
    """
    inputs = find_inputs(raw)
    job = Job(config, inputs.root, folders, sample)
    check_selectors(job)
    shards = cut(inputs.root, inputs.files, SHARD)
    if len(shards) == 1:
        return _planned(job, inputs, Memory(), Here(), [(shards[0], "")], progress)
    temporary = None if target else tempfile.TemporaryDirectory(prefix="cleaner-")
    work = target / JOURNAL / WORK if target else Path(temporary.name if temporary else "")
    work.mkdir(parents=True, exist_ok=True)
    engine = Processes(min(workers, len(shards))) if workers > 1 else Here()
    try:
        settings = _settings(job)
        keyed = [(shard, f"{settings}{key}") for shard, key in surveyed(engine, inputs.root, shards, work)]
        outcome = _planned(job, inputs, Folder(work), engine, keyed, progress)
    except WorkerError as error:
        raise CorpusError(f"{error}; nothing was published, run the same command again") from error
    finally:
        engine.close()
    outcome.temporary = temporary
    return outcome


def _planned(
    job: Job, inputs: Inputs, store: Store, engine: Engine, keyed: list[tuple[Shard, str]], progress: Progress | None
) -> Outcome:
    """Run the plan. A box is named by a digest of all that decides what it holds, so it is never out of date."""
    shards = [shard for shard, _ in keyed]
    staged = [_name("stage", key) for _, key in keyed]

    def heard(report: Report) -> None:
        if progress:
            progress(sum(report["rows"]))

    engine.run(stage, [(job, store, *item) for item in zip(staged, shards, strict=True)], heard)
    settled = _name("settle", *staged)
    (what,) = engine.run(settle, [(store, settled, list(zip(staged, shards, strict=True)))])
    decided = [what["parts"].get(f"decided-{number}", ["", ""])[1] for number in range(len(shards))]
    finished = [_name("finish", box, digest) for box, digest in zip(staged, decided, strict=True)]
    packed = len(shards) > 1
    finishing = [
        (job, store, name, shard, (box, settled), number, packed)
        for number, (name, shard, box) in enumerate(zip(finished, shards, staged, strict=True))
    ]
    reports = engine.run(finish, finishing)
    totals = Totals()
    for report in reports:
        totals.add(from_json(report["totals"]))
    totals.versions = what["versions"]
    totals.findings.update({"DUP003": what["versions"]} if what["versions"] else {})
    stale = [note for box in staged for note in store.report(box)["stale"]]
    return Outcome(job, inputs, store, shards, finished, staged, settled, totals, what["renamed"], stale)


def _name(task: str, *parts: str) -> str:
    return f"{task}-{sha256('|'.join(parts).encode()).hexdigest()[:32]}"


def _settings(job: Job) -> str:
    """A digest of everything but the sources that decides what tasks leave: settings, rules and the code itself."""
    whole = sha256()
    config = job.config
    versions = {name: version(name) for name in DECIDING}
    stated = [config.deciding(), config.journal, job.sample, str(job.root.resolve()), str(config.root), versions]
    stated.append(_evaluation(job))
    whole.update(json.dumps(stated).encode())
    for folder in (Path(__file__).parent, bundled(), *job.folders):
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.suffix in (".py", ".toml", ".tsv", ".json", ".txt", ".gz"):
                whole.update(path.name.encode() + path.read_bytes())
    return whole.hexdigest()


def _evaluation(job: Job) -> dict[str, str]:
    """The digests of the evaluation texts that decide what is left out, by file name."""
    from cleaner.contamination import read_evaluation

    config = job.config
    return read_evaluation(config.evaluation(), config.against_ngram).digests if config.against else {}


def weighed(raw: Path, config: Config, one: str, other: str) -> dict[str, Any]:
    """The evidence about two documents of a corpus, a row of duplicates.jsonl. Raises CorpusError on an unknown id."""
    from cleaner.duplicates.cluster import weigh
    from cleaner.duplicates.wording import Text

    inputs = find_inputs(raw)
    job = Job(config, inputs.root)
    texts: dict[str, Text] = {}
    for record in unique(record for path in inputs.files for record in read(inputs.root, path)):
        if record.id in (one, other):
            texts[record.id] = Text(clean_record(job, record).document.text)
    for key in (one, other):
        if key not in texts:
            raise CorpusError(f"{raw}: holds no document with the id {key!r}; a text file's id is its name below {raw}")
    return weigh(one, other, texts[one], texts[other]).row()
