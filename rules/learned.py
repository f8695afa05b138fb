"""BOI and MET: what the table of learned lines and suffixes knows of a document's source."""

from __future__ import annotations

from collections.abc import Iterator

from cleaner.rule import rule
from cleaner.segment import QUOTES, Span, fold, is_prose, paragraphs, sentences, whole
from cleaner.text import Document, Edit, Known

PROSE = "The minister said on Monday that the talks would go on for as long as both of the sides wished."
MORE = "Nobody in the hall had expected the vote to be so close, and the count was held a second time."
GAZETTE = Known(
    "gazette.example",
    {"the gazette, since 1901": ("tail", 41), "our readers' choice": ("any", 12)},
    {" | The Gazette": 38, "times": 12},
    {"the gazette is the paper of the town.": ("tail", 23), "read on.": ("any", 9)},
)


@rule(
    "BOI021",
    "site-line",
    known=GAZETTE,
    fixes={
        f"{PROSE}\n\nThe Gazette, since 1901": PROSE,
        f"{PROSE}\nOUR READERS\u2019 CHOICE\n{MORE}": f"{PROSE}\n{MORE}",
        f"{PROSE} The Gazette is the paper of the town.": PROSE,
        f"{PROSE} Read on. {MORE}": f"{PROSE} {MORE}",
    },
    keeps=[
        f"The Gazette, since 1901\n{PROSE}",
        f"{PROSE}\nThe Gazette, since 1901\n{MORE}",
        f"{PROSE}\nThe Gazette, since 1901, has been the paper of the town.",
        "The Gazette, since 1901",
        f"{PROSE} The Gazette is the paper of the town. {MORE}",
        f"{PROSE} They said: the Gazette is the paper of the town.",
    ],
)
def site_line(document: Document) -> Iterator[Edit]:
    """Drop a line, or a sentence, that many documents of the same source have, as the learned table lists it.

    A line that stands at the same end of many otherwise different texts of one site belongs to the site, whatever it
    says and in whatever language. Only whole lines go, at the end of the text where they were counted, and only by the
    table, which its owner can read and correct; the number of documents is given as the reason. A sentence goes whole,
    where the table says that it stands in its paragraph, and only once its owner said so.
    """
    listed = document.known.lines
    if not (listed or document.known.sentences):
        return
    rows = [(row, fold(row.text)) for row in paragraphs(document.text)]
    own = [n for n, (row, key) in enumerate(rows) if key not in listed and is_prose(row.text)]
    for n, (row, key) in enumerate(rows):
        place, count = listed.get(key, ("", 0))
        outside = own and (n < own[0] if place == "head" else n > own[-1])
        if place == "any" or (place and outside):
            yield Edit(
                *whole(document.text, row), because=f"{_documents(count)} {document.known.source} have this line"
            )
        elif document.known.sentences:
            yield from _without_sentences(document, row)


def _without_sentences(document: Document, row: Span) -> Iterator[Edit]:
    """The sentences of a line that are listed, and stand where the table says; all of them are the line itself."""
    listed = document.known.sentences
    parts = [part for part in sentences(row.text) if part.text.strip()]
    found = [listed.get(fold(part.text.strip()), ("", 0)) for part in parts]
    own = [n for n, (place, _) in enumerate(found) if not place]
    if found and not own:
        yield Edit(*whole(document.text, row), because=_have_sentence(document, found[0][1]))
        return
    for n, (part, (place, count)) in enumerate(zip(parts, found, strict=True)):
        first, last = n < own[0], n > own[-1]
        if place == "any" or (first and place == "head") or (last and place == "tail"):
            before = len(row.text[: part.start].rstrip()) if last else part.start
            end = part.start + len(part.text.rstrip()) if last else part.end
            yield Edit(row.start + before, row.start + end, because=_have_sentence(document, count))


def _have_sentence(document: Document, count: int) -> str:
    return f"{_documents(count)} {document.known.source} have this sentence"


@rule(
    "MET021",
    "learned-suffix",
    known=GAZETTE,
    fixes={f"Bridge will be closed | The Gazette\n\n{PROSE}": f"Bridge will be closed\n\n{PROSE}"},
    keeps=[
        f"Bridge will be closed | The Echo\n\n{PROSE}",
        f"Bridge will be closed\n\nWhat they read | The Gazette\n\n{PROSE}",
        f"The work of a lifetimes\n\n{PROSE}",
        " | The Gazette",
    ],
)
def learned_suffix(document: Document) -> Iterator[Edit]:
    """Move what stands behind many titles of the same source to metadata, as the learned table lists it.

    The name of a site behind a title is no part of it. It is taken from the first line only, just as it was counted
    with the mark before it, and never from the end of a word.
    """
    if not document.known.suffixes:
        return
    first = next(iter(paragraphs(document.text)), None)
    if first is None:
        return
    line = first.text.rstrip()
    for suffix, count in sorted(document.known.suffixes.items(), key=lambda item: (-len(item[0]), item[0])):
        title = line.removesuffix(suffix)
        glued = title[-1:].isalnum() and suffix[0].isalnum()
        if title != line and title.strip() and not glued:
            yield _without(document, first, title, suffix, count)
            return


def _without(document: Document, first: Span, title: str, suffix: str, count: int) -> Edit:
    name = suffix.strip().partition(" ")[2].strip() or suffix.strip()
    facts = (("site", name), ("title", title.strip().translate(QUOTES)))
    because = f"{_documents(count)} {document.known.source} have it behind their titles"
    return Edit(first.start + len(title), first.end, "", because, facts)


def _documents(count: int) -> str:
    return f"{count:,} documents of" if count else "as its owner decided, documents of"
