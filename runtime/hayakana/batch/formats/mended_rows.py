"""Rows of CSV and TSV with broken rows in their places: a broken row ends where its first line does.

So a quotation mark that nobody closes costs the line that it is in, and no row after it.
"""

import csv
import io
from collections import deque
from collections.abc import Iterator
from itertools import islice

from hayakana.batch.formats.exact_rows import CUT_OFF, ExactRow, last_line_end, long_fields
from hayakana.batch.formats.options import Dialect

_PATIENCE = 8
"""Bytes that are looked at in vain for the end of a quotation, for each byte of rows that were read, at most…"""

_LOAN = 1 << 26
"""… and these, before there are any. Beyond that, rows end where lines do for a while, so that the work is linear."""


class RowMender:
    """Reads the rows of a table of ``width`` columns, whatever is wrong with them; ``loan`` is patience in bytes."""

    def __init__(self, dialect: Dialect, width: int, *, loan: int = _LOAN) -> None:
        self._dialect, self._width, self._loan = dialect, width, loan
        self._read = self._in_vain = 0

    def rows(self, block: bytes, *, at_end: bool, most_bytes: int) -> list[ExactRow]:
        """Return rows from the start of ``block``, until they have ``most_bytes``; empty lines have no value.

        A row that may go on after the block is left out, unless the block is ``at_end``: of the file, or of patience.
        """
        lines = _Lines(block)
        rows: list[ExactRow] = []
        before = 0
        with long_fields():
            while lines.end < most_bytes and (found := self._next(lines, at_end=at_end)) is not None:
                values, is_broken = found
                rows.append(ExactRow(values, before, lines.count, lines.end, is_broken))
                before = lines.count
        return rows

    def _next(self, lines: "_Lines", *, at_end: bool) -> tuple[list[str | None], bool] | None:
        """Return the values of the next row, and whether it is broken; None: there is none, or not all of it."""
        is_patient = self._in_vain <= _PATIENCE * self._read + self._loan
        values: list[str] | None = None
        try:
            values = next(csv.reader(lines if is_patient else islice(lines, 1), self._dialect.strict))
        except StopIteration:
            return None
        except csv.Error as error:
            if str(error) == CUT_OFF and is_patient and not at_end:
                return None
        if values is None or (len(lines.taken) > 1 and len(values) != self._width):
            self._in_vain += sum(map(len, lines.taken))
            first = lines.keep(1)
            self._read += len(first)
            return self._fitted(first.rstrip("\r\n").split(self._dialect.delimiter)), True
        self._read += len(lines.keep(len(lines.taken)))
        is_broken = bool(values) and len(values) != self._width
        return (self._fitted(values), True) if is_broken else ([*values], False)

    def _fitted(self, values: list[str]) -> list[str | None]:
        """Return one value a column: those that are missing null, those that are too many with the last one."""
        last = self._width - 1
        if len(values) > self._width:
            return [*values[:last], self._dialect.delimiter.join(values[last:])]
        return [*values, *[None] * (self._width - len(values))]


class _Lines:
    """The lines that surely end in a block; they are taken, and then kept, or given back. ``end`` bytes were kept."""

    def __init__(self, block: bytes) -> None:
        # Each byte is a character of Latin-1, so that places in the text are places in the block.
        self._text = io.StringIO(block[: last_line_end(block)].decode("latin-1"), newline="")
        self._given_back: deque[str] = deque()
        self.taken: list[str] = []
        self.end = self.count = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._given_back.popleft() if self._given_back else next(self._text)
        self.taken.append(line)
        return line

    def keep(self, count: int) -> str:
        """Return the first ``count`` of the lines that were taken, and give back all others."""
        kept = self.taken[:count]
        self._given_back.extendleft(reversed(self.taken[count:]))
        self.taken = []
        text = "".join(kept)
        self.end += len(text)
        self.count += len(kept)
        return text
