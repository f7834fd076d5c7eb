"""Where rows of CSV end, found for a block at once, as long as quotation marks stand where RFC 4180 has them."""

import numpy as np

from hayakana.batch.exact_rows import last_line_end
from hayakana.batch.options import Dialect


def plain_end(block: bytes, dialect: Dialect) -> int | None:
    """Return where the last whole row of ``block`` ends, 0 if none does; None where marks are not as they should be.

    Outside of quotation marks there is an even number of them before each place, since each that opens is closed and
    one within is doubled. That is so if each odd one follows a delimiter, a line break or a mark, and each even one
    comes before such. Where none does, none opens: they are characters like others.
    """
    end = last_line_end(block)
    if dialect.quote is None or block.find(mark := ord(dialect.quote), 0, end) < 0:
        return end
    characters = np.frombuffer(block, np.uint8)
    marks = np.flatnonzero(characters[:end] == mark)
    separates = np.zeros(256, bool)
    separates[[ord(dialect.delimiter), ord("\r"), ord("\n")]] = True
    # What is before the first character is its own last one, a line break or what is not looked at.
    if not (separates[characters[marks - 1]] | (marks == 0)).any():
        return end
    end = _end_outside(block, marks)
    marks = marks[: np.searchsorted(marks, end)]
    opening, closing = marks[::2], marks[1::2]
    separates[mark] = True
    opens = separates[characters[opening - 1]] | (opening == 0)
    return end if opens.all() and separates[characters[closing + 1]].all() else None


def _end_outside(block: bytes, marks: np.ndarray) -> int:
    """Return the end of the last line before which there is an even number of ``marks``."""
    end = last_line_end(block)
    while (count := int(np.searchsorted(marks, end))) % 2:
        end = last_line_end(block, int(marks[count - 1]))
    return end
