"""Which lines are boilerplate, by known phrases.

One classification of the lines serves all rules of BOI. A label comes from the phrase tables (whole lines only, folded)
or from a template with slots; whether a labelled line goes depends on how sure its phrase is and on its place:

- `sure`: goes wherever it stands;
- `border`: goes only before the first or after the last line of prose, and not alone as the first line, a title;
- `weak` (one-word labels, network names): goes only in a run of labelled lines, when only such lines follow, or, if it
  is no more than a button, when it stands in the text again and again.

Two lines of a comment form, or a "Related Articles" heading, open a block when no prose follows: its lines go, but for
those that are long, end like a sentence, a list's head or one of its items.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import accumulate, chain
from typing import TYPE_CHECKING, Any, NamedTuple

from cleaner import compiled
from cleaner.line_marks import BODY, marks
from cleaner.rule import bundled
from cleaner.segment import ends_like_prose, filled, fold, lines

if TYPE_CHECKING:
    from ahocorasick_rs import AhoCorasick

LONGEST = 260
"""Characters of the longest line that is compared with phrases; the longest phrase (Akismet, Spanish) has 110."""
TAIL = 5
"""A weak label alone goes when it is among so many last lines."""
ALWAYS_SURE = frozenset({"akismet", "related_heads"})
BORDER = frozenset({"comment_form", "copyright", "share_prompts", "ratings", "consent"})
"""Kinds whose phrases may also be a heading of the text: surer than a label, but not inside the prose."""
BUTTONS = frozenset({"ads", "share_labels", "newsletter", "nav.more", "pager"})
"""Kinds of weak labels that no text repeats line by line as headings of its own."""
SHARED = 3
"""Lines of a run from which a share label beside two networks makes it a row of buttons, wherever it stands."""
SHOUTED = frozenset(
    {"ADVERTISEMENT", "ADVERTISEMENTS", "- ADVERTISEMENT -", "PUBLICIDADE", "PUBLICIDAD", "PUBLICITÉ", "ADVERTENTIE"}
)
"""Labels of one word which in capitals, and with no stop behind them, stand over nothing but an advertisement."""
LONG_PHRASE = 30
"""Characters from which a phrase is no heading."""
TEASER = 15
"""Words of the longest line that goes as part of a block."""
NOTICE = 150
"""Characters of the longest notice that is known by its parts only."""
DELIMITED = re.compile(r"([^:|»>→]{2,40})[:|»>→] ?[^ :|»>→]")
DELIMITER = re.compile(r"[:|>→»]")
ITEM = re.compile(r"(?:[-•*·–]|\(?\d{1,3}[.)])\s")
SYMBOLS = re.compile(r"[|•·»›\-–—_*~=#]{1,5}")


@dataclass(frozen=True, slots=True)
class Label:
    """What a line was recognised as. `strength` is sure, border or weak."""

    rule: str
    kind: str
    phrase: str
    strength: str


class Template(NamedTuple):
    """What lines with slots fit: a pattern for a whole folded line, and what it is known as.

    A line can only fit that holds one of `words`, and begins with one of `begins`, if there are any: quick tests.
    """

    pattern: re.Pattern[str]
    label: Label
    words: Sequence[str]
    begins: tuple[str, ...] = ()

    def fits(self, folded: str) -> bool:
        """Whether a folded line that holds one of the words is such a line."""
        return (not self.begins or folded.startswith(self.begins)) and self.pattern.fullmatch(folded) is not None


MARKS = ' :.*»«→←›‹>|–—-…"'
"""What themes put around a label."""


def key(line: str) -> str:
    """The folded line without the arrows and marks that themes put around a label."""
    return fold(line).strip(MARKS)


@cache
def _tables() -> dict[str, Any]:
    """The phrase tables, read once."""
    with (bundled() / "boilerplate.toml").open("rb") as file:
        return tomllib.load(file)


@cache
def phrases() -> dict[str, Label]:
    """All literal phrases, by key. Where two tables have a phrase, the first one names it."""
    table: dict[str, Label] = {}
    literal = {name: kinds for name, kinds in _tables().items() if name not in ("template", "prefix", "parts")}
    for name, kinds in literal.items():
        for kind, languages in kinds.items():
            for phrase in (phrase for strings in languages.values() for phrase in strings):
                sure = kind in ALWAYS_SURE or _is_long(phrase)
                strength = "border" if kind in BORDER and len(phrase) < LONG_PHRASE else "sure" if sure else "weak"
                table.setdefault(key(phrase), Label(name, kind, phrase, strength))
    for name, kind, strength, phrase in _wordpress():
        if "{}" not in phrase and "%" not in phrase:
            sure = strength == "sure" and (" " in phrase.strip() or len(phrase) >= 8)
            strong = "border" if name == "comment-form" and len(phrase) < LONG_PHRASE else "sure"
            table.setdefault(key(phrase), Label(name, kind, phrase, strong if sure else "weak"))
    table.pop("", None)
    return table


def _wordpress() -> Iterator[list[str]]:
    for row in (bundled() / "wordpress.tsv").read_text(encoding="utf-8").splitlines():
        if not row.startswith("#"):
            yield row.split("\t")


def _is_long(phrase: str) -> bool:
    """Three words, or as much in a script that writes no spaces."""
    return phrase.count(" ") >= 2 or (not phrase.isascii() and " " not in phrase and len(key(phrase)) >= 8)


@cache
def templates() -> tuple[Template, ...]:
    """The templates of the tables, those first that take precedence."""
    found = [
        Template(re.compile(r["pattern"]), Label(r["rule"], r["kind"], r["kind"], r["strength"]), r["words"], begins)
        for r in _tables()["template"]
        for begins in [tuple(r.get("begins", ()))]
    ]
    for name, kind, strength, phrase in _wordpress():
        slot = "{}" if "{}" in phrase else "%" if "%" in phrase else ""
        fixed = [key(part) for part in phrase.split(slot)] if slot else []
        if strength == "sure" and sum(part.count(" ") + 1 for part in fixed if part) >= 2:
            pattern = re.compile(".{0,60}".join(map(re.escape, fixed)))
            found.append(Template(pattern, Label(name, kind, phrase, "border"), [max(fixed, key=len)]))
    return tuple(found)


@cache
def prefixes() -> dict[str, Label]:
    """Labels that a link follows on the same line, by key."""
    found: dict[str, Label] = {}
    for row in _tables()["prefix"]:
        languages = [strings for language, strings in row.items() if language not in ("rule", "kind", "strength")]
        for phrase in chain.from_iterable(languages):
            found.setdefault(key(phrase), Label(row["rule"], row["kind"], phrase, row["strength"]))
    return found


def _prefixed(folded: str) -> Label | None:
    """What a line is that begins with a label and its delimiter; a line of several sentences is none."""
    found = DELIMITED.match(folded)
    if not found or ". " in folded:
        return None
    return prefixes().get(key(found[1]))


@cache
def _parts() -> tuple[tuple[Label, list[list[str]]], ...]:
    """Notices known by what they must say, one of each list; what stands in few other lines is the first of these."""
    return tuple((Label(r["rule"], r["kind"], r["kind"], r["strength"]), r["parts"]) for r in _tables()["parts"])


@lru_cache(maxsize=1 << 15)
def label(line: str) -> Label | None:
    """What a line is, as far as the line alone can tell."""
    folded = key(line)
    if not folded:
        return Label("leftover-symbols", "symbol", line.strip(), "weak") if SYMBOLS.fullmatch(line.strip()) else None
    found = phrases().get(folded)
    if found:
        return replace(found, strength="sure") if line.strip() in SHOUTED else found
    if ". " in folded or "! " in folded or "? " in folded:
        parts = [phrases().get(key(part)) for part in re.split(r"(?<=[.!?])\s+", line)]
        if len(parts) > 1 and all(parts):
            return parts[0]
    return _prefixed(folded) or _clued(folded)


@cache
def _clues() -> tuple[AhoCorasick, list[list[int]], frozenset[int]]:
    """A search for the words that templates and notices cannot do without.

    For each word the templates that it may start, and the words that a notice may begin its parts with.
    """
    from ahocorasick_rs import AhoCorasick

    rows: dict[str, list[int]] = {}
    for number, template in enumerate(templates()):
        for word in template.words:
            rows.setdefault(word, []).append(number)
    for _, parts in _parts():
        for word in parts[0]:
            rows.setdefault(word, [])
    noticed = frozenset(n for n, word in enumerate(rows) if any(word in parts[0] for _, parts in _parts()))
    return AhoCorasick(list(rows)), list(rows.values()), noticed


def _clued(folded: str) -> Label | None:
    """The first template that the whole folded line fits, or the notice that says all its parts and little else."""
    search, numbers, noticed = _clues()
    hits = {index for index, _, _ in search.find_matches_as_indexes(folded, overlapping=True)}
    for n in sorted({n for index in hits for n in numbers[index]}):
        template = templates()[n]
        if template.fits(folded):
            return template.label
    if len(folded) <= NOTICE and not noticed.isdisjoint(hits):
        for known, parts in _parts():
            if all(any(word in folded for word in words) for words in parts):
                return known
    return None


@cache
def _openers() -> frozenset[str]:
    """The first word of every phrase and prefix."""
    return frozenset(known.split(" ", 1)[0].strip(MARKS) for known in (*phrases(), *prefixes()))


def asked(text: str) -> list[int]:
    """The numbers of the lines that `label` may know. A quick look at all lines, so that few are asked about."""
    if not compiled.on():
        return sorted(asked_plain(enumerate(lines(text).texts)))
    from cleaner.phrases_kernel import look

    found, unsure = look(text, _table())
    if unsure:
        rows = lines(text)
        found = sorted([*found, *asked_plain((n, rows.text(n)) for n in unsure)])
    return found


@cache
def _table() -> Any:
    """The tables as `phrases_kernel` reads them."""
    from cleaner.phrases_kernel import table

    clues = [(word, template.begins) for template in templates() for word in template.words]
    return table(phrases(), prefixes(), clues, [word for _, parts in _parts() for word in parts[0]])


def asked_plain(rows: Iterable[tuple[int, str]]) -> Iterator[int]:
    """Of numbered lines the numbers of those that begin with an opener or hold a clue."""
    openers = _openers()
    doubtful: list[tuple[int, str]] = []
    for n, line in rows:
        if not line or len(line) > LONGEST:
            continue
        plain = line.lower() if line.isascii() and line.isprintable() and "  " not in line else fold(line)
        first = plain.lstrip(MARKS).split(" ", 1)[0].rstrip(MARKS)
        if not first or first in openers or DELIMITER.split(first, 1)[0].rstrip(MARKS) in openers:
            yield n
        else:
            doubtful.append((n, plain))
    text = "\n".join([plain for _, plain in doubtful])
    starts = [0, *accumulate([len(plain) + 1 for _, plain in doubtful])]
    for number in {bisect_right(starts, at) - 1 for _, at, _ in _clues()[0].find_matches_as_indexes(text)}:
        yield doubtful[number][0]


@lru_cache(maxsize=2)
def _labels(text: str) -> dict[int, Label]:
    """The lines that are known, by their numbers."""
    rows = lines(text)
    return {n: found for n in asked(text) if (found := label(rows.text(n)))}


def labelled(text: str) -> list[str]:
    """The lines that are known, each as far as it alone can tell: without one, none goes."""
    return list(map(lines(text).text, _labels(text)))


@lru_cache(maxsize=2)
def verdicts(text: str) -> dict[str, list[tuple[int, str]]]:
    """Which lines go: by the name of the rule the number of each line, with the reason."""
    labels = _labels(text)
    told: dict[str, list[tuple[int, str]]] = {}
    if labels:
        for n, (rule, reason) in _going(text, labels).items():
            told.setdefault(rule, []).append((n, reason))
    return told


def _going(text: str, labels: dict[int, Label]) -> dict[int, tuple[str, str]]:
    """The lines that go, labelled ones and those in their blocks, each with the name of the rule and the reason."""
    rows, shown = lines(text), filled(text)
    first, last = _prose(marks(text), labels) or (-1, len(rows))
    prose = first >= 0
    going = dict(_blocks(text, labels, shown, last))
    listed: set[int] = set()
    buttons = [found.phrase for found in labels.values() if found.kind in BUTTONS]
    often = Counter(buttons) if len(buttons) > 1 else {}
    for run in _runs(labels, shown):
        above = bisect_left(shown, run[0]) - 1
        introduced = above >= 0 and rows.text(shown[above]).rstrip().endswith((":", "?"))
        if introduced:
            listed.update(run)
        strong = any(labels[n].strength != "weak" for n in run) or _shares(labels, run)
        for n in run:
            found = labels[n]
            inside = first < n < last
            title = n == shown[0] and len(run) == 1
            reason = f"the whole line is {_named(found)}"
            if found.strength == "sure" or (found.strength == "border" and not inside and not title):
                going.setdefault(n, (found.rule, reason))
            elif found.strength == "weak" and len(run) > 1 and not introduced and (strong or (prose and not inside)):
                going.setdefault(n, (found.rule, f"{reason}, in a run of {len(run)} such lines"))
            elif often.get(found.phrase, 0) > 1 and not introduced:
                going.setdefault(n, (found.rule, f"{reason}, which stands here {often[found.phrase]} times"))
    behind = set(shown[-TAIL:])
    for n in reversed(shown):  # what stands alone at the end, as long as nothing but labels follows it
        if n in going:
            continue
        alone = prose and n > last and n in behind and n in labels and labels[n].strength == "weak"
        if not alone or n in listed:
            break
        going[n] = labels[n].rule, f"the whole line is {_named(labels[n])}, at the end of the text"
    return going


def _prose(seen: bytes, labels: dict[int, Label]) -> tuple[int, int] | None:
    """The first and the last line of prose that has no label, if there is one."""
    first = seen.find(BODY)
    while first in labels:
        first = seen.find(BODY, first + 1)
    if first < 0:
        return None
    last = seen.rfind(BODY)
    while last in labels:
        last = seen.rfind(BODY, 0, last)
    return first, last


def _shares(labels: dict[int, Label], run: Sequence[int]) -> bool:
    """Whether a run holds what a list of companies does not: a word for sharing beside the names of networks."""
    kinds = [labels[n].kind for n in run]
    return len(run) >= SHARED and "share_labels" in kinds and kinds.count("social_names") > 1


def _named(found: Label) -> str:
    return f'"{found.phrase}"' if found.phrase != found.kind else f"a {found.kind.replace('_', ' ')} line"


def _runs(labels: dict[int, Label], shown: Sequence[int]) -> Iterator[list[int]]:
    """Labelled lines that follow one another, blank lines not counted."""
    run: list[int] = []
    for n in labels:
        if run and shown[bisect_left(shown, run[-1]) + 1] != n:
            yield run
            run = []
        run.append(n)
    if run:
        yield run


def _blocks(
    text: str, labels: dict[int, Label], shown: Sequence[int], last: int
) -> Iterator[tuple[int, tuple[str, str]]]:
    """Lines that go because a block begins before them and no prose follows it."""
    behind = [n for n in labels if n > last]
    forms = [n for n in behind if labels[n].rule == "comment-form" and labels[n].strength != "weak"]
    heads = [n for n in behind if labels[n].kind == "related_heads"]
    rows = lines(text)
    for opener in sorted((forms[:1] if len(forms) > 1 else []) + heads[:1]):
        found = labels[opener]
        for n in shown[bisect_right(shown, opener) :]:
            if n in labels or _is_teaser(rows.text(n)):
                yield n, (found.rule, f"in the block that {_named(found)} opens; no prose follows")


def _is_teaser(line: str) -> bool:
    """A short line that is no sentence, no item of a list and not the line above one."""
    stripped = line.rstrip()
    short = stripped.count(" ") < TEASER
    return short and not ends_like_prose(line) and not stripped.endswith(":") and not ITEM.match(line.lstrip())
