"""What a source repeats: what is taken for the site's own, what is protected, and the table people review."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.cleaning import clean
from cleaner.config import ConfigError, load_config
from cleaner.learned import NAME, Entry, Learned, LearnedError, merged, parse, render
from cleaner.rule import load
from cleaner.sites import page, sites
from cleaner.source import folder, host, places, stated
from cleaner.text import Document, Known
from tests.conftest import Cleaner

WORDS = [
    "harbour",
    "council",
    "winter",
    "market",
    "bridge",
    "teacher",
    "engine",
    "village",
    "doctor",
    "orchard",
    "ferry",
    "judge",
    "lantern",
    "museum",
]


def prose(number: int, count: int = 3) -> list[str]:
    """Paragraphs that no other number gives."""
    pick = random.Random(number)
    return [
        f"In the year {number} the {pick.choice(WORDS)} of the {pick.choice(WORDS)} spoke of the {pick.choice(WORDS)} "
        f"and of {pick.randrange(10_000)} more things that people wanted to hear."
        for _ in range(count)
    ]


def found(documents: dict[str, list[str]], source: str = "gazette.example") -> list[Entry]:
    return list(sites((source, page(key, "\n\n".join(rows))) for key, rows in documents.items()))


def applied(documents: dict[str, list[str]], source: str = "gazette.example") -> list[tuple[str, str, int]]:
    return [(e.text, e.place, e.documents) for e in found(documents, source) if e.used and e.kind == "lines"]


def test_a_line_at_the_end_of_many_texts_is_the_sites() -> None:
    documents = {f"{n}": [*prose(n), "The Gazette, since 1901", f"Story {n}"][: 4 + n % 2] for n in range(8)}
    assert applied(documents) == [("The Gazette, since 1901", "tail", 8)]


def test_a_line_at_the_head_too_and_the_order_of_documents_makes_no_difference() -> None:
    documents = {f"{n}": ["Gazette online", f"Title {n} of the day", *prose(n)] for n in range(5)}
    assert applied(documents) == [("Gazette online", "head", 5)]
    assert found(dict(reversed(documents.items()))) == found(documents)


@pytest.mark.parametrize(
    ("name", "documents"),
    [
        ("two documents are no habit", {f"{n}": [*prose(n), "The Gazette"] for n in range(2)}),
        ("copies of one article count once", {f"{n}": [*prose(1, 6), "The end of it"] for n in range(9)}),
        (
            "versions of one article count once",
            {f"{n}": [*prose(1, 6), *prose(100 + n, 2), "The end of it"] for n in range(9)},
        ),
        ("a heading among prose", {f"{n}": [*prose(n), "What happened then", *prose(50 + n)] for n in range(9)}),
        (
            "a refrain and a quotation among prose",
            {f"{n}": [prose(n)[0], '"We shall overcome," they sang.', prose(50 + n)[1]] for n in range(9)},
        ),
        (
            "list items stand beside ever other lines",
            {f"{n}": [*prose(n), f"{n} eggs", "1 tsp salt", f"{n} apples"] for n in range(9)},
        ),
        (
            "a paragraph of background",
            {f"{n}": [*prose(n), prose(1_000)[0]] if n < 4 else prose(n) for n in range(40)},
        ),
        ("a text of nothing else", {f"{n}": ["The Gazette, since 1901"] for n in range(9)}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_real_text_is_protected(name: str, documents: dict[str, list[str]]) -> None:
    assert applied(documents) == [], name


def test_agency_copy_of_several_sources_is_no_site_line() -> None:
    pages = [(f"{n % 5}.example", page(f"{n}", "\n".join([*prose(n), "(Agency)"]))) for n in range(10)]
    assert list(sites(pages)) == []


def test_where_nothing_names_the_source_more_is_asked() -> None:
    documents = {f"{n}": [*prose(n), "The Gazette"] for n in range(5)}
    assert applied(documents, "raw/") == []
    assert applied({f"{n}": [*prose(n), "The Gazette"] for n in range(6)}, "raw/")


def test_what_is_doubtful_is_listed_and_not_applied() -> None:
    (entry,) = found({f"{n}": [*prose(n), "What happened then", *prose(50 + n)] for n in range(9)})
    assert (entry.text, entry.used, entry.why_not) == ("What happened then", False, "stands among prose")


PAPER = "The Gazette is the paper of the town."


def test_sentences_amid_prose_are_listed_with_their_place_and_never_applied_unasked() -> None:
    documents = {f"{n}": [f"{prose(n)[0]} {PAPER}", *prose(50 + n)] for n in range(8)}
    documents |= {f"x{n}": [f"{prose(n + 20)[0]} {PAPER.upper()}"] for n in range(2)}
    (entry,) = found(documents)
    assert (entry.kind, entry.text, entry.place, entry.documents) == ("sentences", PAPER, "tail", 10)
    assert not entry.used
    assert found(dict(reversed(documents.items()))) == [entry]
    assert found({key: rows for key, rows in documents.items() if key in "0123"}) == [], "four are no habit"
    copies = {f"{n}": [f"{prose(1)[0]} {PAPER}", *prose(51)] for n in range(9)}
    assert found(copies) == [], "copies of one article count once"


def test_a_sentence_that_is_a_line_is_counted_as_a_line() -> None:
    (entry,) = found({f"{n}": [*prose(n), PAPER] for n in range(8)})
    assert (entry.kind, entry.text) == ("lines", PAPER)


@pytest.mark.parametrize(
    ("place", "text", "expected"),
    [
        ("tail", f"One stayed. {PAPER}", "One stayed."),
        ("tail", f"One stayed. {PAPER} Two left.", f"One stayed. {PAPER} Two left."),
        ("head", f"{PAPER} Two left.", "Two left."),
        ("head", f"One stayed. {PAPER}", f"One stayed. {PAPER}"),
        ("any", f"One stayed. {PAPER} Two left.", "One stayed. Two left."),
        ("tail", f"One stayed. {PAPER} {PAPER}", "One stayed."),
        ("any", f"One stayed. They say {PAPER}", f"One stayed. They say {PAPER}"),
        ("tail", f"One stayed.\n{PAPER}\nTwo left.", "One stayed.\nTwo left."),
    ],
)
def test_a_sentence_goes_whole_and_where_the_table_says(place: str, text: str, expected: str) -> None:
    table = Learned((Entry("sentences", "x", PAPER, 9, 0.5, place, use=True),))
    rules = [rule for rule in load() if rule.code == "BOI021"]
    cleaned = clean(Document("x", text, known=table.by_source["x"]), rules)
    assert cleaned.document.text == expected
    assert {change.because for change in cleaned.changes} <= {"9 documents of x have this sentence"}


SENTENCES = st.sampled_from([PAPER, "Read on.", "One stayed.", "Dr. Poe left!", "(Two)", "  ", "\n", "etc.", "A"])


@given(st.lists(SENTENCES), st.sampled_from(["head", "tail", "any"]))
def test_learned_sentences_leave_a_fixed_point(parts: list[str], place: str) -> None:
    known = Known("x", {}, {}, {PAPER.lower(): (place, 3), "read on.": ("tail", 3)})
    rules = [rule for rule in load() if rule.code in ("BOI021", "LAY001", "LAY002")]
    once = clean(Document("x", " ".join(parts), known=known), rules).document
    assert clean(once, rules).document.text == once.text


def test_suffixes_of_titles() -> None:
    documents = {f"{n}": [f"Bridge {n} is closed | News | The Gazette", *prose(n)] for n in range(4)}
    documents |= {f"x{n}": [f"Ferry {n} is late | Sport | The Gazette", *prose(20 + n)] for n in range(3)}
    entries = [(e.text, e.documents) for e in found(documents) if e.kind == "suffixes"]
    assert entries == [(" | News | The Gazette", 4), (" | Sport | The Gazette", 3), (" | The Gazette", 7)]


def test_a_person_decides() -> None:
    learnt = Entry("lines", "a", "One", 5, 0.5, "tail", "x")
    off = Entry("lines", "a", "One", 5, 0.5, "tail", "x", use=False)
    own = Entry("lines", "b", "Two", use=True)
    table = merged([learnt], Learned((off, own)), {"a", "b"})
    assert table.entries == (off, own)
    assert table.by_source == {"b": Known("b", {"two": ("any", 0)}, {})}
    stale = Learned((Entry("lines", "a", "Gone", 9),))
    assert merged([learnt], stale, {"a"}).entries == (learnt,)


def test_what_is_known_of_other_sources_stays() -> None:
    learnt, other = Entry("lines", "a", "One", 5), Entry("lines", "b", "Two", 9)
    assert merged([learnt], Learned((other,)), {"a"}).entries == (learnt, other)
    assert merged([], Learned((learnt, other)), {"a"}).entries == (other,)


def test_learning_one_folder_keeps_what_its_neighbour_taught(cleaner: Cleaner, tmp_path: Path) -> None:
    for name in ("gazette", "echo"):
        (tmp_path / "raw" / name).mkdir(parents=True)
        for n in range(8):
            (tmp_path / "raw" / name / f"{n}.txt").write_text("\n\n".join([*prose(n), f"The {name}, since 1901"]))
    for name in ("gazette", "echo"):
        assert cleaner("learn", f"raw/{name}").returncode == 0
    both = parse((tmp_path / NAME).read_text()).by_source
    assert both.keys() == {"raw/gazette/", "raw/echo/"}
    assert cleaner("learn", "raw").returncode == 0
    assert parse((tmp_path / NAME).read_text()).by_source == both, "the same sources by either name"


@given(st.lists(st.builds(
    Entry, st.sampled_from(["lines", "suffixes", "sentences"]), st.text(min_size=1), st.text(min_size=1), st.integers(1, 9),
    st.just(0.5), st.just("any"), st.text(), st.sampled_from([None, True, False]), st.text(),
)))  # fmt: skip
def test_a_table_is_read_as_it_was_written(entries: list[Entry]) -> None:
    table = merged(entries, Learned(), set())
    assert parse(render(table)).entries == table.entries


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[[lines]]\nsource = 'a'\n", r"\[\[lines\]\] number 1 needs `source` and `text`"),
        ("[[lines]]\nsource = 'a'\ntext = 'b'\nplace = 'top'\n", "place = 'top': must be one of head, tail, any"),
        ("[[lines]]\nsource = 'a'\ntext = 'b'\nuse = 1\n", "use = 1 is not what it should be"),
        ("[[lines]]\nsource = 'a'\ntext = 'b'\nusr = true\n", "'usr' is no key of it"),
        ("[[words]]\n", "'words' is no part of it"),
        ("lines = 3\n", "lines must be a list of tables"),
        ("[[lines]]\nsource = 'a'\ntext = 'b'\nshare = 1" + "0" * 400, "`share` must be from 0 to 1"),
        ("[[lines]]\nsource = 'a'\ntext = 'b'\nshare = nan", "`share` must be from 0 to 1"),
        ("[[lines]]\nsource = 'a'\ntext = 'b'\ndocuments = -1", "`documents` 0 or more"),
        ("nonsense", "not valid TOML"),
    ],
)
def test_a_bad_table_is_one_clear_error(text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(LearnedError, match=message):
        parse(text)
    (tmp_path / NAME).write_text(text)
    with pytest.raises(ConfigError, match=NAME):
        load_config(tmp_path)


@pytest.mark.parametrize(
    ("meta", "expected"),
    [
        ({"site": "Gazette.example"}, "gazette.example"),
        ({"source": "https://www.gazette.example/a"}, "gazette.example"),
        ({"url": "https://www.gazette.example/a/b?c"}, "gazette.example"),
        ({"url": "https://web.archive.org/web/2016/https://www.gazette.example/a"}, "gazette.example"),
        ({"site": 3, "link": "gazette.example/a"}, "gazette.example"),
        ({"url": "http://[bad"}, ""),
        ({}, ""),
    ],
)
def test_what_a_record_states(meta: dict[str, object], expected: str) -> None:
    assert stated(meta) == expected


def test_the_folder_is_the_source_where_a_record_states_none() -> None:
    assert folder("raw/gazette/2024/a.txt", "raw") == "raw/gazette/"
    assert folder("raw/a.txt", "raw") == "raw/"
    assert folder("raw/gazette.jsonl", "raw") == "raw/gazette.jsonl"
    assert folder("a.txt") == "./"
    assert list(places({}, "raw/gazette/a.txt")) == ["raw/gazette/a.txt", "raw/gazette/", "raw/", "./"]
    assert list(places({"site": "x"}, "raw/a.txt")) == ["x"]
    assert host(None) == ""


@given(st.lists(st.sampled_from(["The Gazette", *prose(1), "Title | The Gazette", ""])))
def test_learned_lines_leave_a_fixed_point(rows: list[str]) -> None:
    known = Known("x", {"the gazette": ("tail", 3)}, {" | The Gazette": 3})
    rules = [rule for rule in load() if rule.code in ("BOI021", "MET021", "LAY001", "LAY002")]
    once = clean(Document("x", "\n".join(rows), known=known), rules).document
    assert clean(once, rules).document.text == once.text


def test_check_fix_and_run_read_the_same_table(cleaner: Cleaner, tmp_path: Path) -> None:
    (tmp_path / "raw" / "gazette").mkdir(parents=True)
    for n in range(8):
        text = "\n\n".join([*prose(n), "The Gazette, since 1901"]) + "\n"
        (tmp_path / "raw" / "gazette" / f"{n}.txt").write_text(text)
    assert cleaner("learn", "raw").returncode == 0
    table = (tmp_path / NAME).read_text()
    assert 'source = "raw/gazette/"' in table
    assert "BOI021" in cleaner("check", "raw").stdout
    assert "BOI021" in cleaner("check", "raw/gazette/3.txt").stdout
    cleaner("run", "raw", "clean")
    assert "Gazette" not in (tmp_path / "clean" / "gazette" / "3.txt").read_text()
    assert cleaner("verify", "raw", "clean").returncode == 0
    (tmp_path / NAME).write_text(table.replace("share", "use = false\nshare"))
    assert "BOI021" not in cleaner("check", "raw").stdout
    cleaner("run", "raw", "clean", "--learn")
    assert "Gazette" in (tmp_path / "clean" / "gazette" / "3.txt").read_text()


def test_trying_a_run_with_learning_writes_no_table(cleaner: Cleaner, tmp_path: Path) -> None:
    (tmp_path / "raw" / "gazette").mkdir(parents=True)
    for n in range(8):
        text = "\n\n".join([*prose(n), "The Gazette, since 1901"]) + "\n"
        (tmp_path / "raw" / "gazette" / f"{n}.txt").write_text(text)
    assert "BOI021" in cleaner("run", "raw", "clean", "--learn", "--dry-run").stdout
    (tmp_path / "file").write_text("")
    assert cleaner("run", "raw", "file", "--learn").returncode == 2
    assert not (tmp_path / NAME).exists()
