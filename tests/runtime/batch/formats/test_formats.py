"""Files that are read and written: the same rows as Python reads, whatever their encoding, compression and size."""

import bz2
import codecs
import csv
import decimal
import gzip
import io
import json
import os
import re
import threading
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hayakana import TableError
from hayakana.batch.formats import blocks as blocks_module
from hayakana.batch.formats import json_objects
from hayakana.batch.formats import registry as formats_module
from hayakana.batch.formats.parquet import ParquetWriter
from hayakana.batch.formats.registry import (
    BY_FORMAT,
    FORMAT_NAMES,
    FileFormat,
    ReadOptions,
    Rows,
    WriteOptions,
    format_of,
    open_table,
    writer,
)
from hayakana.syntax import Csv, Tsv

CSV, TSV, JSONL, TXT, PARQUET = map(FileFormat, ("csv", "tsv", "jsonl", "txt", "parquet"))


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


def read(content: bytes, file_format: FileFormat, columns: Sequence[str] | None = None, **options: object) -> pa.Table:
    """Return all that is read of ``content``, with whether a row is damaged where that was said."""
    with open_table(io.BytesIO(content), file_format, ReadOptions(**options)) as table:
        batches = [marked(rows) for rows in table.batches(columns=columns)]
        if not batches:
            return pa.Table.from_batches([], table.schema)
    return pa.concat_tables(map(pa.table, batches), promote_options="default")


def marked(rows: Rows) -> pa.RecordBatch:
    return rows.batch if rows.damaged is None else rows.batch.append_column("damaged", rows.damaged)


def cells(content: bytes, file_format: FileFormat = CSV, **options: object) -> list[tuple]:
    """Return the names of the columns and all rows."""
    table = read(content, file_format, **options)
    return [tuple(table.column_names), *zip(*(column.to_pylist() for column in table.columns), strict=True)]


def written(table: pa.Table, file_format: FileFormat, batch_size: int | None = None, **options: object) -> bytes:
    file = io.BytesIO()
    writing = writer(file, table.schema, file_format, WriteOptions(**options))
    for batch in table.to_batches(batch_size):
        writing.write(batch)
    writing.close()
    return file.getvalue()


def copied(content: bytes, source: FileFormat, destination: FileFormat) -> bytes:
    """Return what is written of all that is read of ``content``."""
    file = io.BytesIO()
    with open_table(io.BytesIO(content), source, ReadOptions()) as table:
        first, *others = [rows.batch for rows in table.batches()]
        writing = writer(file, first.schema, destination, WriteOptions())
        for batch in [first, *others]:
            writing.write(batch)
        writing.close()
    return file.getvalue()


def table_of(rows: list[list[str]]) -> pa.Table:
    """Return a table of texts; the first row names the columns."""
    return pa.table({name: pa.array(column, pa.string()) for name, *column in zip(*rows, strict=True)})


@pytest.fixture(params=[None, 16], ids=["one block", "many blocks"])
def _block_size(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param:
        monkeypatch.setattr(blocks_module, "BLOCK_SIZE", request.param)


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


# --- CSV and TSV are read ---


CHARACTERS = st.sampled_from([*"aé山😀 \"'", ",", "\t", "\n", "\r", "\r\n", '""', "\0", "\ufeff", "\u2028", "\x85"])
VALUES = st.lists(CHARACTERS, max_size=6).map("".join)


def as_python_reads(content: bytes, dialect: type[csv.Dialect]) -> list[tuple[str, ...]]:
    """Return the rows of Python's own reader; an empty line is an empty value where there is one column."""
    text = content.decode("utf-8-sig")
    names, *rows = csv.reader(io.StringIO(text, newline=""), dialect)
    return [tuple(names), *(tuple(row or [""]) for row in rows if row or len(names) == 1)]


@pytest.mark.usefixtures("_block_size")
@given(st.data())
def test_csv_is_read_as_python_reads_it(data: st.DataObject) -> None:
    width = data.draw(st.integers(1, 3))
    rows = data.draw(st.lists(st.lists(VALUES, min_size=width, max_size=width), max_size=8))
    text = io.StringIO(newline="")
    ends = data.draw(st.sampled_from(["\n", "\r\n", "\r"]))
    usual = data.draw(st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]))
    for row in [[*"abc"[:width]], *rows]:
        # Before Python 3.13 only the line end that is written is quoted.
        quoting = csv.QUOTE_ALL if {"\r", "\n"} & {*"".join(row)} else usual
        csv.writer(text, lineterminator=ends, quoting=quoting).writerow(row)
    is_cut_off = data.draw(st.booleans())
    content = text.getvalue().removesuffix(ends if is_cut_off else "")
    content = data.draw(st.sampled_from(["", "\ufeff"])) + content
    assert cells(content.encode()) == as_python_reads(content.encode(), Csv)


