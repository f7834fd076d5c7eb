"""Rows in windows of one size, however a reader cuts them."""

from collections.abc import Generator, Iterator

import pyarrow as pa

from hayakana.batch.rows import Rows


def windows_of(batches: Iterator[Rows], size: int) -> Generator[Rows, None, None]:
    """Yield the rows of ``batches`` in their order, ``size`` at a time and what is left at the end."""
    held: list[Rows] = []
    count = 0
    for rows in batches:
        rest = rows
        while count + len(rest.batch) >= size:
            yield _joined([*held, rest.slice(0, size - count)])
            rest = rest.slice(size - count)
            held, count = [], 0
        if len(rest.batch):
            held.append(rest)
            count += len(rest.batch)
    if held:
        yield _joined(held)


def _joined(pieces: list[Rows]) -> Rows:
    pieces = [rows for rows in pieces if len(rows.batch)] or pieces[:1]
    if len(pieces) == 1:
        return pieces[0]
    # A key that turns up late in JSON lines is null in the rows before it.
    tables = [pa.Table.from_batches([rows.batch]) for rows in pieces]
    table = pa.concat_tables(tables, promote_options="default")
    columns = [column.combine_chunks() for column in table.columns]
    damaged = None
    if any(rows.damaged is not None for rows in pieces):
        damaged = pa.concat_arrays([_damage(rows) for rows in pieces])
    return Rows(pa.record_batch(columns, schema=table.schema), damaged)


def _damage(rows: Rows) -> pa.BooleanArray:
    return pa.array([False] * len(rows.batch), pa.bool_()) if rows.damaged is None else rows.damaged
