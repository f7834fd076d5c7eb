"""Spark with workers of its own: what ``Transliterator`` says of each name, and a model once a worker."""

import datetime
import decimal
import importlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.engines import NAMES, expected

from hayakana import Lexicon, MissingExtraError, TableError, Transliterator
from hayakana.batch import ArrowTransliterator
from hayakana.extras import install_line

pytestmark = pytest.mark.spark

EXAMPLES = Path(__file__).parent.parent.parent / "examples"


def transliterate_frame(*arguments):
    from hayakana.integrations import spark

    return spark.transliterate_frame(*arguments)


@pytest.fixture
def frame(spark):
    """The names with their places, in three partitions."""
    return spark.createDataFrame(list(enumerate(NAMES)), "id int, name string").repartition(3, "id")


# --- answers ---


def test_it_says_what_the_transliterator_says_once_a_row(spark, frame, tiny: Transliterator, tiny_folder: Path) -> None:
    done = transliterate_frame(frame, ArrowTransliterator(tiny_folder))
    assert done.dtypes == [("id", "int"), ("name", "string"), ("katakana", "string"), ("status", "string")]
    wanted = [
        (place, name, *answer) for (place, name), answer in zip(enumerate(NAMES), expected(tiny, NAMES), strict=True)
    ]
    assert sorted(done.collect()) == wanted


def test_options_travel(frame, tiny_folder: Path) -> None:
    options = {"separator": "/", "hyphen": "=", "lexicon": Lexicon.of({"2Pac": "ツーパック", "Mori": "モーリ"})}
    options |= {"least_probability": 0.99, "style": ("b-for-v", "hiragana")}
    columns = {"column": "who is", "output_column": "カナ.x", "status_column": "st`atus"}
    frame = frame.withColumnRenamed("name", "who is")
    done = transliterate_frame(frame, ArrowTransliterator(tiny_folder, **options, **columns))
    assert done.columns == ["id", "who is", "カナ.x", "st`atus"]
    with Transliterator(tiny_folder, **options) as transliterator:
        assert [row[2:] for row in sorted(done.collect())] == expected(transliterator, NAMES)


def test_the_names_of_a_column_with_a_dot(spark, tiny_folder: Path) -> None:
    frame = spark.createDataFrame([("Mori", {"b": "Kato"})], "`a.b` string, a struct<b: string>")
    done = transliterate_frame(frame, ArrowTransliterator(tiny_folder, column="a.b"))
    assert done.select("katakana", "status").collect() == [("モリ", "ok")]


def test_no_partition_and_no_row(spark, frame, tiny_folder: Path) -> None:
    arrow = ArrowTransliterator(tiny_folder)
    assert transliterate_frame(spark.createDataFrame([], "name string"), arrow).collect() == []
    assert transliterate_frame(frame.filter("id < 0"), arrow).collect() == []


def test_the_other_columns_stay_as_they_are(spark, tiny_folder: Path) -> None:
    types = "name string not null, price decimal(9, 2), at timestamp, of array<struct<a: int>>, m map<string, int>"
    at = datetime.datetime(2026, 11, 25, 4, 0, 0)
    row = ("Mori", decimal.Decimal("1.50"), at, [(1,), None], {"k": None})
    frame = spark.createDataFrame([row], types).selectExpr("*", "interval 1 month as interval", "null as nothing")
    done = transliterate_frame(frame, ArrowTransliterator(tiny_folder))
    assert done.schema.fields[: len(frame.columns)] == frame.schema.fields
    assert done.drop("interval").collect() == [(*row, None, "モリ", "ok")]


def test_parquet_in_and_parquet_out(spark, tiny: Transliterator, tiny_folder: Path, tmp_path: Path) -> None:
    names = NAMES * 20
    (tmp_path / "in").mkdir()
    for part in range(3):
        table = pa.table({"id": range(part, len(names), 3), "name": names[part::3]})
        pq.write_table(table, tmp_path / "in" / f"{part}.parquet")
    done = transliterate_frame(spark.read.parquet(str(tmp_path / "in")), ArrowTransliterator(tiny_folder))
    done.write.parquet(str(tmp_path / "out"))
    table = pq.read_table(tmp_path / "out").sort_by("id")
    assert table["id"].to_pylist() == list(range(len(names)))
    assert table["name"].to_pylist() == names
    answers = list(zip(table["katakana"].to_pylist(), table["status"].to_pylist(), strict=True))
    assert answers == expected(tiny, names)


# --- what Spark makes of it ---