@pytest.mark.usefixtures("_block_size")
@pytest.mark.parametrize(("file_format", "dialect", "delimiter"), [(CSV, Csv, ","), (TSV, Tsv, "\t")])
@given(st.lists(st.sampled_from(["a", "é", '"', '"', ",", ",", "\t", "\t", "\n", "\n", "\r", "\r\n"]), max_size=40))
def test_any_text_is_read_or_refused_as_python_does(
    file_format: FileFormat, dialect: type[csv.Dialect], delimiter: str, characters: list[str]
) -> None:
    content = f"x{delimiter}y\n{''.join(characters)}".encode()
    try:
        expected = as_python_reads(content, dialect)
    except csv.Error:
        expected = [("refused",), (0,)]
    if all(len(row) == 2 for row in expected):
        assert cells(content, file_format) == expected
    else:
        with pytest.raises(TableError, match=r"^line \d+: "):
            read(content, file_format)


def test_csv_as_it_is_in_the_wild() -> None:
    content = '\ufeffid,name,note\r\n007,Mori,"a, ""b""\nc"\r\n\r\n2,"Mori, Kato",\r\n1.10,5" "x" Mori,y'.encode()
    assert cells(content) == [
        ("id", "name", "note"),
        ("007", "Mori", 'a, "b"\nc'),
        ("2", "Mori, Kato", ""),
        ("1.10", '5" "x" Mori', "y"),
    ]


@pytest.mark.usefixtures("_block_size")
def test_an_empty_line_is_a_row_where_there_is_one_column() -> None:
    assert cells(b'who\nMori\n\n""\r\nKato\n\n') == [("who",), ("Mori",), ("",), ("",), ("Kato",), ("",)]
    assert cells(b"who,x\nMori,1\n\n\r\nKato,2\n\n") == [("who", "x"), ("Mori", "1"), ("Kato", "2")]


def test_a_byte_order_mark_within_is_a_character() -> None:
    assert cells("name\n\ufeff\n\ufeffa".encode()) == [("name",), ("\ufeff",), ("\ufeffa",)]


@pytest.mark.usefixtures("_block_size")
def test_tsv_has_no_quotes() -> None:
    assert cells(b'name\tx\n"Mori\t"\nKato\t""\n', TSV) == [("name", "x"), ('"Mori', '"'), ("Kato", '""')]


def test_a_dialect_can_be_named() -> None:
    assert cells(b"a;b\n'x;y';1,5\n", delimiter=";", quote="'") == [("a", "b"), ("x;y", "1,5")]
    assert cells(b'a,b\n"x,"y"\n', quote=None) == [("a", "b"), ('"x', '"y"')]
    assert cells(b'a\tb\n"x\ty"\tz\n', TSV, quote='"') == [("a", "b"), ("x\ty", "z")]
    assert cells(b'a|b\n"x|y\n', TSV, delimiter="|", quote=BY_FORMAT) == [("a", "b"), ('"x', "y")]


@pytest.mark.parametrize(
    "options", [{"delimiter": ""}, {"delimiter": "::"}, {"delimiter": "、"}, {"quote": "\n"}, {"quote": ","}]
)
def test_a_dialect_that_cannot_be_is_refused(options: dict[str, str]) -> None:
    for attempt in (lambda: read(b"a,b\n", CSV, **options), lambda: written(table_of([["a"]]), CSV, **options)):
        with pytest.raises(TableError, match=r"must be one ASCII character|are both ','"):
            attempt()


