"""The index that a team shares, on a real Redis server which the tests start."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cleaner.duplicates.index_entry import PARAMETERS, IndexingError
from cleaner.index import Index
from tests.conftest import OTHER, Cleaner
from tests.test_duplicates import STORY
from tests.test_index import told

SERVER = shutil.which("redis-server")
pytestmark = pytest.mark.skipif(not SERVER, reason="redis-server is not installed")


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """A server of our own on the loopback interface, at a free port; it keeps nothing on the disk."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number = int(free.getsockname()[1])
    folder = tmp_path_factory.mktemp("redis")
    command = [str(SERVER), "--bind", "127.0.0.1", "--port", str(number), "--save", "", "--dir", str(folder)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", number)) == 0:
                    break
            time.sleep(0.1)
        yield number
    finally:
        server.terminate()
        server.wait(10)


@pytest.fixture
def client(port: int) -> Iterator[Any]:
    import redis

    with redis.Redis("127.0.0.1", port) as found:
        found.flushall()
        yield found


@pytest.fixture
def url(port: int, client: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    return f"redis://127.0.0.1:{port}/team"


def test_it_answers_as_an_index_on_a_disk_does(url: str, published: Path) -> None:
    disk, server = Index.build("x", ["clean"]), Index.build(url, ["clean"])
    assert disk.added == server.added
    changes = [("", ""), ("The council", "THE  council"), ("on Monday ", ""), ("12 million", "19 million")]
    texts = [STORY.replace(*change) for change in changes] + ["", "...", "One small notice.", OTHER, "Nothing of this."]
    assert list(server.query_all(texts)) == list(disk.query_all(texts))
    assert [len(found) for found in disk.query_all(texts)] == [1, 1, 1, 1, 0, 0, 1, 2, 0]
    assert {key: row.tobytes() for key, row in server.signatures()} == {
        key: row.tobytes() for key, row in disk.signatures()
    }
    for name in ("documents", "parameters", "sources"):
        assert server.facts()[name] == disk.facts()[name]


def test_what_one_adds_all_see(url: str, published: Path) -> None:
    index = Index.build(url, ["clean"])
    assert index.add(["clean"]).added.unchanged == 4
    (published / "story.txt").write_text(STORY.replace("12 million", "19 million"))
    (published / "new.txt").write_text(OTHER.replace("cow", "camel"))
    added = index.add(["clean"]).added
    assert (added.added, added.replaced, added.unchanged) == (1, 1, 3)
    assert told(index, STORY) == [("story.txt", "version", "verified")]
    assert ("new.txt", "exact", "digest") in told(index, OTHER.replace("cow", "camel"))
    index.remove(["story.txt", "nobody"])
    assert (told(index, STORY), index.facts()["documents"]) == ([], 4)


def test_an_index_that_is_built_again_takes_the_place_of_the_old_one_at_its_end(
    url: str,
    client: Any,
    published: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    index = Index.build(url, ["clean"])
    Index.build(url.replace("team", "teams"), ["clean"])
    (published / "story.txt").unlink()
    with monkeypatch.context() as patch:
        patch.setattr("cleaner.duplicates.index_redis.RedisWriter.add", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            Index.build(url, ["clean"])
    assert told(index, STORY) == [("story.txt", "exact", "digest")]
    Index.build(url, ["clean"])
    assert told(index, STORY) == [], "an index that is open follows"
    generations = {key.split(b":")[2].split(b"_")[0] for key in client.scan_iter("cleaner:team:*")}
    assert len(generations) == 2, "the generation in force, and the count of generations"
    assert told(Index.open(url.replace("team", "teams")), STORY) == [("story.txt", "exact", "digest")]


def test_a_writer_that_was_killed_is_completed_by_adding_again(
    url: str, published: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever of a document is on the server, it counts only as a whole."""
    import redis

    whole = Index.build(url, ["clean"])
    expected = told(whole, STORY.replace("on Monday ", ""))
    steps = 0
    while True:
        Index.build(url, [published / "rows.jsonl"])
        left = [steps]

        def counted(
            self: Any, *args: Any, original: Any = redis.client.Pipeline.execute, left: list[int] = left, **more: Any
        ) -> Any:
            left[0] -= 1
            if left[0] < 0:
                raise KeyboardInterrupt
            return original(self, *args, **more)

        with monkeypatch.context() as patch:
            patch.setattr(redis.client.Pipeline, "execute", counted)
            try:
                Index.open(url).add(["clean"])
            except KeyboardInterrupt:
                steps += 5
            else:
                break
        assert told(Index.open(url), STORY.replace("on Monday ", "")) in ([], expected)
        Index.open(url).add(["clean"])
        assert told(Index.open(url), STORY.replace("on Monday ", "")) == expected
        assert Index.open(url).facts()["documents"] == 4
    assert steps > 20


def test_nothing_on_the_server_is_a_pickle(url: str, client: Any, published: Path) -> None:
    """By default datasketch unpickles the keys that a server sends: whoever can write there could run code here."""
    Index.build(url, ["clean"])
    members = [m for key in client.scan_iter("*_bucket_*") if client.type(key) == b"set" for m in client.smembers(key)]
    assert set(members) == {b"story.txt", b"news/other.txt", b"r1", b"r2"}


def test_errors_say_what_to_do(url: str, client: Any, published: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(IndexingError, match="is no index; make one with: cleaner index build redis://"):
        Index.open(url)
    Index.build(url, ["clean"])
    with monkeypatch.context() as patch:
        patch.setitem(PARAMETERS, "seed", 2)
        with pytest.raises(IndexingError, match="seed = 1, this program has 2; build it again"):
            Index.open(url)
    monkeypatch.setattr("cleaner.duplicates.index_redis.PATIENCE", 0.1)
    with client.lock("cleaner:team:lock", timeout=60), pytest.raises(IndexingError, match="another process is writing"):
        Index.open(url).add(["clean"])
    with pytest.raises(IndexingError, match=r"redis://127\.0\.0\.1:1/team: ") as caught:
        Index.open("redis://me:secret@127.0.0.1:1/team")
    assert "secret" not in str(caught.value)
    assert told(Index.open(url.replace("redis://", "redis://default:@")), STORY)


def test_the_command_line_takes_the_address_of_a_server(url: str, published: Path, cleaner: Cleaner) -> None:
    assert cleaner("index", "build", url, "clean").stdout == f"{url}: 4 documents (added 4)\n"
    done = cleaner("index", "query", url, "clean/story.txt")
    assert (done.returncode, done.stdout) == (
        1,
        "clean/story.txt\n  exact   clean/story.txt  same text, by its digest\n",
    )
    assert cleaner("index", "query", "--others", url, "clean/story.txt").returncode == 0
    assert "documents: 4\n" in cleaner("index", "info", url).stdout
    assert cleaner("index", "query", "redis://127.0.0.1:1/team", "clean").returncode == 2
