"""CSV and TSV. Every column is text: "007" stays "007"."""

import csv
import io
import itertools
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import IO

import pyarrow as pa

from hayakana.batch import lines
from hayakana.batch.texts import cell_texts, in_schema, plain_schema
from hayakana.errors import TableError

_LONGEST_FIELD = 1 << 30
"""Characters; Python's own limit of 131,072 is there for programs that guess at quotes."""


def read_delimited(file: IO[bytes], dialect: type[csv.Dialect]) -> Iterator[pa.RecordBatch]:
    """Yield the rows of ``file``, whose first line names the columns."""
    # What is not UTF-8 is looked for in each row, since the text is decoded far ahead of the reader.
    with io.TextIOWrapper(file, encoding="utf-8-sig", errors="surrogateescape", newline="") as text, _long_fields():
        reader = csv.reader(text, dialect)
        try:
            names = next(reader, None)
            if not names:
                raise TableError("the first line is empty: it should name the columns")
            _check_utf8(names)
            schema = pa.schema([(name, pa.string()) for name in names])
            yield pa.RecordBatch.from_arrays([pa.array([], pa.string())] * len(names), schema=schema)
            while rows := list(itertools.islice(_complete_rows(reader, len(names)), lines.WINDOW)):
                columns = [pa.array(column, pa.string()) for column in zip(*rows, strict=True)]
                yield pa.record_batch(columns, schema=schema)
        except (csv.Error, _RowError) as error:
            raise TableError(f"line {reader.line_num}: {error}") from error


class _RowError(Exception):
    """A row is not UTF-8, or is shorter or longer than the first."""


def _check_utf8(row: list[str]) -> None:
    try:
        "".join(row).encode("utf-8")
    except UnicodeEncodeError as error:
        raise _RowError("not UTF-8: convert the file to UTF-8") from error


def _complete_rows(reader: Iterator[list[str]], width: int) -> Iterator[list[str]]:
    for row in reader:
        if not row:
            if width > 1:
                continue  # An empty line; in a table of one column it is a row with an empty name.
            row = [""]
        if len(row) != width:
            raise _RowError(f"{len(row)} fields, the first line has {width}")
        _check_utf8(row)
        yield row


@contextmanager
def _long_fields() -> Iterator[None]:
    before = csv.field_size_limit(_LONGEST_FIELD)
    try:
        yield
    finally:
        csv.field_size_limit(before)


class DelimitedWriter:
    """Writes rows, quoting where the dialect quotes."""

    def __init__(self, file: IO[bytes], schema: pa.Schema, dialect: type[csv.Dialect]) -> None:
        self._schema = plain_schema(schema)
        self._text = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
        self._writer = csv.writer(self._text, dialect)
        self._quoting_writer = (
            None if dialect.quotechar is None else csv.writer(self._text, dialect, quoting=csv.QUOTE_ALL)
        )
        self._write_rows([schema.names])

    def write(self, batch: pa.RecordBatch) -> None:
        """Append the rows of ``batch``."""
        columns = in_schema(batch, self._schema).columns
        cells = [cell_texts(column, field) for field, column in zip(self._schema, columns, strict=True)]
        self._write_rows(zip(*cells, strict=True))

    def close(self) -> None:
        """Let go of the file, which stays open."""
        self._text.detach()

    def _write_rows(self, rows: Iterable[Sequence[str | None]]) -> None:
        for row in rows:
            writer = self._writer
            # Python before 3.13 does not quote a carriage return, and every reader takes it for the end of a line.
            if any(cell is not None and "\r" in cell for cell in row):
                if self._quoting_writer is None:
                    raise TableError("a value has a line break, which TSV cannot hold: write .csv, .jsonl or .parquet")
                writer = self._quoting_writer
            try:
                writer.writerow(row)
            except csv.Error as error:
                raise TableError(
                    "a value has a tab or a line break, which TSV cannot hold: write .csv, .jsonl or .parquet"
                ) from error
