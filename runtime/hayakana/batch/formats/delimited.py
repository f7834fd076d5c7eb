"""CSV and TSV are read: every column is text, "007" stays "007".

Arrow parses blocks of whole rows. Where a block is not plain, Python's ``csv`` reads it instead. So rows are the same
everywhere, and errors name the line. Rows are what ``csv.reader`` gives in its strict mode, except:

- an empty line is a row with an empty value in a table of one column, and no row in others;
- a row of more or fewer values than the first is refused, or marked as broken, and two columns of one name are refused;
- a byte order mark at the start of the file is no part of it;
- a row of more than 64 MiB is refused, so that a quotation mark that nobody closes does not fill the memory.

A null byte is a character, a line ends in a line feed, a carriage return or both, as in ``csv.reader``.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NoReturn

import pyarrow as pa
import pyarrow.csv as pa_csv

from hayakana.batch.formats.blocks import BYTE_ORDER_MARK, TextBuffer
from hayakana.batch.formats.column_names import check_count, check_names
from hayakana.batch.formats.delimiters import check_delimiter
from hayakana.batch.formats.exact_rows import ExactRow, RowError, count_lines, exact_rows
from hayakana.batch.formats.mended_rows import RowMender
from hayakana.batch.formats.options import Dialect, ReadOptions
from hayakana.batch.formats.plain_rows import plain_end, row_lines
from hayakana.batch.formats.row_lines import Lines
from hayakana.batch.formats.rows import Rows, chosen_names, refuse_undecodable, text_rows
from hayakana.errors import TableError

_MOST_EMPTY = 1_000
"""Empty lines at the start of a table without names that are looked past for its first row."""

_EMPTY_VALUE = ExactRow([""], 0, 0, 0)


@dataclass(frozen=True, slots=True)
class _Parsed:
    """Rows of a block as columns of bytes, and how much of it they took."""

    batch: pa.RecordBatch
    size: int
    lines: int
    starts: Lines
    broken: pa.BooleanArray | None = None


class DelimitedTable:
    """Rows whose first names the columns, unless options say that none does. They can be read once.

    Raises:
        TableError: there is no first row, or it does not name columns.
    """

    def __init__(self, text: TextBuffer, dialect: Dialect, options: ReadOptions) -> None:
        self._text, self._dialect, self._options = text, dialect, options
        self._names = self._read_names()
        self.schema = pa.schema([(name, pa.string()) for name in self._names])
        check_names(self.schema.names)
        self._mender = RowMender(dialect, len(self._names)) if options.broken == "mark" else None

    def batches(self, *, columns: Sequence[str] | None = None, skip_rows: int = 0) -> Iterator[Rows]:
        """Yield the rows after the first ``skip_rows``, with all columns or those named.

        Raises:
            TableError: there is no such column, or a row is not as it should be.
        """
        names = chosen_names(self._names, columns)
        while self._text.fill():
            parsed = self._parsed(names)
            if parsed is None:
                continue
            skipped = min(skip_rows, len(parsed.batch))
            skip_rows -= skipped
            rows = text_rows(parsed.batch.slice(skipped))
            if rows.damaged is not None and self._options.undecodable == "refuse":
                refuse_undecodable(parsed.starts.at(skipped + rows.first_damaged()), self._options.encoding)
            self._text.take(parsed.size, parsed.lines)
            broken = None if parsed.broken is None else parsed.broken.slice(skipped)
            rows = replace(rows, broken=broken, lines=parsed.starts.slice(skipped))
            yield from rows.split(self._options.window)

    def _read_names(self) -> list[str]:
        first = self._first_row()
        if not first.values:
            raise TableError("the first line is empty: it should name the columns")
        check_count(len(first.values))
        if len(first.values) == 1 and self._options.delimiter is None:
            check_delimiter(self._text.pending, self._dialect)
        if not self._options.header:
            return [str(number) for number in range(1, len(first.values) + 1)]
        try:
            names = [(_bytes(name) or b"").decode("utf-8") for name in first.values]
        except UnicodeDecodeError:
            refuse_undecodable(1, self._options.encoding)
        self._text.take(first.end, first.lines)
        return names

    def _first_row(self) -> ExactRow:
        """Return the row that says how many columns there are: without names, the first that is no empty line."""
        rows: list[ExactRow] = []
        while self._text.fill():
            try:
                rows = self._exact_rows(most=1 if self._options.header else _MOST_EMPTY)
            except TableError:
                if self._options.delimiter is None:  # "a";"b" is no value of a table with commas.
                    check_delimiter(self._text.pending, self._dialect)
                raise
            if not self._options.header:
                rows = [row for row in rows if row.values] or ([_EMPTY_VALUE] if rows else [])
            if rows:
                return rows[0]
        raise TableError("the file is empty: nothing says which columns there are")

    def _parsed(self, names: list[str]) -> _Parsed | None:
        """Return the whole rows of the block; None: there are none, and it has to be filled up."""
        end = plain_end(self._text.pending, self._dialect)
        is_last = self._text.at_end or (self._mender is not None and self._text.is_too_long)
        if end is None or (end == 0 and is_last):
            return self._parsed_exactly(names)
        if end == 0:
            return None
        block = self._text.pending[:end]
        if block.startswith(BYTE_ORDER_MARK):
            block = BYTE_ORDER_MARK + block  # Arrow takes one off each block, and this is not the first.
        try:
            table = pa_csv.read_csv(
                pa.BufferReader(block),
                pa_csv.ReadOptions(use_threads=False, column_names=self._names, block_size=len(block) + 1),
                pa_csv.ParseOptions(
                    delimiter=self._dialect.delimiter,
                    quote_char=self._dialect.quote or False,
                    ignore_empty_lines=len(self._names) > 1,
                    newlines_in_values=True,
                ),
                pa_csv.ConvertOptions(
                    column_types=dict.fromkeys(names, pa.binary()),
                    include_columns=names,
                    strings_can_be_null=False,
                    check_utf8=False,
                ),
            )
        except pa.ArrowInvalid:
            return self._parsed_exactly(names)
        block = self._text.pending[:end]
        batch, lines = _one_batch(table), count_lines(block)
        return _Parsed(batch, end, lines, self._starts(block, len(batch), lines))

    def _starts(self, block: bytes, rows: int, lines: int) -> Lines:
        """Return the lines of the rows of a plain block, which are looked for only where some have several lines."""
        first = self._text.line
        if rows == lines:
            return Lines.consecutive(first, rows)
        empty_rows = len(self._names) == 1
        return Lines.later(rows, lambda: first + row_lines(block, self._dialect, empty_rows=empty_rows))

    def _parsed_exactly(self, names: list[str]) -> _Parsed | None:
        rows = self._exact_rows() if self._mender is None else self._mended_rows(self._mender)
        if not rows:
            return None
        full = list(self._full(rows))
        place_of = {name: place for place, name in enumerate(self._names)}
        arrays = [
            pa.array([_bytes(row.values[place]) for row in full], pa.binary())
            for place in (place_of[name] for name in names)
        ]
        numbers = [self._text.line + row.line for row in full]
        broken = pa.array([row.broken for row in full], pa.bool_())
        return _Parsed(
            pa.record_batch(arrays, names=names),
            rows[-1].end,
            rows[-1].lines,
            Lines.later(len(full), lambda: numbers),
            broken if broken.true_count else None,
        )

    def _mended_rows(self, mender: RowMender) -> list[ExactRow]:
        is_last = self._text.at_end or self._text.is_too_long
        return mender.rows(self._text.pending, at_end=is_last, most_bytes=self._text.sizes.block)

    def _full(self, rows: list[ExactRow]) -> Iterator[ExactRow]:
        """Yield rows without empty lines; in a table of one column these are rows with an empty value."""
        width = len(self._names)
        for row in rows:
            if len(row.values) == width:
                yield row
            elif row.values:
                is_last = self._text.at_end and row.end == len(self._text.pending)
                remedy = (
                    "is the file cut off?" if is_last else "is there a delimiter or quotation mark too many or few?"
                )
                self._fail(f"{len(row.values)} values in place of {width}: {remedy}", row.line)
            elif width == 1:
                yield replace(row, values=[""])

    def _exact_rows(self, most: int | None = None) -> list[ExactRow]:
        try:
            return exact_rows(self._text.pending, self._dialect, at_end=self._text.at_end, most=most)
        except RowError as error:
            self._fail(str(error), error.line)

    def _fail(self, message: str, line: int) -> NoReturn:
        raise TableError(f"line {self._text.line + line}: {message}")


def _bytes(value: str | None) -> bytes | None:
    return None if value is None else value.encode("latin-1")


def _one_batch(table: pa.Table) -> pa.RecordBatch:
    """Return what was one block."""
    (batch,) = table.to_batches() or [pa.RecordBatch.from_pylist([], table.schema)]
    return batch
