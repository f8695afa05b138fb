"""Tokens, hashes, signatures and shared shingles: one definition, in plain Python, in datasketch and compiled."""

from __future__ import annotations

import runpy
import subprocess
import sys
import unicodedata

import datasketch
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner import characters
from cleaner.characters import token_pattern
from cleaner.compiled import usable
from cleaner.duplicates import measure as measuring
from cleaner.duplicates import sketch as sketching
from cleaner.duplicates.bands import PERMUTATIONS
from cleaner.duplicates.measure import measure
from cleaner.duplicates.shingle import shingle_hash, token_hash
from cleaner.duplicates.sketch import (
    SCHEME,
    SEED,
    digest,
    digests,
    mark,
    minhash,
    permutations,
    signatures,
    sketch,
)
from cleaner.packed import Packed
from cleaner.segment import compared, shaped, shingles, tokens, words
from tests.conftest import HERE

compiled = pytest.mark.skipif(not usable(), reason="numba does not work here")

TOKENS = [
    ("The mayor's 1,000 euros.", "the mayor s 1 000 euros"),
    ("naïve Straße ﬁne", "naïve strasse fine"),
    ("nai\u0308ve", "naïve"),
    ("ＡＢＣ１２", "abc12"),
    ("中国外交部", "中 国 外 交 部"),
    ("GPT中国4号", "gpt 中 国 4 号"),
    ("かか\u3099", "か が"),
    ("สวัสดี", "ส วั ส ดี"),
    ("한국어 텍스트", "한국어 텍스트"),
    ("العربية كِتَاب", "العربية كِتَاب"),
    ("हिन्दी", "हिन्दी"),
    ("don\u2019t don\u02bct don't", "don t don t don t"),
    ("10² ½ x_y", "10² ½ x y"),
    ("😀 \u0301 ... —", ""),
    ("", ""),
]


@pytest.mark.parametrize(("text", "found"), TOKENS)
def test_tokens(text: str, found: str) -> None:
    assert tokens(text) == found.split()
    assert len(words(text)) == len(found.split())


LETTERS_AND_SIGNS = "abz0 '?.,tsn\ufffd\u00e9\u00df\u0161\u017f\u212a\u4e2d\u0627\u0301\ufe0f\u2764\U0001f600\u0663\u00b2\u00bd\u02bc\u1e9e-_"


@given(st.text(st.sampled_from(LETTERS_AND_SIGNS) | st.characters(codec="utf-8"), max_size=20))
def test_a_shaped_text_has_the_same_words(text: str) -> None:
    shape = shaped(text)
    pattern = token_pattern()
    expected = [found.span() for found in pattern.finditer(text)]
    assert [(word.start, word.end) for word in words(text)] == expected
    assert shape is None or len(shape) == len(text)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("The  “ferry”", "the 'FERRY'", True),
        ("na\u00efve", "nai\u0308ve", True),
        ("co\u00adoperate", "cooperate", True),
        ("10 - 12", "10 – 12", True),
        ("It costs $5", "It costs €5", False),
        ("10²", "102", False),
        ("½", "12", False),
        ("a, b", "a b", False),
    ],
)
def test_what_exact_copies_share(one: str, other: str, same: bool) -> None:
    assert (compared(one) == compared(other)) == same


def test_the_tables_are_those_of_the_generator() -> None:
    generator = runpy.run_path(str(HERE / "scripts" / "build_characters.py"))
    if unicodedata.unidata_version != generator["UNICODE"]:
        pytest.skip("another version of Unicode")
    assert characters.tables() == generator["tables"]()


def test_no_token_has_a_mark_a_sign_or_a_space() -> None:
    signs = [chr(code) for code in range(0x110000) if unicodedata.category(chr(code))[0] in "PSZ"]
    assert not [sign for sign in signs if sign.isalnum() or token_pattern().fullmatch(f"x{sign}")]


def test_the_version_of_the_tables_is_named() -> None:
    assert characters.tables()["unicode"] == characters.UNICODE


