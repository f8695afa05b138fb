"""The line corrections of RefinedWeb, written out from their definition for bench/parity.py, pass by pass.

No package that can be installed has them. The paper (Penedo and others 2023) names the corrections; the procedure is
that of DCLM's `refinedweb.yaml` and its modifiers: one pass over all lines after the other, thresholds and order as
there, then the page goes if more than 5 % of its words went. Two things it leaves open: words are what stands between
blanks, here and in QLT041, where DCLM asks a word segmenter; and the steps before (addresses, language, runs of
newlines) are left out in both. The filters of Gopher that come first are compared with datatrove.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

COUNTED = frozenset(
    {
        "likes", "shares", "comments", "retweets", "reposts", "quotes", "bookmarks", "upvotes", "downvotes",
        "downloads", "views", "followers",
    }
)  # fmt: skip
SHORT, KEPT = 10, 0.05


def is_shouted(line: str) -> bool:
    """More than half of the characters are capitals."""
    return 2 * sum(character.isupper() for character in line) > len(line)


def is_number(line: str) -> bool:
    """All characters are digits."""
    return line != "" and all(character.isdigit() for character in line)


def is_counter(line: str) -> bool:
    """A number, perhaps in thousands or millions, and what it counts; marks may stand around both."""
    text = line.lower()
    begin, end = 0, len(text)
    while begin < end and not _in_word(text[begin]):
        begin += 1
    while end > begin and not _in_word(text[end - 1]):
        end -= 1
    number, _, noun = text[begin:end].partition(" ") if " " in text[begin:end] else text[begin:end].partition("\t")
    if noun.strip() not in COUNTED or not number[:1].isdecimal():
        return False
    figures = number[:-1] if number[-1] in "kmb" else number
    return all(character.isdecimal() or character in ",." for character in figures)


def _in_word(character: str) -> bool:
    return character.isalnum() or character == "_"


def is_one_word(line: str) -> bool:
    """Fewer than two words, and not blank."""
    return line != "" and len(line.split()) < 2


def without_cart(line: str) -> str:
    """A line without "items in cart" and the blank before it, wherever it stands."""
    while (at := line.lower().find("items in cart")) >= 0:
        start = at - (line[at - 1 : at].isspace())
        line = line[:start] + line[at + len("items in cart") :]
    return line


def without_more(line: str) -> str:
    """A line without "Read more" and three characters at its end, and the blank before it."""
    if line[-len("read more...") :].lower().startswith("read more") and len(line) >= len("read more..."):
        start = len(line) - len("read more...")
        return line[: start - (line[start - 1 : start].isspace())]
    return line


def without_sign_in(line: str) -> str:
    """A line without "Sign-in" at its beginning and the blank behind it."""
    if line.lower().startswith("sign-in"):
        rest = line[len("sign-in") :]
        return rest[1:] if rest[:1].isspace() else rest
    return line


def corrected(lines: Sequence[str]) -> list[str]:
    """What all passes leave of the lines."""
    for goes in (is_shouted, is_number, is_counter, is_one_word):
        lines = [line for line in lines if not goes(line)]
    for cut in (without_cart, without_more, without_sign_in):
        lines = list(_cut(lines, cut))
    return list(lines)


def _cut(lines: Iterable[str], cut: Callable[[str], str]) -> Iterable[str]:
    for line in lines:
        left = cut(line) if len(line.split()) <= SHORT else line
        if left.strip() or not line:
            yield left


def decide(text: str) -> tuple[str, str]:
    """Why a page goes, empty if it stays, and what is left of its text."""
    left = "\n".join(corrected(text.split("\n")))
    before, after = len(text.split()), len(left.split())
    if before and (before - after) / before > KEPT:
        return f"{before - after} of {before} words go", left
    return "", left
