"""Which column a user means, and how many there may be; each step looks at a column once, not once for each other."""

import io
import itertools
import json
import sys
from collections.abc import Callable

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hayakana import TableError
from hayakana.batch import Columns
from hayakana.batch.formats.cells import in_schema
from hayakana.batch.formats.column_names import MOST_COLUMNS, ColumnNames, check_names
from hayakana.batch.formats.json_objects import check_size
from hayakana.batch.formats.registry import FileFormat, ReadOptions, WriteOptions, open_table, writer
from hayakana.batch.formats.rows import checked_rows, chosen_names

WIDE = 3_000


def operations(call: Callable[[], object]) -> int:
    """Return how many calls of Python and of C functions ``call`` makes, comparisons of names among them."""
    count = 0

    def counted(*_: object) -> None:
        nonlocal count
        count += 1

    sys.setprofile(counted)
    try:
        call()
    finally:
        sys.setprofile(None)
    return count


class Name(str):
    """A name of a column that counts how often it is compared with another."""

    __slots__ = ()
    compared = 0

    def __eq__(self, other: object) -> bool:
        Name.compared += 1
        return str.__eq__(self, other)

    __hash__ = str.__hash__


def comparisons(call: Callable[[list[Name]], object], width: int) -> int:
    Name.compared = 0
    call([Name(f"column {number}") for number in range(width)])
    return Name.compared


def test_an_exact_name_wins_and_others_are_found_regardless_of_case_and_spaces() -> None:
    columns = ColumnNames(["Name", "name", " Given ", "ÉTAT", "2", "last"], numbered=True)
    for wanted, found in [
        ("Name", "Name"),
        ("name", "name"),
        ("given", " Given "),
        (" État ", "ÉTAT"),
        ("2", "2"),
        ("3", " Given "),
        ("6", "last"),
    ]:
        assert columns.found(wanted, remedy="give {}") == found


@pytest.mark.parametrize(
    ("there", "wanted", "message"),
    [
        (["id", " Name", "NAME"], "name", r"column 'name' is ambiguous; choose one of ' Name', 'NAME' with --select"),
        (["id", " x"], "name", r"no column 'name'; choose one of id, ' x' with --select"),
        (["id", ""], "0", r"no column '0'; choose one of id, '' with"),
        (["id"], "2", r"no column '2'; choose one of id with"),
        (["id"], "1" * 5_000, r"no column '1+…'; choose one of id with"),
        (["id"], "²", r"no column '²'"),
        ([], "x", r"choose one of none with"),
        ([f"c{number}" for number in range(1_000)], "x", r"c18, c19 and 980 more with --select$"),
    ],
)
def test_what_no_column_is_called_is_said_with_what_there_is(there: list[str], wanted: str, message: str) -> None:
    with pytest.raises(TableError, match=message):
        ColumnNames(there, numbered=True).found(wanted, remedy="; choose one of {} with --select")


def test_a_number_is_a_name_where_the_file_does_not_say_which_columns_there_are() -> None:
    with pytest.raises(TableError, match="no column '1'"):
        ColumnNames(["a"], numbered=False).found("1", remedy="give {}")


@given(st.lists(st.text(max_size=3), unique=True, min_size=1))
def test_each_column_is_found_by_its_name(there: list[str]) -> None:
    columns = ColumnNames(there, numbered=True)
    assert [columns.found(name, remedy="give {}") for name in there] == there


@pytest.mark.parametrize(
    "call",
    [
        check_names,
        lambda names: Columns(names[-1]).chosen(names),
        lambda names: Columns(names[-1], select=tuple(names)).chosen(names),
        lambda names: chosen_names(names, names),
        lambda names: ColumnNames(names, numbered=True).found("COLUMN 7", remedy=""),
    ],
)
def test_names_are_compared_a_few_times_each(call: Callable[[list[Name]], object]) -> None:
    assert comparisons(call, WIDE) < 20 * WIDE


def batch_of(width: int) -> pa.RecordBatch:
    return pa.record_batch([["x"]] * width, names=[f"column {number}" for number in range(width)])


