"""Excel's .xlsx: values as people see them, sheets, and what no workbook may do to memory and time."""

import contextlib
import datetime
import io
import subprocess
import sys
import zipfile
from collections.abc import Iterable
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.processes import started

from hayakana import MissingExtraError, TableError, Transliterator
from hayakana.batch import FileFormat, ReadOptions, inputs_of, transliterate_to_file
from hayakana.batch import transliterate_to_folder as to_folder
from hayakana.batch.formats.excel_measure import Extent, whole_tags
from hayakana.batch.formats.excel_package import copy_measured
from hayakana.batch.formats.registry import open_table

XLSX = FileFormat("xlsx")
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
STYLES = (
    f'<styleSheet xmlns="{MAIN}"><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="46"/></cellXfs>'
    "</styleSheet>"
)
NAME = '<row r="1"><c r="A1" t="inlineStr"><is><t>name</t></is></c></row>'


def workbook(path: Path, *sheets: Iterable[Iterable[object]]) -> Path:
    """Write a workbook as openpyxl does, a sheet of rows each."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for number, rows in enumerate(sheets, start=1):
        sheet = book.create_sheet(f"Sheet {number}")
        for row in rows:
            sheet.append(list(row))
    book.save(path)
    return path


def package(path: Path, sheet: str, *, texts: str | None = None, **others: str) -> Path:
    """Write a workbook of one sheet whose XML is ``sheet``, by hand."""
    members = {
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="a" Type="{RELATIONS}/officeDocument"'
        ' Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets><sheet name="S" sheetId="1"'
        ' r:id="a"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="a"'
        f' Type="{RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/styles.xml": STYLES,
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}"><sheetData>{sheet}</sheetData></worksheet>',
        **({} if texts is None else {"xl/sharedStrings.xml": texts}),
        **others,
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return path


def read(source: Path, **options: object) -> list[dict[str, str | None]]:
    with open_table(source, XLSX, ReadOptions(**options)) as opened:
        return [row for rows in opened.batches() for row in rows.batch.to_pylist()]


def refused(source: Path, **options: object) -> str:
    with pytest.raises(TableError) as caught:
        read(source, **options)
    return str(caught.value)


# --- values ---


def test_every_value_is_the_text_that_people_see(tmp_path: Path) -> None:
    values = {
        "007": "007",
        "  spaced ": "  spaced ",
        "山田\n太郎": "山田\n太郎",
        7: "7",
        -0.0: "0",
        1.5: "1.5",
        4111111111111111: "4111111111111111",
        1e20: "100000000000000000000",
        1e300: "1e+300",
        True: "true",
        datetime.date(2026, 11, 22): "2026-11-22",
        datetime.datetime(2026, 11, 22, 9, 30): "2026-11-22T09:30:00",
        datetime.time(9, 30): "09:30:00",
        datetime.timedelta(hours=25, minutes=1): "25:01:00",
        "#N/A": "#N/A",
        "": None,
    }
    workbook(tmp_path / "in.xlsx", [("id", "value"), *((f"{n}", value) for n, value in enumerate(values))])
    found = read(tmp_path / "in.xlsx")
    assert [row["value"] for row in found] == list(values.values())
    assert found[0] == {"id": "0", "value": "007"}


@pytest.mark.parametrize("error", ["#N/A", "#DIV/0!", "#SPILL!", "#GETTING_DATA"])
def test_errors_in_cells_are_texts_whatever_excel_calls_them(tmp_path: Path, error: str) -> None:
    sheet = f"{NAME}<row r='2'><c  r = 'A2' s='0' t = 'e' ><v>{error}</v></c></row>"
    assert read(package(tmp_path / "in.xlsx", sheet)) == [{"name": error}]


def test_furigana_is_no_part_of_a_text(tmp_path: Path) -> None:
    texts = (
        f'<sst xmlns="{MAIN}" count="2" uniqueCount="2"><si><t>name</t></si><si><r><t>山</t></r><r><t>田</t></r>'
        '<rPh sb="0" eb="2"><t>ヤマダ</t></rPh></si></sst>'
    )
    sheet = '<row r="1"><c r="A1" t="s"><v>0</v></c></row><row r="2"><c r="A2" t="s"><v>1</v></c></row>'
    assert read(package(tmp_path / "in.xlsx", sheet, texts=texts)) == [{"name": "山田"}]


def test_cells_that_say_no_place_follow_each_other(tmp_path: Path) -> None:
    sheet = (
        "<row><c t='str'><v>id</v></c><c t='str'><v>name</v></c></row>"
        "<row><c><v>1</v></c><c t='str'><v>Mori</v></c></row>"
    )
    assert read(package(tmp_path / "in.xlsx", sheet)) == [{"id": "1", "name": "Mori"}]


def test_merged_cells_have_their_value_once_and_empty_rows_stay(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (("town", "name"), ("Tsu", "Mori"), (None, "Kato"), (), ("Ise", "Sato")):
        book.active.append(row)
    book.active.merge_cells("A2:A3")
    book.save(tmp_path / "in.xlsx")
    assert [tuple(row.values()) for row in read(tmp_path / "in.xlsx")] == [
        ("Tsu", "Mori"),
        (None, "Kato"),
        (None, None),
        ("Ise", "Sato"),
    ]


@pytest.mark.parametrize("text", ["<t></t>", "<t>   </t>", "<t/>", "<t xml:space='preserve'>   </t>"])
def test_a_row_that_shows_nothing_is_a_row_wherever_somebody_wrote_it(tmp_path: Path, text: str) -> None:
    def row(number: int, content: str) -> str:
        return f'<row r="{number}"><c r="A{number}" t="inlineStr"><is>{content}</is></c></row>'

    blank = "   " if "preserve" in text else None
    rows = [row(2, "<t>Mori</t>"), row(3, text), row(4, "<t>Kato</t>"), row(5, text)]
    found = read(package(tmp_path / "in.xlsx", NAME + "".join(rows) + '<row r="6"><c r="A6"/></row>'))
    assert [row["name"] for row in found] == ["Mori", blank, "Kato", blank]


def test_a_table_may_stand_anywhere_and_a_column_without_a_name_is_refused_with_its_cell(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for cell, value in {"C3": "id", "E3": "name", "C4": 1, "E4": "Mori", "C5": 2, "E5": "Kato"}.items():
        book.active[cell] = value
    book.save(tmp_path / "in.xlsx")
    assert read(tmp_path / "in.xlsx") == [{"id": "1", "name": "Mori"}, {"id": "2", "name": "Kato"}]
    book.active["D5"] = "stray"
    book.save(tmp_path / "in.xlsx")
    for size in (1, 2, 100):
        assert "cell D5 has a value, and column D has no name in row 3" in refused(tmp_path / "in.xlsx", window=size)
    assert "two columns are named 'a'" in refused(workbook(tmp_path / "in.xlsx", [("a", "a")]))


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_texts_come_back_whatever_the_batch_and_what_is_skipped(data, tmp_path: Path) -> None:
    text = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"))
    # What writes the workbook makes a formula of = at the start, and an error of #N/A.
    plain = text.filter(lambda value: not value.startswith(("=", "#")))
    rows = data.draw(st.lists(st.tuples(text, plain.map(lambda value: value + "x")), max_size=20))
    skip, size = data.draw(st.integers(0, 25)), data.draw(st.integers(1, 25))
    workbook(tmp_path / "in.xlsx", [("a", "b"), *(("'" + one, other) for one, other in rows)])
    with open_table(tmp_path / "in.xlsx", XLSX, ReadOptions(window=size)) as opened:
        batches = [rows.batch for rows in opened.batches(columns=["b", "a"], skip_rows=skip)]
    found = [tuple(row.values()) for batch in batches for row in batch.to_pylist()]
    assert found == [(other, "'" + one) for one, other in rows[skip:]]
    assert all(len(batch) <= size for batch in batches)


# --- sheets ---


def test_one_sheet_has_cells_or_one_is_named(tmp_path: Path) -> None:
    path = workbook(tmp_path / "in.xlsx", [], [("name",), ("Mori",)], [])
    assert read(path) == [{"name": "Mori"}]
    path = workbook(tmp_path / "in.xlsx", [("name",), ("Mori",)], [("who",), ("Kato",)], [])
    assert refused(path) == "several sheets have cells, 'Sheet 1', 'Sheet 2': choose one of them with --sheet"
    assert read(path, sheet="Sheet 2") == [{"who": "Kato"}]
    assert "no sheet 'Sheet': choose one of 'Sheet 1', 'Sheet 2', 'Sheet 3'" in refused(path, sheet="Sheet")
    assert "sheet 'Sheet 3' has no cell" in refused(path, sheet="Sheet 3")
    assert "no sheet has a cell" in refused(workbook(tmp_path / "in.xlsx", []))


# --- what is no workbook, or too much of one ---


def test_other_files_of_that_name_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "in.xlsx"
    for content, message in (
        (b"", "not an .xlsx workbook, or damaged"),
        (b"name\nMori\n", "--input-format"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "encrypted, or in the format of .xls"),
        (workbook(path, [("name",)]).read_bytes()[:-30], "damaged"),
    ):
        path.write_bytes(content)
        assert message in refused(path)
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("content.xml", "<office/>")
    assert "there is no workbook.xml in it" in refused(path)


def test_a_bomb_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = package(tmp_path / "in.xlsx", NAME + " " * (1 << 21))
    assert path.stat().st_size < 10_000
    inflated = io.BytesIO()
    message = "holds 2 MiB of XML, and at most 1 MiB fit in memory: save the sheet as CSV"
    with path.open("rb") as file, pytest.raises(TableError, match=message):
        copy_measured(file, inflated, most_xml=1 << 20)
    assert not inflated.getvalue()  # What is inflated is written there.
    with zipfile.ZipFile(path, "a") as file:
        file.getinfo("xl/worksheets/sheet1.xml").file_size = 1 << 30
        file.comment = b"so that it is written"
    assert "holds 1,024 MiB of XML, and at most 512 MiB fit in memory" in refused(path)


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ('<c r="XFD1048576"><v>1</v></c>', "1,048,576 rows and 16,384 columns"),
        ("<c\tr = 'xfd1048576'><v>1</v></c>", "1,048,576 rows and 16,384 columns"),
        ('<x:c s="1"r="XFD1048576"><v>1</v></x:c>', "1,048,576 rows and 16,384 columns"),
        ('<c a=">" r="XFD1048576"><v>1</v></c>', "1,048,576 rows and 16,384 columns"),
        ('<row r="1048576"/>' + "<c/>" * 40 + "<c><v>1</v></c>", "1,048,578 rows and 42 columns"),
        ('<c r="A1048577"><v>1</v></c>', "beyond row 1,048,576"),
        ('<c r="XFE1"><v>1</v></c>', "beyond row 1,048,576 and column XFD"),
        ('<c r="A99999999"><v>1</v></c>', "beyond row"),
        ('<c r="A4294967297"><v>1</v></c>', "no place"),
        ('<c r="AAAAAAAAAAAAAA1"><v>1</v></c>', "no place"),
        ('<!-- </row> --><c/><c r="XFD5"><v>1</v></c>', "as Excel writes it"),
        ('<c r="B1"><v>\0</v></c>', "damaged"),
    ],
)
def test_cells_far_apart_are_refused_however_they_are_spelt(tmp_path: Path, cell: str, message: str) -> None:
    assert message in refused(package(tmp_path / "in.xlsx", f'{NAME}<row r="2">{cell}</row>'))


def test_the_last_row_and_the_last_column_are_read(tmp_path: Path) -> None:
    path = package(tmp_path / "in.xlsx", '<row r="1048576"><c r="B1048576" t="str"><v>name</v></c></row>')
    with open_table(path, XLSX, ReadOptions()) as opened:
        assert (opened.schema.names, list(opened.batches())) == (["name"], [])
    path = package(tmp_path / "in.xlsx", f'{NAME}<row r="2"><c r="XFD2"/></row><row r="1048576"/>')
    assert read(path) == []
    names = [f"c{number}" for number in range(16_384)]
    assert read(workbook(tmp_path / "in.xlsx", [names, range(16_384)])) == [
        dict(zip(names, map(str, range(16_384)), strict=True))
    ]


@pytest.mark.parametrize("count", [3, 10**12, 10**30])
def test_room_is_made_for_no_more_texts_than_there_can_be(tmp_path: Path, count: int) -> None:
    texts = f"<sst xmlns='{MAIN}' uniqueCount = '{count}'><si><t>name</t></si></sst>"
    path = package(tmp_path / "in.xlsx", '<row r="1"><c r="A1" t="s"><v>0</v></c></row>', texts=texts)
    if count == 3:
        assert read(path) == []
    else:
        assert "it announces more texts than fit in" in refused(path)


def test_a_text_that_many_cells_share_counts_as_often(tmp_path: Path) -> None:
    long = "x" * 5_000
    cells = "".join(f'<row r="{row}"><c r="A{row}" t="s"><v>0</v></c></row>' for row in range(1, 50))
    for texts, row in ((f"<si/><si><t>{long}</t></si>", 1), (f"<x:si><x:t>{long}</x:t></x:si><si/>", 0)):
        path = package(
            tmp_path / "in.xlsx",
            NAME + "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>{row}</v></c></row>' for n in range(2, 60)),
            texts=f'<sst xmlns="{MAIN}" xmlns:x="{MAIN}">{texts}</sst>',
        )
        with path.open("rb") as file, pytest.raises(TableError, match="text, which cells share"):
            copy_measured(file, io.BytesIO(), most_text=100_000)
    texts = f'<sst xmlns="{MAIN}"><si><t>name</t></si><si><t>{long}</t></si></sst>'
    path = package(tmp_path / "in.xlsx", cells, texts=texts)
    with path.open("rb") as file:
        copy_measured(file, io.BytesIO(), most_text=100_000)
    assert len(read(path)) == 48


def test_a_number_that_is_no_date_is_a_number_or_an_error(tmp_path: Path) -> None:
    def one(style: int, number: str) -> Path:
        cell = f'<row r="2"><c r="A2" s="{style}"><v>{number}</v></c></row>'
        return package(tmp_path / "in.xlsx", NAME + cell)

    assert read(one(1, "4111111111111111")) == [{"name": "4111111111111111"}]
    for style, number in ((1, "-1e300"), (2, "1e12"), (2, "1e300")):
        assert "in.xlsx" not in refused(one(style, number))


@given(size=st.integers(1, 30), cells=st.lists(st.sampled_from(["A1", "BC27", "b007"]), max_size=8))
def test_measuring_does_not_depend_on_how_the_file_is_cut(size: int, cells: list[str]) -> None:
    xml = b"<row>" + b"".join(f"<c  r = '{cell}'><v>r='ZZ99 a=b</v></c>".encode() for cell in cells) + b"</row>"
    whole, cut = Extent(), Extent()
    whole.add(xml)
    pieces = list(whole_tags(xml[start : start + size] for start in range(0, len(xml), size)))
    for piece in pieces:
        cut.add(piece)
    assert b"".join(pieces) == xml
    assert (cut.rows, cut.columns, cut.cells) == (whole.rows, whole.columns, whole.cells)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_damaged_workbooks_are_errors_or_tables(data, tmp_path: Path) -> None:
    path = workbook(tmp_path / "in.xlsx", [("id", "name"), *((row, f"Mori {row % 7}") for row in range(50))])
    content = bytearray(path.read_bytes())
    for place in data.draw(st.lists(st.integers(0, 10_000), min_size=1, max_size=4)):
        content[place % len(content)] = data.draw(st.integers(0, 255))
    path.write_bytes(content[: len(content) // data.draw(st.sampled_from([1, 1, 2]))])
    with contextlib.suppress(TableError):
        assert all(isinstance(row, dict) for row in read(path))


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_damaged_xml_is_an_error_or_a_table(data, tmp_path: Path) -> None:
    sheet = NAME + "".join(f'<row r="{row}"><c r="A{row}" t="str"><v>Mori</v></c></row>' for row in range(2, 9))
    content = list(sheet)
    for place in data.draw(st.lists(st.integers(0, len(content) - 1), min_size=1, max_size=5)):
        content[place] = data.draw(st.sampled_from("<>/\"'= rcAZ019&;!"))
    path = package(tmp_path / "in.xlsx", "".join(content))
    with contextlib.suppress(TableError):
        assert all(isinstance(row, dict) for row in read(path))


# --- jobs ---


def test_a_job_is_the_same_from_a_workbook_as_from_csv_and_resumes(tiny: Transliterator, tmp_path: Path) -> None:
    rows = [("id", "name"), *((f"{number:03}", f"Mori {'Kato' if number % 3 else 'Sato'}") for number in range(95))]
    workbook(tmp_path / "in.xlsx", rows)
    (tmp_path / "in.csv").write_text("".join(f"{one},{other}\n" for one, other in rows), encoding="utf-8")
    options = {"read_options": ReadOptions(window=10), "rows_per_file": 30}
    for name in ("in.csv", "in.xlsx"):
        transliterate_to_file(tiny, inputs_of([tmp_path / name]), tmp_path / f"{name}.jsonl")
        to_folder(tiny, inputs_of([tmp_path / name]), tmp_path / f"{name}-parts", **options)
    assert (tmp_path / "in.csv.jsonl").read_bytes() == (tmp_path / "in.xlsx.jsonl").read_bytes()
    parts = sorted((tmp_path / "in.xlsx-parts").glob("part-*"))
    whole = [part.read_bytes() for part in parts]
    assert whole == [part.read_bytes() for part in sorted((tmp_path / "in.csv-parts").glob("part-*"))]
    for part in parts[2:]:
        part.unlink()
    report = to_folder(tiny, inputs_of([tmp_path / "in.xlsx"]), tmp_path / "in.xlsx-parts", **options, resume=True)
    assert (report.rows, report.resumed_rows) == (95, 60)
    assert [part.read_bytes() for part in parts] == whole


@pytest.mark.slow
def test_a_workbook_is_read_from_standard_input(tiny_folder: Path, tmp_path: Path) -> None:
    path = workbook(tmp_path / "in.xlsm", [("name",), ("Mori",)])
    command = [sys.executable, "-m", "hayakana", "batch", "--model", str(tiny_folder), "-", "out.csv"]
    with path.open("rb") as file, started(["cat"], stdin=file, stdout=subprocess.PIPE) as piped:
        done = subprocess.run(
            [*command, "--input-format", "xlsx"], stdin=piped.stdout, capture_output=True, cwd=tmp_path, timeout=60
        )
    assert (done.returncode, (tmp_path / "out.csv").read_text(encoding="utf-8")) == (
        0,
        "name,katakana,status\nMori,モリ,ok\n",
    )


def test_what_is_said_of_a_damaged_workbook_is_brief() -> None:
    """zipfile quotes the name of a damaged member, which may be thousands of bytes of other members."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as package:
        package.writestr("xl/workbook.xml", "<a/>" * 2_000)
    content = bytearray(file.getvalue())
    content[26:28] = (5_000).to_bytes(2, "little")  # The length of the member's name in its own header.
    with pytest.raises(TableError) as caught:
        read(io.BytesIO(content))
    assert len(str(caught.value)) < 600
    assert str(caught.value).isprintable()


