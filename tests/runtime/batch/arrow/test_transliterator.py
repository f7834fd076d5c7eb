"""Arrow in, Arrow out: what ``Transliterator`` says of each name, however the names are held and cut."""

import itertools
import pickle
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hayakana import ClosedError, Lexicon, ModelNotFoundError, TableError, Transliterator
from hayakana.batch import ArrowTransliterator, add_katakana
from hayakana.batch.arrow.answers import Answerer
from hayakana.batch.arrow.arrays import in_long_chunks
from hayakana.engine.column import Details
from hayakana.engine.team import Team

TableOrBatch = TypeVar("TableOrBatch", pa.RecordBatch, pa.Table)

LEXICON = {
    "2Pac": "ツーパック",
    "Mori": "モーリ",
    "Kató": "カトー",
    "Ľana": "リャナ",
    "Mori-Kato": "モリカト",
    "Peter Parker": "スパイダーマン",
    "É Mori": "エモリ",
    "Kato": "カト",
    "山田": "ヤマダ",
    "J": "ジャン",
    "IBM": "アイビー",
}
OPTIONS = {
    "parts": {},
    "lexicon": {"lexicon": Lexicon.of(LEXICON)},
    "one word a entry": {"lexicon": Lexicon.of({"Kato": "カト", "2Pac": "ツーパック"}), "separator": " ", "hyphen": ""},
    "nothing remembered": {"cache_size": 0},
    "forgetful": {"cache_size": 4, "separator": ""},
}

WORDS = [
    *["Mori", "Kato", "tanaka", "MORI", "KATO", "Kató", "É", "é", "Peter", "Parker", "PETER", "y", "Y", "e", "i", "J"],
    *["J.", "R.", "II", "IV", "viii", "VIII", "IBM", "JFK", "ibm", "BJ", "ANN", "LEE", "McD", "MC", "Jr.", "DR", "St"],
    *["Mori-Kato", "mori-y-kato", "Kato-", "-Kato", "-", "--", "'", "’", "O'Mori", "'-Kato", "Kato-'", "a'", "(Mori)"],
    *[
        "山田",
        "ヤマ",
        "山田・",
        "山",
        "Mori山田",
        "2Pac",
        "Ж",
        "😀",
        "ß",
        "ŉ",
        "ＩＢＭ",
        "ｙ",
        "Ｍｏｒｉ",
        "ﬁ",
        "¨",
        "a¨",
        "\u200b",
    ],
    *["I\u00adI", "e\u0301", "\u0301", "Mori\tKato", "Mori\u00a0y\u00a0Kato", "Mori\nKato", "k" * 24, "k" * 25, "", ""],
    *["Mori,", "Ľana", "ſ", "İ", "ı", "Ma", "7", "ª", "\x00", "é-mori"],
]
NAMES = st.lists(
    st.none()
    | st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join)
    | st.text(st.sampled_from("aeiyIVXMBéÉ'’ -.かー山2Ж\u0301\u200b\n"), max_size=9)
    | st.text(max_size=5),
    max_size=12,
)
TYPES = [
    pa.string(),
    pa.large_string(),
    pa.string_view(),
    pa.dictionary(pa.int8(), pa.string()),
    pa.dictionary(pa.int32(), pa.large_string()),
]


@pytest.fixture(scope="module", params=[*OPTIONS, "whole names"])
def both(request: pytest.FixtureRequest, tiny_folder: Path) -> Iterator[tuple[Transliterator, ArrowTransliterator]]:
    model, options = ("seed", {}) if request.param == "whole names" else (tiny_folder, OPTIONS[request.param])
    with Transliterator(model, **options) as one_by_one, ArrowTransliterator(model, **options) as arrow:
        yield one_by_one, arrow


def held(names: list[str | None], column_type: pa.DataType) -> pa.Array:
    if not pa.types.is_dictionary(column_type):
        return pa.array(names, pa.string()).cast(column_type)
    encoded = pa.array(names, column_type.value_type).dictionary_encode()
    return pa.DictionaryArray.from_arrays(encoded.indices.cast(column_type.index_type), encoded.dictionary)


def expected(transliterator: Transliterator, names: list[str | None]) -> list[tuple[str | None, str]]:
    found = []
    for name in names:
        if name is None:
            found.append((None, "missing"))
        else:
            (result,) = transliterator.transliterate_detailed([name])
            found.append((result.text, result.status.value))
    return found


def added(rows: pa.RecordBatch | pa.Table) -> list[tuple[str | None, str]]:
    assert rows.schema.field("katakana").type == rows.schema.field("status").type == pa.string()
    rows.validate(full=True)
    return list(zip(rows.column("katakana").to_pylist(), rows.column("status").to_pylist(), strict=True))