@pytest.mark.usefixtures("_block_size")
@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "the file is empty: nothing says which columns there are"),
        (b"\xef\xbb\xbf", "the file is empty"),
        (b"\nname\n", "the first line is empty: "),
        (b"name,name\nMori,1\n", "two columns are named 'name'"),
        (b"name,x\nMori\n", "line 2: 1 values in place of 2: is the file cut off"),
        (b"name,x\nMori,1\nMori\nKato,2\n", "line 3: 1 values in place of 2: is there a delimiter"),
        (b'name,x\n"a\nb",1\n\nMori,1,2\nKato,2\n', "line 5: 3 values"),
        (b"name,x\rMori,1\rMori\rKato,2\r", "line 3: 1 values"),
        (b'name,x\nMori,1\nKato,"2\n\n\n', "line 3: the file ends within quotation marks"),
        (b'name,"x\nMori,1\n', "line 1: the file ends within quotation marks"),
        (b'name,x\nMori,"1"2\n', "line 2: something follows the quotation mark that closes a value"),
        (b'name,x\nMori,1\n"Kato,2\nSato,3\n"Tanaka",4\n', "line 3: something follows the quotation mark"),
        (b"name,x\nMori,1\nKato,\xff\n", r"line 3: not UTF-8: name the encoding with --encoding, or .* --on-error"),
        (b'name,x\n"a\n\nb",1\n\xe3\x82,2\n', "line 5: not UTF-8"),
        (b"name\xff\nMori\n", "line 1: not UTF-8"),
        ("name\nMori\n".encode("utf-16"), "line 1: not UTF-8"),
    ],
)
def test_what_is_wrong_in_csv_is_known_to_the_line(content: bytes, message: str) -> None:
    with pytest.raises(TableError, match=rf"^{message}"):
        read(content, CSV)


@pytest.mark.parametrize("file_format", [CSV, TSV, TXT, JSONL], ids=str)
def test_a_row_without_an_end_does_not_fill_the_memory(
    file_format: FileFormat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blocks_module, "BLOCK_SIZE", 1 << 10)
    monkeypatch.setattr(blocks_module, "LONGEST_ROW", 1 << 20)
    with pytest.raises(TableError, match="line 2: the row that begins here is longer than 1 MiB"):
        read(b'{"x": 1}\n' + b"x" * (1 << 21), file_format)


def test_a_quotation_without_an_end_does_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks_module, "BLOCK_SIZE", 1 << 18)
    monkeypatch.setattr(blocks_module, "LONGEST_ROW", 1 << 20)
    with pytest.raises(
        TableError, match=r"line 3: .* longer than 1 MiB: is the end of a line or of a quotation missing"
    ):
        read(b'name,x\nMori,1\nKato,"2\n' + b"Sato,3\n" * (1 << 20), CSV)


def test_a_long_value_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks_module, "BLOCK_SIZE", 1 << 10)
    long = "a,\n" * 200_000
    assert cells(f'name,x\nMori,"{long}"\nKato 5",2\nSato,"3"\n'.encode())[1] == ("Mori", long)


def test_a_table_can_have_no_rows() -> None:
    for file_format in (CSV, TSV, TXT):
        with open_table(io.BytesIO(b"name" if file_format is not TXT else b""), file_format, ReadOptions()) as table:
            assert table.schema == pa.schema([("name", pa.string())])
            assert list(table.batches()) == []
    with open_table(io.BytesIO(b"\n\n"), JSONL, ReadOptions()) as table:
        assert table.schema is None
        assert list(table.batches()) == []


# --- text that is not UTF-8 ---


@pytest.mark.usefixtures("_block_size")
@pytest.mark.parametrize("encoding", ["cp932", "utf-16", "utf-16-le", "utf-8-sig", "iso2022_jp", "euc_jp", "UTF8"])
@pytest.mark.parametrize("file_format", [CSV, TSV, TXT, JSONL], ids=str)
def test_any_encoding_is_read_and_written(encoding: str, file_format: FileFormat) -> None:
    table = pa.table({"name": ["山田", "表,能", "", "ソ"], "katakana": ["ヤマダ", None, "", "ソ"]})
    content = written(table, file_format, encoding=encoding)
    assert content.decode(encoding) == written(table, file_format).decode()
    done = read(content, file_format, encoding=encoding)
    assert done.equals(read(written(table, file_format), file_format))


@pytest.mark.parametrize("encoding", ["latin-2000", "hex", "undefined", "a\0b"])
def test_an_unknown_encoding_is_refused(encoding: str) -> None:
    with pytest.raises(TableError, match=r"no encoding .* such as utf-8, utf-16, cp932"):
        read(b"", TXT, encoding=encoding)
    with pytest.raises(TableError, match="no encoding"):
        written(table_of([["a"]]), CSV, encoding=encoding)


