import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest

from hayakana.model.vocabulary import BOS_ID, EOS_ID
from hayakana_training.data.held_out import name_hash
from hayakana_training.data.labels import KEPT_IDS, SPREAD, Labels, read_labels
from hayakana_training.data.loading import Data, load_data, load_labels
from hayakana_training.data.pairs import Pair
from hayakana_training.errors import TrainingError
from hayakana_training.learning.batches import TrainingSet
from hayakana_training.learning.fit import fit
from hayakana_training.learning.model_decoding import decode_names
from hayakana_training.model.network import build_model
from hayakana_training.model.runs import Run, open_run
from hayakana_training.teaching.cleaning import log_probabilities
from hayakana_training.teaching.ensemble import Ensemble
from hayakana_training.teaching.labelling import REFERENCE_SHARE, label

PAIRS = [Pair("mori", "モリ", 4), Pair("tanaka", "タナカ"), Pair("seki", "セキ"), Pair("mano", "マノ")]


@pytest.fixture(scope="module")
def untrained(tiny_run: Run) -> Run:
    """The tiny model before training, with other first weights."""
    model = build_model(
        dataclasses.replace(tiny_run.config, seed=7), tiny_run.source_vocabulary, tiny_run.target_vocabulary
    )
    return dataclasses.replace(tiny_run, model=model)


@pytest.fixture(scope="module")
def labels(tiny_run: Run, untrained: Run) -> Labels:
    return _label(tiny_run, untrained)


def _label(tiny_run: Run, untrained: Run, *, temperature: float = 1) -> Labels:
    return label(
        Ensemble([tiny_run, untrained]),
        Data(PAIRS, [], held_out=frozenset({name_hash("Smith")})),
        generate=40,
        seed=1,
        temperature=temperature,
        log=lambda _: None,
        census=lambda: ["Smith", "Mano", "Kato", "Sano"],
    )


def test_an_ensemble_of_one_is_its_member(tiny_run: Run) -> None:
    names = [pair.name for pair in PAIRS]
    written = decode_names(tiny_run.model, names, tiny_run.source_vocabulary, tiny_run.target_vocabulary)
    for name in names:
        decoded = Ensemble([tiny_run]).decode(tiny_run.source_vocabulary.encode([name]))
        assert tiny_run.target_vocabulary.decode(decoded.target_ids, decoded.lengths) == [written[name]]


def test_an_ensemble_writes_what_its_mean_probabilities_say(tiny_run: Run, untrained: Run) -> None:
    teachers = Ensemble([tiny_run, untrained])
    source_ids = tiny_run.source_vocabulary.encode(["mori", "seki", "naka"])
    decoded = teachers.decode(source_ids)
    previous = np.concatenate([np.ones((3, 1), np.int64), decoded.target_ids], axis=1).astype(np.int32)
    mean = teachers.probabilities(source_ids.astype(np.int32), previous)
    assert np.allclose(mean.sum(axis=-1), 1, atol=1e-5)
    for row, length in enumerate(decoded.lengths):
        assert (mean[row, :length].argmax(axis=-1) == decoded.target_ids[row, :length]).all()


def test_teachers_of_other_pairs_are_refused(tiny_run: Run) -> None:
    other = dataclasses.replace(tiny_run, source_vocabulary=tiny_run.target_vocabulary)
    with pytest.raises(TrainingError, match="vocabularies agree"):
        Ensemble([tiny_run, other])


def test_pairs_keep_their_reading_and_new_names_get_one(labels: Labels) -> None:
    assert labels.pairs[: len(PAIRS)] == PAIRS
    new = labels.pairs[len(PAIRS) :]
    assert len({pair.name for pair in labels.pairs}) == len(labels.pairs)
    assert "smith" not in {pair.name for pair in new}


def test_distributions_are_the_teachers_and_half_of_them_the_references(
    labels: Labels, tiny_run: Run, untrained: Run
) -> None:
    target, teachers = labels.target_vocabulary, Ensemble([tiny_run, untrained])
    assert labels.soft.starts[-1] == len(labels.soft.ids) == sum(len(pair.katakana) + 1 for pair in labels.pairs)
    assert labels.soft.ids.shape[1] == KEPT_IDS
    for place in (*range(len(PAIRS)), len(PAIRS), len(labels.pairs) - 1):
        pair, rows = labels.pairs[place], labels.soft.rows(place)
        written = [*(target.ids[kana] for kana in pair.katakana), EOS_ID]
        previous = np.array([[BOS_ID, *written[:-1]]], np.int32)
        source_ids = labels.source_vocabulary.encode([pair.name]).astype(np.int32)
        expected = teachers.probabilities(source_ids, previous)[0]
        if place < len(PAIRS):
            expected *= 1 - REFERENCE_SHARE
            expected[np.arange(len(written)), written] += REFERENCE_SHARE
        kept = np.take_along_axis(expected, labels.soft.ids[rows].astype(np.int64), axis=1)
        assert labels.soft.probabilities[rows] == pytest.approx(kept, abs=2e-3)
        assert kept.min(axis=1) == pytest.approx(np.sort(expected, axis=1)[:, -KEPT_IDS], abs=1e-5)


