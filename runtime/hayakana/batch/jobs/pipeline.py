"""The rows of an input with Katakana: ``read → transliterate →`` whoever takes them, a window of rows at a time."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace
from functools import partial

import pyarrow as pa

from hayakana.batch.arrow.added_columns import BROKEN, UNDECODABLE, ProblemRowError, with_answers
from hayakana.batch.arrow.answers import Answerer
from hayakana.batch.arrow.columns import Columns
from hayakana.batch.arrow.hints import Hints
from hayakana.batch.formats.registry import ReadOptions
from hayakana.batch.jobs.inputs import Input, naming
from hayakana.batch.jobs.reading import InputReader, ReadWindow, Settled
from hayakana.batch.jobs.report import RowPlaces, Tally
from hayakana.batch.jobs.threads import Clock, ahead, in_threads
from hayakana.batch.jobs.watched import WatchedInput
from hayakana.errors import TableError, shorten
from hayakana.transliterator import Transliterator

WORDS_REMEMBERED = 1 << 18
"""Most words whose Katakana a job remembers, in some 50 MB."""

_WINDOWS_AHEAD = 2
"""Windows that are read before they are asked for."""


@dataclass(frozen=True)
class DoneWindow:
    """Some rows with what was added to them, and the fraction of their input that has been read by now."""

    rows: pa.RecordBatch
    tally: Tally
    fraction: float


class Pipeline:
    """Reads inputs and transliterates their names; remembers words from one input to the next.

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
        self._transliterator = transliterator
        self.answerer = Answerer(transliterator, cache_size=WORDS_REMEMBERED, details=columns.details)
        self._threads = transliterator.workers
        self._inputs, self._reader = inputs, InputReader(inputs, options, self.clock)
        self.settled = Settled(columns)

    def settle(self) -> None:
        """Choose the columns; see ``InputReader.settle``."""
        self.settled = self._reader.settle(self.settled.columns)

    def close(self) -> None:
        """Let go of inputs that were opened and not read to their end."""
        self._reader.close()

    def windows(self, index: int, *, skip_rows: int = 0) -> Generator[DoneWindow, None, None]:
        """Yield the rows of an input after the first ``skip_rows``: at least one window, be it without rows. Once.

        Raises:
            TableError: the input cannot be read as its format says, lacks a column, or has a column named as one that
                is added; or a row has no Katakana where that is to fail; or the input is written to meanwhile.
            OSError: it cannot be opened.
        """
        file = self._inputs[index].input
        windows = ahead(self._reader.windows(index, self.settled, skip_rows=skip_rows), depth=_WINDOWS_AHEAD)
        try:
            with naming(file):
                yield from in_threads(partial(self._transliterated, file), windows, threads=self._threads)
        except BaseException:
            self.answerer.stop()
            raise
        finally:
            windows.close()

    def _transliterated(self, file: Input, window: ReadWindow) -> DoneWindow:
        with self.clock.counting("transliterate"):
            batch, rows = window.rows.batch, RowPlaces(file.name, window.place + 1, window.rows.lines)
            names, hints = pa.array([], pa.string()), None
            if batch.num_columns == 0:  # JSON lines without an object.
                columns = replace(self.settled.columns, select=None)
            else:
                columns = self.settled.columns.chosen(batch.schema.names, exact=True)
                names = columns.names_in(batch)
                codes = columns.codes_in(batch)
                hints = None if codes is None else Hints.of(codes, self._transliterator)
            answers = self.answerer.answers(names, None if hints is None else hints.languages)
            if window.rows.damaged is not None:
                answers = answers.marked(window.rows.damaged, UNDECODABLE)
            if window.rows.broken is not None:
                answers = answers.marked(window.rows.broken, BROKEN)
            try:
                done = with_answers(
                    columns.selected(batch), names, answers, added=columns.added, on_problem=columns.on_problem
                )
            except ProblemRowError as error:
                place = rows.example(error.place, error.name).place
                shown = repr(None) if error.name is None else shorten(error.name)
                raise TableError(f"{place}: {shown} has no Katakana: {error.status}", quoted=(shown,)) from error
            tally = Tally.of(answers.statuses, names, rows)
            if hints is not None:
                tally.add_wrong_codes(hints.are_wrong, codes, rows)
        return DoneWindow(done, tally, window.fraction)