def test_a_model_is_opened_once_a_worker(spark, tiny_folder: Path) -> None:
    from pyspark.sql import functions as F  # noqa: N812

    def opened(batches: Iterator[pa.Array]) -> Iterator[pa.Array]:
        from hayakana.integrations import spark

        for names in batches:
            misses = spark._opened.cache_info().misses
            yield pa.array([f"{os.getpid()} {misses}"] * len(names))

    def workers(names) -> dict[int, int]:
        answer = F.arrow_udf(opened, "string").asNondeterministic()
        answers = names.select(answer("name").alias("opened")).collect()
        return {int(pid): int(misses) for pid, misses in (row.opened.split() for row in answers)}

    names = spark.range(0, 30, 1, 6).selectExpr("if(id < 0, '', 'Mori') as name")
    spark.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", 2)
    try:
        before = workers(names)
        arrow = ArrowTransliterator(tiny_folder, cache_size=77)  # one that no other test has
        for _ in range(2):
            assert transliterate_frame(names, arrow).filter("katakana = 'モリ'").count() == 30
        after = workers(names)
    finally:
        spark.conf.unset("spark.sql.execution.arrow.maxRecordsPerBatch")
    # 12 tasks of three batches each, and a worker has opened one model at most since.
    assert any(misses == before.get(pid, 0) + 1 for pid, misses in after.items())
    assert all(misses <= before.get(pid, 0) + 1 for pid, misses in after.items())


def test_names_are_asked_for_once_and_only_where_they_are_needed(
    frame, tiny_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    done = transliterate_frame(frame, ArrowTransliterator(tiny_folder))
    for needed, times in [(done.filter("status = 'ok' and katakana like 'モ%'"), 1), (done.select("id"), 0)]:
        needed.explain()
        assert capsys.readouterr().out.count("ArrowEvalPython") == times
    assert done.filter("status = 'missing'").count() == 2


# --- what does not do ---


@pytest.mark.parametrize(
    ("types", "message"),
    [
        ("who string, id int", r"^no column 'name': give column one of who, id$"),
        ("name int", r"^column 'name' holds int, not strings: give column one that does$"),
        ("name array<string>", r"^column 'name' holds array<string>, not strings"),
        (", ".join(f"c{number} int" for number in range(300)), r"^no column 'name': .* c18, c19 and 280 more$"),
        (f"name struct<{', '.join(f'c{number}: int' for number in range(300))}>", r"^.{,400}…, not strings"),
        ("name string, katakana int", r"a column katakana already: give output_column and status_column other names$"),
        ("name string, Status int, KATAKANA int", r"a column katakana and status already"),
    ],
)
def test_columns_that_do_not_do_are_refused_before_anything_runs(
    spark, tiny_folder: Path, types: str, message: str
) -> None:
    with pytest.raises(TableError, match=message):
        transliterate_frame(spark.createDataFrame([], types), ArrowTransliterator(tiny_folder))


def test_two_columns_of_one_name(spark, tiny_folder: Path) -> None:
    frame = spark.createDataFrame([], "name string, id int")
    with pytest.raises(TableError, match="two columns are named 'name'"):
        transliterate_frame(frame.crossJoin(frame), ArrowTransliterator(tiny_folder))


def test_a_hint_for_each_row_is_refused_with_what_to_do(spark, tiny_folder: Path) -> None:
    frame = spark.createDataFrame([("Mori", "fr")], "name string, language string")
    with pytest.raises(TableError, match="leave language_column out, and give language for the names of each language"):
        transliterate_frame(frame, ArrowTransliterator(tiny_folder, language_column="language"))


def test_an_error_of_a_worker_says_what_it_is(frame, tiny_folder: Path, tmp_path: Path) -> None:
    from pyspark.errors import PythonException

    copy = tmp_path / "model"
    copy.mkdir()
    for path in tiny_folder.glob("*.*"):
        (copy / path.name).write_bytes(path.read_bytes())
    done = transliterate_frame(frame, ArrowTransliterator(copy))
    (copy / "encoder.onnx").write_bytes(b"")
    with pytest.raises(PythonException, match=r"ModelFilesError: .*encoder\.onnx"):
        done.collect()


def test_without_the_extra_the_install_line_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("pyspark", "pyspark.sql"):  # The second may have been loaded already.
        monkeypatch.setitem(sys.modules, module, None)
    monkeypatch.delitem(sys.modules, "hayakana.integrations.spark", raising=False)
    with pytest.raises(MissingExtraError, match=r"needs an optional dependency: pip install ") as caught:
        importlib.import_module("hayakana.integrations.spark")
    assert str(caught.value).endswith(install_line("spark"))


def test_the_example_and_no_pandas(tmp_path: Path) -> None:
    """The bundled model, a Spark of its own, and no pandas on either side."""
    (tmp_path / "no" / "pandas").mkdir(parents=True)
    (tmp_path / "no" / "pandas" / "__init__.py").write_text("raise ImportError('pandas, which nothing should need')")
    pq.write_table(pa.table({"name": ["Peter Parker", None, "2Pac"], "id": [1, 2, 3]}), tmp_path / "in.parquet")
    command = [sys.executable, str(EXAMPLES / "spark_job.py"), str(tmp_path / "in.parquet"), str(tmp_path / "out")]
    environment = os.environ | {"PYTHONPATH": str(tmp_path / "no"), "SPARK_LOCAL_IP": "127.0.0.1"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    assert pq.read_table(tmp_path / "out").to_pylist() == [
        {"name": "Peter Parker", "id": 1, "katakana": "ピーター・パーカー", "status": "ok"},
        {"name": None, "id": 2, "katakana": None, "status": "missing"},
        {"name": "2Pac", "id": 3, "katakana": None, "status": "unreadable"},
    ]
