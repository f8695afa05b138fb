"""The compiled comparison says what the plain one says, or nothing."""

from __future__ import annotations

import random
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cleaner.compiled import usable
from cleaner.duplicates.align import hunks
from cleaner.duplicates.beside import Beside
from cleaner.duplicates.cluster import _one_notice, _other_title
from cleaner.duplicates.sign_kernel import ROOM
from cleaner.duplicates.verdicts import _sign as shown_sign
from cleaner.duplicates.verify import Evidence, compare
from cleaner.duplicates.word_kernel import WORD, read_words
from cleaner.duplicates.word_table import characters, special_words
from cleaner.duplicates.wording import Text, ends_sentence
from cleaner.packed import Packed
from tests.test_verify import DAMAGE, OTHERWISE, STORY

pytestmark = pytest.mark.skipif(not usable(), reason="numba does not work here")

PLAIN = (
    "Ferry to be mended\n\n"
    "The council of the town voted on Monday to close the old bridge for two years. The mayor's plan will cost 1,500 "
    "euros a day, Jane Roe said, and they don't know who will pay for it. We can't see how Mr. Poe will do it, she said. "
    "Nobody had expected the vote to be so close, and 1.5 per cent made the difference, or $40 for each.\n\n"
    "The bridge was built in 1931 and it isn't safe any more. It had been mended 4 times since then, most of all after "
    "the flood of 1953. Two people died. The state will pay 3 million of it, and the town -2 if nothing goes wrong."
)


ADDRESS = "address"


def judged(*pairs: tuple[str, str]) -> list[tuple[Evidence, tuple[str, ...]] | str]:
    """What the kernels say of (removed, survivor): the evidence, and a title that the survivor has not.

    Of one notice under two titles it is only that, and nothing where they are not sure.
    """
    places = np.arange(2 * len(pairs)).reshape(-1, 2)
    beside = Beside(
        places.ravel(), [text for removed, survivor in pairs for text in (survivor, removed)], compiled=True
    )
    beside.judge(places)
    relations = [beside.relation(number) for number in range(len(pairs))]
    return [beside.evidence(n) if found not in ("", ADDRESS) else found for n, found in enumerate(relations)]


def agree(*pairs: tuple[str, str]) -> int:
    """Compare both ways; gives how many pairs the kernels were sure of."""
    found = judged(*pairs)
    for (removed, survivor), clear in zip(pairs, found, strict=True):
        one, other = Text(removed), Text(survivor)
        if clear == ADDRESS:
            assert _other_title(one, other)
            assert _one_notice(one, other)
        elif clear:
            assert clear == (compare(one, other), _other_title(one, other)), (removed, survivor)
            assert not clear[1] or not _one_notice(one, other)
    return sum(map(bool, found))


PIECES = st.sampled_from(
    [
        "The",
        "the",
        "a",
        "and",
        "bridge",
        "bridges",
        "Bridge",
        "isn't",
        "isn'",
        "isnt",
        "don't",
        "dont",
        "not",
        "no",
        "never",
        "cannot",
        "1,500",
        "1500",
        "1,50",
        "1.5",
        "1.500",
        "15\n",
        "",
        "",
        "",
        "million",
        "thousand",
        "$4",
        "4$",
        "5%",
        "%5",
        "-3",
        "3-",
        "C++",
        "c#",
        "U.S.",
        "Mr.",
        "Mr",
        "J.",
        "x_1",
        "he'll",
        "hell",
        "he?s",
        "\u2764\ufe0f",
        "\ufe0f",
        "\U0001f600",
        "\u2192",
        "ferrys",
        "ferryz",
        "bridgs",
        "he's",
        "we’re",
        "were",
        "“quoted”",
        "café",
        "cafe\n",
        "",
        "",
        "",
        "É",
        "é",
        "Straße",
        "Strasse",
        "naïve",
        "Roe",
        "Poe",
        "Roe's",
        "roe",
        "theold",
        "old",
        ".,",
        "...",
        "[...]",
        ".",
        "!",
        "?",
        "…",
        "—",
        "-",
        "\xa0",
        "\u2028",
        "Two",
        "people",
        "died.",
        "\n",
        "\n\n\n",
        "",
        "",
        "",
        "co\xadoperate",
        "ﬁne",
        "²",
        "½",
        "中国",
        "中's",
        "bridge中",
        "한국어",
        "한국",
        "العربية",
        "عرب\u0651",
        "हिन्दी",
        "ไทย",
        "a\u0903b",
        "日本語",
        "カタカナ",
        "不",
        "ºª",
        "АБВ",
        "абв",
        "&amp;",
        "AT&T",
        "â€™",
        "€5",
        "''",
        "'\"'",
        "it",
        "said",
        "that",
        "who",
        "which",
        "says",
        "say",
        "to",
        "from",
        "year",
        "2024\n",
        "",
        "",
        "",
        "government",
        "goverment",
        "governments",
        "minister",
        "ministers",
    ]
)
TEXT = st.lists(PIECES, max_size=30).map(" ".join)
EDIT = st.tuples(st.integers(0, 400), st.integers(0, 14), TEXT)


