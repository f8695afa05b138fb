"""From raw to clean: the only loop over a corpus."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from cleaner.cleaning import clean
from cleaner.config import Config, Decision
from cleaner.corpus import (
    RECORDS,
    CorpusError,
    Inputs,
    Record,
    digest,
    find_inputs,
    published,
    read,
    read_bytes,
    unique,
)
from cleaner.journal import (
    FORMAT,
    Journal,
    changes_digest,
)
from cleaner.rule import Rule, select
from cleaner.rule import load as load_rules
from cleaner.text import Cleaned, Document, Drop, collect

DECIDING = ("ftfy", "langdetect", "sentencex", "datasketch", "rapidfuzz")
"""Packages whose version can change what a run gives."""
BATCH = 64

Progress = Callable[[int], None]


@dataclass(slots=True)
class Outcome:
    """What a run made: the journal, the bytes of every output file, and the documents it read."""

    journal: Journal
    outputs: dict[str, bytes]
    inputs: Inputs
    findings: Counter[str] = field(default_factory=Counter)
    renamed: int = 0
    stale: list[str] = field(default_factory=list)

    @property
    def changed(self) -> bool:
        """Whether any document was changed or left out."""
        return bool(self.journal.changes) or any(row["status"] != "kept" for row in self.journal.manifest)


@dataclass(frozen=True, slots=True)
class Job:
    """What a worker needs to clean records. Rules travel as folders and selectors, never as functions."""

    config: Config
    root: Path
    folders: tuple[Path, ...] = ()


def run(
    raw: Path,
    config: Config,
    *,
    folders: tuple[Path, ...] = (),
    workers: int = 1,
    sample: float = 1.0,
    progress: Progress | None = None,
) -> Outcome:
    """Clean a corpus in memory; nothing is written. Raises CorpusError, RuleError."""
    inputs = find_inputs(raw)
    job = Job(config, inputs.root, folders)
    check_selectors(job)
    everything = [record for path in inputs.files for record in read(inputs.root, path)]
    records = [record for record in unique(everything) if in_sample(record.id, sample)]
    renamed = len(everything) - len({record.id for record in everything})
    results = list(_cleaned_all(job, records, workers, progress))
    journal = Journal()
    texts: dict[str, list[tuple[Record, str]]] = {path: [] for path in inputs.files if path.endswith(RECORDS)}
    findings: Counter[str] = Counter(f.code for result in results for f in result.findings)
    dropped = _duplicates(job, records, results, journal)
    for record, result in zip(records, results, strict=True):
        status, reason, instead = _status(record, result, dropped)
        _enter(journal, record, result, status, reason, instead, config.journal == "full")
        if status == "kept":
            texts.setdefault(record.path, []).append((record, result.document.text))
    rendered = {path: published(path, kept) for path, kept in texts.items()}
    findings.update("DUP003" for row in journal.duplicates if row["relation"] == "version")
    journal.run = _run_record(job, inputs, rendered)
    stale = [stale_note(decision) for record in records for decision in stale_decisions(job, record)]
    return Outcome(journal, rendered, inputs, findings, renamed, stale)


def in_sample(key: str, share: float) -> bool:
    """Whether a document belongs to a sample of this share; the same documents on every machine."""
    return share >= 1 or int(digest(key.encode("utf-8", "surrogatepass"))[:8], 16) < share * 2**32


@cache
def _all_rules(folders: tuple[Path, ...]) -> tuple[Rule, ...]:
    return tuple(load_rules(*folders))


def rules_for(job: Job, path: str) -> tuple[Rule, ...]:
    """The rules for one file. Raises RuleError on a selector that means none."""
    config = job.config
    ignored = config.ignored_in(file_name(job.root, config, path)) if config.per_file_ignores else ()
    return _selected(job.folders, config.select, (*config.ignore, *ignored))


@lru_cache(maxsize=256)
def _selected(folders: tuple[Path, ...], chosen: tuple[str, ...], ignored: tuple[str, ...]) -> tuple[Rule, ...]:
    return tuple(select(_all_rules(folders), chosen, ignored))


def check_selectors(job: Job) -> None:
    """Raise RuleError if a selector of the settings, or a code of decisions.toml, means no rule."""
    config = job.config
    per_file = [selector for selectors in config.per_file_ignores.values() for selector in selectors]
    _selected(job.folders, config.select, (*config.ignore, *per_file, *(d.code for d in config.decisions)))


@lru_cache(maxsize=1 << 12)
def _from_project(root: Path, project: Path, path: str) -> str:
    whole = (root / path).resolve()
    return whole.relative_to(project).as_posix() if whole.is_relative_to(project) else whole.as_posix()


def file_name(root: Path, config: Config, path: str) -> str:
    """A file as settings name it: its path from the project."""
    return _from_project(root, config.root, path)


def document_name(root: Path, config: Config, record: Record) -> str:
    """A document as decisions.toml names it: its file, and behind # its id where a file holds several."""
    name = file_name(root, config, record.path)
    return f"{name}#{record.id}" if record.line else name


