"""Excel's .xlsx is read, through calamine (extra ``excel``): every value becomes text, as people see it in the cell.

What a cell holds decides, not the format it is shown in: the text "007" stays "007", and the number 7 is always "7".
A sheet is in memory as a whole, up to the bounds of ``excel_measure``.
"""

import datetime
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import IO, TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from hayakana.batch.formats.column_names import check_names
from hayakana.batch.formats.excel_package import copy_measured
from hayakana.batch.formats.options import ReadOptions
from hayakana.batch.formats.rows import Rows, chosen_names
from hayakana.batch.formats.streams import seekable
from hayakana.errors import MissingExtraError, TableError, brief, listed, shorten

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

_CELLS = 1 << 20
"""Of rows that are Python objects at a time."""

_WHOLE = 1e21
"""From here on a number is written with an exponent."""


class ExcelTable:
    """The rows of a sheet, whose first one that is not empty names the columns; a pipe goes to a temporary file first.

    A column without a name and without values is none.

    Raises:
        TableError: it is no workbook, or damaged, encrypted or too large; or there is no such sheet, or no sheet is
            named and several have cells; or the first row does not name columns.
        MissingExtraError: calamine is not installed.
        OSError: the file cannot be opened.
    """

    def __init__(self, path_or_file: Path | IO[bytes], options: ReadOptions) -> None:
        self._options = options
        self._sheet = _sheet(path_or_file, options.sheet)
        self._rows_read = 0
        self._first_row, self._first_column = self._sheet.start or (0, 0)
        header = next(islice(self._sheet.iter_rows(), self._first_row, None), [])
        self._names = _texts(header).to_pylist()
        self.schema = pa.schema([(name, pa.string()) for name in self._names if name is not None])
        check_names(self.schema.names)

    def batches(self, *, columns: Sequence[str] | None = None, skip_rows: int = 0) -> Iterator[Rows]:
        """Yield the rows after the first ``skip_rows``, with all columns or those named.

        Raises:
            TableError: there is no such column, or a column with values has no name, or a number is no date.
        """
        place_of = {name: place for place, name in enumerate(self._names)}
        places = [place_of[name] for name in chosen_names(self.schema.names, columns)]
        size = max(1, min(self._options.window, _CELLS // max(1, len(self._names))))
        self._rows_read = skip_rows
        with _readable():
            rows = islice(self._sheet.iter_rows(), self._first_row + 1 + skip_rows, None)
            while some := list(islice(rows, size)):
                values = list(zip(*some, strict=True))
                self._check_nameless(values)
                arrays = [_texts(values[place]) for place in places]
                self._rows_read += len(some)
                yield Rows(pa.record_batch(arrays, names=[self._names[place] for place in places]))

    def fraction_read(self) -> float:
        """Return the part of the rows that has been read, from 0 to 1."""
        return min(1.0, self._rows_read / max(1, self._sheet.height - 1))

    def close(self) -> None:
        """Do nothing: the file was let go of when it was read."""

    def _check_nameless(self, values: list[tuple[object, ...]]) -> None:
        for place, (name, column) in enumerate(zip(self._names, values, strict=True)):
            if name is None and any(value != "" for value in column):
                row = self._first_row + 2 + self._rows_read + next(i for i, value in enumerate(column) if value != "")
                letters = _letters(self._first_column + place)
                raise TableError(
                    f"cell {letters}{row} has a value, and column {letters} has no name in row {self._first_row + 1},"
                    " the first one: name each column there, and delete what stands above or beside the table"
                )


def _sheet(path_or_file: Path | IO[bytes], name: str | None) -> "CalamineSheet":
    try:
        from python_calamine import CalamineWorkbook
    except ImportError as error:
        raise MissingExtraError("reading Excel's .xlsx", extra="excel") from error
    workbook, is_ours = seekable(path_or_file)
    try:
        with tempfile.TemporaryFile() as copy:
            copy_measured(workbook, copy)
            copy.seek(0)
            with _readable(), CalamineWorkbook.from_filelike(copy) as opened:
                return _chosen(opened, name)
    finally:
        if is_ours:
            workbook.close()


def _chosen(workbook: "CalamineWorkbook", name: str | None) -> "CalamineSheet":
    from python_calamine import SheetTypeEnum

    names = [sheet.name for sheet in workbook.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
    if name is not None:
        if name not in names:
            choices = listed(names, shown=shorten)
            raise TableError(f"no sheet {shorten(name)}: choose one of {choices} with --sheet", quoted=(choices,))
        if (sheet := workbook.get_sheet_by_name(name)).start is None:
            raise TableError(f"sheet {shorten(name)} has no cell: the first row should name the columns")
        return sheet
    first_filled: CalamineSheet | None = None
    filled = []
    for sheet_name in names:
        sheet = workbook.get_sheet_by_name(sheet_name)
        if sheet.start is not None:
            filled.append(sheet_name)
            first_filled = first_filled or sheet
    if len(filled) > 1:
        choices = listed(filled, shown=shorten)
        raise TableError(f"several sheets have cells, {choices}: choose one of them with --sheet", quoted=(choices,))
    if first_filled is None:
        raise TableError("no sheet has a cell: the first row should name the columns")
    return first_filled


@contextmanager
def _readable() -> Iterator[None]:
    """Say what is wrong with a workbook that calamine cannot read, whose mistakes end in an exception of their own."""
    from python_calamine import CalamineError

    try:
        yield
    except (CalamineError, ValueError, OverflowError) as error:
        if isinstance(error, TableError):
            raise
        raise TableError(
            f"not an .xlsx workbook, or damaged ({brief(error)}): open it in Excel and save it again"
        ) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # Which has no name that can be imported.
            raise
        raise TableError(
            f"a cell cannot be read ({brief(error)}), such as a number too large for a date's format: change it in"
            " Excel, or save the sheet as CSV"
        ) from error


def _texts(values: Sequence[object]) -> pa.StringArray:
    """Return what cells hold as text, null where they are empty."""
    if not all(type(value) is str for value in values):
        values = [value if type(value) is str else _text(value) for value in values]
    texts = pa.array(values, pa.string())
    return pc.if_else(pc.equal(texts, ""), None, texts)


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        # What is added makes 0 of -0.
        return f"{value + 0.0:.0f}" if value.is_integer() and abs(value) < _WHOLE else repr(value)
    if isinstance(value, datetime.datetime | datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, datetime.timedelta):
        seconds = round(value.total_seconds())
        sign, seconds = ("-", -seconds) if seconds < 0 else ("", seconds)
        return f"{sign}{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    return str(value)


def _letters(column: int) -> str:
    """Return the letters that Excel names a column by, the first one being 0."""
    letters = ""
    column += 1
    while column:
        column, place = divmod(column - 1, 26)
        letters = chr(ord("A") + place) + letters
    return letters
