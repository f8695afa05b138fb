"""Which engine the settings ask for."""

from __future__ import annotations

from pathlib import Path

from cleaner.agreement import Agreed
from cleaner.engine import Engine, Here, Processes

CLUSTERS = ("ray", "spark")
"""Engines whose workers are other machines: paths are absolute, results lie in a folder that all reach."""


def chosen(name: str, address: str, workers: int, *, folders: tuple[Path, ...], raw: Path, work: Path) -> Engine:
    """The engine of this name; those of clusters check their workers first. Raises EngineError, CorpusError."""
    if name == "ray":
        from cleaner.engine_ray import Ray

        return Agreed(Ray(address), folders, raw, work)
    if name == "spark":
        from cleaner.engine_spark import Spark

        return Agreed(Spark(address), folders, raw, work)
    return Processes(workers) if name == "processes" and workers > 1 else Here()