def edited(text: str, edits: list[tuple[int, int, str]]) -> str:
    """A text with some words replaced by others."""
    words = text.split(" ")
    for at, count, piece in edits:
        place = at % (len(words) + 1)
        words[place : place + count] = piece.split(" ")[:12]
    return " ".join(words)


@settings(max_examples=400, deadline=None)
@given(TEXT, TEXT)
@example("Two people died. 3 million", "Two people died. 3")
@example("a\n\nb.", "a b.")
def test_any_two_texts(one: str, other: str) -> None:
    agree((one, other), (other, one), (f"{PLAIN}\n{one}", f"{PLAIN}\n{other}"), (f"{one}\n{PLAIN}", PLAIN))


@settings(max_examples=400, deadline=None)
@given(TEXT, st.integers(0, 70))
@example("don't, 1,500 R&D x.y #1 C++ -2 $3 " + 61 * "a", 0)
@example(f"{60 * 'a'} b.", 3)
@example(f"{63 * 'a'}b", 0)
def test_words_are_the_same_wherever_they_stand(text: str, before: int) -> None:
    """At the end of all texts there are not 64 bytes to be looked at together: each character is read alone there."""
    blanks = " " * before
    alone, shifted = read([text[-40:]]), read([blanks + text[-40:], PLAIN])
    shifted[0]["start"] -= before
    shifted[0]["end"] -= before
    assert np.array_equal(alone[0], shifted[0])


SIGNED = st.sampled_from(
    ["$5", "$ 5", "5%", "5 %", "5\xa0€", "€\t7", "C++", "c#", "x+", "-2", "--2", "a-2", "\u22123", "é#"]
)


@settings(max_examples=400, deadline=None)
@given(st.lists(SIGNED | st.sampled_from([*" \n_-+5x,é", "word " * 20, "-" * 70]), max_size=12), st.integers(0, 70))
@example(["5", " ", "%"], 62)
@example(["C", "+", "+"], 63)
def test_signs_are_those_of_the_plain_path_wherever_they_stand(parts: list[str], before: int) -> None:
    """Between words of ASCII 64 bytes are looked at together, at the end of all texts each character alone."""
    text = "".join(parts)
    for some in ([text], [before * "x" + " " + text, PLAIN]):
        _, facts, marks = parsed(some)
        if facts[0, 0]:
            assert {shown_sign(code) for code in marks[0, : facts[0, 2]].tolist()} == Text(some[0]).marked


def read(texts: list[str]) -> list[Any]:
    """The words of texts as the kernel tells them, without any where one is not ordinary."""
    return parsed(texts)[0]


def parsed(texts: list[str]) -> tuple[list[Any], Any, Any]:
    """The same, and what else it tells: facts and signs."""
    packed = Packed.of(texts)
    words, starts = np.zeros(packed.characters + len(texts), WORD), np.zeros(len(texts) + 1, np.int64)
    facts, marks = np.zeros((len(texts), 3), np.int64), np.zeros((len(texts), ROOM), np.int64)
    wanted = np.ones(len(texts), np.bool_)
    read_words(packed.data, packed.borders, wanted, *characters(), special_words(), words, starts, facts, marks)
    return [words[start:end] for start, end in pairwise(starts.tolist())], facts, marks


