"""The rows of an input with Katakana: ``read → transliterate →`` whoever takes them, a window of rows at a time."""

import time
import zlib
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import IO

import pyarrow as pa

from hayakana.batch.answers import Answerer
from hayakana.batch.columns import UNDECODABLE, Columns, ProblemRowError
from hayakana.batch.formats import ReadOptions, reading
from hayakana.batch.inputs import Input
from hayakana.batch.options import OptionError
from hayakana.batch.report import Tally
from hayakana.batch.rows import Rows
from hayakana.batch.texts import is_text
from hayakana.batch.threads import Clock, ahead, in_threads
from hayakana.batch.windows import windows_of
from hayakana.errors import TableError, shorten
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
        self._first: tuple[Input, pa.Schema] | None = None
        self._is_settled = False
        self._selects = columns.select is not None

    @property
    def batch_size(self) -> int:
        """Rows of a block; the last one of an input may have fewer."""
        return self._options.batch_size

    @property
    def distinct_parts(self) -> int:
        """Different parts, or whole names, that were looked at."""
        return self._answerer.looked_at

    def settle(self, inputs: Sequence[Input]) -> None:
        """Choose the columns as the first of ``inputs`` has them, the same wherever a job goes on.

        What can be read once only settles them when it is read.

        Raises:
            TableError: there is no such column, or one that would be added, or the input is not as it should be.
            OSError: an input cannot be opened.
        """
        for source in inputs:
            if self._is_settled or source.is_stream:
                return
            with naming(source), reading(_file(source), source.file_format, self._options) as opened:
                if opened.schema is not None:
                    self._settle(source, opened.schema)
                elif (rows := next(windows_of(opened.batches(), self._options.batch_size), None)) is not None:
                    self._settle(source, rows.batch.schema)

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
        except BaseException:
            self._answerer.stop()
            raise
        finally:
            windows.close()
            pool.shutdown(wait=False, cancel_futures=True)

    def _windows(self, source: Input, skip_rows: int) -> Generator[_Window, None, None]:
        """Yield windows of ``batch_size`` rows; which rows are in one depends on nothing but their places."""
        place = skip_rows
        with reading(_file(source), source.file_format, self._options) as opened:
            if opened.schema is not None:
                self._settle(source, opened.schema)
            batches = opened.batches(columns=self._columns.read(), skip_rows=skip_rows)
            for rows in self.clock.timed("read", windows_of(batches, self._options.batch_size)):
                yield _Window(rows, place, opened.fraction_read())
                place += len(rows.batch)
            if place == skip_rows:
                yield _Window(Rows(_empty(opened.schema)), place, 1.0)

    def _settle(self, source: Input, schema: pa.Schema) -> None:
        """Settle the columns by the first input; check that any other one has the same, or what is chosen of them."""
        is_table = source.file_format.name != "jsonl"  # There each object has keys of its own.
        if not self._is_settled:
            self._columns = self._columns.settled(schema.names, in_order=is_table)
            self._first = (source, schema) if is_table else None
            self._is_settled = True
        elif self._first is not None and is_table:
            _check_same(*self._first, source, schema, of=self._columns.read() if self._selects else None)

    def _block(self, source: Input, window: _Window) -> Block:
        started = time.perf_counter()
        batch = window.rows.batch
        names = pa.array([], pa.string())
        if batch.num_columns == 0:  # JSON lines without an object.
            columns = replace(self._columns, select=None)
        else:
            if not self._is_settled:
                self._settle(source, batch.schema)
            columns = self._columns.chosen(batch.schema.names)
            names = columns.names_in(batch)
        answers = self._answerer.answers(names)
        if window.rows.damaged is not None:
            answers = answers.marked(window.rows.damaged, UNDECODABLE)
        try:
            done = columns.with_answers(batch, names, answers)
        except ProblemRowError as error:
            row = window.place + error.place + 1
            shown = repr(None) if error.name is None else shorten(error.name)
            raise TableError(f"row {row:,}: {shown} has no Katakana: {error.status}", quoted=(shown,)) from error
        tally = Tally.of(answers.statuses, names, source=source.name, first_row=window.place + 1)
        self.clock.add("transliterate", time.perf_counter() - started)
        return Block(done, tally, window.fraction)


def _file(source: Input) -> Path | IO[bytes]:
    # A file of its own: Python's standard input cannot be left while a thread waits for it.
    return source.path or open(0, "rb", buffering=0, closefd=False)


def _check_same(
    first: Input, of_first: pa.Schema, source: Input, schema: pa.Schema, *, of: Sequence[str] | None
) -> None:
    """Check that ``source`` has the columns ``of`` those of the first input, with values of the same kind."""
    different = set(of_first.names).symmetric_difference(schema.names)
    for name in sorted(different if of is None else different.intersection(of)):
        having, lacking = (first, source) if name in of_first.names else (source, first)
        raise TableError(
            f"{having} has a column {shorten(name)} and {lacking} has none: choose what all have by --select",
            quoted=(shorten(name),),
        )
    for name in of_first.names if of is None else of:
        one, other = of_first.field(name).type, schema.field(name).type
        if one != other and not (is_text(one) and is_text(other)):
            raise TableError(
                f"column {shorten(name)} holds {one} in {first} and {other} in {source}: make them the same,"
                " or leave it out by --select",
                quoted=(shorten(name),),
            )


def _empty(schema: pa.Schema | None) -> pa.RecordBatch:
    schema = pa.schema([]) if schema is None else schema
    return pa.RecordBatch.from_arrays([pa.array([], field.type) for field in schema], schema=schema)


@contextmanager
def naming(where: Input | Path) -> Iterator[None]:
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
        if error.errno is not None:
            raise  # The system's own, such as a full disk.
        raise TableError(f"{where}: {error}") from error  # gzip's and Parquet's, about damaged files
