"""Tables as readers that are not ours read them: Python's csv and json, gzip, bz2, and pyarrow for Parquet and zstd."""

import bz2
import codecs
import csv
import gzip
import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq

Row = dict[str, Any]
"""Column → value: a string, None, ``Raw``; a column that a JSON object lacks is not in it."""


@dataclass(frozen=True)
class Raw:
    """A JSON value that is no string, as it was written."""

    text: str


@dataclass(frozen=True)
class Form:
    """A format, and all that can be said of it."""

    name: str
    compression: str | None = None
    encoding: str = "utf-8"
    delimiter: str | None = None
    quote: str | None = None
    """Empty: there is no quoting; None: what the format has."""

    @property
    def suffix(self) -> str:
        return f".{self.name}" + (f".{self.compression}" if self.compression else "")


class UnreadableError(Exception):
    """The reader refuses it."""


def read(
    content: bytes, form: Form, *, lenient: bool = False, only: list[str] | None = None
) -> tuple[list[str], list[Row]]:
    """Return the names of the columns, as far as the format has them, and the rows.

    ``lenient`` reads bytes that are no text as U+FFFD. Of a Parquet file, ``only`` these columns are read.

    Raises:
        UnreadableError: it is not as it should be.
    """
    if form.name == "parquet":
        rows = rows_of(parquet(content, only))
        if not lenient and any("\ufffd" in value for row in rows for value in row.values() if isinstance(value, str)):
            strings = parquet(content, only)
            try:
                strings.to_pylist()
            except UnicodeDecodeError as error:
                raise UnreadableError(str(error)) from error
        return parquet(content, only).schema.names, rows
    if form.name == "xlsx":
        return _workbook(content)
    text = _decoded(decompressed(content, form.compression), form.encoding, lenient=lenient)
    if form.name == "jsonl":
        return [], list(_objects(text))
    if form.name == "txt":
        lines = text.split("\n")
        lines = lines if lines[-1] else lines[:-1]
        return ["name"], [{"name": line.removesuffix("\r")} for line in lines]
    return _delimited(text, form)


def parquet(content: bytes, only: list[str] | None = None) -> pa.Table:
    """Return a Parquet file as a table, of all columns or ``only`` some.

    Raises:
        UnreadableError: it is none.
    """
    try:
        file = pq.ParquetFile(pa.BufferReader(content))
        names = [name for name in file.schema_arrow.names if only is None or name in only]
        return file.read(names, use_threads=False)
    except (pa.ArrowException, OSError) as error:
        raise UnreadableError(str(error)) from error


def rows_of(table: pa.Table) -> list[Row]:
    """Return the rows of a table; bytes in strings that are no text are U+FFFD."""
    columns = {}
    for name, column in zip(table.schema.names, table.columns, strict=True):
        try:
            columns[name] = column.to_pylist()
        except UnicodeDecodeError:
            plain = pa.large_string() if pa.types.is_dictionary(column.type) else column.type
            if not (pa.types.is_string(plain) or pa.types.is_large_string(plain)):
                columns[name] = ["\ufffd"] * len(column)  # Somewhere in lists or structs.
                continue
            values = column.cast(plain).cast(pa.large_string()).cast(pa.large_binary()).to_pylist()
            columns[name] = [value if value is None else value.decode("utf-8", "replace") for value in values]
    return [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]


def decompressed(content: bytes, compression: str | None) -> bytes:
    """Return what ``content`` is without its compression.

    Raises:
        UnreadableError: it is damaged or cut off.
    """
    try:
        if compression == "gz":
            return gzip.decompress(content)
        if compression == "bz2":
            return bz2.decompress(content)
        if compression == "zst":
            stream = pa.CompressedInputStream(pa.BufferReader(content), "zstd")
            # Read without a size, a stream that is cut off is read for ever.
            return b"".join(iter(lambda: stream.read(1 << 20), b"")) if content else b""
    except (OSError, EOFError, ValueError, zlib.error, pa.ArrowException) as error:
        raise UnreadableError(str(error)) from error
    return content


def _decoded(content: bytes, encoding: str, *, lenient: bool) -> str:
    # Python's own utf-8-sig drops half of a byte order mark.
    encoding = "utf-8" if encoding == "utf-8-sig" else encoding
    decoder = codecs.getincrementaldecoder(encoding)("replace" if lenient else "strict")
    try:
        text = decoder.decode(content, final=True)
        text = text.encode("utf-8", "surrogatepass").decode("utf-8", "replace" if lenient else "strict")
    except UnicodeError as error:
        raise UnreadableError(str(error)) from error
    return text if _TAKES_MARK.fullmatch(encoding) else text.removeprefix("\ufeff")


