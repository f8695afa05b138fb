"""DUP: documents that another text survives for. Decided over the whole corpus, not by a rule alone."""

from __future__ import annotations

from collections.abc import Iterator

from cleaner.rule import rule
from cleaner.text import Document, Drop, Edit


@rule("DUP001", "exact-copy", fixes={}, keeps=["One document alone is no copy."], corpus=True)
def exact_copy(document: Document) -> Iterator[Drop]:
    """Leave out a document that another one repeats to the letter.

    Sites publish one text under several addresses, and scrapers fetch it again. Case, quotes and spaces are not
    compared; every letter, figure and sign is. The survivor is named, and the text is kept for undo.
    """
    return iter(())


@rule("DUP002", "near-copy", fixes={}, keeps=["One document alone is no copy."], corpus=True)
def near_copy(document: Document) -> Iterator[Drop]:
    """Leave out a document that another one repeats so closely that nothing is lost.

    Half of their five-word runs are shared, or four fifths of the shorter one's. The aligned texts show no other
    figure, name or negation and hardly a word more than the survivor has. What says anything else is a version, and
    stays.
    """
    return iter(())


@rule("DUP003", "version", fixes={}, keeps=["One document alone is no version."], safety="report", corpus=True)
def version(document: Document) -> Iterator[Drop]:
    """Report two documents that tell the same story with other facts.

    They share half of their five-word runs, or four fifths of the shorter one's, yet a figure, a name or a sentence
    differs. Both stay; the differences are listed in duplicates.jsonl. With `versions = "latest"` in the settings
    the one of the earlier day goes, where both say their day.
    """
    return iter(())


@rule("DUP004", "evaluation-text", fixes={}, keeps=["No text goes unless evaluation texts are given."], corpus=True)
def evaluation_text(document: Document) -> Iterator[Drop]:
    """Leave out a document that shares a passage with evaluation texts, given by `run --against` or `against`.

    A model that was trained on them cannot be measured by them. Thirteen tokens in a row count as a passage
    (`against-ngram`); `cleaner decontaminate` shows the passages first. Without evaluation texts nothing goes.
    """
    return iter(())


@rule(
    "DUP005",
    "similar-copy",
    fixes={},
    keeps=["One document alone is no copy."],
    safety="unsafe",
    corpus=True,
    default=False,
)
def similar_copy(document: Document) -> Iterator[Drop]:
    """Leave out a document that shares four fifths of its five-word runs with another one, whatever else it says.

    What other tools do with near duplicates: right for a training corpus of millions of pages, where a changed figure
    is worth less than the time to look for it. Nothing is aligned; the similarity is exact, not estimated. Off until it
    is selected, and made only with unsafe fixes on.
    """
    return iter(())


@rule(
    "DUP006",
    "many-addresses",
    fixes={},
    keeps=["One document alone is no crowd."],
    safety="report",
    corpus=True,
)
def many_addresses(document: Document) -> Iterator[Drop]:
    """Report a short text that stands under three addresses or more of one source.

    It is an error page, a redirect or a paywall: the scraper did not get what it asked for. Such pages are nobody's
    copy nor version, since what differs is the title. Those of them that are equal, title and all, go as exact copies
    do; the others stay unless the settings say `notices = "one"`. A text of more than a hundred words is no notice.
    """
    return iter(())


@rule("DUP007", "shared-sentence", fixes={}, keeps=["One document alone shares nothing."], safety="report", corpus=True)
def shared_sentence(document: Document) -> Iterator[Edit]:
    """Report a sentence of twelve words or more that stands in several documents that are no copies of one another.

    Quotations and agency copy are right where they stand, so nothing goes by itself. With `sentences = "first"` in the
    settings such a sentence stays in the first document that has it, in the order in which copies survive (`keep`), and
    goes from the others unless a figure, a name or a "not" differs; `undo` brings it back. For what a site repeats on
    every page see `cleaner learn`.
    """
    return iter(())
