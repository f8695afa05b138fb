"""Findings about the documents of one file as rows of JSON, put in order without holding them.

Rows are written as they are decided, a batch at a time and by a kernel where there is one, into a file without a name;
what is kept of each is where it stands. They come out ordered by the ids of their documents.
"""

from __future__ import annotations

import json
import mmap
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryFile
from typing import Self

import numpy as np
import numpy.typing as npt

from cleaner.compiled import on
from cleaner.duplicates.beside import Beside
from cleaner.duplicates.cluster import shingles_of, told
from cleaner.duplicates.decided import NUMBERS, RELATIONS, Decided, Table, table
from cleaner.duplicates.finding import Finding
from cleaner.packed import Packed

Integers = npt.NDArray[np.int64]

_UNREAD = [NUMBERS["exact"], NUMBERS["similar"]]
AT_ONCE = 1 << 22
"""Bytes of rows that are written at a time."""
TOLD = 1 << 9
"""Rows that are put in order and given at a time: they stay in the cache until they are written."""
_DOCUMENT, _SURVIVOR, _RELATION, _START, _ID_END, _END = range(6)
_encoded = json.JSONEncoder(ensure_ascii=False).encode


class Told:
    """The findings of one file, whose documents have these ids as UTF-8; documents are named by their numbers.

    Rows wait in a file in `folder`.
    """

    def __init__(self, ids: Sequence[bytes], folder: Path) -> None:
        self._ids = ids
        self._file = TemporaryFile(dir=folder)  # noqa: SIM115  (closed by __exit__)
        self._size = 0
        self._places: list[Integers] = [np.empty((0, 6), np.int64)]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def copies(self, pairs: Integers, tokens: npt.NDArray[np.uint32]) -> None:
        """Note exact copies: pairs of a document and its survivor."""
        for start in range(0, len(pairs), AT_ONCE >> 8):
            some = pairs[start : start + (AT_ONCE >> 8)]
            rows = np.full((len(some), 7), -1, np.int64)
            rows[:, :2], rows[:, 2] = some[:, ::-1], NUMBERS["exact"]
            rows[:, 3:6] = np.array([shingles_of(count) for count in tokens[some[:, 0]].tolist()])[:, None]
            self.add(Table(rows))

    def add(self, decided: Sequence[Decided], beside: Beside | None = None, documents: Integers | None = None) -> None:
        """Note what was decided about documents, whose texts are at hand; `documents` are the numbers of places."""
        if not len(decided):
            return
        asked = table(decided)[:, [1, 0, *range(2, 7)]]
        if documents is not None:
            asked[:, :_RELATION] = documents[asked[:, :_RELATION]]
        rows = asked[:, :_START]
        places = np.full((len(decided), 3), -1, np.int64)
        if on():
            chosen = np.arange(len(rows))
            if not isinstance(decided, Table):
                chosen = np.flatnonzero([one.finding is None and not one.dropped for one in decided])
            self._compiled(asked, chosen, beside, places)
        for n in np.flatnonzero(places[:, 2] < 0).tolist():
            places[n] = self._plain(decided[n], beside, *rows[n, :_RELATION].tolist())
        self._places.append(np.column_stack([rows, places]))

    def _written(self, rows: bytes | memoryview) -> int:
        """Put rows into the file; gives where they begin."""
        begun = self._size
        self._file.write(rows)
        self._size += len(rows)
        return begun

    def _plain(self, one: Decided, beside: Beside | None, *numbers: int) -> tuple[int, int, int]:
        """Write one row in plain Python; gives where it begins, where its id ends and where it ends."""
        document, survivor = (self._ids[n].decode("utf-8", "surrogatepass") for n in numbers)
        if beside:
            finding = told(one, beside, document, survivor)
        else:
            finding = Finding(document, survivor, one.relation, one.shared, one.united, one.contained)
        row = _encoded(finding.row()).encode("utf-8", "surrogatepass") + b"\n"
        begun = self._written(row)
        head = len(_encoded({"id": document}).encode("utf-8", "surrogatepass")) - 1
        return begun, begun + head, begun + len(row)

    def _compiled(self, told: Integers, chosen: Integers, beside: Beside | None, places: Integers) -> None:
        """Write the chosen rows, as far as the kernel can, and where they are into `places`."""
        from cleaner.duplicates import row_kernel

        documents, numbers = np.unique(told[:, :2], return_inverse=True)
        ids, relations = Packed.joined([self._ids[n] for n in documents.tolist()]), Packed.of(RELATIONS)
        texts, pairs, verdicts, hunks, events = beside.verdicts.columns() if beside and beside.verdicts else _nothing()
        compared = np.where(np.isin(told[:, _RELATION], _UNREAD), -1, told[:, -1])
        asked = np.column_stack([numbers.reshape(-1, 2), told[:, _RELATION:-1], compared])
        out = np.empty(AT_ONCE, np.uint8)
        while len(chosen):
            rows = np.zeros((len(chosen), 3), np.int64)
            count = row_kernel.write_rows(
                texts.data,
                texts.borders,
                ids.data,
                ids.borders,
                relations.data,
                relations.borders,
                pairs,
                verdicts,
                hunks,
                events,
                asked[chosen],
                out,
                rows,
            )
            written = rows[:count]
            begun = self._written(out.data[: int(written[:, 2].max(initial=0))])
            places[chosen[:count]] = np.where(written[:, 2:] > written[:, :1], written + begun, -1)
            chosen = chosen[max(1, count) :]  # a row longer than all there is room for is left to Python

    def counts(self) -> dict[str, int]:
        """How many findings there are of each relation."""
        found = Counter(_inherited(np.concatenate(self._places))[:, _RELATION].tolist())
        return {RELATIONS[relation]: count for relation, count in found.items()}

    def gone(self) -> list[int]:
        """The documents that go, in order."""
        table = np.concatenate(self._places)
        found: list[int] = np.unique(table[np.isin(table[:, _RELATION], _GOING), _DOCUMENT]).tolist()
        return found

    def lines(self) -> Iterator[bytes]:
        """The rows by the ids of their documents; what is equal to a text that goes, goes for the same survivor.

        See `finding.inherit`.
        """
        table = _inherited(np.concatenate(self._places))
        if not len(table):
            return
        documents, numbers = np.unique(table[:, [_DOCUMENT, _SURVIVOR]], return_inverse=True)
        keys = [self._ids[n] for n in documents.tolist()]
        ranked = sorted(range(len(keys)), key=keys.__getitem__)
        ranks = np.empty(len(documents), np.int64)
        ranks[ranked] = np.arange(len(documents))
        by = ranks[numbers.reshape(-1, 2)]
        order = np.lexsort((by[:, 1], by[:, 0]))
        self._file.flush()
        with mmap.mmap(self._file.fileno(), 0, access=mmap.ACCESS_READ) as rows:
            for at in range(0, len(order), TOLD):
                some = table[order[at : at + TOLD]].tolist()
                yield b"".join(
                    [
                        rows[start:end] if own else self._head(document) + rows[id_end:end]
                        for document, _, _, start, id_end, end, own in some
                    ]
                )

    def _head(self, document: int) -> bytes:
        """The beginning of a row, up to the end of its id, for a document that inherits the rest of it."""
        key = self._ids[document].decode("utf-8", "surrogatepass")
        return _encoded({"id": key}).encode("utf-8", "surrogatepass")[:-1]


