"""ENC: wrong decoding that ftfy leaves, because the text around looks too good: each kind proven by what stands there.

ftfy weighs a whole line. Here single places are judged: a sequence that no language writes, whose bytes, read again,
give one letter that fits the letters beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from cleaner.language import language
from cleaner.rule import rule
from cleaner.segment import line_around
from cleaner.text import Document, Edit

READINGS = {"┬": "cp437", "├": "cp437", "Г": "cp1251", "√": "mac_roman"}
"""The first byte of two (C2, C3) as encodings show it that are not Latin-1."""
PAIR = re.compile("[┬├Г√][^\x00-\x7f]|[ÃÂ][13]⁄[24]")
FRACTIONS = {"1⁄4": "¼", "1⁄2": "½", "3⁄4": "¾"}
BOXES = re.compile("[\u2500-\u257f]")
CYRILLIC = re.compile("[\u0400-\u04ff]")
FORMULA = re.compile(r"[=+^∑∫≤≥]|\d\s?√")
LONE = re.compile("(?<= )Г(?= [a-zà-ÿ])")


@rule(
    "ENC009",
    "other-mojibake",
    fixes={
        "┬┐que pasa, dijo el alcalde": "¿que pasa, dijo el alcalde",
        "Il sindaco arriva al pi√π presto in citt√†.": "Il sindaco arriva al più presto in città.",
        "le mГ©dicament et l'Г©tГ©, attention Г la dose": "le médicament et l'été, attention à la dose",
        "fÃ1⁄4r alle in der Stadt": "für alle in der Stadt",
    },
    keeps=[
        "┌─┬─┐\n├─┼─┤\n└─┴─┘",
        "Also 2√π and x = sin√π are roots.",
        "Город Грозный и Гёте в Москве",
        "a 1⁄4 cup and 3⁄4 of it",
        "The tree:\n├── été\n├é is a box",
    ],
    needs=["┬", "├", "Г", "√", "⁄"],
    scope="line",
)
def other_mojibake(document: Document) -> Iterator[Edit]:
    """Repair UTF-8 that was read as a code page of DOS, Russian Windows or the Macintosh, one letter at a time.

    Two characters such as "√π" or "Г©" beside Latin letters are the two bytes of one letter; "Ã1⁄4" is what a later
    normalisation made of "Ã¼". Boxes, formulas and Cyrillic words hold the same characters and stay.
    """
    text = document.text
    proven: set[int] = set()
    for found in PAIR.finditer(text):
        line = line_around(text, found.start(), found.end())
        letter = _read(found[0])
        if letter and _fits(text, found, letter, line.text):
            proven.add(line.start)
            yield Edit(found.start(), found.end(), letter, f'"{found[0]}" is how another encoding shows "{letter}"')
    for found in LONE.finditer(text) if "Г " in text else ():
        if line_around(text, found.start(), found.end()).start in proven:
            yield Edit(found.start(), found.end(), "à", '"Г" and a blank are how another encoding shows "à"')


def _read(pair: str) -> str:
    """The one character that the bytes of a sequence give as UTF-8; empty if they give none."""
    if pair[0] in "ÃÂ":
        pair, encoding = pair[0] + FRACTIONS.get(pair[1:], ""), "latin-1"
    else:
        encoding = READINGS[pair[0]]
    try:
        letter = pair.encode(encoding).decode("utf-8")
    except UnicodeError:
        return ""
    return letter if len(letter) == 1 and (letter.isalpha() or letter in "¿¡«»") else ""


def _fits(text: str, found: re.Match[str], letter: str, line: str) -> bool:
    """Whether the letters beside a pair say that it was one letter, and nothing in the line says that it was not."""
    before, behind = text[max(0, found.start() - 2) : found.start()], text[found.end() : found.end() + 1]
    latin = _is_latin(before[-1:]) or _is_latin(behind)
    first = found[0][0]
    if first in "┬├":
        boxes = len(BOXES.findall(line))
        return latin and boxes == sum(map(len, BOXES.findall("".join(PAIR.findall(line)))))
    if first == "Г":
        beside = CYRILLIC.search(before[-1:] + behind)
        return latin and letter.islower() and not beside
    if first == "√":
        return len(before) == 2 and all(map(_is_latin, before)) and letter.islower() and not FORMULA.search(line)
    return True


def _is_latin(character: str) -> bool:
    return "a" <= character.lower() <= "z" or "à" <= character.lower() <= "ÿ"


BROKEN = re.compile("(?:â\x80|â€)(â\x80[\x98\x99\x9c\x9d]|â€[œ˜™\x9d]|Ëœ|Å“)")
LAST = {
    "â\x80\x9c": 0x93, "â€œ": 0x93, "â\x80\x9d": 0x94, "â€\x9d": 0x94, "â\x80\x98": 0x91, "â€˜": 0x91,
    "â\x80\x99": 0x92, "â€™": 0x92, "Ëœ": 0x98, "Å“": 0x9C,
}  # fmt: skip
"""The last byte of three, by what a second wrong decoding made of the character that shows it."""


@rule(
    "ENC010",
    "twice-decoded-byte",
    fixes={"The friendly â\x80â\x80\x9c live!": "The friendly – live!", "It â€â€œ he": "It – he"},
    keeps=["He said â\x80\x9cyes", "â€ is a sign"],
    needs=["â\x80â", "â€â", "â\x80Ë", "â€Ë", "â\x80Å", "â€Å"],
    scope="line",
)
def twice_decoded_byte(document: Document) -> Iterator[Edit]:
    """Repair a dash or quote of which the last byte alone was decoded wrongly a second time.

    The first two bytes say that a mark of punctuation stood there, the rest says which one.
    """
    for found in BROKEN.finditer(document.text):
        mark = bytes((0xE2, 0x80, LAST[found[1]])).decode("utf-8")
        yield Edit(found.start(), found.end(), mark, f'"{mark}", decoded wrongly once and its last byte twice')


TURKISH = re.compile("(?<=[a-zçğıöşü])[ÄÅ](?=[a-zçğıöşü])")
DIGITS = re.compile("(?:Ù[\u0020\u00a0-\u00a9]){2,}")
ARABIC = re.compile("[\u0620-\u064a]{2}")


@rule(
    "ENC011",
    "lost-bytes",
    fixes={
        "Belediye, vatandaşlar için sokaÄa çıkma yasaÄı konusunda bir açıklama yaptı ve yeni kararı duyurdu.": (
            "Belediye, vatandaşlar için sokağa çıkma yasağı konusunda bir açıklama yaptı ve yeni kararı duyurdu."
        ),
        "أكثر من Ù Ù Ù¡ بلد": "أكثر من ٠٠١ بلد",
    },
    keeps=["Mäkelä, McÄrthur och en Ålänning åt middag i Åbo i går.", "Où est Ù Ù ¡", "أكثر من Ù بلد"],
    needs=["Ä", "Å", "Ù"],
)
def lost_bytes(document: Document) -> Iterator[Edit]:
    """Restore letters of which a copy lost the second byte, where a language leaves only one: "sokaÄa" was "sokağa".

    Turkish has neither Ä nor Å, and inside a word only ğ and ş begin with these bytes and end in one that shows
    nothing. In an Arabic line a row of Ù with blanks and signs is a row of digits.
    """
    text = document.text
    if TURKISH.search(text) and language(text) == "tr":
        for found in TURKISH.finditer(text):
            letter = "ğ" if found[0] == "Ä" else "ş"
            yield Edit(found.start(), found.end(), letter, f'"{letter}" lost its second byte')
    for found in DIGITS.finditer(text) if "Ù" in text else ():
        if ARABIC.search(line_around(text, found.start(), found.end()).text):
            digits = found[0].replace(" ", "\u00a0").encode("latin-1").decode("utf-8")
            yield Edit(found.start(), found.end(), digits, "Arabic digits that were read as another encoding")


CONTROL = re.compile("[\x80-\x9f](?<![\xc2-\xf4].)(?<![\xe0-\xf4][\x80-\xbf].)(?<![\xf0-\xf4][\x80-\xbf]{2}.)")
"""A control that is no part of a sequence of UTF-8: those are for the rules before this one."""
INSIDE = re.compile("[\x87\x8e\x92\x96\x97\x9c](?<=[a-z].)(?:(?<=[\x87\x8e])|(?=[a-z]))")
SPANISH = {"\x87": "á", "\x8e": "é", "\x92": "í", "\x97": "ó", "\x9c": "ú", "\x96": "ñ"}
"""The bytes of Spanish letters on a Macintosh."""


@rule(
    "ENC012",
    "control-range",
    fixes={
        "Dijo que est\x87 \x93pr\x97ximo\x94 y es tur\x92stico para toda la gente de la ciudad en la costa del mar.": (
            "Dijo que está “próximo” y es turístico para toda la gente de la ciudad en la costa del mar."
        ),
        "It\x92s over \x96 or not.": "It’s over – or not.",
    },
    keeps=["It’s over – or not.", "It is \x81 over."],
    needs=list(map(chr, range(0x80, 0xA0))),
)
def control_range(document: Document) -> Iterator[Edit]:
    """Read characters of a range that shows nothing (U+0080 to U+009F) as what their bytes mean on Windows.

    Nobody writes them; they are Windows-1252 that was read as Latin-1. In a Spanish word, which has no quotes or dashes
    inside, such a byte is a letter of the Macintosh: U+0092 between letters is "í".
    """
    text = document.text
    inside = {found.start() for found in INSIDE.finditer(text)}
    spanish = inside if inside and language(text) == "es" else set()
    for found in CONTROL.finditer(text):
        try:
            after = SPANISH[found[0]] if found.start() in spanish else found[0].encode("latin-1").decode("cp1252")
        except UnicodeError:
            continue  # five bytes mean nothing on Windows
        yield Edit(found.start(), found.end(), after, f'U+{ord(found[0]):04X}, which shows nothing, is "{after}"')