_TAKES_MARK = re.compile("utf[-_]?(16|32)", re.IGNORECASE)
"""Encodings whose decoders take a byte order mark off. What comes after it is text."""


def _delimited(text: str, form: Form) -> tuple[list[str], list[Row]]:
    csv.field_size_limit(1 << 30)
    quote = form.quote if form.quote is not None else '"' if form.name == "csv" else ""
    delimiter = form.delimiter or ("," if form.name == "csv" else "\t")
    how = {"quotechar": quote} if quote else {"quotechar": None, "quoting": csv.QUOTE_NONE}
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True, **how))
    except csv.Error as error:
        raise UnreadableError(str(error)) from error
    if not rows or not rows[0]:
        raise UnreadableError("no names of columns")
    names, *rows = rows
    if len(set(names)) < len(names):
        raise UnreadableError("two columns of one name")
    rows = [row or [""] for row in rows if row or len(names) == 1]
    if any(len(row) != len(names) for row in rows):
        raise UnreadableError("a row of another width")
    return names, [dict(zip(names, row, strict=True)) for row in rows]


def _workbook(content: bytes) -> tuple[list[str], list[Row]]:
    """Return the cells; openpyxl keeps space that no ``xml:space="preserve"`` keeps, and Excel and calamine do not."""
    try:
        workbook = openpyxl.load_workbook(io.BytesIO(content))
        rows = list(workbook.active.iter_rows(values_only=True))
        package = zipfile.ZipFile(io.BytesIO(content))
        sheets = [package.read(name) for name in package.namelist() if "/sheet" in name]
        cells = [cell for sheet in sheets for cell in re.findall(rb"<c\b([^>]*)>", sheet)]
        kinds = {kind for cell in cells for kind in re.findall(rb'\bt="([^"]*)"', cell)}
        kinds |= {name for cell in cells for name in re.findall(rb"([^\s=]+)=", cell)} - {b"r", b"s", b"t"}
    except Exception as error:  # Whatever a damaged workbook makes openpyxl raise.
        raise UnreadableError(str(error)) from error
    if damaged := kinds - _CELL_KINDS:
        raise UnreadableError(f"cells of a kind that is none: {damaged}")
    while rows and all(value is None for value in rows[-1]):  # Nobody has written to them: a blank text is written.
        rows.pop()
    rows = [tuple(map(_shown, row)) for row in rows]
    if not rows or None in rows[0]:
        raise UnreadableError("no cell, or a column without a name")
    names, *rows = rows
    return list(names), [dict(zip(names, row, strict=True)) for row in rows]


_CELL_KINDS = {b"s", b"str", b"inlineStr", b"n", b"b", b"e", b"d"}
"""What ``t`` of a cell may be (ECMA-376, part 1, 18.18.11)."""


def _shown(value: Any) -> Any:
    return None if isinstance(value, str) and not value.strip(" ") else value


def _objects(text: str) -> Iterator[Row]:
    for line in text.split("\n"):
        if line.strip(" \t\r\n\v\f"):
            yield _members(line.strip(" \t\r\n"))


_SPACE = re.compile(r"[ \t\r\n]*")


def _members(line: str) -> Row:
    """Return the members of an object; ``raw_decode`` says where the text of each value ends."""
    decoder = json.JSONDecoder(parse_int=str)

    def after_space(place: int) -> int:
        return _SPACE.match(line, place).end()

    found: Row = {}
    try:
        if not isinstance(decoder.decode(line), dict):
            raise UnreadableError("no object")
        place = after_space(1)
        while line[place] != "}":
            key, place = decoder.raw_decode(line, after_space(place + (line[place] == ",")))
            start = after_space(after_space(place) + 1)
            value, end = decoder.raw_decode(line, start)
            if key in found:
                raise UnreadableError("a key that stands twice")
            found[key] = value if line[start] == '"' else None if value is None else Raw(line[start:end])
            place = after_space(end)
    except (ValueError, RecursionError) as error:
        raise UnreadableError(str(error)) from error
    if not found:
        raise UnreadableError("an object without a key")
    return found
