"""Parquet, by pyarrow: a row is a record, and its columns keep their types.

JSON has no dates, decimals or bytes, so these travel as text. The schema travels beside the lines, and what comes of a
column is turned back at once: a column that does not come back as it was makes the file one that is refused.
"""

from __future__ import annotations

import base64
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from cleaner.formats import FormatError
from cleaner.records import LARGEST, TOO_LARGE, breakage, broken

types = pa.types
ROWS = 1024
"""Rows that are held at a time when a file is read."""
GROUP = 32 << 20
"""Bytes of lines that make a row group when a file is written."""
BESIDE, JSON, SPARSE = b"cleaner", b"json", b"sparse"
"""The note beside a column made of JSON values: they are JSON still, or a null means that there is no field."""
FAILURES = (pa.ArrowException, OSError, ValueError, TypeError, OverflowError)


def read(file: BinaryIO, head: dict[str, Any]) -> Iterator[bytes]:
    """The rows of a file. Raises FormatError on a column that could not be written again as it was."""
    try:
        found = pq.ParquetFile(file)
        schema = found.schema_arrow
    except FAILURES as error:
        yield broken(f"not a Parquet file that can be read ({_said(error)})")
        return
    if again := [name for name, count in Counter(schema.names).items() if count > 1]:
        raise FormatError(f"two columns have the name {again[0]!r}; rename one of them")
    head["schema"] = base64.b64encode(schema.serialize().to_pybytes()).decode()
    for group in range(found.num_row_groups):
        try:
            for batch in found.iter_batches(ROWS, row_groups=[group]):
                yield from _rows(batch)
        except FormatError:
            raise
        except FAILURES as error:
            yield broken(f"row group {group + 1:,} of {found.num_row_groups:,} cannot be read ({_said(error)})")


def _said(error: Exception) -> str:
    return " ".join(str(error).split())[:200]


def _rows(batch: pa.RecordBatch) -> Iterator[bytes]:
    """The rows of a batch as lines."""
    columns = [_outward(batch.column(n), field) for n, field in enumerate(batch.schema)]
    notes = [(field.metadata or {}).get(BESIDE) for field in batch.schema]
    for row in zip(*columns, strict=True):
        members: dict[str, Any] = {}
        for field, note, value in zip(batch.schema, notes, row, strict=True):
            if value is not None or note is None:
                members[field.name] = json.loads(value) if note == JSON else value
        try:
            line = json.dumps(members, ensure_ascii=False).encode("utf-8")
        except TypeError:  # a value is _Unreadable
            yield broken("a text of the row is not valid UTF-8")
            continue
        yield line if len(line) <= LARGEST else broken(TOO_LARGE)


class _Unreadable:
    """A text that is none."""


def _outward(column: pa.Array, field: pa.Field) -> list[Any]:
    """The values of a column as JSON values."""
    try:
        carried = _carried(field.type)
        made = column if carried == field.type else column.cast(carried)
        values = [_text(value) for value in made.to_pylist()] if _is_foreign(carried) else made.to_pylist()
        if carried != field.type or _is_foreign(carried):
            back = _inward(values, field.type)
            if not back.equals(column) and repr(back.cast(carried).to_pylist()) != repr(made.to_pylist()):  # nan
                raise FormatError(_refused(field))
    except UnicodeDecodeError:
        return [_value(value) for value in column]
    except FAILURES as error:
        raise FormatError(_refused(field)) from error
    return list(values)


def _refused(field: pa.Field) -> str:
    return f"the column {field.name!r} has the type {field.type}, which would not come back; cast it or leave it out"


def _value(value: pa.Scalar) -> Any:
    try:
        return value.as_py()
    except UnicodeDecodeError:
        return _Unreadable()


def _carried(kind: pa.DataType, *, inside: bool = False) -> pa.DataType:
    """The type as which values of a type travel: one that JSON can hold, or bytes, or decimals.

    Days and times are written out, but as numbers `inside` other values: there pyarrow cannot read them again.
    """
    if types.is_struct(kind):
        return pa.struct([_with(kind.field(n)) for n in range(kind.num_fields)])
    if types.is_map(kind):
        return pa.map_(_carried(kind.key_type, inside=True), _carried(kind.item_type, inside=True))
    if types.is_list(kind) or types.is_large_list(kind) or types.is_fixed_size_list(kind):
        return pa.list_(_with(kind.value_field))
    if types.is_dictionary(kind):
        return _carried(kind.value_type, inside=inside)
    if types.is_date32(kind) or types.is_time32(kind):
        return pa.int32() if inside or types.is_time32(kind) else pa.string()
    if types.is_date64(kind) or types.is_timestamp(kind):
        return pa.int64() if inside else pa.string()
    if types.is_time64(kind) or types.is_duration(kind):
        return pa.int64()
    if types.is_float16(kind):
        return pa.float32()
    if types.is_fixed_size_binary(kind):
        return pa.binary()
    if not any(has(kind) for has in HELD):
        raise TypeError(kind)
    return kind


