"""Modules put off: a library takes a function of theirs without them, and the function works."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from cleaner.later import later
from tests.conftest import HERE


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "slow_part.py").write_text("def twice(n, *, more=0):\n    return 2 * n + more\n")
    (tmp_path / "some_library.py").write_text(
        "from slow_part import twice\ndef used(n):\n    return twice(n, more=1)\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    for name in ("slow_part", "some_library"):
        monkeypatch.delitem(sys.modules, name, raising=False)


@pytest.mark.usefixtures("library")
def test_a_module_is_imported_by_the_first_call() -> None:
    with later("slow_part", "twice"):
        import some_library  # type: ignore[import-not-found]
    assert "slow_part" not in sys.modules
    assert some_library.used(3) == 7
    assert "slow_part" in sys.modules


@pytest.mark.usefixtures("library")
def test_a_module_that_is_there_stays() -> None:
    import slow_part  # type: ignore[import-not-found]

    with later("slow_part", "twice"):
        import some_library
    assert some_library.twice is slow_part.twice
    assert sys.modules["slow_part"] is slow_part


@pytest.mark.usefixtures("library")
def test_an_import_that_fails_leaves_nothing_behind() -> None:
    with pytest.raises(ImportError), later("slow_part", "thrice"):
        import some_library  # noqa: F401
    assert "slow_part" not in sys.modules


LARGE = ("scipy", "wcwidth")
"""What numba, datasketch and ftfy import for what nobody asks of them here."""


def test_a_run_by_kernels_imports_none_of_what_it_does_not_use() -> None:
    script = f"""
        import sys, cleaner
        from cleaner import compiled
        compiled.expect(compiled.ENOUGH)
        text = "The mayor said so.\\nIt was â€œgoodâ€\\x9d, the Ã¼ber-mayor said on Monday, and went home.\\n" * 40
        assert cleaner.clean(text).text != text
        print(sorted(name for name in {LARGE!r} if name in sys.modules), "numba" in sys.modules)
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)], cwd=HERE, capture_output=True, text=True, check=False
    )
    assert done.stdout == "[] True\n", done.stderr