def stale_decisions(job: Job, record: Record) -> list[Decision]:
    """Decisions about a text that the document no longer holds."""
    if not job.config.decisions:
        return []
    name = document_name(job.root, job.config, record)
    return [d for d in job.config.decisions if d.document == name and d.quote and d.quote not in record.text]


def stale_note(decision: Decision) -> str:
    """What to tell about a decision that is about nothing any more."""
    return f"decisions.toml keeps a text in {decision.document} that is gone: {decision.quote!r}; remove the entry"


def clean_record(job: Job, record: Record) -> Cleaned:
    """Clean one record by the settings for its file; what cannot be read stays as it is."""
    document = Document(record.id, record.text, record.meta)
    if record.problem:
        return Cleaned(document)
    name = document_name(job.root, job.config, record) if job.config.decisions else ""
    pins = [decision.pin() for decision in job.config.decisions if decision.document == name]
    return clean(document, rules_for(job, record.path), unsafe=job.config.unsafe_fixes, pins=pins)


def _cleaned_all(job: Job, records: Sequence[Record], workers: int, progress: Progress | None) -> Iterator[Cleaned]:
    from cleaner.engine import WorkerError, map_batches

    batches = [records[at : at + BATCH] for at in range(0, len(records), BATCH)]
    if workers > 1 and len(batches) > 1:
        found: Iterator[list[Cleaned]] = map_batches(clean_batch, job, batches, min(workers, len(batches)))
    else:
        found = (clean_batch(job, batch) for batch in batches)
    try:
        for batch in found:
            yield from batch
            if progress:
                progress(len(batch))
    except WorkerError as error:
        raise CorpusError(f"{error}; nothing was published, run the same command again") from error


def clean_batch(job: Job, records: Sequence[Record]) -> list[Cleaned]:
    """Clean several records; the unit of work of a worker."""
    return noted(job, records, [clean_record(job, record) for record in records])


def noted(job: Job, records: Sequence[Record], results: Sequence[Cleaned]) -> list[Cleaned]:
    """Results with the language of each new text, where LNG001 asks for it or LNG003 may drop a document for it."""
    from cleaner.language import SURE, UNKNOWN, identify_all

    asked = [
        set() if record.problem or result.dropped else _corpus_rules(job, record, "LNG")[0]
        for record, result in zip(records, results, strict=True)
    ]
    wanted = job.config.languages
    judged = [n for n, codes in enumerate(asked) if "LNG001" in codes or (wanted and "LNG003" in codes)]
    found = list(results)
    verdicts = identify_all([results[n].document.text for n in judged], job.config.lang_backend)
    for n, verdict in zip(judged, verdicts, strict=True):
        if "LNG001" in asked[n]:
            notes: dict[str, str | float] = {"language": verdict.language, "language_confidence": verdict.confidence}
            found[n] = replace(found[n], notes=notes)
        goes = verdict.confidence >= SURE and verdict.language not in (*wanted, UNKNOWN)
        if wanted and goes and "LNG003" in asked[n]:
            drop = Drop(f"in the language {verdict.language}, not in {', '.join(sorted(wanted))}")
            found[n] = replace(found[n], dropped=("LNG003", drop))
    return found


