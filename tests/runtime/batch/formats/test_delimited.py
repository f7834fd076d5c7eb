"""CSV and TSV: the same rows as Python reads, and files that Python reads."""

import codecs
import csv
import io
import json

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.tables import CSV, JSONL, TSV, TXT, cells, read, table_of, written

from hayakana import TableError
from hayakana.batch.formats.blocks import TextSizes
from hayakana.batch.formats.registry import BY_FORMAT, FileFormat, ReadOptions, open_table
from hayakana.syntax import Csv, Tsv

# --- CSV and TSV are read ---


CHARACTERS = st.sampled_from([*"aé山😀 \"'", ",", "\t", "\n", "\r", "\r\n", '""', "\0", "\ufeff", "\u2028", "\x85"])
VALUES = st.lists(CHARACTERS, max_size=6).map("".join)


def as_python_reads(content: bytes, dialect: type[csv.Dialect]) -> list[tuple[str, ...]]:
    """Return the rows of Python's own reader; an empty line is an empty value where there is one column."""
    text = content.decode("utf-8-sig")
    names, *rows = csv.reader(io.StringIO(text, newline=""), dialect)
    return [tuple(names), *(tuple(row or [""]) for row in rows if row or len(names) == 1)]


@given(st.data())
def test_csv_is_read_as_python_reads_it(text_sizes: TextSizes, data: st.DataObject) -> None:
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
    assert cells(content.encode(), text_sizes=text_sizes) == as_python_reads(content.encode(), Csv)


@pytest.mark.parametrize(("file_format", "dialect", "delimiter"), [(CSV, Csv, ","), (TSV, Tsv, "\t")])
@given(st.lists(st.sampled_from(["a", "é", '"', '"', ",", ",", "\t", "\t", "\n", "\n", "\r", "\r\n"]), max_size=40))
def test_any_text_is_read_or_refused_as_python_does(
    file_format: FileFormat, dialect: type[csv.Dialect], delimiter: str, text_sizes: TextSizes, characters: list[str]
) -> None:
    content = f"x{delimiter}y\n{''.join(characters)}".encode()
    try:
        expected = as_python_reads(content, dialect)
    except csv.Error:
        expected = [("refused",), (0,)]
    if all(len(row) == 2 for row in expected):
        assert cells(content, file_format, text_sizes=text_sizes) == expected
    else:
        with pytest.raises(TableError, match=r"^line \d+: "):
            read(content, file_format, text_sizes=text_sizes)


def test_csv_as_it_is_in_the_wild() -> None:
    content = '\ufeffid,name,note\r\n007,Mori,"a, ""b""\nc"\r\n\r\n2,"Mori, Kato",\r\n1.10,5" "x" Mori,y'.encode()
    assert cells(content) == [
        ("id", "name", "note"),
        ("007", "Mori", 'a, "b"\nc'),
        ("2", "Mori, Kato", ""),
        ("1.10", '5" "x" Mori', "y"),
    ]


def test_an_empty_line_is_a_row_where_there_is_one_column(text_sizes: TextSizes) -> None:
    assert cells(b'who\nMori\n\n""\r\nKato\n\n', text_sizes=text_sizes) == [
        ("who",),
        ("Mori",),
        ("",),
        ("",),
        ("Kato",),
        ("",),
    ]
    assert cells(b"who,x\nMori,1\n\n\r\nKato,2\n\n", text_sizes=text_sizes) == [
        ("who", "x"),
        ("Mori", "1"),
        ("Kato", "2"),
    ]


def test_a_byte_order_mark_within_is_a_character() -> None:
    assert cells("name\n\ufeff\n\ufeffa".encode()) == [("name",), ("\ufeff",), ("\ufeffa",)]


def test_tsv_has_no_quotes(text_sizes: TextSizes) -> None:
    assert cells(b'name\tx\n"Mori\t"\nKato\t""\n', TSV, text_sizes=text_sizes) == [
        ("name", "x"),
        ('"Mori', '"'),
        ("Kato", '""'),
    ]


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
def test_what_is_wrong_in_csv_is_known_to_the_line(content: bytes, message: str, text_sizes: TextSizes) -> None:
    with pytest.raises(TableError, match=rf"^{message}"):
        read(content, CSV, text_sizes=text_sizes)


@pytest.mark.parametrize("file_format", [CSV, TSV, TXT, JSONL], ids=str)
def test_a_row_without_an_end_does_not_fill_the_memory(file_format: FileFormat) -> None:
    sizes = TextSizes(block=1 << 10, longest_row=1 << 20)
    with pytest.raises(TableError, match="line 2: the row that begins here is longer than 1 MiB"):
        read(b'{"x": 1}\n' + b"x" * (1 << 21), file_format, text_sizes=sizes)


def test_a_quotation_without_an_end_does_not_fill_the_memory() -> None:
    sizes = TextSizes(block=1 << 18, longest_row=1 << 20)
    with pytest.raises(
        TableError, match=r"line 3: .* longer than 1 MiB: is the end of a line or of a quotation missing"
    ):
        read(b'name,x\nMori,1\nKato,"2\n' + b"Sato,3\n" * (1 << 20), CSV, text_sizes=sizes)


def test_a_long_value_is_read() -> None:
    long = "a,\n" * 200_000
    content = f'name,x\nMori,"{long}"\nKato 5",2\nSato,"3"\n'.encode()
    assert cells(content, text_sizes=TextSizes(block=1 << 10))[1] == ("Mori", long)


def test_a_table_can_have_no_rows() -> None:
    for file_format in (CSV, TSV, TXT):
        with open_table(io.BytesIO(b"name" if file_format is not TXT else b""), file_format, ReadOptions()) as table:
            assert table.schema == pa.schema([("name", pa.string())])
            assert list(table.batches()) == []
    with open_table(io.BytesIO(b"\n\n"), JSONL, ReadOptions()) as table:
        assert table.schema is None
        assert list(table.batches()) == []


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


# --- CSV and TSV without a line of names ---


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
def test_a_table_can_have_no_line_of_names(content: str, rows: list[tuple[str, ...]], text_sizes: TextSizes) -> None:
    assert cells(content.encode(), header=False, text_sizes=text_sizes) == rows


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
