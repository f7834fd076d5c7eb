"""Lines of rows are known for any part of them, and looked for when they are asked for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hayakana.batch.formats.exact_rows import exact_rows
from hayakana.batch.formats.options import Dialect
from hayakana.batch.formats.plain_rows import plain_end, row_lines
from hayakana.batch.formats.row_lines import Lines

SLICES = st.lists(st.tuples(st.integers(0, 12), st.none() | st.integers(0, 12)), max_size=4)


@given(st.lists(st.lists(st.integers(1, 99), max_size=4), max_size=4), SLICES)
def test_lines_are_those_of_a_list(pieces: list[list[int]], slices: list[tuple[int, int | None]]) -> None:
    lines = Lines.joined(Lines.later(len(piece), lambda piece=piece: piece) for piece in pieces)
    expected = [number for piece in pieces for number in piece]
    for start, length in slices:
        lines = lines.slice(start, length)
        expected = expected[start:] if length is None else expected[start : start + length]
    assert [lines.at(index) for index in range(len(lines))] == expected
    with pytest.raises(IndexError):
        lines.at(len(expected))


def test_numbers_are_made_once_and_only_where_they_are_wanted() -> None:
    made = []

    def numbers() -> list[int]:
        made.append(1)
        return [3, 5]

    lines = Lines.joined([Lines.consecutive(1, 2), Lines.later(2, numbers)])
    assert [lines.at(0), lines.at(1), len(made)] == [1, 2, 0]
    assert [lines.at(2), lines.at(3), len(made)] == [3, 5, 1]


@given(st.lists(st.sampled_from(["a", '"', '"', ",", "\n", "\n", "\r", "\r\n"]), max_size=40), st.booleans())
def test_lines_of_a_plain_block_are_those_of_pythons_reader(
    characters: list[str],
    empty_rows: bool,
) -> None:
    dialect = Dialect(",", '"')
    block = "".join(characters).encode() + b"\nx\n"
    end = plain_end(block, dialect)
    if not end:
        return
    rows = exact_rows(block[:end] + b"x", dialect, at_end=False)  # A return at the end may be half a line break.
    expected = [row.line for row in rows if row.values or empty_rows]
    assert row_lines(block[:end], dialect, empty_rows=empty_rows).tolist() == expected
