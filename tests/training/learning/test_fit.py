import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest

from hayakana_training.data.loading import Data, load_data
from hayakana_training.data.pairs import Pair
from hayakana_training.errors import TrainingError
from hayakana_training.learning import trainer
from hayakana_training.learning.fit import fit
from hayakana_training.learning.model_decoding import evaluate_model
from hayakana_training.model.config import Config
from hayakana_training.model.runs import Run, open_run


@pytest.fixture
def config(tiny_config: Config) -> Config:
    return dataclasses.replace(tiny_config, epochs=3, dropout=0.2)


@pytest.fixture
def data(config: Config, pairs_file: Path) -> Data:
    whole = load_data(config, train=[pairs_file], development=None, exclude_hashes=None)
    return dataclasses.replace(whole, train=whole.train[:200])


class StopError(Exception):
    pass


def test_a_resumed_run_is_an_uninterrupted_one(
    config: Config, data: Data, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fit(config, data, folder=tmp_path / "whole", resume=False, log=lambda _: None)

    def stop_after_the_second_epoch(line: str) -> None:
        if line.startswith("epoch 2/"):
            raise StopError

    with pytest.raises(StopError):
        fit(config, data, folder=tmp_path / "resumed", resume=False, log=stop_after_the_second_epoch)
    lines: list[str] = []
    fit(config, data, folder=tmp_path / "resumed", resume=True, log=lines.append)
    assert [line.split()[1] for line in lines if line.startswith("epoch")] == ["3/3"]
    whole, resumed = (json.loads((tmp_path / n / "history.json").read_text()) for n in ("whole", "resumed"))
    assert [record["epoch"] for record in resumed] == [1, 2, 3]
    for key in ("loss", "development_exact_match", "development_character_error_rate"):
        assert np.allclose([r[key] for r in whole], [r[key] for r in resumed], atol=1e-3)
    for a, b in zip(*(open_run(tmp_path / n).model.get_weights() for n in ("whole", "resumed")), strict=True):
        assert np.allclose(a, b, atol=1e-4)


def test_a_run_leaves_what_export_needs(config: Config, data: Data, tmp_path: Path) -> None:
    fit(config, data, folder=tmp_path / "run", resume=False, log=lambda _: None)
    assert {path.name for path in (tmp_path / "run").iterdir()} == {
        "config.json",
        "data.json",
        "history.json",
        "history.png",
        "source_vocabulary.txt",
        "target_vocabulary.txt",
        "weights.weights.h5",
        "checkpoint.npz",
        "trained_on.sha256",
    }
    assert (tmp_path / "run" / "history.png").read_bytes().startswith(b"\x89PNG")
    report = json.loads((tmp_path / "run" / "data.json").read_text())
    assert report["files"][0]["file"] == "pairs.tsv"
    assert set(report["tools"]) == {"python", "tensorflow", "keras", "numpy"}


def test_training_stops_when_it_no_longer_gets_better(
    config: Config, data: Data, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    exact = iter([0.1, 0.5, 0.4, 0.5, 0.3])
    real = trainer.evaluate_model
    monkeypatch.setattr(
        trainer,
        "evaluate_model",
        lambda *arguments: dataclasses.replace(real(*arguments), exact_match=next(exact), character_error_rate=0.5),
    )
    patient = dataclasses.replace(config, epochs=9, patience=3)
    lines: list[str] = []
    fit(patient, data, folder=tmp_path / "run", resume=False, log=lines.append)
    assert sum(line.startswith("epoch") for line in lines) == 5
    assert lines[-1].startswith("best: epoch 2")


def test_folders_are_not_mixed(config: Config, data: Data, tmp_path: Path) -> None:
    fit(dataclasses.replace(config, epochs=1), data, folder=tmp_path / "run", resume=False, log=lambda _: None)
    with pytest.raises(TrainingError, match="is not empty: choose another --output, or --resume"):
        fit(config, data, folder=tmp_path / "run", resume=False, log=lambda _: None)
    with pytest.raises(TrainingError, match="another configuration"):
        fit(config, data, folder=tmp_path / "run", resume=True, log=lambda _: None)
    with pytest.raises(TrainingError, match="nothing to resume"):
        fit(config, data, folder=tmp_path / "none", resume=True, log=lambda _: None)


def test_a_run_stopped_in_its_first_epoch_can_start_again(config: Config, data: Data, tmp_path: Path) -> None:
    def stop_before_the_first_epoch(line: str) -> None:
        if "batches an epoch" in line:
            raise StopError

    with pytest.raises(StopError):
        fit(config, data, folder=tmp_path / "run", resume=False, log=stop_before_the_first_epoch)
    assert (tmp_path / "run" / "config.json").exists()
    fit(dataclasses.replace(config, epochs=1), data, folder=tmp_path / "run", resume=False, log=lambda _: None)


def test_other_data_are_not_resumed_with(config: Config, data: Data, tmp_path: Path) -> None:
    fit(config, data, folder=tmp_path / "run", resume=False, log=lambda _: None)
    before = (tmp_path / "run" / "source_vocabulary.txt").read_bytes()
    other = dataclasses.replace(data, train=[Pair(pair.name[::-1], pair.katakana) for pair in data.train])
    with pytest.raises(TrainingError, match="other training data"):
        fit(config, other, folder=tmp_path / "run", resume=True, log=lambda _: None)
    assert (tmp_path / "run" / "source_vocabulary.txt").read_bytes() == before


def test_a_history_that_is_one_behind_is_mended(config: Config, data: Data, tmp_path: Path) -> None:
    fit(config, data, folder=tmp_path / "run", resume=False, log=lambda _: None)
    whole = json.loads((tmp_path / "run" / "history.json").read_text())
    (tmp_path / "run" / "history.json").write_text(json.dumps(whole[:-1]))
    fit(config, data, folder=tmp_path / "run", resume=True, log=lambda _: None)
    assert json.loads((tmp_path / "run" / "history.json").read_text()) == whole


def test_names_are_folded_before_they_are_scored(tiny_run: Run) -> None:
    pairs = [Pair("mori", "モリ"), Pair("mörí", "モリ"), Pair("мори", "モリ")]
    scores = evaluate_model(tiny_run.model, pairs, tiny_run.source_vocabulary, tiny_run.target_vocabulary)
    assert scores.exact_match == pytest.approx(2 / 3)


def test_no_data_is_an_error(config: Config, tmp_path: Path) -> None:
    (tmp_path / "empty.tsv").write_text("nothing here\n", encoding="utf-8")
    data = load_data(config, train=[tmp_path / "empty.tsv"], development=None, exclude_hashes=None)
    assert len(data.problems) == 1
    with pytest.raises(TrainingError, match="0 training pairs: a line is a name"):
        fit(config, data, folder=tmp_path / "run", resume=False, log=lambda _: None)
    assert not (tmp_path / "run").exists()