def _nothing() -> tuple[Packed, Integers, Integers, Integers, Integers]:
    """The columns of no comparison at all."""
    pairs, verdicts, hunks, events = (np.empty((0, width), np.int64) for width in (2, 5, 4, 5))
    return Packed.joined([]), pairs, verdicts, hunks, events


_GOING = [RELATIONS.index(relation) for relation in ("exact", "near", "similar")]


def _inherited(table: Integers) -> Integers:
    """The table with a column more: whether a row was written for its document, or for one that is equal to it."""
    own = np.ones(len(table), np.int64)
    exact = table[:, _RELATION] == _GOING[0]
    rows = np.flatnonzero(~exact & np.isin(table[:, _RELATION], _GOING))
    rows = rows[np.argsort(table[rows, _DOCUMENT])]
    copied = np.flatnonzero(exact)
    if len(rows) and len(copied):
        at = np.searchsorted(table[rows, _DOCUMENT], table[copied, _SURVIVOR]).clip(max=len(rows) - 1)
        found = table[rows[at], _DOCUMENT] == table[copied, _SURVIVOR]
        copied, rows = copied[found], rows[at[found]]
        table = table.copy()
        table[copied, _SURVIVOR:] = table[rows, _SURVIVOR:]
        own[copied] = 0
    return np.column_stack([table, own])
