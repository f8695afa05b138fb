"""Settings: pyproject.toml or cleaner.toml, the nearest file wins whole; the command line wins over it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from difflib import get_close_matches
from fnmatch import fnmatch
from functools import cache
from pathlib import Path
from typing import Any

from cleaner.cleaning import Pin
from cleaner.duplicates.survivors import DEFAULT as KEEP
from cleaner.duplicates.survivors import Policy, problem
from cleaner.formats import TO
from cleaner.learned import NAME as LEARNED
from cleaner.learned import NONE as NOTHING_LEARNED
from cleaner.learned import Learned, LearnedError
from cleaner.learned import load as load_table
from cleaner.memory import size_of
from cleaner.profiles import PROFILES
from cleaner.records import Fields, Out


class ConfigError(Exception):
    """A setting that cannot be used, with file, key and what to do. The command line exits with 2."""


@dataclass(frozen=True, slots=True)
class Decision:
    """A row of decisions.toml: rule `code` must not be applied in this document, or not to this quoted text."""

    document: str
    code: str
    quote: str = ""
    start: int = -1

    def pin(self) -> Pin:
        """What `clean` needs of it."""
        return Pin(self.code, self.quote, self.start)


@dataclass(frozen=True, slots=True)
class Config:
    """Resolved settings. `sources` tells for each key where its value comes from."""

    select: tuple[str, ...] = ("DEFAULT",)
    ignore: tuple[str, ...] = ()
    unsafe_fixes: bool = False
    per_file_ignores: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    journal: str = "full"
    redact: bool = False
    languages: tuple[str, ...] = ()
    lang_backend: str = "profiles"
    against: tuple[str, ...] = ()
    against_ngram: int = 13
    keep: tuple[str, ...] = KEEP
    versions: str = "keep"
    text_field: str = ""
    id_field: str = ""
    source_field: str = ""
    to: str = ""
    metadata_key: str = ""
    notices: str = "keep"
    sentences: str = "keep"
    engine: str = "processes"
    engine_address: str = ""
    memory: str = ""
    exchange: str = ""
    max_dropped_share: float = 0.5
    max_dropped_count: int = 100
    profile: str = "news"
    thresholds: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    root: Path = Path()
    decisions: tuple[Decision, ...] = ()
    learned: Learned = NOTHING_LEARNED
    sources: Mapping[str, str] = field(default_factory=dict)

    def ignored_in(self, path: str) -> tuple[str, ...]:
        """The selectors ignored for one file, named from the project: a pattern fits any end of its path."""
        found: tuple[str, ...] = ()
        for pattern, selectors in self.per_file_ignores.items():
            if fnmatch(path, pattern) or fnmatch(path, f"*/{pattern}"):
                found += selectors
        return found

    def policy(self) -> Policy:
        """Which of several copies stays."""
        return Policy(self.keep, self.versions, self.notices, self.sentences)

    def evaluation(self) -> tuple[Path, ...]:
        """The files of evaluation texts; a relative name counts from the project."""
        return tuple(self.root / name for name in self.against)

    def fields(self) -> Fields:
        """The fields of records that are asked for."""
        return Fields(self.text_field, self.id_field, self.source_field)

    def out(self) -> Out:
        """How documents are published."""
        return Out(self.to, self.metadata_key)

    def deciding(self) -> dict[str, Any]:
        """The settings that decide what a run gives, as JSON values."""
        return {
            "select": list(self.select),
            "ignore": list(self.ignore),
            "unsafe-fixes": self.unsafe_fixes,
            "per-file-ignores": {key: list(value) for key, value in sorted(self.per_file_ignores.items())},
            "redact": self.redact,
            "languages": sorted(self.languages),
            "lang-backend": self.lang_backend,
            **({"against-ngram": self.against_ngram} if self.against else {}),
            "keep": list(self.keep),
            "versions": self.versions,
            "fields": list(self.fields()),
            "to": self.to,
            "metadata-key": self.metadata_key,
            "notices": self.notices,
            "sentences": self.sentences,
            "profile": self.profile,
            "thresholds": {rule: dict(sorted(values.items())) for rule, values in sorted(self.thresholds.items())},
            "decisions": [[d.document, d.code, d.quote, d.start] for d in self.decisions],
            "learned": self.learned.digest(),
        }


BESIDE = ("root", "decisions", "learned", "sources")
"""What is no setting but found beside the settings."""
KEYS = {f.name.replace("_", "-"): f.name for f in fields(Config) if f.name not in BESIDE}
NGRAMS = range(1, 1_001)
"""Tokens of a run that may be asked for: the memory it takes grows with it."""
JOURNALS = ("full", "script", "counts")
ENGINES = ("processes", "here", "ray", "spark")
EXAMPLES = {
    "languages": '["en", "de"]',
    "against": '["questions.jsonl"]',
    "keep": '["cleanest", "longest", "earliest", "source:example.org", "first"]',
}
BACKENDS = ("profiles", "langdetect")


MARKS = (".git", "decisions.toml", "cleaner-baseline.json", ".cleaner_cache", LEARNED)
"""What marks the root of a project where no configuration lies above; without any, it is the current folder."""


def load_config(start: Path, current: Path | None = None, **given: Any) -> Config:
    """The settings for a file or folder: the nearest configuration above it, then what the command line gave.

    `current` is the folder where the command was given, without it the current one. Raises ConfigError on an unknown
    key, a wrong type, or a file that is not TOML.
    """
    config = _from_files(_folder_of(start), current or Path.cwd())
    if given.get("select"):  # a file neither takes away what the command line asks for nor adds to it
        config = replace(config, ignore=(), profile="news")
    elif given.get("ignore"):
        given["ignore"] = (*config.ignore, *given["ignore"])
    for key, value in given.items():
        if value is not None and value != ():
            config = replace(
                config, **{key: value}, sources={**config.sources, key.replace("_", "-"): "the command line"}
            )
    for key, value, known in (
        ("journal", config.journal, JOURNALS),
        ("lang-backend", config.lang_backend, BACKENDS),
        ("profile", config.profile, tuple(PROFILES)),
        ("to", config.to, ("", *TO)),
        ("engine", config.engine, ENGINES),
    ):
        if value not in known:
            raise ConfigError(f"{key} = {value!r}: must be one of {', '.join(filter(None, known))}")
    if wrong := problem(config.policy()):
        raise ConfigError(wrong)
    if not 0 <= config.max_dropped_share <= 1:
        raise ConfigError(f"max-dropped-share = {config.max_dropped_share}: must be from 0 to 1")
    if config.max_dropped_count < 0:
        raise ConfigError(f"max-dropped-count = {config.max_dropped_count}: must be 0 or more")
    if config.memory:
        try:
            size_of(config.memory)
        except ValueError as error:
            raise ConfigError(str(error)) from error
    if config.redact and config.journal == "full":
        config = replace(config, journal="script")
    if config.against_ngram not in NGRAMS:
        raise ConfigError(f"against-ngram = {config.against_ngram:,}: must be from 1 to {NGRAMS[-1]:,}")
    if config.languages:
        check_languages(config.languages)
    return config


def check_languages(languages: tuple[str, ...]) -> None:
    """Raise ConfigError on a code that is no language that can be told."""
    from cleaner.language import codes

    for code in languages:
        if code not in codes():
            raise ConfigError(f"languages: {code!r} is none of {', '.join(sorted(codes()))}")


def _folder_of(start: Path) -> Path:
    path = start.resolve()
    return path if path.is_dir() else path.parent


@cache
def _from_files(folder: Path, current: Path) -> Config:
    root: Path | None = None
    config = Config()
    for here in (folder, *folder.parents):
        own, project = here / "cleaner.toml", here / "pyproject.toml"
        if own.is_file():
            root, config = here, _parsed(own, _toml(own))
            break
        if project.is_file() and (table := _table_of(project)) is not None:
            root, config = here, _parsed(project, table)
            break
        if root is None and any((here / mark).exists() for mark in MARKS):
            root = here
    root = root or (current if folder.is_relative_to(current) else folder)
    return replace(config, root=root, decisions=load_decisions(root), learned=load_learned(root))


def shown(path: Path) -> str:
    """A path as messages name it: from the current folder where it lies below it."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)


