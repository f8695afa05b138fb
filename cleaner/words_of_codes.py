"""Characters of 16 bits, as `codes` gives them, many at a time, for kernels.

What is read may reach over the end of an array, but not over the PADDING that `codes` has behind it.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from cleaner.words_of_bytes import pointer

_MANY, _EIGHT = ir.VectorType(ir.IntType(16), 64), ir.VectorType(ir.IntType(16), 8)


def _all(code: int) -> Any:
    return ir.Constant(_MANY, [code] * 64)


def _load(context: Any, builder: Any, signature: Any, given: Any, kind: Any) -> Any:
    place = pointer(context, builder, signature.args[0], given[0], given[1])
    return builder.load(builder.bitcast(place, kind.as_pointer()), align=1)


def _letters(_typing: Any, codes: Any, _at: Any) -> Any:
    def code(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        small = builder.or_(_load(context, builder, signature, given, _MANY), _all(0x20))
        found = builder.icmp_unsigned("<", builder.sub(small, _all(ord("a"))), _all(26))
        return builder.bitcast(found, ir.IntType(64))

    return types.uint64(codes, types.int64), code


def _beyond(_typing: Any, codes: Any, _at: Any) -> Any:
    def code(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        found = builder.icmp_unsigned(">", _load(context, builder, signature, given, _MANY), _all(0x7F))
        return builder.bitcast(found, ir.IntType(64))

    return types.uint64(codes, types.int64), code


def _line_feeds(_typing: Any, codes: Any, _at: Any) -> Any:
    def code(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        found = builder.icmp_unsigned("==", _load(context, builder, signature, given, _MANY), _all(ord("\n")))
        return builder.bitcast(found, ir.IntType(64))

    return types.uint64(codes, types.int64), code


def _end_stops(_typing: Any, codes: Any, _at: Any) -> Any:
    def code(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        there = _load(context, builder, signature, given, _MANY)
        point, asks, calls = (builder.icmp_unsigned("==", there, _all(ord(stop))) for stop in ".?!")
        return builder.bitcast(builder.or_(builder.or_(point, asks), calls), ir.IntType(64))

    return types.uint64(codes, types.int64), code


def _blanks(_typing: Any, codes: Any, _at: Any) -> Any:
    def code(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        there = _load(context, builder, signature, given, _MANY)
        breaks = builder.icmp_unsigned("<", builder.sub(there, _all(9)), _all(5))
        found = builder.or_(builder.icmp_unsigned("==", there, _all(32)), breaks)
        return builder.bitcast(found, ir.IntType(64))

    return types.uint64(codes, types.int64), code


def _low_bytes(_typing: Any, codes: Any, _at: Any) -> Any:
    def code(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        eight = _load(context, builder, signature, given, _EIGHT)
        return builder.bitcast(builder.trunc(eight, ir.VectorType(ir.IntType(8), 8)), ir.IntType(64))

    return types.uint64(codes, types.int64), code


def _small(_typing: Any, codes: Any, _at: Any, out: Any, _to: Any) -> Any:
    def code(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        there = _load(context, builder, signature, given, _MANY)
        capitals = builder.icmp_unsigned("<", builder.sub(there, _all(ord("A"))), _all(26))
        lowered = builder.select(capitals, builder.or_(there, _all(0x20)), there)
        put = pointer(context, builder, signature.args[2], given[2], given[3])
        builder.store(lowered, builder.bitcast(put, _MANY.as_pointer()), align=1)
        beyond = builder.icmp_unsigned(">", builder.sub(there, _all(0x20)), _all(0x7F - 0x20))
        found = builder.or_(beyond, builder.icmp_unsigned("==", there, _all(ord("`"))))
        return builder.bitcast(found, ir.IntType(64))

    return types.uint64(codes, types.int64, out, types.int64), code


letters: Any = intrinsic(_letters)
"""Of the 64 characters from a place on those that are ASCII letters, a bit for each, the first one lowest."""
beyond: Any = intrinsic(_beyond)
"""The same of those that are not ASCII."""
line_feeds: Any = intrinsic(_line_feeds)
"""The same of line feeds."""
end_stops: Any = intrinsic(_end_stops)
"""The same of full stops, question and exclamation marks."""
blanks: Any = intrinsic(_blanks)
"""The same of blanks of ASCII, as `bytes.split` takes them."""
low_bytes: Any = intrinsic(_low_bytes)
"""The low bytes of eight characters from a place on, the first one lowest."""
small: Any = intrinsic(_small)
"""Write 64 characters in small letters to a place of another array, and tell which fold into others than these."""
