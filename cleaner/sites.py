"""Count what repeats within one source, and say what of it is the site's own: lines, and what stands behind titles.

Sentences that stand in longer lines are counted too, and only listed: what many documents say in the same words amid
their prose is as often background as it is furniture ("The Gazette is the paper of the town.").

A line is the site's when many documents of one source have it, that otherwise differ, at the same end of the text and
beside the same neighbour. What repeats for other reasons is protected: copies of one article count as one document;
headings and list items ("Ingredients", "1 tsp salt") stand beside ever other lines; refrains, quotations and background
paragraphs stand among the document's own prose. Such lines are listed, and not applied until a person says so.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from cleaner.learned import Entry
from cleaner.segment import fold, is_prose, lines, sentences

DOCUMENTS = 3
"""Documents of a source, copies counted once, from which a line is listed."""
PROSE_DOCUMENTS, PROSE_SHARE = 5, (1, 5)
"""A line that reads like prose is applied only from so many documents, and from this share of the source's: articles on
one event often end with the same paragraph of background."""
UNNAMED = 2
"""Where nothing names the source, a folder may hold several: everything must be so many times as frequent."""
SHARE = (1, 100)
"""Share of a source's documents below which a line is not applied."""
SAME_END = (4, 5)
"""Share of its places that must be at one end of the text, before or after all prose that is the document's own."""
SAME_NEIGHBOUR = (1, 2)
"""Share of its places that must have the same line, or the border of the text, on one side."""
LISTED = 5
"""Documents from which a line is listed though it is not applied, if a tenth of the source has it, at most `MOST`."""
LISTED_SHARE = (1, 10)
MOST = 20
ASKED = "is a sentence: yours to decide"
"""Why no sentence is applied unasked."""
LONGEST = 400
"""Characters of the longest line or sentence that is counted."""
COPIES = (1, 2)
"""Share of the shorter document's own characters in the same lines from which two documents are copies."""
WINDOW = 3
"""A document is compared with so many that come next in the list of those that have a line."""


@dataclass(frozen=True, slots=True)
class Page:
    """A document as it is counted: its lines that have something visible, as written and folded, in order.

    `sentences` are those of lines that have several, each with its line and its place in it.
    """

    id: str
    written: tuple[str, ...]
    keys: tuple[str, ...]
    prose: tuple[bool, ...]
    sentences: tuple[tuple[int, str, str], ...] = ()


def page(key: str, text: str) -> Page:
    """A cleaned document, ready to be counted."""
    shown = [line.text.strip() for line in lines(text) if line.text.strip()]
    parts = tuple((n, *part) for n, line in enumerate(shown) for part in _parts(line))
    return Page(key, tuple(shown), tuple(map(fold, shown)), tuple(map(is_prose, shown)), parts)


def _parts(line: str) -> Iterator[tuple[str, str]]:
    """The sentences of a line that has several, and where each stands in it."""
    found = [text for part in sentences(line) if (text := part.text.strip())]
    for n, text in enumerate(found if len(found) > 1 else ()):
        yield text, "head" if n == 0 else "tail" if n + 1 == len(found) else "any"


def sites(pages: Iterable[tuple[str, Page]]) -> Iterator[Entry]:
    """The entries for documents given with their sources; their order makes no difference."""
    sources: dict[str, list[Page]] = defaultdict(list)
    for source, counted in pages:
        sources[source].append(counted)
    for source in sorted(sources):
        yield from site(source, sorted(sources[source], key=lambda p: p.id))


def site(source: str, pages: Sequence[Page]) -> Iterator[Entry]:
    """What one source repeats. Sources are independent of one another, so they can be counted anywhere."""
    if len(pages) < DOCUMENTS:
        return
    where: dict[str, list[int]] = defaultdict(list)
    for number, counted in enumerate(pages):
        for key in dict.fromkeys(counted.keys):
            where[key].append(number)
    group = copies(pages, where)
    total = len(set(group))
    groups = {key: len({group[n] for n in found}) for key, found in where.items() if len(found) >= DOCUMENTS}
    repeated = {key: count for key, count in groups.items() if count >= DOCUMENTS}
    times = UNNAMED if source.endswith(("/", ".jsonl")) else 1
    yield from _lines(source, pages, repeated, total, times)
    yield from _suffixes(source, pages, group, total, times)
    yield from _sentences(source, pages, repeated, group, total, times)


def copies(pages: Sequence[Page], where: Mapping[str, Sequence[int]]) -> list[int]:
    """The group of each document: those are together that share half of what they say, directly or by a third one.

    Only neighbours in the list of a line are compared, so that a line of every document costs no square of them; near
    copies are neighbours in the lists of all the lines they share.
    """
    common: Counter[tuple[int, int]] = Counter()
    for key, found in where.items():
        for at, number in enumerate(found):
            for other in found[at + 1 : at + 1 + WINDOW]:
                common[number, other] += len(key)
    sizes = [sum(map(len, set(counted.keys))) for counted in pages]
    group = list(range(len(pages)))

    def root(number: int) -> int:
        while group[number] != number:
            group[number] = group[group[number]]
            number = group[number]
        return number

    for (one, other), shared in common.items():
        if shared * COPIES[1] >= min(sizes[one], sizes[other]) * COPIES[0]:
            group[max(root(one), root(other))] = min(root(one), root(other))
    return [root(number) for number in range(len(pages))]


