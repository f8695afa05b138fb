"""How far a run is: who shows it, and an engine that tells of every task that is done."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from cleaner.engine import Done, Engine, Report, Task

DOING = {
    "unpack": "unpacking",
    "survey": "reading",
    "restage": "reading",
    "beside": "looking for copies",
    "pair": "looking for likely pairs",
    "unite": "looking for likely pairs",
    "join": "looking for groups",
    "compare": "comparing",
    "share": "looking for shared sentences",
    "quote": "comparing sentences",
    "settle": "settling",
    "finish": "writing",
    "pack": "packing",
}
"""What is done, by the name of the task; of what is cleaned, documents and bytes are told instead."""


class Progress(Protocol):
    """Who shows how far a run is."""

    def expect(self, size: int) -> None:
        """So many bytes there are to clean in all."""
        ...

    def add(self, documents: int, size: int, changes: int) -> None:
        """So much more is cleaned."""
        ...

    def step(self, doing: str, done: int, count: int) -> None:
        """Of another step than cleaning, so many of so many tasks are done."""
        ...


class Told:
    """An engine whose tasks are told of as they are done."""

    def __init__(self, engine: Engine, progress: Progress) -> None:
        self._engine, self._progress = engine, progress

    def run(self, task: Task, arguments: Sequence[tuple[Any, ...]], done: Done | None = None) -> list[Report]:
        """See Engine."""
        doing = DOING.get(task.__name__)
        if not doing or not arguments:
            return self._engine.run(task, arguments, done)
        heard = 0
        self._progress.step(doing, heard, len(arguments))

        def hear(report: Report) -> None:
            nonlocal heard
            heard += 1
            self._progress.step(doing, heard, len(arguments))
            if done:
                done(report)

        return self._engine.run(task, arguments, hear)

    def close(self) -> None:
        """See Engine."""
        self._engine.close()
