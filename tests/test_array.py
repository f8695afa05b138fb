"""Processes that others start share the tasks of a plan through a folder; none of them is needed but number 0."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from cleaner import engine_array, lease
from cleaner import publish as publishing
from cleaner.cli_task import task_command
from cleaner.corpus import CorpusError
from cleaner.engine import Report
from cleaner.engine_array import Array
from cleaner.lock import alone
from cleaner.place import Disk
from tests.conftest import Cleaner, tree

DONE: Counter[int] = Counter()


def counted(_: object, number: int) -> Report:
    DONE[number] += 1
    time.sleep(0.001)
    return {"number": number, "pair": (number, "ü")}


def refusing(_: object, number: int) -> Report:
    raise ValueError(number)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    DONE.clear()
    monkeypatch.setattr(engine_array, "POLL", 0.01)
    monkeypatch.setattr(lease, "BEAT", 0.05)
    monkeypatch.setattr(lease, "LOST", 1.0)


def test_each_task_is_done_once_and_all_hear_of_it(tmp_path: Path) -> None:
    arguments = [(object(), number) for number in range(60)]
    found: dict[int, list[Report]] = {}
    heard: Counter[int] = Counter()

    def work(index: int) -> None:
        engine = Array(Disk(tmp_path), index)
        found[index] = engine.run(counted, arguments, lambda report: heard.update([report["number"]]))

    threads = [threading.Thread(target=work, args=(index,)) for index in (0, 7, 400)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found[0] == found[7] == found[400] == [{"number": n, "pair": [n, "ü"]} for n in range(60)]
    assert set(DONE.values()) == {1}
    assert set(heard.values()) == {3}


def test_a_process_that_comes_late_takes_what_is_done(tmp_path: Path) -> None:
    Array(Disk(tmp_path), 0).run(counted, [(None, 1), (None, 2)])
    assert [report["number"] for report in Array(Disk(tmp_path), 1).run(counted, [(None, 1), (None, 2)])] == [1, 2]
    assert DONE == {1: 1, 2: 1}
    Array(Disk(tmp_path), 1).run(counted, [(None, 1), (None, 3)])
    assert DONE == {1: 2, 2: 1, 3: 1}, "other tasks of the same kind are other tasks"


def test_the_task_of_a_process_that_died_is_taken_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lease, "LOST", 0.1)
    Array(Disk(tmp_path), 0).run(counted, [(None, 1)])
    (folder,) = tmp_path.iterdir()
    (folder / "0.json").unlink()
    assert (folder / "0.taken").exists(), "as a killed process leaves it"
    Array(Disk(tmp_path), 1).run(counted, [(None, 1)])
    assert DONE == {1: 2}


def test_a_task_that_takes_long_is_not_taken_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lease, "LOST", 0.5)

    def slow(_: object, number: int) -> Report:
        time.sleep(1.5)
        return counted(None, number)

    threads = [threading.Thread(target=lambda n=n: Array(Disk(tmp_path), n).run(slow, [(None, 1)])) for n in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert DONE == {1: 1}


def test_a_task_that_fails_is_given_back(tmp_path: Path) -> None:
    for index in (0, 1):
        with pytest.raises(ValueError, match="5"):
            Array(Disk(tmp_path), index).run(refusing, [(None, 5)])


def test_shells_that_share_a_plan_give_what_one_run_gives(cleaner: Cleaner, corpus: Path, tmp_path: Path) -> None:
    assert cleaner("run", corpus, "clean", "--plan", "plan.json", "--ignore", "LNG").returncode == 0
    assert not (tmp_path / "clean").exists()
    done: dict[int, int] = {}

    def work(index: int) -> None:
        done[index] = cleaner("task", "plan.json", "--index", index).returncode

    threads = [threading.Thread(target=work, args=(index,)) for index in (1, 0)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert done == {0: 0, 1: 0}
    cleaner("run", corpus, "one", "--ignore", "LNG")
    shared = {path: data for path, data in tree(tmp_path / "clean").items() if "/work/" not in path}
    assert shared == tree(tmp_path / "one")
    again = cleaner("task", "plan.json", "--index", 3)
    assert again.stdout == "plan.json: all is done and published\n"


def test_number_0_alone_does_it_all(cleaner: Cleaner, corpus: Path, tmp_path: Path) -> None:
    cleaner("run", corpus, "clean", "--plan", "plan.json")
    assert cleaner("task", "plan.json", "--index", "0").returncode == 0
    assert cleaner("verify", corpus, "clean").returncode == 0


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda _: "{", "is no plan; write one: cleaner run RAW CLEAN --plan plan.json"),
        (lambda plan: json.dumps({**plan, "name": "../.."}), "is no plan"),
        (lambda plan: json.dumps({**plan, "program": "0"}), "other rules, code or versions of packages than here"),
        (lambda plan: json.dumps({**plan, "settings": "0"}), "are not what they were; write the plan again"),
        (lambda plan: json.dumps({**plan, "raw": "/nowhere"}), "/nowhere: is not here; raw, clean and plan must lie"),
    ],
    ids=["broken", "a name that is a path", "other rules", "other settings", "not shared"],
)
def test_a_plan_that_cannot_be_followed(
    change: object, message: str, cleaner: Cleaner, corpus: Path, tmp_path: Path
) -> None:
    cleaner("run", corpus, "clean", "--plan", "plan.json")
    plan = tmp_path / "plan.json"
    plan.write_text(change(json.loads(plan.read_text())))  # type: ignore[operator]
    done = cleaner("task", "plan.json", "--index", "1")
    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_plan_is_for_a_whole_run(cleaner: Cleaner, corpus: Path) -> None:
    done = cleaner("run", corpus, "clean", "--plan", "plan.json", "--dry-run")
    assert done.returncode == 2
    assert "--plan writes down a whole run" in done.stderr


def test_nobody_gets_between_the_run_of_number_0_and_what_it_publishes(
    cleaner: Cleaner, corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cleaner("run", corpus, "clean", "--plan", "plan.json")
    publish, seen = publishing.publish, []

    def while_publishing(outcome: Any, target: Path) -> Any:
        with pytest.raises(CorpusError, match="another run is at work here"), alone(target):
            pass
        seen.append(target)
        return publish(outcome, target)

    monkeypatch.setattr(publishing, "publish", while_publishing)
    done = CliRunner().invoke(task_command, [str(tmp_path / "plan.json"), "--index", "0"])
    assert (done.exit_code, seen) == (0, [tmp_path / "clean"]), done.output