@pytest.mark.usefixtures("_block_size")
@pytest.mark.parametrize(
    ("content", "encoding", "texts"),
    [
        (b"x,name\n1,Mori\n2,M\xffri\n\xe3\x82,Kato\n", "utf-8", ["Mori", "M\ufffdri", "Kato"]),
        ("x,name\n1,Mori\n2,M表ri\n表,Kato\n".encode("cp932"), "ascii", ["Mori", "M\ufffd\\ri", "Kato"]),
        (
            "x,name\n1,Mori\n2,M".encode("utf-16-le") + b"\x00\xd8" + "ri\n3,Kato".encode("utf-16-le") + b"\0",
            "utf-16-le",
            ["Mori", "M\ufffdri", "Kato\ufffd"],
        ),
    ],
)
def test_what_cannot_be_decoded_is_marked(content: bytes, encoding: str, texts: list[str]) -> None:
    with pytest.raises(TableError, match=r"^line 3: not "):
        read(content, CSV, encoding=encoding)
    table = read(content, CSV, encoding=encoding, undecodable="replace")
    assert [text.replace("\ufffd\ufffd", "\ufffd") for text in table.column("name").to_pylist()] == texts
    damaged = [False if mark is None else mark for mark in table.column("damaged").to_pylist()]
    assert damaged == [False, True, True]


@pytest.mark.usefixtures("_block_size")
def test_a_replacement_character_that_was_there_is_no_damage() -> None:
    content = "name\n\ufffd\n".encode() + b"\xef\xbf\xbd\xff\n"
    assert read(content, CSV, undecodable="replace").column("damaged").to_pylist()[-1]
    assert cells("name\n\ufffd\n".encode(), undecodable="replace") == [("name",), ("\ufffd",)]


@pytest.mark.parametrize(("file_format", "line"), [(TXT, b"M\xff"), (JSONL, b'{"name": "M\xff"}')], ids=str)
def test_lines_that_cannot_be_decoded_are_marked(file_format: FileFormat, line: bytes) -> None:
    good = line.replace(b"\xff", b"")
    content = b"\n".join([good, good, line, good])
    with pytest.raises(TableError, match=r"^line 3: not UTF-8"):
        read(content, file_format)
    assert read(content, file_format, undecodable="replace").column("damaged").to_pylist() == [
        False,
        False,
        True,
        False,
    ]


def test_a_character_that_an_encoding_lacks_is_named() -> None:
    table = pa.table({"name": ["Mori"], "katakana": ["モリ"]})
    for file_format in (CSV, TSV, TXT, JSONL):
        with pytest.raises(TableError, match=r"'モ' \(U\+30E2\) is not in cp1252: choose another encoding"):
            written(table, file_format, encoding="cp1252")


# --- compression ---

COMPRESS = {
    "gzip": gzip.compress,
    "bz2": bz2.compress,
    "zstd": lambda data: pa.Codec("zstd").compress(data, asbytes=True),
}


@pytest.mark.parametrize("compression", COMPRESS)
def test_compressed_files_are_read_to_their_end(compression: str) -> None:
    compress, file_format = COMPRESS[compression], FileFormat("csv", compression)
    rows = b"Mori\n" * 100_000
    assert read(compress(b"name\n" + rows), file_format).num_rows == 100_000
    # What `cat` joins, and what several threads or processes have written.
    nothing = compress(b"") if compression != "bz2" else b""  # Arrow refuses a stream of nothing before another one.
    assert read(compress(b"name\n") + compress(rows) + nothing + compress(rows), file_format).num_rows == 200_000


DAMAGED = [
    (compression, damage)
    for compression in COMPRESS
    for damage in ("cut off", "changed", "plain", "more")
    if (compression, damage) != ("zstd", "changed")  # A frame need not have a checksum.
]


@pytest.mark.parametrize(("compression", "damage"), DAMAGED)
def test_damaged_compressed_files_are_refused(compression: str, damage: str) -> None:
    whole = COMPRESS[compression](b"name\n" + os.urandom(100_000).hex().encode() + b"\n")
    half = len(whole) // 2
    content = {
        "cut off": whole[:-9],
        "changed": whole[:half] + bytes(20) + whole[half + 20 :],
        "plain": b"name\nMori\n",
        "more": whole + b"Mori\n",
    }[damage]
    with pytest.raises(TableError, match=f"damaged, cut off, or not {compression}: "):
        read(content, FileFormat("csv", compression))


