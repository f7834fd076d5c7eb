"""What can be said of a file beside its format: encoding, delimiter and quotation mark, compression, sizes."""

import codecs
import csv
from dataclasses import dataclass
from typing import Final, Literal

from hayakana.errors import TableError
from hayakana.syntax import Csv, Tsv


class OptionError(TableError):
    """An option that no file can make right: a format, an encoding or a character that is not one."""


WINDOW = 262_144
"""Rows of a window unless an option says otherwise."""

BY_FORMAT: Final = "by format"
"""The quotation mark that a format has: ``"`` in CSV, none in TSV."""


@dataclass(frozen=True)
class ReadOptions:
    """How a file is read.

    Args:
        encoding: of text; any codec of Python.
        delimiter: one ASCII character between values of CSV and TSV; None: the format's own.
        quote: the quotation mark of CSV and TSV; None: there is no quoting.
        undecodable: what is done about bytes that are no text in ``encoding``: refuse the file, or read each as U+FFFD
            and mark the row.
        broken: what is done about rows with too many or too few values or an open quotation (CSV, TSV) and lines
            without a JSON object: refuse the file, or mark the row and read what can be read, with null elsewhere.
        window: most rows that are read and worked on together.
        header: whether the first line of CSV and TSV names the columns; otherwise they are ``"1"``, ``"2"`` and so on.
        sheet: the sheet of an Excel workbook that is read; None: the only one that has a cell.
    """

    encoding: str = "utf-8"
    delimiter: str | None = None
    quote: str | None = BY_FORMAT
    undecodable: Literal["refuse", "replace"] = "refuse"
    window: int = WINDOW
    header: bool = True
    broken: Literal["refuse", "mark"] = "refuse"
    sheet: str | None = None


@dataclass(frozen=True)
class WriteOptions:
    """How a file is written.

    Args:
        encoding: of text; ``utf-8-sig`` writes a byte order mark; None: UTF-8, with the mark in CSV, TSV and plain text
            where the first input has it.
        line_end: of text; None: that of the first line of the first input.
        delimiter: one ASCII character between values of CSV and TSV; None: the format's own.
        quote: the quotation mark of CSV and TSV; None: there is no quoting.
        compression: inside Parquet; None: snappy. That of a text file goes by its format.
        lines_of: the column that a text file has, which holds one a line.
        header: whether CSV and TSV begin with a line of the names of the columns.
        quote_formulas: whether ``'`` is put before each cell of CSV and TSV that a spreadsheet would run.
    """

    encoding: str | None = None
    line_end: Literal["\n", "\r\n"] | None = None
    delimiter: str | None = None
    quote: str | None = BY_FORMAT
    compression: str | None = None
    lines_of: str = "katakana"
    header: bool = True
    quote_formulas: bool = False


@dataclass(frozen=True)
class Dialect:
    """What separates values and what encloses them; a mark within a value in quotation marks is doubled."""

    delimiter: str
    quote: str | None

    @property
    def strict(self) -> type[csv.Dialect]:
        """The same for Python's ``csv``, which then refuses what it would have to guess at."""
        template = Tsv if self.quote is None else Csv
        return type("Strict", (template,), {"delimiter": self.delimiter, "quotechar": self.quote})


def dialect_of(name: str, delimiter: str | None, quote: str | None) -> Dialect:
    """Return the dialect of format ``name``, ``csv`` or ``tsv``, unless options say otherwise.

    Raises:
        OptionError: a delimiter or quotation mark that cannot be one.
    """
    usual = Tsv if name == "tsv" else Csv
    dialect = Dialect(
        usual.delimiter if delimiter is None else delimiter, usual.quotechar if quote == BY_FORMAT else quote
    )
    _check_mark("delimiter", dialect.delimiter)
    if dialect.quote is not None:
        _check_mark("quotation mark", dialect.quote)
    if dialect.delimiter == dialect.quote:
        raise OptionError(f"delimiter and quotation mark are both {dialect.quote!r}: choose another for one")
    return dialect


def _check_mark(what: str, mark: str) -> None:
    if len(mark) != 1 or not mark.isascii() or mark in "\r\n\0":
        raise OptionError(f"{what} {mark!r}: must be one ASCII character, and no line break")


def codec_of(encoding: str) -> codecs.CodecInfo:
    """Return Python's codec for text in ``encoding``.

    Raises:
        OptionError: there is none.
    """
    try:
        "".encode(encoding)  # Refuses those that are not for text, such as hex.
        codec = codecs.lookup(encoding)
    except (LookupError, ValueError) as error:
        raise OptionError(
            f"no encoding {encoding!r}: name one that Python knows, such as utf-8, utf-16, cp932 or cp1252"
        ) from error
    return codec


def writes_mark(codec: codecs.CodecInfo) -> bool:
    """Whether ``codec`` itself writes a byte order mark, and takes it off when it reads, as for utf-16."""
    return bool(codec.encode("")[0])
