"""Rows that are broken come out in their places, marked, and cost no row beside them."""

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hayakana import OutputExistsError, TableError, Transliterator
from hayakana.batch import (
    BROKEN,
    Columns,
    ReadOptions,
    Report,
    inputs_of,
    transliterate_to_file,
    transliterate_to_folder,
)
from hayakana.batch.formats import mended_rows as mended_rows_module
from hayakana.batch.formats.blocks import TEXT_SIZES, TextSizes, utf8_text
from hayakana.batch.formats.json_lines import JsonLinesTable
from hayakana.batch.formats.mended_rows import RowMender
from hayakana.batch.formats.options import Dialect
from hayakana.batch.formats.registry import FileFormat, Rows, open_table
from hayakana.batch.formats.rows import windows_of

CSV, JSONL = FileFormat("csv"), FileFormat("jsonl")
COMMAS = Dialect(",", '"')


def read(
    content: str,
    file_format: FileFormat = CSV,
    size: int = 3,
    skip_rows: int = 0,
    *,
    text_sizes: TextSizes = TEXT_SIZES,
    **options: object,
) -> Rows:
    """Return all rows as one window would have them."""
    settings = {"broken": "mark", "window": size, "delimiter": ",", **options}
    file = io.BytesIO(content.encode())
    with open_table(file, file_format, ReadOptions(**settings), text_sizes=text_sizes) as table:
        (rows,) = windows_of(table.batches(skip_rows=skip_rows), 1_000_000)
    return rows


def found(rows: Rows) -> list[tuple[int, bool, list[str | None]]]:
    """Return the line, the mark and the values of each row."""
    marks = [False] * len(rows.batch) if rows.broken is None else rows.broken.to_pylist()
    values = [list(row.values()) for row in rows.batch.to_pylist()]
    return [(rows.lines.at(place), mark, row) for place, (mark, row) in enumerate(zip(marks, values, strict=True))]


def test_broken_rows_are_marked_in_their_places(text_sizes: TextSizes) -> None:
    content = 'a,b\nMori,1\n"x\ny",2\nKato\n"Sato,4\nIto,5\n\n"z"z,6\nYamada,8,9,"10"\n"Ueda,7'
    assert found(read(content, text_sizes=text_sizes)) == [
        (2, False, ["Mori", "1"]),
        (3, False, ["x\ny", "2"]),
        (5, True, ["Kato", None]),
        (6, True, ['"Sato', "4"]),
        (7, False, ["Ito", "5"]),
        (9, True, ['"z"z', "6"]),
        (10, True, ["Yamada", "8,9,10"]),
        (11, True, ['"Ueda', "7"]),
    ]


def test_a_quotation_that_nobody_closes_costs_its_line_alone(text_sizes: TextSizes) -> None:
    content = 'a,b\n"Sato,4\n' + "Ito,5\n" * 50 + '"c\nd",6\n'
    rows = found(read(content, text_sizes=text_sizes))
    assert rows[0] == (2, True, ['"Sato', "4"])
    assert rows[1:51] == [(line, False, ["Ito", "5"]) for line in range(3, 53)]
    assert rows[51] == (53, False, ["c\nd", "6"])


def test_one_column_and_tsv_are_marked_too() -> None:
    assert found(read("a\nx,y\n\n")) == [(2, True, ["x,y"]), (3, False, [""])]
    rows = found(read("a\tb\nx\n1\t2\n", FileFormat("tsv"), delimiter=None))
    assert rows == [(2, True, ["x", None]), (3, False, ["1", "2"])]


CELLS = st.lists(st.sampled_from([*'ab"", é', "\n", "\r\n"]), max_size=5).map("".join)
ROWS = st.lists(st.lists(CELLS, min_size=2, max_size=2), max_size=8)


@given(ROWS, st.sampled_from(["\n", "\r\n"]))
def test_rows_that_are_whole_are_read_as_ever_and_their_lines_known(
    text_sizes: TextSizes, rows: list[list[str]], end: str
) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator=end, quoting=csv.QUOTE_ALL).writerows([["a", "b"], *rows])
    if not rows:
        return
    marked, refused = (
        found(read(text.getvalue(), broken=broken, text_sizes=text_sizes)) for broken in ("mark", "refuse")
    )
    assert marked == refused
    assert [values for _, _, values in marked] == rows
    lines = io.StringIO(text.getvalue(), newline="")
    starts = []
    reader = csv.reader(lines)
    while True:
        starts.append(reader.line_num + 1)
        if next(reader, None) is None:
            break
    assert [line for line, _, _ in marked] == starts[1:-1]


@given(st.lists(st.sampled_from(["a", '"', '"', ",", ",", "\n", "\n", "\r", "\r\n"]), max_size=60))
def test_whatever_is_broken_no_character_is_lost(text_sizes: TextSizes, characters: Sequence[str]) -> None:
    body = "".join(characters)
    with open_table(
        io.BytesIO(f"x,y\n{body}".encode()),
        CSV,
        ReadOptions(broken="mark", delimiter=",", window=2),
        text_sizes=text_sizes,
    ) as table:
        batches = list(table.batches())
    texts = [value for rows in batches for row in rows.batch.to_pylist() for value in row.values() if value]
    assert "".join(texts).count("a") == body.count("a")


