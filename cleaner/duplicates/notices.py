"""One short text under many addresses of a source: an error page, a redirect, a paywall.

It tells no story, so it has no copies and no versions: what differs is the title that was asked for. Documents are one
crowd when they come from one source and share their body to the letter, whatever stands above it as a title. A crowd is
told as one finding, and takes no part in the search for copies.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from hashlib import blake2b
from typing import TYPE_CHECKING

from cleaner.duplicates.finding import Entry, Finding, Notice, TextsOf
from cleaner.segment import is_prose, shingles, tokens

if TYPE_CHECKING:
    from cleaner.duplicates.sketch import Rows
    from cleaner.duplicates.survivors import Policy

NOTICE = 100
"""Tokens of the longest body that says too little to be a story. Of 2,542 news texts 3 in 100 are as short; those of
them that stand under several addresses are dead links and cookie walls of 31 to 54 tokens."""
LONGEST = 1_500
"""Characters of the longest text that is looked at: 100 tokens have 600 in English, and a title comes on top."""
ADDRESSES = 3
"""Addresses from which on documents are a crowd; two may be one page that was moved."""
SAMPLE = 200
"""Characters of the body that are shown of a crowd."""
TOGETHER = 1_000
"""Texts of a crowd that are held at a time."""
SIZE = 5
"""Tokens of a shingle."""
_SHOWN = re.compile(r"\S[^\n]*")
"""A line from its first visible character on."""


def parted(text: str) -> tuple[str, str]:
    """The title of a text, if it has one, and what stands below it. A first line that reads like prose is no title."""
    first = _SHOWN.search(text)
    second = _SHOWN.search(text, first.end()) if first else None
    if not first or not second:
        return "", text
    title = text[text.rfind("\n", 0, first.start()) + 1 : first.end()]
    return ("", text) if is_prose(title) else (title, text[text.rfind("\n", 0, second.start()) + 1 :])


def notice(text: str, address: str) -> Notice | None:
    """What a document is compared by; nothing where its body has no word, or too many for a notice."""
    return notices([text], [address])[0]


def notices(texts: Sequence[str], addresses: Sequence[str]) -> list[Notice | None]:
    """The same of many documents."""
    from cleaner.duplicates.sketch import weighed

    found: list[Notice | None] = [None] * len(texts)
    short = [n for n, text in enumerate(texts) if len(text) <= LONGEST]
    bodies = [parted(texts[n])[1] for n in short]
    for n, (count, written) in zip(short, weighed(bodies), strict=True):
        if 0 < count <= NOTICE:
            found[n] = Notice(blake2b(written, digest_size=12).hexdigest(), addresses[n])
    return found


def crowds(entries: Sequence[Entry], ranked: Sequence[int]) -> Iterator[tuple[int, list[int]]]:
    """The crowds, as the number of their addresses and the places of their members, in the order of `ranked`."""
    groups: dict[tuple[str, str], list[int]] = {}
    addresses: dict[tuple[str, str], set[str]] = {}
    for place in ranked:
        entry = entries[place]
        if entry.notice:
            key = entry.source, entry.notice.body
            groups.setdefault(key, []).append(place)
            addresses.setdefault(key, set()).add(entry.notice.address)
    for key, group in groups.items():
        if len(addresses[key]) >= ADDRESSES:
            yield len(addresses[key]), group


def set_apart(
    entries: Sequence[Entry],
    rows: Rows,
    ranked: Sequence[int],
    texts_of: TextsOf,
    policy: Policy,
    *,
    whole: bool,
) -> tuple[list[int], list[Finding]]:
    """Find the crowds among documents. Gives the places that are left, best first, and what was found.

    The best one of a crowd stays. With `whole` those go that say the same under the same title as one that stays; the
    others only where the policy says so, since their title is what they alone say.
    """
    found: list[Finding] = []
    apart: set[int] = set()
    for addresses, crowd in crowds(entries, ranked):
        apart.update(crowd)
        found += _findings(entries, rows, crowd, texts_of, policy, addresses, whole=whole)
    return [place for place in ranked if place not in apart], found


def _findings(
    entries: Sequence[Entry],
    rows: Rows,
    crowd: Sequence[int],
    texts_of: TextsOf,
    policy: Policy,
    addresses: int,
    *,
    whole: bool,
) -> Iterator[Finding]:
    """A finding for each member of a crowd but the first; of frozen ones everything was told when they came."""
    first = crowd[0]
    (kept,) = texts_of([first])
    title, body = parted(kept)
    runs = shingles(tokens(kept), SIZE)
    sample = body[:SAMPLE]
    stays = {rows["exact"][first].tobytes(): first}
    for place in [place for place in crowd if entries[place].id in policy.frozen]:
        stays.setdefault(rows["exact"][place].tobytes(), place)
    told = [place for place in crowd[1:] if entries[place].id not in policy.frozen]
    for place, text in _a_few(told, texts_of):
        same = stays.setdefault(rows["exact"][place].tobytes(), place)
        repeats = whole and same != place
        survivor = same if repeats and policy.notices == "keep" else first
        own = shingles(tokens(text), SIZE)
        others, hunk = (runs, (parted(text)[0], title)) if survivor == first else (own, ("", ""))
        yield Finding(
            entries[place].id,
            entries[survivor].id,
            "address",
            len(own & others),
            len(own | others),
            min(len(own), len(others)),
            (hunk,) if hunk[0] != hunk[1] else (),
            dropped=repeats or policy.notices == "one",
            addresses=addresses,
            crowd=entries[first].id,
            sample=sample,
        )
        sample = ""


def _a_few(places: Sequence[int], texts_of: TextsOf) -> Iterator[tuple[int, str]]:
    """Some documents with their texts, brought a few at a time."""
    for start in range(0, len(places), TOGETHER):
        some = places[start : start + TOGETHER]
        yield from zip(some, texts_of(some), strict=True)
