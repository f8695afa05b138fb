"""A run written down, so that processes which others start can do it together (engine_array.py).

The file names folders and settings, never code; who takes part must come to the same settings with the same rules.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from typing import Any

from cleaner.config import Config, load_config
from cleaner.corpus import CorpusError, write_atomically
from cleaner.engine import EngineError
from cleaner.identity import program
from cleaner.job import Job
from cleaner.place import Disk, Place
from cleaner.run import settings_digest

PUBLISHING, PUBLISHED = "publishing", "published"
"""How far a run is: nobody needs the results of tasks but who publishes, or nobody at all."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done: absolute paths, settings, and the folder where processes tell each other what is done."""

    raw: Path
    clean: Path
    folders: tuple[Path, ...]
    config: Config
    tasks: Place

    def mark(self, word: str) -> None:
        """Tell all processes how far the run is."""
        self.tasks.write(word, b"")

    def is_marked(self, word: str) -> bool:
        """Whether the run is so far."""
        return word in self.tasks.sizes()


def write_plan(path: Path, raw: Path, clean: Path, folders: tuple[Path, ...], given: Mapping[str, Any]) -> None:
    """Write a run down; `given` are the settings of the command line. Raises CorpusError, ConfigError."""
    raw, folders = raw.resolve(), tuple(folder.resolve() for folder in folders)
    stated = {
        "raw": str(raw),
        "clean": str(clean.resolve()),
        "from": str(Path.cwd()),
        "rules": [str(folder) for folder in folders],
        "given": {key: value for key, value in given.items() if value not in (None, ())},
        "program": program(folders),
        "settings": settings_digest(Job(load_config(raw, **given), _root(raw), folders), {}),
        "name": token_hex(8),
    }
    write_atomically(path, (json.dumps(stated, indent=2) + "\n").encode())


def load_plan(path: Path) -> Plan:
    """A run that was written down. Raises CorpusError when it is none, EngineError when we would do it otherwise."""
    from cleaner import __version__

    try:
        stated = json.loads(path.read_bytes())
        raw, clean, current = Path(stated["raw"]), Path(stated["clean"]), Path(stated["from"])
        folders = tuple(map(Path, stated["rules"]))
        given = {key: tuple(value) if isinstance(value, list) else value for key, value in stated["given"].items()}
        known, settings = str(stated["program"]), str(stated["settings"])
        tasks = Disk(path.resolve().with_name(f"{path.name}.tasks") / str(int(stated["name"], 16)))
    except OSError as error:
        raise CorpusError(f"{path}: cannot be read ({error.strerror}); write a plan: cleaner run --plan") from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise CorpusError(f"{path}: is no plan; write one: cleaner run RAW CLEAN --plan {path.name}") from error
    if not raw.exists():
        raise EngineError(f"{raw}: is not here; raw, clean and plan must lie on storage that all machines share")
    if program(folders) != known:
        raise EngineError(
            f"{path}: written with other rules, code or versions of packages than here (cleaner {__version__}); "
            "install the same everywhere and write the plan again"
        )
    config = load_config(raw, current, **given)
    if settings_digest(Job(config, _root(raw), folders), {}) != settings:
        raise EngineError(f"{path}: the settings for {raw} are not what they were; write the plan again")
    return Plan(raw, clean, folders, config, tasks)


def _root(raw: Path) -> Path:
    return raw if raw.is_dir() else raw.parent
