"""What INPUT may be: files, folders, patterns, standard input."""

from pathlib import Path

import pytest

from hayakana import TableError
from hayakana.batch import FileFormat, Input, inputs_of, output_format_of


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ["b.csv", "a.csv", "c.parquet", "README", ".hidden.csv", "_SUCCESS", "_part.csv", "deep/d.csv"]:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "_temporary").mkdir()
    (tmp_path / "_temporary" / "e.csv").touch()
    (tmp_path / "folder.csv").mkdir()
    return tmp_path


def names(inputs: list[Input]) -> list[str]:
    return [source.name for source in inputs]


def test_files_in_the_order_in_which_they_are_said(folder: Path) -> None:
    inputs = inputs_of([folder / "b.csv", folder / "a.csv"])
    assert inputs == [Input(folder / "b.csv", FileFormat("csv")), Input(folder / "a.csv", FileFormat("csv"))]


def test_a_folder_is_its_files_by_name_and_nothing_of_an_engines_own(folder: Path) -> None:
    assert names(inputs_of([folder])) == ["a.csv", "b.csv", "c.parquet", "d.csv"]
    with pytest.raises(TableError, match="no file of names in this folder"):
        inputs_of([folder / "_temporary" / ".." / "folder.csv"])


def test_patterns(folder: Path) -> None:
    assert names(inputs_of([f"{folder}/*.csv"])) == ["_part.csv", "a.csv", "b.csv"]
    assert names(inputs_of([f"{folder}/**/d.*"])) == ["d.csv"]
    with pytest.raises(TableError, match="no file of such a name"):
        inputs_of([f"{folder}/*.tsv"])
    (folder / "[1].csv").touch()
    assert names(inputs_of([folder / "[1].csv"])) == ["[1].csv"]


def test_a_format_that_is_named_is_that_of_all(folder: Path) -> None:
    assert inputs_of([folder / "README"], format_name="tsv.gz")[0].file_format == FileFormat("tsv", "gzip")
    with pytest.raises(TableError, match="--input-format"):
        inputs_of([folder / "README"])


def test_standard_input_needs_a_format() -> None:
    assert inputs_of(["-"], format_name="csv") == [Input(None, FileFormat("csv"))]
    assert (str(inputs_of(["-"], format_name="csv")[0]), inputs_of(["-"], format_name="csv")[0].size) == (
        "standard input",
        0,
    )
    with pytest.raises(TableError, match="what format standard input has"):
        inputs_of(["-"])


@pytest.mark.parametrize("again", ["a.csv", "./a.csv", "deep/../a.csv", "*.csv"])
def test_a_file_named_twice_is_refused(folder: Path, again: str) -> None:
    with pytest.raises(TableError, match="named twice"):
        inputs_of([folder / "a.csv", f"{folder}/{again}"])
    with pytest.raises(TableError, match="standard input is named twice"):
        inputs_of(["-", "-"], format_name="csv")


def test_an_output_is_a_file_where_its_suffix_is_known(folder: Path) -> None:
    assert output_format_of(folder / "new.csv.gz") == FileFormat("csv", "gzip")
    assert output_format_of(folder / "new.xlsx") == FileFormat("xlsx")  # Which is refused with what to write instead.
    for name in ("new", "2026.11.25", "folder.csv"):
        assert output_format_of(folder / name) is None
