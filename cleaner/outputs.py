"""What a run publishes: the parts of every output file, packed where a file is more than its lines."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from itertools import islice
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from cleaner.corpus import CorpusError, goal_of
from cleaner.engine import Engine, Report
from cleaner.formats import TEXTS, FormatError, check, holds_records, is_plain, output, shape
from cleaner.formats.files import write
from cleaner.stage import entries
from cleaner.store import Box, Store

if TYPE_CHECKING:
    from typing import BinaryIO

    from cleaner.run import Outcome

FILE = "file"
"""The part of a box that holds a packed file, or some of it."""


class Part(NamedTuple):
    """Some bytes of an output file: where they lie in the store, and their digest."""

    box: str
    start: int
    size: int
    digest: str
    part: str = "out"


def check_names(files: Sequence[str], to: str) -> None:
    """Raise CorpusError where two files would be published as one, or a library is missing for one."""
    try:
        check([*files, *(output(path, to) for path in files)])
    except FormatError as error:
        raise CorpusError(str(error)) from error
    taken: dict[str, str] = {}
    for path in files:
        whole = output(path, to)
        together = holds_records(whole) and not holds_records(path)
        other = taken.setdefault(whole, path)
        if other != path and not (together and not holds_records(other)):
            raise CorpusError(f"{other} and {path} would both be {whole}; rename one of them")
    for path in files if to == TEXTS else ():
        for parent in PurePosixPath(path).parents:
            other = taken.get(str(parent), "")
            if holds_records(other):
                raise CorpusError(f"{other} would become the folder {parent}, which holds {path}; rename one of them")


def outputs(outcome: Outcome) -> dict[str, list[Part]]:
    """The files that a run publishes, with the parts of each."""
    return {**_plain(outcome), **outcome.packed}


def _plain(outcome: Outcome) -> dict[str, list[Part]]:
    """The lines or texts of each output file, with the parts of each."""
    store, to = outcome.store, outcome.job.config.to
    found: dict[str, list[Part]] = {}
    for name, shard in zip(outcome.finished, outcome.shards, strict=True):
        report = store.report(name)
        box, at = report["out"], 0
        alone = [piece for piece in shard if piece.path not in report["records"] or to == TEXTS]
        index = entries(store.read(box, "index")) if alone else iter(())
        rows = iter(_rows(store.read(name, "manifest")) if alone else ())
        for piece, count in zip(shard, report["rows"], strict=True):
            mine = list(zip(islice(index, count), islice(rows, count), strict=True))
            if piece in alone:
                for entry, row in mine:
                    if row["status"] == "kept":
                        part = Part(box, at, entry.out, row["digests"]["clean"])
                        found.setdefault(goal_of(piece.path, row["line"], row["id"], to), []).append(part)
                    at += entry.out
                continue
            known = report["records"][piece.path]
            part = Part(box, at, known["bytes"], known["clean"])
            found.setdefault(output(piece.path, to), []).append(part)
            at += part.size
    return found


def _rows(manifest: bytes) -> list[dict[str, Any]]:
    """The rows of a part of a manifest."""
    data = gzip.decompress(manifest) if manifest.startswith(b"\x1f\x8b") else manifest
    return [json.loads(line) for line in data.split(b"\n") if line]


def chunks(store: Store, found: Iterable[Part]) -> Iterator[bytes]:
    """The bytes of an output file, a few at a time."""
    for part in found:
        for at in range(0, part.size, CHUNK):
            yield store.slice(part.box, part.part, part.start + at, min(CHUNK, part.size - at))


CHUNK = 1 << 22


def packed(engine: Engine, outcome: Outcome) -> dict[str, list[Part]]:
    """Pack the output files that are more than their lines; the parts of each.

    Compressed lines are packed part by part: streams of gzip and Zstandard may stand one behind the other.
    """
    added = {"key": outcome.job.config.metadata_key} if outcome.job.config.metadata_key else {}
    store, to = outcome.store, outcome.job.config.to
    made: dict[str, list[Part]] = {}
    tasks: list[tuple[Any, ...]] = []
    owners: list[str] = []
    heads = {output(path, to): store.report(box)["head"] for path, box in outcome.boxes.items()}
    for path, parts in _plain(outcome).items():
        if not holds_records(path) or (is_plain(path) and not to):
            continue
        if is_plain(path):
            made[path] = parts
            continue
        found = shape(path)
        head = (
            {} if found and found.format.name == "jsonl" else {**heads.get(path, {}), **added}
        )  # lines are published in UTF-8
        together = [[part] for part in parts] if found and found.format.name == "jsonl" else [parts]
        for some in together:
            known = json.dumps([path, head, [part.digest for part in some]])
            tasks.append((outcome.store, f"pack-{sha256(known.encode()).hexdigest()[:32]}", path, head, some))
            owners.append(path)
    reports = engine.run(pack, tasks)
    for task, path, report in zip(tasks, owners, reports, strict=True):
        size, known = report["parts"].get(FILE, (0, sha256().hexdigest()))
        made.setdefault(path, []).append(Part(task[1], 0, size, known, FILE))
    return made


def pack(store: Store, name: str, path: str, head: Mapping[str, Any], parts: list[Part]) -> Report:
    """Task: write lines as a file of the format that `path` names, into the box `name`. Raises FormatError."""
    if store.has(name):
        return store.report(name)
    with store.box(name) as box:
        try:
            write(cast("BinaryIO", _Written(box)), path, head, _Lines(store, parts))
        except FormatError as error:
            raise FormatError(f"{path}: {error}") from error
    return store.report(name)


def lines(found: Iterable[bytes]) -> Iterator[bytes]:
    """Bytes that end in a line feed, as lines."""
    held = b""
    for chunk in found:
        *whole, held = (held + chunk).split(b"\n")
        yield from whole


class _Lines:
    """The lines of some parts; they can be gone through again."""

    def __init__(self, store: Store, parts: list[Part]) -> None:
        self.store, self.parts = store, parts

    def __iter__(self) -> Iterator[bytes]:
        return lines(chunks(self.store, self.parts))


class _Written:
    """A part of a box as a file to write to."""

    closed = False

    def __init__(self, box: Box) -> None:
        self.box = box
        self.size = 0

    def write(self, data: bytes) -> int:
        """See io.RawIOBase."""
        self.box.add(FILE, bytes(data))
        self.size += len(data)
        return len(data)

    def tell(self) -> int:
        """See io.RawIOBase."""
        return self.size

    def flush(self) -> None:
        """The box writes what it holds when it is finished."""

    def close(self) -> None:
        """The box is closed by who opened it."""