def test_the_work_on_open_quotations_is_linear(monkeypatch: pytest.MonkeyPatch) -> None:
    taken = 0
    take = mended_rows_module._Lines.__next__

    def counted(lines: mended_rows_module._Lines) -> str:
        nonlocal taken
        line = take(lines)
        taken += len(line)
        return line

    monkeypatch.setattr(mended_rows_module._Lines, "__next__", counted)
    # From each of these lines on, a quotation goes to the end of the file.
    block = b'a","x\n' * 20_000
    rows = RowMender(COMMAS, 3, loan=1_000).rows(block, at_end=True, most_bytes=len(block))
    assert len(rows) == 20_000
    assert all(row.broken for row in rows)
    assert taken < 20 * len(block)


def test_a_row_that_is_too_long_ends_at_its_first_line() -> None:
    sizes = TextSizes(block=1 << 10, longest_row=1 << 14)
    rows = found(read('a,b\n"Sato,4\n' + "Ito,5\n" * 20_000, size=1_000, text_sizes=sizes))
    assert (len(rows), rows[0][1], sum(mark for _, mark, _ in rows)) == (20_001, True, 1)
    with pytest.raises(TableError, match="longer than 0 MiB"):
        read("a,b\n" + "x" * (1 << 15), text_sizes=sizes)


@pytest.mark.parametrize("skip_rows", [0, 1, 3, 4])
def test_lines_that_are_no_objects_are_rows_of_nulls(skip_rows: int) -> None:
    content = '[1]\n\nx\n{"a": "Mori"}\n{"a": 1,}\n{"b": 2}\n{}\n'
    expected = [
        (1, True, [None, None]),
        (3, True, [None, None]),
        (4, False, ['"Mori"', None]),
        (5, True, [None, None]),
        (6, False, [None, "2"]),
        (7, True, [None, None]),
    ]
    for size in (1, 2, 3, 100):
        assert found(read(content, JSONL, size, skip_rows)) == expected[skip_rows:]


def test_a_file_without_an_object_is_refused() -> None:
    with pytest.raises(TableError, match="no line is a JSON object: is it JSON lines"):
        read("[1]\n[2]\n", JSONL)
    text = utf8_text(io.BytesIO(b"[1]\n" * 10 + b"{}\n").read, "utf-8", TEXT_SIZES)
    table = JsonLinesTable(text, ReadOptions(broken="mark", window=3), most_broken=5)
    with pytest.raises(TableError, match="none of the first 5 lines is a JSON object"):
        list(table.batches())


def job(tiny: Transliterator, folder: Path, name: str, content: str, **options: object) -> Report:
    (folder / name).write_text(content, encoding="utf-8")
    columns = options.pop("columns", Columns())
    read_options = ReadOptions(broken="mark", window=2, **options)
    return transliterate_to_file(
        tiny,
        inputs_of([folder / name]),
        folder / "out.jsonl",
        columns=columns,
        read_options=read_options,
        overwrite=True,
    )


@pytest.mark.parametrize(
    ("name", "content"),
    [("in.csv", 'name,x\n"Mori\nKato",1\nSato\nIto,2\n'), ("in.jsonl", '{"name": "Mori"}\n\n[]\n{"name": "Ito"}\n')],
)
def test_the_report_counts_broken_rows_with_their_lines(
    tiny: Transliterator, tmp_path: Path, name: str, content: str
) -> None:
    report = job(tiny, tmp_path, name, content)
    assert report.statuses == {"ok": 2, BROKEN: 1}
    (example,) = report.examples[BROKEN]
    assert (example.row, example.line) == (2, 4 if name == "in.csv" else 3)
    rows = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [row["status"] for row in rows] == ["ok", "broken", "ok"]
    assert rows[1]["katakana"] is None
    with pytest.raises(TableError, match=r"line \d: .* has no Katakana: broken"):
        job(tiny, tmp_path, name, content, columns=Columns(on_problem="fail"))


def test_a_job_that_goes_on_knows_the_lines_of_what_was_there(tiny: Transliterator, tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text('name,x\n"Mori\nKato",1\nSato\n2Pac,3\n', encoding="utf-8")
    options = {"read_options": ReadOptions(broken="mark", window=1), "rows_per_file": 1, "resume": True}
    reports = [
        transliterate_to_folder(tiny, inputs_of([tmp_path / "in.csv"]), tmp_path / "out", **options) for _ in range(2)
    ]
    for report in reports:
        assert {status: some[0].line for status, some in report.examples.items()} == {BROKEN: 4, "unreadable": 5}
    options["read_options"] = ReadOptions(window=1)
    with pytest.raises(OutputExistsError, match='broken was "mark" and is "refuse"'):
        transliterate_to_folder(tiny, inputs_of([tmp_path / "in.csv"]), tmp_path / "out", **options)


def test_what_is_broken_and_no_text_is_broken(tiny: Transliterator, tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_bytes(b"name,x\nM\xffri\nK\xffto,1\n")
    options = {"read_options": ReadOptions(broken="mark", undecodable="replace")}
    report = transliterate_to_file(tiny, inputs_of([tmp_path / "in.csv"]), tmp_path / "out.csv", **options)
    assert report.statuses == {"broken": 1, "undecodable": 1}


def test_marks_are_kept_by_slices_and_windows() -> None:
    broken = pa.array([False, True, False])
    rows = Rows(pa.record_batch({"a": ["x", "y", "z"]}), broken=broken)
    assert rows.slice(0, 1).broken is None
    assert [window.broken for window in windows_of(iter([rows]), 1)][1].to_pylist() == [True]
