"""File formats by suffix. Readers give record batches, writers take them; both hold one window of rows at a time."""

import gzip
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol, cast

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from hayakana.batch import lines
from hayakana.batch.columns import KATAKANA
from hayakana.batch.delimited import DelimitedWriter, read_delimited
from hayakana.batch.json_lines import JsonLinesWriter, read_json_lines
from hayakana.batch.texts import in_schema, plain_schema
from hayakana.dialects import Csv, Tsv
from hayakana.errors import TableError


class Writer(Protocol):
    """Writes record batches to an open file."""

    def write(self, batch: pa.RecordBatch) -> None:
        """Append the rows of ``batch``."""

    def close(self) -> None:
        """Write what is still to be written; the file stays open."""


@dataclass(frozen=True)
class Format:
    """``read`` yields record batches, the first one empty where the format has a schema of its own.

    ``writer`` is called with the schema of the first batch that is written.
    """

    read: Callable[[IO[bytes]], Iterator[pa.RecordBatch]]
    writer: Callable[[IO[bytes], pa.Schema], Writer]


def format_of(path: Path) -> Format:
    """Return the format of ``path`` by its suffix.

    Raises:
        TableError: there is none of that suffix.
    """
    name = path.name.lower()
    found = _FORMATS.get(Path(name.removesuffix(".gz")).suffix)
    if found is None or (found is _FORMATS[".parquet"] and is_gzip(path)):
        raise TableError(f"{path}: the format goes by suffix: .csv, .tsv, .jsonl, .txt, each also .gz, or .parquet")
    return found


def open_for_reading(path: Path) -> IO[bytes]:
    """Open ``path``, through gzip where its suffix says so."""
    return cast(IO[bytes], gzip.open(path, "rb")) if is_gzip(path) else path.open("rb")


@contextmanager
def compressing(file: IO[bytes], path: Path) -> Iterator[IO[bytes]]:
    """Give ``file``, through gzip where the suffix of ``path`` says so; no name or time in it, so that runs agree."""
    if is_gzip(path):
        with gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0) as compressed:
            yield cast(IO[bytes], compressed)
    else:
        yield file


def is_gzip(path: Path) -> bool:
    """Whether the suffix of ``path`` says gzip."""
    return path.name.lower().endswith(".gz")


def _read_text(file: IO[bytes]) -> Iterator[pa.RecordBatch]:
    schema = pa.schema([("name", pa.string())])
    yield pa.RecordBatch.from_pylist([], schema)
    for first, window in lines.numbered_windows(file):
        names = [lines.decoded(line, number).removesuffix("\r") for number, line in enumerate(window, start=first)]
        yield pa.record_batch([pa.array(names, pa.string())], schema=schema)


class _TextWriter:
    """The Katakana alone, a line for a line, empty where there is none."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def write(self, batch: pa.RecordBatch) -> None:
        lines.write_lines(self._file, pc.fill_null(batch.column(KATAKANA), ""))

    def close(self) -> None:
        pass


def _read_parquet(file: IO[bytes]) -> Iterator[pa.RecordBatch]:
    table = pq.ParquetFile(file)
    yield _empty(table.schema_arrow)
    yield from table.iter_batches(batch_size=lines.WINDOW)


def _empty(schema: pa.Schema) -> pa.RecordBatch:
    return pa.RecordBatch.from_arrays([pa.array([], field.type) for field in schema], schema=schema)


class _ParquetWriter:
    def __init__(self, file: IO[bytes], schema: pa.Schema) -> None:
        self._schema = plain_schema(schema)
        self._writer = pq.ParquetWriter(file, self._schema)

    def write(self, batch: pa.RecordBatch) -> None:
        self._writer.write_batch(in_schema(batch, self._schema))

    def close(self) -> None:
        self._writer.close()


_FORMATS = {
    ".csv": Format(lambda file: read_delimited(file, Csv), lambda file, schema: DelimitedWriter(file, schema, Csv)),
    ".tsv": Format(lambda file: read_delimited(file, Tsv), lambda file, schema: DelimitedWriter(file, schema, Tsv)),
    ".jsonl": Format(read_json_lines, lambda file, _schema: JsonLinesWriter(file)),
    ".txt": Format(_read_text, lambda file, _schema: _TextWriter(file)),
    ".parquet": Format(_read_parquet, _ParquetWriter),
}
