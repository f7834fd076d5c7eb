"""Parquet that is small on disk and large in memory: read in smaller batches, or refused before it is asked for."""

import hashlib
import io
from collections.abc import Iterator, Mapping

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hayakana import TableError
from hayakana.batch.formats.cells import plain_bytes
from hayakana.batch.formats.parquet import ParquetTable
from hayakana.batch.formats.parquet_bounds import MOST_BYTES, RowsAtOnce
from hayakana.batch.formats.registry import FileFormat, ReadOptions, WriteOptions, open_table, writer
from hayakana.batch.formats.rows import Rows, windows_of

NONE: Mapping[str, int] = {}


def content_of(table: pa.Table, **options: object) -> bytes:
    file = io.BytesIO()
    pq.write_table(table, file, **{"compression": "zstd", "store_schema": False, **options})
    return file.getvalue()


def rows_at_once(
    table: pa.Table, most: int, columns: list[str] | None = None, *, bounds: Mapping[str, int] = NONE, **options: object
) -> int:
    file = io.BytesIO(content_of(table, **options))
    return RowsAtOnce(file, pq.ParquetFile(file), columns or table.column_names, **bounds).of_group(0, most)


def repeated(length: int, rows: int) -> pa.Table:
    """Return a table whose one value stands in all rows."""
    values = pa.DictionaryArray.from_arrays(pa.array([0] * rows, pa.int32()), pa.array(["x" * length]))
    return pa.table({"name": values})


def test_a_value_that_a_dictionary_repeats_is_read_a_few_rows_at_a_time() -> None:
    table = repeated(2_000_000, 20_000)
    assert len(content_of(table)) < 1_000
    found = rows_at_once(table, 262_144)
    assert 1 <= found <= MOST_BYTES // 2_000_000


@pytest.mark.parametrize("store_schema", [False, True])
def test_batches_of_such_a_file_are_bounded_and_more_of_them_refused(store_schema: bool) -> None:
    content = content_of(repeated(10_000, 5_000), store_schema=store_schema)

    def batches(**options: int) -> Iterator[Rows]:
        return ParquetTable(io.BytesIO(content), ReadOptions(**options), most_bytes=1 << 20).batches()

    sizes = [plain_bytes(rows.batch) for rows in batches()]
    assert store_schema or max(sizes) <= 1.1 * (1 << 20)
    with pytest.raises(TableError, match=r"rows take more than 0 GiB of memory: give --window \d+ or less"):
        list(windows_of(batches(), 262_144, most_bytes=1 << 22))
    assert sum(len(rows.batch) for rows in windows_of(batches(window=100), 100, most_bytes=1 << 22)) == 5_000


@pytest.mark.slow
def test_other_encodings_and_types_that_repeat_are_bounded() -> None:
    bounds = {"most_bytes": 1 << 24}
    rows = 5_000
    shared = ["x" * 20_000 + str(number) for number in range(rows)]
    options = {"use_dictionary": False, "column_encoding": {"name": "DELTA_BYTE_ARRAY"}}
    assert rows_at_once(pa.table({"name": shared}), 262_144, bounds=bounds, **options) < rows
    nulls = pa.table({"name": ["a"] * rows, "wide": pa.array([None] * rows, pa.binary(1_000_000))})
    assert rows_at_once(nulls, 262_144, bounds=bounds) < rows
    assert rows_at_once(nulls, 262_144, ["name"], bounds=bounds) == rows
    structs = pa.table({"name": pa.StructArray.from_arrays([repeated(1_000_000, rows)["name"].chunk(0)], ["a"])})
    assert rows_at_once(structs, 262_144, bounds=bounds) < rows


def test_a_value_that_is_too_large_alone_is_refused() -> None:
    with pytest.raises(
        TableError, match=r"row group 1: a row may take .* leave the column of large values out by --sel"
    ):
        rows_at_once(repeated(200_000, 10), 10, bounds={"most_bytes": 100_000, "largest_row": 100_000})


@pytest.mark.slow
def test_a_list_of_values_that_are_not_in_the_file_is_refused() -> None:
    lists = pa.array([[None] * 40_000_000, [], []], pa.list_(pa.int64()))
    with pytest.raises(
        TableError, match=r"column 'tags.list.element' has 40,000,002 values in \d+ bytes.* by --select"
    ):
        rows_at_once(pa.table({"tags": lists, "name": ["a"] * 3}), 10)
    assert rows_at_once(pa.table({"tags": lists, "name": ["a"] * 3}), 10, ["name"]) == 3


def test_a_list_may_have_its_values_from_a_dictionary() -> None:
    tags = pa.array([["tag", "longer tag"]] * 50_000)
    assert rows_at_once(pa.table({"tags": tags}), 262_144) == 50_000
    long = pa.ListArray.from_arrays(
        pa.array(range(0, 1_001, 10), pa.int32()), repeated(1 << 24, 1_000)["name"].chunk(0)
    )
    assert rows_at_once(pa.table({"tags": long}), 262_144) == 1


@given(st.lists(st.none() | st.text(max_size=5), min_size=1, max_size=50), st.integers(1, 20))
def test_ordinary_files_are_read_as_they_were(values: list[str | None], window: int) -> None:
    lists = [[value, None] for value in values]
    table = pa.table(
        {"a.b": pa.array(values, pa.string()), "l": pa.array(lists, pa.list_(pa.string())), "n": [7] * len(values)}
    )
    content = content_of(table, store_schema=True, row_group_size=7)
    with open_table(io.BytesIO(content), FileFormat("parquet"), ReadOptions(window=window)) as found:
        batches = [rows.batch for rows in found.batches()]
    assert pa.Table.from_batches(batches).equals(table)
    assert max(map(len, batches)) <= window


class Noted:
    """A file that notes how long each piece was that was written to it, and the hash of all."""

    def __init__(self) -> None:
        self.sizes: list[int] = []
        self.hash = hashlib.sha256()

    def write(self, content: bytes) -> int:
        self.hash.update(content)
        self.sizes.append(memoryview(content).nbytes)
        return self.sizes[-1]


@pytest.mark.slow
@pytest.mark.parametrize("is_dictionary", [True, False])
def test_what_is_large_as_text_is_written_a_few_rows_at_a_time(is_dictionary: bool) -> None:
    values = [chr(ord("a") + letter) * (1 << 20) for letter in range(7)]
    places = [place % 7 for place in range(300)]
    names = pa.DictionaryArray.from_arrays(pa.array(places, pa.int32()), pa.array(values))
    file = Noted()
    batch = pa.record_batch([names if is_dictionary else names.dictionary_decode()], names=["name"])
    writing = writer(file, batch.schema, FileFormat("csv"), WriteOptions())
    writing.write(batch)
    writing.close()
    expected = hashlib.sha256(b"name\n")
    for place in places:
        expected.update(values[place].encode() + b"\n")
    assert file.hash.digest() == expected.digest()
    assert max(file.sizes) <= 1 << 28


def test_wide_text_is_refused_with_the_number_of_rows_that_fit() -> None:
    content = b"name\n" + b"x" * 999 + b"\n"
    with (
        open_table(io.BytesIO(content + b"y\n" * 20_000), FileFormat("csv"), ReadOptions()) as table,
        pytest.raises(TableError, match=r"give --window \d+ or less"),
    ):
        list(windows_of(table.batches(), 262_144, most_bytes=10_000))
    with open_table(io.BytesIO(content), FileFormat("csv"), ReadOptions(window=1)) as table:
        assert len(list(windows_of(table.batches(), 1, most_bytes=10_000))) == 1
