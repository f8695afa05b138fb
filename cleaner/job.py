"""How one record is cleaned: settings, rules for its file, decisions about its text. What a worker is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from cleaner.bucket import Bucket
from cleaner.cleaning import clean
from cleaner.config import Config, Decision
from cleaner.corpus import digest
from cleaner.profiles import PROFILES
from cleaner.records import Record
from cleaner.redact import redacted
from cleaner.rule import Rule, configured, select
from cleaner.rule import load as load_rules
from cleaner.source import folder, stated
from cleaner.text import NOTHING, Cleaned, Document, Drop, Known

BATCH = 512
"""Documents that are cleaned before the first of them is written: what tells their languages reads tables of 10 MB,
and finds them gone from the caches each time."""


@dataclass(frozen=True, slots=True)
class Job:
    """What a worker needs to clean records. Rules travel as folders and selectors, never as functions."""

    config: Config
    root: Path
    folders: tuple[Path, ...] = ()
    sample: float = 1.0
    bucket: Bucket | None = None
    """Where the corpus lies, if it is not on this disk: then `root` only stands for it in names."""
    ahead: int = 0
    """Bytes of text that each worker will clean, about."""


def in_sample(key: str, share: float) -> bool:
    """Whether a document belongs to a sample of this share; the same documents on every machine."""
    return share >= 1 or int(digest(key.encode("utf-8", "surrogatepass"))[:8], 16) < share * 2**32


@cache
def _all_rules(folders: tuple[Path, ...]) -> tuple[Rule, ...]:
    return tuple(load_rules(*folders))


class Chosen(NamedTuple):
    """The rules that settings select.

    All, those that read a document alone, those that the run decides, and those of the first that are of PII.
    """

    found: tuple[Rule, ...]
    alone: tuple[Rule, ...]
    together: tuple[Rule, ...]
    private: tuple[Rule, ...]


def _chosen(job: Job, path: str) -> Chosen:
    """The rules for one file."""
    config = job.config
    ignored = config.ignored_in(file_name(job.root, config, path)) if config.per_file_ignores else ()
    return _selected(job.folders, _selectors(config), (*config.ignore, *ignored), _frozen(config))


def filters_of(job: Job) -> list[Rule]:
    """The filters that the settings select, whatever the file. Raises RuleError."""
    rules = _selected(job.folders, _selectors(job.config), job.config.ignore, _frozen(job.config)).found
    return [rule for rule in rules if rule.safety == "filter"]


Frozen = tuple[tuple[str, tuple[tuple[str, float], ...]], ...]


def _frozen(config: Config) -> Frozen:
    return tuple((rule, tuple(values.items())) for rule, values in config.thresholds.items())


def _selectors(config: Config) -> tuple[str, ...]:
    return (*config.select, *PROFILES[config.profile])


@lru_cache(maxsize=256)
def _selected(
    folders: tuple[Path, ...], chosen: tuple[str, ...], ignored: tuple[str, ...], thresholds: Frozen
) -> Chosen:
    rules = configured(_all_rules(folders), {rule: dict(values) for rule, values in thresholds})
    found = tuple(select(rules, chosen, ignored))
    alone, together = (tuple(rule for rule in found if rule.corpus is corpus) for corpus in (False, True))
    return Chosen(found, alone, together, tuple(rule for rule in alone if rule.family == "PII"))


def check_selectors(job: Job) -> None:
    """Raise RuleError if a selector of the settings, or a code of decisions.toml, means no rule."""
    config = job.config
    per_file = [selector for selectors in config.per_file_ignores.values() for selector in selectors]
    ignored = (*config.ignore, *per_file, *(d.code for d in config.decisions))
    _selected(job.folders, _selectors(config), ignored, _frozen(config))


@lru_cache(maxsize=1 << 12)
def _from_project(root: Path, project: Path, path: str) -> str:
    whole = (root / path).resolve()
    return whole.relative_to(project).as_posix() if whole.is_relative_to(project) else whole.as_posix()


def file_name(root: Path, config: Config, path: str) -> str:
    """A file as settings name it: its path from the project."""
    return _from_project(root, config.root, path)


def stated_by(record: Record) -> str:
    """The source that a record states, in the field chosen for it or in a usual one."""
    return stated({"site": record.source} if record.source else record.meta)


def source_of(job: Job, record: Record) -> str:
    """Where a record comes from: what it states, else its top folder."""
    if found := stated_by(record):
        return found
    return _folder(job.root, job.config.root, record.path)


@lru_cache(maxsize=1 << 12)
def _folder(root: Path, project: Path, path: str) -> str:
    within = _from_project(root, project, "")
    return folder(_from_project(root, project, path), "" if within == "." else within)


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


def _known(job: Job, record: Record) -> Known:
    """What was learned about the source of a record."""
    if not job.config.learned.entries:
        return NOTHING
    meta = {**record.meta, "site": record.source} if record.source else record.meta
    return job.config.learned.about(meta, file_name(job.root, job.config, record.path))


def clean_record(job: Job, record: Record) -> Cleaned:
    """Clean one record by the settings for its file; what cannot be read stays as it is."""
    document = Document(record.id, record.text, record.meta, _known(job, record))
    if record.problem:
        return Cleaned(document)
    chosen = _chosen(job, record.path)
    rules = chosen.alone
    if not rules:
        return Cleaned(document)
    name = document_name(job.root, job.config, record) if job.config.decisions else ""
    pins = [decision.pin() for decision in job.config.decisions if decision.document == name]
    cleaned = clean(document, rules, unsafe=job.config.unsafe_fixes, pins=pins)
    return redacted(record.text, cleaned, chosen.private, script=job.config.redact)


def clean_batch(job: Job, records: Sequence[Record]) -> list[Cleaned]:
    """Clean several records; the language of all of them is told at once."""
    results = noted(job, records, [clean_record(job, record) for record in records])
    return uncontaminated(job, records, results) if job.config.against else results


def uncontaminated(job: Job, records: Sequence[Record], results: Sequence[Cleaned]) -> list[Cleaned]:
    """Results in which a document that shares a passage with the evaluation texts is left out, where DUP004 asks."""
    from cleaner.contamination import passages, read_evaluation, summed

    against = read_evaluation(job.config.evaluation(), job.config.against_ngram)
    found = list(results)
    for n, (record, result) in enumerate(zip(records, results, strict=True)):
        codes = _corpus_rules(job, record, corpus_codes(job, record.path, "DUP"))[0]
        if "DUP004" in codes and not (record.problem or result.dropped):
            shared = passages(result.document.text, against)
            if shared:
                found[n] = replace(result, dropped=("DUP004", Drop(summed(shared))))
    return found


def noted(job: Job, records: Sequence[Record], results: Sequence[Cleaned]) -> list[Cleaned]:
    """Results with the language of each new text, where LNG001 asks for it or LNG003 may drop a document for it."""
    codes_of = {path: corpus_codes(job, path, "LNG") for path in {record.path for record in records}}
    if not any(codes_of.values()):
        return list(results)
    asked = [
        frozenset() if record.problem or result.dropped else _corpus_rules(job, record, codes_of[record.path])[0]
        for record, result in zip(records, results, strict=True)
    ]
    wanted = job.config.languages
    judged = [n for n, codes in enumerate(asked) if codes and ("LNG001" in codes or (wanted and "LNG003" in codes))]
    found = list(results)
    if not judged:
        return found
    from cleaner.language import SURE, UNKNOWN, identify_all

    verdicts = identify_all([results[n].document.text for n in judged], job.config.lang_backend)
    for n, verdict in zip(judged, verdicts, strict=True):
        if "LNG001" in asked[n]:
            notes: dict[str, str | float] = {"language": verdict.language, "language_confidence": verdict.confidence}
            of = results[n]
            found[n] = Cleaned(of.document, of.changes, of.findings, of.dropped, notes)
        goes = verdict.confidence >= SURE and verdict.language not in (*wanted, UNKNOWN)
        if wanted and goes and "LNG003" in asked[n]:
            drop = Drop(f"in the language {verdict.language}, not in {', '.join(sorted(wanted))}")
            found[n] = replace(found[n], dropped=("LNG003", drop))
    return found


def corpus_codes(job: Job, path: str, family: str) -> frozenset[str]:
    """The codes of a family that the run decides, and that judge the documents of a file."""
    rules = [rule for rule in _chosen(job, path).together if rule.family == family]
    return frozenset(rule.code for rule in rules if rule.safety != "unsafe" or job.config.unsafe_fixes)


def _corpus_rules(job: Job, record: Record, codes: frozenset[str]) -> tuple[frozenset[str], frozenset[str]]:
    """Those of the codes for its file that judge a document, and those that the user keeps it from."""
    if not codes or not job.config.decisions:
        return codes, frozenset()
    name = document_name(job.root, job.config, record)
    kept = codes & {d.code for d in job.config.decisions if d.document == name}
    return codes - kept, kept


def takes_part(job: Job, record: Record) -> bool:
    """Whether a document is compared with others: one that the user keeps from a rule of DUP takes no part at all."""
    return not job.config.decisions or not _corpus_rules(job, record, corpus_codes(job, record.path, "DUP"))[1]
