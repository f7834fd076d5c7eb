"""Plain text: a name a line is read, and the Katakana of a line written."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from hayakana.batch.formats.blocks import TextBuffer
from hayakana.batch.formats.options import ReadOptions
from hayakana.batch.formats.row_lines import Lines
from hayakana.batch.formats.rows import Rows, chosen_names, refuse_undecodable, text_rows
from hayakana.batch.formats.streams import EncodedFile, Sink
from hayakana.errors import TableError, shorten

COLUMN = "name"


def numbered_lines(text: TextBuffer, options: ReadOptions) -> Iterator[tuple[int, Rows]]:
    """Yield (number of the first line, lines as rows of one column), a block at a time.

    Raises:
        TableError: a line is not as it should be.
    """
    while text.fill():
        end = text.pending.rfind(b"\n") + 1
        if not end:
            continue
        first, block = text.line, text.pending[:end]
        rows = text_rows(pa.record_batch([_lines(block)], names=[COLUMN]))
        if rows.damaged is not None and options.undecodable == "refuse":
            refuse_undecodable(first + rows.first_damaged(), options.encoding)
        text.take(end, len(rows.batch))
        yield first, replace(rows, lines=Lines.consecutive(first, len(rows.batch)))


class LinesTable:
    """Names, one a line, as a table of one column. They can be read once."""

    schema = pa.schema([(COLUMN, pa.string())])

    def __init__(self, text: TextBuffer, options: ReadOptions) -> None:
        self._text, self._options = text, options

    def batches(self, *, columns: Sequence[str] | None = None, skip_rows: int = 0) -> Iterator[Rows]:
        """Yield the rows after the first ``skip_rows``.

        Raises:
            TableError: a column is asked for that is not there, or a line is not as it should be.
        """
        chosen_names(self.schema.names, columns)
        for _, rows in numbered_lines(self._text, self._options):
            skipped = min(skip_rows, len(rows.batch))
            skip_rows -= skipped
            yield from rows.slice(skipped).split(self._options.window)


def _lines(block: bytes) -> pa.BinaryArray:
    """Return the lines of ``block`` without their line breaks."""
    lines = pc.split_pattern(pa.array([block.removesuffix(b"\n")], pa.binary()), "\n").values
    if b"\r" in block:
        lines = pc.if_else(pc.ends_with(lines, "\r"), pc.binary_slice(lines, 0, -1), lines)
    return lines


class LinesWriter:
    """One column of texts alone, a line for a line, empty where there is none."""

    def __init__(self, file: Sink, encoding: str, *, column: str, line_end: str = "\n") -> None:
        self._file, self._column, self._line_end = EncodedFile(file, encoding), column, line_end
        self._rows = 0

    def write(self, batch: pa.RecordBatch) -> None:
        """Append the texts of ``batch``.

        Raises:
            TableError: a text, such as a name that is kept, has a line break: it would be two lines.
        """
        texts = pc.fill_null(batch.column(self._column), "")
        for line_break in ("\n", "\r"):
            is_broken = pc.match_substring(texts, line_break)
            if is_broken.true_count:
                row = self._rows + pc.index(is_broken, pa.scalar(value=True)).as_py() + 1
                shown = shorten(texts.filter(is_broken)[0].as_py())
                raise TableError(
                    f"row {row:,}: {shown} has a line break, which a line of text cannot hold: write .csv, .jsonl or"
                    " .parquet",
                    quoted=(shown,),
                )
        self._rows += len(texts)
        self._file.write(pc.binary_join_element_wise(texts, self._line_end, ""))
