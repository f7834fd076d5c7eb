"""Files of names with Katakana, as they are written."""

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

    Lines of text hold the column of Katakana. Text is in ``style``. What writing takes counts for the stage ``write``
    of ``clock``.
    """

    def __init__(
        self, file: IO[bytes], options: JobOptions, *, where: Path | str, clock: Clock, style: TextStyle
    ) -> None:
        self._file, self._format = file, options.file_format
        self._options = replace(options.write, lines_of=options.columns.katakana)
        self._where, self._clock, self._style = where, clock, style
        self._writer: Writer | None = None

    def write(self, rows: pa.RecordBatch) -> None:
        """Append ``rows``.

        Raises:
            TableError: the format cannot hold what is in them.
            OSError: they cannot be written.
        """
        with self._clock.counting("write"), naming(self._where):
            if self._writer is None:
                self._writer = writer(self._file, rows.schema, self._format, self._options, style=self._style)
            self._writer.write(rows)

    def end(self) -> None:
        """Write what is held back; the file stays open.

        Raises:
            TableError: as in ``write``.
            OSError: as in ``write``.
        """
        with self._clock.counting("write"), naming(self._where):
            if self._writer is not None:
                self._writer.close()
