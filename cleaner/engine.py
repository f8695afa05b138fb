"""Who does the work: this process, a pool of processes, or a cluster (engine_*.py). An engine knows nothing of text.

A task is a module-level function of plain data that may be run twice: it leaves its result in a store, whole or not at
all, and returns a small report. So whoever runs it, and however often, the answer is the same.
"""

from __future__ import annotations

import gc
import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, as_completed, wait
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from multiprocessing import active_children, get_context
from typing import Any, Protocol

Report = Mapping[str, Any]
Task = Callable[..., Report]
Done = Callable[[Report], None]

WATCH = 1.0
"""Seconds after which a worker notices that the process it works for is gone."""
STRIKES = 3
"""Pools that may break in a row, not one task done in between, before the run gives up."""
REACH = 5.0
"""Seconds within which a cluster must accept a connection."""
CYCLES = 50_000
"""New objects after which a run looks for cycles. Python does after 700, which a page or two make and none are in
cycles: that took a twelfth of a run."""
AHEAD = 4
"""Tasks that a cluster is given for each of its slots before the first of them is done."""


class WorkerError(RuntimeError):
    """Worker processes die again and again before they finish one task."""


class EngineError(Exception):
    """An engine that cannot be used, with what is missing and what to do. The command line exits with 2."""


class Engine(Protocol):
    """Runs tasks. There is one verb."""

    def run(self, task: Task, arguments: Sequence[tuple[Any, ...]], done: Done | None = None) -> list[Report]:
        """Call `task` with each of the arguments; the reports come in their order, `done` hears each as it comes."""
        ...

    def close(self) -> None:
        """End all processes."""
        ...


class Here:
    """One task after the other in this process."""

    def run(self, task: Task, arguments: Sequence[tuple[Any, ...]], done: Done | None = None) -> list[Report]:
        """See Engine."""
        reports = []
        for argument in arguments:
            reports.append(task(*argument))
            if done:
                done(reports[-1])
        return reports

    def close(self) -> None:
        """There is nothing to end."""


class Processes:
    """A pool of processes. One that was killed is replaced, and what it had not finished is done again.

    Workers are spawned: no fork server stands between that could be killed, and no state is inherited.
    """

    def __init__(self, workers: int) -> None:
        self.workers = workers
        self._pool: ProcessPoolExecutor | None = None

    def run(self, task: Task, arguments: Sequence[tuple[Any, ...]], done: Done | None = None) -> list[Report]:
        """See Engine. Raises WorkerError when workers keep dying, and what a task raises."""
        reports: dict[int, Report] = {}
        strikes = 0
        while len(reports) < len(arguments):
            before = len(reports)
            try:
                self._once(task, arguments, reports, done)
            except BrokenProcessPool as error:
                self.close()
                strikes = 0 if len(reports) > before else strikes + 1
                if strikes == STRIKES:
                    raise WorkerError(
                        "worker processes are killed again and again, perhaps for want of memory"
                    ) from error
                if strikes:
                    self.workers = 1  # what does not fit beside others may fit alone
            except BaseException:
                self.close()
                raise
        return [reports[number] for number in range(len(arguments))]

    def _once(
        self, task: Task, arguments: Sequence[tuple[Any, ...]], reports: dict[int, Report], done: Done | None
    ) -> None:
        if self._pool is None:
            context = get_context("spawn")
            self._pool = ProcessPoolExecutor(
                self.workers, mp_context=context, initializer=_begin, initargs=(os.getpid(),)
            )
        waiting: dict[Future[Report], int] = {
            self._pool.submit(task, *argument): number
            for number, argument in enumerate(arguments)
            if number not in reports
        }
        for future in as_completed(waiting):
            report = reports[waiting[future]] = future.result()
            if done:
                done(report)

    def close(self) -> None:
        """End the workers at once: a task that is cut off left nothing behind."""
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
            for process in active_children():
                process.terminate()
            self._pool = None


Submit = Callable[[tuple[Any, ...]], "Future[Report]"]


def gathered(submit: Submit, arguments: Sequence[tuple[Any, ...]], slots: int, done: Done | None) -> list[Report]:
    """What engines of clusters have in common: keep all slots busy, hear each report, give them in order."""
    reports: dict[int, Report] = {}
    waiting: dict[Future[Report], int] = {}
    left = iter(enumerate(arguments))
    while True:
        for number, values in islice(left, max(0, AHEAD * slots - len(waiting))):
            waiting[submit(values)] = number
        if not waiting:
            return [reports[number] for number in range(len(arguments))]
        for future in wait(waiting, return_when=FIRST_COMPLETED).done:
            report = reports[waiting.pop(future)] = future.result()
            if done:
                done(report)


def check_reachable(address: str) -> None:
    """Knock at an address such as spark://host:7077 or host:6379; others are left to the engine. Raises EngineError."""
    host, _, port = address.rpartition("://")[2].partition(",")[0].rpartition(":")
    if not host or not port.isdecimal():
        return
    try:
        socket.create_connection((host, int(port)), REACH).close()
    except (OSError, OverflowError) as error:
        raise EngineError(f"{address}: no cluster answers there ({error}); see --engine-address") from error


def _begin(parent: int) -> None:
    """Leave Ctrl-C to the parent, and end with it, however it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(WATCH)
        os._exit(1)

    gc.set_threshold(CYCLES)
    threading.Thread(target=watch, daemon=True).start()
