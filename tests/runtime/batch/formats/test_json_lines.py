"""JSON lines: objects of any shape come back, and what is no object is named."""

import io
import json
import re

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.tables import CSV, JSONL, cells, copied, read, written

from hayakana import TableError
from hayakana.batch.formats import json_objects
from hayakana.batch.formats.blocks import TextSizes, utf8_text
from hayakana.batch.formats.json_lines import JsonLinesTable
from hayakana.batch.formats.registry import ReadOptions, Rows, open_table


@given(st.lists(st.none() | st.text(), min_size=1))
def test_any_text_is_a_json_string(values: list[str | None]) -> None:
    content = written(pa.table({'the "name"': pa.array(values, pa.string())}), JSONL).decode()
    assert content == "".join(json.dumps({'the "name"': value}, ensure_ascii=False) + "\n" for value in values)


def test_keys_come_in_the_order_in_which_they_appear() -> None:
    with open_table(io.BytesIO(b'{"b": 1}\n{"a": 2}\n{"b": null}\n'), JSONL, ReadOptions(window=1)) as table:
        batches = [rows.batch.to_pylist() for rows in table.batches()]
    assert batches == [[{"b": "1"}], [{"b": None, "a": "2"}], [{"b": "null", "a": None}]]


def test_a_window_of_more_bytes_than_fit_is_refused_with_the_number_of_rows_that_do() -> None:
    content = b'{"name": "%s"}\n' % (b"x" * 1_000) * 64

    def batches(window: int) -> list[Rows]:
        text = utf8_text(io.BytesIO(content).read, "utf-8", TextSizes(block=4_000))
        return list(JsonLinesTable(text, ReadOptions(window=window), most_bytes=20_000).batches())

    with pytest.raises(TableError, match=r"rows take more than 0 GiB of memory: give --window \d+ or less") as caught:
        batches(64)
    (fitting,) = re.findall(r"--window (\d+)", str(caught.value))
    assert sum(len(rows.batch) for rows in batches(int(fitting))) == 64


def test_json_text_is_kept_as_it_is() -> None:
    content = (
        '{"name": "Mori", "id": "007", "n": 1.10, "big": 123456789012345678901234567890, "deep": {"a": [1, 2.50]}}\n'
        '\n {"name":"\\u004dori", "extra" : null}\n{"id": "x"}\n{"name": 7}\n{"id":"8","name":"Kato"}\r\n'
    )
    assert copied(content.encode(), JSONL, JSONL).decode().split("\n") == [
        '{"name": "Mori", "id": "007", "n": 1.10, "big": 123456789012345678901234567890, "deep": {"a": [1, 2.50]}}',
        '{"name": "\\u004dori", "extra": null}',
        '{"id": "x"}',
        '{"name": 7}',
        '{"name": "Kato", "id": "8"}',
        "",
    ]
    assert cells(copied(content.encode(), JSONL, CSV)) == [
        ("name", "id", "n", "big", "deep", "extra"),
        ("Mori", "007", "1.10", "123456789012345678901234567890", '{"a": [1, 2.50]}', ""),
        ("Mori", "", "", "", "", ""),
        ("", "x", "", "", "", ""),
        ("7", "", "", "", "", ""),
        ("Kato", "8", "", "", "", ""),
    ]


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(), st.lists, max_leaves=10
)


@given(st.lists(st.dictionaries(st.text(max_size=2), JSON_VALUES, min_size=1), min_size=1, max_size=4), st.booleans())
def test_any_json_comes_back(rows: list[dict], ensure_ascii: bool) -> None:
    content = "".join(json.dumps(row, ensure_ascii=ensure_ascii) + "\n" for row in rows).encode()
    done = [json.loads(line) for line in copied(content, JSONL, JSONL).decode().split("\n")[:-1]]
    assert done == rows


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('{"name": "Mori"', "is not a JSON object"),
        ('{"name": "Mori"} x', ".* more after the object"),
        ("[1]", "is not a JSON object"),
        ('{"name": "a", "name": "b"}', ".* stands twice"),
        ('{"name": 1,}', "is not a JSON object"),
        ('{"name": 007}', "is not a JSON object"),
        ('{"name": .5}', "is not a JSON object"),
        ('{"name": "a\tb"}', "is not a JSON object"),
        ('{"name": "\\x"}', "is not a JSON object"),
        ("{}", "an object without a key"),
    ],
)
def test_a_line_that_is_no_object_is_named(line: str, message: str) -> None:
    with pytest.raises(TableError, match=rf"^line 2:? {message}"):
        read(f'{{"name": "Mori"}}\n{line}\n'.encode(), JSONL)


SCALARS = [
    "1",
    "-0.5e+7",
    '""',
    '"é\\u00e9\\\\\\""',
    "null",
    "true",
    '"\\ud800"',
    "[1]",
    '{"b": 2}',
    "01",
    "1.",
    "+1",
    '"a\tb"',
    "NaN",
]


@given(
    st.lists(st.tuples(st.sampled_from(SCALARS[:9] * 4 + SCALARS), st.sampled_from(['"b"', '"c"', '"a"'])), min_size=1)
)
def test_all_shapes_of_objects_are_read_alike(rows: list[tuple[str, str]]) -> None:
    lines = pa.array([f' {{"a" : {value},{key}:{value} }}\r' for value, key in rows])
    numbers = pa.array(range(1, len(rows) + 1))
    try:
        expected, _ = json_objects._parsed(lines, numbers, mark=False)
    except TableError as error:
        with pytest.raises(TableError, match=f"^{re.escape(str(error))}$"):
            json_objects.objects(lines, numbers, mark=False)
    else:
        assert json_objects.objects(lines, numbers, mark=False)[0].equals(expected)


def test_objects_of_many_keys_are_read() -> None:
    row = {f"key {number}": number for number in range(100)}
    assert read((json.dumps(row) + "\n").encode() * 2, JSONL).to_pylist() == [{key: str(row[key]) for key in row}] * 2


def test_blank_lines_are_no_objects_and_count_as_lines() -> None:
    assert read(b'\n{"a": 1}\n \r\n\n{"a": 2}\n\n', JSONL).to_pylist() == [{"a": "1"}, {"a": "2"}]
    with pytest.raises(TableError, match=r"^line 5 is not a JSON object"):
        read(b'\n{"a": 1}\n \r\n\n{"a": x}\n\n', JSONL)
