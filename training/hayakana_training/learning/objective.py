"""What a model is trained on: batches and their loss; and the usual objective, cross-entropy."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import keras
import numpy as np
from keras import ops
from numpy.typing import NDArray

from hayakana_training.learning.batches import TrainingSet
from hayakana_training.model.config import Config
from hayakana_training.model.network import TransliterationModel

ROWS, LENGTH = "rows", "length"
"""Axes of batches: names, fewer in the last batch, and characters, padded with zeros on the right."""


@dataclass(frozen=True)
class ArraySpec:
    """Dtype and axes of an array of every batch; an axis is ``ROWS``, ``LENGTH``, or a size that never changes."""

    dtype: str
    axes: tuple[str | int, ...]


class Objective(Protocol):
    """A loss over batches of arrays, each array of the kind that ``signature`` has in its place.

    More zeros on the right of an axis of ``LENGTH``, or rows of zeros, change no loss.
    """

    steps: int
    """Batches in an epoch."""
    signature: Sequence[ArraySpec]

    def describe(self) -> dict[str, Any]:
        """Return what ``data.json`` says of the objective; the usual objective goes without saying."""

    def batches(self, epoch: int) -> Iterator[tuple[NDArray[np.generic], ...]]:
        """Yield the batches of an epoch; their order depends on the seed and on ``epoch`` alone."""

    def loss(self, model: TransliterationModel, *arrays: Any) -> Any:
        """Return the scalar loss of ``model`` in training on one batch, by ``keras.ops``."""


class CrossEntropy:
    """An ``Objective``: categorical cross-entropy with the targets of a ``TrainingSet``, teacher forcing.

    A model learns the next character of given Katakana, or what teachers said of it.
    """

    def __init__(self, training_set: TrainingSet, config: Config) -> None:
        self._training_set, self._config = training_set, config
        self._cross_entropy = keras.losses.CategoricalCrossentropy(
            from_logits=True, label_smoothing=config.label_smoothing, reduction="none"
        )
        self.steps = training_set.steps(batch_size=config.batch_size)
        kept = training_set.kept
        ids, weights = ArraySpec("int32", (ROWS, LENGTH)), ArraySpec("float32", (ROWS, LENGTH))
        soft_ids, probabilities = (ArraySpec(dtype, (ROWS, LENGTH, kept)) for dtype in ("int32", "float32"))
        self.signature: Sequence[ArraySpec] = [ids, ids, soft_ids, probabilities, weights]

    def describe(self) -> dict[str, Any]:
        """Return nothing."""
        return {}

    def batches(self, epoch: int) -> Iterator[tuple[NDArray[np.generic], ...]]:
        """Yield source ids, previous ids, soft ids and probabilities, and weights, as ``Batch`` has them."""
        config = self._config
        for batch in self._training_set.batches(batch_size=config.batch_size, seed=config.seed, epoch=epoch):
            yield batch.source_ids, batch.previous_ids, batch.soft_ids, batch.soft_probabilities, batch.weights

    def loss(self, model: TransliterationModel, *arrays: Any) -> Any:
        """Return the mean over the characters of a batch, by their weights."""
        source_ids, previous_ids, soft_ids, soft_probabilities, weights = arrays
        logits = model([source_ids, previous_ids], training=True)
        size = logits.shape[-1]
        spread = 1 - ops.sum(soft_probabilities, axis=-1, keepdims=True)
        kept = ops.sum(ops.one_hot(soft_ids, size) * soft_probabilities[..., None], axis=-2)
        losses = self._cross_entropy(kept + spread / size, logits)
        return ops.sum(losses * weights) / ops.sum(weights)
