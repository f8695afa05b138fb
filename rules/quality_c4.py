"""QLT020-QLT029: the filters of C4 (Raffel and others 2020), as datatrove 0.10.1 computes them; QLT051 is mC4's.

One after the other they are the original, which reads each line once: a document falls for what a line says that the
line filters before left. C4's list of bad words is not among them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

from cleaner.english_words import sentence_count
from cleaner.rule import Thresholds, rule
from cleaner.segment import Span, lines, without_lines
from cleaner.text import Document, Drop, Edit

_CITATION = re.compile(r"\[\d*]|\[edit]|\[citation needed]")
_ENDS = (".", "?", "!", '"', "'")
_POLICY = ("cookie", "terms of use", "privacy policy")
"""One of these stands in each of the phrases."""
_POLICIES = ("terms of use", "privacy policy", "cookie policy", "uses cookies", "use of cookies", "use cookies")

LINE = "The mayor opened the bridge over the river."
FIVE = f"{LINE}\nA crowd had waited.\nIt rained.\nNobody was hurt.\nShe was glad."


_lowered = lru_cache(maxsize=1)(str.lower)


def _without(text: str, found: Sequence[Span], reason: Callable[[str], str]) -> Iterator[Edit]:
    """Drop lines, each for its reason."""
    for (start, end), line in zip(without_lines(text, found), found, strict=True):
        yield Edit(start, end, "", reason(line.text))


@rule(
    "QLT020",
    "c4-line-borders",
    safety="filter",
    fixes={f"  {LINE}\t\x0c{LINE}": f"{LINE}\n{LINE}"},
    keeps=[FIVE, f"{LINE}\n\n{LINE}"],
)
def line_borders(document: Document) -> Iterator[Edit]:
    """Drop blanks at both ends of a line, and end lines at form feeds and separators too.

    C4 does so with every line that it keeps, and the filters behind this one look at how a line ends.
    """
    found = document.text.split("\n")
    if found == list(map(str.strip, found)) and (found if found[-1] else found[:-1]) == document.text.splitlines():
        return
    at = 0
    for line in document.text.splitlines(keepends=True):
        body = line.splitlines()[0]
        stripped = body.strip()
        start = at + (len(body) - len(body.lstrip()) if stripped else 0)
        end, at, begin = start + len(stripped), at + len(line), at
        if start > begin:
            yield Edit(begin, start, "", "blanks before a line")
        after = "\n" if len(line) > len(body) else ""
        if document.text[end:at] != after:
            yield Edit(end, at, after, "blanks behind a line")


@rule(
    "QLT021",
    "c4-long-word",
    safety="filter",
    thresholds={"max_characters": 1000},
    fixes={f"{LINE}\nAnd {'ha' * 501}.\n{LINE}": f"{LINE}\n{LINE}"},
    keeps=[FIVE],
)
def long_word(document: Document, limits: Thresholds) -> Iterator[Edit]:
    """Drop a line that has a word of more than 1,000 characters.

    Code and data look like that. So does a paragraph of 1,000 characters in a script without blanks.
    """
    most = limits["max_characters"]

    def longest(line: str) -> int:
        return max(map(len, line.split()), default=0) if len(line) > most else 0

    found = [line for line in lines(document.text) if longest(line.text) > most]
    yield from _without(document.text, found, lambda line: f"a word of {longest(line):,} characters > {most:,}")


@rule(
    "QLT022",
    "c4-short-line",
    safety="filter",
    thresholds={"min_words": 3},
    fixes={f"{LINE}\n\nBreaking news.\n{LINE}": f"{LINE}\n{LINE}"},
    keeps=[FIVE.replace("It rained", "It rained hard")],
)
def short_line(document: Document, limits: Thresholds) -> Iterator[Edit]:
    """Drop a line of fewer than 3 words; a blank line is one.

    Menus and buttons are as short. So are subheads, the lines of a dialogue, and any line in a script without blanks.
    """
    least = limits["min_words"]
    room = int(least)
    found = [line for line in lines(document.text) if len(line.text.split(None, room)) < least]

    def reason(line: str) -> str:
        count = len(line.split())
        return f"{count} word{'' if count == 1 else 's'} < {least:g}"

    yield from _without(document.text, found, reason)


@rule(
    "QLT023",
    "c4-citations",
    safety="filter",
    fixes={"The bridge[2] is old.[citation needed]": "The bridge is old."},
    keeps=[FIVE, "The bridge [sic] is old."],
)
def citations(document: Document) -> Iterator[Edit]:
    """Drop the citation marks of Wikipedia: "[1]", "[edit]", "[citation needed]".

    They point at notes that the text does not have.
    """
    if "[" in document.text:
        for found in _CITATION.finditer(document.text):
            yield Edit(*found.span(), "", "a citation mark")


@rule(
    "QLT024",
    "c4-line-end",
    safety="filter",
    fixes={f"{LINE}\nShare this article with friends\nHe waited for hours...\n{LINE}": f"{LINE}\n{LINE}"},
    keeps=[FIVE, "\"We are glad.\"\nShe said: 'Yes!'"],
)
def line_end(document: Document) -> Iterator[Edit]:
    """Drop a line that does not end in a full stop, question or exclamation mark or straight quote.

    Nor may it end in "...". Headlines, subheads and list items go; so does every paragraph that ends in a curly quote,
    a bracket or the stop of another script. QLT061 is made for news.
    """
    found = [line for line in lines(document.text) if not line.text.endswith(_ENDS) or line.text.endswith("...")]

    def reason(line: str) -> str:
        return "ends in an ellipsis" if line.endswith("...") else "no . ? ! or straight quote at the end"

    yield from _without(document.text, found, reason)


@rule(
    "QLT025",
    "c4-lorem-ipsum",
    safety="filter",
    fixes={},
    drops=["Lorem ipsum dolor sit amet."],
    keeps=[FIVE],
)
def lorem_ipsum(document: Document) -> Iterator[Drop]:
    """Leave out a document that says "lorem ipsum".

    It is a template that nobody filled.
    """
    at = _lowered(document.text).find("lorem ipsum")
    if at >= 0:
        yield Drop(f'"lorem ipsum" at character {at + 1:,} of {len(document.text):,}')


@rule(
    "QLT026",
    "c4-javascript",
    safety="filter",
    fixes={f"Please enable JavaScript to see this.\n{LINE}": LINE},
    keeps=[FIVE],
)
def javascript(document: Document) -> Iterator[Edit]:
    """Drop a line that mentions JavaScript.

    Most are notices that it has to be on. An article about programming loses its sentences.
    """
    if "javascript" in _lowered(document.text):
        found = [line for line in lines(document.text) if "javascript" in line.text.lower()]
        yield from _without(document.text, found, lambda _: 'says "javascript"')


@rule(
    "QLT027",
    "c4-curly-bracket",
    safety="filter",
    fixes={},
    drops=["Then { it rained }."],
    keeps=[FIVE],
)
def curly_bracket(document: Document) -> Iterator[Drop]:
    """Leave out a document with an opening curly bracket.

    Most of them are code. One bracket in a long article is enough.
    """
    at = document.text.find("{")
    if at >= 0:
        yield Drop(f'"{{" at character {at + 1:,} of {len(document.text):,}')


@rule(
    "QLT028",
    "c4-policy",
    safety="filter",
    fixes={f"This site uses cookies to know you.\n{LINE}": LINE},
    keeps=[FIVE],
)
def policy(document: Document) -> Iterator[Edit]:
    """Drop a line that speaks of cookies, terms of use or a privacy policy, in C4's six phrases.

    Most are banners. An article about the privacy policy of a company loses its sentences.
    """
    lowered = _lowered(document.text)
    if any(word in lowered for word in _POLICY):

        def said(line: str) -> str:
            return next((phrase for phrase in _POLICIES if phrase in line.lower()), "")

        found = [line for line in lines(document.text) if said(line.text)]
        yield from _without(document.text, found, lambda line: f'says "{said(line)}"')


@rule(
    "QLT029",
    "c4-few-sentences",
    safety="filter",
    thresholds={"min_sentences": 5},
    fixes={},
    drops=[LINE],
    keeps=[FIVE],
)
def few_sentences(document: Document, limits: Thresholds) -> Iterator[Drop]:
    """Leave out a document of fewer than 5 sentences.

    After the line filters little was left of it. News in brief and captions of pictures are as short.
    """
    least = limits["min_sentences"]
    found = [line.text for line in lines(document.text) if line.text.strip()]
    if len(found) >= least:  # a line is a sentence at least
        return
    count = 0
    for line in found:
        count += sentence_count(line, least - count)
        if count >= least:
            return
    if count < least:
        yield Drop(f"{count} sentence{'' if count == 1 else 's'} < {least:g}")


@rule(
    "QLT051",
    "mc4-paragraphs",
    safety="filter",
    thresholds={"min_paragraphs": 3, "min_characters": 200},
    fixes={},
    drops=[FIVE],
    keeps=["\n".join([LINE * 5] * 3)],
)
def paragraphs(document: Document, limits: Thresholds) -> Iterator[Drop]:
    """Leave out a document with fewer than 3 lines of 200 characters or more.

    mC4 asks for that in every language. News of short paragraphs fails, and so does Chinese, which says as much in a
    third of the characters.
    """
    long = sum(len(line) >= limits["min_characters"] for line in document.text.split("\n"))
    if long < limits["min_paragraphs"]:
        least = f"{limits['min_characters']:g} characters < {limits['min_paragraphs']:g}"
        yield Drop(f"{long} line{'' if long == 1 else 's'} of at least {least}")
