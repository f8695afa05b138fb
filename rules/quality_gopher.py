"""QLT001-QLT007: the quality filter of Gopher (Rae and others 2021, table A1), as datatrove 0.10.1 computes it.

Words are those of cleaner/english_words.py, whatever the language of the document.
"""

from __future__ import annotations

from collections.abc import Iterator

from cleaner.rule import Thresholds, rule
from cleaner.text import Document, Drop
from cleaner.word_measures import measured

PROSE = (
    "The mayor of the town opened the new bridge over the river on Friday before a large crowd that had waited in the "
    "rain since the early morning. She said that the work had cost less than the council had feared, and that the old "
    "bridge would be taken down with the help of the army in the spring."
)


def _share(part: int, whole: int, what: str) -> str:
    return f"{part:,} of {whole:,} {what}, {part / whole:.3f}"


@rule(
    "QLT001",
    "gopher-length",
    safety="filter",
    thresholds={"min_words": 50, "max_words": 100_000},
    fixes={},
    drops=["Only a headline and two words."],
    keeps=[PROSE],
)
def length(document: Document, limits: Thresholds) -> Iterator[Drop]:
    """Leave out a document of fewer than 50 or more than 100,000 words.

    Gopher found little language in such pages. News in brief and captions of pictures are as short. Punctuation does
    not count.
    """
    count = measured(document.text).proper
    if count < limits["min_words"]:
        yield Drop(f"{count:,} words < {limits['min_words']:,}")
    elif count > limits["max_words"]:
        yield Drop(f"{count:,} words > {limits['max_words']:,}")


@rule(
    "QLT002",
    "gopher-word-length",
    safety="filter",
    thresholds={"min_characters": 3, "max_characters": 10},
    fixes={},
    drops=["A b c d e f g h.", "Donaudampfschifffahrtsgesellschaft Rindfleischetikettierung"],
    keeps=[PROSE],
)
def word_length(document: Document, limits: Thresholds) -> Iterator[Drop]:
    """Leave out a document whose words have fewer than 3 or more than 10 characters on average.

    Tables, codes and lists of names look like that; so does a text in a script without blanks, such as Chinese, whose
    chunks between marks count as words here.
    """
    found = measured(document.text)
    if not found.proper:
        return
    mean = found.characters / found.proper
    if mean < limits["min_characters"]:
        yield Drop(f"words of {mean:.2f} characters on average < {limits['min_characters']:g}")
    elif mean > limits["max_characters"]:
        yield Drop(f"words of {mean:.2f} characters on average > {limits['max_characters']:g}")


@rule(
    "QLT003",
    "gopher-symbols",
    safety="filter",
    thresholds={"max_hashes": 0.1, "max_ellipses": 0.1},
    fixes={},
    drops=["Rain #rain in the #town of #Bridge.", "Rain ... in the ... town …"],
    keeps=[PROSE, "The first word # and nine more that follow it here now."],
)
def symbols(document: Document, limits: Thresholds) -> Iterator[Drop]:
    """Leave out a document with more than one hash sign, or more than one ellipsis, for ten words.

    Hash tags and cut teasers make such pages.
    """
    text = document.text
    count = measured(text).words if "#" in text or "..." in text or "…" in text else 0
    if not count:
        return
    for name, found, what in (
        ("max_hashes", text.count("#"), "hash signs"),
        ("max_ellipses", text.count("...") + text.count("…"), "ellipses"),
    ):
        if found / count > limits[name]:
            yield Drop(f"{found:,} {what} for {count:,} words, {found / count:.3f} > {limits[name]:g}")


@rule(
    "QLT004",
    "gopher-bullets",
    safety="filter",
    thresholds={"max_lines": 0.9},
    fixes={},
    drops=["- one\n- two\n• three"],
    keeps=[PROSE, "Three things:\n- one\n- two\n- three"],
)
def bullets(document: Document, limits: Thresholds) -> Iterator[Drop]:
    """Leave out a document in which over 90 % of the lines begin with a bullet or a hyphen.

    Such a page is a menu or a list. Blank lines count as lines.
    """
    lines = document.text.splitlines()
    found = sum(line.lstrip().startswith(("•", "-")) for line in lines)
    if lines and found / len(lines) > limits["max_lines"]:
        yield Drop(f"{_share(found, len(lines), 'lines begin with a bullet')} > {limits['max_lines']:g}")


@rule(
    "QLT005",
    "gopher-ellipsis-lines",
    safety="filter",
    thresholds={"max_lines": 0.3},
    fixes={},
    drops=["The mayor opened the ...\nRain in the town …\nA third line."],
    keeps=[PROSE, "He waited…\nNothing came.\nShe left.\nIt rained."],
)
def ellipsis_lines(document: Document, limits: Thresholds) -> Iterator[Drop]:
    """Leave out a document in which over 30 % of the lines end in an ellipsis.

    Such a page is a list of teasers that were cut. Blank lines count as lines.
    """
    text = document.text
    if "..." not in text and "…" not in text:
        return
    lines = text.splitlines()
    found = sum(line.rstrip().endswith(("...", "…")) for line in lines)
    if found / len(lines) > limits["max_lines"]:
        yield Drop(f"{_share(found, len(lines), 'lines end in an ellipsis')} > {limits['max_lines']:g}")


@rule(
    "QLT006",
    "gopher-letters",
    safety="filter",
    thresholds={"min_words": 0.8},
    fixes={},
    drops=["12 : 3 , 14 : 2 , Town"],
    keeps=[PROSE],
)
def letters(document: Document, limits: Thresholds) -> Iterator[Drop]:
    """Leave out a document in which under 80 % of the words have a letter.

    Tables and results look like that. Every mark of punctuation counts as a word without a letter, so that a text of
    many quotations and brackets comes near.
    """
    found = measured(document.text)
    if found.words and found.lettered / found.words < limits["min_words"]:
        yield Drop(f"{_share(found.lettered, found.words, 'words have a letter')} < {limits['min_words']:g}")


@rule(
    "QLT007",
    "gopher-stop-words",
    safety="filter",
    thresholds={"min_words": 2},
    fixes={},
    drops=["Der Bürgermeister eröffnete am Freitag die neue Brücke."],
    keeps=[PROSE],
)
def stop_words(document: Document, limits: Thresholds) -> Iterator[Drop]:
    """Leave out a document with fewer than two different words of: the, be, to, of, and, that, have, with.

    No English prose lacks them, and every text in another language does: this filter is for English corpora.
    """
    found = measured(document.text).stops
    if found < limits["min_words"]:
        yield Drop(f"{found} different English stop words < {limits['min_words']:g}")
