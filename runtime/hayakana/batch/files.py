"""Inputs of names in, one file with Katakana out."""

import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from hayakana.atomic import atomic_file
from hayakana.batch.columns import Columns
from hayakana.batch.formats import ReadOptions, WriteOptions, check_written, format_of
from hayakana.batch.inputs import Input
from hayakana.batch.outputs import Output, naming_and_timing
from hayakana.batch.pipeline import Pipeline
from hayakana.batch.progress import Progress
from hayakana.batch.report import Report, Tally
from hayakana.errors import OutputExistsError, TableError
from hayakana.transliterator import Transliterator

_EVERY_COLUMN = Columns()
_AS_USUAL, _SO_TOO = ReadOptions(), WriteOptions()


def transliterate_to_file(
    transliterator: Transliterator,
    inputs: Sequence[Input],
    destination: Path,
    *,
    columns: Columns = _EVERY_COLUMN,
    reading: ReadOptions = _AS_USUAL,
    writing: WriteOptions = _SO_TOO,
    overwrite: bool = False,
    show_progress: bool = True,
) -> Report:
    """Write the rows of ``inputs`` to ``destination``, whose suffix says the format, with Katakana and status.

    Every row comes out, in order; ``destination`` appears (or is replaced) when all of it is written, and not at all if
    anything fails. Shows progress on standard error where that is a terminal, unless ``show_progress`` is false. Memory
    does not grow with the inputs.

    Raises:
        OutputExistsError: ``destination`` is there and is not to be overwritten.
        TableError: an input cannot be read as its format says, or is written to meanwhile, or has no such column, or
            has columns of the names of those that are added; or the output's format cannot hold what is in it.
        OSError: a file cannot be opened or written.
    """
    file_format = format_of(destination)
    check_written(file_format, writing)
    _check_destination(destination, inputs, overwrite=overwrite)
    started = time.perf_counter()
    pipeline, tally = Pipeline(transliterator, columns, reading), Tally()
    versions = [source.version for source in inputs]
    pipeline.settle(inputs)
    with atomic_file(destination) as file, Progress(inputs, shown=show_progress) as progress:
        output = Output(file, file_format, writing, katakana=columns.katakana)
        for done, source in enumerate(inputs):
            with closing(pipeline.blocks(source)) as blocks:
                for block in blocks:
                    with naming_and_timing(destination, pipeline.clock):
                        output.write(block.rows)
                    tally.add(block.tally)
                    progress.done(len(block.rows), inputs=done, fraction=block.fraction)
            source.check_unchanged(versions[done])
        with naming_and_timing(destination, pipeline.clock):
            output.end()
    return tally.report(
        distinct_parts=pipeline.distinct_parts,
        seconds=time.perf_counter() - started,
        stages=pipeline.clock.seconds,
    )


def _check_destination(destination: Path, inputs: Sequence[Input], *, overwrite: bool) -> None:
    if destination.is_dir():
        raise TableError(f"{destination} is a folder: name a file in it")
    if not destination.parent.is_dir():
        raise TableError(f"{destination.parent} is not a folder: make it first")
    if not destination.exists():
        return
    if any(source.path is not None and destination.samefile(source.path) for source in inputs):
        raise TableError(f"{destination} is the input: choose another output")
    if not overwrite:
        raise OutputExistsError(f"{destination} is there already: give --overwrite to replace it, or name another")
