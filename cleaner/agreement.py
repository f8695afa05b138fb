"""Tasks only for workers that would do the same as we: the same program, and the same storage.

Workers of a cluster are set up by other hands. One with another version of a rule would spoil a corpus without a sign,
so what they must have in common with us travels with every task, and each worker process looks once, before its first.
"""

from __future__ import annotations

import platform
import sys
import threading
import traceback
from collections.abc import Sequence
from functools import lru_cache
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from secrets import token_hex
from typing import Any, NamedTuple

from cleaner.engine import Done, Engine, EngineError, Report, Task
from cleaner.identity import program
from cleaner.place import Place

PATIENCE = 120.0
"""Seconds within which some worker must take up a first task: a cluster may have to start machines."""
PROOF = "agreement-"
"""How the names begin of files that workers must find."""
FAILED = "failed"
"""The key of a report that holds what a task raised. Engines wrap, reword and retry what they see raised."""


class Terms(NamedTuple):
    """What a worker must have in common with the process that gives it work."""

    version: str
    python: str
    folders: tuple[Path, ...]
    program: str
    raw: Place
    work: Place
    proof: str
    secret: str


class Agreed:
    """An engine whose workers are checked. It knows the tasks of another one, and hands on its reports."""

    def __init__(self, engine: Engine, folders: tuple[Path, ...], raw: Place, work: Place) -> None:
        """`work` is the place where tasks leave results, and a file that workers must find. Raises EngineError."""
        from cleaner import __version__

        secret = token_hex(16)
        proof = f"{PROOF}{secret[:8]}"
        try:
            work.write(proof, secret.encode())
        except OSError as error:
            raise EngineError(f"{error.filename or work}: cannot be written ({error.strerror or error})") from error
        self.engine = engine
        self.terms = Terms(__version__, _python(), folders, program(folders), raw, work, proof, secret)
        self.agreed = False

    def run(self, task: Task, arguments: Sequence[tuple[Any, ...]], done: Done | None = None) -> list[Report]:
        """See Engine. Raises EngineError when a worker has not what it must have, and what a task raises."""
        if not self.agreed and arguments:
            self._meet()

        def heard(report: Report) -> None:
            if error := report.get(FAILED):
                raise error
            if done:
                done(report)

        return self.engine.run(bound, [(self.terms, task, values) for values in arguments], heard)

    def _meet(self) -> None:
        """Have one worker look before there is work; in a thread, since a cluster without workers never answers."""
        met: list[Report | Exception] = []

        def ask() -> None:
            try:
                met.extend(self.engine.run(bound, [(self.terms, nothing, ())]))
            except Exception as error:  # told below, in this thread
                met.append(error)

        asking = threading.Thread(target=ask, daemon=True)
        asking.start()
        asking.join(PATIENCE)
        if not met:
            raise EngineError(f"no worker of the cluster took up a task within {PATIENCE:.0f} seconds; has it any?")
        answer = met[0]
        if isinstance(answer, Exception):
            if "No module named 'cleaner" in str(answer):
                raise EngineError(
                    f"a worker has no cleaner: install corpus-cleaner {self.terms.version} on all of them"
                ) from answer
            raise answer
        if error := answer.get(FAILED):
            raise error
        self.agreed = True

    def close(self) -> None:
        """See Engine. Also removes what drivers left there that were killed: one is at work in a place at a time."""
        self.engine.close()
        for name in self.terms.work.sizes():
            if name.startswith(PROOF):
                self.terms.work.remove(name)


def nothing() -> Report:
    """Task: the first one, which only has the worker look at the terms."""
    return {}


def bound(terms: Terms, task: Task, arguments: tuple[Any, ...]) -> Report:
    """Run a task if this process fulfils the terms; what it raises is its report."""
    try:
        if difference := differing(terms):
            raise EngineError(f"worker on {platform.node()}: {difference}")
        return task(*arguments)
    except Exception as error:
        error.add_note(traceback.format_exc())  # the trace itself cannot travel
        return {FAILED: error}


@lru_cache(maxsize=16)
def differing(terms: Terms) -> str:
    """In what this process differs from the one that gives work; nothing where it does not."""
    from cleaner import __version__

    if __version__ != terms.version:
        return f"has cleaner {__version__}, not {terms.version}: install corpus-cleaner {terms.version} there"
    if _python() != terms.python:
        return f"runs Python {_python()}, not {terms.python}"
    if any(not folder.is_dir() for folder in terms.folders):
        return f"does not find all rule folders: {', '.join(map(str, terms.folders))}"
    try:
        same = program(terms.folders) == terms.program
    except PackageNotFoundError as error:
        return f"lacks {error.name}: install corpus-cleaner {terms.version} there, with what it needs"
    if not same:
        return "has other rules, other code or other versions of packages: install the same everywhere"
    try:
        known = terms.work.read(terms.proof)
    except OSError as error:
        known = str(error).encode()
    if known != terms.secret.encode() or not terms.raw.exists():
        missing = terms.raw if known == terms.secret.encode() else terms.work
        return f"does not reach {missing}: raw and clean, or what --exchange names, must be reached by all workers"
    return ""


def _python() -> str:
    return "{}.{}".format(*sys.version_info)