HELD = (
    types.is_null, types.is_boolean, types.is_integer, types.is_floating, types.is_string, types.is_large_string,
    types.is_string_view, types.is_binary, types.is_large_binary, types.is_decimal,
)  # fmt: skip
"""Types whose values travel as they are, the last three as text."""


def _with(field: pa.Field) -> pa.Field:
    return pa.field(field.name, _carried(field.type, inside=True), field.nullable)


def _is_foreign(kind: pa.DataType) -> bool:
    """Whether values of a type that travels are or hold what JSON does not have: bytes, decimals or maps."""
    if any(has(kind) for has in (types.is_binary, types.is_large_binary, types.is_decimal, types.is_map)):
        return True
    return any(_is_foreign(kind.field(n).type) for n in range(kind.num_fields))


def _text(value: Any) -> Any:
    """A value in which bytes are base64, and decimals are written out."""
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, dict):
        return {key: _text(inner) for key, inner in value.items()}
    return [_text(inner) for inner in value] if isinstance(value, (list, tuple)) else value


def _value_of(value: Any, kind: pa.DataType) -> Any:
    """The value that `_text` made so, by its type."""
    if value is None:
        return None
    if types.is_binary(kind) or types.is_large_binary(kind):
        return base64.b64decode(value)
    if types.is_decimal(kind):
        return Decimal(value)
    if types.is_struct(kind):
        return {
            kind.field(n).name: _value_of(value[kind.field(n).name], kind.field(n).type) for n in range(kind.num_fields)
        }
    if types.is_map(kind):
        return [(_value_of(key, kind.key_type), _value_of(item, kind.item_type)) for key, item in value]
    return [_value_of(inner, kind.value_type) for inner in value] if types.is_list(kind) else value


def _inward(values: list[Any], kind: pa.DataType) -> pa.Array:
    """Values of a type again, from JSON values."""
    carried = _carried(kind)
    found = [_value_of(value, carried) for value in values] if _is_foreign(carried) else values
    made = pa.array(found, carried)
    if types.is_dictionary(kind):
        return made.cast(kind.value_type).dictionary_encode().cast(kind)
    return made if carried == kind else made.cast(kind)


def write(file: BinaryIO, head: dict[str, Any], lines: Iterable[bytes]) -> None:
    """Rows as a file, by the schema that `head` holds, else by one that fits all of them.

    `lines` are gone through twice where there is no schema.
    """
    known = head.get("schema")
    schema = pa.ipc.read_schema(pa.py_buffer(base64.b64decode(known))) if known else inferred(lines)
    key = head.get("key")
    if key and key not in schema.names:
        schema = schema.append(pa.field(key, pa.string(), metadata={BESIDE: JSON}))
    with pq.ParquetWriter(file, schema, compression="zstd") as writer:
        held: list[dict[str, Any]] = []
        size = 0
        for line in lines:
            if breakage(line) is None:
                held.append(json.loads(line))
                size += len(line)
            if size > GROUP:
                writer.write_batch(_batch(held, schema))
                held, size = [], 0
        if held:
            writer.write_batch(_batch(held, schema))


def _batch(rows: list[dict[str, Any]], schema: pa.Schema) -> pa.RecordBatch:
    columns = []
    for field in schema:
        if (field.metadata or {}).get(BESIDE) == JSON:
            values = [json.dumps(row[field.name]) if field.name in row else None for row in rows]
        else:
            values = [row.get(field.name) for row in rows]
        columns.append(_inward(values, field.type))
    return pa.record_batch(columns, schema=schema)


KINDS = {str: pa.string(), bool: pa.bool_(), int: pa.int64(), float: pa.float64()}


def inferred(lines: Iterable[bytes]) -> pa.Schema:
    """A schema for any records: a column of a type where all values that are there have it, else one of JSON."""
    seen: dict[str, set[type]] = {}
    for line in lines:
        if breakage(line) is None:
            for name, value in json.loads(line).items():
                large = type(value) is int and not -(1 << 63) <= value < 1 << 63
                seen.setdefault(name, set()).add(object if large else type(value))
    fields = []
    for name, kinds in seen.items():
        kind = KINDS.get(next(iter(kinds))) if len(kinds) == 1 else None
        note = JSON if kind is None else SPARSE
        fields.append(pa.field(name, kind or pa.string(), metadata={BESIDE: note}))
    return pa.schema(fields)
