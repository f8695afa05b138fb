"""The task of a portion of sentences that documents may share: bring the texts, and tell which they do.

Its box holds `shared`, a row of JSON for each that is told, and `cut`, one for each that goes: box and row of its
document, its first character, and why.
"""

from __future__ import annotations

from collections.abc import Sequence

from cleaner.compared import Member, texts_of
from cleaner.engine import Report
from cleaner.rows import dumped, loaded
from cleaner.share import Quoted
from cleaner.store import Store


def quote(store: Store, name: str, sharing: str, portion: Quoted, sentences: str) -> Report:
    """Compare the sentences of a portion of the box `sharing`, into the box `name`.

    They go where `sentences` is "first", as in the policy.
    """
    if store.has(name):
        return store.report(name)
    import numpy as np

    from cleaner.duplicates.passages import ROW
    from cleaner.duplicates.sharing import Asked, repeats

    described = store.slice(sharing, "documents", *portion.documents).splitlines()
    members = [Member(*values) for values in loaded(described)]
    rows = np.frombuffer(store.slice(sharing, "sentences", *portion.sentences), ROW)
    pairs = np.frombuffer(store.slice(sharing, "pairs", *portion.pairs), "<i8").reshape(-1, 2)

    def texts(places: Sequence[int]) -> list[str]:
        return texts_of(store, [members[place] for place in places])

    ids = [member.id for member in members]
    frozen = frozenset(place for place, member in enumerate(members) if member.frozen)
    told_of = 0
    with store.box(name) as box:
        for told in repeats(rows, pairs, Asked(texts, sentences == "first", frozen)):
            member = members[told.document]
            if told.goes:
                because = f"the same sentence stands in {ids[told.first]}"
                box.add("cut", dumped([member.box, member.row, told.start, because]))
            if told.listed:
                box.add("shared", told.row(ids))
            told_of += told.listed and not told.goes
        box.report = {"sentences": told_of}
    return store.report(name)
