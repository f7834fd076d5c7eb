"""Rows of CSV and TSV as Python's ``csv`` reads them: slower, for what is odd, and to say where exactly it is wrong."""

import csv
import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from hayakana.batch.formats.options import Dialect

_LONGEST_FIELD = 1 << 30
"""Characters; Python's own limit of 131,072 is there for programs that guess at quotes."""

_LIMIT = threading.Lock()
"""Python's limit is one for the process."""

CUT_OFF = "unexpected end of data"
"""What Python's reader says of a quotation that is open at the end."""


class RowError(Exception):
    """A row is not as it should be; ``line`` lines are before it."""

    def __init__(self, message: str, *, line: int) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True, slots=True)
class ExactRow:
    """The values of a row, as bytes in Latin-1; ``line`` lines are before it, ``lines`` lines up to its end.

    One that is ``broken`` has null for values that are missing.
    """

    values: list[str | None]
    line: int
    lines: int
    end: int
    broken: bool = False


def exact_rows(block: bytes, dialect: Dialect, *, at_end: bool, most: int | None = None) -> list[ExactRow]:
    """Return the rows that are whole in ``block``, ``most`` at most; empty lines are rows without a value.

    Raises:
        RowError: a row breaks the rules of ``dialect``, or is not whole where the file is ``at_end``.
    """
    end = 0

    def lines() -> Iterator[str]:
        nonlocal end
        # Each byte is a character of Latin-1, so that places in the text are places in the block.
        for line in io.StringIO(block[: last_line_end(block)].decode("latin-1"), newline=""):
            end += len(line)
            yield line

    rows: list[ExactRow] = []
    with long_fields():
        try:
            reader = csv.reader(lines(), dialect.strict)
            line = 0
            while most is None or len(rows) < most:
                values = next(reader)
                rows.append(ExactRow([*values], line, reader.line_num, end))
                line = reader.line_num
        except StopIteration:
            pass
        except csv.Error as error:
            if str(error) != CUT_OFF:
                message = "something follows the quotation mark that closes a value: double the marks that are in it"
                raise RowError(message, line=line) from error
            if at_end:
                message = "the file ends within quotation marks: is it cut off, or is a mark missing?"
                raise RowError(message, line=line) from error
    return rows


@contextmanager
def long_fields() -> Iterator[None]:
    """Let Python's ``csv`` read long values, here and nowhere else."""
    with _LIMIT:
        before = csv.field_size_limit(_LONGEST_FIELD)
        try:
            yield
        finally:
            csv.field_size_limit(before)


def last_line_end(block: bytes, before: int | None = None) -> int:
    """Return where the last line that surely ends in ``block`` does: a return at its end may be half a line break."""
    before = len(block) if before is None else before
    return max(block.rfind(b"\n", 0, before), block.rfind(b"\r", 0, min(before, len(block) - 1))) + 1


def count_lines(block: bytes) -> int:
    """Return how many line breaks, of any kind, there are."""
    count = block.count(b"\n")
    return count + block.count(b"\r") - block.count(b"\r\n") if b"\r" in block else count