def test_a_hash_does_not_change() -> None:
    """Indexes on disk hold hashes: another definition needs another version of theirs."""
    assert token_hash(b"bridge") == 0x54A0C8DB6DBFA86C
    assert shingle_hash([b"the", b"council", b"of", b"the", b"town"]) == 0xC19A069D26B32DCA


def test_permutations_are_those_of_datasketch() -> None:
    from datasketch import MinHash

    assert np.array_equal(permutations(), MinHash(num_perm=PERMUTATIONS, seed=SEED, scheme=SCHEME).permutations)


def test_datasketch_opens_and_goes_on_with_a_signature() -> None:
    text, more = "The council of the town voted on Monday.", "the council of the village"
    opened = minhash(sketch([text])[0]["signature"])
    fresh = minhash()
    fresh.update_batch([shingle.encode() for shingle in shingles(tokens(text), 5)])
    assert opened.jaccard(fresh) == 1.0
    opened.update(more.encode())
    fresh.update(more.encode())
    assert (opened.hashvalues == fresh.hashvalues).all()


def test_an_empty_text_has_no_signature() -> None:
    for row in sketch(["", " ... ", "\u0301"]):
        assert row["tokens"] == 0
        assert not row["signature"].any()


TEXTS = st.lists(
    st.one_of(
        st.text(max_size=80),
        st.text(alphabet=st.characters(max_codepoint=0x7F), max_size=200),
        st.text(alphabet="ab \u0301\u00e9\u3099かが中\u0e31กﷺßİ½\u02bc'\u2126\u1100\u1161\u11a8 .1", max_size=60),
        st.lists(st.sampled_from(["the", "council", "Voted", "bridge", "12", "ferry's"]), max_size=60).map(" ".join),
    ),
    max_size=8,
)


@compiled
@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_the_kernel_is_the_definition(texts: list[str]) -> None:
    from cleaner.duplicates.kernel import Batch

    batch = Batch(texts)
    for n, (text, folded) in enumerate(zip(texts, batch.compared(), strict=True)):
        assert bytes(folded).decode() == compared(text)
        found = batch.hashes[batch.starts[n] : batch.starts[n + 1]].tolist()
        assert found == [token_hash(token.encode()) for token in tokens(text)]
        assert batch.marks()[n] == mark(compared(text).encode())


@compiled
@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.tuples(st.text(alphabet="aB9", min_size=1, max_size=90), st.sampled_from([" ", ". ", "\n", "'s ", "é", "“"]))
    )
)
def test_long_words_are_cut_and_hashed_alike(words: list[tuple[str, str]]) -> None:
    """64 bytes are looked at together: tokens end among them, with them and behind them."""
    from cleaner.duplicates.kernel import Batch

    text = "".join(word + gap for word, gap in words)
    batch = Batch([text, text[1:]])
    for n, said in enumerate((text, text[1:])):
        found = batch.hashes[batch.starts[n] : batch.starts[n + 1]].tolist()
        assert found == [token_hash(token.encode()) for token in tokens(said)]


@compiled
def test_texts_are_signed_alike_by_either_path() -> None:
    texts = ["The  “ferry”", "the 'FERRY'", "", "a, b", "Word " * 40]
    rows, plain = sketch(texts), signatures(texts)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sketching, "on", lambda: True)
        quick, found = signatures(texts), digests(texts)
    assert (found == rows["exact"]).all()
    assert (digests(texts) == rows["exact"]).all()
    for name in ("marks", "tokens", "values"):
        assert np.array_equal(getattr(plain, name), getattr(quick, name))
    assert (quick.values == rows["signature"]).all()
    assert quick.marks[0] == quick.marks[1] != quick.marks[3]


@compiled
@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_a_text_that_is_not_composed_is_looked_at(texts: list[str]) -> None:
    assert not [text for text in settled(texts) if not unicodedata.is_normalized("NFC", text)]


