"""Expressions of Polars: what ``Transliterator`` says of each name, in every engine and context of Polars."""

import ast
import io
import pickle
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engines import NAMES, expected
from tests.signatures import assert_takes_all_options

from hayakana import Lexicon, ModelNotFoundError, TableError, Transliterator
from hayakana.batch.arrow import arrays
from hayakana.engine.options import Options
from hayakana.extras import install_line
from hayakana.integrations import polars as integration
from hayakana.integrations.polars import Names

NAME = Names(pl.col("name"))
ENGINES: dict[str, Callable[[pl.DataFrame, pl.Expr], pl.DataFrame]] = {
    "eager": lambda frame, expression: frame.select(expression),
    "lazy": lambda frame, expression: frame.lazy().select(expression).collect(),
    "streaming": lambda frame, expression: frame.lazy().select(expression).collect(engine="streaming"),
}


@pytest.fixture(params=ENGINES)
def selected(request: pytest.FixtureRequest) -> Callable[[pl.DataFrame, pl.Expr], pl.DataFrame]:
    """A way of evaluating an expression on a frame."""
    return ENGINES[request.param]


def katakana_of(transliterator: Transliterator, names: list[str | None]) -> list[str | None]:
    return [katakana for katakana, _ in expected(transliterator, names)]


def test_expressions_take_all_options() -> None:
    assert_takes_all_options(NAME.katakana)
    assert_takes_all_options(NAME.details, beside=("probabilities",))


# --- the same answers ---


@settings(max_examples=40)
@given(st.lists(st.none() | st.sampled_from(NAMES) | st.text(max_size=6), max_size=9), st.sampled_from(list(ENGINES)))
def test_it_says_what_the_transliterator_says(
    tiny: Transliterator, tiny_folder: Path, names: list[str | None], engine: str
) -> None:
    frame = pl.DataFrame({"name": names}, schema={"name": pl.String})
    expressions = [NAME.katakana(tiny_folder).alias("katakana"), NAME.details(tiny_folder).alias("details")]
    done = ENGINES[engine](frame, expressions)
    assert done.schema == {
        "katakana": pl.String,
        "details": pl.Struct({"katakana": pl.String, "status": pl.String}),
    }
    wanted = expected(tiny, names)
    assert done["katakana"].to_list() == [katakana for katakana, _ in wanted]
    assert [tuple(row.values()) for row in done["details"].to_list()] == wanted


def test_importing_gives_expressions_the_namespace(tiny: Transliterator, tiny_folder: Path) -> None:
    frame = pl.DataFrame({"name": NAMES, "id": range(len(NAMES))})
    done = frame.with_columns(katakana=pl.col("name").hayakana.katakana(tiny_folder))
    assert done.drop("katakana").equals(frame)
    assert done["katakana"].to_list() == katakana_of(tiny, NAMES)


def test_probabilities(tiny: Transliterator, tiny_folder: Path, selected) -> None:
    done = selected(pl.DataFrame({"name": NAMES}), NAME.details(tiny_folder, probabilities=True)).unnest("name")
    assert done.schema == {"katakana": pl.String, "status": pl.String, "probability": pl.Float64}
    assert list(done.select("katakana", "status").iter_rows()) == expected(tiny, NAMES)
    results = iter(tiny.transliterate_detailed([name for name in NAMES if name is not None], probabilities=True))
    wanted = [None if name is None else next(results).probability for name in NAMES]
    assert done["probability"].to_list() == pytest.approx(wanted, abs=1e-4)
    assert 0 < done["probability"][0] < 1


