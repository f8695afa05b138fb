"""From raw to clean: the only loop over a corpus."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from cleaner.cleaning import clean
from cleaner.config import Config, Decision
from cleaner.corpus import (
    JOURNAL,
    RECORDS,
    CorpusError,
    Inputs,
    Record,
    below,
    digest,
    find_inputs,
    published,
    read,
    read_bytes,
    write_atomically,
)
from cleaner.journal import FORMAT, MANIFEST, QUARANTINE, RUN, WITHHELD, Journal, changes_digest, is_journal, load
from cleaner.restore import files_in
from cleaner.rule import Rule, select
from cleaner.rule import load as load_rules
from cleaner.text import Cleaned, Document, collect

DECIDING = ("ftfy", "langdetect", "sentencex", "datasketch", "rapidfuzz")
"""Packages whose version can change what a run gives."""
MARKER = "publishing.json"
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
    rules_for(job, "")
    records, renamed = _unique(r for path in inputs.files for r in read(inputs.root, path))
    records = [record for record in records if in_sample(record.id, sample)]
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


def _unique(records: Iterator[Record]) -> tuple[list[Record], int]:
    """Records whose ids are all different: a later use of an id is told apart by its place."""
    seen: set[str] = set()
    found = []
    renamed = 0
    for record in records:
        taken = record.id in seen
        unique = replace(record, id=f"{record.id}@{record.where}") if taken else record
        renamed += taken
        seen.add(unique.id)
        found.append(unique)
    return found, renamed


@cache
def _all_rules(folders: tuple[Path, ...]) -> tuple[Rule, ...]:
    return tuple(load_rules(*folders))


def rules_for(job: Job, path: str) -> list[Rule]:
    """The rules for one file. Raises RuleError on a selector that means none."""
    config = job.config
    known = _all_rules(job.folders)
    return select(known, config.select, (*config.ignore, *config.ignored_in(path)))


def document_name(root: Path, config: Config, record: Record) -> str:
    """A document as decisions.toml names it: its path from there, and behind # its id where a file holds several."""
    path = (root / record.path).resolve()
    name = path.relative_to(config.root).as_posix() if path.is_relative_to(config.root) else path.as_posix()
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
    batches = [records[at : at + BATCH] for at in range(0, len(records), BATCH)]
    if workers > 1 and len(batches) > 1:
        from cleaner.engine import map_batches

        found: Iterator[list[Cleaned]] = map_batches(clean_batch, job, batches, workers)
    else:
        found = (clean_batch(job, batch) for batch in batches)
    for batch in found:
        yield from batch
        if progress:
            progress(len(batch))


def clean_batch(job: Job, records: Sequence[Record]) -> list[Cleaned]:
    """Clean several records; the unit of work of a worker."""
    return [clean_record(job, record) for record in records]


def _duplicates(
    job: Job, records: Sequence[Record], results: Sequence[Cleaned], journal: Journal
) -> dict[str, tuple[str, str, str]]:
    """Documents that go for another one: id -> (code, reason, survivor). Evidence goes to the journal."""
    from cleaner.duplicates.cluster import Candidate, find_duplicates

    codes = frozenset(rule.code for rule in rules_for(job, "") if rule.family == "DUP")
    candidates = []
    for record, result in zip(records, results, strict=True):
        if not record.problem and not result.dropped and result.document.text.strip():
            date = collect(result.changes).get("date") or record.meta.get("date") or ""
            leftovers = sum(finding.code.startswith("BOI") for finding in result.findings)
            candidates.append(Candidate(record.id, result.document.text, leftovers, str(date)))
    if not codes or len(candidates) < 2:
        return {}
    found = find_duplicates(candidates, codes)
    journal.duplicates = [finding.row() for finding in found]
    codes_of = {"exact": "DUP001", "near": "DUP002"}
    return {
        f.id: (codes_of[f.relation], f"{f.relation} copy, Jaccard {f.shared / f.united:.2f}", f.instead)
        for f in found
        if f.relation in codes_of
    }


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
            "metadata": collect(changes),
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


def check_folders(raw: Path, target: Path, *, overwrite: bool = False) -> None:
    """Refuse an output folder that cannot be one. Raises CorpusError with what to do instead."""
    source, goal = raw.resolve(), target.resolve()
    if goal == source or (raw.is_dir() and goal.is_relative_to(source)):
        raise CorpusError(f"{target}: lies inside the input folder {raw}; name a folder outside it")
    if source.is_relative_to(goal):
        raise CorpusError(f"{target}: holds the input {raw}; name another folder")
    if target.exists() and not target.is_dir():
        raise CorpusError(f"{target}: is a file; name a folder")
    if not target.is_dir():
        return
    expected: dict[str, str] = {}
    if is_journal(target):
        expected = _expected(load(target))
    interrupted = _interrupted(target)
    for path in files_in(target):
        if path not in expected and path not in interrupted:
            raise CorpusError(f"{target / path}: was not made by a run; move it away or name another folder")
        if (
            path in expected
            and not interrupted
            and not overwrite
            and digest(read_bytes(target / path)) != expected[path]
        ):
            raise CorpusError(
                f"{target / path}: was changed since the last run; move it away, or give it up with --overwrite"
            )


def _expected(journal: Journal) -> dict[str, str]:
    """Digest of every file that a run published."""
    found = {path: str(entry["clean"]) for path, entry in journal.run["records"].items()}
    for row in journal.manifest:
        if row["status"] == "kept" and not row["line"]:
            found[str(row["path"])] = str(row["digests"]["clean"])
    return found


def _interrupted(target: Path) -> frozenset[str]:
    marker = target / JOURNAL / MARKER
    if not marker.is_file():
        return frozenset()
    try:
        return frozenset(map(str, json.loads(read_bytes(marker))))
    except ValueError:
        return frozenset()


def publish(outcome: Outcome, target: Path) -> bool:
    """Write the outputs and then the journal, its manifest last. Files that are already right are not touched.

    A run that is interrupted here leaves a marker; the next run finds it and finishes the work. Returns whether any
    file in `target` is now another one.
    """
    folder = target / JOURNAL
    stale = set(_expected(load(target))) - set(outcome.outputs) if is_journal(target) else set()
    stale |= _interrupted(target) - set(outcome.outputs)
    files = outcome.journal.files()
    marker = folder / MARKER
    changed = bool(stale)
    write_atomically(marker, json.dumps(sorted({*outcome.outputs, *stale})).encode())
    for path, data in outcome.outputs.items():
        changed = _write(below(target, path), data) or changed
    for path in stale:
        below(target, path).unlink(missing_ok=True)
    for name in (WITHHELD, QUARANTINE):
        if name not in files:
            (folder / name).unlink(missing_ok=True)
    for name in sorted(files, key=lambda name: (name == MANIFEST, name == RUN)):
        changed = _write(folder / name, files[name]) or changed
    marker.unlink()
    return changed


def _write(path: Path, data: bytes) -> bool:
    """Write a file unless it is there already; true if it was written."""
    if not path.is_symlink() and path.is_file() and path.read_bytes() == data:
        return False
    write_atomically(path, data)
    return True