@settings(max_examples=150)
@given(NAMES, st.sampled_from(TYPES), st.lists(st.integers(0, 12), max_size=3), st.tuples(*[st.integers(0, 6)] * 2))
def test_it_says_what_the_transliterator_says(
    both: tuple[Transliterator, ArrowTransliterator],
    names: list[str | None],
    column_type: pa.DataType,
    cuts: list[int],
    part: tuple[int, int],
) -> None:
    one_by_one, arrow = both
    batch = pa.record_batch({"id": pa.array(range(len(names))), "name": held(names, column_type)})
    wanted = expected(one_by_one, names)
    done = arrow(batch)
    assert type(done) is pa.RecordBatch
    assert done.select(["id", "name"]).equals(batch)
    assert added(done) == wanted
    start, length = part
    assert added(arrow(batch.slice(start, length))) == wanted[start : start + length]
    edges = sorted([0, *(min(cut, len(names)) for cut in cuts), len(names)])
    pieces = [batch.slice(first, last - first) for first, last in itertools.pairwise(edges)]
    table = pa.Table.from_batches(pieces, batch.schema)
    done = arrow(table)
    assert type(done) is pa.Table
    assert added(done) == wanted
    assert added(arrow(table.slice(start, length))) == wanted[start : start + length]
    assert [row for piece in pieces for row in added(arrow(piece))] == wanted


@settings(max_examples=30)
@given(NAMES, st.integers(1, 5), st.sampled_from(TYPES))
def test_windows_make_no_difference(
    tiny: Transliterator, names: list[str | None], window: int, column_type: pa.DataType
) -> None:
    array = held(names, column_type)
    answerer = Answerer(tiny, names_at_once=window)
    chunks = pa.chunked_array([array.slice(0, 1), array.slice(1)], column_type)
    long_chunks = in_long_chunks(chunks.cast(pa.string()), at_once=window)
    assert long_chunks.to_pylist() == names
    for arrays in ([array], chunks.chunks, long_chunks.chunks):
        answers = [answerer.answers(names_of_array) for names_of_array in arrays]
        texts, statuses = (
            [entry for answer in answers for entry in answer.arrays[place].to_pylist()] for place in (0, 1)
        )
        assert list(zip(texts, statuses, strict=True)) == expected(tiny, names)


# --- dictionaries and nulls ---


def test_a_dictionary_with_more_than_is_used(tiny: Transliterator) -> None:
    values = pa.array(["Mori", None, "Ж" * 9, "Kato"], pa.string())
    names = pa.DictionaryArray.from_arrays(pa.array([2, 0, 1, None, 3, 0], pa.int8()), values)[1:]
    batch = pa.record_batch({"name": names})
    done = add_katakana(batch, tiny, names=names)
    assert added(done) == [("モリ", "ok"), (None, "missing"), (None, "missing"), ("カト", "ok"), ("モリ", "ok")]


def test_chunks_with_dictionaries_of_their_own(tiny_folder: Path) -> None:
    chunks = [pa.array(names).dictionary_encode() for names in (["Mori", None], ["Kato", "Mori"], [])]
    column = pa.chunked_array(chunks[:2])
    with ArrowTransliterator(tiny_folder) as arrow:
        done = arrow(pa.table({"name": column}))
    assert added(done) == [("モリ", "ok"), (None, "missing"), ("カト", "ok"), ("モリ", "ok")]


@pytest.mark.parametrize("column_type", [*TYPES, pa.null()])
def test_without_rows_and_without_names(tiny_folder: Path, column_type: pa.DataType) -> None:
    with ArrowTransliterator(tiny_folder) as arrow:
        nothing = pa.schema([("name", column_type)]).empty_table()
        assert added(arrow(nothing)) == []
        assert added(arrow(pa.table({"name": pa.chunked_array([], column_type)}))) == []
        assert added(arrow(pa.record_batch({"name": pa.nulls(0, column_type)}))) == []
        assert added(arrow(pa.record_batch({"name": pa.nulls(2, column_type)}))) == [(None, "missing")] * 2


# --- only what is new is read ---


def test_a_word_is_decoded_once_and_a_name_that_is_asked_for_whole_once_a_batch(
    tiny_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    windows = Team.transliterate_windows

    def counted(self: Team, names: list[str], *details: Details) -> Iterator:
        asked.extend(names)
        return windows(self, names, *details)

    monkeypatch.setattr(Team, "transliterate_windows", counted)
    with ArrowTransliterator(tiny_folder) as arrow:
        arrow(pa.table({"name": ["Mori Kato", "Kato Mori", "Mori", "Mori y Kato", "Mori y Kato", "MORI KATO", "2Pac"]}))
        assert sorted(asked) == ["2Pac", "2Pac", "KATO", "Kato", "MORI", "Mori", "Mori y Kato"]
        asked.clear()
        arrow(pa.table({"name": ["Kato-Mori Kato", "Mori"] * 9}))
        assert asked == ["Kato-Mori"]


# --- columns ---


def test_columns_by_option(tiny_folder: Path) -> None:
    table = pa.table({"name": [1], "who": ["Mori"], "katakana": ["x"], "status": ["y"]}).replace_schema_metadata(
        {"a": "b"}
    )
    with ArrowTransliterator(tiny_folder, column="who", output_column="kana", status_column="said") as arrow:
        done = arrow(table)
    assert done.to_pylist() == [
        {"name": 1, "who": "Mori", "katakana": "x", "status": "y", "kana": "モリ", "said": "ok"}
    ]
    assert done.schema.metadata == {b"a": b"b"}


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"who": ["Mori"], "id": [1]}, r"no column 'name': give column one of who, id$"),
        ({}, r"no column 'name': give column one of none"),
        ({"name": [7]}, r"column 'name' holds int64, not text: give column one that does"),
        ({"name": [b"Mori"]}, r"column 'name' holds binary, not text"),
        ({"name": pa.array([7]).dictionary_encode()}, r"column 'name' holds dictionary<.*>, not text"),
        ({"name": ["Mori"], "katakana": [1]}, r"a column katakana already: give output_column and status_column"),
        ({"name": ["Mori"], "katakana": [1], "status": [1]}, r"a column katakana and status already"),
    ],
)
@pytest.mark.parametrize("make", [pa.table, pa.record_batch])
def test_columns_that_do_not_do(tiny_folder: Path, columns: dict, message: str, make: type) -> None:
    rows = make(
        {name: values if isinstance(values, pa.Array) else pa.array(values) for name, values in columns.items()}
    )
    with ArrowTransliterator(tiny_folder) as arrow, pytest.raises(TableError, match=message):
        arrow(rows)


