"""Tasks for processes that somebody else started: a Slurm array, an indexed Job of Kubernetes, shells on many machines.

Every process runs the whole plan. Of each kind of task it does those that nobody has taken up (lease.py), and waits for
the reports of the others; a folder that all reach is what they have in common. One that dies is missed after a while,
and its task done by another: no number of them is needed but one.
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from cleaner.engine import Done, Report, Task
from cleaner.lease import Leases
from cleaner.place import Place

POLL = 1.0
LONGEST = 15.0
"""Seconds between two looks at what others have done: at first, and when nothing happens for long."""


class Array:
    """One of many processes that share the tasks of a plan."""

    def __init__(self, place: Place, index: int) -> None:
        """`place` is shared by all; processes of different `index` begin with different tasks."""
        self.place, self.index, self.leases = place, index, Leases(place)

    def run(self, task: Task, arguments: Sequence[tuple[Any, ...]], done: Done | None = None) -> list[Report]:
        """See Engine. Raises what a task raises here."""
        count, pause = len(arguments), POLL
        folder = f"{task.__name__}-{_digest(arguments)}"
        reports: dict[int, Report] = {}
        while len(reports) < count:
            there, before = self.place.sizes(folder), len(reports)
            for number in (one % count for one in range(self.index, self.index + count)):
                reported, taken = f"{number}.json", f"{number}.taken"
                if number in reports:
                    continue
                if reported not in there:
                    if not self.leases.take(f"{folder}/{taken}", known=taken in there):
                        continue
                    with self.leases.held(f"{folder}/{taken}"):
                        self.place.write(f"{folder}/{reported}", json.dumps(task(*arguments[number])).encode())
                reports[number] = json.loads(self.place.read(f"{folder}/{reported}"))  # ours as others read it
                if done:
                    done(reports[number])
            pause = POLL if len(reports) > before else min(2 * pause, LONGEST)
            if before == len(reports) < count:
                time.sleep(pause)
        return [reports[number] for number in range(count)]

    def close(self) -> None:
        """There is nothing to end: the others end by themselves."""


def _digest(arguments: Sequence[tuple[Any, ...]]) -> str:
    """What tells tasks of one kind apart: plain values, such as the names of boxes. All else is the same for all."""
    stated = b"".join(json.dumps(values, default=lambda _: None).encode() for values in arguments)
    return sha256(stated).hexdigest()[:32]
