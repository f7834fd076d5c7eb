import os
from pathlib import Path

import pytest

os.environ["CUDA_VISIBLE_DEVICES"] = ""
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

from hayakana_training.config import Config
from hayakana_training.runs import Run, open_run


@pytest.fixture(scope="session")
def tiny_run(tiny_folder: Path) -> Run:
    """The Keras side of the tiny model."""
    return open_run(tiny_folder / "training")


@pytest.fixture(scope="session")
def tiny_config() -> Config:
    return Config.read("tiny")
