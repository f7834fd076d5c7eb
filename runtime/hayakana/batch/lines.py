"""Plain text: a name a line is read, and the Katakana of a line written."""

from collections.abc import Iterator, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from hayakana.batch.blocks import Blocks
from hayakana.batch.encoded import EncodedFile
from hayakana.batch.options import ReadOptions
from hayakana.batch.rows import Rows, chosen_names, refuse_undecodable, text_rows
from hayakana.batch.sink import Sink

COLUMN = "name"


def line_blocks(blocks: Blocks) -> Iterator[tuple[int, bytes]]:
    """Yield (number of the first line, whole lines, each with its line feed)."""
    while blocks.fill():
        if end := blocks.pending.rfind(b"\n") + 1:
            block, line = blocks.pending[:end], blocks.line
            blocks.take(end, block.count(b"\n"))
            yield line, block


class LinesTable:
    """Names, one a line, as a table of one column. They can be read once."""

    schema = pa.schema([(COLUMN, pa.string())])

    def __init__(self, blocks: Blocks, options: ReadOptions) -> None:
        self._blocks, self._options = blocks, options

    def batches(self, *, columns: Sequence[str] | None = None, skip_rows: int = 0) -> Iterator[Rows]:
        """Yield the rows after the first ``skip_rows``.

        Raises:
            TableError: a column is asked for that is not there, or a line is not as it should be.
        """
        chosen_names(self.schema.names, columns)
        for first, block in line_blocks(self._blocks):
            lines = _lines(block)
            skipped = min(skip_rows, len(lines))
            skip_rows -= skipped
            rows = text_rows(pa.record_batch([lines.slice(skipped)], names=[COLUMN]))
            if rows.damaged is not None and self._options.undecodable == "refuse":
                refuse_undecodable(first + skipped + rows.first_damaged(), self._options.encoding)
            yield from rows.split(self._options.batch_size)


def _lines(block: bytes) -> pa.BinaryArray:
    """Return the lines of ``block`` without their line breaks."""
    lines = pc.split_pattern(pa.array([block.removesuffix(b"\n")], pa.binary()), "\n").values
    if b"\r" in block:
        lines = pc.if_else(pc.ends_with(lines, "\r"), pc.binary_slice(lines, 0, -1), lines)
    return lines


class LinesWriter:
    """One column of texts alone, a line for a line, empty where there is none."""

    def __init__(self, file: Sink, encoding: str, *, column: str) -> None:
        self._file, self._column = EncodedFile(file, encoding), column

    def write(self, batch: pa.RecordBatch) -> None:
        """Append the texts of ``batch``."""
        self._file.write(pc.binary_join_element_wise(pc.fill_null(batch.column(self._column), ""), "\n", ""))
