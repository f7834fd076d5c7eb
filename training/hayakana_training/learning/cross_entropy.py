"""Cross-entropy: a model learns the next character of given Katakana, or what teachers said of it."""

from collections.abc import Iterator
from typing import Any

import keras
import numpy as np
from keras import ops
from numpy.typing import NDArray

from hayakana_training.data.pairs import TrainingSet
from hayakana_training.learning.objective import LENGTH, ROWS, ArraySpec
from hayakana_training.model.config import Config
from hayakana_training.model.network import TransliterationModel


class CrossEntropy:
    """An ``Objective``: categorical cross-entropy with the targets of a ``TrainingSet``, teacher forcing."""

    def __init__(self, training_set: TrainingSet, config: Config) -> None:
        self._training_set, self._config = training_set, config
        self._cross_entropy = keras.losses.CategoricalCrossentropy(
            from_logits=True, label_smoothing=config.label_smoothing, reduction="none"
        )
        self.steps = training_set.steps(batch_size=config.batch_size)
        kept = training_set.kept
        ids, weights = ArraySpec("int32", (ROWS, LENGTH)), ArraySpec("float32", (ROWS, LENGTH))
        soft_ids, probabilities = (ArraySpec(dtype, (ROWS, LENGTH, kept)) for dtype in ("int32", "float32"))
        self.signature = [ids, ids, soft_ids, probabilities, weights]

    def batches(self, epoch: int) -> Iterator[tuple[NDArray[np.generic], ...]]:
        """Yield source ids, previous ids, soft ids and probabilities, and weights, as ``Batch`` has them."""
        config = self._config
        for of in self._training_set.batches(batch_size=config.batch_size, seed=config.seed, epoch=epoch):
            yield of.source_ids, of.previous_ids, of.soft_ids, of.soft_probabilities, of.weights

    def loss(self, model: TransliterationModel, *arrays: Any) -> Any:
        """Return the mean over the characters of a batch, by their weights."""
        source_ids, previous_ids, soft_ids, soft_probabilities, weights = arrays
        logits = model([source_ids, previous_ids], training=True)
        size = logits.shape[-1]
        rest = 1 - ops.sum(soft_probabilities, axis=-1, keepdims=True)
        kept = ops.sum(ops.one_hot(soft_ids, size) * soft_probabilities[..., None], axis=-2)
        losses = self._cross_entropy(kept + rest / size, logits)
        return ops.sum(losses * weights) / ops.sum(weights)
