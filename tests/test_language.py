"""The language of a text: what is told, what is not, and that every way to it gives the same answer."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from math import exp, log

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cleaner import language as room
from cleaner.compiled import usable
from cleaner.language import (
    EVIDENCE,
    confidence,
    identify,
    identify_all,
    is_foreign_to,
    language,
    leader,
    may_be_english,
)
from cleaner.language_profiles import LANE, SAMPLE, SCALE, SMOOTHING, Tally, profiles, tally
from tests.conftest import HERE

SENTENCES = {
    "en": "The council met on Monday to talk about the new bridge over the river.",
    "de": "Der Rat der Stadt traf sich am Montag, um über die neue Brücke zu sprechen.",
    "fr": "Le conseil s'est réuni lundi pour parler du nouveau pont sur la rivière.",
    "es": "El consejo se reunió el lunes para hablar del nuevo puente sobre el río.",
    "it": "Il consiglio si è riunito lunedì per parlare del nuovo ponte sul fiume.",
    "pl": "Rada miasta spotkała się w poniedziałek, aby porozmawiać o nowym moście.",
    "tr": "Meclis, nehrin üzerindeki yeni köprüyü konuşmak için pazartesi günü toplandı.",
    "vi": "Hội đồng thành phố đã họp vào thứ hai để nói về cây cầu mới bắc qua sông.",
    "ru": "Городской совет собрался в понедельник, чтобы обсудить новый мост через реку.",
    "uk": "Міська рада зібралася в понеділок, щоб обговорити новий міст через річку.",
    "el": "Το συμβούλιο συνεδρίασε τη Δευτέρα για να μιλήσει για τη νέα γέφυρα.",
    "ar": "اجتمع مجلس المدينة يوم الاثنين للحديث عن الجسر الجديد فوق النهر.",
    "he": "מועצת העיר התכנסה ביום שני כדי לדבר על הגשר החדש מעל הנהר.",
    "hi": "नगर परिषद ने सोमवार को नदी पर बने नए पुल के बारे में बात की।",
    "th": "สภาเมืองประชุมเมื่อวันจันทร์เพื่อพูดคุยเรื่องสะพานใหม่ข้ามแม่น้ำ",
    "ja": "市議会は月曜日に集まり、川にかかる新しい橋について話し合った。",
    "ko": "시의회는 월요일에 모여 강 위의 새 다리에 대해 이야기했다.",
    "zh": "市议会星期一开会，讨论河上的新桥。",
}


@pytest.mark.parametrize("code", SENTENCES)
def test_languages_are_told(code: str) -> None:
    found = identify(SENTENCES[code])
    assert found.language == code
    assert found.confidence >= 0.9


@pytest.mark.parametrize("code", SENTENCES)
def test_the_library_itself_agrees(code: str) -> None:
    found = identify(SENTENCES[code], "langdetect")
    assert found == identify(SENTENCES[code], "langdetect")
    assert found.language == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "und"),
        (" \n\t ", "und"),
        ("12,345.67 %", "und"),
        ("https://example.org/the/council/of/the/town me@example.org", "und"),
        ("😀 😃 😄", "und"),
        ("ქალაქის საბჭო ორშაბათს შეიკრიბა", "und"),
        ("\ud800", "und"),
        ("PRESIDENT SIGNS THE BILL AND LEAVES THE TOWN", "en"),
        ("人人有享受休息和閒暇的權利，包括工作時間有合理限制和定期給薪休假的權利。", "zh"),
        (f"{SENTENCES['zh']} Burning River Bridge Company, New Orleans", "zh"),
        (f"https://beispiel.de/die/stadt/und/der/rat {SENTENCES['en']}", "en"),
        (
            "Ho\u0323\u0302i đo\u0302\u0300ng tha\u0300nh pho\u0302\u0301 đa\u0303 ho\u0323p va\u0300o thu\u031b\u0301 hai",
            "vi",
        ),
    ],
)
def test_what_is_hard(text: str, code: str) -> None:
    assert identify(text).language == code


@given(st.text())
def test_no_text_raises(text: str) -> None:
    for backend in ("profiles", "langdetect"):
        found = identify(text, backend)
        assert found.language == "und" or found.language in profiles().codes
        assert 0 <= found.confidence <= 1


def test_every_machine_has_the_same_weights() -> None:
    known = profiles()
    for counts, totals in zip(known.counts, known.totals, strict=True):
        for ngram, count in counts.items():
            value = SCALE * log(1 + SMOOTHING * count / totals[len(ngram) - 1])
            assert abs(value % 1 - 0.5) > 1e-6
            assert value < 1 << 14


def test_the_sums_of_a_sample_fit_their_lanes() -> None:
    assert 3 * (SAMPLE + 1) << 14 < 1 << LANE


def test_every_machine_has_the_same_confidence() -> None:
    for lead in range(0, 8 * EVIDENCE, 7):
        assert abs(100 / (1 + exp(-lead / EVIDENCE)) % 1 - 0.5) > 1e-9
    assert confidence(8 * EVIDENCE) == 1


def test_of_equal_scores_the_first_code_wins() -> None:
    equal = tuple(7 for _ in profiles().names)
    assert leader(Tally(equal, 1, 1, hangul=True, kana=True)) == ("af", 0)


def test_the_two_ways_to_write_chinese_are_one_language() -> None:
    scores = tuple({"zh-cn": 9, "zh-tw": 8, "en": 3}.get(name, 0) for name in profiles().names)
    assert leader(Tally(scores, 1, 1, hangul=False, kana=False)) == ("zh", 6)


def test_threads_agree() -> None:
    """The first use, from eight threads at once, in a process that has loaded nothing."""
    script = (
        "from concurrent.futures import ThreadPoolExecutor\n"
        "from cleaner.language import identify\n"
        f"texts = {list(SENTENCES.values())!r} * 4\n"
        "with ThreadPoolExecutor(8) as pool: print(*(v.language for v in pool.map(identify, texts)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=HERE)
    assert done.stdout.split() == list(SENTENCES) * 4


def test_the_library_is_safe_in_threads() -> None:
    texts = list(SENTENCES.values())
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda text: identify(text, "langdetect"), texts))
    assert [verdict.language for verdict in found] == list(SENTENCES)


PIECES = st.one_of(
    st.sampled_from(list(SENTENCES.values())),
    st.text(max_size=20),
    st.text("aàAÀ ǅß'İıﬀſῼ가あア漢𠮷\u0301\u3000\n", max_size=40),
    st.sampled_from(["https://example.org/a?b", "me@example.org", "USA", "EU-ROPA", "e\u0301", "　", "\x00"]),
)
TEXTS = st.lists(PIECES, max_size=12).map("".join)


@pytest.mark.skipif(not usable(), reason="numba does not work here")
@settings(deadline=None, max_examples=60)
@given(st.lists(TEXTS, max_size=12))
@example([SENTENCES["de"] * 20])
@example([SENTENCES["ru"].upper() * 3])
@example(["a" * 499 + " bc", " " * 1999 + "ab", "A" * 3000])
def test_the_kernel_gives_what_the_plain_way_gives(texts: list[str]) -> None:
    from cleaner.language_kernel import leaders

    assert list(leaders(texts)) == [leader(tally(text)) for text in texts]


def test_many_texts_take_the_kernel_and_give_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [*SENTENCES.values(), "", "12"]
    plain = list(identify_all(texts))
    monkeypatch.setattr(room, "on", usable)
    assert list(identify_all(texts)) == plain == [identify(text) for text in texts]


@pytest.mark.parametrize(
    ("passage", "expected", "found"),
    [
        (SENTENCES["de"], "en", "de"),
        (SENTENCES["en"], "en", ""),
        (SENTENCES["de"], "und", ""),
        ("", "en", ""),
        ("Django Reinhardt, Stéphane Grappelli, Jean-Luc Ponty, Toots Thielemans", "en", ""),
    ],
)
def test_a_foreign_passage_is_sure(passage: str, expected: str, found: str) -> None:
    assert is_foreign_to(passage, expected) == found


ENGLISH = "The council met on Tuesday, and the members spoke for three hours about the bridge over the river."
ITALIAN = "Due persone sono scese in piazza, e la sera anche il sindaco ha parlato con loro per strada."


@pytest.mark.parametrize(
    ("text", "place", "may_be"),
    [
        (ENGLISH, "council", True),
        (ITALIAN, "persone", False),
        (f"{ENGLISH}\n{ITALIAN}", "persone", False),
        (f"{ITALIAN}\n{ENGLISH}", "council", True),
        (f"{ENGLISH} " * 9 + f"\n{ITALIAN}", "persone", False),
        (f"{ENGLISH} " * 9 + "\nDue persone", "persone", True),
        (f"{ITALIAN} " * 9 + "\nonce morest it", "morest", False),
        ("once morest it", "morest", True),
        ("Due persone sono scese in piazza.", "persone", False),
    ],
)
def test_english_is_told_by_the_line_or_where_that_is_short_by_the_text(text: str, place: str, may_be: bool) -> None:
    assert may_be_english(text, text.index(place), text.index(place) + len(place)) == may_be


def test_one_sentence_is_not_english_by_a_word_that_other_languages_have() -> None:
    assert [language(text) for text in (ENGLISH, ITALIAN, "Was in der Stadt in der Nacht war")] == ["en", "it", "de"]