def test_xlsx_is_not_written_and_the_message_says_what_is(tiny: Transliterator, tmp_path: Path) -> None:
    inputs = inputs_of([workbook(tmp_path / "in.xlsx", [("name",), ("Mori",)])])
    for write in (
        lambda: transliterate_to_file(tiny, inputs, tmp_path / "out.xlsx"),
        lambda: to_folder(tiny, inputs, tmp_path / "out", file_format=XLSX),
    ):
        with pytest.raises(TableError, match=r"not written: write \.csv with --output-encoding utf-8-sig"):
            write()
    assert [path.name for path in tmp_path.iterdir()] == ["in.xlsx"]


def test_without_the_extra_the_message_is_the_install_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "python_calamine", None)
    with pytest.raises(MissingExtraError, match=r"\.xlsx needs an optional dependency: pip install .*\[excel\]'"):
        read(workbook(tmp_path / "in.xlsx", [("name",)]))


def test_what_excel_leaves_beside_an_open_workbook_is_no_input(tmp_path: Path) -> None:
    workbook(tmp_path / "in.xlsx", [("name",)])
    (tmp_path / "~$in.xlsx").write_bytes(b"\x05owner" + bytes(159))
    assert [source.name for source in inputs_of([tmp_path])] == ["in.xlsx"]


def test_however_many_sheets_there_are_a_message_names_the_first_few(tmp_path: Path) -> None:
    path = tmp_path / "in.xlsx"
    book = openpyxl.Workbook()
    for number in range(1, 300):
        book.create_sheet(f"{number} Mori").append(["name"])
    book.save(path)
    message = refused(path)
    assert message.startswith("several sheets have cells, '1 Mori', '2 Mori', ")
    assert message.endswith("'20 Mori' and 279 more: choose one of them with --sheet")
    assert "'19 Mori' and 280 more with --sheet" in refused(path, sheet="x" * 10_000)
    with pytest.raises(TableError) as caught:
        read(path)
    assert "Mori" not in caught.value.without_names
