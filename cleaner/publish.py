"""Put the result of a run into its folder: what is refused, and how it gets there whole."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from cleaner.corpus import JOURNAL, TEMPORARY, CorpusError, below, digest, read_bytes, write_atomically
from cleaner.journal import MANIFEST, MARKER, QUARANTINE, RUN, WITHHELD, Journal, is_journal, load
from cleaner.restore import files_in

if TYPE_CHECKING:
    from cleaner.run import Outcome


def check_folders(raw: Path, target: Path, *, overwrite: bool = False) -> None:
    """Refuse an output folder that cannot be one. Raises CorpusError with what to do instead."""
    source, goal = raw.resolve(), target.resolve()
    if goal == source or (raw.is_dir() and goal.is_relative_to(source)):
        raise CorpusError(f"{target}: lies inside the input folder {raw}; name a folder outside it")
    if source.is_relative_to(goal):
        raise CorpusError(f"{target}: holds the input {raw}; name another folder")
    if target.exists() and not target.is_dir():
        raise CorpusError(f"{target}: is a file; name a folder")
    if (target / JOURNAL).is_symlink():
        raise CorpusError(f"{target / JOURNAL}: is a symbolic link; remove it, a journal is never written through one")
    inside = next((parent for parent in goal.parents if is_journal(parent)), None)
    if inside:
        raise CorpusError(f"{target}: lies inside {inside}, the result of another run; name a folder outside it")
    if not target.is_dir():
        return
    try:
        expected = _published_before(target)
    except CorpusError as error:
        if overwrite:
            return  # whatever lies there may be written over, and nothing of it is deleted
        raise CorpusError(f"{error}; or write over what lies in {target} with --overwrite") from error
    for path in files_in(target):
        known = expected.get(path)
        if known is None:
            raise CorpusError(f"{target / path}: was not made by a run; move it away or name another folder")
        if not overwrite and digest(read_bytes(target / path)) not in known:
            raise CorpusError(
                f"{target / path}: was changed since the last run; move it away, or give it up with --overwrite"
            )


def _published_before(target: Path) -> dict[str, set[str]]:
    """The files that runs put here, with the digests that they may have: of the last run, and of one that broke off.

    Raises CorpusError when the journal cannot be read and no interrupted run explains it.
    """
    broken_off = _interrupted(target)
    expected: dict[str, set[str]] = {path: {value} for path, value in broken_off.items()}
    try:
        journal = load(target) if is_journal(target) else Journal(run={"records": {}})
    except CorpusError:
        if not broken_off:
            raise
        return expected
    for path, entry in journal.run["records"].items():
        expected.setdefault(path, set()).add(str(entry["clean"]))
    for row in journal.manifest:
        if row["status"] == "kept" and not row["line"]:
            expected.setdefault(str(row["path"]), set()).add(str(row["digests"]["clean"]))
    return expected


def _interrupted(target: Path) -> dict[str, str]:
    """The files, with their digests, that a run was publishing when it broke off."""
    marker = target / JOURNAL / MARKER
    if not marker.is_file():
        return {}
    try:
        return {str(path): str(value) for path, value in json.loads(read_bytes(marker)).items()}
    except (ValueError, AttributeError):
        return {}


def publish(outcome: Outcome, target: Path) -> bool:
    """Write the outputs and then the journal, its manifest last. Files that are already right are not touched.

    A run that is interrupted here leaves a marker; the next run finds it and finishes the work. Returns whether any
    file in `target` is now another one.
    """
    folder = target / JOURNAL
    try:
        before = _published_before(target)
    except CorpusError:
        before = {}  # nothing is known to be ours, so nothing is deleted
    stale = {
        path
        for path, digests in before.items()
        if path not in outcome.outputs and (target / path).is_file() and digest(read_bytes(target / path)) in digests
    }
    files = outcome.journal.files()
    marker = folder / MARKER
    changed = bool(stale)
    write_atomically(marker, json.dumps({path: digest(data) for path, data in outcome.outputs.items()}).encode())
    for left in [path for path in target.rglob(".*.tmp") if TEMPORARY.fullmatch(path.name)]:
        left.unlink(missing_ok=True)
    for path in stale:
        below(target, path).unlink(missing_ok=True)
        _remove_empty(below(target, path).parent, target)
    for path, data in outcome.outputs.items():
        changed = _write(below(target, path), data) or changed
    for name in (WITHHELD, QUARANTINE):
        if name not in files:
            (folder / name).unlink(missing_ok=True)
    for name in sorted(files, key=lambda name: (name == MANIFEST, name == RUN)):
        changed = _write(folder / name, files[name]) or changed
    marker.unlink()
    return changed


def _remove_empty(folder: Path, root: Path) -> None:
    """Remove a folder that holds nothing any more, and those above it, up to the root."""
    while folder != root and folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent


def _write(path: Path, data: bytes) -> bool:
    """Write a file unless it is there already; true if it was written."""
    if not path.is_symlink() and path.is_file() and path.read_bytes() == data:
        return False
    write_atomically(path, data)
    return True
