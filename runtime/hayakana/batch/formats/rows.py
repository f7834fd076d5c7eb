"""Rows as readers give them, and the texts in them: what is not UTF-8 becomes U+FFFD, and its row is known."""

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import NoReturn, cast

import pyarrow as pa
import pyarrow.compute as pc

from hayakana.batch.formats.cells import plain_bytes
from hayakana.batch.formats.column_names import CHOOSE_COLUMN, ColumnNames
from hayakana.batch.formats.options import codec_of
from hayakana.batch.formats.row_lines import Lines
from hayakana.errors import TableError


@dataclass(frozen=True, slots=True)
class Rows:
    """A batch of rows.

    ``damaged`` says which of them had bytes that are no text, ``broken`` which were no rows of the table as it should
    be, None: no row; ``lines`` on which lines they begin, None: there are no lines.
    """

    batch: pa.RecordBatch
    damaged: pa.BooleanArray | None = None
    broken: pa.BooleanArray | None = None
    lines: Lines | None = None

    def slice(self, start: int, length: int | None = None) -> "Rows":
        """Return ``length`` rows from ``start`` on, or all; they share memory with these."""
        lines = None if self.lines is None else self.lines.slice(start, length)
        damaged, broken = _sliced(self.damaged, start, length), _sliced(self.broken, start, length)
        return Rows(self.batch.slice(start, length), damaged, broken, lines)

    def split(self, size: int) -> Iterator["Rows"]:
        """Yield these rows in pieces of like size, none of more than ``size``; nothing where there are none."""
        count = len(self.batch)
        pieces = -(-count // size)
        for piece in range(pieces):
            start, end = count * piece // pieces, count * (piece + 1) // pieces
            yield self if pieces == 1 else self.slice(start, end - start)

    def first_damaged(self) -> int:
        """Return the index of the first row that is damaged; -1: none is."""
        return -1 if self.damaged is None else cast(int, pc.index(self.damaged, pa.scalar(value=True)).as_py())


def _sliced(marks: pa.BooleanArray | None, start: int, length: int | None) -> pa.BooleanArray | None:
    sliced = None if marks is None else marks.slice(start, length)
    return sliced if sliced is not None and sliced.true_count else None


def chosen_names(there: Sequence[str], columns: Sequence[str] | None) -> list[str]:
    """Return the names of ``columns`` as they are ``there``, each once, or all of them.

    Raises:
        TableError: one is not there.
    """
    if columns is None:
        return list(there)
    names = ColumnNames(there, numbered=False)
    return list(dict.fromkeys(names.found(name, remedy=CHOOSE_COLUMN) for name in columns))


def refuse_undecodable(line: int, encoding: str) -> NoReturn:
    """Raise the ``TableError`` for bytes in ``line`` that are no text in ``encoding``."""
    name = "UTF-8" if codec_of(encoding).name == "utf-8" else encoding
    raise TableError(f"line {line}: not {name}: name the encoding with --encoding, or go on past it with --on-error")


def text_rows(batch: pa.RecordBatch) -> Rows:
    """Return rows with each column of bytes in ``batch`` as strings."""
    columns, damages = [], []
    for column in batch.columns:
        texts, damaged = _as_texts(column)
        columns.append(texts)
        damages.append(damaged)
    schema = pa.schema([field.with_type(pa.string()) for field in batch.schema])
    return Rows(pa.record_batch(columns, schema=schema), _any(damages))


def checked_rows(batch: pa.RecordBatch, names: list[str]) -> Rows:
    """Return rows where the columns ``names``, of strings or a dictionary of them, have been looked through."""
    damages, columns = [], batch.columns
    for name in names:
        index = batch.schema.get_field_index(name)
        field, column = batch.schema.field(index), columns[index]
        if _is_valid(column):
            continue
        if pa.types.is_dictionary(field.type):
            column = column.dictionary_decode()
        texts, damaged = _as_texts(column.cast(pa.large_string()).cast(pa.large_binary()))
        if pa.types.is_dictionary(field.type):
            texts = texts.dictionary_encode()
        columns[index] = texts.cast(field.type)
        damages.append(damaged)
    return Rows(pa.record_batch(columns, schema=batch.schema) if damages else batch, _any(damages))


def _is_valid(column: pa.Array) -> bool:
    try:
        column.validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def _as_texts(column: pa.Array) -> tuple[pa.Array, pa.BooleanArray | None]:
    """Return bytes as strings, and where they were not UTF-8."""
    try:
        return column.cast(pa.string()), None
    except pa.ArrowInvalid:
        values = column.to_pylist()
    texts = [None if value is None else value.decode("utf-8", "replace") for value in values]
    damaged = [
        text is not None and "\ufffd" in text and text.encode("utf-8") != value
        for text, value in zip(texts, values, strict=True)
    ]
    return pa.array(texts, pa.string()), pa.array(damaged, pa.bool_())


def _any(damages: list[pa.BooleanArray | None]) -> pa.BooleanArray | None:
    marks = [damaged for damaged in damages if damaged is not None]
    return reduce(pc.or_, marks) if marks else None


LARGEST_WINDOW = 1 << 31
"""Bytes of the rows that are at work together, at most: what a column of strings can hold."""


def windows_of(batches: Iterator[Rows], size: int, *, most_bytes: int = LARGEST_WINDOW) -> Generator[Rows, None, None]:
    """Yield the rows of ``batches`` in their order, ``size`` at a time and what is left at the end.

    Raises:
        TableError: so many take more than ``most_bytes`` of memory.
    """
    held: list[Rows] = []
    count = held_bytes = 0
    for rows in batches:
        remaining = rows
        held_bytes += plain_bytes(rows.batch)
        if held_bytes > most_bytes and count + len(rows.batch) > 1:
            _refuse(count + len(rows.batch), size, held_bytes, most_bytes)
        while count + len(remaining.batch) >= size:
            yield _joined([*held, remaining.slice(0, size - count)])
            remaining = remaining.slice(size - count)
            held, count, held_bytes = [], 0, plain_bytes(remaining.batch)
        if len(remaining.batch):
            held.append(remaining)
            count += len(remaining.batch)
    if held:
        yield _joined(held)


def _refuse(rows: int, size: int, held_bytes: int, most_bytes: int) -> NoReturn:
    fitting = max(1, min(size - 1, rows * most_bytes // (2 * held_bytes)))
    raise TableError(f"{rows:,} rows take more than {most_bytes >> 30} GiB of memory: give --window {fitting} or less")


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
