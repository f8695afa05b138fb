"""BOI: what the page said around the article.

One classification of the lines serves all rules of the family. A label comes from the phrase tables (whole lines only,
folded) or from a template with slots; whether a labelled line goes depends on how sure its phrase is and on its place:

- `sure`: goes wherever it stands;
- `border`: goes only before the first or after the last line of prose;
- `weak` (one-word labels, network names): goes only in a run of labelled lines, or close to the end.

Two lines of a comment form, or a "Related Articles" heading, open a block when no prose follows: all of it goes.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from cleaner.rule import rule
from cleaner.segment import ends_like_prose, fold, is_prose, lines, whole
from cleaner.text import Document, Edit

if TYPE_CHECKING:
    from ahocorasick_rs import AhoCorasick

HERE = Path(__file__).parent
LONGEST = 260
"""Characters of the longest line that is compared with phrases; the longest phrase (Akismet, Spanish) has 110."""
TAIL = 5
"""A weak label alone goes when it is among so many last lines."""
ALWAYS_SURE = frozenset({"comment_form", "akismet", "related_heads"})
SYMBOLS = re.compile(r"\s*[|•·»›\-–—_*~=#]{1,5}\s*")


@dataclass(frozen=True, slots=True)
class Label:
    """What a line was recognised as. `strength` is sure, border or weak."""

    rule: str
    kind: str
    phrase: str
    strength: str


def key(line: str) -> str:
    """The folded line without the arrows and marks that themes put around a label."""
    return fold(line).strip(' :.*»«→←›‹>|–—-…"')


@cache
def phrases() -> dict[str, Label]:
    """All literal phrases, by key. Where two tables have a phrase, the first one names it."""
    table: dict[str, Label] = {}
    with (HERE / "boilerplate.toml").open("rb") as file:
        tables = tomllib.load(file)
    del tables["template"]
    for name, kinds in tables.items():
        for kind, languages in kinds.items():
            for phrase in (phrase for strings in languages.values() for phrase in strings):
                sure = kind in ALWAYS_SURE or _is_long(phrase)
                table.setdefault(key(phrase), Label(name, kind, phrase, "sure" if sure else "weak"))
    for name, kind, strength, phrase in _wordpress():
        if "{}" not in phrase and "%" not in phrase:
            sure = strength == "sure" and (" " in phrase.strip() or len(phrase) >= 8)
            table.setdefault(key(phrase), Label(name, kind, phrase, "sure" if sure else "weak"))
    table.pop("", None)
    return table


def _wordpress() -> Iterator[list[str]]:
    for row in (HERE / "wordpress.tsv").read_text(encoding="utf-8").splitlines():
        if not row.startswith("#"):
            yield row.split("\t")


def _is_long(phrase: str) -> bool:
    """Three words, or as much in a script that writes no spaces."""
    return phrase.count(" ") >= 2 or (not phrase.isascii() and " " not in phrase and len(key(phrase)) >= 8)


@cache
def templates() -> tuple[tuple[re.Pattern[str], Label, list[str]], ...]:
    """Patterns with slots, each for a whole folded line, with the words of which a line must hold one to fit."""
    with (HERE / "boilerplate.toml").open("rb") as file:
        rows = tomllib.load(file)["template"]
    found = [
        (re.compile(r["pattern"]), Label(r["rule"], r["kind"], r["kind"], r["strength"]), r["words"]) for r in rows
    ]
    for name, kind, strength, phrase in _wordpress():
        slot = "{}" if "{}" in phrase else "%" if "%" in phrase else ""
        fixed = [key(part) for part in phrase.split(slot)] if slot else []
        if strength == "sure" and sum(part.count(" ") + 1 for part in fixed if part) >= 2:
            pattern = re.compile(".{0,60}".join(map(re.escape, fixed)))
            found.append((pattern, Label(name, kind, phrase, "border"), [max(fixed, key=len)]))
    return tuple(found)


@lru_cache(maxsize=1 << 15)
def label(line: str) -> Label | None:
    """What a line is, as far as the line alone can tell."""
    folded = key(line)
    if not folded:
        return Label("leftover-symbols", "symbol", line.strip(), "weak") if SYMBOLS.fullmatch(line) else None
    found = phrases().get(folded)
    if found:
        return found
    parts = [phrases().get(key(part)) for part in re.split(r"(?<=[.!?])\s+", line)]
    if len(parts) > 1 and all(parts):
        return parts[0]
    return _template(folded)


@cache
def _triggers() -> tuple[AhoCorasick, list[list[int]]]:
    """A search for the words that templates cannot do without, and for each of them the templates that it may start."""
    from ahocorasick_rs import AhoCorasick

    rows: dict[str, list[int]] = {}
    for number, (_, _, words) in enumerate(templates()):
        for word in words:
            rows.setdefault(word, []).append(number)
    return AhoCorasick(list(rows)), list(rows.values())


def _template(folded: str) -> Label | None:
    """The first template that the whole folded line fits."""
    search, numbers = _triggers()
    hits = {n for index, _, _ in search.find_matches_as_indexes(folded, overlapping=True) for n in numbers[index]}
    for n in sorted(hits):
        pattern, known, _ = templates()[n]
        if pattern.fullmatch(folded):
            return known
    return None


@lru_cache(maxsize=2)
def verdicts(text: str) -> dict[int, tuple[str, str]]:
    """Which lines go: line number -> (name of the rule, reason)."""
    rows = lines(text)
    labels = {n: found for n, row in enumerate(rows) if 0 < len(row.text) <= LONGEST and (found := label(row.text))}
    if not labels:
        return {}
    filled = [n for n, row in enumerate(rows) if row.text and not row.text.isspace()]
    prose = [n for n in filled if n not in labels and is_prose(rows[n].text)]
    first, last = (prose[0], prose[-1]) if prose else (-1, len(rows))
    going = dict(_blocks(text, labels, filled, last))
    for run in _runs(labels, filled):
        strong = any(labels[n].strength != "weak" for n in run)
        for n in run:
            found = labels[n]
            inside = first < n < last
            reason = f"the whole line is {_named(found)}"
            if found.strength == "sure" or (found.strength == "border" and not inside):
                going.setdefault(n, (found.rule, reason))
            elif found.strength == "weak" and len(run) > 1 and (strong or (prose and not inside)):
                going.setdefault(n, (found.rule, f"{reason}, in a run of {len(run)} such lines"))
            elif found.strength == "weak" and prose and n > last and n in filled[-TAIL:]:
                going.setdefault(n, (found.rule, f"{reason}, at the end of the text"))
    return going


def _named(found: Label) -> str:
    return f'"{found.phrase}"' if found.phrase != found.kind else f"a {found.kind.replace('_', ' ')} line"


def _runs(labels: dict[int, Label], filled: list[int]) -> Iterator[list[int]]:
    """Labelled lines that follow one another, blank lines not counted."""
    run: list[int] = []
    for n in filled:
        if n in labels:
            run.append(n)
        elif run:
            yield run
            run = []
    if run:
        yield run


def _blocks(text: str, labels: dict[int, Label], filled: list[int], last: int) -> Iterator[tuple[int, tuple[str, str]]]:
    """Lines that go because a block begins before them and no prose follows it."""
    rows = lines(text)
    tail = [n for n in filled if last < n < len(rows)]
    forms = [n for n in tail if n in labels and labels[n].rule == "comment-form" and labels[n].strength == "sure"]
    heads = [n for n in tail if n in labels and labels[n].kind == "related_heads"]
    openers = (forms[:1] if len(forms) > 1 else []) + heads[:1]
    for opener in sorted(openers):
        found = labels[opener]
        for n in tail:
            if n > opener and (n in labels or not ends_like_prose(rows[n].text) or found.rule == "comment-form"):
                yield n, (found.rule, f"in the block that {_named(found)} opens; no prose follows")


def removals(document: Document, name: str) -> Iterator[Edit]:
    """The lines that go by the rule of this name."""
    rows = lines(document.text)
    for n, (owner, because) in verdicts(document.text).items():
        if owner == name:
            start, end = whole(document.text, rows[n])
            yield Edit(start, end, because=because)


PROSE = "The minister said on Monday that the talks would go on for as long as both of the sides wished."
MORE = "Nobody in the hall had expected the vote to be so close, and the count was held a second time."


@rule(
    "BOI001",
    "share-buttons",
    fixes={
        f"{PROSE}\n\nShare:\n\nFacebook\nTwitter\nWhatsApp": PROSE,
        f"Share and Follow\n{PROSE}": PROSE,
        f"{PROSE}\nClick to share on Facebook (Opens in new window)": PROSE,
        f"{PROSE}\nCompártelo:\nFacebook\nTwitter": PROSE,
    },
    keeps=[
        f"Share and follow the example of the others, he said.\n{PROSE}",
        f"Share prices fell 3%\n{PROSE}",
        f"{PROSE}\nFacebook\nTwitter\n{MORE}",
        f"Share\n{PROSE}",
        f"{PROSE}\nShare of the vote: 12 per cent\n{MORE}",
    ],
)
def share_buttons(document: Document) -> Iterator[Edit]:
    """Drop share labels and the network names under them.

    They are buttons of the page. A label of one or two words goes only in a run of such lines or at the end, and names
    of networks between two paragraphs stay: an article may list companies.
    """
    return removals(document, "share-buttons")


@rule(
    "BOI002",
    "comment-form",
    fixes={
        f"{PROSE}\n\nLeave a Reply\n\nYour email address will not be published. Required fields are marked *": PROSE,
        f"{PROSE}\nThis site uses Akismet to reduce spam. Learn how your comment data is processed.": PROSE,
        f"{PROSE}\nSchreibe einen Kommentar\nAntwort abbrechen": PROSE,
        f"{PROSE}\nLeave a Reply\nCancel reply\nYour name here\nPost Comment": PROSE,
    },
    keeps=[
        '"Comments are closed," the court clerk said to the people who had come to the hearing that morning.',
        f"This site uses Akismet, the owner wrote, because 900 false comments a day are too many.\n{PROSE}",
    ],
)
def comment_form(document: Document) -> Iterator[Edit]:
    """Drop the comment form and the notices around it.

    Its lines are fixed phrases of blog software in forty languages. Two of them after the last prose open a block that
    goes to the end of the text: what stands there are fields and readers' comments.
    """
    return removals(document, "comment-form")


@rule(
    "BOI003",
    "related-links",
    fixes={
        f"{PROSE}\n\nShow More\n\nRelated Articles\n\nBack to top button\nBreaking News": PROSE,
        f"{PROSE}\nYou May Also Like\nTen dogs that won a prize\nHouse prices in the south": PROSE,
    },
    keeps=[
        f"Trending\n{PROSE}",
        f"{PROSE}\nBreaking News\n{MORE}",
        f"{PROSE}\nRelated articles of the law were read out, and the judges went through them one by one for hours.",
    ],
)
def related_links(document: Document) -> Iterator[Edit]:
    """Drop headings of link lists, and at the end of the text the teasers under them.

    They lead to other articles. A teaser goes only when no prose follows the heading; a line that ends like a sentence
    stays.
    """
    return removals(document, "related-links")


@rule(
    "BOI004",
    "sign-up-prompts",
    fixes={
        f"{PROSE}\nSubscribe to our newsletter": PROSE,
        f"{PROSE}\nSTAY INFORMED: Get the latest news from all of the region in your inbox every morning.": PROSE,
        f"{PROSE}\nJoin 1,204 other subscribers\nFollow us on Facebook": PROSE,
    },
    keeps=[
        f"{PROSE}\nStay informed, she told the pupils, and follow the updates of the school.\n{MORE}",
        f"Follow us on our trip to the lakes of the north\n{PROSE}",
        f"{PROSE}\nSubscribe\n{MORE}",
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
    fixes={
        f"This website uses cookies to improve your experience.\n{PROSE}": PROSE,
        f"{PROSE}\nYour browser does not support the video tag.\n{MORE}": f"{PROSE}\n{MORE}",
    },
    keeps=["The bakery uses cookies of its own, and the customers come from far away to taste them on Sundays."],
)
def browser_notices(document: Document) -> Iterator[Edit]:
    """Drop cookie banners and notices about scripts and players.

    They are addressed to the browser. Only whole lines are taken: articles about cookies or JavaScript keep theirs.
    """
    return removals(document, "browser-notices")


@rule(
    "BOI006",
    "paywall-notices",
    fixes={f"{PROSE}\nSubscribe to continue reading\nAlready a subscriber? Log in": PROSE},
    keeps=["Subscribe to continue reading, the paper told its readers, and half of them did within the first month."],
)
def paywall_notices(document: Document) -> Iterator[Edit]:
    """Drop the lines of a paywall.

    They stand where the text was cut. The cut itself cannot be mended from text.
    """
    return removals(document, "paywall-notices")


@rule(
    "BOI007",
    "advertisement-labels",
    fixes={
        f"{PROSE}\nStory continues below advertisement\n{MORE}": f"{PROSE}\n{MORE}",
        f"{PROSE}\nADVERTISEMENT\nScroll to continue\n{MORE}": f"{PROSE}\n{MORE}",
    },
    keeps=[
        f"Anzeige\n{PROSE}",
        f"{PROSE}\nAdvertisement is what the agency lives from, and so it had to close in the end.",
    ],
)
def advertisement_labels(document: Document) -> Iterator[Edit]:
    """Drop the labels that stood over advertisements.

    The paragraphs around a label stay as they are and are not joined. A label of one word goes only beside another one
    or at the end: "Anzeige" and "Reklama" are ordinary words.
    """
    return removals(document, "advertisement-labels")


@rule(
    "BOI008",
    "site-navigation",
    fixes={
        f"Skip to main content\nHome > News > World\n{PROSE}": PROSE,
        f"Menu\nSearch\n{PROSE}": PROSE,
        f"{PROSE}\nPrevious article\nNext article": PROSE,
    },
    keeps=[
        f"Menu\n{PROSE}",
        f"{PROSE}\nPage 1 of 3\n{MORE}",
        f"Home\n{PROSE}",
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
    fixes={f"{PROSE}\n© 2023 Example Media. All rights reserved.": PROSE, f"{PROSE}\nCopyright 2019 The Daily": PROSE},
    keeps=[
        "Copyright 2019 was the name of the exhibition, and the visitors had to ask for the meaning of it all.",
        f"{PROSE}\nCopyright 2019\n{MORE}",
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
    fixes={
        f"{PROSE}\n\nSource:": PROSE,
        f"{PROSE}\nOwners can contact us to remove this article\nfor removal contact [email protected]": PROSE,
        f"{PROSE}\nThe post A day at the fair appeared first on The Daily.": PROSE,
    },
    keeps=[
        f"{PROSE}\nSources said that the talks had failed before they began, and nobody was surprised by that.",
        f"{PROSE}\nSource: Bank of the North\n{MORE}",
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
    fixes={f"{PROSE}\n%d bloggers like this:": PROSE, f"{PROSE}\n17 bloggers like this:": PROSE},
    keeps=["He wrote that 17 bloggers like this sort of tool, and that the others do not care about it at all."],
)
def blog_widgets(document: Document) -> Iterator[Edit]:
    """Drop counters of blog software, filled in or not.

    They are hidden on the page and reach the text only because the scraper ignored its style sheet.
    """
    return removals(document, "blog-widgets")


@rule(
    "BOI012",
    "leftover-symbols",
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
)
def glued_headline(document: Document) -> Iterator[Edit]:
    """Drop the headline of another article that was glued into a paragraph.

    A run of six words or more without a finite verb and without an end stop, followed by an opener like "That said,",
    was a link between two paragraphs. Not safe: a sentence that lost its stop looks alike.
    """
    text = document.text
    for opener in OPENERS:
        at = text.find(opener)
        while at >= 0:
            if text[at - 2 : at - 1].isalnum():
                start = max(text.rfind("\n", 0, at) + 1, at - REACH)
                found = GLUED.search(text, start, at)
                if found and found.start(1) > start and not FINITE.search(found[1]):
                    yield Edit(found.start(1), at, because=f'no end stop before "{opener}"')
            at = text.find(opener, at + 1)
