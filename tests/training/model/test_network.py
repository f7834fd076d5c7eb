import dataclasses

import numpy as np
import pytest
from keras import ops

from hayakana.model.vocabulary import SOURCE_SPECIALS, TARGET_SPECIALS, Vocabulary
from hayakana_training.model.config import Config
from hayakana_training.model.network import TransliterationModel, build_model
from hayakana_training.model.runs import Run

SOURCE = Vocabulary.of("abcdef", specials=SOURCE_SPECIALS)
TARGET = Vocabulary.of("アイウエ", specials=TARGET_SPECIALS)

VARIANTS = {
    "dot": {"bidirectional": False, "attention": "dot", "decoder_units": 10},
    "dot, bidirectional": {"attention": "dot"},
    "general": {},
    "none": {"attention": "none"},
}


@pytest.fixture(params=VARIANTS.values(), ids=VARIANTS)
def model(request: pytest.FixtureRequest, tiny_config: Config) -> TransliterationModel:
    return build_model(dataclasses.replace(tiny_config, **request.param), SOURCE, TARGET)


def predict(model: TransliterationModel, source: list[list[int]], previous: list[list[int]]) -> np.ndarray:
    return ops.convert_to_numpy(model([np.array(source), np.array(previous)]))


def test_padding_changes_nothing(model: TransliterationModel) -> None:
    short = predict(model, [[1, 2, 3]], [[1, 4, 5]])
    padded = predict(model, [[1, 2, 3, 0, 0, 0, 0]], [[1, 4, 5, 0]])
    with_mates = predict(model, [[1, 2, 3, 0, 0], [5, 4, 3, 2, 1]], [[1, 4, 5], [1, 1, 1]])
    assert np.allclose(short[0], padded[0, :3], atol=1e-5)
    assert np.allclose(short[0], with_mates[0], atol=1e-5)


def test_the_future_is_not_seen(model: TransliterationModel) -> None:
    one = predict(model, [[1, 2, 3]], [[1, 4, 5]])
    other = predict(model, [[1, 2, 3]], [[1, 4, 6]])
    assert np.allclose(one[0, :2], other[0, :2], atol=1e-6)
    assert not np.allclose(one[0, 2], other[0, 2], atol=1e-4)


def test_the_seed_is_the_weights(tiny_config: Config) -> None:
    first, same = (build_model(tiny_config, SOURCE, TARGET) for _ in range(2))
    other = build_model(dataclasses.replace(tiny_config, seed=2), SOURCE, TARGET)
    assert all(np.array_equal(a, b) for a, b in zip(first.get_weights(), same.get_weights(), strict=True))
    assert not all(np.array_equal(a, b) for a, b in zip(first.get_weights(), other.get_weights(), strict=True))


def test_seed_has_the_parts_of_the_article() -> None:
    model = build_model(Config.read("seed"), SOURCE, TARGET)
    assert model.keys is None
    assert model.bridge is None
    assert model.combination.units == 64
    plain = build_model(Config.read("plain"), SOURCE, TARGET)
    assert plain.attention is None
    assert plain.combination.kernel.shape == (64, 64)
    assert model.combination.kernel.shape == (128, 64)


def sigmoid(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-x))


def lstm(x: np.ndarray, h: np.ndarray, c: np.ndarray, weights: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    kernel, recurrent_kernel, bias = weights
    i, f, g, o = np.split(x @ kernel + h @ recurrent_kernel + bias, 4)
    c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    return sigmoid(o) * np.tanh(c), c


def test_the_equations_by_hand() -> None:
    """Luong et al. (2015), equations 5 to 7, and the article's initial state, in numpy."""
    config = dataclasses.replace(
        Config.read("seed"), embedding_units=5, encoder_units=4, decoder_units=4, combination_units=3
    )
    model = build_model(config, SOURCE, TARGET)
    encoder_weights, decoder_weights = (layer.cell.get_weights() for layer in (model.encoder, model.decoder))
    h = c = np.zeros(4)
    encoder_outputs = []
    for index in (1, 2, 3):
        h, c = lstm(model.source_embedding.get_weights()[0][index], h, c, encoder_weights)
        encoder_outputs.append(h)
    h = c = encoder_outputs[-1]
    expected = []
    for index in (1, 4):
        h, c = lstm(model.target_embedding.get_weights()[0][index], h, c, decoder_weights)
        scores = np.exp(np.array(encoder_outputs) @ h)
        context = (scores / scores.sum()) @ np.array(encoder_outputs)
        kernel, bias = model.combination.get_weights()
        combined = np.tanh(np.concatenate([context, h]) @ kernel + bias)
        kernel, bias = model.output_projection.get_weights()
        expected.append(combined @ kernel + bias)
    assert np.allclose(predict(model, [[1, 2, 3, 0]], [[1, 4]])[0], expected, atol=1e-5)


def test_the_tiny_run_is_the_tiny_model(tiny_run: Run) -> None:
    assert tiny_run.model.count_params() > 5_000
    assert tiny_run.best_record()["development_exact_match"] > 0.9