@compiled
def test_all_that_decomposes_or_grows_together_is_looked_at() -> None:
    every = [chr(code) for code in range(0x110000) if not 0xD800 <= code < 0xE000]
    parted = [parts for one in every if (parts := unicodedata.normalize("NFD", one)) != one]
    assert not [text for text in settled([*every, *parted]) if not unicodedata.is_normalized("NFC", text)]
    assert len(settled(["naïve Straße — “…” ﬁ 中国 か한국 😀"])) == 1


def settled(texts: list[str]) -> list[str]:
    """Those that plain Python is not asked about."""
    from cleaner.duplicates.composing import doubtful, unsettled

    packed = Packed.of(texts)
    found = np.empty(len(texts), np.bool_)
    doubtful(packed.data, packed.borders, unsettled(), found)
    return [text for text, asked in zip(texts, found.tolist(), strict=True) if not asked]


@given(
    st.lists(st.binary(max_size=5), max_size=6), st.dictionaries(st.integers(0, 5), st.binary(max_size=9)), st.data()
)
def test_texts_are_written_anew(written: list[bytes], fresh: dict[int, bytes], data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(written)))
    there = written[start:]
    fresh = {number: fresh[number] for number in sorted(fresh) if number < len(there)}
    packed = Packed.joined(written)[start:].with_texts(fresh)
    assert [bytes(packed.written(n)) for n in range(len(packed))] == [fresh.get(n, b) for n, b in enumerate(there)]


@pytest.fixture
def always_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sketching, "COMPILED", 0)
    monkeypatch.setattr(measuring, "COMPILED", 0)
    monkeypatch.setattr(sketching, "AT_ONCE", 300)


def plainly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sketching, "usable", lambda: False)
    monkeypatch.setattr(measuring, "usable", lambda: False)


MIXED = [
    "",
    "One",
    "The council voted on Monday to close the old bridge for two years; the council voted on Monday to close it.",
    "The council voted on Monday to close the new bridge for two years, and nobody had expected the vote to be so close.",
    "中国外交部发言人星期一在北京表示政府支持这一计划并且呼吁各方保持克制。" * 3,
    "العربية كِتَاب " * 9,
    "x" * 5_000,
    "😀" * 50,
    "nai\u0308ve " * 6,
]


@compiled
@pytest.mark.usefixtures("always_compiled")
def test_rows_and_measures_are_the_same_on_both_paths(monkeypatch: pytest.MonkeyPatch) -> None:
    pairs = np.array([(a, b) for a in range(len(MIXED)) for b in range(len(MIXED))], np.int64)
    rows, counts = sketch(MIXED), measure(MIXED, pairs)
    plainly(monkeypatch)
    assert (rows == sketch(MIXED)).all()
    assert (counts == measure(MIXED, pairs)).all()


@compiled
@pytest.mark.usefixtures("always_compiled")
@settings(max_examples=60, deadline=None)
@given(TEXTS)
def test_signatures_are_those_of_datasketch(texts: list[str]) -> None:
    for row, text in zip(sketch(texts), texts, strict=True):
        found = tokens(text)
        assert row["tokens"] == len(found)
        assert row["exact"].tobytes() == digest(compared(text).encode())
        if found:
            reference = minhash()
            reference.update_batch([shingle.encode() for shingle in shingles(found, 5)])
            assert (row["signature"] == reference.hashvalues).all()


@compiled
@pytest.mark.usefixtures("always_compiled")
def test_a_text_of_many_megabytes_without_a_blank() -> None:
    rows = sketch(["a" * 30_000_000, "中" * 3_000_000, "a " * 3_000_000])
    assert rows["tokens"].tolist() == [1, 3_000_000, 3_000_000]


def test_the_reference_starts_without_integration_and_integrates_when_asked() -> None:
    said = (
        "import sys; from cleaner.duplicates import reference; print('scipy.integrate' in sys.modules);"
        "print(reference.MinHashLSH(threshold=0.8, num_perm=128).b, 'scipy.integrate' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.split() == ["False", str(datasketch.MinHashLSH(threshold=0.8, num_perm=128).b), "True"]
