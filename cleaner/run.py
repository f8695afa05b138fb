"""From raw to clean: the only loop over a corpus, as a plan of tasks over its shards.

    stage    each shard: read, clean, leave what it alone can tell
    order    once: ids that occur again, exact copies, and which document comes before which
    recur    beside it, where that is asked for: which sentences recur
    pair     some bands of signatures each: which documents may be alike
    unite    a stretch of documents each: their pairs by all bands
    join     once: which documents hang together, cut into portions
    compare  each portion: bring the texts, decide which document another one survives for
    share    once, where that is asked for: which sentences documents that stay may share
    quote    each portion of these: bring their texts, tell which they do
    settle   once: gather what was decided about each shard
    finish   each shard: apply what was decided, leave what is to be published

Tasks leave their results in a store: in memory for a small corpus, else in a folder, where the same command finds them
again after whatever stopped it. Publishing is another matter (publish.py).
"""

from __future__ import annotations

import json
import shutil
import tempfile
import weakref
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from cleaner.append import Published, fresh, restage
from cleaner.bucket import Bucket, is_remote
from cleaner.config import Config
from cleaner.corpus import JOURNAL, WORK, CorpusError, Inputs, find_inputs
from cleaner.duplicates.survivors import Policy
from cleaner.engine import Engine, Here, Report, WorkerError
from cleaner.engine_choice import CLUSTERS, chosen
from cleaner.finish import finish
from cleaner.identity import program, versions
from cleaner.job import Job, check_selectors
from cleaner.journal import FORMAT
from cleaner.memory import SORTED, Room, room
from cleaner.outputs import Part, check_names, packed
from cleaner.place import Disk, Place
from cleaner.plan import SHARD, Shard, cut, weigh
from cleaner.progress import Progress, Told
from cleaner.search import named, search
from cleaner.stage import stage
from cleaner.standing import standing
from cleaner.store import Folder, Memory, Store
from cleaner.store_bucket import Boxes
from cleaner.survey import surveyed
from cleaner.totals import Totals, from_json
from cleaner.unpack import HELD, Sources, unpacked

SETTLED = ("keep", "versions", "notices", "sentences")
"""Settings that decide nothing before `order`: another policy cleans nothing again."""


RESUME = "nothing was published; what is done is kept, run the same command again"

Keyed = list[tuple[Shard, str]]
"""Shards, each with a digest of all that decides what its first task leaves."""


class _Temporary:
    """A folder that goes when nobody needs it any more."""

    def __init__(self) -> None:
        self.path = Path(tempfile.mkdtemp(prefix="cleaner-"))
        weakref.finalize(self, shutil.rmtree, self.path, ignore_errors=True)


@dataclass(slots=True)
class Outcome:
    """What a run made and has not published: a box of the store for each shard, the settled one, and what to say."""

    job: Job
    inputs: Inputs
    store: Store
    shards: list[Shard]
    finished: list[str]
    staged: list[str]
    compared: list[str]
    settled: str
    totals: Totals
    renamed: int = 0
    groups: Mapping[str, Any] = field(default_factory=dict)
    """How many documents hang together as perhaps alike: see groups.py."""
    stale: list[str] = field(default_factory=list)
    boxes: dict[str, str] = field(default_factory=dict)
    """The boxes of files that had to be unpacked."""
    packed: dict[str, list[Part]] = field(default_factory=dict)
    """What is published of files that are more than their lines."""
    temporary: _Temporary | None = None
    standing: bool = False
    """Whether all of this is published already, as it was written; nothing was done but to look."""
    before: Published | None = None
    """What was published before and stays, where this run only adds."""

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
        return self._settled("duplicates")

    def losses(self) -> list[dict[str, Any]]:
        """What each source loses to duplicates: the values of `guard.Loss`, the largest loss first."""
        return self._settled("losses")

    def _settled(self, part: str) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.store.read(self.settled, part).split(b"\n") if line]

    def record(self) -> dict[str, Any]:
        """The run record without its files: versions and settings that decide, and the pieces of files of records."""
        from cleaner import __version__

        return {
            "format": FORMAT,
            "cleaner": __version__,
            "versions": versions(self.inputs.files),
            "journal": self.job.config.journal,
            "config": self.job.config.deciding(),
            **({"against": _evaluation(self.job)} if self.job.config.against else {}),
            **(self.before.history() if self.before else {}),
            "unpacked": {path: self.store.report(box)["head"] for path, box in sorted(self.boxes.items())},
            "packed": {
                path: [[part.size, part.digest] for part in found] for path, found in sorted(self.packed.items())
            },
            **({"groups": self.groups} if self.groups else {}),
            "shards": [self.store.report(name)["records"] for name in self.finished],
        }


