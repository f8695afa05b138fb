"""Eight bytes at a time, for kernels: a 64-bit word read from any place of an array of bytes, and what stands in it.

An array that is read so has eight bytes more than are used, since the last word may reach over the end.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from cleaner.compiled import borrower, inner

_U = np.uint64
PADDING = 8
"""Bytes behind the end of what is read."""
_ONES = _U(0x0101010101010101)
HIGH = _U(0x8080808080808080)
"""The highest bit of every byte."""


def pointer(context: Any, builder: Any, kind: Any, array: Any, at: Any) -> Any:
    """Where the number at a place of an array lies, as a pointer to 64 bits."""
    data = context.make_array(kind)(context, builder, array).data
    return builder.bitcast(builder.gep(data, [at]), ir.IntType(64).as_pointer())


def _load(_typing: Any, data: Any, _at: Any) -> Any:
    def code(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        word = builder.load(pointer(context, builder, signature.args[0], *given))
        word.align = 1
        return word

    return types.uint64(data, types.int64), code


def _store(_typing: Any, data: Any, _at: Any, _word: Any) -> Any:
    def code(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        put = builder.store(given[2], pointer(context, builder, signature.args[0], given[0], given[1]))
        put.align = 1
        return context.get_dummy_value()

    return types.void(data, types.int64, types.uint64), code


def _lowest(_typing: Any, _word: Any) -> Any:
    def code(_context: Any, builder: Any, _signature: Any, given: Any) -> Any:
        return builder.cttz(given[0], ir.Constant(ir.IntType(1), 0))

    return types.int64(types.uint64), code


def _bits(_typing: Any, _word: Any) -> Any:
    def code(_context: Any, builder: Any, _signature: Any, given: Any) -> Any:
        return builder.ctpop(given[0])

    return types.int64(types.uint64), code


def _count_bits(_typing: Any, words: Any, _at: Any, _mask: Any, counts: Any) -> Any:
    def code(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        many = ir.VectorType(ir.IntType(64), SEVERAL)

        def numbers(kind: Any, array: Any, at: Any) -> Any:
            return builder.bitcast(pointer(context, builder, kind, array, at), many.as_pointer())

        nothing = ir.Constant(many, ir.Undefined)
        one = builder.insert_element(nothing, given[2], ir.Constant(ir.IntType(32), 0))
        mask = builder.shuffle_vector(one, nothing, ir.Constant(ir.VectorType(ir.IntType(32), SEVERAL), [0] * SEVERAL))
        found = builder.load(numbers(signature.args[0], given[0], given[1]), align=8)
        sums = numbers(signature.args[3], given[3], ir.Constant(ir.IntType(64), 0))
        bits_of = builder.module.declare_intrinsic(f"llvm.ctpop.v{SEVERAL}i64", (), ir.FunctionType(many, [many]))
        counted = builder.call(bits_of, [builder.and_(found, mask)])
        builder.store(builder.add(builder.load(sums, align=8), counted), sums, align=8)
        return context.get_dummy_value()

    return types.void(words, types.int64, types.uint64, counts), code


def _squeezed(_typing: Any, text: Any, _at: Any, out: Any) -> Any:
    def code(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        wide, narrow = (ir.VectorType(ir.IntType(size), 64) for size in (16, 8))
        place = pointer(context, builder, signature.args[0], given[0], given[1])
        found = builder.load(builder.bitcast(place, wide.as_pointer()), align=2)
        beyond = builder.icmp_unsigned(">", found, ir.Constant(wide, [127] * 64))
        put = pointer(context, builder, signature.args[2], given[2], given[1])
        builder.store(builder.trunc(found, narrow), builder.bitcast(put, narrow.as_pointer()), align=1)
        return builder.icmp_unsigned("==", builder.bitcast(beyond, ir.IntType(64)), ir.Constant(ir.IntType(64), 0))

    return types.boolean(text, types.int64, out), code


def _many(context: Any, builder: Any, signature: Any, given: Any) -> tuple[Any, Any]:
    """The 64 bytes at a place of an array, and a byte as often."""
    many = ir.VectorType(ir.IntType(8), 64)
    place = pointer(context, builder, signature.args[0], given[0], given[1])
    nothing = ir.Constant(many, ir.Undefined)
    one = builder.insert_element(nothing, given[2], ir.Constant(ir.IntType(32), 0))
    spread = builder.shuffle_vector(one, nothing, ir.Constant(ir.VectorType(ir.IntType(32), 64), [0] * 64))
    return builder.load(builder.bitcast(place, many.as_pointer()), align=1), spread


def _standing(_typing: Any, data: Any, _at: Any, _byte: Any) -> Any:
    def code(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        there, wanted = _many(context, builder, signature, given)
        return builder.bitcast(builder.icmp_unsigned("==", there, wanted), ir.IntType(64))

    return types.uint64(data, types.int64, types.uint8), code


def _below_of(_typing: Any, data: Any, _at: Any, _byte: Any) -> Any:
    def code(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        there, limit = _many(context, builder, signature, given)
        return builder.bitcast(builder.icmp_unsigned("<", there, limit), ir.IntType(64))

    return types.uint64(data, types.int64, types.uint8), code


def _moved(_typing: Any, data: Any, _at: Any, out: Any, _to: Any) -> Any:
    def code(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        many = ir.VectorType(ir.IntType(8), 64).as_pointer()
        data, _, out, _ = signature.args
        place = builder.bitcast(pointer(context, builder, data, given[0], given[1]), many)
        put = builder.bitcast(pointer(context, builder, out, given[2], given[3]), many)
        builder.store(builder.load(place, align=1), put, align=1)
        return context.get_dummy_value()

    return types.void(data, types.int64, out, types.int64), code


def _weighed(_typing: Any, _word: Any, weights: Any) -> Any:
    def code(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        narrow, wide = (ir.VectorType(ir.IntType(size), 8) for size in (8, 64))
        place = pointer(context, builder, signature.args[1], given[1], ir.Constant(ir.IntType(64), 0))
        factors = builder.load(builder.bitcast(place, wide.as_pointer()), align=8)
        parts = builder.mul(builder.zext(builder.bitcast(given[0], narrow), wide), factors)
        total = ir.FunctionType(ir.IntType(64), [wide])
        return builder.call(builder.module.declare_intrinsic("llvm.vector.reduce.add.v8i64", (), total), [parts])

    return types.uint64(types.uint64, weights), code


def _classes(_typing: Any, data: Any, _at: Any) -> Any:
    def code(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        many = ir.VectorType(ir.IntType(8), 64)

        def all_of(number: int) -> Any:
            return ir.Constant(many, [number] * 64)

        place = pointer(context, builder, signature.args[0], given[0], given[1])
        there = builder.load(builder.bitcast(place, many.as_pointer()), align=1)
        small = builder.or_(there, all_of(0x20))
        letters = builder.icmp_unsigned("<", builder.sub(small, all_of(0x61)), all_of(26))
        digits = builder.icmp_unsigned("<", builder.sub(there, all_of(0x30)), all_of(10))
        foreign = builder.icmp_signed("<", there, all_of(0))
        masks = [builder.bitcast(found, ir.IntType(64)) for found in (builder.or_(letters, digits), foreign)]
        return context.make_tuple(builder, signature.return_type, masks)

    both: Any = types.UniTuple
    return both(types.uint64, 2)(data, types.int64), code


load: Any = intrinsic(_load)
"""The eight bytes at a place of an array, the first one lowest."""
store: Any = intrinsic(_store)
"""Write eight bytes to a place of an array."""
lowest: Any = intrinsic(_lowest)
"""The number of the lowest bit of a word that is set; 64 if none is."""
bits: Any = intrinsic(_bits)
"""How many bits of a word are set."""
SEVERAL = 16
"""So many counts are added to at once."""
count_bits: Any = intrinsic(_count_bits)
"""Add to `SEVERAL` counts how many bits are set, under a mask, of as many words of an array from a place on."""

weighed: Any = intrinsic(_weighed)
"""The sum of the eight bytes of a word, the lowest one first, each multiplied by one of eight numbers."""

squeezed: Any = intrinsic(_squeezed)
"""Write 64 characters of 16 bits as bytes to the same place of another array, and tell whether all are ASCII."""

standing: Any = intrinsic(_standing)
"""Of the 64 bytes from a place on those that are a byte, a bit for each, the first one lowest."""
below_of: Any = intrinsic(_below_of)
"""Of the same those that are less than a byte."""
moved: Any = intrinsic(_moved)
"""Write the 64 bytes from a place on to a place of another array."""
classes: Any = intrinsic(_classes)
"""Of the 64 bytes from a place on the ASCII letters and digits, and those that are not ASCII, a bit for each."""


@borrower
def equal(word: np.uint64, byte: np.uint64) -> np.uint64:
    """The highest bit of each byte that is `byte`, exactly up to the first one."""
    different = word ^ (_ONES * byte)
    return (different - _ONES) & ~different & HIGH


@borrower
def below(word: np.uint64, byte: np.uint64) -> np.uint64:
    """The highest bit of each byte that is less than `byte`, at most 128; exactly up to the first one."""
    return (word - _ONES * byte) & ~word & HIGH


@borrower
def first(bits: np.uint64) -> Any:
    """The number of the first byte of which the highest bit is set; 8 if none is."""
    return lowest(bits) >> 3


@inner
def count_of(word: np.uint64, byte: np.uint64) -> Any:
    """How many bytes are `byte`."""
    different = word ^ (_ONES * byte)
    return bits(~(((different & ~HIGH) + ~HIGH) | different) & HIGH)


@inner
def letter_bytes(word: np.uint64) -> np.uint64:
    """The highest bit of each byte that is an ASCII letter."""
    small = (word & ~HIGH) | (_ONES * _U(0x20))
    return (small + _ONES * _U(0x1F)) & ~(small + _ONES * _U(0x05)) & ~word & HIGH


@borrower
def token_bytes(word: np.uint64) -> Any:
    """The highest bit of each byte that is an ASCII letter or digit, and the bytes with the letters in lower case."""
    low = word & ~HIGH
    letters = letter_bytes(word)
    digits = (low + _ONES * _U(0x50)) & ~(low + _ONES * _U(0x46)) & ~word & HIGH
    return letters | digits, word | (letters >> _U(2))


@borrower
def point(data: Any, at: Any) -> Any:
    """The code point that begins at a place of valid UTF-8, and its bytes."""
    byte = np.int64(data[at])
    if byte < 0x80:
        return byte, 1
    if byte < 0xE0:
        return (byte & 0x1F) << 6 | np.int64(data[at + 1] & 0x3F), 2
    code = np.int64(data[at + 1] & 0x3F) << 6 | np.int64(data[at + 2] & 0x3F)
    if byte < 0xF0:
        return (byte & 0x0F) << 12 | code, 3
    return (byte & 0x07) << 18 | code << 6 | np.int64(data[at + 3] & 0x3F), 4
