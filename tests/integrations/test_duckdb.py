"""Functions of DuckDB: what ``Transliterator`` says of each name, from however many threads DuckDB asks."""

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engines import NAMES, expected
from tests.signatures import assert_takes_all_options

from hayakana import Lexicon, ModelNotFoundError, Transliterator
from hayakana.batch.arrow import arrays
from hayakana.extras import install_line
from hayakana.integrations.duckdb import register


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        yield connection


@pytest.fixture(scope="module")
def of_tiny(tiny_folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection with the functions of the tiny model."""
    with duckdb.connect() as connection, register(connection, tiny_folder):
        yield connection


def rows(connection: duckdb.DuckDBPyConnection, query: str, names: list[str | None] = NAMES) -> list[tuple]:
    """Return what ``query`` gives of the table ``people`` of ``id`` and ``name``."""
    cursor = connection.cursor()
    cursor.register("people", pa.table({"id": range(len(names)), "name": pa.array(names, pa.string())}))
    try:
        return cursor.execute(query).fetchall()
    finally:
        cursor.unregister("people")
        cursor.close()


def test_it_takes_all_options(connection: duckdb.DuckDBPyConnection) -> None:
    assert_takes_all_options(register, connection, beside=("connection", "function", "probabilities"))


# --- the same answers ---


@settings(max_examples=30)
@given(st.lists(st.none() | st.sampled_from(NAMES) | st.text(max_size=6), max_size=9))
def test_it_says_what_the_transliterator_says(
    of_tiny: duckdb.DuckDBPyConnection, tiny: Transliterator, names: list[str | None]
) -> None:
    query = "select katakana(name), unnest(katakana_details(name)) from people order by id"
    wanted = [(katakana, katakana, status) for katakana, status in expected(tiny, names)]
    assert rows(of_tiny, query, names) == wanted


def test_types(of_tiny: duckdb.DuckDBPyConnection) -> None:
    (types,) = rows(of_tiny, "select typeof(katakana(name)), typeof(katakana_details(name)) from people limit 1")
    assert types == ("VARCHAR", "STRUCT(katakana VARCHAR, status VARCHAR)")


def test_probabilities(connection: duckdb.DuckDBPyConnection, tiny: Transliterator, tiny_folder: Path) -> None:
    register(connection, tiny_folder, probabilities=True)
    done = rows(connection, "select unnest(katakana_details(name)) from people order by id")
    assert [row[:2] for row in done] == expected(tiny, NAMES)
    results = iter(tiny.transliterate_detailed([name for name in NAMES if name is not None], probabilities=True))
    wanted = [None if name is None else next(results).probability for name in NAMES]
    assert [probability for *_, probability in done] == pytest.approx(wanted, abs=1e-4)
    assert 0 < done[0][2] < 1


def test_options(connection: duckdb.DuckDBPyConnection, tagged_known_folder: Path) -> None:
    options = {"separator": "/", "hyphen": "=", "lexicon": Lexicon.of({"2Pac": "ツーパック", "Mori": "モーリ"})}
    options |= {"least_probability": 0.99, "style": ("b-for-v", "hiragana"), "workers": 1, "cache_size": 3}
    options |= {"known_names": True, "kind": "place", "numerals": "figures", "digits": "read", "order": "given_first"}
    options |= {"disambiguators": "drop", "batch_size": 7, "device": "cpu", "language": "fr"}
    names = [*NAMES, "Mori, Kato", "Mori 2 (singer)", "Kato de Kato"]
    with Transliterator(tagged_known_folder, **options) as transliterator:
        wanted = expected(transliterator, names)
    register(connection, tagged_known_folder, **options)
    assert rows(connection, "select unnest(katakana_details(name)) from people order by id", names) == wanted


def test_constants_conditions_and_groups(of_tiny: duckdb.DuckDBPyConnection, tiny: Transliterator) -> None:
    mori = tiny("Mori")
    assert rows(of_tiny, "select katakana('Mori'), katakana(null), katakana_details(null).status") == [
        (mori, None, "missing")
    ]
    assert rows(of_tiny, "select name from people where katakana(name) = katakana('Mori')") == [("Mori",)]
    assert rows(of_tiny, "select katakana(name) from people where false") == []
    query = "select katakana(name) as katakana, count(*) from people group by 1 order by 1 nulls last"
    assert rows(of_tiny, query, ["Mori", None, "Mori", "2Pac"]) == [(mori, 2), (None, 2)]
    assert rows(of_tiny, "select katakana('Mori'::enum ('Mori', 'Kato'))") == [(mori,)]


def test_columns_without_a_name(of_tiny: duckdb.DuckDBPyConnection) -> None:
    query = "select katakana(name), unnest(katakana_details(name)) from people"
    assert rows(of_tiny, query, []) == []
    assert rows(of_tiny, query, [None] * 5_000) == [(None, None, "missing")] * 5_000


def test_a_large_table_in_several_threads(of_tiny: duckdb.DuckDBPyConnection, tiny: Transliterator) -> None:
    of_tiny.execute("set threads = 4")
    times = 40_000
    query = "select katakana(name), unnest(katakana_details(name)) from people order by id"
    wanted = [(katakana, katakana, status) for katakana, status in expected(tiny, NAMES)]
    assert rows(of_tiny, query, NAMES * times) == wanted * times


def test_many_threads_with_cursors_of_their_own(
    connection: duckdb.DuckDBPyConnection, tiny: Transliterator, tiny_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = []

    class Listening(Transliterator):
        def __init__(self, *arguments, **keywords) -> None:
            opened.append(keywords["model"])
            super().__init__(*arguments, **keywords)

    monkeypatch.setattr(arrays, "Transliterator", Listening)
    register(connection, tiny_folder)
    assert opened == []
    names = [f"{name} {chr(97 + place % 26)}" for place, name in enumerate(["Mori", "Kato", "Tanaka"] * 100)]
    connection.execute("create table names (id int, name varchar)")
    connection.executemany("insert into names values (?, ?)", list(enumerate(names)))

    def done(_: int) -> list[tuple]:
        with connection.cursor() as cursor:
            return cursor.execute("select unnest(katakana_details(name)) from names order by id").fetchall()

    with ThreadPoolExecutor(8) as threads:
        results = list(threads.map(done, range(24)))
    assert opened == [str(tiny_folder)]
    assert results == [expected(tiny, names)] * 24


# --- functions come and go ---


def test_several_models_side_by_side(
    connection: duckdb.DuckDBPyConnection, tiny: Transliterator, tiny_folder: Path
) -> None:
    functions = [register(connection, tiny_folder), register(connection, "seed", function="by seed")]
    assert [one.names for one in functions] == [("katakana", "katakana_details"), ("by seed", "by seed_details")]
    query = "select katakana('Mori'), \"by seed\"('Jon Snow'), \"by seed_details\"('Jon Snow').status"
    assert rows(connection, query) == [(tiny("Mori"), "ジョン・スノー", "ok")]
    assert repr(functions[1]) == "<Functions by seed, by seed_details>"


def test_unregistered(connection: duckdb.DuckDBPyConnection, tiny: Transliterator, tiny_folder: Path) -> None:
    with register(connection, tiny_folder, workers=2) as functions:
        assert rows(connection, "select katakana('Mori')") == [(tiny("Mori"),)]
    functions.unregister()
    assert functions.names == ()
    assert repr(functions) == "<Functions none>"
    for function in ("katakana", "katakana_details"):
        with pytest.raises(duckdb.CatalogException, match="does not exist"):
            rows(connection, f"select {function}('Mori')")
    with register(connection, tiny_folder) as again:
        connection.remove_function("katakana")
        assert again.names == ("katakana", "katakana_details")
    assert again.names == ()


def test_functions_go_with_their_connection(tiny_folder: Path) -> None:
    connection = duckdb.connect()
    with register(connection, tiny_folder) as functions:
        connection.close()
    assert functions.names == ()
    with pytest.raises(duckdb.ConnectionException):
        register(connection, tiny_folder)


def test_a_name_that_is_taken(connection: duckdb.DuckDBPyConnection, tiny_folder: Path) -> None:
    names = ["katakana", "katakana_details", "katakana_details_details", "upper", "upper_details"]

    def there() -> list[str]:
        query = "select distinct function_name from duckdb_functions() where function_name in ?"
        return sorted(name for (name,) in connection.execute(query, [names]).fetchall())

    register(connection, tiny_folder, function="katakana_details")
    for function, taken in [("Katakana_Details",) * 2, ("katakana", "katakana_details"), ("upper", "upper")]:
        with pytest.raises(ValueError, match=f"has a function '{taken}' already: unregister it, or give another name"):
            register(connection, tiny_folder, function=function)
        assert there() == ["katakana_details", "katakana_details_details", "upper"]


# --- what does not do ---


@pytest.mark.parametrize("value", ["7", "'Mori'::blob", "['Mori']", "{'name': 'Mori'}", "true"])
def test_columns_of_other_types(of_tiny: duckdb.DuckDBPyConnection, value: str) -> None:
    with pytest.raises(duckdb.BinderException, match=r"You might need to add explicit type casts[\s\S]*VARCHAR"):
        rows(of_tiny, f"select katakana({value})")


def test_options_that_do_not_do_are_refused_at_once(
    connection: duckdb.DuckDBPyConnection, tiny_folder: Path, tmp_path: Path
) -> None:
    with pytest.raises(ModelNotFoundError, match="give a bundled one"):
        register(connection, tmp_path / "none")
    with pytest.raises(ValueError, match="workers must be a number of at least 1"):
        register(connection, tiny_folder, workers=0)
    with pytest.raises(TypeError, match=r"connection must be what duckdb\.connect\(\) returns, not str"):
        register("names.duckdb", tiny_folder)
    for function in ("", 7):
        with pytest.raises(ValueError, match="function must be a name for SQL"):
            register(connection, tiny_folder, function=function)


def test_an_error_of_the_model_says_what_it_is(
    connection: duckdb.DuckDBPyConnection, tiny_folder: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "model"
    copy.mkdir()
    for path in tiny_folder.glob("*.*"):
        (copy / path.name).write_bytes(path.read_bytes())
    register(connection, copy)
    (copy / "encoder.onnx").write_bytes(b"")
    with pytest.raises(duckdb.Error, match=r"ModelFilesError: .*encoder\.onnx"):
        rows(connection, "select katakana(name) from people")


@pytest.mark.parametrize("package", ["duckdb", "pyarrow"])
def test_without_the_extra(package: str) -> None:
    code = f"import sys; sys.modules[{package!r}] = None; import hayakana.integrations.duckdb"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=300)
    assert done.stderr.splitlines()[-1] == (
        "hayakana.errors.MissingExtraError: transliterating in DuckDB needs an optional dependency: "
        + install_line("duckdb")
    )
