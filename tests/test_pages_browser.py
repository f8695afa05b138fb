"""The pages of `stats` and `audit` in a browser: readable at every width, in light and dark, and no text acts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cleaner.counted import statistics
from cleaner.report.html_audit import render_audit
from cleaner.report.html_statistics import render
from tests.conftest import size
from tests.test_audit import BODY, HOSTILE, QUOTED, audited

pytestmark = pytest.mark.browser

LONG = "long" * 80
WIDE = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"


def stats_page(folder: Path, hostile: str) -> str:
    """Thirty documents of as many sources and languages, and one of each that is hostile."""
    raw = folder / "raw"
    raw.mkdir()
    rows = [
        {"id": f"{n}", "text": f"{BODY} {n} " * (n + 1), "source": f"Source {n}", "date": f"{1990 + n}-01-02"}
        for n in range(30)
    ]
    rows += [{"id": hostile, "text": f"{hostile} {QUOTED}", "source": hostile, "language": hostile} for _ in range(2)]
    (raw / "a.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    (folder / "b.txt").write_text(QUOTED, encoding="utf-8")
    return render(statistics([raw, folder / "b.txt"], {"DUP001": "exact-copy"}))


def audit_page(_folder: Path, hostile: str) -> str:
    return render_audit(audited(f"{BODY}\n{hostile}", hostile, f"{BODY}\n{QUOTED}"))


@pytest.mark.parametrize("page", [stats_page, audit_page], ids=["stats", "audit"])
@pytest.mark.parametrize("hostile", [HOSTILE, LONG], ids=["markup", "long"])
def test_a_page_is_readable_and_nothing_in_it_acts(browser: Any, tmp_path: Path, page: Any, hostile: str) -> None:
    file = tmp_path / "page.html"
    file.write_text(page(tmp_path, hostile), encoding="utf-8", newline="")
    browser.get(file.as_uri())
    assert browser.get_log("browser") == []
    assert browser.title != "run"
    assert browser.execute_script("return document.querySelectorAll('script, img, iframe, object').length") == 0
    for scheme in ("light", "dark"):
        feature = [{"name": "prefers-color-scheme", "value": scheme}]
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": feature})
        for width in (1280, 700, 360):
            size(browser, width)
            browser.execute_script("for (const d of document.querySelectorAll('details')) d.open = true")
            assert browser.execute_script(f"return {WIDE}"), (scheme, width)
            assert contrast(browser) >= 4.5, (scheme, width)


def contrast(browser: Any) -> float:
    """The contrast of text and page by WCAG 2.1, from 1 to 21; 4.5 is asked of running text."""
    colours = browser.execute_script("const s = getComputedStyle(document.body); return [s.color, s.backgroundColor]")
    light, dark = sorted((luminance(colour) for colour in colours), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    parts = [int(part) / 255 for part in colour.removeprefix("rgb(").removesuffix(")").split(",")]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def test_every_removal_of_an_audit_can_be_opened_from_its_table(browser: Any, tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    file.write_text(audit_page(tmp_path, HOSTILE), encoding="utf-8", newline="")
    browser.get(file.as_uri())
    links = browser.find_elements("css selector", "tbody a")
    assert links
    for link in links:
        target = str(link.get_attribute("href")).partition("#")[2]
        assert browser.execute_script("return document.getElementById(arguments[0]) !== null", target)
