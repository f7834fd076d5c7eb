"""Tables as readers that are not ours read them: Python's csv and json, gzip, bz2, and pyarrow for Parquet and zstd."""

import bz2
import codecs
import csv
import gzip
import io
import json
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

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


def read(content: bytes, form: Form, *, lenient: bool = False) -> tuple[list[str], list[Row]]:
    """Return the names of the columns, as far as the format has them, and the rows.

    ``lenient`` reads bytes that are no text as U+FFFD.

    Raises:
        UnreadableError: it is not as it should be.
    """
    if form.name == "parquet":
        table = parquet(content)
        return table.schema.names, table.to_pylist()
    text = _decoded(decompressed(content, form.compression), form.encoding, lenient=lenient)
    if form.name == "jsonl":
        return [], list(_objects(text))
    if form.name == "txt":
        lines = [line.removesuffix("\r") for line in text.split("\n")]
        return ["name"], [{"name": line} for line in (lines if lines[-1] else lines[:-1])]
    return _delimited(text, form)


def parquet(content: bytes) -> pa.Table:
    """Return a Parquet file as a table.

    Raises:
        UnreadableError: it is none.
    """
    try:
        return pq.read_table(pa.BufferReader(content), use_threads=False)
    except (pa.ArrowException, OSError) as error:
        raise UnreadableError(str(error)) from error


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
            return pa.CompressedInputStream(pa.BufferReader(content), "zstd").read() if content else b""
    except (OSError, EOFError, ValueError, zlib.error, pa.ArrowException) as error:
        raise UnreadableError(str(error)) from error
    return content


def _decoded(content: bytes, encoding: str, *, lenient: bool) -> str:
    decoder = codecs.getincrementaldecoder(encoding)("replace" if lenient else "strict")
    try:
        text = decoder.decode(content, final=True)
        text = text.encode("utf-8", "surrogatepass").decode("utf-8", "replace" if lenient else "strict")
    except UnicodeError as error:
        raise UnreadableError(str(error)) from error
    return text.removeprefix("\ufeff")


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