def read_and_written(file_format: FileFormat, width: int) -> None:
    content = io.BytesIO()
    writing = writer(content, batch_of(width).schema, file_format, WriteOptions())
    writing.write(batch_of(width))
    writing.close()
    content.seek(0)
    with open_table(content, file_format, ReadOptions()) as table:
        (rows,) = table.batches()
    assert rows.batch.num_columns == width


@pytest.mark.parametrize("file_format", [FileFormat("csv"), FileFormat("jsonl"), FileFormat("parquet")], ids=str)
def test_the_work_on_columns_grows_as_they_do(file_format: FileFormat) -> None:
    read_and_written(file_format, 40)  # What is done once.
    few, many = (operations(lambda: read_and_written(file_format, width)) for width in (200, 2_000))  # noqa: B023
    assert many < 12 * few


class CountedBatch:
    """A batch whose lists of columns are counted: each one is made of all columns."""

    def __init__(self, batch: pa.RecordBatch) -> None:
        self._batch, self.lists = batch, 0

    @property
    def schema(self) -> "CountedBatch":
        return self

    @property
    def names(self) -> list[str]:
        self.lists += 1
        return self._batch.schema.names

    @property
    def columns(self) -> list[pa.Array]:
        self.lists += 1
        return self._batch.columns

    def __len__(self) -> int:
        return len(self._batch)

    def __iter__(self):
        return iter(self._batch.schema)


def test_lists_of_all_columns_are_not_made_once_a_column() -> None:
    counted = CountedBatch(batch_of(500))
    in_schema(counted, batch_of(500).schema)
    assert counted.lists < 10


def test_text_that_is_not_utf8_is_replaced_in_all_columns_at_once() -> None:
    bad = pa.array([b"\xff"]).cast(pa.string(), safe=False)
    batch = pa.record_batch([bad] * 300, names=[str(number) for number in range(300)])
    rows = checked_rows(batch, batch.schema.names)
    assert {value for column in rows.batch.columns for value in column.to_pylist()} == {"\ufffd"}
    assert rows.damaged.to_pylist() == [True]


def read(content: str, name: str, **options: object) -> pa.Table:
    with open_table(io.BytesIO(content.encode()), FileFormat(name), ReadOptions(**options)) as table:
        return pa.concat_tables([pa.table(rows.batch) for rows in table.batches()], promote_options="default")


def objects_of(*counts: int) -> str:
    """Return an object a line, with so many keys that no other line has."""
    number = itertools.count()
    return "".join(json.dumps({f"k{next(number)}": 1 for _ in range(count)}) + "\n" for count in counts)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "content_of"),
    [
        ("csv", lambda columns: ",".join(map(str, range(columns))) + "\n" + "," * (columns - 1) + "\n"),
        ("jsonl", lambda columns: objects_of(columns)),
        ("jsonl", lambda columns: objects_of(MOST_COLUMNS - 2, columns - MOST_COLUMNS + 2)),
    ],
    ids=["csv", "an object", "objects"],
)
def test_there_may_be_so_many_columns_and_no_more(name: str, content_of: Callable[[int], str]) -> None:
    assert read(content_of(MOST_COLUMNS), name, window=1).num_columns == MOST_COLUMNS
    with pytest.raises(TableError, match="more than 100,000 columns: split the table"):
        read(content_of(MOST_COLUMNS + 1), name, window=1)


def test_objects_of_keys_of_their_own_do_not_fill_the_memory_with_nulls() -> None:
    lines = objects_of(*[1] * 20_000)
    with pytest.raises(TableError, match=r"19,999 different keys, each a column, in 19,999 rows: give --window 13422 "):
        read(lines, "jsonl")
    with pytest.raises(TableError, match="give --window 40 or less"):
        check_size(100, pa.array(["{}"] * 100), most_cells=4_000)
    check_size(100, pa.array(["{}"] * 40), most_cells=4_000)
    # As many cells, of which each is in the file.
    check_size(
        100, pa.array(["{" + ", ".join(f'"k{number}": 1' for number in range(100)) + "}"] * 100), most_cells=4_000
    )