def test_a_low_temperature_makes_teachers_surer(labels: Labels, tiny_run: Run, untrained: Run) -> None:
    sharp = _label(tiny_run, untrained, temperature=0.5)
    assert sharp.pairs == labels.pairs
    assert (sharp.soft.ids == labels.soft.ids).all()
    squares = labels.soft.probabilities.astype(np.float32) ** 2
    expected = (1 - SPREAD) * squares / squares.sum(axis=1, keepdims=True)
    assert sharp.soft.probabilities == pytest.approx(expected, abs=1e-3)
    assert (sharp.soft.probabilities.argmax(axis=1) == labels.soft.probabilities.argmax(axis=1)).all()
    assert labels.origin["temperature"] == 1
    assert sharp.origin["temperature"] == 0.5


def test_labels_survive_a_file(labels: Labels, tmp_path: Path) -> None:
    labels.write(tmp_path / "labels.npz")
    again = read_labels(tmp_path / "labels.npz")
    assert again.pairs == labels.pairs
    assert (again.soft.ids == labels.soft.ids).all()
    assert (again.soft.probabilities == labels.soft.probabilities).all()
    assert again.source_vocabulary == labels.source_vocabulary
    (tmp_path / "no.npz").write_bytes(b"no")
    with pytest.raises(TrainingError, match="not a file of labels"):
        read_labels(tmp_path / "no.npz")


def test_pairs_are_left_out_with_their_distributions(labels: Labels) -> None:
    fewer = labels.without({PAIRS[1]})
    assert fewer.pairs == [PAIRS[0], *labels.pairs[2:]]
    assert (fewer.soft.ids[fewer.soft.rows(1)] == labels.soft.ids[labels.soft.rows(2)]).all()


def test_batches_carry_the_distributions(labels: Labels) -> None:
    training_set = TrainingSet(
        labels.pairs, labels.source_vocabulary, labels.target_vocabulary, count_power=0, soft=labels.soft
    )
    for rows, batch in training_set.in_order(batch_size=8):
        assert batch.soft_ids.shape == (*batch.target_ids.shape, KEPT_IDS)
        for place, row in enumerate(rows):
            steps = labels.soft.rows(row)
            length = steps.stop - steps.start
            assert (batch.soft_ids[place, :length] == labels.soft.ids[steps]).all()
            assert not batch.soft_probabilities[place, length:].any()


def test_a_student_learns_from_labels(labels: Labels, tiny_run: Run, pairs_file: Path, tmp_path: Path) -> None:
    labels.write(tmp_path / "labels.npz")
    config = dataclasses.replace(tiny_run.config, epochs=2, weight_averaging=0.5)
    (tmp_path / "development.tsv").write_text("tanaka\tタナカ\n", encoding="utf-8")
    data = load_labels(config, tmp_path / "labels.npz", development=tmp_path / "development.tsv", exclude_hashes=None)
    assert "tanaka" not in {pair.name for pair in data.train}
    assert data.soft is not None
    fit(config, data, folder=tmp_path / "run", resume=False, log=lambda _: None)
    history = json.loads((tmp_path / "run" / "history.json").read_text())
    assert history[1]["loss"] < history[0]["loss"]


def test_log_probabilities_are_those_of_the_model(tiny_run: Run) -> None:
    training_set = TrainingSet(PAIRS, tiny_run.source_vocabulary, tiny_run.target_vocabulary, count_power=0)
    scores = log_probabilities(tiny_run.model, training_set)
    mean = Ensemble([tiny_run])
    for place, pair in enumerate(PAIRS):
        ids = [tiny_run.target_vocabulary.ids[kana] for kana in pair.katakana]
        previous = np.array([[1, *ids]], np.int32)
        along = mean.probabilities(tiny_run.source_vocabulary.encode([pair.name]).astype(np.int32), previous)[0]
        expected = np.log(along[np.arange(len(ids) + 1), [*ids, 2]]).sum()
        assert scores[place] == pytest.approx(expected, abs=1e-3)


def test_averaged_weights_are_kept_and_training_goes_on_from_the_others(
    tiny_run: Run, pairs_file: Path, tmp_path: Path
) -> None:
    config = dataclasses.replace(tiny_run.config, epochs=2, dropout=0.0, weight_averaging=0.9)
    whole = load_data(config, train=[pairs_file], development=None, exclude_hashes=None)
    data = Data(whole.train[:200], whole.development)
    fit(config, data, folder=tmp_path / "averaged", resume=False, log=lambda _: None)
    plain = dataclasses.replace(config, weight_averaging=0.0)
    fit(plain, data, folder=tmp_path / "plain", resume=False, log=lambda _: None)
    averaged, last = (json.loads((tmp_path / n / "history.json").read_text()) for n in ("averaged", "plain"))
    assert [r["loss"] for r in averaged] == pytest.approx([r["loss"] for r in last], abs=1e-3)
    kept, trained = (open_run(tmp_path / n).model.get_weights()[0] for n in ("averaged", "plain"))
    assert not np.allclose(kept, trained, atol=1e-3)
