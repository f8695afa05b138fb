"""Tasks on a Ray cluster: each a remote function, nothing in actors or in the object store."""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence
from concurrent.futures import Future
from typing import Any, cast

from cleaner.engine import Done, EngineError, Report, Task, WorkerError, check_reachable, gathered


class Ray:
    """A cluster that is there already; Ray runs a task again when its worker or its machine dies."""

    def __init__(self, address: str = "") -> None:
        """Connect to `address`, or to the cluster of this machine or job. Raises EngineError."""
        try:
            import ray
        except ImportError as error:
            raise EngineError("--engine ray needs Ray: pip install 'corpus-cleaner[ray]'") from error
        check_reachable(address)
        os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")  # tasks without GPUs see what they see
        try:
            ray.init(address or "auto", logging_level=logging.ERROR, log_to_driver=False)
        except (ConnectionError, RuntimeError, ValueError) as error:
            said = str(error).splitlines()[0]
            raise EngineError(f"Ray at {address or 'this machine'}: {said} (see --engine-address)") from error
        self._ray: Any = ray

    def run(self, task: Task, arguments: Sequence[tuple[Any, ...]], done: Done | None = None) -> list[Report]:
        """See Engine. Raises WorkerError when workers keep dying."""
        remote = self._ray.remote(task)
        slots = int(self._ray.cluster_resources().get("CPU", 1))
        try:
            return gathered(
                lambda values: cast("Future[Report]", remote.remote(*values).future()), arguments, slots, done
            )
        except self._ray.exceptions.RayError as error:
            raise WorkerError(f"Ray gave up: {error}") from error

    def close(self) -> None:
        """Let go of the cluster; what of ours still runs there is ended by it."""
        self._ray.shutdown()
