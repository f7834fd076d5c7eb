"""Columns as text: what JSON lines carry as JSON texts, and what CSV and JSON write for the types of Parquet."""

import json
import math
from collections.abc import Sequence
from functools import reduce
from typing import cast

import pyarrow as pa
import pyarrow.compute as pc

from hayakana.errors import TableError, brief, shorten
from hayakana.syntax import is_unicode

JSON_TEXT = {b"hayakana": b"json"}
"""Field metadata of a column whose strings are JSON texts; null where an object has no such key."""


def is_json_text(field: pa.Field) -> bool:
    """Whether the strings of a column are JSON texts."""
    return bool(field.metadata) and field.metadata.items() >= JSON_TEXT.items()


def plain_text(column: pa.Array, field: pa.Field) -> pa.Array:
    """Return ``column`` with JSON texts decoded: a string to what it says, null to null, others as they are written."""
    if not is_json_text(field):
        return column
    column = pc.if_else(pc.equal(column, "null"), None, column)
    is_string = pc.fill_null(pc.starts_with(column, '"'), fill_value=False)
    said = pc.if_else(is_string, pc.utf8_slice_codeunits(column, 1, -1), column)
    is_escaped = pc.and_(is_string, pc.fill_null(pc.match_substring(said, "\\"), fill_value=False))
    if not is_escaped.true_count:
        return said
    decoded = [_unescaped(text) for text in said.filter(is_escaped).to_pylist()]
    return pc.replace_with_mask(said, is_escaped, pa.array(decoded, pa.string()))


def _unescaped(text: str) -> str:
    said = cast(str, json.loads(f'"{text}"'))
    # A lone surrogate has no UTF-8; its escape can be kept, and cannot be read as a name.
    return said if is_unicode(said) else text


def names_of(column: pa.Array, field: pa.Field) -> pa.Array:
    """Return the names of a column as plain strings: of any kind of string, or a dictionary of them.

    A JSON value that is no string (a number, an object) is no name: null.

    Raises:
        TableError: the column does not hold text.
    """
    if is_json_text(field):
        return plain_text(pc.if_else(pc.starts_with(column, '"'), column, None), field)
    check_text(field, option="--column")
    return column.cast(pa.string())


def check_text(field: pa.Field, *, option: str) -> None:
    """Check that a column, which ``option`` chooses, holds text.

    Raises:
        TableError: it does not.
    """
    if not is_text(field.type):
        raise TableError(
            f"column {shorten(field.name)} holds {brief(field.type)}, not text: choose another with {option}",
            quoted=(shorten(field.name),),
        )


def is_text(column_type: pa.DataType) -> bool:
    """Whether a column holds strings of any kind, or a dictionary of them, or nothing at all."""
    value_type = column_type.value_type if pa.types.is_dictionary(column_type) else column_type
    text_types = (pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view, pa.types.is_null)
    return any(is_type(value_type) for is_type in text_types)


def joined_texts(columns: Sequence[pa.StringArray], separator: str) -> pa.StringArray:
    """Return the strings of each row with ``separator`` between them, without its nulls; empty where all are null."""
    if all(column.null_count for column in columns):
        # Arrow leaves a row of nulls out, so that the rows after it would move up.
        are_null = reduce(pc.and_, [column.is_null() for column in columns])
        columns = [pc.if_else(are_null, "", columns[0]), *columns[1:]]
    return pc.binary_join_element_wise(*columns, separator, null_handling="skip")


def plain_bytes(batch: pa.RecordBatch) -> int:
    """Return how many bytes the rows take, each value of a dictionary counted wherever it stands."""
    return int(batch.nbytes) + sum(_dictionary_bytes(column) for column in batch.columns)


def _dictionary_bytes(column: pa.Array) -> int:
    if not pa.types.is_dictionary(column.type) or not is_text(column.type):
        return 0
    lengths = pc.binary_length(column.dictionary.cast(pa.large_string()))
    return int(pc.sum(lengths.take(column.indices)).as_py() or 0)


def plain_schema(schema: pa.Schema) -> pa.Schema:
    """Return ``schema`` for ``in_schema``: JSON texts become plain ones."""
    fields = [pa.field(field.name, field.type) if is_json_text(field) else field for field in schema]
    return pa.schema(fields, schema.metadata)