def test_options(tagged_known_folder: Path, selected) -> None:
    options = {"separator": "/", "hyphen": "=", "lexicon": Lexicon.of({"2Pac": "ツーパック", "Mori": "モーリ"})}
    options |= {"least_probability": 0.99, "style": ("b-for-v", "hiragana"), "workers": 1, "cache_size": 3}
    options |= {"known_names": True, "kind": "place", "numerals": "figures", "digits": "read", "order": "given_first"}
    options |= {"disambiguators": "drop", "batch_size": 7, "device": "cpu", "language": "fr"}
    names = [*NAMES, "Mori, Kato", "Mori 2 (singer)", "Kato de Kato"]
    frame = pl.DataFrame({"name": names})
    with Transliterator(tagged_known_folder, **options) as transliterator:
        wanted = expected(transliterator, names)
    assert {"unsure", "lexicon"} <= {status for _, status in wanted}
    assert wanted[names.index("Mori, Kato")][0].endswith("/モーリ")
    assert "/ど/" in wanted[names.index("Kato de Kato")][0]
    done = selected(frame, NAME.details(tagged_known_folder, **options))
    assert [tuple(row.values()) for row in done["name"].to_list()] == wanted
    katakana = selected(frame, NAME.katakana(tagged_known_folder, **options))["name"].to_list()
    assert katakana == [text for text, _ in wanted]


def test_several_models_in_one_query(tiny: Transliterator, tiny_folder: Path, selected) -> None:
    expressions = [NAME.katakana(tiny_folder).alias("tiny"), NAME.katakana("seed").alias("seed")]
    done = selected(pl.DataFrame({"name": ["Mori", "Jon Snow"]}), expressions)
    assert done["tiny"].to_list() == tiny.transliterate(["Mori", "Jon Snow"])
    assert done["seed"][1] == "ジョン・スノー"


# --- columns ---


@pytest.mark.parametrize("kind", [pl.String, pl.Categorical, pl.Enum(["Mori", "2Pac", "Kato Tanaka", "never there"])])
def test_kinds_of_text(tiny: Transliterator, tiny_folder: Path, selected, kind: pl.DataType) -> None:
    names = ["Mori", None, "2Pac", "Mori", "Kato Tanaka"]
    frame = pl.DataFrame({"name": pl.Series(names, dtype=pl.String).cast(kind)})
    assert selected(frame, NAME.katakana(tiny_folder))["name"].to_list() == katakana_of(tiny, names)
    assert selected(frame.head(0), NAME.katakana(tiny_folder)).schema == {"name": pl.String}
    nulls = selected(frame.filter(pl.col("name").is_null()), NAME.details(tiny_folder))
    assert nulls["name"].to_list() == [{"katakana": None, "status": "missing"}]


@pytest.mark.parametrize("kind", [pl.String, pl.Null, pl.Categorical])
@pytest.mark.parametrize("rows", [0, 1, 3])
def test_columns_without_a_name(tiny_folder: Path, selected, kind: pl.DataType, rows: int) -> None:
    frame = pl.DataFrame({"name": pl.Series([None] * rows, dtype=kind)})
    assert selected(frame, NAME.katakana(tiny_folder))["name"].to_list() == [None] * rows
    details = selected(frame, NAME.details(tiny_folder, probabilities=True))
    assert details["name"].to_list() == [{"katakana": None, "status": "missing", "probability": None}] * rows
    assert details["name"].dtype == pl.Struct({"katakana": pl.String, "status": pl.String, "probability": pl.Float64})


@pytest.mark.parametrize(
    "values",
    [
        pl.Series([7]),
        pl.Series([b"Mori"]),
        pl.Series([["Mori"]]),
        pl.Series([{"name": "Mori"}]),
        pl.Series([None], dtype=pl.Boolean),
    ],
    ids=lambda values: str(values.dtype),
)
def test_columns_of_other_types(tiny_folder: Path, selected, values: pl.Series) -> None:
    # Polars before 1.30 raises an error of its own with the text of ours.
    with pytest.raises(
        (TableError, pl.exceptions.ComputeError), match="not String, Categorical or Enum: give a column"
    ):
        selected(pl.DataFrame({"name": values}), NAME.katakana(tiny_folder))


