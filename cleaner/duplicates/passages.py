"""Sentences as they are looked for across documents: a row for each that is long enough, of fixed width.

A sentence is what `segment.sentences` gives. Two are equal when their folded tokens are; nearly equal ones share keys:
MinHash over runs of three tokens, five bands of two values, which find a pair of Jaccard .6 with probability .89 and
one of .8 with .994. (Of runs of five, as for documents, a sentence of twelve words with one changed keeps .2 to .4.)
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from cleaner.compiled import on
from cleaner.duplicates.mix import mixed
from cleaner.duplicates.shingle import P, token_hash
from cleaner.duplicates.sketch import AT_ONCE, permutations
from cleaner.packed import Bytes, Packed
from cleaner.segment import FINAL, SPACES, lines, sentence_sizes, sentences, tokens, without_lines

LEAST = 12
"""Tokens of the shortest sentence that is looked for: shorter ones are repeated by writers and by chance."""
SHORTEST = 2 * LEAST - 1
"""Bytes of the shortest line with so many: between two tokens stands a sign, or one of them has three bytes."""
LINE_FEED = 10
RUN = 3
"""Tokens of a run."""
BANDS, BAND = 5, 2

ROW = np.dtype([("document", "<u4"), ("start", "<u4"), ("end", "<u4"), ("exact", "<u8"), ("keys", "<u8", (BANDS,))])
"""A sentence: the number of its document, the characters at which it and the next one begin, a hash that equal ones
share, its keys."""

Rows = npt.NDArray[np.void]
Hashes = npt.NDArray[np.uint64]
Integers = npt.NDArray[np.int64]


def rows_by(number: np.dtype[Any]) -> np.dtype[Any]:
    """ROW with documents numbered as widely as a whole corpus needs; its shards and portions need no more than ROW."""
    return np.dtype([(name, number if name == "document" else ROW[name]) for name in ROW.names or ()])


def passage_rows(texts: Sequence[str], first: int = 0) -> Rows:
    """A row for every sentence of LEAST tokens or more; documents are numbered from `first` on."""
    packed = Packed.of(texts)
    found = [_rows(packed[start:end], first + start) for start, end in packed.slices(AT_ONCE)]
    return np.concatenate(found) if found else np.zeros(0, ROW)


def _rows(texts: Packed, first: int) -> Rows:
    starts = _starts(texts)
    hashes, borders = _hashes(Packed(texts.data, np.append(starts, texts.borders[-1])))
    long = np.flatnonzero(np.diff(borders) >= LEAST)
    rows = np.zeros(len(long), ROW)
    if not len(long):
        return rows
    ends = np.append(starts[1:], texts.borders[-1])
    owners = np.searchsorted(texts.borders, starts[long], side="right") - 1
    begins, starting, ending = _in_characters(texts, texts.borders[owners], starts[long], ends[long])
    rows["document"] = owners + first
    rows["start"] = starting - begins
    rows["end"] = ending - begins
    rows["exact"], rows["keys"] = measured(hashes, borders[:-1][long], borders[1:][long])
    return rows


def measured(hashes: Hashes, begins: Integers, ends: Integers) -> tuple[Hashes, Hashes]:
    """The hash and the keys of each of some stretches of tokens, all of RUN tokens or more."""
    if not on():
        return _summed(hashes, begins, ends), _keys(_runs(hashes), begins, ends - RUN + 1)
    from cleaner.duplicates.passages_kernel import measure

    factors, summands = (values[: BANDS * BAND] for values in permutations())
    exact, keys = np.empty(len(begins), np.uint64), np.zeros((len(begins), BANDS), np.uint64)
    measure(hashes, begins, ends, factors, summands, np.empty_like(factors), exact, keys)
    return exact, keys


def _starts(texts: Packed) -> Integers:
    """Where the sentences of texts begin, in bytes; a line too short for one that is looked for is taken as one.

    Line feeds go with what they follow.
    """
    data = texts.data[: texts.characters]
    begins = np.zeros(len(data) + 1, np.bool_)
    np.equal(data, LINE_FEED, out=begins[1:])
    begins[texts.borders[:-1]] = True
    starts = np.flatnonzero(begins[:-1])
    ends = np.append(starts[1:], len(data))[: len(starts)]
    ends -= data[ends - 1] == LINE_FEED
    lasts = ends - 1
    for _ in range(3):  # bytes of one character
        lasts -= (data[lasts] & 0xC0) == 0x80
    stops, spaced = _stops(data)
    asked = (ends - starts >= SHORTEST) & (np.searchsorted(stops, starts) < np.searchsorted(stops, lasts))
    begins[_inside_lines(data.tobytes(), starts[asked], ends[asked], spaced=spaced)] = True
    return np.flatnonzero(begins[:-1])


def _stops(data: Bytes) -> tuple[Integers, bool]:
    """Where marks stand that may end a sentence, and whether there are spaces that sentencex is shown as others."""
    narrow = np.zeros(len(data), np.bool_)
    for mark in FINAL:
        if mark.isascii():
            narrow |= data == ord(mark)
    wide = np.flatnonzero(data >= 0xC2)
    padded = np.append(data, np.zeros(2, np.uint8))
    first, second, third = (padded[wide + n].astype(np.int64) for n in range(3))
    codes = (first << 16) | (second << 8) | np.where(first >= 0xE0, third, 0)
    narrow[wide[np.isin(codes, _codes(FINAL))]] = True
    return np.flatnonzero(narrow), bool(np.isin(codes, _codes(SPACES)).any())


@cache
def _codes(marks: tuple[str, ...]) -> Integers:
    """Such of some characters as are no ASCII, as numbers: their two or three bytes, and a zero behind two."""
    return np.array([int.from_bytes(mark.encode().ljust(3, b"\0")) for mark in marks if not mark.isascii()], np.int64)


def _inside_lines(written: bytes, starts: Integers, ends: Integers, *, spaced: bool) -> Integers:
    """Where the sentences of some lines begin, in bytes; of each line but the first one."""
    if not len(starts):
        return starts
    found = [written[start:end] for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]
    joined = BLANK.join([*found, b""])
    borders = np.append(0, np.cumsum(ends - starts + len(BLANK)))
    sizes: list[int] = []
    at = 0
    while at < len(found):
        stop = max(at + 1, int(np.searchsorted(borders, borders[at] + AT_A_TIME, side="right")) - 1)
        some = str(joined[borders[at] : borders[stop] - len(BLANK)], "utf-8")
        sizes += sentence_sizes(some, stop - at, spaced=spaced)
        sizes.append(len(BLANK))
        at = stop
    cuts = np.cumsum(np.array(sizes))[:-1]
    inside = np.flatnonzero((np.frombuffer(joined, np.uint8) & 0xC0) == 0x80)
    cuts += np.searchsorted(inside - np.arange(len(inside)), cuts, side="right")  # characters as bytes
    owners = np.searchsorted(borders, cuts, side="right") - 1
    places: Integers = starts[owners] + cuts - borders[owners]
    return places[(places > starts[owners]) & (places < ends[owners])]


BLANK = b"\n\n"
AT_A_TIME = 8 << 10
"""Bytes of lines that are cut at once."""


def _in_characters(texts: Packed, *places: Integers) -> list[Integers]:
    """Places given in bytes as characters."""
    inside = np.flatnonzero((texts.data[: texts.characters] & 0xC0) == 0x80)
    return [some - np.searchsorted(inside, some) for some in places]


def _hashes(texts: Packed) -> tuple[Hashes, Integers]:
    """The hashes of the tokens of texts, and where those of each begin."""
    if on():
        from cleaner.duplicates import kernel

        batch = kernel.Batch(texts)
        return batch.hashes, batch.starts
    found = [[token_hash(token.encode("utf-8")) for token in tokens(text)] for text in texts]
    borders = np.zeros(len(found) + 1, np.int64)
    np.cumsum([len(part) for part in found], out=borders[1:])
    return np.array([value for part in found for value in part], np.uint64), borders


def _summed(hashes: Hashes, starts: Integers, ends: Integers) -> Hashes:
    """A hash of each stretch of tokens: the sum of its tokens' hashes, each mixed with its place in the stretch."""
    sizes = ends - starts
    at = np.repeat(starts, sizes) + _counted(sizes)
    placed = mixed(hashes[at] + (_counted(sizes).astype(np.uint64) + np.uint64(1)) * np.uint64(P))
    total: Hashes = np.add.reduceat(placed, np.cumsum(sizes) - sizes)
    return total


