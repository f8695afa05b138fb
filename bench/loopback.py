"""Real clusters on the loopback of one machine, for tests and benchmarks: started, watched, and stopped again.

Every server is a process in a session of its own, so all that it starts is found, counted and ended with it.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Self

BIN = Path(sys.executable).parent
QUIET = {
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",
    "SPARK_LOCAL_IP": "127.0.0.1",
    "SPARK_NO_DAEMONIZE": "1",
    "PYSPARK_PYTHON": sys.executable,
    "OMP_NUM_THREADS": "1",
    "NUMBA_NUM_THREADS": "1",
}
ENVIRONMENT = {**os.environ, **QUIET}
PATIENCE = 180.0
"""Seconds that a server may take to start: machines that run tests are busy."""
TICK = 0.5


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


class Session:
    """A process with all that it starts."""

    def __init__(self, command: Sequence[object], log: Path, folder: Path, **more: str) -> None:
        self.log = log
        with log.open("wb") as output:
            self.process = subprocess.Popen(
                [str(word) for word in command],
                cwd=folder,
                env={**ENVIRONMENT, **more},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        """The number of the session, which is that of its first process."""
        return self.process.pid

    def wait_for(self, words: str) -> None:
        """Wait until the log says so. Raises RuntimeError with the log when the process ends or takes too long."""
        limit = time.monotonic() + PATIENCE
        while words not in (said := self.log.read_text(encoding="utf-8", errors="replace")):
            if self.process.poll() is not None or time.monotonic() > limit:
                raise RuntimeError(f"{words!r} never came from {self.process.args!r}:\n{said[-3000:]}")
            time.sleep(0.2)

    def end(self) -> None:
        """Ask it to end, then end what is left."""
        self.process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(15)
        for pid in members({self.pid}):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait()


def stat_of(pid: int) -> list[str]:
    """The fields of /proc/PID/stat behind the name of the process: state is 0, session 3, user time 11, system 12."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    except OSError:
        return []


def processes() -> list[int]:
    """All processes there are."""
    return [int(path.name) for path in Path("/proc").iterdir() if path.name.isdecimal()]


def members(sessions: set[int]) -> list[int]:
    """All processes of some sessions."""
    return [pid for pid in processes() if (stat := stat_of(pid)) and int(stat[3]) in sessions and stat[0] != "Z"]


class Watch:
    """CPU seconds and memory of sessions, looked at twice a second."""

    def __init__(self, sessions: Callable[[], set[int]]) -> None:
        self.sessions = sessions
        self.times: dict[int, float] = {}
        self.peak = 0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look_often, daemon=True)

    def __enter__(self) -> Self:
        self._look()
        self.before = sum(self.times.values())
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._look()
        self._ended.set()
        self._thread.join()

    @property
    def cpu(self) -> float:
        """Seconds since it began; the last half second of a process may be missing."""
        return sum(self.times.values()) - self.before

    def _look_often(self) -> None:
        while not self._ended.wait(TICK):
            self._look()

    def _look(self) -> None:
        memory = 0
        for pid in members(self.sessions()):
            if stat := stat_of(pid):
                seconds = (int(stat[11]) + int(stat[12])) / os.sysconf("SC_CLK_TCK")
                self.times[pid] = max(self.times.get(pid, 0.0), seconds)
            memory += share(pid)
        self.peak = max(self.peak, memory)


def share(pid: int) -> int:
    """The proportional share of memory of a process, in bytes."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0


class Cluster:
    """What runs, and where it is reached."""

    def __init__(self, engine: str, address: str, servers: list[Session]) -> None:
        self.engine, self.address, self.servers = engine, address, servers

    def workers(self) -> list[int]:
        """The processes that run our tasks, for tests that kill one."""
        found = []
        for pid in members({server.pid for server in self.servers}):
            with suppress(OSError):
                words = Path(f"/proc/{pid}/cmdline").read_bytes()
                if (b"ray::" in words and b"Agent" not in words) or b"pyspark.daemon" in words:
                    found.append(pid)
        return found


@contextmanager
def s3(folder: Path) -> Iterator[str]:
    """A server that speaks the protocol of S3, with an empty bucket: its address. Sessions that begin now reach it."""
    port = free_port()
    known = {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        "AWS_ACCESS_KEY_ID": "for-tests",
        "AWS_SECRET_ACCESS_KEY": "for-tests",
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", port]
    server = Session(command, folder / "s3.log", folder)
    try:
        server.wait_for("Running on")
        ENVIRONMENT.update(known)
        os.environ.update(known)
        import s3fs

        s3fs.S3FileSystem(skip_instance_cache=True).mkdir("corpora")
        yield "s3://corpora"
    finally:
        for name in known:
            ENVIRONMENT.pop(name, None)
            os.environ.pop(name, None)
        server.end()


@contextmanager
def ray(folder: Path, nodes: int = 2, wrapped: Sequence[object] = (), **more: str) -> Iterator[Cluster]:
    """A Ray cluster: a head without slots, and nodes with one each. `folder` has a short path: sockets lie in it.

    Nodes may be started by a command that they are `wrapped` in, and with `more` in their environment.
    """
    port = free_port()
    start: list[Any] = [BIN / "ray", "start", "--block", "--object-store-memory", 80_000_000]
    head = ["--head", "--port", port, "--num-cpus", 0, "--temp-dir", folder / "r", "--include-dashboard", "false"]
    servers: list[Session] = []
    try:
        servers.append(Session([*start, *head], folder / "head.log", folder))
        servers[0].wait_for("--block")
        said = servers[0].log.read_text(encoding="utf-8")
        address = said.partition("ray start --address='")[2].partition("'")[0]
        for number in range(nodes):  # one after the other: nodes of one machine may take each other's ports
            command = [*wrapped, *start, "--address", address, "--num-cpus", 1]
            node = Session(command, folder / f"node{number}.log", folder, **more)
            servers.append(node)
            node.wait_for("--block")
        yield Cluster("ray", address, servers)
    finally:
        for server in reversed(servers):
            server.end()


@contextmanager
def spark(folder: Path, workers: int = 2, **more: str) -> Iterator[Cluster]:
    """A standalone Spark master, and workers with one slot each, with `more` in their environment."""
    from pyspark.find_spark_home import _find_spark_home

    home = _find_spark_home()
    port, name = free_port(), "org.apache.spark.deploy."
    start: list[Any] = [Path(home) / "bin" / "spark-class"]
    ports = ["--host", "127.0.0.1", "--webui-port", 0]
    address = f"spark://127.0.0.1:{port}"
    servers: list[Session] = []
    known = {
        "SPARK_HOME": home,
        "SPARK_DAEMON_MEMORY": "256m",
        "SPARK_WORKER_OPTS": "-Dspark.worker.ui.retainedDrivers=1",
    }
    try:
        master = [*start, f"{name}master.Master", *ports, "--port", port]
        servers.append(Session(master, folder / "master.log", folder, **known))
        servers[0].wait_for("New state: ALIVE")
        for number in range(workers):
            worker = [*start, f"{name}worker.Worker", *ports, "--cores", 1, "--memory", "1g"]
            worker += ["--work-dir", folder / f"work{number}", address]
            servers.append(Session(worker, folder / f"worker{number}.log", folder, **known, **more))
            servers[-1].wait_for("Successfully registered with master")
        yield Cluster("spark", address, servers)
    finally:
        for server in reversed(servers):
            server.end()