def _duplicates(
    job: Job, records: Sequence[Record], results: Sequence[Cleaned], journal: Journal
) -> dict[str, tuple[str, str, str]]:
    """Documents that go for another one: id -> (code, reason, survivor). Evidence goes to the journal."""
    from cleaner.duplicates.cluster import Candidate, find_duplicates

    codes: set[str] = set()
    candidates = []
    for record, result in zip(records, results, strict=True):
        mine = _duplicate_rules(job, record)
        if mine and not record.problem and not result.dropped and result.document.text.strip():
            codes |= mine
            date = collect(result.changes).get("date") or record.meta.get("date") or ""
            leftovers = sum(finding.code.startswith("BOI") for finding in result.findings)
            candidates.append(Candidate(record.id, result.document.text, leftovers, str(date)))
    if len(candidates) < 2:
        return {}
    found = find_duplicates(candidates, frozenset(codes))
    journal.duplicates = [finding.row() for finding in found]
    codes_of = {"exact": "DUP001", "near": "DUP002"}
    return {
        f.id: (codes_of[f.relation], f"{f.relation} copy, Jaccard {f.shared / f.united:.2f}", f.instead)
        for f in found
        if f.relation in codes_of
    }


def weighed(raw: Path, config: Config, one: str, other: str) -> dict[str, Any]:
    """The evidence about two documents of a corpus, a row of duplicates.jsonl. Raises CorpusError on an unknown id."""
    from cleaner.duplicates.cluster import weigh
    from cleaner.duplicates.verify import Text

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


def _corpus_rules(job: Job, record: Record, family: str) -> tuple[set[str], set[str]]:
    """The codes of a family that the run decides and that judge a document, and those that the user keeps it from."""
    codes = {rule.code for rule in rules_for(job, record.path) if rule.family == family and rule.corpus}
    if not codes or not job.config.decisions:
        return codes, set()
    name = document_name(job.root, job.config, record)
    kept = {d.code for d in job.config.decisions if d.document == name} & codes
    return codes - kept, kept


def _duplicate_rules(job: Job, record: Record) -> set[str]:
    """The codes of DUP by which a document is judged; a document that the user keeps from one takes no part at all."""
    codes, kept = _corpus_rules(job, record, "DUP")
    return set() if kept else codes


def _status(record: Record, result: Cleaned, dropped: dict[str, tuple[str, str, str]]) -> tuple[str, str, str]:
    if record.problem:
        return "quarantined", record.problem, ""
    if result.dropped:
        code, drop = result.dropped
        return "dropped", f"{code}: {drop.because}", drop.instead
    if not result.document.text.strip():
        codes = ", ".join(sorted({change.code for change in result.changes}))
        return "dropped", f"empty after {codes}" if record.text.strip() else "empty", ""
    if record.id in dropped:
        code, reason, instead = dropped[record.id]
        return "dropped", f"{code}: {reason}", instead
    return "kept", "", ""


def _enter(
    journal: Journal, record: Record, result: Cleaned, status: str, reason: str, instead: str, full: bool
) -> None:
    """Write one document into the journal."""
    changes = list(result.changes) if status == "kept" else []
    if changes:
        journal.changes[record.id] = changes
    if status == "quarantined":
        journal.quarantine.append({"id": record.id, "path": record.path, "line": record.line, "reason": reason})
    if status != "kept" and full:
        journal.withheld[record.id] = record.raw
    digests = {"raw": digest(record.raw), "changes": changes_digest(record.id, changes)}
    if status == "kept":
        digests["clean"] = digest(published(record.path, [(record, result.document.text)]))
    journal.manifest.append(
        {
            "id": record.id,
            "path": record.path,
            "line": record.line,
            "status": status,
            "reason": reason,
            "instead": instead,
            "metadata": {**collect(changes), **result.notes},
            "encoding": dict(record.facts),
            "digests": digests,
            "counts": {
                "characters": [len(record.text), len(result.document.text) if status == "kept" else 0],
                "changes": dict(sorted(Counter(c.code for c in changes).items())),
                "findings": dict(sorted(Counter(f.code for f in result.findings).items())),
            },
        }
    )


def _run_record(job: Job, inputs: Inputs, outputs: dict[str, bytes]) -> dict[str, Any]:
    from cleaner import __version__

    record_files = [path for path in inputs.files if path.endswith(RECORDS)]
    return {
        "format": FORMAT,
        "cleaner": __version__,
        "versions": {name: version(name) for name in DECIDING},
        "journal": job.config.journal,
        "config": job.config.deciding(),
        "records": {
            path: {"raw": digest(read_bytes(inputs.root / path)), "clean": digest(outputs[path])}
            for path in record_files
        },
    }