def _counted(sizes: Integers) -> Integers:
    """0, 1, 2 ... for each of some stretches."""
    return np.arange(int(sizes.sum())) - np.repeat(np.cumsum(sizes) - sizes, sizes)


def _runs(hashes: Hashes) -> npt.NDArray[np.uint32]:
    """32 bits for the run of three tokens that begins at each place."""
    power = [np.uint64(pow(P, k, 1 << 64)) for k in (2, 1, 0)]
    wide = np.concatenate([hashes, np.zeros(RUN - 1, np.uint64)])
    value = sum((wide[k : k + len(hashes)] * power[k] for k in range(RUN)), np.zeros(len(hashes), np.uint64))
    return (mixed(value) >> np.uint64(32)).astype(np.uint32)


def _keys(runs: npt.NDArray[np.uint32], starts: Integers, ends: Integers) -> Hashes:
    """The keys of each stretch of runs: a band of two least values of permuted runs, mixed."""
    factors, summands = permutations()
    sizes = ends - starts
    held = runs[np.repeat(starts, sizes) + _counted(sizes)]
    borders = np.cumsum(sizes) - sizes
    keys = np.zeros((len(starts), BANDS), np.uint64)
    for band in range(BANDS):
        for slot in range(band * BAND, (band + 1) * BAND):
            least = np.minimum.reduceat(held * factors[slot] + summands[slot], borders)
            keys[:, band] = mixed(keys[:, band] ^ least.astype(np.uint64))
    return keys


