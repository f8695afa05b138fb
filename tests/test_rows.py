"""Rows from a template are the rows that the JSON library gives."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.records import UTF8, Record
from cleaner.rows import NO_CHANGES, change_row, change_rows, counted, dumped, manifest_row, signed_changes
from cleaner.text import Change

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@given(TEXTS, TEXTS, TEXTS, st.dictionaries(TEXTS, TEXTS, max_size=2), st.lists(st.sampled_from(["SUB001", "BOI020"])))
def test_a_manifest_row_is_its_json(
    key: str, path: str, reason: str, metadata: dict[str, Any], codes: list[str]
) -> None:
    record = Record(key, path, 3, "Text", b"Text", UTF8 if metadata else {"encoding": "cp1252", "bom": True})
    changes = [Change(code, 0, 0, 1, "a", "b") for code in codes]
    digests = {"raw": "ab", "changes": "cd", "clean": "ef"}
    row = manifest_row(record, "kept", reason, "", metadata, digests, (4, 5), counted(changes), counted(changes[:1]))
    whole = {
        "id": key, "path": path, "line": 3, "status": "kept", "reason": reason, "instead": "", "metadata": metadata,
        "encoding": dict(record.facts), "digests": digests,
        "counts": {
            "characters": [4, 5],
            "changes": {code: codes.count(code) for code in sorted(codes)},
            "findings": dict.fromkeys(codes[:1], 1),
        },
    }  # fmt: skip
    assert row == (json.dumps(whole, ensure_ascii=False) + "\n").encode()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda values: (
        st.lists(values, max_size=3) | st.lists(values, max_size=3).map(tuple) | st.dictionaries(TEXTS, values)
    ),
    max_leaves=9,
)


@given(JSON)
def test_any_other_row_is_what_the_library_writes(value: object) -> None:
    assert dumped(value) == (json.dumps(value, ensure_ascii=False) + "\n").encode()


def test_a_row_of_what_json_does_not_know_is_refused() -> None:
    with pytest.raises(TypeError, match="not JSON serializable"):
        dumped([object()])


CHANGES = st.builds(
    Change,
    st.sampled_from(["SUB001", "BOI020"]),
    st.integers(0, 99),
    st.integers(0, 10**6),
    st.integers(0, 10**6),
    TEXTS,
    st.none() | TEXTS,
    TEXTS,
    st.lists(st.tuples(TEXTS, TEXTS), max_size=2).map(tuple),
)


@given(TEXTS, st.lists(CHANGES, max_size=3))
def test_the_rows_of_changes_are_their_json_and_their_digest_is_of_what_is_replayed(
    key: str, changes: list[Change]
) -> None:
    rows, digest = change_rows(key, changes)
    assert rows == b"".join(dumped(change_row(key, change)) for change in changes)
    short = [change_row(key, change, full=False) for change in changes]
    assert change_rows(key, changes, full=False) == (b"".join(map(dumped, short)), digest)
    assert digest == (signed_changes([change_row(key, change) for change in changes])[1] if changes else NO_CHANGES)