def _table_of(project: Path) -> object:
    tool = _toml(project).get("tool")
    return tool.get("cleaner") if isinstance(tool, dict) else None


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:  # bad TOML, bad UTF-8, a number of 5,000 digits
        raise ConfigError(f"{shown(path)}: not valid TOML: {error}") from error
    except OSError as error:
        raise ConfigError(f"{shown(path)}: cannot be read ({error.strerror})") from error


def _parsed(path: Path, table: object) -> Config:
    if not isinstance(table, dict):
        raise ConfigError(f"{shown(path)}: [tool.cleaner] must be a table")
    values: dict[str, Any] = {}
    for key, value in table.items():
        if key not in KEYS:
            near = get_close_matches(key, KEYS, 1)
            hint = f"; did you mean {near[0]!r}?" if near else f"; known keys: {', '.join(KEYS)}"
            raise ConfigError(f"{shown(path)}: unknown key {key!r}{hint}")
        values[KEYS[key]] = _typed(path, key, value)
    return Config(**values, sources=dict.fromkeys(table, path.name))


def _typed(path: Path, key: str, value: object) -> object:
    if key in ("select", "ignore"):
        return _selectors(path, key, value)
    if key == "per-file-ignores":
        if not isinstance(value, dict):
            raise ConfigError(f"{shown(path)}: {key} must be a table of patterns and lists of rules")
        return {str(pattern): _selectors(path, f"{key}.{pattern}", codes) for pattern, codes in value.items()}
    if key in EXAMPLES:
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise ConfigError(f"{shown(path)}: {key} must be a list, such as {EXAMPLES[key]}")
        return tuple(value)
    if key == "thresholds":
        rows = value.values() if isinstance(value, dict) else [None]
        if not all(isinstance(row, dict) and not any(type(n) in (list, dict) for n in row.values()) for row in rows):
            raise ConfigError(f"{shown(path)}: {key} must name a rule and one of its numbers: QLT001.min_words = 30")
        return value
    default = getattr(Config(), KEYS[key])
    if type(default) is float and type(value) is int:
        return float(value)
    if type(value) is not type(default):
        raise ConfigError(f"{shown(path)}: {key} = {value!r}: must be like {default!r}")
    return value


