"""Parquet: row groups are read a batch at a time, and written by a policy of our own."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, cast

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from hayakana.batch.formats.cells import in_schema, is_text, plain_schema
from hayakana.batch.formats.column_names import check_names
from hayakana.batch.formats.options import OptionError, ReadOptions
from hayakana.batch.formats.parquet_bounds import MOST_BYTES, RowsAtOnce
from hayakana.batch.formats.rows import Rows, checked_rows, chosen_names
from hayakana.batch.formats.streams import saying, seekable
from hayakana.errors import TableError

ROW_GROUP = 1 << 18
"""Rows of a row group, which is what readers skip and share; the last one of a file has fewer."""

_LARGEST_GROUP = 1 << 28
"""Bytes of batches that are held for a row group, at most, so that wide rows do not fill the memory."""

_COMPRESSION_LEVELS = {"snappy": None, "zstd": 3, "gzip": 6, "none": None}
"""By Arrow's own choice gzip would be at its slowest."""

_SAMPLE = 1 << 16
"""Rows that tell whether a column's values repeat."""

_READ_AHEAD = 1 << 20
"""Bytes of a column that are read at once; without it Arrow reads those of the whole row group."""

_DAMAGED = "not a Parquet file, or damaged or cut off"


class ParquetTable:
    """The rows of a file by its path, or of one that is open, which stays open; a pipe goes to a temporary file first.

    A batch has ``most_bytes`` bytes of values at most, or a single row.

    Raises:
        TableError: it is not a Parquet file, or not all of one, or two columns have one name.
        OSError: the file cannot be opened.
    """

    def __init__(self, path_or_file: Path | IO[bytes], options: ReadOptions, *, most_bytes: int = MOST_BYTES) -> None:
        self._options, self._most_bytes = options, most_bytes
        self._file, self._is_ours = seekable(path_or_file)
        try:
            with saying(_DAMAGED):
                self._parquet = pq.ParquetFile(self._file, buffer_size=_READ_AHEAD, pre_buffer=False)
            self.schema: pa.Schema = self._parquet.schema_arrow
            check_names(self.schema.names)
        except BaseException:
            self.close()
            raise
        self._rows: int = self._parquet.metadata.num_rows
        self._rows_read = 0

    def batches(self, *, columns: Sequence[str] | None = None, skip_rows: int = 0) -> Iterator[Rows]:
        """Yield the rows after the first ``skip_rows``, with all columns or those named; no others are read.

        Raises:
            TableError: there is no such column, or the file is damaged, or has text that is not UTF-8.
        """
        names = chosen_names(self.schema.names, columns)
        texts = [name for name in names if is_text(self.schema.field(name).type)]
        groups = self._groups_after(skip_rows)
        skip_rows -= self._rows_read
        for batch in self._raw_batches(groups, names):
            before = self._rows_read
            self._rows_read += len(batch)
            skipped = min(skip_rows, len(batch))
            skip_rows -= skipped
            if skipped == len(batch):
                continue
            rows = checked_rows(batch.select(names).slice(skipped), texts)
            if rows.damaged is not None and self._options.undecodable == "refuse":
                row = before + skipped + rows.first_damaged() + 1
                raise TableError(f"row {row:,}: not UTF-8, as text in Parquet is: go on past it with --on-error")
            yield rows
        self._check_all_read()

    def _check_all_read(self) -> None:
        """Check that there were as many rows as there should be: Arrow ends where a damaged column has no more."""
        if self._rows_read != self._rows:
            raise TableError(f"damaged: it should have {self._rows:,} rows, and has {self._rows_read:,}")

    def _raw_batches(self, groups: list[int], names: list[str]) -> Iterator[pa.RecordBatch]:
        rows_at_once = RowsAtOnce(self._file, self._parquet, names, most_bytes=self._most_bytes)
        with saying(_DAMAGED):
            for group in groups:
                size = rows_at_once.of_group(group, self._options.window)
                yield from self._parquet.iter_batches(size, row_groups=[group], columns=names)

    def fraction_read(self) -> float:
        """Return the part of the rows that has been read, from 0 to 1."""
        return self._rows_read / self._rows if self._rows else 0.0

    def close(self) -> None:
        """Let go of the file, and close it if it was opened here."""
        if self._is_ours:
            self._file.close()

    def _groups_after(self, skip_rows: int) -> list[int]:
        """Return the row groups that have rows after the first ``skip_rows``; those before them count as read."""
        metadata, group = self._parquet.metadata, 0
        while group < metadata.num_row_groups and self._rows_read + metadata.row_group(group).num_rows <= skip_rows:
            self._rows_read += metadata.row_group(group).num_rows
            group += 1
        return list(range(group, metadata.num_row_groups))


class ParquetWriter:
    """Writes row groups of ``group_rows`` rows, however they come in batches, or fewer where rows are wide.

    A row group is written, too, once its batches hold ``group_bytes`` bytes.

    Raises:
        OptionError: there is no such compression.
    """

    def __init__(
        self,
        file: IO[bytes],
        schema: pa.Schema,
        compression: str | None = None,
        *,
        group_rows: int = ROW_GROUP,
        group_bytes: int = _LARGEST_GROUP,
    ) -> None:
        self._group_rows, self._group_bytes = group_rows, group_bytes
        self._compression = compression or "snappy"
        if self._compression not in _COMPRESSION_LEVELS:
            choices = ", ".join(_COMPRESSION_LEVELS)
            raise OptionError(f"no compression {compression!r} in Parquet: choose one of {choices}")
        self._file, self._schema = file, plain_schema(schema)
        self._writer: pq.ParquetWriter | None = None
        self._held: list[pa.RecordBatch] = []
        self._rows = self._bytes = 0

    def write(self, batch: pa.RecordBatch) -> None:
        """Append the rows of ``batch``; they are written when there are enough for a row group."""
        batch = in_schema(batch, self._schema)
        while room := min(len(batch), self._group_rows - self._rows):
            self._hold(batch.slice(0, room))
            batch = batch.slice(room)
            if self._rows == self._group_rows or self._bytes >= self._group_bytes:
                self._write_group()

    def close(self) -> None:
        """Write the last row group and what readers need to find all; the file stays open."""
        self._write_group().close()

    def _hold(self, batch: pa.RecordBatch) -> None:
        self._held.append(batch)
        self._rows += len(batch)
        self._bytes += batch.nbytes

    def _write_group(self) -> pq.ParquetWriter:
        table = pa.Table.from_batches(self._held, self._schema)
        self._held, self._rows, self._bytes = [], 0, 0
        if self._writer is None:
            self._writer = pq.ParquetWriter(
                self._file,
                self._schema,
                compression=self._compression,
                compression_level=_COMPRESSION_LEVELS[self._compression],
                use_dictionary=_repeating(table),
            )
        if len(table):
            self._writer.write_table(table, row_group_size=self._group_rows)
        return self._writer


def _repeating(table: pa.Table) -> list[str] | bool:
    """Return the columns that a dictionary makes smaller; others it makes larger, and slower to write."""
    if any(pa.types.is_nested(field.type) for field in table.schema):
        return True  # Leaves have names of their own, and a dictionary never costs much.
    sample = table.slice(0, _SAMPLE)
    return [name for name, column in zip(sample.column_names, sample.columns, strict=True) if not _is_distinct(column)]


def _is_distinct(column: pa.ChunkedArray) -> bool:
    """Whether most values are not the same as another."""
    is_counted = pa.types.is_string(column.type) or pa.types.is_large_string(column.type)
    return is_counted and 2 * cast(int, pc.count_distinct(column).as_py()) > len(column)
