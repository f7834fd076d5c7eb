"""Where rows of CSV end, found for a block at once, as long as quotation marks stand where RFC 4180 has them."""

import numpy as np
from numpy.typing import NDArray

from hayakana.batch.formats.exact_rows import last_line_end
from hayakana.batch.formats.options import Dialect


def plain_end(block: bytes, dialect: Dialect) -> int | None:
    """Return where the last whole row of ``block`` ends, 0 if none does; None where marks are not as they should be.

    Outside of quotation marks there is an even number of them before each place, since each that opens is closed and
    one within is doubled. That is so if each odd one follows a delimiter, a line break or a mark, and each even one
    comes before such. Where none does, none opens: they are characters like others.
    """
    end = last_line_end(block)
    characters = np.frombuffer(block, np.uint8)
    marks = _marks(block, characters, dialect, end)
    if not len(marks):
        return end
    separates = _separates(dialect)
    while (count := int(np.searchsorted(marks, end))) % 2:  # The line ends within quotation marks.
        end = last_line_end(block, int(marks[count - 1]))
    marks = marks[:count]
    opening, closing = marks[::2], marks[1::2]
    separates[ord(dialect.quote or "")] = True
    opens = separates[characters[opening - 1]] | (opening == 0)
    return end if opens.all() and separates[characters[closing + 1]].all() else None


def row_lines(block: bytes, dialect: Dialect, *, empty_rows: bool) -> NDArray[np.intp]:
    """Return how many lines of ``block`` are before each of its rows, which are all whole and plain.

    Empty lines are rows where ``empty_rows`` says so.
    """
    characters = np.frombuffer(block, np.uint8)
    is_return = characters == ord("\r")
    ends = characters == ord("\n")
    is_pair = np.append(is_return[:-1] & ends[1:], False)
    ends = np.flatnonzero(ends | (is_return & ~is_pair))
    starts = np.append(0, ends[:-1] + 1)
    marks = _marks(block, characters, dialect, len(block))
    are_rows = np.searchsorted(marks, starts) % 2 == 0
    if not empty_rows:
        are_rows &= ~((ends == starts) | (is_pair[starts] & (ends == starts + 1)))
    return np.flatnonzero(are_rows)


def _marks(block: bytes, characters: NDArray[np.uint8], dialect: Dialect, end: int) -> NDArray[np.intp]:
    """Return where quotation marks are before ``end``, or none where none of them opens: then they are characters."""
    if dialect.quote is None or block.find(mark := ord(dialect.quote), 0, end) < 0:
        return np.empty(0, np.intp)
    marks = np.flatnonzero(characters[:end] == mark)
    # What is before the first character is its own last one, a line break or what is not looked at.
    opens = _separates(dialect)[characters[marks - 1]] | (marks == 0)
    return marks if opens.any() else marks[:0]


def _separates(dialect: Dialect) -> NDArray[np.bool_]:
    """Return which bytes end a value or begin the next one."""
    separates = np.zeros(256, bool)
    separates[[ord(dialect.delimiter), ord("\r"), ord("\n")]] = True
    return separates
