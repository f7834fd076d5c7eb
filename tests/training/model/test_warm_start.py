import dataclasses
from pathlib import Path

import numpy as np
import pytest

from hayakana.model.vocabulary import SOURCE_SPECIALS, TARGET_SPECIALS, Vocabulary
from hayakana_training.errors import TrainingError
from hayakana_training.learning.model_decoding import decode_names
from hayakana_training.model.network import build_model
from hayakana_training.model.runs import Run
from hayakana_training.model.warm_start import start_from

NAMES = ["mori", "tanaka", "seki", "mano"]


def test_a_model_starts_where_the_run_ended(tiny_run: Run, tiny_folder: Path) -> None:
    config = dataclasses.replace(tiny_run.config, seed=9)
    model = build_model(config, tiny_run.source_vocabulary, tiny_run.target_vocabulary)
    start_from(tiny_folder / "training", model, tiny_run.source_vocabulary, tiny_run.target_vocabulary)
    for own, learned in zip(model.get_weights(), tiny_run.model.get_weights(), strict=True):
        assert (own == learned).all()


def test_characters_are_matched_in_another_vocabulary(tiny_run: Run, tiny_folder: Path) -> None:
    source = Vocabulary.of([*tiny_run.source_vocabulary.characters, "!", "ż"], specials=SOURCE_SPECIALS)
    target = Vocabulary.of([*tiny_run.target_vocabulary.characters, "ヷ"], specials=TARGET_SPECIALS)
    model = build_model(tiny_run.config, source, target)
    # So that the one character more is never written.
    model.output_projection.bias.assign(np.full(len(target), -50.0))
    start_from(tiny_folder / "training", model, source, target)
    assert decode_names(model, NAMES, source, target) == decode_names(
        tiny_run.model, NAMES, tiny_run.source_vocabulary, tiny_run.target_vocabulary
    )


def test_another_architecture_is_refused(tiny_run: Run, tiny_folder: Path) -> None:
    for change in ({"combination_units": 7}, {"attention": "none"}):
        config = dataclasses.replace(tiny_run.config, **change)
        model = build_model(config, tiny_run.source_vocabulary, tiny_run.target_vocabulary)
        with pytest.raises(TrainingError, match="other sizes"):
            start_from(tiny_folder / "training", model, tiny_run.source_vocabulary, tiny_run.target_vocabulary)
