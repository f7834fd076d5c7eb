"""Tables of names in every format, as cases: whole ones, written by writers that are not ours, and damaged ones."""

import bz2
import csv
import gzip
import io
import json
import re
import zipfile
from dataclasses import asdict
from random import Random
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
from tests.fuzz import texts
from tests.fuzz.cases import Case
from tests.fuzz.mutations import mutated
from tests.fuzz.readers import Form, UnreadableError, decompressed

TEXT_FORMATS = ("csv", "tsv", "jsonl", "txt")
_ENCODINGS = (
    "utf-8-sig",
    "utf-16",
    "utf-16-le",
    "utf-32",
    "cp932",
    "euc_jp",
    "iso2022_jp",
    "latin-1",
    "cp1252",
    "utf-7",
)
_COLUMNS = ["id", "name", "born", "名前", "a b", "Name", "x,y", 'q"', "=1", "", " name", "tab\t", "a\nb"]
_SMALL = 5_000
"""Bytes of a file that may be read in small blocks."""

_TAKEN = ["katakana", "status"]


def make(format_name: str, random: Random) -> Case:
    """Return a case of one input file, or two, and what is to be done with them."""
    read = _form(format_name, random)
    names, rows = _table(random)
    column = random.choice(names)
    several = 2 if not random.randrange(8) else 1
    contents = [
        serialised(names, rows if random.randrange(4) else _rows(names, random), read, random) for _ in range(several)
    ]
    if random.randrange(4):  # A quarter is as it should be.
        place = random.randrange(several)
        contents[place] = _damaged(contents[place], read, random, contents)
    files = {f"in{place}{read.suffix}": content for place, content in enumerate(contents)}
    options = _options(random, list(files), read, names, column)
    if any(_plain_size(content, read) > _SMALL for content in contents):
        # A block a byte, or a file a row, takes minutes.
        options |= {"block_size": None, "window": 262_144, "rows_per_file": 262_144}
    return Case(format_name, options, files)


def _plain_size(content: bytes, form: Form) -> int:
    try:
        return len(decompressed(content, form.compression))
    except UnreadableError:
        return len(content)


def _form(format_name: str, random: Random) -> Form:
    if format_name in ("parquet", "xlsx"):
        return Form(format_name)
    encoding = random.choice(_ENCODINGS) if not random.randrange(4) else "utf-8"
    compression = random.choice(("gz", "bz2", "zst")) if not random.randrange(5) else None
    delimiter = (
        random.choice((";", "|", "\t", ",", " ", "a")) if format_name == "csv" and not random.randrange(6) else None
    )
    quote = random.choice(("'", "", '"', "q")) if format_name == "csv" and not random.randrange(8) else None
    return Form(format_name, compression, encoding, delimiter, quote)


def _options(random: Random, inputs: list[str], read: Form, names: list[str], column: str) -> dict[str, Any]:
    other = random.choice((*TEXT_FORMATS, "parquet"))
    write = _form(other if random.randrange(2) or read.name == "xlsx" else read.name, random)
    if write.name in ("csv", "tsv") and read.name == "csv":  # One dialect for both.
        write = Form(write.name, write.compression, write.encoding, read.delimiter, read.quote)
    elif write.name in ("csv", "tsv"):
        write = Form(write.name, write.compression, write.encoding)
    folder = not random.randrange(5)
    window = random.choice((1, 2, 3, 262_144))
    return {
        "inputs": inputs,
        "read": asdict(read),
        "write": asdict(write),
        "folder": folder,
        "column": None if column == "name" and random.randrange(2) else column,
        "select": random.sample(names, random.randrange(1, len(names) + 1)) if not random.randrange(8) else None,
        "on_error": random.choice((None, None, "null", "keep", "empty", "fail")),
        "window": window,
        "rows_per_file": window * random.choice((1, 2)),
        "killed_at": random.randrange(12) if folder and random.randrange(2) else None,
        "details": random.choice(([], [], [], [], ["--probabilities"], ["--n-best", "2"])),
        "block_size": random.choice((None, None, 1, 16, 40)),
    }