def test_two_columns_of_one_name(tiny_folder: Path) -> None:
    table = pa.Table.from_arrays([pa.array(["Mori"])] * 2, names=["name", "name"])
    with ArrowTransliterator(tiny_folder) as arrow, pytest.raises(TableError, match="two columns are named 'name'"):
        arrow(table)


def test_what_is_no_table_and_options_that_do_not_go_together(tiny_folder: Path) -> None:
    with ArrowTransliterator(tiny_folder) as arrow, pytest.raises(TypeError, match="not list"):
        arrow([{"name": "Mori"}])
    with pytest.raises(ValueError, match="both 'x'"):
        ArrowTransliterator(tiny_folder, output_column="x", status_column="x")
    with pytest.raises(ModelNotFoundError):
        ArrowTransliterator("none such")


# --- processes and threads ---


def test_model_and_options_are_pickled_and_no_session(tiny_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    options = {"lexicon": Lexicon.of(LEXICON), "separator": "/", "hyphen": "=", "batch_size": 7, "cache_size": 9}
    names = {"column": "who", "output_column": "katakana", "status_column": "status"}
    monkeypatch.chdir(tiny_folder.parent)
    with ArrowTransliterator(tiny_folder.name, **options, **names) as arrow:
        table = pa.table({"who": ["Kato 2pac", "Tanaka-Kato", "Peter  Parker"]})
        done = arrow(table)
        pickled = pickle.dumps(arrow)
    monkeypatch.chdir("/")
    assert len(pickled) < 3_000
    with pickle.loads(pickled) as copy:
        assert copy(table).equals(done)
        assert repr(copy) == f"<ArrowTransliterator model={str(tiny_folder)!r} column='who'>"
        assert pickle.dumps(copy) == pickled
    assert added(done) == [("カト/ツーパック", "lexicon"), ("タナカ=カト", "ok"), ("スパイダーマン", "lexicon")]


def test_a_bundled_model_is_pickled_by_name() -> None:
    assert b"models" not in pickle.dumps(ArrowTransliterator("seed")).replace(b"bundled_models", b"")


@pytest.mark.slow
def test_another_process(tiny_folder: Path, tmp_path: Path) -> None:
    (tmp_path / "pickle").write_bytes(pickle.dumps(ArrowTransliterator(tiny_folder)))
    code = (
        "import pathlib, pickle, sys, pyarrow; arrow = pickle.loads(pathlib.Path(sys.argv[1]).read_bytes());"
        "print(ascii(arrow(pyarrow.table({'name': ['Mori Kato']})).to_pylist()))"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "pickle")]
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=120)
    assert done.stdout.strip() == ascii([{"name": "Mori Kato", "katakana": "モリ・カト", "status": "ok"}])


def test_many_threads_and_one_transliterator(tiny: Transliterator, tiny_folder: Path) -> None:
    names = [" ".join(WORDS[index : index + 3]) for index in range(len(WORDS))]
    wanted = expected(tiny, names)
    with ArrowTransliterator(tiny_folder, cache_size=8) as arrow, ThreadPoolExecutor(8) as threads:
        tables = [pa.table({"name": names}) for _ in range(16)]
        assert [added(done) for done in threads.map(arrow, tables)] == [wanted] * 16


@pytest.mark.slow
def test_workers(tiny: Transliterator, tiny_folder: Path) -> None:
    names = [" ".join(WORDS[index : index + 3]) for index in range(len(WORDS))]
    with ArrowTransliterator(tiny_folder, workers=2) as arrow:
        assert added(arrow(pa.table({"name": names}))) == expected(tiny, names)


def test_a_closed_one_says_so(tiny_folder: Path) -> None:
    table = pa.table({"name": ["Mori"]})
    arrow = ArrowTransliterator(tiny_folder)
    arrow.close()
    with pytest.raises(ClosedError):
        arrow(table)
    with ArrowTransliterator(tiny_folder) as arrow:
        arrow(table)
    arrow.close()
    with pytest.raises(ClosedError):
        arrow(table)
