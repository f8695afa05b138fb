"""BOI: page furniture that no phrase knows, by what its lines look like and where they stand."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import repeat
from typing import cast

from cleaner.classify import verdicts
from cleaner.line_signs import told
from cleaner.line_verdict import SHOWS
from cleaner.rule import rule
from cleaner.text import Document, Edit

PLACES = (
    "before the first prose",
    "after the last prose",
    "between prose",
    "though it ends like a sentence",
)
"""In the order of `line_verdict.PLACES` and `SPEAKS`."""


_AFTER = (None, "")


@cache
def why(shows: int) -> str:
    """The strongest of what a line shows against it, and where it stands."""
    shown = told(shows & ((1 << SHOWS) - 1))
    return f"like page furniture: {shown}{', ' if shown else ''}{PLACES[shows >> SHOWS]}"


TALKS = (
    "The council met on Tuesday evening, and the members spoke for three hours about the new bridge over the river.",
    "Most of them were in favour of it, but the costs had risen by a third since the plan was drawn up in spring.",
    "The mayor said that the town could not wait for another year, because the old bridge would be closed by then.",
    "A second meeting was called for the end of the month, when the engineers will bring their report to the town.",
)
BODY = "\n".join(TALKS)
HEADS = ("A long evening", "What it costs", "The mayor is in a hurry", "How it goes on")
LINKS = "Local News\nSports\nBusiness\nWeather\nObituaries\nAdvertise\nContact Us\nAbout Us"
LIST = (
    "These are the bridges of the county that will be closed in spring:\nMill Bridge\nStone Bridge\nNew Market Bridge\n"
    "River Ferry"
)
MENU = "Home | News | Sport\nLocal\nWeather\nObituaries\nVideos\nPodcasts\nNewsletters\nSign In\nSearch"


@rule(
    "BOI020",
    "page-furniture",
    guesses=True,
    fixes={
        f"{BODY}\n{LINKS}": BODY,
        # a list that a sentence announces stays, the links under it go
        f"{BODY}\n{LIST}\n{LINKS}": f"{BODY}\n{LIST}",
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
    line that ends in a colon: that is a list. Behind the text rows stay under a sentence that announces them, unless
    they are surely links. Texts of a few lines are left alone.
    """
    judged = verdicts(document.text)
    afters = map(_AFTER.__getitem__, judged.goes)
    edits = zip(judged.starts, judged.ends, afters, map(why, judged.shows), repeat(()), repeat(False))
    return cast("Iterator[Edit]", map(tuple.__new__, repeat(Edit), edits))  # in C: a page has many
