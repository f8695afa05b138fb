"""The words of a list by their hashes, compiled: which words `lexicon.knows`, for words of ASCII letters alone."""

from __future__ import annotations

import numpy as np

from cleaner.compiled import borrower, inlined
from cleaner.duplicates import word_table as known
from cleaner.duplicates.word_kernel import Bytes, Hashes, Number

_U = np.uint64
_BASE = _U(known.BASE)


@borrower
def add_words(data: Bytes, size: Number, capitals: bool, table: Hashes) -> None:
    """Put the words of a list, one a line of `data[:size]`, into a table by their hashes in lower case.

    Left out are those with anything but ASCII letters, and without `capitals` those with one behind the first letter.
    """
    mask = _U(table.size - 1)
    key = _U(0)
    begun: Number = 0
    plain: Number = True
    for at in range(size):
        byte = np.int64(data[at])
        if byte != 0x0A:
            small = byte | 0x20
            plain = plain and 0x61 <= small <= 0x7A and (capitals or byte == small or at == begun)
            key = key * _BASE + _U(small)
            continue
        if plain and at > begun:
            slot = (key >> _U(20)) & mask
            while table[slot] and table[slot] != key:
                slot = (slot + _U(1)) & mask
            table[slot] = key
        key, begun, plain = _U(0), at + 1, True


@inlined
def has_word(table: Hashes, key: Number) -> bool:
    """Whether a word is in a table of `add_words`."""
    mask = _U(table.size - 1)
    slot = (key >> _U(20)) & mask
    while table[slot] and table[slot] != key:
        slot = (slot + _U(1)) & mask
    return bool(table[slot] == key)
