"""The audit: what filters would cost, the most surprising first; nothing is touched, and no text of a corpus acts."""

from __future__ import annotations

import json
from pathlib import Path

from cleaner.audit import audit, prose
from cleaner.corpus import document
from cleaner.profiles import PROFILES
from cleaner.records import Record, json_record
from cleaner.report.html_audit import render_audit
from cleaner.report.losses import WIDTH, as_json, as_text
from cleaner.report.terminal import one_line
from cleaner.report.view import AuditView
from cleaner.rule import load, select
from tests.conftest import Cleaner, tree

SAID = "“We are glad that the bridge is open and that nobody has to wait in the rain any more,” she said to them."
QUOTED = (
    "She said to the crowd: “We are glad that the bridge is open and that nobody has to wait in the rain any more.”"
)
BODY = "\n".join(f"Sentence {number} of the text says that the council paid for the new bridge." for number in range(6))
HOSTILE = (
    "</title><script>document.title='run'</script><img src=x onerror=alert(1)> \x1b[31mred\x07 \u202edne &amp; \"'"
)


def record(text: str, name: str = "a.txt") -> Record:
    return document(name, text.encode("utf-8", "surrogatepass"))


def audited(*texts: str, profile: str = "c4", limit: int = 3, path: str = "raw/a.txt") -> AuditView:
    return audit(
        f"Profile {profile}", [(path, record(text)) for text in texts], select(load(), PROFILES[profile]), limit
    )


def test_prose_is_measured_without_the_filters() -> None:
    assert prose(
        f"Headline\n{QUOTED}\nShare\n他表示，这座大桥已经在星期五正式通车，居民们都感到非常高兴，市长也出席了仪式，许多人冒雨前来。"
    ) > len(QUOTED)
    assert prose("Headline\nShare this\nShort one.") == 0


def test_the_most_surprising_removal_comes_first() -> None:
    view = audited(f"{BODY}\nShare this with all of your friends\n{QUOTED}\nRead more about it here and there")
    (rule,) = [rule for rule in view.rules if rule.characters]
    assert rule.code == "QLT024"
    assert rule.worst[0].text == QUOTED
    assert rule.worst[0].line == 8
    assert (rule.pieces, rule.documents, view.cut, view.left_out) == (3, 0, 1, 0)
    assert view.lost[1] == rule.prose == len(QUOTED)


def test_a_document_that_goes_counts_as_a_whole() -> None:
    view = audited(f"{QUOTED}\nOne sentence stays here.", BODY)
    (rule,) = [rule for rule in view.rules if rule.characters]
    assert (rule.code, rule.documents, rule.pieces) == ("QLT029", 1, 0)
    assert rule.worst[0].because == "1 sentence < 5"
    assert (view.documents, view.left_out, view.cut) == (2, 1, 0)


def test_only_so_many_removals_are_kept() -> None:
    view = audited(*(f"{BODY}\nNo stop {number}" for number in range(9)), limit=2)
    (rule,) = [rule for rule in view.rules if rule.characters]
    assert (rule.pieces, len(rule.worst)) == (9, 2)


def test_what_cannot_be_read_is_counted() -> None:
    view = audit("x", [("a.jsonl", json_record("a.jsonl", 1, b'{"text": 1}'))], select(load(), ["QLT001"]), 3)
    assert (view.documents, view.unreadable) == (1, 1)


def test_a_hostile_corpus_acts_on_nothing() -> None:
    view = audited(f"{BODY}\n{HOSTILE}", HOSTILE, path=f"raw/{HOSTILE}")
    page = render_audit(view)
    assert "<script" not in page
    assert "<img" not in page
    assert "\x1b" not in page
    assert "\u202e" not in page
    lines = list(as_text(view))
    assert all(line == one_line(line) for line in lines)
    assert json.loads(as_json(view))["documents"] == 2


def test_a_terminal_of_80_columns_is_wide_enough() -> None:
    assert max(map(len, as_text(audited(f"{BODY}\n{QUOTED}", "Short.", HOSTILE)))) <= WIDTH


def test_the_same_audit_gives_the_same_page() -> None:
    assert render_audit(audited(BODY, QUOTED)) == render_audit(audited(BODY, QUOTED))


def test_nothing_is_written(cleaner: Cleaner, corpus: Path) -> None:
    before = tree(corpus.parent)
    done = cleaner("audit", "--profile", "fineweb", "raw", cwd=corpus.parent)
    assert (done.returncode, done.stderr) == (0, "")
    assert tree(corpus.parent) == before
    done = cleaner("audit", "--profile", "c4", "--html", "a.html", "raw", cwd=corpus.parent)
    assert tree(corpus.parent).keys() - before.keys() == {"a.html"}
