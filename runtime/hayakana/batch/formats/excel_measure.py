"""How large the sheets of a workbook become in memory, measured in their XML before a reader builds them.

The reader, calamine, holds a rectangle around all cells, and copies a text into each cell that shares it. It ends the
process where memory ends. So the size of what it would build is bounded here, from above, however the XML is spelt.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from hayakana.errors import TableError

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
"""Of a sheet, as Excel has them."""

MOST_CELLS = 1 << 24
"""Cells of the rectangle, at most: 16 columns of all rows, in some 2 GiB while it is built."""

MOST_TEXT = 1 << 30
"""Bytes of text in the cells of a sheet, at most."""

_LONGEST_REFERENCE = len("XFD1048576")

_SPACE = ord(" ")
_IN_NAMES = np.zeros(256, bool)
"""Which bytes can be in the name of an attribute."""
_IN_NAMES[[byte for byte in range(256) if byte >= 128 or chr(byte).isalnum() or chr(byte) in "_:.-"]] = True
_SPACED_EQUALS = re.compile(rb"[\x00- ]*=[\x00- ]*")
_CELL = re.compile(rb"<(?:[\w.-]+:)?c[\s/>]")
_PREFIXED_CELL = re.compile(rb"<[\w.-]+:c[\s/>]")
_ROW_END = re.compile(rb"</(?:[\w.-]+:)?row[\s>]")
_TEXT_END = re.compile(rb"</(?:[\w.-]+:)?si\s*>|<(?:[\w.-]+:)?si\s*/>")
_VALUE = re.compile(rb"[<:]v>([0-9]+)<")
_ANY_VALUE = re.compile(rb"[<:]v[\s>]")
_DIGITS = 18


def whole_tags(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Yield ``chunks`` cut before a ``<``, so each tag, and each text between two tags, is in a single piece."""
    held: list[bytes] = []
    for chunk in chunks:
        cut = chunk.rfind(b"<")
        if cut < 0:
            held.append(chunk)
            continue
        yield b"".join([*held, chunk[:cut]])
        held = [chunk[cut:]]
    yield b"".join(held)


@dataclass
class Extent:
    """The rectangle that cells of a sheet lie in, from A1 on, and how many there are; none of it is too small."""

    rows: int = 0
    columns: int = 0
    cells: int = 0
    _last_row: int = 0
    _row_ends: int = 0
    _run: int = 0
    _longest_run: int = 0

    def add(self, chunk: bytes) -> None:
        """Count the cells of some XML, which is cut between tags.

        Raises:
            TableError: a cell is where no cell can be.
        """
        references = self._add_references(chunk)
        cells = _cells(chunk)
        self.cells += cells
        if cells > references:
            self._add_cells_without_reference(chunk)

    def check(self) -> None:
        """Check that the sheet is one of Excel's, and fits in memory.

        Raises:
            TableError: it does not.
        """
        rows, columns = self.rows, self.columns
        if self._longest_run:  # Cells without a reference are in the row, and to the right, of what comes before them.
            rows, columns = max(rows, self._last_row) + self._row_ends, columns + self._longest_run
        if self.rows > LAST_ROW or self.columns > LAST_COLUMN:
            raise TableError(f"damaged: a cell is beyond row {LAST_ROW:,} and column XFD, where a sheet ends")
        if max(self.cells, rows * columns) > MOST_CELLS:
            raise TableError(
                f"a sheet has cells in {rows:,} rows and {columns:,} columns, and at most {MOST_CELLS:,} cells fit in"
                " memory: delete the rows and columns around the table, empty ones with a format too, or save the sheet"
                " as CSV"
            )

    def _add_references(self, chunk: bytes) -> int:
        """Take the places that ``r="B7"`` names, which rows have too, and return how many are of cells."""
        data, starts = _references(chunk)
        rows, columns = np.zeros(len(starts), np.int64), np.zeros(len(starts), np.int64)
        is_reference = np.ones(len(starts), bool)
        for place in range(_LONGEST_REFERENCE + 1):
            character = data[starts + place]
            letter, digit = (character | 0x20) - ord("a"), character - ord("0")  # Beyond 25 and 9 if they are not.
            is_letter, is_digit = is_reference & (letter < 26), is_reference & (digit < 10)
            columns = np.where(is_letter, 26 * columns + letter + 1, columns)
            rows = np.where(is_digit, 10 * rows + digit, rows)
            is_reference = is_letter | is_digit
            if not is_reference.any():
                break
        else:
            raise TableError("damaged: a cell has no place in a sheet")
        columns[rows == 0] = 0  # Some other value, such as an address.
        self.rows = max(self.rows, int(rows[columns > 0].max(initial=0)))
        self._last_row = max(self._last_row, int(rows.max(initial=0)))
        self.columns = max(self.columns, int(columns.max(initial=0)))
        return int(np.count_nonzero(columns))

    def _add_cells_without_reference(self, chunk: bytes) -> None:
        """Take cells that lie to the right of the last cell, in a row that lies below the last row."""
        if b"<!" in chunk:  # Within a comment, a row would end that does not.
            raise TableError(
                "not a sheet as Excel writes it: open the file in Excel and save it again, or save it as CSV"
            )
        first, *following = [len(_CELL.findall(row)) for row in _ROW_END.split(chunk)]
        self._run += first
        self._longest_run = max(self._longest_run, self._run, *following)
        if following:
            self._run = following[-1]
        self._row_ends += len(following)


