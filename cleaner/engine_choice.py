"""Which engine the settings ask for."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from cleaner.agreement import Agreed
from cleaner.bucket import is_remote
from cleaner.config import Config
from cleaner.engine import Engine, Here, Processes
from cleaner.place import Place

CLUSTERS = ("ray", "spark")
"""Engines whose workers are other machines: paths are absolute, results lie where all reach them."""


def apart(config: Config, clean: str) -> Config:
    """The settings with a part of the exchange that only runs into `clean`, a path or an address, make use of."""
    if not config.exchange:
        return config
    own = sha256((clean if is_remote(clean) else str(Path(clean).resolve())).encode()).hexdigest()[:16]
    whole = config.exchange if is_remote(config.exchange) else str(Path(config.exchange).resolve())
    return replace(config, exchange=f"{whole.rstrip('/')}/{own}")


def chosen(name: str, address: str, workers: int, *, folders: tuple[Path, ...], raw: Place, work: Place) -> Engine:
    """The engine of this name; those of clusters check their workers first. Raises EngineError, CorpusError."""
    if name == "ray":
        from cleaner.engine_ray import Ray

        return Agreed(Ray(address), folders, raw, work)
    if name == "spark":
        from cleaner.engine_spark import Spark

        return Agreed(Spark(address), folders, raw, work)
    return Processes(workers) if name == "processes" and workers > 1 else Here()
