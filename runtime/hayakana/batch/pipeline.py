"""The rows of an input with Katakana: ``read → transliterate →`` whoever takes them, a window of rows at a time."""

import sys
import time
import zlib
from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pyarrow as pa

from hayakana.batch.answers import Answerer
from hayakana.batch.columns import UNDECODABLE, Columns, ProblemRowError
from hayakana.batch.formats import ReadOptions, reading
from hayakana.batch.inputs import Input
from hayakana.batch.report import Tally
from hayakana.batch.rows import Rows
from hayakana.batch.texts import names_of
from hayakana.batch.threads import Clock, ahead, in_threads
from hayakana.batch.windows import windows_of
from hayakana.errors import TableError
from hayakana.transliterator import Transliterator

WORDS_REMEMBERED = 1 << 18
"""Most words whose Katakana a job remembers, in some 50 MB."""

_WINDOWS_AHEAD = 2
"""That are read before they are asked for."""


@dataclass(frozen=True)
class Block:
    """Some rows with what was added to them, and the fraction of their input that has been read by now."""

    rows: pa.RecordBatch
    tally: Tally
    fraction: float


@dataclass(frozen=True)
class _Window:
    """Rows of an input, of which ``place`` come before them."""

    rows: Rows
    place: int
    fraction: float


class Pipeline:
    """Reads inputs and transliterates their names; remembers words from one to the next.

    Args:
        transliterator: what turns names into Katakana. As many windows are at work at a time as it has workers.
        columns: which columns are read and added; that of the names is chosen in the first input.
        options: how text files are read, and how many rows a window has.
    """

    def __init__(self, transliterator: Transliterator, columns: Columns, options: ReadOptions) -> None:
        self.clock = Clock()
        self._answerer = Answerer(transliterator, cache_size=WORDS_REMEMBERED, details=columns.details)
        self._threads = transliterator.workers
        self._columns, self._options = columns, options
        self._first: tuple[Input, frozenset[str]] | None = None

    @property
    def batch_size(self) -> int:
        """Rows of a block; the last one of an input may have fewer."""
        return self._options.batch_size

    @property
    def distinct_parts(self) -> int:
        """Different parts, or whole names, that were looked at."""
        return self._answerer.looked_at

    def blocks(self, source: Input, *, skip_rows: int = 0) -> Generator[Block, None, None]:
        """Yield the rows of ``source`` after the first ``skip_rows``: at least one block, be it without rows.

        Raises:
            TableError: it cannot be read as its format says, or has no such column, or has columns of the names of
                those that are added; or a row has no Katakana where that is to fail.
            OSError: it cannot be opened.
        """
        windows = ahead(self._windows(source, skip_rows), depth=_WINDOWS_AHEAD)
        pool = ThreadPoolExecutor(self._threads, thread_name_prefix="hayakana-answers")
        try:
            with naming(source):
                yield from in_threads(partial(self._block, source), windows, pool=pool, at_once=self._threads)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)

    def _windows(self, source: Input, skip_rows: int) -> Iterator[_Window]:
        """Yield windows of ``batch_size`` rows; which rows are in one depends on nothing but their places."""
        place = skip_rows
        file = sys.stdin.buffer if source.path is None else source.path
        with reading(file, source.file_format, self._options) as opened:
            if opened.schema is not None:
                self._check_same(source, opened.schema.names)
            batches = opened.batches(columns=self._columns.read(), skip_rows=skip_rows)
            for rows in self.clock.timed("read", windows_of(batches, self._options.batch_size)):
                yield _Window(rows, place, opened.fraction_read())
                place += len(rows.batch)
            if place == skip_rows:
                yield _Window(Rows(_empty(opened.schema)), place, 1.0)

    def _check_same(self, source: Input, names: list[str]) -> None:
        """Check that ``source`` has the columns of the first one; in JSON lines each object has its own."""
        first, of_first = self._first = self._first or (source, frozenset(names))
        if self._columns.select is None and (different := of_first.symmetric_difference(names)):
            name = min(different)
            having, lacking = (first, source) if name in of_first else (source, first)
            raise TableError(f"{having} has a column {name!r} and {lacking} has none: choose what all have by --select")

    def _block(self, source: Input, window: _Window) -> Block:
        started = time.perf_counter()
        batch = window.rows.batch
        names, columns = pa.array([], pa.string()), self._columns
        if batch.num_columns:  # JSON lines without an object have none.
            self._columns = columns = columns.chosen(batch.schema.names)
            index = batch.schema.names.index(columns.names)
            names = names_of(batch.column(index), batch.schema.field(index))
        answers = self._answerer.answers(names)
        if window.rows.damaged is not None:
            answers = answers.marked(window.rows.damaged, UNDECODABLE)
        try:
            done = columns.with_answers(batch, names, answers)
        except ProblemRowError as error:
            row = window.place + error.place + 1
            raise TableError(f"row {row:,}: {error.name!r} has no Katakana: {error.status}") from error
        tally = Tally.of(answers.statuses, names, source=str(source), first_row=window.place + 1)
        self.clock.add("transliterate", time.perf_counter() - started)
        return Block(done, tally, window.fraction)


def _empty(schema: pa.Schema | None) -> pa.RecordBatch:
    schema = pa.schema([]) if schema is None else schema
    return pa.RecordBatch.from_arrays([pa.array([], field.type) for field in schema], schema=schema)


@contextmanager
def naming(where: Input | Path) -> Iterator[None]:
    """Name ``where`` in whatever is wrong with what is in it."""
    try:
        yield
    except (TableError, pa.ArrowException, EOFError, zlib.error, UnicodeError) as error:
        raise TableError(f"{where}: {error}") from error
    except OSError as error:
        if error.errno is not None:
            raise  # The system's own, such as a full disk.
        raise TableError(f"{where}: {error}") from error  # gzip's and Parquet's, about damaged files
