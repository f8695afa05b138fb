"""LNG: the language of a document and of its paragraphs. LNG001 and LNG003 are decided by the run, on the new text."""

from __future__ import annotations

from collections.abc import Iterator

from cleaner.language import identify, is_foreign_to
from cleaner.rule import rule
from cleaner.segment import paragraphs
from cleaner.text import Document, Drop, Edit

SHORTEST = 80
"""Characters of the shortest paragraph that is judged by itself; a line of names reads like any language."""


@rule("LNG001", "language", fixes={}, keeps=["Every text stays as it is."], safety="report", corpus=True)
def spoken_language(document: Document) -> Iterator[Drop]:
    """Record the language of a document, and how sure that is, in its metadata.

    The first 500 characters of the clean text are judged by langdetect's profiles. It is a fact and no finding: nothing
    is changed, and `check`, which records nothing, does not look. "und" where there is nothing to judge.
    """
    return iter(())


GERMAN = "Die Bürger der Stadt haben am Sonntag einen neuen Rat gewählt, und die Zahl der Wähler war so hoch wie nie."
ENGLISH = "The people of the town chose a new council on Sunday, and more of them went to the polls than ever before."


@rule(
    "LNG002",
    "foreign-paragraph",
    fixes={},
    keeps=[
        f"{ENGLISH}\n\n{ENGLISH}",
        f'{ENGLISH}\n\nHe said "guten Tag" and left.',
        "Toots Thielemans, Django Reinhardt, Stéphane Grappelli, Jean-Luc Ponty, Biréli Lagrène, Babik Reinhardt",
    ],
    safety="report",
    default=False,
)
def foreign_paragraph(document: Document) -> Iterator[Edit]:
    """Report a paragraph in another language than the rest of the document.

    It may be the teaser of another edition, a notice of the site, or a quotation that belongs there: only a reader can
    tell, so nothing is changed. Paragraphs under 80 characters are not judged.
    """
    lines = [line for line in paragraphs(document.text) if len(line.text) >= SHORTEST]
    if len(lines) < 2:
        return
    whole = identify(document.text)
    for line in lines:
        other = is_foreign_to(line.text, whole.language)
        if other:
            because = f"in the language {other}, the document is in {whole.language}"
            yield Edit(line.start, line.end, None, because)


@rule("LNG003", "other-language", fixes={}, keeps=["No text goes unless `languages` is set."], corpus=True)
def other_language(document: Document) -> Iterator[Drop]:
    """Leave out a document in none of the languages that the setting `languages` lists.

    Without the setting nothing goes. A document goes only when its language is sure (confidence .95 or more); one that
    cannot be judged stays. Its text is kept for undo.
    """
    return iter(())
