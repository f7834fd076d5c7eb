"""JSON lines: an object a line. Every value is carried as the text it was written in: 1.10 stays 1.10."""

import json
from collections.abc import Iterator, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from hayakana.batch.blocks import Blocks
from hayakana.batch.encoded import EncodedFile
from hayakana.batch.lines import line_blocks
from hayakana.batch.options import ReadOptions
from hayakana.batch.rows import Rows, chosen_names, refuse_undecodable
from hayakana.batch.sink import Sink
from hayakana.batch.texts import JSON_TEXT, json_text, json_texts
from hayakana.errors import TableError
from hayakana.json_members import members


class JsonLinesTable:
    """Objects, one a line, a column of JSON texts a key; blank lines are no objects. They can be read once."""

    schema = None

    def __init__(self, blocks: Blocks, options: ReadOptions) -> None:
        self._blocks, self._options = blocks, options

    def batches(self, *, columns: Sequence[str] | None = None, skip_rows: int = 0) -> Iterator[Rows]:
        """Yield the rows after the first ``skip_rows``; all keys so far, which grow in number, or those named.

        Raises:
            TableError: a line is not as it should be, or ``columns`` has a key that none of the first objects has.
        """
        names: dict[str, None] = {}  # of all batches so far: a key that is missing from one is null there
        is_first = True
        for objects, damaged in self._windows():
            names |= dict.fromkeys(name for members_of in objects for name in members_of)
            if is_first:
                chosen_names(list(names), columns)
                is_first = False
            skipped = min(skip_rows, len(objects))
            skip_rows -= skipped
            if skipped < len(objects):
                rows = Rows(_batch(objects, list(names if columns is None else columns)), damaged)
                yield rows.slice(skipped)

    def _windows(self) -> Iterator[tuple[list[dict[str, str]], pa.BooleanArray | None]]:
        """Yield objects, as many as go into a batch, and which of them were damaged."""
        objects: list[dict[str, str]] = []
        damages: list[bool] = []
        for number, line in self._lines():
            text, is_damaged = self._text(line, number)
            found = parse_members(text, number)
            if not found:
                raise TableError(f"line {number}: an object without a key")
            objects.append(found)
            damages.append(is_damaged)
            if len(objects) == self._options.batch_size:
                yield objects, pa.array(damages) if any(damages) else None
                objects, damages = [], []
        if objects:
            yield objects, pa.array(damages) if any(damages) else None

    def _lines(self) -> Iterator[tuple[int, bytes]]:
        for first, block in line_blocks(self._blocks):
            for number, line in enumerate(block.removesuffix(b"\n").split(b"\n"), start=first):
                if line.strip():
                    yield number, line

    def _text(self, line: bytes, number: int) -> tuple[str, bool]:
        try:
            return line.decode("utf-8"), False
        except UnicodeDecodeError:
            if self._options.undecodable == "refuse":
                refuse_undecodable(number, self._options.encoding)
            return line.decode("utf-8", "replace"), True


def _batch(objects: list[dict[str, str]], names: list[str]) -> pa.RecordBatch:
    fields = [pa.field(name, pa.string(), metadata=JSON_TEXT) for name in names]
    columns = [pa.array([found.get(name) for found in objects], pa.string()) for name in names]
    return pa.record_batch(columns, schema=pa.schema(fields))


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

    def __init__(self, file: Sink, encoding: str) -> None:
        self._file = EncodedFile(file, encoding)

    def write(self, batch: pa.RecordBatch) -> None:
        """Append the rows of ``batch``."""
        # A member is null where its text is, and then left out.
        of_columns = [
            pc.binary_join_element_wise(json_text(field.name), json_texts(column, field), ": ")
            for field, column in zip(batch.schema, batch.columns, strict=True)
        ]
        objects = pc.binary_join_element_wise(*of_columns, ", ", null_handling="skip")
        self._file.write(pc.binary_join_element_wise("{", objects, "}\n", ""))
