"""Engines schedule tasks and know nothing of text; those of clusters check who works for them."""

from __future__ import annotations

import pickle
import sys
import threading
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from typing import Any

import pytest

from cleaner import agreement
from cleaner.agreement import Agreed
from cleaner.config import ConfigError, load_config
from cleaner.corpus import CorpusError
from cleaner.engine import Done, EngineError, Here, Report, Task, check_reachable, gathered
from cleaner.engine_choice import chosen
from cleaner.place import Disk
from tests.conftest import Cleaner


def squared(number: int) -> Report:
    return {"square": number * number}


def failing(number: int) -> Report:
    raise CorpusError(f"{number}: cannot be read")


class Elsewhere:
    """Workers that share no memory with us: what they get and give is pickled."""

    def run(self, task: Task, arguments: Sequence[tuple[Any, ...]], done: Done | None = None) -> list[Report]:
        there = pickle.loads(pickle.dumps((task, list(arguments))))
        return Here().run(lambda *values: pickle.loads(pickle.dumps(there[0](*values))), there[1], done)

    def close(self) -> None:
        pass


class Nobody:
    """A cluster that has no workers: it never answers."""

    def __init__(self) -> None:
        self.ended = threading.Event()

    def run(self, _task: Task, _arguments: Sequence[tuple[Any, ...]], _done: Done | None = None) -> list[Report]:
        self.ended.wait()
        return []

    def close(self) -> None:
        pass


@pytest.fixture
def agreed(tmp_path: Path) -> Agreed:
    return Agreed(Elsewhere(), (), Disk(tmp_path), Disk(tmp_path / "work"))


def test_reports_come_in_order_and_each_is_heard() -> None:
    heard: list[int] = []
    with ThreadPoolExecutor(3) as threads:

        def submit(values: tuple[Any, ...]) -> Future[Report]:
            return threads.submit(squared, *values)

        reports = gathered(submit, [(n,) for n in range(40)], 2, lambda report: heard.append(report["square"]))
    assert [report["square"] for report in reports] == [n * n for n in range(40)]
    assert sorted(heard) == [n * n for n in range(40)]


def test_a_cluster_is_given_a_few_tasks_at_a_time() -> None:
    open_at_once: list[int] = []
    given: list[Future[Report]] = []

    def submit(values: tuple[Any, ...]) -> Future[Report]:
        future: Future[Report] = Future()
        given.append(future)
        open_at_once.append(sum(not one.done() for one in given))
        if len(given) % 8 == 0 or len(given) == 20:
            for one in given:
                if not one.done():
                    one.set_result({})
        return future

    assert gathered(submit, [()] * 20, 2, None) == [{}] * 20
    assert max(open_at_once) == 8


def test_workers_that_agree_do_the_work(agreed: Agreed) -> None:
    heard: list[Report] = []
    assert agreed.run(squared, [(3,), (4,)], heard.append) == [{"square": 9}, {"square": 16}] == heard
    agreed.close()
    assert agreed.terms.work.sizes() == {}


def test_what_a_killed_driver_left_goes_too(agreed: Agreed) -> None:
    agreed.terms.work.write("agreement-of-another", b"1")
    agreed.terms.work.write("sources.json", b"{}")
    agreed.close()
    assert agreed.terms.work.sizes() == {"sources.json": 2}


def test_what_a_task_raises_arrives_as_it_was(agreed: Agreed) -> None:
    with pytest.raises(CorpusError, match="7: cannot be read") as raised:
        agreed.run(failing, [(7,)])
    assert "in failing" in "".join(raised.value.__notes__)