def _table(random: Random) -> tuple[list[str], list[dict[str, Any]]]:
    names = (
        ["name"]
        if not random.randrange(4)
        else list(dict.fromkeys(["name", *random.sample(_COLUMNS, random.randrange(4))]))
    )
    if not random.randrange(12):
        names = random.sample(_COLUMNS, random.randrange(1, 4))
    if not random.randrange(25):
        names.append(random.choice(_TAKEN))
    random.shuffle(names)
    return names, _rows(names, random)


def _rows(names: list[str], random: Random) -> list[dict[str, Any]]:
    count = random.choice((0, 1, 2, 3, 5, 9))
    return [{name: _value(name, random) for name in names} for _ in range(count)]


def _value(column: str, random: Random) -> Any:
    if column == "name" or random.randrange(3):
        return texts.name(random, unicode_only=True)
    return random.choice(
        (None, "", "007", 'a "b" c', "x,y", "a\nb", "c\r\nd", "e\rf", "\t", 7, 1.5, True, [1], {"a": "b"})
    )


def serialised(names: list[str], rows: list[dict[str, Any]], form: Form, random: Random) -> bytes:
    """Return the rows in ``form``, by a writer that is not ours, as different as such writers are."""
    if form.name == "parquet":
        return _parquet(names, rows, random)
    if form.name == "xlsx":
        return _workbook(names, rows)
    if form.name == "jsonl":
        text = _json_lines(names, rows, random)
    elif form.name == "txt":
        break_ = random.choice(("\n", "\n", "\r\n"))
        text = break_.join(_text(row[names[0]]).replace("\n", " ") for row in rows) + random.choice(("", break_))
    else:
        text = _delimited(names, rows, form, random)
    return compressed(
        text.encode(form.encoding, "replace" if form.encoding != "iso2022_jp" else "ignore"), form.compression
    )


def _text(value: Any) -> str:
    return "" if value is None else value if isinstance(value, str) else json.dumps(value)


def _delimited(names: list[str], rows: list[dict[str, Any]], form: Form, random: Random) -> str:
    quote = form.quote if form.quote is not None else '"' if form.name == "csv" else ""
    delimiter = form.delimiter or ("," if form.name == "csv" else "\t")
    cells = [names, *([_text(row[name]) for name in names] for row in rows)]
    if not quote:
        cells = [
            [cell.translate({ord(mark): "_" for mark in (delimiter, "\n", "\r")}) for cell in row] for row in cells
        ]
        return "".join(delimiter.join(row) + "\n" for row in cells)
    text = io.StringIO(newline="")
    quoting = random.choice((csv.QUOTE_MINIMAL, csv.QUOTE_ALL)) if delimiter != quote else csv.QUOTE_ALL
    line_end = random.choice(("\n", "\r\n", "\r"))
    csv.writer(text, delimiter=delimiter, quotechar=quote, quoting=quoting, lineterminator=line_end).writerows(cells)
    return text.getvalue()


def _json_lines(names: list[str], rows: list[dict[str, Any]], random: Random) -> str:
    lines = []
    for row in rows:
        keys = [name for name in names if random.randrange(12)]
        if not random.randrange(6):
            random.shuffle(keys)
        separators = random.choice(((", ", ": "), (",", ":"), (" ,\t", " :  ")))
        lines.append(
            json.dumps({key: row[key] for key in keys}, ensure_ascii=bool(random.randrange(2)), separators=separators)
        )
        if not random.randrange(8):
            lines.append(random.choice(("", " ", "\t")))
    return "\n".join(lines) + random.choice(("", "\n"))


def _parquet(names: list[str], rows: list[dict[str, Any]], random: Random) -> bytes:
    columns = [_column([row[name] for row in rows], name, random) for name in names]
    file = io.BytesIO()
    pq.write_table(
        pa.table(columns, names=names),
        file,
        row_group_size=random.choice((1, 2, 100)),
        compression=random.choice(("none", "snappy", "gzip", "zstd", "brotli", "lz4")),
        use_dictionary=bool(random.randrange(2)),
        version=random.choice(("1.0", "2.6")),
        data_page_version=random.choice(("1.0", "2.0")),
        write_statistics=bool(random.randrange(2)),
        store_schema=bool(random.randrange(2)),
        allow_truncated_timestamps=True,
    )
    return file.getvalue()


