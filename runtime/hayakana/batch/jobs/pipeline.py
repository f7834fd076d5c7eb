"""The rows of an input with Katakana: ``read → transliterate →`` whoever takes them, a window of rows at a time."""

import time
import zlib
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from pathlib import Path

import pyarrow as pa

from hayakana.batch.arrow.answers import Answerer
from hayakana.batch.arrow.columns import BROKEN, UNDECODABLE, Columns, ProblemRowError
from hayakana.batch.formats.blocks import PLAIN, TextStyle
from hayakana.batch.formats.cells import is_text
from hayakana.batch.formats.headers import doubtful_header
from hayakana.batch.formats.options import OptionError
from hayakana.batch.formats.registry import ReadOptions, open_table
from hayakana.batch.formats.rows import Rows, windows_of
from hayakana.batch.jobs.inputs import Input
from hayakana.batch.jobs.report import Tally, place_of
from hayakana.batch.jobs.threads import Clock, ahead, in_threads
from hayakana.batch.jobs.watched import WatchedInput
from hayakana.errors import TableError, shorten
from hayakana.transliterator import Transliterator

WORDS_REMEMBERED = 1 << 18
"""Most words whose Katakana a job remembers, in some 50 MB."""

_WINDOWS_AHEAD = 2
"""That are read before they are asked for."""


@dataclass(frozen=True)
class DoneWindow:
    """Some rows with what was added to them, and the fraction of their input that has been read by now.

    ``style`` is that of the first input of all, whatever input the rows are from.
    """

    rows: pa.RecordBatch
    tally: Tally
    fraction: float
    style: TextStyle


@dataclass(frozen=True)
class _ReadWindow:
    """Rows of an input, of which ``place`` come before them."""

    rows: Rows
    place: int
    fraction: float


class _Reader:
    """An input that is being read from its first row on; what was looked at ahead of its time is kept.

    Raises:
        TableError: the file's first bytes are not as they should be.
        OSError: it cannot be opened.
    """

    def __init__(self, watched: WatchedInput, options: ReadOptions) -> None:
        self._size = options.window
        self._file = watched.open()
        try:
            self._table = open_table(self._file, watched.input.file_format, options)
        except BaseException:
            self._file.close()
            raise
        self.schema = self._table.schema
        self._begun: tuple[Rows | None, Iterator[Rows]] | None = None

    @property
    def style(self) -> TextStyle:
        """How its lines end, and whether it has a byte order mark."""
        return self._table.style

    def first_window(self) -> Rows | None:
        """Return the first rows, which ``windows`` yields again; None: there are none, and the file is closed."""
        windows = windows_of(self._table.batches(), self._size)
        self._begun = next(windows, None), windows
        if self._begun[0] is None:
            self.close()
        return self._begun[0]

    def windows(self, columns: Sequence[str] | None, skip_rows: int) -> Iterator[Rows]:
        """Yield the rows after the first ``skip_rows``, a window at a time. Once."""
        if self._begun is None:
            yield from windows_of(self._table.batches(columns=columns, skip_rows=skip_rows), self._size)
            return
        first, following = self._begun
        self._begun = None, following
        for rows in chain([] if first is None else [first], following):
            skipped = min(skip_rows, len(rows.batch))
            skip_rows -= skipped
            if skipped < len(rows.batch):
                new = rows.slice(skipped)
                yield new if columns is None else replace(new, batch=new.batch.select(list(columns)))

    def fraction_read(self) -> float:
        """Return the part of the file that has been read, from 0 to 1."""
        return self._table.fraction_read()

    def close(self) -> None:
        """Let go of the file."""
        self._table.close()
        self._file.close()