def run(
    raw: Path | Inputs,
    config: Config,
    *,
    target: Path | None = None,
    folders: tuple[Path, ...] = (),
    workers: int = 1,
    sample: float = 1.0,
    progress: Progress | None = None,
    before: Published | None = None,
    engine: Engine | None = None,
) -> Outcome:
    """Clean a corpus, or some files of one; nothing is published.

    A large one is staged below `target`, or in a temporary folder without one, or where the settings say; on a cluster,
    or by an `engine` other than the settings name, any one is. What was published `before` stays, and
    only what is new is read. Raises CorpusError, EngineError, RuleError.
    """
    inputs = find_inputs(raw) if isinstance(raw, Path) else raw
    shared = engine is not None or config.engine in CLUSTERS or bool(config.exchange)
    if shared:
        inputs, target = replace(inputs, root=inputs.root.resolve()), target.resolve() if target else None
        folders = tuple(folder.resolve() for folder in folders)
    job = Job(config, inputs.root, folders, sample, inputs.bucket)
    check_selectors(job)
    inputs, grown, notes = fresh(before, inputs) if before else (inputs, [], [])
    if before and not (inputs.files or grown):
        return Outcome(job, inputs, Memory(), [], [], [], [], "", Totals(), stale=notes, before=before, standing=True)
    check_names(inputs.files, config.to)
    reading = Sources(inputs.root, Memory(), inputs.bucket)
    foreign = [path for path in inputs.files if reading.is_foreign(path)]
    asked = _Asked(job, inputs, foreign, target, progress, before, grown, notes)
    if not shared and (small := _in_memory(asked)) is not None:
        return small
    return _staged(asked, room(config.memory, workers), engine)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a run was asked for.

    `foreign` are the files that have to be unpacked, `grown` the shards that were added to files which are published.
    """

    job: Job
    inputs: Inputs
    foreign: Sequence[str]
    target: Path | None
    progress: Progress | None
    before: Published | None
    grown: Sequence[Shard]
    notes: Sequence[str]

    def sources(self, store: Store) -> Sources:
        """The bytes of the corpus, with the boxes of a store."""
        return Sources(self.inputs.root, store, self.inputs.bucket)

    def shards(self, sources: Sources, boxes: dict[str, str]) -> list[Shard]:
        """The shards of the corpus; of its files none where it has no file, since only what was added is new."""
        config, files = self.job.config, self.inputs.files
        return [*(cut(sources, files, SHARD, boxes, config.fields(), config.to) if files else []), *self.grown]

    def to_publish(self, outcome: Outcome, boxes: dict[str, str], engine: Engine) -> Outcome:
        """The outcome with what is to be published of files that are more than their lines."""
        outcome.boxes = boxes
        if self.target:
            outcome.packed = packed(engine, outcome)
        return outcome


def _in_memory(asked: _Asked) -> Outcome | None:
    """The outcome for a corpus of one shard, which is held in memory; nothing for a larger one."""
    store, engine = Memory(), Here()
    sources = asked.sources(store)
    if sum(sources.length(path, "") for path in asked.foreign) > HELD:
        return None
    boxes = unpacked(engine, sources, asked.foreign)
    shards = asked.shards(sources, boxes)
    if len(shards) != 1 or (asked.before and len(asked.before.shards) != 1):
        return None
    return asked.to_publish(_planned(asked, store, engine, [(shards[0], "")], Room(1, SORTED)), boxes, engine)


def _staged(asked: _Asked, allowed: Room, engine: Engine | None) -> Outcome:
    """The outcome for a corpus whose results lie in a store; an engine is started where none is given, and ended."""
    job, inputs, target = asked.job, asked.inputs, asked.target
    temporary = None if target else _Temporary()
    work = temporary.path if temporary else (target or Path()) / JOURNAL / WORK
    work.mkdir(parents=True, exist_ok=True)
    config, raw = job.config, inputs.bucket or Disk(inputs.root)
    place, store = _exchange(config.exchange, work)
    if engine is None:
        engine = chosen(config.engine, config.engine_address, allowed.workers, folders=job.folders, raw=raw, work=place)
    engine = Told(engine, asked.progress) if asked.progress else engine
    with _ending(engine, work):
        settings = settings_digest(job, versions(inputs.files))
        sources = asked.sources(store)
        boxes = unpacked(engine, sources, asked.foreign)
        shards = asked.shards(sources, boxes)
        keyed = [(shard, f"{settings}{key}") for shard, key in surveyed(engine, sources, shards, work)]
        if target and not asked.before and (stands := _standing(job, inputs, store, keyed, target)):
            return stands
        outcome = asked.to_publish(_planned(asked, store, engine, keyed, allowed), boxes, engine)
    outcome.temporary = temporary
    return outcome


@contextmanager
def _ending(engine: Engine, work: Path) -> Iterator[None]:
    """End the engine whatever happens, and say of what stopped it that the run can go on. Raises CorpusError."""
    try:
        yield
    except WorkerError as error:
        raise CorpusError(f"{error}; {RESUME}") from error
    except MemoryError as error:
        raise CorpusError(f"not enough memory; {RESUME} with fewer --workers") from error
    except OSError as error:
        raise CorpusError(f"{error.filename or work}: {error.strerror or error}; {RESUME}") from error
    finally:
        engine.close()


def _exchange(address: str, work: Path) -> tuple[Place, Store]:
    """Where tasks leave results, and files by which machines know each other."""
    if is_remote(address):
        return Bucket(address), Boxes(Bucket(address))
    folder = Path(address) if address else work
    folder.mkdir(parents=True, exist_ok=True)
    return Disk(folder), Folder(folder)


def _names(keyed: Keyed, policy: Policy, published: Sequence[str] = ()) -> tuple[list[str], str]:
    """The boxes of the shards, and the settled one. A box is named by all that decides what it holds."""
    staged = [*published, *(named("stage", key) for _, key in keyed)]
    choices = (policy.versions, policy.notices, policy.sentences)
    return staged, named("settle", *staged, *policy.keep, *choices)


def _standing(job: Job, inputs: Inputs, store: Store, keyed: Keyed, target: Path) -> Outcome | None:
    """The outcome of a run that has nothing to do: the same sources and settings, and a result that nobody touched."""
    staged, settled = _names(keyed, job.config.policy())
    known = standing(target)
    if known.identity != settled or not known.all_hold(target):
        return None
    shards = [shard for shard, _ in keyed]
    totals, said = from_json(known.said["totals"]), known.said
    seen = said["renamed"], said["groups"], said["stale"]
    return Outcome(job, inputs, store, shards, [], staged, [], settled, totals, *seen, standing=True)


def _planned(asked: _Asked, store: Store, engine: Engine, keyed: Keyed, allowed: Room) -> Outcome:
    """Run the plan; the shards that were published before stand in front."""
    size = weigh([shard for shard, _ in keyed])
    inputs, before, progress = asked.inputs, asked.before, asked.progress
    job = replace(asked.job, ahead=size // allowed.workers)
    policy = job.config.policy()
    old = before.boxes(settings_digest(job, versions(inputs.files))) if before else []
    staged, settled = _names(keyed, policy, old)
    if progress:
        progress.expect(size)
    shards = [*(before.shards if before else ()), *(shard for shard, _ in keyed)]
    if before:
        policy = replace(policy, frozen=before.kept)
        engine.run(restage, [(job, store, *task) for task in before.tasks(old)])

    def heard(report: Report) -> None:
        if progress:
            progress.add(sum(report["rows"]), report["bytes"], sum(report["totals"]["changes"].values()))

    fresh_ones = list(zip(staged, shards, strict=True))[len(old) :]
    engine.run(stage, [(job, store, *item) for item in fresh_ones], heard)
    compared, what = search(store, engine, list(zip(staged, shards, strict=True)), settled, policy, allowed.held)
    decided = [what["parts"].get(f"decided-{number}", ["", ""])[1] for number in range(len(shards))]
    finished = [named("finish", box, digest) for box, digest in zip(staged, decided, strict=True)]
    packed = len(shards) > 1
    finishing = [
        (job, store, name, shard, (box, settled), number, packed)
        for number, (name, shard, box) in enumerate(zip(finished, shards, staged, strict=True))
    ]
    reports = engine.run(finish, finishing)
    totals = Totals()
    for report in reports[len(old) :]:
        totals.add(from_json(report["totals"]))
    totals.versions, totals.notices = what["versions"], what["notices"]
    seen = {"DUP003": what["versions"], "DUP006": what["notices"][1], "DUP007": what["sentences"]}
    totals.findings.update({code: count for code, count in seen.items() if count})
    stale = [*asked.notes] + [note for box in staged for note in store.report(box)["stale"]]
    return Outcome(
        job,
        inputs,
        store,
        shards,
        finished,
        staged,
        compared,
        settled,
        totals,
        what["renamed"],
        what["groups"],
        stale,
        before=before,
    )


def settings_digest(job: Job, deciding: Mapping[str, str]) -> str:
    """A digest of everything but the sources that decides what tasks leave: settings, rules and the code itself."""
    config = job.config
    read = {key: value for key, value in config.deciding().items() if key not in SETTLED}
    where = str(job.bucket or job.root.resolve())
    stated = [read, config.journal, job.sample, where, str(config.root), program(job.folders)]
    stated.append(dict(deciding))
    stated.append(_evaluation(job))
    return sha256(json.dumps(stated).encode()).hexdigest()


def _evaluation(job: Job) -> dict[str, str]:
    """The digests of the evaluation texts that decide what is left out, by file name."""
    from cleaner.contamination import read_evaluation

    config = job.config
    return read_evaluation(config.evaluation(), config.against_ngram).digests if config.against else {}
