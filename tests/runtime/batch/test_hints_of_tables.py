"""Hints of language in tables: a code for each row, by whatever reader, and what is said of texts that are no codes."""

import json
import pickle
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from hayakana import TableError, Transliterator
from hayakana.batch import (
    ArrowTransliterator,
    Columns,
    ReadOptions,
    inputs_of,
    transliterate_to_file,
    transliterate_to_folder,
)
from hayakana.batch.arrow.hints import Hints
from hayakana.cli.main import main
from hayakana.names.languages import language_tag

ROWS = [
    ("Mori", "fr"),
    ("Mori", "FRA"),
    ("Mori Kato", "nl"),
    ("Mori", ""),
    ("Mori", "French"),
    ("Kato", "CH"),
    ("2Pac", "fr"),
    ("Mori de Kato", "fr-CA"),
    ("Mori", "250"),
    ("", "de"),
]
NAMES, CODES = [name for name, _ in ROWS], [code for _, code in ROWS]
FOLLOWED = ["fr", "fr", "nl", "de", "", "", "fr", "fr", "", "de"]
"""With ``language="DE"`` for rows without a code."""


@pytest.fixture(scope="module")
def german(tagged_folder: Path) -> Iterator[Transliterator]:
    with Transliterator(tagged_folder, language="DE") as opened:
        yield opened


@pytest.fixture(scope="module")
def expected(german: Transliterator) -> list[str | None]:
    texts = [result.text for result in german.transliterate_detailed(NAMES, FOLLOWED)]
    assert len({*texts}) > 6
    return texts


def write(path: Path, copies: int = 1) -> Path:
    table = pa.table({"name": NAMES * copies, "Country": CODES * copies})
    if path.suffix == ".parquet":
        pq.write_table(table, path)
    elif path.suffix == ".jsonl":
        path.write_text("".join(json.dumps(row) + "\n" for row in table.to_pylist()))
    else:
        delimiter = "\t" if path.suffix == ".tsv" else ","
        path.write_text("".join(f"{name}{delimiter}{code}\n" for name, code in [("name", "Country"), *ROWS * copies]))
    return path


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".jsonl", ".parquet"])
@pytest.mark.parametrize("window", [3, 1000])
def test_a_column_of_codes(
    german: Transliterator, expected: list[str | None], tmp_path: Path, suffix: str, window: int
) -> None:
    output = tmp_path / "out.parquet"
    report = transliterate_to_file(
        german,
        inputs_of([write(tmp_path / f"in{suffix}")]),
        output,
        columns=Columns(language="country", select=("name",)),
        read_options=ReadOptions(window=window),
    )
    table = pq.read_table(output)
    assert table.column_names == ["name", "katakana", "status"]
    assert table["katakana"].to_pylist() == expected
    assert report.wrong_codes == 2
    assert [(example.row, example.name) for example in report.code_examples] == [(5, "French"), (9, "250")]
    place = "row" if suffix == ".parquet" else "line"
    (hint,) = report.hints
    assert hint.startswith("in 2 rows, the text in the column of languages is no code, and so no hint: ")
    assert f"{place} {5 if place == 'row' or suffix == '.jsonl' else 6} 'French'" in hint
    assert "French" not in str(report.without_names())
    assert json.loads(report.as_json())["wrong_codes"] == 2


@pytest.mark.slow
def test_candidates_and_workers_go_by_the_column_too(tagged_folder: Path, tmp_path: Path) -> None:
    source = write(tmp_path / "in.csv", copies=40)
    outputs = []
    for workers, extra in ((1, []), (2, []), (1, ["--n-best", "1"])):
        output = tmp_path / f"{len(outputs)}.parquet"
        arguments = ["--language", "DE", "--language-column", "Country", "--workers", str(workers), *extra]
        assert main(["batch", "--model", str(tagged_folder), "-q", *arguments, str(source), str(output)]) == 0
        outputs.append(pq.read_table(output)["katakana"].to_pylist())
    assert outputs[0] == outputs[1] == outputs[2]


def test_a_job_that_is_resumed_reports_all_wrong_codes(german: Transliterator, tmp_path: Path) -> None:
    source, folder = write(tmp_path / "in.csv", copies=4), tmp_path / "out"
    options = {
        "columns": Columns(language="Country"),
        "read_options": ReadOptions(window=5),
        "rows_per_file": 10,
    }
    done = transliterate_to_folder(german, inputs_of([source]), folder, **options)
    again = transliterate_to_folder(german, inputs_of([source]), folder, resume=True, **options)
    assert done.wrong_codes == again.wrong_codes == 8
    assert done.code_examples == again.code_examples
    assert len(again.code_examples) == 5
    with pytest.raises(Exception, match="language was"):
        transliterate_to_folder(
            german, inputs_of([source]), folder, resume=True, **options | {"columns": Columns(language="name")}
        )


