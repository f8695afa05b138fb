"""MET: who took a picture, on a line of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cleaner.line_marks import BODY, Sought, marks, short_lines
from cleaner.rule import Look, rule
from cleaner.segment import Span, lines, whole
from cleaner.text import Document, Edit

LONGEST = 90
"""Characters of the longest such line; a caption that describes the picture is longer and no credit."""
LABELS = (
    "Photo", "Photos", "Photograph", "Photographs", "Photography", "Photo credit", "File photo", "Image", "Images",
    "Image credit", "Image source", "Image copyright", "Picture", "Pictures", "Picture credit", "Foto", "Fotos",
    "Fotografie", "Fotocredit", "Bild", "Bilder", "Bildquelle", "Bildnachweis", "Crédit photo", "Crédits photo",
    "Crédit", "Fotografía", "Imagen", "Crédito", "Créditos", "Imagem", "Fotografia", "Immagine", "Zdjęcie", "Zdjęcia",
    "Fot.", "Fotoğraf", "Фото",
)  # fmt: skip
"""How languages of Europe name the picture before the name of who took it."""
_LABEL = "|".join(re.escape(label) for label in sorted(LABELS, key=len, reverse=True))
_WORD = r"(?:[A-ZÀ-ÖØ-ÞА-ЯЁ@][\w.@'’-]{0,25}|de|da|di|du|la|van|von|der|den|del|and|und|et|y|e|i|of|the|for|via|pool)"
_NAMES = rf"{_WORD}(?:(?: ?[,/&|–—-] ?| ){_WORD}){{0,8}}"
CREDIT = re.compile(
    rf"[(\[]?(?:(?i:{_LABEL})(?: by| courtesy of| von| par| por| de| di)?"
    rf"(?: ?[:/©|–—-]{{1,2}} ?©? ?|(?<=source), ?| )|© ?)(?P<names>{_NAMES})[)\]]?\.?"
)
AGENCIES = (
    "Getty Images", "Getty", "Shutterstock", "iStock", "iStockphoto", "Alamy", "Alamy Stock Photo", "Unsplash",
    "Pexels", "Pixabay", "Corbis", "WireImage", "FilmMagic", "Zuma Press", "Sipa USA", "Associated Press", "AP",
    "AP Photo", "AFP", "Reuters", "REUTERS", "EPA", "EPA-EFE", "Bloomberg", "Xinhua", "PA Images", "picture alliance",
    "Anadolu",
)  # fmt: skip
"""Agencies that sell or give away pictures; behind a stroke one of them makes a line of names a credit."""
_AGENCY = "|".join(re.escape(name) for name in sorted(AGENCIES, key=len, reverse=True))
SOLD = re.compile(
    rf"[(\[]?(?P<names>{_WORD}(?: {_WORD}){{0,4}}(?: ?[/|] ?{_WORD}(?: {_WORD}){{0,3}}){{0,3}} ?[/|] ?(?:{_AGENCY})"
    rf"(?:(?: via | ?/ ?)(?:{_AGENCY}))?)[)\]]?\.?"
)
WORD_ONLY = re.compile(rf"(?i:{_LABEL}) [^:/©|–—-]*")
"""A label and words behind it without a mark between: "Photo Finish" is a heading, "Photo by Jane Roe" a credit."""
BY = re.compile(r" (?:by|courtesy of|von|par|por|copyright) | source, ")
HEADS = frozenset(label[:3].lower() for label in LABELS)
_ENDS = frozenset(name[-2:] for name in AGENCIES)


_MAY = Sought(LONGEST, frozenset(filter(str.isascii, HEADS)) | {"(", "["}, frozenset("/|"))
"""How lines begin that have a label; only a stroke can make another one a credit."""


def _credits(text: str) -> Iterator[tuple[Span, re.Match[str]]]:
    """The lines that name only who took a picture, and what they say."""
    rows = lines(text)
    for n in short_lines(text, _MAY):
        if found := _credit(rows.text(n).strip()):
            yield rows[n], found


def _credit(line: str) -> re.Match[str] | None:
    """What a line says that names only who took a picture."""
    if len(line) > LONGEST or not _may_name(line):
        return None
    found = CREDIT.fullmatch(line)
    if found and WORD_ONLY.fullmatch(line) and not BY.search(line):
        found = None
    return found or SOLD.fullmatch(line)


def _may_name(line: str) -> bool:
    """A quick test: the start of a label, a sign of copyright, or the name of an agency at the end."""
    bare = line.strip("([]).")
    if bare[:1] == "©" or bare[:3].lower() in HEADS:
        return True
    return bare[-2:] in _ENDS and bare.endswith(AGENCIES)


def credits_of(text: str) -> list[str]:
    """The lines that name only who took a picture."""
    return [line.text for line, _ in _credits(text)]


PROSE = "The mayor of the town opened it before a crowd of some hundred people on Sunday."


@rule(
    "MET008",
    "photo-credit",
    fixes={
        f"{PROSE}\nPhoto: Jane Roe/Example Images\n{PROSE.replace('town', 'city')}": (
            f"{PROSE}\n{PROSE.replace('town', 'city')}"
        ),
        f"{PROSE}\nPhotograph by Jane van Roe\nNobody was hurt.": f"{PROSE}\nNobody was hurt.",
        f"{PROSE}\n(Foto: Archiv)": PROSE,
        f"{PROSE}\nImage source, Getty Images\nNobody was hurt.": f"{PROSE}\nNobody was hurt.",
        f"{PROSE}\nImage copyright Jane Roe\nNobody was hurt.": f"{PROSE}\nNobody was hurt.",
        f"{PROSE}\n© Jane Roe | Example": PROSE,
        f"{PROSE}\nJane Roe/Example Times/Getty Images\nNobody was hurt.": f"{PROSE}\nNobody was hurt.",
        f"{PROSE}\n(Jane Roe / Associated Press)\nNobody was hurt.": f"{PROSE}\nNobody was hurt.",
    },
    keeps=[
        f"{PROSE}\nPhoto: the mayor in front of the bridge\n{PROSE}",
        f"{PROSE}\nPhoto Finish\n{PROSE.replace('town', 'city')}",
        f"{PROSE}\nImages of Africa\n{PROSE.replace('town', 'city')}",
        f"{PROSE}\nImage copyright law\nNobody was hurt.",
        f"{PROSE}\nPicture This\nNobody was hurt.",
        f"{PROSE}\nFoto: Die alte Brücke vor dem großen Brand.\nNobody was hurt.",
        "Photo: Jane Roe",
        f"{PROSE}\nJane Roe, Associated Press\nNobody was hurt.",
        f"{PROSE}\nThe mayor opens the bridge / AFP\nNobody was hurt.",
        f"{PROSE}\nPhoto of the mayor: Jane Roe said it was hers, and nobody knew better.",
    ],
    needs=[*LABELS, *(label.upper() for label in LABELS), "©", *AGENCIES],
    look=Look(credits_of),
)
def photo_credit(document: Document) -> Iterator[Edit]:
    """Move a line that names only who took a picture to metadata: "Photo: Jane Roe/Example Images".

    The picture is gone, and the name stands between paragraphs that it interrupts. It needs a label with a mark or
    "by", or the name of a picture agency behind a stroke, and nothing but names: a caption that tells what is to be
    seen stays. A text without prose is left alone.
    """
    text = document.text
    if BODY not in marks(text):
        return
    for line, found in _credits(text):
        start, end = whole(text, line)
        facts = (("photo", found["names"]),)
        yield Edit(start, end, "", "the line names who took a picture and nothing else", facts)