def cut(text: str, starts: Collection[int]) -> list[tuple[int, int, int]]:
    """What to take out of a text so that the sentences that begin at `starts` go: the start of one, and a span.

    Spans are in order and touch nowhere. A line of which nothing is left goes with its newline, and with the blank line
    behind it where another one stands before it.
    """
    rows = lines(text)
    found: list[tuple[int, int, int]] = []
    whole: dict[int, int] = {}
    for number, line in enumerate(rows):
        parts = [(line.start + part.start, line.start + part.end) for part in sentences(line.text)]
        gone = [at for at, _ in parts if at in starts]
        if gone and len(gone) == len(parts):
            whole[number] = gone[0]
            above = max((n for n in range(number) if n not in whole), default=-1)
            blank_above = above < 0 or not rows[above].text.strip()
            if blank_above and number + 1 < len(rows) and not rows[number + 1].text.strip():
                whole[number + 1] = gone[0]
        elif gone:
            found += _inside(text, parts, starts)
    out = without_lines(text, [rows[number] for number in whole])
    return sorted(found + [(at, *span) for at, span in zip(whole.values(), out, strict=True)], key=lambda item: item[1])


def _inside(text: str, parts: Sequence[tuple[int, int]], starts: Collection[int]) -> Iterator[tuple[int, int, int]]:
    """Sentences out of a line that keeps others; those at its end go with the blanks before them."""
    kept = 0
    for at, end in parts:
        if at not in starts:
            kept = at + len(text[at:end].rstrip())
        elif any(begin > at and begin not in starts for begin, _ in parts):
            yield at, at, end
        else:
            yield at, max(kept, parts[0][0]), parts[-1][1]
            return
