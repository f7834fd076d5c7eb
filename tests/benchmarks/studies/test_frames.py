"""The benchmark of frames runs, and its sides do the same work."""

from pathlib import Path

import pyarrow as pa
from benchmarks.harness.rounds import Settings

from benchmarks.studies import frames


def test_it_runs_and_can_be_read(tmp_path: Path) -> None:
    values = frames.measured(Settings(folder=tmp_path, quick=True))
    assert {kind: set(sides) for kind, sides in values["names_per_second"].items()} == {
        "new words": set(frames.SIDES),
        "known words": set(frames.SIDES),
    }
    text = frames.render(values)
    assert "not to be quoted" in text
    assert "| known words, DuckDB, katakana(name) | " in text


def test_a_side_does_all_names() -> None:
    table = pa.table({"name": ["Jon Snow", "Peter Parker"]})
    arrow = frames.SIDES["ArrowTransliterator"](table)()
    assert arrow["katakana"].to_pylist() == ["ジョン・スノー", "ピーター・パーカー"]
    for name in frames.SIDES:
        if name.startswith("Polars, katakana"):
            assert frames.SIDES[name](table)()["name"].to_list() == arrow["katakana"].to_pylist()
    done = frames.SIDES["DuckDB, katakana(name)"](table)()
    assert done.execute("from done").fetchall() == [("ジョン・スノー",), ("ピーター・パーカー",)]
