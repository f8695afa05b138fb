"""The index as a library: what a new source is told about, and why."""

from __future__ import annotations

import ast
import base64
import json
from pathlib import Path
from typing import Any

import pytest

from cleaner.duplicates.index_entry import PARAMETERS, IndexingError
from cleaner.index import Index
from tests.conftest import HERE, OTHER, Cleaner
from tests.test_duplicates import STORY


@pytest.fixture
def index(published: Path, tmp_path: Path) -> Index:
    return Index.build(tmp_path / "corpus.index", [published])


def told(index: Index, text: str) -> list[tuple[str, str, str]]:
    return [(match.id, match.relation, match.evidence) for match in index.query(text)]


@pytest.mark.parametrize(
    ("change", "relation", "evidence"),
    [
        (("", ""), "exact", "digest"),
        (("The council", "THE  council"), "exact", "digest"),
        (("on Monday ", ""), "near", "verified"),
        (("12 million", "19 million"), "version", "verified"),
        (("Jane Roe", "Mary Poe"), "version", "verified"),
        (("had expected", "had not expected"), "version", "verified"),
    ],
)
def test_a_new_source_is_told_which_document_it_resembles_and_how(
    index: Index, change: tuple[str, str], relation: str, evidence: str
) -> None:
    assert told(index, STORY.replace(*change)) == [("story.txt", relation, evidence)]


def test_evidence_is_that_of_a_run(index: Index) -> None:
    match = index.query(STORY.replace("12 million", "19 million"))[0]
    row = match.row()
    assert (row["contradictions"], row["hunks"]) == (["19"], [["19", "12"]])
    shared, united, _ = row["shingles"]
    assert row["jaccard"] == match.jaccard == round(shared / united, 4)


def test_other_stories_and_texts_without_words_are_not_found(index: Index) -> None:
    for text in ("", " \n", "...", "The bridge of the town is closed.", STORY[:60]):
        assert told(index, text) == []


def test_a_short_text_is_found_again(index: Index) -> None:
    assert told(index, "One small notice.") == [("r2", "exact", "digest")]


def test_without_the_old_text_the_similarity_is_estimated(index: Index, published: Path, tmp_path: Path) -> None:
    near = STORY.replace("on Monday ", "")
    exact = index.query(near)[0].jaccard
    (published / "story.txt").rename(tmp_path / "away.txt")
    match = index.query(near)[0]
    assert (match.relation, match.evidence) == ("alike", "estimated")
    assert abs(match.jaccard - exact) < 5 * 0.044
    assert match.row()["jaccard"] == match.jaccard
    assert "hunks" not in match.row()
    assert told(index, STORY) == [("story.txt", "exact", "digest")], "the digest needs no text"
    (published / "story.txt").write_text(OTHER)
    assert told(index, near) == [("story.txt", "alike", "estimated")], "another text in its place is no evidence"
    (published / "story.txt").write_bytes(b"\0\1\2" * 99)
    assert told(index, near) == [("story.txt", "alike", "estimated")]


