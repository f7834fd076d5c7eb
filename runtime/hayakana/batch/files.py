"""A file of names in, the same file with Katakana out."""

import time
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import pyarrow as pa
import pyarrow.compute as pc
from tqdm import tqdm

from hayakana.atomic import atomic_file
from hayakana.batch.answers import Answerer
from hayakana.batch.columns import KATAKANA, STATUS, with_katakana
from hayakana.batch.formats import FileFormat, ReadOptions, WriteOptions, Writer, format_of, reading, writer
from hayakana.batch.texts import names_of
from hayakana.errors import TableError
from hayakana.results import Status
from hayakana.transliterator import Transliterator

DEFAULT_COLUMN = "name"


@dataclass(frozen=True)
class Report:
    """What a job did: rows written, how many of each status, and the seconds it took."""

    rows: int
    statuses: dict[str, int]
    seconds: float

    @property
    def problems(self) -> int:
        """Rows without Katakana."""
        return self.rows - sum(self.statuses.get(status, 0) for status in (Status.OK, Status.KEPT, Status.LEXICON))

    def __str__(self) -> str:
        counts = ", ".join(f"{count:,} {status}" for status, count in self.statuses.items()) or "nothing to do"
        rate = f", {self.rows / self.seconds:,.0f} rows/s" if self.seconds else ""
        return f"{self.rows:,} rows in {self.seconds:.1f} s{rate}: {counts}"


def transliterate_file(
    transliterator: Transliterator, source: Path, destination: Path, *, column: str | None = None
) -> Report:
    """Copy the table ``source`` to ``destination`` with Katakana and status of the names in ``column``.

    Formats go by suffix. Every row comes out, in order; ``destination`` appears (or is replaced) when all of it is
    written, and not at all if anything fails. Shows progress on standard error where that is a terminal.

    Raises:
        TableError: the input cannot be read as its suffix says, has no such column, or has our columns already; or the
            output's format cannot hold what is in it.
        OSError: a file cannot be opened or written.
    """
    input_format, output_format = format_of(source), format_of(destination)
    _check_destination(destination, source)
    started = time.perf_counter()
    statuses: Counter[str] = Counter()
    with (
        atomic_file(destination) as output_file,
        closing(_LazyWriter(output_format, output_file)) as writing,
        tqdm(unit=" names", unit_scale=True, disable=None, desc=source.name) as progress,
    ):
        for done in _transliterated(transliterator, _batches(source, input_format), source, column):
            with _naming(destination):
                writing.write(done)
            counts = pc.value_counts(done.column(STATUS))
            statuses.update({entry["values"]: entry["counts"] for entry in counts.to_pylist()})
            progress.update(len(done))
    ordered = dict(statuses.most_common())
    return Report(sum(ordered.values()), ordered, time.perf_counter() - started)


def _check_destination(destination: Path, source: Path) -> None:
    if destination.is_dir():
        raise TableError(f"{destination} is a folder: name a file in it")
    if destination.exists() and destination.samefile(source):
        raise TableError(f"{destination} is the input: choose another output")
    if not destination.parent.is_dir():
        raise TableError(f"{destination.parent} is not a folder: make it first")


class _LazyWriter:
    """A writer that is made when the first batch, and so the schema, is there."""

    def __init__(self, writing: FileFormat, file: IO[bytes]) -> None:
        self._writing, self._file = writing, file
        self._writer: Writer | None = None

    def write(self, batch: pa.RecordBatch) -> None:
        if self._writer is None:
            self._writer = writer(self._file, batch.schema, self._writing, WriteOptions())
        self._writer.write(batch)

    def close(self) -> None:
        if self._writer is None:  # JSON lines without an object: nothing is known but our own columns
            schema = pa.schema([(KATAKANA, pa.string()), (STATUS, pa.string())])
            self._writer = writer(self._file, schema, self._writing, WriteOptions())
        self._writer.close()


def _batches(source: Path, input_format: FileFormat) -> Iterator[pa.RecordBatch]:
    """Yield the rows of ``source``, first an empty batch where its format has a schema."""
    with _naming(source), reading(source, input_format, ReadOptions()) as table:
        if table.schema is not None:
            yield pa.RecordBatch.from_pylist([], table.schema)
        for rows in table.batches():
            yield rows.batch


def _transliterated(
    transliterator: Transliterator, batches: Iterator[pa.RecordBatch], source: Path, column: str | None
) -> Iterator[pa.RecordBatch]:
    """Yield ``batches`` with Katakana and status; the column of the names is chosen once, in the first of them."""
    answerer = Answerer(transliterator)
    with _naming(source):
        for batch in batches:
            column = _chosen(batch.schema.names, column)
            index = batch.schema.names.index(column)
            names = names_of(batch.column(index), batch.schema.field(index))
            yield with_katakana(batch, answerer, names=names)


def _chosen(names: list[str], column: str | None) -> str:
    if column is None:
        column = names[0] if len(names) == 1 else DEFAULT_COLUMN
    if column not in names:
        raise TableError(f"no column {column!r}; choose one of {', '.join(names) or 'none'} with --column")
    return column


@contextmanager
def _naming(path: Path) -> Iterator[None]:
    """Name ``path`` in whatever is wrong with what is in it."""
    try:
        yield
    except (TableError, pa.ArrowException, EOFError, zlib.error, UnicodeError) as error:
        raise TableError(f"{path}: {error}") from error
    except OSError as error:
        if error.errno is not None:
            raise  # The system's own, such as a full disk.
        raise TableError(f"{path}: {error}") from error  # gzip's and Parquet's, about damaged files
