"""ENC: damage done by wrong decoding, repaired by ftfy, one code per kind of repair. What ftfy leaves: mojibake.py.

ftfy repairs whole strings and says no more than which steps it took. Here every step is a rule of its own: it is shown
one line at a time, and what it changed in the line becomes edits. `uncurl_quotes` is off: quotes are a matter of PUN.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator
from functools import cache, lru_cache, partial
from pathlib import Path
from string import ascii_letters, digits
from types import ModuleType
from typing import TYPE_CHECKING, Any

from cleaner.later import later
from cleaner.rule import rule
from cleaner.segment import Span, composing, line_around, lines
from cleaner.sequences import Hint, Sequences
from cleaner.text import Document, Edit

if TYPE_CHECKING:
    import ftfy

LONGEST = 20_000
"""Characters of the longest line that is repaired: ftfy compares whole lines, and so do we."""


@cache
def _ftfy() -> ModuleType:
    """Ftfy, without the tables of how wide characters are on a terminal, which it has for its own command line."""
    with later("wcwidth", "wcswidth", "wcwidth"):
        import ftfy.badness
    return ftfy


@cache
def fixer(step: str) -> Callable[[str], str]:
    """Ftfy with one of its steps on and all others off."""
    ftfy = _ftfy()
    off: dict[str, Any] = dict.fromkeys(ftfy.TextFixerConfig._fields, False)
    off |= {"normalization": None, "max_decode_length": LONGEST, "unescape_html": False, "explain": True}
    if step == "fix_encoding":
        off |= dict.fromkeys(("restore_byte_a0", "replace_lossy_sequences", "decode_inconsistent_utf8"), True)
    config = ftfy.TextFixerConfig(**(off | {step: "NFC" if step == "normalization" else True}))
    if step == "fix_encoding":
        return partial(_decoded, config, ftfy._fix_encoding_one_step_and_explain)  # noqa: SLF001
    return lambda line: str(ftfy.fix_text(line, config))


def _decoded(config: ftfy.TextFixerConfig, decode: Callable[..., ftfy.ExplainedText], line: str) -> str:
    """As `ftfy.fix_encoding`, which decodes a line until nothing changes.

    It asks once more of the line that it decoded whether that is bad, which takes longer than all else.
    """
    before = ""
    while line != before and _suspect().search(line):
        before, line = line, decode(line, config).text
    return line


@lru_cache(maxsize=1 << 8)
def _fixed(step: str, line: str) -> str:
    """A line after a step; a document is read again until nothing changes, and most lines are then the same."""
    return fixer(step)(line)


def repaired(suspects: Iterable[Span], step: str, because: str) -> Iterator[Edit]:
    """Edits for what one step of ftfy changes in some lines."""
    for line in suspects:
        if len(line.text) > LONGEST:
            continue
        after = _fixed(step, line.text)
        if after != line.text:
            for start, end, new in _differences(line.text, after, words=step == "fix_encoding"):
                half = step == "fix_encoding" and (_is_bad(new.translate(_LEFT)) or _is_quoted(line.text, start, end))
                yield Edit(line.start + start, line.start + end, new, because, doubtful=half)


_LEFT = {0xFFFD: None} | dict.fromkeys(map(ord, "“”"), '"') | dict.fromkeys(map(ord, "‘’"), "'")
"""What is not counted when the rest is weighed: quotes are straight when the rules are done, and look better then."""


def _lines_with(suspect: re.Pattern[str], text: str) -> Iterator[Span]:
    """The lines in which something stands, each once; what is looked for never holds a line feed."""
    found = suspect.search(text)
    while found:
        line = line_around(text, *found.span())
        yield line
        found = suspect.search(text, line.end)


NEAR, AHEAD = 12, 64
"""Characters before a suspect, and from it on, that are looked at: what makes it bad stands within NEAR of it."""


def _bad_lines(suspects: Iterable[re.Match[str]], text: str) -> Iterator[Span]:
    """The lines in which ftfy calls something bad beside a suspect, each once.

    It repairs no other, and takes long to see that of a whole line.
    """
    reached = looked = 0
    for found in suspects:
        start, end = found.span()
        if start < reached or end + NEAR <= looked:
            continue
        begin = max(0, start - NEAR, text.rfind("\n", max(0, start - NEAR), start) + 1)
        ends = text.find("\n", end, start + AHEAD)
        looked = ends if ends >= 0 else start + AHEAD
        if _is_bad(text[begin:looked]):
            line = line_around(text, start, end)
            reached, looked = line.end, 0
            yield line


def _is_bad(text: str) -> bool:
    """Whether ftfy calls a text bad: it takes long to see that one is not, and of most our suspects tell it."""
    return bool(_suspect().search(text)) and _ftfy().badness.is_bad(text)


def _is_quoted(line: str, start: int, end: int) -> bool:
    """Whether a word is shown in quotes or backticks by itself: a text about damage shows some."""
    word = line[max(0, start - 1) : end + 1].strip()
    inside = line[start:end]
    return any(len(w) > 1 and w[0] in QUOTES and w[-1] in QUOTES and " " not in w for w in (word, inside))


QUOTES = frozenset("\"'`“”‘’«»")


def _differences(before: str, after: str, *, words: bool) -> Iterator[tuple[int, int, str]]:
    """What differs between two lines; with `words` widened to whole words, so that a quote of it can be read."""
    from rapidfuzz.distance import Indel

    hunks: list[list[int]] = []
    for op in Indel.opcodes(before, after):
        if op.tag == "equal":
            continue
        start, end, to, until = op.src_start, op.src_end, op.dest_start, op.dest_end
        while words and start and to and before[start - 1] == after[to - 1] and not before[start - 1].isspace():
            start, to = start - 1, to - 1
        while (
            words
            and end < len(before)
            and until < len(after)
            and before[end] == after[until]
            and not before[end].isspace()
        ):
            end, until = end + 1, until + 1
        if hunks and (start <= hunks[-1][1] or to <= hunks[-1][3]):
            hunks[-1][1], hunks[-1][3] = max(end, hunks[-1][1]), max(until, hunks[-1][3])
        else:
            hunks.append([start, end, to, until])
    for start, end, to, until in hunks:
        yield start, end, after[to:until]


NOT_ASCII = re.compile(r"[^\x00-\x7f]")
ENTITY = re.compile(r"&#?[0-9A-Za-z]{1,24};")
LIGATURE = re.compile("[\u0132\u0133\u0149\u01f1-\u01f3\u01c4-\u01cc\ufb00-\ufb06]")
WIDE = re.compile("[\uff01-\uffee\u3000]")
CONTROLS = [
    *map(chr, range(9)), *map(chr, range(0x0E, 0x20)), "\x7f", *map(chr, range(0x206A, 0x2070)),
    *map(chr, range(0xFFF9, 0xFFFD)), *map(chr, range(0x1D173, 0x1D17B)), "\ufeff",
]  # fmt: skip
CONTROL = re.compile(f"[{''.join(CONTROLS)}]")
ESCAPE = re.compile("\x1b\\[")


C1 = "[\x80-\x9f]"


@cache
def _suspects() -> tuple[tuple[str, str], ...]:
    """Classes of characters of which two beside each other stand in whatever ftfy calls bad, and hardly elsewhere.

    A control of Latin-1 is one by itself. So most texts need no ftfy, and few lines do.
    """
    with (Path(__file__).parent / "encoding.toml").open("rb") as file:
        known = tomllib.load(file)
    signs, letters, heads = (f"[{known[name]}]" for name in ("signs", "letters", "first_letters"))
    return (
        (C1, ""),
        ("[Œœ]", "[^A-Za-z]"),
        ("[ÃÂ]", " "),
        (signs, f"[{known['signs']}{known['behind_signs']}]"),
        (letters, f"[{known['behind_letters']}]"),
        (heads, f"[{known['behind_first_letters']}]"),
    )


@cache
def _suspect() -> re.Pattern[str]:
    """The suspects as one pattern."""
    firsts = "".join(first[1:-1] for first, _ in _suspects())
    return re.compile(rf"[{firsts}](?:{'|'.join(f'(?<={first}){behind}' for first, behind in _suspects())})")


def _hints() -> dict[str, list[Hint]]:
    """Where mojibake may stand, and letters that may not be in their shortest form (NFC)."""
    return {
        "mojibake": [Hint((first, behind) if behind else (first,)) for first, behind in _suspects()],
        "decomposed": [Hint((f"[{''.join(map(re.escape, sorted(composing())))}]",))],
    }


_SEQUENCES = Sequences(_hints)


@rule(
    "ENC001",
    "mojibake",
    fixes={
        "The cafÃ© was full.": "The café was full.",
        "Itâ€™s over, she said.": "It’s over, she said.",
        "Ð¿Ñ€Ð¸Ð²ÐµÑ‚": "привет",
    },
    keeps=["The café was full.", "São Paulo e a mãe.", "He said “no”.", "naïve Zoë"],
    scope="line",
)
def mojibake(document: Document) -> Iterator[Edit]:
    """Repair text that was decoded as the wrong encoding: "cafÃ©".

    UTF-8 read as Windows-1252 or the like leaves sequences that nobody writes. ftfy repairs only where reading them
    back gives valid UTF-8 and the text looks better for it.
    """
    text = document.text
    if text.isascii() or not _SEQUENCES.may_stand(text, "mojibake"):
        return
    odd = _bad_lines(_SEQUENCES.matches(text, "mojibake", _suspect()), text)
    yield from repaired(odd, "fix_encoding", "UTF-8 that was read as another encoding")


@rule(
    "ENC002",
    "html-entities",
    fixes={"Marks &amp; Spencer": "Marks & Spencer", "&quot;Yes,&quot; she said": '"Yes," she said'},
    keeps=[
        "AT&T; and others",
        "Fish & chips",
        "Write `&amp;` for an ampersand.",
        "In HTML, write &nbsp; for a space.",
        "a &amp;amp;amp; b and &amp;lt; c",
        "&lt;b makes it bold",
    ],
    needs=[f"&{behind}" for behind in f"#{ascii_letters}{digits}"],
    scope="line",
)
def html_entities(document: Document) -> Iterator[Edit]:
    """Replace HTML entities by the characters they stand for.

    Markup was stripped and its entities were not. Text between backticks, lines that still hold tags, and an entity
    that would give another one or a tag, are about HTML and stay.
    """
    if "&" not in document.text or not ENTITY.search(document.text):
        return
    import html

    for line in lines(document.text):
        if "&" not in line.text or ("<" in line.text and ">" in line.text) or TEACHES.search(line.text):
            continue
        for found in ENTITY.finditer(line.text):
            after = html.unescape(found[0])
            rest = line.text[found.end() : found.end() + 26]
            makes_more = (after == "&" and ENTITY.match("&" + rest)) or (after == "<" and rest[:1].isalpha())
            quoted = "`" in line.text and line.text.count("`", 0, found.start()) % 2
            if len(after) == 1 and not makes_more and not quoted:
                yield Edit(line.start + found.start(), line.start + found.end(), after, "an HTML entity")


TEACHES = re.compile(r"\b(?:HTML|XML|entit(?:y|ies)|markup|Unicode)\b", re.IGNORECASE)
"""A line about markup may mean the entity itself."""


@rule(
    "ENC003",
    "latin-ligatures",
    fixes={"The ﬁrst ﬂoor": "The first floor"},
    keeps=["The first œuvre", "encyclopædia", "the ligature “ﬁ”"],
    needs="\u0132 \u0133 \u0149 \u01f1 \u01f2 \u01f3 \u01c4 \u01c5 \u01c6 \u01c7 \u01c8 \u01c9 \u01ca \u01cb \u01cc "  # noqa: SIM905
    "\ufb00 \ufb01 \ufb02 \ufb03 \ufb04 \ufb05 \ufb06".split(),
    scope="line",
)
def latin_ligatures(document: Document) -> Iterator[Edit]:
    """Write out ligatures of print: "ﬁ" is "fi".

    They come from PDF files and break every search. Letters of a language such as œ and æ stay.
    """
    if not document.text.isascii() and LIGATURE.search(document.text):
        for edit in repaired(_lines_with(LIGATURE, document.text), "fix_latin_ligatures", "a ligature of print"):
            if not _is_quoted(document.text, edit.start, edit.end):
                yield edit


@rule(
    "ENC004",
    "character-width",
    fixes={"ＬＯＵＤ　ＮＯＩＳＥＳ": "LOUD NOISES"},
    keeps=["東京、大阪。", "カタカナ", "第１回 ＡＢＣ大会"],
    needs=["\u3000", *map(chr, range(0xFF01, 0xFFEF))],
    scope="line",
)
def character_width(document: Document) -> Iterator[Edit]:
    """Write fullwidth Latin letters and halfwidth Katakana in their usual width.

    They are the same characters in the cells of old terminals. Lines with Chinese, Japanese, Korean or Yi letters stay:
    fullwidth characters are right there.
    """
    if document.text.isascii() or not WIDE.search(document.text):
        return
    for edit in repaired(_lines_with(WIDE, document.text), "fix_character_width", "a character of another width"):
        line = line_around(document.text, edit.start, edit.end).text
        written = document.text[edit.start : edit.end]
        if any(c.isalnum() for c in written) and not _EAST.search(line):
            yield edit


_EAST = re.compile("[\u3001\u3002\u3041-\u30ff\u3400-\u9fff\ua000-\ua4cf\uac00-\ud7a3]")


@rule(
    "ENC005",
    "terminal-escapes",
    fixes={"\x1b[36;44mred\x1b[0m alert": "red alert"},
    keeps=["[36;44m is a code"],
    needs=["\x1b["],
    scope="line",
)
def terminal_escapes(document: Document) -> Iterator[Edit]:
    """Drop colour codes of a terminal.

    They were printed, not written.
    """
    if "\x1b[" in document.text:
        yield from repaired(_lines_with(ESCAPE, document.text), "remove_terminal_escapes", "a terminal escape")


@rule("ENC006", "control-characters", fixes={"a\x00b\x08c": "abc"}, keeps=["tab\there"], needs=CONTROLS, scope="line")
def control_characters(document: Document) -> Iterator[Edit]:
    """Drop control characters that show nothing.

    Tabs and line breaks are no part of this; nor are the marks that direct writing from right to left.
    """
    if CONTROL.search(document.text):
        yield from repaired(_lines_with(CONTROL, document.text), "remove_control_chars", "a control character")


@rule("ENC007", "decomposed-letters", fixes={"Cafe\u0301": "Café"}, keeps=["Café", "한국어"], scope="line")
def decomposed_letters(document: Document) -> Iterator[Edit]:
    """Join a letter and its accent into the one character that means both (Unicode NFC).

    Both spellings look alike, and no search for one finds the other.
    """
    import unicodedata

    text = document.text
    if text.isascii() or not _SEQUENCES.may_stand(text, "decomposed") or unicodedata.is_normalized("NFC", text):
        return
    yield from repaired(_lines_with(NOT_ASCII, text), "normalization", "a letter and its accent apart")


@rule(
    "ENC008", "undecodable-characters", fixes={}, keeps=["Plain text."], safety="report", needs=["\ufffd"], scope="line"
)
def undecodable_characters(document: Document) -> Iterator[Edit]:
    """Report replacement characters: bytes that nobody could decode stood there.

    What they were cannot be told from the text; the raw file has to be fetched again.
    """
    for found in re.finditer("\ufffd+", document.text) if "\ufffd" in document.text else ():
        yield Edit(found.start(), found.end(), None, "what stood here could not be decoded")
