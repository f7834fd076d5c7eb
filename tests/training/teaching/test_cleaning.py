import dataclasses
import json
from pathlib import Path

import pytest

from hayakana.names.languages import language_tag
from hayakana_training.data.loading import Data, load_data
from hayakana_training.data.pairs import Pair, read_pairs
from hayakana_training.errors import TrainingError
from hayakana_training.model.config import Config
from hayakana_training.model.runs import Run
from hayakana_training.teaching.cleaning import TRUSTED_COUNT, Judged, clean, judge


@pytest.mark.parametrize(
    ("pair", "log_probability", "written", "wrong"),
    [
        (Pair("banana", "ヤヤ"), -6.3, "バナナ", True),
        (Pair("katona", "ヨージェフ"), -6.0, "カトナ", True),
        (Pair("banana", "ヤヤ", TRUSTED_COUNT), -6.3, "バナナ", False),
        (Pair("camus", "カミュ", 3), -1.9, "カムス", False),
        (Pair("camus", "カミュ", 3), -2.9, "カムス", False),
        (Pair("banana", "ヤヤ"), -1.0, "バナナ", False),
        (Pair("banana", "ヤヤ"), -6.3, "ヤナ", False),
    ],
)
def test_a_pair_is_wrong_when_everything_speaks_against_it(
    pair: Pair, log_probability: float, written: str, *, wrong: bool
) -> None:
    assert Judged(pair, log_probability, written).is_wrong() == wrong


def test_judging_skips_what_the_model_cannot_hold(tiny_run: Run) -> None:
    pairs = [Pair("mori", "モリ"), Pair("мори", "モリ"), Pair("tanaka", "タナカ")]
    judged = judge(tiny_run, pairs)
    assert [entry.pair for entry in judged] == [pairs[0], pairs[2]]
    assert all(entry.log_probability < 0 for entry in judged)


def test_pairs_with_hints_are_not_judged(tiny_config: Config, tmp_path: Path) -> None:
    data = Data([Pair("mori", "モリ"), Pair(language_tag("fr") + "luc", "リュック")], [])
    with pytest.raises(TrainingError, match="without the fourth column"):
        clean(tiny_config, data, folder=tmp_path / "clean", log=lambda _: None)
    assert not (tmp_path / "clean").exists()


def test_every_pair_is_kept_or_listed(tiny_config: Config, pairs_file: Path, tmp_path: Path) -> None:
    config = dataclasses.replace(tiny_config, epochs=2)
    wrong = tmp_path / "wrong.tsv"
    wrong.write_text("tanaka\tモモモモモモ\n", encoding="utf-8")
    development = tmp_path / "development.tsv"
    development.write_text("mori\tモリ\n", encoding="utf-8")
    data = load_data(config, train=[pairs_file, wrong], development=development, exclude_hashes=None)
    # Two epochs teach too little to tell wrong pairs from right ones.
    dropped = clean(config, data, folder=tmp_path / "clean", log=lambda _: None, improbable=-0.1)
    assert Pair("tanaka", "モモモモモモ") in [entry.pair for entry in dropped]
    kept, problems = read_pairs(tmp_path / "clean" / "pairs.tsv")
    assert problems == []
    listed = (tmp_path / "clean" / "dropped.tsv").read_text(encoding="utf-8").splitlines()
    assert len(listed) == len(dropped) + 1
    everything = kept + [entry.pair for entry in dropped]
    assert sorted(everything, key=str) == sorted(data.train, key=str)
    report = json.loads((tmp_path / "clean" / "data.json").read_text())
    assert report["dropped_as_wrong"] == len(dropped)
    # Again, from the runs that are there.
    lines: list[str] = []
    again = clean(config, data, folder=tmp_path / "clean", log=lines.append, improbable=-0.1)
    assert again == dropped
    assert not [line for line in lines if " epoch " in line and "best" not in line]
