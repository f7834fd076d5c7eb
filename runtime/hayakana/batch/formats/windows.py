"""Rows in windows of one size, however a reader cuts them."""

from collections.abc import Generator, Iterator
from typing import NoReturn

import pyarrow as pa

from hayakana.batch.formats.cells import plain_bytes
from hayakana.batch.formats.row_lines import Lines
from hayakana.batch.formats.rows import Rows
from hayakana.errors import TableError

LARGEST_WINDOW = 1 << 31
"""Bytes of the rows that are at work together, at most: what a column of strings can hold."""


def windows_of(batches: Iterator[Rows], size: int) -> Generator[Rows, None, None]:
    """Yield the rows of ``batches`` in their order, ``size`` at a time and what is left at the end.

    Raises:
        TableError: so many take more memory than ``LARGEST_WINDOW``.
    """
    held: list[Rows] = []
    count = held_bytes = 0
    for rows in batches:
        remaining = rows
        held_bytes += plain_bytes(rows.batch)
        if held_bytes > LARGEST_WINDOW and count + len(rows.batch) > 1:
            _refuse(count + len(rows.batch), size, held_bytes)
        while count + len(remaining.batch) >= size:
            yield _joined([*held, remaining.slice(0, size - count)])
            remaining = remaining.slice(size - count)
            held, count, held_bytes = [], 0, plain_bytes(remaining.batch)
        if len(remaining.batch):
            held.append(remaining)
            count += len(remaining.batch)
    if held:
        yield _joined(held)


def _refuse(rows: int, size: int, held_bytes: int) -> NoReturn:
    fitting = max(1, min(size - 1, rows * LARGEST_WINDOW // (2 * held_bytes)))
    raise TableError(
        f"{rows:,} rows take more than {LARGEST_WINDOW >> 30} GiB of memory: give --window {fitting} or less"
    )


def _joined(batches: list[Rows]) -> Rows:
    batches = [rows for rows in batches if len(rows.batch)] or batches[:1]
    if len(batches) == 1:
        return batches[0]
    # A key that turns up late in JSON lines is null in the rows before it.
    tables = [pa.Table.from_batches([rows.batch]) for rows in batches]
    table = pa.concat_tables(tables, promote_options="default")
    columns = [column.combine_chunks() for column in table.columns]
    lines = [rows.lines for rows in batches if rows.lines is not None]
    return Rows(
        pa.record_batch(columns, schema=table.schema),
        _joined_marks([(rows.damaged, len(rows.batch)) for rows in batches]),
        _joined_marks([(rows.broken, len(rows.batch)) for rows in batches]),
        Lines.joined(lines) if len(lines) == len(batches) else None,
    )


def _joined_marks(batches: list[tuple[pa.BooleanArray | None, int]]) -> pa.BooleanArray | None:
    if all(marks is None for marks, _ in batches):
        return None
    none = pa.scalar(value=False)
    return pa.concat_arrays([pa.repeat(none, count) if marks is None else marks for marks, count in batches])