def test_a_column_of_more_rows_than_an_arrow_array_has(tiny: Transliterator, tiny_folder: Path) -> None:
    times = -(-(1 << 20) // len(NAMES))
    frame = pl.DataFrame({"name": NAMES}).select(pl.concat([pl.col("name")] * times))
    assert len(frame) > 1 << 20
    frame = frame.with_columns(category=pl.col("name").cast(pl.Categorical))
    for column in frame.columns:
        done = frame.select(Names(pl.col(column)).details(tiny_folder).struct.unnest())
        assert list(done.iter_rows()) == expected(tiny, NAMES) * times


def test_a_large_frame_and_a_file(tiny: Transliterator, tiny_folder: Path, tmp_path: Path) -> None:
    times = 50_000
    pl.DataFrame({"name": NAMES * times}).write_parquet(tmp_path / "in.parquet", row_group_size=70_000)
    lazy = pl.scan_parquet(tmp_path / "in.parquet").with_columns(katakana=NAME.katakana(tiny_folder))
    lazy.sink_parquet(tmp_path / "out.parquet")
    done = pl.read_parquet(tmp_path / "out.parquet")
    once = pl.DataFrame({"name": NAMES, "katakana": katakana_of(tiny, NAMES)}, schema_overrides={"katakana": pl.String})
    assert done.equals(pl.concat([once] * times))
    assert lazy.collect(engine="streaming").equals(done)


# --- contexts ---


def test_in_groups(tiny: Transliterator, tiny_folder: Path) -> None:
    frame = pl.DataFrame({"name": ["Mori", "Kato", None, "Tanaka", "2Pac"], "of": [1, 2, 1, 2, 1]})
    mori, kato, tanaka = tiny.transliterate(["Mori", "Kato", "Tanaka"])
    katakana, wanted = NAME.katakana(tiny_folder), [[mori, None, None], [kato, tanaka]]
    assert frame.group_by("of", maintain_order=True).agg(katakana)["name"].to_list() == wanted
    lazy = frame.lazy().group_by("of").agg(katakana).sort("of")
    assert lazy.collect(engine="streaming")["name"].to_list() == wanted
    first = Names(pl.col("name").first()).katakana(tiny_folder)
    assert frame.group_by("of", maintain_order=True).agg(first)["name"].to_list() == [mori, kato]
    assert frame.select(katakana.over("of"))["name"].to_list() == [mori, kato, None, tanaka, None]
    assert frame.select(first.over("of"))["name"].to_list() == [mori, kato, mori, kato, mori]
    counted = frame.group_by(katakana.alias("katakana")).len().sort("katakana", nulls_last=True)
    assert counted["len"].to_list()[-1] == 2


def test_in_other_expressions(tiny: Transliterator, tiny_folder: Path, selected) -> None:
    frame = pl.DataFrame({"name": ["Mori", None, "Kato"], "list": [["Mori", None], [], None]})
    mori, kato = tiny.transliterate(["Mori", "Kato"])
    katakana = NAME.katakana(tiny_folder)
    assert selected(frame, katakana.fill_null("?"))["name"].to_list() == [mori, "?", kato]
    either = pl.when(pl.col("name") == "Mori").then(katakana).otherwise(pl.lit("other"))
    assert selected(frame, either.alias("name"))["name"].to_list() == [mori, "other", "other"]
    in_lists = pl.col("list").list.eval(Names(pl.element()).katakana(tiny_folder))
    assert selected(frame, in_lists)["list"].to_list() == [[mori, None], [], None]
    literal = Names(pl.lit("Mori")).katakana(tiny_folder).alias("literal")
    assert selected(frame, [pl.col("name"), literal])["literal"].to_list() == [mori] * 3
    status = NAME.details(tiny_folder).struct.field("status")
    assert selected(frame, status)["status"].to_list() == ["ok", "missing", "ok"]


def test_only_what_is_needed_is_asked_for(tiny_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    answers = arrays.ArrayTransliterator.answers

    def listening(self, names, **options):
        asked.extend(names.to_pylist())
        return answers(self, names, **options)

    monkeypatch.setattr(arrays.ArrayTransliterator, "answers", listening)
    frame = pl.LazyFrame({"name": ["Mori", "Kato"], "id": [1, 2]}).with_columns(katakana=NAME.katakana(tiny_folder))
    frame.select("id").collect()
    assert asked == []
    assert frame.collect_schema()["katakana"] == pl.String
    assert frame.filter(pl.col("id") == 2).collect()["katakana"].len() == 1
    assert asked == ["Kato"]


# --- models, threads, travel ---


def test_a_model_is_opened_once_and_by_a_query(
    tiny: Transliterator, tiny_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = []

    class Listening(Transliterator):
        def __init__(self, *arguments, **keywords) -> None:
            opened.append(keywords["cache_size"])
            super().__init__(*arguments, **keywords)

    monkeypatch.setattr(arrays, "Transliterator", Listening)
    names = [f"{name} {chr(97 + place % 26)}" for place, name in enumerate(["Mori", "Kato", "Tanaka"] * 100)]
    frame = pl.DataFrame({"name": names})

    def done(_: int) -> list[str | None]:
        expression = NAME.katakana(tiny_folder, cache_size=4_321)
        return frame.lazy().select(expression).collect(engine="streaming")["name"].to_list()

    Names(pl.col("name")).katakana(tiny_folder, cache_size=4_321)
    assert opened == []
    with ThreadPoolExecutor(8) as threads:
        results = list(threads.map(done, range(24)))
    assert opened == [4_321]
    assert results == [katakana_of(tiny, names)] * 24


def test_many_options_leave_few_models_open(tiny_folder: Path) -> None:
    for size in range(integration._MOST_KEPT * 2):
        NAME.katakana(tiny_folder, cache_size=size)
    assert integration._arrays_of.cache_info().currsize == integration._MOST_KEPT


def test_workers(tiny: Transliterator, tiny_folder: Path) -> None:
    done = pl.DataFrame({"name": NAMES}).select(NAME.katakana(tiny_folder, workers=2))
    assert done["name"].to_list() == katakana_of(tiny, NAMES)
    integration._arrays_of.cache_clear()


def test_expressions_travel(tiny_folder: Path) -> None:
    pytest.importorskip("cloudpickle")  # with which Polars pickles functions
    expression = NAME.details(tiny_folder, lexicon=Lexicon.of({"2Pac": "ツーパック"}), probabilities=True)
    lazy = pl.LazyFrame({"name": ["Mori", "2Pac", None]}).select(expression)
    done = lazy.collect()
    assert pl.LazyFrame.deserialize(io.BytesIO(lazy.serialize())).collect().equals(done)
    copy = pickle.loads(pickle.dumps(expression))
    assert pl.DataFrame({"name": ["Mori", "2Pac", None]}).select(copy).equals(done)


def test_another_process_opens_its_own_model(tiny: Transliterator, tiny_folder: Path) -> None:
    options = Options(model=str(tiny_folder), lexicon=Lexicon.of({"2Pac": "ツーパック"}))
    mapping = pickle.dumps(integration._Mapping(options.keywords(), ("katakana", "status")))
    code = (
        "import pickle, sys, polars as pl; mapping = pickle.loads(sys.stdin.buffer.read());"
        "print(ascii([*mapping(pl.Series('name', ['Mori', '2Pac', None])).struct.field('katakana')]))"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, input=mapping, capture_output=True, check=True, timeout=300)
    assert ast.literal_eval(done.stdout.decode()) == [tiny("Mori"), "ツーパック", None]


# --- what does not do ---


def test_options_that_do_not_do_are_refused_at_once(tiny_folder: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelNotFoundError, match="give a bundled one"):
        NAME.katakana(tmp_path / "none")
    with pytest.raises(ValueError, match="workers must be a number of at least 1"):
        NAME.details(tiny_folder, workers=0)
    with pytest.raises(TypeError, match="lexicon must be a Lexicon or a path"):
        NAME.katakana(tiny_folder, lexicon={"a": "ア"})


@pytest.mark.parametrize("package", ["polars", "pyarrow"])
def test_without_the_extra(package: str) -> None:
    code = f"import sys; sys.modules[{package!r}] = None; import hayakana.integrations.polars"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=300)
    assert done.stderr.splitlines()[-1] == (
        "hayakana.errors.MissingExtraError: transliterating in an expression of Polars needs an optional dependency: "
        + install_line("polars")
    )
