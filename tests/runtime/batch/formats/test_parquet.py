"""Parquet: row groups, dictionaries, types and metadata, and files that are none."""

import decimal
import errno
import io
import os
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.tables import CSV, PARQUET, grouped, read, written

from hayakana import TableError
from hayakana.batch.formats.registry import ReadOptions, open_table


def of_groups(content: bytes) -> list[int]:
    metadata = pq.ParquetFile(io.BytesIO(content)).metadata
    return [metadata.row_group(index).num_rows for index in range(metadata.num_row_groups)]


def test_row_groups_are_the_same_however_rows_come() -> None:
    table = pa.table({"name": [str(number) for number in range(100)], "status": ["ok"] * 100})
    contents = [grouped(table, batch_size, group_rows=40) for batch_size in (1, 7, 40, 64, 100)]
    assert of_groups(contents[0]) == [40, 40, 20]
    assert len(set(contents)) == 1
    assert pq.read_table(io.BytesIO(contents[0])).equals(table)


def test_wide_rows_make_smaller_row_groups() -> None:
    assert of_groups(grouped(pa.table({"name": ["x" * 200] * 10}), 2, group_bytes=1_000)) == [6, 4]


@pytest.mark.parametrize("compression", ["snappy", "zstd", "gzip", "none"])
def test_parquet_has_a_compression_of_its_own(compression: str) -> None:
    content = written(pa.table({"name": ["Mori"] * 100}), PARQUET, compression=compression)
    column = pq.ParquetFile(io.BytesIO(content)).metadata.row_group(0).column(0)
    assert column.compression == compression.upper().replace("NONE", "UNCOMPRESSED")
    assert read(content, PARQUET).num_rows == 100
    with pytest.raises(TableError, match="no compression 'lz5' in Parquet: choose one of snappy, zstd, gzip, none"):
        written(pa.table({"name": ["Mori"]}), PARQUET, compression="lz5")
    with pytest.raises(TableError, match="goes by its suffix"):
        written(pa.table({"name": ["Mori"]}), CSV, compression=compression)


def test_values_that_repeat_get_a_dictionary() -> None:
    content = written(pa.table({"name": [str(number) for number in range(100)], "status": ["ok"] * 100}), PARQUET)
    group = pq.ParquetFile(io.BytesIO(content)).metadata.row_group(0)
    assert ["RLE_DICTIONARY" in group.column(index).encodings for index in range(2)] == [False, True]
    nested = pa.table({"name": ["a", "b"], "tags": [["x"], ["x"]]})
    assert pq.read_table(io.BytesIO(written(nested, PARQUET))).equals(nested)


@pytest.mark.parametrize("damage", ["empty", "none", "cut off", "changed"])
def test_what_is_not_parquet_is_refused(damage: str, tmp_path: Path) -> None:
    whole = written(pa.table({"name": [os.urandom(8).hex() for _ in range(10_000)]}), PARQUET)
    content = {
        "empty": b"",
        "none": b"not parquet at all",
        "cut off": whole[: len(whole) // 2],
        "changed": whole[:4] + bytes(len(whole) // 2) + whole[4 + len(whole) // 2 :],
    }[damage]
    (tmp_path / "in.parquet").write_bytes(content)
    with (
        pytest.raises(TableError, match="not a Parquet file, or damaged or cut off: "),
        open_table(tmp_path / "in.parquet", PARQUET, ReadOptions()) as table,
    ):
        list(table.batches())


TEXT_TYPES = [pa.string(), pa.large_string(), pa.string_view(), pa.dictionary(pa.int32(), pa.string())]


@pytest.mark.parametrize("text_type", TEXT_TYPES, ids=str)
def test_text_in_parquet_that_is_not_utf8(text_type: pa.DataType) -> None:
    values = [b"Mori", None, b"M\xff", b"Kato"]
    plain = text_type.value_type if pa.types.is_dictionary(text_type) else text_type
    names = pa.array(values, pa.binary()).cast(pa.string(), safe=False)
    if plain != pa.string():
        names = pa.array(values, pa.binary_view() if plain == pa.string_view() else pa.large_binary()).view(plain)
    if text_type != plain:
        names = names.dictionary_encode()
    content = io.BytesIO()
    pq.write_table(pa.table({"name": names, "data": pa.array([b"\xff"] * 4)}), content)
    with pytest.raises(TableError, match="row 3: not UTF-8"):
        read(content.getvalue(), PARQUET)
    done = read(content.getvalue(), PARQUET, undecodable="replace")
    assert done.column("name").type == text_type
    assert done.column("name").to_pylist() == ["Mori", None, "M\ufffd", "Kato"]
    assert done.column("damaged").to_pylist() == [False, False, True, False]
    assert done.column("data").to_pylist() == [b"\xff"] * 4


def test_parquet_keeps_types_and_metadata() -> None:
    table = pa.table(
        {"id": pa.array([1], pa.int8()), "price": [decimal.Decimal("1.10")], "name": ["Mori"], "tags": [[{"a": "b"}]]},
        metadata={"origin": "a test"},
    )
    content = io.BytesIO()
    pq.write_table(table, content)
    done = pq.read_table(io.BytesIO(written(read(content.getvalue(), PARQUET), PARQUET)))
    assert done.schema.equals(pq.read_table(content).schema, check_metadata=True)
    assert done.to_pylist() == table.to_pylist()


def test_columns_of_one_name_are_refused() -> None:
    content = io.BytesIO()
    pq.write_table(pa.table([["Mori"], ["a"]], names=["x", "x"]), content)
    with pytest.raises(TableError, match="two columns are named 'x'"):
        read(content.getvalue(), PARQUET)


class FailingDisk(io.BytesIO):
    """A file that can be read until ``fails`` is set."""

    fails = False

    def read(self, size: int | None = -1) -> bytes:
        if self.fails:
            raise OSError(errno.EIO, "Input/output error")
        return super().read(size)


def test_an_error_of_the_disk_stays_what_it_is() -> None:
    file = FailingDisk(written(pa.table({"name": ["Mori"] * 100_000}), PARQUET))
    with open_table(file, PARQUET, ReadOptions()) as table:
        file.fails = True
        with pytest.raises(OSError, match="Input/output error") as caught:
            list(table.batches())
    assert not isinstance(caught.value, TableError)
    assert caught.value.__cause__ is None
