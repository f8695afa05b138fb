"""MET: who took a picture, on a line of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cleaner.rule import rule
from cleaner.segment import is_prose, paragraphs, whole
from cleaner.text import Document, Edit

LONGEST = 90
"""Characters of the longest such line; a caption that describes the picture is longer and no credit."""
LABELS = (
    "Photo", "Photos", "Photograph", "Photographs", "Photography", "Photo credit", "Image", "Images", "Image credit",
    "Image source", "Picture", "Pictures", "Picture credit", "Foto", "Fotos", "Fotografie", "Fotocredit", "Bild",
    "Bilder", "Bildquelle", "Bildnachweis", "Crédit photo", "Crédits photo", "Crédit", "Fotografía", "Imagen",
    "Crédito", "Créditos", "Imagem", "Fotografia", "Immagine", "Zdjęcie", "Zdjęcia", "Фото",
)  # fmt: skip
"""How languages of Europe name the picture before the name of who took it."""
_LABEL = "|".join(re.escape(label) for label in sorted(LABELS, key=len, reverse=True))
_WORD = r"(?:[A-ZÀ-ÖØ-ÞА-ЯЁ@][\w.@'’-]{0,25}|de|da|di|du|la|van|von|der|den|del|and|und|et|y|e|i|of|the|for|via|pool)"
_NAMES = rf"{_WORD}(?:(?: ?[,/&|–—-] ?| ){_WORD}){{0,8}}"
CREDIT = re.compile(
    rf"[(\[]?(?:(?i:{_LABEL})(?: by| courtesy of| von| par| por| de| di)?(?: ?[:/©|–—-]{{1,2}} ?©? ?| )|© ?)"
    rf"(?P<names>{_NAMES})[)\]]?\.?"
)
WORD_ONLY = re.compile(rf"(?i:{_LABEL}) [^:/©|–—-]*")
"""A label and words behind it without a mark between: "Photo Finish" is a heading, "Photo by Jane Roe" a credit."""
BY = re.compile(r" (?:by|courtesy of|von|par|por) ")
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
        f"{PROSE}\n© Jane Roe | Example": PROSE,
    },
    keeps=[
        f"{PROSE}\nPhoto: the mayor in front of the bridge\n{PROSE}",
        f"{PROSE}\nPhoto Finish\n{PROSE.replace('town', 'city')}",
        f"{PROSE}\nImages of Africa\n{PROSE.replace('town', 'city')}",
        f"{PROSE}\nPicture This\nNobody was hurt.",
        f"{PROSE}\nFoto: Die alte Brücke vor dem großen Brand.\nNobody was hurt.",
        "Photo: Jane Roe",
        f"{PROSE}\nPhoto of the mayor: Jane Roe said it was hers, and nobody knew better.",
    ],
    needs=[*LABELS, *(label.upper() for label in LABELS), "©"],
)
def photo_credit(document: Document) -> Iterator[Edit]:
    """Move a line that names only who took a picture to metadata: "Photo: Jane Roe/Example Images".

    The picture is gone, and the name stands between paragraphs that it interrupts. It needs a label with a mark or
    "by", and behind them nothing but names: a caption that tells what is to be seen stays. A text without prose is left
    alone.
    """
    rows = paragraphs(document.text)
    stripped = [(n, line) for n, line in enumerate(map(str.strip, rows.texts)) if len(line) <= LONGEST]
    named = [(n, line, found) for n, line in stripped if (found := CREDIT.fullmatch(line))]
    if not named or not any(map(is_prose, rows.texts)):
        return
    for n, line, found in named:
        if not (WORD_ONLY.fullmatch(line) and not BY.search(line)):
            start, end = whole(document.text, rows[n])
            yield Edit(
                start, end, "", "the line names who took a picture and nothing else", (("photo", found["names"]),)
            )