@pytest.mark.parametrize("compression", COMPRESS)
@pytest.mark.parametrize("name", ["csv", "jsonl", "txt"])
def test_compressed_files_are_written(compression: str, name: str) -> None:
    table = pa.table({"katakana": ["モリ", "カト"] * 1_000})
    file_format = FileFormat(name, compression)
    content = written(table, file_format, batch_size=300)
    assert content == written(table, file_format, batch_size=300)
    assert read(content, file_format).num_rows == 2_000
    if compression == "gzip":
        assert content[3:8] == bytes(5), "no name, no time"
        assert gzip.decompress(content) == written(table, FileFormat(name))


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


@pytest.mark.usefixtures("_block_size")
@pytest.mark.parametrize("name", ["csv", "tsv", "txt", "jsonl", "parquet"])
@pytest.mark.parametrize("skip_rows", [0, 1, 7, 12, 29, 30, 31])
def test_rows_can_be_skipped(name: str, skip_rows: int) -> None:
    file_format = format_of(Path(), name)
    table = pa.table({"katakana": [f'{number}\\"é' for number in range(30)]})
    content = grouped(table, 30, group_rows=6) if name == "parquet" else written(table, file_format)
    everything = read(content, file_format).column(0).to_pylist()
    with open_table(io.BytesIO(content), file_format, ReadOptions(window=4)) as table:
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


# --- CSV and TSV are written ---


@given(st.data())
def test_python_reads_what_csv_is_written(data: st.DataObject) -> None:
    width = data.draw(st.integers(1, 3))
    rows = data.draw(st.lists(st.lists(st.none() | VALUES, min_size=width, max_size=width), max_size=8))
    table = pa.table(
        {name: pa.array([row[index] for row in rows], pa.string()) for index, name in enumerate("abc"[:width])}
    )
    content = written(table, CSV, batch_size=data.draw(st.integers(1, 4)))
    expected = [tuple("abc"[:width]), *(tuple(value or "" for value in row) for row in rows)]
    assert as_python_reads(content, Csv) == expected
    assert cells(content) == expected


@given(st.lists(VALUES, min_size=1), st.integers(0, 3))
def test_only_what_needs_it_is_in_quotation_marks(values: list[str], offset: int) -> None:
    table = pa.table({"a": values, "b": ["x"] * len(values)}).slice(offset)
    expected = io.StringIO(newline="")
    csv.writer(expected, Csv).writerow(["a", "b"])
    for value in values[offset:]:
        text = value if not {",", '"', "\r", "\n"} & {*value} else '"' + value.replace('"', '""') + '"'
        expected.write(f"{text},x\n")
    assert written(table, CSV).decode() == expected.getvalue()


def test_names_of_columns_are_in_quotation_marks_where_needed() -> None:
    assert written(pa.table({'a"': ["1"], "b,": ["2"], "": ["3"]}), CSV) == b'"a""","b,",\n1,2,3\n'
    with pytest.raises(TableError, match=r"^the name 'a\\tb' has a tab or a line break, which TSV cannot hold"):
        written(pa.table({"a\tb": ["1"]}), TSV)


@pytest.mark.parametrize("value", ["a\tb", "a\nb", "a\rb"])
def test_tsv_cannot_hold_a_tab_or_line_break(value: str) -> None:
    table = pa.table({"x": ["a"] * 5 + [value], "y": ["b"] * 6})
    with pytest.raises(TableError, match=r"row 6: the value 'a.*b' has .* which TSV cannot hold .*: write \.csv"):
        written(table, TSV, batch_size=2)
    assert cells(written(table, TSV, quote='"'), TSV, quote='"')[-1] == (value, "b")


def test_a_delimiter_can_be_named() -> None:
    table = pa.table({"x": ["a;b", 'c"', "d,e"], "y": ["", None, "'"]})
    assert written(table, CSV, delimiter=";", quote="'") == b"x;y\n'a;b';\nc\";\nd,e;''''\n"
    with pytest.raises(
        TableError, match="row 1: the value 'a;b' has a delimiter or a line break, which CSV cannot hold"
    ):
        written(table, CSV, delimiter=";", quote=None)


# --- Parquet ---


def grouped(table: pa.Table, batch_size: int, **sizes: int) -> bytes:
    """Return the Parquet that a writer of row groups of these sizes makes."""
    file = io.BytesIO()
    writing = ParquetWriter(file, table.schema, **sizes)
    for batch in table.to_batches(batch_size):
        writing.write(batch)
    writing.close()
    return file.getvalue()


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


# --- JSON lines ---


@given(st.lists(st.none() | st.text(), min_size=1))
def test_any_text_is_a_json_string(values: list[str | None]) -> None:
    content = written(pa.table({'the "name"': pa.array(values, pa.string())}), JSONL).decode()
    assert content == "".join(json.dumps({'the "name"': value}, ensure_ascii=False) + "\n" for value in values)


