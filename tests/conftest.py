"""What several test files use."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from cleaner.bucket import _opened
from cleaner.outputs import chunks, outputs
from cleaner.run import Outcome

HERE = Path(__file__).parent.parent
RAW, CLEAN = HERE / "raw", HERE / "clean"

Cleaner = Callable[..., "subprocess.CompletedProcess[str]"]


OTHER = (
    "The minister went to the fair on Friday and bought a cow, which she later gave to the zoo of the children's home. "
    "Her party said that it knew nothing of the matter, and that cows were not on the agenda of the week that follows. "
)


@pytest.fixture
def cleaner(tmp_path: Path) -> Cleaner:
    """Run the real command line in an empty folder, as a user would; `cwd` and `stdin` may be given."""

    def call(*args: object, cwd: Path = tmp_path, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "cleaner", *map(str, args)]
        environment = {"PYTHONPATH": str(HERE), "PATH": "/usr/bin:/bin", "PYTHONWARNINGS": "error", "LC_ALL": "C.UTF-8"}
        return subprocess.run(
            command,
            cwd=cwd,
            input=stdin,
            capture_output=True,
            text=True,
            encoding="utf-8",
            env=environment,
            check=False,
        )

    return call


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A copy of the five articles."""
    folder = tmp_path / "raw"
    folder.mkdir()
    for path in RAW.glob("*.txt"):
        (folder / path.name).write_bytes(path.read_bytes())
    return folder


@pytest.fixture
def published(tmp_path: Path) -> Path:
    """A published corpus: two texts in files, two in a JSONL file."""
    from tests.test_duplicates import STORY

    folder = tmp_path / "clean"
    (folder / "news").mkdir(parents=True)
    (folder / "story.txt").write_text(STORY)
    (folder / "news" / "other.txt").write_text(OTHER)
    rows = [{"id": "r1", "text": OTHER * 2 + STORY[:100]}, {"id": "r2", "text": "One small notice."}]
    (folder / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return folder


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, by relative name."""
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def to_publish(outcome: Outcome) -> dict[str, bytes]:
    """The files that a run would publish."""
    return {path: b"".join(chunks(outcome.store, parts)) for path, parts in outputs(outcome).items()}


FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--hide-scrollbars",
)  # fmt: skip


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A headless Chromium, or no test where there is none."""
    webdriver = pytest.importorskip("selenium.webdriver")
    chromium, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if not chromium or not driver:
        pytest.skip("Chromium and its driver are not installed")
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    options.set_capability("unhandledPromptBehavior", "ignore")
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('profile')}"):
        options.add_argument(flag)
    service = webdriver.ChromeService(driver)
    opened = webdriver.Chrome(options=options, service=service)
    yield opened
    opened.quit()


def size(browser: Any, width: int) -> None:
    """Make the window so wide."""
    metrics = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A bucket of a server on this machine that speaks the protocol of S3."""
    server_of = pytest.importorskip("moto.server")
    s3fs = pytest.importorskip("s3fs")
    server = server_of.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    for name, value in {
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        "AWS_ACCESS_KEY_ID": "for-tests",
        "AWS_SECRET_ACCESS_KEY": "for-tests",
        "AWS_DEFAULT_REGION": "us-east-1",
    }.items():
        monkeypatch.setenv(name, value)
    s3fs.S3FileSystem.clear_instance_cache()
    _opened.cache_clear()
    store = s3fs.S3FileSystem()
    if store.exists("corpora"):  # of a test before
        store.rm("corpora", recursive=True)
    store.mkdir("corpora")
    yield "s3://corpora"
    server.stop()
    s3fs.S3FileSystem.clear_instance_cache()