@settings(max_examples=400, deadline=None)
@given(st.lists(EDIT, max_size=4), st.lists(EDIT, max_size=2))
def test_edited_copies(edits: list[tuple[int, int, str]], more: list[tuple[int, int, str]]) -> None:
    one, other = edited(PLAIN, edits), edited(PLAIN, more)
    agree((one, PLAIN), (PLAIN, one), (one, other), (edited(STORY, edits), STORY), (STORY, edited(STORY, more)))


@pytest.mark.parametrize(("name", "damaged"), DAMAGE, ids=[name for name, _ in DAMAGE])
def test_damaged_copies(name: str, damaged: object) -> None:
    assert callable(damaged)
    agree((damaged(STORY), STORY), (STORY, damaged(STORY)), (damaged(PLAIN), PLAIN), (PLAIN, damaged(PLAIN)))


def test_copies_that_say_something_else() -> None:
    pairs = [(STORY.replace(said, instead), STORY) for said, instead in OTHERWISE]
    assert agree(*pairs) > len(pairs) / 2


def test_the_common_cases_are_clear() -> None:
    other = f"Another headline that nobody knows\n\n{PLAIN.partition(chr(10))[2]}"
    assert agree((other, PLAIN)) == 1
    share = f"{PLAIN}\nShare this story with all of your friends"
    lines = PLAIN.replace(". ", ".\n")
    assert agree((PLAIN, share), (share, PLAIN), (PLAIN, lines), (PLAIN.replace("1931", "1932"), PLAIN)) == 4


@pytest.mark.parametrize(
    ("gone", "said"),
    [
        (None, ["near", "version", "version", "near", "version"]),
        ([0, 0, 0, 0], ["near", "", "version", "near", ""]),  # the second one goes, and the last one for the first
        ([1, 0, 0, 0], ["", "version", "", "", "version"]),  # the first one went before
        ([0, 0, 0, 1], ["near", "", "version", "", ""]),
    ],
)
def test_of_a_text_that_goes_nothing_more_is_said(gone: list[int] | None, said: list[str]) -> None:
    texts = [PLAIN, PLAIN.replace(". ", ".\n"), PLAIN.replace("1931", "1932"), PLAIN.replace("\n", " \n")]
    pairs = np.array([[0, 1], [1, 2], [0, 2], [0, 3], [2, 3]])
    beside = Beside(np.arange(4), texts, compiled=True)
    beside.judge(pairs, None if gone is None else bytearray(gone))
    assert [beside.relation(number) for number in range(len(pairs))] == said


@settings(max_examples=300, deadline=None)
@given(TEXT, TEXT, TEXT, st.booleans())
@example("One title", "Another headline", "This page is gone.", True)
@example("One title", "Another headline", "", True)
@example("One title", "Another headline of one", "This page is gone.", True)
@example("A very long first line of a text that ends as a sentence does, so it is none.", "Nobody", "Gone.", True)
def test_notices_under_titles(one: str, other: str, body: str, same: bool) -> None:
    left, right = f"{one}\n{body}", f"{other}\n{body if same else body[:-2]}"
    assert agree((left, right), (right, left), (f"{left} {PLAIN}", f"{right} {PLAIN}")) <= 3


def test_one_notice_under_two_titles_is_told_by_kernels() -> None:
    body = "The page that you asked for has gone away.\nPlease look at our home page instead."
    assert judged((f"Ferry sinks\n\n{body}", f"Mayor resigns\n\n{body}")) == [ADDRESS]


def test_many_differences_are_read_off_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    from cleaner.duplicates import verdicts

    monkeypatch.setattr(verdicts, "AT_ONCE", 1)
    dice = random.Random(1)
    words = PLAIN.split(" ")
    copies = [" ".join(dice.choice(words) if dice.random() < 0.2 else word for word in words) for _ in range(60)]
    assert agree(*((copy, PLAIN) for copy in copies)) > 30


