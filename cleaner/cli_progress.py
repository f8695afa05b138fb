"""How far a command is, shown on standard error: a live line to a person, a line now and then in a log."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from cleaner.progress import Progress


def is_watched() -> bool:
    """Whether standard error is a terminal; a closed one is none."""
    return sys.stderr is not None and sys.stderr.isatty()


@contextmanager
def progress_bar(title: str) -> Iterator[Callable[[int], None] | None]:
    """A live count of documents, only where a person is looking."""
    if not is_watched():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    counted = TextColumn("{task.completed:,.0f} documents")
    columns = (SpinnerColumn(), TextColumn(title), counted, TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=None)
        yield lambda count: bar.advance(task, count)


@contextmanager
def meter(title: str, *, quiet: bool = False) -> Iterator[Progress | None]:
    """How far a run is: a live line where a person is looking, else a line now and then on standard error."""
    if quiet:
        yield None
        return
    if not is_watched():
        yield Lines(title)
        return
    from rich.console import Console
    from rich.progress import DownloadColumn, SpinnerColumn, TextColumn, TimeRemainingColumn, TransferSpeedColumn
    from rich.progress import Progress as Bar

    counted = TextColumn("{task.fields[documents]:,} documents, {task.fields[changes]:,} changes")
    columns = (SpinnerColumn(), TextColumn("{task.description}"), counted, DownloadColumn(), TransferSpeedColumn())
    with Bar(*columns, TimeRemainingColumn(), console=Console(stderr=True), transient=True) as bar:
        yield Live(title, bar, bar.add_task(title, total=None, documents=0, changes=0))


class Live:
    """Progress as a live line."""

    def __init__(self, title: str, bar: Any, task: Any) -> None:
        self.title, self.bar, self.task = title, bar, task
        self.documents = self.changes = 0

    def expect(self, size: int) -> None:
        """See Progress."""
        self.bar.update(self.task, total=size, description=self.title)

    def add(self, documents: int, size: int, changes: int) -> None:
        """See Progress."""
        self.documents += documents
        self.changes += changes
        self.bar.update(self.task, advance=size, documents=self.documents, changes=self.changes)

    def step(self, doing: str, done: int, count: int) -> None:
        """See Progress."""
        self.bar.update(self.task, description=f"{doing}, {done:,} of {count:,}" if count > 1 else doing)


EVERY = 30.0
"""Seconds between two lines of progress in a log."""


class Lines:
    """Progress as a line now and then."""

    def __init__(self, title: str) -> None:
        self.title = title
        self.start = self.said = time.monotonic()
        self.documents = self.size = self.changes = self.total = 0

    def expect(self, size: int) -> None:
        """See Progress."""
        self.total = size

    def add(self, documents: int, size: int, changes: int) -> None:
        """See Progress."""
        self.documents += documents
        self.size += size
        self.changes += changes
        if not self._is_time():
            return
        speed = self.size / (self.said - self.start)
        left = (self.total - self.size) / max(speed, 1) / 60
        click.echo(
            f"{self.title}: {self.documents:,} documents, {self.size / 1e6:,.0f} of {self.total / 1e6:,.0f} MB, "
            f"{speed / 1e6:.1f} MB/s, {left:,.0f} min left, {self.changes:,} changes",
            err=True,
        )

    def step(self, doing: str, done: int, count: int) -> None:
        """See Progress."""
        if self._is_time():
            click.echo(f"{doing}: {done:,} of {count:,} tasks", err=True)

    def _is_time(self) -> bool:
        now = time.monotonic()
        if now - self.said < EVERY:
            return False
        self.said = now
        return True
