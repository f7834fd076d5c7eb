"""A table that seems to have one column, and has several that another delimiter separates."""

from hayakana.batch.formats.exact_rows import ExactRow, RowError, exact_rows
from hayakana.batch.formats.options import Dialect
from hayakana.errors import TableError

_USUAL = (",", ";", "\t", "|")
_MOST_ROWS = 100
_MOST_BYTES = 1 << 16


def check_delimiter(start: bytes, dialect: Dialect) -> None:
    """Check that no other delimiter separates the names of the columns, which are one, and most of the first rows.

    A column whose values alone hold one (``Parker; Peter`` under ``name``) is what it seems to be.

    Args:
        start: the first lines of the file.
        dialect: how the file is read, with one column.

    Raises:
        TableError: one does; the message has the option that reads the table, and the option that says it is right.
    """
    for delimiter in _USUAL:
        if delimiter != dialect.delimiter and _width(start[:_MOST_BYTES], delimiter) > 1:
            raise TableError(
                f"the columns seem to be separated by {_named(delimiter)}, not by {_named(dialect.delimiter)}:"
                f" give {_option(delimiter)}, or {_option(dialect.delimiter)} if there is one column"
            )


def _width(start: bytes, delimiter: str) -> int:
    """Return how many columns ``delimiter`` makes, 1 unless it does so in most rows too."""
    names, *rows = _rows(start, delimiter) or [_NOTHING]
    rows = [row for row in rows if row.values]
    separated = sum(len(row.values) > 1 for row in rows)
    return len(names.values) if 2 * separated >= len(rows) else 1


_NOTHING = ExactRow([], 0, 0, 0)


def _rows(start: bytes, delimiter: str) -> list[ExactRow]:
    for quote in ('"', None):
        try:
            return exact_rows(start, Dialect(delimiter, quote), at_end=False, most=_MOST_ROWS + 1)
        except RowError:
            continue  # Quotation marks that are characters like others.
    return []


def _named(delimiter: str) -> str:
    return "a tab" if delimiter == "\t" else repr(delimiter)


def _option(delimiter: str) -> str:
    return r"--delimiter $'\t'" if delimiter == "\t" else f"--delimiter '{delimiter}'"
