"""Which shards are the same as in an earlier run: every piece of the sources by the digest of its bytes.

Digests are remembered for a file as long as its size, its time of change and its place on disk are as they were, so an
unchanged corpus is not read again. The memory is a convenience in the work folder and no part of the record of a run.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from cleaner.engine import Engine
from cleaner.plan import Piece, Shard, survey
from cleaner.standing import RACY
from cleaner.unpack import Sources

KNOWN = "sources.json"


def surveyed(engine: Engine, sources: Sources, shards: Sequence[Shard], work: Path) -> list[tuple[Shard, str]]:
    """The shards with their lines counted, each with a digest of all that it holds: names, places and bytes."""
    known = _load(work / KNOWN)
    stats = {piece.path: sources.state(piece.path) for shard in shards for piece in shard}
    now = time.time_ns()

    def is_known(piece: Piece) -> bool:
        entry = known.get(piece.path)
        return entry is not None and entry[0] == stats[piece.path] and _place(piece) in entry[1]

    asked = [missing for shard in shards if (missing := [piece for piece in shard if not is_known(piece)])]
    reports = engine.run(survey, [(sources, pieces) for pieces in asked])
    fresh: dict[str, Any] = {path: [stat, {}] for path, stat in stats.items()}
    for shard in shards:
        for piece in shard:
            if is_known(piece):
                key = _place(piece)
                fresh[piece.path][1][key] = known[piece.path][1][key]
    for pieces, report in zip(asked, reports, strict=True):
        for piece, found in zip(pieces, report["found"], strict=True):
            fresh[piece.path][1][_place(piece)] = list(found)
    settled = {path: entry for path, entry in fresh.items() if sources.bucket or entry[0][1] < now - RACY}
    if settled != known:
        (work / KNOWN).write_text(json.dumps(settled), encoding="utf-8")
    return list(_counted(shards, fresh))


def _place(piece: Piece) -> str:
    """What stands for a piece in the memory of its file: how it was unpacked decides which bytes it is."""
    return f"{piece.box}:{piece.start}:{piece.stop}"


def _counted(shards: Sequence[Shard], found: dict[str, Any]) -> Iterator[tuple[Shard, str]]:
    """Number the lines: the pieces of a file stand in its order, the first one behind as many as it says."""
    lines: dict[str, int] = {}
    for shard in shards:
        pieces = []
        whole = sha256()
        for piece in shard:
            count, digest = found[piece.path][1][_place(piece)]
            before = lines.get(piece.path, piece.line)
            lines[piece.path] = before + count
            pieces.append(piece._replace(line=before))
            whole.update(json.dumps([*pieces[-1]._replace(box=""), digest]).encode())
        yield tuple(pieces), whole.hexdigest()


def _load(path: Path) -> dict[str, Any]:
    try:
        known = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return known if isinstance(known, dict) else {}
