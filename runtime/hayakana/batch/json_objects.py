"""Lines of JSON to columns. Arrow takes those apart that have the keys of the first one; Python parses all others."""

import json
import re

import pyarrow as pa
import pyarrow.compute as pc

from hayakana.batch.texts import JSON_TEXT, json_text
from hayakana.errors import TableError
from hayakana.json_members import members

_STRING = r'"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"'
_NUMBER = r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?"
_SCALAR = f"{_STRING}|{_NUMBER}|true|false|null"
_SPACE = r"[ \t\r\n]*"

_MOST_KEYS = 32
"""Keys of a shape, at most: an expression that has many groups is slow, and at some length refused."""


def objects(lines: pa.StringArray, numbers: pa.Array) -> pa.RecordBatch:
    """Return a column of JSON texts a key, in the order in which these first appear; ``numbers`` are the lines'.

    Raises:
        TableError: a line is not as it should be.
    """
    keys = list(parse_members(lines[0].as_py(), numbers[0].as_py()))
    if len(keys) > _MOST_KEYS:
        return _parsed(lines, numbers)
    values = pc.extract_regex(lines, _shape(keys))
    if values.null_count == 0:
        return _batch(dict(zip(keys, values.flatten(), strict=True)))
    is_other = values.is_null()
    others = _parsed(lines.filter(is_other), numbers.filter(is_other))
    return _batch(
        {name: _merged(name, keys, values, others, is_other) for name in dict.fromkeys(keys + others.schema.names)}
    )


def _shape(keys: list[str]) -> str:
    """Return an expression for an object with ``keys`` in this order, and scalars as values, each a group."""
    parts = [f"{re.escape(json_text(key))}{_SPACE}:{_SPACE}(?P<_{index}>{_SCALAR})" for index, key in enumerate(keys)]
    return f"^{_SPACE}\\{{{_SPACE}{f'{_SPACE},{_SPACE}'.join(parts)}{_SPACE}\\}}{_SPACE}$"


def _merged(
    name: str, keys: list[str], values: pa.StructArray, others: pa.RecordBatch, is_other: pa.BooleanArray
) -> pa.StringArray:
    of_shape = values.field(keys.index(name)) if name in keys else pa.nulls(len(values), pa.string())
    of_others = others.column(name) if name in others.schema.names else pa.nulls(len(others), pa.string())
    return pc.replace_with_mask(of_shape, is_other, of_others)


def _parsed(lines: pa.StringArray, numbers: pa.Array) -> pa.RecordBatch:
    found = [parse_members(line, number) for line, number in zip(lines.to_pylist(), numbers.to_pylist(), strict=True)]
    names = dict.fromkeys(name for of_line in found for name in of_line)
    return _batch({name: pa.array([of_line.get(name) for of_line in found], pa.string()) for name in names})


def _batch(columns: dict[str, pa.StringArray]) -> pa.RecordBatch:
    fields = [pa.field(name, pa.string(), metadata=JSON_TEXT) for name in columns]
    return pa.record_batch(list(columns.values()), schema=pa.schema(fields))


def parse_members(line: str, number: int) -> dict[str, str]:
    """Return the members of a JSON object (RFC 8259) as name → the text of the value as it stands in ``line``.

    Raises:
        TableError: it is no object, or has no member, or a name stands twice; ``number`` is the line's.
    """
    found: dict[str, str] = {}
    try:
        for name, position, value in members(line):
            if name in found:
                raise json.JSONDecodeError("a name that stands twice", line, position)
            found[name] = value
    except json.JSONDecodeError as error:
        raise TableError(f"line {number} is not a JSON object: {error.msg} at character {error.pos + 1}") from error
    except RecursionError as error:
        raise TableError(f"line {number} is nested too deeply") from error
    if not found:
        raise TableError(f"line {number}: an object without a key")
    return found
