"""CSV and TSV are written, by Arrow's kernels: quotation marks only around values that need them."""

from typing import NoReturn

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hayakana.batch.formats.cells import cell_texts, in_schema, plain_schema
from hayakana.batch.formats.options import Dialect
from hayakana.batch.formats.streams import EncodedFile, Sink, text_bytes
from hayakana.errors import TableError, shorten

_FORMULA = "^[=+\\-@\t\r\n\0＝＋－＠]"
"""What a cell begins with that a spreadsheet runs: OWASP's list for CSV injection, and the full-width forms of it."""

_NUMBER = r"^[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?$"
"""A cell that is a number, such as -5, runs nothing, and would be text with a mark before it."""


class DelimitedWriter:
    """Writes a line of the names of the columns, unless there is to be none, then rows.

    Args:
        file: where the lines go.
        schema: the columns.
        dialect: the delimiter and the quotation mark.
        encoding: of the text.
        header: whether there is a line of names.
        line_end: of each line.
        quote_formulas: whether cells that a spreadsheet would run, names of columns too, have ``'`` put before them.

    Raises:
        TableError: a name or value cannot be written in this dialect or encoding.
    """

    def __init__(
        self,
        file: Sink,
        schema: pa.Schema,
        dialect: Dialect,
        encoding: str,
        *,
        header: bool = True,
        line_end: str = "\n",
        quote_formulas: bool = False,
    ) -> None:
        self._file = EncodedFile(file, encoding)
        self._line_end, self._quote_formulas = line_end, quote_formulas
        self._schema, self._dialect = plain_schema(schema), dialect
        self._rows = 0  # The number of the next one; the names have none.
        if header:
            self._write([pa.array([name], pa.string()) for name in schema.names])
        self._rows = 1

    def write(self, batch: pa.RecordBatch) -> None:
        """Append the rows of ``batch``."""
        columns = in_schema(batch, self._schema).columns
        self._write([cell_texts(column, field) for field, column in zip(self._schema, columns, strict=True)])
        self._rows += len(batch)

    def _write(self, columns: list[pa.StringArray]) -> None:
        # An empty line would be no row, or a row, as readers have it: a lone empty value is in quotation marks.
        enclose_empty = len(columns) == 1 and self._dialect.quote is not None
        *leading, last = [self._values(column, enclose_empty=enclose_empty) for column in columns]
        last = pc.binary_join_element_wise(last, self._line_end, "")
        self._file.write(pc.binary_join_element_wise(*leading, last, self._dialect.delimiter))

    def _values(self, column: pa.StringArray, *, enclose_empty: bool) -> pa.StringArray:
        column = pc.fill_null(column, "")
        if self._quote_formulas:
            column = _with_formulas_quoted(column)
        special = [self._dialect.delimiter, "\n", "\r", *filter(None, [self._dialect.quote])]
        if not enclose_empty and not _has_any(column, special):
            return column
        needs = _those_with(column, special)
        if enclose_empty:
            needs = pc.or_(needs, pc.equal(column, ""))
        if (mark := self._dialect.quote) is None:
            self._refuse(column, needs)
        doubled = pc.replace_substring(column.filter(needs), mark, mark * 2)
        return pc.replace_with_mask(column, needs, pc.binary_join_element_wise(mark, doubled, mark, ""))

    def _refuse(self, column: pa.StringArray, is_special: pa.BooleanArray) -> NoReturn:
        value = column.filter(is_special)[0].as_py()
        index = pc.index(is_special, pa.scalar(value=True)).as_py()
        what = f"row {self._rows + index:,}: the value {shorten(value)}" if self._rows else f"the name {shorten(value)}"
        delimiter, format_name = ("tab", "TSV") if self._dialect.delimiter == "\t" else ("delimiter", "CSV")
        raise TableError(
            f"{what} has a {delimiter} or a line break, which {format_name} cannot hold without quotation marks:"
            " write .csv, .jsonl or .parquet",
            quoted=(shorten(value),),
        )


def _with_formulas_quoted(column: pa.StringArray) -> pa.StringArray:
    is_formula = pc.match_substring_regex(column, _FORMULA)
    if not is_formula.true_count:
        return column
    is_formula = pc.and_not(is_formula, pc.match_substring_regex(column, _NUMBER))
    return pc.if_else(is_formula, pc.binary_join_element_wise("'", column, ""), column)


def _has_any(column: pa.StringArray, characters: list[str]) -> bool:
    """Whether one of ``characters``, which are ASCII, is anywhere in ``column``."""
    data = np.frombuffer(text_bytes(column), np.uint8)
    return any((data == ord(character)).any() for character in characters)


def _those_with(column: pa.StringArray, characters: list[str]) -> pa.BooleanArray:
    matches = pc.match_substring(column, characters[0])
    for character in characters[1:]:
        matches = pc.or_(matches, pc.match_substring(column, character))
    return matches
