"""Files of names with Katakana, as they are written."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import IO

import pyarrow as pa

from hayakana.batch.formats.blocks import TextStyle
from hayakana.batch.formats.registry import Writer, writer
from hayakana.batch.jobs.inputs import naming
from hayakana.batch.jobs.options import JobOptions
from hayakana.batch.jobs.threads import Clock


class Output:
    """Takes the rows of one file, which errors call ``where``; the first rows say which columns it has.

    Lines of text hold the column of Katakana. What writing takes counts for the stage ``write`` of ``clock``.
    """

    def __init__(self, file: IO[bytes], options: JobOptions, *, where: Path | str, clock: Clock) -> None:
        self._file, self._format = file, options.file_format
        self._options = replace(options.write, lines_of=options.columns.katakana)
        self._where, self._clock = where, clock
        self._writer: Writer | None = None

    def write(self, rows: pa.RecordBatch, style: TextStyle) -> None:
        """Append ``rows``; the first ones also say in what style text is.

        Raises:
            TableError: the format cannot hold what is in them.
            OSError: they cannot be written.
        """
        with naming_and_timing(self._where, self._clock):
            if self._writer is None:
                self._writer = writer(self._file, rows.schema, self._format, self._options, style=style)
            self._writer.write(rows)

    def end(self) -> None:
        """Write what is held back; the file stays open.

        Raises:
            TableError: as in ``write``.
            OSError: as in ``write``.
        """
        with naming_and_timing(self._where, self._clock):
            if self._writer is not None:
                self._writer.close()


@contextmanager
def naming_and_timing(where: Path | str, clock: Clock) -> Iterator[None]:
    """Name ``where`` in each error of writing it, and count the time for the stage ``write``."""
    started = time.perf_counter()
    try:
        with naming(where):
            yield
    finally:
        clock.add("write", time.perf_counter() - started)
