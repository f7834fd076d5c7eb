"""Start from what another run has learned: its weights, rows of characters matched by character."""

from pathlib import Path

import keras
import numpy as np

from hayakana.model.vocabulary import Vocabulary
from hayakana_training.errors import TrainingError
from hayakana_training.model.network import TransliterationModel
from hayakana_training.model.runs import Run, open_run


def start_from(
    folder: Path, model: TransliterationModel, source_vocabulary: Vocabulary, target_vocabulary: Vocabulary
) -> None:
    """Put the weights of the run in ``folder`` into ``model``.

    A character that the run did not know keeps its fresh weights.

    Raises:
        TrainingError: ``folder`` holds no run, or one of another architecture.
    """
    run = open_run(folder)
    fresh = [keras.ops.convert_to_numpy(variable) for variable in model.trainable_variables]
    learned = [keras.ops.convert_to_numpy(variable) for variable in run.model.trainable_variables]
    by_character = _character_axes(model, run, source_vocabulary, target_vocabulary)
    if len(fresh) != len(learned):
        raise _other_architecture(folder)
    for variable, own, foreign in zip(model.trainable_variables, fresh, learned, strict=True):
        if id(variable) in by_character:
            axis, here, there = by_character[id(variable)]
            if np.delete(own.shape, axis).tolist() != np.delete(foreign.shape, axis).tolist():
                raise _other_architecture(folder)
            own = np.moveaxis(own.copy(), axis, 0)
            own[here] = np.moveaxis(foreign, axis, 0)[there]
            variable.assign(np.moveaxis(own, 0, axis))
        elif own.shape == foreign.shape:
            variable.assign(foreign)
        else:
            raise _other_architecture(folder)


def _character_axes(model: TransliterationModel, run: Run, source: Vocabulary, target: Vocabulary) -> dict:
    """Return the axis of each variable with a row for each character, and the ids of shared characters in both."""
    in_source = _shared(source, run.source_vocabulary)
    in_target = _shared(target, run.target_vocabulary)
    return {
        id(model.source_embedding.embeddings): (0, *in_source),
        id(model.target_embedding.embeddings): (0, *in_target),
        id(model.output_projection.kernel): (1, *in_target),
        id(model.output_projection.bias): (0, *in_target),
    }


def _shared(here: Vocabulary, there: Vocabulary) -> tuple[list[int], list[int]]:
    places = {token: place for place, token in enumerate(there.tokens)}
    shared = [(place, places[token]) for place, token in enumerate(here.tokens) if token in places]
    return [place for place, _ in shared], [place for _, place in shared]


def _other_architecture(folder: Path) -> TrainingError:
    return TrainingError(f"{folder} holds a run of other sizes: --initial takes one of the same preset")
