"""Overlap with evaluation texts: every shared run is found, and nothing else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.contamination import Evaluation, passages, read_evaluation
from cleaner.corpus import CorpusError
from cleaner.segment import tokens

QUESTION = "Which river does the old stone bridge of the town cross before it reaches the northern sea?"


def evaluation(tmp_path: Path, *texts: str, ngram: int = 13) -> Evaluation:
    path = tmp_path / f"{abs(hash((texts, ngram)))}.jsonl"
    path.write_text("".join(json.dumps({"question": text}) + "\n" for text in texts))
    return read_evaluation((path,), ngram)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (QUESTION, ["Which river does the old stone bridge of the town cross before it reaches the northern sea"]),
        (f"A quiz. {QUESTION.upper()}!", [QUESTION.upper().rstrip("?")]),
        ("the old, stone bridge of the town: cross before it reaches the northern “sea”", ["the old, stone bridge of the town: cross before it reaches the northern “sea"]),
        ("old stone bridge of the town cross before it reaches the northern", []),
        (QUESTION.replace("town", "city"), []),
        ("", []),
        (f"{QUESTION} No. {QUESTION}", [QUESTION.rstrip("?")] * 2),
    ],
)  # fmt: skip
def test_thirteen_tokens_in_a_row_are_a_passage(text: str, found: list[str], tmp_path: Path) -> None:
    shared = passages(text, evaluation(tmp_path, QUESTION))
    assert [text[one.start : one.end] for one in shared] == found
    assert [one.tokens for one in shared] == [len(tokens(quoted)) for quoted in found]


WORDS = st.lists(st.sampled_from("a b c d é 漢 Ä".split()), max_size=30).map(" ".join)  # noqa: SIM905


@given(WORDS, WORDS, st.integers(1, 5))
def test_the_passages_are_the_shared_runs(text: str, question: str, ngram: int) -> None:
    known = {tuple(tokens(question)[at : at + ngram]) for at in range(len(tokens(question)) - ngram + 1)}
    sequence = tokens(text)
    covered: set[int] = set()
    for at in range(len(sequence) - ngram + 1):
        if tuple(sequence[at : at + ngram]) in known:
            covered |= set(range(at, at + ngram))
    ends = frozenset((run[0], run[-1]) for run in known)
    against = Evaluation(ngram, ("q",), (len(known),), dict.fromkeys(known, 0), ends, 0, {})
    assert sum(one.tokens for one in passages(text, against)) == len(covered)


def test_every_string_of_a_record_is_a_text(tmp_path: Path) -> None:
    path = tmp_path / "q.jsonl"
    path.write_text(json.dumps({"a": [{"b": QUESTION}, 7, None], "c": "short"}) + "\n\n" + json.dumps(QUESTION) + "\n")
    found = read_evaluation((path,), 13)
    assert found.names == ("q.jsonl:1", "q.jsonl:1", "q.jsonl:3")
    assert found.short == 1


def test_a_text_file_is_one_text_whatever_its_encoding(tmp_path: Path) -> None:
    path = tmp_path / "q.txt"
    path.write_bytes(QUESTION.replace("old", "öld").encode("utf-16"))
    (one,) = passages(QUESTION.replace("old", "öld"), read_evaluation((path,), 13))
    assert (one.name, one.held, one.runs) == ("q.txt", 5, 5)


@pytest.mark.parametrize("content", ["", "{}", '{"a": "too short"}', "{", '["' + "[" * 100_000])
def test_what_cannot_be_looked_for_is_an_error(content: str, tmp_path: Path) -> None:
    path = tmp_path / "q.jsonl"
    path.write_text(content)
    with pytest.raises(CorpusError, match=r"q\.jsonl"):
        read_evaluation((path,), 13)
