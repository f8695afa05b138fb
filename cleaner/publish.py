"""Put the result of a run into its folder: what is refused, and how it gets there whole."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from hashlib import file_digest
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from cleaner.corpus import (
    JOURNAL,
    TEMPORARY,
    WORK,
    CorpusError,
    below,
    digest,
    goal_of,
    read_bytes,
    write_atomically,
)
from cleaner.finish import PARTS
from cleaner.formats import TEXTS, output
from cleaner.guard import problem
from cleaner.journal import (
    DUPLICATES,
    MARKER,
    RUN,
    is_journal,
    is_part,
    load_run,
    part_name,
    parts,
    run_file,
    text_rows,
)
from cleaner.outputs import Part, chunks, outputs
from cleaner.proof import files_in, is_as
from cleaner.republished import Published, State, state_of
from cleaner.standing import remember, standing
from cleaner.store import Memory

if TYPE_CHECKING:
    from cleaner.run import Outcome


WRITERS = 8
"""Files that are written at once: most are small, and who writes one mostly waits for the disk to have it."""

WAITING = 1_000
"""Files that wait for that: each takes a thousand bytes, and there may be millions."""
_Task = TypeVar("_Task")
_Written = TypeVar("_Written")


def check_folders(raw: Path, target: Path, *, overwrite: bool = False, append: bool = False) -> None:
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
    if not (append or overwrite) and is_journal(target) and "added-to" in load_run(target):
        raise CorpusError(
            f"{target}: was added to with --append, and a run without it would make all of it anew from {raw} alone; "
            "add --append, or give up what was published with --overwrite"
        )
    remembered = standing(target)
    left = [path for path in files_in(target) if not remembered.holds(target, path)]
    if remembered.holds(target, f"{JOURNAL}/{RUN}") and not left:
        return
    try:
        expected = _published_before(target)
    except CorpusError as error:
        if overwrite:
            return  # whatever lies there may be written over, and nothing of it is deleted
        raise CorpusError(f"{error}; or write over what lies in {target} with --overwrite") from error
    for path in left:
        known = expected.get(path)
        if known is None:
            raise CorpusError(f"{target / path}: was not made by a run; move it away or name another folder")
        if not overwrite and not any(_is(target / path, content) for content in known):
            raise CorpusError(
                f"{target / path}: was changed since the last run; move it away, or give it up with --overwrite"
            )


Content = list[list[Any]]
"""What a file holds: [size, digest] of each of its parts in order; the size is -1 where the part is the whole file."""


def _is(path: Path, content: Content) -> bool:
    """Whether a file holds just this."""
    if not path.is_file() or path.is_symlink():
        return False
    if content and content[0][0] < 0:
        return digest(read_bytes(path)) == str(content[0][1])
    return is_as(path, content)


def _published_before(target: Path) -> dict[str, list[Content]]:
    """The files that runs put here, with what they may hold: by the last run, and by one that broke off.

    Raises CorpusError when the journal cannot be read and no interrupted run explains it.
    """
    broken_off = _interrupted(target)
    expected: dict[str, list[Content]] = {path: [content] for path, content in broken_off.items()}
    if not is_journal(target):
        return expected
    try:
        run = load_run(target)
        found: dict[str, Content] = {}
        to = run["config"]["to"]
        for shard in () if to else run["shards"]:
            for path, entry in shard.items():
                found.setdefault(output(path), []).append([entry["bytes"], entry["clean"]])
        records = (row for part in parts(target, run) for row in part.manifest)
        for row in records if to == TEXTS else text_rows(target, run):
            if row["status"] == "kept":
                found[goal_of(row["path"], row["line"], row["id"], to)] = [[-1, row["digests"]["clean"]]]
        found |= {str(path): [list(known) for known in content] for path, content in run["packed"].items()}
    except CorpusError:
        if not broken_off:
            raise
        return expected
    for path, content in found.items():
        expected.setdefault(path, []).append(content)
    return expected


def _interrupted(target: Path) -> dict[str, Content]:
    """The files, with their contents, that a run was publishing when it broke off."""
    marker = target / JOURNAL / MARKER
    if not marker.is_file():
        return {}
    try:
        known = json.loads(read_bytes(marker))
        return {str(path): [[int(size), str(value)] for size, value in content] for path, content in known.items()}
    except (ValueError, TypeError, AttributeError):
        return {}


def publish(outcome: Outcome, target: Path) -> Published:
    """Write the outputs and then the journal, run.json last: it is the commit. What is right already is not touched.

    A run that is interrupted here leaves a marker; the next run finds it and finishes the work. What is returned is
    true if any file in `target` is now another one.
    """
    if outcome.standing:
        return Published(known=True)
    config = outcome.job.config
    if wrong := problem(outcome.losses(), config.max_dropped_share, config.max_dropped_count):
        raise CorpusError(wrong)
    folder = target / JOURNAL
    try:
        before = _published_before(target)
    except CorpusError:
        before = {}  # nothing is known to be ours, so nothing is deleted
    earlier = state_of(target)
    files = outputs(outcome)
    contents = {path: [[part.size, part.digest] for part in found] for path, found in files.items()}
    stale = [
        path
        for path, known in before.items()
        if path not in files and any(_is(target / path, content) for content in known)
    ]
    marker = folder / MARKER
    write_atomically(marker, json.dumps(contents).encode())
    _sweep(target)
    for path in stale:
        below(target, path).unlink(missing_ok=True)
        _remove_empty(below(target, path).parent, target)
    written = [path for path in files if not _is(below(target, path), contents[path])]

    def write(path: str) -> None:
        write_atomically(below(target, path), chunks(outcome.store, files[path]))

    _at_once(write, written)
    journal = _publish_journal(outcome, folder)
    marker.unlink()
    if not isinstance(outcome.store, Memory):
        wanted = {*outcome.staged, *outcome.compared, outcome.settled, *outcome.boxes.values()}
        outcome.store.sweep(wanted)
        seen = {"renamed": outcome.renamed, "groups": outcome.groups, "stale": outcome.stale}
        said = {"totals": outcome.totals.as_json(), **seen}
        record = [f"{JOURNAL}/{entry.name}" for entry in folder.iterdir() if entry.is_file()]
        remember(target, outcome.settled, said, [*files, *record])
    after = state_of(target) if earlier.settings else State()  # nothing is told of a first run
    return Published(earlier, after, written, stale, journal)


def _publish_journal(outcome: Outcome, folder: Path) -> bool:
    """Write the parts of the record, and run.json when all others are there."""
    store, count = outcome.store, len(outcome.shards)
    size, known = store.report(outcome.settled)["parts"].get("duplicates", (0, digest(b"")))
    found = {DUPLICATES: Part(outcome.settled, 0, size, known, "duplicates")}
    for number, name in enumerate(outcome.finished):
        for kind, (size, known) in store.report(name)["parts"].items():
            if kind in PARTS:
                found[part_name(kind, number, count)] = Part(name, 0, size, known, kind)
    tasks = [(folder / file, part.size, part.digest, chunks(store, [part])) for file, part in found.items()]
    changed = any(_at_once(lambda task: _write(*task), tasks))
    digests = {file: part.digest for file, part in sorted(found.items())}
    record = run_file({**outcome.record(), "files": digests})
    changed = _write(folder / RUN, len(record), digest(record), [record]) or changed
    for entry in list(folder.iterdir()):  # only now: until here the record of the run before must be whole
        if is_part(entry.name) and entry.name not in found:
            entry.unlink()
    return changed


def _sweep(target: Path) -> None:
    """Remove what a process left that was killed while it wrote."""
    for folder, names, found in os.walk(target):
        names[:] = [name for name in names if not (name == WORK and Path(folder).name == JOURNAL)]
        for name in found:
            if TEMPORARY.fullmatch(name):
                (Path(folder) / name).unlink(missing_ok=True)


def _remove_empty(folder: Path, root: Path) -> None:
    """Remove a folder that holds nothing any more, and those above it, up to the root."""
    while folder != root and folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent


def _at_once(write: Callable[[_Task], _Written], tasks: Iterable[_Task]) -> list[_Written]:
    """Write some files at a time, and stop at the first that cannot be written."""
    left = iter(tasks)
    found: list[_Written] = []
    with ThreadPoolExecutor(WRITERS) as pool:
        while some := list(islice(left, WAITING)):
            found += pool.map(write, some)
    return found


def _write(path: Path, size: int, known: str, content: Iterable[bytes]) -> bool:
    """Write a file, a few bytes at a time, unless it is there already; true if it was written."""
    if not path.is_symlink() and path.is_file() and path.stat().st_size == size:
        with path.open("rb") as file:
            if file_digest(file, "sha256").hexdigest() == known:
                return False
    write_atomically(path, content)
    return True
