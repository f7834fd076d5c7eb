"""Inputs of names in, one file with Katakana out."""

import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import IO

from hayakana.batch.arrow.columns import Columns
from hayakana.batch.formats.registry import FileFormat, ReadOptions, WriteOptions, check_written, format_of
from hayakana.batch.jobs.destinations import check_destination
from hayakana.batch.jobs.inputs import Input
from hayakana.batch.jobs.outputs import Output, naming_and_timing
from hayakana.batch.jobs.pipeline import Pipeline
from hayakana.batch.jobs.progress import Progress
from hayakana.batch.jobs.report import Report, Tally
from hayakana.batch.jobs.watched import WatchedInput
from hayakana.system.files import atomic_file, remove_left_behind
from hayakana.transliterator import Transliterator

_COLUMNS = Columns()
_READ_OPTIONS, _WRITE_OPTIONS = ReadOptions(), WriteOptions()


def transliterate_to_file(
    transliterator: Transliterator,
    inputs: Sequence[Input],
    destination: Path,
    *,
    columns: Columns = _COLUMNS,
    read_options: ReadOptions = _READ_OPTIONS,
    write_options: WriteOptions = _WRITE_OPTIONS,
    overwrite: bool = False,
    show_progress: bool = True,
) -> Report:
    """Write the rows of ``inputs`` to ``destination``, whose suffix says the format, with Katakana and status.

    Every row comes out, in order; ``destination`` appears (or is replaced) when all of it is written, and not at all if
    anything fails. Shows progress on standard error where that is a terminal, unless ``show_progress`` is false. Memory
    does not grow with the inputs.

    Raises:
        OutputExistsError: ``destination`` already exists and is not to be overwritten; or it is no regular file, or a
            table that hayakana did not write, which are never replaced.
        TableError: an input cannot be read as its format says, or is written to meanwhile, or has no such column, or
            has columns of the names of those that are added; or the output's format cannot hold what is in it.
        OSError: a file cannot be opened or written.
    """
    file_format = format_of(destination)
    check_written(file_format, write_options)
    check_destination(
        destination,
        inputs,
        file_format,
        columns=columns,
        read_options=read_options,
        write_options=write_options,
        overwrite=overwrite,
    )
    remove_left_behind(destination)
    job = _Job(transliterator, inputs, columns, read_options)
    with atomic_file(destination) as file, Progress(inputs, shown=show_progress) as progress:
        job.write(Output(file, file_format, write_options, katakana=columns.katakana), str(destination), progress)
    return job.report()


def transliterate_to_stream(
    transliterator: Transliterator,
    inputs: Sequence[Input],
    stream: IO[bytes],
    file_format: FileFormat,
    *,
    columns: Columns = _COLUMNS,
    read_options: ReadOptions = _READ_OPTIONS,
    write_options: WriteOptions = _WRITE_OPTIONS,
) -> Report:
    """Write the rows of ``inputs`` to ``stream``, such as standard output, as ``transliterate_to_file`` does to a file.

    The stream stays open. Rows are written as they are done, so that a stream has some of them where the job fails.

    Raises:
        TableError: as in ``transliterate_to_file``.
        OSError: an input cannot be opened, or the stream cannot be written to: ``BrokenPipeError`` where nobody reads.
    """
    check_written(file_format, write_options)
    job = _Job(transliterator, inputs, columns, read_options)
    with Progress(inputs, shown=False) as progress:
        job.write(Output(stream, file_format, write_options, katakana=columns.katakana), "standard output", progress)
        stream.flush()
    return job.report()


class _Job:
    """Reads inputs whose files must not change meanwhile, and counts what became of their rows."""

    def __init__(
        self, transliterator: Transliterator, inputs: Sequence[Input], columns: Columns, read_options: ReadOptions
    ) -> None:
        self._started = time.perf_counter()
        self._inputs = [WatchedInput(file) for file in inputs]
        self._pipeline = Pipeline(transliterator, columns, read_options, self._inputs)
        self._tally = Tally()

    def write(self, output: Output, name: str, progress: Progress) -> None:
        """Write all rows to ``output``, which messages call ``name``."""
        clock = self._pipeline.clock
        with closing(self._pipeline) as pipeline:
            pipeline.settle()
            for index, watched in enumerate(self._inputs):
                with closing(pipeline.windows(index)) as windows:
                    for window in windows:
                        with naming_and_timing(name, clock):
                            output.write(window.rows, window.style)
                        self._tally.add(window.tally)
                        progress.done(len(window.rows), inputs=index, fraction=window.fraction)
                watched.check_unchanged()
            with naming_and_timing(name, clock):
                output.end()

    def report(self) -> Report:
        """Return what was done."""
        return self._tally.report(
            distinct_words=self._pipeline.distinct_words,
            seconds=time.perf_counter() - self._started,
            stages=self._pipeline.clock.seconds,
            doubtful_header=self._pipeline.doubtful_header,
        )
