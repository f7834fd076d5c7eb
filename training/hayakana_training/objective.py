"""What a model is trained on: batches, and the loss of one."""

from collections.abc import Iterator, Sequence
from typing import Protocol

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from hayakana_training.model import TransliterationModel


class Objective(Protocol):
    """A loss over batches of arrays, each array of the kind that ``signature`` has in its place."""

    steps: int
    """Batches in an epoch."""
    signature: Sequence[tf.TensorSpec]

    def batches(self, epoch: int) -> Iterator[tuple[NDArray[np.generic], ...]]:
        """Yield the batches of an epoch; their order depends on the seed and on ``epoch`` alone."""

    def loss(self, model: TransliterationModel, *arrays: tf.Tensor) -> tf.Tensor:
        """Return the scalar loss of ``model`` in training on one batch."""
