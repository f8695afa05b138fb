"""Who does the work: a pool of processes. It schedules and knows nothing of text."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import TypeVar

Work = TypeVar("Work")
Batch = TypeVar("Batch")
Result = TypeVar("Result")

AHEAD = 4
"""Batches per worker that wait to be done or to be taken; more would only hold memory."""
WATCH = 1.0
"""Seconds after which a worker notices that the process it works for is gone."""


class WorkerError(RuntimeError):
    """A worker process died before its work was done."""


def _begin(parent: int) -> None:
    """Leave Ctrl-C to the parent, and end with it, however it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(WATCH)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def map_batches(
    function: Callable[[Work, Batch], Result], work: Work, batches: Iterable[Batch], workers: int
) -> Iterator[Result]:
    """Call a module-level function with `work` and each batch, in processes, and give the results in order.

    Raises WorkerError when a worker dies.
    """
    waiting: deque[Future[Result]] = deque()
    context = get_context("spawn")
    pool = ProcessPoolExecutor(workers, mp_context=context, initializer=_begin, initargs=(os.getpid(),))
    try:
        for batch in batches:
            waiting.append(pool.submit(function, work, batch))
            if len(waiting) >= AHEAD * workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
        pool.shutdown()
    except BrokenProcessPool as error:
        raise WorkerError("a worker process was killed, perhaps for want of memory") from error
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
