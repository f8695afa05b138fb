"""A rule's manual page and the rule table, both from what the rule says of itself."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator

from cleaner.report.terminal import visible
from cleaner.rule import FAMILIES, Rule

SAFETY = {
    "safe": "safe: applied by default",
    "unsafe": "unsafe: applied only with --unsafe-fixes, else reported",
    "report": "report: never changes anything",
    "filter": "filter: leaves out what it is told to leave out, good text too",
}
OFF = "off unless it is selected"


def page(rule: Rule) -> str:
    """The whole page of `cleaner explain`."""
    safety = SAFETY[rule.safety] if rule.default else f"{OFF}; {SAFETY[rule.safety].replace(' by default', '')}"
    lines = [f"{rule.code} {rule.name}", f"{FAMILIES[rule.family]}; {safety}", "", rule.doc]
    if rule.fixes:
        lines += ["", "It fixes:"]
        for before, after in rule.fixes.items():
            lines += ["", *_diff(before, after)]
    for text in rule.drops:
        lines += ["", "It leaves out:", "", *(f"   {line}" for line in _shown(text))]
    if rule.keeps:
        lines += ["", "It leaves alone:"]
        for text in rule.keeps:
            lines += ["", *(f"   {line}" for line in _shown(text))]
    if rule.thresholds:
        lines += ["", "Thresholds, to be set in cleaner.toml under [thresholds]:", ""]
        lines += [f"   {rule.code}.{name} = {value:_}" for name, value in rule.thresholds.items()]
    if rule.default:
        lines += ["", f'Switch it off: --ignore {rule.code}, or ignore = ["{rule.code}"] in cleaner.toml.']
    else:
        chosen = f'--select DEFAULT,{rule.code}, or select = ["DEFAULT", "{rule.code}"] in cleaner.toml.'
        lines += ["", f"Switch it on: {chosen}"]
    return "\n".join(lines)


def _diff(before: str, after: str) -> Iterator[str]:
    for line in list(difflib.unified_diff(_shown(before), _shown(after), lineterm="", n=9))[3:]:
        yield f"  {line}"


def _shown(text: str) -> list[str]:
    return [visible(line).replace("\t", "\\t") for line in text.split("\n")]


def table(rules: Iterable[Rule]) -> str:
    """The rule table of the README, in Markdown."""
    rows = ["| code | name | | what it does |", "| --- | --- | --- | --- |"]
    for rule in rules:
        mark = ", ".join([rule.safety] * (rule.safety != "safe") + ["off"] * (not rule.default))
        summary = rule.summary.replace("|", "\\|")
        rows.append(f"| {rule.code} | `{rule.name}` | {mark} | {summary} |")
    return "\n".join(rows)
