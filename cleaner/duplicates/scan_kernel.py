"""The tokens of many texts, compiled: what `segment` folds and cuts, as the hashes that `shingle` gives.

Of ASCII 64 bytes are looked at together: bits tell where tokens begin and end. Whatever touches another character is
read one character at a time. No object per word is made: that alone costs more than everything here.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from cleaner.characters import tables
from cleaner.compiled import borrower, inlined, inner
from cleaner.duplicates import shingle
from cleaner.words_of_bytes import HIGH, classes, first, load, lowest, point, standing, store, token_bytes

Bytes = npt.NDArray[np.uint8]
Words = npt.NDArray[np.uint32]
Hashes = npt.NDArray[np.uint64]
Integers = npt.NDArray[np.int64]
Number = Any

LETTER, MARK, ALONE = 1, 2, 3
"""Kinds of characters; those that begin a token are odd."""
_A, _B = np.uint64(shingle.A), np.uint64(shingle.B)
_U = np.uint64
_WINDOW = 64
_REACH = _WINDOW + 16
_SMALL = np.uint64(0x2020202020202020)

GROWTH = 10
"""Folding one character gives at most so many times its bytes."""


@cache
def character_table() -> tuple[Words, Bytes]:
    """For every code point: kind in the lowest 2 bits, then 1 bit "folds", 5 bits length and 24 bits place in a pool.

    The pool holds the UTF-8 of what characters are folded to.
    """
    table = np.zeros(0x110000, np.uint32)
    content = tables()
    for kind, name in ((LETTER, "letters"), (MARK, "marks"), (ALONE, "alone")):
        for least, most in content[name]:
            table[least : most + 1] = kind
    pool = bytearray()
    for character, folded in content["folds"].items():
        written = folded.encode("utf-8")
        table[ord(character)] |= 4 | len(written) << 3 | len(pool) << 8
        pool += written
    return table, np.frombuffer(bytes(pool) + bytes(32), np.uint8)


@cache
def ascii_table() -> Bytes:
    """For every ASCII byte: what it is folded to, 0 for nothing, with the highest bit set if it belongs to a token."""
    table, pool = character_table()
    found = np.zeros(128, np.uint8)
    for code in range(128):
        entry = int(table[code])
        length, place = entry >> 3 & 31, entry >> 8
        folded = (int(pool[place]) if length else 0) if entry & 4 else code
        found[code] = folded | (0x80 if entry & 3 else 0)
    return found


@inner
def _token(value: np.uint64, chunk: np.uint64, length: int) -> np.uint64:
    """The hash of a token whose whole words went into `value` and whose last bytes are in `chunk`."""
    if length & 7:
        value = (value ^ chunk) * _A
        value ^= value >> _U(32)
    value = (value ^ _U(length)) * _B
    return value ^ (value >> _U(29))


@inner
def _plain_token(data: Bytes, at: Number, end: Number, folded: Bytes, out: Number) -> tuple[Number, np.uint64]:
    """Fold and hash the ASCII letters and digits from a place on; gives how many there are, and the hash so far."""
    value = _U(0)
    size = 0
    while True:
        word = load(data, at + size)
        alnum, low = token_bytes(word)
        many = min(first(~alnum & HIGH), end - at - size)
        store(folded, out + size, low)
        size += many
        if many < 8:
            return size, _token(value, low & ((_U(1) << _U(8 * many)) - _U(1)), size)
        value = (value ^ low) * _A
        value ^= value >> _U(32)


@inner
def _letter(
    data: Bytes, at: Number, width: Number, entry: np.uint32, pool: Bytes, folded: Bytes, out: Number
) -> Number:
    """Fold one character; gives the end of what was written."""
    if not entry & np.uint32(4):
        for k in range(at, at + width):
            folded[out + k - at] = data[k]
        return out + width
    source = np.int64(entry >> np.uint32(8))
    length = np.int64((entry >> np.uint32(3)) & np.uint32(31))
    for k in range(length):
        folded[out + k] = pool[source + k]
    return out + length


@inner
def _hashed(folded: Bytes, start: Number, end: Number) -> np.uint64:
    """The hash of a token by its folded bytes."""
    value = chunk = _U(0)
    for k in range(start, end):
        chunk |= _U(folded[k]) << _U(8 * ((k - start) & 7))
        if (k - start) & 7 == 7:
            value = (value ^ chunk) * _A
            value ^= value >> _U(32)
            chunk = _U(0)
    return _token(value, chunk, end - start)


@inner
def _any_token(
    data: Bytes, at: Number, end: Number, table: Words, pool: Bytes, folded: Bytes, out: Number
) -> tuple[Number, Number, np.uint64]:
    """Fold the token or the sign at a place: where it ends, where its folded bytes do, and the hash of a token."""
    code, width = point(data, at)
    entry = table[code]
    kind = entry & np.uint32(3)
    begun = out
    out = _letter(data, at, width, entry, pool, folded, out)
    at += width
    if not kind & np.uint32(LETTER):
        return at, out, _U(0)
    while at < end:
        code, width = point(data, at)
        entry = table[code]
        more = entry & np.uint32(3)
        if more != MARK and (more != LETTER or kind == ALONE):
            break
        out = _letter(data, at, width, entry, pool, folded, out)
        at += width
    return at, out, _hashed(folded, begun, out)


@inlined
def _short_token(data: Bytes, at: Number, size: Number, folded: Bytes, out: Number) -> Any:
    """Fold and hash so many ASCII letters and digits; what is written behind them is written over later.

    Of up to sixteen there is nothing to be guessed: that they are as many as eight or more costs as much as a token.
    """
    value = _U(0)
    while size > 16:
        low = load(data, at) | _SMALL
        store(folded, out, low)
        value = (value ^ low) * _A
        value ^= value >> _U(32)
        at, out, size = at + 8, out + 8, size - 8
    low, high = load(data, at) | _SMALL, load(data, at + 8) | _SMALL
    store(folded, out, low)
    store(folded, out + 8, high)
    kept = ~_U(0) >> _U((64 - 8 * size) & 63)
    last = (value ^ (low & kept)) * _A
    value = (value ^ low) * _A
    value ^= value >> _U(32)
    value = last if size <= 8 else (value ^ (high & kept)) * _A
    return value ^ (value >> _U(32))


@inlined
def _signs(data: Bytes, at: Number, signs: np.uint64, quick: Bytes, folded: Bytes, out: Number) -> Number:
    """Fold the signs of 64 bytes; gives where what follows goes."""
    while signs:
        byte = quick[data[at + lowest(signs)]]
        folded[out] = byte
        out += byte != 0
        signs &= signs - _U(1)
    return out


@inlined
def _window(
    data: Bytes, at: Number, end: Number, quick: Bytes, folded: Bytes, out: Number, hashes: Hashes, tokens: Number
) -> tuple[Number, Number, Number]:
    """Read up to 64 bytes, as far as they are ASCII and tokens end among them: where to go on, in all three arrays."""
    words, foreign = classes(data, at)
    size = min(_WINDOW, end - at, lowest(foreign))
    words &= ~_U(0) >> _U(_WINDOW - size) if size else _U(0)
    begins, ends = words & ~(words << _U(1)), ~words & (words << _U(1))
    signs = ~(words | standing(data, at, np.uint8(0x20)))
    done = _U(0)
    whole = at + size == end
    while begins:
        begin, stop = lowest(begins), lowest(ends)
        if stop >= size and not whole:
            size = begin
            break
        before = (_U(1) << _U(begin)) - _U(1)
        between = signs & before & ~done
        if between:
            out = _signs(data, at, between, quick, folded, out)
        done = before
        value = _short_token(data, at + begin, stop - begin, folded, out)
        value = (value ^ _U(stop - begin)) * _B
        hashes[tokens] = value ^ (value >> _U(29))
        tokens += 1
        out += stop - begin
        begins &= begins - _U(1)
        ends &= ends - _U(1)
    rest = ~_U(0) >> _U(_WINDOW - size) if size else _U(0)
    return at + size, _signs(data, at, signs & rest & ~done, quick, folded, out), tokens


@borrower
def scan(
    data: Bytes,
    starts: Integers,
    quick: Bytes,
    table: Words,
    pool: Bytes,
    folded: Bytes,
    hashes: Hashes,
    folded_starts: Integers,
    token_starts: Integers,
) -> None:
    """Fold texts and hash their tokens. `data[starts[n]:starts[n+1]]` is valid UTF-8 in NFC, PADDING follows the last.

    `folded` gets what exact copies share; it is GROWTH times as long as `data`, or as long if all is ASCII, and
    PADDING. `hashes`, as long as `data`, gets one hash per token; the last two are told where each text begins in them.
    """
    out: Number = 0
    tokens: Number = 0
    for n in range(starts.size - 1):
        folded_starts[n], token_starts[n] = out, tokens
        at, end = starts[n], starts[n + 1]
        while at < end:
            if at + _REACH <= data.size:
                begun = at
                at, out, tokens = _window(data, at, end, quick, folded, out, hashes, tokens)
                if at > begun:
                    continue
            byte = data[at]
            if byte < 0x80 and not quick[byte] & 0x80:
                folded[out] = quick[byte]
                out += quick[byte] != 0
                at += 1
                continue
            if byte < 0x80:
                size, value = _plain_token(data, at, end, folded, out)
                if at + size == end or data[at + size] < 0x80:
                    hashes[tokens] = value
                    tokens += 1
                    at += size
                    out += size
                    continue
            begun = at
            at, out, value = _any_token(data, at, end, table, pool, folded, out)
            if value or table[point(data, begun)[0]] & np.uint32(LETTER):
                hashes[tokens] = value
                tokens += 1
    folded_starts[starts.size - 1], token_starts[starts.size - 1] = out, tokens
