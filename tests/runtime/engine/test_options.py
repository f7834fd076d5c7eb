"""Choices of how names are read: all who take options take them, and pickles and fingerprints hold them."""

import pickle
from dataclasses import fields
from pathlib import Path

import pyarrow as pa
import pytest

from hayakana import Transliterator
from hayakana.batch import ArrowTransliterator, Columns, FileFormat, ReadOptions, WriteOptions
from hayakana.batch.arrow.answers import Answerer
from hayakana.batch.jobs.fingerprints import fingerprint
from hayakana.batch.jobs.options import JobOptions
from hayakana.names.choices import POSSIBLE, Choices

TRIED = {
    "numerals": ("figures", "Mori VIII", "モリ8世"),
    "digits": ("keep", "Mori 8", "モリ・8"),
    "disambiguators": ("drop", "Mori (8)", "モリ"),
    "order": ("given_first", "Mori, J", "ジェイ・モリ"),
    "kind": ("place", "Mori", "モリノ"),
}
"""Option → another value than its default, and a name with what it becomes."""


def test_all_choices_are_tried() -> None:
    assert [choice.name for choice in fields(Choices)] == list(TRIED) == list(POSSIBLE)


@pytest.mark.parametrize("option", TRIED)
def test_a_choice_reaches_every_way_of_reading(tiny_folder: Path, known_folder: Path, option: str) -> None:
    value, name, text = TRIED[option]
    folder = known_folder if option == "kind" else tiny_folder
    names = [name, "Kato", f"{name} "] * 4
    with Transliterator(folder, **{option: value}) as transliterator, Transliterator(folder) as default:
        assert transliterator(name) == text != default(name, on_error="keep")
        assert transliterator.transliterate(names)[0] == text
        assert Answerer(transliterator).answers(pa.array(names)).texts[0].as_py() == text
        assert transliterator.candidates(name)[0].text == transliterator.explain(name).text == text
        assert pickle.loads(pickle.dumps(transliterator))(name) == text  # noqa: S301
        job = JobOptions(FileFormat("csv"), Columns(), ReadOptions(), WriteOptions())
        of_job = [fingerprint(each, [], job, rows_per_file=1) for each in (transliterator, default)]
        assert of_job[0]["names"][option] == value != of_job[1]["names"][option]
    with ArrowTransliterator(folder, **{option: value}) as arrow:
        table = pa.table({"name": names})
        assert arrow(table)["katakana"][0].as_py() == text
        assert pickle.loads(pickle.dumps(arrow))(table)["katakana"][0].as_py() == text  # noqa: S301


@pytest.mark.parametrize("option", TRIED)
def test_a_choice_that_does_not_exist_is_refused(tiny_folder: Path, option: str) -> None:
    for transliterator in (Transliterator, ArrowTransliterator):
        with pytest.raises(ValueError, match=f"{option} must be "):
            transliterator(tiny_folder, **{option: "x"})
