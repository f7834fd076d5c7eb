"""Minimum risk: what a batch holds, what its loss is, and that training on it lowers the edits."""

import dataclasses
import itertools
import json
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf

from hayakana.model.vocabulary import BOS_ID, EOS_ID, PAD_ID
from hayakana_training.data.loading import Data, load_data
from hayakana_training.data.pairs import Pair
from hayakana_training.errors import TrainingError
from hayakana_training.learning.fit import fit
from hayakana_training.learning.minimum_risk import CANDIDATES, CROSS_ENTROPY_SHARE, MinimumRisk
from hayakana_training.learning.model_decoding import best_candidates, evaluate_model
from hayakana_training.model.config import Config
from hayakana_training.model.runs import Run, open_run

PAIRS = [Pair("mori", "モリ", 4), Pair("mori", "モウリ", 9), Pair("tani", "タニ", 1), Pair("kato", "カトウ", 1)]
CANDIDATES_OF = {"mori": ["モリ", "マリ", "モリイ"], "tani": ["タアニ", "タニ"], "kato": ["カト"]}


@pytest.fixture
def config(tiny_run: Run) -> Config:
    return dataclasses.replace(tiny_run.config, batch_size=2, count_power=0.5, dropout=0, label_smoothing=0)


@pytest.fixture
def risk(tiny_run: Run, config: Config) -> MinimumRisk:
    return MinimumRisk(PAIRS, CANDIDATES_OF, tiny_run.source_vocabulary, tiny_run.target_vocabulary, config)


def test_a_batch_has_the_candidates_their_edits_and_the_usual_reference(risk: MinimumRisk, tiny_run: Run) -> None:
    (batch,) = risk.batches(epoch=0)
    assert risk.steps == 1
    assert len(risk) == 2  # Kato has one candidate.
    target = tiny_run.target_vocabulary
    for name, previous_ids, target_ids, edits, weight in zip(*batch, strict=True):
        texts = ["".join(target.tokens[i] for i in row if i not in (PAD_ID, EOS_ID)) for row in target_ids]
        assert len(texts) == CANDIDATES + 1
        assert (previous_ids[:, 0] == BOS_ID).all()
        for before, after in zip(previous_ids, target_ids, strict=True):
            assert (after == EOS_ID).sum() == 1
            length = int(np.argmax(after == EOS_ID))
            assert (before[1 : length + 1] == after[:length]).all()
        if weight == 1:
            assert texts[:2] + texts[-1:] == ["タアニ", "タニ", "タニ"]
            assert edits.tolist() == [1, 0] + [np.inf] * (CANDIDATES - 2)
        else:
            assert texts[:3] + texts[-1:] == ["モリ", "マリ", "モリイ", "モウリ"]
            assert edits.tolist() == [0, 1, 1] + [np.inf] * (CANDIDATES - 3)
            assert weight == pytest.approx(13**0.5)
        assert len(name) == 4


def test_the_order_depends_on_seed_and_epoch(tiny_run: Run, config: Config) -> None:
    pairs = [Pair("".join(letters), "モリ") for letters in itertools.product("aeiou", repeat=3)]
    candidates = {pair.name: ["モリ", "マリ"] for pair in pairs}

    def names(seed: int, epoch: int) -> list[bytes]:
        seeded = dataclasses.replace(config, seed=seed)
        risk = MinimumRisk(pairs, candidates, tiny_run.source_vocabulary, tiny_run.target_vocabulary, seeded)
        return [row.tobytes() for batch in risk.batches(epoch) for row in batch[0]]

    assert names(1, 0) == names(1, 0)
    assert names(1, 0) != names(1, 1) != names(2, 1)
    assert sorted(names(1, 0)) == sorted(names(2, 3))


