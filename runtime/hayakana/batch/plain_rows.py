"""Where rows of CSV end, found for a block at once, as long as quotation marks stand where RFC 4180 has them."""

import numpy as np

from hayakana.batch.exact_rows import last_line_end
from hayakana.batch.options import Dialect


def plain_end(block: bytes, dialect: Dialect, *, at_end: bool) -> int | None:
    """Return where the last whole row of ``block`` ends, 0 if none does; None where marks are not as they should be.

    Outside of quotation marks there is an even number of them before each place, since each that opens is closed and
    one within is doubled. That is so if each odd one follows a delimiter, a line break or a mark, and each even one
    comes before such.
    """
    end = len(block) if at_end else last_line_end(block)
    if dialect.quote is None or end == 0:
        return end
    mark = ord(dialect.quote)
    if block.find(mark, 0, end) < 0:
        return end
    characters = np.frombuffer(block, np.uint8)
    marks = np.flatnonzero(characters == mark)
    if not at_end:
        end = _end_outside(block, marks)
    marks = marks[: np.searchsorted(marks, end)]
    if len(marks) % 2:
        return None
    beside_marks = np.zeros(256, bool)
    beside_marks[[ord(dialect.delimiter), ord("\r"), ord("\n"), mark]] = True
    opening, closing = marks[::2], marks[1::2]
    before, after = opening[opening > 0] - 1, closing[closing < len(block) - 1] + 1
    is_plain = beside_marks[characters[before]].all() and beside_marks[characters[after]].all()
    return end if is_plain else None


def _end_outside(block: bytes, marks: np.ndarray) -> int:
    """Return the end of the last line before which there is an even number of ``marks``."""
    end = last_line_end(block)
    while (count := int(np.searchsorted(marks, end))) % 2:
        end = last_line_end(block, int(marks[count - 1]))
    return end
