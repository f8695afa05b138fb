"""BOI: what readers wrote below an article."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from cleaner.line_marks import Sought, short_lines
from cleaner.rule import Look, rule
from cleaner.segment import is_prose, lines, paragraphs, whole
from cleaner.text import Document, Edit

HEADINGS = (
    " responses to ", " response to ", " thoughts on ", " thought on ", " comments on ", " comment on ", " replies to ",
    " Gedanken zu ", " Gedanke zu ", " Kommentare zu ", " Kommentar zu ", " Antworten auf ", " réflexions sur ",
    " réflexion sur ", " commentaires sur ", " commentaire sur ", " réponses à ", " pensamientos en ",
    " comentarios en ", " comentario en ", " respuestas a ", " comentários em ", " comentário em ", " pensieri su ",
    " commenti su ", " gedachten over ", " reacties op ", " komentarzy do ", " kommentarer till ", " kommentarer til ",
)  # fmt: skip
"""How blog software counts comments over them, behind a number."""
SPEAKS = (
    " says", " said", " dit", " sagt", " sagte", " schreibt", " meint", " dice", " dijo", " disse", " diz", " zegt",
    " schreef", " pisze", " mówi", " säger", " skriver", " sier",
)  # fmt: skip
"""How it introduces one, behind the name of its writer."""
NUMBER = re.compile(r"\W{0,3}(?:\d{1,3}(?:[.,]?\d{3})?|[Oo]ne|[Ee]in|[Uu]n|[Uu]na|[Uu]ne|[Uu]m)\b")
TIME = re.compile(r"\b\d{1,2}[:.]\d\d\b")
YEAR = re.compile(r"\b(?:19|20)\d\d\b")
STAMP = 120
"""Characters of the longest line that is the stamp or the writer of a comment, or the heading of all."""
SOON = 4
"""So many rows below a heading the first stamp is looked for."""
THREAD = 3
"""So many comments with a writer and a stamp are a thread even without a heading."""
MORE = 5
"""So many rows of prose behind the last stamp may be the last comment; with more, another text may follow."""

STORY = "The minister said on Monday that the talks would go on for as long as both of the sides wished."
FIRST = "Ann says:\nMay 2, 2019 at 6:34 am\nI was there and it was not at all like that, if you ask me."
SECOND = "Bob says:\nMay 2, 2019 at 7:02 am\nThe same here; they had been shouting for an hour before he came."
THIRD = "Cy says:\nMay 3, 2019 at 9:15 pm\nNice."
SECTION = "The vote\nOn May 2, 2019 at 6:34 am the doors were opened, and by noon all of the seats were taken."


def stamps_of(text: str) -> list[str]:
    """The lines that are stamps of date and time: without one there is no comment."""
    may = map(lines(text).text, short_lines(text, DATED))
    return [line for line in may if _is_stamp(line)]


DATED = Sought(STAMP - 1, frozenset(), frozenset("0129"), row=2)
"""Lines that may hold a year of two centuries, which begins with 19 or 20."""


def _is_stamp(line: str) -> bool:
    if not ("20" in line or "19" in line) or len(line) >= STAMP:
        return False
    return bool(YEAR.search(line) and TIME.search(line)) and not is_prose(line)


@rule(
    "BOI016",
    "comment-threads",
    fixes={
        f"{STORY}\n2 responses to “A day at the fair”\n{FIRST}\n{SECOND}": STORY,
        f"{STORY}\n{FIRST}\n{SECOND}\n{THIRD}": STORY,
        f"{STORY}\nEin Gedanke zu „Ein Tag auf der Messe“\nAnna sagt:\n2. Mai 2019 um 18:34 Uhr\nSchön war es.": STORY,
    },
    keeps=[
        # an interview, a timeline, a report of what two people said, a heading with a number
        f"{STORY}\nAnn says:\n{STORY}\nBob says:\n{STORY}\nCy says:\n{STORY}",
        f"{STORY}\nMay 2, 2019, 6:34\nThe doors open.\nMay 2, 2019, 7:02\nThey sit.\nMay 2, 2019, 9:15\nHe goes.",
        f"{STORY}\n{FIRST}\n{SECOND}",
        f"{STORY}\n5 thoughts on the fair\n{SECTION}",
        f"{FIRST}\n{SECOND}\n{THIRD}",
    ],
    needs=(*HEADINGS, *SPEAKS),
    look=Look(stamps_of),
)
def comment_threads(document: Document) -> Iterator[Edit]:
    """Drop the comments of readers below an article, with their heading.

    Blog software sets a writer ("Ann says:") and a stamp of date and time over each, and counts them in a heading. Both
    must be there, below some prose; what people said in an article has no stamps, and a timeline no writers.
    """
    rows = paragraphs(document.text)
    stamps = [n for n, line in enumerate(rows.texts) if _is_stamp(line)]
    if not stamps:
        return
    story = next((n for n, line in enumerate(rows.texts) if is_prose(line)), len(rows))
    found = _heading(rows.texts, stamps, story) or _writers(rows.texts, stamps, story)
    if found:
        start, because = found
        prose = [n for n in range(stamps[-1], len(rows)) if is_prose(rows.texts[n])]
        end = len(rows) - 1 if len(prose) <= MORE else stamps[-1] + 1
        yield Edit(*whole(document.text, rows[start], rows[end]), because=because)


def _heading(rows: Sequence[str], stamps: Sequence[int], story: int) -> tuple[int, str] | None:
    """The first row below the story that counts comments, a stamp close below it."""
    for n in range(story + 1, stamps[-1]):
        line = rows[n]
        if len(line) < STAMP and NUMBER.match(line) and any(words in line for words in HEADINGS):
            below = sum(n < stamp <= n + SOON for stamp in stamps)
            if below:
                return n, "counts the comments below it, which are stamped with date and time"
    return None


def _writers(rows: Sequence[str], stamps: Sequence[int], story: int) -> tuple[int, str] | None:
    """The first comment below the story, if there are several with writer and stamp."""
    starts = []
    for n in stamps:
        if _speaks(rows[n]):
            starts.append(n)
        elif n and len(rows[n - 1]) < STAMP and _speaks(rows[n - 1]):
            starts.append(n - 1)
    if len(starts) < THREAD or starts[0] <= story:
        return None
    return starts[0], f"{len(starts)} comments with a writer and a stamp of date and time"


def _speaks(line: str) -> bool:
    return line.rstrip(" :.…").endswith(SPEAKS)