def test_keys_come_in_the_order_in_which_they_appear() -> None:
    with open_table(io.BytesIO(b'{"b": 1}\n{"a": 2}\n{"b": null}\n'), JSONL, ReadOptions(window=1)) as table:
        batches = [rows.batch.to_pylist() for rows in table.batches()]
    assert batches == [[{"b": "1"}], [{"b": None, "a": "2"}], [{"b": "null", "a": None}]]


def test_json_text_is_kept_as_it_is() -> None:
    content = (
        '{"name": "Mori", "id": "007", "n": 1.10, "big": 123456789012345678901234567890, "deep": {"a": [1, 2.50]}}\n'
        '\n {"name":"\\u004dori", "extra" : null}\n{"id": "x"}\n{"name": 7}\n{"id":"8","name":"Kato"}\r\n'
    )
    assert copied(content.encode(), JSONL, JSONL).decode().split("\n") == [
        '{"name": "Mori", "id": "007", "n": 1.10, "big": 123456789012345678901234567890, "deep": {"a": [1, 2.50]}}',
        '{"name": "\\u004dori", "extra": null}',
        '{"id": "x"}',
        '{"name": 7}',
        '{"name": "Kato", "id": "8"}',
        "",
    ]
    assert cells(copied(content.encode(), JSONL, CSV)) == [
        ("name", "id", "n", "big", "deep", "extra"),
        ("Mori", "007", "1.10", "123456789012345678901234567890", '{"a": [1, 2.50]}', ""),
        ("Mori", "", "", "", "", ""),
        ("", "x", "", "", "", ""),
        ("7", "", "", "", "", ""),
        ("Kato", "8", "", "", "", ""),
    ]


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(), st.lists, max_leaves=10
)


@given(st.lists(st.dictionaries(st.text(max_size=2), JSON_VALUES, min_size=1), min_size=1, max_size=4), st.booleans())
def test_any_json_comes_back(rows: list[dict], ensure_ascii: bool) -> None:  # noqa: FBT001
    content = "".join(json.dumps(row, ensure_ascii=ensure_ascii) + "\n" for row in rows).encode()
    done = [json.loads(line) for line in copied(content, JSONL, JSONL).decode().split("\n")[:-1]]
    assert done == rows


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('{"name": "Mori"', "is not a JSON object"),
        ('{"name": "Mori"} x', ".* more after the object"),
        ("[1]", "is not a JSON object"),
        ('{"name": "a", "name": "b"}', ".* stands twice"),
        ('{"name": 1,}', "is not a JSON object"),
        ('{"name": 007}', "is not a JSON object"),
        ('{"name": .5}', "is not a JSON object"),
        ('{"name": "a\tb"}', "is not a JSON object"),
        ('{"name": "\\x"}', "is not a JSON object"),
        ("{}", "an object without a key"),
    ],
)
def test_a_line_that_is_no_object_is_named(line: str, message: str) -> None:
    with pytest.raises(TableError, match=rf"^line 2:? {message}"):
        read(f'{{"name": "Mori"}}\n{line}\n'.encode(), JSONL)


SCALARS = [
    "1",
    "-0.5e+7",
    '""',
    '"é\\u00e9\\\\\\""',
    "null",
    "true",
    '"\\ud800"',
    "[1]",
    '{"b": 2}',
    "01",
    "1.",
    "+1",
    '"a\tb"',
    "NaN",
]


@given(
    st.lists(st.tuples(st.sampled_from(SCALARS[:9] * 4 + SCALARS), st.sampled_from(['"b"', '"c"', '"a"'])), min_size=1)
)
def test_all_shapes_of_objects_are_read_alike(rows: list[tuple[str, str]]) -> None:
    lines = pa.array([f' {{"a" : {value},{key}:{value} }}\r' for value, key in rows])
    numbers = pa.array(range(1, len(rows) + 1))
    try:
        expected, _ = json_objects._parsed(lines, numbers)
    except TableError as error:
        with pytest.raises(TableError, match=f"^{re.escape(str(error))}$"):
            json_objects.objects(lines, numbers)
    else:
        assert json_objects.objects(lines, numbers).equals(expected)


def test_objects_of_many_keys_are_read() -> None:
    row = {f"key {number}": number for number in range(100)}
    assert read((json.dumps(row) + "\n").encode() * 2, JSONL).to_pylist() == [{key: str(row[key]) for key in row}] * 2


