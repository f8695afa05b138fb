"""Documents that another one survives for: found loosely, verified exactly, never by a chain."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain, permutations
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner import portions
from cleaner.compiled import usable
from cleaner.config import Config
from cleaner.duplicates.bands import BANDS
from cleaner.duplicates.beside import Beside
from cleaner.duplicates.candidates import FOUND, STARS, UNREAD, Sought, _runs, _together, candidate_pairs
from cleaner.duplicates.cluster import Fates, Law, _decide, find_duplicates
from cleaner.duplicates.finding import Entry, Finding, TextsOf, prose_length
from cleaner.duplicates.sketch import ROW, sketch
from cleaner.duplicates.survivors import DEFAULT_POLICY
from cleaner.duplicates.verify import compare
from cleaner.duplicates.wording import Text
from cleaner.publish import publish
from cleaner.restore import undo_run
from cleaner.run import run
from tests.conftest import tree

ALL = frozenset({"DUP001", "DUP002", "DUP003"})
STORY = (
    "The council of the town voted on Monday to close the old bridge for two years. The work will cost 12 million euros, "
    "the mayor Jane Roe said, and half of it is paid by the state. People who live on the other side will have to go round "
    "by the ferry until it is done. Nobody had expected the vote to be so close, and the count was held a second time. The "
    "bridge was built in 1931 and had been mended four times since then, most of all after the flood of 1953. "
)


def bringing(texts: Sequence[str]) -> TextsOf:
    return lambda places: [texts[place] for place in places]


def duplicates(texts: dict[str, str]) -> list[Finding]:
    entries = [Entry(key, prose=prose_length(text)) for key, text in texts.items()]
    held = list(texts.values())
    return find_duplicates(entries, sketch(held), bringing(held), ALL)


def found(*texts: str) -> list[tuple[str, str, str]]:
    findings = duplicates({str(n): text for n, text in enumerate(texts)})
    return [(f.id, f.relation, f.instead) for f in findings]


@pytest.mark.parametrize(
    ("change", "relation"),
    [
        (("12 million", "19 million"), "version"),
        (("Jane Roe", "Mary Poe"), "version"),
        (("had expected", "had not expected"), "version"),
        (("will cost", "will never cost"), "version"),
        (("so close", "so clear"), "version"),
        (("12 million euros", "12 million dollars"), "version"),
        (("1953. ", "1953. The opposition called it a waste of money. "), "near"),  # the longer one says it all
        (("on Monday ", ""), "near"),
        (("1953. ", "1953. Share this."), "near"),
        (("the ferry", "theferry"), "exact"),
        (("the ferry", "the  “ferry”"), "exact"),
    ],
)
def test_a_copy_with_one_change(change: tuple[str, str], relation: str) -> None:
    other = STORY.replace(*change)
    assert [r for _, r, _ in found(STORY, other)] == [relation]


def test_case_quotes_and_spaces_make_no_difference_and_signs_do() -> None:
    assert found(STORY, STORY.upper()) == [("1", "exact", "0")]
    assert found(f"{STORY} It costs $5.", f"{STORY} It costs €5.") == [("1", "version", "0")]


def test_other_stories_are_not_found() -> None:
    assert (
        found(STORY, "The minister went to the fair and bought a cow, which he later gave to the children's zoo.") == []
    )


def test_empty_and_one_word_documents_are_nobodys_duplicate() -> None:
    assert found("", "", "...", "One", "Two") == []
    assert found("One", "one") == [("1", "exact", "0")]


DRIFTING = {
    str(k): " ".join(
        f"Sentence number {n} of the long report speaks of the {n}th house in the street by the sea."
        for n in range(k, k + 18)
    )
    for k in range(6)
}
DRIFTING["6"] = DRIFTING["0"].replace("5th house", "6th house")


def assert_the_same_survivors(orders: Iterable[tuple[str, ...]]) -> None:
    """In every order of the seven the same go, and each names one that is kept."""
    keys = list(DRIFTING)
    rows = sketch([DRIFTING[key] for key in keys])
    expected: list[Finding] | None = None
    for order in orders:
        entries = [Entry(key, prose=prose_length(DRIFTING[key])) for key in order]
        turned = rows[[keys.index(key) for key in order]]
        findings = find_duplicates(entries, turned, bringing([DRIFTING[key] for key in order]), ALL)
        removed = {f.id for f in findings if f.relation != "version"}
        assert all(f.instead not in removed for f in findings)
        assert expected is None or findings == expected
        expected = findings
    assert expected


def test_seven_drifting_copies_leave_no_chain_in_any_order() -> None:
    assert_the_same_survivors(Random(7).sample(list(permutations(DRIFTING)), 25))


@pytest.mark.long
def test_seven_drifting_copies_in_every_order() -> None:
    assert_the_same_survivors(permutations(DRIFTING))


def test_seven_drifting_copies_come_back(tmp_path: Path) -> None:
    raw, clean, back = tmp_path / "raw", tmp_path / "clean", tmp_path / "back"
    raw.mkdir()
    for key, text in {**DRIFTING, "7": DRIFTING["0"], "8": DRIFTING["3"] + " And."}.items():
        (raw / f"{key}.txt").write_text(text, encoding="utf-8")
    publish(run(raw, Config()), clean)
    assert len(list(clean.glob("*.txt"))) < 9
    undo_run(clean, back)
    assert tree(back) == tree(raw)


PLAN = (
    "The council has {} plans for the harbour, and {} of them were shown to the people of the town on Monday evening. "
)


def crowded(raw: Path) -> None:
    """Drifting copies, copies of copies, and pages of which each is a version of most others."""
    raw.mkdir()
    for key, text in {**DRIFTING, "7": DRIFTING["0"], "8": DRIFTING["3"] + " And."}.items():
        (raw / f"{key}.txt").write_text(text, encoding="utf-8")
    for n in range(60):
        text = STORY + PLAN.format(n % 7, n % 3) * (n % 4) + ("It was late." if n % 5 else "")
        (raw / f"page{n:02}.txt").write_text(text, encoding="utf-8")


@pytest.mark.parametrize("versions", ["keep", "latest"])
@pytest.mark.parametrize(("tokens", "pairs"), [(1, 1), (200, 7), (3000, 100)])
def test_groups_that_are_cut_into_portions_decide_as_whole_ones(
    tokens: int, pairs: int, versions: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    crowded(tmp_path / "raw")
    config = Config(ignore=("REP", "DUP006", "DUP007"), versions=versions)
    whole = run(tmp_path / "raw", config)
    monkeypatch.setattr(portions, "PORTION", tokens)
    monkeypatch.setattr(portions, "PAIRS", pairs)
    cut = run(tmp_path / "raw", config)
    assert len(cut.compared) > len(whole.compared)
    assert cut.duplicates() == whole.duplicates()
    assert {row["relation"] for row in whole.duplicates()} >= {"near", "version", "exact"}


def test_a_crowd_of_pages_that_differ_in_a_date_is_not_quadratic() -> None:
    pages = {f"{n:04}": f"{STORY} Printed on day {n} of the year." for n in range(1_000)}
    rows = sketch(list(pages.values()))
    pairs = candidate_pairs(rows, range(1_000))
    assert len(pairs) < 1_000 * 2 * (STARS + 1) * BANDS / 4
    assert set(pairs[:, 1].tolist()) >= set(range(1, 1_000)), "everyone has a better partner"
    assert (pairs[:, 0] < pairs[:, 1]).all()


def test_many_identical_copies_name_one_survivor() -> None:
    findings = duplicates({f"{n:04}": STORY for n in range(2_000)})
    assert len(findings) == 1_999
    assert {f.instead for f in findings} == {"0000"}


def test_the_survivor_of_an_exact_copy_is_kept_in_the_end() -> None:
    longer = f"{STORY} The ferry takes ten minutes to the other side of the river when the weather is fair."
    findings = duplicates({"a": STORY, "b": STORY, "c": longer})
    removed = {f.id for f in findings if f.relation != "version"}
    assert removed == {"a", "b"}
    assert {f.instead for f in findings} == {"c"}


def test_a_copy_of_a_copy_has_the_evidence_of_the_last_survivor() -> None:
    findings = {
        f.id: f for f in duplicates({"a": STORY, "b": STORY, "c": f"{STORY} It rains. It pours. It never ends."})
    }
    assert {f.instead for f in findings.values()} == {"c"}
    assert findings["b"].row() == {**findings["a"].row(), "id": "b"}
    assert findings["b"].row()["jaccard"] < 1


def test_the_same_notice_under_two_titles_is_no_copy() -> None:
    notice = "Once you are registered, you can: read one article a week and get the letter of the editor each morning. "
    titles = "How banks sink money", "The ten best brands of today"
    assert found(*(f"{title}\n{notice * 3}" for title in titles)) == []
    assert [r for _, r, _ in found(*(f"{title}\n{notice * 9}" for title in titles))] == ["version"], "a story is longer"
    assert [r for _, r, _ in found(*(f"Banks sink {n} of their money\n{notice * 3}" for n in (3, 4)))] == ["version"]


OPPOSITES = [
    ("The company's profits rose sharply in the third quarter of the year, its chief said.", "rose", "fell"),
    ("At least three people were killed in the fire that broke out in the old harbour.", "three", "five"),
    ("The jury found the man guilty of the murder of the two girls in the village.", "guilty", "innocent"),
    ("The buyer shall pay the costs of the transport from the port to the place.", "buyer", "seller"),
    ("We can support the plan of the council to build a new school on the hill.", "can", "can't"),
    ("It is likely that the bank will raise its rate again before the end of the year.", "likely", "unlikely"),
    ("Die Regierung hat gestern einen Vorschlag gemacht, der für Streit gesorgt hat.", "einen", "keinen"),
    ("Prices rose by 1.5 percent in the month of June, the office said on Friday.", "1.5", "15"),
    ("The talks with President Xi in the capital went on for more than two hours.", "Xi", "Li"),
    ("Le premier jour du procès a été marqué par les larmes de la mère.", "premier", "dernier"),
    ("中国外交部发言人星期一在北京表示政府支持这一计划并且呼吁各方保持克制。", "支持", "反对"),
    ("政府は月曜日にこの計画を実行すると発表し、記者団の質問に答えた。", "すると", "しないと"),
    ("Президент заявил, что он поддержит план парламента о строительстве дороги.", "поддержит", "не поддержит"),
    ("Il ministro ha detto lunedì che il governo può sostenere il piano.", "può", "non può"),
]


@pytest.mark.parametrize(("text", "word", "other"), OPPOSITES)
def test_opposite_statements_are_never_removable(text: str, word: str, other: str) -> None:
    assert word in text
    one, two = Text(text), Text(text.replace(word, other))
    for copies in (True, False):
        assert not compare(one, two, copies=copies).removable
        assert not compare(two, one, copies=copies).removable


SIMILAR = frozenset({"DUP001", "DUP005"})


def test_similar_copies_go_unread_where_that_is_selected() -> None:
    texts = [STORY * 2, (STORY * 2).replace("12 million", "19 million", 1), STORY]
    entries = [Entry(str(n), prose=prose_length(text)) for n, text in enumerate(texts)]
    found = find_duplicates(entries, sketch(texts), bringing(texts), SIMILAR)
    assert [(f.id, f.relation, f.instead) for f in found] == [("1", "similar", "0"), ("2", "similar", "0")]
    assert found[0].row()["jaccard"] >= 0.8
    assert not found[0].hunks


def test_similar_copies_need_their_rule_and_unsafe_fixes(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    raw.mkdir()
    for name, text in {"a": STORY * 2, "b": (STORY * 2).replace("12 million", "19 million", 1)}.items():
        (raw / f"{name}.txt").write_text(text, encoding="utf-8")

    def left(**settings: Any) -> int:
        clean = tmp_path / "clean"
        publish(run(raw, Config(**settings)), clean)
        return len(list(clean.glob("*.txt")))

    assert left() == 2
    assert left(select=("DUP",), unsafe_fixes=False) == 2
    assert left(select=("DUP",), unsafe_fixes=True) == 1


WORDS = [f"word{n}" for n in range(4_000)]


def share_found(pairs: list[tuple[list[str], list[str]]], sought: Sought = FOUND) -> float:
    """How many of some pairs of texts are candidates."""
    texts = [" ".join(text) for pair in pairs for text in pair]
    candidates = set(map(tuple, candidate_pairs(sketch(texts), range(len(texts)), sought).tolist()))
    return sum((2 * n, 2 * n + 1) in candidates for n in range(len(pairs))) / len(pairs)


def pairs_sharing(shared: int, own: int) -> list[tuple[list[str], list[str]]]:
    """Pairs of texts that have so many words in common, at their beginning, and so many each for itself."""
    dice = Random(shared)
    pairs = []
    for _ in range(200):
        drawn = dice.sample(WORDS, shared + 2 * own)
        common = drawn[2 * own :]
        pairs.append((common + drawn[:own], common + drawn[own : 2 * own]))
    return pairs


@pytest.mark.parametrize(("shared", "own", "least"), [(204, 100, 0.985), (300, 100, 1.0), (800, 100, 1.0)])
def test_pairs_of_jaccard_one_half_and_more_are_candidates(shared: int, own: int, least: float) -> None:
    """At J = .5, .6 and .8. The usual settings for .8 miss one pair in twelve there, some four in five."""
    assert share_found(pairs_sharing(shared, own)) >= least


@pytest.mark.parametrize(
    ("shared", "own", "least", "most"),
    [(804, 100, 1.0, 1.0), (404, 50, 1.0, 1.0), (304, 100, 0.0, 0.7), (204, 100, 0.0, 0.05), (200, 1_000, 0.0, 0.0)],
)
def test_of_those_that_go_unread_only_the_similar_are_candidates(
    shared: int, own: int, least: float, most: float
) -> None:
    """At J = .8 twice, then .6, .5 and .1."""
    assert least <= share_found(pairs_sharing(shared, own), UNREAD) <= most


def test_what_stands_whole_in_another_text_is_no_candidate_of_those_that_go_unread() -> None:
    dice = Random(3)
    texts = [dice.sample(WORDS, 400) for _ in range(200)]
    pairs = [(text, text[:100]) for text in texts]
    assert (share_found(pairs), share_found(pairs, UNREAD)) == (1.0, 0.0)


@pytest.mark.parametrize(("size", "least"), [(200, 1.0), (40, 0.98)])
def test_a_short_text_inside_a_long_one_is_a_candidate(size: int, least: float) -> None:
    dice = Random(size)
    pairs = []
    for _ in range(100):
        long = dice.sample(WORDS, 400)
        pairs.append(([*long[100 : 100 + size - 5], "its", "own", "end"], long))
    assert share_found(pairs) >= least


def test_no_text_of_another_script_is_taken_for_all_others() -> None:
    """Where only Latin letters count, every text of another script is the same run of blanks."""
    assert not found(
        "Совет города решил в понедельник закрыть старый мост.", "Вчера министр был на рынке и купил корову."
    )
    assert not found(
        "صوت مجلس المدينة يوم الاثنين على إغلاق الجسر القديم", "ذهب الوزير أمس إلى السوق واشترى بقرة كبيرة سمينة"
    )
    assert not found("市议会星期一投票决定关闭旧桥两年以便修理。", "部长昨天去集市买了一头牛送给儿童动物园。")


def test_copies_in_scripts_without_blanks_are_found() -> None:
    text = "中国外交部发言人星期一在北京表示政府支持这一计划并且呼吁各方保持克制。工程将耗资一千二百万欧元。"
    assert found(text, text + "分享到微博。") == [("0", "near", "1")]
    assert found(text, text.replace("一千二百万", "一千九百万")) == [("1", "version", "0")]


def test_texts_shorter_than_a_shingle_are_compared_whole() -> None:
    assert found("Four short words here", "four short words HERE") == [("1", "exact", "0")]
    assert found("Four short words here", "Four short words there") == []


def test_only_texts_that_are_hit_are_asked_for() -> None:
    texts = [
        STORY,
        "The minister went to the fair and bought a cow for the zoo of the children.",
        STORY + " Share this.",
    ]
    asked: set[int] = set()

    def texts_of(places: Sequence[int]) -> list[str]:
        asked.update(places)
        return [texts[place] for place in places]

    assert find_duplicates([Entry(str(n)) for n in range(3)], sketch(texts), texts_of, ALL)
    assert asked == {0, 2}


def test_the_shorter_of_two_exact_notices_under_other_codes_still_meets_its_partner() -> None:
    """Without DUP001 identical copies are near copies, and a large group of them is still not quadratic."""
    entries = [Entry(f"{n:04}") for n in range(300)]
    findings = find_duplicates(entries, sketch([STORY] * 300), lambda at: [STORY] * len(at), frozenset({"DUP002"}))
    assert {(f.relation, f.instead) for f in findings} == {("near", "0000")}
    assert len(findings) == 299


@pytest.mark.skipif(not usable(), reason="numba does not work here")
@pytest.mark.parametrize("remembered", [8, 64, 1 << 16])
@pytest.mark.parametrize("sought", [FOUND, UNREAD])
def test_candidates_are_the_same_on_both_paths(
    sought: Sought, remembered: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cleaner.duplicates.candidates.REMEMBERED", remembered)
    dice = np.random.default_rng(5)
    rows = np.zeros(600, ROW)
    rows["tokens"] = dice.integers(0, 400, 600)
    rows["signature"] = dice.integers(0, 1 << 32, (600, 128), np.uint32)
    for first, count, share in ((0, 100, 0.9), (100, 40, 0.5), (200, 5, 0.3), (300, 200, 0.1), (520, 30, 0.2)):
        same = dice.random((count, 128)) < share
        family = rows["signature"][first : first + count]
        rows["signature"][first : first + count] = np.where(same, family[0], family)
    order = dice.permutation(600)
    found = []
    for on in (False, True):
        monkeypatch.setattr("cleaner.duplicates.candidates.on", lambda on=on: on)
        monkeypatch.setattr("cleaner.duplicates.met.MERGE", 1 << 14)
        found.append(candidate_pairs(rows, order, sought))
    assert len(found[0]) > 500
    assert (found[0] == found[1]).all()


@pytest.mark.skipif(not usable(), reason="numba does not work here")
@given(
    st.dictionaries(st.tuples(st.integers(0, 9), st.integers(1, 9)), st.tuples(st.integers(5, 10), st.integers(0, 3))),
    st.sets(st.sampled_from(["DUP002", "DUP003", "DUP005"]), min_size=1),
)
def test_the_same_documents_go_on_both_paths(said: dict[tuple[int, int], tuple[int, int]], codes: set[str]) -> None:
    """Of pairs that share so many of ten shingles, and of which the kernels say this; 0 is left to plain Python."""
    pairs = np.array([(*pair, n, 10, 10) for pair, (n, _) in said.items() if pair[0] < pair[1]], np.int64)
    beside = Beside(np.arange(10), [STORY] * 10, compiled=False)
    beside.said = np.array([relation for pair, (_, relation) in said.items() if pair[0] < pair[1]], np.int64)
    law = Law(frozenset(codes), DEFAULT_POLICY, [], [])
    found = []
    for on in (False, True):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("cleaner.duplicates.cluster.on", lambda on=on: on)
            fates = Fates(bytearray(10))
            decided = chain.from_iterable(_decide(pairs.reshape(-1, 5), beside, law, fates))
            found.append((list(decided), fates.gone))
    assert found[0] == found[1]


VALUES = st.integers(0, 3) | st.integers(0, 2**32 - 1)


@pytest.mark.skipif(not usable(), reason="numba does not work here")
@given(st.lists(st.lists(VALUES, min_size=2, max_size=60), min_size=1, max_size=3), st.integers(1, 20))
def test_documents_that_share_all_values_stand_together_on_both_paths(values: list[list[int]], times: int) -> None:
    """Where a kernel gathers them, groups come in another order."""
    count = min(map(len, values))
    slots = np.tile(np.array([slot[:count] for slot in values], np.uint32), times)
    found = []
    for on in (False, True):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("cleaner.duplicates.candidates.on", lambda on=on: on)
            places, first, end = _runs(_together(slots))
        found.append(sorted(places[start:stop].tolist() for start, stop in set(zip(first, end, strict=True))))
    assert found[0] == found[1]
