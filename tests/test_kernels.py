"""Kernels give what their plain twins give, over any text."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cleaner import compiled
from cleaner.blanks import blanks
from cleaner.codes import WIDE, numbers
from cleaner.line_marks import Sought, marks_compiled, marks_plain, short_lines, short_plain
from cleaner.literals import Literals
from cleaner.phrases import LONGEST, asked, asked_plain, key, label, phrases, prefixes, templates
from cleaner.runs import Passage, first_alike, repeated_runs_plain, sharing
from cleaner.segment import filled_plain, lines, starts_plain, tokens
from cleaner.sequences import Hint, Sequences
from cleaner.stops import behind_plain, behind_stops
from cleaner.vocabulary import _read, places_in, places_plain, vocabulary

WORDS = st.sampled_from(
    [
        "the",
        "The",
        "Paris",
        "paris",
        "kyiv",
        "viaout",
        "xin",
        "xto",
        "toxx",
        "oncexx",
        "Iike",
        "don’t",
        "café",
        "a²",
        "e-mail",
        "İ",
        "x_1",
    ]
)
TEXT = st.lists(st.one_of(WORDS, st.text(max_size=6)), max_size=20).flatmap(
    lambda parts: st.sampled_from([" ", "", "’", "\u00a0", "\n", "…"]).map(lambda joint: joint.join(parts))
)


@pytest.fixture(scope="module", autouse=True)
def _usable() -> Iterator[None]:
    assert compiled.usable(), "the kernels are tested where numba works"
    yield


@given(st.text(), st.integers(0, 100))
@example("\U0001f642", 0)
@example("\ud83d\ude42", 0)
def test_characters_as_numbers(text: str, times: int) -> None:
    text += "x" * times  # a long text is kept in other ways than a short one
    assert numbers(text).tolist() == [min(ord(character), WIDE) for character in text]


@pytest.mark.skipif("NUMBA_BOUNDSCHECK" not in os.environ, reason="only where indices are checked: make bounds")
@pytest.mark.parametrize("kind", [compiled.kernel, compiled.borrower])
def test_an_index_past_the_end_is_seen(kind: Callable[[Any], Any]) -> None:
    def read(array: Any, at: Any) -> Any:
        return array[at]

    with pytest.raises(IndexError):
        kind(read)(np.zeros(4, np.uint8), 4)


@settings(max_examples=300, deadline=None)
@given(TEXT)
@example("it's they\u2019ll 'tis o'clock don\u2019t x'ab\u00e9 \u2019s")
@example("caf\u00e9 don\u2019t \u00c9cole viaout's \u201cIike\u201d \u2028end\u2029")
@example(
    "government Governmental governmentalx GOVERNMENTALXYZQ Abcdefgh abcdefgh abcdefg\u00a0abcdefghabcdefgh x-\u00e9 x"
)
@example("s\u2019s " + "abcdefgh" * 40 + "\u2014")
@example(
    "viaout " * 9
    + "\U0001d400via \U0001d401via \u00e9\u4e00 \u00e9\u4f00 onceXX XXonce tomorroww xto xin inx kyiv Kyiv"
)
@example(" ".join(f"via{a}{b} \u00e9{a}{b}" for a in "qxzjkvw" for b in map(chr, range(0x61, 0x7B))))
@example("x" * 61 + " viaout " + "y" * 57 + " qvia" + "viaq" * 60 + " xal al \u2019al n\u2019al")
def test_words_that_no_list_has_and_somebody_asks_about(text: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compiled, "on", lambda: False)
        _read.cache_clear()
        plain = vocabulary(text)
        patch.setattr(compiled, "on", lambda: True)
        for time in ("first", "again, when words of no interest are noted"):
            _read.cache_clear()
            assert vocabulary(text) == plain, time
            assert {word: list(places_in(text, word)) for word in plain} == {
                word: places_plain(text, word) for word in plain
            }, time


LONG = "y" * 40
REPEATED = ["a", "B", "b", "é", "É", "\u00a0", "\n", "c d e", "\x1f", "\x0b"]
REPEATING = st.lists(st.sampled_from(REPEATED), max_size=60)
CLOSED = [f"{LONG}{end}\n" for end in (".", "?\u201d", "!)' \x1c", "\u3002 ", ".\u00a0", "", "]", " .")]


@settings(max_examples=300, deadline=None)
@given(REPEATING.map(" ".join))
@example("a b c d e\nA B C D E")
@example("a b c d e a b c d e a b c d e")
@example("\x1fa \x1f a\x1f a\x00 a\x00\x00 " * 3)
@example("abcdefgh abcdefghi abcdefg\x01 abcdefgh\x01 ABCDEFGH " * 2)
def test_runs_that_stand_twice(text: str) -> None:
    from cleaner.runs_kernel import repeated_runs

    lengthened = "\n".join(f"{line} {LONG}." for line in text.split("\n"))
    found, plain = repeated_runs(lengthened), repeated_runs_plain(lengthened.encode().split(b"\n"))
    assert found is not None
    assert [sorted(lines) for lines in found] == [sorted(lines) for lines in plain]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(REPEATED + CLOSED), max_size=60).map(" ".join), st.sampled_from(["", "é", "c", "\x1f"]))
@example(" a b c d e".join(CLOSED) + "." + " a b c d e".join(CLOSED), "")
@example(f"a b c d e f {LONG}.\nb c d e f {LONG}.\na b c d e f g {LONG}.\nx a b c d e {LONG}.", "")
@example(f"a b c d e f {LONG}.\na b c d e g {LONG}.\na b c d e f h {LONG}.\na b c d e c {LONG}.", "c")
@example("\n" * 900 + f"a b c d e f {LONG}.\na b c d e f {LONG}.", "")
@example("\n".join(f"{way}b {LONG * 4}1 \t c {LONG * 4}2 d{way}e f g." for way in ("a ", "", "A ", "\x0c")), "")
@example("\n".join(f"{'a' * size} b c d e f g h {LONG}." for size in (*range(50, 70), *range(50, 70))), "")
@example(f"a b c d e f g {LONG}.\n[b c d e f g] {{b c d e f g}} @ ` @ ` @ ` @ ` {LONG}.", "")
@example(f"x b c d e f {LONG}." + "\n" * 400 + f"a b c d e f {LONG}.\na b c d e f {LONG}.", "")
def test_lines_that_share_runs(text: str, without: str) -> None:
    def compared(line: str) -> bool:
        return not without or without not in line

    found = []
    with pytest.MonkeyPatch.context() as patch:
        for on in (False, True):
            patch.setattr(compiled, "on", lambda on=on: on)
            found.append([sharing(text, least, compared) for least in (1, 2, 3)])
    assert found[0] == found[1]


@pytest.mark.parametrize(("one", "other"), [("\U0001f600", "\U0001f601"), ("\uffff", "\U0001f600")])
def test_runs_of_characters_beyond_the_basic_plane_are_told_apart(one: str, other: str) -> None:
    same = f"a b {one} c d e f {LONG}."
    unlike = same.replace(one, other)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compiled, "on", lambda: True)
        assert sharing(f"{same}\n{same}", 3, bool) == [(0, 1)]
        assert sharing(f"{same}\n{unlike}", 3, bool) == []


PASSAGES = st.lists(
    st.builds(
        Passage,
        st.integers(0, 30),
        st.one_of(st.text(alphabet="ab é", max_size=24), st.text(alphabet="ab ", max_size=12)),
    ),
    max_size=5,
)


@settings(max_examples=500, deadline=None)
@given(PASSAGES, PASSAGES, st.sampled_from([(1, 2), (9, 10), (0, 1)]))
@example([Passage(0, "")], [Passage(0, ""), Passage(2, "ab")], (1, 2))
@example(
    [Passage(2, "ab"), Passage(9, "ababababa")],
    [Passage(5, "ab ab"), Passage(2, "ab"), Passage(9, "babababab")],
    (1, 2),
)
@example([Passage(9, "(AB!, a-Z 09) ")], [Passage(9, " ab a z 09"), Passage(9, "aba z09[`{@/:")], (9, 10))
def test_the_first_passage_that_is_alike(ones: list[Passage], others: list[Passage], share: tuple[int, int]) -> None:
    found = []
    with pytest.MonkeyPatch.context() as patch:
        for on in (False, True):
            patch.setattr(compiled, "on", lambda on=on: on)
            found.append((first_alike(ones, others, share), first_alike(ones, ones, share, before=True)))
    assert found[0] == found[1]


BLANK = [
    chr(code)
    for code in (*range(33), *range(0x7F, 0xA2), 0x1680, *range(0x2000, 0x2070), 0x2FFF, *range(0x3000, 0x3003))
]


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.sampled_from([*BLANK, "\n", "\n\n", "a", "\u0f80", "\u10a0", "\U0001d173"]), max_size=9).map("".join),
    st.integers(0, 70),
)
@example("".join(f"a{blank}a\n" for blank in BLANK if blank != "\n"), 0)
@example("a\n\na", 61)
def test_blanks_at_the_ends_of_lines_and_empty_lines(text: str, before: int) -> None:
    for whole in ("a" * before + text, text):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(compiled, "on", lambda: False)
            plain = blanks.__wrapped__(whole)
            patch.setattr(compiled, "on", lambda: True)
            assert blanks.__wrapped__(whole) == plain


@pytest.mark.parametrize("blank", BLANK)
def test_a_blank_of_any_kind_at_the_end_of_a_line(blank: str) -> None:
    found = []
    with pytest.MonkeyPatch.context() as patch:
        for on in (False, True):
            patch.setattr(compiled, "on", lambda on=on: on)
            found.append((blanks.__wrapped__(f"a{blank}\nb"), blanks.__wrapped__(f"a{blank}")))
    assert found[0] == found[1]


STRINGS = {
    "one": ["“", "”", " ,"],
    "two": ["”", "\x00", "aba"],
    "three": ["\U0001d173", "ab"],
    "four": ["aab,,b", "b ab", "“b,a”"],
    "five": ["&", "\uff06"],
    "none": [],
}


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.sampled_from([*"ab &\uff06,“”\x00\U0001d173\U0001d174é", "aab,,b", "b ab", "“b,a”", "x" * 54]), max_size=12
    ).map("".join)
)
def test_strings_that_stand_in_a_text(text: str) -> None:
    wanted = {owner for owner, strings in STRINGS.items() if any(string in text for string in strings)}
    with pytest.MonkeyPatch.context() as patch:
        for on in (False, True):
            patch.setattr(compiled, "on", lambda on=on: on)
            literals = Literals(STRINGS)
            assert literals.awake(text) == sum(literals.bit(owner) for owner in wanted)


ENDS = st.sampled_from(
    ["...", "[...]", "[\u2026]", "\u2026", ".", "?", ". ", ')"', "\u201d", "|", ":", " ", "\u3000", "\x1c"]
)
LINES = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "",
                "\u201cA word\u201d of it ",
                "caf\u00e9",
                "\u00c2",
                "\u0153",
                "\x9f",
                "a word of it " * 4,
                "x" * 39,
                "é" * 24,
                "дом.ру" * 12,
                "ʼа" * 25,
                "\u7684" * 30,
                "a b c d e f g h i j k l",
            ]
        ),
        st.lists(st.one_of(ENDS, st.text(max_size=4)), max_size=6).map("".join),
    ).map("".join),
    max_size=6,
).map("\n".join)


@settings(max_examples=500, deadline=None)
@given(LINES)
@example("")
@example("\n" + "of " * 12 + "it.\n" + "of " * 12 + "it...\n" + "of " * 12 + "it. [...]")
@example("\u7684" * 40 + "\u3002\n" + "caf\u00e9-" * 24 + ".")
@example(
    "ab\u0e01" * 14 + ".\n" + "x-y\u2019" * 11 + "z.\n" + "x-y\u2019" * 12 + ".\n\U00020000x" + "\U00020000x" * 21 + "!"
)
@example("\u4e00\u9fff\u3041\u3096" * 6 + "-" * 16 + "\u3002\n" + "\u3040\u3097\u4dff\ua000" * 10 + ".")
@example("].\n...].\n[...] .\n..." + "." * 40 + "]")
def test_a_glance_at_lines(text: str) -> None:
    from cleaner.line_marks_kernel import glance

    found = lines(text).texts
    assert marks_compiled(text) == marks_plain(found)
    glanced = glance(text)
    assert glanced.starts.tolist() == starts_plain(found)
    assert glanced.filled == filled_plain(found)


def test_every_letter_of_chinese_is_a_token() -> None:
    letters = [chr(code) for code in (*range(0x3041, 0x3097), *range(0x4E00, 0xA000))]
    assert len(tokens("".join(letters))) == len(letters)


def test_what_a_glance_takes_for_a_letter_ends_no_token() -> None:
    from cleaner.line_marks_kernel import _LETTER, KINDS

    letters = [chr(code) for code in np.flatnonzero(KINDS & _LETTER)]
    assert len(letters) > 2000
    assert [letter for letter in letters if len(tokens(f"a{letter}a")) != 1] == []


PHRASE = st.sampled_from(
    [*sorted(phrases())[::7], *sorted(prefixes())[::5], "read more", "share", "home", "5 min read", "\u00a9"]
)
MARKED = st.sampled_from(
    [
        "",
        " ",
        ": ",
        "\u2026",
        "... ",
        ". ",
        "! ",
        "|",
        "\u2192",
        "\u00bb ",
        "\u00ad",
        "\u00a0",
        "e\u0301",
        "\u0130",
        "\u7684\u3001",
        "\u304b\u3099",
        "\uac00\u11a8",
        "x",
    ]
)
LABELLED = st.lists(st.one_of(PHRASE, PHRASE.map(str.title), MARKED, st.text(max_size=3)), max_size=5).map("".join)


@settings(max_examples=1000, deadline=None)
@given(st.lists(LABELLED, max_size=4).map("\n".join))
@example(
    "Share:\u2026\n\u00bb Leave a Reply\u2026 Cancel reply\n(c) 2024 Example\nRead\u00a0more: It rains\n|\nShare! Share?"
)
@example("\n".join(f"{' ' * n}Leave a{' ' * (60 - n)}Reply\u2026" for n in (0, 1, 52, 53, 54, 59)))
@example(f"Leave \u2019{'a' * 56} \t  reply\n{'x' * 62}` Share  \n\u2026{' ' * 64}Share{' ' * 64}\n")
@example("\x1f& komentar")
@example("lee|& komentar")  # nothing but a stroke between a prefix and its link
def test_no_known_phrase_is_overlooked(text: str) -> None:
    rows = lines(text).texts
    known = {n for n, line in enumerate(rows) if len(line) <= LONGEST and label(line)}
    assert known <= set(asked_plain(enumerate(rows)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compiled, "on", lambda: True)
        assert known <= set(asked(text))


TEMPLATES = {f"{n} {one.label.kind}": one for n, one in enumerate(templates()) if one.begins}


@pytest.mark.parametrize("name", TEMPLATES)
@settings(max_examples=50, deadline=None)
@given(st.data())
def test_what_fits_a_template_begins_as_it_says_and_is_not_overlooked(name: str, data: st.DataObject) -> None:
    template = TEMPLATES[name]
    line = key(data.draw(st.from_regex(template.pattern, fullmatch=True)))
    assert line.startswith(template.begins) or not template.pattern.fullmatch(line)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compiled, "on", lambda: True)
        assert asked(line) == [0] or len(line) > LONGEST or not label(line)


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="aaBb/ \t\u3000\x1c\n\n\u00e9\U0001f600", max_size=40), st.integers(0, 4))
@example("\n a \n\u3000", 1)
@example("baa/\nba a\nb/aa", 4)
def test_short_lines(text: str, longest: int) -> None:
    for begins, holds, row in (({"a"}, "", 1), ({"aba", "bab"}, "b/", 1), ({"a", "bbb"}, "/", 1), ({"bbb"}, "a/", 3)):
        sought = Sought(longest, frozenset(begins), frozenset(holds), row)
        plain = list(short_plain(lines(text).texts, sought))
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(compiled, "on", lambda: True)
            assert short_lines(text, sought) == plain
            assert short_lines(text, sought, range(1, 3)) == [n for n in plain if n not in (1, 2)]


HINTED = {
    "glued": ([Hint(("[.!?,]", r"[^\W\d_]")), Hint(("[.!?,]", "[”)]", r"[^\W\d_]"))], r"[.!?,][”)]?(?=[^\W\d_])"),
    "spaced": ([Hint((" ", "[.,]"), 1)], r"[.,](?<= .)(?=\s|$)"),
    "broken": ([Hint(("[a-z]",) * 2 + ("[.!?]", " ", "[a-z]"), 2)], r"[.!?](?<=[a-z]{2}.) ([a-z]+)\b"),
    "twice": ([Hint(("a", "a"))], "aa+"),
    "accents": ([Hint(("[À-ÿ\U0001f000-\U0001ffff]",))], "[À-ÿ\U0001f000-\U0001ffff]"),
}
EVERY = {name: hints for name, (hints, _) in HINTED.items()}
SOUGHT = [Sequences(partial(dict, asked)) for asked in (EVERY, *({name: hints} for name, hints in EVERY.items()))]


@settings(max_examples=500, deadline=None)
@given(st.text(alphabet="aab. ,?”)é1\n\u3000\ud800\U0001f600", max_size=40), st.sampled_from([1, 300]))
@example("aa. aa. aaaa", 1)
@example("a. b" * 700, 1)
def test_hints_leave_out_no_match(text: str, times: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compiled, "on", lambda: True)
        for name, (_, written) in HINTED.items():
            pattern = re.compile(written)
            expected = [found.span() for found in pattern.finditer(text * times)]
            for sequences in SOUGHT:
                if name in sequences.hints:
                    assert [found.span() for found in sequences.matches(text * times, name, pattern)] == expected
                    assert sequences.may_stand(text * times, name) or not expected


STOPPED = st.sampled_from(
    [
        ". ",
        "! ",
        "abc",
        "def",
        "ab",
        "Abc",
        "Ab",
        "ABc",
        ".",
        "?",
        " ",
        "\n",
        "\u00a0",
        "1",
        "_",
        "\u00e9",
        "\u0301",
        "\U0001d41a",
    ]
)


@settings(max_examples=1000, deadline=None)
@given(st.lists(STOPPED, max_size=16).map("".join), st.sampled_from([1, 600]))
@example("abc. def.x abc. def. abc! def\U0001d41a abc? def.\U0001f600 abc. def", 1)
@example("it. Abc. Def. Abc. \u2028\n Def. It. Abc", 1)
def test_words_behind_stops(text: str, times: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compiled, "on", lambda: True)
        assert behind_stops.__wrapped__(text * times) == behind_plain(text * times)


def test_no_more_hints_than_can_be_followed() -> None:
    from cleaner.sequences_kernel import table

    with pytest.raises(ValueError, match="65 characters"):
        table({"long": [Hint(("a",) * 65)]})
    assert places_of("x" + "a" * 70, Hint(("a",) * 64, 3)) == [4 + n for n in range(7)]


def places_of(text: str, hint: Hint) -> list[int]:
    from cleaner.sequences_kernel import places, table

    return list(places(text, table({"one": [hint]}))["one"])


def test_where_numba_is_missing_the_slow_path_is_taken() -> None:
    said = (
        "import sys; sys.modules['numba'] = None\n"
        "from cleaner import clean, compiled\n"
        "compiled.expect(10**9)\n"
        "print(compiled.on(), repr(clean('Share this:\\nHe said that the talks would go on.').text))"
    )
    done = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.startswith("False ")
    assert "the slow path is taken" in done.stderr


@pytest.mark.parametrize(
    ("seen", "kept", "on"),
    [
        (compiled.REPAID - 1, True, False),
        (compiled.REPAID, True, True),
        (compiled.REPAID, False, False),
        (compiled.ENOUGH - 1, False, False),
        (compiled.ENOUGH, False, True),
    ],
)
def test_kernels_are_turned_on_sooner_where_they_were_compiled_before(
    monkeypatch: pytest.MonkeyPatch, seen: int, kept: bool, on: bool
) -> None:
    monkeypatch.setattr(compiled._Work, "on", False)
    monkeypatch.setattr(compiled._Work, "seen", seen)
    monkeypatch.setattr(compiled, "_is_kept", lambda: kept)
    assert compiled.on() == on
    monkeypatch.setattr(compiled._Work, "seen", 0)
    assert compiled.on() == on, "once on they stay"


def test_kernels_count_as_kept_when_they_were_compiled_since_the_program_was_written(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    program, longest = tmp_path / "compiled.py", tmp_path / "line_verdict_kernel.py"
    assert (Path(compiled.__file__).parent / longest.name).is_file()
    cache = tmp_path / "__pycache__"
    cache.mkdir()
    monkeypatch.setattr(compiled, "__file__", str(program))
    python = "py{}{}".format(*sys.version_info)
    for path in (program, longest, cache / f"line_verdict_kernel._judged-9.{python}.nbi"):
        path.write_bytes(b"")
        os.utime(path, (1_000, 1_000))
    is_kept = compiled._is_kept.__wrapped__
    assert not is_kept()
    os.utime(path, (2_000, 2_000))
    assert is_kept()
    os.utime(program, (3_000, 3_000))
    assert not is_kept()


def test_a_disk_without_room_for_machine_code_does_not_end_the_work(tmp_path: Path) -> None:
    said = (
        "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, -1));"
        "from cleaner import compiled; compiled.expect(10**9);"
        "from cleaner.blanks import blanks; print(blanks('a  b'), compiled.on())"
    )
    there = os.environ | {"NUMBA_CACHE_DIR": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True, env=there)
    assert done.stdout.endswith("True\n")
    assert not list(tmp_path.rglob("*.nbc"))


def test_numba_starts_without_scipy() -> None:
    said = "import sys; from cleaner import compiled; print(compiled.usable(), 'numba' in sys.modules, 'scipy.linalg' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.split() == ["True", "True", "False"]


def test_a_kernel_that_was_kept_is_compiled_into_another_one() -> None:
    said = (
        "from numba import njit; from cleaner.duplicates.align_kernel import slots;"
        "print(slots(9), njit(lambda count: slots(count) + 1)(9))"
    )
    for _ in range(2):  # where nothing is kept yet, the first one compiles both
        done = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True, timeout=60)
        assert done.stdout.split() == ["32", "33"]


def test_what_is_kept_of_kernels_starts_without_a_compiler() -> None:
    said = (
        "import sys; import numpy as np; from cleaner.duplicates.forest_kernel import flatten;"
        "found = np.array([0, 0, 1], np.uint32); flatten(found); print(found, 'numba.misc.cffiimpl' in sys.modules or 'numba.np.arraymath' in sys.modules)"
    )
    for _ in range(2):  # where nothing is kept yet, the first one compiles
        done = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.split("] ") == ["[0 0 0", "False\n"]
