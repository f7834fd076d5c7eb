"""Options: all doors take them all; choices of how names are read reach whatever reads, pickles and fingerprints."""

import argparse
import inspect
import pickle
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from tests.signatures import NAMES, OTHERS, assert_takes_all_options, options_made_by

from hayakana import Transliterator
from hayakana.batch import ArrowTransliterator, Columns, FileFormat, ReadOptions, WriteOptions
from hayakana.batch.arrow.answers import Answerer
from hayakana.batch.jobs.fingerprints import fingerprint
from hayakana.batch.jobs.options import JobOptions
from hayakana.cli.batch import add_batch
from hayakana.cli.explain import add_explain
from hayakana.cli.options import open_transliterator
from hayakana.cli.transliterate import add_transliterate
from hayakana.engine.options import Options
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
        assert pickle.loads(pickle.dumps(transliterator))(name) == text
        job = JobOptions(FileFormat("csv"), Columns(), ReadOptions(), WriteOptions())
        of_job = [fingerprint(each, [], job, rows_per_file=1) for each in (transliterator, default)]
        assert of_job[0]["names"][option] == value != of_job[1]["names"][option]
    with ArrowTransliterator(folder, **{option: value}) as arrow:
        table = pa.table({"name": names})
        assert arrow(table)["katakana"][0].as_py() == text
        assert pickle.loads(pickle.dumps(arrow))(table)["katakana"][0].as_py() == text


@pytest.mark.parametrize("option", TRIED)
def test_a_choice_that_does_not_exist_is_refused(tiny_folder: Path, option: str) -> None:
    for transliterator in (Transliterator, ArrowTransliterator):
        with pytest.raises(ValueError, match=f"{option} must be "):
            transliterator(tiny_folder, **{option: "x"})


# --- one list of options, which every door writes out: see ``tests.signatures`` ---


def test_every_other_value_is_another_one() -> None:
    assert list(OTHERS) == NAMES
    assert not [name for name in NAMES if OTHERS[name] == getattr(Options(), name)]


def test_what_checks_options_takes_them_all() -> None:
    checked = inspect.signature(Options.of).parameters.values()
    taken = inspect.signature(Transliterator).parameters.values()
    assert [(p.name, p.kind, p.annotation) for p in checked] == [(p.name, p.kind, p.annotation) for p in taken]


def test_classes_take_all_options() -> None:
    assert_takes_all_options(Transliterator, documents=True)
    columns = ("column", "language_column", "output_column", "status_column")
    assert_takes_all_options(ArrowTransliterator, beside=columns, documents=True)


@pytest.mark.parametrize("add", [add_transliterate, add_batch, add_explain])
def test_commands_leave_options_as_they_are(add: Callable[[Any], None]) -> None:
    assert options_made_by(open_transliterator, parsed(add, "in", "out")) == Options()


def test_commands_take_all_options_but_two_sizes(tmp_path: Path) -> None:
    (tmp_path / "lexicon.tsv").write_text("2Pac\tツーパック\n", encoding="utf-8")
    given = OTHERS | {"lexicon": tmp_path / "lexicon.tsv", "style": OTHERS["style"][0]}
    del given["batch_size"], given["cache_size"]
    assert given.pop("known_names") is False
    words = ["--no-known-names"]
    for option, value in given.items():
        words += [f"--{option.replace('_', '-')}", str(value)]
    made = options_made_by(open_transliterator, parsed(add_transliterate, *words, "Mori"))
    assert made == Options(**OTHERS | {"batch_size": Options.batch_size, "cache_size": Options.cache_size})


def parsed(add: Callable[[Any], None], *arguments: str) -> argparse.Namespace:
    """Return what the command that ``add`` adds is given."""
    parser = argparse.ArgumentParser()
    commands = parser.add_subparsers()
    add(commands)
    return parser.parse_args([*commands.choices, *arguments])
