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

from cleaner.bucket import Bucket, is_remote
from cleaner.config import Config, load_config
from cleaner.corpus import CorpusError
from cleaner.engine import EngineError
from cleaner.engine_choice import apart
from cleaner.identity import program
from cleaner.job import Job
from cleaner.place import Disk, Place
from cleaner.run import settings_digest

PUBLISHING, PUBLISHED = "publishing", "published"
"""How far a run is: nobody needs the results of tasks but who publishes, or nobody at all."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done: absolute paths or addresses, settings, and where processes tell each other what is done."""

    raw: str
    clean: str
    folders: tuple[Path, ...]
    config: Config
    tasks: Place

    def mark(self, word: str) -> None:
        """Tell all processes how far the run is."""
        self.tasks.write(word, b"")

    def is_marked(self, word: str) -> bool:
        """Whether the run is so far."""
        return word in self.tasks.sizes()


def write_plan(path: str, raw: str, clean: str, folders: tuple[Path, ...], given: Mapping[str, Any]) -> None:
    """Write a run down; `given` are the settings of the command line. Raises CorpusError, ConfigError."""
    folders = tuple(folder.resolve() for folder in folders)
    raw, clean = _absolute(raw), _absolute(clean)
    place, name = _beside(path)
    config = apart(load_config(_root(raw), **given), clean)
    stated = {
        "raw": raw,
        "clean": clean,
        "from": str(Path.cwd()),
        "rules": [str(folder) for folder in folders],
        "given": {key: value for key, value in given.items() if value not in (None, ())},
        "program": program(folders),
        "settings": settings_digest(Job(config, _root(raw), folders), {}),
        "name": token_hex(8),
    }
    try:
        place.write(name, (json.dumps(stated, indent=2) + "\n").encode())
    except OSError as error:
        raise CorpusError(f"{path}: cannot be written ({error.strerror})") from error


def load_plan(path: str) -> Plan:
    """A run that was written down. Raises CorpusError when it is none, EngineError when we would do it otherwise."""
    from cleaner import __version__

    place, name = _beside(path)
    try:
        stated = json.loads(place.read(name))
        raw, clean, current = str(stated["raw"]), str(stated["clean"]), Path(stated["from"])
        folders = tuple(map(Path, stated["rules"]))
        given = {key: tuple(value) if isinstance(value, list) else value for key, value in stated["given"].items()}
        known, settings = str(stated["program"]), str(stated["settings"])
        tasks, _ = _beside(f"{_absolute(path)}.tasks/{int(stated['name'], 16)}/of")
    except OSError as error:
        raise CorpusError(f"{path}: cannot be read ({error.strerror}); write a plan: cleaner run --plan") from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise CorpusError(f"{path}: is no plan; write one: cleaner run RAW CLEAN --plan {name}") from error
    if not is_remote(raw) and not Path(raw).exists():
        raise EngineError(f"{raw}: is not here; raw, clean and plan must lie on storage that all machines share")
    if program(folders) != known:
        raise EngineError(
            f"{path}: written with other rules, code or versions of packages than here (cleaner {__version__}); "
            "install the same everywhere and write the plan again"
        )
    config = apart(load_config(_root(raw), current, **given), clean)
    if settings_digest(Job(config, _root(raw), folders), {}) != settings:
        raise EngineError(f"{path}: the settings for {raw} are not what they were; write the plan again")
    return Plan(raw, clean, folders, config, tasks)


def _absolute(name: str) -> str:
    return name if is_remote(name) else str(Path(name).resolve())


def _root(raw: str) -> Path:
    """The folder by which settings are found and files are named."""
    if is_remote(raw):
        return Path("/", *raw.split("/"))
    return Path(raw) if Path(raw).is_dir() else Path(raw).parent


def _beside(path: str) -> tuple[Place, str]:
    """The place where a file lies, and its name there."""
    above, _, name = _absolute(path).rpartition("/")
    return (Bucket(above) if is_remote(above) else Disk(Path(above))), name