def in_schema(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    """Return ``batch`` with plain texts and the columns of ``schema``, which the first batch of a file had.

    Raises:
        TableError: it has a column that the first batch did not have, as JSON lines can, or one of another type.
    """
    first = set(schema.names)
    there = dict(zip(batch.schema.names, zip(batch.columns, batch.schema, strict=True), strict=True))
    if new := [name for name in there if name not in first]:
        raise TableError(
            f"key {shorten(new[0])} appears after the first rows, too late for a table: write .jsonl",
            quoted=(shorten(new[0]),),
        )
    columns = [
        _in_field(there[field.name], field) if field.name in there else pa.nulls(len(batch), field.type)
        for field in schema
    ]
    return pa.record_batch(columns, schema=schema)


def _in_field(there: tuple[pa.Array, pa.Field], field: pa.Field) -> pa.Array:
    """Return a column as one of the type of ``field``."""
    column = plain_text(*there)
    if column.type != field.type and not (is_text(column.type) and is_text(field.type)):
        # Arrow would make 7 of "007".
        raise TableError(
            f"column {shorten(field.name)} holds {brief(column.type)}, and {brief(field.type)} in the rows before",
            quoted=(shorten(field.name),),
        )
    return column


def cell_texts(column: pa.Array, field: pa.Field) -> pa.StringArray:
    """Return the values of a column of any type as text, for CSV: 1.5, true, 2026-11-22; JSON for lists and structs.

    Raises:
        TableError: there is no text for the values, as for bytes.
    """
    try:
        if pa.types.is_nested(column.type):
            if "[ns" in str(column.type):
                # What Arrow makes of them depends on whether pandas is installed.
                raise TypeError("Python has no nanoseconds")
            texts = [None if value is None else json_text(value) for value in column.to_pylist()]
            return pa.array(texts, pa.string())
        if pa.types.is_dictionary(column.type):
            column = column.dictionary_decode()
        return column.cast(pa.string())
    except (pa.ArrowException, ValueError, TypeError) as error:
        raise TableError(
            f"column {shorten(field.name)} holds {brief(column.type)}, which has no text:"
            " write .parquet, or drop the column",
            quoted=(shorten(field.name),),
        ) from error


def json_texts(column: pa.Array, field: pa.Field) -> pa.StringArray:
    """Return the values of a column as JSON texts; null where an object of JSON lines had no such key.

    Numbers and truth values stay what they are; what JSON has no form for (dates, decimals, NaN) is a string.
    """
    if is_json_text(field):
        return column
    if pa.types.is_floating(column.type):
        return pa.array([json_text(value) for value in column.to_pylist()], pa.string())
    texts = cell_texts(column, field)
    is_json = any(is_type(column.type) for is_type in (pa.types.is_integer, pa.types.is_boolean, pa.types.is_nested))
    return pc.fill_null(texts if is_json else _json_strings(texts), "null")


def _json_strings(texts: pa.StringArray) -> pa.StringArray:
    """Return each text as a JSON string, null where it is null."""
    strings = pc.binary_join_element_wise('"', texts, '"', "")
    has_escapes = pc.fill_null(pc.match_substring_regex(texts, r'[\x00-\x1f"\\]'), fill_value=False)
    if not has_escapes.true_count:
        return strings
    escaped = [json_text(text) for text in texts.filter(has_escapes).to_pylist()]
    return pc.replace_with_mask(strings, has_escapes, pa.array(escaped, pa.string()))


def json_text(value: object) -> str:
    """Return ``value``, of Arrow's Python types, as JSON.

    Raises:
        TypeError: there are bytes in it.
    """
    return json.dumps(_with_json_form(value), ensure_ascii=False, allow_nan=False)


def _with_json_form(value: object) -> object:
    if isinstance(value, dict):
        return {str(key): _with_json_form(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_with_json_form(item) for item in value]
    if isinstance(value, bytes):
        raise TypeError("bytes have no JSON form")
    if value is None or isinstance(value, str | bool | int) or (isinstance(value, float) and math.isfinite(value)):
        return value
    return str(value)
