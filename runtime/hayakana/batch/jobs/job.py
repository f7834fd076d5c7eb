"""What a job into a file and a job into a folder share: inputs that stay as they are, windows written, rows counted."""

import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import IO, Self

from hayakana.batch.jobs.inputs import Input
from hayakana.batch.jobs.options import JobOptions
from hayakana.batch.jobs.outputs import Output
from hayakana.batch.jobs.pipeline import DoneWindow, Pipeline
from hayakana.batch.jobs.progress import Progress
from hayakana.batch.jobs.report import Report, Tally
from hayakana.batch.jobs.watched import WatchedInput
from hayakana.transliterator import Transliterator


class Job:
    """Inputs that must not change meanwhile, and what became of their rows. Leaving a ``with`` block closes them.

    Raises:
        OSError: an input cannot be looked at.
    """

    def __init__(self, transliterator: Transliterator, inputs: Sequence[Input], options: JobOptions) -> None:
        self._started = time.perf_counter()
        self.options = options
        self.inputs = [WatchedInput(file) for file in inputs]
        self.pipeline = Pipeline(transliterator, options.columns, options.read, self.inputs)
        self.tally = Tally()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.pipeline.close()

    def output(self, file: IO[bytes], *, where: Path | str) -> Output:
        """Return what takes the rows of ``file``, which errors call ``where``, once the columns are settled."""
        return Output(file, self.options, where=where, clock=self.pipeline.clock, style=self.pipeline.settled.style)

    def write(self, index: int, windows: Iterable[DoneWindow], output: Output, progress: Progress) -> Tally:
        """Write ``windows`` of an input to ``output``, and return what became of their rows.

        Raises:
            TableError: the input is written to meanwhile, or the format cannot hold what is in a row.
            OSError: rows cannot be read or written.
        """
        tally = Tally()
        for window in windows:
            output.write(window.rows)
            tally.add(window.tally)
            progress.done(len(window.rows), inputs=index, fraction=window.fraction)
        self.inputs[index].check_unchanged()
        return tally

    def report(self, *, resumed_rows: int = 0) -> Report:
        """Return what was done; ``resumed_rows`` were there before."""
        tally = self.tally
        return Report(
            rows=tally.rows,
            statuses=dict(tally.statuses.most_common()),
            examples=tally.examples,
            resumed_rows=resumed_rows,
            distinct_words=self.pipeline.answerer.distinct_words,
            seconds=time.perf_counter() - self._started,
            stages=self.pipeline.clock.seconds,
            doubtful_header=self.pipeline.settled.doubtful_header,
            wrong_codes=tally.wrong_codes,
            code_examples=tally.code_examples,
        )
