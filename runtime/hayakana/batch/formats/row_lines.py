"""The line of a text file where a row begins: worked out for the few rows that somebody asks about."""

import operator
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, partial
from itertools import chain
from typing import Protocol, SupportsInt


class _Numbers(Protocol):
    def __getitem__(self, index: int, /) -> SupportsInt: ...


@dataclass(frozen=True, slots=True)
class _Piece:
    """``count`` rows; ``line_of`` knows the first as ``first``."""

    first: int
    count: int
    line_of: Callable[[int], int]


@dataclass(frozen=True, slots=True)
class Lines:
    """The numbers of the lines, from 1, on which some rows begin."""

    pieces: tuple[_Piece, ...] = ()

    @staticmethod
    def consecutive(first: int, count: int) -> "Lines":
        """Return the lines of ``count`` rows of a line each; the first row is on line ``first``."""
        return Lines((_Piece(0, count, partial(operator.add, first)),))

    @staticmethod
    def later(count: int, numbers: Callable[[], _Numbers]) -> "Lines":
        """Return the lines of ``count`` rows that ``numbers`` returns when it is called, which is once or never."""
        made = cache(numbers)
        return Lines((_Piece(0, count, lambda index: int(made()[index])),))

    @staticmethod
    def joined(all_lines: "Iterable[Lines]") -> "Lines":
        """Return the lines of all these rows, in their order."""
        return Lines(tuple(chain.from_iterable(lines.pieces for lines in all_lines)))

    def __len__(self) -> int:
        return sum(piece.count for piece in self.pieces)

    def at(self, index: int) -> int:
        """Return the line on which the row at ``index`` begins.

        Raises:
            IndexError: there is no such row.
        """
        for piece in self.pieces:
            if index < piece.count:
                return piece.line_of(piece.first + index)
            index -= piece.count
        raise IndexError(index)

    def slice(self, start: int, length: int | None = None) -> "Lines":
        """Return the lines of ``length`` rows from ``start`` on, or of all rows from there."""
        end = len(self) if length is None else min(len(self), start + length)
        kept, place = [], 0
        for piece in self.pieces:
            first, last = max(start - place, 0), min(end - place, piece.count)
            if first < last:
                kept.append(_Piece(piece.first + first, last - first, piece.line_of))
            place += piece.count
        return Lines(tuple(kept))