def test_blank_lines_are_no_objects_and_count_as_lines() -> None:
    assert read(b'\n{"a": 1}\n \r\n\n{"a": 2}\n\n', JSONL).to_pylist() == [{"a": "1"}, {"a": "2"}]
    with pytest.raises(TableError, match=r"^line 5 is not a JSON object"):
        read(b'\n{"a": 1}\n \r\n\n{"a": x}\n\n', JSONL)


# --- other types in text ---


def test_every_type_has_a_text() -> None:
    table = pa.table(
        {
            "name": ["Mori", "Mori"],
            "when": pa.array([1_700_000_000_000_000_001, None], pa.timestamp("ns")),
            "day": pa.array([20_000, 2_000_000], pa.date32()),
            "price": pa.array([decimal.Decimal("1.10"), None]),
            "number": [1.5, float("nan")],
            "count": [7, None],
            "good": [True, None],
            "tags": [["a", "b"], None],
            "scores": [[float("nan"), 1.0], None],
            "kind": pa.array(["x", "y"]).dictionary_encode(),
        }
    )
    first, second = map(json.loads, written(table, JSONL).splitlines())
    assert first == {
        "name": "Mori",
        "when": "2023-11-14 22:13:20.000000001",
        "day": "2024-10-04",
        "price": "1.10",
        "number": 1.5,
        "count": 7,
        "good": True,
        "tags": ["a", "b"],
        "scores": ["nan", 1.0],
        "kind": "x",
    }
    assert (second["number"], second["count"], second["good"], second["when"]) == ("nan", None, None, None)
    assert cells(written(table, CSV))[1:] == [
        (
            "Mori",
            "2023-11-14 22:13:20.000000001",
            "2024-10-04",
            "1.10",
            "1.5",
            "7",
            "true",
            '["a", "b"]',
            '["nan", 1.0]',
            "x",
        ),
        ("Mori", "", cells(written(table, CSV))[2][2], "", "nan", "", "", "", "", "y"),
    ]


@pytest.mark.parametrize(
    "values",
    [
        pa.array([b"\xff"]),
        pa.array([{"a": b"\xff"}]),
        pa.array([[b"\xff"]]),
    ],
    ids=lambda values: str(values.type),
)
def test_values_without_a_text_are_named(values: pa.Array) -> None:
    table = pa.table({"name": ["Mori"], "odd": values})
    assert pq.read_table(io.BytesIO(written(table, PARQUET))).column("odd").combine_chunks().equals(values)
    for file_format in (CSV, TSV, JSONL):
        with pytest.raises(TableError, match=r"column 'odd' holds .* has no text: write \.parquet, or drop the column"):
            written(table, file_format)


def test_a_batch_that_is_large_is_written_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    table = pa.table({"a": ["x" * number for number in range(1, 50)]})
    whole = written(table, CSV)
    monkeypatch.setattr(formats_module, "_LARGEST", 100)
    assert written(table, CSV) == whole


# --- cells that a spreadsheet would run ---


@pytest.mark.parametrize("format_name", ["csv", "tsv"])
def test_cells_that_a_spreadsheet_would_run_are_quoted_where_that_is_asked_for(format_name: str) -> None:
    runs = ["=1+1", "+81-3-1234", "-1-1", "@SUM(1)", "＝1", "＋1", "－1", "＠a", "-", "-5%", "\0=1", "=1,2"]
    stays = ["-5", "+1.5e3", "-0.25", "a=1", "", "'=1", " =1", "5", "山田"]
    if format_name == "csv":
        runs += ["\t=1", "\r=1", "\n=1", "-5\n"]
    batch = pa.record_batch([runs + stays], names=["=name"])
    for quotes, mark in ((True, "'"), (False, "")):
        file = io.BytesIO()
        opened = writer(file, batch.schema, FileFormat(format_name), WriteOptions(quote_formulas=quotes))
        opened.write(batch)
        opened.close()
        dialect = Csv if format_name == "csv" else Tsv
        text = file.getvalue().decode()
        found = [row[0] if row else "" for row in csv.reader(io.StringIO(text, newline=""), dialect)]
        assert found == [f"{mark}=name", *(mark + cell for cell in runs), *stays]


