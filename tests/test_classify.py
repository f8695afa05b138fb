"""The line classifier: plain and compiled scores that agree, whole numbers, other weights, hostile text."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from cleaner.classify import Trees, Weights, by_kernel, by_list, current, parse, shipped, using, verdicts
from cleaner.cleaning import clean
from cleaner.codes import codes
from cleaner.line_context import COLUMNS, NEIGHBOURS, PLACE, SMOOTH, place
from cleaner.line_features import OWN, own
from cleaner.line_kernel import own_table
from cleaner.line_marks_kernel import KINDS as CHARACTERS
from cleaner.line_score_kernel import place as place_rows
from cleaner.line_signs import OF_PAGES, REPEATED, SIGNS, signs
from cleaner.line_speech_kernel import words_table
from cleaner.line_stay import LENGTHY, MENU, PARAGRAPH, SENTENCE, SURE, Scored, staying
from cleaner.line_stay_kernel import staying as staying_rows
from cleaner.line_table_kernel import blank, columns, narrow
from cleaner.line_trees_kernel import judge
from cleaner.line_verdict import LEARNT, Judged
from cleaner.line_words import KINDS
from cleaner.rule import load
from cleaner.text import Document
from tests.conftest import HERE

FURNITURE = [rule for rule in load() if rule.code == "BOI020"]
PROSE = "The council met on Tuesday evening, and the members spoke for three hours about the bridge over the river."
ITEMS = ["- a map of the town", " (12) two mills", "3. maps", "\U0001d7d5. an odd number", "Only three:", "19 20 21 22"]
SHORT = 1 << SIGNS.index("short")
TITLES = ["Ten Best Walks Of The Year", "Local News", "Sports", "Share", "Subscribe", "Contact Us | About Us", "Login"]
PIECES = st.sampled_from(["Share", "the", "2024", "12:30", "www.x.com", "...", '."', "?", "!", " ", "“", "»", "•", "İ"])
LINE = st.one_of(
    st.sampled_from([PROSE, *TITLES, *ITEMS]),
    st.lists(st.one_of(PIECES, st.text(max_size=8)), max_size=12).map(" ".join),
    st.lists(st.one_of(PIECES, st.text(max_size=3)), max_size=12).map("".join),
    st.text(alphabet="аб в и на не. ?", max_size=60),
)
LINES = st.lists(
    LINE.map(lambda line: line.replace("\n", " ")).filter(lambda line: line.strip()), min_size=1, max_size=40
)
FUZZ = settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)


@FUZZ
@given(LINES)
@example(["\u200b"])
@example(["..."])
@example(['"'])
@example(["x " * 1000])
@example(["www.com @www.net .co ://"])
def test_columns_are_the_same_compiled(lines: list[str]) -> None:
    weights = shipped()
    rows = own(lines, weights.lexicon)
    table = own_table("\n".join(lines), words_table(weights.lexicon))
    assert [dict(zip(OWN, row, strict=True)) for row in rows] == [
        dict(zip(OWN, row, strict=True)) for row in columns(table, OWN).tolist()
    ]
    place_rows(table)
    around = zip(PLACE + NEIGHBOURS, columns(table, PLACE + NEIGHBOURS).T.tolist(), strict=True)
    assert dict(zip(PLACE + NEIGHBOURS, place(rows), strict=True)) == dict(around)


TEXT = st.tuples(LINES, st.sampled_from(["\n", "\n\n", "\n \u2000\n\n"])).map(lambda text: text[1].join(text[0]))
EVERY = -(10**9)
TELLING = [
    shipped(),
    replace(shipped(), limits=(EVERY, *shipped().limits[1:])),
    replace(shipped(), limits=(EVERY,) * len(shipped().limits)),
]
"""The weights as they are, such that every line has a verdict, and such that every line goes that nothing holds."""


def _told(judged: Judged) -> dict[str, object]:
    return {name: list(column) for name, column in judged._asdict().items()}


@FUZZ
@given(TEXT, st.integers(0, 2))
@example("Share\n\U0001f600\nShare\n\U0001f601\nSha\U0001f600\nSha\U0001f601\n\U0001f600", 1)
@example("\n".join([PROSE, *ITEMS, PROSE, *ITEMS[:3], "Share", PROSE, *ITEMS[:3], PROSE, f"{PROSE} " * 9]), 2)
@example("Share\n\u2000\n" * 9, 1)
@example(
    f"\n{PROSE}\n\nShare it with all of your friends and with those who are no friends of yours\n" + "Share\n" * 9,
    1,
)
@example("\n".join([*TITLES, PROSE, "What the members had brought to the meeting on Tuesday: ", *TITLES * 2]), 2)
@example("\n".join([*TITLES, PROSE, *TITLES, f"{PROSE} " * 3, f"{PROSE} More on this page. " * 3, PROSE]), 2)
def test_verdicts_are_the_same_compiled(text: str, weights: int) -> None:
    assert _told(by_kernel(text, TELLING[weights])) == _told(by_list(text, TELLING[weights]))


@pytest.mark.parametrize("by", [by_list, by_kernel])
def test_long_lines_stay_in_a_text_larger_than_any_that_was_learnt_from(by: Callable[[str, Weights], Judged]) -> None:
    def gone(text: str) -> list[str]:
        found = by(text, TELLING[2])
        return [text[a:b].strip()[:5] for a, b, goes in zip(found.starts, found.ends, found.goes, strict=True) if goes]

    page = [PROSE, *TITLES, f"{PROSE} [Op. Cit., p. 12]", *TITLES, PROSE]
    large = [*page, "of " * (LEARNT // 3)]
    assert gone("\n".join(page)).count("The c") > gone("\n".join(large)).count("The c") == 0
    assert "Share" in gone("\n".join(large))


@FUZZ
@given(LINES, st.lists(st.tuples(st.integers(0, 60), LINE), max_size=6), st.sets(st.integers(0, 60)))
@example([TITLES[n % 7] + "!" * n for n in range(60)], [], set(range(30)))
@example([PROSE, "Share", "Share", PROSE, "Sports"], [(0, "Share"), (3, "Sports")], {0})
def test_a_text_judged_after_another_is_judged_as_alone(
    lines: list[str], more: list[tuple[int, str]], gone: set[int]
) -> None:
    after = [line for n, line in enumerate(lines) if n not in gone]
    for at, line in more:
        after.insert(at, line.replace("\n", " "))
    by_kernel("\n".join(lines), TELLING[1])
    text = "\n".join(after)
    assert _told(by_kernel(text, TELLING[1])) == _told(by_list(text, TELLING[1]))


EDGES = st.sampled_from([0, 1, -1, 32_766, 32_767, 32_768, -32_767, -32_768, -32_769, 10**6, -(10**6)])
TREE = st.tuples(
    st.lists(st.integers(0, len(COLUMNS) - 1), min_size=31, max_size=31),
    st.lists(EDGES, min_size=31, max_size=31),
    st.lists(st.integers(-2000, 2000), min_size=32, max_size=32),
)


@settings(max_examples=50, deadline=None)
@given(st.lists(TREE, min_size=1, max_size=3), st.integers(1, 70), st.lists(EDGES, min_size=1, max_size=7))
def test_trees_are_the_same_compiled_at_the_ends_of_16_bits(
    found: list[tuple[list[int], list[int], list[int]]], total: int, values: list[int]
) -> None:
    trees = Trees(7, COLUMNS, *(tuple(map(tuple, part)) for part in zip(*found, strict=True)))
    table = blank(total)
    table[:total] = [[values[(n + 3 * k) % len(values)] for k in range(table.shape[1])] for n in range(total)]
    rows = columns(table, COLUMNS).T.tolist()
    assert judge(trees.forest, table, narrow(table), total).tolist() == trees.by_list(rows)


def test_trees_with_leaves_too_far_apart_are_an_error() -> None:
    with pytest.raises(ValueError, match="too far apart"):
        _ = Trees(0, COLUMNS, ((0,) * 31,), ((0,) * 31,), ((0,) * 31 + (10**5,),)).forest


def test_every_column_has_one_name() -> None:
    for names in (COLUMNS, SMOOTH):
        assert len(set(names)) == len(names)


def test_a_word_list_holds_no_sentence() -> None:
    assert all(" " not in word and word == word.lower() for words in KINDS.values() for word in words)
    data = json.loads((HERE / "cleaner" / "lines.json").read_text(encoding="utf-8"))
    known = {word for words in KINDS.values() for word in words}
    assert set(data["lexicon"]) <= known, "the weights know only words of our own lists"
    assert (HERE / "cleaner" / "lines.json").stat().st_size < 300_000


def test_weights_are_whole_numbers() -> None:
    weights = shipped()
    for trees in (weights.first, weights.second):
        assert all(type(number) is int for row in (*trees.thresholds, *trees.leaves) for number in row)
    assert min(weights.limits[1:]) >= weights.limits[0]


def test_a_menu_scores_above_prose() -> None:
    scores = list(by_list("\n".join([*TITLES, *[PROSE] * 6, *TITLES]), TELLING[1]).scores)
    assert min(scores[:7] + scores[-7:]) > max(scores[7:13])


def test_no_lines_no_verdicts() -> None:
    assert not verdicts("\n \n" * 9).shows
    assert not clean(Document("x", "\n \n\n"), FURNITURE).changes


def test_other_weights_hold_only_inside_their_block() -> None:
    data = json.loads((HERE / "cleaner" / "lines.json").read_text(encoding="utf-8"))
    other = parse({**data, "report": 10**9})
    assert isinstance(other, Weights)
    with using(other):
        assert current() is other
    assert current() is shipped()
    with pytest.raises(KeyError), using(other):
        raise KeyError
    assert current() is shipped()


@pytest.mark.parametrize(
    ("size", "menus", "score", "stays"),
    [
        (LENGTHY, MENU, SENTENCE - 1, True),
        (LENGTHY - 1, MENU, SENTENCE - 1, False),
        (LENGTHY, MENU + 1, SENTENCE - 1, False),
        (LENGTHY, MENU, SENTENCE, False),
        (PARAGRAPH, MENU + 1, SENTENCE, True),
    ],
)
def test_a_long_paragraph_behind_the_prose_goes_only_by_a_high_score(
    size: int, menus: int, score: int, stays: bool
) -> None:
    rows = ["Title", "Kicker", PROSE, "x" * size]
    text = Scored(rows, [0, 0, -1, score], [0, 0, 1, 1], [0, 0, 1, 1], [0] * 4, [0, 0, 0, menus], {}, 2, 2)
    assert staying([3], text) == ({3} if stays else set())


@pytest.mark.parametrize(
    ("above", "scores", "stays"),
    [
        ("This is what the members had brought along:", [0, 0], {2, 3}),
        ("This is what the members had brought along: ", [SURE - 1, SURE], {2}),
        ("This is what the members had brought along:", [SURE, 0], set()),
        ("This is what the members had brought along.", [0, 0], set()),
        ("The members had brought along these things:", [0, 0], set()),
        ("Share this:", [0, 0], set()),
    ],
)
def test_rows_behind_the_prose_stay_under_a_sentence_that_announces_them(
    above: str, scores: list[int], stays: set[int]
) -> None:
    text = Scored(
        [PROSE, above, "A map", "Two maps"], [-1, 0, *scores], [1, 0, 0, 0], [1, 0, 0, 0], [0] * 4, [0] * 4, {}, 0, 0
    )
    assert staying([2, 3], text) == stays


JUDGED = st.lists(
    st.tuples(
        st.one_of(st.sampled_from([PROSE, f"{PROSE} " * 3, "Would you do it again, and why?", *TITLES, *ITEMS]), LINE),
        st.sampled_from([-1, 0, SENTENCE, SURE, 9000]),
        st.booleans(),
        st.booleans(),
        st.booleans(),
    ).filter(lambda judged: judged[0].strip() and "\n" not in judged[0]),
    min_size=1,
    max_size=12,
)


@FUZZ
@given(JUDGED, st.integers(0, 11), st.integers(0, 11))
@example([(PROSE, -1, False, True, True), ("So?", 9, True, True, True), (PROSE, 9, False, True, True)] * 2, 0, 5)
@example([(PROSE, -1, False, True, True), (f"{PROSE} So?", 9, True, True, True)] * 4, 0, 7)
def test_those_that_stay_are_the_same_compiled(
    rows: list[tuple[str, int, bool, bool, bool]], first: int, last: int
) -> None:
    lines, scores, going, prose, ended = (list(column) for column in zip(*rows, strict=True))
    first, last = sorted((min(first, len(rows) - 1), min(last, len(rows) - 1)))
    gone = [n for n, goes in enumerate(going) if goes]
    values = own(lines, shipped().lexicon)
    digits, menus = ([row[OWN.index(name)] for row in values] for name in ("digits", "nav"))
    shows = {n: signs(values[n]) for n in gone}
    stay = staying(gone, Scored(lines, scores, prose, ended, digits, menus, shows, first, last))

    flags = np.array([going, prose, ended], dtype=np.uint8)
    starts = np.cumsum([0, *(len(line) + 1 for line in lines)])[:-1]
    bounds = np.array([starts, starts + list(map(len, lines)), range(len(lines))], dtype=np.int32)
    table = own_table("\n".join(lines), words_table(shipped().lexicon))
    figures, menu_words = (table[: len(lines), OWN.index(name)] for name in ("digits", "nav"))
    staying_rows(
        codes("\n".join(lines)), CHARACTERS, bounds, np.array(scores, dtype=np.int32), flags[1], flags[2],
        figures, menu_words, table, first, last, flags[0],
    )  # fmt: skip
    assert set(gone) - set(np.flatnonzero(flags[0])) == stay & set(gone)


@pytest.mark.parametrize(
    ("below", "shows", "stays"),
    [
        (PROSE, REPEATED, {3}),
        (PROSE, REPEATED | SHORT, {3}),
        (PROSE, 0, set()),
        (PROSE, REPEATED | OF_PAGES & -OF_PAGES, set()),
        ("A map", REPEATED, set()),
        ("", REPEATED, set()),
    ],
)
def test_a_sentence_that_stands_more_than_once_stays_between_long_lines(
    below: str, shows: int, stays: set[int]
) -> None:
    rows = ["Title", "Kicker", PROSE, "What would you do first if the river rose again?", *[below] * bool(below)]
    size = len(rows)
    prose = [0, 0, 1, 1, 1][:size]
    text = Scored(rows, [0, 0, -1, 9000, 0][:size], prose, prose, [0] * size, [0] * size, {3: shows}, 2, 2)
    assert staying([3], text) == stays


SIDE = "\n".join(TITLES * 3)
BODY = "\n\n".join(f"{PROSE} It was the {n}th time." for n in range(4, 12))


def test_settles_and_stays() -> None:
    once = clean(Document("x", f"{SIDE}\n\n{BODY}\n\n{SIDE}"), FURNITURE)
    assert once.changes
    assert all(row in once.document.text for row in BODY.split("\n"))
    assert not clean(once.document, FURNITURE).changes


def test_a_text_without_furniture_is_left_alone() -> None:
    assert not clean(Document("x", BODY), FURNITURE).changes


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("\x00\n" * 5_000, id="NUL"),
        pytest.param("a" * 1_000_000 + "\nb" * 20, id="1 MB without a space"),
        pytest.param("a b " * 250_000 + "\nb" * 20, id="1 MB of words"),
        pytest.param("Share\n" * 100_000, id="100,000 lines"),
        pytest.param("\u200b\n" * 1_000, id="nothing to see"),
        pytest.param("@" * 200_000 + "\nb" * 20, id="only at signs"),
        pytest.param("中文没有空格。\n" * 3_000, id="Chinese"),
    ],
)
def test_hostile_text_ends_soon(text: str) -> None:
    began = time.process_time()
    clean(Document("x", text), FURNITURE)
    assert time.process_time() - began < 30


def test_a_small_document_needs_no_numpy() -> None:
    script = (
        "import sys; from cleaner.classify import verdicts; verdicts('A line of text.\\nShare\\n' * 50);"
        "print('numpy' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=HERE, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
