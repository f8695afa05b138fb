"""The words of a text that are asked about and that a list lacks, compiled: one pass over its bytes.

A list is a set of 62-bit hashes (hash_set.py), taken of eight bytes at a time. An unlisted word that shares its hash
with a listed one would be overlooked: one word in 10 million million.

The lists are larger than what a processor keeps at hand, and texts use few words again and again. So words that turned
out to be of no interest are noted in a small table, each in the one slot that its hash has there, and most words cost
one look at that.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np

from cleaner.codes import WIDE, codes, numbers
from cleaner.compiled import borrower, inner, kernel
from cleaner.hash_set import has
from cleaner.vocabulary import Question
from cleaner.words_of_bytes import lowest
from cleaner.words_of_codes import beyond, low_bytes
from cleaner.words_of_codes import letters as letters_among

Array = np.ndarray[Any, Any]
_U = np.uint64

_PRIME, _OTHER = _U(0xFF51AFD7ED558CCD), _U(0xC4CEB9FE1A85EC53)
_SMALL = _U(0x2020202020202020)
_END, _CODES = 0, 32
"""What stands for both ends of a word, and how many letters and ends there are for the automaton of parts."""
_SEEN = 1 << 9
_DULL = 1 << 17
"""Slots of the table of dull words: 1 MB. With fewer, common words lose theirs to rare ones again and again."""
_BATCH = 1 << 8
"""Words that are looked up at once."""
_ROOM = 1 << 7
"""Places that are written down at first; a text that has more is read once more."""


class Table(NamedTuple):
    """What `unlisted` reads: listed words; those asked about, by their hashes, by parts, by letters."""

    listed: Array
    whole: Array
    moves: Array
    """The automaton of what words hold: from each state, by the low five bits of a letter; 0 is an end of a word."""
    found: Array
    """For each state whether what is asked about stands there."""
    letters: Array
    """For each byte whether it is asked about."""
    dull: Array
    """Hashes of words of no interest, as far as was seen: the one thing that changes."""


def table(words: Iterable[str], question: Question) -> Table:
    """A list of words, and which of the words that it lacks are asked about."""
    moves, found = _automaton(
        [_codes(part) for part in question.parts]
        + [[_END, *_codes(head)] for head in question.heads]
        + [[*_codes(tail), _END] for tail in question.tails]
    )
    letters = np.zeros(256, dtype=np.bool_)
    letters[[ord(letter) for letter in question.letters if letter.isascii()]] = True
    return Table(_hashed(words), _hashed(question.whole), moves, found, letters, np.full(_DULL, -1, dtype=np.int64))


def _codes(letters: str) -> list[int]:
    return [letter & 31 for letter in letters.encode("ascii")]


def _automaton(strings: Iterable[Sequence[int]]) -> tuple[Array, Array]:
    """What finds any of some strings in one pass (Aho and Corasick, "Efficient String Matching", 1975)."""
    moves: list[list[int]] = [[0] * _CODES]
    found = [False]
    for string in strings:
        state = 0
        for code in string:
            if not moves[state][code]:
                moves[state][code] = len(moves)
                moves.append([0] * _CODES)
                found.append(False)
            state = moves[state][code]
        found[state] = True
    rest = {state: 0 for state in moves[0] if state}
    for state in (waiting := list(rest)):
        back = rest[state]
        found[state] |= found[back]
        for code, following in enumerate(moves[state]):
            if following:
                rest[following] = moves[back][code]
                waiting.append(following)
            else:
                moves[state][code] = moves[back][code]
    return np.array(moves, dtype=np.int16).ravel(), np.array(found, dtype=np.bool_)


def _hashed(words: Iterable[str]) -> Array:
    """The ASCII words of a list as hashes in a power of two of slots, a quarter of them empty at least (-1)."""
    plain = [word for word in words if word.isascii()]
    starts = np.zeros(len(plain) + 1, dtype=np.int64)
    np.cumsum([len(word) for word in plain], out=starts[1:])
    slots = np.full(1 << max(4, (len(plain) * 4 // 3).bit_length()), -1, dtype=np.int64)
    _fill(slots, starts, numbers("".join(plain)))
    return slots


@borrower
def _fill(slots: Array, starts: Array, blob: Array) -> None:
    mask = len(slots) - 1
    for word in range(len(starts) - 1):
        value = _hash(blob, starts[word], starts[word + 1], _U(0))
        slot = (value ^ (value >> 29)) & mask
        while slots[slot] >= 0:
            slot = (slot + 1) & mask
        slots[slot] = value


@inner
def _mixed(value: np.uint64, piece: np.uint64) -> np.uint64:
    """A hash with eight bytes more."""
    value = (value ^ piece) * _PRIME
    return value ^ (value >> _U(32))


@inner
def _finished(value: np.uint64, size: int) -> Any:
    """A hash of 62 bits, of so many bytes."""
    value = (value ^ _U(size)) * _OTHER
    return np.int64((value ^ (value >> _U(29))) >> _U(2))


@inner
def _low(many: int) -> np.uint64:
    """The lowest bytes of a word, less than eight."""
    return (_U(1) << _U(8 * many)) - _U(1)


@inner
def _hash(text: Array, start: int, end: int, small: np.uint64) -> Any:
    """The hash of a stretch of ASCII; `small` is or-ed to each byte."""
    value = _U(0)
    at = start
    while end - at >= 8:
        value = _mixed(value, low_bytes(text, at) | small)
        at += 8
    return _finished(_mixed(value, (low_bytes(text, at) | small) & _low(end - at)), end - start)


@inner
def _whole_hash(text: Array, start: int, end: int) -> Any:
    """The hash of a stretch of any characters; -1, which is always taken for a first one, where WIDE hides which."""
    value = _U(0)
    for at in range(start, end):
        if text[at] == WIDE:
            return np.int64(-1)
        value = _mixed(value, _U(text[at]))
    return _finished(value, end - start)


@inner
def _is_first(seen: Array, value: int) -> bool:
    """Whether a hash comes for the first time; a small table that fills up may say so again."""
    if value < 0:
        return True
    mask = len(seen) - 1
    slot = (value ^ (value >> 29)) & mask
    for _ in range(8):
        if seen[slot] == value:
            return False
        if seen[slot] < 0:
            seen[slot] = value
            return True
        slot = (slot + 1) & mask
    return True


@inner
def _is_asked(text: Array, start: int, end: int, moves: Array, found: Array, letters: Array) -> bool:
    """Whether a word of ASCII letters holds what is asked about."""
    state = np.int64(moves[_END])
    asked = found[state]
    for at in range(start, end):
        state = np.int64(moves[_CODES * state + (text[at] & 31)])
        asked |= found[state] | letters[text[at]]
    return bool(asked | found[moves[_CODES * state + _END]])


@inner
def _is_wanted(
    text: Array,
    start: int,
    end: int,
    exact: int,
    listed: Array,
    whole: Array,
    moves: Array,
    found: Array,
    letters: Array,
) -> bool:
    """Whether a word of ASCII letters that is not listed as written is asked about, and not listed in small letters."""
    if not has(whole, exact) and not _is_asked(text, start, end, moves, found, letters):
        return False
    return not has(listed, _hash(text, start, end, _SMALL))


@inner
def _unlisted(
    text: Array, listed: Array, whole: Array, moves: Array, found: Array, letters: Array, dull: Array, seen: Array,
    batch: Array, places: Array,
) -> tuple[int, int]:  # fmt: skip
    """Note where words are wanted, ASCII ones in the first row of `places`, and give how many of both rows there are.

    Those that have no room are counted. Where other letters stand beside a word, the stretch between blanks goes into
    the second row: its words are for the caller to find. A stretch that stands again is hardly ever given again: `seen`
    holds hashes, -1 where there is none.
    """
    plain = mixed = held = 0
    at = 0
    while at < len(text):
        here, high = letters_among(text, at), beyond(text, at)
        stops = here | high
        ahead = 64
        while stops:
            low = lowest(stops)
            start = at + low
            run = lowest(~(here >> _U(low)))
            behind = low + run
            if behind == 64 and low:
                ahead = low  # the word is looked at again, from its beginning
                break
            if behind == 64:
                run = behind = ahead = _length(text, start)
            end = start + run
            if end < len(text) and text[end] >= 128 and not _is_mark(text[end]):
                start, end = _between_blanks(text, start, end)
                if _is_first(seen, _whole_hash(text, start, end)):
                    if mixed < places.shape[1]:
                        places[1, mixed] = start, end
                    mixed += 1
                ahead = end - at
                break
            if run:
                exact = _short(text, start, run) if run < 8 else _hash(text, start, end, _U(0))
                batch[0, held], batch[1, held], batch[2, held] = exact, start, end
                held += 1
                if held == _BATCH:
                    plain = _weighed(text, held, batch, listed, whole, moves, found, letters, dull, places[0], plain)
                    held = 0
            else:
                behind += 1
            if behind >= 64:
                break
            stops = stops >> _U(behind) << _U(behind)
        at += ahead
    plain = _weighed(text, held, batch, listed, whole, moves, found, letters, dull, places[0], plain)
    return plain, mixed


@inner
def _weighed(
    text: Array, held: int, batch: Array, listed: Array, whole: Array, moves: Array, found: Array, letters: Array,
    dull: Array, places: Array, plain: int,
) -> int:  # fmt: skip
    """Note the places of those ASCII words of a batch that are wanted, behind others; gives how many there are.

    All are looked up among the dull ones, and the others in the list, before any is judged: then the processor need not
    wait for each slot.
    """
    left = unlisted = 0
    for n in range(held):
        batch[3, left] = n
        left += dull[_slot(batch[0, n])] != batch[0, n]
    for rest in range(left):
        n = batch[3, rest]
        batch[3, unlisted] = n
        if has(listed, batch[0, n]):
            dull[_slot(batch[0, n])] = batch[0, n]
        else:
            unlisted += 1
    for rest in range(unlisted):
        n = batch[3, rest]
        exact, start, end = batch[0, n], batch[1, n], batch[2, n]
        slot = _slot(exact)
        if dull[slot] == exact or (end - start <= 2 and _is_apostrophe(text, start - 1)):
            continue
        if not _is_wanted(text, start, end, exact, listed, whole, moves, found, letters):
            dull[slot] = exact
        else:
            if plain < len(places):
                places[plain] = start, end
            plain += 1
    return plain


@inner
def _slot(value: int) -> int:
    """Where a dull word is noted."""
    return (value ^ (value >> 29)) & (_DULL - 1)


@inner
def _short(text: Array, start: int, size: int) -> Any:
    """The hash of a stretch of less than eight characters."""
    return _finished(_mixed(_U(0), low_bytes(text, start) & _low(size)), size)


@inner
def _length(text: Array, start: int) -> int:
    """How many ASCII letters follow one another from a place on."""
    end = start
    while letters_among(text, end) & _U(1):
        end += lowest(~letters_among(text, end))
    return end - start


@inner
def _between_blanks(text: Array, start: int, end: int) -> tuple[int, int]:
    """A stretch that holds no blanks, as far as it goes."""
    while start and text[start - 1] > 32:
        start -= 1
    while end < len(text) and text[end] > 32:
        end += 1
    return start, end


@inner
def _is_apostrophe(text: Array, at: int) -> bool:
    """Whether an apostrophe, straight or curly, stands at a place."""
    return at >= 0 and (text[at] == 0x27 or text[at] == 0x2019)


@inner
def _is_mark(code: int) -> bool:
    """Whether this is a quote, dash, dot or space of U+2000 to U+203F, or a no-break space: no word holds one."""
    return 0x2000 <= code <= 0x203F or code == 0xA0


def unlisted(text: str, asked: Table) -> tuple[dict[str, list[int]], str]:
    """The ASCII words of a text that are wanted, each with its places, and the stretches that hold other letters.

    Such a stretch reaches from blank to blank, and its words are not among the others.
    """
    places, plain = _searched(codes(text), *asked)
    found: dict[str, list[int]] = {}
    every = places.tolist()
    for start, end in every[:plain]:
        found.setdefault(text[start:end], []).append(start)
    return found, "\n".join([text[start:end] for start, end in every[plain:]])


@kernel
def _searched(
    text: Array, listed: Array, whole: Array, moves: Array, found: Array, letters: Array, dull: Array
) -> tuple[Array, int]:
    """The places of words that are wanted, behind them those of stretches, and how many are of words."""
    batch, seen = np.empty((4, _BATCH), dtype=np.int64), np.empty(_SEEN, dtype=np.int64)
    room = _ROOM
    while True:
        seen[:] = -1
        places = np.empty((2, room, 2), dtype=np.int32)
        plain, mixed = _unlisted(text, listed, whole, moves, found, letters, dull, seen, batch, places)
        if max(plain, mixed) <= room:
            return np.concatenate((places[0, :plain], places[1, :mixed])), plain
        room = max(plain, mixed)
