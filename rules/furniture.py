"""BOI: page furniture that no phrase knows, by what its lines look like and where they stand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, partial
from typing import cast

from cleaner.classify import verdicts
from cleaner.line_signs import told
from cleaner.line_verdict import HEADLINES, Judged
from cleaner.phrases import ITEM
from cleaner.rule import rule
from cleaner.segment import ends_like_prose, paragraphs
from cleaner.text import Document, Edit

FEWEST = 8
"""With fewer lines there are no neighbours to judge by: a short text stays as it is."""
SURE = 2500
"""A line above this score is furniture as good as always, wherever it stands."""
FIGURES = 250
"""A line between prose of which so many in a thousand characters are digits is a row of a table, not of a menu."""
RUN = 3
"""Rows between prose that must go together; fewer are a heading and what belongs to it."""
SENTENCE = 1000
WORDS = 4
"""A line of so many words between prose that ends like a sentence must score more to go."""
PARAGRAPH = 1000
"""Prose of so many characters in one line is only reported: on unseen pages half of what scored like furniture at that
length was the article."""

PLACES = {
    "head": "before the first prose",
    "tail": "after the last prose",
    "inside": "between prose",
    "prose": "though it ends like a sentence",
}


_edit = cast("Callable[[tuple[int, int, str | None, str, tuple[()], bool]], Edit]", partial(tuple.__new__, Edit))
"""An edit from a tuple, in C: a page has many."""


@cache
def why(signs: int, place: str) -> str:
    """The strongest of what a line shows against it."""
    shown = told(signs)
    return f"like page furniture: {shown}{', ' if shown else ''}{PLACES[place]}"


TALKS = (
    "The council met on Tuesday evening, and the members spoke for three hours about the new bridge over the river.",
    "Most of them were in favour of it, but the costs had risen by a third since the plan was drawn up in spring.",
    "The mayor said that the town could not wait for another year, because the old bridge would be closed by then.",
    "A second meeting was called for the end of the month, when the engineers will bring their report to the town.",
)
BODY = "\n".join(TALKS)
HEADS = ("A long evening", "What it costs", "The mayor is in a hurry", "How it goes on")
LINKS = "Local News\nSports\nBusiness\nWeather\nObituaries\nAdvertise\nContact Us\nAbout Us"
MENU = "Home | News | Sport\nLocal\nWeather\nObituaries\nVideos\nPodcasts\nNewsletters\nSign In\nSearch"


@rule(
    "BOI020",
    "page-furniture",
    fixes={
        f"{BODY}\n{LINKS}": BODY,
        f"{MENU}\n{BODY}": BODY,
    },
    keeps=[
        "\n".join(
            [*TALKS, "Only three firms were named in the lawsuit:", "Facebook", "Google", "Twitter", *TALKS[::-1]]
        ),
        "\n".join([*TALKS, "Share", TALKS[0], "Comments", TALKS[1], "Most read", *TALKS[::-1]]),
        "\n".join([*TALKS, *TALKS[::-1], "He voted against it."]),
        BODY,
        # a short text, even with a line that looks like a button
        "Contact Us\nHe rang twice and went away.\nNobody came to the door.",
        # sub-headings
        "\n".join(f"{head}\n{talk}" for head, talk in zip(HEADS, TALKS, strict=True)),
        # a list inside an article
        f"{TALKS[0]}\nThe members have three plans to choose from:\n- a bridge of stone\n- a bridge of steel\n"
        f"- a ferry that runs all night\n{TALKS[1]}\n{TALKS[2]}\n{TALKS[3]}",
        # a list under the article, some of its items like buttons
        f"{TALKS[0]}\n{TALKS[1]}\n{TALKS[2]}\n{TALKS[3]}\nWhat I take with me\n- a map of the town and of "
        "the two mills\n- maps\n- contact lenses\n- a search light\n- "
        "email, printed out\n- the book about the bridge that my father wrote.",
        # a recipe
        f"{TALKS[1]}\n500 g flour\n2 eggs\n1 pinch of salt\nHalf a litre of milk\nMix the flour with the eggs and the "
        "salt, add the milk slowly, and let the dough rest for an hour.\nBake thin cakes of it in a hot pan, and serve "
        "them with the plums that were stewed the day before.\nThe cakes keep for two days under a cloth, he said.",
        # a table
        f"{TALKS[0]}\nWhat the bridge cost\n2/1/1974 12.4%\n3/1/1974 13.0%\n4/1/1974 13.7%\n5/1/1974 15.1%\n"
        f"6/1/1974 14.2%\n{TALKS[1]}\n{TALKS[2]}\n{TALKS[3]}",
        # a poem
        "The river came down in the night,\nit carried the moon on its back,\nthe willows were holding their breath\n"
        "and nobody counted the stars.\nA boat that had broken its rope\nwent past without sail, without light,\n"
        "and all that it left on the bank\nwas a song that nobody sang.",
        # an interview
        f"How long have you been mayor?\n{TALKS[0]}\nWould you do it again?\n{TALKS[1]}\nAnd the bridge?\n{TALKS[2]}\n"
        f"Is there enough money for it?\n{TALKS[3]}",
        # what somebody said
        f'{TALKS[0]}\n"We share this town"\n{TALKS[1]}\n{TALKS[2]}\n"Follow me or stay behind"\n{TALKS[3]}\n'
        '"Nobody will close my bridge"\nThat was all she said before the lights in the hall went out at ten.',
        # a caption between paragraphs: who took the picture is doubtful, so it is only reported
        f"{TALKS[0]}\n{TALKS[1]}\nThe old bridge in spring, seen from the mill.\n{TALKS[2]}\n{TALKS[3]}\n{TALKS[0]}\n"
        f"{TALKS[1]}\n{TALKS[2]}",
    ],
)
def page_furniture(document: Document) -> Iterator[Edit]:
    """Drop lines that look like menus, teasers, author boxes, link lists, credits or prompts; report the doubtful ones.

    They belong to the page and would be learnt as if they were text. A line is judged by its shape, its neighbours and
    its distance to the prose. Between two paragraphs a run of lines goes as a whole or not at all, and never under a
    line that ends in a colon: that is a list. Texts of a few lines are left alone.
    """
    rows = paragraphs(document.text)
    if len(rows) < FEWEST:
        return
    judged = verdicts(document.text)
    if not judged.found:
        return
    first, last, prose = judged.first, judged.last, judged.prose
    lines, starts, size = rows.texts, rows.starts, len(document.text)
    stay = _lists(lines, judged)
    if first > HEADLINES:
        # right over the text may be its headline
        stay.update(found.line for found in judged.found if found.line == first - 1 and found.blanks + 1 >= WORDS)
    for n, score, signs, blanks, goes in judged.found:
        place = "head" if n < first else "tail" if n > last else "inside"
        start = starts[n]
        end = start + len(lines[n])
        stays = not goes
        if goes:
            headline = place == "head" and first <= HEADLINES
            paragraph = prose[n] and end - start >= PARAGRAPH
            spoken = place == "inside" and score < SENTENCE and blanks + 1 >= WORDS  # too little else speaks against it
            stays = headline or paragraph or n in stay or (spoken and ends_like_prose(lines[n]))
        because = why(signs, "prose" if prose[n] else place)
        if end < size:
            end += 1
        else:
            start = max(0, start - 1)
        yield _edit((start, end, None if stays else "", because, (), False))


def _lists(rows: Sequence[str], judged: Judged) -> set[int]:
    """The rows that stay whatever they look like.

    Items with a bullet or a number go with their whole list or not at all, wherever it stands. Between prose any run of
    rows goes as a whole or not at all, or a list would keep some of its items; a run of a row or two is a heading; of
    both, only what is surely furniture goes alone. What stands under a line that ends in a colon or question mark is
    what that line speaks of.
    """
    stay: set[int] = set()
    going = {found.line: found.score for found in judged.found if found.goes}
    items = [n for n in going if _is_item(rows[n])]
    for run in _runs(items, range(len(rows)), lambda n: _is_item(rows[n])):
        if not going.keys() >= set(run):
            stay.update(run)
    inside = range(judged.first, judged.last + 1)
    prose, digits = judged.prose, judged.digits
    between = [n for n in going if n in inside and not prose[n]]
    for run in _runs(between, inside, lambda n: not prose[n]):
        above = rows[run[0] - 1].rstrip() if run[0] else ""
        body = run if run[-1] in going else run[:-1]  # the last row may be a heading of the prose below
        if above.endswith((":", "?")) or any(digits[n] >= FIGURES for n in run):
            stay.update(run)
        elif len(body) < RUN or not going.keys() >= set(body):
            stay.update(n for n in run if going.get(n, SURE) < SURE)
    return stay


def _is_item(line: str) -> bool:
    """Whether a line has a bullet or a number."""
    return ITEM.match(line.lstrip()) is not None


def _runs(members: Iterable[int], rows: range, belongs: Callable[[int], bool]) -> Iterator[range]:
    """The runs of rows that belong together and have one of the members, given in order."""
    end = -1
    for n in members:
        if n < end:
            continue
        start, end = n, n + 1
        while start - 1 in rows and belongs(start - 1):
            start -= 1
        while end in rows and belongs(end):
            end += 1
        yield range(start, end)
