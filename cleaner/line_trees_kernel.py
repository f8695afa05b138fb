"""What trees make of lines, compiled: every question of an ensemble is asked once, for many lines at a time.

Walking down a tree waits for memory at each node, and trees ask the same again and again. So first each comparison of
a column with its thresholds is made for `LANES` lines, a bit for each; then a tree is decided from its leaves up: of
each two subtrees the one that the bits choose, for all these lines in a few instructions. numba does not find these by
itself, so both are written as LLVM vectors.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from llvmlite import ir
from numba.core import cgutils, types
from numba.core.extending import intrinsic

from cleaner.compiled import kernel
from cleaner.line_table_kernel import AHEAD as LANES
from cleaner.line_table_kernel import LARGEST, SMALLEST

Array = np.ndarray[Any, Any]
Forest = tuple[int, int, Array, Array, Array, Array, Array, Array]
"""Base; how many features are asked in 16 bits; of each feature the column, how many lines further down, and where its
questions end; their thresholds; then per tree the questions of its inner nodes, and its leaves."""

_DEPTH = 5
_INNER = (1 << _DEPTH) - 1
_BIT, _SMALL, _NUMBER, _MANY, _FLAGS = (ir.IntType(size) for size in (1, 16, 32, 64, LANES))


def forest_of(
    base: int,
    features: Sequence[Sequence[tuple[int, int]]],
    thresholds: Sequence[Sequence[int]],
    leaves: Sequence[Sequence[int]],
) -> Forest:
    """An ensemble as `judge` reads it. A feature is a column, and how many lines further down.

    Whether a number is above a threshold that fits into 16 bits is seen when the number is cut to these as well.
    Sums are of 16 bits: what the leaves of a tree have in common goes into the base. Leaves too far apart are an error.
    """
    nodes = [list(zip(*tree, strict=True)) for tree in zip(features, thresholds, strict=True)]
    questions = sorted({question for tree in nodes for question in tree}, key=lambda asked: (_is_wide(asked[1]), asked))
    number = {question: n for n, question in enumerate(questions)}
    asked = [(wide, *feature) for (feature, threshold) in questions for wide in [_is_wide(threshold)]]
    ends = {of: n for n, of in enumerate(asked, 1)}
    middles = [(min(tree) + max(tree)) // 2 for tree in leaves]
    apart = [[leaf - middle for leaf in tree] for tree, middle in zip(leaves, middles, strict=True)]
    if sum(max(map(abs, tree)) for tree in apart) > LARGEST:
        raise ValueError(f"the leaves of {len(leaves)} trees are too far apart: their sums do not fit into 16 bits")
    return (
        base + sum(middles),
        sum(not wide for wide, _, _ in ends),
        np.array([column for _, column, _ in ends], dtype=np.int32),
        np.array([down for _, _, down in ends], dtype=np.int32),
        np.array(list(ends.values()), dtype=np.int32),
        np.array([threshold for _, threshold in questions], dtype=np.int32),
        np.array([[number[question] for question in tree] for tree in nodes], dtype=np.uint16),
        np.array(apart, dtype=np.int16),
    )


def _is_wide(threshold: int) -> bool:
    return not -SMALLEST <= threshold < LARGEST


def _address(context: Any, builder: Any, kind: Any, array: Any, number: Any) -> Any:
    """Where the numbers of an array begin."""
    data = context.make_array(kind)(context, builder, array).data
    return builder.bitcast(data, number.as_pointer())


def _spread(builder: Any, value: Any) -> Any:
    """A vector that holds a value in each of `LANES`."""
    nothing = ir.Constant(ir.VectorType(value.type, LANES), ir.Undefined)
    one = builder.insert_element(nothing, value, ir.Constant(_NUMBER, 0))
    return builder.shuffle_vector(one, nothing, ir.Constant(ir.VectorType(_NUMBER, LANES), [0] * LANES))


@intrinsic
def _compare(_: Any, table: Any, _place: Any, thresholds: Any, _first: Any, _end: Any, answers: Any) -> tuple[Any, Any]:
    """Answer some questions: which of `LANES` numbers, from a place of a table on, are above each of some thresholds.

    They are read once: most of the time went by with that, and with finding out where they lie.
    """

    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        number = ir.IntType(table.dtype.bitwidth)
        start = builder.gep(_address(context, builder, signature.args[0], given[0], number), [given[1]])
        values = builder.load(builder.bitcast(start, ir.VectorType(number, LANES).as_pointer()), align=2)
        limits = _address(context, builder, signature.args[2], given[2], _NUMBER)
        told = _address(context, builder, signature.args[5], given[5], _FLAGS)
        with cgutils.for_range_slice(builder, given[3], given[4], ir.Constant(_MANY, 1)) as (question, _):
            limit = builder.load(builder.gep(limits, [question]))
            limit = limit if number.width == _NUMBER.width else builder.trunc(limit, number)
            above = builder.icmp_signed(">", values, _spread(builder, limit))
            builder.store(builder.bitcast(above, _FLAGS), builder.gep(told, [question]))
        return context.get_dummy_value()

    return types.void(table, types.int64, thresholds, types.int64, types.int64, answers), generate


@intrinsic
def _add_tree(_: Any, answers: Any, asked: Any, leaves: Any, _tree: Any, sums: Any) -> tuple[Any, Any]:
    """Add to the `sums` of `LANES` lines what a tree makes of them."""

    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        def address(number: int, kind: Any) -> Any:
            return _address(context, builder, signature.args[number], given[number], kind)

        def moved(start: Any, step: Any) -> Any:
            return builder.gep(start, [step])

        def row_of(number: int, width: int) -> Any:
            return moved(address(number, _SMALL), builder.mul(given[3], ir.Constant(_MANY, width)))

        def number_at(row: Any, node: int) -> Any:
            return builder.load(moved(row, ir.Constant(_MANY, node)))

        def chosen(node: int) -> Any:
            if node >= _INNER:
                return _spread(builder, number_at(worth, node - _INNER))
            question = builder.zext(number_at(nodes, node), _MANY)
            above = builder.bitcast(builder.load(moved(told, question)), ir.VectorType(_BIT, LANES))
            return builder.select(above, chosen(2 * node + 2), chosen(2 * node + 1))

        told, nodes, worth = address(0, _FLAGS), row_of(1, _INNER), row_of(2, _INNER + 1)
        into = builder.bitcast(address(4, _SMALL), ir.VectorType(_SMALL, LANES).as_pointer())
        builder.store(builder.add(builder.load(into, align=2), chosen(0)), into, align=2)
        return context.get_dummy_value()

    return types.void(answers, asked, leaves, types.int64, sums), generate


@kernel
def judge(forest: Forest, table: Array, small: Array, total: int) -> Array:
    """The score of each of so many lines; `table` lies as `line_table_kernel` says, and `small` is the same narrow."""
    base, few, columns, downs, ends, thresholds, asked, leaves = forest
    found = np.empty(total, dtype=np.int32)
    answers = np.empty(len(thresholds), dtype=np.uint32)
    sums = np.empty(LANES, dtype=np.int16)
    for start in range(0, total, LANES):
        first = 0
        for n in range(len(columns)):
            place = columns[n] * len(table) + downs[n] + start
            if n < few:
                _compare(small, place, thresholds, first, ends[n], answers)  # type: ignore[call-arg]  # numba gives the first
            else:
                _compare(table, place, thresholds, first, ends[n], answers)  # type: ignore[call-arg]  # the same
            first = ends[n]
        sums[:] = 0
        for tree in range(len(asked)):
            _add_tree(answers, asked, leaves, tree, sums)  # type: ignore[call-arg]  # the same
        for n in range(start, min(total, start + LANES)):
            found[n] = base + sums[n - start]
    return found
