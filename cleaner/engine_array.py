"""Tasks for processes that somebody else started: a Slurm array, an indexed Job of Kubernetes, shells on many machines.

Every process runs the whole plan. Of each kind of task it does those that nobody has taken up, and waits for the
reports of the others; a folder on shared storage is all they have in common. One that dies is missed after a while, and
its task done by another: no number of them is needed but one.
"""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from secrets import token_hex
from typing import Any

from cleaner.engine import Done, Report, Task

POLL = 1.0
LONGEST = 15.0
"""Seconds between two looks at what others have done: at first, and when nothing happens for long."""
BEAT = 5.0
"""Seconds between two signs of life of a process that works on a task."""
LOST = 60.0
"""Seconds without one after which the task is taken over. Each looks at its own clock: those of machines differ."""
REPORTED, TAKEN = ".json", ".taken"


class Array:
    """One of many processes that share the tasks of a plan."""

    def __init__(self, folder: Path, index: int) -> None:
        """`folder` is shared by all; processes of different `index` begin with different tasks."""
        self.folder, self.index = folder, index
        self.signs: dict[Path, tuple[int, float]] = {}

    def run(self, task: Task, arguments: Sequence[tuple[Any, ...]], done: Done | None = None) -> list[Report]:
        """See Engine. Raises what a task raises here."""
        count = len(arguments)
        folder = self.folder / f"{task.__name__}-{_digest(arguments)}"
        folder.mkdir(parents=True, exist_ok=True)
        pause = POLL
        reports: dict[int, Report] = {}
        while len(reports) < count:
            there = {entry.name for entry in os.scandir(folder)}
            before = len(reports)
            for number in (one % count for one in range(self.index, self.index + count)):
                if number in reports:
                    continue
                if f"{number}{REPORTED}" in there:
                    reports[number] = json.loads((folder / f"{number}{REPORTED}").read_bytes())
                elif self._take(folder / f"{number}{TAKEN}", known=f"{number}{TAKEN}" in there):
                    with _beating(folder / f"{number}{TAKEN}"):
                        reports[number] = _reported(folder / f"{number}{REPORTED}", task(*arguments[number]))
                else:
                    continue
                if done:
                    done(reports[number])
            pause = POLL if len(reports) > before else min(2 * pause, LONGEST)
            if before == len(reports) < count:
                time.sleep(pause)
        return [reports[number] for number in range(count)]

    def _take(self, path: Path, *, known: bool) -> bool:
        """Whether a task is ours: nobody had taken it up, or who had shows no life any more."""
        if not known:
            try:
                os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
            except FileExistsError:
                return False
            return True
        try:
            sign = path.stat().st_mtime_ns
        except FileNotFoundError:
            return False  # given back just now
        seen, since = self.signs.setdefault(path, (sign, time.monotonic()))
        if seen != sign:
            self.signs[path] = sign, time.monotonic()
            return False
        return time.monotonic() - since > LOST

    def close(self) -> None:
        """There is nothing to end: the others end by themselves."""


def _digest(arguments: Sequence[tuple[Any, ...]]) -> str:
    """What tells tasks of one kind apart: plain values, such as the names of boxes. All else is the same for all."""
    whole = sha256()
    for values in arguments:
        whole.update(json.dumps(values, default=lambda _: None).encode())
    return whole.hexdigest()[:32]


@contextmanager
def _beating(path: Path) -> Iterator[None]:
    """Show life while a task is done; one that fails is given back."""
    ended = threading.Event()

    def beat() -> None:
        while not ended.is_set():
            path.touch()
            ended.wait(BEAT)

    thread = threading.Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    except BaseException:
        ended.set()
        thread.join()
        path.unlink(missing_ok=True)
        raise
    ended.set()


def _reported(path: Path, report: Report) -> Report:
    """Leave a report for the others, whole or not at all; ours is what they will read."""
    data = json.dumps(report)
    writing = path.with_name(f"{path.name}.{token_hex(8)}")
    writing.write_text(data, encoding="utf-8")
    writing.replace(path)
    found: Report = json.loads(data)
    return found
