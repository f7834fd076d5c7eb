from pathlib import Path

import pytest
from benchmarks.suite.limit import Flops, count_flops

from hayakana.model.folder import bundled_models
from hayakana_training.model.config import Config


def config(model: str) -> Config:
    return Config.read(Path(bundled_models()[model]) / "training" / "config.json")


def test_the_seed_model_counted_by_hand() -> None:
    lstm = 4 * 64 * (64 + 64)
    assert count_flops(config("seed"), target_vocabulary_size=86) == Flops(
        source=2 * lstm, target=2 * (lstm + 128 * 64 + 64 * 86), attention=2 * (64 + 64), name=0
    )


def test_a_model_of_two_directions_with_keys_counted_by_hand() -> None:
    flops = count_flops(Config.read("teacher"), target_vocabulary_size=83)
    assert flops.source == 2 * (2 * 4 * 128 * (64 + 128) + 256 * 256)
    assert flops.target == 2 * (4 * 256 * (64 + 256) + 512 * 256 + 256 * 83)
    assert (flops.attention, flops.name) == (2 * (256 + 256), 0)


@pytest.mark.parametrize(("source", "target", "expected"), [(0, 0, 1 + 100), (3, 2, 1 + 30 + 3 * (100 + 3000))])
def test_a_name_takes_one_step_more_than_it_has_characters(source: int, target: int, expected: int) -> None:
    assert Flops(source=10, target=100, attention=1000, name=1).of(source, target) == expected
