"""Words as the web filters count them: what spaCy's English tokenizer makes of a text, without spaCy.

The thresholds of Gopher and FineWeb count these words, whatever the language of the text. A chunk between blanks loses
marks at its head and its end, falls into known parts ("do", "n't"), and is cut inside at hyphens and slashes. What is
left unlike the original: emoticons across two tokens, and letters of scripts that Python and spaCy class differently.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib.resources import files
from itertools import chain
from math import inf
from typing import Any

_UNCASED = (
    "\u0591-\u06ff\u0750-\u077f\u08a0-\u08bd\u0900-\u0dff\u1100-\u137f\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff"
    "\ufe30-\ufe4f\ufe70-\ufefc\U00020000-\U0002fa1f"
)
_UPPER = f"A-ZÀ-ÖØ-ÞΑ-ΩЁА-Я{_UNCASED}"
_SYMBOLS = (
    "¦©®°℀℁℃-℆℈℉℔№℗℞-℣℥℧℩℮↕-↙↜-↟↡↢↤↥↧-↭↯-⇍⇐⇑⇓⇕-⇳⌀-⌇⌌-⌟⌢-⌨⌫-⎚⎴-⏛⏢-␦⑀-⑊⒜-ⓩ─-▶▸-◀◂-♮♰-❧➔-➿⠀-⣿⬀-⯾"
    "\U0001f000-\U0001faff\ufffc\ufffd"
)
_LETTER = r"[^\W\d_]"


class _Table:
    """The facts of words/tokens.toml, made ready."""

    def __init__(self) -> None:
        table = tomllib.loads(files("cleaner").joinpath("words/tokens.toml").read_text("utf-8"))
        self.known = dict(_known(table))
        self.longest = max(map(len, self.known))
        self.stops = frozenset("".join(table["stops"].split()))
        self.line_stops = self.stops | frozenset(table["line_stops"])
        controls = (chr(code) for code in (*range(9), 11, 12, *range(13, 32), *range(127, 160)))
        self.symbols = self.line_stops | frozenset(table["symbols"]) | frozenset(controls)
        currency = "|".join(re.escape(sign) for sign in table["currency"].split())
        units = "|".join(re.escape(unit) for unit in table["units"].split())
        marks, quotes = re.escape(table["marks"]), re.escape(table["quotes"])
        both = f"{marks}{quotes}"
        self.prefix = re.compile(rf"[§%=—–{both}]|\+(?![0-9])|\.\.+|{currency}")
        self.suffix = re.compile(
            rf"['’][sS]$|\.\.+$|……$|[—–{both}]$|(?<=[0-9])(?:\+|{currency}|{units})$"
            rf"|(?<=°[FfCcKk])\.$|(?<=[0-9%²+\-|{both}])\.$|(?<=[^\W\d_A-ZÀ-ÖØ-ÞΑ-ΩЁА-Я])\.$|(?<=[{_UPPER}][{_UPPER}])\.$"
        )
        self.infix = re.compile(
            rf"\.\.+|[…{_SYMBOLS}]|(?<=[0-9])[+\-*^](?=[0-9-])"
            rf"|(?:(?<=[{quotes}])|(?<=[^\W\d_A-ZÀ-ÖØ-ÞΑ-ΩЁА-Я]))\.(?=[{_UPPER}{quotes}])"
            rf"|(?<={_LETTER}),(?={_LETTER})|(?<=[^\W_])(?:-|–|—|--|---|——|~|[:<>=/])(?={_LETTER})"
        )


_LONGEST_ENDING = 8
"""Characters that a suffix and what must stand before it have at most, dots excepted."""
_HOST = re.compile(
    r"(?:[\w+\-.]{2,}://)?(?:[^\s@]+@)?"
    r"(?:(?:[1-9]\d?|1\d\d|2[01]\d|22[0-3])(?:\.\d{1,3}){3}"
    r"|(?:[A-Za-z0-9\u00a1-\uffff](?:[A-Za-z0-9\u00a1-\uffff_-]{0,62}[A-Za-z0-9\u00a1-\uffff])?\.)+"
    r"[^\W\d_A-ZÀ-ÖØ-ÞΑ-ΩЁА-Я]{2,63})"
    r"(?::\d{2,5})?(?:[/?#]\S*)?"
)


def _known(table: dict[str, Any]) -> Iterator[tuple[str, tuple[str, ...]]]:
    found: dict[str, tuple[str, ...]] = {}
    for stems, endings in table["contractions"]:
        for stem in stems.split():
            for ending in endings.split():
                for parts in ((stem, *ending.split("+")), (stem, *ending.replace("'", "").split("+"))):
                    for shown in (parts, (parts[0].title(), *parts[1:])):
                        found["".join(shown)] = shown
    for word in table["words"].split():
        found.pop(word, None)
    for row in table["parts"]:
        found[row.replace("+", "")] = tuple(row.split("+"))
    for hour in range(1, 13):
        for half in ("a.m.", "am", "p.m.", "pm"):
            found[f"{hour}{half}"] = (str(hour), half)
    for word in table["whole"].split():
        found[word] = (word,)
    for word, parts in found.items():
        yield word, parts
        if "'" in word:
            yield word.replace("'", "’"), tuple(part.replace("'", "’") for part in parts)


@cache
def _table() -> _Table:
    return _Table()


def known_chunks() -> tuple[str, ...]:
    """What is cut as a list tells, and not by its marks."""
    return tuple(_table().known)


@lru_cache(maxsize=1 << 17)
def pieces(chunk: str) -> tuple[str, ...]:
    """The words of one chunk, a text without blanks. Time is linear in its length."""
    table = _table()
    if chunk.isascii() and chunk.isalpha():
        return table.known.get(chunk) or (chunk,)
    start, end = 0, len(chunk)
    head: list[str] = []
    tail: list[str] = []
    while start < end and not _is_known(table, chunk, start, end):
        before = table.prefix.match(chunk, start, end)
        first = before.end() if before else start + _is_symbol(chunk[start])
        if first > start and _is_known(table, chunk, first, end):
            head.append(chunk[start:first])
            start = first
            break
        last = _suffix(table, chunk, first, end)
        if last < end and _is_known(table, chunk, start, last):
            tail.append(chunk[last:end])
            end = last
            break
        if first == start and last == end:
            break
        if first > start:
            head.append(chunk[start:first])
        if last < end and last >= first:
            tail.append(chunk[last:end])
            end = last
        start = first
    found = [*head, *_middle(table, chunk[start:end]), *reversed(tail)]
    return tuple(_joined(table, found)) if len(found) > 1 else tuple(found)


def _joined(table: _Table, found: list[str]) -> Iterator[str]:
    """Words that fell apart although together they are known: "):" behind a word, "Minn." behind a hyphen."""
    at = 0
    while at < len(found):
        run, until = found[at], at + 1
        for next_one in range(at + 1, len(found)):
            run += found[next_one]
            if len(run) > table.longest:
                break
            if run in table.known and not run.isalnum():
                until = next_one + 1
        if until > at + 1:
            yield from table.known["".join(found[at:until])]
        else:
            yield found[at]
        at = until


def _is_known(table: _Table, chunk: str, start: int, end: int) -> bool:
    return end - start <= table.longest and chunk[start:end] in table.known


def _is_symbol(character: str) -> bool:
    return character > "\x7f" and unicodedata.category(character) == "So"


def _suffix(table: _Table, chunk: str, start: int, end: int) -> int:
    """Where the suffix of a stretch begins; its end if it has none."""
    if start >= end:
        return end
    last = chunk[end - 1]
    if last == "." and end - start > 1 and chunk[end - 2] == ".":
        return start + len(chunk[start:end].rstrip(".")) if end - start < 99 else _run(chunk, start, end)
    if _is_symbol(last):
        return end - 1
    begin = max(start, end - _LONGEST_ENDING)
    found = table.suffix.search(chunk[begin:end])
    return begin + found.start() if found else end


def _run(chunk: str, start: int, end: int) -> int:
    while end > start and chunk[end - 1] == ".":
        end -= 1
    return end


def _middle(table: _Table, text: str) -> Iterator[str]:
    if not text:
        return
    if len(text) <= table.longest and text in table.known:
        yield from table.known[text]
        return
    if text.isalnum() or ("." in text and _HOST.fullmatch(text)):
        yield text
        return
    at = 0
    for found in table.infix.finditer(text):
        if not found.start():
            continue
        if found.start() > at:
            yield text[at : found.start()]
        yield found.group()
        at = found.end()
    if at < len(text):
        yield text[at:]


@lru_cache(maxsize=2)
def words(text: str) -> tuple[str, ...]:
    """The words of a text; marks and signs count as words too."""
    return tuple(chain.from_iterable(map(pieces, text.split())))


def is_symbol(word: str) -> bool:
    """Whether a word is nothing but punctuation and control characters."""
    return not word.isalnum() and _table().symbols.issuperset(word)


def ends_in_stop(line: str) -> bool:
    """Whether the last character of a line ends sentences, in any script. No quote or bracket may follow it."""
    return line[-1:] in _table().line_stops


def sentence_count(line: str, enough: float = inf) -> int:
    """How many sentences a line has: a word behind a stop and other marks begins one. Counting ends with `enough`."""
    stops = _table().stops
    count, stopped = 1, False
    for word in chain.from_iterable(map(pieces, line.split())):
        if word in stops:
            stopped = True
        elif stopped and not all(unicodedata.category(character)[0] == "P" for character in word):
            count += 1
            stopped = False
            if count >= enough:
                break
    return count