def test_an_index_and_its_corpus_move_together(published: Path, tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    published.rename(tmp_path / "a" / "clean")
    Index.build(tmp_path / "a" / "x", [tmp_path / "a" / "clean"])
    (tmp_path / "a").rename(tmp_path / "b")
    assert told(Index.open(tmp_path / "b" / "x"), STORY.replace("on Monday ", "")) == [
        ("story.txt", "near", "verified")
    ]


def test_texts_of_raw_sources_are_cleaned_first(tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "a.txt").write_text(f"{STORY}\n\nShare:\nFacebook\nTwitter\n")
    index = Index.build(tmp_path / "x", [tmp_path / "raw"])
    assert told(index, STORY) == [("a.txt", "exact", "digest")]
    assert told(index, STORY.replace("on Monday ", "")) == [("a.txt", "near", "verified")], "cleaned again to compare"
    as_is = Index.build(tmp_path / "y", [tmp_path / "raw"], as_is=True)
    assert told(as_is, STORY) == [("a.txt", "near", "verified")]


def test_a_folder_that_a_run_made_is_taken_as_it_is(published: Path, tmp_path: Path) -> None:
    (published / ".cleaner").mkdir()
    (published / ".cleaner" / "run.json").write_text("{}")
    (published / "story.txt").write_text(f"{STORY}\n\nShare:\nFacebook\nTwitter\n")
    assert told(Index.build(tmp_path / "x", [published]), STORY)[0] == ("story.txt", "near", "verified")


def test_adding_again_is_no_second_entry_and_a_changed_document_replaces_its_own(index: Index, published: Path) -> None:
    again = index.add([published])
    assert (again.added.added, again.added.unchanged) == (0, 4)
    (published / "story.txt").write_text(STORY.replace("12 million", "19 million"))
    changed = again.add([published])
    assert (changed.added.replaced, changed.added.unchanged, changed.facts()["documents"]) == (1, 3, 4)
    assert told(changed, STORY) == [("story.txt", "version", "verified")]
    assert told(index, STORY) == [("story.txt", "exact", "digest")], "an index that is open keeps its state"


def test_a_document_that_has_no_text_any_more_goes_from_the_index(index: Index, published: Path) -> None:
    (published / "story.txt").write_text(" \n")
    changed = index.add([published])
    assert (changed.added.removed, changed.left.counts) == (1, {"empty": 1})
    assert told(changed, STORY) == []


def test_documents_are_removed_by_id(index: Index) -> None:
    changed = index.remove(["story.txt", "nobody"])
    assert (changed.added.removed, changed.facts()["documents"]) == (1, 3)
    assert told(Index.open(index.where), STORY) == []


def test_a_prefix_keeps_sources_with_equal_ids_apart(index: Index, published: Path, tmp_path: Path) -> None:
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "story.txt").write_text(STORY.replace("on Monday ", ""))
    more = index.add([tmp_path / "more"], prefix="more/")
    assert told(more, STORY) == [("story.txt", "exact", "digest"), ("more/story.txt", "version", "verified")]
    assert index.add([tmp_path / "more"]).added.replaced == 1, "without one it is the same document, changed"


def test_records_that_cannot_be_read_are_named_and_left_out(published: Path, tmp_path: Path) -> None:
    (published / "broken.jsonl").write_text('{"id": "x"}\n{"id": "y", "text": "A text of its own."}\n')
    index = Index.build(tmp_path / "x", [published])
    assert index.left.problems == [f"{published}/broken.jsonl:1: no field 'text' that is a string"]
    assert index.facts()["documents"] == 5


def test_ids_that_occur_again_are_told_apart_as_in_a_run(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps({"id": "1", "text": STORY}) + "\n")
    (tmp_path / "b.jsonl").write_text(json.dumps({"id": "1", "text": OTHER}) + "\n")
    index = Index.build(tmp_path / "x", [tmp_path / "a.jsonl", tmp_path / "b.jsonl"])
    assert sorted(key for key, _ in index.signatures()) == ["1", "1@b.jsonl:1"]


def test_exported_signatures_are_those_of_datasketch(index: Index) -> None:
    from datasketch import LeanMinHash

    from cleaner.duplicates.sketch import minhash
    from cleaner.segment import shingles, tokens

    expected = minhash()
    expected.update_batch([shingle.encode() for shingle in shingles(tokens(STORY), 5)])
    exported = {row["id"]: base64.b64decode(row["minhash"]) for row in map(json.loads, index.export())}
    assert sorted(exported) == ["news/other.txt", "r1", "r2", "story.txt"]
    read = LeanMinHash.deserialize(exported["story.txt"], "<")
    assert (read.seed, read.scheme, read.jaccard(expected)) == (1, expected.scheme, 1.0)
    assert dict(index.minhashes())["story.txt"] == read
    assert index.lsh().query(expected) == ["story.txt"]
    assert index.lsh(threshold=0.9, params=None).query(expected) == ["story.txt"]


def test_info_tells_what_an_index_holds(index: Index, cleaner: Cleaner, tmp_path: Path) -> None:
    told = cleaner("index", "info", "corpus.index").stdout.splitlines()
    assert told[:3] == [
        "documents: 4",
        f"bytes: {index.facts()['bytes']:,}, {index.facts()['bytes'] / 4:,.0f} for a document",
        "segments: 4",
    ]
    assert told[3:5] == ["source: clean", "source: clean/rows.jsonl"]
    assert "seed: 1" in told
    parameters = json.loads(cleaner("index", "info", "--json", "corpus.index").stdout)["parameters"]
    assert parameters == PARAMETERS
    size = sum(path.stat().st_size for path in (tmp_path / "corpus.index").glob("*.segment"))
    assert index.facts()["bytes"] == size


