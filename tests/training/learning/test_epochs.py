"""Training in JAX: padding that changes no loss, and a run that TensorFlow goes on with."""

import dataclasses
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from hayakana_training.data.held_out import split_development
from hayakana_training.data.loading import load_data
from hayakana_training.data.pairs import Pair, read_pairs, write_pairs
from hayakana_training.learning.batches import TrainingSet
from hayakana_training.learning.epochs import PADDED_TO, padded_array
from hayakana_training.learning.fit import fit
from hayakana_training.learning.minimum_risk import MinimumRisk
from hayakana_training.learning.model_decoding import evaluate_model
from hayakana_training.learning.objective import CrossEntropy, Objective
from hayakana_training.model.config import Config
from hayakana_training.model.runs import Run, open_run

PAIRS = [Pair("mori", "モリ", 4), Pair("tani", "タニ", 1), Pair("tanaka", "タナカ", 2)]
CANDIDATES_OF = {"mori": ["モリ", "マリ", "モリイ"], "tani": ["タアニ", "タニ"], "tanaka": ["タナカ", "タナカア"]}


@pytest.fixture
def config(tiny_run: Run) -> Config:
    return dataclasses.replace(tiny_run.config, batch_size=2, dropout=0)


@pytest.fixture(params=["cross-entropy", "minimum risk"])
def objective(request: pytest.FixtureRequest, tiny_run: Run, config: Config) -> Objective:
    vocabularies = tiny_run.source_vocabulary, tiny_run.target_vocabulary
    if request.param == "minimum risk":
        return MinimumRisk(PAIRS, CANDIDATES_OF, *vocabularies, config)
    return CrossEntropy(TrainingSet(PAIRS, *vocabularies, count_power=0.5), config)


def test_padding_changes_no_loss(objective: Objective, tiny_run: Run, config: Config) -> None:
    shapes = set()
    for batch in objective.batches(epoch=0):
        rows = config.batch_size + 3
        padded = [padded_array(array, spec, rows=rows) for array, spec in zip(batch, objective.signature, strict=True)]
        for before, after, spec in zip(batch, padded, objective.signature, strict=True):
            assert after.dtype == before.dtype == spec.dtype
            assert len(after) == rows
            assert np.array_equal(after[tuple(slice(size) for size in before.shape)], before)
        assert padded[0].shape == (rows, PADDED_TO)
        shapes.add(tuple(array.shape for array in padded))
        loss, same = (objective.loss(tiny_run.model, *arrays) for arrays in (batch, padded))
        assert float(same) == pytest.approx(float(loss), abs=1e-5)
    assert len(shapes) == 1


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, pairs_file: Path) -> Path:
    """A folder with a configuration, and pairs that are padded to one shape, so that JAX compiles once."""
    folder = tmp_path_factory.mktemp("jax")
    dataclasses.replace(Config.read("tiny"), epochs=3, dropout=0.2).write(folder / "config.json")
    pairs = [pair for pair in read_pairs(pairs_file)[0] if max(len(pair.name), len(pair.katakana) + 1) <= PADDED_TO]
    with (folder / "pairs.tsv").open("wb") as file:
        write_pairs(pairs, file)
    return folder


@pytest.fixture(scope="module")
def run_of_jax(folder: Path) -> Run:
    """A run of ``hayakana-train fit`` in a process of its own, since Keras has one backend a process."""
    command = [sys.executable, "-m", "hayakana_training.cli.main", "fit", "--preset", "config.json"]
    subprocess.run(
        [*command, "--train", "pairs.tsv", "--output", "run"],
        cwd=folder,
        env={**os.environ, "KERAS_BACKEND": "jax", "JAX_PLATFORMS": "cpu"},
        check=True,
        capture_output=True,
        timeout=600,
    )
    return open_run(folder / "run")


def test_a_run_of_jax_is_one_of_tensorflow(run_of_jax: Run, folder: Path) -> None:
    assert run_of_jax.read_json("data.json")["tools"].keys() == {"python", "jax", "keras", "numpy"}
    losses = [record["loss"] for record in run_of_jax.read_json("history.json")]
    assert losses == sorted(losses, reverse=True)
    # Decoded there by the model itself, here by the graphs that are exported.
    _, development = split_development(read_pairs(folder / "pairs.tsv")[0])
    scores = evaluate_model(run_of_jax.model, development, run_of_jax.source_vocabulary, run_of_jax.target_vocabulary)
    best = run_of_jax.best_record()
    assert scores.exact_match == pytest.approx(best["development_exact_match"], abs=1e-4)
    assert scores.character_error_rate == pytest.approx(best["development_character_error_rate"], abs=1e-4)


def test_a_run_of_jax_is_gone_on_with_in_tensorflow(run_of_jax: Run, folder: Path) -> None:
    config = run_of_jax.config
    data = load_data(config, train=[folder / "pairs.tsv"], development=None, exclude_hashes=None)
    before = run_of_jax.read_json("history.json")
    lines: list[str] = []
    fit(config, data, folder=run_of_jax.folder, resume=True, log=lines.append)
    assert not [line for line in lines if line.startswith("epoch")]
    assert run_of_jax.read_json("history.json") == before