@dataclass(slots=True)
class _Seen:
    """Where a repeated line stands."""

    written: Counter[str]
    ends: Counter[str]
    before: Counter[str]
    behind: Counter[str]
    example: str = ""
    prose: bool = False


def _lines(source: str, pages: Sequence[Page], repeated: Mapping[str, int], total: int, times: int) -> Iterator[Entry]:
    seen: dict[str, _Seen] = {}
    for counted in pages:
        own = [n for n, key in enumerate(counted.keys) if counted.prose[n] and key not in repeated]
        for n, key in enumerate(counted.keys):
            if key not in repeated or len(key) > LONGEST:
                continue
            line = seen.setdefault(key, _Seen(Counter(), Counter(), Counter(), Counter(), counted.id))
            line.written[counted.written[n]] += 1
            line.ends["any" if not own else "head" if n < own[0] else "tail" if n > own[-1] else "any"] += 1
            line.before[counted.keys[n - 1] if n else ""] += 1
            line.behind[counted.keys[n + 1] if n + 1 < len(counted.keys) else ""] += 1
            line.prose = line.prose or counted.prose[n]
    listed = 0
    for key, line in sorted(seen.items(), key=lambda item: (-repeated[item[0]], item[0])):
        count = repeated[key]
        place, places = max(line.ends.items(), key=lambda item: (item[1], item[0]))
        why_not = _why_not(line, count, total, times, place if _at_least(places, line.ends.total(), SAME_END) else "")
        if why_not:
            listed += 1
            if count < LISTED * times or not _at_least(count, total, LISTED_SHARE) or listed > MOST:
                continue
        written = max(line.written.items(), key=lambda item: (item[1], item[0]))[0]
        place = "any" if why_not else place
        yield Entry("lines", source, written, count, round(count / total, 3), place, line.example, None, why_not)


def _at_least(part: int, whole: int, share: tuple[int, int]) -> bool:
    return part * share[1] >= whole * share[0]


def _why_not(line: _Seen, count: int, total: int, times: int, end: str) -> str:
    """Why a repeated line is not taken for the site's; empty when it is."""
    if end not in ("head", "tail"):
        return "stands among prose"
    places = line.ends.total()
    if not any(_at_least(max(side.values()), places, SAME_NEIGHBOUR) for side in (line.before, line.behind)):
        return "stands beside ever other lines"
    if count < DOCUMENTS * times or not _at_least(count, total * times, SHARE):
        return "is too rare"
    if line.prose and (count < PROSE_DOCUMENTS * times or not _at_least(count, total * times, PROSE_SHARE)):
        return "reads like prose"
    return ""


def _sentences(
    source: str, pages: Sequence[Page], repeated: Mapping[str, int], group: Sequence[int], total: int, times: int
) -> Iterator[Entry]:
    """Sentences that many documents have inside lines of their own; a person decides about them."""
    seen: dict[str, list[tuple[int, str, str]]] = defaultdict(list)
    for number, counted in enumerate(pages):
        for line, text, place in counted.sentences:
            if counted.keys[line] not in repeated and len(text) <= LONGEST:
                seen[fold(text)].append((number, text, place))
    counts = {key: len({group[n] for n, _, _ in found}) for key, found in seen.items() if len(found) >= DOCUMENTS}
    often = [key for key, count in counts.items() if count >= LISTED * times and _at_least(count, total, LISTED_SHARE)]
    for key in sorted(often, key=lambda key: (-counts[key], key))[:MOST]:
        written = Counter(text for _, text, _ in seen[key])
        text = max(written.items(), key=lambda item: (item[1], item[0]))[0]
        where = Counter(place for _, _, place in seen[key])
        place, places = max(where.items(), key=lambda item: (item[1], item[0]))
        place = place if _at_least(places, where.total(), SAME_END) else "any"
        example = pages[seen[key][0][0]].id
        share = round(counts[key] / total, 3)
        yield Entry("sentences", source, text, counts[key], share, place, example, None, ASKED)


_SUFFIX = re.compile(r"\s+(?:[|\u2013\u2014\u00b7\u00bb-]|::|//)\s+\S.{0,60}$")
SUFFIX_SHARE = (3, 10)
TITLE = 200


def _suffixes(source: str, pages: Sequence[Page], group: Sequence[int], total: int, times: int) -> Iterator[Entry]:
    """What stands behind the titles of a source: a mark and the same words, in three titles out of ten."""
    found: dict[str, set[int]] = defaultdict(set)
    example: dict[str, str] = {}
    for number, counted in enumerate(pages):
        if not counted.written or counted.prose[0] or len(counted.written[0]) > TITLE:
            continue
        for suffix in _ends(counted.written[0]):
            found[suffix].add(group[number])
            example.setdefault(suffix, counted.id)
    for suffix, documents in sorted(found.items()):
        count = len(documents)
        if count >= DOCUMENTS * times and _at_least(count, total, SUFFIX_SHARE):
            longer = any(len(found[other]) == count for other in found if other != suffix and other.endswith(suffix))
            if not longer:
                yield Entry("suffixes", source, suffix, count, round(count / total, 3), "any", example[suffix])


def _ends(title: str) -> Iterator[str]:
    """The ends of a title from each mark on, the mark with its blanks included."""
    at = 0
    while found := _SUFFIX.search(title, at):
        if found.start():
            yield title[found.start() :]
        at = found.start() + 1
