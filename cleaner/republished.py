"""What publishing changed in a folder, and why: for people who keep a corpus up to date."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cleaner.corpus import CorpusError
from cleaner.formats import output
from cleaner.journal import is_journal, load_run, text_rows

NEW, SOURCE, SETTINGS, DECIDED, BY_HAND = (
    "new",
    "its source changed",
    "other settings or versions",
    "other copies, or other rules",
    "it was changed here",
)
LISTED = 3
"""Files that are named for a reason."""


@dataclass(frozen=True, slots=True)
class State:
    """What a run says of its folder: of each output file the raw bytes it is made of and its own, and the settings."""

    sources: Mapping[str, list[Any]] = field(default_factory=dict)
    contents: Mapping[str, list[Any]] = field(default_factory=dict)
    settings: tuple[Any, ...] = ()


def state_of(clean: Path) -> State:
    """The state of a folder; an empty one where no run has ended, or its record cannot be read."""
    if not is_journal(clean):
        return State()
    try:
        run = load_run(clean)
        to = str(run["config"].get("to", ""))
        sources: dict[str, list[Any]] = {}
        contents: dict[str, list[Any]] = {}
        for shard in run["shards"]:
            for path, entry in shard.items():
                sources.setdefault(output(path, to), []).append([path, entry["raw"]])
                contents.setdefault(output(path, to), []).append(entry["clean"])
        for row in text_rows(clean, run):
            sources.setdefault(output(row["path"], to), []).append([row["path"], row["digests"]["raw"]])
            contents.setdefault(output(row["path"], to), []).append(row["digests"].get("clean"))
    except (CorpusError, AttributeError):
        return State()
    return State(sources, contents, (run.get("config"), run.get("versions"), run.get("cleaner")))


@dataclass(frozen=True, slots=True)
class Published:
    """The files that publishing wrote and removed, between two states of the folder; true if any file changed."""

    before: State = field(default_factory=State)
    after: State = field(default_factory=State)
    written: Sequence[str] = ()
    removed: Sequence[str] = ()
    journal: bool = False
    known: bool = False
    """Whether nothing had to be looked at: sources, settings and result are those of the last run."""

    def __bool__(self) -> bool:
        return bool(self.written or self.removed or self.journal)

    def why(self, path: str) -> str:
        """Why a file was written."""
        before, after = self.before, self.after
        if path not in before.sources:
            return NEW
        if before.sources[path] != after.sources.get(path):
            return SOURCE
        if before.contents[path] == after.contents.get(path):
            return BY_HAND
        return SETTINGS if before.settings != after.settings else DECIDED

    def lines(self) -> Iterator[str]:
        """What is told of it: nothing after a first run."""
        if not (self.known or self.before.settings):
            return
        if not (self.written or self.removed):
            yield "nothing to publish again since the last run"
            return
        count = len(self.written)
        gone = f", {len(self.removed):,} removed because nothing is kept of their sources" if self.removed else ""
        every = len(self.after.sources)
        yield f"published again: {count:,} of {every:,} file{'' if every == 1 else 's'}{gone}"
        reasons: dict[str, list[str]] = {}
        for path in self.written:
            reasons.setdefault(self.why(path), []).append(path)
        for reason in (NEW, SOURCE, SETTINGS, DECIDED, BY_HAND):
            if paths := reasons.get(reason):
                more = f" and {len(paths) - LISTED:,} more" if len(paths) > LISTED else ""
                yield f"  {reason}: {', '.join(paths[:LISTED])}{more}"
