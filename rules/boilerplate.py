"""BOI: what the page said around the article. Which lines that is, `cleaner.phrases` says; the rules name it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from cleaner.phrases import labelled, verdicts
from cleaner.rule import Look, rule
from cleaner.segment import lines, whole
from cleaner.text import Document, Edit

if TYPE_CHECKING:
    from ahocorasick_rs import AhoCorasick


LABELLED = Look(labelled, verdicts)


def removals(document: Document, name: str) -> Iterator[Edit]:
    """The lines that go by the rule of this name."""
    text = document.text
    for n, because in verdicts(text).get(name, ()):
        start, end = whole(text, lines(text)[n])
        yield Edit(start, end, because=because)


PROSE = "The minister said on Monday that the talks would go on for as long as both of the sides wished."
MORE = "Nobody in the hall had expected the vote to be so close, and the count was held a second time."
LAST = "Both sides will meet again when the winter is over, and until then the old law remains in force."


@rule(
    "BOI001",
    "share-buttons",
    look=LABELLED,
    fixes={
        f"{PROSE}\n\nShare:\n\nFacebook\nTwitter\nWhatsApp": PROSE,
        f"Share and Follow\n{PROSE}": PROSE,
        f"{PROSE}\nClick to share on Facebook (Opens in new window)": PROSE,
        f"{PROSE}\nCompártelo:\nFacebook\nTwitter": PROSE,
        f"{PROSE}\nShare\nFacebook\nTwitter\n{MORE}": f"{PROSE}\n{MORE}",
        f"{PROSE}\nShare\n{MORE}\nShare\n{LAST}": f"{PROSE}\n{MORE}\n{LAST}",
        f"{PROSE}\nPlease follow and like us:\nShares 0": PROSE,
        f"{PROSE}\nView this post on Instagram\n{MORE}": f"{PROSE}\n{MORE}",
        f"{PROSE}\nKlicken, um auf Twitter zu teilen (Wird in neuem Fenster geöffnet)": PROSE,
    },
    keeps=[
        f"Share and follow the example of the others, he said.\n{PROSE}",
        f"Share prices fell 3%\n{PROSE}",
        f"{PROSE}\nFacebook\nTwitter\n{MORE}",
        f"{PROSE}\nFacebook\nTwitter\nWhatsApp\n{MORE}\nFacebook\nTwitter\n{PROSE}",
        f"Share\n{PROSE}",
        f"{PROSE}\nWhich of these do you use?\nFacebook\nTwitter\nWhatsApp",
        f"{PROSE}\nShare of the vote: 12 per cent\n{MORE}",
        f"{PROSE}\nSpread the word\n{MORE}",
        f"{PROSE}\nView this post on Instagram, he wrote, and more than a thousand people did.\n{MORE}",
        f"{PROSE}\n12 shares\n{MORE}",
    ],
)
def share_buttons(document: Document) -> Iterator[Edit]:
    """Drop share labels and the network names under them.

    They are buttons of the page. A label of one or two words goes only in a run of such lines, at the end, or when it
    stands there again and again; names of networks between two paragraphs go only beside a word for sharing: an article
    may list companies.
    """
    return removals(document, "share-buttons")


@rule(
    "BOI002",
    "comment-form",
    look=LABELLED,
    fixes={
        f"{PROSE}\n\nLeave a Reply\n\nYour email address will not be published. Required fields are marked *": PROSE,
        f"{PROSE}\nThis site uses Akismet to reduce spam. Learn how your comment data is processed.": PROSE,
        f"{PROSE}\nSchreibe einen Kommentar\nAntwort abbrechen": PROSE,
        f"{PROSE}\nLeave a Reply\nCancel reply\nYour name here\nPost Comment": PROSE,
        f"{PROSE}\nComments Off on A day at the fair": PROSE,
        f"{PROSE}\nYou can follow any responses to this entry through the RSS 2.0 feed.": PROSE,
        f"{PROSE}\nYour e-mail will never be shared with anyone. Fields with a star must be filled in.": PROSE,
        (
            f"{PROSE}\nFill in your details below or click an icon to log in:\n"
            "You are commenting using your Example account. ( Log Out / Change )"
        ): PROSE,
        f"{PROSE}\nLeave a Reply\nPost Comment\nCorrection: the bridge opened in 1999.": (
            f"{PROSE}\nCorrection: the bridge opened in 1999."
        ),
    },
    keeps=[
        f"{PROSE}\nJoin the conversation\n{MORE}",
        f"{PROSE}\nThe e-mail will not be published.\n{MORE}",
        f"{PROSE}\nYou are commenting using your sister's account.\n{MORE}",
        '"Comments are closed," the court clerk said to the people who had come to the hearing that morning.',
        f"This site uses Akismet, the owner wrote, because 900 false comments a day are too many.\n{PROSE}",
    ],
)
def comment_form(document: Document) -> Iterator[Edit]:
    """Drop the comment form and the notices around it.

    Its lines are fixed phrases of blog software in forty languages. Two of them after the last prose open a block: the
    short lines behind them are fields of the form. A line that ends like a sentence stays, as a correction would.
    """
    return removals(document, "comment-form")


@rule(
    "BOI003",
    "related-links",
    look=LABELLED,
    fixes={
        f"{PROSE}\n\nShow More\n\nRelated Articles\n\nBack to top button\nBreaking News": PROSE,
        f"{PROSE}\nYou May Also Like\nTen dogs that won a prize\nHouse prices in the south": PROSE,
        f"{PROSE}\nRead more: Ten dogs that won a prize\n{MORE}": f"{PROSE}\n{MORE}",
        f"{PROSE}\nRelated: Ten dogs that won a prize\n{MORE}": f"{PROSE}\n{MORE}",
        f"{PROSE}\nImage 2 of 5\n{MORE}": f"{PROSE}\n{MORE}",
        f"{PROSE}\nALSO READ | Ten dogs that won a prize\n{MORE}": f"{PROSE}\n{MORE}",
        f"{PROSE}\nLesen Sie auch: Zehn Hunde, die einen Preis gewannen\n{MORE}": f"{PROSE}\n{MORE}",
    },
    keeps=[
        f"Trending\n{PROSE}",
        f"{PROSE}\nBreaking News\n{MORE}",
        f"{PROSE}\nThese were the best of the year:\n- Ten dogs that won a prize",
        # a speaker called Lea, advice, an instruction
        f"Have you been here before?\nLea: Never in my life, I think.\n{PROSE}",
        f"{PROSE}\nWatch: the second gate sticks\n{MORE}",
        f"{PROSE}\nRead more: it helps. That was her advice to all of the pupils of the school.\n{MORE}",
        f"{PROSE}\nRelated articles of the law were read out, and the judges went through them one by one for hours.",
    ],
)
def related_links(document: Document) -> Iterator[Edit]:
    """Drop headings of link lists, links behind "Read more:", and at the end of the text the teasers under a heading.

    They lead to other articles. A teaser goes only when no prose follows the heading; a line that ends like a sentence
    stays. A single word before a colon may be the name of a speaker: it goes only beside other labels.
    """
    return removals(document, "related-links")


@rule(
    "BOI004",
    "sign-up-prompts",
    look=LABELLED,
    fixes={
        f"{PROSE}\nSubscribe to our newsletter": PROSE,
        f"{PROSE}\nSTAY INFORMED: Get the latest news from all of the region in your inbox every morning.": PROSE,
        f"{PROSE}\nJoin 1,204 other subscribers\nFollow us on Facebook": PROSE,
        f"{PROSE}\nFollow us on Twitter @thedaily for more": PROSE,
        f"{PROSE}\nSign up for our free weekly newsletter\n{MORE}": f"{PROSE}\n{MORE}",
        f"{PROSE}\nThanks for reading The Long Way! Subscribe for free to receive new posts.": PROSE,
        f"{PROSE}\nThis site is protected by reCAPTCHA and the Google Privacy Policy applies.": PROSE,
        f"{PROSE}\nEmail address\nThis field is for validation purposes and should be left unchanged.": PROSE,
    },
    keeps=[
        f"{PROSE}\nStay informed, she told the pupils, and follow the updates of the school.\n{MORE}",
        f"Follow us on our trip to the lakes of the north\n{PROSE}",
        f"{PROSE}\nSubscribe\n{MORE}",
        f"{PROSE}\nSign up for our trip to the lakes of the north.\n{MORE}",
        f"{PROSE}\nGet up and follow the others, he said, and the letters that were in your inbox can wait.\n{MORE}",
        f"{PROSE}\nThanks for reading my letter! I receive too few of them.\n{MORE}",
    ],
)
def sign_up_prompts(document: Document) -> Iterator[Edit]:
    """Drop prompts to subscribe, to follow the site or to install its app.

    They speak for the site, not of the subject. Wordings with slots are taken only outside the prose.
    """
    return removals(document, "sign-up-prompts")


@rule(
    "BOI005",
    "browser-notices",
    look=LABELLED,
    fixes={
        f"This website uses cookies to improve your experience.\n{PROSE}": PROSE,
        f"{PROSE}\nYour browser does not support the video tag.\n{MORE}": f"{PROSE}\n{MORE}",
        f"The bridge\nWe use cookies to make this site better. Accept all cookies\n{PROSE}": f"The bridge\n{PROSE}",
        f"{PROSE}\nNous utilisons des cookies pour améliorer votre visite.": PROSE,
        f"{PROSE}\nVideo Player is loading.\nThis is a modal window.\n{MORE}": f"{PROSE}\n{MORE}",
        f"{PROSE}\nSorry, your browser doesn't support embedded videos.\n{MORE}": f"{PROSE}\n{MORE}",
        f"{PROSE}\nCookie Policy\nDo Not Sell or Share My Personal Information": PROSE,
    },
    keeps=[
        # headings of an article about such laws
        f"{PROSE}\nDo Not Sell My Personal Information\n{MORE}\nStrictly Necessary Cookies\n{LAST}",
        "The bakery uses cookies of its own, and the customers come from far away to taste them on Sundays.",
        f"{PROSE}\nWe use cookies instead of bread, and the experience is the same.\n{MORE}",
        f"Our website and cookies: what you accept\n{PROSE}",
    ],
)
def browser_notices(document: Document) -> Iterator[Edit]:
    """Drop cookie banners and notices about scripts and players.

    They are addressed to the reader's browser. Fixed phrases go anywhere; a short line that speaks of cookies, of the
    site and of consent goes only outside the prose. Articles about cookies or JavaScript keep their sentences.
    """
    return removals(document, "browser-notices")


@rule(
    "BOI006",
    "paywall-notices",
    look=LABELLED,
    fixes={
        f"{PROSE}\nSubscribe to continue reading\nAlready a subscriber? Log in": PROSE,
        f"The bridge\nYou have 2 free articles left this month\n{PROSE}": f"The bridge\n{PROSE}",
    },
    keeps=[
        f"{PROSE}\nYou have a right to free articles of the law, she said.\n{MORE}",
        "Subscribe to continue reading, the paper told its readers, and half of them did within the first month.",
    ],
)
def paywall_notices(document: Document) -> Iterator[Edit]:
    """Drop the lines of a paywall.

    They stand where the text was cut. The cut itself cannot be mended from text.
    """
    return removals(document, "paywall-notices")


@rule(
    "BOI007",
    "advertisement-labels",
    look=LABELLED,
    fixes={
        f"{PROSE}\nStory continues below advertisement\n{MORE}": f"{PROSE}\n{MORE}",
        f"{PROSE}\nADVERTISEMENT\nScroll to continue\n{MORE}": f"{PROSE}\n{MORE}",
        f"{PROSE}\nADVERTISEMENT\n{MORE}": f"{PROSE}\n{MORE}",
        f"{PROSE}\nWerbung\n{MORE}\nWerbung\n{LAST}": f"{PROSE}\n{MORE}\n{LAST}",
        f"The bridge\nWhen you buy through our links, we may earn a commission.\n{PROSE}": f"The bridge\n{PROSE}",
    },
    keeps=[
        # who says so of other links, or of other business
        f"{PROSE}\nWhen you buy through our links, we may earn a commission.\n{MORE}",
        f"{PROSE}\nWe may earn a commission of two per cent when the house is sold, the broker wrote.",
        f"Anzeige\n{PROSE}",
        f"{PROSE}\nAnzeige\n{MORE}",
        f"{PROSE}\nADVERTISEMENT.\n{MORE}",
        f"{PROSE}\nAdvertisement is what the agency lives from, and so it had to close in the end.",
    ],
)
def advertisement_labels(document: Document) -> Iterator[Edit]:
    """Drop the labels that stood over advertisements, and notices that the page is paid for its links.

    The paragraphs around a label stay as they are and are not joined. A label of one word goes only beside another one,
    at the end, when it stands there again and again, or in capitals where it means nothing else: "Anzeige" and
    "Reklama" are ordinary words, and "ADVERTISEMENT." was the heading of a preface. A notice about links is short,
    speaks in the person of the page, and goes only outside the prose.
    """
    return removals(document, "advertisement-labels")


@rule(
    "BOI008",
    "site-navigation",
    look=LABELLED,
    fixes={
        f"Skip to main content\nHome > News > World\n{PROSE}": PROSE,
        f"Menu\nSearch\n{PROSE}": PROSE,
        f"{PROSE}\nPrevious article\nNext article": PROSE,
        f"{PROSE}\nRead more\n{MORE}\nRead more\n{LAST}": f"{PROSE}\n{MORE}\n{LAST}",
        f"{PROSE}\nPrevious\nNext\n{MORE}\nPrevious\nNext\n{LAST}": f"{PROSE}\n{MORE}\n{LAST}",
        f"The bridge is open\nReading time: 3 minutes\n2 hours ago\n{PROSE}": f"The bridge is open\n{PROSE}",
        f"{PROSE}\nPage not found\nIt looks like nothing was found at this location. Maybe try a search?": PROSE,
    },
    keeps=[
        f"{PROSE}\n2 hours ago\n{MORE}",
        f"Menu\n{PROSE}",
        f"{PROSE}\nPage 1 of 3\n{MORE}",
        f"{PROSE}\nPage not found\n{MORE}",
        f"Home\n{PROSE}",
        f"{PROSE}\nNext\n{MORE}",
    ],
)
def site_navigation(document: Document) -> Iterator[Edit]:
    """Drop menus, breadcrumbs and links to the next page.

    They lead around the site. One word alone above the text stays: "Menu" may be a headline.
    """
    return removals(document, "site-navigation")


@rule(
    "BOI009",
    "copyright-lines",
    look=LABELLED,
    fixes={
        f"{PROSE}\n© 2023 Example Media. All rights reserved.": PROSE,
        f"{PROSE}\nCopyright 2019 The Daily": PROSE,
        f"{PROSE}\n© The Daily": PROSE,
    },
    keeps=[
        "Copyright 2019 was the name of the exhibition, and the visitors had to ask for the meaning of it all.",
        f"{PROSE}\nCopyright 2019\n{MORE}",
        f"Copyright 2024 reform passes in parliament\n{PROSE}",
        f"{PROSE}\nTerms of Use\n{MORE}",
    ],
)
def copyright_lines(document: Document) -> Iterator[Edit]:
    """Drop the copyright line of the site, at the head or the end of the text.

    It belongs to every page of a site alike.
    """
    return removals(document, "copyright-lines")


@rule(
    "BOI010",
    "source-notices",
    look=LABELLED,
    fixes={
        f"{PROSE}\n\nSource:": PROSE,
        f"{PROSE}\nOwners can contact us to remove this article\nfor removal contact [email protected]": PROSE,
        f"{PROSE}\nThe post A day at the fair appeared first on The Daily.": PROSE,
    },
    keeps=[
        f"{PROSE}\nSources said that the talks had failed before they began, and nobody was surprised by that.",
        f"{PROSE}\nSource: Bank of the North\n{MORE}",
        f"{PROSE}\nSources\nThe Bank of the North, annual report",
        f"{PROSE}\nThey had to contact us to change the date of the hearing, the court said in its letter.\n{MORE}",
    ],
)
def source_notices(document: Document) -> Iterator[Edit]:
    """Drop empty source labels and notices about taking the article down.

    "Source:" with nothing behind it tells nothing. A source that is named is metadata and no business of this rule.
    """
    return removals(document, "source-notices")


@rule(
    "BOI011",
    "blog-widgets",
    look=LABELLED,
    fixes={
        f"{PROSE}\n%d bloggers like this:": PROSE,
        f"{PROSE}\n17 bloggers like this:": PROSE,
        f"{PROSE}\nLiken Lade …\n%d Bloggern gefällt das:": PROSE,
        f"{PROSE}\nPost Views: 938": PROSE,
        f"{PROSE}\nHow useful was this post?\nClick on a star to rate it!\nAverage rating 5 / 5. Vote count: 1": PROSE,
    },
    keeps=[
        "He wrote that 17 bloggers like this sort of tool, and that the others do not care about it at all.",
        f"{PROSE}\nViews: 938\n{MORE}",
        f"{PROSE}\nWas this article helpful?\n{MORE}",
    ],
)
def blog_widgets(document: Document) -> Iterator[Edit]:
    """Drop counters of blog software, filled in or not, and its rating boxes.

    They count what readers did with the page. Counters of views and short questions go only outside the prose.
    """
    return removals(document, "blog-widgets")


@rule(
    "BOI012",
    "leftover-symbols",
    look=LABELLED,
    fixes={f"{PROSE}\n|": PROSE},
    keeps=[f"{PROSE}\n***\n{MORE}", f"{PROSE}\n---\n{MORE}"],
)
def leftover_symbols(document: Document) -> Iterator[Edit]:
    """Drop a separator that stands alone between pieces of boilerplate or at the end of the text.

    It divided links that are gone. Between two paragraphs it stays: there it may be a scene break.
    """
    return removals(document, "leftover-symbols")


@rule(
    "BOI013",
    "live-blog-notices",
    look=LABELLED,
    fixes={f"This live blog is closed\n{PROSE}": PROSE},
    keeps=['"This is a developing story," the reporter said, and the studio went back to the weather of the day.'],
    safety="unsafe",
)
def live_blog_notices(document: Document) -> Iterator[Edit]:
    """Drop notices about the state of a live blog.

    They tell how the page was made. Not safe, because they also tell when the text was written.
    """
    return removals(document, "live-blog-notices")


@rule(
    "BOI014",
    "author-boxes",
    look=LABELLED,
    fixes={f"{PROSE}\nAbout the author": PROSE, f"{PROSE}\nView all posts by John Doe": PROSE},
    keeps=["About the author little is known, but the book has been in print for more than two hundred years."],
    safety="unsafe",
)
def author_boxes(document: Document) -> Iterator[Edit]:
    """Drop the headings and links of an author box.

    Not safe, because who wrote a text may be wanted: the box itself stays.
    """
    return removals(document, "author-boxes")


OPENERS = (
    "That said,", "In fact,", "Meanwhile,", "However,", "In addition,", "At the same time,", "On the other hand,",
    "Earlier,", "Moreover,", "In a statement,", "Nevertheless,", "Still,", "Instead,", "For now,", "Of course,",
    "As a result,",
)  # fmt: skip
GLUED = re.compile(r"(?:^|[.!?][\"'\u201d\u2019]? )([A-Z][\w'’-]*(?: [\w'’-]+){5,19} )\Z")
REACH = 250
FINITE = re.compile(r"\b(?:is|are|was|were|has|have|had|will|would|said|says|does|did|do|can|could|may|might|must)\b")


@rule(
    "BOI015",
    "glued-headline",
    fixes={
        "Each side has its own plans. Northern ties set to grow with new term for the old leader That said, it works "
        "for peace.": "Each side has its own plans. That said, it works for peace."
    },
    keeps=[
        "Each side has its own plans. The ties that bind the two countries were strong. That said, it works for peace.",
        "Each side has its own plans. The mayor of the town was not there in the morning However, he came.",
    ],
    safety="unsafe",
    needs=OPENERS,
    scope="line",
)
def glued_headline(document: Document) -> Iterator[Edit]:
    """Drop the headline of another article that was glued into a paragraph.

    A run of six words or more without a finite verb and without an end stop, followed by an opener like "That said,",
    was a link between two paragraphs. Not safe: a sentence that lost its stop looks alike.
    """
    text = document.text
    for number, at, _ in sorted(_openers().find_matches_as_indexes(text)):
        if text[at - 2 : at - 1].isalnum():
            start = max(text.rfind("\n", 0, at) + 1, at - REACH)
            found = GLUED.search(text, start, at)
            if found and found.start(1) > start and not FINITE.search(found[1]):
                yield Edit(found.start(1), at, because=f'no end stop before "{OPENERS[number]}"')


@cache
def _openers() -> AhoCorasick:
    """A search for the openers, of which none holds the beginning of another."""
    from ahocorasick_rs import AhoCorasick, MatchKind

    return AhoCorasick(OPENERS, matchkind=MatchKind.LeftmostFirst)  # which is searched for many bytes at a time