def test_wrong_codes_name_their_file_where_problems_do(german: Transliterator, tmp_path: Path) -> None:
    (tmp_path / "first.csv").write_text("name,c\nMori,French\n")
    (tmp_path / "second.csv").write_text("name,c\n2Pac,fr\n")
    report = transliterate_to_file(
        german,
        inputs_of([tmp_path / "first.csv", tmp_path / "second.csv"]),
        tmp_path / "out.csv",
        columns=Columns(language="c"),
    )
    _, problem, hint = str(report).splitlines()
    assert problem == "  unreadable: second.csv line 2 '2Pac'"
    assert hint == (
        "  hint: in 1 row, the text in the column of languages is no code, and so no hint: first.csv line 2 'French'"
    )


def test_numbers_in_json_are_no_codes(german: Transliterator, tmp_path: Path) -> None:
    source, output = tmp_path / "in.jsonl", tmp_path / "out.parquet"
    source.write_text(
        '{"name": "Mori", "c": 250}\n{"name": "Mori", "c": null}\n{"name": "Mori"}\n{"name": "Mori", "c": "fr"}\n'
    )
    report = transliterate_to_file(german, inputs_of([source]), output, columns=Columns(language="c"))
    assert pq.read_table(output)["katakana"].to_pylist() == german.transliterate(["Mori"] * 4, ["", None, None, "fr"])
    assert [(example.row, example.name) for example in report.code_examples] == [(1, "250")]


def test_where_there_is_no_such_column(german: Transliterator, tmp_path: Path) -> None:
    source = write(tmp_path / "in.csv")
    with pytest.raises(TableError, match="no column 'lang'; choose one of name, Country with --language-column"):
        transliterate_to_file(german, inputs_of([source]), tmp_path / "out.csv", columns=Columns(language="lang"))
    pq.write_table(pa.table({"name": ["Mori"], "c": [1]}), tmp_path / "in.parquet")
    with pytest.raises(TableError, match="column 'c' holds int64, not text: choose another with --language-column"):
        transliterate_to_file(
            german, inputs_of([tmp_path / "in.parquet"]), tmp_path / "out.csv", columns=Columns(language="c")
        )


def test_plain_text_has_no_column_of_codes(
    tagged_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "in.txt").write_text("Mori\n")
    arguments = ["--model", str(tagged_folder), "--language-column", "c", str(tmp_path / "in.txt")]
    with pytest.raises(SystemExit, match="2"):
        main(["batch", *arguments, str(tmp_path / "out.txt")])
    assert "--language-column is for tables, and an INPUT is plain text" in capsys.readouterr().err


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string(), pa.dictionary(pa.int32(), pa.string())])
def test_arrow(tagged_folder: Path, expected: list[str | None], kind: pa.DataType) -> None:
    columns = {"name": pa.array(NAMES).cast(kind), "country": pa.array(CODES).cast(kind)}
    with ArrowTransliterator(tagged_folder, language="de", language_column="Country") as made:
        transliterator = pickle.loads(pickle.dumps(made))
        batch = pa.record_batch(columns)
        assert transliterator(batch)["katakana"].to_pylist() == expected
        table = pa.concat_tables([pa.table(columns)] * 3)
        assert transliterator(table)["katakana"].to_pylist() == expected * 3
        assert transliterator(table.slice(0, 0))["katakana"].to_pylist() == []
        nulls = pa.table({"name": NAMES, "country": pa.nulls(len(NAMES))})
        assert (
            transliterator(nulls)["katakana"].to_pylist()
            == transliterator(pa.table({"name": NAMES, "country": [None] * 9 + ["de"]}))["katakana"].to_pylist()
        )
        with pytest.raises(TableError, match="give language_column one of name"):
            transliterator(pa.table({"name": NAMES}))
        with pytest.raises(TableError, match="holds int64, not text: give language_column one that does"):
            transliterator(pa.table({"name": ["Mori"], "country": [1]}))


def test_hints_of_codes(german: Transliterator) -> None:
    hints = Hints.of(pa.array(["fr", None, " ", "", "CH", "x y", "es", "FR"]), german)
    assert hints.languages.to_pylist() == ["fr", "de", "de", "de", "", "", "", "fr"]
    assert hints.are_wrong.to_pylist() == [False] * 5 + [True, False, False]
    assert Hints.of(pa.array([], pa.string()), german).languages.to_pylist() == []


def test_a_word_with_a_tag_in_it_is_no_word_under_a_hint(tagged_folder: Path) -> None:
    """Words are remembered by language and word; no name can name that of another."""
    with ArrowTransliterator(tagged_folder, language_column="c") as transliterator:
        names = ["Mori", f"{language_tag('fr')}Mori", "Mori", "fr Mori", "fr\u00a0Mori"]
        found = transliterator(pa.table({"name": names, "c": ["fr", "", "", "", ""]}))
    with Transliterator(tagged_folder) as by_names:
        results = by_names.transliterate_detailed(names, ["fr", "", "", "", ""])
    assert found["katakana"].to_pylist() == [result.text for result in results]
    assert found["status"].to_pylist() == [str(result.status) for result in results]
