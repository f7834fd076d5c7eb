"""A table of one column whose values another delimiter separates is refused, and no other table is."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hayakana import TableError, Transliterator
from hayakana.batch import inputs_of, transliterate_to_file
from hayakana.batch.formats.registry import FileFormat, ReadOptions, open_table

CSV, TSV = FileFormat("csv"), FileFormat("tsv")
CELLS = st.text(st.sampled_from("abé山 '.-"), min_size=1, max_size=6)


def read(content: str, file_format: FileFormat = CSV, **options: object) -> list[list[str]]:
    with open_table(io.BytesIO(content.encode()), file_format, ReadOptions(**options)) as table:
        names = table.schema.names
        return [names, *(list(row.values()) for rows in table.batches() for row in rows.batch.to_pylist())]


@pytest.mark.parametrize(
    ("content", "option"),
    [
        ("name;city\nPeter Parker;London\n", "--delimiter ';'"),
        ("name\tcity\nPeter Parker\tLondon\n", r"--delimiter \$'\\t'"),
        ("name|city\nPeter Parker|London\n", r"--delimiter '\|'"),
        ("name;city\r\nPeter;London\r\n\r\nAnna;Berlin", "--delimiter ';'"),
        ("name;price\nPeter;1,50\n", "--delimiter ';'"),
        ("name;city\n", "--delimiter ';'"),
        ('"name";"city"\n"Parker; Peter";"London"\n', "--delimiter ';'"),
        ("name;note\nPeter;5\" nail\nAnna;'x'\n", "--delimiter ';'"),
        ("name;city\nPeter;London\nAnna\nEve;Rome\n", "--delimiter ';'"),
    ],
)
def test_a_delimiter_in_the_names_and_the_rows_is_refused_with_the_option_that_reads_it(
    content: str, option: str
) -> None:
    with pytest.raises(TableError, match=rf"seem to be separated by .* give {option}, or --delimiter ',' if there is"):
        read(content)


@pytest.mark.parametrize(
    ("content", "option"), [("name,city\nPeter,London\n", "','"), ("name;city\nPeter;London\n", "';'")]
)
def test_the_same_is_so_in_tsv(content: str, option: str) -> None:
    with pytest.raises(TableError, match=rf"give --delimiter {option}, or --delimiter \$'\\t' if there is one column"):
        read(content, TSV)


@pytest.mark.parametrize(
    "content",
    [
        "name\nParker; Peter\nSmith; Anna\n",
        "name\nPeter\tParker\n",
        "name; or alias\nPeter\nAnna\nEve; Eva\n",
        '"name; or alias"\n"Peter; Pete"\n',
        "name|\u3000nom\nPeter\n",
        "name\n",
    ],
)
def test_a_column_that_is_one_is_read(content: str) -> None:
    assert [row[0] for row in read(content)] == [row[0] for row in csv.reader(io.StringIO(content)) if row]


@pytest.mark.parametrize("content", ["name;city\nPeter;London\n", "name\tcity\nPeter\tLondon\n"])
def test_whoever_gives_the_delimiter_is_believed(content: str) -> None:
    assert read(content, delimiter=",") == [[line] for line in content.splitlines()]


@given(st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=8), st.sampled_from(";\t|"), st.booleans())
def test_every_table_of_two_columns_is_refused_and_then_read(
    rows: list[tuple[str, str]],
    delimiter: str,
    quoted: bool,
) -> None:
    text = io.StringIO()
    quoting = csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL
    csv.writer(text, delimiter=delimiter, lineterminator="\n", quoting=quoting).writerows([("name", "x"), *rows])
    with pytest.raises(TableError, match="seem to be separated"):
        read(text.getvalue())
    assert read(text.getvalue(), delimiter=delimiter) == [["name", "x"], *map(list, rows)]


@given(st.lists(st.text(st.sampled_from("ab;|\t '"), min_size=1, max_size=6), min_size=1, max_size=8))
def test_no_column_is_refused_whose_name_has_no_delimiter(values: list[str]) -> None:
    assert read("name\n" + "".join(f"{value}\n" for value in values)) == [["name"], *([value] for value in values)]


def test_nothing_is_written_and_the_file_is_named(tiny: Transliterator, tmp_path: Path) -> None:
    (source := tmp_path / "s.csv").write_text("name;city\nMori;Tsu\n", encoding="utf-8")
    with pytest.raises(TableError, match=r"s\.csv: the columns seem to be"):
        transliterate_to_file(tiny, inputs_of([source]), tmp_path / "o.csv")
    assert list(tmp_path.iterdir()) == [source]
