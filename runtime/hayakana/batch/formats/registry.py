"""Formats by name or suffix, and what reads and writes them: batches of rows, and neither side holds many."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol, Self

import pyarrow as pa

from hayakana.batch.formats.blocks import PLAIN, TEXT_SIZES, TextBuffer, TextSizes, TextStyle, utf8_text
from hayakana.batch.formats.cells import plain_bytes
from hayakana.batch.formats.delimited import DelimitedTable
from hayakana.batch.formats.delimited_writer import DelimitedWriter
from hayakana.batch.formats.excel import ExcelTable
from hayakana.batch.formats.json_lines import JsonLinesTable, JsonLinesWriter
from hayakana.batch.formats.lines import LinesTable, LinesWriter
from hayakana.batch.formats.options import BY_FORMAT, OptionError, ReadOptions, WriteOptions, dialect_of
from hayakana.batch.formats.parquet import ParquetTable, ParquetWriter
from hayakana.batch.formats.rows import Rows
from hayakana.batch.formats.streams import InputBytes, Sink, sink

__all__ = [
    "BY_FORMAT",
    "FORMAT_NAMES",
    "FileFormat",
    "OpenTable",
    "ReadOptions",
    "Rows",
    "WriteOptions",
    "Writer",
    "format_of",
    "open_table",
    "writer",
]

_TEXT_FORMATS = ("csv", "tsv", "jsonl", "txt")
_COMPRESSIONS = {"gz": "gzip", "zst": "zstd", "bz2": "bz2"}
_SUFFIXES = {compression: suffix for suffix, compression in _COMPRESSIONS.items()}
_LARGEST = 1 << 28
"""Bytes of rows that are written as text at once, at most; an array of strings holds eight times of it."""
_ALIASES = {"ndjson": "jsonl", "pq": "parquet", "xlsm": "xlsx"}

FORMAT_NAMES = (
    *_TEXT_FORMATS,
    "parquet",
    *(f"{name}.{suffix}" for name in _TEXT_FORMATS for suffix in _COMPRESSIONS),
)
"""Of the formats that are written: ``csv``, ``csv.gz`` and so on."""


@dataclass(frozen=True)
class FileFormat:
    """A format, ``csv``, ``tsv``, ``jsonl``, ``txt``, ``parquet`` or ``xlsx``, and the compression of the whole file.

    ``compression`` is ``gzip``, ``zstd`` or ``bz2``, or None, which it always is for Parquet and Excel.
    """

    name: str
    compression: str | None = None

    def __str__(self) -> str:
        """Return its suffix without the dot, which is a name that ``format_of`` takes."""
        return self.name if self.compression is None else f"{self.name}.{_SUFFIXES[self.compression]}"


def format_of(path: Path, name: str | None = None) -> FileFormat:
    """Return the format of ``name``, or that of ``path`` by its suffix.

    Raises:
        OptionError: there is none.
    """
    suffixes = [suffix[1:] for suffix in path.suffixes] if name is None else name.split(".")
    suffixes = [suffix.lower() for suffix in suffixes]
    compression = _COMPRESSIONS.get(suffixes[-1]) if suffixes else None
    if compression is not None:
        del suffixes[-1]
    format_name = ".".join(suffixes if name is not None else suffixes[-1:])
    format_name = _ALIASES.get(format_name, format_name)
    if format_name in _TEXT_FORMATS or (format_name in ("parquet", "xlsx") and compression is None):
        return FileFormat(format_name, compression)
    compressions = ", ".join(f".{suffix}" for suffix in _COMPRESSIONS)
    choices = f"{', '.join(_TEXT_FORMATS)}, each also {compressions}, parquet, and to read, xlsx"
    if name is not None:
        raise OptionError(f"no format {name!r}: choose one of {choices}")
    raise OptionError(f"{path}: the format goes by suffix: {choices}; or name it with --input-format")


_Input = InputBytes | ParquetTable | ExcelTable
_RowsWriter = LinesWriter | JsonLinesWriter | DelimitedWriter


class Table(Protocol):
    """Rows that can be read once."""

    @property
    def schema(self) -> pa.Schema | None:
        """What columns there are; None where only the rows tell."""

    def batches(self, *, columns: Sequence[str] | None = None, skip_rows: int = 0) -> Iterator[Rows]:
        """Yield the rows after the first ``skip_rows``, with all columns or those named."""


class OpenTable:
    """A file that is being read; ``close()``, or leaving a ``with`` block, lets go of it.

    ``schema`` is None where only the rows tell, as in JSON lines.
    """

    def __init__(self, table: Table, input_bytes: _Input, text: TextBuffer | None = None) -> None:
        self._table, self._input_bytes, self._text = table, input_bytes, text

    @property
    def schema(self) -> pa.Schema | None:
        """What columns there are."""
        return self._table.schema

    def batches(self, *, columns: Sequence[str] | None = None, skip_rows: int = 0) -> Iterator[Rows]:
        """Yield the rows after the first ``skip_rows``, with all columns or those named, in that order. Once.

        Raises:
            TableError: there is no such column, or the file is not as it should be.
            OSError: the file cannot be read.
        """
        return self._table.batches(columns=columns, skip_rows=skip_rows)

    @property
    def style(self) -> TextStyle:
        """How its lines end, and whether it has a byte order mark; what is no text has neither.

        Raises:
            TableError: what is compressed is damaged.
            OSError: the file cannot be read.
        """
        return PLAIN if self._text is None else self._text.style

    def fraction_read(self) -> float:
        """Return the part of the file that has been read, from 0 to 1; 0 where that is not known, as for a pipe."""
        return self._input_bytes.fraction_read()

    def close(self) -> None:
        """Let go of the file, and close it if it was opened here."""
        self._input_bytes.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Writer(Protocol):
    """Writes record batches to an open file."""

    def write(self, batch: pa.RecordBatch) -> None:
        """Append the rows of ``batch``."""

    def close(self) -> None:
        """Write what is still to be written; the file stays open."""


def open_table(
    path_or_file: Path | IO[bytes],
    file_format: FileFormat,
    options: ReadOptions,
    *,
    text_sizes: TextSizes = TEXT_SIZES,
) -> OpenTable:
    """Open ``path_or_file``, a file by its path or one that is open already and stays so, such as standard input.

    What it gives does not depend on the block of ``text_sizes``.

    Raises:
        TableError: the file's first bytes are not as they should be, or an option is not.
        OSError: the file cannot be opened.
    """
    if file_format.name in ("parquet", "xlsx"):
        table = (
            ParquetTable(path_or_file, options) if file_format.name == "parquet" else ExcelTable(path_or_file, options)
        )
        return OpenTable(table, table)
    input_bytes = InputBytes(path_or_file, file_format.compression)
    try:
        text = utf8_text(input_bytes.read, options.encoding, text_sizes)
        return OpenTable(_text_table(text, file_format, options), input_bytes, text)
    except BaseException:
        input_bytes.close()
        raise


def _text_table(text: TextBuffer, file_format: FileFormat, options: ReadOptions) -> Table:
    if file_format.name == "txt":
        return LinesTable(text, options)
    if file_format.name == "jsonl":
        return JsonLinesTable(text, options)
    return DelimitedTable(text, dialect_of(file_format.name, options.delimiter, options.quote), options)


def writer(
    file: IO[bytes], schema: pa.Schema, file_format: FileFormat, options: WriteOptions, *, style: TextStyle = PLAIN
) -> Writer:
    """Return what writes batches of ``schema`` to ``file``; the same rows always give the same bytes.

    What ``options`` leave open, ``style`` says: that of the first input.

    Raises:
        TableError: the format cannot hold such columns, or an option is not as it should be.
    """
    check_written(file_format, options)
    if file_format.name == "parquet":
        return ParquetWriter(file, schema, options.compression)
    compressed = sink(file, file_format.compression)
    return _TextWriter(_text_writer(compressed, schema, file_format, options, style), compressed)


def check_written(file_format: FileFormat, options: WriteOptions) -> None:
    """Check that a format is written, and takes the options.

    Raises:
        TableError: it is not, or does not.
    """
    if file_format.name == "xlsx":
        raise OptionError(
            "Excel's .xlsx is read, not written: write .csv with --output-encoding utf-8-sig, which Excel opens"
        )
    if options.compression is not None and file_format.name != "parquet":
        raise OptionError(f"compression {options.compression!r} is for Parquet; that of a text file goes by its suffix")
    if options.quote_formulas and file_format.name not in ("csv", "tsv"):
        raise OptionError(f"--quote-formulas is for .csv and .tsv, not for .{file_format}: leave it out")


class _TextWriter:
    """A writer that is given no more rows at once than it can hold, and the compression that ends with it."""

    def __init__(self, rows: _RowsWriter, compressed: Sink) -> None:
        self._rows, self._compressed = rows, compressed

    def write(self, batch: pa.RecordBatch) -> None:
        if plain_bytes(batch) > _LARGEST and len(batch) > 1:
            half = len(batch) // 2
            self.write(batch.slice(0, half))
            self.write(batch.slice(half))
            return
        self._rows.write(batch)

    def close(self) -> None:
        self._compressed.close()


def _text_writer(
    file: Sink, schema: pa.Schema, file_format: FileFormat, options: WriteOptions, style: TextStyle
) -> _RowsWriter:
    # JSON has no byte order mark (RFC 8259).
    encoding = options.encoding or ("utf-8-sig" if style.has_mark and file_format.name != "jsonl" else "utf-8")
    line_end = options.line_end or style.line_end
    if file_format.name == "txt":
        return LinesWriter(file, encoding, column=options.lines_of, line_end=line_end)
    if file_format.name == "jsonl":
        return JsonLinesWriter(file, encoding, line_end=line_end)
    dialect = dialect_of(file_format.name, options.delimiter, options.quote)
    return DelimitedWriter(
        file,
        schema,
        dialect,
        encoding,
        header=options.header,
        line_end=line_end,
        quote_formulas=options.quote_formulas,
    )