@pytest.mark.parametrize(
    ("other", "message"),
    [
        ({"version": "9.9"}, r"has cleaner .*, not 9\.9: install corpus-cleaner 9\.9 there"),
        ({"python": "3.99"}, r"runs Python 3\.\d+, not 3\.99"),
        ({"program": "0" * 64}, "has other rules, other code or other versions of packages"),
        ({"folders": (Path("/nowhere/rules"),)}, "does not find all rule folders: /nowhere/rules"),
        (
            {"work": Disk(Path("/nowhere/work"))},
            "does not reach /nowhere/work: raw and clean, or what --exchange names",
        ),
        ({"secret": "of another run"}, "does not reach .*work: raw and clean, or"),
        ({"raw": Disk(Path("/nowhere/raw"))}, "does not reach /nowhere/raw: raw and clean"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_a_worker_that_differs_does_nothing(agreed: Agreed, other: dict[str, Any], message: str) -> None:
    agreed.terms = agreed.terms._replace(**other)
    with pytest.raises(EngineError, match=message):
        agreed.run(squared, [(3,)])


def test_a_worker_that_lacks_a_package_is_told(agreed: Agreed, monkeypatch: pytest.MonkeyPatch) -> None:
    def program(_: object) -> str:
        raise PackageNotFoundError("ftfy")

    monkeypatch.setattr(agreement, "program", program)
    with pytest.raises(EngineError, match="lacks ftfy: install corpus-cleaner"):
        agreed.run(squared, [(3,)])


def test_a_worker_that_comes_later_is_checked_too(agreed: Agreed) -> None:
    agreed.run(squared, [(3,)])
    agreed.terms = agreed.terms._replace(version="9.9")
    with pytest.raises(EngineError, match="install"):
        agreed.run(squared, [(3,)])


def test_a_worker_without_the_package_is_told(agreed: Agreed, monkeypatch: pytest.MonkeyPatch) -> None:
    def run(*_: object) -> list[Report]:
        raise RuntimeError("The remote function failed to import: No module named 'cleaner'")

    monkeypatch.setattr(agreed.engine, "run", run)
    with pytest.raises(EngineError, match=r"a worker has no cleaner: install corpus-cleaner \d"):
        agreed.run(squared, [(3,)])


def test_a_cluster_without_workers_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(agreement, "PATIENCE", 0.1)
    nobody = Nobody()
    with pytest.raises(EngineError, match="no worker of the cluster took up a task within 0 seconds"):
        Agreed(nobody, (), Disk(tmp_path), Disk(tmp_path)).run(squared, [(3,)])
    nobody.ended.set()


@pytest.mark.parametrize("address", ["127.0.0.1:1", "spark://127.0.0.1:1", "ray://127.0.0.1:1", "127.0.0.1:99999"])
def test_a_cluster_that_does_not_answer_is_told(address: str) -> None:
    with pytest.raises(EngineError, match=f"{address}: no cluster answers there"):
        check_reachable(address)


@pytest.mark.parametrize("address", ["", "auto", "local[2]", "yarn", "k8s://https://somewhere", "local"])
def test_other_addresses_are_left_to_the_engine(address: str) -> None:
    check_reachable(address)


@pytest.mark.parametrize(("name", "module"), [("ray", "ray"), ("spark", "pyspark")])
def test_an_engine_that_is_not_installed_names_its_extra(
    name: str, module: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(EngineError, match=rf"pip install 'corpus-cleaner\[{name}\]'"):
        chosen(name, "", 2, folders=(), raw=Disk(tmp_path), work=Disk(tmp_path))


def test_an_engine_is_a_setting(tmp_path: Path) -> None:
    assert load_config(tmp_path.parent).engine == "processes"
    (tmp_path / "cleaner.toml").write_text('engine = "ray"\nengine-address = "head:6379"\n')
    config = load_config(tmp_path)
    assert (config.engine, config.engine_address) == ("ray", "head:6379")
    assert load_config(tmp_path, engine="here").engine == "here"
    with pytest.raises(ConfigError, match="engine = 'dask': must be one of processes, here, ray, spark"):
        load_config(tmp_path, engine="dask")


def test_an_engine_decides_nothing(tmp_path: Path) -> None:
    assert load_config(tmp_path, engine="ray").deciding() == load_config(tmp_path).deciding()


def test_the_command_line_says_what_is_missing_and_writes_nothing(cleaner: Cleaner, corpus: Path) -> None:
    done = cleaner("run", corpus, "clean", "--engine", "spark", "--engine-address", "spark://127.0.0.1:1")
    assert done.returncode == 2
    assert done.stderr.startswith("cleaner: ")
    assert len(done.stderr.splitlines()) == 1
    assert not [path for path in (corpus.parent / "clean").rglob("*") if path.is_file()]
