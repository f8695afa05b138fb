"""What trees make of lines, compiled: many lines at once, every node of a tree a comparison and a choice of both.

Walking down a tree waits for memory at each node. A small tree is decided faster from its leaves up: of each two
subtrees the one that the node chooses, for `LANES` lines in a few instructions. numba does not find these by
itself, so the tree is written as LLVM vectors. The columns must lie apart: an array in Fortran order.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir
from numba.core import types
from numba.core.extending import intrinsic

from cleaner.compiled import kernel

Array = np.ndarray[Any, Any]
Forest = tuple[int, Array, Array, Array]
"""Base, and per tree: the column and threshold of each inner node, and the leaves."""

LANES = 32
_DEPTH = 5
_INNER = (1 << _DEPTH) - 1
_NUMBER, _PLACE = ir.IntType(32), ir.IntType(64)
_LANE = ir.VectorType(_NUMBER, LANES)


@intrinsic
def _add_tree(
    _: Any, table: Any, line: Any, columns: Any, thresholds: Any, leaves: Any, tree: Any, scores: Any
) -> tuple[Any, Any]:
    """Add to `scores` what a tree makes of `LANES` lines, from `line` on. Every array holds 32-bit numbers."""

    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        def address(number: int) -> Any:
            array = context.make_array(signature.args[number])(context, builder, given[number])
            return builder.bitcast(array.data, _NUMBER.as_pointer())

        def moved(start: Any, step: Any) -> Any:
            return builder.gep(start, [step])

        def row_of(number: int, width: int) -> Any:
            return moved(address(number), builder.mul(given[5], ir.Constant(_PLACE, width)))

        def number_at(row: Any, node: int) -> Any:
            return builder.load(moved(row, ir.Constant(_PLACE, node)))

        def spread(value: Any) -> Any:
            nothing = ir.Constant(_LANE, ir.Undefined)
            one = builder.insert_element(nothing, value, ir.Constant(_NUMBER, 0))
            return builder.shuffle_vector(one, nothing, ir.Constant(_LANE, [0] * LANES))

        def chosen(node: int) -> Any:
            if node >= _INNER:
                return spread(number_at(rows[2], node - _INNER))
            column = builder.sext(number_at(rows[0], node), _PLACE)
            place = moved(lines, builder.mul(column, total))
            value = builder.load(builder.bitcast(place, _LANE.as_pointer()), align=4)
            above = builder.icmp_signed(">", value, spread(number_at(rows[1], node)))
            return builder.select(above, chosen(2 * node + 2), chosen(2 * node + 1))

        shape = context.make_array(signature.args[0])(context, builder, given[0]).shape
        total = builder.extract_value(shape, 0)
        lines = moved(address(0), given[1])
        rows = row_of(2, _INNER), row_of(3, _INNER), row_of(4, _INNER + 1)
        sums = builder.bitcast(address(6), _LANE.as_pointer())
        builder.store(builder.add(builder.load(sums, align=4), chosen(0)), sums, align=4)
        return context.get_dummy_value()

    return types.void(table, line, columns, thresholds, leaves, tree, scores), generate


@kernel
def _judged(base: int, columns: Array, thresholds: Array, leaves: Array, table: Array) -> Array:
    """The score of each of at least `LANES` lines."""
    total = len(table)
    found = np.empty(total, dtype=np.int32)
    scores = np.empty(LANES, dtype=np.int32)
    for start in range(0, total, LANES):
        line = min(start, total - LANES)
        scores[:] = base
        for tree in range(len(columns)):
            _add_tree(table, line, columns, thresholds, leaves, tree, scores)  # type: ignore[call-arg]  # numba gives the first
        found[line : line + LANES] = scores
    return found


@kernel
def judge(base: int, columns: Array, thresholds: Array, leaves: Array, table: Array) -> Array:
    """The score of each line. `table` has a row per line and lies in Fortran order."""
    total = len(table)
    if total < LANES:
        wide = np.zeros((table.shape[1], LANES), dtype=np.int32).T
        wide[:total] = table
        return _judged(base, columns, thresholds, leaves, wide)[:total]
    return _judged(base, columns, thresholds, leaves, table)
