"""Sentences that several documents share: found nearly equal, verified exactly, and only taken out where it is asked."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cleaner import compiled
from cleaner.config import Config
from cleaner.duplicates import passages, sharing
from cleaner.duplicates.passages import LEAST, cut, passage_rows
from cleaner.duplicates.sharing import LISTED, Asked, Repeat, overlaps, related, repeats, sought
from cleaner.proof import verify_run
from cleaner.publish import publish
from cleaner.restore import undo_run
from cleaner.rows import dumped
from cleaner.run import run
from cleaner.segment import Span, lines, sentences, tokens
from tests.conftest import OTHER, tree
from tests.test_duplicates import STORY
from tests.test_guard import records

QUOTE = '"We will build the school before the winter comes and we will pay every cent of it," the mayor told them.'
TEXTS = [f"Story {n} begins here. {{}} It has {n} cows." for n in range(40)]


def shared(*texts: str, remove: bool = False, groups: Sequence[int] = ()) -> list[Repeat]:
    owners = np.array(groups or range(len(texts)), np.int64)
    rows, pairs = sought(passage_rows(texts), range(len(texts)), owners)
    return list(repeats(rows, pairs, Asked(lambda places: [texts[place] for place in places], remove)))


@given(st.text(st.characters(exclude_categories=["Cs"])), st.booleans(), st.booleans(), st.integers(1, 9))
def test_a_row_is_the_json_of_what_is_told(text: str, same: bool, goes: bool, count: int) -> None:
    own = text if same else f"{text}."
    row = Repeat(1, 7, 0, text, own, count, 9, 9, documents=3, goes=goes).row(["a", 'b"'])
    told = {
        "id": 'b"', "instead": "a", "relation": "sentence", **({"removed": True} if goes else {}), "text": text,
        "documents": 3, "jaccard": round(count / 9, 4), "containment": round(count / 9, 4), "shingles": [count, 9, 9],
        "hunks": [] if same else [[own, text]],
    }  # fmt: skip
    assert row == dumped(told)


def telling(*said: str) -> list[str]:
    return [TEXTS[n].format(one) for n, one in enumerate(said)]


@pytest.mark.parametrize(
    ("other", "found", "goes"),
    [
        (QUOTE, True, True),
        (QUOTE.upper(), True, True),
        (QUOTE.replace('"', "\u201c", 1), True, True),
        (QUOTE.replace("every cent", "all"), True, False),
        (QUOTE.replace("winter", "winters"), True, False),
        (QUOTE.replace("will build", "will not build"), True, False),
        (QUOTE.replace("school", "church").replace("winter", "summer").replace("mayor", "bishop"), False, False),
        ("The mayor told them.", False, False),
    ],
)
def test_a_quotation_of_another_document(other: str, found: bool, goes: bool) -> None:
    repeated = shared(*telling(QUOTE, other), remove=True)
    assert [(r.document, r.first, r.text, r.goes) for r in repeated] == [(1, 0, QUOTE, goes)] * found


def test_nothing_goes_unless_it_is_asked() -> None:
    assert [r.goes for r in shared(*telling(QUOTE, QUOTE, QUOTE))] == [False, False]


def test_what_a_colon_asks_for_stays() -> None:
    assert [r.goes for r in shared(*telling(QUOTE, f"He said:\n{QUOTE}"), remove=True)] == [False]


def test_short_sentences_are_repeated_by_chance() -> None:
    words = " ".join(f"word{n}" for n in range(LEAST - 1))
    assert not shared(f"{words}.", f"{words}.")
    assert shared(f"{words} more.", f"{words} more.")


def test_versions_share_their_sentences_by_nature() -> None:
    assert shared(*telling(QUOTE, QUOTE, QUOTE), groups=[0, 0, 2])[0].document == 2
    assert not shared(*telling(QUOTE, QUOTE, QUOTE), groups=[0, 0, 0])


def test_a_crowd_is_counted_and_not_listed() -> None:
    found = shared(*telling(*[QUOTE] * 40))
    assert {r.documents for r in found} == {40}
    assert len(found) == LISTED
    removed = shared(*telling(*[QUOTE] * 40), remove=True)
    assert [r.goes for r in removed] == [True] * 39
    assert sum(r.listed for r in removed) == LISTED


def test_what_recurs_is_found_by_shares_of_the_hashes() -> None:
    texts = telling(QUOTE, OTHER, QUOTE.replace("every cent", "all"), STORY, QUOTE, STORY)
    shards = [passage_rows(texts[:2]), passage_rows([]), passage_rows(texts[2:], 2)]
    found = sharing.recurring(lambda: iter(shards))
    assert set(found["document"].tolist()) == {0, 2, 3, 4, 5}
    assert len(found) < sum(map(len, shards))
    assert sharing.recurring(lambda: iter(shards), held=64).tobytes() == found.tobytes()


@given(st.lists(st.tuples(st.integers(0, 7), st.booleans(), st.integers(0, 3)), max_size=40))
@example([(1, False, 0), (1, True, 1)])
def test_which_keys_several_documents_have(drawn: list[tuple[int, bool, int]]) -> None:
    """Keys of which many are equal, and some only but for their lowest bit or their highest."""
    keys = np.array([(key << 60) + low for key, low, _ in drawn], np.uint64)
    documents = np.array([document for *_, document in drawn], np.uint32)
    several = [n for n, (key, low, _) in enumerate(drawn) if len({d for k, b, d in drawn if (k, b) == (key, low)}) > 1]
    assert sorted(sharing._of_several(keys, documents).tolist()) == several


WORDS = st.text(st.sampled_from("ab \n.\u00e9\u0301\u4e2d\u0130"), max_size=40)


@settings(deadline=None)
@given(st.lists(st.tuples(WORDS, WORDS), max_size=6))
def test_compiled_overlaps_are_the_same(pairs: list[tuple[str, str]]) -> None:
    if not compiled.usable():
        pytest.skip("numba does not work here")
    found = []
    for on in (False, True):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sharing, "on", lambda on=on: on)
            found.append(overlaps([one for one, _ in pairs], [other for _, other in pairs]))
    assert found[0] == found[1]


def test_what_two_sentences_share_is_counted_by_runs_of_three_tokens() -> None:
    assert overlaps(["a b c d", "a b c d"], ["A b c, d", "b c d e f"]) == [(2, 2, 2), (1, 4, 2)]


def test_documents_that_hang_together() -> None:
    assert related(6, [(4, 3), (1, 2), (2, 4)]).tolist() == [0, 1, 1, 1, 1, 5]


@given(st.lists(st.text(alphabet='abC\u00e9\u00a0\u3002.\u2026?"\r \n', max_size=120), max_size=4))
def test_a_row_for_every_sentence_that_is_long_enough(texts: list[str]) -> None:
    assert passage_rows(texts, 7)[["document", "start"]].tolist() == long_sentences(texts, 7)


def long_sentences(texts: Sequence[str], first: int) -> list[tuple[int, int]]:
    return [
        (n, line.start + part.start)
        for n, text in enumerate(texts, first)
        for line in lines(text)
        for part in sentences(line.text)
        if len(tokens(part.text)) >= LEAST
    ]


@pytest.mark.parametrize("mark", ["", "\u00e9", "\u00a0", "\u2014 \u201cNo.\u201d"])
def test_many_lines_are_cut_as_each_alone(mark: str) -> None:
    """sentencex cuts a text of more than 10 KB into pieces, wherever it likes."""
    short = [f"Mr. Smith{mark} has {n} cows. {QUOTE} Nobody (not e.g. J. Doe) asked for no. {n}." for n in range(200)]
    texts = ["\n".join(short), " ".join(short[:150]), f"{short[0]}\n\n{' '.join(short[:90])}\n{short[1]}"]
    assert passage_rows(texts)[["document", "start"]].tolist() == long_sentences(texts, 0)


@settings(deadline=None)
@given(st.lists(st.text(max_size=200), max_size=6))
def test_compiled_hashes_give_the_same_rows(texts: list[str]) -> None:
    texts = [f"{text} one two three four five six seven eight nine ten {text}" for text in texts]
    plain = passage_rows(texts)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passages, "on", lambda: True)
        assert passage_rows(texts).tobytes() == plain.tobytes()


@given(st.text(alphabet="aB. !\n\u3002", max_size=60), st.sets(st.integers(0, 20)))
def test_cutting_leaves_the_other_sentences(text: str, some: set[int]) -> None:
    there = [Span(a.start + b.start, a.start + b.end, b.text) for a in lines(text) for b in sentences(a.text)]
    gone = {part.start for n, part in enumerate(there) if n in some}
    spans = cut(text, gone)
    left, at = "", 0
    for _, start, end in spans:
        assert at <= start < end
        left, at = left + text[at:start], end
    left += text[at:]
    kept = [part.text.strip() for part in there if part.start not in gone]
    assert "".join(left.split()) == "".join("".join(kept).split())


@pytest.mark.parametrize(
    ("text", "gone", "left"),
    [
        ("One. Two. Three.", ["Two."], "One. Three."),
        ("One. Two. Three.", ["Three."], "One. Two."),
        ("One. Two. Three.", ["Two.", "Three."], "One."),
        ("One. Two. Three.", ["One."], "Two. Three."),
        ("One.\n\nTwo.\n\nThree.", ["Two."], "One.\n\nThree."),
        ("One.\n\nTwo.\n\nThree.", ["Two.", "Three."], "One.\n"),
        ("One.\nTwo.\nThree.", ["One."], "Two.\nThree."),
        ("One.\n\nTwo.", ["One."], "Two."),
    ],
)
def test_a_sentence_goes_with_what_it_leaves_empty(text: str, gone: list[str], left: str) -> None:
    starts = {text.index(one) for one in gone}
    for _, start, end in reversed(cut(text, starts)):
        text = text[:start] + text[end:]
    assert text == left


ROWS: list[dict[str, Any]] = [
    {"id": "a", "text": f"{STORY}\n\n{QUOTE}"},
    {"id": "a again", "text": f"{STORY}\n\n{QUOTE}\n\nThe ferry takes ten minutes to the other side of the river."},
    {"id": "b", "text": f"{OTHER}\n\n{QUOTE}\n\nNobody believed a word of it."},
    {"id": "c", "text": f"A day at sea\n\n{QUOTE} The wind was fair on that day, and they went far out."},
]


def left(raw: Path, clean: Path) -> dict[str, str]:
    lines = (clean / "a.jsonl").read_text(encoding="utf-8").splitlines()
    return {row["id"]: row["text"] for row in map(json.loads, lines)}


@pytest.mark.parametrize("journal", ["full", "script"])
def test_a_run_takes_them_out_and_undo_brings_them_back(tmp_path: Path, journal: str) -> None:
    raw, clean, back = records(tmp_path / "raw", *ROWS), tmp_path / "clean", tmp_path / "back"
    publish(run(raw, Config(sentences="first", journal=journal)), clean)
    texts = left(raw, clean)
    assert texts.keys() == {"a again", "b", "c"}, "the copy went as a whole"
    assert {key: QUOTE in text for key, text in texts.items()} == {"a again": True, "b": False, "c": False}
    assert texts["b"].endswith("follows.\n\nNobody believed a word of it.")
    assert texts["c"].endswith("sea\n\nThe wind was fair on that day, and they went far out.")
    assert verify_run(raw, clean) == []
    undo_run(clean, back, None if journal == "full" else raw)
    assert tree(back) == tree(raw)
    rows = [json.loads(line) for line in (clean / ".cleaner" / "duplicates.jsonl").read_text().splitlines()]
    assert [(row["id"], row["instead"], row["removed"]) for row in rows if row["relation"] == "sentence"] == [
        ("b", "a again", True),
        ("c", "a again", True),
    ]


def test_a_run_reports_them_and_the_manifest_counts_what_went(tmp_path: Path) -> None:
    raw, clean = records(tmp_path / "raw", *ROWS), tmp_path / "clean"
    outcome = run(raw, Config())
    assert outcome.totals.findings["DUP007"] == 2
    publish(outcome, clean)
    assert all(QUOTE in text for text in left(raw, clean).values())
    outcome = run(raw, Config(sentences="first"))
    publish(outcome, clean)
    counts = [json.loads(line)["counts"] for line in (clean / ".cleaner" / "manifest.jsonl").read_text().splitlines()]
    assert sum(count["characters"][1] for count in counts) == sum(map(len, left(raw, clean).values()))
    assert outcome.totals.after == sum(map(len, left(raw, clean).values()))
    assert sum(count["changes"].get("DUP007", 0) for count in counts) == outcome.totals.changes["DUP007"]
    assert "DUP007" not in outcome.totals.findings


def test_versions_keep_what_they_share(tmp_path: Path) -> None:
    rows = [
        {"id": "old", "text": STORY.strip()},
        {"id": "new", "text": STORY.strip().replace("12 million", "19 million")},
    ]
    outcome = run(records(tmp_path / "raw", *rows), Config(sentences="first"))
    assert {row["relation"] for row in outcome.duplicates()} == {"version"}
    assert not outcome.changed


def test_files_that_ignore_the_rule_take_no_part(tmp_path: Path) -> None:
    raw = records(tmp_path / "raw", *ROWS)
    assert not [r for r in run(raw, Config(ignore=("DUP007",))).duplicates() if r["relation"] == "sentence"]
