"""The two ends of `cleaner run`: folders, `-` for standard input and output, and addresses in a store."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, redirect_stdout
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, BinaryIO

import click

if TYPE_CHECKING:
    from cleaner.corpus import Inputs

STDIN_FORMATS = ("jsonl", "jsonl.gz", "jsonl.zst", "csv", "tsv", "parquet", "txt", "html")
STREAM = "-"

Deliver = Callable[[], None]


@contextmanager
def ends(
    raw: str, clean: str, kind: str, work: Path | None, to: str, exchange: str = "", *, written: bool = True
) -> Iterator[tuple[Path | Inputs, Path, Deliver]]:
    """The files to read, the folder to publish into, and what to call when it is published.

    What is no folder on this disk gets one below `work`, or one that goes when the command ends; but what lies in a
    store stays there where workers `exchange` results in one too. Where something will be written there, a store is
    kept from others who would write too. Raises CorpusError.
    """
    from cleaner.bucket import is_remote
    from cleaner.corpus import inputs_in
    from cleaner.mirror import Mirror

    with ExitStack() as stack:
        place = work
        if place is None and (STREAM in (raw, clean) or is_remote(raw) or is_remote(clean)):
            place = Path(stack.enter_context(TemporaryDirectory(prefix="cleaner-")))
        place = place or Path()
        source: Path | Inputs = Path(raw)
        target = Path(clean)
        if raw == STREAM:
            source = _spooled(place / "raw" / f"stdin.{kind}")
        elif is_remote(raw) and is_remote(exchange):
            source = inputs_in(raw)
        elif is_remote(raw):
            source = Mirror(raw, place / "raw").fetch()
        deliver: Deliver = lambda: None  # noqa: E731
        if clean == STREAM:
            goals = _goals(source, to)
            target = place / "clean"
            stdout = sys.stdout
            stack.enter_context(redirect_stdout(sys.stderr))
            deliver = lambda: _emit([target / goal for goal in goals], stdout.buffer)  # noqa: E731
        elif is_remote(clean):
            if written:
                stack.enter_context(_alone(clean))
            mirror = Mirror(clean, place / "clean")
            mirror.fetch(must_exist=False)
            target, deliver = mirror.folder, mirror.send
        yield source, target, deliver


@contextmanager
def _alone(clean: str) -> Iterator[None]:
    """Keep other runs out of a folder in a store. Raises CorpusError when one is at work there."""
    from cleaner.bucket import Bucket
    from cleaner.corpus import JOURNAL, WORK, CorpusError
    from cleaner.lease import TakenError, alone
    from cleaner.lock import NAME

    try:
        with alone(Bucket(clean), f"{JOURNAL}/{WORK}/{NAME}"):
            yield
    except TakenError as error:
        raise CorpusError(
            f"{clean}: another run is at work here; wait until it has ended, or name another folder"
        ) from error


def _spooled(file: Path) -> Path:
    """Standard input as a file: it can be read only once, and a run reads its sources more often."""
    from cleaner.corpus import CorpusError

    if sys.stdin is None:
        raise CorpusError("standard input: is closed")
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("wb") as target:
        shutil.copyfileobj(sys.stdin.buffer, target, 1 << 20)
    return file


def _goals(source: Path | Inputs, to: str) -> list[str]:
    """The files that go to standard output: one, or several of lines."""
    from cleaner.corpus import find_inputs
    from cleaner.formats import is_plain, output

    inputs = find_inputs(source) if isinstance(source, Path) else source
    goals = sorted({output(path, to) for path in inputs.files})
    if len(goals) > 1 and not all(map(is_plain, goals)):
        raise click.UsageError("standard output takes one file, or lines of JSON: add --to jsonl")
    return goals


def _emit(files: list[Path], out: BinaryIO) -> None:
    for file in files:
        if file.is_file():
            with file.open("rb") as source:
                shutil.copyfileobj(source, out, 1 << 20)