@pytest.mark.parametrize("many", [2, 5, 30])
def test_passages_that_stand_elsewhere(many: int) -> None:
    """A few passages are looked for one by one, more of them in a table; the first words of some stand there alone."""
    dice = random.Random(many)
    words = PLAIN.replace("\n", " ").split(" ")
    parts = [" ".join(dice.choices(words, k=dice.randrange(9, 30))) + "." for _ in range(many)]
    moved = [*parts[many // 2 :], *parts[: many // 2]]
    cut = [" ".join(part.split(" ")[: dice.choice([9, 40])]) for part in moved]
    kept = [part for part in parts if dice.random() < 0.7]
    texts = [f"{PLAIN}\n" + "\n".join(some) for some in (parts, moved, cut, kept, [*kept, *kept])]
    assert agree(*((one, other) for one in texts for other in texts if one != other)) > 0


NUMBERS = st.lists(st.integers(0, 5), max_size=150)


@settings(max_examples=300, deadline=None)
@given(NUMBERS, NUMBERS, st.integers(1, 40))
def test_alignments_are_those_of_the_definition(left: list[int], right: list[int], many: int) -> None:
    from cleaner.duplicates.align_kernel import bits, differences

    left, right = left * (1 + many % 3), [number * many % 7 for number in right]
    keys: list[Any] = [(np.array(side, np.int64) * 0x1E3779B97F4A7C15).astype(np.uint64) for side in (left, right)]
    out = np.empty((len(left) + len(right) + 1, 4), np.int64)
    count = differences(keys[0], keys[1], bits(max(map(len, keys))), out)
    assert list(map(tuple, out[:count].tolist())) == hunks(list(map(str, left)), list(map(str, right)))


@pytest.mark.parametrize(
    ("word", "gap", "ends"),
    [
        ("bridge", " ", None),
        ("bridge", ". ", True),
        ("bridge", ".\u201d ", True),
        ("bridge", ".", None),
        ("bridge", "\n", False),
        ("bridge", "... ", False),
        ("bridge", " [...] ", False),
        ("Mr", ". ", None),
        ("J", ". ", None),
        ("J", ".\n", True),
        ("see", "? ", True),
        ("\u6865", "\u3002", True),
        ("see", "." * 200_000, None),  # not in minutes
    ],
)
def test_where_sentences_end(word: str, gap: str, ends: bool | None) -> None:
    assert ends_sentence(word, gap) is ends


def test_a_corpus_is_decided_alike_on_both_paths(monkeypatch: pytest.MonkeyPatch) -> None:
    from bench.synthetic import block
    from cleaner.duplicates import beside
    from cleaner.duplicates.cluster import find_duplicates
    from cleaner.duplicates.finding import Entry, prose_length
    from cleaner.duplicates.sketch import sketch

    texts = [
        *block(0, 120).texts,
        STORY,
        STORY.replace("1931", "1932"),
        PLAIN,
        PLAIN + " Share this.",
        "\u4e2d\u56fd" * 40,
    ]
    entries = [Entry(str(n), prose=prose_length(text)) for n, text in enumerate(texts)]
    codes = frozenset({"DUP001", "DUP002", "DUP003"})
    found = []
    for held, compiled in ((400_000, False), (400_000, True), (1_000, True)):
        monkeypatch.setattr(beside, "HELD", held)
        monkeypatch.setattr("cleaner.duplicates.cluster.pays", lambda *_, compiled=compiled: compiled)
        found.append(find_duplicates(entries, sketch(texts), lambda at: [texts[n] for n in at], codes))
    assert len(found[0]) > 30
    assert found[0] == found[1] == found[2]


def test_long_texts_are_cut_where_both_have_a_run_once(monkeypatch: pytest.MonkeyPatch) -> None:
    from cleaner.duplicates import verdicts

    long = " ".join(f"The {n}th bridge of the town was mended, Jane Roe said." for n in range(4_000))
    changed = long.replace("The 7th", "The 8th", 1).replace("The 900th", "Thea 900th", 1)
    again = f"{long} {'And nobody came. ' * 1500}"
    assert agree((changed, long), (long, changed), (long, again), (again, changed), (long, STORY), (STORY, long)) == 6
    monkeypatch.setattr(verdicts, "LONGEST", 4_000)
    assert judged((changed, long), (STORY, STORY)) == ["", judged((STORY, STORY))[0]]
    assert judged((STORY, STORY))[0]


SERIES = st.lists(st.tuples(st.integers(0, 60), st.integers(1, 30)), max_size=12)


@settings(max_examples=200, deadline=None)
@given(SERIES, SERIES)
def test_long_alignments_are_those_of_the_definition(one: list[tuple[int, int]], other: list[tuple[int, int]]) -> None:
    from cleaner.duplicates import align, align_kernel, anchor_kernel

    many = range(align.WHOLE // 2)
    sides = [[*many, *(n % 70 + at for at, size in some for n in range(size)), *many[::-1]] for some in (one, other)]
    keys = [(np.array(side, np.int64) * 0x1E3779B97F4A7C15).astype(np.uint64) for side in sides]
    longest = max(map(len, keys))
    out = np.empty((2 * longest + 2, 4), np.int64)
    room = align_kernel.bits(longest), anchor_kernel.cuts(longest)
    count = anchor_kernel.hunks(keys[0], keys[1], *room, out)
    assert list(map(tuple, out[:count].tolist())) == hunks(*(list(map(str, side)) for side in sides))


GLUED = "The old bridge isn't safe, Mr. Poe's mayor can't say who'll pay 1,500 for it. "


@settings(max_examples=300, deadline=None)
@given(st.lists(st.integers(0, 90), max_size=4), st.lists(st.integers(0, 90), max_size=2), st.booleans())
def test_glued_words_are_taken_apart(lost: list[int], more: list[int], bare: bool) -> None:
    def glue(places: list[int]) -> str:
        words = f"{GLUED}{PLAIN}".split(" ")
        for place in places:
            one = words[place % (len(words) - 1)]
            words[place % (len(words) - 1)] = ""
            joined = f"{one.partition(chr(39))[0] if bare else one}{words[place % (len(words) - 1) + 1]}"
            words[place % (len(words) - 1) + 1] = joined
        return " ".join(words)

    one, other = glue(lost), glue(more)
    agree((one, other), (other, one), (f"{one} Thebridge.", other))


def test_glued_words_and_lost_letters_are_clear() -> None:
    whole = f"{GLUED}{PLAIN} The caf\u00e9 of Sinn F\u00e9in, \u201cso\u201d said Andr\u00e9 Ro\u00eb."
    damaged = whole.replace("The old", "Theold").replace("can't say", "cansay").replace("caf\u00e9", "cafe")
    assert agree((damaged, whole), (whole, damaged), (whole.replace("Sinn F\u00e9in", "SinnF"), whole)) == 3
    assert agree((whole, whole.replace("Andr\u00e9 Ro\u00eb", "Ann Poe")), (whole, PLAIN), (PLAIN, whole)) == 3


def test_letters_without_capitals_are_ordinary() -> None:
    from cleaner.duplicates import word_table

    languages = f"{PLAIN}\n中文 日本語 한국어 العربية Русский"
    assert agree((languages, PLAIN), (PLAIN, languages), (languages.replace("한국어", "हिन्दी"), PLAIN)) == 2
    kinds, folds = word_table.characters()
    for point in (*range(*word_table.IDEOGRAPHS, 97), *range(*word_table.SYLLABLES, 97)):
        alone = word_table.ALONE * (point < word_table.SYLLABLES[0])
        kind, folded = word_table._character(chr(point), token=True)
        assert (kinds[point], folds[point]) == (kind | alone, folded)


def test_kernels_know_the_words_that_the_lexicon_knows() -> None:
    from numba import njit

    from cleaner.duplicates.known_kernel import has_word
    from cleaner.duplicates.verdicts import _english
    from cleaner.duplicates.word_table import word_hash
    from cleaner.lexicon import english

    lexicon = english()
    listed = [*list(lexicon.levels)[::40], *sorted(lexicon.rare)[::40], *lexicon.places]
    words = {word.lower() for word in listed} | {f"{word.lower()}zq" for word in listed[::9]}
    asked = [word for word in words if word.isalpha()]
    assert len(asked) > 1000
    known = np.zeros(len(asked), bool)

    @njit
    def look(table: Any, hashes: Any, found: Any) -> None:
        for n in range(hashes.size):
            found[n] = has_word(table, hashes[n])

    look(_english(), np.array([word_hash(word) for word in asked], np.uint64), known)
    assert known.tolist() == [lexicon.knows(word) for word in asked]


def test_pictures_and_misspellings_are_judged_by_kernels() -> None:
    pictures = PLAIN + " We love it \u2764\ufe0f \U0001f600 \u2605 \u25bc"
    assert agree((PLAIN, pictures), (pictures, PLAIN)) == 2
    assert agree((PLAIN.replace("bridge was", "bridgge was"), PLAIN), (PLAIN, PLAIN.replace("built", "bilt"))) == 2
