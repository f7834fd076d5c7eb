"""JSON lines: an object a line. Every value is carried as the text it was written in: 1.10 stays 1.10."""

import json
from collections.abc import Iterator
from typing import IO

import pyarrow as pa

from hayakana.batch.lines import decoded, numbered_windows
from hayakana.batch.texts import JSON_TEXT, json_text, json_texts
from hayakana.errors import TableError
from hayakana.json_members import members


def read_json_lines(file: IO[bytes]) -> Iterator[pa.RecordBatch]:
    """Yield the objects of ``file``, a column of JSON texts a key. Blank lines are no objects."""
    names: dict[str, None] = {}  # of all windows so far: a key that is missing from one is null there
    for first, window in numbered_windows(file):
        rows = [
            parse_members(decoded(line, number), number)
            for number, line in enumerate(window, start=first)
            if line.strip()
        ]
        names |= dict.fromkeys(name for row in rows for name in row)
        fields = [pa.field(name, pa.string(), metadata=JSON_TEXT) for name in names]
        columns = [pa.array([row.get(name) for row in rows], pa.string()) for name in names]
        if rows and not names:
            raise TableError(f"line {first}: an object without a key")
        if rows:
            yield pa.record_batch(columns, schema=pa.schema(fields))


def parse_members(line: str, number: int) -> dict[str, str]:
    """Return the members of a JSON object (RFC 8259) as name → the text of the value as it stands in ``line``.

    Raises:
        TableError: it is no object, or a name stands twice; ``number`` is the line's.
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
    return found


class JsonLinesWriter:
    """Writes an object a row, its keys in the order of the columns."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def write(self, batch: pa.RecordBatch) -> None:
        """Append the rows of ``batch``."""
        keys = [json_text(name) for name in batch.schema.names]
        columns = [json_texts(column, field) for field, column in zip(batch.schema, batch.columns, strict=True)]
        objects = [
            "{" + ", ".join(f"{key}: {text}" for key, text in zip(keys, row, strict=True) if text is not None) + "}\n"
            for row in zip(*columns, strict=True)
        ]
        self._file.write("".join(objects).encode("utf-8"))

    def close(self) -> None:
        """Nothing is held back."""