class Pipeline:
    """Reads inputs and transliterates their names; remembers words from one to the next.

    Args:
        transliterator: what turns names into Katakana. As many windows are at work at a time as it has workers.
        columns: which columns are read and added; that of the names is chosen in the first input.
        options: how text files are read, and how many rows a window has.
        inputs: what is read.
    """

    def __init__(
        self,
        transliterator: Transliterator,
        columns: Columns,
        options: ReadOptions,
        inputs: Sequence[WatchedInput],
    ) -> None:
        self.clock = Clock()
        self._answerer = Answerer(transliterator, cache_size=WORDS_REMEMBERED, details=columns.details)
        self._threads = transliterator.workers
        self._columns, self._options = columns, options
        self._inputs = inputs
        self._readers: dict[int, _Reader] = {}
        self._first: tuple[Input, pa.Schema] | None = None
        self.doubtful_header: str | None = None
        self._style = PLAIN
        self._selects = columns.select is not None

    @property
    def window(self) -> int:
        """Rows of a window; the last one of an input may have fewer."""
        return self._options.window

    @property
    def distinct_words(self) -> int:
        """Different words, and names that were asked for whole, that were looked at."""
        return self._answerer.distinct_words

    def settle(self) -> None:
        """Choose the columns as the first input with any has them, the same wherever a job goes on.

        To be called once, before any thread reads: what is read for it is kept for ``windows``, so that a pipe will do.

        Raises:
            TableError: there is no such column, or one that would be added, or the input is not as it should be.
            OSError: an input cannot be opened.
        """
        for index, watched in enumerate(self._inputs):
            file = watched.input
            with naming(file):
                reader = self._readers[index] = _Reader(watched, self._options)
                if index == 0:
                    self._style = reader.style
                is_table = reader.schema is not None  # In JSON lines each object has keys of its own.
                schema = reader.schema if is_table else self._schema_of_first(reader)
                if schema is not None:
                    self._columns = self._columns.settled(schema.names, in_order=is_table)
                    self._first = (file, schema) if is_table else None
                    if file.file_format.name in ("csv", "tsv") and self._options.header:
                        self.doubtful_header = doubtful_header(schema.names, self._columns.named or ())
                    return

    def close(self) -> None:
        """Let go of inputs that were opened and not read to their end."""
        for reader in self._readers.values():
            reader.close()

    def windows(self, index: int, *, skip_rows: int = 0) -> Generator[DoneWindow, None, None]:
        """Yield the rows of an input after the first ``skip_rows``: at least one window, be it without rows. Once.

        Raises:
            TableError: it cannot be read as its format says, or has no such column, or has columns of the names of
                those that are added; or a row has no Katakana where that is to fail; or it is written to meanwhile.
            OSError: it cannot be opened.
        """
        file = self._inputs[index].input
        windows = ahead(self._read_windows(index, skip_rows), depth=_WINDOWS_AHEAD)
        pool = ThreadPoolExecutor(self._threads, thread_name_prefix="hayakana-answers")
        try:
            with naming(file):
                yield from in_threads(partial(self._transliterated, file), windows, pool=pool, at_once=self._threads)
        except BaseException:
            self._answerer.stop()
            raise
        finally:
            windows.close()
            pool.shutdown(wait=False, cancel_futures=True)

    def _schema_of_first(self, reader: _Reader) -> pa.Schema | None:
        """Return the columns of the first window; None where there is no row."""
        started = time.perf_counter()
        rows = reader.first_window()
        self.clock.add("read", time.perf_counter() - started)
        return None if rows is None else rows.batch.schema

    def _read_windows(self, index: int, skip_rows: int) -> Generator[_ReadWindow, None, None]:
        """Yield windows; which rows are in one depends on nothing but their places."""
        place = skip_rows
        reader = self._readers.pop(index, None) or _Reader(self._inputs[index], self._options)
        with closing(reader):
            if reader.schema is not None:
                self._check_same(self._inputs[index].input, reader.schema)
            for rows in self.clock.timed("read", reader.windows(self._columns.read(), skip_rows)):
                yield _ReadWindow(rows, place, reader.fraction_read())
                place += len(rows.batch)
            if place == skip_rows:
                yield _ReadWindow(Rows(_empty(reader.schema)), place, 1.0)

    def _check_same(self, file: Input, schema: pa.Schema) -> None:
        """Check that an input has the columns of the first one, or what is chosen of them."""
        if self._first is not None and self._first[0] != file:
            _check_same(*self._first, file, schema, chosen=self._columns.read() if self._selects else None)

    def _transliterated(self, file: Input, window: _ReadWindow) -> DoneWindow:
        started = time.perf_counter()
        batch = window.rows.batch
        names = pa.array([], pa.string())
        if batch.num_columns == 0:  # JSON lines without an object.
            columns = replace(self._columns, select=None)
        else:
            columns = self._columns.chosen(batch.schema.names, exact=True)
            names = columns.names_in(batch)
        answers = self._answerer.answers(names)
        if window.rows.damaged is not None:
            answers = answers.marked(window.rows.damaged, UNDECODABLE)
        if window.rows.broken is not None:
            answers = answers.marked(window.rows.broken, BROKEN)
        try:
            done = columns.with_answers(batch, names, answers)
        except ProblemRowError as error:
            lines = window.rows.lines
            place = place_of(window.place + error.place + 1, None if lines is None else lines.at(error.place))
            shown = repr(None) if error.name is None else shorten(error.name)
            raise TableError(f"{place}: {shown} has no Katakana: {error.status}", quoted=(shown,)) from error
        tally = Tally.of(answers.statuses, names, file=file.name, first_row=window.place + 1, lines=window.rows.lines)
        self.clock.add("transliterate", time.perf_counter() - started)
        return DoneWindow(done, tally, window.fraction, self._style)


def _check_same(
    first: Input, first_schema: pa.Schema, file: Input, schema: pa.Schema, *, chosen: Sequence[str] | None
) -> None:
    """Check that ``file`` has the ``chosen`` columns of the first input, with values of the same kind."""
    different = set(first_schema.names).symmetric_difference(schema.names)
    for name in sorted(different if chosen is None else different.intersection(chosen)):
        having, lacking = (first, file) if name in first_schema.names else (file, first)
        raise TableError(
            f"{having} has a column {shorten(name)} and {lacking} has none: choose what all have by --select",
            quoted=(shorten(name),),
        )
    for name in first_schema.names if chosen is None else chosen:
        first_type, later_type = first_schema.field(name).type, schema.field(name).type
        if first_type != later_type and not (is_text(first_type) and is_text(later_type)):
            raise TableError(
                f"column {shorten(name)} holds {first_type} in {first} and {later_type} in {file}: make them the same,"
                " or leave it out by --select",
                quoted=(shorten(name),),
            )


def _empty(schema: pa.Schema | None) -> pa.RecordBatch:
    schema = pa.schema([]) if schema is None else schema
    return pa.RecordBatch.from_arrays([pa.array([], field.type) for field in schema], schema=schema)


@contextmanager
def naming(where: Input | Path | str) -> Iterator[None]:
    """Name ``where`` in whatever is wrong with what is in it."""
    try:
        yield
    except OptionError:
        raise  # It is not the file's fault.
    except TableError as error:
        raise TableError(f"{where}: {error}", quoted=error.quoted) from error
    except (pa.ArrowException, EOFError, zlib.error, UnicodeError) as error:
        raise TableError(f"{where}: {error}", quoted=(str(error),)) from error  # Arrow may quote a value.
    except OSError as error:
        if error.errno is not None:  # The system's own, such as a full disk; reads and writes do not say of what.
            if error.filename is None:
                error.filename = str(where)
            raise
        raise TableError(f"{where}: {error}") from error  # gzip's and Parquet's, about damaged files