def _workbook(names: list[str], rows: list[dict[str, Any]]) -> bytes:
    book = openpyxl.Workbook()
    for row, values in enumerate([names, *([_text(row[name]) for name in names] for row in rows)], start=1):
        for column, value in enumerate(values, start=1):
            cell = book.active.cell(row, column)
            cell.value = "".join(letter for letter in value if letter.isprintable())[:100].replace("_x", "x")
            cell.data_type = "s"  # What begins with = is a text here.
    saved, file = io.BytesIO(), io.BytesIO()
    book.save(saved)
    with zipfile.ZipFile(saved) as before, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():  # A case is the same whenever it is made: no member has the time of its making.
            after.writestr(zipfile.ZipInfo(name), _TIMES.sub(b"", before.read(name)))
    return file.getvalue()


_TIMES = re.compile(rb"<dcterms:(created|modified).*?</dcterms:\1>")


def _damaged_workbook(content: bytes, random: Random) -> bytes:
    """Return a workbook of which one member is damaged."""
    before, file = zipfile.ZipFile(io.BytesIO(content)), io.BytesIO()
    chosen = random.choice(before.namelist())
    with zipfile.ZipFile(file, "w", random.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))) as after:
        for name in before.namelist():
            data = before.read(name)
            after.writestr(zipfile.ZipInfo(name), mutated(data, random, [content]) if name == chosen else data)
    return file.getvalue()


def _column(values: list[Any], name: str, random: Random) -> pa.Array:
    kind = 0 if name == "name" and random.randrange(8) else random.randrange(12)
    strings = [value if isinstance(value, str) else None for value in values]
    if kind < 4:
        return pa.array(strings, random.choice((pa.string(), pa.large_string(), pa.string())))
    if kind < 6:
        return pa.array(strings, pa.string()).dictionary_encode()
    if kind == 6:
        return pa.array([None if text is None else text.encode() for text in strings], pa.binary())
    numbers = [None if text is None else len(text) for text in strings]
    if kind == 7:
        return pa.array([[number] for number in numbers], pa.list_(pa.int64()))
    if kind == 8:
        return pa.array([{"a": text} for text in strings], pa.struct([("a", pa.string())]))
    other = random.choice(
        (pa.int8(), pa.int64(), pa.float64(), pa.timestamp("us"), pa.timestamp("ns", "UTC"), pa.date32())
    )
    return (
        pa.array(
            [
                None if number is None else number % 100 * (1_000 if pa.types.is_timestamp(other) else 1)
                for number in numbers
            ],
            pa.int64(),
        )
        .cast(pa.int32() if other == pa.date32() else other)
        .cast(other)
    )


def compressed(content: bytes, compression: str | None) -> bytes:
    """Return ``content`` in a file of ``compression``."""
    if compression == "gz":
        return gzip.compress(content, 1, mtime=0)
    if compression == "bz2":
        return bz2.compress(content)
    if compression == "zst":
        sink = pa.BufferOutputStream()
        with pa.CompressedOutputStream(sink, "zstd") as file:
            file.write(content)
        return sink.getvalue().to_pybytes()
    return content


def _damaged(content: bytes, form: Form, random: Random, others: list[bytes]) -> bytes:
    if form.compression is not None and random.randrange(2):
        plain = decompressed(content, form.compression)
        return compressed(_damaged(plain, Form(form.name), random, [plain]), form.compression)
    if form.name == "xlsx" and random.randrange(2):
        return _damaged_workbook(content, random)
    if form.name not in ("parquet", "xlsx") and not random.randrange(30):
        place = random.randrange(len(content) + 1)
        return content[:place] + random.choice((b"x", b'"', b"\xff", b"a\n", b"\n", b",")) * 200_000 + content[place:]
    return mutated(content, random, others)
