"""A first line that reads as a row is said to have been taken for column names, and no usual header is."""

import json
from pathlib import Path

import pytest

from hayakana import TableError, Transliterator
from hayakana.batch import Columns, ReadOptions, inputs_of, transliterate_to_file
from hayakana.batch.formats.headers import reads_as_a_name, reads_as_a_row


@pytest.mark.parametrize(
    "text",
    [
        "Peter Parker",
        "ANNA SMITH",
        "Ludwig van Beethoven",
        "Mary-Ann O'Neil",
        "Parker, Peter",
        "J. R. R. Tolkien",
        "Zoë Ó Néill",
    ],
)
def test_names_read_as_names(text: str) -> None:
    assert reads_as_a_name(text)
    assert reads_as_a_row([text], [text])


@pytest.mark.parametrize(
    "text",
    [
        "name",
        "Name",
        "Full Name",
        "First name",
        "customer label",
        "Kunde",
        "Player Name",
        "名前",
        "Peter",
        "",
        "Name (Latin)",
        "Vorname Nachname",
        "Column 2",
        "NAME_OF_CLIENT",
        "Author",
        "A B C D E F",
    ],
)
def test_headers_do_not(text: str) -> None:
    assert not reads_as_a_name(text)
    assert not reads_as_a_row([text, "id"], [text])


def test_a_number_beside_a_word_reads_as_a_row() -> None:
    assert reads_as_a_row(["1", "Peter"], ["Peter"])
    assert not reads_as_a_row(["2019", "Name"], ["Name"])
    assert not reads_as_a_row(["1", "name"], ["name"])


def test_the_report_says_it(tiny: Transliterator, tmp_path: Path) -> None:
    (source := tmp_path / "in.csv").write_text("Mori Kato\nSato\n", encoding="utf-8")
    report = transliterate_to_file(tiny, inputs_of([source]), tmp_path / "out.csv")
    hint = "the first line, 'Mori Kato', was taken for column names: give --no-header if it is a row"
    assert f"\n  hint: {hint}" in str(report)
    assert json.loads(report.as_json())["hints"] == [hint]
    assert "Mori" not in str(report.without_names()) + report.without_names().as_json()
    assert "hint: the first line was taken" in str(report.without_names())
    options = {"read_options": ReadOptions(header=False), "overwrite": True}
    report = transliterate_to_file(tiny, inputs_of([source]), tmp_path / "out.csv", **options)
    assert (report.rows, report.hints) == (2, [])


def test_a_column_that_is_not_there_is_said_with_the_option(tiny: Transliterator, tmp_path: Path) -> None:
    (source := tmp_path / "in.csv").write_text("1,Mori Kato\n2,Sato\n", encoding="utf-8")
    with pytest.raises(TableError, match="choose one of 1, Mori Kato with --column, or give --no-header if the first"):
        transliterate_to_file(tiny, inputs_of([source]), tmp_path / "out.csv")
    report = transliterate_to_file(tiny, inputs_of([source]), tmp_path / "out.csv", columns=Columns("2"))
    assert report.hints
