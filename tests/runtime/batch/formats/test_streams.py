"""Bytes of files: any encoding, and compression, also where they are damaged."""

import bz2
import gzip
import os

import pyarrow as pa
import pytest
from tests.tables import CSV, JSONL, TSV, TXT, cells, read, table_of, written

from hayakana import TableError
from hayakana.batch.formats.blocks import TextSizes
from hayakana.batch.formats.registry import FileFormat

# --- text that is not UTF-8 ---


@pytest.mark.parametrize("encoding", ["cp932", "utf-16", "utf-16-le", "utf-8-sig", "iso2022_jp", "euc_jp", "UTF8"])
@pytest.mark.parametrize("file_format", [CSV, TSV, TXT, JSONL], ids=str)
def test_any_encoding_is_read_and_written(encoding: str, file_format: FileFormat, text_sizes: TextSizes) -> None:
    table = pa.table({"name": ["山田", "表,能", "", "ソ"], "katakana": ["ヤマダ", None, "", "ソ"]})
    content = written(table, file_format, encoding=encoding)
    assert content.decode(encoding) == written(table, file_format).decode()
    done = read(content, file_format, encoding=encoding, text_sizes=text_sizes)
    assert done.equals(read(written(table, file_format), file_format, text_sizes=text_sizes))


@pytest.mark.parametrize("encoding", ["latin-2000", "hex", "undefined", "a\0b"])
def test_an_unknown_encoding_is_refused(encoding: str) -> None:
    with pytest.raises(TableError, match=r"no encoding .* such as utf-8, utf-16, cp932"):
        read(b"", TXT, encoding=encoding)
    with pytest.raises(TableError, match="no encoding"):
        written(table_of([["a"]]), CSV, encoding=encoding)


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
def test_what_cannot_be_decoded_is_marked(
    content: bytes, encoding: str, texts: list[str], text_sizes: TextSizes
) -> None:
    with pytest.raises(TableError, match=r"^line 3: not "):
        read(content, CSV, encoding=encoding, text_sizes=text_sizes)
    table = read(content, CSV, encoding=encoding, undecodable="replace", text_sizes=text_sizes)
    assert [text.replace("\ufffd\ufffd", "\ufffd") for text in table.column("name").to_pylist()] == texts
    damaged = [False if mark is None else mark for mark in table.column("damaged").to_pylist()]
    assert damaged == [False, True, True]


def test_a_replacement_character_that_was_there_is_no_damage(text_sizes: TextSizes) -> None:
    content = "name\n\ufffd\n".encode() + b"\xef\xbf\xbd\xff\n"
    assert read(content, CSV, undecodable="replace", text_sizes=text_sizes).column("damaged").to_pylist()[-1]
    assert cells("name\n\ufffd\n".encode(), undecodable="replace", text_sizes=text_sizes) == [("name",), ("\ufffd",)]


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
