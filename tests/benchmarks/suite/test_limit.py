from pathlib import Path

import pytest
from benchmarks.suite.limit import flops

from hayakana.model.folder import bundled_models
from hayakana_training.model.config import Config

SEED = Config.read(Path(bundled_models()["seed"]) / "training" / "config.json")
TEACHER = Config.read("teacher")
"""It reads in two directions, and its attention has keys."""


def seed(source: int, target: int) -> int:
    return flops(SEED, target_vocabulary_size=86, source_length=source, target_length=target)


def teacher(source: int, target: int) -> int:
    return flops(TEACHER, target_vocabulary_size=83, source_length=source, target_length=target)


def test_the_seed_model_counted_by_hand() -> None:
    lstm = 4 * 64 * (64 + 64)
    assert seed(0, 0) == 2 * (lstm + 128 * 64 + 64 * 86)
    assert seed(1, 0) - seed(0, 0) == 2 * lstm + 2 * (64 + 64)


def test_a_model_of_two_directions_with_keys_counted_by_hand() -> None:
    assert teacher(0, 0) == 2 * (4 * 256 * (64 + 256) + 512 * 256 + 256 * 83)
    assert teacher(1, 0) - teacher(0, 0) == 2 * (2 * 4 * 128 * (64 + 128) + 256 * 256) + 2 * (256 + 256)


@pytest.mark.parametrize("source", [0, 3])
def test_every_step_attends_to_all_characters_and_a_name_takes_one_step_more_than_it_has(source: int) -> None:
    step = seed(0, 0) + 2 * (64 + 64) * source
    assert [seed(source, target + 1) - seed(source, target) for target in range(3)] == [step] * 3
