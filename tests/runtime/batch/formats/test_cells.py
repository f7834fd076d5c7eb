"""Values as text: types that have one, and cells that a spreadsheet would run."""

import csv
import decimal
import io
import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.tables import CSV, JSONL, PARQUET, TSV, cells, written

from hayakana import TableError
from hayakana.batch.formats.registry import FileFormat, WriteOptions, writer
from hayakana.syntax import Csv, Tsv

# --- other types in text ---


def test_every_type_has_a_text() -> None:
    table = pa.table(
        {
            "name": ["Mori", "Mori"],
            "when": pa.array([1_700_000_000_000_000_001, None], pa.timestamp("ns")),
            "day": pa.array([20_000, 2_000_000], pa.date32()),
            "price": pa.array([decimal.Decimal("1.10"), None]),
            "number": [1.5, float("nan")],
            "count": [7, None],
            "good": [True, None],
            "tags": [["a", "b"], None],
            "scores": [[float("nan"), 1.0], None],
            "kind": pa.array(["x", "y"]).dictionary_encode(),
        }
    )
    first, second = map(json.loads, written(table, JSONL).splitlines())
    assert first == {
        "name": "Mori",
        "when": "2023-11-14 22:13:20.000000001",
        "day": "2024-10-04",
        "price": "1.10",
        "number": 1.5,
        "count": 7,
        "good": True,
        "tags": ["a", "b"],
        "scores": ["nan", 1.0],
        "kind": "x",
    }
    assert (second["number"], second["count"], second["good"], second["when"]) == ("nan", None, None, None)
    assert cells(written(table, CSV))[1:] == [
        (
            "Mori",
            "2023-11-14 22:13:20.000000001",
            "2024-10-04",
            "1.10",
            "1.5",
            "7",
            "true",
            '["a", "b"]',
            '["nan", 1.0]',
            "x",
        ),
        ("Mori", "", cells(written(table, CSV))[2][2], "", "nan", "", "", "", "", "y"),
    ]


@pytest.mark.parametrize(
    "values",
    [
        pa.array([b"\xff"]),
        pa.array([{"a": b"\xff"}]),
        pa.array([[b"\xff"]]),
    ],
    ids=lambda values: str(values.type),
)
def test_values_without_a_text_are_named(values: pa.Array) -> None:
    table = pa.table({"name": ["Mori"], "odd": values})
    assert pq.read_table(io.BytesIO(written(table, PARQUET))).column("odd").combine_chunks().equals(values)
    for file_format in (CSV, TSV, JSONL):
        with pytest.raises(TableError, match=r"column 'odd' holds .* has no text: write \.parquet, or drop the column"):
            written(table, file_format)


# --- cells that a spreadsheet would run ---


@pytest.mark.parametrize("format_name", ["csv", "tsv"])
def test_cells_that_a_spreadsheet_would_run_are_quoted_where_that_is_asked_for(format_name: str) -> None:
    runs = ["=1+1", "+81-3-1234", "-1-1", "@SUM(1)", "＝1", "＋1", "－1", "＠a", "-", "-5%", "\0=1", "=1,2"]
    stays = ["-5", "+1.5e3", "-0.25", "a=1", "", "'=1", " =1", "5", "山田"]
    if format_name == "csv":
        runs += ["\t=1", "\r=1", "\n=1", "-5\n"]
    batch = pa.record_batch([runs + stays], names=["=name"])
    for quotes, mark in ((True, "'"), (False, "")):
        file = io.BytesIO()
        opened = writer(file, batch.schema, FileFormat(format_name), WriteOptions(quote_formulas=quotes))
        opened.write(batch)
        opened.close()
        dialect = Csv if format_name == "csv" else Tsv
        text = file.getvalue().decode()
        found = [row[0] if row else "" for row in csv.reader(io.StringIO(text, newline=""), dialect)]
        assert found == [f"{mark}=name", *(mark + cell for cell in runs), *stays]


@pytest.mark.parametrize("format_name", ["jsonl", "txt", "parquet"])
def test_formats_that_no_spreadsheet_runs_refuse_to_quote(format_name: str) -> None:
    with pytest.raises(TableError, match=rf"--quote-formulas is for \.csv and \.tsv, not for \.{format_name}"):
        writer(
            io.BytesIO(),
            pa.schema([("katakana", pa.string())]),
            FileFormat(format_name),
            WriteOptions(quote_formulas=True),
        )
