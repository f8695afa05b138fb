"""BOI: page furniture that no phrase knows, by what its lines look like and where they stand."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby, islice
from typing import Any

from cleaner.classify import HEADLINES, SHAPE, SURE, Rows, Verdict, verdicts
from cleaner.rule import rule
from cleaner.segment import Span, ends_like_prose, paragraphs, whole
from cleaner.text import Document, Edit

FEWEST = 8
"""With fewer lines there are no neighbours to judge by: a short text stays as it is."""
DIGITS = SHAPE.index("digits")
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
SHOWN = 4
"""So many reasons are given at most."""

Shape = namedtuple("Shape", SHAPE)  # type: ignore[misc]  # noqa: PYI024  # the columns are named in one place
REASONS: tuple[tuple[str, Callable[[Any], bool]], ...] = (
    ("names a network or an app", lambda r: r.social > 0 and r.words < 15),
    ("words of a notice", lambda r: r.legal > 0 and r.words < 40),
    ("words of a prompt", lambda r: r.act + r.talk + r.offer > 1 or (r.act > 0 and r.words < 6)),
    ("words of a menu", lambda r: r.nav > 0 and r.words < 8),
    ("words of a credit", lambda r: r.people > 0 and r.words < 15),
    ("a date or time", lambda r: r.dates + r.time > 0 and r.words < 10),
    ("an address", lambda r: r.links > 0),
    ("dividers", lambda r: r.joints > 1),
    ("stands there more than once", lambda r: r.copies > 1),
    ("cut off by dots", lambda r: r.end == 0),
    ("title case", lambda r: r.capitals >= 450 and r.words > 2),
    ("speaks of other things", lambda r: r.content >= 4 and r.shared <= 150),
    ("no function words", lambda r: r.stops == 0 and r.words > 3),
    ("very short", lambda r: r.words <= 3),
    ("short", lambda r: 3 < r.words <= 12),
    ("no end stop", lambda r: r.end < 16),
)
"""What a line shows, in words, the rarest in a body first."""


PLACES = {
    "head": "before the first prose",
    "tail": "after the last prose",
    "inside": "between prose",
    "prose": "though it ends like a sentence",
}


def why(row: Sequence[int], place: str) -> str:
    """The strongest of what the columns of a line show against it."""
    seen = Shape._make(row)
    shown = list(islice((name for name, holds in REASONS if holds(seen)), SHOWN))
    return f"like page furniture: {', '.join([*shown, PLACES[place]])}"


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
    judged, columns = verdicts([row.text for row in rows])
    headlines = [found.place for found in judged].count("head") <= HEADLINES
    lists = _lists(rows, judged, columns)
    above = [found.place for found in judged].count("head") - 1  # right over the text may be its headline
    for n, (row, found) in enumerate(zip(rows, judged, strict=True)):
        if found.goes or found.reported:
            headline = found.place == "head" and (headlines or (n == above and row.text.count(" ") + 1 >= WORDS))
            paragraph = found.prose and len(row.text) >= PARAGRAPH
            spared = headline or paragraph or n in lists or _is_sentence(row.text, found)
            goes = found.goes and not spared
            start, end = whole(document.text, row)
            yield Edit(start, end, "" if goes else None, why(columns(n), "prose" if found.prose else found.place))


def _is_sentence(line: str, found: Verdict) -> bool:
    """Whether a line between prose ends like a sentence, and too little else speaks against it."""
    spoken = found.place == "inside" and found.score < SENTENCE and line.count(" ") + 1 >= WORDS
    return spoken and ends_like_prose(line)


def _lists(rows: Sequence[Span], judged: list[Verdict], columns: Rows) -> set[int]:
    """The rows between prose that stay whatever they look like.

    A run of rows goes as a whole or not at all, or a list would keep some of its items; a run of a row or two is a
    heading; of both, only what is surely furniture goes alone. What stands under a line that ends in a colon or
    question mark is what that line speaks of.
    """
    stay: set[int] = set()
    for inside, group in groupby(range(len(rows)), key=lambda n: judged[n].place == "inside" and not judged[n].prose):
        run = list(group)
        if not inside or not any(judged[n].goes for n in run):
            continue
        above = rows[run[0] - 1].text.rstrip() if run[0] else ""
        body = run if judged[run[-1]].goes else run[:-1]  # the last row may be a heading of the prose below
        whole_run = len(body) >= RUN and all(judged[n].goes for n in body)
        figures = any(columns(n)[DIGITS] >= FIGURES for n in run)
        if above.endswith((":", "?")) or figures:
            stay.update(run)
        elif not whole_run:
            stay.update(n for n in run if judged[n].score < SURE)
    return stay
