"""The HTML report in a browser: what its script does, and what a hostile corpus cannot make it do."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cleaner.report.html import render
from cleaner.report.view import RunView
from tests.conftest import size
from tests.test_report_html import HOSTILE, document, everywhere, run

webdriver = pytest.importorskip("selenium.webdriver")

pytestmark = pytest.mark.browser

Open = Callable[[RunView], Any]


@pytest.fixture
def show(browser: Any, tmp_path: Path) -> Open:
    def opened(view: RunView) -> Any:
        size(browser, 1280)
        page = tmp_path / "report.html"
        page.write_text(render(view), encoding="utf-8", newline="")
        browser.get(page.as_uri())
        return browser

    return opened


def soon(holds: Callable[[], object]) -> None:
    """Wait up to five seconds for what the browser does in its own time, such as following a link."""
    for _ in range(100):
        if holds():
            return
        time.sleep(0.05)
    raise AssertionError("did not happen")


def ask(browser: Any, expression: str) -> Any:
    return browser.execute_script(f"return {expression}")


def press(browser: Any, *keys: str) -> None:
    for key in keys:
        webdriver.ActionChains(browser).send_keys(key).perform()


def find(browser: Any, selector: str) -> Any:
    return browser.find_element("css selector", selector)


def visible_documents(browser: Any) -> list[str]:
    return [d.get_attribute("id") for d in browser.find_elements("css selector", ".document") if d.is_displayed()]


def panel(browser: Any) -> str:
    return str(find(browser, "#panel").text)


def choose(browser: Any, select: str, value: str) -> None:
    find(browser, f'#{select} option[value="{value}"]').click()


def sample() -> RunView:
    first = document(
        "It stands once morest all. “Quoted”. Share this.",
        [
            ("BOI001", " Share this.", ""),
            ("SUB001", "once morest", "against"),
            ("PUN001", "“", '"'),
            ("PUN001", "”", '"'),
        ],
        facts=(("date", "2024-03-21"),),
    )
    second = document("Follow us. The text.", [("BOI001", "Follow us. ", "")], id="two")
    third = document("A copy of it.", id="three", status="dropped", reason="a copy", instead="one")
    return run(first, second, third)


def test_a_hostile_corpus_runs_nothing(show: Open) -> None:
    title = HOSTILE[0]
    texts = [*HOSTILE, "<img src=x onerror=\"document.title='run'\">", "<svg/onload=window.hit=1>"]
    browser = show(everywhere(" ".join(texts)))
    browser.execute_script("for (const d of document.querySelectorAll('details')) d.open = true")
    press(browser, "n", "n")
    find(browser, "[data-filter]").click()
    assert title in browser.title
    assert browser.title != "run"
    assert ask(browser, "window.hit") is None
    assert ask(browser, "document.querySelectorAll('img, iframe, object, embed').length") == 0
    assert ask(browser, "document.querySelectorAll('script:not([type])').length") == 1
    assert title in panel(browser)


def test_the_policy_stops_scripts_and_styles_that_are_not_of_the_page(show: Open) -> None:
    browser = show(sample())
    browser.execute_script(
        "const s = document.createElement('script'); s.textContent = 'window.hit = 1'; document.body.append(s);"
        "document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"window.hit=2\">');"
    )
    assert ask(browser, "window.hit") is None


def test_the_page_loads_without_a_complaint(show: Open) -> None:
    browser = show(sample())
    browser.get_log("browser")  # what earlier tests provoked
    browser.refresh()
    assert browser.get_log("browser") == []


@pytest.mark.parametrize("width", [1280, 700, 400])
@pytest.mark.parametrize("make", [sample, lambda: everywhere("long" * 100), lambda: everywhere("two words")])
def test_nothing_is_wider_than_the_window(show: Open, width: int, make: Callable[[], RunView]) -> None:
    browser = show(make())
    size(browser, width)
    browser.execute_script("for (const d of document.querySelectorAll('details')) d.open = true")
    press(browser, "n")
    assert ask(browser, "innerWidth") == width
    assert ask(browser, "document.documentElement.scrollWidth") <= width


def test_a_rule_filter_hides_what_the_rule_did_not_change(show: Open) -> None:
    browser = show(sample())
    choose(browser, "rule", "SUB001")
    assert visible_documents(browser) == ["d1"]
    assert find(browser, "#found").text == "1 of 3 documents"
    assert [m.text for m in browser.find_elements("css selector", ".change.hit ins")] == ["against"]
    choose(browser, "rule", "")
    assert visible_documents(browser) == ["d1", "d2", "d3"]


def test_a_code_in_the_table_filters(show: Open) -> None:
    browser = show(sample())
    find(browser, '[data-filter="BOI001"]').click()
    assert visible_documents(browser) == ["d1", "d2"]


def test_search_and_status_choose_documents(show: Open) -> None:
    browser = show(sample())
    press(browser, "/", "T", "W", "O")
    assert visible_documents(browser) == ["d2"]
    find(browser, "#search").clear()
    choose(browser, "status", "dropped")
    assert visible_documents(browser) == ["d3"]


@pytest.mark.parametrize("reach", ["click", "focus", "hover"])
def test_the_panel_tells_rule_and_reason_of_a_change(show: Open, reach: str) -> None:
    browser = show(sample())
    find(browser, "#d1 > summary").click()
    mark = find(browser, '[data-code="SUB001"].change')
    if reach == "click":
        mark.click()
    elif reach == "focus":
        browser.execute_script("arguments[0].focus()", mark)
    else:
        webdriver.ActionChains(browser).move_to_element(mark).perform()
    words = (
        "SUB001 name-of-sub001",
        "a reason",
        "once morest",
        "against",
        "2024-03-21",
        'ignore = ["SUB001"]',
        "--ignore SUB001",
    )
    for word in (*words, "cleaner keep one.txt SUB001:1:11"):
        assert word in panel(browser)


def test_tab_reaches_the_changes_of_an_open_document(show: Open) -> None:
    browser = show(sample())
    browser.execute_script("document.querySelector('#d1 > summary').focus()")
    press(browser, "\ue007", "\ue004")
    assert ask(browser, "document.activeElement.dataset.code") == "SUB001"
    assert "SUB001" in panel(browser)


def test_n_and_p_walk_over_the_marked_changes(show: Open) -> None:
    browser = show(sample())
    seen = []
    for key in "nnnnpk":
        press(browser, key)
        seen.append(
            ask(browser, "document.activeElement.closest('.document').id + document.activeElement.dataset.code")
        )
    assert seen == ["d1SUB001", "d1BOI001", "d2BOI001", "d1SUB001", "d2BOI001", "d1BOI001"]


def test_escape_closes_the_panel(show: Open) -> None:
    browser = show(sample())
    press(browser, "n")
    assert "SUB001" in panel(browser)
    press(browser, "\ue00c")
    assert "SUB001" not in panel(browser)
    assert browser.find_elements("css selector", ".current") == []
    press(browser, "n")
    assert "BOI001" in panel(browser), "the walk goes on where it was"


def test_small_repairs_are_marked_only_when_asked_for(show: Open) -> None:
    browser = show(sample())
    find(browser, "#d1 > summary").click()
    quiet = find(browser, ".quiet del")
    assert not quiet.is_displayed()
    find(browser, ".quiet ins").click()
    assert "PUN001" in panel(browser)
    find(browser, "#small").click()
    assert quiet.is_displayed()
    press(browser, "n")
    assert ask(browser, "document.activeElement.dataset.code") == "PUN001"


def test_a_filter_on_a_small_repair_marks_it(show: Open) -> None:
    browser = show(sample())
    choose(browser, "rule", "PUN001")
    assert find(browser, ".quiet del").is_displayed()


def test_a_question_mark_shows_the_keys(show: Open) -> None:
    browser = show(sample())
    press(browser, "?")
    assert "next change" in find(browser, "#keys").text
    press(browser, "\ue00c")
    assert not find(browser, "#keys").is_displayed()


def test_a_dropped_copy_and_its_survivor_stand_side_by_side_or_one_below_the_other(show: Open) -> None:
    browser = show(sample())
    find(browser, "#d3 > summary").click()
    for width, columns in ((1280, 2), (600, 1)):
        size(browser, width)
        left = ask(
            browser, "[...document.querySelectorAll('.beside > section')].map(s => s.getBoundingClientRect().left)"
        )
        assert len(set(left)) == columns
    find(browser, ".beside a").click()
    soon(lambda: ask(browser, "document.querySelector('#d1').open"))


def test_folded_text_opens_in_line(show: Open) -> None:
    browser = show(run(document("word " * 1_000)))
    find(browser, ".document > summary").click()
    before = ask(browser, "document.querySelector('.text').offsetHeight")
    find(browser, ".fold > summary").click()
    assert ask(browser, "document.querySelector('.text').offsetHeight") > 3 * before
