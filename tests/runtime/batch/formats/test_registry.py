"""Formats by their names, and what all of them share: pipes, open files, batches, rows that are skipped, columns."""

import io
import os
import threading
from pathlib import Path

import pyarrow as pa
import pytest
from tests.tables import CSV, PARQUET, TXT, grouped, read, table_of, written

from hayakana import TableError
from hayakana.batch.formats.blocks import TextSizes
from hayakana.batch.formats.registry import (
    FORMAT_NAMES,
    FileFormat,
    ReadOptions,
    WriteOptions,
    format_of,
    open_table,
    writer,
)


class Trickle(io.RawIOBase):
    """A pipe that gives a few bytes at a time."""

    def __init__(self, content: bytes) -> None:
        self._content = io.BytesIO(content)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return False

    def read(self, size: int = -1) -> bytes:
        return self._content.read(min(size, 5))


# --- formats by name ---


@pytest.mark.parametrize(
    ("path", "file_format"),
    [
        ("in.csv", CSV),
        ("in.v1.CSV", CSV),
        ("in.tsv.gz", FileFormat("tsv", "gzip")),
        ("in.txt.zst", FileFormat("txt", "zstd")),
        ("in.ndjson.bz2", FileFormat("jsonl", "bz2")),
        ("in.pq", PARQUET),
    ],
)
def test_a_format_goes_by_suffix(path: str, file_format: FileFormat) -> None:
    assert format_of(Path(path)) == file_format


@pytest.mark.parametrize("path", ["csv", "in", "in.xlsb", "in.gz", "in.parquet.gz", "in.csv.xz", "in.csv.gz.zst"])
def test_a_suffix_that_says_nothing_is_refused(path: str) -> None:
    with pytest.raises(
        TableError, match=r"by suffix: csv, tsv, jsonl, txt, each also \.gz, .* or name it with --input-format"
    ):
        format_of(Path(path))


@pytest.mark.parametrize("name", FORMAT_NAMES)
def test_a_name_wins(name: str) -> None:
    assert format_of(Path("in.parquet"), name) == format_of(Path(f"in.{name}"))


@pytest.mark.parametrize("name", ["", ".csv", "x.csv", "csv.xz", "gz", "parquet.gz"])
def test_a_name_of_no_format_is_refused(name: str) -> None:
    with pytest.raises(TableError, match=r"no format .* choose one of csv, "):
        format_of(Path("in.csv"), name)


# --- pipes, places, parts ---


@pytest.mark.parametrize("name", FORMAT_NAMES)
def test_a_pipe_is_read(name: str, tmp_path: Path) -> None:
    table = pa.table({"name": ["Mori", "Kato"], "katakana": ["モリ", "カト"]})
    file_format = format_of(Path(), name)
    content = written(table, file_format)
    with open_table(Trickle(content), file_format, ReadOptions()) as opened:
        assert [rows.batch.column(0).to_pylist() for rows in opened.batches()] == [
            read(content, file_format).column(0).to_pylist()
        ]
    os.mkfifo(tmp_path / "pipe")
    thread = threading.Thread(target=(tmp_path / "pipe").write_bytes, args=(content,))
    thread.start()
    with open_table(tmp_path / "pipe", file_format, ReadOptions()) as opened:
        assert sum(len(rows.batch) for rows in opened.batches()) == 2
        assert opened.fraction_read() in (0, 1)
    thread.join()


@pytest.mark.parametrize("name", FORMAT_NAMES)
def test_an_open_file_stays_open(name: str) -> None:
    file, file_format = io.BytesIO(), format_of(Path(), name)
    writing = writer(file, pa.schema([("katakana", pa.string())]), file_format, WriteOptions())
    writing.write(pa.record_batch({"katakana": ["モリ"]}))
    writing.close()
    file.seek(0)
    with open_table(file, file_format, ReadOptions()) as table:
        assert [len(rows.batch) for rows in table.batches()] == [1]
    assert not file.closed


@pytest.mark.parametrize("name", ["csv", "csv.gz", "txt", "jsonl", "parquet"])
def test_batches_are_no_larger_than_asked(name: str, tmp_path: Path) -> None:
    file_format = format_of(Path(), name)
    (tmp_path / "in").write_bytes(written(pa.table({"katakana": ["モリ"] * 100_001}), file_format))
    with open_table(tmp_path / "in", file_format, ReadOptions(window=30_000)) as table:
        assert table.fraction_read() <= 1
        sizes = [len(rows.batch) for rows in table.batches()]
        assert table.fraction_read() == 1
    assert sum(sizes) == 100_001
    assert max(sizes) <= 30_000
    assert len(sizes) == 4


@pytest.mark.parametrize("name", ["csv", "tsv", "txt", "jsonl", "parquet"])
@pytest.mark.parametrize("skip_rows", [0, 1, 7, 12, 29, 30, 31])
def test_rows_can_be_skipped(name: str, skip_rows: int, text_sizes: TextSizes) -> None:
    file_format = format_of(Path(), name)
    table = pa.table({"katakana": [f'{number}\\"é' for number in range(30)]})
    content = grouped(table, 30, group_rows=6) if name == "parquet" else written(table, file_format)
    everything = read(content, file_format, text_sizes=text_sizes).column(0).to_pylist()
    with open_table(io.BytesIO(content), file_format, ReadOptions(window=4), text_sizes=text_sizes) as table:
        batches = [rows.batch.column(0).to_pylist() for rows in table.batches(skip_rows=skip_rows)]
    assert all(batches)
    assert [text for batch in batches for text in batch] == everything[skip_rows:]


@pytest.mark.parametrize("name", ["csv", "tsv", "jsonl", "parquet"])
def test_columns_can_be_chosen(name: str) -> None:
    file_format = format_of(Path(), name)
    content = written(table_of([["a", "b", "c"], ["1", "2", "3"]]), file_format)
    done = read(content, file_format, ["c", "a"])
    assert done.column_names == ["c", "a"]
    assert [text.strip('"') for text in done.to_pylist()[0].values()] == ["3", "1"]
    with pytest.raises(TableError, match="no column 'd'; choose one of a, b, c with --column"):
        read(content, file_format, ["a", "d"])
    with pytest.raises(TableError, match="no column 'd'; choose one of name with --column"):
        read(b"x", TXT, ["d"])


def test_what_is_wrong_in_a_column_that_is_not_read_is_not_seen() -> None:
    assert read(b"a,b\n1,\xff\n", CSV, ["a"]).to_pylist() == [{"a": "1"}]


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    for name in FORMAT_NAMES:
        with pytest.raises(FileNotFoundError) as caught:
            open_table(tmp_path / "none", format_of(Path(), name), ReadOptions())
        assert caught.value.filename == str(tmp_path / "none")