@pytest.mark.parametrize("format_name", ["jsonl", "txt", "parquet"])
def test_formats_that_no_spreadsheet_runs_refuse_to_quote(format_name: str) -> None:
    with pytest.raises(TableError, match=rf"--quote-formulas is for \.csv and \.tsv, not for \.{format_name}"):
        writer(
            io.BytesIO(),
            pa.schema([("katakana", pa.string())]),
            FileFormat(format_name),
            WriteOptions(quote_formulas=True),
        )


# --- CSV and TSV without a line of names ---


@pytest.mark.usefixtures("_block_size")
@pytest.mark.parametrize(
    ("content", "rows"),
    [
        ("Mori,Kato\nSato,x\n", [("1", "2"), ("Mori", "Kato"), ("Sato", "x")]),
        ("-0- ,-0- \n", [("1", "2"), ("-0- ", "-0- ")]),
        ("\n\nMori,1\n\nKato,2", [("1", "2"), ("Mori", "1"), ("Kato", "2")]),
        ("\nMori\n\n", [("1",), ("",), ("Mori",), ("",)]),
        ("\n\n", [("1",), ("",), ("",)]),
        ('"a\nb","c"\n', [("1", "2"), ("a\nb", "c")]),
        ("\ufeffMori\n", [("1",), ("Mori",)]),
    ],
)
def test_a_table_can_have_no_line_of_names(content: str, rows: list[tuple[str, ...]]) -> None:
    assert cells(content.encode(), header=False) == rows


@given(st.lists(st.lists(VALUES, min_size=2, max_size=2), min_size=1, max_size=6))
def test_rows_without_names_come_back(rows: list[list[str]]) -> None:
    table = table_of([["1", "2"], *rows])
    content = written(table, CSV, header=False)
    assert cells(content, header=False, delimiter=",") == [("1", "2"), *map(tuple, rows)]
    content = content.removeprefix(codecs.BOM_UTF8)
    assert as_python_reads(b"1,2\n" + content, Csv) == [("1", "2"), *map(tuple, rows)]


ENCODINGS_WITH_MARKS = {
    "utf-8": "utf-8-sig",
    "utf-8-sig": "utf-8-sig",
    "utf-16": "utf-16",
    "utf-16-le": "utf-16",
    "utf-32": "utf-32",
}
"""Encoding → that of a reader that takes a byte order mark off."""


@pytest.mark.parametrize("encoding", [*ENCODINGS_WITH_MARKS, "utf-16-be", "utf-32-be", "utf-7", "gb18030"])
@pytest.mark.parametrize("text", ["\ufeff", "\ufeffMori", "\ufeff\ufeffMori", "Mori\ufeff"])
def test_a_text_that_begins_like_a_byte_order_mark_is_not_taken_for_it(encoding: str, text: str) -> None:
    table = pa.table({text: [text, "Kato"]})
    for file_format, options in ((TXT, {"lines_of": text}), (CSV, {"header": False}), (CSV, {}), (JSONL, {})):
        content = written(table, file_format, batch_size=1, encoding=encoding, **options)
        header = {"header": False} if options.get("header") is False else {}
        _, *rows = cells(content, file_format, encoding=encoding, **header)
        kept = [json.loads(value) if file_format == JSONL else value for (value,) in rows]
        assert kept == [text, "Kato"]
        if reader := ENCODINGS_WITH_MARKS.get(encoding):
            first = content.decode(reader).split("\n")[0]
            assert first == (json.dumps({text: text}, ensure_ascii=False) if file_format == JSONL else text)


@given(st.lists(st.sampled_from(["\ufeff", "a", "é", ""]), max_size=3), st.sampled_from([*ENCODINGS_WITH_MARKS]))
def test_one_byte_order_mark_alone_is_taken_off(texts: list[str], encoding: str) -> None:
    text = "".join(texts)
    content = (text + "\n" if "".encode(encoding) else f"\ufeff{text}\n").encode(encoding)
    assert cells(content, TXT, encoding=encoding) == [("name",), (text,)]


def test_an_empty_file_without_names_is_refused() -> None:
    with pytest.raises(TableError, match="the file is empty: nothing says which columns there are"):
        read(b"", CSV, header=False)
    with pytest.raises(TableError, match="line 1: not UTF-8"):
        read(b"M\xff\n", CSV, header=False)
    with pytest.raises(TableError, match="line 2: 2 values in place of 1"):
        read(b"Mori\nKato,x\n", CSV, header=False)
    with pytest.raises(TableError, match="seem to be separated by ';'"):
        read(b"Mori;x\nKato;y\n", CSV, header=False)