def _selectors(path: Path, key: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise ConfigError(f'{shown(path)}: {key} must be a list of rules or families, such as ["SUB", "BOI001"]')
    return tuple(value)


def forget_files() -> None:
    """Read settings again: a command wrote some."""
    _from_files.cache_clear()


def load_learned(root: Path) -> Learned:
    """The table of what was learned. Raises ConfigError on an entry that is none."""
    path = root / LEARNED
    try:
        return load_table(root)
    except LearnedError as error:
        raise ConfigError(f"{shown(path)}: {error}") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{shown(path)}: not valid UTF-8") from error
    except OSError as error:
        raise ConfigError(f"{shown(path)}: cannot be read ({error.strerror})") from error


def load_decisions(root: Path) -> tuple[Decision, ...]:
    """The decisions recorded in a folder's decisions.toml. Raises ConfigError on a row that is none."""
    path = root / "decisions.toml"
    if not path.is_file():
        return ()
    rows = _toml(path).get("keep", [])
    if not isinstance(rows, list):
        raise ConfigError(f"{shown(path)}: `keep` must be a list of tables, [[keep]]")
    return tuple(_decision(path, number, row) for number, row in enumerate(rows, 1))


def _decision(path: Path, number: int, row: object) -> Decision:
    known = isinstance(row, dict) and {"document", "code"} <= row.keys() <= {"document", "code", "text", "offset"}
    if known and isinstance(row, dict):
        decision = Decision(row["document"], row["code"], row.get("text", ""), row.get("offset", -1))
        texts = (decision.document, decision.code, decision.quote)
        if all(isinstance(text, str) for text in texts) and type(decision.start) is int:
            return decision
    raise ConfigError(
        f"{shown(path)}: [[keep]] number {number} needs `document` and `code`, and `offset` (a number) beside `text`"
    )
