"""The search for duplicates as tasks: what the whole corpus tells of the documents that shards left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from itertools import repeat
from typing import Any

from cleaner.compare import compare
from cleaner.duplicates.survivors import Policy
from cleaner.engine import Engine, Report, Task
from cleaner.join import join
from cleaner.order import order
from cleaner.pair import divided, pair, stretches
from cleaner.plan import Shard
from cleaner.portions import Portion
from cleaner.quote import quote
from cleaner.recur import CODE, recur
from cleaner.settle import settle
from cleaner.share import Quoted, share
from cleaner.store import Store
from cleaner.unite import unite


def search(
    store: Store, engine: Engine, whole: list[tuple[str, Shard]], settled: str, policy: Policy, held: int
) -> tuple[list[str], Report]:
    """What the whole corpus tells, into the box `settled`. Gives the boxes of what was compared too."""
    ordered, recurred, joined, sharing = (named(task, settled) for task in ("order", "recur", "join", "share"))
    known, _ = engine.run(beside, [("order", store, ordered, whole, policy), ("recur", store, recurred, whole, held)])
    paired, united = _pairs(store, engine, ordered, [box for box, _ in whole], known["places"])
    (what,) = engine.run(join, [(store, joined, ordered, paired, united, whole, policy)])
    portions = [Portion(*values) for values in what["portions"]]
    compared = [_compared(portion, known["codes"], policy) for portion in portions]
    law = known["codes"], replace(policy, frozen=frozenset())  # each portion says which of its documents are frozen
    engine.run(compare, [(store, *task, *law) for task in zip(compared, repeat(joined), portions)])
    found = [ordered, joined, *compared]
    if CODE in known["codes"]:
        (sentences,) = engine.run(share, [(store, sharing, whole, recurred, found, policy)])
        quotes = [Quoted(*values) for values in sentences["portions"]]
        quoted = [named("quote", portion.digest, policy.sentences) for portion in quotes]
        engine.run(quote, [(store, box, sharing, of, policy.sentences) for box, of in zip(quoted, quotes, strict=True)])
        found = [*found, *quoted]
    (what,) = engine.run(settle, [(store, settled, [box for box, _ in whole], found, policy)])
    return found[2:], what


def beside(task: str, *values: Any) -> Report:
    """One of two tasks over the whole corpus that need nothing of each other: an engine runs both at once."""
    tasks: dict[str, Task] = {"order": order, "recur": recur}
    return tasks[task](*values)


def _pairs(
    store: Store, engine: Engine, ordered: str, staged: Sequence[str], places: int
) -> tuple[list[str], list[str]]:
    """Who may be alike among the documents that have `places`: the boxes by bands, and those by documents."""
    tasks = [(named("pair", ordered, str(bands)), bands) for bands in divided(places)]
    engine.run(pair, [(store, box, ordered, staged, bands) for box, bands in tasks])
    paired = [box for box, _ in tasks]
    united = [named("unite", ordered, str(n)) for n in range(len(stretches(places)) - 1)] if paired else []
    engine.run(unite, [(store, box, ordered, paired, number) for number, box in enumerate(united)])
    return paired, united


def _compared(portion: Portion, codes: Sequence[str], policy: Policy) -> str:
    """The box of a portion, named by the documents and the pairs in it and by what decides about them."""
    return named("compare", portion.digest, *codes, *policy.keep, policy.versions, policy.notices)


def named(task: str, *parts: str) -> str:
    """The name of a box: by its task and all that decides what it holds."""
    return f"{task}-{sha256('|'.join(parts).encode()).hexdigest()[:32]}"
