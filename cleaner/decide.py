"""Decisions of the user: a rule that must not be applied to a document, or not at one place of it."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

from cleaner.config import Decision, load_config, load_decisions, shown
from cleaner.corpus import CorpusError, read_bytes, write_atomically
from cleaner.inplace import check_records, read_records
from cleaner.job import Job, document_name
from cleaner.records import Record
from cleaner.rule import load, select
from cleaner.trace import Place

_CODE = re.compile(r"([A-Za-z]{3}\d{3}|[a-z0-9-]+)(?::(\d{1,9}):(\d{1,9}))?")


def keep(document: str, code: str, folders: tuple[Path, ...] = ()) -> str:
    """Record a decision and say what was recorded. Raises CorpusError, RuleError."""
    found = _CODE.fullmatch(code)
    if not found:
        raise CorpusError(f"{code!r}: not CODE or CODE:LINE:COLUMN, such as SUB001:5:204")
    (rule, *others) = select(load(*folders), (found[1].upper() if found[1][:3].isupper() else found[1],))
    if others:
        raise CorpusError(f"{code!r}: means several rules; name one")
    path, record_id = _split(document)
    config = replace(load_config(path), decisions=())
    job = Job(config, path.parent, folders)
    records = [r for r in read_records(path, config.fields()) if not record_id or r.id == record_id]
    if not records:
        raise CorpusError(f"{path}: holds no document with the id {record_id!r}")
    if found[2]:
        decision = _at(job, path, records, rule.code, (int(found[2]), int(found[3])))
    elif records[0].line and not record_id:
        raise CorpusError(f"{path}: holds several documents; name one as {path}#ID, or a position")
    else:
        decision = Decision(document_name(job.root, config, records[0]), rule.code)
    known = load_decisions(config.root)
    if decision in known:
        return f"{shown(config.root / 'decisions.toml')}: has this decision already"
    written = write(config.root, decision)
    what = f"this {decision.quote[:40]!r}" if decision.quote else "it"
    return f"{shown(written)}: {decision.code} will leave {what} in {decision.document} alone"


HEAD = "# Written by `cleaner keep`. Each entry: a rule that must not be applied here; later runs obey it.\n"


def write(root: Path, decision: Decision) -> Path:
    """Add a decision to decisions.toml; what stands there stays. JSON strings are TOML strings, but for DEL."""

    def quoted(value: str) -> str:
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")

    path = root / "decisions.toml"
    old = read_bytes(path).decode("utf-8") if path.is_file() else HEAD
    row = f"\n[[keep]]\ndocument = {quoted(decision.document)}\ncode = {quoted(decision.code)}\n"
    if decision.quote:
        row += f"offset = {decision.start}\ntext = {quoted(decision.quote)}\n"
    write_atomically(path, (old.rstrip("\n") + "\n" + row).encode("utf-8"))
    return path


def _split(document: str) -> tuple[Path, str]:
    if Path(document).exists():
        return Path(document), ""
    path, _, record_id = document.partition("#")
    if not Path(path).is_file():
        raise CorpusError(f"{document}: no such file")
    return Path(path), record_id


def _at(job: Job, path: Path, records: list[Record], code: str, place: tuple[int, int]) -> Decision:
    """The decision about what `check` prints at a line and column."""
    unsafe = replace(job, config=replace(job.config, select=("ALL",), ignore=()))
    places, _ = check_records(unsafe, str(path), records)
    mine = [p for p in places if p.change.code == code]
    hit = next((p for p in mine if (p.line, p.column) == place), None)
    if hit is None:
        raise CorpusError(f"{path}:{place[0]}:{place[1]}: {code} says nothing here{_nearest(mine)}")
    if not hit.quote:
        raise CorpusError(f"{path}:{place[0]}:{place[1]}: nothing stands here that could be quoted; keep the document")
    return Decision(hit.document, code, hit.quote, hit.start)


def _nearest(places: list[Place]) -> str:
    return f"; it does at {', '.join(f'{p.line}:{p.column}' for p in places[:5])}" if places else " in this document"