def test_the_loss_is_expected_edits_and_a_share_of_cross_entropy(risk: MinimumRisk, tiny_run: Run) -> None:
    def log_probability(name: str, text: str) -> float:
        source, target = tiny_run.source_vocabulary, tiny_run.target_vocabulary
        ids = [target.ids[character] for character in text]
        logits = tiny_run.model([source.encode([name]).astype(np.int32), np.array([[BOS_ID, *ids]], np.int32)])
        of_each = tf.nn.log_softmax(logits[0]).numpy()
        return float(sum(of_each[place, token] for place, token in enumerate([*ids, EOS_ID])))

    losses, weights = [], []
    for name, edits, reference, count in (("mori", [0, 1, 1], "モウリ", 13), ("tani", [1, 0], "タニ", 1)):
        shares = np.exp([log_probability(name, text) for text in CANDIDATES_OF[name]])
        risk_of_name = float(shares @ edits / shares.sum())
        losses.append(risk_of_name - CROSS_ENTROPY_SHARE * log_probability(name, reference))
        weights.append(count**0.5)
    (batch,) = risk.batches(epoch=0)
    loss = risk.loss(tiny_run.model, *map(tf.constant, batch))
    assert float(loss) == pytest.approx(np.average(losses, weights=weights), abs=1e-4)


def test_candidates_are_those_of_beam_search(tiny_run: Run) -> None:
    names = ["mori", "tanaka", "sato", "abe"]
    found = best_candidates(tiny_run, names, count=CANDIDATES)
    assert found.keys() == set(names)
    for texts in found.values():
        assert 1 < len(texts) <= CANDIDATES
        assert len(set(texts)) == len(texts)
        assert all(tiny_run.target_vocabulary.ids.keys() >= set(text) for text in texts)


@pytest.fixture
def data(tiny_config: Config, tiny_folder: Path, pairs_file: Path) -> Data:
    whole = load_data(
        tiny_config,
        train=[pairs_file],
        development=None,
        exclude_hashes=None,
        vocabularies=tiny_folder / "training",
    )
    return dataclasses.replace(whole, train=whole.train[:300])


def test_training_lowers_the_edits_and_can_be_resumed(tiny_config: Config, data: Data, tmp_path: Path) -> None:
    lines: list[str] = []
    initial = tmp_path / "initial"
    half_trained = dataclasses.replace(tiny_config, epochs=14, patience=14)
    fit(half_trained, data, folder=initial, resume=False, log=lines.append)
    config = dataclasses.replace(tiny_config, epochs=2, learning_rate=0.003)

    def train(folder: Path, *, resume: bool = False) -> None:
        fit(config, data, folder=folder, resume=resume, log=lines.append, initial=initial, minimum_risk=True)

    train(tmp_path / "run")
    before, after = (
        evaluate_model(run.model, data.train, run.source_vocabulary, run.target_vocabulary).character_error_rate
        for run in (open_run(initial), open_run(tmp_path / "run"))
    )
    assert after < before
    described = json.loads((tmp_path / "run" / "data.json").read_text(encoding="utf-8"))["minimum_risk"]
    assert described["candidates"] == CANDIDATES
    assert 0 < described["names"] <= 300

    train(tmp_path / "run", resume=True)  # Nothing is left to do, and the candidates are the same.
    assert lines[-1].startswith("best: epoch")
    with pytest.raises(TrainingError, match="other training data"):
        fit(config, data, folder=tmp_path / "run", resume=True, log=lines.append, initial=initial)


def test_what_it_needs_is_said(tiny_config: Config, tiny_folder: Path, data: Data, tmp_path: Path) -> None:
    def train(data: Data, initial: Path | None) -> None:
        fit(
            tiny_config,
            data,
            folder=tmp_path / "run",
            resume=False,
            log=lambda _: None,
            initial=initial,
            minimum_risk=True,
        )

    with pytest.raises(TrainingError, match="give --initial RUN"):
        train(data, None)
    with pytest.raises(TrainingError, match="minimum risk needs the vocabularies of"):
        train(dataclasses.replace(data, train=data.train[:9], vocabularies=None), tiny_folder / "training")
