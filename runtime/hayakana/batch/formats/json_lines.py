"""JSON lines: an object a line. Every value is carried as the text it was written in: 1.10 stays 1.10."""

from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hayakana.batch.formats.blocks import TextBuffer
from hayakana.batch.formats.cells import JSON_TEXT, is_json_text, joined_texts, json_text, json_texts
from hayakana.batch.formats.json_objects import check_size, objects
from hayakana.batch.formats.lines import numbered_lines
from hayakana.batch.formats.options import ReadOptions
from hayakana.batch.formats.row_lines import Lines
from hayakana.batch.formats.rows import LARGEST_WINDOW, Rows, chosen_names, windows_of
from hayakana.batch.formats.streams import EncodedFile, Sink
from hayakana.errors import TableError

_MOST_BROKEN = 1 << 20
"""Lines at the start, at most, before one that is an object and so says which columns there are."""


class JsonLinesTable:
    """Objects, one a line, a column of JSON texts a key; blank lines are no objects. They can be read once."""

    schema = None

    def __init__(
        self,
        text: TextBuffer,
        options: ReadOptions,
        *,
        most_broken: int = _MOST_BROKEN,
        most_bytes: int = LARGEST_WINDOW,
    ) -> None:
        self._text, self._options = text, options
        self._most_broken, self._most_bytes = most_broken, most_bytes

    def batches(self, *, columns: Sequence[str] | None = None, skip_rows: int = 0) -> Iterator[Rows]:
        """Yield the rows after the first ``skip_rows``; all keys so far, which grow in number, or those named.

        Raises:
            TableError: a line is not as it should be, or ``columns`` has a key that none of the first objects has.
        """
        names: dict[str, None] = {}  # of all batches so far: a key that is missing from one is null there
        chosen: list[str] = []
        for lines, batch, broken in self._objects():
            if not names:
                chosen = chosen_names(batch.schema.names, columns)
            names |= dict.fromkeys(batch.schema.names)
            wanted = list(names) if columns is None else chosen
            check_size(len(wanted), lines.column("text"))
            skipped = min(skip_rows, len(lines))
            skip_rows -= skipped
            if skipped < len(lines):
                numbers = lines.column("number")
                starts = Lines.later(len(lines), partial(numbers.to_numpy, zero_copy_only=False))
                rows = Rows(_with_columns(batch, wanted, len(lines)), lines.column("damaged"), broken, starts)
                yield rows.slice(skipped)

    def _objects(self) -> Iterator[tuple[pa.RecordBatch, pa.RecordBatch, pa.BooleanArray]]:
        """Yield (lines, their objects, which lines are none); where none is an object, there are no columns.

        Lines before the first object come after the keys of it are known, with these as columns.
        """
        held: list[pa.RecordBatch] = []
        keys: pa.RecordBatch | None = None
        for lines in self._lines():
            texts, numbers = lines.column("text"), lines.column("number")
            batch, broken = objects(texts, numbers, mark=self._options.broken == "mark")
            if keys is None and not batch.num_columns:
                held.append(lines.set_column(0, "text", pa.nulls(len(lines), pa.string())))
                if sum(map(len, held)) > self._most_broken:
                    raise TableError(
                        f"none of the first {self._most_broken:,} lines is a JSON object: is it JSON lines?"
                    )
                continue
            if keys is None:
                keys = batch.slice(0, 0)
                yield from ((before, keys, pa.repeat(pa.scalar(value=True), len(before))) for before in held)
            yield lines, batch, broken
        if keys is None and held:
            raise TableError("no line is a JSON object: is it JSON lines?")

    def _lines(self) -> Iterator[pa.RecordBatch]:
        """Yield lines that are not blank, a window at a time: ``text``, ``number``, and whether it is ``damaged``."""
        blocks = (Rows(_not_blank(first, rows)) for first, rows in numbered_lines(self._text, self._options))
        for window in windows_of(blocks, self._options.window, most_bytes=self._most_bytes):
            yield window.batch


def _not_blank(first: int, rows: Rows) -> pa.RecordBatch:
    count = len(rows.batch)
    damaged = pa.repeat(pa.scalar(value=False), count) if rows.damaged is None else rows.damaged
    texts = rows.batch.column(0)
    numbers = pa.array(np.arange(first, first + count))
    lines = pa.record_batch([texts, numbers, damaged], names=["text", "number", "damaged"])
    return lines.filter(pc.not_equal(pc.ascii_trim_whitespace(texts), ""))


def _with_columns(batch: pa.RecordBatch, names: list[str], count: int) -> pa.RecordBatch:
    """Return the columns ``names`` of ``count`` rows; those that are not there, or without rows, are null."""
    there = dict(zip(batch.schema.names, batch.columns, strict=True)) if len(batch) else {}
    absent = pa.nulls(count, pa.string())
    columns = [there.get(name, absent) for name in names]
    fields = [pa.field(name, pa.string(), metadata=JSON_TEXT) for name in names]
    return pa.record_batch(columns, schema=pa.schema(fields))


class JsonLinesWriter:
    """Writes an object a row, its keys in the order of the columns."""

    def __init__(self, file: Sink, encoding: str, *, line_end: str = "\n") -> None:
        self._file, self._end = EncodedFile(file, encoding), "}" + line_end

    def write(self, batch: pa.RecordBatch) -> None:
        """Append the rows of ``batch``."""
        # A member is null where its text is, and then left out.
        of_columns = [
            pc.binary_join_element_wise(json_text(field.name), json_texts(column, field), ": ")
            for field, column in zip(batch.schema, batch.columns, strict=True)
            if not is_json_text(field) or column.null_count < len(column)
        ]
        objects = joined_texts(of_columns or [pa.nulls(len(batch), pa.string())], ", ")
        self._file.write(pc.binary_join_element_wise("{", objects, self._end, ""))
