"""Inputs are opened, their columns settled once for all of them, and rows read, a window at a time."""

from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import chain

import pyarrow as pa

from hayakana.batch.arrow.columns import Columns
from hayakana.batch.formats.blocks import PLAIN, TextStyle
from hayakana.batch.formats.cells import is_text
from hayakana.batch.formats.headers import reads_as_a_row
from hayakana.batch.formats.registry import ReadOptions, open_table
from hayakana.batch.formats.rows import Rows, windows_of
from hayakana.batch.jobs.inputs import Input, naming
from hayakana.batch.jobs.threads import Clock
from hayakana.batch.jobs.watched import WatchedInput
from hayakana.errors import TableError, brief, shorten


@dataclass(frozen=True)
class ReadWindow:
    """Rows of an input: how many rows come before them, and the fraction of the input that has been read by now."""

    rows: Rows
    place: int
    fraction: float


@dataclass(frozen=True)
class Settled:
    """What the first inputs decide for all.

    Args:
        columns: which columns are read and added; that of the names is chosen.
        style: of the text of the first input.
        doubtful_header: what the first line calls the column of the names, where it reads as if it were a row.
        first: the first input with columns of its own, and these; None where inputs are JSON lines.
        shared: the columns that all inputs must have; None is all columns of the first one.
    """

    columns: Columns
    style: TextStyle = PLAIN
    doubtful_header: str | None = None
    first: tuple[Input, pa.Schema] | None = None
    shared: tuple[str, ...] | None = None


class InputReader:
    """Reads inputs, each of them once. What ``settle`` has read is kept for ``windows``, so that a pipe will do."""

    def __init__(self, inputs: Sequence[WatchedInput], options: ReadOptions, clock: Clock) -> None:
        self._inputs, self._options, self._clock = inputs, options, clock
        self._open: dict[int, _OpenInput] = {}

    def settle(self, columns: Columns) -> Settled:
        """Choose ``columns`` as the first input with any has them, the same wherever a job goes on.

        To be called once, before any thread reads.

        Raises:
            TableError: there is no such column, or one that would be added, or the input is not as it should be.
            OSError: an input cannot be opened.
        """
        style = PLAIN
        for index, watched in enumerate(self._inputs):
            file = watched.input
            with naming(file):
                opened = self._open[index] = _OpenInput(watched, self._options)
                style = opened.table.style if index == 0 else style
                schema = opened.table.schema
                is_table = schema is not None  # In JSON lines each object has keys of its own.
                if not is_table:
                    with self._clock.counting("read"):
                        first = opened.first_window()
                    schema = None if first is None else first.batch.schema
                if schema is not None:
                    chosen = columns.settled(schema.names, in_order=is_table)
                    has_header = file.file_format.name in ("csv", "tsv") and self._options.header
                    named = chosen.named or ()
                    doubtful = named[0] if has_header and reads_as_a_row(schema.names, named) else None
                    shared = None if columns.select is None else chosen.read()
                    return Settled(chosen, style, doubtful, (file, schema) if is_table else None, shared)
        return Settled(columns, style)

    def windows(self, index: int, settled: Settled, *, skip_rows: int) -> Generator[ReadWindow, None, None]:
        """Yield the rows of an input after the first ``skip_rows``: at least one window, be it without rows.

        Which rows are in a window depends on their places alone.

        Raises:
            TableError: the input is not as its format says, or has other columns than the first one.
            OSError: it cannot be opened.
        """
        watched, place = self._inputs[index], skip_rows
        opened = self._open.pop(index, None) or _OpenInput(watched, self._options)
        with closing(opened):
            schema = opened.table.schema
            if schema is not None and settled.first is not None and settled.first[0] != watched.input:
                _check_same(*settled.first, watched.input, schema, chosen=settled.shared)
            for rows in self._clock.timed("read", opened.windows(settled.columns.read(), skip_rows)):
                yield ReadWindow(rows, place, opened.table.fraction_read())
                place += len(rows.batch)
            if place == skip_rows:
                yield ReadWindow(Rows(pa.RecordBatch.from_pylist([], schema or pa.schema([]))), place, 1.0)

    def close(self) -> None:
        """Let go of inputs that were opened and not read to their end."""
        for opened in self._open.values():
            opened.close()


class _OpenInput:
    """An input that is being read; the window that ``settle`` looked at is kept.

    Raises:
        TableError: the file's first bytes are not as they should be.
        OSError: it cannot be opened.
    """

    def __init__(self, watched: WatchedInput, options: ReadOptions) -> None:
        self._size = options.window
        self._file = watched.open()
        try:
            self.table = open_table(self._file, watched.input.file_format, options)
        except BaseException:
            self._file.close()
            raise
        self._begun: Iterator[Rows] | None = None

    def first_window(self) -> Rows | None:
        """Return the first rows, which ``windows`` yields again; None: there are none, and the file is closed."""
        windows = windows_of(self.table.batches(), self._size)
        if (first := next(windows, None)) is None:
            self.close()
        self._begun = windows if first is None else chain([first], windows)
        return first

    def windows(self, columns: Sequence[str] | None, skip_rows: int) -> Iterator[Rows]:
        """Yield the rows after the first ``skip_rows``, a window at a time. Once."""
        if self._begun is None:
            yield from windows_of(self.table.batches(columns=columns, skip_rows=skip_rows), self._size)
            return
        for rows in self._begun:
            skipped = min(skip_rows, len(rows.batch))
            skip_rows -= skipped
            if skipped < len(rows.batch):
                new = rows.slice(skipped)
                yield new if columns is None else replace(new, batch=new.batch.select(list(columns)))

    def close(self) -> None:
        """Let go of the file."""
        self.table.close()
        self._file.close()


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
                f"column {shorten(name)} holds {brief(first_type)} in {first} and {brief(later_type)} in {file}:"
                " make them the same, or leave it out by --select",
                quoted=(shorten(name),),
            )
