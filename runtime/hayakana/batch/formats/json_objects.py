"""Lines of JSON to columns. Arrow takes those apart that have the keys of the first one; Python parses all others."""

import json
import re

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hayakana.batch.formats.cells import JSON_TEXT, json_text
from hayakana.batch.formats.column_names import check_count
from hayakana.errors import TableError
from hayakana.syntax import members

_STRING = r'"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"'
_NUMBER = r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?"
_SCALAR = f"{_STRING}|{_NUMBER}|true|false|null"
_SPACE = r"[ \t\r\n]*"

_MOST_CELLS = 1 << 28
"""Values and nulls of a batch, at most: each object may have keys of its own, and each other object is null there."""

_MOST_KEYS = 32
"""Keys of a shape, at most: an expression that has many groups is slow, and at some length refused."""


def objects(lines: pa.StringArray, numbers: pa.Array, *, mark: bool) -> tuple[pa.RecordBatch, pa.BooleanArray]:
    """Return a column of JSON texts for each key, in the order of their first appearance, and which lines are broken.

    ``numbers`` are the lines'. With ``mark``, a line that is no object is broken, and has nulls; where none is an
    object, there is no column, and so no row in the batch.

    Raises:
        TableError: there are too many keys, or a line is no object, without ``mark``.
    """
    keys = _first_keys(lines, numbers, mark=mark)
    if not 0 < len(keys) <= _MOST_KEYS:
        return _parsed(lines, numbers, mark=mark)
    values = pc.extract_regex(lines, _shape(keys))
    is_other = values.is_null()
    if values.null_count == 0:
        return _batch(dict(zip(keys, values.flatten(), strict=True))), is_other
    other_batch, broken = _parsed(lines.filter(is_other), numbers.filter(is_other), mark=mark)
    of_shape = dict(zip(keys, values.flatten(), strict=True))
    other_columns = dict(zip(other_batch.schema.names, other_batch.columns, strict=True))
    absent = pa.nulls(len(lines), pa.string()), pa.nulls(len(broken), pa.string())
    names = dict.fromkeys((*of_shape, *other_columns))
    check_size(len(names), lines)
    columns = {
        name: pc.replace_with_mask(of_shape.get(name, absent[0]), is_other, other_columns.get(name, absent[1]))
        for name in names
    }
    return _batch(columns), pc.replace_with_mask(is_other, is_other, broken)


def _first_keys(lines: pa.StringArray, numbers: pa.Array, *, mark: bool) -> list[str]:
    """Return the keys of the first object."""
    for line, number in zip(lines, numbers, strict=True):
        try:
            return list(parse_members(line.as_py(), number.as_py()))
        except BrokenLineError:
            if not mark:
                raise
    return []


def _shape(keys: list[str]) -> str:
    """Return an expression for an object with ``keys`` in this order, and scalars as values, each a group."""
    groups = [f"{re.escape(json_text(key))}{_SPACE}:{_SPACE}(?P<_{index}>{_SCALAR})" for index, key in enumerate(keys)]
    return f"^{_SPACE}\\{{{_SPACE}{f'{_SPACE},{_SPACE}'.join(groups)}{_SPACE}\\}}{_SPACE}$"


def _parsed(lines: pa.StringArray, numbers: pa.Array, *, mark: bool) -> tuple[pa.RecordBatch, pa.BooleanArray]:
    parsed: list[dict[str, str]] = []
    for line, number in zip(lines.to_pylist(), numbers.to_pylist(), strict=True):
        try:
            parsed.append(parse_members(line, number))
        except BrokenLineError:
            if not mark:
                raise
            parsed.append({})
    broken = pa.array([not values for values in parsed], pa.bool_())
    places: dict[str, list[int]] = {}
    texts: dict[str, list[str]] = {}
    for place, values in enumerate(parsed):
        for name, text in values.items():
            places.setdefault(name, []).append(place)
            texts.setdefault(name, []).append(text)
    check_size(len(texts), lines)
    return _batch({name: _spread(texts[name], places[name], len(lines)) for name in texts}), broken


def _spread(texts: list[str], places: list[int], count: int) -> pa.StringArray:
    """Return ``count`` strings: ``texts`` at ``places``, and null in between."""
    column = pa.array(texts, pa.string())
    if len(texts) == count:
        return column
    indices = np.zeros(count, np.int32)
    is_null = np.ones(count, np.bool_)
    indices[places] = np.arange(len(texts))
    is_null[places] = False
    return column.take(pa.array(indices, mask=is_null))


def check_size(keys: int, lines: pa.StringArray, *, most_cells: int = _MOST_CELLS) -> None:
    """Check that a column for each of ``keys``, with a value or null for each of ``lines``, is not too much.

    Raises:
        TableError: it is more than ``most_cells``, and the nulls take more memory than the lines themselves.
    """
    check_count(keys)
    if keys * len(lines) > max(most_cells, lines.nbytes):
        raise TableError(
            f"the objects have {keys:,} different keys, each a column, in {len(lines):,} rows:"
            f" give --window {most_cells // keys} or less"
        )


def _batch(columns: dict[str, pa.StringArray]) -> pa.RecordBatch:
    fields = [pa.field(name, pa.string(), metadata=JSON_TEXT) for name in columns]
    return pa.record_batch(list(columns.values()), schema=pa.schema(fields))


class BrokenLineError(TableError):
    """A line is no JSON object that could be a row."""


def parse_members(line: str, number: int) -> dict[str, str]:
    """Return the members of a JSON object (RFC 8259) as name → the text of the value as it stands in ``line``.

    Raises:
        BrokenLineError: it is no object, or has no member, or a name stands twice; ``number`` is the line's.
        TableError: it has too many.
    """
    values: dict[str, str] = {}
    try:
        for name, position, value in members(line):
            if name in values:
                raise json.JSONDecodeError("a name that stands twice", line, position)
            values[name] = value
            check_count(len(values))
    except json.JSONDecodeError as error:
        raise BrokenLineError(
            f"line {number} is not a JSON object: {error.msg} at character {error.pos + 1}"
        ) from error
    except RecursionError as error:
        raise BrokenLineError(f"line {number} is nested too deeply") from error
    if not values:
        raise BrokenLineError(f"line {number}: an object without a key")
    return values