class Texts:
    """How long the shared texts of a workbook are, each with its markup, in bytes."""

    def __init__(self) -> None:
        self._size, self._has_comments = 0, False
        self._ends: list[int] = [0]

    @property
    def longest(self) -> int:
        """That of the longest text."""
        return self._size if self._has_comments else int(np.diff(self._ends).max(initial=0))

    def add(self, chunk: bytes) -> None:
        """Count the texts of some XML, which is cut between tags."""
        self._has_comments |= b"<!" in chunk  # In which a text would end that does not.
        self._ends += [self._size + match.end() for match in _TEXT_END.finditer(chunk)]
        self._size += len(chunk)

    def check_uses(self, sheet: Iterator[bytes], *, most: int) -> None:
        """Check that the texts of all cells, where each has its own, have ``most`` bytes at most.

        Raises:
            TableError: they do not.
        """
        lengths = np.append(np.diff(self._ends), self.longest)
        size = 0
        for chunk in sheet:
            numbers = [int(number) if len(number) < _DIGITS else 0 for number in _VALUE.findall(chunk) if number]
            without_number = len(_ANY_VALUE.findall(chunk)) - len(numbers)
            size += int(lengths[np.minimum(numbers, len(lengths) - 1)].sum()) if numbers else 0
            size += without_number * self.longest
            if size > most:
                raise TableError(
                    f"a sheet has more than {most >> 20:,} MiB of text, which cells share, and that is more than"
                    " fits in memory: save the sheet as CSV"
                )


def _references(chunk: bytes) -> tuple[np.ndarray, np.ndarray]:
    """Return ``chunk`` as numbers, with room at its end, and where in it the value of each attribute ``r`` begins."""
    data, equals, before, after = _around_equals(chunk)
    if (before <= _SPACE).any() or (after <= _SPACE).any():
        data, equals, before, after = _around_equals(_SPACED_EQUALS.sub(b"=", chunk))
    is_attribute = (before == ord("r")) & ~_IN_NAMES[data[equals - 2]] & ((after == ord('"')) | (after == ord("'")))
    return data, equals[is_attribute] + 2


def _around_equals(chunk: bytes) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    data = np.frombuffer(chunk + bytes(_LONGEST_REFERENCE + 4), np.uint8)
    equals = np.flatnonzero(data == ord("="))
    return data, equals, data[equals - 1], data[equals + 1]


def _cells(chunk: bytes) -> int:
    """Return how many tags of cells begin in ``chunk``."""
    data = np.frombuffer(chunk, np.uint8)
    ends = np.flatnonzero((data[:-2] == ord("<")) & (data[1:-1] == ord("c"))) + 2
    plain = int(np.isin(data[ends], np.frombuffer(b" />\t\r\n", np.uint8)).sum())
    return plain + (len(_PREFIXED_CELL.findall(chunk)) if b":c" in chunk else 0)
