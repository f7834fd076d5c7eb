"""Tables of tests: read from bytes, written to bytes, and made of rows."""

import io
from collections.abc import Sequence

import pyarrow as pa

from hayakana.batch.formats.blocks import TEXT_SIZES, TextSizes
from hayakana.batch.formats.parquet import ParquetWriter
from hayakana.batch.formats.registry import FileFormat, ReadOptions, Rows, WriteOptions, open_table, writer

CSV, TSV, JSONL, TXT, PARQUET = map(FileFormat, ("csv", "tsv", "jsonl", "txt", "parquet"))


def read(
    content: bytes,
    file_format: FileFormat,
    columns: Sequence[str] | None = None,
    *,
    text_sizes: TextSizes = TEXT_SIZES,
    **options: object,
) -> pa.Table:
    """Return all that is read of ``content``, with whether a row is damaged where that was said."""
    with open_table(io.BytesIO(content), file_format, ReadOptions(**options), text_sizes=text_sizes) as table:
        batches = [marked(rows) for rows in table.batches(columns=columns)]
        if not batches:
            return pa.Table.from_batches([], table.schema)
    return pa.concat_tables(map(pa.table, batches), promote_options="default")


def marked(rows: Rows) -> pa.RecordBatch:
    return rows.batch if rows.damaged is None else rows.batch.append_column("damaged", rows.damaged)


def cells(
    content: bytes, file_format: FileFormat = CSV, *, text_sizes: TextSizes = TEXT_SIZES, **options: object
) -> list[tuple]:
    """Return the names of the columns and all rows."""
    table = read(content, file_format, text_sizes=text_sizes, **options)
    return [tuple(table.column_names), *zip(*(column.to_pylist() for column in table.columns), strict=True)]


def written(table: pa.Table, file_format: FileFormat, batch_size: int | None = None, **options: object) -> bytes:
    file = io.BytesIO()
    writing = writer(file, table.schema, file_format, WriteOptions(**options))
    for batch in table.to_batches(batch_size):
        writing.write(batch)
    writing.close()
    return file.getvalue()


def copied(content: bytes, source: FileFormat, destination: FileFormat) -> bytes:
    """Return what is written of all that is read of ``content``."""
    file = io.BytesIO()
    with open_table(io.BytesIO(content), source, ReadOptions()) as table:
        first, *others = [rows.batch for rows in table.batches()]
        writing = writer(file, first.schema, destination, WriteOptions())
        for batch in [first, *others]:
            writing.write(batch)
        writing.close()
    return file.getvalue()


def table_of(rows: list[list[str]]) -> pa.Table:
    """Return a table of texts; the first row names the columns."""
    return pa.table({name: pa.array(column, pa.string()) for name, *column in zip(*rows, strict=True)})


def grouped(table: pa.Table, batch_size: int, **sizes: int) -> bytes:
    """Return the Parquet that a writer of row groups of these sizes makes."""
    file = io.BytesIO()
    writing = ParquetWriter(file, table.schema, **sizes)
    for batch in table.to_batches(batch_size):
        writing.write(batch)
    writing.close()
    return file.getvalue()
