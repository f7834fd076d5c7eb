"""What is asked of a job: which columns, how inputs are read, how files are written."""

from collections.abc import Sequence
from dataclasses import dataclass

from hayakana.batch.arrow.columns import Columns
from hayakana.batch.formats.registry import FileFormat, ReadOptions, WriteOptions
from hayakana.batch.jobs.inputs import Input

COLUMNS, READ_OPTIONS, WRITE_OPTIONS = Columns(), ReadOptions(), WriteOptions()
"""What a job does unless it is told otherwise."""

ROWS_PER_FILE = 1 << 20
"""Rows of a file in a folder, unless an option says otherwise."""


@dataclass(frozen=True)
class JobOptions:
    """The options that all jobs share.

    Args:
        file_format: of what is written.
        columns: which columns are read and added.
        read: how inputs are read, and how many rows are at work at a time.
        write: how files are written.
    """

    file_format: FileFormat
    columns: Columns
    read: ReadOptions
    write: WriteOptions


def check_folder_options(inputs: Sequence[Input], options: JobOptions, *, rows_per_file: int, resume: bool) -> None:
    """Check options that a folder of files alone has.

    Raises:
        ValueError: ``rows_per_file`` is no multiple of the window, or an input that is to be resumed is a stream.
    """
    if rows_per_file < 1 or rows_per_file % options.read.window:
        raise ValueError(f"rows per file must be a multiple of the window, {options.read.window:,}")
    if resume and (streams := [file for file in inputs if file.is_stream]):
        raise ValueError(f"{streams[0]} can be read once only, and a job of it cannot be resumed: give a file")