def test_export_writes_a_file_whole_or_not_at_all(index: Index, cleaner: Cleaner, tmp_path: Path) -> None:
    assert cleaner("index", "export", "corpus.index", "s.jsonl").stdout == "s.jsonl: 4 signatures\n"
    assert (tmp_path / "s.jsonl").read_text().splitlines() == list(index.export())
    assert cleaner("index", "export", "corpus.index", "-").stdout.splitlines() == list(index.export())
    assert cleaner("index", "export", "corpus.index", "no/s.jsonl").returncode == 2
    assert cleaner("index", "export", "corpus.index", "clean").returncode == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["clean", "corpus.index", "s.jsonl"]


def test_an_index_may_be_empty(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("")
    index = Index.build(tmp_path / "x", [tmp_path / "a.txt"])
    assert (told(index, STORY), list(index.export()), index.facts()["documents"]) == ([], [], 0)


def test_what_cannot_be_read_is_told_before_anything_is_written(index: Index, tmp_path: Path) -> None:
    from cleaner.corpus import CorpusError

    with pytest.raises(CorpusError, match="no such file"):
        Index.build(tmp_path / "y", [tmp_path / "no"])
    with pytest.raises(CorpusError, match="no such file"):
        index.add([tmp_path / "no"])
    assert not (tmp_path / "y").exists()


def test_a_path_that_leads_out_of_its_folder_is_not_read(index: Index, published: Path) -> None:
    """An index that came from elsewhere can name any path below the folders it names, and no other."""
    from cleaner import index_texts
    from cleaner.duplicates.index_entry import Entry, Source

    (published.parent / "secret.txt").write_text(STORY)
    (published / "link.txt").symlink_to(published.parent / "secret.txt")
    assert index_texts.texts_of([Entry("link.txt", Source("../clean"), 0, b"")], Path(index.where)) == {}
    assert index_texts.texts_of([Entry("../secret.txt", Source("../clean"), 0, b"")], Path(index.where)) == {}
    assert index_texts.texts_of([Entry("x", Source("../clean", "../secret.txt"), 0, b"")], Path(index.where)) == {}


def test_nothing_of_an_index_is_a_pickle() -> None:
    for path in (HERE / "cleaner").rglob("*.py"):
        names: set[str] = set()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                names.add(node.module or "")
        assert not names & {"pickle", "shelve", "marshal", "dill", "cloudpickle"}, path


@pytest.mark.parametrize(
    "where", ["redis://", "redis://host", "redis://host:port/x", "redis://host/a/b", "redis://host/x?db=y"]
)
def test_an_address_of_a_server_that_cannot_be_one(where: str) -> None:
    with pytest.raises(IndexingError, match="redis://HOST:PORT/NAME"):
        Index.open(where)


def test_a_query_of_many_texts_gives_each_its_own_matches(index: Index) -> None:
    texts = [STORY, "", OTHER, "Something that nobody wrote before."] * 3
    found: list[list[Any]] = [[match.id for match in matches] for matches in index.query_all(texts)]
    assert found == [["story.txt"], [], ["news/other.txt", "r1"], []] * 3


@pytest.mark.parametrize("times", [2, 3, 4])
def test_a_document_wholly_inside_an_old_one_is_named(tmp_path: Path, times: int) -> None:
    corpus = tmp_path / "clean"
    corpus.mkdir()
    parts = [STORY.strip(), OTHER.strip(), *(f"{' '.join(f'house{n}and{m}' for m in range(90))}." for n in range(2))]
    (corpus / "long.txt").write_text("\n\n".join(parts[:times]) + "\n")
    (match,) = Index.build(tmp_path / "x.index", [corpus], as_is=True).query(STORY)
    assert (match.id, match.relation, match.evidence) == ("long.txt", "near", "verified")
    assert match.jaccard < 0.75
    assert match.finding is not None
    assert match.finding.row()["containment"] == 1
