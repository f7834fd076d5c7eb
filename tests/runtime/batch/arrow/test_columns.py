"""Names in several columns, found by what users call them; texts that stand for a missing name."""

import json
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hayakana import TableError, Transliterator
from hayakana.batch import ArrowTransliterator, Columns, ReadOptions, inputs_of, transliterate_to_file
from hayakana.batch.arrow.columns import joined_names

PEOPLE = [("Mori", "Kato"), ("", "Sato"), ("Tanaka", " "), ("", ""), (" Mori", "2Pac")]


def done(tiny: Transliterator, folder: Path, content: str, columns: Columns, suffix: str = ".csv") -> list[dict]:
    (folder / f"in{suffix}").write_text(content, encoding="utf-8")
    options = {"columns": columns, "read_options": ReadOptions(window=2), "overwrite": True}
    transliterate_to_file(tiny, inputs_of([folder / f"in{suffix}"]), folder / "out.jsonl", **options)
    return [json.loads(line) for line in (folder / "out.jsonl").read_text(encoding="utf-8").splitlines()]


def answers(rows: list[dict]) -> list[tuple[str | None, str]]:
    return [(row["katakana"], row["status"]) for row in rows]


def test_a_name_can_be_in_several_columns_in_any_order(tiny: Transliterator, tmp_path: Path) -> None:
    content = "id,family,given\n" + "".join(f"1,{family},{given}\n" for given, family in PEOPLE)
    rows = done(tiny, tmp_path, content, Columns(("family", "given")))
    assert answers(rows) == [
        ("カト・モリ", "ok"),
        ("サト", "ok"),
        ("タナカ", "ok"),
        (None, "empty"),
        (None, "unreadable"),
    ]
    assert answers(done(tiny, tmp_path, content, Columns(("given", "family"))))[0] == ("モリ・カト", "ok")


def test_a_row_of_nulls_is_missing(tiny: Transliterator, tmp_path: Path) -> None:
    lines = ['{"a": "Mori", "b": null}', '{"a": null, "b": null}', '{"b": 7}', '{"a": "", "b": null}', '{"b": "Kato"}']
    rows = done(tiny, tmp_path, "\n".join(lines), Columns(("a", "b")), ".jsonl")
    assert answers(rows) == [("モリ", "ok"), (None, "missing"), (None, "missing"), (None, "empty"), ("カト", "ok")]


CELLS = st.none() | st.sampled_from(["", " ", "Mori", " Kato ", "\u3000"])


@given(st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=5))
def test_names_are_joined_row_by_row(rows: list[tuple[str | None, ...]]) -> None:
    parts = [pa.array([row[place] for row in rows], pa.string()) for place in range(3)]
    expected = [
        None if all(cell is None for cell in row) else " ".join(cell for cell in row if cell and cell.strip())
        for row in rows
    ]
    assert joined_names(parts).to_pylist() == expected


def test_columns_are_found_regardless_of_case_and_spaces_and_by_number(tiny: Transliterator, tmp_path: Path) -> None:
    content = "Id, Name ,2\n1,Mori,Kato\n"
    for names in (None, "name", "NAME"):
        assert answers(done(tiny, tmp_path, content, Columns(names))) == [("モリ", "ok")]
    assert answers(done(tiny, tmp_path, content, Columns("2"))) == [("カト", "ok")]  # A name wins over a number.
    rows = done(tiny, tmp_path, content, Columns(("3", "name"), select=("1", "2")))
    assert rows == [{"Id": "1", "2": "Kato", "katakana": "カト・モリ", "status": "ok"}]


def test_a_number_finds_nothing_in_json_lines(tiny: Transliterator, tmp_path: Path) -> None:
    with pytest.raises(TableError, match="no column '1'; choose one of who with --column"):
        done(tiny, tmp_path, '{"who": "Mori"}\n', Columns("1"), ".jsonl")
    rows = done(tiny, tmp_path, '{"Who": "Mori", "x": 1}\n', Columns("who", select=("X",)), ".jsonl")
    assert rows == [{"x": 1, "katakana": "モリ", "status": "ok"}]


@pytest.mark.parametrize(
    ("header", "columns", "message"),
    [
        ("name , Name", Columns("NAME"), r"column 'NAME' is ambiguous; choose one of 'name ', ' Name' with --column"),
        ("id,Nam", Columns(), r"no column 'name'; choose one of id, Nam with --column"),
        ("id,name", Columns(("name", "NAME")), r"'name' and 'NAME' are one column: give --column once for each"),
        ("id,name", Columns(("name", "2")), r"are one column"),
        ("id,name", Columns(select=("id", "ID")), r"two columns are named 'id'"),
        ("id,name", Columns(select=("3",)), r"no column '3'; choose one of id, name with --select"),
    ],
)
def test_what_is_not_clear_is_refused(
    tiny: Transliterator, tmp_path: Path, header: str, columns: Columns, message: str
) -> None:
    with pytest.raises(TableError, match=message):
        done(tiny, tmp_path, f"{header}\n1,Mori\n", columns)


@pytest.mark.parametrize("names", [(), ("a", "a")])
def test_columns_of_names_are_given_once_each(names: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="give at least one, and each once"):
        Columns(names)


@pytest.mark.parametrize("suffix", [".csv", ".jsonl"])
def test_a_text_can_stand_for_a_missing_name(tiny: Transliterator, tmp_path: Path, suffix: str) -> None:
    names = ["\\N", "Mori", "-0-", "n/a", ""]
    lines = ["name,x"] + [f"{name},1" for name in names]
    if suffix == ".jsonl":
        lines = [json.dumps({"name": name}) for name in names]
    content = "\n".join(lines) + "\n"
    rows = done(tiny, tmp_path, content, Columns(missing=("\\N", "-0-")), suffix)
    assert [row["name"] for row in rows] == names
    assert [row["status"] for row in rows] == ["missing", "ok", "missing", "ok", "empty"]
    rows = done(tiny, tmp_path, content, Columns(missing=("",)), suffix)
    assert [row["status"] for row in rows] == ["unreadable", "ok", "unreadable", "ok", "missing"]


def test_a_part_of_a_name_can_be_missing(tiny: Transliterator, tmp_path: Path) -> None:
    content = "given,family\nMori,\\N\n\\N,\\N\n"
    rows = done(tiny, tmp_path, content, Columns(("given", "family"), missing=("\\N",)))
    assert answers(rows) == [("モリ", "ok"), (None, "missing")]


def test_arrow_takes_several_columns(tiny_folder: Path) -> None:
    table = pa.table({"Given": ["Mori", None], "family": pa.array(["Kato", None]).dictionary_encode()})
    with ArrowTransliterator(tiny_folder, column=["family", "given"]) as transliterator:
        for rows in (table, table.to_batches()[0], pa.concat_tables([table, table])):
            found = transliterator(rows)
            assert found.column("katakana").to_pylist()[:2] == ["カト・モリ", None]
            assert found.column("status").to_pylist()[:2] == ["ok", "missing"]
        assert transliterator.columns == (("family", "given"), "katakana", "status")
    with pytest.raises(ValueError, match="column is empty"):
        ArrowTransliterator(tiny_folder, column=[])
