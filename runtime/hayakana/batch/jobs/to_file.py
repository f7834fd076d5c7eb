"""Inputs of names in, one file with Katakana out."""

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import IO

from hayakana.batch.arrow.columns import Columns
from hayakana.batch.formats.registry import FileFormat, ReadOptions, WriteOptions, check_written, format_of
from hayakana.batch.jobs.destinations import check_destination
from hayakana.batch.jobs.inputs import Input
from hayakana.batch.jobs.job import Job
from hayakana.batch.jobs.options import COLUMNS, READ_OPTIONS, WRITE_OPTIONS, JobOptions
from hayakana.batch.jobs.progress import Progress
from hayakana.batch.jobs.report import Report
from hayakana.system.files import atomic_file, remove_left_behind
from hayakana.transliterator import Transliterator


def transliterate_to_file(
    transliterator: Transliterator,
    inputs: Sequence[Input],
    destination: Path,
    *,
    columns: Columns = COLUMNS,
    read_options: ReadOptions = READ_OPTIONS,
    write_options: WriteOptions = WRITE_OPTIONS,
    overwrite: bool = False,
    show_progress: bool = True,
) -> Report:
    """Write the rows of ``inputs`` to ``destination``, whose suffix says the format, with Katakana and status.

    Every row comes out, in order; ``destination`` appears (or is replaced) when all of it is written, and not at all if
    anything fails. Memory does not grow with the inputs. Progress is shown on standard error where that is a terminal.
    Elsewhere the logger ``hayakana.batch`` has it, at the level INFO. ``show_progress=False`` does neither.

    Raises:
        OutputExistsError: ``destination`` already exists and is not to be overwritten; or it is no regular file, or a
            table that hayakana did not write, which are never replaced.
        TableError: an input cannot be read as its format says, or is written to meanwhile; a column is missing, or an
            added column has its name; or the output's format cannot hold what is in it.
        OSError: a file cannot be opened or written.
    """
    options = JobOptions(format_of(destination), columns, read_options, write_options)
    check_written(options.file_format, write_options)
    check_destination(destination, inputs, options, overwrite=overwrite)
    remove_left_behind(destination)
    job = Job(transliterator, inputs, options)
    with atomic_file(destination) as file:
        _write(job, file, destination, Progress(inputs, shown=show_progress))
    return job.report()


def transliterate_to_stream(
    transliterator: Transliterator,
    inputs: Sequence[Input],
    stream: IO[bytes],
    file_format: FileFormat,
    *,
    columns: Columns = COLUMNS,
    read_options: ReadOptions = READ_OPTIONS,
    write_options: WriteOptions = WRITE_OPTIONS,
) -> Report:
    """Write the rows of ``inputs`` to ``stream``, such as standard output, as ``transliterate_to_file`` does to a file.

    The stream stays open. Rows are written as they are done, so that a stream has some of them where the job fails.

    Raises:
        TableError: as in ``transliterate_to_file``.
        OSError: an input cannot be opened, or the stream cannot be written to: ``BrokenPipeError`` where nobody reads.
    """
    check_written(file_format, write_options)
    job = Job(transliterator, inputs, JobOptions(file_format, columns, read_options, write_options))
    _write(job, stream, "standard output", Progress(inputs, shown=False))
    stream.flush()
    return job.report()


def _write(job: Job, file: IO[bytes], where: Path | str, progress: Progress) -> None:
    """Write all rows to ``file``, which errors call ``where``."""
    with job, progress:
        job.pipeline.settle()
        output = job.output(file, where=where)
        for index in range(len(job.inputs)):
            with closing(job.pipeline.windows(index)) as windows:
                job.tally.add(job.write(index, windows, output, progress))
        output.end()
