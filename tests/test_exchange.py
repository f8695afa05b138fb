"""Tasks leave results for each other in a store of objects, and read the corpus there: no disk is shared."""

from __future__ import annotations

import gzip
import json
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from cleaner import lease
from cleaner import run as running
from cleaner.bucket import Bucket
from cleaner.cli import cli
from cleaner.cli_ends import ends
from cleaner.config import Config
from cleaner.corpus import CorpusError, inputs_in
from cleaner.engine import Done, Here, Report, Task
from cleaner.mirror import Mirror
from cleaner.place import Disk, Place
from cleaner.publish import publish
from cleaner.store import Folder, Store
from cleaner.store_bucket import Boxes
from tests.conftest import RAW, tree

fsspec = pytest.importorskip("fsspec")
pytest.importorskip("s3fs")
pytestmark = pytest.mark.filterwarnings("ignore")  # the server of tests and its client leave sockets


@pytest.fixture(params=["disk", "memory", "s3"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    if request.param == "disk":
        yield Disk(tmp_path / "work")
        return
    address = request.getfixturevalue("s3") if request.param == "s3" else f"memory://{tmp_path.name}"
    yield Bucket(f"{address}/work")


def test_a_place_keeps_files(place: Place) -> None:
    assert (place.exists(), place.sizes(), place.sizes("a")) == (False, {}, {})
    place.write("a/one", b"1")
    place.write("a/one", b"12")
    place.write("top", b"")
    assert place.exists()
    assert place.sizes("a") == {"one": 2}
    assert place.sizes() == {"top": 0}
    assert (place.read("a/one"), place.read("top")) == (b"12", b"")
    place.remove("a/one")
    place.remove("a/one")
    assert place.sizes("a") == {}
    with pytest.raises(FileNotFoundError):
        place.read("a/one")


def test_of_several_one_is_the_first(place: Place) -> None:
    assert [place.create("a/taken", bytes([n])) for n in range(3)] == [True, False, False]
    assert place.read("a/taken") == b"\0"


@pytest.fixture(params=["folder", "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    if request.param == "folder":
        return Folder(tmp_path)
    return Boxes(Bucket(f"{request.getfixturevalue('s3')}/work"))


def filled(store: Store, name: str, parts: dict[str, bytes]) -> None:
    with store.box(name) as box:
        for part, data in parts.items():
            box.add(part, data)
        box.report = {"said": name}


def test_a_box_is_there_whole_or_not_at_all(store: Store) -> None:
    filled(store, "b", {"one": b"0123456789", "none": b""})
    assert store.has("b")
    assert store.report("b")["said"] == "b"
    assert (store.read("b", "one"), store.read("b", "none"), store.read("b", "other")) == (b"0123456789", b"", b"")
    assert (store.slice("b", "one", 3, 4), store.slice("b", "one", 3, 0)) == (b"3456", b"")
    asked = [("b", "one", 8, 2), ("b", "one", 1, 0), ("b", "one", 0, 3)]
    assert store.slices(asked) == [b"89", b"", b"012"]
    with pytest.raises(FileNotFoundError):
        store.slices([*asked, ("b", "gone", 0, 1)])
    with pytest.raises(ZeroDivisionError), store.box("c") as box:
        box.add("one", b"1")
        raise ZeroDivisionError
    assert not store.has("c")
    filled(store, "b", {"one": b"0123456789", "none": b""})  # two workers may do one task
    assert store.has("b")
    store.sweep({"c"})
    assert not store.has("b")


def test_a_box_that_lost_a_part_is_filled_again(s3: str) -> None:
    boxes = Boxes(Bucket(f"{s3}/work"))
    filled(boxes, "b", {"one": b"0123456789"})
    boxes.place.write("b/one", b"01")
    assert not boxes.has("b")
    boxes.place.remove("b/one")
    assert not boxes.has("b")
    boxes.place.write("b/report.json", b"{")
    assert not boxes.has("b")


def test_what_a_store_refuses_is_one_line_with_its_address(s3: str) -> None:
    with pytest.raises(OSError, match="is not there") as raised:
        Bucket("s3://no-such-bucket-here/a").write("x", b"1")
    assert raised.value.filename == "s3://no-such-bucket-here/a/x"
    with pytest.raises(CorpusError, match="s3://corpora/nothing: no file of documents is there"):
        inputs_in("s3://corpora/nothing")
    with pytest.raises(OSError, match="no-such-protocol"):
        Bucket("no-such-protocol://a").read("b")


def sent(s3: str, folder: Path) -> Path:
    """A corpus of text files, plain and packed lines, here and in a store; some of its texts stand twice."""
    texts = [path.read_text() for path in sorted(RAW.glob("*.txt"))]
    (folder / "raw" / "deep").mkdir(parents=True)
    for path in RAW.glob("*.txt"):
        (folder / "raw" / path.name).write_bytes(path.read_bytes())
    lines = [json.dumps({"id": f"r{n}", "text": f"{texts[n % 5]}\n\nThe end of number {n}."}) + "\n" for n in range(40)]
    (folder / "raw" / "deep" / "rows.jsonl").write_text("".join(lines))
    with gzip.GzipFile(folder / "raw" / "packed.jsonl.gz", "wb", mtime=0) as file:
        file.write("".join(line.replace('"r', '"p') for line in lines[:7]).encode())
    (folder / "raw" / "picture.png").write_bytes(b"\0")
    Mirror(f"{s3}/raw", folder / "raw").send()
    return folder / "raw"


class Dying:
    """An engine that breaks off after some tasks of a kind, and counts them."""

    def __init__(self, boxes: Boxes, kind: str = "", after: int = 0) -> None:
        self.boxes, self.kind, self.after = boxes, kind, after
        self.done: Counter[str] = Counter()

    def run(self, task: Task, arguments: Sequence[tuple[Any, ...]], done: Done | None = None) -> list[Report]:
        def counted(*values: Any) -> Report:
            if task.__name__ == self.kind and self.done[self.kind] == self.after:
                raise KeyboardInterrupt
            name = next((value for value in values if isinstance(value, str)), "")  # that of the box
            self.done[task.__name__] += not self.boxes.has(name)
            return task(*values)

        return Here().run(counted, arguments, done)

    def close(self) -> None:
        pass


def without_work(folder: Path) -> dict[str, bytes]:
    return {path: data for path, data in tree(folder).items() if not path.startswith(".cleaner/work/")}


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "SHARD", 1 << 15)


def test_from_store_to_store_gives_what_a_disk_gives_though_it_breaks_off(s3: str, tmp_path: Path, small: None) -> None:
    raw = sent(s3, tmp_path)
    publish(running.run(raw, Config(), target=tmp_path / "one"), tmp_path / "one")
    config = Config(exchange=f"{s3}/work")

    def through(engine: Dying) -> None:
        with ends(f"{s3}/raw", f"{s3}/clean", "", None, "", config.exchange) as (source, target, deliver):
            publish(running.run(source, config, target=target, engine=engine), target)
            deliver()

    boxes = Boxes(Bucket(config.exchange))
    first, second = Dying(boxes, "stage", 3), Dying(boxes)
    with pytest.raises(KeyboardInterrupt):
        through(first)
    through(second)
    assert (first.done["unpack"], first.done["stage"]) == (1, 3)
    shards = len(json.loads((tmp_path / "one" / ".cleaner" / "run.json").read_text())["shards"])
    assert second.done["unpack"] == 0
    assert second.done["stage"] == shards - 3 > 3
    clean = Mirror(f"{s3}/clean", tmp_path / "clean").fetch()
    assert without_work(clean) == without_work(tmp_path / "one")
    assert not list((tmp_path / "clean").rglob("work"))


def test_processes_that_share_no_disk_share_a_plan(s3: str, tmp_path: Path) -> None:
    raw = sent(s3, tmp_path)
    publish(running.run(raw, Config(), target=tmp_path / "one"), tmp_path / "one")
    ran = CliRunner()
    ends = [f"{s3}/raw", f"{s3}/clean", "--exchange", f"{s3}/work", "--plan", f"{s3}/plan.json"]
    assert ran.invoke(cli, ["run", *ends]).exit_code == 0
    for index in (1, 0):
        done = ran.invoke(cli, ["task", f"{s3}/plan.json", "--index", str(index), "--quiet"])
        assert done.exit_code == 0, done.output
    assert "52 documents" in done.output
    assert without_work(Mirror(f"{s3}/clean", tmp_path / "clean").fetch()) == without_work(tmp_path / "one")
    assert ran.invoke(cli, ["task", f"{s3}/plan.json", "--index", "1"]).output.endswith("all is done and published\n")


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (["--append"], "--learn and --append read RAW on this disk"),
        (["--plan", "plan.json", "--exchange", ""], "between addresses, --plan needs an --exchange in a store too"),
    ],
    ids=["append", "plan"],
)
def test_what_does_not_go_together_is_told(given: list[str], message: str, s3: str, tmp_path: Path) -> None:
    sent(s3, tmp_path)
    done = CliRunner().invoke(cli, ["run", f"{s3}/raw", f"{s3}/clean", "--exchange", f"{s3}/work", *given])
    assert done.exit_code == 2
    assert message in " ".join(done.output.replace("│", " ").split())


LOCK = ".cleaner/work/lock"


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, seconds in (("BEAT", 0.05), ("LOOK", 0.05), ("LOST", 2.0)):
        monkeypatch.setattr(lease, name, seconds)


def test_a_second_run_into_one_store_is_refused(s3: str, tmp_path: Path, quick: None) -> None:
    sent(s3, tmp_path)
    command = ["run", f"{s3}/raw", f"{s3}/clean", "--quiet"]
    with lease.alone(Bucket(f"{s3}/clean"), LOCK):
        done = CliRunner().invoke(cli, command)
        assert isinstance(done.exception, CorpusError)  # which ends the program with 2
        assert f"{s3}/clean: another run is at work here" in str(done.exception)
        assert CliRunner().invoke(cli, [*command, "--dry-run"]).exit_code == 0, "it writes nothing"
        assert Bucket(f"{s3}/clean").files() == [LOCK]
    assert CliRunner().invoke(cli, command).exit_code == 0
    assert "deep/rows.jsonl" in (found := Bucket(f"{s3}/clean").files())
    assert LOCK not in found


def test_what_a_dead_run_left_in_a_store_keeps_nobody_out(s3: str, tmp_path: Path, quick: None) -> None:
    sent(s3, tmp_path)
    Bucket(f"{s3}/clean").write(LOCK, b"a sign of life")
    done = CliRunner().invoke(cli, ["run", f"{s3}/raw", f"{s3}/clean", "--quiet"])
    assert done.exit_code == 0, done.output
    assert LOCK not in Bucket(f"{s3}/clean").files()


def test_of_many_who_want_a_name_alone_one_has_it(place: Place, quick: None) -> None:
    held: list[int] = []
    refused: list[int] = []
    begun = threading.Barrier(4)

    def want(number: int) -> None:
        begun.wait()
        try:
            with lease.alone(place, "only"):
                held.append(number)
                ended.wait(30)
        except lease.TakenError:
            refused.append(number)
        if len(refused) == 3:
            ended.set()

    ended = threading.Event()
    threads = [threading.Thread(target=want, args=[number], daemon=True) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(held), len(refused)) == (1, 3)
    assert place.sizes() == {}
