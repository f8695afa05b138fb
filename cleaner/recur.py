"""Which sentences recur in several documents, whatever becomes of these: told beside `order`, which knows no sentence.

The box holds `rows`, such of `Compared.passages` as may be shared; nothing where nobody asks for that.
"""

from __future__ import annotations

from cleaner.compared import Compared, Staged
from cleaner.engine import Report
from cleaner.store import Store

CODE = "DUP007"
"""The rule that asks for shared sentences."""


def recur(store: Store, name: str, staged: Staged, held: int) -> Report:
    """Fill the box `name`. No more than `held` bytes of keys are sorted at a time."""
    if store.has(name):
        return store.report(name)
    with store.box(name) as box:
        compared = Compared(store, staged, [])
        if len(compared) > 1 and any(CODE in store.report(staging)["codes"] for staging, _ in staged):
            from cleaner.duplicates.sharing import recurring

            box.add("rows", recurring(compared.passages, held).tobytes())
    return store.report(name)
