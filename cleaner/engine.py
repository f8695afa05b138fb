"""Who does the work: a pool of processes. It schedules and knows nothing of text."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context
from typing import TypeVar

Work = TypeVar("Work")
Batch = TypeVar("Batch")
Result = TypeVar("Result")

AHEAD = 4
"""Batches per worker that wait to be done or to be taken; more would only hold memory."""


def map_batches(
    function: Callable[[Work, Batch], Result], work: Work, batches: Iterable[Batch], workers: int
) -> Iterator[Result]:
    """Call a module-level function with `work` and each batch, in processes, and give the results in order."""
    waiting: deque[Future[Result]] = deque()
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        try:
            for batch in batches:
                waiting.append(pool.submit(function, work, batch))
                if len(waiting) >= AHEAD * workers:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()
