import dataclasses
from pathlib import Path

import numpy as np
import pytest

from hayakana_training.data.loading import load_data
from hayakana_training.errors import TrainingError
from hayakana_training.learning.average import average
from hayakana_training.learning.fit import fit
from hayakana_training.model.config import Config
from hayakana_training.model.run_folder import read_json
from hayakana_training.model.runs import open_run


@pytest.fixture(scope="module")
def folders(tiny_config: Config, pairs_file: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    whole = load_data(tiny_config, train=[pairs_file], development=None, exclude_hashes=None)
    data = dataclasses.replace(whole, train=whole.train[:200])
    folder = tmp_path_factory.mktemp("runs")
    config = dataclasses.replace(tiny_config, epochs=1)
    fit(config, data, folder=folder / "first", resume=False, log=lambda _: None)
    fit(config, data, folder=folder / "second", resume=False, log=lambda _: None, initial=folder / "first")
    return [folder / "first", folder / "second"]


def test_weights_are_the_mean_by_shares(
    folders: list[Path], tiny_config: Config, pairs_file: Path, tmp_path: Path
) -> None:
    development = load_data(tiny_config, train=[pairs_file], development=None, exclude_hashes=None).development
    lines: list[str] = []
    average(folders, [1, 3], development=development, output=tmp_path / "mean", log=lines.append)
    first, second, mean = (open_run(folder).model.get_weights() for folder in (*folders, tmp_path / "mean"))
    for a, b, c in zip(first, second, mean, strict=True):
        assert np.allclose((a + 3 * b) / 4, c, atol=1e-6)
    record = open_run(tmp_path / "mean").best_record()
    assert record["averaged_runs"] == 2
    assert f"{record['development_exact_match']:.4f}" in lines[-1]
    told = read_json(tmp_path / "mean" / "data.json")
    assert [entry["share"] for entry in told["averaged"]] == [1, 3]


@pytest.mark.parametrize("shares", [[1], [1, 0], [1, -1]])
def test_each_run_has_a_share(folders: list[Path], tmp_path: Path, shares: list[float]) -> None:
    with pytest.raises(TrainingError, match="give each run a share above 0"):
        average(folders, shares, development=[], output=tmp_path / "mean", log=lambda _: None)


def test_what_is_there_is_not_written_over(folders: list[Path]) -> None:
    with pytest.raises(TrainingError, match="not empty"):
        average(folders, [1, 1], development=[], output=folders[0], log=lambda _: None)
