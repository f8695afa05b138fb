"""Tasks on a Spark cluster: each a job of one partition; no data frames, no shuffle."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, cast

from cleaner.engine import AHEAD, Done, EngineError, Report, Task, WorkerError, check_reachable, gathered


class Spark:
    """A cluster that is there already; Spark runs a task again when its worker or its machine dies."""

    def __init__(self, address: str = "") -> None:
        """Connect to the master `address`, or to that of `spark-submit` or Spark's settings. Raises EngineError."""
        try:
            from pyspark import SparkConf, SparkContext
        except ImportError as error:
            raise EngineError("--engine spark needs Spark: pip install 'corpus-cleaner[spark]'") from error
        check_reachable(address)
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        settings = SparkConf().setIfMissing("spark.app.name", "cleaner").setIfMissing("spark.log.level", "ERROR")
        settings.setIfMissing("spark.ui.showConsoleProgress", "false").setIfMissing("spark.master", "local[*]")
        try:
            self._context: Any = SparkContext.getOrCreate(settings.setMaster(address) if address else settings)
        except Exception as error:  # Java raises whatever it likes
            raise EngineError(f"Spark at {address or 'this machine'}: {str(error).strip().splitlines()[-1]}") from error

    def run(self, task: Task, arguments: Sequence[tuple[Any, ...]], done: Done | None = None) -> list[Report]:
        """See Engine. Raises WorkerError when workers keep dying."""
        slots = self._context.defaultParallelism

        def job(values: tuple[Any, ...]) -> Report:
            return cast("Report", self._context.parallelize([values], 1).map(lambda given: task(*given)).collect()[0])

        with ThreadPoolExecutor(AHEAD * slots) as threads:
            try:
                return gathered(lambda values: threads.submit(job, values), arguments, slots, done)
            except BaseException as error:
                threads.shutdown(wait=False, cancel_futures=True)
                self._context.cancelAllJobs()
                if not hasattr(error, "java_exception"):
                    raise
                raise WorkerError(f"Spark gave up: {error}") from error

    def close(self) -> None:
        """Let go of the cluster."""
        self._context.stop()
